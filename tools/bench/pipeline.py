"""The core pipeline: import, computing, a won deal, a run with nothing to do.

Runs in an Odoo shell on a scratch database (./dev bench).
"""

import statistics
from unittest.mock import patch

from bench_meter import Meter, ratio, show

from odoo.tools import SQL

from odoo.addons.hr_sales_commission.models.crm_lead_capture import CrmLead
from odoo.addons.hr_sales_commission.models.crm_lead_win import CrmLead as CrmLeadWin
from odoo.addons.hr_sales_commission.tests.maven import (
    PUBLISHED,
    SAMPLE,
    MavenCompany,
    read_csv,
)

REPEATS = 5
# what measuring is about, not the chatter of crm
env = env(context={**env.context, "tracking_disable": True})
measured = Meter(env).measured


def count(table):
    env.cr.execute(SQL("SELECT COUNT(*) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def process():
    return env["hr.commission.event"]._process()


def create_company():
    """Import the published deals (or the sample) and compute them."""
    path = (PUBLISHED if PUBLISHED.is_dir() else SAMPLE) / "leads.csv"
    rows = read_csv(path)
    company = MavenCompany(env, rows)
    plan = env.ref("hr_sales_commission.hr_commission_plan_reference")
    plan = plan.copy(
        {"company_id": company.headquarters.id, "date_start": "2015-01-01"}
    )
    plan.action_activate()
    with measured() as plain, patch.object(CrmLead, "_commission_capture"):
        point = env.cr.savepoint()
        company.import_rows(rows)
        env.flush_all()
        point.rollback()
        point.close(rollback=False)
    with measured() as imported:
        company.import_rows(rows)
    with measured() as computed:
        events = process()
    lines = count("hr_commission_line")
    show("leads imported", len(rows))
    show("  crm.lead.load, capture left out", f"{plain.wall:.1f} s")
    show("  crm.lead.load with capture", f"{imported.wall:.1f} s")
    ratio("import of leads against plain crm, CPU", imported.cpu / plain.cpu)
    show(f"  computing {events} events, {lines} lines", f"{computed.wall:.1f} s")
    return company


def insert_deals(company, number):
    """Make won leads and their facts by SQL; return the ids of the leads."""
    employee = next(iter(company.employees.values()))
    marketer = env["hr.employee"].search(
        [("commission_role", "=", "marketing"), ("id", "in", people_ids(company))],
        limit=1,
    )
    won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    env.flush_all()
    rows = env.execute_query(
        SQL(
            """INSERT INTO crm_lead (
                   name, type, active, user_id, company_id, stage_id, probability,
                   won_status, expected_revenue, commission_source, source_state,
                   marketer_id, is_qualified, date_won, won_amount)
               SELECT 'Bench ' || n, 'opportunity', TRUE, %s, %s, %s, 100, 'won',
                      1000 + n, CASE n %% 3 WHEN 0 THEN 'own' WHEN 1 THEN 'referral'
                      ELSE 'marketing' END, 'verified', %s, TRUE,
                      DATE '2024-01-01' + n %% 365, 1000 + n
                 FROM generate_series(1, %s) n RETURNING id""",
            employee.user_id.id,
            employee.company_id.id,
            won.id,
            marketer.id or None,
            number,
        )
    )
    env.invalidate_all()
    return [lead_id for (lead_id,) in rows]


def people_ids(company):
    return [employee.id for employee in company.employees.values()]


def capture(lead_ids):
    leads = env["crm.lead"].browse(lead_ids)
    facts = [
        {
            **lead._prepare_fact(
                "deal_won",
                lead.company_id,
                date=lead.date_won,
                amount=lead.won_amount,
            ),
            "touched": False,
        }
        for lead in leads
    ]
    env["hr.commission.event"]._capture(facts)


def measure_floor(number):
    """CPU µs a line of INSERT … SELECT … ON CONFLICT into a copy of the table."""
    env.cr.execute(
        """CREATE TABLE bench_floor (LIKE hr_commission_line INCLUDING ALL);
           DO $$ DECLARE key record; BEGIN
               FOR key IN SELECT pg_get_constraintdef(oid) AS def FROM pg_constraint
                           WHERE conrelid = 'hr_commission_line'::regclass
                             AND contype = 'f'
               LOOP EXECUTE 'ALTER TABLE bench_floor ADD ' || key.def; END LOOP;
           END $$"""
    )
    columns = SQL(
        """credit_id, event_id, lead_id, employee_id, user_id, role,
           commission_source, rule_id, part, company_id, date, date_due, base, rate,
           amount, kind, state, is_disputed, trace"""
    )
    with measured() as floor:
        env.cr.execute(
            SQL(
                """INSERT INTO bench_floor (%s) SELECT %s FROM (
                       SELECT * FROM hr_commission_line
                        WHERE state IN ('draft', 'held') ORDER BY id DESC LIMIT %s
                   ) line ON CONFLICT DO NOTHING""",
                columns,
                columns,
                number,
            )
        )
        inserted = env.cr.rowcount
    env.cr.execute("DROP TABLE bench_floor")
    return 1e6 * floor.cpu / inserted


def measure_pipeline(company):
    for number in (1000, 10000):
        lead_ids = insert_deals(company, number)
        before = count("hr_commission_line")
        with measured() as captured:
            capture(lead_ids)
        with measured() as computed:
            process()
        lines = count("hr_commission_line") - before
        floor = measure_floor(lines)
        cost = 1e6 * (captured.cpu + computed.cpu) / lines
        statements = captured.statements + computed.statements
        show(f"{number} events, {lines} lines", f"{computed.wall:.2f} s")
        show("  SQL statements", f"{statements} in all")
        show("  … per 1,000 events", f"{1000 * statements / number:.1f}")
        show("  … per 1,000 lines", f"{1000 * statements / lines:.1f}")
        show("  CPU a line, fact to line", f"{cost:.0f} µs")
        show("  the SQL floor", f"{floor:.0f} µs")
        ratio(f"pipeline against the SQL floor, {number} events", cost / floor)


def measure_again():
    lines = count("hr_commission_line")
    events = env["hr.commission.event"]
    events._set_pending([("state", "=", "done")])
    with measured() as again:
        number = process()
    changed = count("hr_commission_line") - lines
    show(
        f"computing all {number} events again, {changed} lines new",
        f"{1e6 * again.cpu / lines:.0f} µs CPU a line, {again.statements} statements",
    )
    samples = []
    for _number in range(REPEATS):
        with measured() as idle:
            process()
        samples.append(idle)
    show(
        "a run with nothing to do",
        f"{1000 * statistics.median(each.wall for each in samples):.1f} ms, "
        f"{samples[-1].statements} statements",
    )


def measure_one_change():
    lead = env["crm.lead"].search([("name", "=like", "Bench %")], limit=1)
    lead.expected_revenue += 1
    with measured() as one:
        process()
    show("one changed deal", f"{1000 * one.wall:.0f} ms, {one.statements} statements")


def measure_won_deal(company):
    """Win deals in turn with and without capture, everything cold."""
    employee = next(iter(company.employees.values()))
    employee.user_id.group_ids += env.ref("sales_team.group_sale_salesman")
    stages = env["crm.stage"].search([("team_ids", "=", False)])
    won = stages.filtered("is_won")[:1]
    first = stages.filtered(lambda stage: not stage.is_won)[:1]
    leads = env["crm.lead"].create(
        [
            {
                "name": f"Win {number}",
                "type": "opportunity",
                "company_id": employee.company_id.id,
                "user_id": employee.user_id.id,
                "stage_id": first.id,
                "expected_revenue": 1000,
            }
            for number in range(82)
        ]
    )
    env.flush_all()
    samples = {"plain": [], "captured": []}
    for number, lead in enumerate(leads):
        kind = ("plain", "captured")[number % 2]
        env.cr.precommit.data.pop("hr_commission_triggered", None)
        mine = lead.with_user(employee.user_id)
        with measured() as sample:
            if kind == "plain":
                with (
                    patch.object(CrmLead, "_commission_capture"),
                    patch.object(CrmLeadWin, "_filter_plain_wins", return_value=()),
                ):
                    mine.write({"stage_id": won.id})
            else:
                mine.write({"stage_id": won.id})
        if number > 1:
            samples[kind].append(sample)
    cpu = {
        kind: statistics.mean(each.cpu for each in values)
        for kind, values in samples.items()
    }
    statements = {
        kind: statistics.median(each.statements for each in values)
        for kind, values in samples.items()
    }
    show("a won deal, plain crm", f"{1000 * cpu['plain']:.1f} ms CPU")
    ratio("a won deal against plain crm, CPU", cpu["captured"] / cpu["plain"])
    show("  statements more", f"{statements['captured'] - statements['plain']:+.0f}")


company = create_company()
measure_pipeline(company)
measure_again()
measure_one_change()
measure_won_deal(company)
env.cr.rollback()
