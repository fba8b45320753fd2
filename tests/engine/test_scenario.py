from datetime import date
from decimal import Decimal

import pytest
from engine import solve
from engine.facts import Plan, Rule, Tier
from engine.scenario import (
    Scenario,
    Volume,
    distribution,
    expected_deals,
    pay,
    percentile,
    worth_of_lead,
)

D = Decimal
ARTICLE = Plan(
    1,
    (
        Rule(
            1,
            "lead_qualified",
            "marketing",
            commission_source="marketing",
            amount_type="fixed",
            amount=D(100),
        ),
        Rule(2, "deal_won", "marketing", commission_source="marketing", rate=D(2)),
        Rule(3, "deal_won", "sales", commission_source="marketing", rate=D(3)),
        Rule(
            4,
            "deal_won",
            "sales",
            commission_source="marketing",
            rate=D(1),
            is_bonus=True,
        ),
        Rule(5, "deal_won", "sales", commission_source="own", rate=D(5)),
    ),
)


def scenario(*volumes, months=1, marketers=1, sellers=2):
    return Scenario(volumes, months, marketers, sellers, date(2026, 1, 1))


def volume(source="marketing", leads=100, rate=100, conversion=50, size=10000, **more):
    return Volume(source, D(leads), D(rate), D(conversion), D(size), **more)


def test_the_article_in_one_case():
    """100 qualified, 50 signed at 10,000 each."""
    paid = pay(expected_deals(scenario(volume())), ARTICLE)
    assert paid.by_role == {"marketing": D(20000), "sales": D(20000)}
    assert paid.by_rule == {1: D(10000), 2: D(10000), 3: D(15000), 4: D(5000)}
    assert paid.signed == 500000


@pytest.mark.parametrize("conversion", [0, 10, 25, 100])
@pytest.mark.parametrize("rate", [20, 100])
@pytest.mark.parametrize("months", [1, 3])
def test_closed_formulas(conversion, rate, months):
    case = scenario(
        volume(rate=rate, conversion=conversion),
        volume("own", leads=40, rate=rate, conversion=conversion, size=2500),
        months=months,
    )
    paid = pay(expected_deals(case), ARTICLE)
    qualified = D(100) * months * rate / 100
    won = (qualified * conversion / 100).quantize(D(1))
    own = (D(40) * months * rate / 100 * conversion / 100).quantize(D(1))
    assert paid.by_role.get("marketing", 0) == 100 * qualified + 200 * won
    assert paid.by_role["sales"] == 400 * won + 125 * own


def test_brackets_managers_and_other_documents():
    plan = Plan(
        1,
        (
            Rule(
                1,
                "deal_won",
                "sales",
                tier_mode="marginal",
                tier_measure="cumulative",
                tier_period="month",
                tiers=(Tier(D(0), D(1)), Tier(D(100000), D(10))),
            ),
            Rule(2, "invoice_posted", "manager", manager_level=1, rate=D(1)),
        ),
    )
    paid = pay(expected_deals(scenario(volume(), sellers=1)), plan)
    assert paid.by_role["sales"] == 1000 + 40000
    assert paid.by_role["manager"] == 5000


def test_chance_is_around_the_expected_and_repeats():
    case = scenario(volume(spread=D(50)), sellers=5)
    found = distribution(case, ARTICLE, 60, seed=1)
    assert found == distribution(case, ARTICLE, 60, seed=1)
    assert found != distribution(case, ARTICLE, 60, seed=2)
    low, middle, high = (percentile(found["sales"], p) for p in (10, 50, 90))
    # 50 ± 5 deals; of sizes ± 50 % a spread of 16 %
    assert low < middle < high
    assert abs(middle - 20000) < 2000
    assert 3000 < high - low < 16000
    fixed = distribution(scenario(volume(conversion=100)), ARTICLE, 20, seed=1)
    assert set(fixed["sales"]) == {D(40000)}


def test_chance_is_the_known_distribution():
    """So many of 100 are won as a binomial distribution says: 44, 50, 56."""
    plan = Plan(1, (Rule(1, "deal_won", "sales", rate=D(4)),))
    found = distribution(scenario(volume(), sellers=1), plan, 400, seed=7)["sales"]
    won = [pay / 400 for pay in found]
    # three standard errors of each: of the mean 5 / √400, of the percentiles a deal
    assert abs(sum(won) / len(won) - 50) < D("0.75")
    for percent, expected in ((10, 44), (50, 50), (90, 56)):
        assert abs(percentile(won, percent) - expected) <= 1
    variance = sum((each - 50) ** 2 for each in won) / len(won)
    assert abs(variance - 25) < 6


def test_percentiles():
    values = [D(value) for value in (10, 20, 30, 40, 50)]
    assert [percentile(values, p) for p in (0, 10, 50, 90, 100)] == [10, 14, 30, 46, 50]
    assert percentile([], 50) == 0


WHOLE = (Tier(D(0), D(5)), Tier(D(100000), D(2)), Tier(D(300000), D(4)))
MARGINAL = (Tier(D(0), D(1)), Tier(D(100000), D(4)))


@pytest.mark.parametrize(
    ("mode", "tiers", "expected"),
    [
        # dearer than 3 % up to 100,000, cheaper up to 300,000, dearer again
        ("whole", WHOLE, (50, 150)),
        # 1,000 + 4 % of what is above 100,000 = 3 % of 300,000
        ("marginal", MARGINAL, (150,)),
        ("marginal", MARGINAL[1:], (200,)),  # 4 % above 100,000: 3 % of 400,000
        ("whole", (Tier(D(0), D(2)),), ()),
    ],
)
def test_break_evens_of_brackets(mode, tiers, expected):
    """200 leads at 5,000: 200,000 are signed at 100 % of the conversion."""
    flat, brackets = (
        Plan(
            1,
            (
                Rule(1, "deal_won", "sales", tier_mode=tier_mode, **terms)
                if tier_mode != "none"
                else Rule(1, "deal_won", "sales", rate=D(3)),
            ),
        )
        for tier_mode, terms in (
            ("none", {}),
            (
                mode,
                {
                    "tier_measure": "cumulative",
                    "tier_period": "month",
                    "tiers": tiers,
                },
            ),
        )
    )

    def gap(percent):
        case = scenario(
            volume(leads=200, size=5000, conversion=D(20) * percent / 100), sellers=1
        )
        deals = expected_deals(case)
        return pay(deals, flat).total - pay(deals, brackets).total

    points = [D(each) for each in (1, 5, 20, 45, 60, 90, 110, 130, 160, 200, 300, 450)]
    found, last = solve.crossings(gap, points, D("0.01"))
    # one deal is 2.5 %
    assert all(abs(each - at) <= 3 for each, at in zip(found, expected, strict=True))
    assert (last > 0) == (not expected)


def test_solve_within_a_cent():
    case = expected_deals(
        scenario(
            volume(size="1234.56", conversion=37, spread=D(40)),
            volume("own", size=800),
        )
    )
    budget = D("23456.78")
    assert sum(deal.amount or 0 for deal in case) == 37 * D("1234.56") + 50 * 800

    def cost(rate):
        return pay(case, solve.with_number(ARTICLE, {3: rate})).total

    rate = solve.solve(cost, budget, D(0), D(100))
    assert abs(cost(rate) - budget) <= D("0.01")
    with pytest.raises(solve.NoSolution) as error:
        solve.solve(cost, D(1), D(0), D(100))
    assert error.value.lowest > 1
    # a falling function
    falling = solve.solve(lambda rate: 100 - rate, D("33.3"), D(0), D(100))
    assert falling == D("66.7")


@pytest.mark.parametrize("sign", [1, -1])
def test_solve_a_goal_that_is_a_limit(sign):
    """Values of tenths, 20.04 wanted: the nearest is 20, the nearest above 20.1."""

    def kept(number):
        return (number if sign > 0 else 100 - number).quantize(D("0.1"))

    bounds = D("20.04"), D(0), D(100), D("0.001")
    assert kept(solve.solve(kept, *bounds)) == D("20.0")
    assert kept(solve.solve(kept, *bounds, at_least=True)) == D("20.1")
    assert kept(solve.solve(kept, D(100), *bounds[1:], at_least=True)) == 100
    with pytest.raises(solve.NoSolution):
        solve.solve(kept, D("100.04"), *bounds[1:], at_least=True)


@pytest.mark.parametrize(
    ("goal", "wanted"), [("35000", "1.5"), ("35012.35", "1.50053"), ("0", "0")]
)
def test_solve_with_few_decimals(goal, wanted):
    """The nearest that is round wins where it is as near, or a cent away."""

    def cost(rate):
        return (rate * D("23333.33")).quantize(D("0.01"))

    rate = solve.solve(cost, D(goal), D(0), D(100), D("0.000001"))
    assert abs(cost(rate) - D(goal)) <= D("0.01")
    assert rate.normalize() == D(wanted)


def test_solve_a_factor_whose_product_is_round():
    """Rates of 3 % and 5 % are to be 4 % and 6.666667 %: the factor is not round."""
    factor = solve.solve(
        lambda value: 300 * value, D(400), D(0), D(10), solve.FACTOR_STEP, unit=D(3)
    )
    assert [round(factor * rate, 9) for rate in (3, 5)] == [4, D("6.666666667")]


def test_solve_equal_worth():
    """Own and marketing customers pay the same for each lead."""
    case = scenario(volume(conversion=20), volume("own", conversion=50, size=8000))

    def gap(rate):
        plan = solve.with_number(ARTICLE, {3: rate})
        return worth_of_lead(case, plan, "marketing") - worth_of_lead(case, plan, "own")

    rate = solve.solve(gap, D(0), D(0), D(100))
    assert abs(rate - 9) < D("0.0001")  # 20 % × 10,000 × (9 + 1) % = 50 % × 8,000 × 5 %


def test_brackets_are_scaled():
    plan = Plan(
        1,
        (
            Rule(
                1,
                "deal_won",
                "sales",
                tier_mode="whole",
                tiers=(Tier(D(0), D(2)), Tier(D(5), D(4))),
            ),
        ),
    )
    [rule] = solve.with_number(plan, {1: D("1.5")}).rules
    assert [tier.rate for tier in rule.tiers] == [3, 6]
    assert solve.number_of(plan.rules[0]) == 1
