from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from engine import payout
from engine.facts import YearStart
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
        (date(2025, 5, 6), "days", 30, date(2025, 6, 5)),
        (date(2024, 2, 3), "month_end", 0, date(2024, 2, 29)),
        (date(2025, 12, 31), "month_end", 15, date(2026, 1, 15)),
        (date(2026, 1, 31), "after_next_month", 0, date(2026, 2, 28)),
        (date(2025, 12, 5), "after_next_month", 10, date(2026, 2, 10)),
        (date(2026, 2, 14), "months", 2, date(2026, 4, 14)),
        (date(2026, 1, 31), "months", 1, date(2026, 2, 28)),
        (date(2026, 11, 30), "months", 3, date(2027, 2, 28)),
        (date(2026, 2, 14), "after_quarter", 30, date(2026, 4, 30)),
        (date(2026, 5, 31), "working_days_after_month", 5, date(2026, 6, 5)),
        (date(2026, 1, 2), "working_days_after_month", 0, date(2026, 1, 31)),
        (date(2025, 5, 8), "working_days", 7, date(2025, 5, 19)),
        (date(2025, 5, 10), "working_days", 1, date(2025, 5, 12)),
    ],
)
def test_due_date(day, method, days, expected):
    assert due_date(day, method, days, add_weekdays) == expected


def test_the_quarter_is_of_the_years_of_the_company():
    due = due_date(date(2026, 2, 14), "after_quarter", 0, add_weekdays, YearStart(2, 1))
    assert due == date(2026, 4, 30)


def test_terms_of_an_addon_count_from_the_end_of_a_period(monkeypatch):
    monkeypatch.setattr(payout, "PAYOUTS", {})
    monkeypatch.setattr(payout, "PERIOD_OF_TERMS", {})
    payout.register_payout("day", lambda day, days, add: day)
    payout.register_payout("year", lambda day, days, add: day, period="year")
    day, year_start = date(2026, 2, 14), YearStart(7, 1)
    assert due_date(day, "day", 0, add_weekdays, year_start) == day
    assert due_date(day, "year", 0, add_weekdays, year_start) == date(2026, 6, 30)


def test_released_on_the_day_that_is_known():
    release = payout.released_by("accepted_day")
    day = date(2026, 2, 14)
    for facts, expected in (({}, None), ({"accepted_day": day.toordinal()}, day)):
        assert release.day_of(SimpleNamespace(facts=facts)) == expected


def test_unknown_method():
    with pytest.raises(ValueError, match="payout"):
        due_date(date(2025, 1, 1), "someday", 0, add_weekdays)
