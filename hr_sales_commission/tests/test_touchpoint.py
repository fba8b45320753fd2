# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from ..pipeline.identity import (
    company_domain,
    email_key,
    fold,
    name_key,
    registrable_domain,
    website_domain,
)
from ..pipeline.touch_matcher import TouchMatcher, find_same_companies
from .source_common import SourceCommon

ACTIVITY_LOG = "odoo.addons.hr_sales_commission.models.mail_activity"


@tagged("post_install", "-at_install", "commission_core")
class TestTouchpoint(SourceCommon):
    """Contacts are logged by themselves, in two clicks or by another system."""

    def setUp(self):
        super().setUp()
        self.partner = self.env["res.partner"].create(
            {"name": "Bob", "email": "bob@client.test"}
        )

    def _find(self, **vals):
        domain = [(name, "=", value) for name, value in vals.items()]
        return self.env["crm.touchpoint"].search(domain)

    # ------------------------------------------------------------------
    # By themselves
    # ------------------------------------------------------------------

    def test_meeting_is_a_contact_once_it_took_place(self):
        now = fields.Datetime.now()
        meeting = self._as(self.sales_north)["calendar.event"].create(
            {
                "name": "Lunch",
                "start": now + timedelta(hours=1),
                "stop": now + timedelta(hours=2),
                "partner_ids": (self.partner + self.sales_north.user_id.partner_id).ids,
            }
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "hr_sales_commission.ir_cron_commission_meetings"
            ).method_direct_trigger()
        self.assertFalse(self._find(kind="meeting"))
        meeting.write(
            {"start": now - timedelta(hours=2), "stop": now - timedelta(hours=1)}
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "hr_sales_commission.ir_cron_commission_meetings"
            ).method_direct_trigger()
        touch = self._find(kind="meeting")
        self.assertEqual(touch.partner_id, self.partner)
        self.assertEqual(touch.employee_id, self.sales_north)
        self.assertEqual(touch.commission_source, "own")
        self.assertGreaterEqual(touch.date, meeting.create_date.replace(microsecond=0))

    def test_call_done_is_a_contact_and_a_followup(self):
        lead = self._make(self.sales_north, email_from="bob@client.test")
        lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.sales_north.user_id.id
        ).action_feedback()
        lead = lead.sudo()
        self.assertIn("call", lead.touchpoint_ids.mapped("kind"))
        self.assertEqual(lead.followup_count, 1)
        self.assertTrue(lead.date_first_followup)

    def test_todo_done_is_no_contact(self):
        lead = self._make(self.sales_north, email_from="bob@client.test")
        lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.sales_north.user_id.id
        ).action_feedback()
        self.assertEqual(len(lead.sudo().touchpoint_ids), 1)

    def test_call_to_a_customer_without_lead(self):
        self.partner.with_user(self.marketer.user_id).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.marketer.user_id.id
        ).action_feedback()
        touch = self._find(partner_id=self.partner.id)
        self.assertEqual(touch.employee_id, self.marketer)
        lead = self._make(self.sales_north, partner_id=self.partner.id)
        self.assertSource(lead, "marketing", "verified", self.marketer)
        self.assertIn(touch, lead.sudo().touchpoint_ids)

    def _call_while_broken(self, activity):
        """Mark a call as done while the log cannot be written."""
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE crm_touchpoint ADD CONSTRAINT broken CHECK (id < 0) NOT VALID"
        )
        with self.assertLogs(ACTIVITY_LOG, "ERROR"), mute_logger("odoo.sql_db"):
            activity.action_feedback(feedback="They want an offer.")
            self.env.flush_all()
        self.assertFalse(activity.active)
        self.assertTrue(activity.sudo().pending_contact)

    def _recover_contacts(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "hr_sales_commission.ir_cron_commission_meetings"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_call_that_could_not_be_logged_is_logged_later(self):
        lead = self._make(self.sales_north, email_from="bob@client.test")
        activity = lead.activity_schedule(
            "mail.mail_activity_data_call",
            summary="Offer?",
            user_id=self.sales_north.user_id.id,
        )
        self._call_while_broken(activity)
        done = fields.Datetime.now()
        self.assertFalse(self._find(kind="call"))
        self.assertEqual(lead.sudo().followup_count, 0)
        self.env.cr.execute("ALTER TABLE crm_touchpoint DROP CONSTRAINT broken")
        with freeze_time(done + timedelta(hours=3)):
            self._recover_contacts()
            self._recover_contacts()  # the second time nothing is left
        touch = self._find(kind="call")
        self.assertEqual(
            (touch.lead_id, touch.employee_id, touch.company_id, touch.note),
            (lead.sudo(), self.sales_north, self.north, "Offer?"),
        )
        self.assertLess(abs(touch.date - done), timedelta(minutes=1))
        self.assertEqual(lead.sudo().followup_count, 1)
        self.assertEqual(lead.sudo().date_first_followup, touch.date)
        self.assertFalse(activity.sudo().pending_contact)

    def test_contact_that_cannot_be_logged_does_not_stop_the_others(self):
        calls = [
            self.partner.with_user(person.user_id).activity_schedule(
                "mail.mail_activity_data_call", user_id=person.user_id.id
            )
            for person in (self.marketer, self.sales_north)
        ]
        with (
            patch.object(type(self.env["mail.activity"]), "_log_contacts") as log,
            self.assertLogs(ACTIVITY_LOG, "ERROR"),
        ):
            log.side_effect = ValueError("x")
            for call in calls:
                call.action_feedback()
        log_contacts = type(calls[0])._log_contacts

        def fail_for_the_marketer(activity, date):
            if activity.env.user == self.marketer.user_id:
                raise ValueError("x")
            return log_contacts(activity, date)

        with (
            patch.object(type(calls[0]), "_log_contacts", fail_for_the_marketer),
            self.assertLogs(ACTIVITY_LOG, "ERROR"),
        ):
            self._recover_contacts()
        touch = self._find(partner_id=self.partner.id)
        self.assertEqual(touch.employee_id, self.sales_north)
        self.assertTrue(calls[0].sudo().pending_contact)

    def test_notes_and_mails_of_others_are_no_followup(self):
        lead = self._make(self.sales_north, email_from="bob@client.test")
        lead.message_post(body="Note", subtype_xmlid="mail.mt_note")
        lead.with_user(self.manager_north.user_id).message_post(
            body="Mail", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(lead.sudo().followup_count, 0)

    # ------------------------------------------------------------------
    # In two clicks
    # ------------------------------------------------------------------

    def test_log_contact_on_a_customer(self):
        partner = self.partner.with_env(self._as(self.marketer))
        action = partner.action_log_contact()
        wizard = Form(
            partner.env[action["res_model"]].with_context(**action["context"])
        ).save()
        wizard.action_log()
        touch = self._find(partner_id=self.partner.id)
        self.assertEqual(touch.employee_id, self.marketer)
        self.assertEqual(touch.commission_source, "marketing")
        self.assertEqual(touch.email_key, "bob@client.test")

    def test_log_contact_on_a_lead(self):
        lead = self._make(self.sales_north, email_from="bob@client.test")
        action = lead.action_log_contact()
        wizard = Form(lead.env[action["res_model"]].with_context(**action["context"]))
        wizard.kind = "demo"
        wizard.save().action_log()
        self.assertIn("demo", lead.sudo().touchpoint_ids.mapped("kind"))

    def test_officer_records_an_earlier_contact(self):
        wizard = self._as(self.officer_hq)["crm.touchpoint.log"].create(
            {
                "partner_id": self.partner.id,
                "kind": "event",
                "date": fields.Datetime.now() - timedelta(days=4),
                "employee_id": self.marketer.id,
            }
        )
        wizard.action_log()
        touch = self._find(partner_id=self.partner.id)
        self.assertEqual(touch.employee_id, self.marketer)
        self.assertLess(touch.date, fields.Datetime.now() - timedelta(days=3))

    def test_name_says_kind_and_day_of_the_reader(self):
        touch = self.env["crm.touchpoint"].create(
            {"kind": "web_form", "date": "2026-03-02 23:30:00"}
        )
        for tz, day in (("UTC", "03/02/2026"), ("Asia/Shanghai", "03/03/2026")):
            with self.subTest(tz=tz):
                name = touch.with_context(tz=tz).display_name
                self.assertEqual(name, f"Web form · {day}")

    def test_nobody_logs_for_another(self):
        log = self._as(self.sales_north)["crm.touchpoint"]
        with self.assertRaisesRegex(AccessError, "your own contacts"):
            log.create({"partner_id": self.partner.id, "employee_id": self.marketer.id})

    def test_nobody_fills_in_what_the_system_does(self):
        log = self._as(self.sales_north)["crm.touchpoint"]
        for name, value in (
            ("commission_source", "own"),
            ("state", "valid"),
            ("chain_number", 7),
            ("lead_ref", 7),
            ("source_name", "x"),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                log.create({"partner_id": self.partner.id, name: value})

    # ------------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------------

    def test_contact_in_the_future(self):
        for env in (self._as(self.sales_north), self._as(self.officer_hq)):
            with self.assertRaisesRegex(ValidationError, "lies in the future"):
                env["crm.touchpoint"].create(
                    {
                        "partner_id": self.partner.id,
                        "date": fields.Datetime.now() + timedelta(days=1),
                    }
                )

    def test_unreadable_mail_and_phone_are_kept_unmatched(self):
        touch = self._touch(1, email_normalized="not a mail", phone_sanitized="x12")
        self.assertEqual(touch.state, "unmatched")
        self.assertTrue(touch.reason)
        self.assertFalse(touch.phone_sanitized)

    def test_marketer_of_another_business_does_not_count(self):
        other = self._create_company(name="Other Business")
        touch = self._touch(1, email_normalized="bob@client.test", company_id=other.id)
        self.assertEqual(touch.state, "unmatched")
        self.assertIn("does not work for", touch.reason)

    # ------------------------------------------------------------------
    # By another system
    # ------------------------------------------------------------------

    def test_reported_contacts(self):
        log = self._as(self.officer_hq, self.hq)["crm.touchpoint"]
        self.web.name = "Ads"
        contact = {
            "email": "Ann@Client.test",
            "utm_source": "ads",
            "kind": "ad_click",
            "external_ref": "click-1",
        }
        first, unknown, nobody = log.record_contacts(
            [contact, {**contact, "utm_source": "??", "external_ref": "click-2"}, {}]
        )
        self.assertEqual(first["state"], "valid")
        self.assertEqual(unknown["state"], "unmatched")
        self.assertIn("??", unknown["reason"])
        self.assertEqual(nobody["state"], "unmatched")
        self.assertEqual(log.record_contacts([contact])[0]["id"], first["id"])
        touch = log.browse(unknown["id"])
        self.assertEqual(touch.source_name, "??")
        self.assertFalse(touch.source_id)
        lead = self._make(self.sales_north, email_from="ann@client.test")
        self.assertSource(lead, "marketing", "verified")

    def test_reported_contacts_that_nobody_can_read(self):
        log = self._as(self.officer_hq)["crm.touchpoint"]
        with self.assertRaisesRegex(UserError, "no kind of contact"):
            log.record_contacts([{"email": "a@b.test", "kind": "telepathy"}])
        with self.assertRaisesRegex(UserError, "has no “mail”"):
            log.record_contacts([{"mail": "a@b.test"}])
        with self.assertRaises(AccessError):
            self._as(self.sales_north)["crm.touchpoint"].record_contacts([])

    # ------------------------------------------------------------------
    # Who sees them
    # ------------------------------------------------------------------

    def test_salesperson_sees_own_contacts_only(self):
        other = self._touch(
            1, email_normalized="bob@client.test", company_id=self.north.id
        )
        own = self._make(self.sales_north, email_from="me@mine.test").sudo()
        found = self._as(self.sales_north)["crm.touchpoint"].search([])
        self.assertNotIn(other.id, found.ids)
        self.assertLessEqual(set(own.touchpoint_ids.ids), set(found.ids))
        seen = self._as(self.manager_north)["crm.touchpoint"].search([])
        self.assertIn(other.id, seen.ids)

    # ------------------------------------------------------------------
    # Who is found again by what
    # ------------------------------------------------------------------

    def test_records_of_one_company(self):
        Partner = self.env["res.partner"]
        for one, other, is_same in (
            ({"vat": "DE 123.456"}, {"vat": "123456"}, True),
            ({"vat": "123456"}, {"vat": "DE123456"}, True),
            ({"vat": "DE123456"}, {"vat": "FR123456"}, False),
            ({"vat": "DE12345"}, {"vat": "DE12345"}, False),  # too short to be sure
            ({"vat": "DE123456"}, {"company_registry": "DE123456"}, False),
            ({"company_registry": "AB-CDE"}, {"company_registry": "abcde"}, True),
            ({"company_registry": "ABCDE"}, {"company_registry": "ABCDF"}, False),
            ({"company_registry": "ABCD"}, {"company_registry": "ABCD"}, False),
        ):
            asked, found = Partner.create(
                [{"name": "Quay", "is_company": True, **vals} for vals in (one, other)]
            )
            expected = [(asked.id, found.id)] if is_same else []
            self.assertEqual(find_same_companies(asked), expected, (one, other))
            (asked | found).write({"vat": False, "company_registry": False})
        self.env["res.partner.bank"].create(
            [
                {"acc_number": number, "partner_id": partner.id}
                for partner, number in (
                    (asked, "DE89 3704 0044"),
                    (found, "DE8937040044"),
                )
            ]
        )
        self.assertEqual(find_same_companies(asked), [(asked.id, found.id)])
        found.bank_ids.acc_number = "DE89370400440532"
        self.assertEqual(find_same_companies(asked), [])

    def test_whose_an_address_is_known_to_be(self):
        """A customer's, also a moment ago; a colleague's or our own is nobody's."""
        lead = self._lead_open(self.sales_north, 100, email_from="Bob@Client.test")
        self.assertEqual(TouchMatcher(lead).partners[lead.id], self.partner)
        self.partner.email = "bob@elsewhere.test"
        self.assertFalse(TouchMatcher(lead).partners[lead.id])
        for ours in (self.marketer.user_id.partner_id, self.north.partner_id):
            ours.email = "we@house.test"
            lead = self._lead_open(self.sales_north, 100, email_from=ours.email)
            self.assertFalse(TouchMatcher(lead).partners[lead.id])
            ours.email = False

    def test_contacts_of_a_lead_protected_for_longer(self):
        lead, other = (self._lead_open(self.sales_north, 100) for _number in range(2))
        lead.is_protection_extended = True
        touches = TouchMatcher(lead | other).match({lead.id: 30, other.id: 30})
        self.assertEqual([each.is_extended for each in touches[lead.id]], [True])
        self.assertEqual([each.is_extended for each in touches[other.id]], [False])

    def test_a_clock_put_back_lets_nobody_be_overtaken(self):
        lead = self._lead_open(self.sales_north, 100)
        before = fields.Datetime.now() - timedelta(days=1)
        with freeze_time(before):
            [touch] = TouchMatcher(lead).match({lead.id: 30})[lead.id]
            self.assertEqual(touch.date, fields.Datetime.now() - timedelta(minutes=1))

    def test_customers_are_found_by_mails_and_numbers(self):
        """Of archived contacts as well, and by each number of a field."""
        germany, france = self.env.ref("base.de"), self.env.ref("base.fr")
        self.north.country_id = france
        customer = self.env["res.partner"].create({"name": "Quay", "is_company": True})
        self.env["res.partner"].create(
            {
                "name": "Left",
                "parent_id": customer.id,
                "email": "left@quay.example",
                "phone": "01 42 68 53 00 / 01 42 68 53 01",
                "country_id": france.id,
                "active": False,
            }
        )
        lead = self._lead_open(
            self.sales_north,
            100,
            partner_id=customer.id,
            country_id=germany.id,
            phone="030 901820 / 030 901821",
        )
        keys = TouchMatcher(lead).keys[lead.id]
        self.assertEqual(list(keys["email_key"]), ["left@quay.example"])
        self.assertEqual(
            set(keys["phone_sanitized"]),
            {"+4930901820", "+4930901821", "+33142685300", "+33142685301"},
        )

    def test_contacts_count_for_twice_the_protection_before_the_first_own(self):
        mail = {"email_normalized": "mia@quay.example"}
        other = self._lead_open(self.sales_south, 100)
        self._touch(days_ago=300, lead_id=other.id)
        lead = self._lead_open(self.sales_north, 100, email_from="mia@quay.example")
        own = lead.touchpoint_ids
        near, _far = self._touch(days_ago=59, **mail), self._touch(days_ago=61, **mail)
        self._touch(days_ago=20, state="unmatched", **mail)
        first = self._touch(date=own.date - timedelta(days=60), **mail)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        of_others = self._touch(
            days_ago=20, company_id=elsewhere.id, employee_id=False, **mail
        )
        self.assertEqual(of_others.state, "valid")

        def found(date_to=None):
            touches = TouchMatcher(lead).match({lead.id: 30}, date_to)
            return [touch.id for touch in touches.get(lead.id, ())]

        self.assertEqual(found(), [first.id, near.id, own.id])
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.assertEqual(found(yesterday), [first.id, near.id])
        own.unlink()
        self.assertEqual(found(), [near.id], "before today")


@tagged("post_install", "-at_install")
class TestTouchpointChain(SourceCommon):
    """A change behind the back of Odoo is found."""

    def setUp(self):
        super().setUp()
        self.touches = self.env["crm.touchpoint"].union(
            *[self._touch(9 - n, email_normalized=f"p{n}@c.test") for n in range(4)]
        )
        self.env.flush_all()

    def _verify(self):
        return self._as(self.officer_hq, self.hq)["crm.touchpoint"].verify_integrity()

    def _sql(self, query, touch):
        self.env.cr.execute(query, [touch.id])
        self.env.invalidate_all()

    def test_whole_chain(self):
        self.assertEqual(self._verify(), [])
        numbers = self.touches.mapped("chain_number")
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 4)))

    def test_every_piece_of_evidence_is_covered(self):
        touch = self.touches[1]
        for column, value in {
            "date": "'2020-01-01'",
            "kind": "'call'",
            "commission_source": "'own'",
            "employee_id": str(self.sales_north.id),
            "email_key": "'x@y.test'",
            "phone_sanitized": "'+321'",
            "source_name": "'x'",
            "state": "'unmatched'",
        }.items():
            with self.subTest(column), self.env.cr.savepoint() as savepoint:
                self._sql(
                    f"UPDATE crm_touchpoint SET {column} = {value} WHERE id = %s", touch
                )
                (found,) = self._verify()
                self.assertEqual(found["touchpoint_id"], touch.id)
                self.assertEqual(found["number"], touch.chain_number)
                savepoint.rollback()
        self.assertEqual(self._verify(), [])

    def test_deleted_row(self):
        number = self.touches[1].chain_number
        self._sql("DELETE FROM crm_touchpoint WHERE id = %s", self.touches[1])
        (found,) = self._verify()
        self.assertEqual(found["number"], number)
        self.assertIn("deleted", found["problem"])

    def test_last_row_deleted(self):
        self._sql("DELETE FROM crm_touchpoint WHERE id = %s", self.touches[3])
        self.assertEqual(len(self._verify()), 1)

    def test_rewritten_hash(self):
        self._sql(
            """UPDATE crm_touchpoint SET commission_source = 'own', content_hash = 'x'
                WHERE id = %s""",
            self.touches[2],
        )
        (found,) = self._verify()
        self.assertIn("link", found["problem"])

    def test_merged_leads_and_partners_break_nothing(self):
        leads = self._make_web_lead(email_from="a@b.test")
        leads += self._make_web_lead(email_from="c@d.test")
        leads.merge_opportunity()
        self.assertEqual(self._verify(), [])

    def test_append_only(self):
        touch = self.touches[0].with_user(self.officer_hq.user_id)
        with self.assertRaises(AccessError):
            touch.note = "x"
        with self.assertRaises(AccessError):
            touch.unlink()

    def test_corrections_of_an_administrator_are_logged(self):
        env = self._as(self.administrator, self.hq)
        touch = self.touches[1].with_env(env)
        touch.note = "corrected"
        entry = self.env["crm.touchpoint"].search([], order="id desc", limit=1)
        self.assertIn(self.administrator.name, entry.note)
        self.assertEqual(entry.corrected_number, touch.chain_number)
        self.assertEqual(entry.state, "unmatched")
        self.assertEqual(self._verify(), [])
        self.touches[2].with_env(env).unlink()
        self.assertEqual(self._verify(), [])
        self._sql("UPDATE crm_touchpoint SET note = 'more' WHERE id = %s", touch)
        self.assertEqual(len(self._verify()), 1)

    def test_busy_chain_is_linked_later(self):
        chain = type(self.env["crm.touchpoint.chain"])
        with patch.object(chain, "_lock", return_value={}):
            touch = self._touch(1, email_normalized="busy@c.test")
        self.assertFalse(touch.chain_number)
        self.assertEqual(self._verify(), [])
        touch.invalidate_recordset()
        self.assertTrue(touch.chain_number)

    def test_menu(self):
        action = self._as(self.officer_hq, self.hq)[
            "crm.touchpoint"
        ].action_verify_integrity()
        self.assertEqual(action["params"]["type"], "success")
        self._sql("UPDATE crm_touchpoint SET note = 'x' WHERE id = %s", self.touches[0])
        action = self._as(self.officer_hq, self.hq)[
            "crm.touchpoint"
        ].action_verify_integrity()
        self.assertEqual(action["params"]["type"], "danger")
        with self.assertRaises(AccessError):
            self._as(self.sales_north)["crm.touchpoint"].verify_integrity()


@tagged("post_install", "-at_install")
class TestIdentityKeys(BaseCase):
    """What one customer is called in several ways, as one key."""

    def test_addresses_names_and_domains(self):
        for key, texts, expected in (
            (
                email_key,
                ("Mia.Sol+fair@GoogleMail.com", "miasol@gmail.com"),
                "miasol@gmail.com",
            ),
            (email_key, ("Mia.Sol+a@Quay.example",), "mia.sol@quay.example"),
            (email_key, ("+a@quay.example",), "+a@quay.example"),
            (email_key, ("", "nobody"), None),
            (fold, ("PayPal", "p\N{CYRILLIC SMALL LETTER A}ypal"), "paypal"),
            (registrable_domain, ("mail.quay.co.uk", "quay.co.uk"), "quay.co.uk"),
            (registrable_domain, ("localhost",), "localhost"),
            (company_domain, ("a@mail.quay.co.uk",), "quay.co.uk"),
            (company_domain, ("a@gmail.com", ""), None),
            (
                website_domain,
                ("https://www.quay.co.uk:80/x", "quay.co.uk"),
                "quay.co.uk",
            ),
            (website_domain, ("quay", ""), None),
            (name_key, ("Quay Lifts GmbH", "QUAY LIFTS"), "quaylifts"),
            (name_key, ("GmbH",), "gmbh"),
            (name_key, ("", None), None),
        ):
            for text in texts:
                self.assertEqual(key(text), expected, (key.__name__, text))
