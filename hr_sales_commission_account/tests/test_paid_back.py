from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..pipeline.invoice_amounts import InvoicePart
from ..pipeline.paid_back import PaidBack

INVOICE = 1


@tagged("post_install", "-at_install")
class TestPaidBack(BaseCase):
    """Which payments of an invoice money paid back is taken from."""

    def _part(self, order_id=0):
        return InvoicePart(INVOICE, order_id, None, None, Decimal(1), 1.0, Decimal(1))

    def _paid(self, *payments):
        paid = PaidBack()
        for order_id, money_id, amount in payments:
            paid.add(self._part(order_id), money_id, Decimal(amount))
        return paid

    def _take(self, paid, amount, order_id=0):
        taken = paid.take(INVOICE, self._part(order_id), Decimal(amount))
        return [(money_id, int(portion)) for money_id, portion in taken]

    def test_the_first_payment_goes_back_first(self):
        paid = self._paid((0, 11, 40), (0, 12, 60))
        self.assertEqual(self._take(paid, -40), [("", -40)])
        self.assertEqual(self._take(paid, -30), [(12, -30)])
        self.assertEqual(self._take(paid, -50), [(12, -50)], "above all of the last")

    def test_it_may_take_back_more_than_one(self):
        paid = self._paid((0, 11, 40), (0, 12, 30), (0, 13, 30))
        self.assertEqual(self._take(paid, -90), [("", -40), (12, -30), (13, -20)])
        self.assertEqual(self._take(paid, -20), [(13, -20)])

    def test_typed_by_hand_it_takes_back_of_all_orders(self):
        paid = self._paid((5, 11, 40), (6, 11, 10), (5, 12, 50))
        self.assertEqual(self._take(paid, -60), [("", -50), (12, -10)])
        self.assertEqual(self._take(paid, -60, order_id=5), [("", -40), (12, -20)])

    def test_nothing_was_paid(self):
        self.assertEqual(
            self._take(self._paid((5, 11, 40)), -7, order_id=6), [("", -7)]
        )
