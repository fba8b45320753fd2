# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a plan pays for a small table of made-up events, by the engine of the ledger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from ..engine import facts, measures
from ..engine.compute import compute
from ..engine.context import period_key
from ..engine.facts import CENT
from ..engine.measures import MEASURES, is_attainment
from ..engine.periods import is_on_score, period_start
from ..engine.settlement import Months

#: rows of a case that are no events: the deal is lost again, or somebody else's
LOST, HANDED_OVER = "lost", "handed_over"
#: the role whose people have names of their own in a case
NAMED_ROLE = "sales"
#: the role of whoever has a target
HOLDER_ROLE = "scored"


@dataclass(frozen=True)
class Part:
    """What of a row the engine sees as one event.

    :param event_type: as the engine names it
    :param counted_on: the day it counts on, where that is another one
    """

    event_type: str
    amount: Decimal
    facts: Mapping = field(default_factory=dict)
    counted_on: date | None = None


@dataclass(frozen=True)
class Row:
    """A row of the table.

    :param kind: an event type, :data:`LOST` or :data:`HANDED_OVER`
    :param deal: rows of one deal say the same
    :param person: who sold it; empty for whoever the deal had before
    """

    id: int
    date: date
    kind: str
    deal: str = ""
    person: str = ""
    source: str = "own"
    quantity: Decimal = Decimal(1)
    parts: Sequence[Part] = ()

    def get_deal(self):
        """Return what rows of one deal have in common; a row without stands alone."""
        return self.deal or f"#{self.id}"


@dataclass(frozen=True)
class Who:
    """Somebody in a case: a role, and a name where the role has several people."""

    role: str
    level: int = 0
    person: str = ""


@dataclass(frozen=True)
class Pay:
    """An amount that a row gives somebody; ``award`` is None for a loss."""

    row: Row
    who: Who
    rule_id: int
    amount: Decimal
    award: facts.Award | None = None


class PlanCase:
    """The pay of a case under a plan.

    :param facts.Plan plan: people and branches its rules name are taken as given
    :param rows: in any order
    :param target: of everybody, per period; None without
    :param bonus: what reaching it is worth to everybody; None: nothing
    :param Decimal step: smallest unit of the currency
    :param year_start: where the years of the company begin
    :param bringing: roles of whoever brought the customer, which nobody fills where
        sales found the customer alone
    """

    def __init__(
        self,
        plan,
        rows,
        *,
        target=None,
        bonus=None,
        step=CENT,
        year_start=facts.CALENDAR_YEAR,
        bringing=frozenset(),
    ):
        self._year_start, self._bringing = year_start, bringing
        self.plan = replace(plan, rules=tuple(map(_by_what_was_reached, plan.rules)))
        self.rows = sorted(rows, key=lambda row: (row.date, row.id))
        self._step = step
        self._people, self._deals = {}, {}
        self.row_of, self.who_of = {}, {}
        self._roles = {(rule.role, rule.manager_level) for rule in plan.rules}
        self._credits = self._make_credits()
        self._targets = self._make_targets(target, bonus)
        self.refusals = []
        self.pays = self._compute()

    def get_sums(self):
        """Return what everybody earned, by (who, first day of the month)."""
        sums = defaultdict(Decimal)
        for pay in self.pays:
            sums[pay.who, pay.row.date.replace(day=1)] += pay.amount
        return dict(sums)

    def get_months(self):
        """Return the first days of the months from the first row to the last."""
        months = []
        month = self.rows[0].date.replace(day=1) if self.rows else None
        while month and month <= self.rows[-1].date:
            months.append(month)
            month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        return months

    def settle(self, get_terms):
        """Yield (who, month, settlement): draws, guarantees and carried balances.

        :param get_terms: number and first day of a month → terms of ``Months.settle``
        """
        sums = self.get_sums()
        for who in sorted(set(self.who_of.values()), key=repr):
            settled = Months()
            for number, month in enumerate(self.get_months()):
                earned = sums.get((who, month), Decimal(0))
                terms = get_terms(number, month)
                yield who, month, settled.settle(month, earned, **terms)

    def _make_credits(self):
        credits, person_of = [], {}
        for row in self.rows:
            person = row.person or (person_of.get(row.deal, "") if row.deal else "")
            person_of[row.deal] = person
            for part in row.parts:
                event_id = len(self.row_of) + 1
                self.row_of[event_id] = row
                everybody = list(self._credit_everybody(event_id, row, part, person))
                credits += [
                    replace(each, below=below(each, everybody)) for each in everybody
                ]
        return credits

    def _credit_everybody(self, event_id, row, part, person):
        for role, level in sorted(self._roles):
            if row.source == "own" and role in self._bringing:
                continue
            is_named = role in (NAMED_ROLE, HOLDER_ROLE)
            who = Who(role, level, person if is_named else "")
            # whose target is settled is one of those who sell
            is_seller = role == HOLDER_ROLE and person
            whom = Who(NAMED_ROLE, 0, person) if is_seller else who
            employee_id = self._people.setdefault(whom, len(self._people) + 1)
            number = len(self.who_of) + 1
            self.who_of[number] = who
            yield facts.Credit(
                id=number,
                event_id=event_id,
                event_type=part.event_type,
                date=part.counted_on or row.date,
                employee_id=employee_id,
                role=role,
                manager_level=level,
                plan_id=self.plan.id,
                amount=part.amount,
                quantity=row.quantity if part.amount >= 0 else -row.quantity,
                lead_id=self._deals.setdefault(row.get_deal(), len(self._deals) + 1),
                company_id=1,
                team_id=1,
                commission_source=row.source,
                year_start=self._year_start,
                rounding=self._step,
                facts=dict(part.facts),
            )

    def _make_targets(self, target, bonus):
        return self._make_scores() | {
            key: value
            for rule in self.plan.rules
            if rule.tier_mode != "none" and is_attainment(rule)
            for credit in self._credits
            for key, value in self._get_target(rule, credit, target, bonus).items()
        }

    def _make_scores(self):
        """Return the scores that multiply what rules pay; a score is of one hundred."""
        scores = {}
        for rule in self.plan.rules:
            for row in self.rows if rule.score_period else ():
                score = next((each.facts.get("score") for each in row.parts), None)
                if score is None:
                    continue
                day = period_start(row.date, rule.score_period, self._year_start)
                for who, employee_id in self._people.items():
                    if row.person in ("", who.person):
                        key = employee_id, "score", day, rule.score_period
                        scores |= {key: facts.HUNDRED, ("reached", *key): score}
        return scores

    @staticmethod
    def _get_target(rule, credit, target, bonus):
        """Return the target that a credit works towards; a score is of one hundred."""
        subject = MEASURES[rule.tier_measure].subject(credit)
        day = period_key(credit, rule.tier_period)
        key = subject, rule.target_measure, day, rule.tier_period
        promised = {("bonus", *key): bonus} if bonus else {}
        if not is_on_score(rule):
            return promised | ({key: target} if target else {})
        score, whole = credit.facts.get("score"), facts.HUNDRED
        if score is None:
            return {}
        part = measures.Part("score", whole, whole, reached=score)
        return promised | {
            key: whole,
            ("reached", *key): score,
            ("whole", *key): measures.Whole(None, (part,)),
        }

    def _compute(self):
        """Compute the events, then after each loss what it takes back, on its day."""
        credits = self._credits
        before, self.refusals = self._award(credits)
        pays = [
            Pay(
                self.row_of[award.event_id],
                self.who_of[award.credit_id],
                award.rule_id,
                award.amount,
                award,
            )
            for awards in before.values()
            for award in awards
        ]
        for row in self.rows:
            if row.kind != LOST:
                continue
            credits = [self._lose(credit, row) for credit in credits]
            after, _refusals = self._award(credits)
            for key in sorted(before.keys() | after.keys()):
                difference = _sum(after.get(key)) - _sum(before.get(key))
                if difference:
                    pays.append(Pay(row, self.who_of[key[0]], key[1], difference))
            before = after
        return sorted(pays, key=lambda pay: (pay.row.date, pay.row.id))

    def _lose(self, credit, lost):
        row = self.row_of[credit.event_id]
        is_lost = row.deal == lost.deal and row.date <= lost.date
        if credit.reversed_on or not is_lost:
            return credit
        return replace(credit, reversed_on=lost.date)

    def _award(self, credits):
        outcome = compute(
            credits, {self.plan.id: self.plan}, targets=self._targets, explain=True
        )
        awards = defaultdict(list)
        for award in outcome.awards:
            awards[award.credit_id, award.rule_id].append(award)
        return awards, outcome.refusals


def below(manager, credits):
    """Return the ids of the credits of an event that a manager's credit is above.

    :param facts.Credit manager: of anybody: who is no manager is above nobody
    :param credits: of the event, in which everybody works for the same managers
    :rtype: tuple[int, ...]
    """
    is_lead = manager.event_type == "lead_qualified"
    managed = "marketing" if is_lead else NAMED_ROLE
    return tuple(
        credit.id
        for credit in credits
        if 0 < credit.manager_level < manager.manager_level
        or (manager.manager_level and credit.role == managed)
    )


def _by_what_was_reached(rule):
    """Return a rule on settled targets as if somebody had said what was reached."""
    is_place = MEASURES[rule.tier_measure].is_place
    if not is_on_score(rule) or is_place or MEASURES[rule.target_measure].is_given:
        return rule
    return replace(rule, target_measure="weighted")


def _sum(awards):
    return sum((award.amount for award in awards or ()), Decimal(0))
