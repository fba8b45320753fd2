# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .cast import COMMISSION
from .common import CommissionCommon

ADDRESS = "commission_officer_north@mail.test"


class AttackCommon(CommissionCommon):
    """People who want more money, with every right their job gives them.

    The manager of the branch earns 1 % of what the branch sells, so that even approving
    the salesperson's part is about their own; ``officer_hq`` on what ``officer_north``
    sells. The administrator is without interest.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._replace_plan(
            {
                "Sale": {"rate": 10},
                "Override": {"role": "manager", "manager_level": 2, "rate": 1},
            }
        )
        cls.deal = cls._lead_won(cls.sales_north, 6000, "2026-05-04", name="Deal")
        cls.own_deal = cls._lead_won(cls.officer_north, 3000, "2026-05-05", name="Own")
        cls.shared = cls._lead_won(
            cls.sales_north,
            1000,
            "2026-05-06",
            name="Shared",
            commission_share_ids=[
                Command.create({"employee_id": employee.id, "percent": percent})
                for employee, percent in (
                    (cls.officer_north, 90),
                    (cls.sales_north, 10),
                )
            ],
        )
        cls.held_deal = cls._lead_won(
            cls.officer_north, 500, "2026-05-07", name="Held", verified=False
        )
        cls.sale = cls._line_of(cls.deal, cls.sales_north)
        cls.own = cls._line_of(cls.own_deal, cls.officer_north)
        cls.second_login = new_test_user(
            cls.env,
            login="commission_second_login",
            groups=f"sales_team.group_sale_salesman_all_leads,{COMMISSION}officer",
            company_id=cls.north.id,
            company_ids=[Command.set(cls.north.ids)],
        )
        cls.first_login = cls.officer_north.user_id

    @classmethod
    def _line_of(cls, lead, employee):
        return cls._lines(lead).filtered(lambda line: line.employee_id == employee)

    def _by(self, person, record):
        """Return a record as a person sees it who logs in now."""
        user = person if person._name == "res.users" else person.user_id
        self.env.flush_all()
        self.env.invalidate_all()
        companies = user.company_ids.ids
        env = self.env(
            user=user.id, su=False, context={"allowed_company_ids": companies}
        )
        return record.with_env(env)

    def _ledger(self):
        """Return what may be paid, to whom and in which state; and the claims."""
        self.env.flush_all()
        self.env.invalidate_all()
        lines = self.env["hr.commission.line"].search([])
        statements = self.env["hr.commission.statement"].search([])
        return (
            {
                line.id: (
                    line.state,
                    line.amount,
                    line.employee_id.id,
                    line.note,
                    line.date_due,
                    line.is_disputed,
                )
                for line in lines
            },
            {each.id: (each.state, each.paid) for each in statements},
            {lead.id: lead.source_state for lead in self.deal + self.held_deal},
            self.north.commission_lock_date,
        )

    def _try_all(self, attempts):
        """Try each attempt on its own; nothing of it may stay.

        :param attempts: (label, what happens before or None, what is tried)
        """
        for label, prepare, attack in attempts:
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                if prepare:
                    prepare()
                before = self._ledger()
                with self.assertRaises(UserError):
                    with self.env.cr.savepoint():
                        attack()
                self.assertEqual(self._ledger(), before)
                savepoint.rollback()
                self.env.invalidate_all()

    # what happens before an attempt ------------------------------------

    def _manual(self, maker=None, amount=501, employee=None, **vals):
        Line = self._by(maker or self.officer_hq, self.env["hr.commission.line"])
        return Line.create(
            {
                "employee_id": (employee or self.sales_north).id,
                "company_id": self.north.id,
                "date": "2026-05-20",
                "amount": amount,
                "note": "Best idea of the month",
                **vals,
            }
        ).with_env(self.env)

    def _approve(self, *lines):
        for line in lines:
            self._by(self.administrator, line).action_approve()

    def _statement(self, employee, state="draft"):
        statement = (
            self.env["hr.commission.statement"]
            ._generate(employee.company_id, date(2026, 5, 1))
            .filtered(lambda each: each.employee_id == employee)
        )
        if state != "draft":
            statement.action_confirm()
        if state == "approved":
            statement.action_approve()
        return statement

    def _unlink_user(self, employee=None):
        (employee or self.officer_north).user_id = False

    def _give_second_login(self):
        self.officer_north.user_id = self.second_login

    def _rehire(self):
        """The old record is archived; the same user gets a new one."""
        old = self.officer_north
        user = old.user_id
        old.user_id = False
        old.active = False
        self.env.flush_all()
        self._create_employee(user, self.north)

    def _second_record_by_mail(self):
        self.officer_north.private_email = ADDRESS
        return self.env["hr.employee"].create(
            {
                "name": "N. Officer",
                "company_id": self.north.id,
                "private_email": ADDRESS.upper(),
            }
        )


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackApproval(AttackCommon):
    """Nobody approves, pays, verifies or decides where they gain, as a person."""

    def test_own_money_by_line(self):
        me, own = self.officer_north, self.own
        line = self.env["hr.commission.line"]
        self._try_all(
            [
                ("approve", None, lambda: self._by(me, own).action_approve()),
                (
                    "after my user was unlinked",
                    self._unlink_user,
                    lambda: self._by(self.first_login, own).action_approve(),
                ),
                (
                    "with my first login, linked to the second",
                    self._give_second_login,
                    lambda: self._by(self.first_login, own).action_approve(),
                ),
                (
                    "with my second login",
                    self._give_second_login,
                    lambda: self._by(self.second_login, own).action_approve(),
                ),
                (
                    "with my second login, which is unlinked again",
                    lambda: (self._give_second_login(), self._unlink_user()),
                    lambda: self._by(self.second_login, own).action_approve(),
                ),
                (
                    "of my record before I was hired again",
                    self._rehire,
                    lambda: self._by(self.first_login, own).action_approve(),
                ),
                (
                    "of my second record, known by my private mail",
                    None,
                    lambda: self._by(
                        me,
                        self._manual(employee=self._second_record_by_mail()),
                    ).action_approve(),
                ),
                (
                    "take back",
                    lambda: self._approve(own),
                    lambda: self._by(me, own).action_reset_to_draft(),
                ),
                (
                    "pay",
                    lambda: self._approve(own),
                    lambda: self._by(me, own).action_mark_paid(),
                ),
                (
                    "pay after my user was unlinked",
                    lambda: (self._approve(own), self._unlink_user()),
                    lambda: self._by(self.first_login, own).action_mark_paid(),
                ),
                (
                    "acknowledge by the API",
                    lambda: self._approve(own),
                    lambda: self._by(me, line).commission_acknowledge(own.ids, "PAY-1"),
                ),
                (
                    "cancel a deduction",
                    lambda: self._manual(amount=-100, employee=me),
                    lambda: self._by(
                        me, line.search([("amount", "=", -100)])
                    ).action_cancel(),
                ),
            ]
        )

    def test_own_money_by_statement_and_month(self):
        me = self.officer_north

        def act(action, state, user=None):
            statement = self._statement(me, state)
            return lambda: getattr(self._by(user or me, statement), action)()

        def month(action, person=me, **vals):
            wizard = self._by(person, self.env["hr.commission.closing"]).create(
                {"company_id": self.north.id, "date_to": "2026-05-31", **vals}
            )
            return getattr(wizard, action)()

        self._try_all(
            [
                (action, None, lambda a=action, s=state: act(a, s)())
                for action, state in (
                    ("action_confirm", "draft"),
                    ("action_approve", "confirmed"),
                    ("action_reset_to_draft", "confirmed"),
                    ("action_mark_paid", "approved"),
                )
            ]
            + [
                (
                    f"{action} after my user was unlinked",
                    self._unlink_user,
                    lambda a=action, s=state: act(a, s, self.first_login)(),
                )
                for action, state in (
                    ("action_approve", "confirmed"),
                    ("action_mark_paid", "approved"),
                )
            ]
            + [
                ("close my month", None, lambda: month("action_close")),
                (
                    "open my month again",
                    lambda: (
                        self.north.write({"commission_lock_date": "2026-05-31"}),
                        me.user_id.write(
                            {
                                "group_ids": [
                                    Command.link(
                                        self.env.ref(f"{COMMISSION}administrator").id
                                    )
                                ]
                            }
                        ),
                    ),
                    lambda: month("action_reopen", reason="Forgotten"),
                ),
            ]
        )

    def test_who_earns_by_the_deal(self):
        boss, sale = self.manager_north, self.sale
        login = boss.user_id
        override = self._line_of(self.deal, boss)
        part = self._line_of(self.shared, self.sales_north)
        self.assertEqual((override.amount, part.amount), (60, 10))
        statement = lambda state: self._statement(self.sales_north, state)  # noqa: E731
        me = self.officer_north
        self._try_all(
            [
                ("approve", None, lambda: self._by(boss, sale).action_approve()),
                ("override", None, lambda: self._by(boss, override).action_approve()),
                (
                    "approve, unlinked",
                    lambda: self._unlink_user(boss),
                    lambda: self._by(login, sale).action_approve(),
                ),
                (
                    "pay",
                    lambda: self._approve(sale),
                    lambda: self._by(boss, sale).action_mark_paid(),
                ),
                (
                    "take back",
                    lambda: self._approve(sale),
                    lambda: self._by(boss, sale).action_reset_to_draft(),
                ),
                (
                    "approve the statement",
                    None,
                    lambda: self._by(boss, statement("confirmed")).action_approve(),
                ),
                (
                    "pay the statement",
                    None,
                    lambda: self._by(boss, statement("approved")).action_mark_paid(),
                ),
                (
                    "the other's ten percent",
                    None,
                    lambda: self._by(me, part).action_approve(),
                ),
                (
                    "the other's ten percent, deal lent",
                    lambda: self.shared.write(
                        {"user_id": self.team_manager.user_id.id}
                    ),
                    lambda: self._by(me, part).action_approve(),
                ),
                (
                    "pay the other's ten percent",
                    lambda: self._approve(part),
                    lambda: self._by(me, part).action_mark_paid(),
                ),
            ]
        )

    def test_verifying(self):
        me, lead = self.officer_north, self.held_deal

        def lend(person=None):
            self._by(me, lead).write({"user_id": self.sales_north.user_id.id})

        self._try_all(
            [
                ("own", None, lambda: self._by(me, lead).action_verify_source()),
                ("own, lent", lend, lambda: self._by(me, lead).action_verify_source()),
                (
                    "own, by the field",
                    None,
                    lambda: self._by(me, lead).write({"source_state": "verified"}),
                ),
                (
                    "own, user unlinked",
                    self._unlink_user,
                    lambda: self._by(self.first_login, lead).action_verify_source(),
                ),
                (
                    "own, second login",
                    self._give_second_login,
                    lambda: self._by(self.second_login, lead).action_verify_source(),
                ),
                (
                    "own, first login",
                    self._give_second_login,
                    lambda: self._by(self.first_login, lead).action_verify_source(),
                ),
                (
                    "with a share",
                    lambda: self.shared.sudo().write({"source_state": "open"}),
                    lambda: self._by(me, self.shared).action_verify_source(),
                ),
            ]
        )

    def test_a_source_verified_by_who_takes_the_deal_later(self):
        me = self.officer_north
        lead = self._lead_open(self.sales_north, 700, verified=False)
        self._by(me, lead).action_verify_source()
        lead.write({"user_id": me.user_id.id})
        lead.write({"stage_id": self.stage_won.id, "won_amount": 700})
        self._process()
        line = self._line_of(lead, me)
        with self.assertRaisesRegex(UserError, "verified by somebody"):
            self._by(self.administrator, line).action_approve()
        self.assertEqual(line.state, "draft")
        self._by(self.administrator, lead).action_verify_source()
        self._by(self.administrator, line).action_approve()
        self.assertEqual(line.state, "approved")

    def test_deciding(self):
        me, boss = self.officer_north, self.manager_north.user_id
        dispute = self.env["hr.commission.dispute"].create(
            {
                "kind": "line",
                "line_id": self.own.id,
                "claimed_amount": 9000,
                "reason": "More",
                "user_id": self.first_login.id,
            }
        )
        decide = lambda user: self._by(user, dispute).action_decide(  # noqa: E731
            "accepted", "Right"
        )
        self._try_all(
            [
                ("claimant", None, lambda: decide(me)),
                (
                    "claimant, unlinked",
                    self._unlink_user,
                    lambda: decide(self.first_login),
                ),
                (
                    "claimant's second login",
                    self._give_second_login,
                    lambda: decide(self.second_login),
                ),
                ("claimant's manager", None, lambda: decide(self.manager_north)),
                (
                    "claimant's manager, unlinked",
                    lambda: self._unlink_user(self.manager_north),
                    lambda: decide(boss),
                ),
                (
                    "approve while it is disputed",
                    None,
                    lambda: self._by(self.officer_hq, self.own).action_approve(),
                ),
            ]
        )

    def test_who_decided_does_not_approve_the_award(self):
        other = self._create_person(
            "decider", self.hq, self.branches, f"{COMMISSION}officer"
        )
        dispute = self.env["hr.commission.dispute"].create(
            {
                "kind": "missing_line",
                "employee_id": self.sales_north.id,
                "claimed_amount": 900,
                "reason": "Forgotten",
                "user_id": self.sales_north.user_id.id,
            }
        )
        self._by(other, dispute).action_decide("accepted", "Right")
        award = dispute.posted_line_id
        self._try_all(
            [("approve", None, lambda: self._by(other, award).action_approve())]
        )
        self._by(self.officer_hq, award).action_approve()
        self.assertEqual(award.state, "approved")


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackAmount(AttackCommon):
    """An approval is for an amount and a person; two people, never one."""

    def _first_approved(self, amount=501, **vals):
        self.north.commission_second_approval_amount = 500
        line = self._manual(self.officer_north, amount=amount, **vals)
        self._by(self.officer_hq, line).action_approve()
        self.assertEqual(line.first_approver_id, self.officer_hq.user_id)
        return line

    def test_makers(self):
        me = self.officer_north
        line = self.env["hr.commission.line"]
        made = lambda: self._manual(me)  # noqa: E731
        find = lambda: line.search([("note", "=", "Best idea of the month")])  # noqa: E731
        self._try_all(
            [
                ("own making", made, lambda: self._by(me, find()).action_approve()),
                (
                    "by second login",
                    lambda: (made(), self._give_second_login()),
                    lambda: self._by(self.second_login, find()).action_approve(),
                ),
                (
                    "changed, then approved",
                    lambda: self._by(me, self._manual()).write({"amount": 90000}),
                    lambda: self._by(me, find()).action_approve(),
                ),
                (
                    "moved to another person, then approved",
                    lambda: self._by(me, self._manual()).write(
                        {"employee_id": self.team_manager.id}
                    ),
                    lambda: self._by(me, find()).action_approve(),
                ),
                (
                    "by the statement",
                    made,
                    lambda: self._by(
                        me,
                        self._month_of(self.sales_north),
                    ).action_approve(),
                ),
                (
                    "made by somebody else, as I say",
                    None,
                    lambda: self._manual(me, maker_id=self.officer_hq.user_id.id),
                ),
                (
                    "write who made it",
                    made,
                    lambda: self._by(me, find()).write(
                        {"maker_id": self.officer_hq.user_id.id}
                    ),
                ),
                (
                    "the reason of an approved line",
                    lambda: self._approve_made(me),
                    lambda: self._by(me, find()).write({"note": "Other"}),
                ),
                (
                    "the due day of an approved line",
                    lambda: self._approve_made(me),
                    lambda: self._by(me, find()).write({"date_due": "2026-01-01"}),
                ),
                (
                    "the amount of an approved line",
                    lambda: self._approve_made(me),
                    lambda: self._by(me, find()).write({"amount": 90000}),
                ),
                (
                    "delete an approved line",
                    lambda: self._approve_made(me),
                    lambda: self._by(me, find()).unlink(),
                ),
                (
                    "without reason",
                    made,
                    lambda: self._by(me, find()).write({"note": " "}),
                ),
            ]
        )

    def _approve_made(self, maker):
        self._approve(self._manual(maker))

    def _month_of(self, employee):
        """Return the confirmed statement of the month manual lines are dated in."""
        self._line_of(self.shared, self.officer_north)
        return self._statement(employee, "confirmed")

    def test_defaults_of_the_context_approve_nothing(self):
        line = self._by(self.officer_north, self.env["hr.commission.line"])
        made = line.with_context(
            default_state="approved",
            default_maker_id=self.officer_hq.user_id.id,
            default_kind="commission",
        ).create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "amount": 10,
                "note": "x",
            }
        )
        self.assertEqual((made.kind, made.state), ("manual", "draft"))
        self.assertEqual(made.maker_id, self.officer_north.user_id)

    def test_a_change_starts_approval_again(self):
        second = self.administrator
        for label, change in (
            ("amount", {"amount": 90000}),
            ("person", {"employee_id": self.team_manager.id}),
        ):
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                line = self._first_approved()
                self._by(self.officer_north, line).write(change)
                self.assertFalse(line.first_approver_id)
                self._by(second, line).action_approve()
                self.assertEqual(line.state, "draft")
                self.assertEqual(line.first_approver_id, second.user_id)
                self._by(self.officer_hq, line).action_approve()
                self.assertEqual(line.state, "approved")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_deal_changed_between_two_approvals(self):
        self.north.commission_second_approval_amount = 600
        self._by(self.officer_hq, self.sale).action_approve()
        self.assertEqual(self.sale.first_approver_id, self.officer_hq.user_id)
        self.deal.expected_revenue = 600000
        self.deal.won_amount = 600000
        self._process()
        self.env.invalidate_all()
        self.assertFalse(self.sale.first_approver_id)
        self._by(self.administrator, self.sale).action_approve()
        self.assertEqual(self.sale.state, "draft")

    def test_one_person_is_one_approver(self):
        me = self.officer_north

        def approved_once():
            self.north.commission_second_approval_amount = 500
            self._by(me, self.sale).action_approve()

        self._try_all(
            [
                (
                    "twice",
                    approved_once,
                    lambda: self._by(me, self.sale).action_approve(),
                ),
                (
                    "second login",
                    lambda: (approved_once(), self._give_second_login()),
                    lambda: self._by(self.second_login, self.sale).action_approve(),
                ),
                (
                    "write the first approver away",
                    approved_once,
                    lambda: self._by(me, self.sale).write({"first_approver_id": False}),
                ),
            ]
        )

    def test_who_works_for_the_payee(self):
        """One approval of somebody below is the first of two, through any door."""
        me, boss = self.officer_north, self.manager_north
        other_boss = self._create_employee(self.second_login, self.north)
        line = self._manual(self.administrator, 100, boss)
        cases = (
            ("directly", None),
            ("through others", lambda: me.write({"parent_id": self.team_manager.id})),
            ("formerly", lambda: me.write({"parent_id": False})),
            ("by another login", lambda: self._rehire_below(boss)),
            (
                "a record of the payee's that nobody works for",
                lambda: (
                    boss.write({"user_id": False}),
                    other_boss.write({"private_email": "b@mail.test"}),
                    boss.write({"private_email": "b@mail.test"}),
                    me.write({"parent_id": other_boss.id}),
                ),
            ),
        )
        for label, prepare in cases:
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                if prepare:
                    prepare()
                self._by(self.first_login, line).action_approve()
                self.assertEqual(line.state, "draft")
                with self.assertRaisesRegex(UserError, "second person"):
                    self._by(self.first_login, line).action_approve()
                self._by(self.administrator, self.sale).action_approve()
                self.assertEqual(self.sale.state, "approved")
                self._by(self.officer_hq, line).action_approve()
                self.assertEqual(line.state, "approved")
                savepoint.rollback()
                self.env.invalidate_all()
        statement = self._statement(boss, "confirmed")
        self._try_all(
            [("pay", None, lambda: self._by(me, statement).action_mark_paid())]
        )
        quiet = self._manual(self.administrator, 10, boss, date="2026-04-20")
        april = self.env["hr.commission.statement"]._generate(
            self.north, date(2026, 4, 1)
        )
        april = april.filtered(lambda each: each.employee_id == boss)
        april.action_confirm()
        self._by(me, april).action_approve()
        self.assertEqual((april.state, quiet.state), ("confirmed", "draft"))
        self._by(self.officer_hq, april).action_approve()
        self.assertEqual((april.state, quiet.state), ("approved", "approved"))

    def test_two_who_work_for_the_payee(self):
        """One of the two has to be somebody who does not, unless there is nobody."""
        boss, others = self.manager_north, self.team_manager.user_id
        others.group_ids += self.env.ref(f"{COMMISSION}manager_branch")
        line = self._manual(self.administrator, 100, boss, date="2026-04-20")
        april = self.env["hr.commission.statement"]._generate(
            self.north, date(2026, 4, 1)
        )
        statement = april.filtered(lambda each: each.employee_id == boss)
        statement.action_confirm()
        for record in (line, statement):
            with self.subTest(record._name), self.env.cr.savepoint() as savepoint:
                self._by(self.officer_north, record).action_approve()
                ask = statement.activity_ids.filtered("user_id").user_id
                self.assertNotIn(others, ask)
                with self.assertRaisesRegex(UserError, "both work for whom it pays"):
                    self._by(others, record).action_approve()
                with self.env.cr.savepoint() as inner:
                    self._by(self.officer_hq, record).action_approve()
                    self.assertEqual(line.state, "approved")
                    inner.rollback()
                # nor where one of them works there no longer
                self.env.invalidate_all()
                self.team_manager.parent_id = False
                with self.assertRaisesRegex(UserError, "both work for whom it pays"):
                    self._by(others, record).action_approve()
                # nobody else approves in this branch: two of them are two
                outside = self.env["hr.commission.person"]._get_approvers(self.north)
                outside -= others | self.officer_north.user_id | boss.user_id
                outside.active = False
                self._by(others, record).action_approve()
                self.assertEqual(line.state, "approved")
                savepoint.rollback()
                self.env.invalidate_all()

    def _rehire_below(self, boss):
        """The officer's record that works for a manager is archived; they get another."""
        self._rehire()
        self.officer_north.parent_id = boss

    def test_many_small_lines_are_one_large(self):
        self.north.commission_second_approval_amount = 10000
        lines = self.env["hr.commission.line"].union(
            *(self._manual(amount=amount) for amount in (5000, -4999, 4000))
        )
        self._by(self.administrator, lines).action_approve()
        self.assertEqual(set(lines.mapped("state")), {"draft"})
        self._by(self.officer_north, lines).action_approve()
        self.assertEqual(set(lines.mapped("state")), {"approved"})

    def test_a_statement_does_not_net_out(self):
        self.north.commission_second_approval_amount = 5000
        self._manual(amount=-5900, date="2026-05-20")
        self._manual(amount=5800, date="2026-05-20")
        statement = self._statement(self.sales_north, "confirmed")
        self.assertLess(statement.paid, 5000)
        self._by(self.administrator, statement).action_approve()
        self.assertEqual(statement.state, "confirmed")

    def test_a_statement_is_for_its_lines_not_only_their_sum(self):
        self._manual(amount=100, date="2026-05-20")
        other = self._manual(amount=200, date="2026-05-20")
        statement = self._statement(self.sales_north, "confirmed")
        self._by(self.officer_hq, other).write({"amount": 150})
        self._manual(amount=0, date="2026-05-20")
        first = statement.line_ids.filtered(lambda line: line.amount == 100)
        self._by(self.officer_hq, first).write({"amount": 150})
        with self.assertRaisesRegex(UserError, "changed since"):
            self._by(self.administrator, statement).action_approve()
        self.assertEqual(statement.state, "confirmed")

    def test_one_changed_statement_stops_no_other(self):
        self._manual(amount=100, employee=self.team_manager)
        statements = self.env["hr.commission.statement"]._generate(
            self.north, date(2026, 5, 1)
        )
        statements.action_confirm()
        self.deal.expected_revenue = 7000
        self.deal.won_amount = 7000
        self._process()
        approving = statements.filtered(
            lambda each: each.employee_id in self.sales_north + self.team_manager
        )
        action = self._by(self.administrator, approving).action_approve()
        states = {each.employee_id: each.state for each in approving}
        self.assertEqual(
            states, {self.sales_north: "confirmed", self.team_manager: "approved"}
        )
        self.assertIn("sales_north", action["params"]["message"])
        self.assertNotIn("team_manager", action["params"]["message"])

    def test_disputed_lines_are_paid_through_no_door(self):
        sale, line = self.sale, self.env["hr.commission.line"]
        officer = self.officer_hq

        def contest():
            self._approve(sale)
            sale.is_disputed = True

        def statement():
            found = self._statement(self.sales_north, "approved")
            found.line_ids.is_disputed = True
            return found

        self._try_all(
            [
                ("line", contest, lambda: self._by(officer, sale).action_mark_paid()),
                (
                    "API",
                    contest,
                    lambda: self._by(officer, line).commission_acknowledge(
                        sale.ids, "P"
                    ),
                ),
                (
                    "statement",
                    None,
                    lambda: self._by(officer, statement()).action_mark_paid(),
                ),
                ("payroll takes it", contest, sale._payroll_reserve),
                (
                    "payroll pays it",
                    contest,
                    lambda: sale._payroll_paid(date(2026, 6, 1), "SLIP"),
                ),
            ]
        )

    def test_logs_only_grow(self):
        self._approve(self.sale)
        Audit, Person = (
            self.env["hr.commission.audit"],
            self.env["hr.commission.person"],
        )
        entry = Audit.search([("act", "=", "approve")], limit=1)
        link = Person.search([("user_ref", "=", self.first_login.id)], limit=1)
        self._try_all(
            [
                (f"{record._name} {label}", None, lambda a=attack, r=record: a(r))
                for record in (entry, link)
                for label, attack in (
                    ("write", lambda r: r.write({r._rec_name: "x"})),
                    ("unlink", lambda r: r.unlink()),
                    (
                        "write as administrator",
                        lambda r: self._by(self.administrator, r).write(
                            {r._rec_name: "x"}
                        ),
                    ),
                    (
                        "unlink as administrator",
                        lambda r: self._by(self.administrator, r).unlink(),
                    ),
                    (
                        "create as administrator",
                        lambda r: self._by(self.administrator, r).create(
                            {r._rec_name: "x"}
                        ),
                    ),
                )
            ]
            + [
                (
                    "read as branch manager",
                    None,
                    lambda: self._by(self.manager_north, entry).read(["amount"]),
                )
            ]
        )
