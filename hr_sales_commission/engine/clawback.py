# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What is left of a commission when its deal is undone."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from .facts import HUNDRED, ONE, ZERO, Plan

RECOMPUTE = "recompute"
PRORATA = "prorata"
NONE = "none"


def kept_fraction(
    event_date: date,
    reversed_on: date,
    clawback_days: int,
    method: str,
    clawback_months: int = 0,
    schedule: Sequence[Decimal] = (),
) -> Decimal:
    """The part of a commission that is kept after its deal was undone, 0 to 1.

    1 when the deal was undone more than ``clawback_days`` days after its event. Within
    the window nothing is kept, or with the method ``prorata`` the part of the window
    that has passed::

        kept = elapsed days / clawback_days

    :param clawback_months: a window in calendar months takes the place of the days; whole
        months have passed: an advance for nine, lost in the fourth, keeps three ninths
    :param schedule: percent taken back by whole months passed, in the place of both: of
        (100, 50) nothing is kept in the first month, half in the second, all after
    :param clawback_days: 0 = a window without end, of which no part ever passes
    :param method: ``recompute``, ``reverse``, ``prorata`` or ``none``
    """
    if method == NONE:
        return ZERO if never_was(event_date, reversed_on) else ONE
    if schedule:
        passed = months_between(event_date, reversed_on)
        taken = schedule[passed] if passed < len(schedule) else ZERO
        return ONE - taken / HUNDRED
    if clawback_months:
        passed = months_between(event_date, reversed_on)
        if passed >= clawback_months:
            return ONE
        return Decimal(passed) / clawback_months if method == PRORATA else ZERO
    if not clawback_days:
        return ZERO
    elapsed = max((reversed_on - event_date).days, 0)
    if elapsed > clawback_days:
        return ONE
    if method == PRORATA:
        return Decimal(elapsed) / clawback_days
    return ZERO


def never_was(event_date: date, reversed_on: date | None) -> bool:
    """Whether an event was undone on its own day: a mistake, a double, no loss.

    Of such nothing is kept, even where nothing is ever taken back.
    """
    return reversed_on is not None and reversed_on <= event_date


def months_between(start: date, end: date) -> int:
    """Whole calendar months from ``start`` to ``end``, 0 if it comes before.

    The last day of a shorter month completes the month of a later day.
    """
    months = 12 * (end.year - start.year) + end.month - start.month
    if end.day < min(start.day, monthrange(end.year, end.month)[1]):
        months -= 1
    return max(months, 0)


def kept_under(plan: Plan | None, event_date: date, reversed_on: date) -> Decimal:
    """:func:`kept_fraction` by the terms of a plan; nothing without one."""
    if plan is None:
        return ZERO
    return kept_fraction(
        event_date,
        reversed_on,
        plan.clawback_days,
        plan.clawback_method,
        plan.clawback_months,
        plan.clawback_schedule,
    )


def counts(
    plan: Plan | None, share: Decimal, event_date: date, reversed_on: date | None
) -> bool:
    """Whether somebody's part in an event counts in measures: brackets and targets.

    Not if it is recomputed away, nor if the person has no share any more. Brackets ask
    this while they compute, targets what was stored of it: one answer for both.

    :param plan: the plan that pays the part, None if there is none
    :param share: part of the role in the event
    """
    if not share:
        return False
    if reversed_on is None:
        return True
    stays = plan is not None and plan.clawback_method not in (RECOMPUTE, NONE)
    return stays or kept_under(plan, event_date, reversed_on) != ZERO
