from . import hr_commission_collection
