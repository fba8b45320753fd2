"""Makes a ledger to update: half a year of deals, some of it approved and paid.

Runs in an Odoo shell.
"""

env["hr.commission.sample"].action_create()  # noqa: F821
env.flush_all()  # noqa: F821
env["hr.commission.event"]._process()  # noqa: F821
lines = env["hr.commission.line"].search([("state", "=", "draft")], order="date, id")  # noqa: F821
lines[: len(lines) // 2].write({"state": "approved"})
lines[: len(lines) // 4].write({"state": "paid"})
env.cr.commit()  # noqa: F821
