# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Roles that an order or an invoice names or fills."""

from odoo import api, models


class HrCommissionRole(models.Model):
    _inherit = "hr.commission.role"

    @api.model
    def _get_filling_models(self):
        return [*super()._get_filling_models(), "sale.order", "account.move"]

    @api.model
    def _get_naming_models(self):
        return [*super()._get_naming_models(), "hr.commission.share"]
