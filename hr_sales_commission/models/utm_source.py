from odoo import fields, models

from .crm_lead import COMMISSION_SOURCES


class UtmSource(models.Model):
    _inherit = "utm.source"

    commission_source = fields.Selection(
        COMMISSION_SOURCES,
        string="Customer Source",
        help="Whose customers the leads of this source are for commissions. "
        "Empty: marketing's.",
    )
