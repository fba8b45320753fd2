"""Parts of one whole, like the payments of an invoice, pay what the whole would."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from builders import amounts, credit, given, rule
from hypothesis import strategies

CENT = Decimal("0.01")
parts_of_invoices = strategies.lists(
    strategies.decimals(-5000, 5000, places=2), min_size=1, max_size=8
)
rates = strategies.decimals(0, 100, places=4)


@given(parts_of_invoices, rates)
def test_parts_sum_to_the_rounded_percentage_of_the_whole(parts, rate):
    before = [Decimal(0), *accumulate(parts[:-1])]
    credits = [
        credit(part, preceding=preceding)
        for part, preceding in zip(parts, before, strict=True)
    ]
    whole = (sum(parts) * rate / 100).quantize(CENT, ROUND_HALF_UP)
    assert sum(amounts(credits, rule(rate=rate))) == whole


def test_the_cent_of_rounding_is_in_the_trace():
    first, second, third = (
        credit(Decimal(part), preceding=Decimal(before))
        for part, before in (("33.33", 0), ("33.33", "33.33"), ("33.34", "66.66"))
    )
    earned = amounts([first, second, third], rule(rate=5))
    assert earned == [Decimal("1.67"), Decimal("1.66"), Decimal("1.67")]
