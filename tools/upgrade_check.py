"""Computes an updated ledger again from its facts, and checks the sums of its days.

Runs in an Odoo shell; fails when the sums of a day are not what its records come to.
"""

from odoo.addons.hr_sales_commission.pipeline.day_sums import KINDS

env["hr.commission.event"].search([])._set_pending([])  # noqa: F821
env["hr.commission.event"]._process()  # noqa: F821
env["hr.commission.day"]._cron_sum_up()  # noqa: F821
env.cr.commit()  # noqa: F821
env.cr.execute("SELECT MIN(date), MAX(date), COUNT(*) FROM hr_commission_day")  # noqa: F821
start, end, count = env.cr.fetchone()  # noqa: F821
if not count:
    raise AssertionError("no day was summed up after the update")
for kind in KINDS:
    wrong = env["hr.commission.day"]._find_wrong_days(kind, start, end)  # noqa: F821
    if wrong:
        raise AssertionError(f"sums of {kind} that differ from the records: {wrong}")
