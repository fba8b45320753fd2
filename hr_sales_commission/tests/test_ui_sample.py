# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import HttpCase, tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
class TestUiSample(CommissionCommon, HttpCase):
    """An officer looks around in sample data and removes it again."""

    def test_officer_looks_around_in_sample_data(self):
        companies = self.officer_hq.user_id.company_ids
        self.start_tour(
            "/odoo/commission-first-steps",
            "commission_first_steps",
            login=self.officer_hq.user_id.login,
        )
        self.assertEqual(self.officer_hq.user_id.company_ids, companies)
        self.assertFalse(self.env["hr.commission.sample"]._find())


@tagged("post_install", "-at_install", "commission_long")
class TestUiSamplePhone(TestUiSample):
    """The same on a telephone."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
