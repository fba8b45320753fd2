"""Effect reports: intervals that hold, and claims that are seldom wrong."""

from decimal import Decimal as D
from random import Random

import pytest
from engine import effect


def test_wilson_by_the_book():
    """Newcombe 1998, table I and II: 81 of 263; 56/70 against 48/80."""
    z = effect.quantile(D("0.95"))
    assert abs(z - D("1.959964")) < D("0.00001")
    low, high = effect.wilson(effect.Share(81, 263), z)
    assert (round(low, 4), round(high, 4)) == (D("0.2553"), D("0.3662"))
    low, high = effect.newcombe([effect.Share(56, 70)], [effect.Share(48, 80)], z)
    assert (round(low, 4), round(high, 4)) == (D("0.0524"), D("0.3339"))
    assert effect.wilson(effect.Share(0, 0), z) == (0, 1)


def test_changes():
    sure = effect.change(effect.Share(22, 150), effect.Share(80, 210))
    assert sure.verdict == "sure"
    assert round(sure.estimate, 3) == D("0.234")
    none = effect.change(effect.Share(22, 150), effect.Share(30, 210))
    assert none.verdict == "none"
    more = effect.change(effect.Total.of_number(150), effect.Total.of_number(210))
    assert round(more.estimate, 2) == D("0.40")
    assert more.verdict == "sure"
    # the more figures are looked at, the wider
    assert effect.change(
        effect.Total.of_number(150), effect.Total.of_number(195), figures=8
    ).verdict in ("hint", "none")
    assert effect.change(effect.Share(0, 0), effect.Share(1, 2)).verdict == "unknown"


def draw_number(random, expected):
    """How many of something arrive by chance where so many are expected."""
    number, passed = 0, random.expovariate(1)
    while passed < expected:
        number, passed = number + 1, passed + random.expovariate(1)
    return number


def draw_period(random, growth=1.0, points=0.0, sigma=1.5):
    """A period by chance: a share of 300 leads, a number of deals, and their sum.

    :param growth: of the number of deals; their size grows by 10 % with it
    :param sigma: of the log-normal sizes: a few deals make up most of the sum
    """
    share = sum(random.random() < 0.15 + points for _lead in range(300))
    number = draw_number(random, 60 * growth)
    scale = 1.1 if growth > 1 else 1
    amounts = [
        D(repr(round(scale * random.lognormvariate(7, sigma), 2)))
        for _deal in range(number)
    ]
    return (
        effect.Share(share, 300),
        effect.Total.of_number(number),
        effect.Total.of_amounts(amounts),
    )


def compare_by_chance(seed, figures=1, has_pilot=False, **changed):
    """What is found of the share, the number and the sum in one experiment."""
    random = Random(seed)
    before, after = draw_period(random), draw_period(random, **changed)
    others = [None] * 3
    if has_pilot:
        others = list(zip(draw_period(random), draw_period(random), strict=True))
    return [
        effect.change(*each, figures=figures)
        for each in zip(before, after, others, strict=True)
    ]


@pytest.mark.parametrize("has_pilot", [False, True])
def test_intervals_hold_a_known_effect(has_pilot):
    """Ten points more, 30 % more deals, 43 % more money: in at least 90 of 100 runs."""
    truth = (D("0.10"), D("0.30"), D("0.43"))
    held, known = [0, 0, 0], [0, 0, 0]
    for seed in range(200):
        found = compare_by_chance(seed, has_pilot=has_pilot, growth=1.3, points=0.1)
        for number, (change, value) in enumerate(zip(found, truth, strict=True)):
            if change.low is not None:
                known[number] += 1
                held[number] += change.low <= value <= change.high
    assert min(known) >= 150, known  # heavy tails say nothing in some runs
    shares = [of_held / of_known for of_held, of_known in zip(held, known, strict=True)]
    assert min(shares) >= 0.90, shares


@pytest.mark.parametrize("has_pilot", [False, True])
def test_chance_is_seldom_claimed(has_pilot):
    """Where nothing changed, at most 7 of 100 runs claim it of a figure."""
    claims = [0, 0, 0]
    for seed in range(300):
        for number, change in enumerate(compare_by_chance(seed, has_pilot=has_pilot)):
            claims[number] += change.verdict == "sure"
    assert max(claims) <= 0.07 * 300, claims


def test_a_pilot_of_one_person_claims_no_more():
    """A dozen leads beside fifty: of the eight figures of a report no chance is claimed."""
    claims = 0
    for seed in range(300):
        random = Random(seed)
        found = []
        for leads in (12, 12, 48, 48):
            count = max(draw_number(random, leads), 1)
            hits = sum(random.random() < 0.3 for _lead in range(count))
            found.append(effect.Share(hits, count))
        change = effect.change(*found[:2], others=found[2:], figures=8)
        claims += change.verdict == "sure"
    assert claims <= 0.05 / 8 * 300 + 2, claims


def test_an_effect_is_found():
    """Ten points on 300 leads are found in most runs; together 5 of 100 are wrong."""
    found = [compare_by_chance(seed, figures=3, points=0.1)[0] for seed in range(60)]
    assert sum(change.verdict == "sure" for change in found) > 36
    wrong = [
        any(change.verdict == "sure" for change in compare_by_chance(seed, figures=3))
        for seed in range(200)
    ]
    assert sum(wrong) <= 0.07 * 200


def test_a_few_large_deals_say_nothing():
    """One deal of a million beside small ones: no interval has an end."""
    before = effect.Total.of_amounts([D(1000)] * 50 + [D(1000000)])
    after = effect.Total.of_amounts([D(1000)] * 50)
    found = effect.change(before, after)
    assert (round(found.estimate, 2), found.verdict) == (D("-0.95"), "unknown")
    assert effect.change(after, after).verdict == "none"
    beside = effect.change(after, after, others=(before, after))
    assert beside.verdict == "unknown"


def test_fieller_by_hand():
    """100 deals of 1 each time, z = 2: r² · 9,600 − 20,000 r + 9,600 ≤ 0."""
    total = effect.Total.of_number(100)
    low, high = effect.fieller(total, total, D(2))
    assert (round(low, 6), round(high, 6)) == (D("0.75"), D("1.333333"))


def test_difference_in_differences():
    grown = (effect.Total.of_number(1000), effect.Total.of_number(1400))
    alone = effect.change(*grown)
    beside = effect.change(*grown, others=grown)
    assert alone.verdict == "sure"
    assert (beside.verdict, round(beside.estimate, 6)) == ("none", 0)
    shares = (effect.Share(150, 1000), effect.Share(250, 1000))
    assert effect.change(*shares, others=shares).verdict == "none"
    flat = (effect.Share(150, 1000), effect.Share(150, 1000))
    assert effect.change(*shares, others=flat).verdict == "sure"
