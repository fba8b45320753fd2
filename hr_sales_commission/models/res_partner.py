"""Customers: their contacts, who claims them and whom they referred."""

from odoo import fields, models
from odoo.tools import SQL

#: by what a customer is found again
FOUND_BY = frozenset(
    ("email", "phone", "parent_id", "vat", "company_registry", "website")
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    commission_touchpoint_ids = fields.One2many(
        "crm.touchpoint", "commercial_partner_id", string="Contacts", readonly=True
    )

    def write(self, vals):
        """Look at the leads of a customer again whose mail or phone changed."""
        if FOUND_BY.isdisjoint(vals):
            return super().write(vals)
        leads = self.env["crm.lead"].sudo()  # sudo: crm.lead - of colleagues as well
        of_these = leads.search([("partner_id", "in", self.ids)])
        known = of_these._get_known_customers({"partner_id"})
        result = super().write(vals)
        others = leads._filter_other_customers(known)
        others._try_source_step(others._drop_proof)
        moved = leads._filter_moved_wins(known)
        moved._try_source_step(lambda: moved._touch_sales_of_customers(known))
        customers = of_these.filtered(lambda lead: lead.source_state != "overruled")
        customers._commission_capture({"partner_id"})
        return result

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
