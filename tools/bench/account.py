"""Posting invoices with hr_sales_commission_account against without.

Runs in an Odoo shell: `./dev bench`. BENCH_COUNT: the number of invoices (1000).
CPU is that of this process and of its PostgreSQL backend. Nothing is committed.
"""

import gc
import os
import statistics
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

NUMBER = int(os.environ.get("BENCH_COUNT") or 1000)
ROUNDS = 3
GOAL = 1.15
TICKS = os.sysconf("SC_CLK_TCK")


def set_up_company(env):
    company = env["res.company"].create({"name": "Bench of invoices"})
    env.user.company_ids += company
    env["account.chart.template"].try_loading(
        "generic_coa", company=company, install_demo=False
    )
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    user = env.user
    env["hr.employee"].create(
        {"name": "Bench", "user_id": user.id, "company_id": company.id}
    )
    rules = [
        {"name": event_type, "event_type": event_type, "rate": 3}
        for event_type in ("invoice_posted", "payment_received")
    ]
    plan = env["hr.commission.plan"].create(
        {
            "name": "Bench",
            "company_id": company.id,
            "date_start": "2020-01-01",
            "rule_ids": [(0, 0, rule) for rule in rules],
        }
    )
    plan.action_activate()
    return env


def make_invoices(env, number):
    partner = env["res.partner"].create({"name": "Bench customer"})
    products = env["product.product"].create(
        [{"name": f"Bench {n}", "standard_price": 60} for n in range(3)]
    )
    invoices = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-01-15",
                "invoice_user_id": env.uid,
                "invoice_line_ids": [
                    (0, 0, {"product_id": product.id, "price_unit": 100 + n})
                    for product in products
                ],
            }
            for n in range(number)
        ]
    )
    env.flush_all()
    # fresh tables have no statistics: Odoo's own queries would take minutes
    env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")
    return invoices


def server_seconds(pid):
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def without_addon(env):
    """The addon's hooks do nothing, as if it were not installed."""
    document = type(env["account.move"])
    with patch.object(document, "_commission_capture", lambda *args, **kwargs: None):
        yield


def run(env, mode, post):
    """Return CPU seconds and statements of posting fresh invoices."""
    invoices = make_invoices(env, NUMBER)
    env.invalidate_all()
    gc.collect()
    pid = env.cr.connection.info.backend_pid
    statements, client, server = (
        env.cr.sql_log_count,
        time.process_time(),
        server_seconds(pid),
    )
    with without_addon(env) if mode == "without" else nullcontext():
        post(invoices)
        env.flush_all()
    return (
        time.process_time() - client + server_seconds(pid) - server,
        env.cr.sql_log_count - statements,
    )


def post_at_once(invoices):
    invoices.action_post()


def post_one_by_one(invoices):
    for invoice in invoices:
        invoice.action_post()
        invoice.env.flush_all()  # as at the end of a request


def compare(env, title, post):
    run(env, "without", post)  # warm up
    results = {"without": [], "with": []}
    for _round in range(ROUNDS):
        for mode, measured in results.items():
            measured.append(run(env, mode, post))
    cpu = {
        mode: statistics.median(seconds for seconds, _count in measured)
        for mode, measured in results.items()
    }
    count = {mode: measured[0][1] for mode, measured in results.items()}
    ratio = cpu["with"] / cpu["without"]
    print(
        f"{title}: {cpu['without']:.2f} s CPU without, {cpu['with']:.2f} s with"
        f" = {ratio:.3f}x (goal {GOAL}x: {'met' if ratio <= GOAL else 'MISSED'});"
        f" statements {count['without']} / {count['with']}"
    )


if "account.move" in env and "hr.commission.document" in env:
    bench_env = set_up_company(env)
    print(f"posting {NUMBER} invoices of 3 lines, median of {ROUNDS}")
    compare(bench_env, "all at once", post_at_once)
    NUMBER = max(NUMBER // 10, 1)
    compare(bench_env, f"{NUMBER} of them one by one", post_one_by_one)
    bench_env.cr.rollback()
else:
    print("hr_sales_commission_account is not installed here: nothing to measure")
