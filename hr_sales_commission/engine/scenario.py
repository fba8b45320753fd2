# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Made-up volumes under a plan: what each role would earn, and how widely it varies.

Pure. Every case is a list of credits that :func:`compute.compute` pays, so whatever a
rule can do holds here too. The expected case has no chance in it; random cases come
from a seed, so the same seed gives the same figures.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from statistics import NormalDist

from .compute import compute
from .facts import CENT, HUNDRED, ONE, ZERO, Credit, Plan
from .rounding import allot, round_half_up

MILLION = 1_000_000
#: where the ids of salespeople and managers begin; marketers begin at 1
FIRST_SELLER, FIRST_MANAGER = 100_001, 200_001
#: events of a made-up deal; other event types of a plan happen with the win
LEAD, WIN = "lead_qualified", "deal_won"


@dataclass(frozen=True, slots=True)
class Volume:
    """What one source brings in a month.

    :param leads: number a month
    :param qualified_rate, conversion: percent of the leads that qualify, and of those
        that are won
    :param size: average amount of a deal
    :param spread: standard deviation of the amount in percent of the average; amounts
        are log-normal
    :param hours: working hours of a salesperson for each qualified lead
    """

    source: str
    leads: Decimal
    qualified_rate: Decimal
    conversion: Decimal
    size: Decimal
    spread: Decimal = ZERO
    hours: Decimal = ONE

    def scaled(self, volume: Decimal, conversion: Decimal, size: Decimal) -> "Volume":
        """With leads, conversion and size in percent of what they are."""
        return replace(
            self,
            leads=self.leads * volume / HUNDRED,
            conversion=min(self.conversion * conversion / HUNDRED, HUNDRED),
            size=self.size * size / HUNDRED,
        )

    def whole_numbers(self, months: int) -> tuple[int, int]:
        """Qualified leads and won deals of the expected case, in whole numbers."""
        qualified = self.leads * months * self.qualified_rate / HUNDRED
        won = qualified * self.conversion / HUNDRED
        return _whole(qualified), _whole(won)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Volumes of all sources, and the people who share them.

    :param start: first day; months are calendar months from it
    """

    volumes: tuple[Volume, ...]
    months: int
    marketers: int
    sellers: int
    start: date
    rounding: Decimal = CENT

    @property
    def days(self) -> int:
        """How many days the months have."""
        return (_add_months(self.start, self.months) - self.start).days


@dataclass(frozen=True, slots=True)
class Deal:
    """A qualified lead, won or not.

    :param amount: what it is won for, None if it is not
    """

    source: str
    day: date
    marketer: int
    seller: int
    amount: Decimal | None


@dataclass(slots=True)
class Pay:
    """What a case pays.

    :param signed: amount of the won deals
    """

    by_role: dict[str, Decimal]
    by_person: dict[tuple[str, int], Decimal]
    by_rule: dict[int, Decimal]
    by_source: dict[tuple[str, str], Decimal]
    signed: Decimal

    @property
    def total(self) -> Decimal:
        """What everybody is paid together."""
        return sum(self.by_role.values(), ZERO)


def expected_deals(scenario: Scenario) -> list[Deal]:
    """The case in which everything comes as it does on average.

    Numbers are rounded to whole leads and deals; the deals of a source have the sizes
    that divide its distribution evenly, and the average size together; people take
    turns; days are spread evenly.
    """
    deals = []
    for volume in scenario.volumes:
        qualified, won = volume.whole_numbers(scenario.months)
        winners = [number * qualified // won for number in range(won)]
        sizes = dict(zip(winners, _even_sizes(volume, won, scenario.rounding)))
        deals += [
            Deal(
                volume.source,
                scenario.start + timedelta(days=number * scenario.days // qualified),
                1 + number % max(scenario.marketers, 1),
                FIRST_SELLER + number % max(scenario.sellers, 1),
                sizes.get(number),
            )
            for number in range(qualified)
        ]
    return deals


def _even_sizes(volume: Volume, count: int, rounding: Decimal) -> list[Decimal]:
    """So many sizes from small to large, mixed, that sum to as many averages."""
    if not count:
        return []
    if not volume.spread or volume.size <= 0:
        return [round_half_up(volume.size, rounding)] * count
    deviation = _deviation(volume)
    weights = [
        Decimal(repr(math.exp(deviation * NormalDist().inv_cdf(place))))
        for place in ((2 * number + 1) / (2 * count) for number in range(count))
    ]
    Random(count).shuffle(weights)
    return allot(volume.size * count, weights, rounding)


def _deviation(volume: Volume):
    """Standard deviation of the logarithm of the amounts."""
    return math.sqrt((ONE + (volume.spread / HUNDRED) ** 2).ln())


def random_deals(scenario: Scenario, random: Random) -> list[Deal]:
    """A case by chance: each lead qualifies and is won with its own luck."""
    deals = []
    for volume in scenario.volumes:
        draw_size = _size_drawer(volume, scenario.rounding, random)
        leads = _whole(volume.leads * scenario.months)
        for _number in range(leads):
            if not _happens(volume.qualified_rate, random):
                continue
            deals.append(
                Deal(
                    volume.source,
                    scenario.start + timedelta(days=random.randrange(scenario.days)),
                    1 + random.randrange(max(scenario.marketers, 1)),
                    FIRST_SELLER + random.randrange(max(scenario.sellers, 1)),
                    draw_size() if _happens(volume.conversion, random) else None,
                )
            )
    return deals


def _happens(percent: Decimal, random: Random) -> bool:
    return random.randrange(MILLION) < percent * MILLION / HUNDRED


def _size_drawer(
    volume: Volume, rounding: Decimal, random: Random
) -> Callable[[], Decimal]:
    if not volume.spread or volume.size <= 0:
        return lambda: round_half_up(volume.size, rounding)
    deviation = _deviation(volume)
    mean = math.log(volume.size) - deviation * deviation / 2
    return lambda: round_half_up(
        Decimal(repr(random.lognormvariate(mean, deviation))), rounding
    )


def credits_of(deals: Sequence[Deal], plan: Plan, rounding: Decimal) -> list[Credit]:
    """The credits of deals, for everybody whom the plan has rules for.

    What a plan pays on orders, invoices or payments happens with the win, in full.
    """
    levels = sorted(
        {rule.manager_level for rule in plan.rules if rule.role == "manager"}
    )
    kinds = sorted({rule.event_type for rule in plan.rules} | {LEAD, WIN})
    credits = []
    for number, deal in enumerate(deals, start=1):
        for position, kind in enumerate(kinds):
            if kind != LEAD and deal.amount is None:
                continue
            event_id = number * len(kinds) + position
            people = [("sales", deal.seller, 0)]
            if deal.source != "own":
                people.append(("marketing", deal.marketer, 0))
            people += [("manager", FIRST_MANAGER + level, level) for level in levels]
            first = len(credits) + 1
            credits += [
                Credit(
                    id=first + offset,
                    event_id=event_id,
                    event_type=kind,
                    date=deal.day,
                    employee_id=person,
                    role=role,
                    plan_id=plan.id,
                    amount=ZERO if kind == LEAD else deal.amount,
                    manager_level=level,
                    lead_id=number,
                    commission_source=deal.source,
                    rounding=rounding,
                    below=_below(people, level, kind, first) if level else (),
                )
                for offset, (role, person, level) in enumerate(people)
            ]
    return credits


def _below(
    people: Sequence[tuple[str, int, int]], level: int, kind: str, first: int
) -> tuple[int, ...]:
    """The credits of an event that a manager is above.

    :param people: role, person and level of each credit
    :param first: id of the first of these credits
    """
    managed = "marketing" if kind == LEAD else "sales"
    return tuple(
        number
        for number, (role, _person, other) in enumerate(people, start=first)
        if 0 < other < level or role == managed
    )


def open_to_all(plan: Plan) -> Plan:
    """The plan with conditions on leads, people and branches taken as satisfied."""
    return replace(
        plan,
        rules=tuple(
            replace(rule, lead_ids=None, employee_ids=None, company_ids=None)
            for rule in plan.rules
        ),
    )


def pay(deals: Sequence[Deal], plan: Plan, rounding: Decimal = CENT) -> Pay:
    """What deals pay under a plan, by the exact engine.

    Brackets by the attainment of a target find no target and pay nothing.
    """
    credits = credits_of(deals, plan, rounding)
    part_of = {credit.id: credit for credit in credits}
    by_role, by_person = defaultdict(lambda: ZERO), defaultdict(lambda: ZERO)
    by_rule, by_source = defaultdict(lambda: ZERO), defaultdict(lambda: ZERO)
    for credit in credits:
        by_person[credit.role, credit.employee_id] += ZERO
        by_role[credit.role] += ZERO
    for award in compute(credits, {plan.id: plan}).awards:
        credit = part_of[award.credit_id]
        by_role[credit.role] += award.amount
        by_person[credit.role, award.employee_id] += award.amount
        by_rule[award.rule_id] += award.amount
        by_source[credit.role, credit.commission_source] += award.amount
    signed = sum((deal.amount for deal in deals if deal.amount is not None), ZERO)
    return Pay(by_role, by_person, by_rule, by_source, signed)


def distribution(
    scenario: Scenario, plan: Plan, runs: int, seed: int
) -> dict[str, list[Decimal]]:
    """The pay of each role in random cases, smallest first; ``""`` is everybody."""
    random = Random(seed)
    found = defaultdict(list)
    for _run in range(runs):
        paid = pay(random_deals(scenario, random), plan, scenario.rounding)
        found[""].append(paid.total)
        for role in ("marketing", "sales", "manager"):
            found[role].append(paid.by_role.get(role, ZERO))
    return {role: sorted(values) for role, values in found.items()}


def percentile(values: Sequence[Decimal], percent: int) -> Decimal:
    """The value below which ``percent`` of sorted values lie, in a straight line
    between the two nearest; zero without values.
    """
    if not values:
        return ZERO
    position = Decimal(percent) * (len(values) - 1) / HUNDRED
    lower = int(position)
    upper = min(lower + 1, len(values) - 1)
    return values[lower] + (values[upper] - values[lower]) * (position - lower)


def worth_of_lead(
    scenario: Scenario, plan: Plan, source: str, per_hour: bool = False
) -> Decimal:
    """What one qualified lead of a source brings a salesperson on average.

    :param per_hour: divided by the hours such a lead takes
    """
    paid = pay(expected_deals(scenario), plan, scenario.rounding)
    count = ZERO
    for volume in scenario.volumes:
        if volume.source == source:
            qualified, _won = volume.whole_numbers(scenario.months)
            count += qualified * (volume.hours if per_hour else ONE)
    return paid.by_source["sales", source] / count if count else ZERO


def _whole(number: Decimal) -> int:
    return int(number.quantize(ONE, ROUND_HALF_UP))


def _add_months(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)
