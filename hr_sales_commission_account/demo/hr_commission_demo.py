# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

#: orders of each salesperson that no customer has paid yet
ORDER_COUNT = 2


class HrCommissionDemo(models.AbstractModel):
    """Orders that wait for the customer's money, and a plan that pays when it comes."""

    _inherit = "hr.commission.demo"

    @api.model
    def _load_orders(self):
        self = self.with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_auto_subscribe=False,
        )
        people = self._ref("hr_employee", "sam") + self._ref("hr_employee", "lena")
        self._start_collection_plan(people)
        orders = self._sell(people)
        self._invoice(orders)
        self._process()

    def _start_collection_plan(self, people):
        """Pay these people a bonus besides, once the customer has paid."""
        plan = self._ref(
            "hr_commission_plan",
            "hr_sales_commission_account.hr_commission_plan_collection_demo",
        )
        for rule in self._ref("hr_commission_plan", "policy").rule_ids:
            rule.copy({"plan_id": plan.id})
        plan.action_activate()
        for person in people:
            person.create_version(
                {"date_version": plan.date_start, "commission_plan_id": plan.id}
            )

    def _sell(self, people):
        """Confirm an order for each of the deals won last; nobody has paid them."""
        product = self._ref(
            "product", "hr_sales_commission_account.product_conveyor_demo"
        )
        leads = self.env["crm.lead"].search(
            [("won_status", "=", "won"), ("user_id", "in", people.user_id.ids)],
            order="date_won desc, id",
        )
        sold = self.env["crm.lead"].union(
            *(own[:ORDER_COUNT] for own in leads.grouped("user_id").values())
        )
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": lead.partner_id.id,
                    "company_id": lead.company_id.id,
                    "opportunity_id": lead.id,
                    "user_id": lead.user_id.id,
                    "date_order": lead.date_won,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "name": lead.name,
                                "price_unit": lead.won_amount,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
                for lead in sold
            ]
        )
        orders.action_confirm()
        return orders

    def _invoice(self, orders):
        """Invoice two orders: one customer pays, the other is late."""
        today = fields.Date.context_today(self)
        journal = "hr_sales_commission_account.account_journal_bank_demo"
        methods = self.env.ref(journal).inbound_payment_method_line_ids
        methods.payment_account_id = self.env.ref(journal).default_account_id
        company = self._ref("res_company", "halden")
        invoices = orders[:2].with_company(company)._create_invoices()
        invoices.invoice_date = today - timedelta(days=20)
        invoices.invoice_date_due = today - timedelta(days=6)
        invoices.action_post()
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices[:1].ids
        )
        payment.create({"payment_date": today})._create_payments()
