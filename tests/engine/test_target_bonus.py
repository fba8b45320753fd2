"""A percentage of a person's own target bonus, for what is attained of the target."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import hypothesis.strategies as st
import pytest
from builders import amounts, credit, given, pay, plan, rule, tiers
from engine.conditions import asked_facts
from engine.explain import explain_award
from engine.measures import MEASURES

JANUARY = date(2025, 1, 1)
KEY = (1, "won_amount", JANUARY, "year")
#: 800,000 in the year are worth 40,000
QUOTA = {KEY: Decimal(800_000), ("bonus", *KEY): Decimal(40_000)}
ACCELERATOR = tiers((0, 100), (100, 150), (125, 200))


def of_bonus(mode="marginal", brackets=ACCELERATOR, **values):
    values = {"tier_period": "year", "target_measure": "won_amount"} | values
    return rule(
        base="bonus",
        tier_mode=mode,
        tier_measure="attainment",
        tiers=brackets,
        **values,
    )


def deals(*sizes):
    return [credit(size, date(2025, 1 + n, 7)) for n, size in enumerate(sizes)]


@pytest.mark.parametrize(
    ("mode", "brackets", "paid"),
    [
        # each slice: 15,000; 25,000 + 7,500; 7,500 + 10,000
        ("marginal", ACCELERATOR, [15_000, 32_500, 17_500]),
        # the whole year at 200 %, because 137.5 % are attained
        ("whole", ACCELERATOR, [30_000, 60_000, 20_000]),
        # nothing below half of the quota
        ("marginal", tiers((50, 100)), [0, 25_000, 10_000]),
        # 100 % at 100 %, 150 % at 200 %: 118.75 % at 137.5 %
        (
            "interpolated",
            tiers((0, 50), (100, 100), (200, 150)),
            ["17812.5", "35625", "11875"],
        ),
    ],
)
def test_deals_pay_their_part_of_the_target(mode, brackets, paid):
    won = deals(300_000, 600_000, 200_000)
    earned = amounts(won, of_bonus(mode, brackets), targets=QUOTA)
    assert earned == [Decimal(each) for each in paid]


def test_a_refund_takes_its_slices_back():
    won = [*deals(700_000, 200_000), credit(-150_000, date(2025, 4, 1))]
    earned = amounts(won, of_bonus(), targets=QUOTA)
    assert earned == [35_000, 12_500, -10_000]


def test_counts_pay_for_each_and_sum_exactly():
    key = (1, "qualified_count", JANUARY, "month")
    targets = {key: Decimal(30), ("bonus", *key): Decimal(500)}
    leads = [
        credit(0, date(2025, 1, 1 + n // 2), event_type="lead_qualified")
        for n in range(33)
    ]
    meetings = of_bonus(
        event_type="lead_qualified",
        target_measure="qualified_count",
        tier_period="month",
        brackets=tiers((0, 100), (100, 200)),
    )
    earned = amounts(leads, meetings, targets=targets)
    assert sum(earned) == 600  # 500 and three more at double: 3 / 30 × 500 × 2
    assert set(earned[:30]) == {Decimal("16.67"), Decimal("16.66")}


@pytest.mark.parametrize(
    ("mode", "brackets", "score", "paid"),
    [
        ("proportional", tiers((0, 100)), 85, 850),
        ("proportional", tiers((50, 100)), 49, 0),
        ("whole", tiers((80, 50), (100, 100), (120, 150)), 85, 500),
        ("whole", tiers((80, 50), (100, 100), (120, 150)), 121, 1500),
        ("interpolated", tiers((80, 50), (100, 100), (120, 160)), 90, 750),
        ("marginal", tiers((0, 100), (100, 300)), 110, 1300),
        ("marginal", tiers((0, 100)), 0, 0),
    ],
)
def test_a_score_pays_by_what_was_attained(mode, brackets, score, paid):
    key = (1, "score", JANUARY, "month")
    targets = {
        key: Decimal(100),
        ("reached", *key): Decimal(score),
        ("bonus", *key): Decimal(1000),
    }
    scored = {"event_type": "target_scored|score|month", "role": "scored"}
    given_rule = of_bonus(
        mode, brackets, target_measure="score", tier_period="month", **scored
    )
    assert amounts([credit(0, **scored)], given_rule, targets=targets) == [paid]


def test_what_is_known_of_the_period_only_never_pays_a_deal():
    key = (1, "score", JANUARY, "month")
    targets = {
        key: Decimal(100),
        ("reached", *key): Decimal(90),
        ("bonus", *key): Decimal(1000),
    }
    by_score = of_bonus("whole", target_measure="score", tier_period="month")
    assert amounts(deals(10, 20), by_score, targets=targets) == [0, 0]


@pytest.mark.parametrize(("role", "paid"), [(None, 700), ("sales", 300)])
def test_a_settled_target_counts_one_role_or_whichever_did_more(role, paid):
    """3,000 of 10,000 in sales, 7,000 in marketing: never both together."""
    scored = {"event_type": "target_scored|won_amount|month", "role": "scored"}
    targets = {(1, "won_amount", JANUARY, "month"): Decimal(10_000)}
    if role:
        targets["role", 1] = role
    credits = [
        credit(3000, JANUARY),
        credit(7000, JANUARY, role="marketing"),
        credit(9999, JANUARY, role="manager", manager_level=1),
        credit(0, JANUARY, **scored),
    ]
    settled = rule(
        **scored,
        amount_type="fixed",
        tier_mode="proportional",
        tier_measure="attainment",
        tier_period="month",
        target_measure="won_amount",
        tiers=tiers((0, 1000)),
    )
    assert amounts(credits, settled, targets=targets) == [0, 0, 0, paid]


def test_a_weighted_target_asks_for_the_facts_of_all_its_parts():
    weighted = of_bonus(target_measure="weighted")
    assert {"is_repeat", "untaxed", "margin"} <= asked_facts(plan(weighted))
    assert asked_facts(plan(of_bonus())) == set()


def test_only_what_counts_every_event_of_its_type_is_plain():
    found = {code for code, measure in MEASURES.items() if measure.is_plain}
    assert {"won_amount", "won_count", "invoiced", "collected"} <= found
    assert found.isdisjoint({"referral_count", "joint_count", "margin", "score"})


def test_words():
    first, second, _third = pay(deals(300_000, 600_000, 1), of_bonus(), targets=QUOTA)
    assert explain_award(first.trace).endswith(
        "100 % of the target bonus of 40,000 for 37.5 % of the target = 15,000.00"
    )
    assert (first.base, first.rate) == (300_000, 5)
    assert "108.333333 % of the target bonus" in explain_award(second.trace)


@given(
    st.lists(st.integers(-500, 900), min_size=1, max_size=8),
    st.integers(1, 999),
    st.integers(1, 9999),
)
def test_slices_sum_to_the_whole(sizes, quota, bonus):
    targets = {KEY: Decimal(quota), ("bonus", *KEY): Decimal(bonus)}
    won = [credit(size, date(2025, 3, 1 + n)) for n, size in enumerate(sizes)]
    flat = of_bonus(brackets=tiers((0, 100)))
    exact = Fraction(bonus * sum(sizes), quota)
    paid = sum(amounts(won, flat, targets=targets))
    assert abs(Fraction(paid) - exact) <= Fraction(1, 200)
