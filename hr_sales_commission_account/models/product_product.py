# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What was sold of a product in open months costs what it costs now."""

from odoo import models
from odoo.fields import Domain

from ..pipeline.sold_documents import INVOICES


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        result = super().write(vals)
        if "standard_price" in vals:
            self._retake_commission_costs()
        return result

    def _retake_commission_costs(self):
        """Have what was sold of these products in open months cost what it costs now.

        Orders before invoices, and these before credit notes, which take their costs
        from them.
        """
        if not self.env["hr.commission.plan"]._retakes_costs():
            return
        day = self.env["hr.commission.plan"]._get_first_open_day()
        of_products = Domain("product_id", "in", self.ids)
        # sudo: whoever maintains products need not see the documents
        orders = self.env["sale.order.line"].sudo()
        orders.search(
            of_products
            & Domain("order_id.state", "=", "sale")
            & Domain("order_id.date_order", ">=", day)
        )._retake_commission_cost()
        # sudo: costs follow the product, whoever changed it
        invoices = self.env["account.move.line"].sudo()
        for kinds in (INVOICES, ("out_refund",)):
            invoices.search(
                of_products
                & Domain("parent_state", "=", "posted")
                & Domain("move_type", "in", kinds)
                & Domain("date", ">=", day)
            )._retake_commission_cost()
