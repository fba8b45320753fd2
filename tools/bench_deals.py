"""A company with people, plans and won deals, for benchmarks (./dev bench)."""

from odoo.fields import Command
from odoo.tools import SQL

PEOPLE = 20

TIERS = [
    Command.create({"from_value": bound, "rate": rate})
    for bound, rate in ((0, 2), (50_000, 3), (200_000, 4))
]
PLANS = {
    "reference": [
        {"name": "Sales", "role": "sales", "rate": 3},
        {"name": "Bonus", "role": "sales", "rate": 1, "is_bonus": True},
        {"name": "Marketing", "role": "marketing", "rate": 2},
    ],
    "tiers, cap, override": [
        {
            "name": "Tiers",
            "role": "sales",
            "tier_mode": "whole",
            "tier_measure": "cumulative",
            "tier_period": "month",
            "tier_ids": TIERS,
        },
        {
            "name": "Capped",
            "role": "sales",
            "rate": 1,
            "cap": 5_000,
            "cap_period": "month",
        },
        {"name": "Override", "role": "manager", "manager_level": 1, "rate": 1},
    ],
}


def count(env, table):
    env.cr.execute(SQL("SELECT COUNT(*) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def make_company(env, name):
    """Return a company whose active plan is that of a name in :data:`PLANS`."""
    company = env["res.company"].create({"name": name})
    env.user.company_ids += company
    env["hr.commission.plan"].create(
        {
            "name": name,
            "company_id": company.id,
            "date_start": "2015-01-01",
            "rule_ids": [Command.create(rule) for rule in PLANS[name]],
        }
    ).action_activate()
    return company


def make_people(env, company):
    """Return a manager, and salespeople below them."""
    employees = env["hr.employee"]
    manager = employees.create({"name": "Manager", "company_id": company.id})
    for number in range(PEOPLE):
        user = env["res.users"].create(
            {
                "name": f"Seller {number}",
                "login": f"{company.id}-{number}",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        employees += employees.create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "parent_id": manager.id,
            }
        )
    return manager, employees


def insert_deals(company, manager, employees, days):
    """Make won deals by SQL, and capture them; they wait to be computed.

    :param days: the day of each
    :rtype: crm.lead
    """
    env = company.env
    won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    env.flush_all()
    rows = env.execute_query(
        SQL(
            """INSERT INTO crm_lead (
                   name, type, active, user_id, company_id, stage_id, probability,
                   won_status, expected_revenue, commission_source, source_state,
                   marketer_id, is_qualified, date_won, won_amount)
               SELECT 'Deal ' || n, 'opportunity', TRUE, (%s::int[])[1 + n %% %s], %s,
                      %s, 100, 'won', 1000 + n %% 777, 'marketing', 'verified', %s,
                      TRUE, day, 1000 + n %% 777
                 FROM unnest(%s::date[]) WITH ORDINALITY AS deal(day, n) RETURNING id""",
            employees.user_id.ids,
            PEOPLE,
            company.id,
            won.id,
            manager.id,
            list(days),
        )
    )
    env.invalidate_all()
    leads = env["crm.lead"].browse([lead_id for (lead_id,) in rows])
    env["hr.commission.event"]._capture(
        [
            {
                **lead._prepare_fact(
                    "deal_won", company, date=lead.date_won, amount=lead.won_amount
                ),
                "touched": False,
            }
            for lead in leads
        ]
    )
    return leads
