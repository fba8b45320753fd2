"""Every plan of docs/cookbook.md pays what its table says.

Plans on documents and on the calendar are tried in the addons, see ``IN_ADDONS``.
"""

import importlib.util
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from builders import amounts, credit, pay, rule, tiers
from engine.facts import WeekYear
from engine.measures import Part, Whole
from engine.periods import period_start
from engine.settlement import Months
from test_reference_data import REFERENCE_POLICY

ROOT = Path(__file__).parents[2]
CORE = "hr_sales_commission/tests"
ACCOUNT = "hr_sales_commission_account/tests/test_cookbook.py"
IN_ADDONS = {
    "Only collected money": f"{ACCOUNT}::test_only_collected_money",
    "Paid in two steps": f"{ACCOUNT}::test_paid_in_two_steps",
    "Late costs": f"{ACCOUNT}::test_late_costs",
    "Quick payout": f"{CORE}/test_payout.py::test_quick_payout_of_the_cookbook",
    "Payout terms": f"{CORE}/test_payout.py::test_payout_terms_of_the_cookbook",
    "New people": f"{CORE}/test_target.py::test_new_people_of_the_cookbook",
    "Seasons and teams": f"{CORE}/test_target.py"
    "::test_split_over_the_seasons_of_the_year",
}


def load_cookbook():
    """The reader of the page lies in an addon, whose package needs Odoo."""
    path = ROOT / CORE / "cookbook.py"
    spec = importlib.util.spec_from_file_location("cookbook", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COOKBOOK = load_cookbook()
PLANS = COOKBOOK.read_recipes()


def figures(rows, column):
    """The figures of a column, exact."""
    return [Decimal(str(COOKBOOK.read_number(row[column]))) for row in rows]


def sales_of(rows, **values):
    days = [date.fromisoformat(row["Won on"]) for row in rows]
    sold = zip(figures(rows, "Amount"), days, strict=True)
    return [credit(amount, day, **values) for amount, day in sold]


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_is_tried(name):
    here = "test_" + name.lower().replace(" ", "_")
    assert (here in globals()) != (name in IN_ADDONS)


@pytest.mark.parametrize(("name", "address"), IN_ADDONS.items(), ids=list(IN_ADDONS))
def test_the_plans_tried_in_addons(name, address):
    path, _, test = address.partition("::")
    text = (ROOT / path).read_text()
    assert f"def {test}(" in text
    assert f'read_recipes()["{name}"]' in text


def test_reference_policy():
    for row in PLANS["Reference policy"]:
        [amount] = figures([row], "Amount")
        deal = {
            "event_type": row["Event"].replace(" ", "_"),
            "commission_source": row["Source"],
            "source_verified": row["Source"] != "own",
        }
        awards = {
            role: pay([credit(amount, role=role, **deal)], *REFERENCE_POLICY.values())
            for role in ("marketing", "sales")
        }
        for role, column in (("marketing", "Marketing"), ("sales", "Sales")):
            paid = sum(award.amount for award in awards[role])
            assert [paid] == figures([row], column), row
        held = sum(award.amount for award in awards["sales"] if award.held)
        assert [held] == figures([row], "Of it held"), row


def test_accelerator():
    rows = PLANS["Accelerator"]
    accelerator = rule(
        tier_mode="marginal",
        tier_measure="attainment",
        tier_period="quarter",
        tiers=tiers((0, 4), (100, 6), (120, 8)),
    )
    quarters = (date(2026, 1, 1), date(2026, 4, 1))
    targets = {(1, "won_amount", start): Decimal(100_000) for start in quarters}
    earned = amounts(sales_of(rows), accelerator, targets=targets)
    assert earned == figures(rows, "Pays")


def test_override():
    rows = PLANS["Override"]
    rules = [
        rule(id=1, rate=5),
        rule(id=2, role="manager", manager_level=1, rate="0.5"),
        rule(id=3, role="manager", manager_level=2, rate="0.2"),
    ]
    for level, column in enumerate(
        ("Salesperson (5 %)", "Manager", "Manager's manager")
    ):
        role = "manager" if level else "sales"
        deals = [
            credit(amount, role=role, manager_level=level, employee_id=level + 1)
            for amount in figures(rows, "Amount")
        ]
        assert amounts(deals, *rules) == figures(rows, column)


def test_override_by_the_difference():
    above = {"role": "manager", "is_differential": True}
    rest = [
        rule(id=2, rate=10, manager_level=1, **above),
        rule(id=3, rate=12, manager_level=2, **above),
    ]
    for row in PLANS["Override by the difference"]:
        amount, rate = COOKBOOK.read_number(row["Amount"]), row["Salesperson's rate"]
        people = [credit(amount, event_id=1)]
        for level in (1, 2):
            who = {"employee_id": 1 + level, "role": "manager", "manager_level": level}
            below = tuple(each.id for each in people)
            people.append(credit(amount, event_id=1, below=below, **who))
        sales = rule(id=1, rate=COOKBOOK.read_number(rate))
        columns = ("Salesperson", "Manager", "Manager's manager")
        expected = [figures([row], column)[0] for column in columns]
        assert amounts(people, sales, *rest) == expected


def test_cap_and_floor():
    rows = PLANS["Cap and floor"]
    capped = rule(rate=10, cap=20_000, cap_period="month")
    assert amounts(sales_of(rows), capped) == figures(rows, "With the cap")
    with_floor = rule(rate=10, floor=100)
    assert amounts(sales_of(rows), with_floor) == figures(rows, "With the floor")


def settle(rows, **terms):
    """The settlements of the months of a table, one after the other."""
    months = Months()
    return [
        months.settle(date(2026, number, 1), earned, **terms)
        for number, earned in enumerate(figures(rows, "Earned"), start=1)
    ]


def test_cap_that_is_carried():
    rows = PLANS["Cap that is carried"]
    settled = settle(rows, most=Decimal(20_000))
    assert [month.paid for month in settled] == figures(rows, "Paid")
    assert [month.closing for month in settled] == figures(rows, "Carried")


def test_draw():
    rows = PLANS["Draw"]
    settled = settle(rows, draw=Decimal(2000))
    assert [month.paid for month in settled] == figures(rows, "Paid")
    assert [month.debt for month in settled] == figures(rows, "Owed")


def test_small_amounts():
    rows = PLANS["Small amounts"]
    settled = settle(rows, least=Decimal(50))
    assert [month.paid for month in settled] == figures(rows, "Paid")
    assert [month.closing for month in settled] == figures(rows, "Carried")


def test_only_in_a_season():
    rows = PLANS["Only in a season"]
    for first, last in ((10, 12), (11, 2)):
        seasonal = rule(rate=3, season_from=first, season_to=last)
        earned = amounts(sales_of(rows), seasonal)
        assert earned == figures(rows, f"{first} – {last}")


def test_years_of_whole_weeks():
    rows = PLANS["Years of whole weeks"]
    retail = WeekYear(2, 1, (4, 5, 4), weekday=6)
    deals = sales_of(rows, year_start=retail)
    capped = rule(rate=10, cap=150, cap_period="month")
    assert amounts(deals, capped) == figures(rows, "Pays")
    begun = [str(period_start(deal.date, "month", retail)) for deal in deals]
    assert begun == [row["Month begins"] for row in rows]


def test_objectives():
    rows = PLANS["Objectives"]
    by_score = rule(
        tier_mode="whole",
        tier_measure="attainment",
        target_measure="score",
        tier_period="month",
        tiers=tiers((0, 2), (80, 3), (100, 4)),
    )
    month = date(2026, 1, 1)
    for row, score in zip(rows, figures(rows, "Score"), strict=True):
        targets = {
            (1, "score", month): Decimal(100),
            ("reached", 1, "score", month, "month"): score,
        }
        [amount] = figures([row], "Won in the month")
        deal = credit(amount, date(2026, 1, 15))
        assert amounts([deal], by_score, targets=targets) == figures([row], "Pays")


def test_rest_on_acceptance_or_payment():
    rows = PLANS["Rest on acceptance or payment"]
    held_back = rule(rate=5, holdback_percent=Decimal(20), holdback_until="accepted")
    for row in rows:
        day = row["Accepted on"]
        facts = {"accepted_day": date.fromisoformat(day).toordinal()} if day else {}
        awards = pay(sales_of([row], facts=facts), held_back)
        released = [award for award in awards if award.part == "release"]
        at_once = sum(award.amount for award in awards if award not in released)
        assert [at_once] == figures([row], "At once")
        assert [sum(award.amount for award in released)] == figures(
            [row], "From then on"
        )


def test_leavers():
    rows = PLANS["Leavers"]
    leaver = rule(rate=5, leaver_days=90)
    for row, days in zip(rows, figures(rows, "Days after leaving"), strict=True):
        [amount] = figures([row], "Amount")
        event = credit(amount, facts={"left_days": days})
        assert amounts([event], leaver) == figures([row], "Pays")


def test_nothing_is_taken_back():
    deal = credit(1000, date(2026, 1, 10))
    later = replace(deal, id=deal.id + 1000, event_id=0, amount=-deal.amount)
    for row in PLANS["Nothing is taken back"]:
        day = date.fromisoformat(row["On"])
        if row["What happens"] == "refunded":
            deals = [deal, replace(later, date=day)]
        else:
            deals = [replace(deal, reversed_on=day)]
        for column, is_final in (("Left without", False), ("Left with it", True)):
            left = sum(amounts(deals, rule(rate=5, is_final=is_final)))
            assert [left] == figures([row], column)


def test_owed_on_leaving():
    rows = PLANS["Owed on leaving"]
    owed = Decimal("1700.50")
    for row, leaving in zip(rows, (None, "last", "lapse"), strict=True):
        months = Months(opening=-owed, debt=Decimal(1500))
        last = months.settle(date(2026, 1, 1), Decimal(900), leaving=leaving)
        assert [last.paid] == figures([row], "Last month pays")
        assert [-last.closing] == figures([row], "Owed afterwards")


BONUS = {
    "event_type": "target_scored",
    "role": "scored",
    "amount_type": "fixed",
    "tier_measure": "attainment",
    "tier_period": "month",
    "tier_boundary": "upper",
}
SCORED_ON = credit(
    0, date(2026, 1, 31), event_type="target_scored", role="scored", employee_id=1
)


def test_objectives_without_a_deal():
    rows = PLANS["Objectives without a deal"]
    of_score = BONUS | {"target_measure": "score"}
    times = rule(**of_score, tier_mode="proportional", tiers=tiers((0, 1000)))
    steps = tiers((0, 0), (80, 500), (100, 1200))
    by_bracket = rule(**of_score, tier_mode="whole", tiers=steps)
    month = date(2026, 1, 1)
    for row, score in zip(rows, figures(rows, "Score"), strict=True):
        targets = {
            (1, "score", month): Decimal(100),
            ("reached", 1, "score", month, "month"): score,
        }
        for each, column in (
            (times, "Times what was attained"),
            (by_bracket, "By brackets"),
        ):
            assert amounts([SCORED_ON], each, targets=targets) == figures([row], column)


def test_target_bonus():
    rows = PLANS["Target bonus"]
    deals = sales_of(rows)
    key = (1, "won_amount", date(2026, 1, 1), "year")
    targets = {key: Decimal(800_000), ("bonus", *key): Decimal(40_000)}
    of_bonus = {"base": "bonus", "tier_measure": "attainment", "tier_period": "year"}
    brackets = tiers((0, 100), (100, 150), (125, 200))
    for column, mode in (("Each slice", "marginal"), ("Rate reached", "whole")):
        each = rule(**of_bonus, tier_mode=mode, tiers=brackets)
        assert amounts(deals, each, targets=targets) == figures(rows, column)


def test_target_bonus_by_attainment():
    rows = PLANS["Target bonus by attainment"]
    of_bonus = BONUS | {"amount_type": "percent", "base": "bonus"}
    of_bonus["target_measure"] = "score"
    line = tiers((80, 50), (100, 100), (120, 160))
    key = (1, "score", date(2026, 1, 1), "month")
    for row, score in zip(rows, figures(rows, "Attained"), strict=True):
        targets = {
            key: Decimal(100),
            ("bonus", *key): Decimal(12_000),
            ("reached", *key): score,
        }
        for column, mode, brackets in (
            ("Straight line", "interpolated", line),
            ("Times what was attained", "proportional", tiers((0, 100))),
        ):
            each = rule(**of_bonus, tier_mode=mode, tiers=brackets)
            paid = amounts([SCORED_ON], each, targets=targets)
            assert paid == figures([row], column)


def test_the_target_of_a_team_pays_its_members():
    rows = PLANS["The target of a team pays its members"]
    of_team = BONUS | {"target_measure": "score", "tier_measure": "team_attainment"}
    key = (("team", 7), "score", date(2026, 1, 1), "month")
    member = replace(SCORED_ON, team_id=7)
    pooled = [
        replace(member, id=n, employee_id=n, share=Decimal(share))
        for n, share in ((101, "0.75"), (102, "0.25"))
    ]
    for row, score in zip(rows, figures(rows, "Attained"), strict=True):
        targets = {key: Decimal(100), ("reached", *key): score}
        for columns, credits, amount in (
            (["Each member"], [member], 800),
            (["First of the pool", "Second of the pool"], pooled, 3000),
        ):
            times = rule(**of_team, tier_mode="proportional", tiers=tiers((0, amount)))
            expected = [figures([row], column)[0] for column in columns]
            assert amounts(credits, times, targets=targets) == expected


def test_own_bonus_by_the_team():
    rows = PLANS["Own bonus by the team"]
    month = date(2026, 1, 1)
    line = rule(
        **BONUS
        | {"target_measure": "score", "tier_measure": "team_attainment"}
        | {"amount_type": "percent", "base": "bonus"},
        tier_mode="interpolated",
        tiers=tiers((80, 50), (100, 100), (120, 160)),
    )
    members = [replace(SCORED_ON, id=n, employee_id=n, team_id=7) for n in (101, 102)]
    team = ("team", 7), "score", month, "month"
    for row, score in zip(rows, figures(rows, "Team attained"), strict=True):
        targets = {team: Decimal(100), ("reached", *team): score}
        for n, bonus in ((101, 1000), (102, 2500)):
            targets["bonus", n, "score", month, "month"] = Decimal(bonus)
        columns = ("First member", "Second member")
        expected = [figures([row], column)[0] for column in columns]
        assert amounts(members, line, targets=targets) == expected


def test_contest_of_the_month():
    places = tiers((1, 1000), (2, 500), (3, 250), (4, 0))
    first = rule(**BONUS | {"amount_type": "fixed"}, tier_mode="whole", tiers=places)
    first = replace(first, tier_measure="team_place", target_measure="won_amount")
    for row in PLANS["Contest of the month"]:
        sold = [Decimal(each) for each in row["Sold"].split(", ")]
        people = range(1, len(sold) + 1)
        names = [f"{place} person" for place in ("First", "Second", "Third", "Fourth")]
        won = [
            credit(amount, date(2026, 1, 9), employee_id=n, team_id=7)
            for n, amount in zip(people, sold, strict=True)
        ]
        ends = [
            replace(SCORED_ON, id=-n, event_id=-n, employee_id=n, team_id=7)
            for n in people
        ]
        expected = [figures([row], name)[0] for name in names]
        assert amounts([*won, *ends], first)[4:] == expected


def test_times_the_score():
    times = rule(
        rate=5, score_period="month", score_min=Decimal(80), score_max=Decimal(120)
    )
    key = 1, "score", date(2026, 1, 1), "month"
    for row in PLANS["Times the score"]:
        targets = {key: Decimal(100)}
        if row["Score"]:
            targets[("reached", *key)] = figures([row], "Score")[0]
        sold = [credit(amount, date(2026, 1, 9)) for amount in figures([row], "Amount")]
        assert amounts(sold, times, targets=targets) == figures([row], "Pays")


def test_years_of_service_and_of_customers():
    rows = PLANS["Years of service and of customers"]
    for column, name, brackets in (
        ("By service", "tenure_months", ((0, 3), (12, 4), (36, 5))),
        ("By customer", "customer_months", ((0, 10), (12, 5), (24, 0))),
    ):
        by_years = rule(tier_mode="whole", tier_measure=name, tiers=tiers(*brackets))
        sold = [
            credit(amount, facts={name: months})
            for amount, months in zip(
                figures(rows, "Amount"), figures(rows, "Months"), strict=True
            )
        ]
        assert amounts(sold, by_years) == figures(rows, column)


def test_several_measures_in_one_target():
    rows = PLANS["Several measures in one target"]
    times = rule(
        **BONUS,
        target_measure="weighted",
        tier_mode="proportional",
        tiers=tiers((0, 2000)),
    )
    month = date(2026, 1, 1)
    for row, score in zip(rows, figures(rows, "Score"), strict=True):
        revenue = Part("won_amount", Decimal(10_000), Decimal(60))
        judged = Part("score", Decimal(100), Decimal(40), Decimal(100), score)
        targets = {
            (1, "weighted", month, "month"): Decimal(100),
            ("whole", 1, "weighted", month, "month"): Whole("sales", (revenue, judged)),
        }
        [won] = figures([row], "Won in the month")
        deals = [credit(won, date(2026, 1, 15)), SCORED_ON]
        [award] = pay(deals, times, targets=targets)
        assert [award.amount] == figures([row], "Pays")
        assert [Decimal(award.trace["value"])] == figures([row], "Attained")
