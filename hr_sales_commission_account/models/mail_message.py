# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models


class MailMessage(models.Model):
    """What customers write on orders proves whose they are."""

    _inherit = "mail.message"

    @api.model
    def _get_evidence_models(self):
        return super()._get_evidence_models() | {"sale.order"}
