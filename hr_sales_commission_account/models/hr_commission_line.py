# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What the evidence of a line says about its document."""

from odoo import models

from .hr_commission_event import DOCUMENT_EVENTS


class HrCommissionLine(models.Model):
    _inherit = "hr.commission.line"

    def _filter_verified_by_gainer(self):
        """Also without a lead, where the customer was verified by who earns by them."""
        found = super()._filter_verified_by_gainer()
        events = self.filtered(lambda line: not line.lead_id).event_id
        customer_of = events._get_customers(
            [{"id": event.id, "lead_id": None} for event in events]
        )
        customers = self.env["res.partner"].sudo()  # sudo: who verified them
        customers = customers.browse(set(customer_of.values()) - {None})
        for verifier, of_theirs in customers.grouped(
            "commission_source_verifier_id"
        ).items():
            if verifier:
                _users, own = self.env["hr.commission.person"]._get_person(verifier)
                theirs = self.filtered(
                    lambda line, ids=of_theirs.ids: (
                        customer_of.get(line.event_id.id) in ids
                    )
                )
                found |= theirs.filtered(lambda line, own=own: line.employee_id in own)
                found |= theirs._filter_stake(own)
        return found

    def _get_evidence_rows(self, facts):
        """Orders and invoices without a lead follow the customer's latest lead."""
        rows = super()._get_evidence_rows(facts)
        event = self.sudo().event_id  # sudo: what the reader's pay rests on
        if self.lead_id or event.event_type not in DOCUMENT_EVENTS:
            return rows
        detail = event._read_document_details(event.ids)[event.id]
        states = self.env["crm.lead"]._fields["source_state"]
        labels = dict(states._description_selection(self.env))
        return [
            (
                self.env._("Whose customer"),
                self._get_source_label(detail["commission_source"]),
            ),
            (self.env._("Verification"), labels.get(detail["source_state"]) or ""),
            (self.env._("Document"), event.display_name),
            (
                self.env._("Grounds"),
                self.env._(
                    "The document comes from no lead. It counts as the customer's "
                    "latest lead before it; without any, as an own customer."
                ),
            ),
        ]
