# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Leads that came through a form of the website."""

from odoo import models
from odoo.tools import html2plaintext


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def website_form_input_filter(self, request, values):
        """A form is a form however its visitor came, and says what they need."""
        values = super().website_form_input_filter(request, values)
        values["channel"] = "web_form"
        if not values.get("need_description"):
            need = html2plaintext(values.get("description") or "")
            values["need_description"] = need or False
        return values
