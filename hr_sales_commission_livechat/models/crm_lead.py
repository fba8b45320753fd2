# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Leads that came through a chat, with the chat as evidence."""

from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_arrival_kind(self, vals):
        if self._is_chat(vals.get("origin_channel_id")):
            return "chat"
        return super()._get_arrival_kind(vals)

    @api.model
    def _is_chat(self, channel_id):
        """Whether a channel is a chat with a visitor; operators make leads by hand."""
        # sudo: discuss.channel - which kind it is, whoever names it
        channel = self.env["discuss.channel"].sudo().browse(channel_id or ()).exists()
        return channel.channel_type == "livechat"

    def _get_arrival_evidence(self):
        # sudo: the channel may be hidden from the salesperson
        return self.sudo().origin_channel_id or super()._get_arrival_evidence()
