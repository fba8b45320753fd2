# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Calendar periods, and the days a rule must know to be computed."""

from bisect import bisect_right
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

from .facts import CALENDAR_YEAR, Plan, Rule, WeekYear, YearStart

AnyYear = YearStart | WeekYear
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)
#: a score was approved, or the time of a target is over: it pays without any deal
SCORED = "target_scored"
EVENT_MEASURES: set[str] = {"amount"}
"""Measures that one event has alone; see :class:`measures.Measure`."""


def period_of(
    day: date, period: str, year_start: AnyYear = CALENDAR_YEAR
) -> tuple[date, date]:
    """First and last day of the week, month, quarter or year around ``day``.

    :param period: ``week`` (from Monday on, or where weeks of years begin), ``month``, ``quarter`` or ``year``
    :param year_start: where years, and so their quarters and months, begin
    """
    start = period_start(day, period, year_start)
    if period == "week":
        return start, start + ONE_WEEK - ONE_DAY
    if year_start.weeks:
        starts = _months_around(day, year_start)
        following = starts[starts.index(start) + MONTHS_OF[period]]
        return start, following - ONE_DAY
    after = start.month + MONTHS_OF[period]
    next_start = _month_start(start.year, after, year_start)
    return start, next_start - ONE_DAY


@lru_cache(maxsize=4096)
def period_start(day: date, period: str, year_start: AnyYear = CALENDAR_YEAR) -> date:
    """First day of the week, month, quarter or year around ``day``."""
    if period == "week":
        first = year_start.weekday if year_start.weeks else 0
        return day - timedelta(days=(day.weekday() - first) % 7)
    if year_start.weeks:
        number = month_number(day, year_start) - 1
        first_month = number - number % MONTHS_OF[period]
        return _months_around(day, year_start)[first_month]
    passed = (month_number(day, year_start) - 1) % MONTHS_OF[period]
    month = day.month - _is_before_start(day, year_start) - passed
    return _month_start(day.year, month, year_start)


def month_number(day: date, year_start: AnyYear = CALENDAR_YEAR) -> int:
    """Which month of the year a day is in, 1 to 12."""
    if year_start.weeks:
        return bisect_right(_months_around(day, year_start)[:12], day)
    month = day.month - _is_before_start(day, year_start)
    return (month - year_start.month) % 12 + 1


def _is_before_start(day: date, year_start: AnyYear) -> bool:
    """Whether a day belongs to the month that began in the calendar month before."""
    return day.day < year_start.day and day < _month_start(
        day.year, day.month, year_start
    )


def _month_start(year: int, month: int, year_start: AnyYear) -> date:
    """The day on which a month begins: the last one where the month is too short.

    :param month: counted on over the turn of the year, 0 for the December before
    """
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(year_start.day, monthrange(year, month)[1]))


def _months_around(day: date, year: WeekYear) -> tuple[date, ...]:
    """First days of the twelve months around a day, and of the year after."""
    for number in (day.year + 1, day.year):
        months = _months_of_weeks(number, year)
        if months[0] <= day:
            return months
    return _months_of_weeks(day.year - 1, year)


@lru_cache(maxsize=256)
def _months_of_weeks(number: int, year: WeekYear) -> tuple[date, ...]:
    """First days of the months of a year of weeks, and of the year after it."""
    first, after = (_nearest_weekday(each, year) for each in (number, number + 1))
    weeks = accumulate(4 * year.weeks, initial=0)
    months = [first + ONE_WEEK * passed for passed in weeks]
    return (*months[:12], after)


def _nearest_weekday(number: int, year: WeekYear) -> date:
    day = _month_start(number, year.month, YearStart(year.month, year.day))
    return day + timedelta(days=(year.weekday - day.weekday() + 3) % 7 - 3)


def once_window(
    rule: Rule, day: date, year_start: AnyYear = CALENDAR_YEAR
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


def scored_type(measure: str, period: str, kind: str = "attainment") -> str:
    """The event type of settled targets, which rules tell apart.

    :param kind: whose they are: ``attainment`` or that of a team or branch
    """
    whose = () if kind == "attainment" else (kind,)
    return "|".join((SCORED, measure, period, *whose))


def is_on_score(rule: Rule) -> bool:
    """Whether the rule pays on scores that were approved."""
    return rule.event_type.partition("|")[0] == SCORED


def looks_at_role(rule: Rule, role: str) -> bool:
    """Whether credits of a role decide what the rule pays: its own, or for a settled
    target those of whatever the person does.
    """
    return is_on_score(rule) or rule.role == role


def looks_at_period(rule: Rule) -> bool:
    """Whether the rule must know more than the event, see :func:`context_window`."""
    has_tiers = has_period_tiers(rule) and rule.tier_period != "event"
    is_of_period = has_tiers or has_period_cap(rule) or rule.score_period is not None
    return is_of_period or rule.once


def plan_window(
    plan: Plan, day: date, year_start: AnyYear = CALENDAR_YEAR
) -> tuple[date, date] | None:
    """Days whose credits of the same employee a limit of the plan looks at."""
    if not has_plan_limit(plan) or plan.cap_period == "event":
        return None
    return period_of(day, plan.cap_period, year_start)


def has_plan_limit(plan: Plan) -> bool:
    """Whether a most, a least or a threshold holds over all rules of the plan."""
    return any(limit is not None for limit in (plan.cap, plan.floor, plan.threshold))


def context_window(
    rule: Rule, day: date, year_start: AnyYear = CALENDAR_YEAR
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
    if rule.score_period is not None:
        windows.append(period_of(day, rule.score_period, year_start))
    if rule.once:
        windows.append(once_window(rule, day, year_start))
    if not windows:
        return None
    return min(start for start, _end in windows), max(end for _start, end in windows)
