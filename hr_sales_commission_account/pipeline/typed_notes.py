# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Credit notes typed by hand name the invoice, and none of its orders: they take back
from all of them, in proportion to what other credit notes leave of each.
"""

from collections import defaultdict
from dataclasses import replace
from itertools import accumulate

from odoo.addons.hr_sales_commission.engine.facts import ZERO
from odoo.addons.hr_sales_commission.engine.rounding import allot


def share_out_typed(sold, taken):
    """Share out what credit notes take back without naming an order.

    :param list[InvoicePart] sold: of an invoice
    :param list[InvoicePart] taken: of all credit notes of the invoice
    :return: the same of the credit notes, each part of an order where the invoice has
        several
    :rtype: list[InvoicePart]
    """
    orders = {part.order_id for part in sold if part.order_id}
    named = [part for part in taken if part.order_id in orders]
    typed = [part for part in taken if part.order_id not in orders]
    weights = _get_left(sold, named)
    if len(sold) < 2 or not any(weights):
        return taken
    typed.sort(key=lambda part: part.invoice_id)
    whole = sum(weights)
    totals = accumulate((part.amount for part in typed), initial=ZERO)
    shared = [allot(total, weights, sold[0].step) for total in totals]
    return named + [
        replace(
            part,
            order_id=of_order.order_id,
            lead_id=of_order.lead_id,
            user_id=of_order.user_id,
            amount=after - before,
            quantity=part.quantity * float(weight / whole),
        )
        for number, part in enumerate(typed)
        for of_order, weight, before, after in zip(
            sold, weights, shared[number], shared[number + 1], strict=True
        )
        if after != before
    ]


def _get_left(sold, named):
    """Return what credit notes that name orders leave of each; all where it is nothing."""
    taken = defaultdict(lambda: ZERO)
    for part in named:
        taken[part.order_id] += part.amount
    left = [max(part.amount + taken[part.order_id], ZERO) for part in sold]
    return left if any(left) else [max(part.amount, ZERO) for part in sold]


def merged(parts):
    """Return parts with one for each order of a document.

    :param list[InvoicePart] parts: of any documents
    """
    by_key = {}
    for part in parts:
        key = part.invoice_id, part.order_id
        other = by_key.get(key)
        by_key[key] = (
            part
            if other is None
            else replace(
                other,
                amount=other.amount + part.amount,
                quantity=other.quantity + part.quantity,
            )
        )
    return list(by_key.values())
