from . import hr_commission_collection
from . import hr_commission_inspection
