# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models


class EventRegistration(models.Model):
    """Whoever registers for an event is met there, also where no rule makes a lead."""

    _inherit = "event.registration"

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        if not self.env.context.get("event_lead_rule_skip"):
            registrations._record_touchpoints()
        return registrations

    def _record_touchpoints(self):
        # a lead that a rule has made just now has its contact already
        # sudo: registrations come from visitors
        missing = self.sudo().filtered(lambda registration: not registration.lead_ids)
        public = self.env.ref("base.public_partner")
        self.env["crm.touchpoint"]._record_arrivals(
            [
                {
                    "kind": "event",
                    "external_ref": f"{registration._name},{registration.id}",
                    "evidence": f"{registration._name},{registration.id}",
                    "company_id": (registration.company_id or self.env.company).id,
                    "partner_id": (registration.partner_id - public).id,
                    "email_normalized": registration.email,
                    "phone_sanitized": registration.phone,
                    "company_name": registration.company_name,
                    "campaign_id": registration.utm_campaign_id.id,
                    "medium_id": registration.utm_medium_id.id,
                    "source_id": registration.utm_source_id.id,
                    "responsible_id": registration.event_id.user_id.id,
                    "note": registration.event_id.name,
                }
                for registration in missing
            ]
        )
