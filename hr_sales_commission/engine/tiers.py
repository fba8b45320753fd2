# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Brackets: which one a value falls in, and what an amount pays through them.

Brackets are given by their lower bounds only, so gaps and overlaps cannot exist. Below
the first bound nothing is paid. Negative amounts (refunds) pay the opposite of their
absolute amount. Rates are percentages wherever an amount is multiplied by them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .facts import HUNDRED, ZERO, Tier


@dataclass(frozen=True, slots=True)
class Band:
    """One bracket with both bounds: ``start`` up to ``end`` (None = without limit)."""

    start: Decimal
    end: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a running amount that lies in one bracket.

    :param start, end: where it begins and ends; ``end < start`` for a refund
    :param rate: percent
    """

    start: Decimal
    end: Decimal
    rate: Decimal

    @property
    def pay(self) -> Decimal:
        """``(end − start) × rate / 100``, not rounded."""
        return (self.end - self.start) * self.rate / HUNDRED


def bands(tiers: Sequence[Tier], unit: Decimal | None = None) -> list[Band]:
    """The brackets in ascending order, each ending where the next one starts.

    :param unit: what the bounds are a percentage of (a target), None if they are
        values themselves
    """
    ordered = sorted(tiers, key=lambda tier: tier.from_value)
    starts = [tier.from_value for tier in ordered]
    if unit is not None:
        starts = [start * unit / HUNDRED for start in starts]
    ends = [*starts[1:], None]
    return [
        Band(start, end, tier.rate)
        for start, end, tier in zip(starts, ends, ordered, strict=False)
    ]


def band_index(bands: Sequence[Band], value: Decimal, boundary: str) -> int | None:
    """Position of the bracket that ``value`` falls in, None below the first bound.

    :param boundary: a value exactly on a bound belongs to the ``lower`` or the
        ``upper`` bracket. Zero always falls in a first bracket that starts at zero.
    """
    starts = [band.start for band in bands]
    bisect = bisect_right if boundary == "upper" else bisect_left
    index = bisect(starts, value) - 1
    if index >= 0:
        return index
    starts_at_zero = bands and value == starts[0] == ZERO
    return 0 if starts_at_zero else None


def rate_at(
    bands: Sequence[Band], value: Decimal, boundary: str, mode: str
) -> Decimal | None:
    """The rate that applies when ``value`` is reached, None below the first bound.

    :param mode: ``interpolated`` moves in a straight line from the rate of a bracket to
        that of the next one, and stays level in the last; any other mode takes the
        rate of the bracket
    """
    index = band_index(bands, value, boundary)
    if index is None:
        return None
    band = bands[index]
    if mode != "interpolated" or band.end is None:
        return band.rate
    passed = (value - band.start) / (band.end - band.start)
    return band.rate + (bands[index + 1].rate - band.rate) * passed


def slices(bands: Sequence[Band], start: Decimal, end: Decimal) -> list[Slice]:
    """What lies between two positions of a running amount, cut at the bounds.

    Moving down gives slices of negative size; positions below zero mirror those above.
    """
    if start == end:
        return []
    if end < start:
        upwards = slices(bands, end, start)
        return [Slice(part.end, part.start, part.rate) for part in reversed(upwards)]
    if start < ZERO:
        mirrored = slices(bands, max(-end, ZERO), -start)
        below = [
            Slice(-part.end, -part.start, part.rate) for part in reversed(mirrored)
        ]
        return below + slices(bands, ZERO, max(end, ZERO))
    return [
        Slice(
            max(start, band.start),
            end if band.end is None else min(end, band.end),
            band.rate,
        )
        for band in bands
        if band.start < end and (band.end is None or start < band.end)
    ]


def marginal_pay(bands: Sequence[Band], amount: Decimal) -> Decimal:
    """Each slice of ``amount`` at the percentage of its own bracket, not rounded."""
    return sum((part.pay for part in slices(bands, ZERO, amount)), ZERO)
