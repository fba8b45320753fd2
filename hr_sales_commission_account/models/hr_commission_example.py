# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Examples of a plan with orders, invoices and payments."""

from odoo import api, models


class HrCommissionExample(models.Model):
    _inherit = "hr.commission.example"

    @api.depends("event_ids.margin")
    def _compute_expected(self):
        return super()._compute_expected()

    @api.depends("event_ids.margin", "plan_id.refund_basis")
    def _compute_result(self):
        return super()._compute_result()
