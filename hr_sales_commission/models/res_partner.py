# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Customers: their contacts, who claims them and whom they referred."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..pipeline.given import get_ids
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

    _commission_mail_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )
    _commission_phone_idx = models.Index(
        "(phone_sanitized) WHERE phone_sanitized IS NOT NULL"
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
        self._check_new_companies(vals)
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

    # ------------------------------------------------------------------
    # Customers that become one
    # ------------------------------------------------------------------

    def _check_new_companies(self, vals):
        """Refuse to make one customer of several, also from the company's side.

        :param dict vals: about to be written
        """
        if "parent_id" in vals or "is_company" in vals:
            self._check_new_company(vals)
        if vals.get("child_ids"):
            linked = get_ids(self._fields["child_ids"], vals["child_ids"])
            contacts = self.browse({number for _model, number in linked}).exists()
            contacts._check_new_company({"parent_id": self[:1].id})

    def _check_new_company(self, vals):
        """Refuse to move contacts to a company where that pays who moves them.

        :param dict vals: about to be written
        """
        for contact in self:
            parent = contact.parent_id
            if "parent_id" in vals:
                parent = self.browse(vals["parent_id"] or ())
            # sudo: whatever the user may see of a company, it is one
            company = parent.sudo().commercial_partner_id
            is_moved = company != contact.sudo().commercial_partner_id  # sudo: as above
            if company and is_moved and not vals.get("is_company", contact.is_company):
                self._check_not_put_together([contact, company])

    @api.model
    def _check_not_put_together(self, sides):
        """Refuse to make one customer of several where that pays who does it.

        :param sides: res.partner, one for each
        :raises UserError: naming one that pays whoever puts them together
        """
        if self.env.su:
            return
        users, own = self.env["hr.commission.person"]._get_myself()
        # sudo: who sells to whom, whoever asks
        sides = [side.sudo() for side in sides]
        for side in sides if own else ():
            for other in sides:
                if side != other and side._is_gained_with(other, users, own):
                    raise UserError(
                        self.env._(
                            "You earn by “%(customer)s”, and would earn by what "
                            "“%(other)s” buys as well. Ask somebody who does not to put "
                            "both together.",
                            customer=side.display_name,
                            other=other.display_name,
                        )
                    )

    def _is_gained_with(self, other, users, own):
        """Whether somebody assigned to this customer would be so to another's.

        :param res.partner other: would be one with this one
        :param users: res.users of the person
        :param own: hr.employee of the person
        """
        Assignment = self.env["hr.commission.assignment"]
        if not Assignment._is_used():
            return False
        here, there = (
            Assignment.search([("partner_id", "child_of", each.ids)]).employee_id
            for each in (self, other)
        )
        return bool(own & here and not own & there) and bool(
            there or other._get_sellers() - users
        )

    def _get_sellers(self):
        """Return whoever sells to these customers, or is their salesperson.

        :rtype: res.users
        """
        customers = self.sudo()  # sudo: who sells to whom, whoever asks
        leads = customers.env["crm.lead"].with_context(active_test=False)
        groups = leads._read_group([("partner_id", "child_of", self.ids)], ["user_id"])
        return customers.user_id.union(*(user for (user,) in groups))

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
        self._ensure_one_given()
        return self.env["crm.touchpoint.log"]._get_action(partner=self)

    def action_claim_customer(self):
        """Open a dispute about whose customer this is."""
        self._ensure_one_given()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim Customer"),
            "res_model": "hr.commission.dispute",
            "view_mode": "form",
            "context": {"default_kind": "source", "default_partner_id": self.id},
        }

    def action_view_touchpoints(self):
        """Show the contacts with this customer that the user may see."""
        self._ensure_one_given()
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
