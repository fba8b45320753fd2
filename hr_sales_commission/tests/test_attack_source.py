# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..pipeline.identity import company_domain, email_key, name_key, website_domain
from .source_common import STRICT, SourceCommon

MKT_PAY = 40  # 3 % and the 1 % bonus of a marketing customer's 1,000
OWN_PAY = 50  # 5 % of a proven own customer's 1,000


class _Undo(Exception):
    """Ends an attempt: whatever it did is undone."""


@tagged("post_install", "-at_install", "commission_long")
class TestAttackSource(SourceCommon):
    """People who want more money try to bend whose customer it is.

    Each attempt is made as the user; refused or not, then the deal is won, and its
    source, its state and what is payable to the salesperson are what they would have
    been without it.
    """

    plan_vals = STRICT

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer Ltd", "is_company": True, "email": "buyer@cust.test"}
        )
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Stranger Ltd", "is_company": True, "email": "x@stranger.test"}
        )

    def _won(self, lead):
        """Win a deal, and return what is payable to its salesperson."""
        lead = lead.sudo()
        lead.action_set_won()
        self.env.flush_all()
        self._process()
        return sum(
            line.amount
            for line in self._lines(lead)
            if line.state in ("draft", "approved")
            and not line.is_disputed
            and line.employee_id == self.sales_north
        )

    def _attempts(self, make, attempts, expected, user=None):
        """Make each attempt on a fresh lead as a user, then win it."""
        sources, states, most = expected
        for name, attempt in attempts.items():
            with self.subTest(name):
                try:
                    with self.env.cr.savepoint():
                        lead = make()
                        self._attempt(lead, attempt, user or self.sales_north)
                        lead.invalidate_recordset()
                        if not lead.exists():
                            self.fail("the lead is gone")
                        pay = self._won(lead)
                        self.assertIn(lead.sudo().commission_source, sources)
                        self.assertIn(lead.sudo().source_state, states)
                        self.assertLessEqual(pay, most)
                        self.assertLedgerExact(lead.sudo())
                        raise _Undo
                except _Undo:
                    self.env.invalidate_all()

    def _attempt(self, lead, attempt, employee):
        env = self._as(employee)
        try:
            with self.env.cr.savepoint():
                attempt(lead.with_env(env), env)
        except (UserError, ValueError):
            return
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # A customer of marketing's stays marketing's
    # ------------------------------------------------------------------

    def _marketing_lead(self):
        return self._make_web_lead(
            email_from="buyer@cust.test", need_description="A line of machines"
        )

    def _second(self, env, **vals):
        return env["crm.lead"].create(
            {
                "name": "Second",
                "type": "opportunity",
                "company_id": self.north.id,
                "user_id": env.uid,
                "email_from": "buyer@cust.test",
                "expected_revenue": 1000,
                **vals,
            }
        )

    def _claim(self, lead, env, **vals):
        return env["hr.commission.dispute"].create(
            {
                "lead_id": lead.id,
                "claimed_source": "own",
                "reason": "I met them first",
                **vals,
            }
        )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_marketing_stays_marketing(self):
        day = fields.Datetime.now() - timedelta(days=60)

        def merge_into_own(lead, env):
            (self._second(env) + lead).merge_opportunity()

        def log_and_merge(lead, env):
            own = self._second(env, email_from="other@cust.test")
            (lead + own).merge_opportunity()

        def typed_evidence(lead, env):
            env["crm.touchpoint"].create(
                {"lead_id": lead.id, "kind": "meeting", "date": day}
            )

        def log_dialog(lead, env):
            env["crm.touchpoint.log"].create(
                {"lead_id": lead.id, "kind": "call", "date": day}
            ).action_log()

        def claim_and_withdraw(lead, env):
            self._claim(lead, env).action_withdraw()

        def claim_and_accept(lead, env):
            claim = self._claim(lead, env)
            claim.action_decide("accepted", "obvious")

        def delete_and_type_again(lead, env):
            lead.unlink()

        def back_date_activity(lead, env):
            env["mail.activity"].create(
                {
                    "res_model_id": env["ir.model"]._get_id("crm.lead"),
                    "res_id": lead.id,
                    "pending_contact": {
                        "user_id": env.uid,
                        "company_id": self.north.id,
                        "date": fields.Datetime.to_string(day),
                    },
                }
            )
            self.env["mail.activity"]._recover_contacts()

        attempts = {
            "write source": lambda lead, env: lead.write({"commission_source": "own"}),
            "write state": lambda lead, env: lead.write({"source_state": "open"}),
            "write marketer": lambda lead, env: lead.write({"marketer_id": False}),
            "write first day": lambda lead, env: lead.write(
                {"first_touch_date": "2020-01-01"}
            ),
            "write fixed": lambda lead, env: lead.write({"is_source_fixed": True}),
            "write unknown": lambda lead, env: lead.write({"is_source_unknown": True}),
            "write channel": lambda lead, env: lead.write({"channel": "call"}),
            "web_save": lambda lead, env: lead.web_save(
                {"commission_source": "own"}, {}
            ),
            "clear campaign": lambda lead, env: lead.write({"campaign_id": False}),
            "clear utm": lambda lead, env: lead.write(
                {"campaign_id": False, "source_id": False, "medium_id": False}
            ),
            "import": lambda lead, env: env["crm.lead"].load(
                [".id", "commission_source"], [[str(lead.id), "own"]]
            ),
            "rename source": lambda lead, env: self.web.with_env(env).write(
                {"name": "My Customers"}
            ),
            "map source": lambda lead, env: self.web.with_env(env).write(
                {"commission_source": "own"}
            ),
            "take campaign": lambda lead, env: self.campaign.with_env(env).write(
                {"user_id": env.uid}
            ),
            "another customer": lambda lead, env: lead.write(
                {"partner_id": self.stranger.id}
            ),
            "another mail": lambda lead, env: lead.write({"email_from": "n@new.test"}),
            "another phone": lambda lead, env: lead.write({"phone": "+32470999999"}),
            "no mail": lambda lead, env: lead.write({"email_from": False}),
            "archive and back": lambda lead, env: (
                lead.action_archive() and lead.action_unarchive()
            ),
            "give away and back": lambda lead, env: (
                lead.write({"user_id": False}),
                lead.write({"user_id": env.uid}),
            ),
            "touch on the lead": typed_evidence,
            "touch by nested command": lambda lead, env: lead.write(
                {"touchpoint_ids": [Command.create({"kind": "call", "date": day})]}
            ),
            "log dialog": log_dialog,
            "drop the evidence": lambda lead, env: lead.touchpoint_ids.unlink(),
            "unlink the evidence": lambda lead, env: lead.write(
                {"touchpoint_ids": [Command.clear()]}
            ),
            "back-dated activity": back_date_activity,
            "merge into own": merge_into_own,
            "merge from own": log_and_merge,
            "claim, withdraw": claim_and_withdraw,
            "claim, accept": claim_and_accept,
            "delete": delete_and_type_again,
            "extend protection": lambda lead, env: lead.action_extend_protection(),
            "verify": lambda lead, env: lead.action_verify_source(),
            "reported by API": lambda lead, env: env["crm.touchpoint"].record_contacts(
                [{"email": "buyer@cust.test", "date": day, "kind": "call"}]
            ),
        }
        self._attempts(
            self._marketing_lead,
            attempts,
            (("marketing",), ("verified", "disputed"), MKT_PAY),
        )

    def test_second_lead_of_marketings_customer_is_not_own(self):
        """Typing the customer again, in whatever spelling, earns no own customer."""
        self._marketing_lead()
        spellings = {
            "same": {},
            "upper case": {"email_from": "BUYER@CUST.TEST"},
            "plus tag": {"email_from": "buyer+2@cust.test"},
            "with a name": {"email_from": '"Me" <buyer@cust.test>'},
            "other person of the company": {"email_from": "boss@cust.test"},
            "sub-domain": {"email_from": "boss@mail.cust.test"},
            "by partner": {"partner_id": self.customer.id, "email_from": False},
            "look-alike letters": {"email_from": "buyеr@сust.test"},  # Cyrillic е, с
            "look-alike domain": {"email_from": "boss@сust.test"},
            "default source": {},
        }

        def make(vals):
            env = self._as(self.sales_north)
            lead = env["crm.lead"].with_context(
                default_commission_source="own", default_source_state="verified"
            )
            return self._second(lead.env, **vals).sudo()

        for name, vals in spellings.items():
            self._attempts(
                lambda vals=vals: make(vals),
                {name: lambda lead, env: None},
                (("marketing", "own"), ("verified", "disputed", "open"), MKT_PAY),
            )

    def test_spellings_of_one_customer(self):
        for one, other in (
            ("a.b.c@gmail.com", "abc@googlemail.com"),
            ("A.B+x@GMAIL.com", "ab@gmail.com"),
            ("ann+deal@client.test", "ANN@client.test"),
            ("аnn@client.test", "ann@client.test"),
            ("ann@cliеnt.test", "ann@client.test"),
            ("ann@xn--clint-1we.test", "ann@cliеnt.test"),
        ):
            with self.subTest(one):
                self.assertEqual(email_key(one), email_key(other))
        self.assertNotEqual(email_key("a.b@client.test"), email_key("ab@client.test"))
        for mail, domain in (
            ("x@mail.client.co.uk", "client.co.uk"),
            ("x@shop.client.test", "client.test"),
            ("x@gmail.com", None),
        ):
            with self.subTest(mail):
                self.assertEqual(company_domain(mail), domain)
        self.assertEqual(website_domain("https://www.client.co.uk/x"), "client.co.uk")
        for one, other in (
            ("Müller Maschinen GmbH & Co. KG", "Muller Maschinen"),
            ("上海机器有限公司", "上海机器股份有限公司"),
            ("Client S.A.R.L.", "CLIENT"),
        ):
            with self.subTest(one):
                self.assertEqual(name_key(one), name_key(other))

    def test_another_record_of_the_same_company(self):
        """VAT, registry number, bank account, website, a contact's mail or phone."""
        account = {"acc_number": "BE71096123456769"}
        known = {
            "vat": "BE0477472701",
            "company_registry": "HRB 123456",
            "website": "https://www.known.test",
            "bank_ids": [Command.create(account)],
        }
        first = self.env["res.partner"].create(
            {"name": "Known One", "is_company": True, **known}
        )
        self._touch(10, partner_id=first.id)
        self._touch(10, email_normalized="boss@known.test")
        self._touch(10, phone_sanitized="+32470123456")
        contact = {"name": "Boss", "email": "boss@known.test"}
        caller = {"name": "Caller", "phone": "0470 12 34 56"}
        self.north.country_id = self.env.ref("base.be")
        for name, vals in {
            "vat": {"vat": known["vat"]},
            "registry": {"company_registry": known["company_registry"]},
            "bank": {"bank_ids": [Command.create(account)]},
            "website": {"website": "http://shop.known.test/"},
            "contact's mail": {"child_ids": [Command.create(contact)]},
            "contact's phone": {"child_ids": [Command.create(caller)]},
            "part of the company": {"parent_id": first.id, "is_company": False},
        }.items():
            with self.subTest(name):
                again = self.env["res.partner"].create(
                    {"name": f"Zzz {name}", "is_company": True, **vals}
                )
                lead = self._make(self.sales_north, partner_id=again.id)
                self.assertSource(lead, "marketing", "verified", self.marketer)

    def test_identity_hidden_and_shown_again(self):
        """By what marketing knows a customer is taken away for a while: before the lead
        is made or before it is won, and put back when it has paid."""
        known = {
            "vat": "BE0477472701",
            "company_registry": "HRB 123456",
            "website": "https://www.known.test",
        }
        first = self.env["res.partner"].create(
            {"name": "Known One", "is_company": True, **known}
        )
        self._touch(10, partner_id=first.id)
        self._touch(10, email_normalized="boss@known.test")
        self._touch(10, phone_sanitized="+32470123456")
        self.north.country_id = self.env.ref("base.be")
        known |= {"parent_id": first.id, "email": "boss@known.test"}
        known["phone"] = "0470 12 34 56"
        for name, value in known.items():
            for moment in ("before the lead", "before winning"):
                with self.subTest(name, moment=moment), self.env.cr.savepoint() as undo:
                    customer = self.env["res.partner"].create(
                        {"name": f"Zzz {name}", name: value}
                    )
                    theirs = customer.with_user(self.sales_north.user_id)
                    if moment == "before the lead":
                        theirs.write({name: False})
                    lead = self._make(self.sales_north, partner_id=customer.id)
                    lead.partner_id.write({name: False})
                    proof = {"email_from": "z@elsewhere.test", "author_id": customer.id}
                    self._mail(lead.with_env(self.env), **proof)
                    self._won(lead)
                    theirs.write({name: value})
                    self.env.flush_all()
                    self._process()
                    lead = lead.sudo()
                    self.assertIn(
                        (lead.commission_source, lead.source_state),
                        (("marketing", "verified"), ("own", "disputed")),
                    )
                    self.assertLedgerExact(lead)
                    payable = self._lines(lead).filtered(
                        lambda line: line.state == "draft" and not line.is_disputed
                    )
                    own = payable.filtered(
                        lambda line: line.employee_id == self.sales_north
                    )
                    self.assertLessEqual(sum(own.mapped("amount")), MKT_PAY)
                    undo.rollback()
                    self.env.invalidate_all()

    def test_identity_learnt_after_winning(self):
        """Whatever says later that a customer is marketing's asks again, by each way."""
        account = {"acc_number": "BE71096123456769"}
        known = {
            "vat": "BE0477472701",
            "company_registry": "HRB 123456",
            "website": "https://www.known.test",
        }
        first = self.env["res.partner"].create(
            {
                "name": "Known One",
                "is_company": True,
                "bank_ids": [Command.create(account)],
                **known,
            }
        )
        later = self.env["res.partner"].create({"name": "No Key", "is_company": True})
        for customer in first + later:
            self._touch(10, partner_id=customer.id)
        self._touch(10, email_normalized="boss@known.test")
        self._touch(10, phone_sanitized="+32470123456")
        self.north.country_id = self.env.ref("base.be")
        mine = self.env["res.partner"].create(
            {
                "name": "Zzz",
                "is_company": True,
                "email": "z@elsewhere.test",
                "vat": "BE0403170701",
                "bank_ids": [Command.create({"acc_number": "NL91ABNA0417164300"})],
                "child_ids": [
                    Command.create({"name": "Clerk", "type": "contact"}),
                    Command.create(
                        {"name": "Away", "email": "boss@known.test", "active": False}
                    ),
                ],
            }
        )
        clerk, away = mine.with_context(active_test=False).search(
            [("parent_id", "=", mine.id)], order="id"
        )
        away.email = False
        lead = self._make(self.sales_north, partner_id=mine.id).with_env(self.env)
        self._mail(lead, email_from="z@elsewhere.test", author_id=mine.id)
        self.assertEqual(self._won(lead), OWN_PAY)
        mail, phone = {"email": "boss@known.test"}, {"phone": "0470 12 34 56"}
        theirs = first.bank_ids
        copied = theirs.create({**account, "partner_id": self.stranger.id})
        account |= {"partner_id": mine.id}
        for name, record, act in (
            ("account", theirs, lambda each: each.create(account)),
            ("its number", mine.bank_ids, lambda each: each.write(account)),
            ("moved", copied, lambda each: each.write({"partner_id": mine.id})),
            ("nested", mine, lambda each: each.write({"bank_ids": [(0, 0, account)]})),
            *(
                (key, mine, lambda each, k=key: each.write({k: known[k]}))
                for key in known
            ),
            ("mail", mine, lambda each: each.write(mail)),
            ("phone", mine, lambda each: each.write(phone)),
            ("contact's mail", clerk, lambda each: each.write(mail)),
            ("contact's phone", clerk, lambda each: each.write(phone)),
            ("archived", away, lambda each: each.write(mail)),
            (
                "a delivery address",
                mine,
                lambda each: each.create(
                    {"name": "Gate", "type": "delivery", "parent_id": mine.id, **mail}
                ),
            ),
            (
                "a contact of a contact",
                mine,
                lambda each: each.create({"name": "x", "parent_id": clerk.id, **phone}),
            ),
            ("part", mine, lambda each: each.write({"parent_id": first.id})),
            ("learnt of them", later, lambda each: each.write({"vat": mine.vat})),
            (
                "theirs",
                theirs,
                lambda each: each.create(
                    {"acc_number": "NL91ABNA0417164300", "partner_id": later.id}
                ),
            ),
            (
                "website of the lead",
                lead,
                lambda each: each.write({"website": "known.test"}),
            ),
        ):
            with self.subTest(name), self.env.cr.savepoint() as undo:
                act(record)
                self.env.flush_all()
                self._process()
                self.assertSource(lead, "own", "disputed")
                self.assertEqual(self._won(lead), 0)
                self.assertLedgerExact(lead)
                undo.rollback()
                self.env.invalidate_all()

    def test_a_look_alike_name_holds_and_decides_nothing(self):
        self._touch(
            10,
            company_name="Hangzhou Precision Machinery Ltd",
            email_normalized="info@hangzhou.test",
        )
        lead = self._make(
            self.sales_north,
            partner_name="Hangzhou Precison Machinery GmbH",
            email_from="boss@elsewhere.test",
        ).with_env(self.env)
        self._mail(lead, email_from="boss@elsewhere.test", author_id=False)
        self.assertSource(lead, "own", "open")
        self.assertIn("Hangzhou Precision", lead.source_note)
        self.assertEqual(self._won(lead), 0)
        lead.with_user(self.officer_hq.user_id).action_verify_source()
        self._process()
        self.assertSource(lead, "own", "verified")

    # ------------------------------------------------------------------
    # An own customer is proven, not claimed
    # ------------------------------------------------------------------

    def _own_lead(self, **vals):
        return self._make(
            self.sales_north,
            email_from="buyer@cust.test",
            partner_id=self.customer.id,
            **vals,
        ).with_env(self.env)

    def _meeting(self, lead, env, hours=-3, guests=None, **vals):
        start = fields.Datetime.now() + timedelta(hours=hours)
        guests = self.customer if guests is None else guests
        return env["calendar.event"].create(
            {
                "name": "Talk",
                "start": start,
                "stop": start + timedelta(hours=1),
                "opportunity_id": lead.id,
                "user_id": env.uid,
                "partner_ids": [Command.set((guests | env.user.partner_id).ids)],
                **vals,
            }
        )

    def _past_meeting(self, lead, env, guests, **vals):
        """A meeting that was entered, and guests invited, before it took place."""
        meeting = self._meeting(lead, env, hours=0.01, guests=guests, **vals)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE calendar_event SET create_date = create_date - interval '2 day',"
            " start = start - interval '1 day', stop = stop - interval '1 day'"
            " WHERE id = %s",
            [meeting.id],
        )
        self.env.invalidate_all()
        return meeting

    def _receive(self, lead, sender, env=None):
        """A mail comes in by the mail server, or somebody hands it in."""
        gateway = env or self.env(user=self.env.ref("base.user_root").id, su=True)
        gateway["mail.thread"].message_process(
            "crm.lead",
            f"From: {sender}\nTo: sales@us.test\nSubject: Yes\n"
            f"Message-Id: <{lead.id}-{len(sender)}@mail.test>\n\nI want it.",
            thread_id=lead.id,
        )

    def _log_meetings(self):
        meetings = self.env["calendar.event"].search(
            [
                ("stop", "<=", fields.Datetime.now()),
                ("is_touchpoint_logged", "=", False),
            ]
        )
        meetings._log_touchpoints()

    def _mail(self, lead, **vals):
        return lead.message_post(
            body="I want it",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            **vals,
        )

    def test_claims_are_no_proof(self):
        def past_meeting(lead, env):
            self._meeting(lead, env)
            self._log_meetings()

        def meeting_without_customer(lead, env):
            self._meeting(lead, env, guests=self.marketer.user_id.partner_id)
            self._log_meetings()

        def moved_meeting(lead, env):
            meeting = self._meeting(lead, env, hours=5)
            start = fields.Datetime.now() - timedelta(hours=5)
            meeting.write({"start": start, "stop": start + timedelta(hours=1)})
            self._log_meetings()

        def fifty_calls(lead, env):
            for number in range(50):
                env["crm.touchpoint"].create(
                    {"lead_id": lead.id, "kind": "call", "note": f"call {number}"}
                )

        def done_calls(lead, env):
            for _number in range(3):
                lead.activity_schedule(
                    "mail.mail_activity_data_call", user_id=env.uid
                ).action_feedback(feedback="reached")

        def claim_withdraw(lead, env):
            self._claim(lead, env).action_withdraw()

        def claim_decide(lead, env):
            self._claim(lead, env).action_decide("rejected", "mine anyway")

        def merge_with_verified(lead, env):
            other = self._own_lead()
            other.write({"source_state": "verified"})
            (other.with_env(env) + lead).merge_opportunity()

        def copy(lead, env):
            lead.copy({"source_state": "verified"})

        attempts = {
            "nothing": lambda lead, env: None,
            "write state": lambda lead, env: lead.write({"source_state": "verified"}),
            "write proof": lambda lead, env: lead.write({"source_proof": "seen"}),
            "write verifier": lambda lead, env: lead.write({"source_verifier_id": 2}),
            "verify oneself": lambda lead, env: lead.action_verify_source(),
            "mail in the customer's name": lambda lead, env: self._mail(
                lead, author_id=self.customer.id
            ),
            "mail from the customer's address": lambda lead, env: self._mail(
                lead, email_from="buyer@cust.test", author_id=False
            ),
            "message written past the thread": lambda lead, env: env[
                "mail.message"
            ].create(
                {
                    "model": "crm.lead",
                    "res_id": lead.id,
                    "message_type": "email",
                    "author_id": self.customer.id,
                    "body": "I want it",
                }
            ),
            "comment to oneself": lambda lead, env: lead.message_post(
                body="they said yes", subtype_xmlid="mail.mt_comment"
            ),
            "meeting entered afterwards": past_meeting,
            "meeting moved to the past": moved_meeting,
            "meeting without the customer": meeting_without_customer,
            "fifty calls": fifty_calls,
            "timed call by hand": lambda lead, env: env["crm.touchpoint"].create(
                {"lead_id": lead.id, "kind": "call", "duration": 10}
            ),
            "timed call by default": lambda lead, env: (
                env["crm.touchpoint"]
                .with_context(default_duration=10, default_is_claim=False)
                .create({"lead_id": lead.id, "kind": "call"})
            ),
            "timed call by API": lambda lead, env: env[
                "crm.touchpoint"
            ].record_contacts([{"lead_id": lead.id, "kind": "call", "duration": 10}]),
            "done calls": done_calls,
            "claim, withdraw": claim_withdraw,
            "claim, decide": claim_decide,
            "merge with a verified one": merge_with_verified,
            "copy": copy,
            "signature in the text": lambda lead, env: lead.write(
                {"description": "signed"}
            ),
        }
        self._attempts(
            self._own_lead,
            attempts,
            (("own",), ("open", "disputed"), 0),
        )

    def test_mails_are_from_whom_they_are(self):
        def handed_in_mail(lead, env):
            self._receive(lead, "buyer@cust.test", env)

        def another_author(field, value):
            def rewrite(lead, env):
                self._receive(lead, "spam@other.test")
                mails = env["mail.message"].search(
                    [
                        ("model", "=", "crm.lead"),
                        ("res_id", "=", lead.id),
                        ("message_type", "=", "email"),
                    ]
                )
                mails.write({field: value})

            return rewrite

        def friends_mail(lead, env):
            lead.write({"email_from": "friend@home.test", "partner_id": False})
            self._receive(lead, "friend@home.test")
            lead.write(
                {"email_from": "buyer@cust.test", "partner_id": self.customer.id}
            )

        def private_mail(lead, env):
            self.sales_north.private_email = "me@home.test"
            env["res.partner"].create(
                {"name": "Me", "parent_id": self.customer.id, "email": "me@home.test"}
            )
            self._receive(lead, "me@home.test")

        attempts = {
            "mail handed in": handed_in_mail,
            "mail with the customer's address as a name": lambda lead, env: (
                self._receive(lead, '"buyer@cust.test" <me@home.test>')
            ),
            "mail from nearly the same address": lambda lead, env: self._receive(
                lead, "xbuyer@cust.test"
            ),
            "mail from a longer address": lambda lead, env: self._receive(
                lead, "buyer@cust.test.evil.test"
            ),
            "another sender of a mail": another_author("email_from", "buyer@cust.test"),
            "another author of a mail": another_author("author_id", self.customer.id),
            "mail of two senders": lambda lead, env: self._receive(
                lead, "Buyer <buyer@cust.test>, Me <me@home.test>"
            ),
            "mail with a second sender line": lambda lead, env: self._receive(
                lead, "buyer@cust.test\nFrom: me@home.test"
            ),
            "a friend's mail, and the customer again": friends_mail,
            "my private mail as a contact's": private_mail,
        }
        self._attempts(
            self._own_lead,
            attempts,
            (("own",), ("open", "disputed"), 0),
        )

    def test_meetings_and_deals_are_whose_they_were(self):
        def friend_turned_customer(change):
            """A friend was really met; later the friend becomes the customer."""

            def turn(lead, env):
                friend = env["res.partner"].create(
                    {"name": "F", "email": "f@home.test"}
                )
                meeting = self._past_meeting(lead, env, friend)
                change(friend, meeting, env)
                self._log_meetings()

            return turn

        def invited_afterwards(lead, env):
            meeting = self._past_meeting(lead, env, self.env["res.partner"])
            meeting.write({"partner_ids": [Command.link(self.customer.id)]})
            self._log_meetings()

        def colleagues_meeting(lead, env):
            meeting = self._past_meeting(
                lead, self._as(self.manager_north), self.customer, opportunity_id=False
            )
            meeting.with_env(env).write({"user_id": env.uid, "opportunity_id": lead.id})
            self._log_meetings()

        def colleagues_deal(lead, env):
            """Won long ago by somebody else, whose deal is given to me today."""
            former = self._lead_won(
                self.manager_north, 100, "2020-01-05", partner_id=self.customer.id
            )
            former.touchpoint_ids.lead_id = False
            self.env.cr.execute(
                "DELETE FROM crm_touchpoint WHERE lead_ref = %s", [former.id]
            )
            self.env.invalidate_all()
            former.with_env(self._as(self.manager_north)).write({"user_id": env.uid})

        def never_held(**times):
            """The customer was invited for later; it is said to be over."""

            def move(lead, env):
                meeting = self._meeting(lead, env, hours=48)
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE calendar_event SET create_date = create_date"
                    " - interval '9 day' WHERE id = %s",
                    [meeting.id],
                )
                self.env.invalidate_all()
                meeting.write(times)
                self._log_meetings()

            return move

        def declined(lead, env):
            meeting = self._past_meeting(lead, env, self.customer)
            guest = meeting.attendee_ids.filtered(
                lambda each: each.partner_id == self.customer
            )
            guest.sudo().do_decline()
            guest.with_env(env).do_accept()
            self._log_meetings()

        def untold(accept=None, guest=None, **context):
            """The customer never hears of the meeting; somebody accepts for them."""

            def meet(lead, env):
                env = env(context={**env.context, **context})
                invited = guest(env) if guest else self.customer
                meeting = self._past_meeting(lead, env, invited)
                theirs = meeting.attendee_ids.filtered(
                    lambda each: each.partner_id == invited
                )
                if accept:
                    accept(theirs, env)
                self._log_meetings()

            return meet

        def by_link(guest, env):
            public = self.env.ref("base.public_user")
            guest.with_user(public).sudo().do_accept()

        def contact(**vals):
            return lambda env: env["res.partner"].create(
                {"name": "Anna", "parent_id": self.customer.id, **vals}
            )

        def came_back(lead, env):
            meeting = self._past_meeting(lead, env, self.customer)
            self.env["mail.notification"].search(
                [
                    ("mail_message_id.model", "=", "calendar.event"),
                    ("mail_message_id.res_id", "=", meeting.id),
                    ("res_partner_id", "=", self.customer.id),
                ]
            ).notification_status = "bounce"
            self._log_meetings()

        def another_address(lead, env):
            """What is sent to the customer goes to me, for as long as it takes."""
            self.customer.email = "second@home.test"
            meeting = self._past_meeting(lead, env, self.customer)
            self.customer.email = "buyer@cust.test"
            lead.with_env(self.env).email_from = "buyer@cust.test"
            self.assertTrue(meeting.attendee_ids.filtered("is_told"))
            self._log_meetings()

        silent = {"no_mail_to_attendees": True}
        now = fields.Datetime.now()
        past = {
            "start": now - timedelta(hours=30),
            "stop": now - timedelta(hours=29),
        }
        yesterday = (now - timedelta(days=1)).date()
        attempts = {
            "moved to the past before it took place": never_held(**past),
            "moved, all day": never_held(
                allday=True, start_date=yesterday, stop_date=yesterday
            ),
            "declined, and accepted in the customer's name": declined,
            "nobody told the customer": untold(**silent),
            "untold, accepted in the customer's name": untold(
                lambda guest, env: guest.with_env(env).do_accept(), **silent
            ),
            "untold, accepted by write": untold(
                lambda guest, env: guest.with_env(env).write({"state": "accepted"}),
                **silent,
            ),
            "untold, accepted by the customer's link": untold(by_link, **silent),
            "untold, said to be told": untold(
                lambda guest, env: guest.with_env(env).write({"is_told": True}),
                **silent,
            ),
            "untold, told by default": untold(**silent, default_is_told=True),
            "told when it was over": untold(
                lambda guest, env: guest.with_env(env).event_id.action_sendmail(),
                **silent,
            ),
            "a contact without an address": untold(guest=contact()),
            "the invitation came back": came_back,
            "the invitation went to another address": another_address,
            "guest invited afterwards": invited_afterwards,
            "guest exchanged": friend_turned_customer(
                lambda friend, meeting, env: (
                    env["calendar.attendee"]
                    .search(
                        [("event_id", "=", meeting.id), ("partner_id", "=", friend.id)]
                    )
                    .write({"partner_id": self.customer.id})
                )
            ),
            "guest becomes a contact": friend_turned_customer(
                lambda friend, meeting, env: friend.write(
                    {"parent_id": self.customer.id}
                )
            ),
            "guest gets the customer's mail": friend_turned_customer(
                lambda friend, meeting, env: friend.write({"email": "buyer@cust.test"})
            ),
            "a colleague's meeting": colleagues_meeting,
            "a colleague's former deal": colleagues_deal,
        }
        self._attempts(
            self._own_lead,
            attempts,
            (("own",), ("open", "disputed"), 0),
        )

    def test_proof_verifies(self):
        """What the system saw itself, and what it lists as evidence."""

        def mail(lead):
            self._mail(lead.sudo(), author_id=self.customer.id)

        def mail_by_address(lead):
            self._mail(
                lead.sudo(), email_from="Buyer <buyer@cust.test>", author_id=False
            )

        def received_mail(lead):
            self._receive(lead, '"The Buyer" <Buyer@cust.test>')

        def meeting(lead):
            self._past_meeting(lead, self._as(self.sales_north), self.customer)
            self._log_meetings()

        def timed_call(lead):
            self._as(self.officer_hq, self.north)["crm.touchpoint"].record_contacts(
                [
                    {
                        "lead_id": lead.id,
                        "kind": "call",
                        "duration": 12,
                        "employee_id": self.sales_north.id,
                        "company_id": self.north.id,
                    }
                ]
            )
            self.env["crm.lead"]._cron_update_qualification()

        def verified_by_manager(lead):
            lead.with_user(self.officer_hq.user_id).action_verify_source()

        for prove in (
            mail,
            mail_by_address,
            received_mail,
            meeting,
            timed_call,
            verified_by_manager,
        ):
            with self.subTest(prove.__name__):
                try:
                    with self.env.cr.savepoint():
                        lead = self._own_lead()
                        self.assertSource(lead, "own", "open")
                        prove(lead)
                        self.assertSource(lead, "own", "verified")
                        if prove != verified_by_manager:
                            self.assertTrue(lead.source_proof)
                        self.assertEqual(self._won(lead), OWN_PAY)
                        raise _Undo
                except _Undo:
                    self.env.invalidate_all()

    def test_proof_after_the_win_releases_what_is_held(self):
        lead = self._own_lead()
        self.assertEqual(self._won(lead), 0)
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 50, "held")])
        self._mail(lead, author_id=self.customer.id)
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 50, "draft")])

    def test_by_hand_and_unopposed(self):
        for policy, states in (("manual", "open"), ("unopposed", "verified")):
            with self.subTest(policy):
                self.env.cr.execute(
                    "UPDATE hr_commission_plan SET own_verification = %s WHERE id = %s",
                    [policy, self.plan.id],
                )
                self.env.invalidate_all()
                lead = self._make(self.sales_north, email_from=f"{policy}@one.test")
                self._mail(
                    lead.sudo(), email_from=f"{policy}@one.test", author_id=False
                )
                self.assertSource(lead, "own", states)

    # ------------------------------------------------------------------
    # A proof belongs to a customer
    # ------------------------------------------------------------------

    def test_another_customer_is_another_proof(self):
        def verified():
            lead = self._own_lead()
            lead.write({"source_state": "verified"})
            return lead

        def imported():
            return self._lead_open(
                self.sales_north, 1000, "own", partner_id=self.customer.id
            )

        attempts = {
            "by partner": lambda lead, env: lead.write(
                {"partner_id": self.stranger.id}
            ),
            "by web_save": lambda lead, env: lead.web_save(
                {"partner_id": self.stranger.id}, {}
            ),
        }
        for make in (verified, imported):
            self._attempts(make, attempts, (("own",), ("open", "disputed"), 0))

    def test_copy_carries_no_proof(self):
        lead = self._own_lead()
        lead.write({"source_state": "verified"})
        copy = lead.with_user(self.sales_north.user_id).copy()
        self.assertSource(copy, "own", "open")
        self.assertFalse(copy.sudo().source_proof or copy.sudo().date_won)

    # ------------------------------------------------------------------
    # A dispute holds
    # ------------------------------------------------------------------

    def test_disputes_hold_through_merges(self):
        for order in ("own first", "marketing first"):
            for is_won in (False, True):
                with self.subTest(order=order, is_won=is_won):
                    try:
                        with self.env.cr.savepoint():
                            self._merge_disputed(order == "own first", is_won)
                            raise _Undo
                    except _Undo:
                        self.env.invalidate_all()

    def _merge_disputed(self, is_own_first, is_won):
        own = self._own_lead()
        own.write({"source_state": "verified"})
        marketing = self._make_web_lead(email_from="web@elsewhere.test")
        self._claim(marketing, self._as(self.sales_north))
        if is_won:
            self._won(own)
        leads = own + marketing if is_own_first else marketing + own
        head = leads.sudo().merge_opportunity()
        dispute = head.commission_dispute_ids.filtered(
            lambda dispute: dispute.state == "open"
        )
        self.assertEqual(len(dispute), 1)
        self.assertEqual(head.source_state, "disputed")
        self.assertEqual(self._won(head), 0)

    def test_customer_entered_while_disputed_counts_after_withdrawal(self):
        self._touch(10, email_normalized="real@customer.test")
        lead = self._make(self.sales_north, email_from="made@up.test")
        claim = self._claim(lead, self._as(self.sales_north))
        lead.write({"email_from": "real@customer.test"})
        claim.action_withdraw()
        self.assertNotEqual(
            (lead.sudo().commission_source, lead.sudo().source_state),
            ("own", "verified"),
        )
        self.assertLessEqual(self._won(lead), MKT_PAY)

    def test_approved_lines_are_held_when_disputed_later(self):
        lead = self._own_lead()
        lead.write({"source_state": "verified"})
        self.assertEqual(self._won(lead), OWN_PAY)
        self._lines(lead).sudo().write({"state": "approved"})
        claim = self._claim(
            lead, self._as(self.officer_north), claimed_source="marketing"
        )
        lines = self._lines(lead).filtered(lambda line: line.state == "approved")
        self.assertTrue(lines and all(lines.mapped("is_disputed")))
        claim.action_withdraw()
        self._process()
        self.assertFalse(any(lines.mapped("is_disputed")))

    def test_disputed_lead_is_not_deleted(self):
        lead = self._own_lead()
        self._claim(lead, self._as(self.sales_north))
        with self.assertRaises(UserError):
            lead.unlink()

    def test_concerned_people_shape_no_decision(self):
        lead = self._own_lead()
        evidence = self.env["ir.attachment"].create({"name": "photo", "raw": b"x"})
        claim = self._claim(lead, self._as(self.sales_north)).sudo()
        claim.evidence_ids = evidence
        boss = claim.with_env(self._as(self.manager_north))
        for name, value in {
            "decider_id": self.manager_north.user_id.id,
            "decision_note": "fine",
            "awarded_amount": 1000,
            "date_deadline": "2030-01-01",
            "touchpoint_ids": [Command.clear()],
            "state": "decided",
            "evidence_ids": [Command.clear()],
        }.items():
            with self.subTest(name), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    boss.write({name: value})
        for path, attempt in {
            "delete": lambda: evidence.unlink(),
            "rewrite": lambda: evidence.with_user(self.officer_hq.user_id).write(
                {"raw": b"y"}
            ),
        }.items():
            with self.subTest(path), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    attempt()
        self.assertEqual(claim.evidence_ids, evidence)

    def test_evidence_is_the_disputes_own(self):
        """Whoever decides reads it; a file of another record stays free there."""
        lead = self._own_lead()
        env = self._as(self.sales_north)
        Attachment = env["ir.attachment"]
        loose = Attachment.create(
            {"name": "photo", "raw": b"x", "res_model": "hr.commission.dispute"}
        )
        theirs = Attachment.create(
            {"name": "offer", "raw": b"y", "res_model": "crm.lead", "res_id": lead.id}
        )
        claim = self._claim(
            lead, env, evidence_ids=[Command.set((loose + theirs).ids)]
        ).with_env(self.env)
        decider = claim.with_user(claim.decider_id)
        self.assertEqual(
            [(file.name, file.raw) for file in decider.evidence_ids.sorted("name")],
            [("offer", b"y"), ("photo", b"x")],
        )
        theirs.raw = b"z"
        theirs.unlink()
        self.assertEqual(len(decider.evidence_ids), 2)

    # ------------------------------------------------------------------
    # Marketers, programs, follow-ups
    # ------------------------------------------------------------------

    def test_typed_leads_do_not_qualify_by_themselves(self):
        lead = self._make(
            self.marketer,
            company_id=self.hq.id,
            email_from="made@up.test",
            need_description="Everything",
        )
        self.assertSource(lead, "marketing", "open", self.marketer)
        self.assertTrue(lead.sudo().touchpoint_ids.is_claim)
        self.assertFalse(lead.is_qualified)
        self.assertIn("Typed", lead.unqualified_reason)
        lead.with_user(self.officer_hq.user_id).action_verify_source()
        self.env["crm.lead"]._cron_update_qualification()
        self.assertTrue(lead.is_qualified)

    def test_programs_do_not_say_whose_customer(self):
        for name, env in {
            "system": self.env,
            "cron": self.env["crm.lead"].with_user(self.env.ref("base.user_root")).env,
            "visitor": self.env(user=self.env.ref("base.public_user").id, su=True),
        }.items():
            with self.subTest(name):
                lead = env["crm.lead"].create(
                    {
                        "name": "Registration",
                        "type": "opportunity",
                        "company_id": self.north.id,
                        "user_id": self.sales_north.user_id.id,
                        "email_from": f"{name}@visitor.test",
                        "expected_revenue": 1000,
                    }
                )
                self.assertSource(lead, "own", "open")
                self.assertTrue(lead.sudo().is_source_unknown)
                self.assertEqual(self._won(lead), 0)

    def test_a_form_s_text_is_the_need(self):
        form = self.env["utm.medium"]._fetch_or_create_utm_medium("website")
        form.touchpoint_kind = "web_form"
        lead = self.env["crm.lead"].create(
            {
                "name": "Form",
                "company_id": self.north.id,
                "medium_id": form.id,
                "email_from": "web@form.test",
                "description": "<p>We need a machine</p>",
            }
        )
        self.assertEqual(lead.need_description, "We need a machine")
        self.assertTrue(lead.is_qualified)
        empty = self.env["crm.lead"].create(
            {"name": "Form", "company_id": self.north.id, "medium_id": form.id}
        )
        self.assertFalse(empty.is_qualified)

    def test_loose_claims_catch_no_later_lead(self):
        env = self._as(self.sales_north)
        for number in range(50):
            env["crm.touchpoint"].create(
                {"kind": "call", "email_normalized": f"c{number}@firm{number}.test"}
            )
        for number in range(0, 50, 10):
            lead = self._make_web_lead(email_from=f"c{number}@firm{number}.test")
            self.assertSource(lead, "marketing", "verified", self.marketer)

    def test_followups_are_distinct_and_say_something(self):
        lead = self._own_lead().with_user(self.sales_north.user_id)
        empty = Markup("<p><br></p>")
        for body in ("", empty, "called", "called", "called again"):
            lead.message_post(
                body=body, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(lead.sudo().followup_count, 2)

    def test_campaigns_are_handed_over_by_managers_only(self):
        campaign = self.campaign
        with self.assertRaises(UserError):
            campaign.with_user(
                self.sales_north.user_id
            ).user_id = self.sales_north.user_id
        lead = self._marketing_lead()
        campaign.with_user(self.officer_hq.user_id).user_id = self.manager_north.user_id
        self.assertSource(lead, "marketing", "verified", self.marketer)

    def test_patterns_look_odd(self):
        """Many typed leads with one text or one domain are looked at before payment."""
        leads = self.env["crm.lead"]
        for number in range(5):
            leads += self._make(
                self.sales_north,
                email_from=f"person{number}@firm{number}.test",
                need_description="Same words",
            ).sudo()
        other = self._make(
            self.sales_north, email_from="x@y.test", need_description="Other words"
        )
        self.assertTrue(all(leads.mapped("is_qualified")))
        odd = self.env["crm.lead"]._update_odd_leads()
        self.assertEqual(odd & (leads + other.sudo()), leads)
        self.assertTrue(leads[0].odd_reason)
        # what they pay is held until somebody without interest has looked
        lead = leads[0]
        lead.write({"source_state": "verified", "stage_id": self.stage_won.id})
        lead.won_amount = 1000
        self._process()
        line = self._lines(lead)
        self.assertEqual(line.mapped("state"), ["held"])
        officer = self.officer_hq.user_id
        with self.assertRaisesRegex(UserError, "held"):
            line.with_user(officer).action_approve()
        for person in (self.sales_north, self.manager_north):
            with self.assertRaises(UserError):
                lead.with_user(person.user_id).action_confirm_not_odd()
        lead.with_user(self.officer_north.user_id).action_confirm_not_odd()
        self._process()
        self.assertEqual(self._lines(lead).mapped("state"), ["draft"])
        self.assertFalse(self.env["crm.lead"]._update_odd_leads() & lead)
