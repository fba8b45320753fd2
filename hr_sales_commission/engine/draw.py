"""Draws, guaranteed minimum, and negative balances that wait for better months."""

from decimal import Decimal

from .facts import ZERO


def recoverable_draw(
    earned: Decimal, draw: Decimal, debt: Decimal = ZERO
) -> tuple[Decimal, Decimal]:
    """Payment of a month under an advance that later earnings pay back.

    A month below the draw is topped up to it and the top-up is owed; what a month
    earns above the draw first pays back what is owed::

        repaid = min(debt, max(earned − draw, 0))
        payment = max(earned, draw) − repaid
        debt = debt + max(draw − earned, 0) − repaid

    :param debt: owed from the months before
    :returns: payment, and the debt after it
    """
    repaid = min(debt, max(earned - draw, ZERO))
    advanced = max(draw - earned, ZERO)
    return max(earned, draw) - repaid, debt + advanced - repaid


def guaranteed_minimum(earned: Decimal, minimum: Decimal) -> Decimal:
    """Payment of a month under a non-recoverable draw: nothing is owed for a top-up.

    ``earned`` is what remains after :func:`carry_forward`, so that a negative balance
    is not forgiven by the guarantee.
    """
    return max(earned, minimum)


def carry_forward(opening: Decimal, earned: Decimal) -> tuple[Decimal, Decimal]:
    """Never pay below zero: what is negative is carried to the next period.

    :param opening: negative balance from before, or zero
    :param earned: of this period, clawbacks included
    :returns: payment, and the balance to carry (zero or negative)
    """
    balance = opening + earned
    return max(balance, ZERO), min(balance, ZERO)


def max_deduction(
    base_pay: Decimal, minimum: Decimal, deduction: Decimal
) -> tuple[Decimal, Decimal]:
    """How much of ``deduction`` may be taken now, so that ``minimum`` is left.

    :param minimum: legal minimum wage of the place of work
    :returns: taken now, and carried to the next period
    """
    taken = min(deduction, max(base_pay - minimum, ZERO))
    return taken, deduction - taken
