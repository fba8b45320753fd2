# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Any history of changes leaves the ledger right: a stateful property test."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..engine import facts
from ..engine.compute import compute
from ..engine.context import Context
from ..engine.measures import read_measure
from .common import CommissionCommon
from .replay import play_lines, read_posted

DAYS = st.integers(0, 200).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
AMOUNTS = st.integers(1, 300_000).map(lambda cents: cents / 100)
CHOICES = st.integers(0, 1_000)

#: what every plan pays beside the rules that are drawn
PLAIN_RULES = {
    "MARKETING": {"role": "marketing", "rate": 2},
    "MANAGER": {"role": "manager", "manager_level": 1, "rate": 1},
}
PERIODS = st.sampled_from(["week", "month", "quarter", "year"])
#: pays on targets that are settled, beside the rules that are drawn
SETTLED_RULES = {
    "SCORE": {"tier_measure": "attainment", "target_measure": "score"},
    "POT": {"tier_measure": "team_attainment", "target_measure": "score"},
    "CONTEST": {
        "tier_measure": "team_place",
        "target_measure": "won_amount",
        "tier_mode": "whole",
    },
}
#: what a plan limits over all its rules; half of the plans nothing
PLAN_LIMITS = [
    *({}, {}, {}),
    {"cap": 40, "cap_period": "week"},
    {"cap": 60, "cap_period": "quarter", "cap_excess": "carry"},
    {"threshold": 15, "cap_period": "month"},
]
#: where brackets of a measure begin
BOUNDS = {
    "amount": (0, 800),
    "cumulative": (0, 1000),
    "won_count": (0, 1),
    "qualified_count": (0, 1),
    "conversion_rate": (0, 50),
    "attainment": (0, 60),
    "team_attainment": (0, 60),
    "branch_attainment": (0, 60),
}


@st.composite
def tier_rules(draw):
    """A rule with any kind of brackets."""
    measure = draw(st.sampled_from(sorted(BOUNDS)))
    return {
        "role": draw(st.sampled_from(["sales", "sales", "manager"])),
        "manager_level": draw(st.integers(1, 2)),
        "amount_type": draw(st.sampled_from(["percent", "percent", "fixed"])),
        "tier_mode": draw(st.sampled_from(["marginal", "whole", "interpolated"])),
        "tier_measure": measure,
        "tier_period": "event" if measure == "amount" else draw(PERIODS),
        "target_measure": draw(
            st.sampled_from(["won_amount", "won_count", "qualified_count"])
        ),
        "tier_ids": [
            Command.create({"from_value": bound, "rate": rate})
            for bound, rate in zip(BOUNDS[measure], (1, 10), strict=True)
        ],
    }


@st.composite
def limited_rules(draw):
    """A percentage with limits, or for the first deal of a period only."""
    return {
        "role": draw(st.sampled_from(["sales", "manager"])),
        "manager_level": 1,
        "rate": 5,
        "cap": draw(st.sampled_from([0, 20, 70])),
        "floor": draw(st.sampled_from([0, 0, 10])),
        "cap_period": draw(PERIODS | st.just("event")),
        "once": draw(st.booleans()),
        "tier_period": draw(PERIODS),
        "score_period": draw(st.sampled_from([False, "month"])),
    }


def settled_rules():
    """Rules on targets of a month: a score, a team's pot and its contest."""
    return {
        name: {
            "event_type": "target_scored",
            "role": "scored",
            "amount_type": "fixed",
            "tier_mode": "proportional",
            "tier_period": "month",
            "tier_ids": [
                Command.create({"from_value": bound, "rate": rate})
                for bound, rate in ((int(name == "CONTEST"), 33.33), (2, 11.11))
            ],
            **values,
        }
        for name, values in SETTLED_RULES.items()
    }


def _differences(played, posted):
    return {
        key: (played.get(key), posted.get(key))
        for key in played.keys() | posted.keys()
        if played.get(key) != posted.get(key)
    }


FROZEN_COLUMNS = (
    "event_id, rule_id, employee_id, part, role, company_id, date, date_due, base, "
    "rate, amount, kind, origin_line_id, trace::text"
)


class LedgerMachine(RuleBasedStateMachine):
    """Deals change, people approve, months are locked; money stays right."""

    case = None  # the running TransactionCase

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint()
        self.frozen = {}
        self.leads = self.env["crm.lead"]

    def teardown(self):
        self.env.invalidate_all(flush=False)
        self.savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_cache()

    def _pick(self, records, choice):
        return records[choice % len(records)]

    # -- deals ---------------------------------------------------------

    @initialize(
        amounts=st.lists(AMOUNTS, min_size=3, max_size=3),
        day=DAYS,
        rules=st.lists(tier_rules() | limited_rules(), min_size=2, max_size=3),
        method=st.sampled_from(["recompute", "reverse", "prorata"]),
        window=st.sampled_from([0, 90]),
        limits=st.sampled_from(PLAN_LIMITS),
    )
    def deals(self, amounts, day, rules, method, window, limits):
        if self.case.draws_rules:
            drawn = {f"RULE {number}": values for number, values in enumerate(rules)}
            self.case._replace_plan(
                PLAIN_RULES | settled_rules() | drawn,
                clawback_method=method,
                clawback_days=window,
                **limits,
            )
        sources = ("marketing", "own", "referral")
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(3)]
        )
        self.leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Deal {number}",
                    "type": "opportunity",
                    "company_id": self.case.north.id,
                    "team_id": self.case.team.id,
                    "user_id": self.case.sales_north.user_id.id,
                    "expected_revenue": amount,
                    "partner_id": customers[number].id,
                    "commission_source": source,
                    "source_state": "open" if source == "own" else "verified",
                    "marketer_id": self.case.marketer.id,
                    "stage_id": self.case.stage_won.id,
                    "date_won": day,
                    "won_amount": amount,
                }
                for number, (amount, source) in enumerate(
                    zip(amounts, sources, strict=True)
                )
            ]
        )

    @rule(choice=CHOICES)
    def win(self, choice):
        self._pick(self.leads, choice).stage_id = self.case.stage_won

    @rule(choice=CHOICES)
    def unwin(self, choice):
        self._pick(self.leads, choice).stage_id = self.case.stage_new

    @rule(choice=CHOICES, amount=AMOUNTS)
    def change_amount(self, choice, amount):
        self._pick(self.leads, choice).expected_revenue = amount

    @rule(choice=CHOICES)
    def change_salesperson(self, choice):
        lead = self._pick(self.leads, choice)
        people = self.case.sales_north | self.case.team_manager
        lead.user_id = (people - lead.user_id.employee_ids)[:1].user_id

    @rule(
        choice=CHOICES, day=DAYS, field=st.sampled_from(["date_won", "date_qualified"])
    )
    def change_day(self, choice, day, field):
        """A day is imported again, or mended by an officer."""
        lead = self._pick(self.leads, choice)
        if field == "date_qualified" or lead.date_won:
            lead[field] = day

    @rule(choice=CHOICES, day=DAYS)
    def win_again(self, choice, day):
        """Undone and won anew before anything was computed."""
        lead = self._pick(self.leads, choice)
        lead.stage_id = self.case.stage_new
        with freeze_time(day):
            lead.stage_id = self.case.stage_won

    @precondition(lambda self: len(self.leads) > 1)
    @rule(choice=CHOICES)
    def delete(self, choice):
        lead = self._pick(self.leads, choice)
        if lead.commission_line_ids.filtered(lambda line: line.state != "cancelled"):
            return
        self.leads -= lead
        try:
            with self.env.cr.savepoint():
                lead.unlink()
        except UserError:  # what happened stays on record
            self.leads += lead

    @rule(
        choice=CHOICES,
        percents=st.sampled_from(
            [
                (100, 0, 0),
                (50, 50, 0),
                (33.33, 33.33, 33.34),
                (33.34, 33.33, 33.33),
                (12.35, 37.15, 50.5),
                (1, 0, 99),
            ]
        ),
        role=st.sampled_from(["sales", "marketing"]),
    )
    def split(self, choice, percents, role):
        lead = self._pick(self.leads, choice)
        people = (
            self.case.sales_north,
            self.case.team_manager,
            self.case.manager_north,
        )
        pairs = [
            (employee, percent)
            for employee, percent in zip(people, percents, strict=True)
            if percent
        ]
        lead.commission_share_ids = [
            Command.clear(),
            *(
                Command.create(
                    {"employee_id": employee.id, "role": role, "percent": part}
                )
                for employee, part in pairs
            ),
        ]

    @rule(choice=CHOICES, state=st.sampled_from(["open", "verified", "disputed"]))
    def change_source_state(self, choice, state):
        self._pick(self.leads, choice).source_state = state

    @rule(choice=CHOICES, source=st.sampled_from(["marketing", "own", "referral"]))
    def overrule_source(self, choice, source):
        self._pick(self.leads, choice).write(
            {"commission_source": source, "source_state": "overruled"}
        )

    # -- people --------------------------------------------------------

    @rule(day=DAYS, choice=CHOICES)
    def move(self, day, choice):
        """Somebody goes to another branch; what they win from then on is there."""
        people = self.case.sales_north | self.case.team_manager
        person = self._pick(people, choice)
        branches = self.case.north | self.case.south | self.case.south_a
        branch = (branches - person.company_id)[choice % 2]
        person.user_id.company_ids += branch
        person.company_id = branch

    @rule(choice=CHOICES, is_active=st.booleans())
    def archive(self, choice, is_active):
        people = self.case.sales_north | self.case.marketer | self.case.team_manager
        self._pick(people, choice).active = is_active

    @rule(choice=CHOICES)
    def change_boss(self, choice):
        bosses = self.case.area_manager | self.case.manager_north
        self.case.sales_north.parent_id = self._pick(bosses, choice)

    @rule(
        choice=CHOICES,
        day=DAYS,
        part=st.sampled_from([100, 33.33]),
        role=st.sampled_from(["sales", "marketing"]),
        is_dated=st.booleans(),
    )
    def correct_credit(self, choice, day, part, role, is_dated):
        shares = {
            self.case.sales_south: part,
            self.case.team_manager: round(100 - part, 2),
        }
        self.case._correct_credit(
            self._pick(self.leads, choice),
            {person: percent for person, percent in shares.items() if percent},
            role,
            day if is_dated else False,
        )

    @rule(choice=CHOICES)
    def hand_over(self, choice):
        """All that is open goes to somebody else."""
        leaver, successor = self.case.sales_north, self.case.sales_south
        if choice % 2:
            leaver, successor = successor, leaver
        handover = self.env["hr.commission.handover"].create(
            {
                "employee_id": leaver.id,
                "successor_id": successor.id,
                "date": "2026-03-01",
            }
        )
        handover.action_hand_over()

    @rule(
        key=st.sampled_from(["equal", "result", "fixed"]),
        takes=st.sampled_from(["nobody", "all"]),
        role=st.sampled_from(["marketing", "sales"]),
        day=DAYS,
    )
    def pool(self, key, takes, role, day):
        people = self.case.sales_south | self.case.sales_south_a | self.case.marketer
        self.env["hr.commission.pool"].create(
            {
                "name": "Pool",
                "company_id": self.case.hq.id,
                "role_id": self.env["hr.commission.role"]
                .search([("code", "=", role)], limit=1)
                .id,
                "takes": takes,
                "key": key,
                "date_from": day,
                "member_ids": [Command.set(people.ids)],
                "share_ids": [
                    Command.create({"employee_id": person.id, "percent": percent})
                    for person, percent in zip(
                        people, (33.33, 33.33, 33.34), strict=True
                    )
                ],
            }
        )

    @rule(choice=CHOICES)
    def lose_marketer(self, choice):
        self._pick(self.leads, choice).marketer_id = False

    @rule(choice=CHOICES, other=CHOICES)
    def merge(self, choice, other):
        """Two leads were one; what was paid twice is taken back."""
        pair = self._pick(self.leads, choice) | self._pick(self.leads, other)
        if len(pair) == 2:
            try:
                with self.env.cr.savepoint():
                    pair.merge_opportunity(auto_unlink=False)
            except UserError:  # a double is no part of a merge that was decided
                return

    @rule(choice=CHOICES, other=CHOICES)
    def merge_customers(self, choice, other):
        customers = [
            self._pick(self.leads, each).partner_id for each in (choice, other)
        ]
        if customers[0] != customers[1]:
            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            wizard._merge((customers[0] + customers[1]).ids, customers[0])
            self.leads.invalidate_recordset(["partner_id"])

    # -- targets and claims --------------------------------------------

    @precondition(lambda self: self.case.scores)
    @rule(choice=CHOICES, score=st.integers(0, 150), is_approved=st.booleans())
    def enter_score(self, choice, score, is_approved):
        target = self._pick(self.case.scores, choice)
        officers = self.case.officer_north, self.case.officer_hq
        entering, approving = (
            target.with_user(officer.user_id).sudo() for officer in officers
        )
        entering.score = score
        if is_approved:
            approving.action_approve_score()

    @precondition(lambda self: self.case.scores)
    @rule(day=DAYS)
    def settle(self, day):
        """Whatever targets are over by a day are settled."""
        with freeze_time(day):
            self.env["hr.commission.target"]._cron_settle()

    @precondition(lambda self: self.case.scores)
    @rule(is_member=st.booleans())
    def change_team(self, is_member):
        manager = self.case.team_manager.user_id
        if is_member:
            self.case.team.member_ids |= manager
        else:
            self.case.team.member_ids -= manager

    @rule(choice=CHOICES, amount=AMOUNTS, kind=st.sampled_from(["line", "missing"]))
    def award(self, choice, amount, kind):
        """A claim of more, or of what is missing on a deal, is accepted."""
        lead = self._pick(self.leads, choice)
        lines = (
            self.env["hr.commission.line"]
            .search(
                [("lead_id", "=", lead.id), ("kind", "in", ("commission", "bonus"))]
            )
            .filtered(
                lambda line: line.state != "cancelled" and line.employee_id.user_id
            )
        )
        claim = {"reason": "More was agreed", "claimed_amount": amount}
        if kind == "line" and lines:
            line = self._pick(lines, choice)
            claim |= {"kind": "line", "line_id": line.id}
            claim["claimed_amount"] = line._get_amount_in_all() + amount
        else:
            claim |= {"kind": "missing_line", "lead_id": lead.id}
        person = claim.get("line_id") and line.employee_id or self.case.sales_north
        try:
            with self.env.cr.savepoint():
                dispute = self.env["hr.commission.dispute"].create(
                    {**claim, "employee_id": person.id, "user_id": person.user_id.id}
                )
        except UserError:  # disputed already, or awarded more than that
            return
        dispute.action_decide("accepted", "It was")

    def _lines(self, state):
        return self.env["hr.commission.line"].search(
            [("lead_id", "in", self.leads.ids), ("state", "=", state)], order="id"
        )

    @rule(choice=CHOICES)
    def approve(self, choice):
        lines = self._lines("draft").filtered(lambda line: not line.is_disputed)
        if lines:
            self._pick(lines, choice).action_approve()

    @rule(choice=CHOICES)
    def pay(self, choice):
        lines = self._lines("approved")
        if lines:
            line = self._pick(lines, choice)
            line._payroll_reserve()
            line._payroll_paid(date(2026, 8, 1), "PAY")

    @precondition(lambda self: not self.case.north.commission_lock_date)
    @rule()
    def lock(self):
        self.case.north.commission_lock_date = date(2026, 4, 30)

    @rule(
        rate=st.integers(1, 9),
        start=st.sampled_from([date(2026, 2, 1), date(2026, 3, 15), date(2026, 5, 4)]),
        rules=st.lists(tier_rules() | limited_rules(), max_size=2),
        limits=st.sampled_from(PLAN_LIMITS),
        days=st.tuples(DAYS, DAYS),
        branches=st.sets(CHOICES, max_size=2),
    )
    def change_plan(self, rate, start, rules, limits, days, branches):
        """A new version from a day in the middle, back-dated on purpose.

        What it is tried to pay before it holds is what the ledger has then.
        """
        plan = self._get_plans()[-1:]
        if plan.state != "active" or plan.date_start >= start:
            return
        plan.action_change()
        draft = plan.next_ids.filtered(lambda each: each.state == "draft")
        draft.write({"date_start": start, **limits})
        draft.rule_ids.filtered(lambda each: each.amount_type == "percent").rate = rate
        draft.rule_ids = [
            Command.create({"name": f"NEW {number}", **values})
            for number, values in enumerate(rules)
        ]
        self.env["hr.commission.event"]._process()
        place = self._pick_branches(branches), *sorted(days)
        played = self._play(draft, *place)
        draft.action_activate()
        self.env["hr.commission.event"]._process()
        posted = self._read_posted(*place)
        assert played == posted, _differences(played, posted)

    @rule(day=DAYS)
    def undo_plan(self, day):
        """The last version ends, also on a day long ago; nothing holds after it."""
        plan = self._get_plans()[-1:]
        if plan.state == "active":
            plan.write({"state": "closed", "date_end": max(day, plan.date_start)})

    @precondition(lambda self: self.case.foreigner)
    @rule(choice=CHOICES, role=st.sampled_from(["sales", "marketing"]))
    def share_abroad(self, choice, role):
        """Somebody of another company takes part, whose money nobody may know."""
        people = self.case.foreigner | self.case.sales_north
        self._pick(self.leads, choice).commission_share_ids = [
            Command.clear(),
            *(
                Command.create({"employee_id": person.id, "role": role, "percent": 50})
                for person in people
            ),
        ]

    @precondition(lambda self: self.case.foreigner)
    @rule(day=DAYS, rate=st.sampled_from([0.83, 1.27]))
    def enter_rate(self, day, rate):
        currency = self.case.foreigner.company_id.currency_id
        known = self.env["res.currency.rate"].search(
            [("currency_id", "=", currency.id), ("name", "=", day)]
        )
        known.unlink()
        self.env["res.currency.rate"].create(
            {"name": day, "rate": rate, "currency_id": currency.id, "company_id": False}
        )
        self.env["hr.commission.event"].search([("state", "=", "error")]).action_retry()

    @rule()
    def process(self):
        self.env["hr.commission.event"]._process()

    @rule(days=st.tuples(DAYS, DAYS), branches=st.sets(CHOICES, max_size=2))
    def replay(self, days, branches):
        """What ran, replayed by itself and in the place of itself, is the ledger."""
        self.env["hr.commission.event"]._process()
        companies = self._pick_branches(branches)
        posted = self._read_posted(companies, *sorted(days))
        first, last = sorted(days)
        plans = self._get_plans().filtered(  # of other days it would be all that holds
            lambda plan: (
                plan.date_start <= last
                and not (plan.date_end and plan.date_end < first)
            )
        )
        for plan in [None, *plans]:
            played = self._play(plan, companies, *sorted(days))
            assert played == posted, (plan, _differences(played, posted))

    def _pick_branches(self, choices):
        """Return some branches, or all of them for no choices."""
        branches = self.case.branches
        chosen = [self._pick(branches, choice) for choice in choices]
        return sum(chosen, branches[:0]) or branches

    def _get_plans(self):
        """Return the versions that pay or paid, in their order."""
        return (
            self.env["hr.commission.plan"]
            .search([("company_id", "=", self.case.hq.id), ("state", "!=", "draft")])
            .sorted("date_start")
        )

    def _play(self, plan, companies, date_from, date_to):
        """Return what a plan in its place pays, line by line; None for what holds."""
        lines, faults = play_lines(
            self.env, self.case.hq, plan, companies, date_from, date_to
        )
        assert not faults
        return lines

    def _read_posted(self, companies, date_from, date_to):
        """Return what the ledger holds for events of some days, line by line."""
        return read_posted(
            self.env["hr.commission.line"].search(
                [
                    ("company_id", "in", companies.ids),
                    ("event_id.date", ">=", date_from),
                    ("event_id.date", "<=", date_to),
                    ("event_id.state", "!=", "error"),
                ]
            )
        )

    # -- what must hold ------------------------------------------------

    @invariant()
    def ledger_is_right(self):
        events = self.env["hr.commission.event"]
        events._process()
        assert events._process() == 0
        mine = Domain("lead_id", "in", self.leads.ids)
        mine |= Domain("event_type", "=", "target_scored")
        self._check_sums(events.search(mine & Domain("state", "!=", "error")))
        self._check_frozen()
        self._check_awards()

    def _check_sums(self, events):
        batch = events._get_loader().load(events, store=False)
        outcome = compute(batch.credits, batch.plans, targets=batch.targets)
        self._check_targets(batch)
        wanted = defaultdict(Decimal)
        for award in outcome.awards:
            if award.event_id in events.ids:  # not what is in error beside them
                key = award.event_id, award.rule_id, award.employee_id
                wanted[key] += award.amount
        posted = defaultdict(Decimal)
        for line in self.env["hr.commission.line"].search(
            Domain("event_id", "in", events.ids)
        ):
            key = line.event_id.id, line.rule_id.id, line.employee_id.id
            posted[key] += Decimal(str(round(line.amount, 2)))
        for key in wanted.keys() | posted.keys():
            assert wanted[key] == posted[key], (key, wanted[key], posted[key])

    def _check_awards(self):
        """An award stays between nothing and what was posted."""
        for award in self.env["hr.commission.dispute"].search([]):
            posted = award.posted_line_id
            if posted.amount > 0:
                paid = posted.amount + sum(posted.correction_ids.mapped("amount"))
                assert -0.005 < paid < posted.amount + 0.005, (award, paid)

    def _check_targets(self, batch):
        """What is shown as achieved is what brackets are looked up with."""
        context = Context(batch.credits, batch.plans)
        targets = (
            self.env["hr.commission.target"]
            .search([("employee_id", "=", self.case.sales_north.id)])
            .filtered(lambda target: not target.is_scored)
        )  # these are entered
        targets.invalidate_recordset()
        for target in targets:
            counted = facts.Rule(
                id=0,
                event_type="",
                role="sales",
                tier_measure="attainment",
                tier_period=target.period,
                target_measure=target.measure,
            )
            today = facts.Credit(
                id=0,
                event_id=0,
                event_type="",
                date=target.date_from,
                employee_id=target.employee_id.id,
                role="sales",
                plan_id=None,
                amount=Decimal(0),
            )
            wanted = read_measure(counted, [today], context).final
            assert float(wanted) == round(target.achieved, 2), (target, wanted)

    def _check_frozen(self):
        """What was approved, paid or locked is as it was, byte by byte."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                f"""SELECT line.id, ROW({FROZEN_COLUMNS})::text
                      FROM hr_commission_line line
                      JOIN res_company company ON company.id = line.company_id
                     WHERE line.state IN ('approved', 'in_payroll', 'paid')
                        OR line.date <= company.commission_lock_date"""
            )
        )
        now = dict(rows)
        for line_id, values in self.frozen.items():
            assert now[line_id] == values, (values, now[line_id])
        self.frozen = now


@tagged("post_install", "-at_install", "commission_long")
class TestLedgerProperty(CommissionCommon):
    foreigner = None
    scores = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create({"name": "Both", "company_id": False})

    def test_reference_policy(self):
        self.draws_rules = False
        self._run_any_history(max_examples=5)

    @mute_logger("odoo.addons.hr_sales_commission.models.hr_commission_event")
    def test_other_money(self):
        """Somebody abroad takes part; what the money is worth is known later or not."""
        euro = self.setup_other_currency("EUR", rates=[])
        abroad = self.env["res.company"].create(
            {"name": "Euroland", "currency_id": euro.id}
        )
        self._create_plan({"All": {"rate": 7}}, company_id=abroad.id)
        self.foreigner = self._create_person("euro", abroad)
        self.test_any_rules(max_examples=5)

    def test_any_rules(self, max_examples=12):
        self.draws_rules = True
        self.env["hr.commission.target"].create(
            [
                {
                    "employee_id": employee.id,
                    "company_id": self.north.id,
                    "measure": measure,
                    "period": period,
                    "date_from": "2026-01-01",
                    "amount": amount,
                }
                for employee in (self.sales_north, self.team_manager)
                for measure, amount in (("won_amount", 2000), ("won_count", 2))
                for period in ("month", "quarter", "year")
            ]
        )
        self.env["hr.commission.target"].create(
            [
                {
                    **subject,
                    "employee_id": False,
                    "company_id": self.hq.id,
                    "measure": measure,
                    "period": period,
                    "date_from": "2026-01-01",
                    "amount": amount,
                }
                for subject in (
                    {"team_id": self.team.id},
                    {"branch_id": self.north.id},
                    {"branch_id": self.south.id},
                )
                for measure, amount in (("won_amount", 3000), ("won_count", 3))
                for period in ("month", "quarter", "year")
            ]
        )
        self._make_scores()
        self._run_any_history(max_examples)

    def _make_scores(self):
        """Targets of January and March: scores, a team's pot, and what it sells."""
        self.team.member_ids = self.sales_north.user_id | self.team_manager.user_id
        whose = {"employee_id": self.sales_north.id}
        of_team = {"employee_id": False, "team_id": self.team.id}
        targets = self.env["hr.commission.target"].create(
            [
                {
                    "company_id": self.north.id,
                    "period": "month",
                    "date_from": day,
                    "amount": 90,
                    **subject,
                }
                for day in ("2026-01-01", "2026-03-01")
                for subject in (
                    {**whose, "measure": "score"},
                    {**of_team, "measure": "score", "pays": "equal"},
                )
            ]
        )
        self.scores = targets

    def _run_any_history(self, max_examples):
        LedgerMachine.case = self
        self.addCleanup(setattr, LedgerMachine, "case", None)
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=max_examples,
                stateful_step_count=12,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
