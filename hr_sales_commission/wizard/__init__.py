from . import hr_commission_closing, hr_commission_explanation
