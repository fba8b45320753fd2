from calendar import monthrange
from datetime import date, timedelta

import pytest
from builders import JANUARY_5, given, rule, tiers
from engine.facts import YearStart
from engine.periods import (
    context_window,
    has_event_limit,
    looks_at_period,
    period_of,
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
