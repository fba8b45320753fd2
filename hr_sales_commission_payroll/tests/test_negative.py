# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestNegative(PayrollCommissionCommon):
    """Months in which clawbacks exceed commissions."""

    def test_negative_balance_is_carried_over_as_a_whole(self):
        self._make_line(300.0)
        self._make_line(-500.0, kind="clawback")
        payslip = self._make_computed_payslip()
        self.assertPays(payslip, NET=1000.0)
        self.assertIn("carried over", payslip.commission_warning)
        payslip.action_payslip_done()
        april = self._make_line(450.0)
        payslip = self._make_computed_payslip(month=4)
        self.assertPays(payslip, COMM=750.0, COMM_CLAWBACK=-500.0, NET=1250.0)
        self.assertEqual(april.state, "in_payroll")

    def test_balance_of_zero_is_settled(self):
        lines = self._make_line(500.0) | self._make_line(-500.0, kind="clawback")
        payslip = self._make_computed_payslip()
        payslip.action_payslip_done()
        self.assertEqual(set(lines.mapped("state")), {"paid"})

    def test_held_balance_that_turns_negative_is_given_back(self):
        line = self._make_line(300.0)
        payslip = self._make_computed_payslip()
        self._make_line(-500.0, kind="clawback")
        payslip.compute_sheet()
        self.assertPays(payslip)
        self.assertEqual(line.state, "approved")

    def test_company_may_deduct_from_the_salary(self):
        self.company.commission_negative_policy = "deduct"
        self._make_line(300.0)
        self._make_line(-500.0, kind="clawback")
        payslip = self._make_computed_payslip()
        self.assertPays(payslip, COMM=300.0, COMM_CLAWBACK=-500.0, NET=800.0)

    def test_last_payslip_may_deduct(self):
        clawback = self._make_line(-500.0, kind="clawback")
        payslip = self._make_computed_payslip()
        payslip.commission_negative_policy = "deduct"
        payslip.compute_sheet()
        self.assertPays(payslip, COMM_CLAWBACK=-500.0, NET=500.0)
        self.assertFalse(payslip.commission_warning)
        payslip.action_payslip_done()
        self.assertEqual(clawback.state, "paid")

    def test_deduction_stops_at_the_salary(self):
        self.company.commission_negative_policy = "deduct"
        clawback = self._make_line(-1500.0, kind="clawback")
        payslip = self._make_computed_payslip()
        self.assertPays(payslip, NET=1000.0)
        self.assertIn("more than the salary", payslip.commission_warning)
        self.assertEqual(clawback.state, "approved")

    def test_debt_without_salary_rule_holds_what_it_is_set_against(self):
        self.structure.rule_ids = self.structure.rule_ids.filtered(
            lambda rule: rule.commission_kind != "clawback"
        )
        line = self._make_line(300.0)
        self._make_line(-200.0, kind="clawback")
        payslip = self._make_computed_payslip()
        self.assertPays(payslip, NET=1000.0)
        self.assertIn("not paid: 2", payslip.commission_warning)
        self.assertEqual(line.state, "approved")
