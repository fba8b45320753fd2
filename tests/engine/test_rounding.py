from decimal import Decimal

import pytest
from builders import given, money
from engine.rounding import allot, round_half_up, to_decimal
from hypothesis import strategies as st

CENT = Decimal("0.01")

amounts = st.decimals(-(10**9), 10**9, places=4)
weights = st.lists(st.decimals(0, 1000, places=6), min_size=1, max_size=8).filter(any)
steps = st.sampled_from([Decimal(step) for step in ("0.01", "0.05", "0.001", "1")])


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        ("2.345", "0.01", "2.35"),
        ("-2.345", "0.01", "-2.35"),
        ("2.3449999", "0.01", "2.34"),
        ("1.025", "0.05", "1.05"),
        ("1.024", "0.05", "1.00"),
        ("0.5", "1", "1"),
        ("149.5", "1E+2", "100"),
    ],
)
def test_half_goes_away_from_zero(value, step, expected):
    assert round_half_up(money(value), money(step)) == money(expected)


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        ("100", "1 1 1", "33.34 33.33 33.33"),
        ("-100", "1 1 1", "-33.34 -33.33 -33.33"),
        ("0.01", "1 1", "0.01 0"),
        ("1000", "0.5 0.5", "500 500"),
        ("10", "1 0 3", "2.50 0 7.50"),
        ("0.05", "0.2 0.3 0.5", "0.01 0.02 0.02"),
    ],
)
def test_largest_remainders_get_what_is_left_over(total, weights, expected):
    parts = allot(money(total), [money(each) for each in weights.split()], CENT)
    assert parts == [money(each) for each in expected.split()]


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(2), Decimal(-1)]])
def test_nobody_to_share_with(weights):
    with pytest.raises(ValueError, match="share"):
        allot(Decimal(10), weights, CENT)


@given(amounts, steps)
def test_rounding_is_the_nearest_multiple(value, step):
    rounded = round_half_up(value, step)
    assert abs(rounded - value) <= step / 2
    assert rounded % step == 0
    assert round_half_up(-value, step) == -rounded


@given(amounts, weights, steps)
def test_parts_sum_to_the_whole(total, weights, step):
    parts = allot(total, weights, step)
    whole = round_half_up(total, step)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert part % step == 0
        assert abs(part - whole * weight / sum(weights)) < step
        assert weight or not part


def test_a_stored_float_is_what_the_user_typed():
    assert to_decimal(0.1) == money("0.1")
    assert [to_decimal(value) for value in (0, None, False)] == [0, 0, 0]
