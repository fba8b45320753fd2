from decimal import Decimal

import pytest
from builders import given, money, tiers
from engine.tiers import Slice, bands, marginal_pay, rate_at, slices
from hypothesis import strategies as st

BANDS = bands(tiers((0, 1), (1000, 2), (5000, 3)))
FROM_1000 = bands(tiers((1000, 2), (5000, 3)))


def numbers(text):
    return [money(each) for each in text.split()]


def test_bands_end_where_the_next_one_starts():
    unsorted = bands(tiers((5000, 3), (0, 1), (1000, 2)))
    assert unsorted == BANDS
    assert [(band.start, band.end, band.rate) for band in BANDS] == [
        (0, 1000, 1),
        (1000, 5000, 2),
        (5000, None, 3),
    ]


def test_bounds_in_percent_of_a_target():
    scaled = bands(tiers((0, 1), ("87.5", 2)), Decimal(40000))
    assert [band.start for band in scaled] == [0, 35000]


@pytest.mark.parametrize(
    ("value", "lower", "upper"),
    [
        ("0", 1, 1),
        ("999.99", 1, 1),
        ("1000", 1, 2),
        ("1000.01", 2, 2),
        ("5000", 2, 3),
        ("9999999", 3, 3),
    ],
)
def test_boundary_belongs_to_the_declared_bracket(value, lower, upper):
    assert rate_at(BANDS, money(value), "lower", "whole") == lower
    assert rate_at(BANDS, money(value), "upper", "whole") == upper


@pytest.mark.parametrize(
    ("value", "lower", "upper"),
    [("0", None, None), ("999", None, None), ("1000", None, 2), ("1001", 2, 2)],
)
def test_below_the_first_bound_there_is_no_rate(value, lower, upper):
    assert rate_at(FROM_1000, money(value), "lower", "whole") == lower
    assert rate_at(FROM_1000, money(value), "upper", "whole") == upper


def test_no_brackets_pay_nothing():
    assert rate_at([], Decimal(5), "lower", "whole") is None
    assert marginal_pay([], Decimal(5)) == 0


@pytest.mark.parametrize(
    ("value", "rate"),
    [("0", "1"), ("500", "1.5"), ("1000", "2"), ("3000", "2.5"), ("9000", "3")],
)
def test_interpolated_rate_moves_in_a_straight_line(value, rate):
    for boundary in ("lower", "upper"):
        assert rate_at(BANDS, money(value), boundary, "interpolated") == money(rate)


@pytest.mark.parametrize(
    ("amount", "pay"),
    [("0", 0), ("1000", 10), ("2500", 40), ("6000", 120), ("-2500", -40)],
)
def test_marginal_pays_each_slice_at_its_own_rate(amount, pay):
    assert marginal_pay(BANDS, money(amount)) == pay


def test_marginal_pays_nothing_below_the_first_bound():
    assert marginal_pay(FROM_1000, Decimal(1000)) == 0
    assert marginal_pay(FROM_1000, Decimal(1500)) == 10


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("900", "1200", ["900 1000 1", "1000 1200 2"]),
        ("1200", "900", ["1200 1000 2", "1000 900 1"]),
        ("-500", "500", ["-500 0 1", "0 500 1"]),
        ("-1500", "0", ["-1500 -1000 2", "-1000 0 1"]),
        ("0", "-1500", ["0 -1000 1", "-1000 -1500 2"]),
        ("-1500", "-1200", ["-1500 -1200 2"]),
        ("700", "700", []),
    ],
)
def test_slices_between_two_positions(start, end, expected):
    found = slices(BANDS, money(start), money(end))
    assert found == [Slice(*numbers(each)) for each in expected]


values = st.decimals(-(10**6), 10**6, places=2)
rising_tiers = st.builds(
    lambda bounds, rates: tiers(*zip(sorted(bounds), sorted(rates), strict=False)),
    st.lists(st.integers(0, 500_000), min_size=1, max_size=5, unique=True),
    st.lists(st.decimals(0, 50, places=2), min_size=5, max_size=5),
)
any_tiers = st.builds(
    lambda pairs: tiers(*pairs.items()),
    st.dictionaries(
        st.integers(0, 500_000), st.decimals(0, 50, places=2), min_size=1, max_size=5
    ),
)


@given(any_tiers, values, values)
def test_marginal_is_monotone_and_continuous(tiers, one, other):
    low, high = sorted((one, other))
    step = marginal_pay(bands(tiers), high) - marginal_pay(bands(tiers), low)
    highest = max(tier.rate for tier in tiers)
    assert 0 <= step <= (high - low) * highest / 100


@given(any_tiers, values, values)
def test_slices_pay_the_difference_of_the_positions(tiers, start, end):
    parts = slices(bands(tiers), start, end)
    difference = marginal_pay(bands(tiers), end) - marginal_pay(bands(tiers), start)
    assert sum(part.pay for part in parts) == difference


@given(rising_tiers, values, values)
def test_interpolated_rate_is_monotone_and_between_the_neighbours(tiers, one, other):
    low, high = sorted((abs(one), abs(other)))
    rates = [
        rate_at(bands(tiers), value, "upper", "interpolated") for value in (low, high)
    ]
    present = [rate for rate in rates if rate is not None]
    assert present == sorted(present)
    assert all(tiers[0].rate <= rate <= tiers[-1].rate for rate in present)
