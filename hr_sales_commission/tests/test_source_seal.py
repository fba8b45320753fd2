# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestSourceSeal(SourceCommon):
    """What people try, through the form, by RPC and by import, and what comes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.sales_north.user_id

    def setUp(self):
        super().setUp()
        self.lead = self._make_web_lead(email_from="bob@client.test")
        self.assertSource(self.lead, "marketing", "verified", self.marketer)

    def _qualify(self, lead=None):
        lead = lead or self.lead
        lead.with_user(lead.user_id).need_description = "Wants 20 licences"
        self.assertTrue(lead.sudo().date_qualified)

    def _mine(self, lead=None):
        self._as(self.sales_north)
        return (lead or self.lead).with_user(self.user)

    def assertStillMarketing(self, lead=None):
        lead = lead or self.lead
        self.assertSource(lead, "marketing", "verified", self.marketer)

    # ------------------------------------------------------------------
    # Writing what is sealed
    # ------------------------------------------------------------------

    def _get_bent_values(self):
        return {
            "campaign_id": False,
            "medium_id": self.env.ref("utm.utm_medium_direct").id,
            "source_id": False,
            "referrer_id": self.env["res.partner"].create({"name": "Friend"}).id,
            "commission_source": "own",
            "source_state": "open",
            "marketer_id": False,
            "first_touch_date": "2020-01-01",
        }

    def test_sealed_fields_by_rpc(self):
        self._qualify()
        for name, value in self._get_bent_values().items():
            with self.subTest(name), self.assertRaises(UserError):
                self._mine().write({name: value})
            self.assertStillMarketing()

    def test_sealed_fields_by_rpc_as_an_officer(self):
        self._qualify()
        officer = self.lead.with_user(self.officer_north.user_id)
        values = self._get_bent_values()
        for name in ("campaign_id", "source_id", "commission_source", "marketer_id"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "sealed"):
                officer.write({name: values[name]})
        self.assertStillMarketing()

    def test_same_values_are_no_change(self):
        self._qualify()
        self._mine().write(
            {"source_id": self.web.id, "campaign_id": self.campaign.id, "name": "New"}
        )
        self.assertEqual(self.lead.name, "New")

    def test_utm_by_form(self):
        self._qualify()
        form = Form(self._mine(), view="crm.crm_lead_view_form")
        form.source_id = self.env["utm.source"]
        with self.assertRaisesRegex(UserError, "sealed"):
            form.save()
        self.assertStillMarketing()

    def test_utm_before_qualification_does_not_matter(self):
        self._mine().write({"source_id": False, "campaign_id": False})
        self.assertStillMarketing()

    def test_utm_by_import(self):
        self._qualify()
        self.env["ir.model.data"].create(
            {
                "module": "test_seal",
                "name": "lead",
                "model": "crm.lead",
                "res_id": self.lead.id,
            }
        )
        for column, value in (
            ("source_id/.id", str(self.env["utm.source"].create({"name": "X"}).id)),
            ("commission_source", "own"),
            ("first_touch_date", "2020-01-01"),
            ("date_won", "2020-01-01"),
        ):
            with self.subTest(column):
                result = self._as(self.sales_north)["crm.lead"].load(
                    ["id", column], [["test_seal.lead", value]]
                )
                self.assertTrue(result["messages"])
                self.assertStillMarketing()

    def test_import_of_a_new_lead_with_a_source(self):
        result = self._as(self.sales_north)["crm.lead"].load(
            ["name", "email_from", "commission_source"],
            [["Mine", "x@y.test", "own"]],
        )
        self.assertTrue(result["messages"])

    def test_context_is_no_key(self):
        self._qualify()
        for context in (
            {"commission_new_leads": True},
            {"install_mode": True},
            {"import_file": True},
            {"tracking_disable": True},
        ):
            with self.subTest(context=context), self.assertRaises(AccessError):
                self._mine().with_context(**context).write({"commission_source": "own"})

    def test_system_fields_by_rpc(self):
        for name in ("is_source_fixed", "source_verifier_id", "followup_count"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._mine().write({name: 1})
        with self.assertRaises(AccessError):
            self._as(self.sales_north)["crm.lead"].create(
                {"name": "x", "is_source_fixed": True}
            )

    # ------------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------------

    def test_merge_own_over_marketing(self):
        self.lead.sudo().touchpoint_ids.write(
            {"date": fields.Datetime.now() - timedelta(days=3)}
        )
        own = self._make(self.sales_north, email_from="else@where.test")
        own.stage_id = self.env["crm.stage"].create({"name": "Far", "sequence": 50})
        head = (own + self._mine()).merge_opportunity()
        self.assertEqual(head, own)
        self.assertStillMarketing(head)
        self.assertIn("web_form", head.sudo().touchpoint_ids.mapped("kind"))
        self.assertEqual(head.sudo().source_id, self.web)

    def test_merge_marketing_over_own(self):
        self.lead.sudo().touchpoint_ids.write(
            {"date": fields.Datetime.now() - timedelta(days=3)}
        )
        own = self._make(self.sales_north, email_from="else@where.test")
        self.lead.stage_id = self.env["crm.stage"].create(
            {"name": "Far", "sequence": 50}
        )
        head = (own + self._mine()).merge_opportunity()
        self.assertEqual(head, self.lead)
        self.assertStillMarketing(head)

    def test_merge_an_old_own_customer_over_marketing(self):
        own = self._make(self.sales_north, email_from="else@where.test")
        own.sudo().touchpoint_ids.write(
            {"date": fields.Datetime.now() - timedelta(days=30)}
        )
        own.sudo()._write_facts(
            {"first_touch_date": fields.Date.today() - timedelta(days=30)}
        )
        head = (own + self._mine()).merge_opportunity()
        self.assertEqual(head.sudo().source_state, "disputed")
        self.assertEqual(head.sudo().commission_dispute_ids.claimed_source, "marketing")

    def test_merge_into_a_sealed_lead(self):
        self._qualify()
        self._process()
        own = self._make(self.sales_north, email_from="else@where.test")
        own.stage_id = self.env["crm.stage"].create({"name": "Far", "sequence": 50})
        head = (own + self._mine()).merge_opportunity()
        self.assertEqual(head, self.lead)
        self.assertStillMarketing(head)
        self.assertTrue(head.sudo().date_qualified)

    # ------------------------------------------------------------------
    # Renaming what a source is called
    # ------------------------------------------------------------------

    def test_rename_utm(self):
        self._qualify()
        self.web.with_user(self.user).name = "Cold Calls"
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.user).title = "My Calls"
        self.campaign.sudo().title = "My Calls"
        self.assertStillMarketing()
        touch = self.lead.sudo().touchpoint_ids
        self.assertEqual(touch.source_name, "Autumn Ads")
        self.assertEqual(touch.campaign_name, "Autumn Fair")

    def test_delete_utm(self):
        self._qualify()
        self.web.sudo().unlink()
        self.campaign.sudo().unlink()
        self.assertStillMarketing()
        self.assertEqual(self.lead.sudo().touchpoint_ids.source_name, "Autumn Ads")

    def test_what_a_source_means_is_not_for_everybody(self):
        source = self.web.with_user(self.user)
        with self.assertRaises(AccessError):
            source.commission_source = "own"
        with self.assertRaises(AccessError):
            source.create({"name": "Mine", "commission_source": "own"})
        self.web.commission_source = "marketing"
        with self.assertRaises(AccessError):
            source.name = "Cold Calls"
        medium = self.env.ref("utm.utm_medium_website").with_user(self.user)
        with self.assertRaises(AccessError):
            medium.touchpoint_kind = "demo"

    # ------------------------------------------------------------------
    # Making the lead again
    # ------------------------------------------------------------------

    def test_delete_and_create_again(self):
        self.lead.with_user(self.administrator.user_id).sudo().unlink()
        for email in ("bob@client.test", "bob+new@client.test", "BOB@CLIENT.TEST"):
            with self.subTest(email):
                self.assertStillMarketing(
                    self._make(self.sales_north, email_from=email)
                )

    def test_create_again_as_somebody_else(self):
        self.lead.phone = "+32 470 12 34 56"
        cases = {
            "plus": {"email_from": "bob+1@client.test"},
            "case": {"email_from": "Bob@Client.Test"},
            "spaces": {"phone": "+32 470 1234 56"},
            "colleague": {"email_from": "boss@client.test"},
        }
        for name, vals in cases.items():
            with self.subTest(name):
                self.assertStillMarketing(self._make(self.sales_north, **vals))

    def test_delete_a_lead_with_commission(self):
        self._qualify()
        self._process()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.lead.sudo().unlink()

    def test_duplicate(self):
        self._qualify()
        copy = self._mine().copy()
        self.assertStillMarketing(copy)
        self.assertFalse(copy.date_qualified)

    def test_duplicate_without_utm(self):
        copy = self._mine().copy({"source_id": False, "campaign_id": False})
        self.assertStillMarketing(copy)

    # ------------------------------------------------------------------
    # Moving it around
    # ------------------------------------------------------------------

    def test_transfer_of_the_owner(self):
        self._qualify()
        self._mine().user_id = self.manager_north.user_id
        self.assertStillMarketing()

    def test_archive_and_reopen(self):
        self._qualify()
        date = self.lead.sudo().date_qualified
        self._mine().action_archive()
        self._mine().action_unarchive()
        self._mine().action_set_lost()
        self._mine().action_restore()
        self.assertStillMarketing()
        self.assertEqual(self.lead.sudo().date_qualified, date)

    def test_back_dating(self):
        created = self.lead.create_date
        for name in ("first_touch_date", "date_won", "date_qualified"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._mine().write({name: "2020-01-01"})
        self._mine().write({"create_date": "2020-01-01 00:00:00"})
        self.env.invalidate_all()
        self.assertEqual(self.lead.create_date, created)
        log = self._as(self.sales_north)["crm.touchpoint"]
        with self.assertRaisesRegex(AccessError, "logged when they happen"):
            log.create({"lead_id": self.lead.id, "date": "2020-01-01 00:00:00"})
        self.assertStillMarketing()

    def test_convert_through_an_existing_partner(self):
        self._touch(30, self.sales_north, email_normalized="old@friend.test")
        partner = self.env["res.partner"].create(
            {"name": "Old Friend", "email": "old@friend.test"}
        )
        lead = self._make_web_lead(type="lead", email_from="eve@client2.test")
        wizard = (
            self._as(self.sales_north)["crm.lead2opportunity.partner"]
            .with_context(active_model="crm.lead", active_ids=lead.ids)
            .create(
                {
                    "name": "convert",
                    "lead_id": lead.id,
                    "action": "exist",
                    "partner_id": partner.id,
                }
            )
        )
        wizard.action_apply()
        self.assertEqual(lead.partner_id, partner)
        self.assertEqual(lead.sudo().commission_source, "marketing")
        self.assertEqual(lead.sudo().marketer_id, self.marketer)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_write_through_the_mail_alias(self):
        message = (
            "From: {sender}\r\nTo: leads@commission.test\r\n"
            "Subject: Buy\r\nMessage-Id: <{sender}>\r\n\r\nHello"
        )
        for sender in ("bob@client.test", "bob+x@client.test", "boss@client.test"):
            with self.subTest(sender):
                lead_id = self.env["mail.thread"].message_process(
                    "crm.lead",
                    message.format(sender=sender),
                    custom_values={
                        "user_id": self.user.id,
                        "company_id": self.north.id,
                    },
                )
                self.assertStillMarketing(self.env["crm.lead"].browse(lead_id))

    def test_mail_to_the_company_is_not_an_own_customer(self):
        lead_id = self.env["mail.thread"].message_process(
            "crm.lead",
            "From: new@stranger.test\r\nTo: leads@commission.test\r\n"
            "Subject: Buy\r\nMessage-Id: <new@stranger.test>\r\n\r\nHello",
            custom_values={"user_id": self.user.id, "company_id": self.north.id},
        )
        lead = self.env["crm.lead"].browse(lead_id)
        self.assertSource(lead, "marketing", "verified")
        self.assertEqual(lead.channel, "email")

    # ------------------------------------------------------------------
    # Verifying oneself
    # ------------------------------------------------------------------

    def test_nobody_verifies_their_own_customer(self):
        lead = self._make(self.officer_north)
        self.assertSource(lead, "own", "open")
        mine = lead.with_user(self.officer_north.user_id)
        with self.assertRaises(UserError):
            mine.action_verify_source()
        with self.assertRaises(AccessError):
            mine.source_state = "verified"
        lead.with_user(self.manager_north.user_id).action_verify_source()
        self.assertSource(lead, "own", "verified")

    def test_disputed_source_is_not_verified_by_hand(self):
        self.lead._apply_decision({"source_state": "disputed"})
        with self.assertRaisesRegex(UserError, "by its dispute only"):
            self.lead.with_user(self.officer_north.user_id).source_state = "verified"

    # ------------------------------------------------------------------
    # Qualification
    # ------------------------------------------------------------------

    def _plan_with(self, condition, **vals):
        self.plan.write({"active": False, "state": "closed", "date_end": "2020-01-02"})
        return self._create_plan(
            date_start="2020-01-03", qualification_domain=condition, **vals
        )

    def test_followed_up_more_than_twice(self):
        self._plan_with("[('followup_count', '>', 2)]")
        for number in (1, 2, 3):
            self.assertFalse(self.lead.is_qualified)
            self.assertEqual(self.lead.followup_count, number - 1)
            self._mine().message_post(
                body=f"Hello {number}",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertTrue(self.lead.is_qualified)
        self.assertFalse(self.lead.unqualified_reason)

    def test_form_filled_and_need_described(self):
        self._plan_with(
            "[('touchpoint_ids.kind', 'in', ['web_form', 'demo']),"
            " ('need_description', '!=', False)]"
        )
        own = self._make(self.sales_north, need_description="Much")
        self.assertFalse(own.is_qualified)
        self.assertEqual(own.unqualified_reason, "Touchpoint")
        lead = self._make_web_lead(email_from="eve@client3.test")
        self.assertFalse(lead.is_qualified)
        self.assertEqual(lead.unqualified_reason, "Need Description")
        lead.need_description = "Much"
        self.assertTrue(lead.is_qualified)

    def test_new_definition_acts_from_its_first_day_on(self):
        self._qualify()
        date = self.lead.date_qualified
        self.plan.date_end = fields.Date.today()
        self._create_plan(
            date_start=fields.Date.today() + timedelta(days=1),
            qualification_domain="[('followup_count', '>', 2)]",
        )
        self.lead.with_user(self.user).need_fit = "full"
        self.assertEqual(self.lead.date_qualified, date)
        self.assertTrue(self.lead.is_qualified)

    def test_lead_that_stops_qualifying_is_a_visible_difference(self):
        self._qualify()
        self._process()
        line = self._lines(self.lead)
        self.assertEqual(line.amount, 100)
        line.sudo().write({"state": "approved"})
        self._mine().need_description = False
        self._process()
        self.assertFalse(self.lead.is_qualified)
        self.assertEqual(self._lines(self.lead).mapped("amount"), [100, -100])

    def test_lead_qualifies_without_being_touched(self):
        lead = self._make(self.sales_north, email_from="a@b.test")
        self.assertFalse(lead.is_qualified)
        self.env.cr.execute(
            "UPDATE crm_lead SET need_description = 'x' WHERE id = %s", [lead.id]
        )
        self.env.invalidate_all()
        self.env["crm.lead"]._cron_update_qualification()
        self.assertTrue(lead.is_qualified)
