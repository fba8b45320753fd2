from datetime import date, timedelta

import pytest
from engine.payout import due_date


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
