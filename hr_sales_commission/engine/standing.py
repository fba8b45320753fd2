# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""How far somebody is from the next bracket of a rule that looks at a period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import tiers
from .conditions import satisfying
from .context import Context, by_period, period_key
from .facts import ONE, ZERO, Credit, Rule
from .measures import (
    MEASURES,
    boundary_of,
    is_attainment,
    measure_of,
    read_measure,
    target_of,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an employee stands in the brackets of a rule.

    :param unit: of ``reached`` and of the bounds, see :class:`measures.Measure`
    :param reached: the tier measure in the running period
    :param band: the bracket reached, None below the first one
    :param following: the next bracket, None in the last one
    :param missing: what is missing for the next bracket, None in the last one
    """

    rule: Rule
    unit: str
    reached: Decimal
    band: tiers.Band | None
    following: tiers.Band | None
    missing: Decimal | None


def standing(
    rule: Rule,
    today: Credit,
    context: Context,
    targets: Mapping[tuple, Decimal],
) -> Standing | None:
    """Where the employee of ``today`` stands by ``rule``; None without a target.

    :param rule: one with tiers of a period (:func:`periods.has_period_tiers`)
    :param today: says who, in which role and on which day
    :param context: what the employee has in the period
    """
    target = None
    if is_attainment(rule):
        target = target_of(rule, today, targets)
        if target is None:
            return None
    bands = tiers.bands(rule.tiers, target)
    reached = max(_read(rule, today, context), ZERO)
    index = tiers.band_index(bands, reached, boundary_of(rule))
    following = next(iter(bands[0 if index is None else index + 1 :]), None)
    return Standing(
        rule=rule,
        unit=measure_of(rule).unit,
        reached=reached,
        band=bands[index] if index is not None else None,
        following=following,
        missing=_missing(rule, reached, following),
    )


def concerns(rule: Rule, today: Credit) -> bool:
    """Whether ``rule`` is for the employee of ``today``, in that role, on that day."""
    return (
        rule.role == today.role
        and rule.manager_level == today.manager_level
        and (rule.employee_ids is None or today.employee_id in rule.employee_ids)
        and (rule.company_ids is None or today.company_id in rule.company_ids)
        and (rule.date_start is None or rule.date_start <= today.date)
        and (rule.date_end is None or today.date <= rule.date_end)
    )


def in_period(rule: Rule, today: Credit, context: Context) -> Sequence[Credit]:
    """What satisfies ``rule`` in its period around ``today``."""
    credits = satisfying(rule, today.employee_id, context)
    return by_period(credits, rule.tier_period).get(
        period_key(today, rule.tier_period), []
    )


def _read(rule: Rule, today: Credit, context: Context) -> Decimal:
    """The measure of the running period, as brackets are looked up with it."""
    matching = in_period(rule, today, context)
    if matching:
        return read_measure(rule, matching, context).final
    counts_itself = MEASURES[rule.tier_measure].event_type == rule.event_type
    if rule.tier_measure == "cumulative" or counts_itself:
        return ZERO
    return read_measure(rule, [today], context).final


def _missing(
    rule: Rule, reached: Decimal, following: tiers.Band | None
) -> Decimal | None:
    if following is None:
        return None
    missing = following.start - reached
    if boundary_of(rule) == "lower" and measure_of(rule).unit == "count":
        missing += ONE  # the bound itself still belongs to the bracket below
    return missing
