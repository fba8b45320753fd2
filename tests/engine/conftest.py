"""The engine is plain Python: its tests import it without Odoo."""

import sys
from pathlib import Path

# `import engine` must find the package without importing the addon around it,
# whose __init__ needs Odoo.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "hr_sales_commission"))
