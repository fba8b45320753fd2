from . import account_move_reversal
from . import hr_commission_handover
from . import hr_commission_start
