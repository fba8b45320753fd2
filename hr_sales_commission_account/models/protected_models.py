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


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["hr.commission.protected", "sale.order.line"]
