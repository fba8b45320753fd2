# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from odoo.addons.hr_sales_commission.tests.common import CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
class TestSampleOrders(CommissionCommon):
    """Sample data has orders that nobody paid, and they go with it."""

    def test_orders_wait_for_money_and_leave_nothing_behind(self):
        sample = self._as(self.officer_hq)["hr.commission.sample"]
        company = self.env["res.company"].browse(sample.action_create())
        here = [("company_id", "=", company.id)]
        orders = self.env["sale.order"].search(here)
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])
        rows = self.env["hr.commission.collection"].search(here)
        self.assertEqual(rows.order_id, orders)
        self.assertEqual(
            sum(rows.mapped("amount_open")), sum(orders.mapped("amount_untaxed"))
        )
        products = orders.order_line.product_id
        self.assertTrue(sample.action_remove())
        self.assertFalse(orders.exists())
        self.assertFalse(products.exists())
        self.assertFalse(company.exists())
