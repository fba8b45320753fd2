"""Parts sum to the whole, limits hold over everything, and order does not matter."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from builders import amounts, credit, given, plan, rule, total
from engine.compute import compute
from engine.facts import YearStart
from engine.periods import period_start
from engine.rounding import allot
from engine.settlement import Months
from hypothesis import assume, strategies as st
from test_properties import BOUNDARIES, CENT, PERIODS, RATES, SALES, brackets, deals

EURO, DOLLAR = 1, 2
WEIGHTS = st.lists(st.integers(0, 10), min_size=1, max_size=6).filter(any)
LIMITS = st.decimals(1, 20_000, places=2)
MANY_RULES = st.lists(RATES, min_size=1, max_size=4).map(
    lambda rates: [rule(id=number, rate=rate) for number, rate in enumerate(rates, 1)]
)


@st.composite
def rules_of_an_event(draw):
    """Rules of one event that share money out: not plain percentages, line by line."""
    kind = draw(st.sampled_from(["fixed", "unit", "slices", "bracket"]))
    limits = draw(st.lists(SALES, max_size=2))
    values = {"cap": max(limits, default=None), "floor": min(limits, default=None)}
    if kind in ("fixed", "unit"):
        money = draw(st.decimals(0, 500, places=2))
        return rule(amount_type=kind, amount=money, **values)
    mode = {"slices": "marginal", "bracket": draw(st.sampled_from(["whole"]))}[kind]
    return rule(
        tier_mode=mode, tiers=draw(brackets()), tier_boundary=draw(BOUNDARIES), **values
    )


def sharers(sale, weights):
    """Parts of one event: amounts and shares as they are split into credits."""
    shares = allot(Decimal(1), [Decimal(each) for each in weights], Decimal("0.000001"))
    parts = allot(sale, [Decimal(each) for each in weights], CENT)
    return [
        credit(part, event_id=1, employee_id=number, share=share, event_amount=sale)
        for number, (part, share) in enumerate(zip(parts, shares, strict=True), 1)
        if share
    ]


@given(SALES, WEIGHTS, rules_of_an_event())
def test_who_shares_an_event_gets_together_what_one_would(sale, weights, the_rule):
    parts = sharers(sale, weights)
    assert total(parts, the_rule) == total([credit(sale)], the_rule)


@given(SALES, WEIGHTS, RATES)
def test_a_pool_gets_together_what_one_would(sale, weights, rate):
    parts = sharers(sale, weights)
    pooled = [replace(part, event_preceding=Decimal(0)) for part in parts]
    whole = total([credit(sale)], rule(rate=rate))
    # by largest remainder, whatever the amounts of the members were rounded to
    assert amounts(pooled, rule(rate=rate)) == allot(
        whole, [part.share for part in pooled], CENT
    )


@given(SALES, WEIGHTS, RATES)
def test_plain_percentages_are_rounded_line_by_line(sale, weights, rate):
    parts = sharers(sale, weights)
    together = total(parts, rule(rate=rate))
    alone = total([credit(sale)], rule(rate=rate))
    assert abs(together - alone) <= CENT * (len(parts) + 1) / 2


@given(deals(), MANY_RULES, LIMITS, PERIODS)
def test_a_cap_over_rules_and_a_period_pays_the_smaller_of_both(
    deals, rules, cap, period
):
    def by_period(**limits):
        sums = defaultdict(Decimal)
        for award in compute(deals, {1: plan(*rules, **limits)}).awards:
            sums[period_start(award.date, period)] += award.amount
        return sums

    limited, earned = by_period(cap=cap, cap_period=period), by_period()
    assert limited == {day: min(amount, cap) for day, amount in earned.items()}


@given(deals(), MANY_RULES, LIMITS, st.randoms(use_true_random=False))
def test_limits_over_rules_do_not_depend_on_the_order_of_the_facts(
    deals, rules, cap, random
):
    limits = {"cap": cap, "threshold": cap / 2, "cap_period": "quarter"}
    shuffled = list(deals)
    random.shuffle(shuffled)
    earned = dict(
        zip([deal.id for deal in deals], amounts(deals, *rules, **limits), strict=True)
    )
    again = amounts(shuffled, *random.sample(rules, len(rules)), **limits)
    assert {deal.id: earned[deal.id] for deal in shuffled} == dict(
        zip([deal.id for deal in shuffled], again, strict=True)
    )


@given(
    deals(days=28),
    MANY_RULES,
    LIMITS,
    LIMITS,
    st.decimals("0.2", 5, places=4),
    st.data(),
)
def test_one_limit_holds_over_two_currencies(deals, rules, euro, dollar, rate, data):
    """Whatever is earned where: the larger of both caps is never passed."""
    plans = {
        number: plan(
            *(replace(each, id=10 * number + each.id) for each in rules),
            id=number,
            currency=number,
            cap=cap,
        )
        for number, cap in ((EURO, euro), (DOLLAR, dollar))
    }
    worth = {EURO: Decimal(1), DOLLAR: 1 / rate}
    places = [
        data.draw(st.sampled_from([EURO, DOLLAR]), label="plan") for _deal in deals
    ]
    moved = [
        replace(
            deal,
            plan_id=place,
            worth={DOLLAR: rate} if place == EURO else {EURO: 1 / rate},
        )
        for deal, place in zip(deals, places, strict=True)
    ]
    paid = sum(
        award.amount * worth[award.plan_id] for award in compute(moved, plans).awards
    )
    most = max(euro, dollar * worth[DOLLAR])
    cents = CENT * (1 + worth[DOLLAR]) * (1 + len(deals) * len(rules))
    assert paid <= most + cents
    if all(place == EURO for place in places):
        alone = replace(plans[EURO], currency=None)
        assert compute(moved, plans).awards == compute(moved, {1: alone}).awards


@given(
    st.lists(st.tuples(SALES, st.integers(-5000, 0)), min_size=1, max_size=15),
    LIMITS,
    st.sampled_from(["month", "quarter", "year"]),
    st.integers(1, 12).map(YearStart),
)
def test_a_carried_cap_loses_nothing_and_holds_in_every_period(
    months, cap, period, year_start
):
    assume(len(months) > 1)
    settled = Months()
    paid = defaultdict(Decimal)
    for number, (earned, adjusted) in enumerate(months):
        day = date(2025 + number // 12, number % 12 + 1, 1)
        start = period_start(day, period, year_start)
        found = settled.settle(
            day, earned, adjusted=Decimal(adjusted), most=cap, most_since=start
        )
        paid[start] += found.paid
        assert found.paid >= 0
        # nothing waits while there is room, but what is owed
        assert found.closing <= 0 or paid[start] == cap
    assert all(amount <= cap for amount in paid.values())
    earned = sum(earned + adjusted for earned, adjusted in months)
    assert sum(paid.values()) + settled.opening == earned


def test_a_part_that_rounds_to_nothing_has_its_part_in_the_floor():
    floored = rule(rate=2, floor=150)
    assert amounts([credit("0.50")], floored) == [150]
    assert amounts(sharers(Decimal("0.50"), [1, 1]), floored) == [75, 75]
    assert amounts(sharers(Decimal("0.20"), [1, 1]), floored) == [0, 0]
