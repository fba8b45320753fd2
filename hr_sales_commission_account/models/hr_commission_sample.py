# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models
from odoo.fields import Command

#: orders of the sample that no customer has paid yet
ORDER_COUNT = 2


class HrCommissionSample(models.AbstractModel):
    """Sample data with orders that wait for the customer's money."""

    _inherit = "hr.commission.sample"

    @api.model
    def _fill(self, company):
        result = super()._fill(company)
        self._sell(company)
        events = self.env["hr.commission.event"]
        events.search([("company_id", "=", company.id)])._process()
        return result

    @api.model
    def _get_sample_models(self):
        models = super()._get_sample_models()
        before = models.index("crm.lead")
        sold = ("sale.order", "product.template")
        return (*models[:before], *sold, *models[before:])

    @api.model
    def _sell(self, company):
        """Confirm orders of the deals won last; nobody invoices or pays them."""
        product = self.env["product.product"].create(
            {
                "name": self.env._("Sample Service"),
                "type": "service",
                "company_id": company.id,
                "taxes_id": False,
            }
        )
        leads = self.env["crm.lead"].search(
            [("company_id", "=", company.id), ("won_status", "=", "won")],
            order="date_won desc, id",
            limit=ORDER_COUNT,
        )
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": lead.partner_id.id,
                    "company_id": company.id,
                    "opportunity_id": lead.id,
                    "user_id": False,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": lead.expected_revenue,
                            }
                        )
                    ],
                }
                for lead in leads
            ]
        )
        orders.action_confirm()
