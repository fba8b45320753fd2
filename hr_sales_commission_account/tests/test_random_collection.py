# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date
from random import Random

from odoo.tests import tagged

from odoo.addons.hr_sales_commission.tests.replay import play_lines, read_posted

from .common import CommissionAccountCommon

RATE = 3.7


@tagged("post_install", "-at_install")
class TestRandomCollection(CommissionAccountCommon):
    """Whatever happens to invoices in whatever order: commission = rate × money kept.

    What was kept is read back from the accounting, document by document.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan({"event_type": "payment_received", "rate": RATE})
        rates = [("2026-01-01", 1.37), ("2026-02-01", 1.13), ("2026-03-01", 1.61)]
        cls.currencies = (
            cls.company.currency_id
            | cls.setup_other_currency("EUR", rates=rates)
            | cls.setup_other_currency(
                "JPY", rates=[(day, rate * 100) for day, rate in rates]
            )
        )

    def test_collected_commission_is_rate_times_money_kept(self):
        for seed in range(4):
            with self.subTest(seed=seed):
                self._play(Random(seed))
        self._check_replay()

    def _play(self, random):
        documents = self.env["account.move"]
        earned_before = self._earned()
        for _step in range(20):
            actions = [self._do_invoice]
            if documents:
                actions += [self._do_pay] * 4 + [self._do_refund, self._do_unreconcile]
            documents |= random.choice(actions)(random, documents) or documents
            if random.random() < 0.4:
                self._process()
        # a sale and what takes it back are rounded as one
        round_money = self.company.currency_id.round
        expected = sum(
            round_money(sum(map(self._get_collected, parts)) * RATE / 100)
            for parts in documents.grouped(
                lambda document: document.reversed_entry_id or document
            ).values()
        )
        self.assertEarned(earned_before + expected)

    def _check_replay(self):
        """What ran, replayed by itself and in the place of itself, is the ledger."""
        days = date(2026, 1, 1), date(2026, 12, 31)
        lines = self.env["hr.commission.line"].search(
            [("company_id", "=", self.company.id), ("event_id", "!=", False)]
        )
        posted = read_posted(lines)
        for plan in (None, lines.rule_id.plan_id):
            played, faults = play_lines(
                self.env, self.company, plan, self.company, *days
            )
            self.assertFalse(faults)
            self.assertEqual(played, posted)

    # ------------------------------------------------------------------
    # What may happen
    # ------------------------------------------------------------------

    def _do_invoice(self, random, documents):
        prices = [random.randint(100, 99999) / 100 for _line in range(2)]
        return self._invoice(
            *prices,
            date=f"2026-0{random.randint(1, 3)}-10",
            currency=random.choice(self.currencies),
        )

    def _do_pay(self, random, documents):
        """Pay a part of a document, in its own or another currency."""
        document = random.choice(documents.filtered("amount_residual") or documents)
        if not document.amount_residual:
            return
        part = random.choice([1, 1, 0.5, 0.333, 0.071])
        currency = random.choice([document.currency_id, *self.currencies])
        date = f"2026-0{random.randint(1, 4)}-15"
        amount = document.currency_id._convert(
            document.amount_residual * part, currency, self.company, date
        )
        if amount:
            self._pay(document, amount, date=date, currency_id=currency.id)

    def _do_refund(self, random, documents):
        invoices = documents.filtered(lambda move: move.move_type == "out_invoice")
        invoice = random.choice(invoices)
        price = random.randint(100, 20000) / 100
        return self._refund(
            invoice,
            date="2026-03-20",
            price=price,
            reconcile=random.random() < 0.5 and invoice.amount_residual > price * 2,
        )

    def _do_unreconcile(self, random, documents):
        lines = self._receivable(random.choice(documents))
        matches = lines.matched_debit_ids | lines.matched_credit_ids
        if matches:
            random.choice(matches).unlink()

    # ------------------------------------------------------------------
    # What the accounting says was kept
    # ------------------------------------------------------------------

    def _get_collected(self, document):
        own = self._receivable(document)
        kept = 0.0
        for match in own.matched_credit_ids:
            if match.credit_move_id.move_id.origin_payment_id:
                kept += match.debit_amount_currency
        for match in own.matched_debit_ids:
            if match.debit_move_id.move_id.origin_payment_id:
                kept += match.credit_amount_currency
        round_money = self.company.currency_id.round
        worth = self._get_worth(document)
        return round_money(worth * min(kept / document.amount_total, 1))

    def _get_worth(self, document):
        """A credit note takes back what its invoice was worth."""
        invoice = document.reversed_entry_id
        if not invoice:
            return document.amount_untaxed_signed
        worth = document.amount_untaxed / invoice.invoice_currency_rate
        return -self.company.currency_id.round(worth)
