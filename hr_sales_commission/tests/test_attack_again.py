# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""People decide for themselves by another door: another login, way, place or day."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..pipeline.target_days import TargetDays
from .source_common import STRICT, SourceCommon
from .test_attack_approval import AttackCommon

MAIL = "From: %s\nTo: in@us.test\nSubject: x\nMessage-Id: <%s@mail.test>\n\nText"


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackAgain(AttackCommon):
    """What decides about money is refused to whoever gains by it, as a person."""

    def _mine(self, record):
        """Return a record as the officer's first login sees it."""
        return self._by(self.first_login, record)

    def _rows(self, persons, attempts):
        """Return each attempt after each way to be somebody else."""
        return [
            (f"{label}, {way}", prepare, attempt)
            for label, attempt in attempts.items()
            for way, prepare in persons.items()
        ]

    def test_for_oneself_by_any_login(self):
        """Targets, plans, customers, pools and former managers of one's own."""
        me = self.officer_north
        self.first_login.group_ids += self.env.ref("hr.group_hr_manager")
        personal = self._create_plan(
            {"Mine": {"rate": 50}}, company_id=self.north.id, is_personal=True
        )
        role = self.env["hr.commission.role"].search(
            [("is_manager", "=", False)], limit=1
        )
        customer = self.env["res.partner"].create({"name": "Customer"})
        target = {"company_id": self.north.id, "date_from": "2026-06-01", "amount": 1}
        theirs = self.env["hr.commission.target"].create(
            {**target, "employee_id": me.id}
        )
        scored = self.env["hr.commission.target"].create(
            {**target, "employee_id": me.id, "measure": "score", "score": 90}
        )
        pool = {"name": "Pool", "company_id": self.north.id}

        def create(model, **vals):
            return lambda: self._mine(self.env[model]).create(vals)

        attempts = {
            "target": create(
                "hr.commission.target",
                **{**target, "employee_id": me.id, "date_from": "2026-07-01"},
            ),
            "lower target": lambda: self._mine(theirs).write({"amount": 0.5}),
            "no target": lambda: self._mine(theirs).unlink(),
            "score": lambda: self._mine(scored).action_approve_score(),
            "own plan": lambda: self._mine(me).write(
                {"commission_plan_id": personal.id}
            ),
            "own draw": lambda: self._mine(me.version_id).write(
                {"commission_draw_amount": 9000}
            ),
            "customer": create(
                "hr.commission.assignment",
                partner_id=customer.id,
                employee_id=me.id,
                role_id=role.id,
                date_from="2026-01-01",
                company_id=self.north.id,
            ),
            "former manager": create(
                "hr.commission.manager",
                employee_id=self.sales_north.id,
                manager_id=me.id,
                date_to="2026-12-31",
            ),
            "pool": create(
                "hr.commission.pool", **pool, member_ids=[Command.set(me.ids)]
            ),
            "fixed pool": create(
                "hr.commission.pool",
                **pool,
                key="fixed",
                share_ids=[Command.create({"employee_id": me.id, "percent": 100})],
            ),
        }
        ways = {
            "as oneself": None,
            "after unlinking": self._unlink_user,
            "linked to a second login": self._give_second_login,
            "hired again": self._rehire,
        }
        self._try_all(self._rows(ways, attempts))

    def test_what_is_part_of_something_decides_like_it(self):
        """Shares of a pool, former managers: whoever gains by one leaves all alone."""
        me, env = self.officer_north, self.env
        pool, theirs = (
            env["hr.commission.pool"].create(
                {
                    "name": "Pool",
                    "company_id": self.north.id,
                    "key": "fixed",
                    "share_ids": [
                        Command.create({"employee_id": person.id, "percent": percent})
                        for person, percent in people.items()
                    ],
                }
            )
            for people in ({me: 10, self.sales_north: 90}, {self.sales_north: 100})
        )
        mine, other = pool.share_ids
        self.sales_north.parent_id = me  # who comes after the former manager
        former = env["hr.commission.manager"].create(
            {
                "employee_id": self.sales_north.id,
                "manager_id": self.manager_north.id,
                "date_to": "2026-05-31",
            }
        )
        share = {"employee_id": me.id, "percent": 50}
        attempts = {
            "more of the pool": lambda: self._mine(mine).write({"percent": 99}),
            "less for the other": lambda: self._mine(other).write({"percent": 1}),
            "the other out": lambda: self._mine(other).unlink(),
            "into theirs": lambda: self._mine(env[mine._name]).create(
                {**share, "pool_id": theirs.id}
            ),
            "moved to theirs": lambda: self._mine(mine).write({"pool_id": theirs.id}),
            "in the other's place": lambda: self._mine(theirs.share_ids).write(
                {"employee_id": me.id}
            ),
            "by import": lambda: self._load_share(theirs, me),
            "the pool gone": lambda: self._mine(pool).unlink(),
            "no former manager": lambda: self._mine(former).unlink(),
            "a shorter time": lambda: self._mine(former).write(
                {"date_to": "2026-01-31"}
            ),
            "of somebody else": lambda: self._mine(former).write(
                {"employee_id": self.sales_south.id}
            ),
        }
        ways = {
            "as oneself": None,
            "after unlinking": self._unlink_user,
            "linked to a second login": self._give_second_login,
        }
        self._try_all(self._rows(ways, attempts))
        self._by(self.officer_hq, other).percent = 80
        self.assertEqual(other.percent, 80)
        entry = env["hr.commission.audit"].search(
            [("res_model", "=", other._name), ("res_id", "=", other.id)]
        )
        self.assertEqual((entry.old_value, entry.new_value), ("90.0", "80.0"))
        self.assertEqual(entry.employee_id, self.sales_north)

    def _load_share(self, pool, person):
        shares = self._mine(self.env["hr.commission.pool.share"])
        found = shares.load(
            ["pool_id/.id", "employee_id/.id", "percent"],
            [[str(pool.id), str(person.id), "50"]],
        )
        if found["messages"]:
            raise UserError(found["messages"][0]["message"])

    def test_a_changed_score_is_approved_anew(self):
        """Also one that is lowered to nothing, by whoever is not the payee."""
        target = self._by(self.officer_hq, self.env["hr.commission.target"]).create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "date_from": "2026-05-01",
                "measure": "score",
                "amount": 100,
                "score": 90,
            }
        )
        for vals in (
            *({"score": score} for score in (0, 91, -5)),
            *({name: 50} for name in ("amount", "attainment_max")),
            {"employee_id": self.team_manager.id},
            {"date_from": "2026-04-01"},
            {"score_note": "Better"},
        ):
            with self.subTest(vals), self.env.cr.savepoint() as savepoint:
                self._by(self.administrator, target).action_approve_score()
                self.assertEqual(target.score_state, "approved")
                self._by(self.officer_north, target).write(vals)
                self.assertEqual(target.with_env(self.env).score_state, "entered")
                with self.assertRaises(AccessError):
                    self._by(self.officer_north, target).action_approve_score()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_plans_for_oneself(self):
        me = self.officer_north
        plan = self._create_plan(
            {"Me": {"rate": 90, "employee_ids": [Command.set(me.ids)]}},
            active=False,
            company_id=self.north.id,
            date_start="2026-07-01",
        )
        personal = self._create_plan(
            {"Mine": {"rate": 5}}, company_id=self.north.id, is_personal=True
        )
        me.version_id.commission_plan_id = personal

        def raise_own():
            action = self._mine(personal).action_change()
            draft = self._mine(personal.browse(action["res_id"]))
            draft.rule_ids.rate = 50
            draft.action_activate()

        self._try_all(
            [
                (
                    "a rule that names me",
                    None,
                    lambda: self._mine(plan).action_activate(),
                ),
                (
                    "after unlinking",
                    self._unlink_user,
                    lambda: self._mine(plan).action_activate(),
                ),
                ("a better version of my own plan", None, raise_own),
            ]
        )

    def test_sources_of_own_deals(self):
        """An officer who sells says of no deal of their own whose customer it is."""
        me = self.officer_north
        lead = self._lead_open(me, 1000, source="marketing")
        touch = {"employee_id": me.id, "company_id": self.north.id, "kind": "call"}
        earlier = fields.Datetime.now() - timedelta(days=20)
        lost = self._lead_won(me, 700, "2026-05-06", name="Lost")

        def write(**vals):
            return lambda: self._mine(lead).write(vals)

        attempts = {
            "own": write(commission_source="own"),
            "marketer": write(marketer_id=me.id),
            "qualified": write(date_qualified="2026-05-01"),
            "first contact": write(first_touch_date="2020-01-01"),
            "lost later": lambda: self._mine(lost).write({"date_lost": "2026-06-01"}),
            "timed call by API": lambda: self._mine(
                self.env["crm.touchpoint"]
            ).record_contacts([{**touch, "lead_id": lead.id, "duration": 10}]),
            "earlier contact": lambda: self._mine(self.env["crm.touchpoint"]).create(
                {**touch, "date": earlier, "email_normalized": "x@later.test"}
            ),
            "longer protection": lambda: self._mine(lead).action_extend_protection(),
        }
        ways = {"as oneself": None, "linked to a second login": self._give_second_login}
        self._try_all(self._rows(ways, attempts))

    def test_a_source_given_for_a_deal_that_is_taken_over(self):
        """Given with a new lead, for oneself or for a colleague whose deal one takes."""
        me = self.officer_north
        for seller in (me, self.sales_north):
            with self.subTest(seller=seller.name):
                lead = self._mine(self.env["crm.lead"]).create(
                    {
                        "name": "Given",
                        "type": "opportunity",
                        "user_id": seller.user_id.id,
                        "company_id": self.north.id,
                        "commission_source": "own",
                        "source_state": "verified",
                        "expected_revenue": 1000,
                    }
                )
                lead.write({"user_id": self.first_login.id})
                lead = lead.with_env(self.env)
                lead.action_set_won()
                self._process()
                line = self._line_of(lead, me)
                self.assertEqual(line.mapped("amount"), [100])
                with self.assertRaisesRegex(UserError, "verified by somebody"):
                    self._by(self.administrator, line).action_approve()
                self.assertEqual(line.state, "draft")

    def test_shares_in_ones_own_favour(self):
        """Nobody gets more of a deal than they had by their own hand."""
        me, seller = self.manager_north, self.sales_north
        lead = self._lead_open(seller, 1000)
        own = self._lead_open(me, 1000)
        own.commission_share_ids = [
            Command.create({"employee_id": me.id, "percent": 10}),
            Command.create({"employee_id": seller.id, "percent": 90}),
        ]
        mine, other = own.commission_share_ids.sorted("percent")

        def share(of, **percents):
            people = {"me": me, "seller": seller}
            return [
                Command.create({"employee_id": people[name].id, "percent": percent})
                for name, percent in percents.items()
            ]

        def more():
            self._by(me, own).commission_share_ids = [
                Command.update(mine.id, {"percent": 90}),
                Command.update(other.id, {"percent": 10}),
            ]

        self._try_all(
            [
                (
                    "a part",
                    None,
                    lambda: self._by(me, lead).write(
                        {"commission_share_ids": share(lead, me=10, seller=90)}
                    ),
                ),
                (
                    "all",
                    None,
                    lambda: self._by(me, lead).write(
                        {"commission_share_ids": share(lead, me=100)}
                    ),
                ),
                ("more", None, more),
                (
                    "somebody else's, exchanged",
                    None,
                    lambda: self._by(me, other).write({"employee_id": me.id}),
                ),
                (
                    "none, so that all is mine",
                    None,
                    lambda: self._by(me, mine | other).unlink(),
                ),
            ]
        )
        self._by(me, lead).commission_share_ids = share(lead, seller=100)
        own = self._lead_open(me, 1000)
        self._by(me, own).commission_share_ids = share(own, me=50, seller=50)
        self.assertEqual(sorted(own.commission_share_ids.mapped("percent")), [50, 50])

    def test_mails_handed_in(self):
        """Odoo files mails with the rights of the system, with any values given."""
        person = {"employee_id": self.sales_north.id, "company_id": self.north.id}
        values = {
            "hr.commission.statement": {
                **person,
                "date_from": "2026-06-01",
                "date_to": "2026-06-30",
                "earned": 90_000,
            },
            "hr.commission.line": {**person, "amount": 501, "date": "2026-06-01"},
            "hr.commission.dispute": {"lead_id": self.deal.id, "state": "decided"},
            "hr.commission.plan": {"name": "x", "date_start": "2020-01-01"},
            "crm.lead": {"commission_source": "own", "source_state": "verified"},
            "hr.employee": {"name": "x", "commission_role": "marketing"},
        }
        attempts = []
        for who in (self.sales_north, self.manager_north, self.officer_north):
            for model, custom in values.items():
                attempts.append(
                    (
                        f"{who.name} {model}",
                        None,
                        lambda w=who, m=model, c=custom: self._by(
                            w, self.env["mail.thread"]
                        ).message_process(m, MAIL % ("a@b.test", m), custom_values=c),
                    )
                )
        # not even the mail server makes a commission
        for model in ("hr.commission.statement", "hr.commission.dispute"):
            attempts.append(
                (
                    f"server {model}",
                    None,
                    lambda m=model: self.env[m].message_new({}, values[m]),
                )
            )
        self._try_all(attempts)
        lead = self.env["crm.lead"].message_new(
            {"subject": "By alias", "email_from": "a@b.test"},
            {
                "commission_source": "own",
                "source_state": "verified",
                "is_qualified": True,
                "date_won": "2026-06-01",
                "won_amount": 9000,
                "marketer_id": self.marketer.id,
                "company_id": self.north.id,
            },
        )
        self.assertEqual(lead.commission_source, "marketing")
        self.assertFalse(lead.date_won or lead.won_amount or lead.marketer_id)
        self.assertFalse(lead.is_qualified)

    @mute_logger("odoo.sql_db")
    def test_private_life_by_a_path(self):
        """An officer who is not HR finds no wage and no address by any path."""
        self.sales_north.write({"private_email": "secret@home.test"})
        self.sales_north.version_id.wage = 48213.77
        env = self._as(self.officer_north)
        Line = env["hr.commission.line"]
        line = self._by(self.officer_north, self.sale)
        paths = ("private_email", "version_id.wage", "version_ids.wage", "ssnid")
        attempts = {}
        for path in paths:
            leaf = (f"employee_id.{path}", "!=", False)
            for model in (
                "hr.commission.line",
                "hr.commission.credit",
                "hr.commission.statement",
                "hr.commission.target",
                "hr.commission.dispute",
            ):
                attempts[f"{model} search {path}"] = lambda m=model, leaf=leaf: env[
                    m
                ].search_count([leaf])
            attempts[f"group {path}"] = lambda path=path: Line.formatted_read_group(
                [], [f"employee_id.{path}"], ["__count"]
            )
            attempts[f"sum {path}"] = lambda path=path: Line.formatted_read_group(
                [], [], [f"employee_id.{path}:sum"]
            )
            attempts[f"order {path}"] = lambda path=path: Line.search(
                [], order=f"employee_id.{path}"
            )
            attempts[f"export {path}"] = lambda path=path: line.export_data(
                [f"employee_id/{path.replace('.', '/')}"]
            )
            name = path.split(".")[0]
            attempts[f"read {path}"] = lambda name=name: line.web_read(
                {"employee_id": {"fields": {name: {}}}}
            )
        attempts["parts by wage"] = lambda: env["hr.commission.pool"].create(
            {
                "name": "P",
                "company_id": self.north.id,
                "member_ids": [Command.set((self.sales_north + self.team_manager).ids)],
                "key": "wage",
            }
        )
        for label, attempt in attempts.items():
            with self.subTest(label):
                try:
                    with self.env.cr.savepoint():
                        found = attempt()
                except (UserError, ValueError, KeyError):
                    continue
                self.assertNotIn("secret@home", str(found))
                self.assertNotIn("48213", str(found))
                self.assertFalse(label.startswith("hr.") and found, "it was asked")

    def test_an_address_makes_nobody_of_a_colleague(self):
        """Whoever enters an approver's address is not taken for them, nor they for him."""
        Person = self.env["hr.commission.person"]
        before = Person._get_person(self.first_login)
        self._by(self.sales_north, self.sales_north.user_id).write(
            {"private_email": self.first_login.login}
        )
        self.assertEqual(Person._get_person(self.first_login), before)
        self.assertFalse(
            Person._find_interested(self.first_login, self.sale.employee_id)
        )


@tagged("post_install", "-at_install", "commission_long")
class TestAttackQuietly(SourceCommon):
    """What is nobody's to refuse has no effect."""

    plan_vals = STRICT

    def test_own_absence_lowers_no_target(self):
        """Odoo lets everybody enter their own absence."""
        target = self.env["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "date_from": "2026-05-01",
                "amount": 3100,
                "proration": "present",
            }
        )
        vals = {
            "resource_id": self.sales_north.resource_id.id,
            "date_from": "2026-05-01 00:00:00",
            "date_to": "2026-05-30 20:00:00",
        }
        env = self._as(self.sales_north)
        own = env["resource.calendar.leaves"].create({**vals, "name": "Own"})
        self.assertEqual(TargetDays(target).get_amounts(), {target.id: 3100})
        own.sudo().unlink()
        entered = self.env["resource.calendar.leaves"].create(
            {**vals, "name": "HR", "date_to": "2026-05-10 20:00:00"}
        )
        part = TargetDays(target).get_amounts()[target.id]
        self.assertEqual(part, 2100)
        entered.with_user(env.user).sudo().write({"date_to": "2026-05-30 20:00:00"})
        self.env.flush_all()
        self.assertEqual(TargetDays(target).get_amounts(), {target.id: 3100})

    def test_a_lead_in_a_branch_that_asks_less(self):
        """The stricter plan counts: the lead's branch or the salesperson's."""
        self._create_plan(
            company_id=self.south.id,
            date_start="2020-01-03",
            own_verification="unopposed",
        )
        self.sales_north.user_id.company_ids += self.south
        lead = self._make(
            self.sales_north, email_from="new@one.test", company_id=self.south.id
        )
        self.assertSource(lead, "own", "open")
        theirs = self._make(self.sales_south, email_from="other@two.test")
        self.assertSource(theirs, "own", "verified")

    def test_leads_typed_by_the_marketer_they_pay(self):
        """By a second login, with follow-ups of their own, with a channel given."""
        second = new_test_user(
            self.env,
            login="commission_marketer_again",
            email="marketer@again.test",
            groups="sales_team.group_sale_salesman",
            company_id=self.hq.id,
            company_ids=[Command.set(self.hq.ids)],
        )
        self.marketer.private_email = second.login
        need = {"need_description": "Everything", "company_id": self.hq.id}
        for label, user, vals in (
            ("second login", second, {"campaign_id": self.campaign.id}),
            ("own follow-up", self.marketer.user_id, {}),
            (
                "by mail, they say",
                self.marketer.user_id,
                {"medium_id": self.env.ref("utm.utm_medium_email").id},
            ),
        ):
            with self.subTest(label):
                lead = (
                    self.env["crm.lead"]
                    .with_user(user)
                    .create(
                        {
                            "name": label,
                            "user_id": user.id,
                            "email_from": f"{label[:3]}@up.test",
                            **need,
                            **vals,
                        }
                    )
                )
                lead.message_post(
                    body="Hello",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
                self.env["crm.lead"]._cron_update_qualification()
                self.assertSource(lead, "marketing", "open", self.marketer)
                self.assertFalse(lead.sudo().is_qualified)
                self.assertEqual(lead.sudo().followup_count, 0)
        # nor does one typed lead prove the next, or take a colleague's customer
        theirs = self._make(self.sales_north, email_from="boss@up.test").sudo()
        self.assertSource(theirs, "marketing", "disputed", self.marketer)
        self._win(theirs)
        states = set(self._lines(theirs).mapped("state"))
        self.assertEqual(states, {"held"})

    def test_typed_leads_look_odd_whatever_channel_they_name(self):
        leads = self.env["crm.lead"]
        for number in range(5):
            leads += self._make(
                self.sales_north,
                email_from=f"p{number}@f{number}.test",
                need_description="Same words",
                campaign_id=self.campaign.id,
            ).sudo()
        self.assertEqual(self.env["crm.lead"]._update_odd_leads() & leads, leads)

    def test_loose_acts_catch_no_later_lead(self):
        """A done call and a meeting entered afterwards are what a person says."""
        env = self._as(self.sales_north)
        customer = self.env["res.partner"].create(
            {"name": "Loose", "email": "loose@client.test"}
        )
        customer.with_env(env).activity_schedule(
            "mail.mail_activity_data_call", user_id=env.uid
        ).action_feedback(feedback="reached")
        start = fields.Datetime.now() - timedelta(days=5)
        env["calendar.event"].create(
            {
                "name": "Talk",
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [Command.set((customer | env.user.partner_id).ids)],
            }
        ).sudo()._log_touchpoints()
        self.assertTrue(all(customer.commission_touchpoint_ids.mapped("is_claim")))
        lead = self._make_web_lead(email_from="loose@client.test")
        self.assertSource(lead, "marketing", "verified", self.marketer)

    def test_the_name_of_a_colleagues_campaign(self):
        """Renamed, and made again in one's own name: leads would find that one."""
        self._make_web_lead(email_from="x@fair.test")
        env = self._as(self.officer_hq)
        other = env["utm.campaign"].create({"name": "Mine"})
        rival = self._create_person(
            "rival", self.hq, groups="sales_team.group_sale_salesman", role="marketing"
        )
        env = self._as(rival)
        mine = env["utm.campaign"].create({"name": "Rival"})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.campaign.with_env(env).write({"title": "Old", "name": "Old"})
        self.campaign.write({"title": "Old", "name": "Old"})
        for attempt in (
            lambda: env["utm.campaign"].create({"name": "Autumn Fair"}),
            lambda: mine.write({"title": "Autumn Fair"}),
            lambda: mine.write({"name": "Autumn Fair"}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        self.assertEqual(other.user_id, self.officer_hq.user_id)

    def test_the_contact_is_turned_into_the_customer(self):
        """A proof belongs to a customer, also if the contact is what changes."""
        friend = self.env["res.partner"].create({"name": "F", "email": "f@home.test"})
        company = self.env["res.partner"].create(
            {"name": "Client Ltd", "is_company": True, "email": "buyer@client.test"}
        )
        for vals in ({"email": "boss@client.test"}, {"parent_id": company.id}):
            with self.subTest(vals=vals):
                friend.write({"email": "f@home.test", "parent_id": False})
                lead = self._make(self.sales_north, partner_id=friend.id)
                lead.sudo().source_state = "verified"
                friend.with_env(self._as(self.sales_north)).write(vals)
                self.assertSource(lead, "own", "open")
