"""Leads that came through a form of the website."""

from odoo import SUPERUSER_ID, api, models
from odoo.tools import html2plaintext

#: who was signed in when a form was sent, in the context of the request
SENDER = "commission_form_sender"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        """What a colleague typed into a form is theirs, not a visitor's."""
        sender = self.env.context.get(SENDER)
        if sender and self.env.uid == SUPERUSER_ID:
            self = self.with_user(sender).sudo()  # sudo: as forms are kept
        return super().create(vals_list)

    def website_form_input_filter(self, request, values):
        """A form is a form however its visitor came, and says what they need."""
        values = super().website_form_input_filter(request, values)
        if request.env.user._is_internal():
            request.update_context(**{SENDER: request.env.uid})
        else:
            values["channel"] = "web_form"
        if not values.get("need_description"):
            need = html2plaintext(values.get("description") or "")
            values["need_description"] = need or False
        return values
