"""Computations that vendors and manuals publish, by their number in the case list.

W42 and W45 stand in test_attribution, W31, W36 and W41 in test_settlement.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from builders import amounts, credit, money, pay, plan, rule, tiers, total
from engine.compute import compute
from engine.explain import explain_award

W1_TIERS = tiers((0, 1), (1000, 2), (3000, 3), (8000, 5))
W5_TIERS = tiers((0, 4), (150_000, 6), (250_000, 8))
W6_TIERS = tiers((0, 5), (200_000, 8))
W9_TIERS = tiers((0, "1.75"), (1_500_000, "2.5"))
W11_TIERS = tiers((0, 25), (500, 30), (3000, 40))


def by_day(sales):
    start = date(2025, 1, 1)
    return [credit(sale, start + timedelta(n)) for n, sale in enumerate(sales)]


PER_EVENT = [
    (
        "W1 each transaction on its own",
        W1_TIERS,
        [200, 300, 1500, 1200, 2000, 4500],
        [2, 3, 20, 14, 30, 95],
    ),
    ("W4", tiers((0, 1), (1000, 2), (5000, 3)), [2500], [40]),
    ("W6 marginal", W6_TIERS, [300_000], [18_000]),
    ("W11", W11_TIERS, [400, 100, 1500, 5000], [100, 25, 425, 1675]),
]


@pytest.mark.parametrize(
    ("bands", "sales", "expected"),
    [case[1:] for case in PER_EVENT],
    ids=[case[0] for case in PER_EVENT],
)
def test_marginal_tiers_within_each_event(bands, sales, expected):
    per_event = rule(tier_mode="marginal", tiers=bands)
    assert amounts(by_day(sales), per_event) == expected


def test_w1_cumulated_over_the_quarter():
    sales = by_day([200, 300, 1500, 1200, 2000, 4500])
    quarter = rule(
        tier_mode="marginal",
        tier_measure="cumulative",
        tier_period="quarter",
        tiers=W1_TIERS,
    )
    assert total(sales, quarter) == 285


def test_w4_shows_both_slices_and_the_blended_rate():
    per_event = rule(tier_mode="marginal", tiers=tiers((0, 1), (1000, 2), (5000, 3)))
    [award] = pay(by_day([2500]), per_event)
    assert award.rate == money("1.6")
    assert explain_award(award.trace) == (
        "1,000 at 1 % = 10 + 1,500 at 2 % = 30; together 40.00, 1.6 % of 2,500"
    )


def test_w5_a_deal_that_crosses_the_bound():
    month = rule(
        tier_mode="marginal",
        tier_measure="cumulative",
        tier_period="month",
        tiers=W5_TIERS,
    )
    award = pay(by_day([145_000, 20_000]), month)[1]
    assert (award.amount, award.rate) == (1100, money("5.5"))
    assert [(part["amount"], part["rate"]) for part in award.trace["slices"]] == [
        ("5000", "4"),
        ("15000", "6"),
    ]


def test_w6_whole_amount():
    whole = rule(
        tier_mode="whole",
        tier_measure="cumulative",
        tier_period="year",
        tiers=W6_TIERS,
    )
    assert total(by_day([120_000, 100_000, 80_000]), whole) == 24_000


@pytest.mark.parametrize(
    ("boundary", "expected"), [("lower", 26_250), ("upper", 37_500)]
)
def test_w9_exactly_on_the_bound(boundary, expected):
    whole = rule(
        tier_mode="whole",
        tier_measure="cumulative",
        tier_period="year",
        tier_boundary=boundary,
        tiers=W9_TIERS,
    )
    assert total(by_day([900_000, 600_000]), whole) == expected


def test_w24_a_fixed_amount_a_meeting_and_shares_of_a_deal():
    rules = [
        rule(id=1, event_type="meeting_held", amount_type="fixed", amount=50),
        rule(id=2, rate=2, employee_ids=frozenset({1})),
        rule(id=3, rate=10, employee_ids=frozenset({2})),
    ]
    credits = [
        credit(0, event_type="meeting_held", employee_id=1),
        credit(15_000, event_id=9, share="0.15", employee_id=1),
        credit(85_000, event_id=9, share="0.85", employee_id=2),
    ]
    earned = {1: Decimal(0), 2: Decimal(0)}
    for award in pay(credits, *rules):
        earned[award.employee_id] += award.amount
    assert earned == {1: 350, 2: 8500}


def test_w27_override_of_the_manager():
    sales = [75_000, 60_000, 67_500, 52_500, 45_000]
    own = rule(id=1, rate=10)
    override = replace(own, id=2, role="manager", manager_level=1, rate=Decimal(3))
    credits = []
    for number, sale in enumerate(sales, start=1):
        credits.append(credit(sale, event_id=number, employee_id=number))
        credits.append(
            credit(
                sale, event_id=number, employee_id=99, role="manager", manager_level=1
            )
        )
    earned = amounts(credits, own, override)
    assert earned[0::2] == [7500, 6000, 6750, 5250, 4500]
    assert earned[1::2] == [2250, 1800, 2025, 1575, 1350]
    assert sum(earned[1::2]) == 9000


def test_w29_for_every_order_with_at_least_ten_units_in_the_year():
    spiff = rule(
        event_type="order_confirmed",
        amount_type="fixed",
        amount=250,
        min_quantity=10,
        date_start=date(2025, 1, 1),
        date_end=date(2025, 12, 31),
    )
    orders = [
        credit(900, day, event_type="order_confirmed", quantity=units)
        for day, units in (
            (date(2024, 12, 31), 50),
            (date(2025, 1, 1), 10),
            (date(2025, 6, 1), 9),
            (date(2025, 12, 31), 200),
            (date(2026, 1, 1), 10),
        )
    ]
    assert amounts(orders, spiff) == [0, 250, 0, 250, 0]


def test_w35_half_is_clawed_back():
    won = date(2025, 1, 1)
    rules = {"clawback_days": 100, "clawback_method": "prorata"}
    [before] = pay([credit(200_000, won)], rule(rate=5), **rules)
    undone = credit(200_000, won, reversed_on=won + timedelta(50))
    [after] = pay([undone], rule(rate=5), **rules)
    assert (before.amount, after.amount - before.amount) == (10_000, -5_000)


REFERENCE_POLICY = (
    rule(
        id=1,
        event_type="lead_qualified",
        role="marketing",
        commission_source="marketing",
        amount_type="fixed",
        amount=100,
    ),
    rule(id=2, role="marketing", commission_source="marketing", rate=2),
    rule(id=3, commission_source="marketing", rate=3),
    rule(id=4, commission_source="marketing", rate=1, is_bonus=True),
    rule(id=5, commission_source="own", rate=5),
    rule(id=6, role="marketing", commission_source="referral", rate=1),
    rule(id=7, commission_source="referral", rate=3),
)
OLD_POLICY = (
    rule(id=11, role="marketing", rate=4),
    rule(id=12, commission_source="marketing", rate=2),
    rule(id=13, commission_source="own", rate=5),
)


def deal(amount, source, **values):
    """Both people of a won deal: marketing (employee 1) and sales (employee 2)."""
    event = credit(amount, role="marketing", commission_source=source, **values)
    return [event, replace(event, id=-event.id, role="sales", employee_id=2)]


def reference_month():
    leads = [
        credit(
            0,
            event_type="lead_qualified",
            role="marketing",
            commission_source="marketing",
        )
        for _ in range(100)
    ]
    return leads + [each for _ in range(50) for each in deal(10_000, "marketing")]


def by_person_and_kind(awards):
    sums = {}
    for award in awards:
        key = award.employee_id, award.kind
        sums[key] = sums.get(key, 0) + award.amount
    return sums


def test_w47_and_w48_a_month_under_the_reference_policy():
    awards = pay(reference_month(), *REFERENCE_POLICY)
    assert sum(award.amount for award in awards if award.rule_id == 1) == 10_000
    assert by_person_and_kind(awards) == {
        (1, "commission"): 20_000,
        (2, "commission"): 15_000,
        (2, "bonus"): 5_000,
    }


@pytest.mark.parametrize(
    ("source", "expected"), [("own", {2: 500}), ("referral", {1: 100, 2: 300})]
)
def test_w49_own_and_referred_customers(source, expected):
    awards = pay(deal(10_000, source), *REFERENCE_POLICY)
    assert {award.employee_id: award.amount for award in awards} == expected
    assert not any(award.held for award in awards)


def test_w50_the_same_events_before_and_after_the_reform():
    events = reference_month()
    plans = {1: plan(*OLD_POLICY)}, {1: plan(*REFERENCE_POLICY)}
    old, new = (by_person_and_kind(compute(events, each).awards) for each in plans)
    assert old == {(1, "commission"): 20_000, (2, "commission"): 10_000}
    assert new[1, "commission"] - old[1, "commission"] == 0
    assert new[2, "commission"] + new[2, "bonus"] - old[2, "commission"] == 10_000


def test_w26_credit_for_an_order_of_two_people():
    pair = [credit(500, event_id=1, share="0.5", employee_id=n) for n in (1, 2)]
    assert amounts(pair, rule(rate=10)) == [50, 50]
