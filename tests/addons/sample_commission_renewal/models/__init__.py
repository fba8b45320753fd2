from . import registry, sample_contract
from . import hr_commission_event, hr_commission_role, hr_commission_rule
