"""What must hold for every rule and any sequence of events."""

import ast
from collections import defaultdict
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import engine
from builders import amounts, credit, given, plan, refund, rule, tiers, total
from engine.compute import Forecast, compute
from engine.explain import REASONS, explain_award, explain_refusal
from engine.periods import period_start
from hypothesis import assume, strategies as st

CENT = Decimal("0.01")
START = date(2025, 1, 1)
RATES = st.decimals(0, 30, places=2)
SALES = st.decimals(0, 300_000, places=2)
PERIODS = st.sampled_from(["week", "month", "quarter", "year"])
BOUNDARIES = st.sampled_from(["lower", "upper"])
MODES = st.sampled_from(["marginal", "whole", "interpolated"])


@st.composite
def brackets(draw, rising=False):
    bounds = draw(
        st.lists(st.integers(0, 200_000), min_size=1, max_size=4, unique=True)
    )
    rates = draw(st.lists(RATES, min_size=len(bounds), max_size=len(bounds)))
    return tiers(*zip(sorted(bounds), sorted(rates) if rising else rates, strict=True))


@st.composite
def deals(draw, days=90, max_size=12):
    """Won deals of one employee in the days after the first of January."""
    pairs = draw(
        st.lists(st.tuples(SALES, st.integers(0, days - 1)), max_size=max_size)
    )
    return [
        credit(
            sale,
            START + timedelta(day),
            lead_id=number,
            facts={"tenure_months": Decimal(day)},
        )
        for number, (sale, day) in enumerate(pairs)
    ]


@st.composite
def cumulative_rules(draw, mode=None, rising=False):
    return rule(
        tier_mode=mode or draw(MODES),
        tier_measure="cumulative",
        tier_period=draw(PERIODS),
        tier_boundary=draw(BOUNDARIES),
        tiers=draw(brackets(rising)),
    )


@st.composite
def any_rules(draw):
    """A rule of any kind that the form can express."""
    limits = draw(st.lists(SALES, max_size=2))
    return rule(
        rate=draw(RATES),
        amount=draw(st.decimals(0, 500, places=2)),
        amount_type=draw(st.sampled_from(["percent", "fixed", "unit"])),
        tier_mode=draw(st.one_of(st.just("none"), MODES)),
        tier_measure=draw(
            st.sampled_from(
                [
                    "amount",
                    "cumulative",
                    "won_count",
                    "qualified_count",
                    "conversion_rate",
                    "attainment",
                    "tenure_months",
                ]
            )
        ),
        tier_period=draw(st.one_of(st.just("event"), PERIODS)),
        tier_boundary=draw(BOUNDARIES),
        tiers=draw(brackets()),
        target_measure=draw(
            st.sampled_from(["won_amount", "won_count", "qualified_count"])
        ),
        min_amount=draw(st.sampled_from([0, 1000])),
        once=draw(st.booleans()),
        cap=max(limits, default=None),
        floor=min(limits, default=None),
        cap_period=draw(st.one_of(st.just("event"), PERIODS)),
        holdback_percent=draw(st.sampled_from([Decimal(0), Decimal(20)])),
        score_period=draw(st.sampled_from([None, None, "month"])),
        score_max=draw(st.sampled_from([None, Decimal(110)])),
    )


@st.composite
def bonus_rules(draw):
    """A rule on what a target is worth to the person."""
    the_rule = draw(any_rules())
    period = draw(st.sampled_from(["month", "quarter"]))
    changes = {"base": "bonus", "tier_measure": "attainment", "tier_period": period}
    changes |= {"tier_mode": draw(MODES), "amount_type": "percent"}
    return replace(the_rule, **changes, target_measure="won_amount")


def some_rules():
    return st.one_of(any_rules(), bonus_rules())


TARGETS = {
    (1, measure, date(2025, month, 1)): Decimal(target)
    for measure, target in (("won_amount", 90_000), ("won_count", 3))
    for month in (1, 2, 3)
}
for _month, _score in ((1, "87.5"), (2, "123.45"), (3, "0")):
    _key = 1, "score", date(2025, _month, 1), "month"
    TARGETS |= {_key: Decimal(100), ("reached", *_key): Decimal(_score)}
for _period in ("month", "quarter"):
    _key = 1, "won_amount", START, _period
    TARGETS |= {_key: Decimal(90_000), ("bonus", *_key): Decimal("1234.56")}


@given(deals(), cumulative_rules(), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_change_the_total_of_a_period(
    deals, the_rule, random
):
    in_one_month = [replace(deal, date=START) for deal in deals]
    random.shuffle(in_one_month)
    reordered = [replace(deal, event_id=n) for n, deal in enumerate(in_one_month)]
    assert total(reordered, the_rule) == total(in_one_month, the_rule)


@given(deals(), cumulative_rules(), st.data())
def test_splitting_an_event_in_two_does_not_change_cumulative_pay(
    deals, the_rule, data
):
    assume(deals)
    split = data.draw(st.sampled_from(deals))
    part = data.draw(st.decimals(0, split.amount, places=2))
    halves = [
        replace(credit(), date=split.date, amount=amount)
        for amount in (part, split.amount - part)
    ]
    others = [deal for deal in deals if deal is not split]
    assert total(others + halves, the_rule) == total(deals, the_rule)


@given(deals(), cumulative_rules("marginal", rising=True))
def test_whole_is_not_less_than_marginal_when_rates_rise(deals, marginal):
    whole = replace(marginal, tier_mode="whole")
    assert total(deals, whole) >= total(deals, marginal)


@given(deals(), brackets(rising=True), BOUNDARIES)
def test_whole_is_not_less_than_marginal_by_count_either(deals, bands, boundary):
    by_count = tiers(*((tier.from_value // 50_000, tier.rate) for tier in bands))
    assume(len({tier.from_value for tier in by_count}) == len(by_count))
    values = {
        "tier_measure": "won_count",
        "tier_period": "quarter",
        "tier_boundary": boundary,
        "tiers": by_count,
    }
    whole = rule(tier_mode="whole", **values)
    assert total(deals, whole) >= total(deals, rule(tier_mode="marginal", **values))


@given(SALES, SALES, cumulative_rules("marginal"))
def test_marginal_pay_is_monotone_and_continuous(one, other, the_rule):
    low, high = sorted((one, other))
    step = total([credit(high)], the_rule) - total([credit(low)], the_rule)
    highest_rate = max(tier.rate for tier in the_rule.tiers)
    assert 0 <= step <= (high - low) * highest_rate / 100 + CENT


@given(deals(), RATES, SALES, SALES, PERIODS)
def test_cap_and_floor_hold_after_any_sequence(deals, rate, one, other, period):
    floor, cap = sorted((one, other))
    limited = rule(rate=rate, cap=cap, floor=floor, cap_period=period)
    running = defaultdict(Decimal)
    ordered = sorted(deals, key=lambda deal: (deal.date, deal.event_id))
    plans = {1: plan(limited)}
    for award in compute(ordered, plans).awards:
        start = period_start(award.date, period)
        running[start] += award.amount
        assert floor <= running[start] <= cap


@given(deals(), RATES, SALES, SALES)
def test_cap_and_floor_hold_for_every_line(deals, rate, one, other):
    floor, cap = sorted((one, other))
    for award in compute(
        deals, {1: plan(rule(rate=rate, cap=cap, floor=floor))}
    ).awards:
        assert floor <= award.amount <= cap


@given(deals(), some_rules())
def test_the_refund_of_everything_leaves_nothing(deals, the_rule):
    """Within one period, the last deal first: rates follow a running number of deals."""
    assume(the_rule.tier_period != "event" or the_rule.tier_measure == "amount")
    sold = [replace(deal, date=START) for deal in deals]
    given_back = [
        replace(refund(deal), quantity=-deal.quantity) for deal in reversed(sold)
    ]
    assert total(sold + given_back, the_rule, targets=TARGETS) == 0


@given(deals(), some_rules(), st.sampled_from(["recompute", "reverse"]))
def test_undoing_everything_leaves_nothing(deals, the_rule, method):
    undone = [replace(deal, reversed_on=date(2025, 6, 1)) for deal in deals]
    paid = total(undone, the_rule, targets=TARGETS, clawback_method=method)
    assert paid == 0


@given(deals(), some_rules(), st.randoms(use_true_random=False))
def test_computing_twice_gives_the_same_in_any_order_of_the_facts(
    deals, the_rule, random
):
    plans = {1: plan(the_rule)}
    first = compute(deals, plans, targets=TARGETS, explain=True)
    assert compute(deals, plans, targets=TARGETS, explain=True) == first
    shuffled = list(deals)
    random.shuffle(shuffled)
    again = compute(shuffled, plans, targets=TARGETS)
    assert by_credit(again.awards) == by_credit(first.awards)


@given(deals(), some_rules(), st.data())
def test_a_scope_gives_the_same_awards_and_no_others(deals, the_rule, data):
    ids = [deal.id for deal in deals]
    scope = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    plans = {1: plan(the_rule)}
    everything = compute(deals, plans, targets=TARGETS).awards
    some = compute(deals, plans, targets=TARGETS, scope=scope).awards
    expected = [award for award in everything if award.credit_id in scope]
    assert by_credit(some) == by_credit(expected)


@given(deals(), some_rules())
def test_every_credit_is_paid_or_has_a_reason(deals, the_rule):
    outcome = compute(deals, {1: plan(the_rule)}, targets=TARGETS, explain=True)
    paid = {award.credit_id for award in outcome.awards}
    refused = {refusal.credit_id for refusal in outcome.refusals}
    assert paid | refused == {deal.id for deal in deals}
    assert not paid & refused


@given(deals(), some_rules())
def test_everything_can_be_said_in_a_sentence(deals, the_rule):
    outcome = compute(deals, {1: plan(the_rule)}, targets=TARGETS, explain=True)
    for award in outcome.awards:
        assert "%(" not in explain_award(award.trace)
    for refusal in outcome.refusals:
        assert refusal.reason in REASONS
        assert "%(" not in explain_refusal(refusal.reason, refusal.values)


@given(deals(), some_rules())
def test_holdback_and_release_sum_to_nothing(deals, the_rule):
    with_holdback = amounts(deals, the_rule, targets=TARGETS)
    without = replace(the_rule, holdback_percent=Decimal(0))
    assert with_holdback == amounts(deals, without, targets=TARGETS)


@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=6).filter(any),
    st.decimals(0, 1000, places=2),
    st.sampled_from(["fixed", "unit"]),
    st.integers(1, 20),
)
def test_parts_of_a_shared_fixed_amount_sum_to_it(weights, money, amount_type, units):
    shares = [Decimal(weight) / sum(weights) for weight in weights]
    sharers = [
        credit(0, event_id=1, employee_id=number, share=share, quantity=units)
        for number, share in enumerate(shares)
    ]
    paid = total(sharers, rule(amount_type=amount_type, amount=money))
    assert paid == (money * units if amount_type == "unit" else money)


@given(deals(), any_rules())
def test_money_is_decimal_everywhere(deals, the_rule):
    for award in compute(deals, {1: plan(the_rule)}, targets=TARGETS).awards:
        assert award.amount == award.amount.quantize(CENT)
        for field in fields(award):
            assert not isinstance(getattr(award, field.name), float)


def test_the_engine_knows_neither_float_nor_odoo():
    for path in Path(engine.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Name) and node.id == "float"), path
            assert not (isinstance(node, ast.Constant) and type(node.value) is float)
            if isinstance(node, ast.Import):
                assert not any(name.name.startswith("odoo") for name in node.names)
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("odoo")


def by_credit(awards):
    return sorted(awards, key=lambda award: (award.credit_id, award.part))


@given(
    deals(),
    st.lists(any_rules(), min_size=1, max_size=3),
    SALES,
    st.sampled_from([Decimal(1), Decimal("0.4")]),
    st.integers(0, 60),
)
def test_a_forecast_is_what_the_event_pays_when_it_comes_last(
    deals, rules, amount, share, days
):
    rules = [replace(each, id=number) for number, each in enumerate(rules, start=1)]
    plans = {1: plan(*rules)}
    day = max((deal.date for deal in deals), default=START) + timedelta(days)
    win = credit(amount * share, day, lead_id=99, share=share)
    colleague = {"employee_id": 2, "event_id": win.event_id, "share": 1 - share}
    rest = credit(amount - win.amount, day, lead_id=99, **colleague)
    others = [rest] if rest.share else []
    known = compute([*deals, win, *others], plans, targets=TARGETS, scope={win.id})
    forecast = Forecast(deals, plans, TARGETS)
    forecast.compute([credit(1000, day)])  # leaves no trace in the next one
    imagined = forecast.compute([win, *others], scope={win.id})
    assert imagined.awards == known.awards


@given(
    st.lists(st.tuples(st.integers(1, 5), SALES), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_places_go_by_sums_in_whatever_order(pairs, random):
    """As many are paid better as have more; equals are paid alike; nobody for nothing."""
    settled = {"event_type": "target_scored|won_amount|month|team_attainment"}
    places = tiers((1, 500), (2, 300), (3, 100), (4, 0))
    contest = rule(
        **settled,
        role="scored",
        amount_type="fixed",
        tier_mode="whole",
        tier_measure="team_place",
        tier_period="month",
        tiers=places,
    )
    sold = [
        credit(amount, START + timedelta(n), employee_id=who, team_id=7)
        for n, (who, amount) in enumerate(pairs)
    ]
    ends = [
        credit(
            0, date(2025, 1, 31), employee_id=who, team_id=7, role="scored", **settled
        )
        for who in range(1, 6)
    ]
    sums = defaultdict(Decimal)
    for who, amount in pairs:
        sums[who] += amount
    expected = []
    for who in range(1, 6):
        place = 1 + sum(each > sums[who] for each in list(sums.values()))
        prize = {1: 500, 2: 300, 3: 100}.get(place, 0)
        expected.append(prize if sums[who] else 0)
    random.shuffle(sold)
    assert amounts([*sold, *ends], contest)[len(sold) :] == expected


@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=6).filter(any),
    st.decimals(0, 1000, places=2),
    st.decimals(0, 250, places=2),
)
def test_the_pot_of_a_team_is_shared_whole(weights, money, score):
    settled = {"event_type": "target_scored|score|month|team_attainment"}
    shares = [Decimal(weight) / sum(weights) for weight in weights]
    members = [
        credit(
            0,
            event_id=1,
            employee_id=number,
            share=share,
            team_id=7,
            role="scored",
            **settled,
        )
        for number, share in enumerate(shares)
    ]
    key = ("team", 7), "score", START, "month"
    targets = {key: Decimal(100), ("reached", *key): score}
    pot = rule(
        **settled,
        role="scored",
        amount_type="fixed",
        tier_mode="proportional",
        tier_measure="team_attainment",
        target_measure="score",
        tier_period="month",
        tiers=tiers((0, money)),
    )
    whole = [replace(members[0], share=Decimal(1))]
    alone = total(whole, pot, targets=targets)
    assert total(members, pot, targets=targets) == alone


@given(deals(), any_rules(), SALES)
def test_the_cap_of_the_plan_holds_over_scores_and_bonuses(deals, the_rule, most):
    second = replace(the_rule, id=2, rate=the_rule.rate + 1)
    rules = plan(the_rule, second, cap=most, cap_period="month")
    running = defaultdict(Decimal)
    for award in compute(deals, {1: rules}, targets=TARGETS).awards:
        running[award.date.replace(day=1)] += award.amount
    assert all(paid <= most for paid in running.values())


@given(
    st.lists(st.tuples(SALES, st.integers(0, 89)), min_size=1, max_size=6),
    st.tuples(RATES, RATES, RATES),
    st.integers(1, 9),
    st.booleans(),
)
def test_everybody_below_and_the_manager_earn_what_the_manager_is_promised(
    pairs, rates, weight, is_taken_back
):
    """Of each event, shared by two, over two levels; more only where those below earn more."""
    own, lower, upper = rates
    share = Decimal(weight) / 10
    above = {"role": "manager", "is_differential": True}
    rules = [
        rule(id=1, rate=own),
        rule(id=2, rate=lower, manager_level=1, **above),
        rule(id=3, rate=upper, manager_level=2, **above),
    ]
    credits = []
    for number, (amount, day) in enumerate(pairs):
        first = (amount * share).quantize(CENT)
        of_event = {"event_id": number, "day": START + timedelta(day)}
        people = [
            credit(part, employee_id=who, share=portion, **of_event)
            for who, part, portion in (
                (1, first, share),
                (2, amount - first, 1 - share),
            )
        ]
        below = tuple(each.id for each in people)
        for level in (1, 2):
            manager = {"employee_id": 2 + level, "role": "manager", "below": below}
            people.append(credit(amount, manager_level=level, **manager, **of_event))
            below += (people[-1].id,)
        credits += people
    if is_taken_back:
        credits = [replace(each, amount=-each.amount) for each in credits]
    paid = defaultdict(lambda: [Decimal(0)] * 3)
    for award in compute(credits, {1: plan(*rules)}).awards:
        paid[award.event_id][award.rule_id - 1] += abs(award.amount)
    for number, (amount, _day) in enumerate(pairs):
        sales, first, second = paid[number]
        promised = [
            (amount * rate / 100).quantize(CENT, ROUND_HALF_UP) for rate in rates
        ]
        assert abs(sales - promised[0]) <= CENT  # two people, each rounded
        assert sales + first == max(sales, promised[1])
        assert sales + first + second == max(sales + first, promised[2])


@given(
    st.lists(
        st.tuples(st.integers(1, 4), SALES, st.integers(0, 30)), min_size=1, max_size=12
    ),
    st.lists(st.decimals(0, 5000, places=2), min_size=4, max_size=4),
    brackets(rising=True),
    MODES,
    st.randoms(use_true_random=False),
)
def test_own_bonuses_by_the_team_pay_everybody_the_same_part(
    sales, bonuses, bounds, mode, random
):
    """Whoever sold, in whatever order: each has the percentage that the team attained."""
    settled = {"event_type": "target_scored|won_amount|month|team_attainment"}
    bounds = tiers(*((each.from_value / 1000, 10 * each.rate) for each in bounds))
    the_rule = rule(
        **settled,
        role="scored",
        base="bonus",
        tier_mode=mode,
        tier_measure="team_attainment",
        tier_period="month",
        tiers=bounds,
    )
    sold = [
        credit(amount, START + timedelta(day), employee_id=who, team_id=7)
        for who, amount, day in sales
    ]
    end = date(2025, 1, 31)
    ends = [
        credit(
            0, end, employee_id=who, team_id=7, role="scored", event_id=9**9, **settled
        )
        for who in range(1, 5)
    ]
    targets = {(("team", 7), "won_amount", START, "month"): Decimal(200_000)}
    for who, bonus in enumerate(bonuses, start=1):
        targets["bonus", who, "won_amount", START, "month"] = bonus
    random.shuffle(sold)
    paid = amounts([*sold, *ends], the_rule, targets=targets)[len(sold) :]
    whole = {
        ("bonus", who, "won_amount", START, "month"): Decimal(10**6) for who in [1]
    }
    of_million = amounts([*sold, ends[0]], the_rule, targets={**targets, **whole})[-1]
    for bonus, amount in zip(bonuses, paid, strict=True):
        assert abs(amount - bonus * of_million / 10**6) <= CENT
