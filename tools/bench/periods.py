"""Plans that look at a period against the reference plan, on statistics never taken.

Everything happens in one transaction, so the tables' statistics are those of an empty
database. Runs in an Odoo shell on a scratch database (./dev bench periods).
DEALS in the environment: how many fresh deals each plan computes (20,000).
"""

import os
from unittest.mock import patch

from bench_meter import Meter, ratio, show

from odoo.fields import Command
from odoo.tools import SQL

DEALS = int(os.environ.get("DEALS", "20000"))
PEOPLE = 20
env = env(context={**env.context, "tracking_disable": True})
measured = Meter(env).measured

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


def count(table):
    env.cr.execute(SQL("SELECT COUNT(*) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def make_people(company):
    """Return salespeople with one manager, and their users."""
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


def insert_deals(company, manager, employees, number):
    won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    env.flush_all()
    rows = env.execute_query(
        SQL(
            """INSERT INTO crm_lead (
                   name, type, active, user_id, company_id, stage_id, probability,
                   won_status, expected_revenue, commission_source, source_state,
                   marketer_id, is_qualified, date_won, won_amount)
               SELECT 'Period ' || n, 'opportunity', TRUE, (%s::int[])[1 + n %% %s], %s,
                      %s, 100, 'won', 1000 + n %% 777, 'marketing', 'verified', %s,
                      TRUE, DATE '2024-01-01' + n %% 365, 1000 + n %% 777
                 FROM generate_series(1, %s) n RETURNING id""",
            employees.user_id.ids,
            PEOPLE,
            company.id,
            won.id,
            manager.id,
            number,
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


def measure(name, rules):
    company = env["res.company"].create({"name": name})
    env.user.company_ids += company
    manager, employees = make_people(company)
    env["hr.commission.plan"].create(
        {
            "name": name,
            "company_id": company.id,
            "date_start": "2020-01-01",
            "rule_ids": [Command.create(rule) for rule in rules],
        }
    ).action_activate()
    leads = insert_deals(company, manager, employees, DEALS)
    before = count("hr_commission_line")
    events = env["hr.commission.event"]
    with measured() as fresh:
        events._process()
    lines = count("hr_commission_line") - before
    cost = 1e6 * fresh.cpu / lines
    show(f"{name}: {DEALS} fresh deals, {lines} lines", f"{fresh.wall:.1f} s")
    show("  CPU a line", f"{cost:.0f} µs, {1e6 * fresh.server / lines:.0f} of SQL")
    show("  SQL statements", fresh.statements)
    leads[0].expected_revenue += 1
    with measured() as one:
        events._process()
    show("  one changed deal", f"{1000 * one.cpu:.0f} ms CPU")
    events._set_pending([("company_id", "=", company.id)])
    with measured() as again:
        events._process()
    show("  again, nothing changed", f"{1e6 * again.cpu / lines:.0f} µs CPU a line")
    return cost


costs = [measure(name, rules) for name, rules in PLANS.items()]
ratio("period plan against reference plan, CPU a line", costs[1] / costs[0])
events = env["hr.commission.event"]
Cron = type(env["ir.cron"])
with patch.object(Cron, "_commit_progress", lambda *args, **kwargs: 60):
    events._cron_process()
    with measured() as idle:
        events._cron_process()
show(
    "the job's round with nothing to do",
    f"{1000 * idle.wall:.1f} ms, {idle.statements} statements",
)
env.cr.rollback()
