# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which customer a lead is proven for: asked again when another one is named."""

from odoo import api, models

from ..pipeline.identity import email_key
from .crm_lead import IDENTITY_FIELDS


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_known_customers(self, vals):
        """Return whom these leads are with, before their customer may change.

        :rtype: dict
        """
        if IDENTITY_FIELDS.isdisjoint(vals):
            return {}
        # sudo: the customer may be hidden from the salesperson
        return {lead: lead._get_customer_key() for lead in self.sudo()}

    def _ask_identity_again(self, partners_of):
        """Decide again with the customers that an order or an invoice names.

        An own customer that turns out to be somebody else is not proven any more.

        :param dict partners_of: res.partner by lead
        """
        vals_list, asked = [], self.browse()
        for lead, partners in partners_of.items():
            recorded = lead.touchpoint_ids.commercial_partner_id
            new = (
                partners.commercial_partner_id
                - recorded
                - (lead.partner_id.commercial_partner_id)
            )
            if not new or lead.is_before_start:
                continue
            asked += lead
            mails = {email_key(contact.email_normalized) for contact in partners}
            is_known = not lead.partner_id and (
                not lead.email_normalized or email_key(lead.email_normalized) in mails
            )
            if lead.commission_source == "own" and not is_known:
                lead._drop_proof()
            vals_list += [
                {
                    "lead_id": lead.id,
                    "partner_id": partner.id,
                    "email_normalized": partner.email_normalized,
                    "phone_sanitized": partner.phone_sanitized or partner.phone,
                    "kind": "other",
                    "commission_source": lead._get_claimed_side(),
                    "employee_id": lead._get_source_person().id,
                    "company_id": lead._get_commission_company().id,
                    "note": self.env._("Customer named on a document"),
                }
                for partner in new
            ]
        log = self.env["crm.touchpoint"].sudo()  # sudo: append-only log
        log.with_context(commission_new_leads=True).create(vals_list)
        asked.filtered(
            lambda lead: not lead.is_source_fixed and lead.source_state != "overruled"
        )._decide_sources(False)

    @api.model
    def _find_by_contacts(self, contacts):
        """Return the leads that name contacts as their customers.

        :param contacts: res.partner
        :rtype: crm.lead
        """
        return self.search([("partner_id", "in", contacts.ids)])

    def _get_customer_partners(self):
        """Return the partners that the customer is known by.

        :rtype: res.partner
        """
        return self.partner_id

    def _get_customer_key(self):
        """Return company, person and mail by which a lead names its customer."""
        company = self.partner_id.commercial_partner_id
        person = not company.is_company and company.id
        return company.id, person, email_key(self.email_normalized)

    @api.model
    def _filter_other_customers(self, known):
        """Return the leads that were proven for a customer they are no longer with.

        :param dict known: from :meth:`_get_known_customers`, before
        """
        others = self.browse()
        for lead, (company, person, mail) in known.items():
            company_now, person_now, mail_now = lead._get_customer_key()
            is_other = bool(mail and mail_now and mail != mail_now)
            if company and company_now:
                is_same_person = person and person == person_now
                is_other = company != company_now or bool(is_same_person and is_other)
            is_proven = (
                lead.is_source_fixed
                or lead.source_verifier_id
                or lead.source_state in ("verified", "overruled")
            )
            if is_other and is_proven and lead.commission_source != "marketing":
                others += lead
        return others

    def _drop_proof(self):
        """Forget what proved the source: it was about another customer."""
        if not self:
            return
        others = self.sudo()  # sudo: the system's
        others._write_facts(
            {
                "is_source_fixed": False,
                "source_verifier_id": False,
                "source_proof": False,
            }
        )
        others.filtered(lambda lead: lead.source_state != "disputed")._set_source_state(
            {"source_state": "open"}
        )
        disputes = others.commission_dispute_ids
        disputes.filtered(lambda dispute: dispute.state == "open").write(
            {"previous_state": "open"}
        )
