# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Money paid back, shared out over the payments that it takes back."""

from collections import defaultdict

from odoo.addons.hr_sales_commission.engine.facts import ZERO


class PaidBack:
    """What is left of the payments of invoices while their credit notes are paid back.

    The first payment is taken back first: what comes in later changes nothing of it.
    """

    def __init__(self):
        self._left = defaultdict(dict)

    def add(self, part, money_id, amount):
        """Note a payment, in the order in which they came in.

        :param InvoicePart part: what was paid
        """
        for key in {(part.invoice_id, part.order_id), (part.invoice_id, 0)}:
            left = self._left[key]
            left[money_id] = left.get(money_id, ZERO) + amount

    def take(self, invoice_id, part, amount):
        """Take money paid back from what is left of the payments of an invoice.

        :param InvoicePart part: of the credit note; typed by hand it names no order
            and takes back from all of them
        :param amount: of the other sign than the payments
        :return: pairs of a payment and its part of the amount; no payment for the first
            one, or where there is none. What is above all payments is of the last.
        """
        left = self._left.get((invoice_id, part.order_id))
        if not left:
            return [("", amount)]
        taken, rest = [], amount
        first, last = next(iter(left)), next(reversed(left))
        for money_id, still_paid in left.items():
            is_enough = money_id == last or abs(rest) <= abs(still_paid)
            portion = rest if is_enough else -still_paid
            if portion:
                left[money_id] += portion
                rest -= portion
                taken.append(("" if money_id == first else money_id, portion))
        return taken
