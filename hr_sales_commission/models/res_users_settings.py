# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a user has put aside on the boards."""

from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    is_commission_onboarding_dismissed = fields.Boolean(
        help="The first steps of commissions are no longer shown to this user."
    )
