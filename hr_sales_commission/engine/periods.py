"""Calendar periods, and the days a rule must know to be computed."""

from calendar import monthrange
from datetime import date, timedelta

from .facts import CALENDAR_YEAR, Plan, Rule, YearStart

MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
ONE_WEEK = timedelta(days=7)
EVENT_MEASURES: set[str] = {"amount"}
"""Measures that one event has alone; see :class:`measures.Measure`."""


def period_of(
    day: date, period: str, year_start: YearStart = CALENDAR_YEAR
) -> tuple[date, date]:
    """First and last day of the week, month, quarter or year around ``day``.

    :param period: ``week`` (Monday to Sunday), ``month``, ``quarter`` or ``year``
    :param year_start: where years, and so their quarters and months, begin
    """
    start = period_start(day, period, year_start)
    if period == "week":
        return start, start + ONE_WEEK - timedelta(days=1)
    after = start.month + MONTHS_OF[period]
    next_start = _month_start(start.year, after, year_start)
    return start, next_start - timedelta(days=1)


def period_start(day: date, period: str, year_start: YearStart = CALENDAR_YEAR) -> date:
    """First day of the week, month, quarter or year around ``day``."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    passed = (month_number(day, year_start) - 1) % MONTHS_OF[period]
    month = day.month - _is_before_start(day, year_start) - passed
    return _month_start(day.year, month, year_start)


def month_number(day: date, year_start: YearStart = CALENDAR_YEAR) -> int:
    """Which month of the year a day is in, 1 to 12."""
    month = day.month - _is_before_start(day, year_start)
    return (month - year_start.month) % 12 + 1


def _is_before_start(day: date, year_start: YearStart) -> bool:
    """Whether a day belongs to the month that began in the calendar month before."""
    return day.day < year_start.day and day < _month_start(
        day.year, day.month, year_start
    )


def _month_start(year: int, month: int, year_start: YearStart) -> date:
    """The day on which a month begins: the last one where the month is too short.

    :param month: counted on over the turn of the year, 0 for the December before
    """
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(year_start.day, monthrange(year, month)[1]))


def once_window(
    rule: Rule, day: date, year_start: YearStart = CALENDAR_YEAR
) -> tuple[date, date]:
    """The days in which a ``once`` rule pays a single event.

    The tier period around ``day``; with the tier period ``event``, the dates of the
    rule, or the year when the rule has no first or no last day.
    """
    if rule.tier_period != "event":
        return period_of(day, rule.tier_period, year_start)
    if rule.date_start and rule.date_end:
        return rule.date_start, rule.date_end
    return period_of(day, "year", year_start)


def has_period_tiers(rule: Rule) -> bool:
    """Whether the bracket depends on more than one event."""
    if rule.tier_mode == "none" or rule.tier_measure == "amount":
        return False
    is_of_event = rule.tier_measure in EVENT_MEASURES and rule.tier_period == "event"
    return not is_of_event


def has_period_cap(rule: Rule) -> bool:
    """Whether a cap or floor applies to the sum of a period."""
    return _is_limited(rule) and rule.cap_period != "event"


def has_event_limit(rule: Rule) -> bool:
    """Whether a cap or floor applies to each event."""
    return _is_limited(rule) and rule.cap_period == "event"


def _is_limited(rule: Rule) -> bool:
    return rule.cap is not None or rule.floor is not None


def looks_at_period(rule: Rule) -> bool:
    """Whether the rule must know more than the event, see :func:`context_window`."""
    has_tiers = has_period_tiers(rule) and rule.tier_period != "event"
    return has_tiers or has_period_cap(rule) or rule.once


def plan_window(
    plan: Plan, day: date, year_start: YearStart = CALENDAR_YEAR
) -> tuple[date, date] | None:
    """Days whose credits of the same employee a limit of the plan looks at."""
    if not has_plan_limit(plan) or plan.cap_period == "event":
        return None
    return period_of(day, plan.cap_period, year_start)


def has_plan_limit(plan: Plan) -> bool:
    """Whether a most, a least or a threshold holds over all rules of the plan."""
    return any(limit is not None for limit in (plan.cap, plan.floor, plan.threshold))


def context_window(
    rule: Rule, day: date, year_start: YearStart = CALENDAR_YEAR
) -> tuple[date, date] | None:
    """Days whose credits of the same employee decide what the rule pays on ``day``.

    None when the event alone suffices. Credits of every event type and role the
    employee has in these days belong to the context, because counts, conversion rates
    and attainment look beyond the rule's own event type.
    """
    windows = []
    if has_period_tiers(rule) and rule.tier_period != "event":
        windows.append(period_of(day, rule.tier_period, year_start))
    if has_period_cap(rule):
        windows.append(period_of(day, rule.cap_period, year_start))
    if rule.once:
        windows.append(once_window(rule, day, year_start))
    if not windows:
        return None
    return min(start for start, _end in windows), max(end for _start, end in windows)
