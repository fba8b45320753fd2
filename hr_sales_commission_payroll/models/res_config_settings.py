# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The settings of commissions on payslips."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    commission_negative_policy = fields.Selection(
        related="company_id.commission_negative_policy", readonly=False
    )
    commission_print_customer = fields.Boolean(
        related="company_id.commission_print_customer", readonly=False
    )
