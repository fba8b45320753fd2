# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..pipeline.invoice_amounts import InvoicePart
from ..pipeline.paid_back import PaidBack
from ..pipeline.typed_notes import merged, share_out_typed

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


@tagged("post_install", "-at_install")
class TestTypedNotes(BaseCase):
    """What a credit note that names no order takes back from each."""

    def _parts(self, *rows):
        return [
            InvoicePart(
                invoice_id, order_id, order_id, None, Decimal(amount), 2.0, Decimal(1)
            )
            for invoice_id, order_id, amount in rows
        ]

    def _shared(self, sold, *taken):
        sold = self._parts(*((INVOICE, *row) for row in sold))
        return [
            (part.invoice_id, part.order_id, int(part.amount))
            for part in share_out_typed(sold, self._parts(*taken))
        ]

    def test_in_proportion_to_what_others_leave(self):
        sold = [(5, 60), (6, 40)]
        self.assertEqual(self._shared(sold, (8, 0, -50)), [(8, 5, -30), (8, 6, -20)])
        self.assertEqual(
            self._shared(sold, (8, 0, -30), (9, 5, -40)),
            [(9, 5, -40), (8, 5, -10), (8, 6, -20)],
        )
        self.assertEqual(
            self._shared(sold, (8, 0, -9), (9, 5, -70)), [(9, 5, -70), (8, 6, -9)]
        )
        self.assertEqual(
            self._shared(sold, (8, 0, -50), (9, 0, -10)),
            [(8, 5, -30), (8, 6, -20), (9, 5, -6), (9, 6, -4)],
        )
        # where nothing is left, as if nothing had been taken
        self.assertEqual(
            self._shared(sold, (7, 5, -60), (7, 6, -40), (8, 0, -10))[2:],
            [(8, 5, -6), (8, 6, -4)],
        )

    def test_a_later_note_changes_nothing_of_an_earlier_one(self):
        sold = [(5, 50), (6, 50)]
        self.assertEqual(self._shared(sold, (8, 0, -1)), [(8, 5, -1)])
        self.assertEqual(
            self._shared(sold, (9, 0, -1), (8, 0, -1)), [(8, 5, -1), (9, 6, -1)]
        )

    def test_where_there_is_nothing_to_choose_it_stays(self):
        self.assertEqual(self._shared([(5, 50)], (8, 0, -1)), [(8, 0, -1)])
        self.assertEqual(self._shared([(5, 0), (6, 0)], (8, 0, -1)), [(8, 0, -1)])

    def test_quantities_and_parts_of_one_order(self):
        first, second, other = merged(
            self._parts((8, 5, -10), (8, 6, -4), (8, 5, -2), (9, 5, -1))
        )
        self.assertEqual((first.amount, first.quantity), (-12, 4))
        self.assertEqual((second.order_id, second.amount), (6, -4))
        self.assertEqual((other.invoice_id, other.quantity), (9, 2))
        sold = self._parts((INVOICE, 5, 75), (INVOICE, 6, 25))
        shared = share_out_typed(sold, self._parts((8, 0, -4)))
        self.assertEqual([part.quantity for part in shared], [1.5, 0.5])
        self.assertEqual([part.lead_id for part in shared], [5, 6])
