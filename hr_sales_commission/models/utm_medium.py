from odoo import fields, models

from .crm_touchpoint import TOUCHPOINT_KINDS


class UtmMedium(models.Model):
    _inherit = "utm.medium"

    touchpoint_kind = fields.Selection(
        TOUCHPOINT_KINDS,
        help="What kind of contact a lead that arrives through this medium counts as. "
        "Empty: a form filled in.",
    )
