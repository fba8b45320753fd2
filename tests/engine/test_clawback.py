from datetime import date, timedelta
from decimal import Decimal

import pytest
from engine.clawback import kept_fraction
from hypothesis import given, strategies as st

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
