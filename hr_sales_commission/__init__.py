from . import demo
from . import controllers, models, report, wizard
from .models.hr_commission_line_guard import drop_guard as uninstall_hook
