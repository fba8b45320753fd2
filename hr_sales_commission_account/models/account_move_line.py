# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Lines of invoices, with the cost that their margin is reckoned with."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: what a posted line comes to: that follows from its price
BOOKED_FIELDS = frozenset(
    ("balance", "amount_currency", "debit", "credit", "price_subtotal", "price_total")
)


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "hr.commission.document.line"]

    def write(self, vals):
        booked = BOOKED_FIELDS.intersection(vals)
        if booked and not self.env.su:
            self._check_follows_from_price({name: vals[name] for name in booked})
        put_off = self._filter_put_off(vals)
        result = super().write(vals)
        put_off.move_id._filter_customer_documents()._commission_capture(touched=True)
        return result

    def _filter_put_off(self, vals):
        """Return the posted lines that values make due on another day."""
        if "date_maturity" not in vals:
            return self.browse()
        day = fields.Date.to_date(vals["date_maturity"])
        return self.filtered(
            lambda line: line.parent_state == "posted" and line.date_maturity != day
        )

    def _check_follows_from_price(self, vals):
        """Refuse to type what lines of a posted invoice come to.

        :raises UserError: naming the invoice
        """
        for line in self:
            is_sold = line.parent_state == "posted" and line.display_type == "product"
            if not (is_sold and line.move_id._filter_customer_documents()):
                continue
            if any(line.move_id._field_will_change(line, vals, name) for name in vals):
                raise UserError(
                    self.env._(
                        "What “%(invoice)s” comes to follows from prices and "
                        "quantities. Reset it to draft and change those.",
                        invoice=line.move_id.display_name,
                    )
                )

    def _get_commission_unit_cost(self):
        """The cost of an ordered product is that of the day of the order, the cost of
        what a credit note takes back that of its invoice: of a part of the price the
        same part.
        """
        self.ensure_one()
        origin = self._get_origin_line()
        if origin.commission_unit_cost:
            cost = origin.product_uom_id._compute_price(
                origin.commission_unit_cost, self.product_uom_id
            )
            return cost * self._get_part_of_price(origin)
        sold = self.sale_line_ids[:1]
        if not sold.commission_unit_cost:
            return super()._get_commission_unit_cost()
        return sold.product_uom_id._compute_price(
            sold.commission_unit_cost, self.product_uom_id or sold.product_uom_id
        )

    def _get_commission_list_price(self):
        """That of the day of the order, or of the invoice that is taken back: of a part
        of the price the same part.
        """
        self.ensure_one()
        origin = self._get_origin_line()
        if origin.commission_list_price:
            return origin.commission_list_price * self._get_part_of_price(origin)
        sold = self.sale_line_ids.filtered(
            lambda line: line.product_id == self.product_id
        )[:1]
        if sold.commission_list_price:
            return sold.commission_list_price
        return super()._get_commission_list_price()

    def _get_origin_line(self):
        """Return the line of the same product on the invoice that is taken back.

        Of several that of the same order line; then of the price that is credited, or of
        which a part is.
        """
        found = self.move_id._get_commission_origin().invoice_line_ids.filtered(
            lambda line: line.product_id == self.product_id
        )
        price = self._get_net_price()

        def distance(line):
            other = line._get_net_price(self.product_uom_id)
            is_ordered_apart = not (line.sale_line_ids & self.sale_line_ids)
            return is_ordered_apart, other < price, abs(other - price)

        return found.sorted(distance)[:1]

    def _get_net_price(self, unit=None):
        """Return the untaxed price of one, in a unit of measure or that of the line."""
        price = self.price_subtotal / self.quantity if self.quantity else 0.0
        if not unit:
            return price
        return self.product_uom_id._compute_price(price, unit)

    def _get_part_of_price(self, origin):
        """Return the part of the price of ``origin`` that is credited, 0 to 1."""
        if not (self.quantity and origin.quantity and origin.price_subtotal):
            return 1.0
        price = origin._get_net_price(self.product_uom_id)
        return min(max(self._get_net_price() / price, 0.0), 1.0)

    @api.model
    def _get_commission_document_name(self):
        return "move_id"
