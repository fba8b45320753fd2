from datetime import date, timedelta
from decimal import Decimal

import pytest
from builders import given, plan
from engine.clawback import counts, kept_fraction, kept_under, months_between
from hypothesis import strategies as st

WON = date(2025, 1, 1)


def after(days):
    return WON + timedelta(days)


@pytest.mark.parametrize("method", ["recompute", "reverse"])
@pytest.mark.parametrize(
    ("elapsed", "window", "kept"),
    [(0, 90, 0), (90, 90, 0), (91, 90, 1), (5000, 0, 0), (-3, 90, 0)],
)
def test_all_is_taken_back_within_the_window(method, elapsed, window, kept):
    assert kept_fraction(WON, after(elapsed), window, method) == kept


@pytest.mark.parametrize(
    ("elapsed", "window", "kept"),
    [
        (0, 90, "0"),
        (45, 90, "0.5"),
        (90, 90, "1"),
        (91, 90, "1"),
        (-3, 90, "0"),
        (400, 0, "0"),
    ],
)
def test_prorata_keeps_the_part_of_the_window_that_passed(elapsed, window, kept):
    assert kept_fraction(WON, after(elapsed), window, "prorata") == Decimal(kept)


@given(
    st.integers(-10, 1000),
    st.integers(0, 500),
    st.sampled_from(["recompute", "reverse", "prorata"]),
)
def test_kept_is_a_fraction_that_grows_with_time(elapsed, window, method):
    kept = kept_fraction(WON, after(elapsed), window, method)
    assert 0 <= kept <= kept_fraction(WON, after(elapsed + 1), window, method) <= 1


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2025, 1, 15), date(2025, 1, 15), 0),
        (date(2025, 1, 15), date(2025, 2, 14), 0),
        (date(2025, 1, 15), date(2025, 2, 15), 1),
        (date(2025, 1, 15), date(2025, 4, 14), 2),
        (date(2024, 11, 15), date(2025, 2, 16), 3),
        # the last day of a shorter month completes the month of a later day
        (date(2025, 1, 31), date(2025, 2, 27), 0),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 2, 28), date(2025, 3, 27), 0),
        (date(2025, 2, 28), date(2025, 3, 31), 1),
        (date(2025, 3, 15), date(2025, 1, 15), 0),
    ],
)
def test_months_are_whole_ones(start, end, months):
    assert months_between(start, end) == months


@pytest.mark.parametrize(
    ("undone_on", "all_or_nothing", "in_parts"),
    [
        (date(2025, 1, 31), 0, 0),
        (date(2025, 4, 1), 0, "0.25"),
        (date(2025, 12, 31), 0, Decimal(11) / 12),
        (date(2026, 1, 1), 1, 1),
        (date(2027, 1, 1), 1, 1),
    ],
)
def test_a_window_in_months_takes_the_place_of_the_days(
    undone_on, all_or_nothing, in_parts
):
    for method in ("recompute", "reverse"):
        assert kept_fraction(WON, undone_on, 5, method, 12) == all_or_nothing
    assert kept_fraction(WON, undone_on, 5, "prorata", 12) == Decimal(in_parts)


def test_what_counts_in_measures():
    whole, nobody = Decimal(1), Decimal(0)
    undone = after(10)
    recomputed = plan(clawback_method="recompute", clawback_days=90)
    reversed_ = plan(clawback_method="reverse", clawback_days=90)
    assert counts(recomputed, whole, WON, None)
    assert not counts(recomputed, nobody, WON, None)
    assert not counts(recomputed, whole, WON, undone)
    assert counts(recomputed, whole, WON, after(91))
    assert counts(reversed_, whole, WON, undone)
    assert counts(None, whole, WON, None)
    assert not counts(None, whole, WON, undone)
    assert kept_under(None, WON, undone) == 0
