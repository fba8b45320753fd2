"""A company with two branches, their people and a plan; all acts start from it."""

from odoo.addons.hr_sales_commission.tests.common import REFERENCE_RULES

headquarters = env["res.company"].create({"name": "Soak"})
branches = env["res.company"].create(
    [{"name": name, "parent_id": headquarters.id} for name in ("North", "South")]
)
companies = headquarters + branches
env.user.company_ids += companies
for number in range(6):
    company = branches[number % 2]
    user = env["res.users"].create(
        {
            "name": f"Seller {number}",
            "login": f"soak{number}",
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
        }
    )
    env["hr.employee"].create(
        {
            "name": user.name,
            "user_id": user.id,
            "company_id": company.id,
            "commission_role": "marketing" if number == 5 else "sales",
        }
    )
env["hr.commission.plan"].create(
    {
        "name": "Soak",
        "company_id": headquarters.id,
        "date_start": "2020-01-01",
        "payout": "immediate",
        "rule_ids": [
            (0, 0, {"name": name, **rule}) for name, rule in REFERENCE_RULES.items()
        ],
    }
).action_activate()
env.cr.commit()
