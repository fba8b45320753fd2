# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestSignedAmount(CommissionAccountCommon):
    """What a deal was signed for: its confirmed orders, else the expected revenue."""

    def test_without_order_the_expected_revenue_counts(self):
        lead = self._lead(expected_revenue=5000)
        self.assertEqual(lead.won_amount, 5000)

    def test_quotations_do_not_count(self):
        lead = self._lead(expected_revenue=5000)
        self._order(700, lead=lead, confirm=False)
        self.assertEqual(lead.won_amount, 5000)

    def test_confirmed_orders_replace_the_expected_revenue(self):
        lead = self._lead(expected_revenue=5000)
        self._order(700, lead=lead)
        self.assertEqual(lead.won_amount, 700)
        self._order(300, 50, lead=lead)
        self.assertEqual(lead.won_amount, 1050)

    def test_orders_confirmed_before_winning_count(self):
        lead = self._lead(won=False, expected_revenue=5000)
        self._order(700, lead=lead)
        self.assertFalse(lead.won_amount)
        lead.action_set_won()
        self.assertEqual(lead.won_amount, 700)

    def test_changed_order_changes_the_deal(self):
        lead = self._lead(expected_revenue=5000)
        order = self._order(700, lead=lead)
        order.order_line.price_unit = 800
        self.assertEqual(lead.won_amount, 800)
        order.order_line.product_uom_qty = 2
        self.assertEqual(lead.won_amount, 1600)
        order.write({"order_line": [self._order_line(400)]})
        self.assertEqual(lead.won_amount, 2000)

    def test_cancelled_order_leaves_the_others(self):
        lead = self._lead(expected_revenue=5000)
        first = self._order(700, lead=lead)
        self._order(300, lead=lead)
        first.action_cancel()
        self.assertEqual(lead.won_amount, 300)

    def test_moved_order_leaves_one_deal_and_joins_the_other(self):
        lead = self._lead(expected_revenue=5000)
        other = self._lead(expected_revenue=6000)
        order = self._order(700, lead=lead)
        order.opportunity_id = other
        self.assertEqual(lead.won_amount, 0)
        self.assertEqual(other.won_amount, 700)

    def test_foreign_order_counts_at_the_rate_of_its_day(self):
        foreign = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-06-01", 4.0)]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        lead = self._lead(expected_revenue=5000)
        self._order(700, lead=lead, pricelist_id=pricelist.id, date="2026-03-01")
        self.assertEqual(lead.won_amount, 350)

    def test_the_deal_pays_on_its_orders(self):
        self._make_plan({"event_type": "deal_won", "rate": 5})
        lead = self._lead(expected_revenue=5000)
        order = self._order(700, lead=lead)
        self.assertEarned(35)
        order.action_cancel()
        self.assertEarned(0)

    def test_orders_of_many_deals_take_a_constant_number_of_statements(self):
        def confirm(number):
            orders = self.env["sale.order"]
            for _count in range(number):
                lead = self._lead(expected_revenue=5000)
                orders |= self._order(700, lead=lead, confirm=False)
            self.env.flush_all()
            before = self.cr.sql_log_count
            orders._capture_order()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        confirm(2)
        self.assertLessEqual(confirm(30), confirm(3) + 2)

    def test_salesperson_confirms_an_order_of_a_colleagues_deal(self):
        """Hidden from them or not: it counts there if they have a part in the deal."""
        for shared, amount in ((False, 5000), (True, 700)):
            shares = [
                Command.create({"employee_id": person.id, "percent": 50})
                for person in (self.seller, self.colleague)
            ]
            lead = self._lead(
                expected_revenue=5000,
                user_id=self.colleague.user_id.id,
                commission_share_ids=shares if shared else [],
            )
            order = self._order(700, lead=lead, confirm=False)
            self.env.flush_all()
            self.env.invalidate_all()
            order.with_user(self.seller.user_id).action_confirm()
            with self.subTest(shared=shared):
                self.assertEqual(lead.won_amount, amount)

    def test_a_deal_with_commissions_is_not_deleted(self):
        self._make_plan({"event_type": "deal_won", "rate": 5})
        lead = self._lead(expected_revenue=5000)
        self._order(700, lead=lead)
        self._process()
        with self.assertRaises(UserError):
            lead.unlink()
