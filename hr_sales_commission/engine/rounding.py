# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Rounding money, and sharing it out so that the parts sum to the whole."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import lcm

from .facts import ONE


def round_half_up(value: Decimal, step: Decimal) -> Decimal:
    """The multiple of ``step`` nearest to ``value``; a half goes away from zero.

    ``round_half_up(Decimal("2.345"), Decimal("0.01")) == Decimal("2.35")``

    :param step: smallest unit, above zero (0.01 for cents, 0.05, 1)
    """
    return (value / step).quantize(ONE, ROUND_HALF_UP) * step


def allot(total: Decimal, weights: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """Share ``total`` out in proportion to ``weights``, by largest remainder.

    Every part is a multiple of ``step`` and less than one step away from its exact
    value; the parts sum exactly to ``round_half_up(total, step)``. The steps left over
    go to the largest remainders, of equal ones to the earlier position. A negative
    total is shared like its opposite.

    :raises ValueError: without weights, with a negative one, or if all are zero
    """
    ratios = [weight.as_integer_ratio() for weight in weights]
    if any(numerator < 0 for numerator, _denominator in ratios):
        raise ValueError("A share must not be negative.")
    if not any(numerator for numerator, _denominator in ratios):
        raise ValueError("There is nobody to share with: all shares are zero.")
    common = lcm(*(denominator for _numerator, denominator in ratios))
    exact = [numerator * (common // denominator) for numerator, denominator in ratios]
    steps = int((round_half_up(total, step) / step).to_integral_value())
    parts = _allot_integer(abs(steps), exact)
    signed_step = -step if steps < 0 else step
    return [part * signed_step for part in parts]


def _allot_integer(total: int, weights: list[int]) -> list[int]:
    weight_sum = sum(weights)
    quotas = [divmod(total * weight, weight_sum) for weight in weights]
    parts = [part for part, _remainder in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda index: -quotas[index][1])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def sensible(amount: Decimal, step: Decimal) -> Decimal:
    """``amount`` as people write it into plans: with two figures that count.

    :param step: smallest unit of the currency
    """
    if not amount:
        return amount
    return round_half_up(amount, max(ONE.scaleb(amount.adjusted() - 1), step))


def to_decimal(value):
    """Return a stored float as the decimal number the user typed."""
    return Decimal(repr(value or 0))
