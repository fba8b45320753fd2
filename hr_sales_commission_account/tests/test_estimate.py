# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install")
class TestEstimate(CommissionAccountCommon):
    """What the seller would get, where orders, invoices and payments count too."""

    def _as_seller(self, lead):
        self.env.invalidate_all()
        return lead.with_user(self.seller.user_id)

    def test_the_expected_revenue_is_what_is_estimated(self):
        self._make_plan({"role": "sales", "rate": 5})
        lead = self._lead(won=False, expected_revenue=10_000)
        self._order(7_000, lead=lead)
        lead = self._as_seller(lead)
        self.assertEqual(lead.commission_estimate, 500.0)
        self.assertNotIn("More may follow", lead.commission_estimate_note)

    def test_the_part_on_signing_and_that_more_follows(self):
        self._make_plan({"role": "sales", "rate": 5, "signing_percent": 40})
        lead = self._as_seller(self._lead(won=False, expected_revenue=10_000))
        self.assertEqual(lead.commission_estimate, 200.0)
        self.assertIn(
            "More may follow after the win by: Rule 1.", lead.commission_estimate_note
        )

    def test_rules_for_others_do_not_follow(self):
        self._make_plan(
            {"role": "sales", "rate": 5},
            {"role": "marketing", "rate": 5, "event_type": "payment_received"},
            {
                "role": "sales",
                "rate": 5,
                "event_type": "payment_received",
                "commission_source": "marketing",
            },
        )
        lead = self._as_seller(self._lead(won=False, expected_revenue=10_000))
        self.assertNotIn("More may follow", lead.commission_estimate_note)

    def test_a_plan_that_pays_on_payments_only(self):
        self._make_plan({"role": "sales", "rate": 5, "event_type": "payment_received"})
        lead = self._as_seller(self._lead(won=False, expected_revenue=10_000))
        self.assertEqual(lead.commission_estimate, 0.0)
        note = str(lead.commission_estimate_note)
        self.assertIn("Nothing for you:", note)
        self.assertIn("Rule 1: The rule pays on", note)
        self.assertIn("Payment received”, not on the win.", note)
