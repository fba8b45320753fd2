from . import hr_commission_pay_run
