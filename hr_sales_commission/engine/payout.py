"""When an award is due."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta


def due_date(
    day: date,
    method: str,
    days: int,
    add_working_days: Callable[[date, int], date],
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
    raise ValueError(f"Unknown payout method: {method}")
