# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""How sure one can be that something changed: intervals by documented formulas.

- A share (won of qualified …): Wilson's score interval; the difference of two shares by
  Newcombe's hybrid of two Wilson intervals.
- A number or a sum (leads, revenue …): what arrives is taken as a compound Poisson
  process, whose variance is the sum of the squared amounts. The ratio of two periods has
  Fieller's interval: all ratios ``r`` with
  ``(after − r · before)² ≤ z² (after's squares + r² · before's squares)``. A few large
  deals widen it, up to saying nothing; the logarithm of the ratio, and drawing the deals
  again and again, claim effects of chance too often then.
- With a pilot, the change of the others is taken off: shares subtract, and so do the
  logarithms of ratios; intervals are put together as Newcombe's (difference in
  differences). Variances that add claim effects of chance too often where a pilot has
  a dozen leads.

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
        """The part as a fraction of 1; None of nothing."""
        return Decimal(self.hits) / self.count if self.count else None


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
        """The sum itself."""
        return self.amount


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


def newcombe(more, less, z: Decimal) -> tuple[Decimal, Decimal]:
    """Interval of what some shares come to less some others.

    :param Sequence[Share] more, less: those that are added, and those taken off
    """
    difference = sum((share.value for share in more), ZERO)
    difference -= sum((share.value for share in less), ZERO)
    down = up = ZERO
    for shares, is_more in ((more, True), (less, False)):
        for share in shares:
            low, high = wilson(share, z)
            below, above = (share.value - low) ** 2, (high - share.value) ** 2
            down += below if is_more else above
            up += above if is_more else below
    return difference - down.sqrt(), difference + up.sqrt()


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
    more, less = [after], [before]
    if others is not None:
        more.append(others[0])
        less.append(others[1])
    if not all(share.count for share in more + less):
        return Change(None)
    estimate = sum((share.value for share in more), ZERO)
    estimate -= sum((share.value for share in less), ZERO)
    return Change(estimate, *newcombe(more, less, z), *newcombe(more, less, hint))


def _change_of_totals(before, after, others, z, hint):
    known = [before, after, *(others or ())]
    if any(total.amount <= 0 for total in known):
        return Change(None)
    ratio = after.amount / before.amount
    if others is not None:
        ratio /= others[1].amount / others[0].amount
    bounds = []
    for width in (z, hint):
        interval = fieller(before, after, width)
        if others is not None:
            interval = _compare(ratio, interval, fieller(*others, width), others)
        if interval is None:
            return Change(ratio - 1)
        bounds += [bound - 1 for bound in interval]
    return Change(ratio - 1, *bounds)


def fieller(before: Total, after: Total, z: Decimal) -> tuple[Decimal, Decimal] | None:
    """Interval of the ratio of two totals, None where it has no end."""
    square = before.amount**2 - z * z * before.squares
    product = before.amount * after.amount
    root = product**2 - square * (after.amount**2 - z * z * after.squares)
    if square <= 0 or root < 0:
        return None
    root = root.sqrt()
    return max((product - root) / square, ZERO), (product + root) / square


def _compare(ratio, interval, other_interval, others):
    """Interval of the ratio of two ratios, None where it has no end.

    :param ratio: of the pilot, divided by that of the others
    :param interval, other_interval: of the pilot's ratio and of the others'
    :param others: their totals, before and after
    """
    if interval is None or other_interval is None or not other_interval[0]:
        return None
    other = others[1].amount / others[0].amount
    own = ratio * other
    up = _distance(interval[1] / own, other / other_interval[0]).exp()
    if not interval[0]:
        return ZERO, ratio * up
    down = _distance(own / interval[0], other_interval[1] / other).exp()
    return ratio / down, ratio * up


def _distance(*factors: Decimal) -> Decimal:
    """How far independent factors reach together, as a logarithm."""
    return sum((factor.ln() ** 2 for factor in factors), ZERO).sqrt()
