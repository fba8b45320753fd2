"""When an award is due."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

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
