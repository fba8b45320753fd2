# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.fields import Command
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestHandedOver(CommissionAccountCommon):
    """Half-cents of an invoice of 2.70 at 10 %, paid by several people in turn."""

    def _hand_over(self, invoice, day="2026-03-01"):
        self.env["hr.commission.correction"].sudo()._correct_credit(
            invoice, {"sales": [(self.colleague.id, 100)]}, "Hand-over", day
        )

    def _pay_halves(self, between=None):
        """Return an invoice of which two people, or two plans, have a half each."""
        invoice = self._invoice(2.7, tax=False)
        self._pay(invoice, amount=1.35, date="2026-02-15")
        if between:
            between(invoice)
        self._pay(invoice, date="2026-03-15")
        return invoice

    def _take_back(self, invoice, price, day):
        note = self._refund(invoice, date=day, price=price)
        self._pay(note, date=day)

    def test_who_has_a_half_gives_it_back(self):
        rule = {"event_type": "payment_received", "rate": 10}
        self._make_plan(rule)
        invoice = self._pay_halves(self._hand_over)
        self.assertEarned(0.14)
        self.assertEarned(0.13, self.colleague)
        self._take_back(invoice, 0.6, "2026-06-01")  # of the first, which pays 0.75
        self.assertEarned(0.08)
        self.assertEarned(0.13, self.colleague)
        self._take_back(invoice, 2.1, "2026-06-02")
        self.assertEarned(0)
        self.assertEarned(0, self.colleague)
        late = self._pay_halves()
        self._take_back(late, 1.35, "2026-06-01")
        self.assertEarned(0.14)  # one person's payments are rounded as one
        self._hand_over(late)  # what was taken back before follows
        self.assertEarned(0)
        self.assertEarned(0.13, self.colleague)
        self._take_back(late, 1.35, "2026-06-03")
        self.assertEarned(0)
        self.assertEarned(0, self.colleague)

    def test_a_plan_that_comes_between_leaves_nothing(self):
        rule = {"event_type": "payment_received", "rate": 10}
        self._make_plan(rule, date_end="2026-02-28")
        self._make_plan({**rule, "rate": 5}, date_start="2026-03-01", name="Next")
        invoice = self._pay_halves()
        self.assertEarned(0.14 + 0.07)
        self._take_back(invoice, 2.7, "2026-06-01")
        self.assertEarned(0)

    def test_a_credit_note_follows_the_correction_of_its_invoice(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        invoice = self._invoice(1000, tax=False)
        self._refund(invoice, price=400)
        self.assertEarned(60)
        self._hand_over(invoice, False)
        self.assertEarned(0)
        self.assertEarned(60, self.colleague)

    def test_the_parts_on_signing_and_on_collection_sum_to_the_whole(self):
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 5, "signing_percent": 50}
        )
        order = self._order(333.35, date="2026-01-05")
        self.assertEarned(8.33)
        invoice = self._invoice_order(order)
        self._pay(invoice, amount=invoice.amount_total / 3)
        self.assertEarned(8.33 + 2.78)
        self._pay(invoice)
        self.assertEarned(16.67)

    def _order_of(self, employee, price):
        line = self._order_line(price, tax_ids=[Command.clear()])
        return self._order(line, user_id=employee.user_id.id, date="2026-01-05")

    def _invoice_two_orders(self):
        orders = self._order_of(self.seller, 1000) | self._order_of(self.colleague, 500)
        return self._invoice_order(orders)

    def _type_note(self, invoice, price):
        """A credit note that names the invoice, and none of its orders."""
        return self._invoice(
            price,
            date="2026-03-01",
            refund=True,
            tax=False,
            reversed_entry_id=invoice.id,
        )

    def test_what_is_typed_by_hand_takes_back_from_all_orders(self):
        self._make_plan(
            {"event_type": "invoice_posted", "rate": 10},
            {"event_type": "payment_received", "rate": 10},
        )
        invoice = self._invoice_two_orders()
        self._pay(invoice)
        self.assertEarned(200)
        self.assertEarned(100, self.colleague)
        self._pay(self._type_note(invoice, 750), date="2026-03-02")
        self.assertEarned(100)
        self.assertEarned(50, self.colleague)
        of_order = self._refund(invoice)
        of_order.button_draft()
        of_second = of_order.invoice_line_ids.filtered(
            lambda line: line.price_unit == 500
        )
        of_second.unlink()
        of_order.invoice_line_ids.price_unit = 750
        of_order.action_post()  # so more of what was typed is of the second
        self._pay(of_order, date="2026-03-03")
        self.assertEarned(0)
        self.assertEarned(0, self.colleague)

    def test_what_is_typed_by_hand_takes_back_what_was_paid_on_collection(self):
        self._make_plan(
            {"event_type": "order_confirmed", "rate": 10, "signing_percent": 50}
        )
        for take_orders in (self._invoice_two_orders, self._invoice_one_order):
            with self.subTest(take_orders.__name__):
                before = self._earned()
                invoice = take_orders()
                self._pay(invoice)
                self.assertEarned(before + 100)
                note = self._type_note(invoice, invoice.amount_untaxed)
                self._pay(note, date="2026-03-02")
                self.assertEarned(before + 50)

    def _invoice_one_order(self):
        return self._invoice_order(self._order_of(self.seller, 1000))
