# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestQueryBudget(PayrollCommissionCommon):
    """The number of statements does not grow with lines, little with payslips."""

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def _make_payslips(self, count, lines):
        payslips = self.env["hr.payslip"]
        for number in range(count):
            employee = self._make_employee(f"Employee {number}")
            for _line in range(lines):
                self._make_line(10.0, employee=employee)
            payslips |= self._make_payslip(employee)
        return payslips

    def test_statements_do_not_grow_with_lines(self):
        self._make_payslips(1, 1).compute_sheet()  # sequences and parameters are known
        few = self._count(self._make_payslips(1, 5).compute_sheet)
        many = self._count(self._make_payslips(1, 50).compute_sheet)
        self.assertLessEqual(many, few)

    def test_one_payslip_stays_within_budget(self):
        self._make_payslips(1, 1).compute_sheet()
        self.env.company._commission_local_date()  # the company's clock is known
        payslip = self._make_payslips(1, 5)
        for name, function, budget in (
            ("compute", payslip.compute_sheet, 31),
            # one of them reads which lines to replace show commissions
            ("compute again", payslip.compute_sheet, 32),
            # and five write the payment into the log
            ("confirm", payslip.action_payslip_done, 41),
        ):
            with self.subTest(name):
                self.assertLessEqual(self._count(function), budget)

    def test_batch_costs_little_more_than_payroll(self):
        self._make_payslips(1, 1).compute_sheet()
        small = self._count(self._make_payslips(5, 5).compute_sheet)
        large = self._count(self._make_payslips(35, 5).compute_sheet)
        per_payslip = (large - small) / 30
        self.assertLessEqual(per_payslip, 5.0)

    def test_computing_a_batch_again_is_not_quadratic(self):
        small = self._make_payslips(5, 1)
        large = self._make_payslips(35, 1)
        (small | large).compute_sheet()
        per_payslip = (
            self._count(large.compute_sheet) - self._count(small.compute_sheet)
        ) / 30
        self.assertLessEqual(per_payslip, 6.0)
