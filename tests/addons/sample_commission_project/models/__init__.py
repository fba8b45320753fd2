from . import registry, sample_project
from . import hr_commission_event, hr_commission_line, hr_commission_plan
from . import hr_commission_rule
