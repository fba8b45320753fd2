"""Caps and floors: the most and the least a rule pays."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .context import Context
from .earning import Earning, own_part
from .facts import ZERO, Credit, Rule
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


def limit_alone(rule: Rule, earning: Earning, credit: Credit, context: Context):
    """Apply cap and floor of an event to the part that one person has in it."""
    cap, floor = (
        None if limit is None else own_part(limit, credit, context)
        for limit in (rule.cap, rule.floor)
    )
    limited = round_half_up(clamp(earning.amount, cap, floor), credit.rounding)
    is_capped = cap is not None and (floor is None or abs(earning.amount) > cap)
    _change(rule, earning, limited, is_capped, "event")


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """What the version of a rule before paid in a period that goes on.

    :param earned: before its own cap and floor
    :param paid: after them
    """

    earned: Decimal = ZERO
    paid: Decimal = ZERO

    def plus(self, earnings: Iterable[Earning]) -> "PaidBefore":
        """With what one more version paid."""
        earned, paid = self.earned, self.paid
        for earning in earnings:
            paid += earning.amount
            unlimited = earning.unlimited
            earned += earning.amount if unlimited is None else unlimited
        return PaidBefore(earned, paid)


NOTHING_BEFORE = PaidBefore()


def limit_running(
    rule: Rule,
    earnings: Iterable[Earning],
    step: Decimal,
    before: PaidBefore = NOTHING_BEFORE,
):
    """Apply cap and floor to the running sum of a period.

    Each amount becomes what it moves the limited sum by. After a new version of the
    plan the sum goes on: a lower cap takes nothing back of what was paid before it, a
    higher one does not pay what was capped before it.

    :param earnings: of one rule, employee and period, in the order of date and event
    """
    cap, floor = rule.cap, rule.floor
    paid, was_capped = before.paid, abs(before.paid) < abs(before.earned)
    earned = paid if was_capped else before.earned
    if paid:
        cap = None if cap is None else max(cap, abs(paid))
        if not was_capped and paid != earned:
            floor = max(floor or ZERO, abs(paid))
    for earning in earnings:
        earned += earning.amount
        payable = round_half_up(clamp(earned, cap, floor), step)
        is_capped = cap is not None and (floor is None or abs(earned) > cap)
        _change(rule, earning, payable - paid, is_capped, rule.cap_period)
        paid = payable


def _change(
    rule: Rule, earning: Earning, limited: Decimal, is_capped: bool, period: str
):
    if limited == earning.amount:
        return
    limit = rule.cap if is_capped or rule.floor is None else rule.floor
    earning.unlimited = earning.amount
    earning.change_amount(
        limited,
        "limit",
        kind="cap" if is_capped else "floor",
        value=number_text(limit or ZERO),
        period=period,
    )
