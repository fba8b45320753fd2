# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import csv
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from ..models.crm_touchpoint_evidence import CrmTouchpoint
from .source_common import SourceCommon


@tagged("post_install", "-at_install", "commission_core")
class TestSourceDecision(SourceCommon):
    """The earliest valid contact inside the look-back decides whose customer it is."""

    def test_own_customer_nobody_else_met_is_verified(self):
        lead = self._make(self.sales_north, email_from="new@alone.test")
        self.assertSource(lead, "own", "verified")
        self.assertEqual(lead.touchpoint_ids.commission_source, "own")
        self.assertEqual(lead.touchpoint_ids.employee_id, self.sales_north)

    def test_own_customer_without_identity_waits_for_somebody(self):
        self.assertSource(self._make(self.sales_north), "own", "open")

    def test_web_form_is_marketing_and_credits_the_campaign(self):
        lead = self._make_web_lead(email_from="web@form.test")
        self.assertSource(lead, "marketing", "verified", self.marketer)
        touch = lead.sudo().touchpoint_ids
        self.assertEqual(touch.kind, "web_form")
        self.assertEqual(touch.source_name, "Autumn Ads")
        self.assertEqual(touch.campaign_name, "Autumn Fair")

    def test_a_campaign_of_nobody_in_person_is_marketings(self):
        """OdooBot, visitors and archived users earn nothing: the pool does."""
        pool = self.env["hr.commission.pool"].create(
            {
                "name": "Marketing",
                "company_id": self.hq.id,
                "member_ids": [Command.set(self.marketer.ids)],
            }
        )
        former = self._create_person("former", self.hq, role="marketing")
        former.user_id.active = False
        bot = self.env.ref("base.user_root")
        self._create_employee(bot, self.hq, role="marketing")
        for user in (bot, self.env.ref("base.public_user"), former.user_id):
            with self.subTest(user=user.login):
                mail = f"ann@{user.id}.test"
                self.campaign.user_id = user
                web = self._make_web_lead(email_from=mail, need_description="Cell")
                self.assertSource(web, "marketing", "verified")
                again = self._make(self.sales_north, email_from=mail)
                self.assertSource(again, "marketing", "verified")
                self.env["crm.touchpoint"]._record_arrivals(
                    [
                        {
                            "kind": "event",
                            "email_normalized": f"b{mail}",
                            "campaign_id": self.campaign.id,
                            "company_id": self.hq.id,
                            "external_ref": f"visit {mail}",
                        }
                    ]
                )
                met = self._make(self.sales_north, email_from=f"b{mail}")
                self.assertSource(met, "marketing", "verified")
                self._win(web)
                shared = self._lines(web).filtered(lambda line: line.role != "sales")
                self.assertEqual(shared.employee_id, self.marketer)
                self.assertEqual(shared.credit_id.pool_id, pool)

    def test_salesperson_meets_what_marketing_met_before(self):
        self._touch(10, email_normalized="bob@client.test")
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self.assertSource(lead, "marketing", "verified", self.marketer)
        self.assertTrue(lead.source_note)
        self.assertEqual(
            lead.sudo().first_touch_date, fields.Date.today() - timedelta(days=10)
        )

    def test_each_key_finds_the_customer(self):
        company = self.env["res.partner"].create(
            {"name": "Client", "is_company": True, "email": "info@other.test"}
        )
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": company.id}
        )
        self.north.country_id = self.env.ref("base.be")
        known = {
            "email_normalized": "bob@client.test",
            "phone_sanitized": "+32470123456",
            "partner_id": company.id,
        }
        cases = {
            "case": {"email_from": "BOB@Client.TEST"},
            "plus": {"email_from": "bob+deal@client.test"},
            "name": {"email_from": '"Bob" <bob@client.test>'},
            "colleague": {"email_from": "alice@client.test"},
            "spaces": {"phone": "+32 470 12 34 56"},
            "national": {"phone": "0470/12.34.56"},
            "contact": {"partner_id": contact.id},
        }
        self._touch(10, **known)
        for name, vals in cases.items():
            with self.subTest(name):
                self.assertSource(
                    self._make(self.sales_north, **vals),
                    "marketing",
                    "verified",
                    self.marketer,
                )

    def test_free_mail_domain_is_no_company(self):
        self._touch(10, email_normalized="bob@gmail.com")
        lead = self._make(self.sales_north, email_from="alice@gmail.com")
        self.assertSource(lead, "own", "verified")

    def test_near_equal_name_holds(self):
        if not self.env.registry.has_trigram:
            self.env.cr.execute("CREATE EXTENSION pg_trgm")
            self.patch(self.env.registry, "has_trigram", True)
        self._touch(10, email_normalized="a@x.test", company_name="Azure Interior Ltd")
        lead = self._make(
            self.sales_north, email_from="b@y.test", partner_name="Azure Interiors Ltd"
        )
        self.assertSource(lead, "own", "open")  # held until somebody has looked
        self.assertEqual(lead.similar_customers, "Azure Interior Ltd")

    def test_look_back(self):
        for days, source in ((89, "marketing"), (91, "own")):
            with self.subTest(days):
                email = f"bob@day{days}.test"
                self._touch(days, email_normalized=email)
                lead = self._make(self.sales_north, email_from=email)
                self.assertEqual(lead.commission_source, source)

    def test_protection_is_extended_once(self):
        first = self._make_web_lead(email_from="bob@client.test")
        first.sudo().touchpoint_ids.write(
            {"date": fields.Datetime.now() - timedelta(days=120)}
        )
        manager = first.with_user(self.manager_north.user_id)
        manager.action_extend_protection()
        with self.assertRaisesRegex(UserError, "extended once already"):
            manager.action_extend_protection()
        with self.assertRaises(AccessError):
            first.with_user(self.sales_north.user_id).action_extend_protection()
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self.assertSource(lead, "marketing", "verified", self.marketer)

    def test_own_customer_marketing_met_as_well_is_disputed(self):
        self._touch(20, self.sales_north, email_normalized="bob@client.test")
        self._touch(10, email_normalized="bob@client.test")
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self.assertSource(lead, "own", "disputed")
        dispute = lead.sudo().commission_dispute_ids
        self.assertEqual(dispute.claimed_source, "marketing")
        self.assertEqual(dispute.claimed_employee_id, self.marketer)
        self.assertEqual(
            dispute.supporting_touchpoint_ids.mapped("commission_source"),
            ["own", "own"],
        )
        self.assertEqual(dispute.opposing_touchpoint_ids.employee_id, self.marketer)

    def test_disputed_commission_is_held(self):
        self._touch(20, self.sales_north, email_normalized="bob@client.test")
        self._touch(10, email_normalized="bob@client.test")
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self._win(lead)
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 50, "held")])

    def test_another_salespersons_customer_is_disputed(self):
        """Across branches and record rules."""
        self._make(self.sales_south, email_from="bob@client.test")
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self.assertSource(lead, "own", "disputed")
        self.assertFalse(
            self._as(self.sales_north)["crm.lead"].search_count(
                [("user_id", "=", self.sales_south.user_id.id)]
            )
        )

    def test_own_customer_again_is_no_collision(self):
        self._make(self.sales_north, email_from="bob@client.test")
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self.assertSource(lead, "own", "verified")

    def test_unrelated_company_is_another_business(self):
        other = self._create_company(name="Other Business")
        person = self._create_person(
            "other_sales", other, groups="sales_team.group_sale_salesman"
        )
        self._make(person, email_from="bob@client.test")
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self.assertSource(lead, "own", "verified")

    def test_contact_after_the_claim_does_not_count(self):
        lead = self._make(self.sales_north, email_from="bob@client.test")
        lead.sudo().touchpoint_ids.write(
            {"date": fields.Datetime.now() - timedelta(days=5)}
        )
        self._touch(1, email_normalized="bob@client.test")
        self._win(lead)
        self.assertSource(lead, "own", "verified")
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 50, "draft")])

    def test_two_leads_in_one_import(self):
        vals = {
            "name": "Deal",
            "type": "opportunity",
            "email_from": "bob@client.test",
            "company_id": self.north.id,
        }
        leads = self._as(self.sales_north)["crm.lead"].create([vals, vals])
        for lead in leads:
            self.assertSource(lead, "own", "verified")

    def test_identity_given_later_is_looked_at_as_of_then(self):
        lead = self._make(self.sales_north, email_from="fake@nobody.test")
        lead.sudo().touchpoint_ids.write(
            {"date": fields.Datetime.now() - timedelta(days=5)}
        )
        self._touch(1, email_normalized="bob@client.test")
        lead.email_from = "bob@client.test"
        self.assertSource(lead, "marketing", "verified", self.marketer)

    def test_identity_given_through_the_partner(self):
        partner = self.env["res.partner"].create({"name": "Bob"})
        lead = self._make(self.sales_north, partner_id=partner.id)
        self._touch(5, email_normalized="bob@client.test")
        partner.email = "bob@client.test"
        self.assertEqual(lead.sudo().commission_source, "marketing")

    def test_identity_given_after_winning_opens_a_dispute(self):
        lead = self._make(self.sales_north, email_from="fake@nobody.test")
        self._win(lead)
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 50, "draft")])
        self._touch(0, email_normalized="bob@client.test")
        lead.email_from = "bob@client.test"
        self.assertSource(lead, "own", "disputed")
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 50, "held")])

    def test_marketing_lead_stays_when_its_identity_is_edited(self):
        self._touch(30, self.sales_north, email_normalized="mine@client.test")
        lead = self._make_web_lead(email_from="web@form.test")
        lead.with_user(self.sales_north.user_id).email_from = "mine@client.test"
        self.assertSource(lead, "marketing", "disputed", self.marketer)

    def test_two_identities_of_two_people_are_not_guessed(self):
        self._touch(20, email_normalized="bob@client.test")
        self._touch(
            10,
            self.sales_south,
            email_normalized="eve@elsewhere.test",
            phone_sanitized="+32470123456",
        )
        lead = self._make(
            self.sales_north, email_from="bob@client.test", phone="+32470123456"
        )
        self.assertEqual(lead.sudo().source_state, "disputed")
        self.assertIn("two different people", lead.sudo().commission_dispute_ids.reason)

    def test_referral(self):
        referrer = self.env["res.partner"].create({"name": "Happy Customer"})
        lead = self._make(
            self.sales_north, email_from="new@client.test", referrer_id=referrer.id
        )
        self.assertEqual(lead.commission_source, "referral")
        self.assertEqual(lead.channel, "referral")

    def test_customer_cannot_refer_itself(self):
        company = self.env["res.partner"].create({"name": "Client", "is_company": True})
        person = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": company.id}
        )
        with self.assertRaisesRegex(ValidationError, "cannot refer itself"):
            self._make(self.sales_north, partner_id=person.id, referrer_id=company.id)

    def test_import_by_an_officer_is_taken_as_it_is(self):
        self._touch(10, email_normalized="bob@client.test")
        env = self._as(self.officer_hq)
        result = env["crm.lead"].load(
            [
                "name",
                "email_from",
                "company_id/.id",
                "commission_source",
                "source_state",
            ],
            [["Old", "bob@client.test", str(self.north.id), "own", "verified"]],
        )
        self.assertFalse(result["messages"])
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertSource(lead, "own", "verified")
        lead.date_won = "2026-01-01"
        self.assertSource(lead, "own", "verified")
        self.assertFalse(lead.commission_dispute_ids)

    def test_template_of_past_deals_can_be_imported(self):
        Lead = self._as(self.officer_hq)["crm.lead"]
        path = Lead.get_import_templates()[-1]["template"].lstrip("/")
        with file_open(path) as file:
            header, *rows = csv.reader(file)
        result = Lead.load(header, rows)
        self.assertFalse(result["messages"])
        deals = [
            (lead.commission_source, lead.won_status, str(lead.date_won))
            for lead in Lead.browse(result["ids"])
        ]
        self.assertEqual(
            deals,
            [("marketing", "won", "2026-04-17"), ("own", "won", "2026-05-04")],
        )

    def test_template_of_past_deals_is_for_officers(self):
        templates = self._as(self.sales_north)["crm.lead"].get_import_templates()
        self.assertNotIn("past_deals", str(templates))

    def test_lead_older_than_the_addon(self):
        lead = self._make_web_lead(email_from="bob@client.test")
        lead.touchpoint_ids.unlink()
        self.env.cr.execute(
            """UPDATE crm_lead SET commission_source = NULL, marketer_id = NULL,
                      first_touch_date = NULL, channel = NULL, source_state = 'open'
                WHERE id = %s""",
            [lead.id],
        )
        self.env.invalidate_all()
        self._win(lead)
        self.assertSource(lead, "marketing", "open", self.marketer)
        self.assertEqual(lead.touchpoint_ids.kind, "web_form")
        self.assertTrue(self._lines(lead))

    def test_broken_log_never_stops_a_new_lead(self):
        with (
            self.patch_create(ValueError("broken")),
            self.assertLogs("odoo.addons.hr_sales_commission", "ERROR"),
        ):
            lead = self._make(self.sales_north, email_from="bob@client.test")
        self.assertTrue(lead.sudo().is_commission_pending)
        self.env["crm.lead"]._recover_commission_capture()
        self.assertFalse(lead.sudo().is_commission_pending)
        self.assertSource(lead, "own", "verified")

    @mute_logger("odoo.sql_db")
    def test_database_error_never_stops_a_new_lead(self):
        def fail(touchpoint, vals_list):
            touchpoint.env.cr.execute("SELECT 1 / 0")

        with (
            self.patch_create(fail),
            self.assertLogs("odoo.addons.hr_sales_commission", "ERROR"),
        ):
            lead = self._make(self.sales_north, email_from="bob@client.test")
        self.assertTrue(lead.sudo().is_commission_pending)

    def patch_create(self, effect):
        return patch.object(
            CrmTouchpoint, "_add_to_chain", side_effect=effect, autospec=True
        )

    def test_matching_costs_three_statements(self):
        for number in range(20):
            self._touch(number + 1, email_normalized=f"p{number}@client.test")
        lead = self._make(self.sales_north, email_from="bob@client.test")
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        lead.sudo()._decide_sources(True)
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 3)
