# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.hr_sales_commission.tests.source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestWebsite(SourceCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.write({"active": False, "state": "closed", "date_end": "2020-01-03"})
        cls.plan = cls._create_plan(
            date_start="2020-01-04",
            claims_qualify=False,
            qualification_domain=cls.plan._default_qualification_domain(),
        )
        cls.env["website"].search([]).write(
            {
                "company_id": cls.north.id,
                "crm_default_team_id": False,
                "crm_default_user_id": cls.sales_north.user_id.id,
            }
        )

    def _send_form(self, email, medium=None, **values):
        if medium:
            self.opener.cookies["odoo_utm_medium"] = medium
        answer = self.url_open(
            "/website/form/crm.lead",
            data={
                "name": "Question",
                "contact_name": "Visitor",
                "email_from": email,
                **values,
            },
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("id", answer.json(), answer.text)
        return self.env["crm.lead"].browse(answer.json()["id"])

    def test_the_form_builder_offers_the_need(self):
        fields = self.env["ir.model"].get_authorized_fields("crm.lead", {})
        self.assertIn("need_description", fields)

    def test_odoo_s_own_form_qualifies(self):
        """As it comes, with what it calls the question."""
        cases = {
            "question": {"description": "Two drives"},
            "need": {"need_description": "Two drives"},
            "both": {"description": "Hello", "need_description": "Two drives"},
            "by mail": {"description": "Two drives", "medium": "Email"},
        }
        for case, values in cases.items():
            with self.subTest(case):
                lead = self._send_form(f"{case.replace(' ', '')}@form.test", **values)
                self.assertEqual(lead.need_description, "Two drives")
                self.assertEqual(lead.touchpoint_ids.kind, "web_form")
                self.assertSource(lead, "marketing", "verified")
                self.assertTrue(lead.is_qualified, lead.unqualified_reason)

    def test_an_empty_form_says_no_need(self):
        lead = self._send_form("empty@form.test", description="")
        self.assertFalse(lead.need_description)

    def test_what_a_form_must_not_decide(self):
        lead = self._send_form(
            "hidden@form.test",
            description="Need",
            commission_source="own",
            marketer_id=str(self.marketer.id),
            is_qualified="1",
            date_won="2026-01-01",
            won_amount="90000",
        )
        self.assertSource(lead, "marketing", "verified")
        self.assertFalse(lead.marketer_id or lead.date_won or lead.won_amount)

    def test_a_form_that_its_marketer_sends_is_a_claim(self):
        """Whoever profits from a lead does not qualify it alone."""
        campaign = self.env["utm.campaign"].create(
            {"name": "Fair of forms", "user_id": self.marketer.user_id.id}
        )
        self.opener.cookies["odoo_utm_campaign"] = campaign.name
        visitor = self._send_form("visitor@form.test", description="Need")
        self.assertEqual(visitor.marketer_id, self.marketer)
        self.assertTrue(visitor.is_qualified, visitor.unqualified_reason)
        login = self.marketer.user_id.login
        self.authenticate(login, login)
        self.opener.cookies["odoo_utm_campaign"] = campaign.name
        typed = self._send_form(
            "typed@made-up.test",
            description="Need",
            csrf_token=Request.csrf_token(self),
        )
        self.assertEqual(typed.marketer_id, self.marketer)
        self.assertTrue(typed.touchpoint_ids.is_claim)
        self.assertFalse(typed.is_qualified)
