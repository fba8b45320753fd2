# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Reasons why leads are lost, as far as commissions ask for them."""

from odoo import fields, models


class CrmLostReason(models.Model):
    _inherit = "crm.lost.reason"

    is_duplicate = fields.Boolean(
        string="Same Deal Twice",
        help="A won deal that is archived for this reason never was a deal of its own: "
        "its commissions are taken back, whatever the clawback window.",
    )
