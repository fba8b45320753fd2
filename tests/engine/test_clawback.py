from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from builders import amounts, credit, given, money, plan, reasons, refund, rule, tiers
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


TIERS = {
    "tier_mode": "whole",
    "tier_measure": "cumulative",
    "tier_period": "month",
    "tiers": tiers((0, 5), (10_000, "7.5")),
}


def test_nothing_is_taken_back():
    """Neither for a loss nor for a refund, and brackets stay where they were."""
    lost = credit("8000.10", reversed_on=date(2025, 3, 1))
    sold = credit("2000.05")
    deals = [lost, sold, replace(refund(sold), date=date(2025, 1, 9))]
    kept = [money("600.01"), 150, 0]
    for method in ("none", "recompute"):
        final = rule(**TIERS, is_final=True)
        assert amounts(deals, final, clawback_method=method) == kept
    assert amounts(deals, rule(**TIERS)) == [0, 100, -100]
    assert reasons(deals, rule(**TIERS, is_final=True)) == ["never_taken_back"]


def test_a_lost_deal_keeps_its_place_below_the_target():
    """The target counts 4,000 by now; the slices are those of 6,000 and 4,000."""
    lost = credit(6000, reversed_on=date(2025, 3, 1))
    by_target = rule(
        tier_mode="marginal",
        tier_measure="attainment",
        tier_period="month",
        target_measure="won_amount",
        tiers=tiers((0, 5), (50, 10)),
        is_final=True,
    )
    targets = {(1, "won_amount", WON, "month"): money(10_000)}
    assert amounts([lost, credit(4000)], by_target, targets=targets) == [350, 400]


def test_what_never_was_is_taken_back():
    """A double, or money that settles another invoice: undone on its own day."""
    double = credit(1000, reversed_on=date(2025, 1, 5))
    assert amounts([double], rule(rate=5, is_final=True)) == [0]
    assert amounts([double], rule(**TIERS, is_final=True)) == [0]
    assert amounts([double], rule(rate=5), clawback_method="none") == [0]
    assert reasons([double], rule(**TIERS, is_final=True)) == ["reversed"]


def test_one_rule_of_several_is_final():
    lost = credit(1000, reversed_on=date(2025, 1, 20))
    rules = rule(id=1, rate="3.3"), rule(id=2, rate=1, is_final=True)
    window = {"clawback_method": "prorata", "clawback_days": 60}
    assert amounts([lost], *rules, **window) == [money("18.25")]
    assert amounts([lost], *rules, cap=money(40), cap_period="month") == [10]
