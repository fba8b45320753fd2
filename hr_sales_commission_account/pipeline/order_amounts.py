# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What orders are worth to rules: amounts and quantities by scope, in sets."""

from decimal import Decimal

from odoo.tools import SQL

from odoo.addons.hr_sales_commission.engine.facts import ZERO
from odoo.addons.hr_sales_commission.engine.rounding import round_half_up

from .amount_bases import UNITS, base_of_order
from .commission_scope import WHOLE
from .scope_conditions import (
    customer_condition,
    is_discount_line,
    is_repeat_order,
    line_condition,
    sealed_deal,
)

#: what orders sum up to
ORDER_TOTALS = """
        SELECT orders.id,
               %(amount)s::text,
               -- what takes something off is no unit that was sold
               SUM(line.product_uom_qty * %(units)s)
                   FILTER (WHERE chosen.is_it AND line.price_unit >= 0)::float8,
               currency.rounding::text
          FROM sale_order orders
          JOIN sale_order_line line ON line.order_id = orders.id
          JOIN res_company company ON company.id = orders.company_id
          JOIN res_currency currency ON currency.id = company.currency_id
          JOIN res_partner contact ON contact.id = orders.partner_id
    CROSS JOIN LATERAL (SELECT %(off)s AS is_it) off
    CROSS JOIN LATERAL (
               SELECT NOT off.is_it AND %(lines)s AS is_it) chosen
         WHERE orders.id = ANY(%(ids)s)
           AND line.display_type IS NULL
           AND NOT COALESCE(line.is_downpayment, FALSE)
           AND %(customers)s AND %(origin)s AND %(kind)s
         GROUP BY orders.id, currency.rounding
        HAVING COUNT(*) FILTER (WHERE chosen.is_it) > 0
"""


class OrderAmounts:
    """Amounts of orders in the currency of their companies, at the orders' own rate.

    One statement a scope, whatever the number of orders.

    :param order_ids: ids of orders that are flushed to the database
    """

    def __init__(self, env, order_ids):
        self.env = env
        self.order_ids = list(order_ids)
        self._totals = {}

    def get(self, scope):
        """Return amount and quantity of what satisfies a scope.

        :rtype: dict[int, tuple[Decimal, float]]
        """
        return {
            order_id: (round_half_up(amount, step), quantity)
            for order_id, (amount, quantity, step) in self._get_totals(scope).items()
        }

    def get_factor(self, scope, order_id):
        """Return what a scope counts for each unit of an order's untaxed total.

        Down payments name no product: they are shared out over the order like this.

        :rtype: Decimal
        """
        if not scope.looks_at_lines:
            return Decimal(1)
        whole = self._get_totals(WHOLE).get(order_id)
        part = self._get_totals(scope).get(order_id)
        return part[0] / whole[0] if part and whole and whole[0] else ZERO

    def _get_totals(self, scope):
        if scope not in self._totals:
            self._totals[scope] = self._read_totals(scope) if self.order_ids else {}
        return self._totals[scope]

    def _read_totals(self, scope):
        rows = self.env.execute_query(
            SQL(
                ORDER_TOTALS,
                ids=self.order_ids,
                amount=self._amount(scope),
                off=is_discount_line(scope, "line", "product_uom_qty"),
                lines=line_condition(self.env, scope, "line"),
                units=SQL(UNITS),
                customers=customer_condition(
                    self.env, scope, SQL("contact.commercial_partner_id")
                ),
                origin=SQL("%s IS NOT NULL", sealed_deal("orders"))
                if scope.origin == "lead"
                else SQL("TRUE"),
                kind=self._kind(scope),
            )
        )
        return {
            order_id: (Decimal(amount or 0), quantity or 0.0, Decimal(step))
            for order_id, amount, quantity, step in rows
        }

    @staticmethod
    def _amount(scope):
        if not scope.looks_at_lines:  # may be rounded on the whole
            return SQL(
                "(orders.amount_untaxed"
                " / COALESCE(NULLIF(orders.currency_rate, 0), 1)::numeric)"
            )
        return SQL(
            """(SUM(%(base)s) FILTER (WHERE chosen.is_it)
                + COALESCE(
                    SUM(%(base)s) FILTER (WHERE off.is_it)
                    * SUM(line.price_subtotal) FILTER (WHERE chosen.is_it)
                    / NULLIF(SUM(line.price_subtotal) FILTER (WHERE NOT off.is_it), 0),
                    0))""",
            base=base_of_order(scope),
        )

    def _kind(self, scope):
        if not scope.customer_kind:
            return SQL("TRUE")
        return SQL(
            "%s = %s",
            is_repeat_order(self.env, "orders", "contact"),
            scope.customer_kind == "repeat",
        )
