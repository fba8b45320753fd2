"""What deals cost the more of them are held: each figure is kept, and drawn as curves.

Two companies grow side by side, one under the reference plan, one under a plan that looks
at months. Each gets as many deals a year however many there are; statistics of the tables
are never taken. Runs in an Odoo shell on a scratch database (./dev bench growth).
SIZES in the environment: how many deals are held at each step.
"""

import os
import statistics
from datetime import date, timedelta
from pathlib import Path

from bench_deals import PLANS, count, insert_deals, make_company, make_people
from bench_growth import draw, keep
from bench_meter import Meter, Peak, show

SIZES = os.environ.get("SIZES", "2000 5000 10000 20000 50000 100000")
DEALS_A_YEAR = 20_000  # of each company
PORTION = 5_000
HISTORY = Path(os.environ["BENCH_HISTORY"]).with_name("bench-growth.csv")
PICTURE = Path(os.environ["PYTHONPATH"]).parent / "docs/images/growth.svg"
env = env(context={**env.context, "tracking_disable": True})
measured = Meter(env).measured
events = env["hr.commission.event"]


def grow(company, people, held, size):
    """Give a company deals up to a size, and compute them; return CPU µs a line."""
    first = date(2020, 1, 1)
    days = [
        first + timedelta(days=365 * number // DEALS_A_YEAR)
        for number in range(held, size)
    ]
    for start in range(0, len(days), PORTION):
        insert_deals(company, *people, days[start : start + PORTION])
    before = count(env, "hr_commission_line")
    with measured() as fresh:
        events._process()
    return 1e6 * fresh.cpu / (count(env, "hr_commission_line") - before)


def change_one(company):
    """Change one of the last deals; return CPU ms of computing it again, the median."""
    env.cr.commit()  # as in real life: what was rewritten can be cleaned up
    domain = [("company_id", "=", company.id)]
    leads = env["crm.lead"].search(domain, order="id desc", limit=500)
    costs = []
    for lead in leads[::100]:
        lead.expected_revenue += 1
        with measured() as one:
            events._process()
        costs.append(1000 * one.cpu)
    return statistics.median(costs)


def compute_all_again():
    """Return CPU µs a line when nothing changed, and MB of memory at the peak."""
    events._set_pending([("state", "=", "done")])
    with Peak() as peak, measured() as again:
        events._process()
    return 1e6 * again.cpu / count(env, "hr_commission_line"), peak.megabytes


def note(size, what, value):
    show(f"{size} deals held: {what}", f"{value:.0f}")
    figures.append((size, what, value))


companies = {name: make_company(env, name) for name in PLANS}
people = {name: make_people(env, company) for name, company in companies.items()}
figures, held = [], 0
for size in map(int, SIZES.split()):
    for name, company in companies.items():
        half = size // len(companies)
        cost = grow(company, people[name], held // len(companies), half)
        note(size, f"fresh deals, µs a line: {name}", cost)
        note(size, f"one changed deal, ms: {name}", change_one(company))
    env.cr.commit()
    again, memory = compute_all_again()
    note(size, "all again, nothing changed, µs a line", again)
    note(size, "memory at the peak of it, MB", memory)
    held = size
    keep(HISTORY, figures, os.environ.get("BENCH_COMMIT", ""))
    figures.clear()
draw(HISTORY, PICTURE)
show("curves", PICTURE)
env.cr.rollback()
