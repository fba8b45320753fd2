"""What a user has put aside on the boards."""

from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    is_commission_onboarding_dismissed = fields.Boolean(
        help="The first steps of commissions are no longer shown to this user."
    )
