# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import REFERENCE_RULES, CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
class TestUiEstimateDesktop(CommissionCommon, HttpCase):
    """The estimate on the form and on the cards, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tiers = {
            "role": "sales",
            "tier_mode": "marginal",
            "tier_measure": "cumulative",
            "tier_period": "year",
            "tier_ids": [
                Command.create({"from_value": bound, "rate": rate})
                for bound, rate in ((0, 0), (11_100, 4))
            ],
        }
        cls._replace_plan({**REFERENCE_RULES, "GROWTH": tiers})
        cls.lead = cls._lead_open(
            cls.sales_north, 10_000, "marketing", name="Deal to estimate"
        )
        cls._lead_open(cls.sales_north, 2_000, verified=False, name="Own to estimate")
        shared = cls._lead_open(cls.manager_north, 4_000, name="Deal given away")
        shared.commission_share_ids = [
            Command.create({"employee_id": cls.sales_north.id})
        ]

    def test_salesperson_reads_the_estimate_on_the_form(self):
        self.start_tour(
            f"/odoo/crm/{self.lead.id}",
            "commission_estimate_form",
            login=self.sales_north.user_id.login,
        )
        self.assertEqual(self.lead.expected_revenue, 10_000, "discarded")

    def test_salesperson_reads_the_estimates_on_the_cards(self):
        self.start_tour(
            "/odoo/crm",
            "commission_estimate_cards",
            login=self.sales_north.user_id.login,
        )

    def test_manager_reads_what_others_would_get(self):
        self.start_tour(
            f"/odoo/crm/{self.lead.id}",
            "commission_estimate_manager",
            login=self.manager_north.user_id.login,
        )


@tagged("post_install", "-at_install", "commission_long")
class TestUiEstimatePhone(TestUiEstimateDesktop):
    """The same on a telephone."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
