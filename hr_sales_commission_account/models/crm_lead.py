from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.models.crm_lead import DECIDED_FIELDS, FACT_FIELDS


class CrmLead(models.Model):
    _inherit = "crm.lead"

    is_repeat_customer = fields.Boolean(
        string="Repeat Customer",
        compute="_compute_is_repeat_customer",
        search="_search_is_repeat_customer",
        help="The customer had bought before the day this deal was won.",
    )

    commission_order_ids = fields.One2many(
        "sale.order",
        "commission_lead_id",
        string="Confirmed Orders",
        groups="hr_sales_commission.group_commission_officer",
    )
    is_amount_ordered = fields.Boolean(
        copy=False,
        readonly=True,
        help="The signed amount follows confirmed orders, for good.",
    )

    @api.depends("date_won", "partner_id")
    def _compute_is_repeat_customer(self):
        self.env["crm.lead"].flush_model(["date_won", "partner_id"])
        rows = self.env.execute_query(
            SQL("%s AND lead.id = ANY(%s)", self._repurchases(), self.ids)
        )
        repurchases = {lead_id for (lead_id,) in rows}
        for lead in self:
            lead.is_repeat_customer = lead._origin.id in repurchases

    @api.model
    def _search_is_repeat_customer(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in" if True in value else "not in", self._repurchases())]

    @api.model
    def _repurchases(self):
        """Return the query of won leads whose customer had bought before."""
        return SQL(
            """SELECT lead.id FROM crm_lead lead
                 JOIN res_partner contact ON contact.id = lead.partner_id
                WHERE lead.date_won IS NOT NULL AND (
                    EXISTS (
                       SELECT FROM crm_lead former
                         JOIN res_partner person ON person.id = former.partner_id
                        WHERE person.commercial_partner_id
                              = contact.commercial_partner_id
                          AND (former.date_won, former.id) < (lead.date_won, lead.id)
                          AND (former.company_id IS NULL OR lead.company_id IS NULL
                               OR former.company_id = lead.company_id))
                 OR EXISTS (
                       SELECT FROM sale_order sold
                         JOIN res_partner buyer ON buyer.id = sold.partner_id
                        WHERE buyer.commercial_partner_id
                              = contact.commercial_partner_id
                          AND sold.state = 'sale' AND sold.date_order < lead.date_won
                          AND sold.opportunity_id IS DISTINCT FROM lead.id
                          AND (lead.company_id IS NULL
                               OR sold.company_id = lead.company_id)))"""
        )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "is_amount_ordered",
            "commission_order_ids",
        }

    def _get_won_amount(self):
        """Return the untaxed total of the confirmed orders.

        The expected revenue counts until the deal, once won, has such an order.
        """
        self.ensure_one()
        orders = self._get_signed_orders()
        if orders and not self.is_amount_ordered:
            self._write_facts({"is_amount_ordered": True})
        if self.is_amount_ordered:
            return orders._get_signed_amount(self._get_commission_company())
        return super()._get_won_amount()

    def _get_signed_orders(self):
        """Return the confirmed orders of the deal, as of their confirmation."""
        lead = self.sudo()  # sudo: orders of colleagues count as well
        orders = lead.commission_order_ids | lead.order_ids.filtered(
            lambda order: not order.commission_lead_id
        )
        return orders.filtered_domain(lead._get_lead_sale_order_domain())

    def _get_returning_amount(self, amount):
        if self.is_amount_ordered or self._get_signed_orders():
            return self._get_won_amount()
        return super()._get_returning_amount(amount)

    def _capture_orders(self):
        """Have the signed amount of won deals follow their orders."""
        won = self.filtered(lambda lead: lead.won_status == "won")
        won._commission_capture({"expected_revenue"})

    def _record_commission_facts(self, changed):
        result = super()._record_commission_facts(changed)
        if changed and (self._get_commission_fields() - FACT_FIELDS) & changed:
            self.env["hr.commission.event"]._touch_documents_of_leads(
                self, is_decided=not DECIDED_FIELDS.isdisjoint(changed)
            )
        return result

    def _merge_dependences(self, opportunities):
        """Orders stay confirmed under the deal that theirs became part of."""
        opportunities.sudo().commission_order_ids.write({"commission_lead_id": self.id})
        return super()._merge_dependences(opportunities)
