# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What a company sets for its commissions, where administrators look for it."""

    _inherit = "res.config.settings"

    commission_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of Commissions"
    )
    commission_start_date = fields.Date(related="company_id.commission_start_date")
    commission_lock_date = fields.Date(related="company_id.commission_lock_date")
    commission_year_month = fields.Selection(
        related="company_id.commission_year_month", readonly=False
    )
    commission_year_day = fields.Integer(
        related="company_id.commission_year_day", readonly=False
    )
    commission_year_weeks = fields.Selection(
        related="company_id.commission_year_weeks", readonly=False
    )
    commission_year_weekday = fields.Selection(
        related="company_id.commission_year_weekday", readonly=False
    )
    commission_second_approval_amount = fields.Monetary(
        related="company_id.commission_second_approval_amount",
        currency_field="commission_currency_id",
        readonly=False,
    )
    is_commission_statement_signed = fields.Boolean(
        related="company_id.is_commission_statement_signed", readonly=False
    )
