"""Makes two years of a company's work in Odoo as it comes, without our addons.

Runs in an Odoo shell.
"""

import os
from datetime import timedelta

from odoo import Command, fields

LEADS = int(os.environ.get("FILLED_LEADS", "5000"))
WON, LOST, PEOPLE = 300, 400, 50
env = env(context={**env.context, "tracking_disable": True})  # noqa: F821
now = fields.Datetime.now()

head = env.company
if not head.chart_template:
    env["account.chart.template"].try_loading(
        "generic_coa", company=head, install_demo=False
    )
branches = env["res.company"].create(
    [{"name": name, "parent_id": head.id} for name in ("North", "South")]
)
companies = head + branches
env.user.company_ids += branches
env.user.group_ids += env.ref("sales_team.group_sale_manager")
users = env["res.users"].create(
    [
        {
            "name": f"Person {number}",
            "login": f"person{number}",
            "company_id": companies[number % 3].id,
            "company_ids": [Command.set(companies[number % 3].ids)],
            "group_ids": [Command.link(env.ref("sales_team.group_sale_salesman").id)],
        }
        for number in range(PEOPLE)
    ]
)
env["hr.employee"].create(
    [
        {"name": user.name, "user_id": user.id, "company_id": user.company_id.id}
        for user in users
    ]
)
customers = env["res.partner"].create(
    [
        {"name": f"Customer {number}", "email": f"buyer{number}@customer{number}.test"}
        for number in range(1000)
    ]
)
open_stage, won_stage = (
    env["crm.stage"].search([("is_won", "=", is_won)], limit=1)
    for is_won in (False, True)
)
source = env["utm.source"].create({"name": "Newsletter of May"})
leads = env["crm.lead"].create(
    [
        {
            "name": f"Deal {number}",
            "type": "opportunity" if number % 4 else "lead",
            "partner_id": customers[number % 1000].id if number % 3 else False,
            "email_from": f"someone{number}@place{number % 1500}.test",
            "user_id": users[number % PEOPLE].id if number % 7 else False,
            "company_id": users[number % PEOPLE].company_id.id if number % 5 else False,
            "team_id": False,
            "source_id": source.id if number % 6 == 0 else False,
            "expected_revenue": 100 + number % 900 * 10,
            "stage_id": (won_stage if number < WON else open_stage).id,
            "probability": 100 if number < WON else 20,
        }
        for number in range(LEADS)
    ]
)
leads[-LOST:].action_set_lost()
env.flush_all()
env.cr.execute(
    """UPDATE crm_lead
          SET create_date = now() - (id %% 700 + 20) * interval '1 day',
              date_closed = CASE WHEN stage_id = %s AND id %% 20 != 0
                                 THEN now() - (id %% 700 + 1) * interval '1 day' END
        WHERE id = ANY(%s)""",
    [won_stage.id, leads.ids],
)
env.cr.execute("UPDATE crm_lead SET stage_id = NULL WHERE id %% 333 = 0", [])
env.invalidate_all()

people = users.filtered(lambda user: user.company_id == head)
deals = leads.filtered(lambda lead: lead.company_id in (head, head.browse()))
product = env["product.product"].create({"name": "Motor", "list_price": 500})
orders = env["sale.order"].create(
    [
        {
            "partner_id": customers[number].id,
            "opportunity_id": deals[number].id if number % 2 else False,
            "user_id": people[number % len(people)].id,
            "team_id": False,
            "company_id": head.id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": 3})
            ],
        }
        for number in range(60)
    ]
)
orders[:40].action_confirm()
invoices = env["account.move"].create(
    [
        {
            "move_type": "out_invoice",
            "partner_id": customers[number].id,
            "invoice_date": now.date() - timedelta(days=10 + number),
            "company_id": head.id,
            "invoice_user_id": people[number % len(people)].id,
            "team_id": False,
            "invoice_line_ids": [
                Command.create({"product_id": product.id, "price_unit": 100 + number})
            ],
        }
        for number in range(120)
    ]
)
invoices[:100].action_post()
for invoice in invoices[:10]:
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    ).create({})._create_payments()
env.cr.commit()
print("filled:", len(leads), "leads,", WON, "won")
