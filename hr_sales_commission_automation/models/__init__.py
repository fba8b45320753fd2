from . import hr_commission_written
