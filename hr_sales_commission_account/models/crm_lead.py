# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Leads with orders: the amount that was won, and whether the customer bought before."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.models.crm_lead import DECIDED_FIELDS, FACT_FIELDS
from odoo.addons.hr_sales_commission.pipeline.purchases import (
    has_bought_before,
    won_deal,
)

from ..pipeline.sold_documents import INVOICES

#: when a lead's customer first ordered of its salesperson, before the lead was made
ORDERED_BEFORE = """
    SELECT lead.id, 'order', min(former.date_order)
      FROM crm_lead lead
      JOIN res_partner customer ON customer.id = lead.partner_id
      JOIN res_partner contact ON contact.commercial_partner_id
           = customer.commercial_partner_id
      JOIN sale_order former ON former.partner_id = contact.id
           AND former.state = 'sale'
           AND former.create_date < lead.create_date
           AND former.date_order < lead.create_date
           AND former.opportunity_id IS DISTINCT FROM lead.id
     WHERE lead.id = ANY(%s) AND %s GROUP BY lead.id
"""
#: when the customer first got an invoice of the salesperson, before the lead was made
INVOICED_BEFORE = """
    SELECT lead.id, 'order', min(former.invoice_date)::timestamp
      FROM crm_lead lead
      JOIN res_partner customer ON customer.id = lead.partner_id
      JOIN account_move former ON former.commercial_partner_id
           = customer.commercial_partner_id
           AND former.state = 'posted'
           AND former.move_type IN %s
           AND former.create_date < lead.create_date
           AND former.invoice_date < lead.create_date::date
     WHERE lead.id = ANY(%s) AND %s GROUP BY lead.id
"""
#: whether a former document is of the salesperson of a lead
SOLD_BY = """
    CASE WHEN EXISTS (
         SELECT FROM hr_commission_event sold
           JOIN hr_commission_credit credit ON credit.event_id = sold.id
          WHERE sold.res_model = %(model)s AND sold.res_id = former.id)
    THEN EXISTS (
         SELECT FROM hr_commission_event sold
           JOIN hr_commission_credit credit ON credit.event_id = sold.id
                AND credit.share > 0 AND credit.manager_level = 0
           JOIN hr_commission_person seller
                ON seller.employee_ref = credit.employee_id
                AND seller.user_ref = lead.user_id
          WHERE sold.res_model = %(model)s AND sold.res_id = former.id)
    ELSE %(user)s = lead.user_id AND NOT EXISTS (
         SELECT FROM mail_message message
           JOIN mail_tracking_value changed ON changed.mail_message_id = message.id
           JOIN ir_model_fields field ON field.id = changed.field_id
                AND field.relation = 'res.users'
          WHERE message.model = %(model)s AND message.res_id = former.id
            AND changed.old_value_integer > 0
            AND changed.old_value_integer != lead.user_id)
         AND NOT EXISTS (
         SELECT FROM hr_commission_audit act
          WHERE act.res_model = %(model)s AND act.res_id = former.id
            AND act.field_name = %(name)s AND act.old_ref > 0
            AND act.old_ref != lead.user_id)
    END
"""
#: when the customer first wrote or signed on an order of the deal
WROTE_ON_ORDER = """
    SELECT lead.id, 'signature', min(message.date)
      FROM crm_lead lead
      JOIN sale_order sold ON sold.opportunity_id = lead.id
           AND sold.commission_is_signed_in_house IS NOT TRUE
      JOIN mail_message message ON message.model = 'sale.order'
           AND message.res_id = sold.id
           AND message.message_type IN ('email', 'comment')
      JOIN res_users maker ON maker.id = message.create_uid
           AND maker.share
      JOIN res_partner author ON author.id = message.author_id
      JOIN res_partner customer ON customer.id = sold.partner_id
           AND customer.commercial_partner_id
           = author.commercial_partner_id
     WHERE lead.id = ANY(%s) GROUP BY lead.id
"""


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
    signed_order_ids = fields.Many2many(
        "sale.order",
        compute="_compute_signed_order_ids",
        compute_sudo=True,
        groups="hr_sales_commission.group_commission_officer",
        help="What the deal was signed for: its orders as of their confirmation.",
    )
    is_amount_ordered = fields.Boolean(
        copy=False,
        readonly=True,
        help="The signed amount follows confirmed orders, for good.",
    )

    @api.depends(
        *("order_ids.state", "order_ids.commission_date"),
        *("commission_order_ids.state", "commission_order_ids.commission_date"),
    )
    def _compute_signed_order_ids(self):
        """Look the orders up in one statement, it is asked with every win."""
        Order = self.env["sale.order"]
        orders = Order.search_fetch(
            Domain(self._get_lead_sale_order_domain())
            & (
                Domain("commission_lead_id", "in", self.ids)
                | Domain("opportunity_id", "in", self.ids)
            ),
            ["commission_date", "commission_lead_id", "opportunity_id"],
        )
        of_lead = orders.grouped(lambda order: order._get_commission_lead())
        for lead in self:
            lead.signed_order_ids = of_lead.get(lead._origin, Order)

    @api.depends("date_won", "partner_id")
    def _compute_is_repeat_customer(self):
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
            "SELECT lead.id FROM crm_lead lead WHERE lead.date_won IS NOT NULL AND %s",
            has_bought_before(self.env, won_deal("lead")),
        )

    def _get_won_amount(self):
        """Return the untaxed total of the confirmed orders.

        The expected revenue counts until the deal, once won, has such an order.
        """
        self.ensure_one()
        # sudo: orders of colleagues count as well
        orders = self.sudo().signed_order_ids
        if orders and not self.is_amount_ordered:
            self._write_facts({"is_amount_ordered": True})
        if self.is_amount_ordered:
            return orders._get_signed_amount(self._get_commission_company())
        return super()._get_won_amount()

    def _get_sealed_sellers(self):
        """Return whom deals were won by, as of then or as corrected since.

        :return: people by deal that ever was won, the first one first
        :rtype: dict
        """
        domain = Domain("lead_id", "in", self.ids)
        # sudo: who sold what, whoever asks
        wins = (
            self.env["hr.commission.event"]
            .sudo()
            .search(domain & Domain("event_type", "=", "deal_won"), order="date, id")
        )
        if not wins:
            return {}
        corrections = self.env["hr.commission.correction"].sudo()  # sudo: as above
        corrected = corrections.search(domain & Domain("what", "=", "credit"))
        corrected = corrected.grouped("lead_id")
        nobody = corrections.browse()
        sellers = {}
        for lead, won in wins.grouped("lead_id").items():
            credits = won.credit_ids.filtered("share")
            sellers[lead] = (
                won._get_recorded_employees()
                | credits.filtered(lambda credit: not credit.manager_level).employee_id
                | corrected.get(lead, nobody).employee_ids
            )
        return sellers

    def _get_returning_amount(self, amount):
        if self.is_amount_ordered or self.sudo().signed_order_ids:  # sudo: as above
            return self._get_won_amount()
        return super()._get_returning_amount(amount)

    @api.model
    def _find_by_contacts(self, contacts):
        """A lead also names who orders, receives the goods and is invoiced."""
        named = Domain.OR(
            Domain(name, "in", contacts.ids)
            for name in ("partner_id", "partner_invoice_id", "partner_shipping_id")
        )
        orders = self.env["sale.order"].sudo()  # sudo: orders of colleagues as well
        orders = orders.search(named & Domain("opportunity_id", "!=", False))
        return super()._find_by_contacts(contacts) | self.browse(
            orders.opportunity_id.ids
        )

    def _get_customer_partners(self):
        """A customer is also who ordered, receives the goods or is invoiced."""
        lead = self.sudo()  # sudo: orders of colleagues count as well
        orders = lead.order_ids.filtered_domain(lead._get_lead_sale_order_domain())
        partners = super()._get_customer_partners()
        # most leads have no order, and thousands are asked at once
        return partners | orders._get_commission_customers() if orders else partners

    def _ask_identity_by_documents(self):
        """Ask whose customers these are with everybody their orders name."""
        # sudo: customers on orders may be hidden from the salesperson
        leads = self.sudo().filtered(lambda lead: lead.commission_source)
        leads._try_source_step(
            lambda: leads._ask_identity_again(
                {
                    lead: lead.order_ids.filtered_domain(
                        lead._get_lead_sale_order_domain()
                    )._get_commission_customers()
                    for lead in leads
                }
            )
        )

    def _get_proof_queries(self):
        """What the customer signed or wrote on an order, and what they bought before."""
        return [
            *super()._get_proof_queries(),
            SQL(ORDERED_BEFORE, self.ids, self._is_sold_by("sale.order", "user_id")),
            SQL(
                INVOICED_BEFORE,
                INVOICES,
                self.ids,
                self._is_sold_by("account.move", "invoice_user_id"),
            ),
            SQL(WROTE_ON_ORDER, self.ids),
        ]

    @api.model
    def _is_sold_by(self, model, name):
        """Return the condition that a former document is of the lead's salesperson.

        Whom it credits says so. One that credits nobody, as it is older than
        commissions, is of its salesperson if that was never changed.

        :param str model: of the document
        :param str name: of the field with its salesperson
        """
        user = SQL("former.%s", SQL.identifier(name))
        return SQL(SOLD_BY, model=model, user=user, name=name)

    @api.model
    def _get_proof_words(self):
        return {
            **super()._get_proof_words(),
            "order": self.env._(
                "The customer bought from the salesperson before, on %(day)s."
            ),
            "signature": self.env._(
                "The customer signed or wrote on the order on %(day)s."
            ),
        }

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
        """Orders stay confirmed under the deal that theirs became part of.

        Those of an open lead are none of a deal that others won.
        """
        deals = (self | opportunities).sudo()  # sudo: whoever merges
        won = next(iter(deals._get_sealed_sellers()), self.browse())
        orders = deals.commission_order_ids
        alien = (
            (orders - won.commission_order_ids)._filter_alien(won)
            if won
            else orders.browse()
        )
        alien.write({"commission_lead_id": False})
        (orders - alien).write({"commission_lead_id": self.id})
        return super()._merge_dependences(opportunities)
