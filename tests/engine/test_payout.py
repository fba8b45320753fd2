from datetime import date, timedelta
from decimal import Decimal

import pytest
from builders import money
from engine.payout import due_date, split_instalments
from hypothesis import given, strategies as st

CENT = Decimal("0.01")


def add_weekdays(day, count):
    while count:
        day += timedelta(1)
        count -= day.weekday() < 5
    return day


@pytest.mark.parametrize(
    ("day", "method", "days", "expected"),
    [
        (date(2025, 5, 6), "immediate", 0, date(2025, 5, 6)),
        (date(2024, 2, 3), "month_end", 0, date(2024, 2, 29)),
        (date(2025, 12, 31), "month_end", 15, date(2026, 1, 15)),
        (date(2025, 5, 8), "working_days", 7, date(2025, 5, 19)),
        (date(2025, 5, 10), "working_days", 1, date(2025, 5, 12)),
    ],
)
def test_due_date(day, method, days, expected):
    assert due_date(day, method, days, add_weekdays) == expected


def test_unknown_method():
    with pytest.raises(ValueError, match="payout"):
        due_date(date(2025, 1, 1), "someday", 0, add_weekdays)


def test_instalments():
    percents = [money("33.3"), money("33.3"), money("33.4")]
    assert split_instalments(money("0.10"), percents, CENT) == [
        money("0.03"),
        money("0.03"),
        money("0.04"),
    ]


def test_instalments_must_be_all_of_it():
    with pytest.raises(ValueError, match="100"):
        split_instalments(Decimal(100), [Decimal(60), Decimal(30)], CENT)


@given(st.decimals(-(10**7), 10**7, places=2), st.integers(0, 100))
def test_instalments_sum_to_the_amount(amount, percent):
    percents = [Decimal(percent), Decimal(100 - percent)]
    assert sum(split_instalments(amount, percents, CENT)) == amount
