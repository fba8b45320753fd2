# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestPayRun(PayrollCommissionCommon):
    """Due commissions are paid between payslips, and once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ben = cls._make_employee("Ben")
        cls._make_line(500.0, date_due=date(2026, 3, 12))
        cls._make_line(33.0, kind="bonus", date_due=date(2026, 3, 12))
        cls._make_line(70.0, employee=cls.ben, date_due=date(2026, 3, 12))
        cls._make_line(9.0, employee=cls.ben, date_due=date(2026, 3, 13))
        cls._make_line(5.0, date_due=date(2026, 3, 12), state="draft")
        cls.manager = new_test_user(
            cls.env, "pay_run", groups="payroll.group_payroll_manager"
        )

    def _run(self, day=12, **values):
        wizard = self.env["hr.commission.pay.run"].with_user(self.manager)
        return wizard.create({"date": date(2026, 3, day), **values})

    def _make(self, wizard):
        action = wizard.action_make()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_a_batch_holds_what_is_due_and_nothing_else(self):
        wizard = self._run()
        self.assertEqual((wizard.employee_count, wizard.amount), (2, 603.0))
        batch = self._make(wizard)
        self.assertEqual(batch.commission_total, 603.0)
        for slip, amount in zip(
            batch.slip_ids.sorted("commission_total"), (70.0, 533.0), strict=True
        ):
            self.assertEqual(slip.commission_total, amount)
            self.assertNotIn("BASIC", slip.line_ids.mapped("code"))
            [net] = slip.line_ids.filtered(lambda line: line.code == "COMM_TOTAL")
            self.assertEqual(net.total, amount)
        self.assertEqual(self._run().employee_count, 0)

    def test_nothing_is_paid_twice_beside_the_monthly_payslip(self):
        batch = self._make(self._run())
        monthly = self._make_computed_payslip()
        self.assertPays(monthly)
        batch.slip_ids.action_payslip_done()
        monthly.compute_sheet()
        self.assertPays(monthly)
        self.assertPays(
            self._make_computed_payslip(self.ben), COMM=9.0
        )  # what is due later
        lines = batch.slip_ids.commission_ids.line_id
        self.assertEqual(set(lines.mapped("state")), {"paid"})
        with self.assertRaisesRegex(UserError, "No approved commission is due"):
            self._run().action_make()

    def test_the_other_way_round(self):
        monthly = self._make_computed_payslip()
        self.assertPays(monthly, COMM=500.0, COMM_BONUS=33.0)
        batch = self._make(self._run())
        self.assertEqual(batch.slip_ids.employee_id, self.ben)

    def test_who_owes_waits_for_the_monthly_payslip(self):
        self._make_line(-600.0, kind="clawback", date_due=date(2026, 3, 11))
        batch = self._make(self._run())
        self.assertEqual(batch.slip_ids.employee_id, self.ben)

    def test_who_left_is_paid_by_the_last_contract(self):
        self.ben.version_id.contract_date_end = date(2026, 2, 10)
        batch = self._make(self._run())
        slip = batch.slip_ids.filtered(lambda each: each.employee_id == self.ben)
        self.assertEqual(slip.date_to, date(2026, 2, 10))
        self.assertEqual(slip.commission_total, 70.0)

    def test_only_who_runs_payroll_and_only_selected_companies(self):
        officer = new_test_user(
            self.env, "pay_officer", groups="payroll.group_payroll_user"
        )
        with self.assertRaises(AccessError):
            self.env["hr.commission.pay.run"].with_user(officer).create({})
        other = self._create_company(name="Elsewhere")
        with self.assertRaises(AccessError):
            self._run(company_id=other.id)
        own = self.manager.company_ids
        self.manager.company_ids += other
        wizard = self._run(company_id=other.id).with_context(
            allowed_company_ids=own.ids
        )
        self.assertEqual(wizard.employee_count, 0)
        with self.assertRaises(AccessError):
            wizard.action_make()
