# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The credits a computation knows, arranged for the questions rules ask of them."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from .clawback import counts, kept_under, never_was
from .facts import ONE, ZERO, Credit, Plan, Rule
from .periods import period_start

NO_TARGETS: Mapping[tuple, Decimal] = MappingProxyType({})


class Context:
    """All credits that a computation may look at.

    Arranged on first use only: plain rules look at nothing but their own credit.

    :param has_traces: whether it is noted how amounts come about
    """

    def __init__(
        self,
        credits: Sequence[Credit],
        plans: Mapping[int, Plan],
        targets: Mapping[tuple, Decimal] = NO_TARGETS,
        has_traces: bool = True,
    ):
        self.targets = targets
        self.has_traces = has_traces
        self._credits = credits
        self._plans = plans
        self._in_period = {}
        self._conforming = {}
        self._valued = {}

    def valued_in(self, currency: int | None) -> "Context":
        """The same, as plans in a currency look at it: see :func:`valued_in`."""
        if currency not in self._valued:
            is_other = any(currency in credit.worth for credit in self._credits)
            self._valued[currency] = self._convert(currency) if is_other else self
        return self._valued[currency]

    def _convert(self, currency: int) -> "Context":
        credits = [valued_in(currency, credit) for credit in self._credits]
        return Context(credits, self._plans, self.targets, self.has_traces)

    def kept(self, credit: Credit) -> Decimal:
        """The part of its pay that a reversed credit keeps, 0 to 1."""
        plan = self._plans.get(credit.plan_id)
        return kept_under(plan, credit.date, credit.reversed_on)

    def counts(self, credit: Credit) -> bool:
        """Whether the credit counts in measures, see :func:`clawback.counts`."""
        plan = self._plans.get(credit.plan_id)
        return counts(plan, credit.share, credit.date, credit.reversed_on)

    def sharers(self, credit: Credit) -> list[Credit]:
        """Everybody with the same part in the same event, this credit included.

        In the order of employees (:func:`sharer_order`), whichever of them are new.
        """
        return self._sharers[credit.event_id, credit.role, credit.manager_level]

    def of_event(self, credit: Credit) -> list[Credit]:
        """All credits of the same event, of whatever role."""
        return self._of_event[credit.event_id]

    def event_amount(self, credit: Credit) -> Decimal:
        """Amount of the whole event, of which the credit may be a part."""
        if credit.share == ONE:
            return credit.amount
        if credit.event_amount is not None:
            return credit.event_amount
        return sum((sharer.amount for sharer in self.sharers(credit)), ZERO)

    def whole(self, credit: Credit) -> Credit:
        """The credit as if nobody shared the event with this person."""
        if credit.share == ONE:
            return credit
        return replace(credit, amount=self.event_amount(credit), share=ONE)

    def of_employee(self, employee_id: int, event_type: str, role: str) -> list[Credit]:
        """Counting credits of an employee in the order of date, event and id."""
        return self._of_employee.get((employee_id, event_type, role), [])

    def of_period(
        self, credit: Credit, event_type: str, role: str, period: str
    ) -> list[Credit]:
        """Those of :meth:`of_employee` in the same period as ``credit``."""
        key = (credit.employee_id, event_type, role, period)
        if key not in self._in_period:
            everything = self.of_employee(credit.employee_id, event_type, role)
            self._in_period[key] = by_period(everything, period)
        return self._in_period[key].get(period_key(credit, period), [])

    def of_subject(
        self,
        subject: Callable[[Credit], Hashable],
        credit: Credit,
        event_type: str,
        period: str,
    ) -> list[Credit]:
        """Counting credits of sales in the period of ``credit``, of its team or branch.

        :param subject: whose a credit is
        """
        wanted = subject(credit), period_key(credit, period)
        return [
            each
            for each in self._counting_sales
            if each.event_type == event_type
            and (subject(each), period_key(each, period)) == wanted
        ]

    def of_person(self, employee_id: int) -> list[Credit]:
        """All credits of an employee, in the order of date, event and id."""
        return self._of_person.get(employee_id, [])

    def roles_of(self, employee_id: int) -> list[str]:
        """The roles in which somebody has credits, managers' levels apart."""
        return sorted(
            {
                credit.role
                for credit in self.of_person(employee_id)
                if not credit.manager_level
            }
        )

    def conforming(
        self, rule: Rule, employee_id: int, find: Callable[[list[Credit]], list[Credit]]
    ) -> list[Credit]:
        """What ``find`` chooses of the credits a rule may pay an employee for.

        Found once for each rule and employee.
        """
        key = rule.id, rule.event_type, employee_id
        if key not in self._conforming:
            self._conforming[key] = find(self._candidates(rule, employee_id))
        return self._conforming[key]

    def _candidates(self, rule: Rule, employee_id: int) -> list[Credit]:
        """The credits of the rule's kind that count for it, see :attr:`Rule.is_final`."""
        if rule.is_final:
            return _of_kind(rule, self.of_person(employee_id))
        return self.of_employee(employee_id, rule.event_type, rule.role)

    @cached_property
    def _sharers(self) -> dict[tuple, list[Credit]]:
        sharers = defaultdict(list)
        for credit in sorted(self._credits, key=sharer_order):
            sharers[credit.event_id, credit.role, credit.manager_level].append(credit)
        return sharers

    @cached_property
    def _of_event(self) -> dict[int, list[Credit]]:
        grouped = defaultdict(list)
        for credit in sorted(self._credits, key=_chronology):
            grouped[credit.event_id].append(credit)
        return grouped

    @cached_property
    def _of_person(self) -> dict[int, list[Credit]]:
        grouped = defaultdict(list)
        for credit in sorted(self._credits, key=_chronology):
            grouped[credit.employee_id].append(credit)
        return grouped

    @cached_property
    def _counting_sales(self) -> list[Credit]:
        return [
            credit
            for credit in sorted(self._credits, key=_chronology)
            if credit.role == "sales" and self.counts(credit)
        ]

    @cached_property
    def _of_employee(self) -> dict[tuple, list[Credit]]:
        grouped = defaultdict(list)
        for credit in sorted(self._credits, key=_chronology):
            if self.counts(credit):
                key = (credit.employee_id, credit.event_type, credit.role)
                grouped[key].append(credit)
        return grouped


class LaterContext(Context):
    """What a computation knows of a later event, and of everything before it.

    Arranging what happened before is left to ``history``, which many later events can
    share.

    :param credits: all credits of the later event
    """

    def __init__(self, history: Context, credits: Sequence[Credit]):
        super().__init__(credits, history._plans, history.targets)
        self._history = history

    def valued_in(self, currency: int | None) -> Context:
        history = self._history.valued_in(currency)
        if history is self._history:
            return super().valued_in(currency)
        return self._convert(currency)

    def _convert(self, currency: int) -> Context:
        credits = [valued_in(currency, credit) for credit in self._credits]
        return LaterContext(self._history.valued_in(currency), credits)

    def sharers(self, credit: Credit) -> list[Credit]:
        """As of :class:`Context`; of an event all are later, or none."""
        key = credit.event_id, credit.role, credit.manager_level
        return self._sharers.get(key) or self._history.sharers(credit)

    def of_employee(self, employee_id: int, event_type: str, role: str) -> list[Credit]:
        """As of :class:`Context`: those of before, then the later ones."""
        before = self._history.of_employee(employee_id, event_type, role)
        return before + self._later(employee_id, event_type, role)

    def of_period(
        self, credit: Credit, event_type: str, role: str, period: str
    ) -> list[Credit]:
        """As of :class:`Context`: those of before, then the later ones."""
        key = period_key(credit, period)
        return self._history.of_period(credit, event_type, role, period) + [
            later
            for later in self._later(credit.employee_id, event_type, role)
            if period_key(later, period) == key
        ]

    def of_subject(
        self,
        subject: Callable[[Credit], Hashable],
        credit: Credit,
        event_type: str,
        period: str,
    ) -> list[Credit]:
        """As of :class:`Context`: those of before, then the later ones."""
        key = subject, credit
        return self._history.of_subject(*key, event_type, period) + super().of_subject(
            *key, event_type, period
        )

    def of_person(self, employee_id: int) -> list[Credit]:
        """As of :class:`Context`: those of before, then the later ones."""
        return self._history.of_person(employee_id) + super().of_person(employee_id)

    def conforming(
        self, rule: Rule, employee_id: int, find: Callable[[list[Credit]], list[Credit]]
    ) -> list[Credit]:
        """As of :class:`Context`: those of before were found once, later ones are now."""
        later = self._candidates(rule, employee_id)
        return self._history.conforming(rule, employee_id, find) + find(later)

    def _candidates(self, rule: Rule, employee_id: int) -> list[Credit]:
        if rule.is_final:
            return _of_kind(rule, self._of_person.get(employee_id, []))
        return self._later(employee_id, rule.event_type, rule.role)

    def _later(self, employee_id: int, event_type: str, role: str) -> list[Credit]:
        return self._of_employee.get((employee_id, event_type, role), [])


def valued_in(currency: int | None, credit: Credit) -> Credit:
    """The credit in the money of plans in a currency, at the rate of its day."""
    worth = credit.worth.get(currency)
    if worth is None:
        return credit
    names = ("amount", "preceding", "event_amount", "event_preceding")
    amounts = {name: getattr(credit, name) for name in names}
    return replace(
        credit,
        **{
            name: amount * worth
            for name, amount in amounts.items()
            if amount is not None
        },
    )


def _of_kind(rule: Rule, credits: Iterable[Credit]) -> list[Credit]:
    """Those of the rule's event and role, undone or not."""
    kind = rule.event_type, rule.role
    return [
        credit
        for credit in credits
        if credit.share
        and (credit.event_type, credit.role) == kind
        and not never_was(credit.date, credit.reversed_on)
    ]


def by_period(credits: Iterable[Credit], period: str) -> dict[Hashable, list[Credit]]:
    """Credits by :func:`period_key`, in the order given."""
    grouped = defaultdict(list)
    for credit in credits:
        grouped[period_key(credit, period)].append(credit)
    return grouped


def period_key(credit: Credit, period: str) -> Hashable:
    """Same for credits of one period: its first day; the event for ``event``."""
    if period == "event":
        return credit.event_id
    return period_start(credit.date, period, credit.year_start)


def sharer_order(part: Credit) -> int:
    """The order of those who share an event: it decides who gets an odd cent.

    One order for whatever is shared, here and where amounts are split into credits.
    """
    return part.employee_id


def _chronology(credit: Credit) -> tuple:
    return credit.date, credit.event_id, credit.manager_level, credit.id
