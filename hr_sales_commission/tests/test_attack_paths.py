"""Paths beside the forms: aliases, mails, keys of any kind, words in other languages."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .source_common import STRICT, SourceCommon

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


@tagged("post_install", "-at_install", "commission_once")
class TestAttackPaths(SourceCommon):
    """After each attempt sources, credits, lines and payable sums are what they were."""

    plan_vals = STRICT

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tried = 0
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

    def _try(self, label, attack, of=None, new=True):
        """Try something, refused or not: nothing money follows from is different.

        :param new: whether new leads may come of it, that pay nobody
        """
        type(self).tried += 1
        with self.subTest(label), self.env.cr.savepoint() as savepoint:
            before = self._picture()
            try:
                with self.env.cr.savepoint():
                    attack()
                    self.env.flush_all()
            except (UserError, ValueError, TypeError) as error:
                self.assertTrue(str(error), label)
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
