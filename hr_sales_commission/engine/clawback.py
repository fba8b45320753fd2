"""What is left of a commission when its deal is undone."""

from datetime import date
from decimal import Decimal

from .facts import ONE, ZERO

RECOMPUTE = "recompute"
REVERSE = "reverse"
PRORATA = "prorata"


def kept_fraction(
    event_date: date, reversed_on: date, clawback_days: int, method: str
) -> Decimal:
    """The part of a commission that is kept after its deal was undone, 0 to 1.

    1 when the deal was undone more than ``clawback_days`` days after its event. Within
    the window nothing is kept, or with the method ``prorata`` the part of the window
    that has passed::

        kept = elapsed days / clawback_days

    :param clawback_days: 0 = a window without end, of which no part ever passes
    :param method: ``recompute``, ``reverse`` or ``prorata``
    """
    if not clawback_days:
        return ZERO
    elapsed = max((reversed_on - event_date).days, 0)
    if elapsed > clawback_days:
        return ONE
    if method == PRORATA:
        return Decimal(elapsed) / clawback_days
    return ZERO
