"""Whose customer: matching one new lead, and importing many, among 100,000 contacts.

Runs in an Odoo shell on a scratch database (./dev bench).
"""

import statistics
import time
from unittest.mock import patch

from bench_meter import Meter, show

from odoo.tools import SQL

from odoo.addons.hr_sales_commission.models.crm_lead_arrival import (
    CrmLead as CrmLeadArrival,
)
from odoo.addons.hr_sales_commission.models.crm_lead_capture import CrmLead
from odoo.addons.hr_sales_commission.pipeline.touch_matcher import TouchMatcher

CONTACTS = 100_000
LEADS = 10_000
REPEATS = 30
env = env(context={**env.context, "tracking_disable": True})
measured = Meter(env).measured


def create_people():
    """Return a marketer and a salesperson, employees of the main company."""
    company = env.ref("base.main_company")
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {"name": name, "login": f"bench_{name}", "company_id": company.id}
                for name in ("marketing", "sales")
            ]
        )
    )
    users[1].group_ids += env.ref("sales_team.group_sale_salesman")
    return env["hr.employee"].create(
        [
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "commission_role": user.name,
            }
            for user in users
        ]
    )


def insert_contacts(marketer, salesperson):
    """Make contacts with 20,000 companies, in the last 80 days."""
    env.cr.execute(
        SQL(
            """INSERT INTO crm_touchpoint (
                   company_id, date, kind, state, commission_source, employee_id,
                   email_normalized, email_key, email_domain, phone_sanitized,
                   company_name, content_hash, chain_number)
               SELECT %s, now() AT TIME ZONE 'UTC' - n %% 80 * interval '1 day',
                      'event', 'valid',
                      CASE n %% 2 WHEN 0 THEN 'marketing' ELSE 'own' END,
                      CASE n %% 2 WHEN 0 THEN %s ELSE %s END,
                      'p' || n || '@c' || n %% 20000 || '.test',
                      'p' || n || '@c' || n %% 20000 || '.test',
                      'c' || n %% 20000 || '.test', '+3247' || 1000000 + n,
                      'Company ' || n %% 20000, md5(n::text), n
                 FROM generate_series(1, %s) n""",
            marketer.company_id.id,
            marketer.id,
            salesperson.id,
            CONTACTS,
        )
    )
    env["crm.touchpoint.chain"]._append([(marketer.company_id.id, "bench")])
    env.cr.execute("UPDATE crm_touchpoint_chain SET length = %s", [CONTACTS])
    env.cr.execute("ANALYZE crm_touchpoint")
    env.invalidate_all()


def measure_matching(salesperson):
    """Match new leads one by one with everything that was logged."""
    leads = env["crm.lead"].create(
        [
            {
                "name": f"Deal {number}",
                "email_from": f"new{number}@c{number}.test",
                "phone": f"+3247{1000000 + number}",
                "user_id": salesperson.user_id.id,
            }
            for number in range(REPEATS)
        ]
    )
    env.flush_all()
    found, milliseconds, statements = 0, [], 0
    for lead in leads:
        lead.email_normalized  # noqa: B018 (read before: the lead has just been made)
        before = env.cr.sql_log_count
        start = time.monotonic()
        touches = TouchMatcher(lead).match({lead.id: 90})
        milliseconds.append(1000 * (time.monotonic() - start))
        statements = max(statements, env.cr.sql_log_count - before)
        found += len(touches[lead.id])
    show(f"matching one lead against {CONTACTS:,} contacts", "")
    show("  contacts found a lead", f"{found / REPEATS:.1f}")
    show("  milliseconds, median", f"{statistics.median(milliseconds):.1f} (goal ≤ 10)")
    show("  statements, most", f"{statements} (goal ≤ 3)")
    with measured() as decided:
        leads[:1]._decide_sources(True)
    show("  matching, deciding and writing, statements", decided.statements)


def import_leads(salesperson):
    """Import leads as the salesperson's Import screen does; a part is known."""
    rows = [
        [
            f"Deal {number}",
            f"person{number}@firm{number % 4000}.test",
            f"+3248{1000000 + number}",
            f"Firm {number % 4000}",
            str(salesperson.user_id.id),
        ]
        for number in range(LEADS)
    ]
    result = (
        env["crm.lead"]
        .with_user(salesperson.user_id)
        .with_context(tracking_disable=True)
        .load(["name", "email_from", "phone", "partner_name", "user_id/.id"], rows)
    )
    if result["messages"]:
        raise AssertionError(result["messages"][:3])
    env.flush_all()


def measure_import(salesperson):
    """Compare the import with one that leaves out everything of ours."""
    with (
        measured() as plain,
        patch.object(CrmLead, "_commission_capture"),
        patch.object(CrmLeadArrival, "_complete_commission_vals"),
    ):
        point = env.cr.savepoint()
        import_leads(salesperson)
        point.rollback()
        point.close(rollback=False)
    with measured() as ours:
        import_leads(salesperson)
    show(f"importing {LEADS:,} leads", "")
    show("  plain crm", f"{plain.wall:.1f} s, CPU {plain.cpu:.1f} s")
    show("  with sources decided", f"{ours.wall:.1f} s, CPU {ours.cpu:.1f} s")
    show(
        "  ratio",
        f"{ours.wall / plain.wall:.2f}× wall, {ours.cpu / plain.cpu:.2f}× CPU"
        " (goal ≤ 1.3)",
    )
    show("  statements", f"{plain.statements} plain, {ours.statements} with ours")


def main():
    marketer, salesperson = create_people()
    insert_contacts(marketer, salesperson)
    measure_matching(salesperson)
    measure_import(salesperson)


main()
