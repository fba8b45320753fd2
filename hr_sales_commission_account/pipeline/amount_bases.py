# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What of a document a percentage is of: a registry of amount bases.

An addon adds one by :func:`register_base` and the choice by ``selection_add`` on
``hr.commission.rule.base``.
"""

from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(frozen=True, slots=True)
class AmountBase:
    """How lines of documents are counted, in the currency of the company.

    :param code: as stored in rules
    :param of_invoice: SQL for a line ``line`` of an invoice ``invoice``, above zero on
        an invoice; ``direction.sign`` is -1 on a credit note; ``worth.balance`` is what
        the line is worth, at the exchange rate of the invoice that a credit note takes
        back
    :param of_order: SQL for a line ``line`` of an order ``orders``
    :param uses_costs: costs are frozen when the document is confirmed
    :param uses_list_prices: list prices are
    """

    code: str
    of_invoice: str
    of_order: str
    uses_costs: bool = False
    uses_list_prices: bool = False


BASES: dict[str, AmountBase] = {}


def register_base(base: AmountBase):
    """Let rules pay a percentage of a further base."""
    BASES[base.code] = base


def base_of_invoice(scope) -> SQL:
    """Return what a line of an invoice counts for a scope.

    :raises KeyError: for a base that nobody registered
    """
    return SQL(BASES[scope.base].of_invoice)


def base_of_order(scope) -> SQL:
    """Return what a line of an order counts for a scope.

    :raises KeyError: for a base that nobody registered
    """
    return SQL(BASES[scope.base].of_order)


RATE = "COALESCE(NULLIF(orders.currency_rate, 0), 1)::numeric"
#: something of a line's product, of the unit that the line is in
IN_OWN_UNIT = """(SELECT %s * uom.factor::numeric / NULLIF(own.factor, 0)::numeric
                   FROM product_product product
                   JOIN product_template template
                     ON template.id = product.product_tmpl_id
                   JOIN uom_uom own ON own.id = template.uom_id
                   JOIN uom_uom uom ON uom.id = COALESCE(line.product_uom_id, own.id)
                  WHERE product.id = line.product_id)"""
#: how many of the product's own units one unit of a line is: twelve for a dozen
UNITS = f"COALESCE({IN_OWN_UNIT % 1}, 1)"
#: as sealed with the line; of lines of before there were seals that of today
LIST_PRICE = (
    IN_OWN_UNIT % "COALESCE(line.commission_list_price, template.list_price)::numeric"
)

for _base in (
    AmountBase("amount", "-worth.balance", f"line.price_subtotal::numeric / {RATE}"),
    AmountBase(
        "taxed",
        "COALESCE(-worth.balance * line.price_total / NULLIF(line.price_subtotal, 0), 0)",
        f"line.price_total::numeric / {RATE}",
    ),
    AmountBase(
        "list_price",
        f"COALESCE({LIST_PRICE} * line.quantity::numeric * direction.sign,"
        " -worth.balance)",
        f"COALESCE({LIST_PRICE} * line.product_uom_qty::numeric,"
        f" line.price_subtotal::numeric / {RATE})",
        uses_list_prices=True,
    ),
    AmountBase(
        "margin",
        "-worth.balance - (COALESCE(line.commission_unit_cost, 0) * line.quantity"
        " * direction.sign)::numeric",
        f"line.price_subtotal::numeric / {RATE}"
        " - (COALESCE(line.commission_unit_cost, 0) * line.product_uom_qty)::numeric",
        uses_costs=True,
    ),
):
    register_base(_base)
