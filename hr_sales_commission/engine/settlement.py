# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a month pays: balances carried forward, draws and the guaranteed minimum."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .facts import ZERO


@dataclass(frozen=True, slots=True)
class Settlement:
    """The settlement of a month.

    :param paid: what is paid out, never below zero
    :param draw: advanced (+) or recovered (−) in this month; with the lines that are
        settled it makes up what is paid
    :param debt: advances still to be recovered; below zero: what was earned above
        the most that a month pays, or below the least, and is carried
    :param closing: balance carried to the next month, above zero only by such a carry
    """

    paid: Decimal
    draw: Decimal
    debt: Decimal
    closing: Decimal


def settle(
    opening: Decimal,
    earned: Decimal,
    adjusted: Decimal = ZERO,
    *,
    debt: Decimal = ZERO,
    draw: Decimal = ZERO,
    is_recoverable: bool = True,
    minimum: Decimal = ZERO,
    recovery_max: Decimal | None = None,
    most: Decimal | None = None,
    paid_before: Decimal = ZERO,
    least: Decimal | None = None,
    leaving: str | None = None,
) -> Settlement:
    """Settle a month::

        top-up  = max(guarantee − earned, 0)   (guarantee: minimum, non-recoverable draw)
        balance = opening + earned + adjusted + top-up
        paid    = max(balance, balance without the debt − recovery_max, draw, minimum, 0)
                  and never above most − paid_before; below least only what is promised
        closing = balance − paid

    A guarantee is a gift where the month earned too little; where it only keeps a
    deduction from taking everything, the rest of the deduction is carried.

    :param opening: closing balance of the month before: what is owed, or is carried
    :param earned: commissions and bonus of the month
    :param adjusted: differences of earlier months, clawbacks
    :param debt: the part of what is owed that was advanced
    :param draw: least that is paid in a month
    :param is_recoverable: a draw above what was earned is owed back
    :param minimum: guaranteed pay of a month
    :param recovery_max: most that one month gives back of the debt; the rest is carried
    :param most: most that is paid in a month, or in the quarter or year around it; what
        is above it is carried, as a debt below zero
    :param paid_before: paid already of what ``most`` limits
    :param least: a payment below it is carried, too, but for draw and minimum
    :param leaving: of the month in which somebody leaves, and later ones: what is owed
        lapses (``lapse``), or the month's pay is taken first (``last``); None: it stays
    """
    guarantee = max(minimum, ZERO if is_recoverable else draw)
    top_up = max(guarantee - max(earned, ZERO), ZERO)
    balance = opening + earned + adjusted + top_up
    if leaving == "lapse":
        balance += max(-opening, ZERO)
    payable = balance
    if recovery_max is not None and debt > recovery_max and not leaving:
        payable += debt - recovery_max
    paid = max(payable, draw, minimum, ZERO)
    if most is not None:
        paid = min(paid, max(most - paid_before, ZERO))
    if least is not None and paid < least:
        paid = min(paid, max(draw, minimum))
    closing = balance - paid
    if leaving:
        closing = max(closing, ZERO)  # nothing is owed any more
    lines = opening + debt + earned + adjusted
    if not paid and not leaving and lines <= ZERO:  # it stays open, until it is earned
        return Settlement(paid=ZERO, draw=ZERO, debt=debt, closing=closing)
    return Settlement(paid=paid, draw=paid - lines, debt=-closing, closing=closing)


def bearing(terms: Mapping, is_at_home: bool) -> tuple[Decimal, bool]:
    """How much speaks for a company to be the one that keeps a promise.

    Several may pay a person in a month, and what is promised is promised once: by the
    company that promises most, of equal ones by the person's own. It is settled last,
    when what the others pay is known.

    :param terms: as of :func:`settle`
    """
    return max(terms.get("draw", ZERO), terms.get("minimum", ZERO)), is_at_home


def promise_once(terms: Mapping, elsewhere: Decimal, is_bearer: bool) -> dict:
    """The terms of a month of somebody whom other companies may pay as well.

    :param elsewhere: what those pay in the month, a part of what is promised
    :param is_bearer: whether this company keeps the promise, see :func:`bearing`
    """
    return dict(terms) | {
        name: max(terms[name] - elsewhere, ZERO) if is_bearer else ZERO
        for name in ("draw", "minimum")
        if name in terms
    }


@dataclass(slots=True)
class Months:
    """Somebody's months, settled one after the other.

    :param opening: closing balance of the last month
    :param debt: see :class:`Settlement`
    :param paid: what months paid, with their first days; also by whoever else pays
        this person
    """

    opening: Decimal = ZERO
    debt: Decimal = ZERO
    paid: list[tuple[date, Decimal]] = field(default_factory=list)

    def get_paid_since(self, day: date) -> Decimal:
        """What was paid for months that begin on a day or later."""
        return sum((amount for month, amount in self.paid if month >= day), ZERO)

    def settle(
        self,
        month: date,
        earned: Decimal,
        *,
        most_since: date | None = None,
        **terms,
    ) -> Settlement:
        """Settle the next month.

        :param most_since: first day of the period in which at most ``most`` is paid
        :param terms: as of :func:`settle`
        """
        before = self.get_paid_since(most_since or month)
        settlement = settle(
            self.opening, earned, debt=self.debt, paid_before=before, **terms
        )
        self.opening, self.debt = settlement.closing, settlement.debt
        self.paid.append((month, settlement.paid))
        return settlement
