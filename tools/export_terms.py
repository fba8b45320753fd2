"""Run in an Odoo shell: write the terms of POT_ADDONS to POT_FOLDER/ADDON.pot.

Among them what the demo's plans, campaigns and tags are called, so that they read in the language of whoever
looks at it. The database has no demo data: what is loaded here is not kept.
"""

import os
from pathlib import Path

from odoo.tools import convert_file
from odoo.tools.translate import trans_export

CORE = "hr_sales_commission"
NAMED = (
    (CORE, "res_company_demo.xml"),
    (CORE, "hr_commission_plan_demo.xml"),
    (CORE, "hr.commission.rule.csv"),
    (CORE, "crm.tag.csv"),
    (CORE, "crm.lost.reason.csv"),
    (CORE, "res.users.csv"),
    (CORE, "res.users-colleagues.csv"),
    (CORE, "utm.campaign.csv"),
    (f"{CORE}_account", "hr_commission_plan_demo.xml"),
)

env.registry.ready = False  # noqa: F821  as in an installation: nobody is asked outside
for addon, name in NAMED:
    convert_file(env, addon, f"demo/{name}", {}, mode="init")  # noqa: F821
for addon in os.environ["POT_ADDONS"].split():
    with Path(os.environ["POT_FOLDER"], f"{addon}.pot").open("wb") as target:
        trans_export(False, [addon], target, "po", env)  # noqa: F821
env.cr.rollback()  # noqa: F821
