"""How sure one can be that something changed: intervals by documented formulas.

- A share (won of qualified …): Wilson's score interval; the difference of two shares by
  Newcombe's hybrid of two Wilson intervals.
- A number or a sum (leads, revenue …): what arrives is taken as a compound Poisson
  process, whose relative variance is ``Σ x² / (Σ x)²``; of a plain number that is
  ``1 / n``. Two periods are compared by the logarithm of their ratio.
- With a pilot, the change of the others is taken off: differences of shares subtract,
  logarithms of ratios subtract, variances add (difference in differences).

Figures are looked at together, so each interval is as wide as Bonferroni asks: all of
them hold at once in 95 of 100 cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

from .facts import ONE, ZERO

#: all intervals together are right in this part of the cases
CONFIDENCE = Decimal("0.95")
HINT = Decimal("0.80")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: ``hits`` of ``count``."""

    hits: int
    count: int

    @property
    def value(self) -> Decimal | None:
        return Decimal(self.hits) / self.count if self.count else None

    def variance(self) -> Decimal:
        """Of the share, kept away from zero by half a case on each side."""
        count = Decimal(self.count) + 1
        part = (Decimal(self.hits) + ONE / 2) / count
        return part * (1 - part) / count


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of amounts, or a number of things.

    :param squares: sum of the squared amounts; of a number the number itself
    """

    amount: Decimal
    squares: Decimal

    @classmethod
    def of_number(cls, count: int) -> "Total":
        """So many things, one each."""
        return cls(Decimal(count), Decimal(count))

    @classmethod
    def of_amounts(cls, amounts: Sequence[Decimal]) -> "Total":
        """The sum of these."""
        return cls(sum(amounts, ZERO), sum((each * each for each in amounts), ZERO))

    @property
    def value(self) -> Decimal:
        return self.amount

    def relative_variance(self) -> Decimal | None:
        """Variance of the logarithm, None of nothing."""
        return self.squares / self.amount**2 if self.amount > 0 else None


@dataclass(frozen=True, slots=True)
class Change:
    """A change with its interval; None where nothing can be said.

    Of shares in parts of one (0.10 = ten percentage points), of totals relative
    (0.40 = 40 % more).
    """

    estimate: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    hint_low: Decimal | None = None
    hint_high: Decimal | None = None

    @property
    def verdict(self) -> str:
        """``sure``, ``hint``, ``none`` or ``unknown``."""
        if self.low is None:
            return "unknown"
        if self.low > 0 or self.high < 0:
            return "sure"
        if self.hint_low > 0 or self.hint_high < 0:
            return "hint"
        return "none"


def quantile(confidence: Decimal, figures: int = 1) -> Decimal:
    """How many standard errors an interval reaches to each side.

    :param figures: how many intervals are to hold at once
    """
    missed = (1 - confidence) / figures
    return Decimal(repr(NormalDist().inv_cdf(Fraction(1 - missed / 2))))


def wilson(share: Share, z: Decimal) -> tuple[Decimal, Decimal]:
    """Wilson's score interval of a share; 0 to 1 without cases."""
    if not share.count:
        return ZERO, ONE
    count = Decimal(share.count)
    part = share.value
    centre = (part + z * z / (2 * count)) / (1 + z * z / count)
    half = (part * (1 - part) / count + z * z / (4 * count * count)).sqrt()
    half = half * z / (1 + z * z / count)
    return max(centre - half, ZERO), min(centre + half, ONE)


def newcombe(before: Share, after: Share, z: Decimal) -> tuple[Decimal, Decimal]:
    """Interval of the difference of two shares (after less before)."""
    low_before, high_before = wilson(before, z)
    low_after, high_after = wilson(after, z)
    difference = after.value - before.value
    down = ((after.value - low_after) ** 2 + (high_before - before.value) ** 2).sqrt()
    up = ((high_after - after.value) ** 2 + (before.value - low_before) ** 2).sqrt()
    return difference - down, difference + up


def change(before, after, others=None, figures: int = 1) -> Change:
    """What changed between two periods, with how sure one can be.

    :param before, after: two :class:`Share` or two :class:`Total`
    :param others: (before, after) of those without the change, None without a pilot
    :param figures: how many figures are looked at together
    """
    z, hint = quantile(CONFIDENCE, figures), quantile(HINT, figures)
    if isinstance(before, Share):
        return _change_of_shares(before, after, others, z, hint)
    return _change_of_totals(before, after, others, z, hint)


def _change_of_shares(before, after, others, z, hint):
    known = [before, after, *(others or ())]
    if not all(share.count for share in known):
        return Change(None)
    estimate = after.value - before.value
    if others is None:
        return Change(
            estimate, *newcombe(before, after, z), *newcombe(before, after, hint)
        )
    estimate -= others[1].value - others[0].value
    error = sum((share.variance() for share in known), ZERO).sqrt()
    return Change(
        estimate,
        estimate - z * error,
        estimate + z * error,
        estimate - hint * error,
        estimate + hint * error,
    )


def _change_of_totals(before, after, others, z, hint):
    known = [before, after, *(others or ())]
    variances = [total.relative_variance() for total in known]
    if None in variances:
        return Change(None)
    logarithm = (after.amount / before.amount).ln()
    if others is not None:
        logarithm -= (others[1].amount / others[0].amount).ln()
    error = sum(variances, ZERO).sqrt()
    return Change(
        *((logarithm + times * error).exp() - 1 for times in (ZERO, -z, z, -hint, hint))
    )
