"""36 months of 200 employees closed in one go: time and SQL statements of each step.

Runs in an Odoo shell (``env`` is there): `./dev bench`. Nothing is committed.
"""

import time
from datetime import date
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

MONTHS, EMPLOYEES, LINES = 36, 200, 3
FIRST = date(2022, 1, 1)


def measured(label, work):
    env.flush_all()
    env.invalidate_all()
    before, start = env.cr.sql_log_count, time.perf_counter()
    result = work()
    env.flush_all()
    seconds = time.perf_counter() - start
    statements = env.cr.sql_log_count - before
    print(f"{label:<44} {seconds:8.2f} s {statements:8} statements")
    return result


company = env["res.company"].create({"name": "Closing Bench"})
env.user.company_ids += company
env = env(
    context={
        **env.context,
        "allowed_company_ids": company.ids,
        "tracking_disable": True,
    }
)
employees = env["hr.employee"].create(
    [
        {
            "name": f"Person {number}",
            "company_id": company.id,
            "commission_role": "sales",
        }
        for number in range(EMPLOYEES)
    ]
)
officer = env.ref("hr_sales_commission.group_commission_officer")
env.user.group_ids += officer
env.cr.execute(
    """INSERT INTO hr_commission_line (employee_id, company_id, date, base, rate, amount,
                                       kind, state, part, is_disputed)
       SELECT employee, %s, (%s::date + make_interval(months => month) + interval '9 day'),
              1000 * line, 5, 50 * line * CASE WHEN month %% 7 = 6 THEN -1 ELSE 1 END,
              CASE WHEN month %% 7 = 6 THEN 'clawback' ELSE 'commission' END,
              'draft', '', FALSE
         FROM unnest(%s) AS employee, generate_series(0, %s) AS month,
              generate_series(1, %s) AS line""",
    [company.id, FIRST, employees.ids, MONTHS - 1, LINES],
)
env.cr.execute("ANALYZE hr_commission_line")
print(f"{EMPLOYEES} employees, {MONTHS} months, {EMPLOYEES * MONTHS * LINES} lines")

Statement = env["hr.commission.statement"]
months = [FIRST + relativedelta(months=number) for number in range(MONTHS)]


def generate():
    return Statement.browse().union(
        *(Statement._generate(company, month) for month in months)
    )


begin = time.perf_counter()
statements = measured("make the statements", generate)
measured("confirm them all", statements.action_confirm)
measured("approve them all, with their lines", statements.action_approve)
last = months[-1] + relativedelta(months=1, days=-1)
closing = env["hr.commission.closing"].create(
    {"company_id": company.id, "date_to": last}
)
measured("close", closing.action_close)
print(f"{len(statements)} statements closed in {time.perf_counter() - begin:.1f} s")

assert company.commission_lock_date == last
assert set(statements.mapped("state")) == {"approved"}
by_employee = statements.grouped("employee_id")
for employee in employees[:3]:
    mine = by_employee[employee]
    paid = sum(mine.mapped("paid")) + mine.sorted("date_from")[-1].closing
    assert abs(paid - sum(mine.line_ids.mapped("amount"))) < 0.005, employee.name
# printing to PDF takes a second or two each, after the closing, in the background
report = "odoo.addons.base.models.ir_actions_report.IrActionsReport"
with patch(f"{report}.get_wkhtmltopdf_state", return_value="install"):
    measured("keep 20 of them as pages", statements[:20]._store_report)
measured("a month more, nothing to do", lambda: Statement._generate(company, last))
env.cr.rollback()
