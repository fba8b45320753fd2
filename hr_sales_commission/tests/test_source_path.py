# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from .source_common import SourceCommon


@tagged("post_install", "-at_install", "commission_core")
class TestFullPath(SourceCommon):
    """From the first contact to the next purchase."""

    def test_created_on_the_day_of_the_reader(self):
        lead = self._make(self.sales_north)
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-03-31 23:30:00' WHERE id = %s",
            [lead.id],
        )
        days = {"UTC": "2026-03-31", "Asia/Shanghai": "2026-04-01"}
        for model in ("crm.lead.path.report", "crm.lead.funnel"):
            for tz, day in days.items():
                with self.subTest(model=model, tz=tz):
                    rows = self.env[model].with_context(tz=tz)
                    row = rows.search([("lead_id", "=", lead.id)], limit=1)
                    self.assertEqual(str(row.date_create), day)
                    rows.invalidate_model()

    def test_figures(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Bob",
                "email": "bob@client.test",
                "industry_id": self.env["res.partner.industry"].search([], limit=1).id,
            }
        )
        self._touch(12, partner_id=partner.id)
        lead = self._make(self.sales_north, partner_id=partner.id)
        lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.sales_north.user_id.id
        ).action_feedback()
        self._win(lead)
        lead = lead.sudo()
        lead.invalidate_recordset()
        self.assertEqual(lead.channel, "event")
        self.assertEqual(lead.touch_count, 3)
        self.assertEqual(lead.days_to_sign, 12)
        self.assertFalse(lead.is_repurchase)
        self.assertTrue(lead.customer_industry_id)
        self.assertEqual(lead.unqualified_reason, "Need Description")

        again = self._make(self.sales_north, partner_id=partner.id)
        self._win(again)
        again.invalidate_recordset()
        self.assertTrue(again.is_repurchase)
        self.assertEqual(again.with_user(self.sales_north.user_id).touch_count, 1)

        version = self._row_version(again)
        self._events(again).state = "pending"
        self._events(again).is_repurchase = False
        self._process()
        self.assertTrue(again.is_repurchase)
        self.assertEqual(self._row_version(again), version, "the lead is not written")

        self._make(self.sales_north, email_from="f@g.test", referrer_id=partner.id)
        lead.invalidate_recordset()
        self.assertEqual(lead.referral_count, 1)

        row = self.env["crm.lead.path.report"].browse(lead.id)
        self.assertEqual(row.touch_count, 3)
        self.assertEqual(row.won_count, 1)
        self.assertEqual(row.commission_source, "marketing")

    def _row_version(self, lead):
        self.env.flush_all()
        self.env.cr.execute("SELECT ctid FROM crm_lead WHERE id = %s", [lead.id])
        return self.env.cr.fetchone()

    def test_report_obeys_record_rules(self):
        mine = self._make(self.sales_north, email_from="a@b.test")
        other = self._make(self.manager_north, email_from="c@d.test")
        south = self._make(self.sales_south, email_from="e@f.test")
        leads = mine.sudo() + other.sudo() + south.sudo()
        for person, expected in (
            (self.sales_north, mine),
            (self.manager_north, mine + other),
            (self.sales_south, south),
        ):
            rows = self._as(person)["crm.lead.path.report"].search(
                [("lead_id", "in", leads.ids)]
            )
            self.assertEqual(set(rows.ids), set(expected.ids), person.name)

    def test_report_groups(self):
        self._make_web_lead(email_from="a@b.test")
        groups = self.env["crm.lead.path.report"]._read_group(
            [], ["channel"], ["qualified_count:sum", "days_to_sign:avg"]
        )
        self.assertTrue(groups)
        self.assertIn("web_form", [channel for channel, *_rest in groups])
