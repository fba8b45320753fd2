"""Any history of changes leaves the ledger right: a stateful property test."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import SQL

from ..engine.compute import compute
from ..pipeline.fact_loader import FactLoader
from .common import CommissionCommon

DAYS = st.integers(0, 200).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
AMOUNTS = st.integers(1, 300_000).map(lambda cents: cents / 100)
CHOICES = st.integers(0, 1_000)

#: every way a rule can depend on the rest of a period, on top of plain percentages
PERIOD_RULES = {
    "PLAIN": {"role": "sales", "rate": 3},
    "MARKETING": {"role": "marketing", "rate": 2},
    "MANAGER": {"role": "manager", "manager_level": 1, "rate": 1},
    "MARGINAL": {
        "role": "sales",
        "tier_mode": "marginal",
        "tier_measure": "cumulative",
        "tier_period": "quarter",
        "tier_ids": [
            Command.create({"from_value": 0, "rate": 1}),
            Command.create({"from_value": 1000, "rate": 4}),
        ],
    },
    "WHOLE": {
        "role": "sales",
        "tier_mode": "whole",
        "tier_measure": "won_count",
        "tier_period": "month",
        "tier_ids": [
            Command.create({"from_value": 0, "rate": 1}),
            Command.create({"from_value": 1, "rate": 2}),
        ],
    },
    "CAPPED": {"role": "sales", "rate": 5, "cap": 70, "cap_period": "year"},
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

    @initialize(amounts=st.lists(AMOUNTS, min_size=3, max_size=3), day=DAYS)
    def deals(self, amounts, day):
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

    @rule(choice=CHOICES, percent=st.integers(1, 99))
    def split(self, choice, percent):
        lead = self._pick(self.leads, choice)
        pairs = (
            (self.case.sales_north, percent),
            (self.case.team_manager, 100 - percent),
        )
        lead.commission_share_ids = [
            Command.clear(),
            *(
                Command.create(
                    {"employee_id": employee.id, "role": "sales", "percent": part}
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

    # -- what must hold ------------------------------------------------

    @invariant()
    def ledger_is_right(self):
        events = self.env["hr.commission.event"]
        events._process()
        assert events._process() == 0
        self._check_sums(events.search([("lead_id", "in", self.leads.ids)]))
        self._check_frozen()

    def _check_sums(self, events):
        batch = FactLoader(self.env).load(events, store=False)
        outcome = compute(batch.credits, batch.plans, targets=batch.targets)
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


@tagged("post_install", "-at_install")
class TestLedgerProperty(CommissionCommon):
    def test_reference_policy(self):
        self._run_any_history()

    def test_rules_that_look_at_periods(self):
        self._replace_plan(PERIOD_RULES)
        self._run_any_history()

    def test_rules_that_look_at_periods_with_partial_clawback(self):
        self._replace_plan(PERIOD_RULES, clawback_days=90, clawback_method="prorata")
        self._run_any_history()

    def _run_any_history(self):
        LedgerMachine.case = self
        self.addCleanup(setattr, LedgerMachine, "case", None)
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=25,
                stateful_step_count=15,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
