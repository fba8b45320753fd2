from . import crm_lead_funnel, crm_lead_path_report, hr_commission_inspection
