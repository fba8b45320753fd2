# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

OFFICER = "hr_sales_commission.group_commission_officer"


@tagged("post_install", "-at_install", "commission_core")
class TestSettings(TransactionCase):
    """Administrators set in the settings what a company's form holds."""

    def _settings_of(self, groups):
        user = new_test_user(self.env, f"commission_{len(groups)}", groups=groups)
        user.company_ids += self.env.company
        settings = self.env["res.config.settings"].with_user(user)
        return settings.with_company(self.env.company)

    def test_what_is_saved_is_the_companys(self):
        company = self.env.company
        company.commission_second_approval_amount = 700
        settings = self._settings_of(f"base.group_system,{OFFICER}")
        with Form(settings) as form:
            self.assertEqual(form.commission_second_approval_amount, 700)
            form.commission_second_approval_amount = 2500
            form.commission_year_month = "4"
        form.record.execute()
        self.assertEqual(company.commission_second_approval_amount, 2500)
        self.assertEqual(company.commission_year_month, "4")
        self.assertFalse(company.is_commission_statement_signed)

    def test_they_are_shown_to_officers_who_are_administrators(self):
        shown = self._settings_of(f"base.group_system,{OFFICER}").get_view()["arch"]
        self.assertIn('name="commission_second_approval_amount"', shown)
        hidden = self._settings_of("base.group_system").get_view()["arch"]
        self.assertNotIn("commission_second_approval_amount", hidden)
        with self.assertRaises(AccessError):
            self._settings_of(OFFICER).create({}).execute()
