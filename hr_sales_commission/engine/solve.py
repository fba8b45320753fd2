# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Finds the number of a plan at which a goal is met, by bisection on the exact engine."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise

from .facts import CENT, ONE, RATE_STEP, ZERO, Plan, Rule
from .rounding import round_half_up

#: how finely rates are multiplied, so that each may come to any that can be stored
FACTOR_STEP = Decimal("0.000000001")
#: halvings after which two numbers differ by less than any step
MOST_HALVINGS = 80


class NoSolution(ValueError):
    """No number within the bounds meets the goal.

    :param lowest, highest: what the bounds give
    """

    def __init__(self, lowest: Decimal, highest: Decimal):
        super().__init__(f"Between {lowest} and {highest}")
        self.lowest = lowest
        self.highest = highest


def solve(
    function: Callable[[Decimal], Decimal],
    goal: Decimal,
    low: Decimal,
    high: Decimal,
    step: Decimal = RATE_STEP,
    at_least: bool = False,
    unit: Decimal = ONE,
) -> Decimal:
    """The number in ``low … high`` whose value is nearest to ``goal``.

    It is a multiple of ``step``, or has as few decimals as come as near, or within a cent.

    :param function: never falling, or never rising, between the bounds
    :param at_least: whether a value below the goal misses it, however near
    :param unit: what the number multiplies: the product is what is read
    :raises NoSolution: when the goal lies outside of what the bounds give
    """
    at_low, at_high = function(low), function(high)
    if not min(at_low, at_high) <= goal <= max(at_low, at_high):
        raise NoSolution(at_low, at_high)
    rises = at_high >= at_low

    def distance(value):
        if at_least and value < goal:
            return Decimal("Infinity")
        return abs(value - goal)

    bounds = low, high
    best, nearest = min(
        ((low, distance(at_low)), (high, distance(at_high))), key=lambda each: each[1]
    )
    for _halving in range(MOST_HALVINGS):
        middle = ((low + high) / 2).quantize(step, ROUND_HALF_UP)
        if middle in (low, high):
            break
        value = function(middle)
        if distance(value) < nearest:
            best, nearest = middle, distance(value)
        if value == goal:
            break
        if (value < goal) == rises:
            low = middle
        else:
            high = middle
    rounder = (each for each in _rounder(best, unit) if bounds[0] <= each <= bounds[1])
    enough = max(nearest, CENT)
    return next((each for each in rounder if distance(function(each)) <= enough), best)


def _rounder(number, unit):
    """Yield what is beside a number and has fewer decimals, times ``unit``: fewest first."""
    for digits in range(-RATE_STEP.as_tuple().exponent):
        step = ONE.scaleb(-digits)
        modes = (ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING)
        products = [(number * unit).quantize(step, mode) for mode in modes]
        yield from (product / unit for product in dict.fromkeys(products))


def crossings(
    function: Callable[[Decimal], Decimal], points: Sequence[Decimal], step: Decimal
) -> tuple[list[Decimal], Decimal | None]:
    """Where a function goes through zero, and what it comes to at last.

    Brackets let it do so several times. Where it is zero nothing is told apart: then the
    points beside it decide.

    :param points: where it is looked at, in order; it crosses once between two of them
        at most
    :returns: the crossings, and its value at the last point where it is not zero, None
        without any
    """
    values = [(point, function(point)) for point in points]
    told = [(point, value) for point, value in values if value]
    found = [
        _sign_change(function, low, high, step)
        for (low, before), (high, after) in pairwise(told)
        if (before < ZERO) != (after < ZERO)
    ]
    return found, told[-1][1] if told else None


def _sign_change(function, low, high, step):
    """The multiple of ``step`` at which a function has left the sign it has at ``low``.

    Where it jumps it is never near zero: the place of the jump counts.
    """
    is_below = function(low) < ZERO
    while True:
        middle = ((low + high) / 2).quantize(step, ROUND_HALF_UP)
        if middle in (low, high):
            return high
        value = function(middle)
        if value and (value < ZERO) == is_below:
            low = middle
        else:
            high = middle


def with_number(plan: Plan, numbers: dict[int, Decimal], money: Decimal = CENT) -> Plan:
    """The plan with other rates (or amounts) of some rules, as they can be stored.

    :param numbers: by rule id: percent or money; of a rule with brackets, what their
        rates are multiplied by
    :param money: what amounts are rounded to
    """
    return replace(
        plan,
        rules=tuple(
            _with_number(rule, numbers[rule.id], money) if rule.id in numbers else rule
            for rule in plan.rules
        ),
    )


def _with_number(rule: Rule, number: Decimal, money: Decimal) -> Rule:
    if rule.tier_mode != "none":
        tiers = tuple(
            replace(tier, rate=round_half_up(tier.rate * number, RATE_STEP))
            for tier in rule.tiers
        )
        return replace(rule, tiers=tiers)
    if rule.amount_type == "percent":
        return replace(rule, rate=round_half_up(number, RATE_STEP))
    return replace(rule, amount=round_half_up(number, money))


def number_of(rule: Rule) -> Decimal:
    """The number of a rule that :func:`with_number` changes."""
    if rule.tier_mode != "none":
        return Decimal(1)
    return rule.rate if rule.amount_type == "percent" else rule.amount


def bounds_of(rule: Rule) -> tuple[Decimal, Decimal]:
    """Between what the number of a rule is looked for."""
    if rule.tier_mode != "none":
        return ZERO, Decimal(10)
    if rule.amount_type == "percent":
        return ZERO, Decimal(100)
    return ZERO, max(rule.amount, Decimal(1)) * 1000
