"""Leads that came through a chat, with the chat as evidence."""

from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_arrival_kind(self, vals):
        if vals.get("origin_channel_id"):
            return "chat"
        return super()._get_arrival_kind(vals)

    def _get_arrival_evidence(self):
        # sudo: the channel may be hidden from the salesperson
        return self.sudo().origin_channel_id or super()._get_arrival_evidence()
