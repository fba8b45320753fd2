# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Who brought the customer: shares of a won deal over the touches before it."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .facts import ONE, ZERO
from .rounding import allot

SHARE_STEP = Decimal("1E-12")


class Path(NamedTuple):
    """What a model weighs: see :func:`attribute`; the days are in order."""

    days: Sequence[date]
    won_on: date
    half_life_days: int
    opened_on: date | None


def register_attribution(
    model: str, weigh: Callable[[Sequence[date], date], Sequence[int]]
):
    """Let plans use a further attribution model.

    :param model: a code that the addon adds to ``hr.commission.plan.attribution``
    :param weigh: ``(days of the touches in order, day of the win)`` → whole numbers, in
        proportion to which the touches share; all zero is equal parts
    """
    MODELS[model] = lambda path: list(map(Decimal, weigh(path.days, path.won_on)))


def attribute(
    touch_dates: Sequence[date],
    won_on: date,
    model: str,
    half_life_days: int = 7,
    opened_on: date | None = None,
) -> list[Decimal]:
    """The share of each touch in the deal, in the order given; they sum exactly to 1.

    :param touch_dates: days of the touches in any order; of touches on one day the
        earlier position counts as the earlier one
    :param won_on: day the deal was won, from which ``decay`` counts back
    :param model: ``first``, ``last``, ``linear`` (equal shares), ``position`` (40 % to
        the first, 40 % to the last, the rest equally between; two share equally), ``w``
        (30 % each to the first, to the one that opened the opportunity and to the
        last, the rest equally between; where these are fewer than three touches they
        share the 90 %, and everything where there is no other), ``decay`` (a touch
        weighs half as much for every ``half_life_days`` days it is older:
        ``2 ** (-age / half_life_days)``) or one that an addon registered
    :param opened_on: day the opportunity was opened; ``w`` credits the latest touch up
        to it, without one the touch in the middle
    :returns: shares with twelve decimals; empty without touches
    :raises ValueError: for a model that nobody registered, or a half-life below a day
    """
    if half_life_days <= 0:
        raise ValueError("The half-life must be at least one day.")
    if not touch_dates:
        return []
    if model not in MODELS:
        raise ValueError(f"Unknown attribution model: {model}")
    order = sorted(range(len(touch_dates)), key=touch_dates.__getitem__)
    days = [touch_dates[index] for index in order]
    weights = MODELS[model](Path(days, won_on, half_life_days, opened_on))
    shares = allot(ONE, weights if any(weights) else _linear(days), SHARE_STEP)
    share_of = dict(zip(order, shares, strict=True))
    return [share_of[index] for index in range(len(touch_dates))]


def _linear(days: Sequence[date]) -> list[Decimal]:
    return [ONE] * len(days)


def _first(path: Path) -> list[Decimal]:
    return [ONE] + [ZERO] * (len(path.days) - 1)


def _last(path: Path) -> list[Decimal]:
    return _first(path)[::-1]


def _position(path: Path) -> list[Decimal]:
    """40/20/40 as whole numbers: 2 parts to each end, 1 part for all in between."""
    count = len(path.days)
    if count <= 2:
        return [ONE] * count
    between = count - 2
    end = Decimal(2 * between)
    return [end] + [ONE] * between + [end]


def _w(path: Path) -> list[Decimal]:
    """90/10 as whole numbers: 9 parts to the peaks, 1 part to all the others."""
    count = len(path.days)
    opening = (count - 1) // 2
    if path.opened_on is not None:
        opening = max(sum(day <= path.opened_on for day in path.days) - 1, 0)
    peaks = {0, opening, count - 1}
    others = count - len(peaks)
    if not others:
        return [ONE] * count
    peak, other = Decimal(9 * others), Decimal(len(peaks))
    return [peak if index in peaks else other for index in range(count)]


def _decay(path: Path) -> list[Decimal]:
    return [
        _decayed((path.won_on - day).days, path.half_life_days) for day in path.days
    ]


def _decayed(age_days: int, half_life_days: int) -> Decimal:
    return Decimal(2) ** (Decimal(-max(age_days, 0)) / half_life_days)


MODELS: dict[str, Callable[[Path], list[Decimal]]] = {
    "first": _first,
    "last": _last,
    "linear": lambda path: _linear(path.days),
    "position": _position,
    "w": _w,
    "decay": _decay,
}
