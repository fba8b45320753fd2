# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from odoo.addons.hr_sales_commission.tests.source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestEvent(SourceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["event.lead.rule"].search([]).active = False
        cls.event = cls.env["event.event"].create(
            {
                "name": "Open House",
                "company_id": cls.north.id,
                "user_id": cls.marketer.user_id.id,
                "date_begin": "2026-09-01 08:00:00",
                "date_end": "2026-09-01 18:00:00",
            }
        )
        cls.rule = {
            "name": "Everybody",
            "company_id": cls.north.id,
            "lead_user_id": cls.sales_north.user_id.id,
            "lead_type": "opportunity",
        }

    def _register(self, email, **vals):
        public = self.env.ref("base.public_user")
        return (
            self.env["event.registration"]
            .with_user(public)
            .sudo()
            .create({"event_id": self.event.id, "name": email, "email": email, **vals})
        )

    def _touches(self, email):
        return self.env["crm.touchpoint"].search([("email_normalized", "=", email)])

    def test_a_registration_is_a_contact_and_proves_a_later_lead(self):
        registration = self._register(
            "guest@fair.test",
            utm_campaign_id=self.campaign.id,
            utm_source_id=self.web.id,
        )
        touch = self._touches("guest@fair.test")
        self.assertEqual(touch.kind, "event")
        self.assertEqual(touch.commission_source, "marketing")
        self.assertEqual(touch.source_name, "Autumn Ads")
        self.assertEqual(touch.campaign_name, "Autumn Fair")
        self.assertEqual(touch.employee_id, self.marketer)
        self.assertEqual(touch.evidence, registration)
        self.assertEqual(touch.company_id, self.north)
        lead = self._make(self.sales_north, email_from="guest@fair.test")
        self.assertSource(lead, "marketing", "verified", self.marketer)

    def test_a_lead_of_a_rule_is_marketing_s_and_recorded_once(self):
        self.env["event.lead.rule"].create(self.rule)
        registration = self._register("visitor@fair.test")
        lead = registration.lead_ids
        self.assertSource(lead, "marketing", "verified")
        self.assertFalse(lead.is_source_unknown)
        touch = self._touches("visitor@fair.test")
        self.assertEqual(touch, lead.touchpoint_ids)
        self.assertEqual((touch.kind, touch.evidence), ("event", registration))

    def test_a_campaign_of_nobody_is_the_pool_s(self):
        campaign = self.env["utm.campaign"].create(
            {"name": "From a tag", "user_id": self.env.ref("base.user_root").id}
        )
        self._register("tag@fair.test", utm_campaign_id=campaign.id)
        touch = self._touches("tag@fair.test")
        self.assertFalse(touch.employee_id)
        self.assertEqual(touch.commission_source, "marketing")

    def test_who_registers_a_customer_for_themselves_claims_them(self):
        self.env["event.registration"].with_user(self.marketer.user_id).sudo().create(
            {"event_id": self.event.id, "name": "X", "email": "typed@fair.test"}
        )
        self.assertTrue(self._touches("typed@fair.test").is_claim)

    def test_a_failure_never_stops_a_visitor(self):
        def fail(*args):
            raise ValueError("broken")

        self.patch(type(self.env["crm.touchpoint"]), "_add_to_chain", fail)
        with self.assertLogs("odoo.addons.hr_sales_commission", "ERROR"):
            registration = self._register("still@fair.test")
        self.assertTrue(registration)
        self.assertFalse(self._touches("still@fair.test"))

    def test_a_typed_lead_that_names_a_rule_came_through_no_event(self):
        rule = self.env["event.lead.rule"].create(self.rule)
        lead = self._make(
            self.sales_north, email_from="x@typed.test", event_lead_rule_id=rule.id
        )
        self.assertSource(lead, "own", "verified")
        self.assertNotEqual(lead.sudo().touchpoint_ids.kind, "event")
