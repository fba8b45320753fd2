from . import hr_commission_demo
