"""Who brought the customer: shares of a won deal over the touches before it."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from .facts import ONE, ZERO
from .rounding import allot

SHARE_STEP = Decimal("1E-12")

Weigh = Callable[[Sequence[date], date], Sequence[int]]
ADDED_MODELS: dict[str, Weigh] = {}


def register_attribution(model: str, weigh: Weigh):
    """Let plans use a further attribution model.

    :param model: a code that the addon adds to ``hr.commission.plan.attribution``
    :param weigh: ``(days of the touches in order, day of the win)`` → whole numbers, in
        proportion to which the touches share; all zero is equal parts
    """
    ADDED_MODELS[model] = weigh


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
        share the 90 %, and everything where there is no other) or ``decay`` (a touch weighs half as much for every ``half_life_days`` days it is
        older: ``2 ** (-age / half_life_days)``)
    :param opened_on: day the opportunity was opened; ``w`` credits the latest touch up
        to it, without one the touch in the middle
    :returns: shares with twelve decimals; empty without touches
    """
    if half_life_days <= 0:
        raise ValueError("The half-life must be at least one day.")
    if not touch_dates:
        return []
    chronological = sorted(range(len(touch_dates)), key=touch_dates.__getitem__)
    dates = [touch_dates[index] for index in chronological]
    weights = _weights(dates, won_on, model, half_life_days, opened_on)
    shares = allot(ONE, weights, SHARE_STEP)
    share_of = dict(zip(chronological, shares, strict=True))
    return [share_of[index] for index in range(len(touch_dates))]


def _weights(
    dates: list[date],
    won_on: date,
    model: str,
    half_life_days: int,
    opened_on: date | None,
) -> list[Decimal]:
    others = len(dates) - 1
    if model == "first":
        return [ONE] + [ZERO] * others
    if model == "last":
        return [ZERO] * others + [ONE]
    if model == "linear":
        return [ONE] * len(dates)
    if model == "position":
        return _position_weights(len(dates))
    if model == "w":
        return _w_weights(dates, opened_on)
    if model == "decay":
        return [_decayed((won_on - day).days, half_life_days) for day in dates]
    if model not in ADDED_MODELS:
        raise ValueError(f"Unknown attribution model: {model}")
    weights = [Decimal(weight) for weight in ADDED_MODELS[model](dates, won_on)]
    return weights if any(weights) else [ONE] * len(dates)


def _position_weights(count: int) -> list[Decimal]:
    """40/20/40 as whole numbers: 2 parts to each end, 1 part for all in between."""
    if count <= 2:
        return [ONE] * count
    between = count - 2
    end = Decimal(2 * between)
    return [end] + [ONE] * between + [end]


def _w_weights(dates: list[date], opened_on: date | None) -> list[Decimal]:
    """90/10 as whole numbers: 9 parts to the peaks, 1 part to all the others."""
    count = len(dates)
    opening = (count - 1) // 2
    if opened_on is not None:
        opening = max(sum(day <= opened_on for day in dates) - 1, 0)
    peaks = {0, opening, count - 1}
    others = count - len(peaks)
    if not others:
        return [ONE] * count
    peak, other = Decimal(9 * others), Decimal(len(peaks))
    return [peak if index in peaks else other for index in range(count)]


def _decayed(age_days: int, half_life_days: int) -> Decimal:
    return Decimal(2) ** (Decimal(-max(age_days, 0)) / half_life_days)
