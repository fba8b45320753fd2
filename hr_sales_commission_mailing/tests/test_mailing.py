# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.hr_sales_commission.tests.source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestMailing(SourceCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Reader", "email": "reader@list.test", "company_id": cls.north.id}
        )
        cls.mailing = cls.env["mailing.mailing"].create(
            {
                "subject": "News for autumn",
                "mailing_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "campaign_id": cls.campaign.id,
                "user_id": cls.sales_north.user_id.id,
            }
        )
        cls.trace = cls.env["mailing.trace"].create(
            {
                "mass_mailing_id": cls.mailing.id,
                "model": "res.partner",
                "res_id": cls.customer.id,
                "email": "reader@list.test",
            }
        )

    def _touches(self):
        return self.env["crm.touchpoint"].search(
            [("email_normalized", "=", "reader@list.test")], order="id"
        )

    def test_the_first_click_and_reply_are_contacts(self):
        tracker = self.env["link.tracker"].create(
            {
                "url": "https://shop.test/motors",
                "mass_mailing_id": self.mailing.id,
                "campaign_id": self.campaign.id,
            }
        )
        for ip in ("192.0.2.1", "192.0.2.2"):
            self.env["link.tracker.click"].sudo().add_click(
                tracker.code, ip=ip, mailing_trace_id=self.trace.id
            )
        touch = self._touches()
        self.assertEqual((touch.kind, touch.evidence), ("email", self.mailing))
        self.assertEqual(touch.commission_source, "marketing")
        self.assertEqual(touch.employee_id, self.marketer)
        self.assertEqual(touch.campaign_name, "Autumn Fair")
        self.assertEqual(touch.source_name, self.mailing.source_id.name)
        self.assertEqual(touch.partner_id, self.customer)
        self.assertEqual(touch.company_id, self.north)
        self.trace.set_replied()
        self.trace.set_replied()
        self.assertEqual(len(self._touches()), 2)
        lead = self._make(self.sales_north, partner_id=self.customer.id)
        self.assertSource(lead, "marketing", "verified", self.marketer)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_reader_clicks_and_answers(self):
        """By the link in the mailing, and by a mail to the company."""
        tracker = self.env["link.tracker"].create(
            {
                "url": "https://shop.test/motors",
                "mass_mailing_id": self.mailing.id,
                "campaign_id": self.campaign.id,
            }
        )
        self.trace.message_id = "<news@hq.test>"
        answer = self.url_open(
            f"/r/{tracker.code}/m/{self.trace.id}", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 301)
        self.assertEqual(self._touches().evidence, self.mailing)
        lead_id = self.env["mail.thread"].message_process(
            "crm.lead",
            "From: reader@list.test\r\nTo: leads@commission.test\r\n"
            "Subject: Re: News\r\nMessage-Id: <answer@list.test>\r\n"
            "References: <news@hq.test>\r\n\r\nTwo motors, please",
            custom_values={
                "user_id": self.sales_north.user_id.id,
                "company_id": self.north.id,
            },
        )
        mailed = self._touches().filtered(lambda one: one.evidence == self.mailing)
        self.assertEqual(len(mailed), 2)
        lead = self.env["crm.lead"].browse(lead_id)
        self.assertSource(lead, "marketing", "verified", self.marketer)

    def test_a_trial_is_no_contact(self):
        self.trace.is_test_trace = True
        self.trace.set_clicked()
        self.assertFalse(self._touches())

    def test_a_mailing_to_leads(self):
        lead = self._make(self.sales_north, email_from="open@list.test")
        trace = self.env["mailing.trace"].create(
            {
                "mass_mailing_id": self.mailing.id,
                "model": "crm.lead",
                "res_id": lead.id,
                "email": "open@list.test",
            }
        )
        trace.set_clicked()
        touch = lead.sudo().touchpoint_ids.filtered(lambda one: one.kind == "email")
        self.assertEqual(touch.employee_id, self.marketer)
        self.assertEqual(lead.commission_source, "own", "it was there before")

    def test_a_click_that_somebody_says_is_none(self):
        user = self.marketer.user_id
        user.group_ids += self.env.ref("mass_mailing.group_mass_mailing_user")
        self.trace.with_user(user).set_clicked()
        self.trace.with_user(user).set_replied()
        self.assertFalse(self._touches())
