# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Where somebody stands in a period: the value that brackets are looked up with.

:data:`MEASURES` holds every measure by its code: of brackets, of targets, or of both.
An addon adds one by :func:`register_measure` and the choice by ``selection_add``.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .context import Context, period_key
from .facts import HUNDRED, ONE, ZERO, Credit, Rule
from .periods import EVENT_MEASURES, is_on_score


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure over one period of one employee.

    :param final: its value at the end of the period
    :param steps: by credit id, its value before and after the credit; None when it has
        no value but the final one (a conversion rate)
    :param in_money: the steps are amounts, which can be cut into slices
    :param is_average: a refund does not make it negative, and below zero is no bracket
    """

    final: Decimal
    steps: Mapping[int, tuple[Decimal, Decimal]] | None = None
    in_money: bool = False
    is_average: bool = False

    def reached(self, credit: Credit, mode: str) -> Decimal:
        """The value whose bracket gives the rate of ``credit``.

        ``marginal`` rates follow the running value; a refund walks back through the
        bracket it leaves. Other modes look at the end of the period.
        """
        if mode != "marginal" or self.steps is None:
            return self.final if self.is_average else abs(self.final)
        before, after = self.steps[credit.id]
        return max(abs(before), abs(after))


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to say where somebody stands.

    :param code: as stored in rules and targets
    :param unit: of its values: ``money``, ``count``, ``percent``, ``days`` or ``months``
    :param read: ``(rule, matching, context)`` → its :class:`Reading` over a period
    :param event_type: the events it counts, None: those the rule pays on
    :param count: what targets, boards and alerts make of events, see
        :func:`running_amount` and :func:`running_count`; None: nothing
    :param of_event: its value for one event alone, where the period is the event
    :param subject: of an attainment: whose target and result it looks at
    :param facts: names of ``credit.facts`` that it reads
    :param counts: which events of its type it counts, None: all
    :param ratio: codes of two measures: it is the first in percent of the second
    :param is_given: somebody enters what was reached, no event tells it
    :param is_weighted: it is put together from others, see :class:`Whole`
    :param whose: ``team`` or ``branch``, where it looks at more than the person
    :param is_place: which one somebody is among these, by what the target counts
    :param has_bounds: a value exactly on a bound has reached it, whatever the plan says
    """

    code: str
    unit: str
    read: Callable[[Rule, Sequence[Credit], Context], Reading]
    event_type: str | None = None
    count: Callable[[Iterable[Credit]], Reading] | None = None
    of_event: Callable[[Credit], Decimal | None] | None = None
    subject: Callable[[Credit], Hashable] | None = None
    facts: tuple[str, ...] = ()
    counts: Callable[[Credit], bool] | None = None
    ratio: tuple[str, str] | None = None
    is_given: bool = False
    is_weighted: bool = False
    whose: str = ""
    is_place: bool = False
    has_bounds: bool = False

    @property
    def target_kind(self) -> str:
        """The code of the attainment whose targets it looks at."""
        return f"{self.whose}_attainment" if self.whose else "attainment"

    @property
    def asked_facts(self) -> set[str]:
        """The names of ``credit.facts`` that are read for it."""
        if self.is_weighted:
            return {name for each in MEASURES.values() for name in each.facts}
        return set(self.facts)

    @property
    def is_plain(self) -> bool:
        """Whether it is the sum, or the number, of all events of its type."""
        return self.count in (running_amount, running_count) and not self.counts

    @property
    def event_types(self) -> tuple[str, ...]:
        """The types of the events that it looks at."""
        if self.ratio:
            return tuple(MEASURES[code].event_type for code in self.ratio)
        return (self.event_type,) if self.event_type else ()


class Part(NamedTuple):
    """One of several things that a target is put together from.

    :param measure: a code of :data:`MEASURES`
    :param goal: its own target, that of 100 %
    :param weight: percent of the whole
    :param most: percent of its goal that count at most, None: all
    :param reached: what was entered, of a measure that :attr:`Measure.is_given`
    """

    measure: str
    goal: Decimal
    weight: Decimal
    most: Decimal | None = None
    reached: Decimal = ZERO

    def weigh(self, reached: Decimal) -> Decimal:
        """Percent of the whole that ``reached`` comes to."""
        attained = HUNDRED * reached / self.goal if self.goal > ZERO else ZERO
        if self.most is not None:
            attained = min(attained, self.most)
        return self.weight * attained / HUNDRED


class Whole(NamedTuple):
    """What a weighted target is put together from.

    :param role: that the person works in; None: whichever did more
    """

    role: str | None
    parts: tuple[Part, ...]

    def goal_of(self, measure: str) -> Decimal:
        """The goal for a measure, zero where it is none of the parts."""
        return next((each.goal for each in self.parts if each.measure == measure), ZERO)


MEASURES: dict[str, Measure] = {}


def register_measure(measure: Measure):
    """Let rules, and targets if it counts, use a measure."""
    MEASURES[measure.code] = measure
    if measure.of_event:
        EVENT_MEASURES.add(measure.code)


def amount_measure(code: str, event_type: str) -> Measure:
    """The amounts of events of a type, for brackets and targets."""
    return Measure(code, "money", _counted(code), event_type, running_amount)


def count_measure(code: str, event_type: str, **options) -> Measure:
    """The number of events of a type, for brackets and targets.

    :param options: further fields of :class:`Measure`, as which events count
    """
    read = _counted(code)
    return Measure(code, "count", read, event_type, running_count, **options)


def read_measure(rule: Rule, matching: Sequence[Credit], context: Context) -> Reading:
    """The tier measure of ``rule`` over one period.

    :param matching: the employee's credits of the period that satisfy the rule, in the
        order of date and event
    """
    return MEASURES[rule.tier_measure].read(rule, matching, context)


def is_attainment(rule: Rule) -> bool:
    """Whether the brackets are in percent of a target."""
    measure = MEASURES[rule.tier_measure]
    return measure.subject is not None and not measure.is_place


def boundary_of(rule: Rule) -> str:
    """Which bracket a value exactly on a bound belongs to, ``lower`` or ``upper``."""
    return "upper" if MEASURES[rule.tier_measure].has_bounds else rule.tier_boundary


def by_subject_and_period(
    rule: Rule, credits: Iterable[Credit]
) -> dict[Hashable, list[Credit]]:
    """Credits that are measured together: of one period, and of one team or branch."""
    subject = MEASURES[rule.tier_measure].subject or (lambda credit: None)
    grouped = defaultdict(list)
    for credit in credits:
        key = subject(credit), period_key(credit, rule.tier_period)
        grouped[key].append(credit)
    return grouped


def measure_of(rule: Rule) -> Measure:
    """What the brackets count; with a target what the target counts."""
    is_of_target = MEASURES[rule.tier_measure].subject is not None
    return MEASURES[rule.target_measure if is_of_target else rule.tier_measure]


def target_of(
    rule: Rule, credit: Credit, targets: Mapping[tuple, Decimal]
) -> Decimal | None:
    """The target that ``credit`` works towards; None without one above zero.

    :param targets: by ``(subject, measure, first day, period)``. The subject is the
        employee's id, ``("team", id)`` or ``("company", id)``. The period (``month`` …)
        may be left out where no two periods start on the same day. What somebody
        entered as reached is under ``("reached", subject, measure, first day,
        period)``, the :class:`Whole` of a weighted target under ``("whole", …)``, the
        role that somebody works in under ``("role", employee)``.
    """
    first_day = period_key(credit, rule.tier_period)
    subject = MEASURES[rule.tier_measure].subject(credit)
    key = subject, rule.target_measure, first_day
    target = targets.get((*key, rule.tier_period)) or targets.get(key)
    return target if target and target > ZERO else None


def bonus_of(
    rule: Rule, credit: Credit, targets: Mapping[tuple, Decimal]
) -> Decimal | None:
    """What reaching the target that ``credit`` works towards is worth to the person.

    Of a team or branch what the person's own target of the same measure and period
    promises.

    :param targets: as of :func:`target_of`; by ``("bonus", employee, measure, first
        day, period)``
    """
    day = period_key(credit, rule.tier_period)
    key = credit.employee_id, rule.target_measure, day, rule.tier_period
    return targets.get(("bonus", *key))


def score_of(
    rule: Rule, credit: Credit, targets: Mapping[tuple, Decimal]
) -> Decimal | None:
    """The percentage that the person's score makes of what ``rule`` pays.

    :param targets: as of :func:`target_of`
    :returns: None where the person has no such target, or no score that was approved
    """
    day = period_key(credit, rule.score_period)
    key = credit.employee_id, "score", day, rule.score_period
    target, score = targets.get(key), targets.get(("reached", *key))
    if not target or score is None:
        return None
    percent = HUNDRED * score / target
    if rule.score_min is not None:
        percent = max(percent, rule.score_min)
    return percent if rule.score_max is None else min(percent, rule.score_max)


def total_of(measure: Measure, find: Callable[[str], list[Credit]]) -> Reading:
    """What a measure comes to: for brackets, for targets and where they are shown.

    :param find: the credits to look at of an event type, in the order of date and event
    """
    if measure.ratio:
        part, whole = (total_of(MEASURES[code], find).final for code in measure.ratio)
        return Reading(HUNDRED * part / whole if whole > ZERO else ZERO)
    return measure.count(
        credit
        for credit in find(measure.event_type)
        if measure.counts is None or measure.counts(credit)
    )


def running_amount(credits: Iterable[Credit]) -> Reading:
    """The sum of amounts before and after each credit."""
    steps, total = _running_sum((credit, credit.amount) for credit in credits)
    return Reading(total, steps, in_money=True)


def running_margin(credits: Iterable[Credit]) -> Reading:
    """The sum of margins before and after each credit."""
    steps, total = _running_sum(
        (credit, credit.facts.get("margin", ZERO) * credit.share) for credit in credits
    )
    return Reading(total, steps)


def running_quantity(credits: Iterable[Credit]) -> Reading:
    """The sum of units before and after each credit, of its own part."""
    steps, total = _running_sum(
        (credit, credit.quantity * credit.share) for credit in credits
    )
    return Reading(total, steps)


def _running_sum(
    values: Iterable[tuple[Credit, Decimal]],
) -> tuple[dict[int, tuple[Decimal, Decimal]], Decimal]:
    steps, total = {}, ZERO
    for credit, value in values:
        before, total = total, total + value
        steps[credit.id] = before, total
    return steps, total


def running_count(credits: Iterable[Credit]) -> Reading:
    """The number of events before and after each credit, see :func:`counted_as`."""
    steps_of_event, steps, count = {}, {}, ZERO
    for credit in credits:
        if credit.event_id not in steps_of_event:
            before, count = count, count + counted_as(credit)
            steps_of_event[credit.event_id] = before, count
        steps[credit.id] = steps_of_event[credit.event_id]
    return Reading(count, steps)


def sold(credit: Credit) -> Decimal | None:
    """The amount without tax behind a margin, None where it is not known."""
    return credit.facts.get("untaxed")


def is_refund(credit: Credit) -> bool:
    """Whether the event takes back what another one gave."""
    amount = sold(credit)
    if amount is not None:
        return amount < ZERO
    return credit.amount < ZERO or credit.quantity < ZERO


def sale_amount(credit: Credit, amount: Decimal) -> Decimal:
    """Of a refund the amount of the whole sale, of a sale its own ``amount``."""
    return amount if credit.sale is None else credit.sale.amount


def counted_as(credit: Credit) -> Decimal:
    """1 for a sale, -1 for the refund after which nothing of it is left, else 0."""
    if not is_refund(credit):
        return ONE
    return -ONE if takes_sale_back(credit) else ZERO


def takes_sale_back(credit: Credit) -> bool:
    """Whether a refund leaves nothing of its sale; one without known sale does so."""
    return credit.sale is None or credit.sale.is_taken_back


def is_of_sale(credit: Credit, sale: Credit | None) -> bool:
    """Whether the credit is of the same event as ``sale``, or a refund of it."""
    if sale is None:
        return False
    if credit.sale is not None:
        return credit.sale.event_id == sale.event_id
    same_deal = credit.lead_id is not None and credit.lead_id == sale.lead_id
    return credit.event_id == sale.event_id or (is_refund(credit) and same_deal)


def sales_in_order(credits: Sequence[Credit]) -> list[Credit]:
    """The credits of sales: those of which something is left, then the others.

    Where one event alone is paid, a sale that was taken back altogether is it only
    where there is no other.
    """
    taken_back = {
        credit.sale.event_id
        for credit in credits
        if credit.sale is not None and is_refund(credit) and credit.sale.is_taken_back
    }
    sales = [credit for credit in credits if not is_refund(credit)]
    return sorted(sales, key=lambda credit: credit.event_id in taken_back)


def margin_percent(credit: Credit) -> Decimal | None:
    """Margin in percent of the amount without tax; None where no cost is known."""
    margin, amount = credit.facts.get("margin"), sold(credit)
    return HUNDRED * margin / amount if margin is not None and amount else None


def days_to_collect(credit: Credit, start: str = "invoice") -> Decimal | None:
    """Days from the invoice (or its due date) to the money, None without money."""
    days = credit.facts.get(f"{start}_days")
    return None if days is None else max(Decimal(days), ZERO)


def _matching_amount(rule: Rule, matching, context: Context) -> Reading:
    return running_amount(matching)


def _counted(measure: str) -> Callable[[Rule, Sequence[Credit], Context], Reading]:
    """Events or amounts of the measure's own event type.

    Of the rule's own event type those that satisfy the rule; otherwise all of the
    employee in the same role.
    """

    def read(rule: Rule, matching: Sequence[Credit], context: Context) -> Reading:
        wanted = MEASURES[measure]
        if wanted.event_type == rule.event_type:
            reading = total_of(wanted, lambda event_type: matching)
            return Reading(reading.final) if wanted.counts else reading
        return Reading(_read_of_role(wanted, rule, matching[0], context).final)

    return read


def _rate(measure: str) -> Callable[[Rule, Sequence[Credit], Context], Reading]:
    """One number of events in percent of another in the same role, 0 without any."""

    def read(rule: Rule, matching: Sequence[Credit], context: Context) -> Reading:
        return _read_of_role(MEASURES[measure], rule, matching[0], context)

    return read


def _read_of_role(
    measure: Measure, rule: Rule, credit: Credit, context: Context
) -> Reading:
    """A measure over what the employee of ``credit`` has in the same role and period."""
    return total_of(
        measure, lambda event_type: _of_role(rule, credit, context, event_type)
    )


def _weigh(rule: Rule, credit: Credit, context: Context) -> Decimal:
    """What the parts of a weighted target come to, in percent of the whole."""
    measure = MEASURES[rule.tier_measure]
    subject, day = measure.subject(credit), period_key(credit, rule.tier_period)
    key = "whole", subject, rule.target_measure, day, rule.tier_period
    whole = context.targets.get(key)
    if whole is None:
        return ZERO
    total = ZERO
    for part in whole.parts:
        target = MEASURES[part.measure]
        reached = part.reached
        if not target.is_given:
            reached = _settled(target, rule, credit, context, whole.role)
        total += part.weigh(reached)
    return total


def _settled(
    target: Measure, rule: Rule, credit: Credit, context: Context, role: str | None
) -> Decimal:
    """What a target counts at the end of its period.

    :param role: that the person works in, where the rule pays on settled targets; None:
        whichever did more
    """
    roles = [rule.role]
    if is_on_score(rule) and rule.tier_measure == "attainment":
        roles = [role] if role else context.roles_of(credit.employee_id)
    return max(
        (_result(target, rule, credit, context, each).final for each in roles),
        default=ZERO,
    )


def _result(
    target: Measure, rule: Rule, credit: Credit, context: Context, role: str
) -> Reading:
    """What a target counts: of an employee in a role, of a team or branch its sales."""
    measure = MEASURES[rule.tier_measure]
    if measure.code == "attainment":
        return total_of(
            target,
            lambda kind: context.of_period(credit, kind, role, rule.tier_period),
        )
    return total_of(
        target,
        lambda kind: context.of_subject(
            measure.subject, credit, kind, rule.tier_period
        ),
    )


def _achieved(rule: Rule, matching: Sequence[Credit], context: Context) -> Reading:
    """What the target counts, whatever the conditions of the rule.

    Of the employee in the same role; of a team or branch all its sales.
    """
    measure, target = MEASURES[rule.tier_measure], MEASURES[rule.target_measure]
    first = matching[0]
    if target.is_weighted:
        return Reading(_weigh(rule, first, context))
    if target.is_given:
        day = period_key(first, rule.tier_period)
        key = measure.subject(first), target.code, day, rule.tier_period
        return Reading(context.targets.get(("reached", *key), ZERO))
    if is_on_score(rule):
        role = context.targets.get(("role", first.employee_id))
        return Reading(_settled(target, rule, first, context, role))
    achieved = _result(target, rule, first, context, rule.role)
    if target.event_type == rule.event_type and all(
        credit.id in achieved.steps for credit in matching
    ):
        return achieved
    if not achieved.in_money:
        return Reading(achieved.final)
    return Reading(achieved.final, running_amount(matching).steps, in_money=True)


def _placed(rule: Rule, matching: Sequence[Credit], context: Context) -> Reading:
    """Which one somebody is in the team or branch; those with as much share a place.

    Whoever has nothing, or less, has no place.
    """
    counted, first = MEASURES[rule.target_measure], matching[0]
    subject = MEASURES[rule.tier_measure].subject
    credits_of = defaultdict(lambda: defaultdict(list))
    for kind in set(counted.event_types):
        for credit in context.of_subject(subject, first, kind, rule.tier_period):
            credits_of[credit.employee_id][kind].append(credit)
    results = {
        employee_id: total_of(counted, lambda kind, found=found: found[kind]).final
        for employee_id, found in credits_of.items()
    }
    own = results.get(first.employee_id, ZERO)
    better = sum(result > own for result in results.values())
    return Reading(ONE + better if own > ZERO else ZERO)


def _given(rule: Rule, matching: Sequence[Credit], context: Context) -> Reading:
    """What was entered counts towards targets only."""
    return Reading(ZERO)


def _average(
    of_event: Callable[[Credit], Decimal | None], weight
) -> Callable[[Iterable[Credit]], Reading]:
    """A measure of single events over a period: their weighted average."""

    def count(credits: Iterable[Credit]) -> Reading:
        known = [
            (of_event(credit), weight(credit))
            for credit in credits
            if of_event(credit) is not None
        ]
        whole = sum((part for _value, part in known), ZERO)
        weighted = sum((value * part for value, part in known), ZERO)
        return Reading(weighted / whole if whole else ZERO, is_average=True)

    return count


def _averaged(
    code: str,
    unit: str,
    event_type: str,
    of_event: Callable[[Credit], Decimal | None],
    weight: Callable[[Credit], Decimal],
    facts: tuple[str, ...],
    has_bounds: bool = False,
) -> Measure:
    """A measure of single events, of whatever events a rule pays on."""
    count = _average(of_event, weight)
    return Measure(
        code,
        unit,
        lambda rule, matching, context: count(matching),
        event_type,
        count,
        of_event=of_event,
        facts=facts,
        has_bounds=has_bounds,
    )


def _team_of(credit: Credit) -> Hashable:
    return "team", credit.team_id


def _branch_of(credit: Credit) -> Hashable:
    return "company", credit.company_id


def _of_role(
    rule: Rule, credit: Credit, context: Context, event_type: str
) -> list[Credit]:
    return context.of_period(credit, event_type, rule.role, rule.tier_period)


for _measure in (
    Measure(
        "amount",
        "money",
        _matching_amount,
        of_event=lambda credit: abs(sale_amount(credit, credit.amount)),
    ),
    Measure("cumulative", "money", _matching_amount),
    amount_measure("won_amount", "deal_won"),
    count_measure("won_count", "deal_won"),
    count_measure("qualified_count", "lead_qualified"),
    amount_measure("invoiced", "invoice_posted"),
    amount_measure("collected", "payment_received"),
    Measure(
        "margin",
        "money",
        _counted("margin"),
        "invoice_posted",
        running_margin,
        facts=("untaxed", "margin"),
    ),
    Measure(
        "quantity",
        "count",
        _counted("quantity"),
        "invoice_posted",
        running_quantity,
    ),
    count_measure(
        "referral_count",
        "deal_won",
        counts=lambda credit: credit.commission_source == "referral",
    ),
    count_measure(
        "repeat_count",
        "deal_won",
        facts=("is_repeat",),
        counts=lambda credit: bool(credit.facts.get("is_repeat")),
    ),
    count_measure(
        "joint_count",
        "deal_won",
        counts=lambda credit: credit.share < ONE,
    ),
    Measure(
        "conversion_rate",
        "percent",
        _rate("conversion_rate"),
        ratio=("won_count", "qualified_count"),
    ),
    Measure(
        "referral_rate",
        "percent",
        _rate("referral_rate"),
        ratio=("referral_count", "won_count"),
    ),
    Measure(
        "repeat_rate",
        "percent",
        _rate("repeat_rate"),
        ratio=("repeat_count", "won_count"),
        facts=("is_repeat",),
    ),
    Measure("score", "count", _given, is_given=True),
    Measure("weighted", "percent", _given, is_weighted=True),
    _averaged(
        "days_to_sign",
        "days",
        "deal_won",
        lambda credit: credit.facts.get("lead_days"),
        lambda credit: credit.share,
        ("lead_days",),
    ),
    _averaged(
        "margin_percent",
        "percent",
        "invoice_posted",
        margin_percent,
        lambda credit: (sold(credit) or ZERO) * credit.share,
        ("untaxed", "margin"),
    ),
    _averaged(
        "days_to_collect",
        "days",
        "payment_received",
        days_to_collect,
        lambda credit: abs(credit.amount),
        ("invoice_days",),
    ),
    _averaged(
        "days_overdue",
        "days",
        "payment_received",
        lambda credit: days_to_collect(credit, "due"),
        lambda credit: abs(credit.amount),
        ("due_days",),
    ),
    _averaged(
        "terms_days",
        "days",
        "invoice_posted",
        lambda credit: credit.facts.get("terms_days"),
        lambda credit: abs(credit.amount),
        ("terms_days",),
    ),
    _averaged(
        "customer_months",
        "months",
        "deal_won",
        lambda credit: credit.facts.get("customer_months", ZERO),
        lambda credit: credit.share,
        ("customer_months",),
        has_bounds=True,
    ),
    _averaged(
        "tenure_months",
        "months",
        "deal_won",
        lambda credit: credit.facts.get("tenure_months"),
        lambda credit: credit.share,
        ("tenure_months",),
        has_bounds=True,
    ),
    Measure(
        "attainment", "percent", _achieved, subject=lambda credit: credit.employee_id
    ),
    Measure(
        "team_attainment",
        "percent",
        _achieved,
        subject=_team_of,
        whose="team",
    ),
    Measure(
        "branch_attainment",
        "percent",
        _achieved,
        subject=_branch_of,
        whose="branch",
    ),
    Measure(
        "team_place",
        "count",
        _placed,
        subject=_team_of,
        whose="team",
        is_place=True,
        has_bounds=True,
    ),
    Measure(
        "branch_place",
        "count",
        _placed,
        subject=_branch_of,
        whose="branch",
        is_place=True,
        has_bounds=True,
    ),
):
    register_measure(_measure)
