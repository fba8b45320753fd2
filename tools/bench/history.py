"""Past deals from a file, as the import screen brings them in: batch by batch, each
with its own commit; the same file once more; the imports taken back.

Runs in an Odoo shell on a scratch database (./dev bench). HISTORY_ROWS: rows of the file.
"""

import os

from bench_deals import make_company, make_people
from bench_meter import Meter, Peak, show

from odoo.fields import Command

ROWS = int(os.environ.get("HISTORY_ROWS", "6000"))
BATCH = 2000  # of the screen
OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "date_format": "%Y-%m-%d",
}
COLUMNS = ("name", "partner_name", "email_from", "stage_id", "user_id") + (
    "commission_source",
    "source_state",
    "marketer_id",
    "first_touch_date",
    "date_qualified",
    "date_won",
    "won_amount",
)
measured = Meter(env).measured


def write_file(sellers, marketer, stages):
    """Return the file: a quarter of the deals won, half of them qualified."""
    lines = [",".join(COLUMNS)]
    for number in range(ROWS):
        day = f"2025-{1 + number % 12:02}-{1 + number % 28:02}"
        is_won, is_qualified = number % 4 == 0, number % 2 == 0
        values = (
            f"Past deal {number}",
            f"Customer {number}",
            f"buyer{number}@customer{number}.example",
            stages[is_won].name,
            sellers[number % len(sellers)].name,
            "marketing" if number % 3 else "own",
            "verified",
            marketer.name,
            day,
            day if is_qualified else "",
            day if is_won else "",
            f"{1000 + number % 777}.50",
        )
        lines.append(",".join(values))
    return "\n".join(lines).encode()


def make_officer(company):
    groups = ("hr_sales_commission.group_commission_officer",) + (
        "sales_team.group_sale_manager",
        "hr.group_hr_manager",
    )
    return env["res.users"].create(
        {
            "name": "Officer",
            "login": "bench_officer",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref(name).id) for name in groups],
        }
    )


def bring_in(officer, content):
    """Import a file to its end, as the screen does."""
    context = {"tracking_disable": True}  # as the screen has it, unless asked to track
    context["allowed_company_ids"] = officer.company_ids.ids
    screen = env(user=officer, context=context)
    screen = screen["base_import.import"].create(
        {
            "res_model": "crm.lead",
            "file": content,
            "file_name": "history.csv",
            "file_type": "text/csv",
        }
    )
    skip, number = 0, 0
    while True:
        with measured() as batch, Peak() as peak:
            options = {**OPTIONS, "skip": skip, "limit": BATCH}
            result = screen.execute_import(list(COLUMNS), list(COLUMNS), options)
            if result["messages"]:
                raise AssertionError(result["messages"][:3])
            env.cr.commit()
        number += 1
        show(
            f"  batch {number}",
            f"CPU {batch.cpu:5.1f} s, {batch.server:4.1f} of it PostgreSQL's,"
            f" {batch.statements:6} statements, {peak.megabytes:4.0f} MB",
        )
        if not result["nextrow"]:
            return
        skip = result["nextrow"]


def take_back(officer):
    """Take the import back as the officer does: one click, the rest by the job."""
    found = env["hr.commission.import"].search([("state", "=", "done")], limit=1)
    found = found.with_user(officer).with_context(
        allowed_company_ids=officer.company_ids.ids
    )
    with measured() as click, Peak() as peak:
        found.action_undo()
        env.cr.commit()
    show_undo("  the click", found.undone_count, click, peak)
    with measured() as job, Peak() as peak:
        found.sudo().env["hr.commission.import"]._cron_take_back()
        env.cr.commit()
    show_undo("  the job", found.undone_count, job, peak)


def show_undo(what, count, meter, peak):
    show(
        what,
        f"{count} of the deals gone: CPU {meter.cpu:.1f} s,"
        f" {meter.statements} statements, {peak.megabytes:.0f} MB",
    )


def count_all():
    env.cr.execute(
        """SELECT (SELECT COUNT(*) FROM crm_lead), (SELECT COUNT(*) FROM hr_commission_event),
                  (SELECT COUNT(*) FROM hr_commission_line WHERE state != 'cancelled')"""
    )
    return "{} leads, {} events, {} commissions".format(*env.cr.fetchone())


def main():
    company = make_company(env, "reference")
    company.commission_start_date = "2024-01-01"
    _manager, people = make_people(env, company)
    stages = [
        env["crm.stage"].search([("is_won", "=", is_won)], limit=1)
        for is_won in (False, True)
    ]
    officer = make_officer(company)
    content = write_file(people.user_id, people[0], stages)
    env.cr.commit()
    show("before", count_all())
    show(f"the first time, {ROWS:,} rows", f"{len(content) / 2**20:.1f} MB")
    bring_in(officer, content)
    show("then", count_all())
    with measured() as job:
        env["hr.commission.event"]._process()
        env.cr.commit()
    show("computing them", f"CPU {job.cpu:.1f} s; {count_all()}")
    show("the same file again", "")
    bring_in(officer, content)
    show("then", count_all())
    show("taking it back", "")
    take_back(officer)
    show("then", count_all())


main()
