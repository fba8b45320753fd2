"""When an award is due, and paying it in instalments."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from .rounding import allot

HUNDRED = Decimal(100)


AddWorkingDays = Callable[[date, int], date]
PayoutTerm = Callable[[date, int, AddWorkingDays], date]
ADDED_TERMS: dict[str, PayoutTerm] = {}


def register_payout(method: str, term: PayoutTerm):
    """Let plans and rules use further payout terms.

    :param method: a code that the addon adds to ``hr.commission.plan.payout`` and
        ``hr.commission.rule.payout``
    :param term: ``(day of the event, days of the terms, add_working_days)`` → due date
    """
    ADDED_TERMS[method] = term


def due_date(
    day: date,
    method: str,
    days: int,
    add_working_days: AddWorkingDays,
) -> date:
    """The day on which an award for an event of ``day`` can be paid.

    :param method: ``immediate`` (the day itself), ``month_end`` (``days`` calendar days
        after the last day of the month) or ``working_days`` (``days`` working days
        after the event)
    :param add_working_days: ``(day, n)`` → the n-th working day after ``day``, by the
        calendar and holidays of the company
    """
    if method == "immediate":
        return day
    if method == "month_end":
        month_end = day.replace(day=monthrange(day.year, day.month)[1])
        return month_end + timedelta(days=days)
    if method == "working_days":
        return add_working_days(day, days)
    if method not in ADDED_TERMS:
        raise ValueError(f"Unknown payout method: {method}")
    return ADDED_TERMS[method](day, days, add_working_days)


def split_instalments(
    amount: Decimal, percents: Sequence[Decimal], step: Decimal
) -> list[Decimal]:
    """Split ``amount`` into instalments that sum exactly to it.

    :param percents: of each instalment, together 100
    :param step: smallest unit of the currency
    """
    if sum(percents) != HUNDRED:
        raise ValueError("The percentages of the instalments must sum to 100.")
    return allot(amount, percents, step)
