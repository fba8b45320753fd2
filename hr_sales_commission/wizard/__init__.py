from . import crm_lead_to_opportunity
from . import crm_touchpoint_log, hr_commission_closing, hr_commission_explanation
from . import hr_commission_export_wizard
from . import hr_commission_credit_correction, hr_commission_fact_correction
from . import hr_commission_handover, hr_commission_handover_line
from . import hr_commission_plan_activation
from . import hr_commission_plan_import, hr_commission_plan_use
from . import hr_commission_start
from . import hr_commission_target_split, hr_commission_target_split_line
from . import hr_commission_simulation_deal
from . import base_import, base_partner_merge, ir_fields_converter
