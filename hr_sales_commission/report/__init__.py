from . import crm_lead_path_report
