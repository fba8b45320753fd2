"""Makes something to save: half a year of deals, approvals, payments and a file.

Runs in an Odoo shell.
"""

env["hr.commission.sample"].action_create()  # noqa: F821
env.flush_all()  # noqa: F821
env["hr.commission.event"]._process()  # noqa: F821
lines = env["hr.commission.line"].search([("state", "=", "draft")], order="date, id")  # noqa: F821
lines[: len(lines) // 2].action_approve()
lines[: len(lines) // 4].action_mark_paid()
env["hr.commission.dispute"].create(  # noqa: F821
    {
        "kind": "line",
        "line_id": lines[-1].id,
        "claimed_amount": 1,
        "reason": "To be saved",
        "user_id": env.uid,  # noqa: F821
    }
).message_post(body="Evidence", attachments=[("evidence.txt", b"seen " * 20000)])
env.cr.commit()  # noqa: F821
