"""Run in an Odoo shell: write the terms of POT_ADDONS to POT_FOLDER/ADDON.pot."""

import os
from pathlib import Path

from odoo.tools.translate import trans_export

for addon in os.environ["POT_ADDONS"].split():
    with Path(os.environ["POT_FOLDER"], f"{addon}.pot").open("wb") as target:
        trans_export(False, [addon], target, "po", env)  # noqa: F821
