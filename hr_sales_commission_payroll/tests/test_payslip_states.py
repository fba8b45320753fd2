# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestPayslipStates(PayrollCommissionCommon):
    """Every way a payslip can go takes its commissions along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._make_line(500.0)
        cls.payslip = cls._make_computed_payslip()

    def _set_parameter(self, name, value):
        self.env["ir.config_parameter"].set_param(f"payroll.{name}", value)

    def test_done_pays(self):
        for prevent in (False, True):
            with self.subTest(prevent_compute_on_confirm=prevent):
                line = self._make_line(20.0, date=self.line.date)
                payslip = self._make_computed_payslip()
                self._set_parameter("prevent_compute_on_confirm", prevent)
                payslip.action_payslip_done()
                self.assertEqual(line.state, "paid")
                self.assertEqual(line.payment_ref, payslip.number)
                self.assertTrue(line.date_paid)
                self.assertEqual(line.payslip_id, payslip)
                log = self.env["hr.commission.audit"].search(
                    [("act", "=", "pay"), ("reason", "=", payslip.number)]
                )
                self.assertEqual(log.mapped("amount"), [line.amount])

    def test_confirming_adds_nothing_that_was_not_reviewed(self):
        late = self._make_line(40.0)
        self.payslip.action_payslip_done()
        self.assertPays(self.payslip, COMM=500.0, NET=1500.0)
        self.assertEqual(late.state, "approved")

    def test_confirming_several_payslips(self):
        ben = self._make_employee("Ben")
        self._make_line(70.0, employee=ben)
        both = self.payslip | self._make_computed_payslip(ben)
        both.action_payslip_done()
        self.assertEqual(set(both.mapped("state")), {"done"})
        self.assertEqual(set(both.commission_ids.line_id.mapped("state")), {"paid"})

    def test_confirming_a_draft_computes_it(self):
        self.payslip.action_payslip_draft()
        self.payslip.action_payslip_done()
        self.assertEqual(self.line.state, "paid")

    def test_confirming_a_draft_without_computing_is_refused(self):
        self.payslip.action_payslip_draft()
        self._set_parameter("prevent_compute_on_confirm", True)
        with self.assertRaisesRegex(UserError, "Compute the sheet again"):
            self.payslip.action_payslip_done()

    def test_draft_and_cancel_give_lines_back(self):
        for action in ("action_payslip_draft", "action_payslip_cancel"):
            with self.subTest(action=action):
                self.payslip.compute_sheet()
                self.assertEqual(self.line.state, "in_payroll")
                getattr(self.payslip, action)()
                self.assertEqual(self.line.state, "approved")
                self.assertFalse(self.payslip.commission_ids)
                self.assertFalse(self.payslip.input_line_ids)

    def test_deleting_gives_lines_back(self):
        self.payslip.action_payslip_draft()
        self.payslip.unlink()
        self.assertEqual(self.line.state, "approved")
        self.assertEqual(self._make_computed_payslip().commission_total, 500.0)

    def test_cancelled_payment_can_be_paid_again(self):
        self.payslip.action_payslip_done()
        self._set_parameter("allow_cancel_payslips", True)
        self.payslip.action_payslip_cancel()
        self.assertEqual(self.line.state, "approved")
        self.assertFalse(self.line.date_paid)
        self.assertEqual(self._make_computed_payslip().commission_total, 500.0)

    def test_done_payslip_cannot_be_opened_again(self):
        self.payslip.action_payslip_done()
        for state in ("draft", "verify"):
            with self.assertRaisesRegex(UserError, "paid commissions"):
                self.payslip.write({"state": state})
        with self.assertRaisesRegex(UserError, "is closed"):
            self.payslip.compute_sheet()
        self.assertEqual(self.line.state, "paid")

    def test_writing_done_twice_pays_once(self):
        self.payslip.action_payslip_done()
        self.payslip.write({"state": "done"})
        self.assertEqual(self.line.state, "paid")

    def test_closed_batch_is_not_computed(self):
        self.payslip.payslip_run_id = self.env["hr.payslip.run"].create(
            {"name": "March", "state": "close"}
        )
        with self.assertRaisesRegex(UserError, "open its batch again"):
            self.payslip.compute_sheet()

    def test_duplicate_takes_nothing_along(self):
        duplicate = self.payslip.copy()
        self.assertFalse(duplicate.commission_ids)
        self.assertFalse(duplicate.input_line_ids)
        self.assertFalse(duplicate.commission_warning)
        self._set_parameter("prevent_compute_on_confirm", True)
        with self.assertRaisesRegex(UserError, "Compute the sheet again"):
            duplicate.action_payslip_done()
        duplicate.compute_sheet()
        self.assertPays(duplicate, NET=1000.0)

    def test_hand_edited_salary_line_is_refused(self):
        self._set_parameter("prevent_compute_on_confirm", True)
        paid = self.payslip.line_ids.filtered(lambda line: line.code == "COMM")
        paid.amount = 700.0
        self.assertIn("700", self.payslip.commission_blocking)
        with self.assertRaisesRegex(UserError, "salary lines show"):
            self.payslip.action_payslip_done()

    def test_rule_removed_since_the_computation_is_refused(self):
        self.structure.rule_ids = self.structure.rule_ids.filtered(
            lambda rule: not rule.commission_kind
        )
        with self.assertRaisesRegex(UserError, "salary lines show"):
            self.payslip.action_payslip_done()
        self.assertEqual(self.line.state, "in_payroll")

    def test_payslip_given_to_somebody_else_is_refused(self):
        self.payslip.employee_id = self._make_employee("Mallory")
        with self.assertRaisesRegex(UserError, "another employee"):
            self.payslip.with_context(without_compute_sheet=True).action_payslip_done()
        self.payslip.compute_sheet()
        self.assertEqual(self.line.state, "approved")

    def test_commission_disputed_since_the_computation_is_refused(self):
        self.line.is_disputed = True
        with self.assertRaisesRegex(UserError, "are disputed"):
            self.payslip.action_payslip_done()
        self.payslip.compute_sheet()
        self.payslip.action_payslip_done()
        self.assertEqual(self.line.state, "approved")

    def test_amount_payroll_cannot_show_is_refused(self):
        self.company.currency_id.rounding = 0.001
        self.env.invalidate_all()
        self._make_line(10.125, kind="bonus")
        self.payslip.compute_sheet()
        with self.assertRaisesRegex(UserError, "decimal accuracy"):
            self.payslip.action_payslip_done()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_line_on_two_payslips(self):
        row = self.payslip.commission_ids
        other = self._make_payslip()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            row.copy({"payslip_id": other.id})

    @mute_logger("odoo.sql_db")
    def test_database_keeps_payslips_that_hold_commissions(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "DELETE FROM hr_payslip WHERE id = %s", [self.payslip.id]
            )

    def test_line_knows_its_payslip_and_back(self):
        action = self.line.action_open_payslip()
        self.assertEqual(action["res_id"], self.payslip.id)
        rows = self.env["hr.payslip.commission"].search(
            self.payslip.action_view_commissions()["domain"]
        )
        self.assertEqual(rows.line_id, self.line)
        self.assertEqual(rows.action_open_line()["res_id"], self.line.id)
