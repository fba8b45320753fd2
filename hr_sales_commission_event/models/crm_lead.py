# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Leads that came through an event, with their registration as evidence."""

from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_arrival_kind(self, vals):
        if self.env.su and vals.get("event_lead_rule_id"):
            return "event"
        return super()._get_arrival_kind(vals)

    def _get_arrival_evidence(self):
        # sudo: the registration may be hidden from the salesperson
        return self.sudo().registration_ids[:1] or super()._get_arrival_evidence()
