# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What several plans pay for the same events: sums, and what makes the differences.

Pure: takes what :func:`compute.compute` returns, gives sums to show.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from .facts import ZERO, Award, Rule

TENTH = Decimal("0.1")


class DetailKey(NamedTuple):
    """What amounts are summed by. Months are first days."""

    employee_id: int
    company_id: int
    role: str
    commission_source: str | None
    event_type: str
    rule_id: int
    kind: str
    deal_company_id: int
    month: object
    month_due: object


#: one person's part in one event: event, employee, role, level of the manager
PartKey = tuple[int, int, str, int]


class ReasonKey(NamedTuple):
    """Events that one plan pays in the same way, and the other in another."""

    employee_id: int
    company_id: int
    event_type: str
    role: str
    commission_source: str | None
    before: tuple
    after: tuple


@dataclass(slots=True)
class Sum:
    """An amount, what it is a part of, and of how many awards."""

    amount: Decimal = ZERO
    base: Decimal = ZERO
    count: int = 0

    def merge(self, other: "Sum"):
        """Add another sum."""
        self.amount += other.amount
        self.base += other.base
        self.count += other.count


@dataclass(slots=True)
class Reason:
    """How much one way of paying instead of another makes.

    :param least, most: the smallest and the largest amount of these events
    """

    difference: Decimal = ZERO
    count: int = 0
    least: Decimal | None = None
    most: Decimal | None = None

    def add(self, difference: Decimal, base: Decimal):
        """Count one more event."""
        self.difference += difference
        self.count += 1
        self._span(base, base)

    def merge(self, other: "Reason"):
        """Count the events of another one as well."""
        self.difference += other.difference
        self.count += other.count
        self._span(other.least, other.most)

    def _span(self, least: Decimal, most: Decimal):
        self.least = least if self.least is None else min(self.least, least)
        self.most = most if self.most is None else max(self.most, most)


@dataclass(slots=True)
class Part:
    """What a plan pays one person for one event, and how.

    :param rates: the rules that pay, each with the rate it came to
    """

    company_id: int
    event_type: str
    commission_source: str | None
    base: Decimal
    amount: Decimal = ZERO
    rates: list[tuple[Rule, Decimal]] = field(default_factory=list)

    @property
    def label(self) -> tuple:
        """How it is paid, the same for what is paid in the same way."""
        return tuple(sorted(rate_label(rule, rate) for rule, rate in self.rates))


def rate_label(rule: Rule, rate: Decimal) -> tuple[int, str, str]:
    """How a rule paid: the rule, percent or money, and the rate it came to.

    Percentages to one decimal, so that those of brackets form few groups.
    """
    if rule.amount_type != "percent":
        return (rule.id, rule.amount_type, str(rate.normalize()))
    return (rule.id, "percent", str(rate.quantize(TENTH)))


class Tally:
    """Sums of one plan beside those of what it is compared with."""

    def __init__(self):
        self.details: dict[DetailKey, Sum] = {}
        self.reasons = defaultdict(Reason)
        self.counts = Counter()

    def add(self, key: tuple, award: Award):
        """Count an award in the sums.

        :param key: what a :class:`DetailKey` holds; most are known already
        """
        total = self.details.get(key)
        if total is None:
            total = self.details[DetailKey._make(key)] = Sum()
        total.amount += award.amount
        total.base += award.base
        total.count += 1

    def merge(self, other: "Tally"):
        """Add what was counted apart."""
        for key, total in other.details.items():
            self.details.setdefault(key, Sum()).merge(total)
        for key, reason in other.reasons.items():
            self.reasons[key].merge(reason)
        self.counts.update(other.counts)

    def compare(self, before: dict[PartKey, Part], after: dict[PartKey, Part]):
        """Count what makes the difference between two plans, event by event."""
        for key in before.keys() | after.keys():
            old, new = before.get(key), after.get(key)
            some = new or old
            difference = (new.amount if new else ZERO) - (old.amount if old else ZERO)
            if not difference:
                continue
            _event_id, employee_id, role, _level = key
            reason = ReasonKey(
                employee_id,
                some.company_id,
                some.event_type,
                role,
                some.commission_source,
                old.label if old else (),
                new.label if new else (),
            )
            self.reasons[reason].add(difference, some.base)

    def amounts_by_person(self) -> dict[tuple[int, int], Decimal]:
        """The sum of every (employee, company)."""
        sums = defaultdict(lambda: ZERO)
        for key, total in self.details.items():
            sums[key.employee_id, key.company_id] += total.amount
        return sums

    def amounts_by_month(self) -> dict[tuple[int, int], dict]:
        """What each (employee, company) earned in each month that pays anything."""
        sums = defaultdict(lambda: defaultdict(lambda: ZERO))
        for key, total in self.details.items():
            sums[key.employee_id, key.company_id][key.month] += total.amount
        return sums

    def biggest_reasons(self, count: int) -> dict[tuple[int, int], list]:
        """The reasons of each (employee, company) that make the most, with their keys."""
        found = defaultdict(list)
        for key, reason in self.reasons.items():
            found[key.employee_id, key.company_id].append((key, reason))
        return {person: biggest(reasons, count) for person, reasons in found.items()}


def biggest(reasons: Iterable[tuple[ReasonKey, Reason]], count: int) -> list:
    """Those reasons that make the largest differences, largest first."""
    return sorted(reasons, key=lambda pair: (-abs(pair[1].difference), pair[0][2:5]))[
        :count
    ]
