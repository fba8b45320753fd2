# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a manager earns beyond what the people below earned on the same event."""

from collections.abc import Iterable
from decimal import Decimal

from .context import Context
from .earning import Earning
from .facts import ZERO, Credit
from .rounding import round_half_up


def take_off(
    earning: Earning,
    credit: Credit,
    below: Iterable[tuple[Credit, Decimal]],
    context: Context,
):
    """Leave of an earning what the people below have not earned already.

    Never less than nothing; of a refund, never more. So all of them together earn what
    the manager's rule pays, or what the people below earn where that is more.

    :param earning: what the manager's rule pays on ``credit``
    :param below: credits of the same event, each with what it earned in its own money
    """
    taken = sum(
        (_in_money_of(credit, each, paid, context) for each, paid in below), ZERO
    )
    if not taken:
        return
    left = earning.amount - taken
    if left and (left > ZERO) != (taken > ZERO):
        left = ZERO
    earning.change_amount(left, "below", value=str(taken))


def is_earned_below(earning: Earning) -> bool:
    """Whether the people below have earned all of it."""
    step = earning.trace.get("below")
    return step is not None and not Decimal(step["amount"])


def _in_money_of(
    credit: Credit, other: Credit, paid: Decimal, context: Context
) -> Decimal:
    """What another person of the event was paid, in the money of ``credit``."""
    whole, of_other = context.event_amount(credit), context.event_amount(other)
    if whole == of_other or not of_other:
        return paid
    return round_half_up(paid * whole / of_other, credit.rounding)
