# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.fields import Command
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestCollection(CommissionAccountCommon):
    """Commissions on money that customers pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan({"event_type": "payment_received", "rate": 10})

    def test_nothing_is_paid_before_the_money(self):
        self._invoice(1000)
        self.assertEarned(0)

    def test_payment_pays_without_tax_on_its_own_day(self):
        invoice = self._invoice(1000, date="2026-01-10")
        self._pay(invoice, date="2026-02-15")
        self.assertPaidByDay({"2026-02-15": 100})

    def test_undone_reconciliation_takes_the_commission_back(self):
        invoice = self._invoice(1000)
        self._pay(invoice)
        self.assertEarned(100)
        self._receivable(invoice).remove_move_reconcile()
        self.assertEarned(0)
        self.assertEqual(len(self._events("payment_received", standing=False)), 1)

    def test_same_money_reconciled_again_is_the_same_fact(self):
        invoice = self._invoice(1000)
        payment = self._pay(invoice)
        self.assertEarned(100)
        self._receivable(invoice).remove_move_reconcile()
        self.assertEarned(0)
        (self._receivable(invoice) | self._receivable(payment.move_id)).reconcile()
        self.assertEarned(100)
        self.assertEqual(len(self._events("payment_received", standing=False)), 1)

    def test_parts_of_a_paid_invoice_sum_to_the_whole(self):
        invoice = self._invoice(100)
        for number in range(1, 4):
            residual = invoice.amount_residual
            self._pay(invoice, min(38.34, residual), date=f"2026-02-0{number}")
        self.assertEqual(invoice.payment_state, "paid")
        events = self._events("payment_received")
        self.assertEqual(len(events), 3)
        self.assertAlmostEqual(sum(events.mapped("amount")), 100)
        self.assertEarned(10)

    def test_commissions_of_parts_sum_to_that_of_the_whole(self):
        """10 % of three times 33.35 is 3.335: on its own each would round up."""
        invoice = self._invoice(100.05, tax=False)
        for number in range(1, 4):
            self._pay(invoice, 33.35, date=f"2026-02-0{number}")
        self._process()
        self.assertEqual(self._lines().mapped("amount"), [3.34, 3.33, 3.34])

    def test_money_paid_back_takes_back_from_each_payment(self):
        """A cap and a fixed amount per event: the first payment is taken back first."""
        self.plan.write({"state": "closed", "date_end": "2020-01-01"})
        self._make_plan(
            {"event_type": "payment_received", "rate": 10, "cap": 30},
            {
                "event_type": "payment_received",
                "amount_type": "fixed",
                "amount": 50,
            },
            date_start="2020-01-02",
        )
        invoice = self._invoice(1000, tax=False)
        self._pay(invoice, 400, date="2026-02-01")
        self._pay(invoice, 600, date="2026-02-20")
        self.assertEarned(160)
        for amount, left in ((500, 30 + 50), (250, 25 + 50), (250, 0)):
            note = self._refund(invoice, price=amount)
            self._pay(note, date="2026-03-05")
            self.assertEarned(left)

    def test_paid_back_alone_it_is_rounded_as_with_its_payments(self):
        invoice = self._invoice(500, tax=False)
        for amount in (166.68, 166.68, 166.64):
            self._pay(invoice, amount)
        self._pay(self._refund(invoice, price=250), date="2026-03-05")
        self._process()
        amounts = [16.67, 16.67, 16.66, -16.67, -8.33]
        self.assertEqual(self._lines().mapped("amount"), amounts)
        for event in self._events("payment_received"):
            event._set_pending([("id", "=", event.id)])
            self._process()
        self.assertEqual(self._lines().mapped("amount"), amounts)

    def test_one_payment_of_many_invoices(self):
        invoices = self._invoice(1000) | self._invoice(500) | self._invoice(300)
        self._pay(invoices, group_payment=True)
        self.assertEqual(len(self._events("payment_received")), 3)
        self.assertEarned(180)

    def test_payment_before_the_invoice_counts_from_when_it_settles_it(self):
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "payment_type": "inbound",
                "partner_type": "customer",
                "amount": 575,
                "date": "2026-01-05",
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        self.assertEarned(0)
        invoice = self._invoice(1000, date="2026-01-20")
        self.assertEarned(0)
        (self._receivable(invoice) | self._receivable(payment.move_id)).reconcile()
        self.assertPaidByDay({"2026-01-20": 50})

    def test_a_credit_note_is_not_money(self):
        invoice = self._invoice(1000)
        self._refund(invoice, price=400, reconcile=True)
        self.assertEarned(0)
        self._pay(invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEarned(60)

    def test_money_paid_back_is_taken_back(self):
        invoice = self._invoice(1000)
        self._pay(invoice, date="2026-02-01")
        note = self._refund(invoice, price=400)
        self.assertEarned(100)
        self._pay(note, date="2026-03-10")
        self.assertEarned(60)
        self._process()
        self.assertPaidByDay({"2026-02-01": 100, "2026-03-10": -40})

    def test_cash_discount_does_not_change_the_basis(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "2/10",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        invoice = self._invoice(
            1000, date="2026-01-10", invoice_payment_term_id=terms.id
        )
        payment = self._pay(invoice, date="2026-01-12")
        self.assertAlmostEqual(payment.amount, 1127)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEarned(100)

    def test_write_off_with_the_payment_does_not_change_the_basis(self):
        invoice = self._invoice(1000)
        self._pay(
            invoice,
            1140,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEarned(100)

    def test_debt_written_off_by_a_separate_entry_is_not_money(self):
        invoice = self._invoice(1000)
        self._pay(invoice, 575)
        receivable = self._receivable(invoice)
        expense = self.company_data["default_account_expense"]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": "2026-06-01",
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": self.customer.id}
                        | values
                    )
                    for account, values in (
                        (receivable.account_id, {"credit": 575}),
                        (expense, {"debit": 575}),
                    )
                ],
            }
        )
        entry.action_post()
        (receivable | self._receivable(entry)).reconcile()
        self.assertTrue(receivable.reconciled)
        self.assertEarned(50)

    def test_exchange_difference_does_not_change_the_basis(self):
        foreign = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-02-01", 4.0)]
        )
        invoice = self._invoice(1000, date="2026-01-10", currency=foreign)
        self._pay(invoice, date="2026-02-15", currency_id=foreign.id)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEarned(50)

    def test_bank_statement_pays_like_a_payment(self):
        invoice = self._invoice(1000)
        journal = self.company_data["default_journal_bank"]
        statement_line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "partner_id": self.customer.id,
                "payment_ref": "transfer",
                "date": "2026-02-20",
                "amount": 1150,
            }
        )
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        suspense.account_id = self._receivable(invoice).account_id
        (suspense | self._receivable(invoice)).reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertPaidByDay({"2026-02-20": 100})

    def test_invoice_back_to_draft_and_posted_again(self):
        invoice = self._invoice(1000)
        self._pay(invoice)
        self.assertEarned(100)
        invoice.button_draft()
        self.assertEarned(0)
        invoice.action_post()
        self.assertEarned(100 if self._receivable(invoice).reconciled else 0)
        self.assertTrue(self._receivable(invoice).reconciled)

    def test_payment_back_to_draft_is_no_money(self):
        invoice = self._invoice(1000)
        payment = self._pay(invoice)
        self.assertEarned(100)
        payment.action_draft()
        self.assertEarned(0)
        payment.action_post()
        self.assertEarned(100)

    def test_paid_commission_is_clawed_back_when_the_payment_bounces(self):
        invoice = self._invoice(1000)
        self._pay(invoice)
        self.assertEarned(100)
        self._lines().sudo().action_approve()
        self._lines().sudo()._payroll_paid("2026-03-31", "March")
        self._receivable(invoice).remove_move_reconcile()
        self.assertEarned(0)
        clawback = self._lines().filtered(lambda line: line.amount < 0)
        self.assertEqual(clawback.mapped("kind"), ["clawback"])
        self.assertEqual(clawback.mapped("amount"), [-100])

    def test_installments_of_one_invoice_count_once_per_payment(self):
        invoice = self._invoice(1000, invoice_payment_term_id=self.pay_terms_b.id)
        self.assertEqual(len(self._receivable(invoice)), 2)
        self._pay(invoice, invoice.amount_total, installments_mode="full")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEarned(100)
