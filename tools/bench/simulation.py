"""A simulation of 100,000 events: three plans against the one in force.

Runs in an Odoo shell (``env`` is there); BENCH_COUNT may be another number of events.
Times are CPU seconds of client and server.
"""

import os
import resource

from bench_meter import Meter, show

from odoo.fields import Command

EVENTS = int(os.environ.get("BENCH_COUNT") or 100_000)
PEOPLE = 100


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def plan(name, period):
    return env["hr.commission.plan"].create(
        {
            "name": name,
            "company_id": company.id,
            "date_start": "2020-01-01",
            "rule_ids": [
                Command.create({"name": "Marketing", "role": "marketing", "rate": 2}),
                Command.create({"name": "Sales", "rate": 3}),
                Command.create(
                    {
                        "name": "Tiers",
                        "tier_mode": "marginal",
                        "tier_measure": "cumulative",
                        "tier_period": period,
                        "tier_ids": [
                            Command.create({"from_value": 0, "rate": 1}),
                            Command.create({"from_value": 50000, "rate": 2}),
                        ],
                    }
                ),
            ],
        }
    )


company = env["res.company"].create({"name": "Simulation Bench"})
env.user.company_ids += company
env = env(
    context={
        **env.context,
        "allowed_company_ids": company.ids,
        "tracking_disable": True,
    }
)
measured = Meter(env).measured
users = (
    env["res.users"]
    .with_context(no_reset_password=True)
    .create(
        [
            {
                "name": f"Seller {number}",
                "login": f"simulation_{number}",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
            for number in range(PEOPLE)
        ]
    )
)
employees = env["hr.employee"].create(
    [
        {"name": user.name, "user_id": user.id, "company_id": company.id}
        for user in users
    ]
)
plan("In force", "month").action_activate()
env.flush_all()
env.cr.execute(
    """INSERT INTO crm_lead (name, type, active, company_id, user_id, marketer_id,
                             commission_source, source_state, won_amount, date_won)
       SELECT 'Deal ' || number, 'opportunity', TRUE, %s, (%s)[1 + number %% %s],
              (%s)[1 + number %% 7], 'marketing', 'verified', 100 + number %% 9000,
              DATE '2023-01-01' + number %% 1095
         FROM generate_series(1, %s) AS number
    RETURNING id""",
    [company.id, users.ids, PEOPLE, employees.ids, EVENTS],
)
env.cr.execute(
    """INSERT INTO hr_commission_event (event_type, date, lead_id, res_model, res_id,
                                        res_part, company_id, amount, quantity, state)
       SELECT 'deal_won', date_won, id, 'crm.lead', id, '', company_id, won_amount, 1,
              'pending'
         FROM crm_lead WHERE company_id = %s""",
    [company.id],
)
env.cr.execute("ANALYZE crm_lead, hr_commission_event")
with measured() as computing:
    env["hr.commission.event"]._process()
show(f"computing {EVENTS} events", f"{computing.cpu:.1f} s, peak {peak():.0f} MB")
env.cr.execute("ANALYZE hr_commission_credit, hr_commission_line")

for period in ("month", "year"):
    simulation = env["hr.commission.simulation"].create(
        {
            "name": period,
            "company_id": company.id,
            "date_from": "2023-01-01",
            "date_to": "2025-12-31",
            "plan_ids": [
                Command.set([plan(f"{period} {n}", period).id for n in range(3)])
            ],
        }
    )
    with measured() as run:
        simulation._run()  # at once, also what would run in the background
    show(
        f"simulation of {simulation.event_count} events, tiers by {period}",
        f"{run.cpu:.1f} s, {run.server:.1f} of it PostgreSQL's, "
        f"{run.statements} statements, peak {peak():.0f} MB",
    )
    if period == "month":
        assert not any(simulation.result_ids.mapped("difference"))
        total = sum(simulation.result_ids.mapped("amount")) / 3
        lines = env["hr.commission.line"]._read_group(
            [("company_id", "=", company.id)], [], ["amount:sum"]
        )
        assert abs(total - lines[0][0]) < 0.005, (total, lines)
env.cr.rollback()
