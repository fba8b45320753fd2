from . import crm_lead
from . import survey_user_input
