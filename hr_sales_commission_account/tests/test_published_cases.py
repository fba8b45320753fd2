# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestPublishedCases(CommissionAccountCommon):
    """Examples that vendors and manuals publish, on real documents."""

    def test_w12_each_payment_pays_its_part_in_its_month(self):
        self._make_plan({"event_type": "payment_received", "rate": 20})
        invoice = self._invoice(20000, date="2026-01-10")
        half = invoice.amount_total / 2
        self._pay(invoice, half, date="2026-01-17")
        self._pay(invoice, half, date="2026-02-07")
        self.assertPaidByDay({"2026-01-17": 2000, "2026-02-07": 2000})

    def test_w14_half_of_the_money_makes_half_of_the_earning_payable(self):
        self._make_plan(
            {"event_type": "deal_won", "rate": 10, "signing_percent": 0},
        )
        lead = self._lead()
        order = self._order(10000, lead=lead)
        invoice = self._invoice_order(order)
        self.assertEarned(0)
        self._pay(invoice, invoice.amount_total / 2)
        self.assertEarned(500)

    def test_w16_only_what_was_delivered_pays_and_a_return_reduces_it(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 4})
        self.product.invoice_policy = "delivery"
        order = self._order(self._order_line(100, quantity=10))
        order.order_line.qty_delivered = 7
        invoice = self._invoice_order(order)
        self.assertEarned(28)
        self._refund(invoice, price=200)
        self.assertEarned(20)

    def test_w18_a_down_payment_counts_by_the_lines_it_is_for(self):
        self._make_plan(
            {
                "event_type": "invoice_posted",
                "rate": 10,
                "product_domain": f"[('id', '=', {self.product.id})]",
            }
        )
        order = self._order(
            self._order_line(1000), self._order_line(1000, product=self.other_product)
        )
        down_payment = self._down_payment(order, 1500 * 1.15)
        down_payment.action_post()
        self.assertAlmostEqual(down_payment.amount_untaxed, 1500)
        self.assertEarned(75)
        self._invoice_order(order)
        self.assertEarned(100)

    def test_w20_a_credit_note_takes_back_what_the_invoice_gave(self):
        self._make_plan({"event_type": "invoice_posted", "rate": 10})
        invoice = self._invoice(100)
        self._refund(invoice)
        self._process()
        self.assertEqual(self._lines().mapped("amount"), [10, -10])
        self.assertEarned(0)

    def test_w29_every_order_of_ten_units_pays_a_fixed_amount(self):
        self._make_plan(
            {
                "event_type": "order_confirmed",
                "amount_type": "fixed",
                "amount": 250,
                "min_quantity": 10,
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
            }
        )
        self._order(self._order_line(10, quantity=10), date="2026-05-01")
        self._order(self._order_line(10, quantity=9), date="2026-05-02")
        self._order(self._order_line(10, quantity=12), date="2027-01-01")
        self.assertEarned(250)
