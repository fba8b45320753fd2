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
from odoo.tools import SQL

from ..engine import facts
from ..engine.compute import compute
from ..engine.context import Context
from ..engine.measures import read_measure
from ..pipeline.plan_comparison import PlanComparison
from .common import CommissionCommon

DAYS = st.integers(0, 200).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
AMOUNTS = st.integers(1, 300_000).map(lambda cents: cents / 100)
CHOICES = st.integers(0, 1_000)

#: what every plan pays beside the rules that are drawn
PLAIN_RULES = {
    "MARKETING": {"role": "marketing", "rate": 2},
    "MANAGER": {"role": "manager", "manager_level": 1, "rate": 1},
}
PERIODS = st.sampled_from(["week", "month", "quarter", "year"])
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
}


@st.composite
def tier_rules(draw):
    """A rule with any kind of brackets."""
    measure = draw(st.sampled_from(sorted(BOUNDS)))
    return {
        "role": draw(st.sampled_from(["sales", "sales", "manager"])),
        "manager_level": 1,
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
                PLAIN_RULES | drawn,
                clawback_method=method,
                clawback_days=window,
                **limits,
            )
        sources = ("marketing", "own", "referral")
        self.leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Deal {number}",
                    "type": "opportunity",
                    "company_id": self.case.north.id,
                    "user_id": self.case.sales_north.user_id.id,
                    "expected_revenue": amount,
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

    @rule(rate=st.integers(1, 9))
    def change_plan(self, rate):
        """A new version from a day in the middle, back-dated on purpose."""
        plan = self.env["hr.commission.plan"].search(
            [("company_id", "=", self.case.hq.id), ("state", "=", "active")]
        )
        start = date(2026, 3, 15)
        if plan.date_start >= start:
            return
        plan.action_change()
        draft = plan.next_ids
        draft.date_start = start
        draft.rule_ids.filtered(lambda each: each.amount_type == "percent").rate = rate
        draft.action_activate()

    @rule()
    def process(self):
        self.env["hr.commission.event"]._process()

    @rule(has_candidate=st.booleans())
    def replay(self, has_candidate):
        """What ran, replayed by itself or in the place of itself, is the ledger."""
        plan = self.env["hr.commission.plan"].search(
            [("company_id", "=", self.case.hq.id), ("state", "=", "active")], limit=1
        )
        simulation = self.env["hr.commission.simulation"].new(
            {
                "company_id": self.case.hq.id,
                "date_from": date(2025, 1, 1),
                "date_to": date(2027, 12, 31),
                "days": "own",
            }
        )
        comparison = PlanComparison(
            self.env,
            [None, simulation._get_stand_in(plan)] if has_candidate else [None],
            self.case.branches.ids,
            simulation.date_from,
            simulation.date_to,
            mark="property",
        )
        for period in comparison.get_periods():
            comparison.play(period)
        assert not comparison.faults
        posted = self._sum_posted()
        for tally in comparison.tallies:
            played = defaultdict(Decimal)
            for key, total in tally.details.items():
                played[key.rule_id, key.employee_id, key.company_id] += total.amount
            for key in played.keys() | posted.keys():
                assert played[key] == posted[key], (key, played[key], posted[key])

    def _sum_posted(self):
        """Return what the ledger holds by rule, employee and branch."""
        posted = defaultdict(Decimal)
        lines = self.env["hr.commission.line"].search(
            [("company_id", "in", self.case.branches.ids), ("event_id", "!=", False)]
        )
        for line in lines:
            key = line.rule_id.id, line.employee_id.id, line.company_id.id
            posted[key] += Decimal(str(round(line.amount, 2)))
        return posted

    # -- what must hold ------------------------------------------------

    @invariant()
    def ledger_is_right(self):
        events = self.env["hr.commission.event"]
        events._process()
        assert events._process() == 0
        self._check_sums(events.search([("lead_id", "in", self.leads.ids)]))
        self._check_frozen()

    def _check_sums(self, events):
        batch = events._get_loader().load(events, store=False)
        outcome = compute(batch.credits, batch.plans, targets=batch.targets)
        self._check_targets(batch)
        wanted = defaultdict(Decimal)
        for award in outcome.awards:
            wanted[award.event_id, award.rule_id, award.employee_id] += award.amount
        posted = defaultdict(Decimal)
        for line in self.env["hr.commission.line"].search(
            Domain("event_id", "in", events.ids)
        ):
            key = line.event_id.id, line.rule_id.id, line.employee_id.id
            posted[key] += Decimal(str(round(line.amount, 2)))
        for key in wanted.keys() | posted.keys():
            assert wanted[key] == posted[key], (key, wanted[key], posted[key])

    def _check_targets(self, batch):
        """What is shown as achieved is what brackets are looked up with."""
        context = Context(batch.credits, batch.plans)
        targets = self.env["hr.commission.target"].search(
            [("employee_id", "=", self.case.sales_north.id)]
        )
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


@tagged("post_install", "-at_install", "commission_once")
class TestLedgerProperty(CommissionCommon):
    def test_reference_policy(self):
        self.draws_rules = False
        self._run_any_history(max_examples=8)

    def test_any_rules(self):
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
        self._run_any_history(max_examples=25)

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
