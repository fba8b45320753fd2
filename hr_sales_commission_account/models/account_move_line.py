"""Lines of invoices, with the cost that their margin is reckoned with."""

from odoo import api, models


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "hr.commission.document.line"]

    def _get_commission_unit_cost(self):
        """The cost of an ordered product is that of the day of the order, the cost of
        what a credit note takes back that of its invoice.
        """
        self.ensure_one()
        origin = self.move_id._get_commission_origin().invoice_line_ids.filtered(
            lambda line: line.product_id == self.product_id
        )[:1]
        if origin.commission_unit_cost:
            return origin.product_uom_id._compute_price(
                origin.commission_unit_cost, self.product_uom_id
            )
        sold = self.sale_line_ids[:1]
        if not sold.commission_unit_cost:
            return super()._get_commission_unit_cost()
        return sold.product_uom_id._compute_price(
            sold.commission_unit_cost, self.product_uom_id or sold.product_uom_id
        )

    @api.model
    def _get_commission_document_name(self):
        return "move_id"
