# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestRefund(PayrollCommissionCommon):
    """A refund gives back what a payslip paid, once, and can be undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._make_line(500.0)
        cls.payslip = cls._make_computed_payslip()
        cls.payslip.action_payslip_done()
        cls.env["ir.config_parameter"].set_param("payroll.allow_cancel_payslips", True)

    def test_refund_reverses(self):
        action = self.payslip.refund_sheet()
        refund = self.payslip.refunded_id
        self.assertEqual(action["domain"], [("id", "in", refund.ids)])
        self.assertEqual(self.line.state, "approved")
        self.assertEqual(refund.commission_total, -500.0)
        self.assertTrue(refund.commission_ids.is_reversal)
        self.assertEqual(self.payslip.commission_ids.reversed_by_id, refund)
        self.assertFalse(self.line.payslip_id)

    def test_what_was_refunded_waits(self):
        self.payslip.refund_sheet()
        self.assertEqual(self.payslip.commission_due, 500.0)

    def test_refunded_lines_are_paid_with_the_next_payslip(self):
        self.payslip.refund_sheet()
        payslip = self._make_computed_payslip(month=4)
        self.assertPays(payslip, COMM=500.0)
        payslip.action_payslip_done()
        self.assertEqual(self.line.payslip_id, payslip)

    def test_refund_where_names_are_translated(self):
        """The copy's name in another language is no change by hand."""
        self.env["res.lang"]._activate_lang("fr_FR")
        officer = self.env["res.users"].create(
            {
                "name": "Payroll",
                "login": "payroll_officer_fr",
                "lang": "fr_FR",
                "group_ids": [(4, self.env.ref("payroll.group_payroll_user").id)],
            }
        )
        shown = self.payslip.line_ids.filtered("commission_kind").sudo()
        shown.with_context(lang="fr_FR").name = "Commission sur ventes"
        slip = self.payslip.with_user(officer).with_context(lang="fr_FR")
        slip.refund_sheet()
        refund = slip.refunded_id
        self.assertEqual(refund.commission_total, -500.0)
        self.assertEqual(
            refund.line_ids.filtered("commission_kind").name, "Commission sur ventes"
        )
        with self.assertRaises(UserError):
            refund.line_ids.filtered("commission_kind").name = "Salary"

    def test_refund_happens_once(self):
        self.payslip.refund_sheet()
        with self.assertRaisesRegex(UserError, "refunded already"):
            self.payslip.refund_sheet()
        with self.assertRaisesRegex(UserError, "refunded already"):
            self.payslip.refunded_id.refund_sheet()

    def test_cancelled_refund_pays_again(self):
        day = self.line.date_paid
        self.payslip.refund_sheet()
        self.payslip.refunded_id.action_payslip_cancel()
        self.assertEqual(self.line.state, "paid")
        self.assertEqual(self.line.date_paid, day)
        self.assertEqual(self.line.payment_ref, self.payslip.number)
        self.assertFalse(self.payslip.commission_ids.reversed_by_id)
        self.assertFalse(self.payslip.refunded_id.commission_ids)
        self.payslip.action_payslip_cancel()
        self.assertEqual(self.line.state, "approved")

    def test_refund_of_lines_paid_again_cannot_be_cancelled(self):
        self.payslip.refund_sheet()
        second = self._make_computed_payslip(month=4)
        with self.assertRaisesRegex(UserError, second.name):
            self.payslip.refunded_id.action_payslip_cancel()

    def test_nobody_takes_back_or_pays_again_what_is_their_own(self):
        officer = self._create_new_internal_user(
            login="officer", groups="payroll.group_payroll_manager"
        )
        self.ana.user_id = officer
        self.env.flush_all()
        mine = self.payslip.with_user(officer)
        for act in (mine.refund_sheet, mine.action_payslip_cancel):
            with self.subTest(act.__name__):
                with self.assertRaisesRegex(UserError, "your own commission"):
                    act()
                self.assertEqual(self.line.state, "paid")
        self.payslip.refund_sheet()
        with self.assertRaisesRegex(UserError, "your own commission"):
            self.payslip.refunded_id.with_user(officer).action_payslip_cancel()
        self.assertEqual(self.line.state, "approved")

    def test_refund_cannot_be_set_to_draft(self):
        self.payslip.refund_sheet()
        with self.assertRaisesRegex(UserError, "cannot be opened again"):
            self.payslip.refunded_id.action_payslip_draft()

    def test_refund_stays_in_the_company(self):
        other = self._create_company(name="Second")
        self.env.user.company_ids |= other
        self.payslip.with_company(other).refund_sheet()
        self.assertEqual(self.payslip.refunded_id.company_id, self.company)

    def test_credit_note_batch_takes_nothing(self):
        line = self._make_line(40.0)
        payslip = self._make_computed_payslip(credit_note=True)
        self.assertFalse(payslip.commission_ids)
        self.assertEqual(line.state, "approved")
