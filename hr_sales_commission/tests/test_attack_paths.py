# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Paths beside the forms: aliases, mails, keys of any kind, words in other languages."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .cast import COMMISSION, LEADERS, SALES
from .source_common import STRICT, SourceCommon
from .test_attack_approval import AttackCommon

MAIL = """From: {sender}
To: sales@us.test
Reply-To: {reply}
Subject: Machines
Date: {day}
Message-Id: <{key}@mail.test>
In-Reply-To: <{thread}>
References: <{thread}>
{more}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/plain

I want it.
--B
Content-Type: text/plain; name="proof.txt"
Content-Disposition: attachment; filename="proof.txt"

signed
--B--
"""


class Pictured:
    """Attempts after each of which money, and what it follows from, is what it was."""

    tried = 0

    def _picture(self):
        """Return sources, credits, lines and payable sums, everybody's."""
        self.env.flush_all()
        if self.env["hr.commission.event"].search_count([("state", "=", "pending")]):
            self._process()
        self.env.flush_all()
        picture = {}
        for name, columns in {
            "crm_lead": "commission_source, source_state, marketer_id, is_qualified,"
            " date_qualified, date_won, won_amount",
            "hr_commission_credit": "employee_id, share, amount, date, role",
            "hr_commission_line": "state, amount, employee_id, is_disputed",
        }.items():
            self.env.cr.execute(f"SELECT id, {columns} FROM {name}")
            picture.update({(name, row[0]): row[1:] for row in self.env.cr.fetchall()})
        return picture

    def _try(self, label, attack, new=True, refused=False):
        """Try something, refused or not: nothing money follows from is different.

        :param bool new: whether new leads may come of it, that pay nobody
        :param bool refused: whether it has to be
        """
        type(self).tried += 1
        with self.subTest(label), self.env.cr.savepoint() as savepoint:
            before = self._picture()
            was_refused = False
            try:
                with self.env.cr.savepoint():
                    attack()
                    self.env.flush_all()
            except (UserError, ValueError, TypeError) as error:
                self.assertTrue(str(error), label)
                was_refused = True
            self.assertTrue(was_refused or not refused, label)
            self.env.invalidate_all()
            after = self._picture()
            if new:
                after = {
                    key: row
                    for key, row in after.items()
                    if key in before or key[0] != "crm_lead"
                }
            self.assertEqual(
                {
                    k: (before.get(k), after.get(k))
                    for k in before.keys() | after.keys()
                    if before.get(k) != after.get(k)
                },
                {},
                label,
            )
            savepoint.rollback()
        self.env.invalidate_all()


@tagged("post_install", "-at_install", "commission_long")
class TestAttackPaths(Pictured, SourceCommon):
    """After each attempt sources, credits, lines and payable sums are what they were."""

    plan_vals = STRICT

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer Ltd", "is_company": True, "email": "buyer@cust.test"}
        )
        cls.sales_manager = cls._create_person(
            "paths_manager",
            cls.north,
            groups="sales_team.group_sale_manager,base.group_partner_manager",
            boss=cls.manager_north,
        )
        cls.root = cls.env(user=cls.env.ref("base.user_root").id, su=True)
        cls.inbound = cls.root["crm.lead"].message_new(
            {"subject": "Inbound", "from": "someone@inbound.test"},
            {"company_id": cls.north.id, "user_id": False},
        )
        cls.mine = cls.env["crm.lead"].browse(
            cls._as(cls.sales_north)["crm.lead"]
            .create(
                {
                    "name": "Mine",
                    "type": "opportunity",
                    "partner_id": cls.customer.id,
                    "company_id": cls.north.id,
                    "expected_revenue": 1000,
                }
            )
            .id
        )
        cls.theirs = cls._lead_won(
            cls.sales_north, 2000, "2026-05-04", source="marketing", name="Theirs"
        )
        cls.leads = cls.inbound.with_env(cls.env) + cls.mine + cls.theirs

    # ------------------------------------------------------------------

    def test_aliases_that_say_more_than_where(self):
        """Who manages a team sets what its alias gives to leads that come by mail."""
        share = {"role": "sales", "percent": 100}
        marketing = {"role": "marketing", "percent": 100}
        team = self.env["crm.team"].create(
            {"name": "Alias", "company_id": self.north.id, "alias_name": "alias-north"}
        )
        for label, defaults in {
            "a share": {
                "commission_share_ids": [
                    (0, 0, {"employee_id": self.sales_manager.id, **share})
                ]
            },
            "a marketer's share": {
                "commission_share_ids": [
                    (0, 0, {"employee_id": self.marketer.id, **marketing})
                ]
            },
            "the need": {"need_description": "Everything"},
            "a referrer": {"referrer_id": self.customer.id},
            "the fit": {"need_fit": "full"},
            "a day": {"date_qualified": "2026-01-01", "is_qualified": True},
            "a lost day": {"date_lost": "2026-01-01"},
            "a marketer": {
                "marketer_id": self.marketer.id,
                "commission_source": "marketing",
            },
            "a source": {"commission_source": "own", "source_state": "verified"},
            "a contact": {"touchpoint_ids": [(0, 0, {"kind": "call"})]},
            "a win": {"date_won": "2026-01-01", "won_amount": 9000},
        }.items():
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                type(self).tried += 1
                try:
                    with self.env.cr.savepoint():
                        self._as(self.sales_manager)["crm.team"].browse(team.id).write(
                            {"alias_defaults": repr(defaults)}
                        )
                        self.env.flush_all()
                except UserError:
                    savepoint.rollback()
                    continue
                custom = {"company_id": self.north.id, **defaults}
                lead = self.root["crm.lead"].message_new(
                    {"subject": "x", "from": "new@alias.test"}, custom
                )
                lead.user_id = self.sales_north.user_id
                self.env.flush_all()
                self._process()
                names = (
                    "need_description",
                    "need_fit",
                    "referrer_id",
                    "date_won",
                    "date_lost",
                    "is_qualified",
                    "marketer_id",
                    "commission_share_ids",
                )
                self.assertFalse([name for name in names if lead[name]], label)
                self.assertEqual(lead.commission_source, "marketing")
                self.assertEqual(len(lead.touchpoint_ids), 1)
                self.assertFalse(self._lines(lead))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_words_in_other_languages(self):
        """A text that is translated is written: the same people may."""
        plan = self.plan
        for person, record, name in (
            (self.sales_north, self.campaign, "title"),
            (self.sales_manager, self.campaign, "title"),
            *((self.officer_hq, plan, name) for name in ("name", "description")),
            (self.officer_hq, plan.rule_ids[0], "name"),
        ):
            texts = {"en_US": "Pays twice"}
            for way, values in (
                ("update_field_translations", (name, texts)),
                ("web_override_translations", ({name: "Pays twice"},)),
            ):
                type(self).tried += 1
                with self.subTest(way, by=person.name, field=f"{record} {name}"):
                    mine = self._as(person)[record._name].browse(record.id)
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        getattr(mine, way)(*values)
                    self.env.invalidate_all()
                    self.assertNotEqual(record[name], "Pays twice")

    def test_merged_without_deleting(self):
        for person in (self.sales_north, self.sales_manager):
            both = self._as(person)["crm.lead"].browse((self.theirs + self.mine).ids)
            self._try(
                f"merged by {person.name}",
                lambda both=both: both.merge_opportunity(auto_unlink=False),
            )

    def test_properties_name_nothing(self):
        """Properties of leads link to any record: no name of what one may not read."""
        hidden = self._create_plan(
            {"x": {"rate": 1}},
            name="planted-plan",
            company_id=self.south.id,
            is_personal=True,
            active=False,
        )
        link = {"name": "p", "string": "P", "type": "many2one", "comodel": hidden._name}
        team = self.env["crm.team"].create(
            {"name": "Team", "lead_properties_definition": [link]}
        )
        self.mine.team_id = team
        lead = self._as(self.sales_north)["crm.lead"].browse(self.mine.id)
        given = {"lead_properties": [{**link, "value": hidden.id}]}
        spec = {"lead_properties": {}}
        for label, ask in {
            "written": lambda: lead.write(given),
            "read": lambda: lead.read(list(spec)),
            "read by forms": lambda: lead.web_read(spec),
            "unsaved": lambda: lead.onchange(given, list(spec), spec),
            "new": lambda: lead.onchange({**given, "team_id": team.id}, [], spec),
            "grouped": lambda: lead.formatted_read_group(
                [("id", "=", lead.id)], ["lead_properties.p"], ["__count"]
            ),
            "exported": lambda: lead.export_data(["lead_properties.p"]),
            "searched": lambda: lead.search_read(
                [("lead_properties.p", "ilike", "planted")], list(spec)
            ),
        }.items():
            type(self).tried += 1
            with self.subTest(label):
                try:
                    with self.env.cr.savepoint():
                        answer = ask()
                        self.env.flush_all()
                except UserError as error:
                    answer = error
                self.assertNotIn("planted", str(answer))

    def _inbound_attempts(self, env, lead):
        """Yield what a marketer does to a customer's mail that nobody brought."""
        now = fields.Datetime.now()
        contact = {"lead_id": lead.id, "kind": "call"}
        twin = {"name": "t", "email_from": "someone@inbound.test"}
        twin |= {"campaign_id": self.campaign.id, "company_id": self.hq.id}
        meeting = {"name": "x", "opportunity_id": lead.id}
        meeting |= {"start": now - timedelta(hours=2), "stop": now - timedelta(hours=1)}
        yield "campaign", lambda: lead.write({"campaign_id": self.campaign.id})
        yield "contact", lambda: env["crm.touchpoint"].create(contact)
        yield (
            "form",
            lambda: env["crm.touchpoint"].create(
                {**contact, "kind": "web_form", "campaign_id": self.campaign.id}
            ),
        )
        yield (
            "activity",
            lambda: lead.activity_schedule(
                "mail.mail_activity_data_call", user_id=env.uid
            ).action_feedback(feedback="reached"),
        )
        yield (
            "meeting",
            lambda: env["calendar.event"].create(meeting)._log_touchpoints(),
        )
        yield "taken", lambda: lead.write({"user_id": env.uid})
        yield "twin", lambda: env["crm.lead"].create(twin)
        yield "converted", lambda: lead.convert_opportunity(env["res.partner"])
        yield "copied", lambda: lead.copy({"campaign_id": self.campaign.id})

    def test_marketers_on_leads_that_nobody_brought(self):
        """Whoever comes later brought no customer who wrote by themselves."""
        env = self._as(self.marketer)
        self.inbound.company_id = self.hq
        lead = env["crm.lead"].browse(self.inbound.id)

        def then_known_better(attack):
            attack()
            if self.inbound.exists():
                self.inbound.write({"phone": "+32470000001"})

        for label, attack in self._inbound_attempts(env, lead):
            self._try(label, lambda attack=attack: then_known_better(attack))

    def test_customers_spelled_otherwise(self):
        """Two addresses or numbers in one field, numbers of an authority as typed."""
        first = self.env["res.partner"].create(
            {
                "name": "Known",
                "is_company": True,
                "vat": "BE0477472701",
                "company_registry": "HRB 123456",
            }
        )
        self._touch(10, email_normalized="buyer@cust.test")
        self._touch(10, phone_sanitized="+32470123456")
        self._touch(10, partner_id=first.id)
        self.north.country_id = self.env.ref("base.be")
        self._as(self.sales_north)
        for name, value in (
            ("email_from", "z@zz.test, buyer@cust.test"),
            ("email_from", '"Z" <z@zz.test>; "B" <Buyer@cust.test>'),
            ("phone", "0470 12 34 56 ext. 7"),
            ("phone", "0032 470/12.34.56"),
            ("phone", "+32 (0)470 12 34 56"),
            ("phone", "02 555 12 12 / 0470 12 34 56"),
            ("phone", "02 555 12 12 or 0470 12 34 56"),
            ("company_registry", "HRB123456"),
            ("company_registry", "hrb 123-456"),
            ("vat", "BE 0477.472.701"),
            ("vat", "be0477472701"),
            ("vat", "0477472701"),
            ("email", "z@z6.test,buyer@cust.test"),
        ):
            type(self).tried += 1
            with self.subTest(name, value=value), self.env.cr.savepoint() as undo:
                vals = {name: value}
                if name not in ("email_from", "phone"):
                    other = {"name": "Other", "is_company": True, **vals}
                    vals = {"partner_id": self.env["res.partner"].create(other).id}
                lead = self._make(self.sales_north, **vals)
                self.assertSource(lead, "marketing", "verified", self.marketer)
                undo.rollback()
            self.env.invalidate_all()

    def test_customers_met_by_several_keys(self):
        """Who was met by two addresses or numbers in one field is met by each; so is a
        company by those of its contacts, whenever they are entered.
        """
        (self.north + self.south).country_id = self.env.ref("base.be")
        mails, phones = "a@aa.test, buyer@two.test", "02 555 12 12 / 0470 12 34 56"
        private = "a@gmail.com; b@gmail.com"
        for met, value, seen in (
            ("email_from", mails, "buyer@two.test"),
            ("email_from", mails, "a@aa.test"),
            ("email_from", private, "b@gmail.com"),
            ("phone", phones, "0470 12 34 56"),
            ("phone", phones, "+32 2 555 12 12"),
        ):
            for of_contact in (False, True):
                self._meet_by(met, value, {met: seen}, of_contact)
        company = self.env["res.partner"].create({"name": "Big", "is_company": True})
        contact = {"name": "Y", "parent_id": company.id}
        contact |= {"email": "yvonne@gmail.com", "phone": "+32470999999"}
        for label, before in (("known", True), ("learnt later", False)):
            with self.env.cr.savepoint() as savepoint:
                if before:
                    self.env["res.partner"].create(contact)
                self._make_web_lead(self.sales_south, partner_id=company.id)
                if not before:
                    self.env["res.partner"].create(contact)
                for seen in (
                    {"email_from": contact["email"]},
                    {"phone": contact["phone"]},
                    {"email_from": f"z@zz.test; {contact['email']}"},
                ):
                    self._assert_is_marketings(seen, label)
                savepoint.rollback()
            self.env.invalidate_all()

    def _meet_by(self, name, value, seen, of_contact):
        """Have marketing meet somebody, and see them again on a salesperson's lead."""
        with self.env.cr.savepoint() as savepoint:
            vals = {name: value}
            if of_contact:
                column = "email" if name == "email_from" else name
                person = {"name": "P", column: value}
                vals = {"partner_id": self.env["res.partner"].create(person).id}
            lead = self._make_web_lead(self.sales_south, **vals)
            self.assertEqual(lead.touchpoint_ids.employee_id, self.marketer)
            self._assert_is_marketings(seen, f"{value}, of a contact: {of_contact}")
            savepoint.rollback()
        self.env.invalidate_all()

    def _assert_is_marketings(self, vals, label):
        type(self).tried += 1
        with self.subTest(label, **vals):
            lead = self._make(self.sales_north, **vals)
            self.assertSource(lead, "marketing", "verified", self.marketer)
            lead.sudo().unlink()

    def test_an_address_that_several_share_is_nobodys(self):
        """Nor is one of a colleague: it makes no customer of marketing's."""
        names = ("One", "Two")
        companies = self.env["res.partner"].create(
            [{"name": each, "is_company": True} for each in names]
        )
        for company in companies:
            self.env["res.partner"].create(
                {"name": "Desk", "email": "desk@gmail.com", "parent_id": company.id}
            )
        self._make_web_lead(self.sales_south, partner_id=companies[0].id)
        lead = self._make(self.sales_north, email_from="desk@gmail.com")
        self.assertEqual(lead.sudo().commission_source, "own")

    def test_meetings_that_did_not_take_place(self):
        """Deleted, without the customer, of no length or still to come: no proof."""
        now, seller = fields.Datetime.now(), self.sales_north
        hour = timedelta(hours=1)

        def meet(start=now + hour, length=hour, **vals):
            env = self._as(seller)
            return (
                env["calendar.event"]
                .with_context(dont_notify=True)
                .create(
                    {
                        "name": "Visit",
                        "opportunity_id": self.mine.id,
                        "start": start,
                        "stop": start + length,
                        "partner_ids": [
                            Command.set((self.customer + seller.user_id.partner_id).ids)
                        ],
                        **vals,
                    }
                )
            )

        for label, act in {
            "archived": lambda: meet().write({"active": False}),
            "deleted": lambda: meet().unlink(),
            "without the customer": lambda: meet().write(
                {"partner_ids": [Command.unlink(self.customer.id)]}
            ),
            "put off": lambda: meet().write(
                {"start": now + 20 * hour, "stop": now + 21 * hour}
            ),
            "of no length": lambda: meet(length=timedelta()),
            "long ago": lambda: meet(start=now - 900 * hour),
            "a day long ago": lambda: meet(
                allday=True, start_date="2026-01-01", stop_date="2026-01-01"
            ),
            "somebody else's": lambda: meet(user_id=self.sales_manager.user_id.id),
            "declined": lambda: (
                meet().attendee_ids.filtered(
                    lambda guest: guest.partner_id == self.customer
                )
            ).do_decline(),
        }.items():
            type(self).tried += 1
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                act()
                self.env.flush_all()
                jobs = self.env["ir.cron"]
                with (
                    freeze_time(now + 5 * hour),
                    patch.object(type(jobs), "_commit_progress"),
                ):
                    self.env["calendar.event"]._cron_log_meetings()
                self.assertSource(self.mine, "own", "open")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_forged_headers(self):
        """A mail proves the words of nobody but its one sender."""
        note = self.mine.message_post(body="x")
        mail = {
            "sender": "x@else.test",
            "reply": "buyer@cust.test",
            "day": "Mon, 06 Jan 2020 10:00:00 +0000",
            "key": "k",
            "thread": note.message_id.strip("<>"),
            "more": "X-A: b",
        }
        failed = "X-Failed-Recipients: buyer@cust.test"
        for label, vals in {
            "answer to": {},
            "the seller": {"sender": self.sales_north.user_id.email},
            "two senders": {"more": "From: buyer@cust.test"},
            "who sent": {"more": "Sender: buyer@cust.test"},
            "who sent again": {"more": "Resent-From: buyer@cust.test"},
            "way back": {"more": "Return-Path: <buyer@cust.test>"},
            "a name": {"sender": '"buyer@cust.test" <x@else.test>'},
            "a plain name": {"sender": "buyer@cust.test <x@else.test>"},
            "a name in brackets": {"sender": "<buyer@cust.test> <x@else.test>"},
            "encoded": {"sender": "=?utf-8?q?buyer=40cust=2Etest?= <x@else.test>"},
            "encoded whole": {
                "sender": "=?utf-8?q?=3Cbuyer=40cust=2Etest=3E?= <x@e.test>"
            },
            "a group": {"sender": "friends: buyer@cust.test, x@else.test;"},
            "a comment": {"sender": "x@else.test (buyer@cust.test)"},
            "a comment first": {"sender": "(buyer@cust.test) x@else.test"},
            "a route": {"sender": "<buyer@cust.test:x@else.test>"},
            "a list": {"sender": "buyer@cust.test;x@else.test"},
            "a space": {"sender": "buyer@cust.test x@else.test"},
            "a bounce": {"sender": "MAILER-DAEMON@cust.test", "more": failed},
            "a machine": {"more": "Auto-Submitted: auto-replied"},
            "another thread": {"thread": "nobody@nowhere"},
            "a longer address": {"sender": "buyer@cust.test.evil.test"},
            "nobody": {"sender": ""},
        }.items():
            text = MAIL.format(**{**mail, **vals})
            self._try(
                label,
                lambda text=text: self.root["mail.thread"].message_process(
                    "crm.lead", text
                ),
            )
        # and the customer's own does, however broken the name is
        sender = "=?klingon?b?_?= <buyer@cust.test>"
        self.root["mail.thread"].message_process(
            "crm.lead", MAIL.format(**{**mail, "sender": sender})
        )
        self.assertSource(self.mine, "own", "verified")
        self.assertEqual(str(self.mine.first_touch_date), str(fields.Date.today()))


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackRoundabout(Pictured, AttackCommon):
    """Imports, documents, messages, activities and campaigns, by whoever may use them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls._create_person(
            "rival_paths", cls.north, groups=SALES, boss=cls.team_manager
        )
        cls.officer_south = cls._create_person(
            "officer_paths",
            cls.south,
            groups=f"{LEADERS},{COMMISSION}officer",
            boss=cls.manager_south,
        )
        cls.sales_manager = cls._create_person(
            "manager_paths",
            cls.north,
            groups="sales_team.group_sale_manager,base.group_partner_manager",
            boss=cls.manager_north,
        )
        cls.open_deal = cls._lead_open(cls.sales_north, 700, name="Open")
        cls.customer = cls.env["res.partner"].create({"name": "C", "is_company": True})
        cls.deal.partner_id = cls.customer
        cls._process()

    def _import_deals(self, importer, *sellers):
        """Return an import of won deals, as the import screen logs it."""
        env = self._as(importer)
        last = self.env["crm.lead"].search([], order="id desc", limit=1).id
        deals = env["crm.lead"].create(
            [
                self._lead_vals(seller, 900, name=f"Imported {number}")
                | {
                    "stage_id": self.stage_won.id,
                    "date_won": "2026-05-11",
                    "won_amount": 900,
                    "company_id": self.north.id,
                }
                for number, seller in enumerate(sellers)
            ]
        )
        env = env(context={**env.context, "allowed_company_ids": self.north.ids})
        env["hr.commission.import"]._log(deals.with_env(env), last, "past.csv")
        self.env.flush_all()
        self._process()
        found = self.env["hr.commission.import"].search([], limit=1)
        return found, deals.with_env(self.env)

    def _try_undo(self, label, importer, who, before=None, kept=True):
        """Try to take an import back; a refusal leaves everything as it is."""
        with self.subTest(label), self.env.cr.savepoint() as savepoint:
            found, deals = self._import_deals(importer, self.sales_north)
            if before:
                before(found, deals)
            mine = self._by(who, found)
            if kept:
                self._try(label, mine.action_undo, refused=True)
                self.assertTrue(deals.exists())
            else:
                mine.action_undo()
                self.assertFalse(deals.exists())
            savepoint.rollback()
        self.env.invalidate_all()

    def _work_then_job(self, deals):
        """A colleague works on a deal; later a job of the system writes it, too."""
        self._by(self.sales_north, deals).write({"description": "Called twice"})
        self.env.flush_all()
        deals.with_env(self.root_env())._write_facts({"is_commission_pending": False})

    def root_env(self):
        self.env.flush_all()
        return self.env(user=self.env.ref("base.user_root").id, su=True)

    def test_imports_taken_back(self):
        """By whom, when and of whom: somebody else's, approved, closed, worked on."""
        officer = self.officer_north
        kind = self.env["ir.model"]._get_id("crm.lead")

        def approve(_found, deals):
            self._by(self.administrator, self._lines(deals)).action_approve()

        def close(_found, _deals):
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE res_company SET commission_lock_date = '2026-05-31'"
                " WHERE id = %s",
                [self.north.id],
            )
            self.env.invalidate_all()

        def order(_found, deals):
            if "sale.order" in self.env:
                self._by(self.sales_manager, self.env["sale.order"]).create(
                    {"partner_id": self.customer.id, "opportunity_id": deals.id}
                )
            else:
                self._work_then_job(deals)

        def meet(_found, deals):
            self._by(self.sales_north, self.env["calendar.event"]).create(
                {
                    "name": "Next",
                    "start": "2026-07-01 10:00:00",
                    "stop": "2026-07-01 11:00:00",
                    "opportunity_id": deals.id,
                }
            )

        def plan(_found, deals):
            self._by(self.sales_north, self.env["mail.activity"]).create(
                {
                    "res_model_id": kind,
                    "res_id": deals.id,
                    "user_id": self.sales_north.user_id.id,
                }
            )

        for label, who, before in (
            ("by the seller", self.sales_north, None),
            ("by a rival", self.rival, None),
            ("by a branch manager", self.manager_north, None),
            ("by an officer of another company", self.officer_south, None),
            ("after approval", officer, approve),
            ("in a closed month", officer, close),
            ("worked on before a job", officer, lambda _f, d: self._work_then_job(d)),
            ("with an order", officer, order),
            ("with a meeting", officer, meet),
            ("with an activity", officer, plan),
        ):
            self._try_undo(label, officer, who, before)
        self._try_undo("untouched", officer, officer, kept=False)

    def test_what_an_import_says_it_brought(self):
        """Nobody says by hand what an import has brought, and takes that back."""
        found, _deals = self._import_deals(self.officer_north, self.sales_north)
        forged = {"record_ids": self.deal.ids, "model_id": found.model_id.id}
        forged |= {
            "user_id": self.officer_north.user_id.id,
            "company_id": self.north.id,
        }
        for who in (self.officer_north, self.administrator, self.manager_north):
            imports = self._by(who, self.env["hr.commission.import"])
            mine = self._by(who, found)
            for label, act in {
                "written": lambda m=mine: m.write({"record_ids": self.deal.ids}),
                "made": lambda i=imports: i.create(forged).action_undo(),
                "copied": lambda m=mine: m.copy(forged).action_undo(),
                "deleted": lambda m=mine: m.unlink(),
                "another model": lambda m=mine: m.write({"model_id": 1}),
                "again": lambda m=mine: m.write({"state": "done"}),
                "saved": lambda m=mine: m.web_save({"record_ids": self.deal.ids}, {}),
                "loaded": lambda i=imports: i.load(["record_ids"], [["[1]"]]),
                "imported": lambda i=imports: i.with_context(
                    default_record_ids=self.deal.ids
                ).create({}),
            }.items():
                self._try(f"{label} by {who.name}", act)

    def test_messages_of_others(self):
        """Words, days, authors, stars and votes on what colleagues wrote."""
        customer = self.customer.id
        note = self.deal.message_post(body="x")
        theirs = self.open_deal.with_env(self.root_env()).message_post(
            body="I want it", message_type="email", email_from="c@c.test"
        )
        for who in (
            self.sales_north,
            self.rival,
            self.sales_manager,
            self.officer_north,
        ):
            lead = self._by(who, self.open_deal)
            mail, said = self._by(who, theirs), self._by(who, note)
            for label, act in {
                "as the customer": lambda r=lead: r.message_post(
                    body="Yes", author_id=customer, message_type="email"
                ),
                "on another day": lambda r=lead: r.message_post(
                    body="Yes", date="2020-01-01 10:00:00"
                ),
                "as a mail": lambda r=lead: r.message_post(
                    body="Yes", email_from="c@c.test", message_type="email"
                ),
                "as a gateway": lambda r=lead: r.message_post(
                    body="Yes", incoming_email_to="x@y.test", message_type="email"
                ),
                "in a thread": lambda r=lead, m=mail: r.message_post(
                    body="Yes", parent_id=m.id, author_id=customer
                ),
                "its day": lambda m=mail: m.write({"date": "2020-01-01"}),
                "its author": lambda m=mail: m.write({"author_id": customer}),
                "its record": lambda m=mail: m.write({"res_id": self.deal.id}),
                "its model": lambda m=mail: m.write({"model": "res.partner"}),
                "its maker": lambda m=mail: m.write({"create_uid": 1}),
                "its body": lambda r=lead, m=mail: r._message_update_content(
                    m, body="n"
                ),
                "of a note": lambda m=said: m.write({"message_type": "email"}),
                "gone": lambda m=mail: m.unlink(),
                "made": lambda m=mail: m.create(
                    {
                        "model": "crm.lead",
                        "res_id": self.open_deal.id,
                        "message_type": "email",
                        "email_from": "c@c.test",
                        "date": "2020-01-01",
                    }
                ),
                "loaded": lambda m=mail: m.load(
                    ["model", "res_id", "message_type", "email_from"],
                    [["crm.lead", str(self.open_deal.id), "email", "c@c.test"]],
                ),
                "updated": lambda r=lead: r.message_update(
                    {"author_id": customer, "from": "c@c.test"}, {"odd_reason": "no"}
                ),
                "filed": lambda r=lead: r.message_new(
                    {"from": "c@c.test", "subject": "x"}, {"won_amount": 9}
                ),
            }.items():
                self._try(f"{label} by {who.name}", act)
        self.assertEqual(theirs.res_id, self.open_deal.id)

    def test_activities_of_others(self):
        """Reassigned, done by somebody else, put back to another day."""
        call = self.env.ref("mail.mail_activity_data_call")
        activity = self.open_deal.activity_schedule(
            act_type_xmlid="mail.mail_activity_data_call",
            user_id=self.sales_north.user_id.id,
        )
        vals = {"res_model_id": activity.res_model_id.id, "res_id": self.deal.id}
        vals |= {"activity_type_id": call.id}
        for who in (self.rival, self.marketer, self.sales_south):
            mine, me = self._by(who, activity), who.user_id.id
            for label, act in {
                "taken": lambda m=mine, u=me: m.write({"user_id": u}),
                "done": lambda m=mine: m.action_feedback(feedback="met"),
                "done long ago": lambda m=mine: m.write(
                    {"date_done": "2020-01-01", "active": False}
                ),
                "due long ago": lambda m=mine: m.write({"date_deadline": "2020-01-01"}),
                "waiting": lambda m=mine: m.write({"pending_contact": {"user_id": 1}}),
                "another kind": lambda m=mine: m.write({"activity_type_id": call.id}),
                "put on the deal": lambda m=mine: m.write({"res_id": self.deal.id}),
                "planned": lambda m=mine, u=me: m.create({**vals, "user_id": u}),
                "planned for the seller": lambda m=mine: m.create(
                    {**vals, "user_id": self.sales_north.user_id.id}
                ).action_feedback(feedback="met"),
                "cancelled": lambda m=mine: m.unlink(),
                "done by a button": lambda m=mine: m.action_done(),
                "rescheduled": lambda m=mine: m.action_reschedule_today(),
            }.items():
                self._try(f"{label} by {who.name}", act)

    @mute_logger("odoo.addons.base.models.ir_actions")
    def test_jobs_and_buttons_run_by_people(self):
        """Actions of the server that are ours, on records that are not theirs."""
        data = self.env["ir.model.data"].search(
            [
                ("model", "in", ("ir.actions.server", "ir.cron")),
                ("module", "=like", "hr_sales_commission%"),
            ]
        )
        for who in (self.rival, self.sales_south, self.officer_south):
            for each in data:
                action = self.env[each.model].browse(each.res_id)
                model = action.sudo().model_id.model
                ids = {
                    "crm.lead": self.held_deal.ids,
                    "hr.commission.line": self.sale.ids,
                }.get(model, [1])
                mine = self._by(who, action).with_context(
                    active_model=model, active_ids=ids, active_id=ids[0]
                )
                run = (
                    mine.run
                    if each.model == "ir.actions.server"
                    else (mine.method_direct_trigger)
                )
                with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
                    self._try(f"{each.name} by {who.name}", run)

    def test_campaigns_thrown_together(self):
        """Campaigns, media and sources merged by name, archived or deleted."""
        campaign = self.env["utm.campaign"].create(
            {"name": "Fair", "user_id": self.marketer.user_id.id}
        )
        source = self.env["utm.source"].create(
            {"name": "Own List", "commission_source": "own"}
        )
        medium = self.env["utm.medium"].create({"name": "Stand"})
        self.open_deal._write_facts(
            {
                "campaign_id": campaign.id,
                "commission_source": "marketing",
                "marketer_id": self.marketer.id,
            }
        )
        for who in (self.rival, self.sales_manager, self.sales_south):
            for record in (campaign, source, medium):
                mine = self._by(who, record)
                named = {"name": record.name, "commission_source": "marketing"}
                named = {k: v for k, v in named.items() if k in record._fields}
                for label, act in {
                    "deleted": lambda m=mine: m.unlink(),
                    "archived": lambda m=mine: m.write({"active": False}),
                    "renamed": lambda m=mine: m.write({"name": "Other"}),
                    "twice": lambda m=mine, v=named: m.create(v),
                    "loaded": lambda m=mine: m.load(["id", "name"], [["x.y", "Fair"]]),
                    "copied": lambda m=mine: m.copy(),
                }.items():
                    self._try(f"{record._name} {label} by {who.name}", act)

    def test_customers_and_deals_put_together(self):
        """Merged, converted, assigned and lost in the dialogs of sales managers."""
        mine = self._lead_open(self.rival, 50, name="Deal", partner_id=self.customer.id)
        other = self.env["res.partner"].create({"name": "C 2", "is_company": True})
        both = self.deal + mine
        for who in (self.rival, self.sales_manager, self.team_manager):
            env = self._by(who, self.env["crm.lead"]).env
            on = {"active_model": "crm.lead", "active_ids": both.ids}
            on["active_id"] = self.deal.id

            begun = env(context={**env.context, **on})

            def dialog(name, _env=begun, **vals):
                return _env[name].create(vals)

            for label, act in {
                "assigned": lambda d=dialog: d(
                    "crm.lead2opportunity.partner.mass",
                    user_ids=[Command.set(self.rival.user_id.ids)],
                    force_assignment=True,
                    deduplicate=False,
                ).action_mass_convert(),
                "converted": lambda d=dialog: d(
                    "crm.lead2opportunity.partner",
                    name="convert",
                    user_id=self.rival.user_id.id,
                ).action_apply(),
                "lost": lambda d=dialog: d(
                    "crm.lead.lost", lead_ids=[Command.set(self.own_deal.ids)]
                ).action_lost_reason_apply(),
                "contacts": lambda e=env: (
                    e["base.partner.merge.automatic.wizard"]
                    .create(
                        {
                            "partner_ids": [Command.set((self.customer + other).ids)],
                            "dst_partner_id": other.id,
                        }
                    )
                    .action_merge()
                ),
                "contact gone": lambda e=env: (
                    e["res.partner"].browse(self.customer.id).unlink()
                ),
            }.items():
                self._try(f"{label} by {who.name}", act, new=True)


@tagged("post_install", "-at_install", "commission_long")
class TestAttackConversion(SourceCommon):
    """A lead that a marketer brought stays theirs, whoever converts or merges it."""

    plan_vals = STRICT

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        writes = f"{LEADERS},base.group_partner_manager"
        cls.head = cls._create_person(
            "paths_head", cls.hq, groups=writes, role="marketing", boss=cls.officer_hq
        )
        cls.marketer.parent_id = cls.head
        cls.other = cls._create_person(
            "paths_other", cls.hq, groups=SALES, role="marketing", boss=cls.officer_hq
        )
        cls.rival = cls._create_person(
            "paths_rival", cls.north, groups=writes, boss=cls.team_manager
        )
        cls.running = cls.env["utm.campaign"].create(
            {"name": "Running", "user_id": cls.other.user_id.id}
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Form",
                "type": "lead",
                "company_id": cls.north.id,
                "user_id": cls.sales_north.user_id.id,
                "campaign_id": cls.running.id,
                "source_id": cls.web.id,
                "email_from": "x@xx.test",
                "need_description": "Cranes",
            }
        )
        cls._process()

    def _attempts(self, person):
        """Return what somebody tries on the lead, and on a twin they typed."""
        env, user = self._as(person), person.user_id
        lead = env["crm.lead"].browse(self.lead.id)
        company = {"company_id": person.company_id.id}
        twin = env["crm.lead"].create(
            {
                "name": "Twin",
                "type": "lead",
                "email_from": "x@xx.test",
                "campaign_id": self.campaign.id,
                **company,
            }
        )
        campaign = env["utm.campaign"].browse(self.running.id)

        def convert(**vals):
            dialog = env["crm.lead2opportunity.partner"].with_context(
                active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
            )
            dialog.create({"user_id": user.id, **vals}).action_apply()

        both = [Command.set((lead + twin).ids)]
        return {
            "another campaign": lambda: lead.write({"campaign_id": self.campaign.id}),
            "its campaign taken": lambda: campaign.write({"user_id": user.id}),
            "its campaign given": lambda: campaign.write(
                {"user_id": self.marketer.user_id.id}
            ),
            "merged by the dialog": lambda: convert(
                name="merge", duplicated_lead_ids=both
            ),
            "a new customer": lambda: convert(name="convert", action="create"),
            "a known customer": lambda: convert(
                name="convert", action="exist", partner_id=user.partner_id.id
            ),
            "into the twin": lambda: (twin + lead).merge_opportunity(),
            "the twin into it": lambda: (lead + twin).merge_opportunity(
                user_id=user.id
            ),
            "another branch": lambda: lead.write(company),
            "no campaign": lambda: lead.write(
                dict.fromkeys(("campaign_id", "source_id", "medium_id"), False)
            ),
            "another mail": lambda: lead.write({"email_from": "y@yy.test"}),
            "another customer": lambda: lead.write({"partner_id": user.partner_id.id}),
            "lost": lambda: lead.action_set_lost(),
            "deleted": lambda: lead.unlink(),
        }

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def test_leads_of_a_marketer(self):
        self.assertSource(self.lead, "marketing", "verified", self.other)
        for person in (self.head, self.rival):
            for label, attack in self._attempts(person).items():
                with self.subTest(label, by=person.name):
                    with self.env.cr.savepoint() as savepoint:
                        with suppress(UserError), self.env.cr.savepoint():
                            attack()
                            self.env.flush_all()
                        self.env.invalidate_all()
                        alike = [("email_from", "=", "x@xx.test")]
                        found = self.env["crm.lead"].with_context(active_test=False)
                        for lead in self.lead.exists() or found.search(alike):
                            self.assertEqual(lead.commission_source, "marketing")
                            self.assertEqual(lead.marketer_id, self.other)
                        savepoint.rollback()
                    self.env.invalidate_all()
