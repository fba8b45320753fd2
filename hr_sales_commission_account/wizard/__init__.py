from . import hr_commission_handover
