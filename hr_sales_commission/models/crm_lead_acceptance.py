# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""When a customer accepted what a deal delivered; payouts may wait for it."""

from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    commission_date_accepted = fields.Date(
        string="Accepted On",
        copy=False,
        tracking=True,
        groups="hr_sales_commission.group_commission_officer",
        help="The day on which the customer accepted what was delivered: it releases "
        "what commission rules hold back until then.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "commission_date_accepted" in vals:
            Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
            Event._set_pending([("lead_id", "in", self.ids)])
        return result
