from calendar import monthrange
from datetime import date, timedelta

import pytest
from builders import JANUARY_5, given, rule, tiers
from engine.facts import WeekYear, YearStart
from engine.periods import (
    context_window,
    has_event_limit,
    looks_at_period,
    month_number,
    period_of,
    period_start,
)
from hypothesis import strategies as st

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
QUARTER = (date(2025, 1, 1), date(2025, 3, 31))
MONTH = (date(2025, 1, 1), date(2025, 1, 31))
SLICES = {"tier_mode": "marginal", "tiers": tiers((0, 3), (100, 5))}
CUMULATIVE = {**SLICES, "tier_measure": "cumulative"}


@pytest.mark.parametrize(
    ("day", "period", "start", "end"),
    [
        (date(2024, 2, 29), "month", date(2024, 2, 1), date(2024, 2, 29)),
        (date(2025, 12, 31), "month", date(2025, 12, 1), date(2025, 12, 31)),
        (date(2025, 12, 1), "quarter", date(2025, 10, 1), date(2025, 12, 31)),
        (date(2025, 4, 1), "quarter", date(2025, 4, 1), date(2025, 6, 30)),
        (date(2025, 7, 7), "year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_period_of(day, period, start, end):
    assert period_of(day, period) == (start, end)


@given(
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.sampled_from(["week", "month", "quarter", "year"]),
)
def test_a_period_contains_its_day_and_is_the_period_of_its_ends(day, period):
    start, end = period_of(day, period)
    assert start <= day <= end
    assert period_of(start, period) == period_of(end, period) == (start, end)


@pytest.mark.parametrize(
    ("values", "window"),
    [
        ({}, None),
        ({"tier_period": "month"}, None),
        ({"cap": 10, "cap_period": "event"}, None),
        ({"cap_period": "year"}, None),
        ({**SLICES, "tier_period": "month"}, None),
        ({**CUMULATIVE, "tier_period": "month"}, MONTH),
        ({**CUMULATIVE, "tier_period": "quarter"}, QUARTER),
        ({**SLICES, "tier_measure": "won_count", "tier_period": "year"}, YEAR),
        ({"cap": 10, "cap_period": "quarter"}, QUARTER),
        ({"floor": 10, "cap_period": "month"}, MONTH),
        (
            {**CUMULATIVE, "tier_period": "month", "cap": 9, "cap_period": "year"},
            YEAR,
        ),
        ({"once": True, "tier_period": "quarter"}, QUARTER),
        ({"once": True}, YEAR),
        ({"once": True, "date_start": date(2025, 1, 3)}, YEAR),
        (
            {
                "once": True,
                "date_start": date(2024, 11, 1),
                "date_end": date(2025, 2, 28),
            },
            (date(2024, 11, 1), date(2025, 2, 28)),
        ),
    ],
)
def test_context_window(values, window):
    assert context_window(rule(**values), JANUARY_5) == window


def test_the_window_reaches_from_the_first_to_the_last_of_its_periods():
    """From a day that starts none of them: the quarter starts before the month."""
    both = rule(
        tier_mode="whole",
        tier_measure="cumulative",
        tier_period="month",
        tiers=(),
        cap=1,
        cap_period="quarter",
    )
    quarter = (date(2025, 4, 1), date(2025, 6, 30))
    for month in (4, 5, 6):
        assert context_window(both, date(2025, month, 15)) == quarter
        assert looks_at_period(both)
    alone = rule(tier_mode="whole", tier_measure="amount", cap=1)
    assert context_window(alone, date(2025, 5, 15)) is None
    assert not looks_at_period(alone)


@pytest.mark.parametrize(
    ("year_start", "period", "start", "end"),
    [
        ((4,), "year", date(2024, 4, 1), date(2025, 3, 31)),
        ((4,), "quarter", date(2025, 1, 1), date(2025, 3, 31)),
        ((2,), "quarter", date(2024, 11, 1), date(2025, 1, 31)),
        ((12,), "year", date(2024, 12, 1), date(2025, 11, 30)),
        ((7,), "month", date(2025, 1, 1), date(2025, 1, 31)),
        # the fifth of January is the last day of the third British quarter
        ((4, 6), "quarter", date(2024, 10, 6), date(2025, 1, 5)),
        ((4, 6), "year", date(2024, 4, 6), date(2025, 4, 5)),
        ((1, 5), "year", date(2025, 1, 5), date(2026, 1, 4)),
        ((12, 26), "month", date(2024, 12, 26), date(2025, 1, 25)),
        # shorter months begin on their last day
        ((1, 31), "year", date(2024, 1, 31), date(2025, 1, 30)),
        ((11, 30), "quarter", date(2024, 11, 30), date(2025, 2, 27)),
        ((1, 29), "month", date(2024, 12, 29), date(2025, 1, 28)),
    ],
)
def test_years_begin_where_the_company_says(year_start, period, start, end):
    assert period_of(JANUARY_5, period, YearStart(*year_start)) == (start, end)


@pytest.mark.parametrize(
    ("day", "period", "start", "end"),
    [
        # retailers: from the Sunday nearest to 1 February; 2023 has 53 weeks
        (date(2024, 2, 3), "year", date(2023, 1, 29), date(2024, 2, 3)),
        (date(2024, 2, 3), "month", date(2023, 12, 31), date(2024, 2, 3)),
        (date(2024, 2, 4), "year", date(2024, 2, 4), date(2025, 2, 1)),
        (date(2024, 3, 3), "month", date(2024, 3, 3), date(2024, 4, 6)),
        (date(2024, 3, 2), "month", date(2024, 2, 4), date(2024, 3, 2)),
        (date(2024, 5, 4), "quarter", date(2024, 2, 4), date(2024, 5, 4)),
        (date(2024, 2, 3), "quarter", date(2023, 10, 29), date(2024, 2, 3)),
        (date(2024, 2, 3), "week", date(2024, 1, 28), date(2024, 2, 3)),
    ],
)
def test_years_of_whole_weeks(day, period, start, end):
    retail = WeekYear(2, 1, (4, 5, 4), weekday=6)
    assert period_of(day, period, retail) == (start, end)
    assert period_start(day, period, retail) == start


def test_whole_weeks_from_the_monday_nearest_to_new_year():
    """As weeks are numbered in calendars: 2020 has 53, its twelfth month six of them."""
    by_quarter = WeekYear(1, 1, (4, 4, 5))
    assert period_of(date(2021, 1, 3), "year", by_quarter) == (
        date(2019, 12, 30),
        date(2021, 1, 3),
    )
    assert month_number(date(2019, 12, 30), by_quarter) == 1
    assert month_number(date(2020, 1, 27), by_quarter) == 2
    assert period_of(date(2021, 1, 3), "month", by_quarter)[0] == date(2020, 11, 23)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["week", "month", "quarter", "year"]),
    st.builds(
        WeekYear,
        st.integers(1, 12),
        st.integers(1, 31),
        st.permutations((4, 4, 5)).map(tuple),
        st.integers(0, 6),
    ),
)
def test_periods_of_whole_weeks_follow_each_other(day, period, year):
    start, end = period_of(day, period, year)
    assert start <= day <= end
    assert start.weekday() == year.weekday
    assert (end - start).days % 7 == 6
    assert period_of(end + timedelta(days=1), period, year)[0] == end + timedelta(1)
    first, last = period_of(day, "year", year)
    assert first <= start or period == "week"
    assert (last - first).days in (363, 370)
    assert 1 <= month_number(day, year) <= 12


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["month", "quarter", "year"]),
    st.builds(YearStart, st.integers(1, 12), st.integers(1, 31)),
)
def test_periods_of_any_year_follow_each_other(day, period, year_start):
    start, end = period_of(day, period, year_start)
    assert start <= day <= end
    following = period_of(end + timedelta(days=1), period, year_start)
    assert following[0] == end + timedelta(days=1)
    year = period_of(day, "year", year_start)
    assert year[0].month == year_start.month
    last_day = monthrange(year[0].year, year[0].month)[1]
    assert year[0].day == min(year_start.day, last_day)
    assert year[0] <= start
    assert end <= year[1]


def test_a_rule_without_limits_has_none_of_an_event():
    assert has_event_limit(rule(cap=10, cap_period="event"))
    assert has_event_limit(rule(floor=10, cap_period="event"))
    assert not has_event_limit(rule(cap=10, cap_period="month"))
    assert not has_event_limit(rule(cap_period="event"))


@pytest.mark.parametrize(
    ("values", "looks"),
    [
        ({**CUMULATIVE, "tier_period": "month"}, True),
        ({**CUMULATIVE, "tier_period": "event"}, False),
        ({"tier_period": "month"}, False),
        ({"once": True}, True),
    ],
)
def test_a_rule_that_must_know_more_than_its_event(values, looks):
    assert looks_at_period(rule(**values)) is looks
