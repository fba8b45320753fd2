"""Plans that look at a period against the reference plan, on statistics never taken.

Everything happens in one transaction, so the tables' statistics are those of an empty
database. Runs in an Odoo shell on a scratch database (./dev bench periods).
DEALS in the environment: how many fresh deals each plan computes (20,000).
"""

import os
from datetime import date, timedelta
from unittest.mock import patch

from bench_deals import PLANS, count, insert_deals, make_company, make_people
from bench_meter import Meter, ratio, show

DEALS = int(os.environ.get("DEALS", "20000"))
env = env(context={**env.context, "tracking_disable": True})
measured = Meter(env).measured


def measure(name):
    company = make_company(env, name)
    days = [date(2024, 1, 1) + timedelta(days=n % 365) for n in range(DEALS)]
    leads = insert_deals(company, *make_people(env, company), days)
    before = count(env, "hr_commission_line")
    events = env["hr.commission.event"]
    with measured() as fresh:
        events._process()
    lines = count(env, "hr_commission_line") - before
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


costs = [measure(name) for name in PLANS]
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
