from odoo import api, models
from odoo.tools import SQL

from ..pipeline.commission_scope import event_part
from ..pipeline.order_amounts import OrderAmounts

#: fields whose change can change what happened
FACT_FIELDS = frozenset(
    ("state", "date_order", "currency_id", "pricelist_id", "company_id")
)
#: fields whose change changes who is paid, or whose customer it is
TOUCHING_FIELDS = frozenset(("user_id", "opportunity_id", "partner_id"))


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "hr.commission.document"]

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._filter_confirmed()._capture_order()
        return orders

    def write(self, vals):
        changed = (FACT_FIELDS | TOUCHING_FIELDS).intersection(vals)
        former_leads = (
            self.sudo().opportunity_id  # sudo: deals of colleagues
            if "opportunity_id" in vals
            else None
        )
        result = super().write(vals)
        if changed:
            orders = self if "state" in vals else self._filter_confirmed()
            orders._capture_order(touched=bool(TOUCHING_FIELDS & changed))
            if former_leads:
                former_leads._capture_orders()
        return result

    def _get_commission_customers(self):
        """Return everybody these orders and their invoices name.

        :rtype: res.partner
        """
        orders = self.sudo()  # sudo: whoever may see them
        return (
            orders.partner_id
            | orders.partner_invoice_id
            | orders.partner_shipping_id
            | orders.invoice_ids.partner_id
        )

    def _filter_confirmed(self):
        return self.filtered(lambda order: order.state == "sale")

    def _capture_order(self, touched=False):
        """Record what happened to orders, to the deals they belong to, and to the
        invoices whose down payments are shared out over their lines.
        """
        self._commission_capture(touched)
        leads = self.sudo().opportunity_id  # sudo: deals of colleagues
        leads._ask_identity_by_documents()
        leads._capture_orders()
        self._get_dependent_invoices(touched)._commission_capture(touched)

    def _get_dependent_invoices(self, touched):
        """Return the posted invoices whose facts look at these orders."""
        if not self:
            return self.env["account.move"]
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT line.move_id
                     FROM sale_order_line sold
                     JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
                     JOIN account_move_line line ON line.id = rel.invoice_line_id
                    WHERE sold.order_id = ANY(%s) AND line.parent_state = 'posted'
                      AND (%s OR sold.is_downpayment)""",
                self.ids,
                touched,
            )
        )
        return self.env["account.move"].browse([move_id for (move_id,) in rows])

    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------

    def _get_commission_facts(self):
        orders = [order for order in self if order.state == "sale"]
        if not orders:
            return []
        facts = []
        ids = [order.id for order in orders]
        self.browse(ids).order_line._freeze_commission_cost()
        amounts = OrderAmounts(self.env, ids)
        for scope in self.env["hr.commission.plan"]._get_scopes("order_confirmed"):
            totals = amounts.get(scope)
            facts += [
                order._prepare_order_fact(scope, *totals[order.id])
                for order in orders
                if order.id in totals
            ]
        return facts

    def _prepare_order_fact(self, scope, amount, quantity):
        self.ensure_one()
        return {
            "event_type": "order_confirmed",
            "res_model": self._name,
            "res_id": self.id,
            "res_part": event_part(scope_key=scope.key),
            "lead_id": self.opportunity_id.id or None,
            "company_id": self.company_id.id,
            "date": self.company_id._commission_local_date(self.date_order),
            "amount": amount,
            "quantity": quantity,
            "date_reversed": None,
        }

    def _get_signed_amount(self, company):
        """Return the untaxed total of these orders in the currency of a company.

        :rtype: float
        """
        return sum(order._convert_signed_amount(company) for order in self)

    def _convert_signed_amount(self, company):
        self.ensure_one()
        own = self.company_id.sudo().currency_id  # sudo: a branch's parent company
        amount = own.round(self.amount_untaxed / (self.currency_rate or 1.0))
        day = self.company_id._commission_local_date(self.date_order)
        return own._convert(amount, company.sudo().currency_id, company, day)
