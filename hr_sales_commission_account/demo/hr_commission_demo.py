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
        self._sell(people)
        self._process()

    def _start_collection_plan(self, people):
        """Pay these people a bonus besides, once the customer has paid."""
        start = fields.Date.context_today(self).replace(day=1)
        plan = self._ref("hr_commission_plan", "policy").copy(
            {
                "name": "Sales & Marketing Policy with Collection Bonus",
                "is_personal": True,
                "date_start": start,
            }
        )
        self.env["hr.commission.rule"].create(
            {
                "plan_id": plan.id,
                "sequence": 80,
                "name": "Sales: collection bonus",
                "event_type": "payment_received",
                "role": "sales",
                "rate": 0.5,
                "is_bonus": True,
            }
        )
        plan.action_activate()
        for person in people:
            person.create_version(
                {"date_version": start, "commission_plan_id": plan.id}
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
