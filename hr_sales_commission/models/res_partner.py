"""Customers: their contacts, who claims them and whom they referred."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..pipeline.touch_matcher import REGISTRY_KEY, VAT_KEY, find_same_companies

#: by what a customer is found again, and where it belongs
FOUND_BY = frozenset(("email", "phone", "vat", "company_registry", "website"))
BELONGS_BY = frozenset(("parent_id", "is_company", "active"))


class ResPartner(models.Model):
    _inherit = "res.partner"

    commission_touchpoint_ids = fields.One2many(
        "crm.touchpoint", "commercial_partner_id", string="Contacts", readonly=True
    )

    _commission_vat_idx = models.Index(
        f"(({VAT_KEY.format('res_partner')})) WHERE vat IS NOT NULL"
    )
    _commission_registry_idx = models.Index(
        f"(({REGISTRY_KEY.format('res_partner')})) WHERE company_registry IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A new contact of a customer says by what else that one is found."""
        contacts = super().create(vals_list)
        told = contacts.browse(
            contact.id
            for contact, vals in zip(contacts, vals_list, strict=True)
            if contact.parent_id and any(map(vals.get, FOUND_BY))
        )
        told._ask_leads_again(told._find_leads())
        return contacts

    def write(self, vals):
        """Look at the leads of a customer again who is found by something else now."""
        if (FOUND_BY | BELONGS_BY).isdisjoint(vals):
            return super().write(vals)
        before = self._find_leads()
        known = before._get_known_customers({"partner_id"})
        result = super().write(vals)
        others = before._filter_other_customers(known)
        others._try_source_step(others._drop_proof)
        moved = before._filter_moved_wins(known)
        moved._try_source_step(lambda: moved._touch_sales_of_customers(known))
        self._ask_leads_again(before | self._find_leads())
        return result

    def _find_leads(self):
        """Return the leads whose customers these contacts are or belong to.

        :rtype: crm.lead
        """
        leads = self.env["crm.lead"].sudo()  # sudo: crm.lead - of colleagues as well
        if not self:
            return leads
        # sudo: whatever the user may see of a company, it is one
        customers = self.sudo().commercial_partner_id
        same = customers.browse(
            other for _customer, other in find_same_companies(customers)
        )
        everybody = customers.with_context(active_test=False)
        contacts = everybody.search(
            [("commercial_partner_id", "in", (customers | same).ids)]
        )
        return leads.with_context(active_test=False)._find_by_contacts(contacts)

    @api.model
    def _ask_leads_again(self, leads):
        """Ask whose customers leads are, with all that is known by now."""
        asked = leads.filtered(lambda lead: lead.source_state != "overruled")
        asked._commission_capture({"partner_id"})

    def action_log_contact(self):
        """Log a contact with this customer, in two clicks."""
        self.ensure_one()
        return self.env["crm.touchpoint.log"]._get_action(partner=self)

    def action_claim_customer(self):
        """Open a dispute about whose customer this is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim Customer"),
            "res_model": "hr.commission.dispute",
            "view_mode": "form",
            "context": {"default_kind": "source", "default_partner_id": self.id},
        }

    def action_view_touchpoints(self):
        """Show the contacts with this customer that the user may see."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.crm_touchpoint_action"
        )
        action["domain"] = [
            ("commercial_partner_id", "=", self.commercial_partner_id.id)
        ]
        action["context"] = {}
        return action

    def _update_referral_counts(self):
        """Count on the leads of these customers the leads they referred."""
        # sudo: counted over everybody's leads
        customers = self.sudo().commercial_partner_id
        if not customers:
            return
        self.env["crm.lead"].flush_model(["referrer_id", "partner_id"])
        leads = self.env["crm.lead"].sudo()  # sudo: crm.lead - read-only figures
        rows = self.env.execute_query(
            SQL(
                """UPDATE crm_lead lead SET referral_count = referred.number
                     FROM (SELECT referrer.commercial_partner_id AS id,
                                  count(*) AS number
                             FROM crm_lead JOIN res_partner referrer
                                  ON referrer.id = crm_lead.referrer_id
                            WHERE referrer.commercial_partner_id = ANY(%s)
                         GROUP BY referrer.commercial_partner_id) referred,
                          res_partner customer
                    WHERE customer.id = lead.partner_id
                      AND customer.commercial_partner_id = referred.id
                RETURNING lead.id""",
                customers.ids,
            )
        )
        if rows:
            leads.invalidate_model(["referral_count"], flush=False)
