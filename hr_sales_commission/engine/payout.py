# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""When an award is due."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .facts import CALENDAR_YEAR, Credit, YearStart
from .periods import ONE_DAY, period_of

AddWorkingDays = Callable[[date, int], date]
PayoutTerm = Callable[[date, int, AddWorkingDays], date]


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _next_month_end(day: date) -> date:
    return _month_end(_month_end(day) + ONE_DAY)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month; the last one where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


PAYOUTS: dict[str, PayoutTerm] = {
    "immediate": lambda day, days, add_working_days: day,
    "days": lambda day, days, add_working_days: day + timedelta(days=days),
    "months": lambda day, months, add_working_days: _months_later(day, months),
    "month_end": lambda day, days, add_working_days: (
        _month_end(day) + timedelta(days=days)
    ),
    "after_next_month": lambda day, days, add_working_days: (
        _next_month_end(day) + timedelta(days=days)
    ),
    "after_quarter": lambda day, days, add_working_days: day + timedelta(days=days),
    "working_days": lambda day, days, add_working_days: add_working_days(day, days),
    "working_days_after_month": lambda day, days, add_working_days: add_working_days(
        _month_end(day), days
    ),
}
"""When something is due, by the code of the terms; addons add theirs."""
#: terms that count from the end of a period of the company's year
PERIOD_OF_TERMS = {"after_quarter": "quarter"}


def register_payout(method: str, term: PayoutTerm, period: str | None = None):
    """Let plans and rules use further payout terms.

    :param method: a code that the addon adds to ``hr.commission.plan.payout`` and
        ``hr.commission.rule.payout``
    :param term: ``(day of the event, days of the terms, add_working_days)`` → due date
    :param period: ``month``, ``quarter`` or ``year``: the term gets the last day of the
        one that the event is in, by the company's year, in the place of the event's day
    """
    PAYOUTS[method] = term
    if period:
        PERIOD_OF_TERMS[method] = period


def due_date(
    day: date,
    method: str,
    days: int,
    add_working_days: AddWorkingDays,
    year_start: YearStart = CALENDAR_YEAR,
) -> date:
    """The day on which an award for an event of ``day`` can be paid.

    :param method: a code of :data:`PAYOUTS`: ``immediate`` (the day itself), ``days``
        (calendar days after it), ``months`` (``days`` calendar months after it, the last
        day of shorter ones), ``month_end``, ``after_next_month`` or ``after_quarter``
        (``days`` calendar days after the last day of the month, of the next month or of
        the quarter), ``working_days`` or ``working_days_after_month`` (``days`` working days
        after the event, or after the last day of its month)
    :param add_working_days: ``(day, n)`` → the n-th working day after ``day``, by the
        calendar and holidays of the company
    :param year_start: where the company's years, and so its quarters, begin
    :raises ValueError: for terms that nobody registered
    """
    if method not in PAYOUTS:
        raise ValueError(f"Unknown payout method: {method}")
    if method in PERIOD_OF_TERMS:
        _start, day = period_of(day, PERIOD_OF_TERMS[method], year_start)
    return PAYOUTS[method](day, days, add_working_days)


@dataclass(frozen=True, slots=True)
class Release:
    """What releases the part of an award that is held back.

    :param day: the day number (``date.toordinal``) on which a credit was released, None
        as long as it is not; without this function the part is due on a day known
        beforehand
    :param facts: names of ``credit.facts`` that it reads
    """

    day: Callable[[Credit], Decimal | None] | None = None
    facts: tuple[str, ...] = ()

    def day_of(self, credit: Credit) -> date | None:
        """The day on which the part of a credit was released, None if it is not yet."""
        day = self.day(credit)
        return None if day is None else date.fromordinal(int(day))


def released_by(fact: str) -> Release:
    """A release on the day that a fact names."""
    return Release(lambda credit: credit.facts.get(fact), (fact,))


RELEASES: dict[str, Release] = {
    "days": Release(),
    "date": Release(),
    "accepted": released_by("accepted_day"),
    "settled": released_by("settled_day"),
}
"""What a holdback waits for, by the code of ``hr.commission.rule.holdback_until``."""


def register_release(code: str, release: Release):
    """Let rules hold back until something else; the choice comes by ``selection_add``."""
    RELEASES[code] = release
