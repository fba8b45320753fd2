from . import hr_commission_demo, hr_commission_demo_office
