from . import crm_lead_path_report  # isort: split

from . import crm_lead_funnel, hr_commission_inspection
