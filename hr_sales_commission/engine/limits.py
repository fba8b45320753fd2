"""Caps and floors: the most and the least a rule pays."""

from collections.abc import Iterable
from decimal import Decimal

from .earning import Earning
from .facts import ZERO, Rule
from .rounding import round_half_up
from .trace import number_text


def clamp(amount: Decimal, cap: Decimal | None, floor: Decimal | None) -> Decimal:
    """``amount`` between floor and cap; the cap is stronger.

    Nothing earned stays nothing, and a negative amount is limited like its opposite,
    so that the refund of everything leaves nothing.
    """
    if not amount:
        return ZERO
    size = abs(amount)
    if floor is not None:
        size = max(size, floor)
    if cap is not None:
        size = min(size, cap)
    return size.copy_sign(amount)


def is_limited(rule: Rule) -> bool:
    """Whether the rule has a cap or a floor."""
    return rule.cap is not None or rule.floor is not None


def limit_alone(rule: Rule, earning: Earning, step: Decimal):
    """Apply cap and floor to one amount."""
    limited = round_half_up(clamp(earning.amount, rule.cap, rule.floor), step)
    _change(rule, earning, limited, earning.amount, "event")


def limit_running(rule: Rule, earnings: Iterable[Earning], step: Decimal):
    """Apply cap and floor to the running sum of a period.

    Each amount becomes what it moves the limited sum by; the first one counts from
    zero.

    :param earnings: of one rule, employee and period, in the order of date and event
    """
    earned = paid = ZERO
    for earning in earnings:
        earned += earning.amount
        payable = round_half_up(clamp(earned, rule.cap, rule.floor), step)
        _change(rule, earning, payable - paid, earned, rule.cap_period)
        paid = payable


def _change(
    rule: Rule, earning: Earning, limited: Decimal, earned: Decimal, period: str
):
    if limited == earning.amount:
        return
    capped = rule.cap is not None and (rule.floor is None or abs(earned) > rule.cap)
    earning.change_amount(
        limited,
        "limit",
        kind="cap" if capped else "floor",
        value=number_text(rule.cap if capped else rule.floor),
        period=period,
    )
