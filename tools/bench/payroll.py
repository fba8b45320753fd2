"""Compute 200 payslips: payroll alone, with our addons, and with 5 lines each.

Runs in an Odoo shell; writes nothing. Prints statements and CPU time, best of 3, and
their ratio to payroll alone. Goals: 1.05 times the statements without commissions, 1.10
times with 5 each.
"""

import os
import time
from calendar import monthrange
from contextlib import contextmanager
from datetime import date

from odoo.fields import Command

from odoo.addons.hr_sales_commission_payroll.models.hr_payslip import HrPayslip
from odoo.addons.hr_sales_commission_payroll.models.hr_salary_rule import HrSalaryRule

COUNT = int(os.environ.get("BENCH_COUNT") or 200)
MONTHS = range(1, 13)
OVERRIDES = {
    HrPayslip: ("compute_sheet", "write", "copy", "action_payslip_done"),
    HrSalaryRule: ("_compute_rule",),
}


@contextmanager
def payroll_alone():
    """Take our methods out of the classes for a while."""
    taken = [
        (cls, name, vars(cls)[name])
        for cls, names in OVERRIDES.items()
        for name in names
    ]
    for cls, name, _method in taken:
        delattr(cls, name)
    try:
        yield
    finally:
        for cls, name, method in taken:
            setattr(cls, name, method)


def make_structure(env):
    category = env["hr.salary.rule.category"].create(
        {"name": "Basic", "code": "BASIC", "company_id": False}
    )
    rules = [
        ("BASIC", 1, "contract.wage"),
        ("GROSS", 100, "categories.BASIC + categories.ALW"),
        ("NET", 200, "rules.GROSS and GROSS * 0.8"),
    ]
    return env["hr.payroll.structure"].create(
        {
            "name": "Benchmark",
            "code": "BENCH",
            "parent_id": False,
            "rule_ids": [
                Command.create(
                    {
                        "name": code,
                        "code": code,
                        "sequence": sequence,
                        "category_id": category.id if code == "BASIC" else False,
                        "amount_select": "code",
                        "amount_python_compute": f"result = {formula}",
                    }
                )
                for code, sequence, formula in rules
            ],
        }
    )


def make_employees(env, structure):
    employees = env["hr.employee"].create(
        [{"name": f"Employee {number}"} for number in range(COUNT)]
    )
    employees.version_id.write(
        {
            "date_version": date(2025, 1, 1),
            "contract_date_start": date(2025, 1, 1),
            "wage": 1000.0,
            "struct_id": structure.id,
        }
    )
    return employees


def make_payslips(env, employees, structure, month):
    day = monthrange(2026, month)[1]
    return env["hr.payslip"].create(
        [
            {
                "name": f"{employee.name} {month}",
                "employee_id": employee.id,
                "contract_id": employee.version_id.id,
                "struct_id": structure.id,
                "date_from": date(2026, month, 1),
                "date_to": date(2026, month, day),
            }
            for employee in employees
        ]
    )


def make_lines(env, employees, month, count):
    env["hr.commission.line"].create(
        [
            {
                "employee_id": employee.id,
                "company_id": employee.company_id.id,
                "date": date(2026, month, 1),
                "amount": 10.0 + number,
                "kind": ("commission", "bonus")[number % 2],
                "state": "approved",
            }
            for employee in employees
            for number in range(count)
        ]
    )


def measure(env, function):
    env.flush_all()
    env.invalidate_all()
    statements, cpu = env.cr.sql_log_count, time.process_time()
    function()
    env.flush_all()
    return env.cr.sql_log_count - statements, time.process_time() - cpu


def best(runs):
    return min(run[0] for run in runs), min(run[1] for run in runs)


def run_case(env, employees, structure, months, lines=0):
    """Compute, and compute again, the payslips of some months.

    :return: best (statements, seconds) of either
    """
    first, again = [], []
    for month in months:
        make_lines(env, employees, month, lines)
        payslips = make_payslips(env, employees, structure, month)
        first.append(measure(env, payslips.compute_sheet))
        if month == months[0]:  # minutes for payroll alone: quadratic in payslips
            again.append(measure(env, payslips.compute_sheet))
        expected = COUNT * sum(10.0 + number for number in range(lines))
        assert sum(payslips.mapped("commission_total")) == expected
    return best(first), best(again)


def show(name, result, baseline):
    (first, first_cpu), (again, again_cpu) = result
    print(
        f"{name:24} {first:6} statements x{first / baseline[0][0]:.2f}"
        f" {first_cpu:6.2f} s x{first_cpu / baseline[0][1]:.2f}"
        f" | again {again:6} x{again / baseline[1][0]:.2f}"
        f" {again_cpu:6.2f} s x{again_cpu / baseline[1][1]:.2f}"
    )


def main(env):
    structure = make_structure(env)
    employees = make_employees(env, structure)
    make_payslips(env, employees[:1], structure, 12).compute_sheet()  # warm up
    print(f"{COUNT} payslips, compute and compute again")
    with payroll_alone():
        alone = run_case(env, employees, structure, MONTHS[:3])
    show("payroll alone", alone, alone)
    structure.action_add_commission_rules()
    show(
        "ours, no commissions", run_case(env, employees, structure, MONTHS[3:6]), alone
    )
    show(
        "ours, 5 each", run_case(env, employees, structure, MONTHS[6:9], lines=5), alone
    )
    env.cr.rollback()


main(env)
