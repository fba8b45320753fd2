# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Orders, invoices and payments, bent by people whose job lets them write them."""

from contextlib import suppress

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAttackDocuments(CommissionAccountCommon):
    """Each attempt is made as its author; then the sums of everybody are compared."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_plan(
            {"event_type": "order_confirmed", "rate": 1},
            {"event_type": "invoice_posted", "rate": 5},
            {"event_type": "payment_received", "rate": 10},
        )
        cls.biller = cls._create_person("biller")
        cls.biller.user_id.group_ids += cls.env.ref(
            "account.group_account_invoice"
        ) | cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.rich = cls.seller, cls.colleague, cls.biller, cls.marketer

    def _attempt(self, attack):
        """Try something; refused or not, what it did is computed."""
        refused = suppress(UserError, ValueError)
        with refused, mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            attack()
        self.env.flush_all()
        self.env.invalidate_all()

    def _sums(self):
        self._process()
        self.assertNoError()
        return {
            person.name: self.company.currency_id.round(
                sum(self._lines(person).mapped("amount"))
            )
            for person in self.rich
        }

    def _by_day(self):
        self._process()
        return sorted(
            (line.employee_id.name, str(line.date), line.amount)
            for person in self.rich
            for line in self._lines(person)
        )

    def _try_all(self, attempts, right=None):
        """Try each on its own: nobody gains, nobody loses, on no other day."""
        right = right or self._by_day()
        for label, attack in attempts.items():
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                self._attempt(attack)
                self.assertEqual(self._by_day(), right)
                savepoint.rollback()
                self.env.invalidate_all()

    # ------------------------------------------------------------------

    def test_days_of_documents(self):
        """An order is of the day it is confirmed on, by the company's clock."""
        quote = self._order(1000, confirm=False)
        user = self.seller.user_id
        mine = quote.with_user(user)

        def zone():
            user.tz = "Pacific/Kiritimati"
            mine.with_context(tz="Pacific/Kiritimati").action_confirm()

        attempts = {
            "dated before": lambda: (
                mine.write({"date_order": "2026-03-01"}),
                mine.action_confirm(),
            ),
            "dated after": lambda: (
                mine.action_confirm(),
                mine.write({"date_order": "2026-03-01"}),
            ),
            "confirmed by a write": lambda: mine.write(
                {"state": "sale", "date_order": "2026-03-01"}
            ),
            "time zone": zone,
            "by default": lambda: mine.with_context(
                default_date_order="2026-03-01", default_commission_date="2026-03-01"
            ).action_confirm(),
            "the day that counts": lambda: (
                mine.action_confirm(),
                self._attempt(lambda: mine.write({"commission_date": "2026-03-01"})),
            ),
            "cancelled and confirmed again": lambda: (
                mine.action_confirm(),
                mine._action_cancel(),
                mine.action_draft(),
                mine.write({"date_order": "2026-03-01"}),
                mine.action_confirm(),
            ),
            "locked and written": lambda: (
                mine.action_confirm(),
                mine.action_lock(),
                mine.write({"date_order": "2026-03-01", "validity_date": "2026-03-01"}),
            ),
        }
        right = [(self.seller.name, "2026-05-20", 10.0)]
        self._try_all(attempts, right)

    def test_documents_of_a_colleague(self):
        """A biller who sells moves no commission of a colleague's that was earned."""
        order = self._order(1000)
        invoice = self._invoice_order(order, date="2026-05-19")
        self._pay(invoice, amount=invoice.amount_total / 2, date="2026-05-19")
        mine, user = self.biller.user_id, {"user_id": self.biller.user_id.id}
        theirs, bill = order.with_user(mine), invoice.with_user(mine)
        stranger = self.env["res.partner"].create({"name": "Another"})
        share = {"employee_id": self.biller.id, "percent": 100, "role": "sales"}
        payments = invoice.matched_payment_ids

        def back_and_forth(record, name, value):
            before = record[name]
            record.write({name: value})
            self._process()
            record.write({name: before})

        self._try_all(
            {
                "salesperson of the order": lambda: theirs.write(user),
                "and back": lambda: back_and_forth(theirs, "user_id", mine.id),
                "salesperson of the invoice": lambda: bill.write(
                    {"invoice_user_id": mine.id}
                ),
                "and back too": lambda: back_and_forth(
                    bill, "invoice_user_id", mine.id
                ),
                "team": lambda: theirs.write({"team_id": False}),
                "customer": lambda: theirs.write({"partner_id": stranger.id}),
                "customer of the invoice": lambda: bill.write(
                    {"partner_id": stranger.id}
                ),
                "share": lambda: theirs.write(
                    {"commission_share_ids": [Command.create(share)]}
                ),
                "share of the invoice": lambda: bill.write(
                    {"commission_share_ids": [Command.create(share)]}
                ),
                "draft and posted again": lambda: (
                    bill.button_draft(),
                    bill.write({"invoice_user_id": mine.id}),
                    bill.action_post(),
                ),
                "cancelled and confirmed again": lambda: (
                    theirs.with_context(disable_cancel_warning=True).action_cancel(),
                    theirs.action_draft(),
                    theirs.write(user),
                    theirs.action_confirm(),
                ),
                "payment undone and done": lambda: (
                    payments.with_user(mine).action_draft(),
                    payments.with_user(mine).action_post(),
                ),
                "copy": lambda: theirs.copy(user),
                "unlinked": lambda: theirs.unlink(),
                "invoice unlinked": lambda: bill.unlink(),
                "origin": lambda: bill.write({"invoice_origin": "x", "ref": "x"}),
                "payment state": lambda: bill.write(
                    {"payment_state": "paid", "amount_residual": 0}
                ),
                "number": lambda: bill.write({"name": "INV/2020/00001"}),
                "draft and of another day": lambda: (
                    bill.button_draft(),
                    bill.write({"name": False, "ref": "again"}),
                    bill.action_post(),
                ),
                "totals of the order": lambda: theirs.write(
                    {"amount_untaxed": 90_000, "amount_total": 90_000}
                ),
                "totals of its lines": lambda: theirs.order_line.write(
                    {"price_subtotal": 90_000, "price_total": 90_000}
                ),
                "its rate": lambda: theirs.write({"currency_rate": 100}),
                "what was delivered": lambda: theirs.order_line.write(
                    {"qty_delivered": 50}
                ),
                "totals of the invoice": lambda: bill.write(
                    {"amount_untaxed": 90_000, "amount_untaxed_signed": 90_000}
                ),
                "totals of its lines too": lambda: bill.invoice_line_ids.write(
                    {"price_subtotal": 90_000, "balance": -90_000}
                ),
                "rate of the invoice": lambda: bill.write(
                    {"invoice_currency_rate": 0.01}
                ),
                "amount of the payment": lambda: payments.with_user(mine).write(
                    {"amount": 90_000}
                ),
                "parts of the payment": lambda: (
                    bill.line_ids.matched_credit_ids.with_user(mine).write(
                        {"amount": 90_000}
                    )
                ),
                "reversed and forgotten": lambda: bill._reverse_moves(
                    [{"invoice_user_id": mine.id}]
                ).unlink(),
                "a line moved to another order": lambda: theirs.order_line.write(
                    {"order_id": theirs.copy(user).id}
                ),
                "by a list of the deal": lambda: theirs.write(
                    {"opportunity_id": False, "origin": "x", "client_order_ref": "x"}
                ),
            }
        )

    def test_refunded_and_invoiced_again(self):
        """What is taken back is what was paid; who else gets it is named to look at."""
        order = self._order(1000)
        invoice = self._invoice_order(order, date="2026-04-19")
        first = self._sums()
        self._refund(invoice, date="2026-05-19", reconcile=True)
        self.assertEqual(self._sums()["seller"], 10)
        biller = self.biller.user_id
        new = invoice.with_user(biller).copy(
            {"invoice_date": "2026-05-19", "invoice_user_id": self.seller.user_id.id}
        )
        with self.subTest("by the same"), self.env.cr.savepoint() as savepoint:
            new.action_post()
            self.assertEqual(self._sums(), first)
            self.assertFalse(self._find_invoiced_again())
            savepoint.rollback()
            self.env.invalidate_all()
        new.invoice_user_id = biller
        new.action_post()
        self.assertEqual(self._sums()["biller"], 50)
        self.assertEqual(self._find_invoiced_again().employee_id, self.biller)

    def _reverse(self, invoice, changes=(), way="refund_moves", **vals):
        """Reverse an invoice by the dialog, as the biller; change the draft, then post."""
        env = self.env(user=self.biller.user_id.id, su=False)
        wizard = (
            env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, **vals})
        )
        getattr(wizard, way)()
        note = wizard.new_move_ids.filtered(lambda move: move.move_type == "out_refund")
        for change in changes:
            self._attempt(lambda change=change: note.write(change))
        note.filtered(lambda move: move.state == "draft").action_post()

    def test_reversed_by_the_dialog(self):
        """Whoever reverses takes back from whom it was paid, whatever the note says."""
        invoice = self._invoice(1000)
        self._process()
        mine, theirs = (each.user_id.id for each in (self.biller, self.colleague))
        other = self.env["res.partner"].create({"name": "Another customer"})
        day = {"date": "2026-05-20"}
        with self.env.cr.savepoint() as savepoint:
            self._reverse(invoice, **day)
            right = self._by_day()
            savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(sum(amount for *_who, amount in right), 0)
        shares = [[0, 0, {"employee_id": self.colleague.id, "percent": 100}]]
        changes = {
            "of a colleague": [{"invoice_user_id": theirs}],
            "of nobody": [{"invoice_user_id": False}],
            "of the biller": [{"invoice_user_id": mine}],
            "of another customer": [{"partner_id": other.id}],
            "both": [{"invoice_user_id": theirs, "partner_id": other.id}],
            "shared by others": [{"commission_share_ids": shares}],
            "named otherwise": [{"ref": "x", "invoice_origin": "S99999"}],
            "of no order": [{"team_id": False, "invoice_source_email": "x@y.test"}],
            "for another campaign": [{"campaign_id": False, "source_id": False}],
            "dated in the form": [{"invoice_date": "2026-05-20"}],
        }
        attempts = {
            label: lambda changes=changes: self._reverse(invoice, changes, **day)
            for label, changes in changes.items()
        }
        attempts["and invoiced again"] = lambda: self._reverse(
            invoice, way="modify_moves", **day
        )
        attempts["with a reason"] = lambda: self._reverse(invoice, reason="=cmd", **day)
        defaults = {"default_invoice_user_id": theirs, "default_partner_id": other.id}
        attempts["by defaults"] = lambda: self._reverse(
            invoice.with_context(**defaults), **day
        )
        self._try_all(attempts, right)

    def test_cancelled_and_ordered_again(self):
        """An order of a colleague's, cancelled and made again in one's own name."""
        order = self._order(1000)
        self._process()
        order.with_user(self.biller.user_id)._action_cancel()
        order.copy({"user_id": self.seller.user_id.id}).action_confirm()
        self._process()
        self.assertFalse(self._find_invoiced_again())
        again = order.with_user(self.biller.user_id).copy(
            {"user_id": self.biller.user_id.id}
        )
        again.action_confirm()
        self.assertEqual(self._sums()["biller"], 10)
        self.assertEqual(self._find_invoiced_again().employee_id, self.biller)

    def _find_invoiced_again(self):
        self.env.flush_all()
        return self.env["hr.commission.inspection"].search(
            [("finding", "=", "again"), ("company_id", "=", self.company.id)]
        )
