# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Documents with fields that the system decides; loaded after all other models."""

from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["hr.commission.protected", "account.move"]


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["hr.commission.protected", "account.move.line"]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["hr.commission.protected", "sale.order"]

    def _get_followed_links(self):
        """An order says what its deal is worth, and pays the people of the deal.

        Once it is confirmed it keeps both, whatever deal it names.
        """
        links = super()._get_followed_links()
        is_sealed = self and self == self._filter_confirmed()
        return links if is_sealed else links | {"opportunity_id"}


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["hr.commission.protected", "sale.order.line"]
