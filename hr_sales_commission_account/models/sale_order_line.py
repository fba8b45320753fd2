# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Lines of sales orders, with the cost that their margin is reckoned with."""

from odoo import api, models

#: fields whose change changes the amount of a confirmed order
AMOUNT_FIELDS = frozenset(
    ("product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount")
    + ("tax_ids",)
)


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "hr.commission.document.line"]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._capture_confirmed_orders()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if AMOUNT_FIELDS.intersection(vals):
            self._capture_confirmed_orders()
        if "purchase_price" in vals:  # of the margin addon
            self._retake_commission_cost()
            self.invoice_lines._retake_commission_cost()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders.exists()._filter_confirmed()._capture_order()
        return result

    def _capture_confirmed_orders(self):
        sold = self.filtered(lambda line: not line.is_downpayment)
        sold.order_id._filter_confirmed()._filter_made()._capture_order()

    def _get_commission_unit_cost(self):
        """The cost that a margin addon shows on the line is the one that counts."""
        self.ensure_one()
        if "purchase_price" in self._fields:
            return self.purchase_price / (self.order_id.currency_rate or 1.0)
        return super()._get_commission_unit_cost()

    @api.model
    def _get_commission_document_name(self):
        return "order_id"
