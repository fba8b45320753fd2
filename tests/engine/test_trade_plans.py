"""Plan documents of many trades, each with events that were reckoned by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from builders import amounts, credit, pay, rule, tiers
from engine.explain import explain_award
from engine.settlement import Months

QUARTER = {"tier_period": "quarter"}
MONTH = {"tier_period": "month"}
YEAR = {"tier_period": "year"}


def by(measure, mode, *brackets, **values):
    """Brackets of a period."""
    return {
        "tier_measure": measure,
        "tier_mode": mode,
        "tiers": tiers(*brackets),
    } | values


def of_target(mode, *brackets, **values):
    return by("attainment", mode, *brackets, **values)


def days(text):
    return date.fromisoformat(f"2026-{text}")


def targets_of(amount, period, starts, measure="won_amount", subject=1, bonus=None):
    keys = [(subject, measure, days(start), period) for start in starts]
    found = {key: Decimal(amount) for key in keys}
    if bonus:
        found |= {("bonus", *key): Decimal(bonus) for key in keys}
    return found


#: name: the rules, the targets, what the plan says; events (day, amount, more), what each pays
PLANS = {
    "software: slower below half of the quota, faster above it": (
        [of_target("marginal", (0, 5), (50, 10), (100, 15), **QUARTER)],
        {"targets": targets_of(100_000, "quarter", ["01-01", "04-01"])},
        [
            ("01-20", 30_000, {}, 1500),
            ("02-10", 40_000, {}, 3000),
            ("03-05", 50_000, {}, 6000),
            ("04-02", 10_000, {}, 500),
            ("05-02", 44_444.44, {}, "2444.44"),
        ],
    ),
    "software: everything at the rate of the quarter": (
        [of_target("whole", (0, 6), (80, 8), (100, 10), **QUARTER)],
        {"targets": targets_of(100_000, "quarter", ["01-01", "04-01", "07-01"])},
        [
            ("01-20", 30_000, {}, 2400),
            ("02-20", 60_000, {}, 4800),
            ("04-20", 80_000, {}, 4800),  # just reached: the lower bracket
            ("07-01", 99_999.99, {}, 10_000),
            ("07-02", 0.02, {}, 0),  # together 100,000.01 at 10 %
        ],
    ),
    "development: 40 a meeting, 60 from the eleventh on": (
        [
            by("qualified_count", "marginal", (0, 40), (10, 60), **MONTH)
            | {"amount_type": "fixed", "event_type": "lead_qualified"}
        ],
        {},
        [(f"01-{n:02}", 0, {"event_type": "lead_qualified"}, 40) for n in range(1, 11)]
        + [(f"01-{n}", 0, {"event_type": "lead_qualified"}, 60) for n in (11, 12)]
        + [("02-01", 0, {"event_type": "lead_qualified"}, 40)],
    ),
    "customer success: renewals of the second year on": (
        [
            {"rate": 10, "customer_months_to": 12},
            {"rate": 2, "customer_months_from": 12},
        ],
        {},
        [
            ("01-01", 1200, {"facts": {"customer_months": Decimal(0)}}, 120),
            ("01-02", 1200, {"facts": {"customer_months": Decimal(11)}}, 120),
            ("01-03", 1200, {"facts": {"customer_months": Decimal(12)}}, 24),
            ("01-04", 1249.5, {"facts": {"customer_months": Decimal(24)}}, "24.99"),
        ],
    ),
    "brokerage: 70 % until the house has its 20,000": (
        [by("cumulative", "marginal", (0, 70), ("66666.67", 100), **YEAR)],
        {},
        [
            ("01-10", 40_000, {}, 28_000),
            ("03-10", 40_000, {}, 32_000),
            ("06-10", 10_000, {}, 10_000),
            ("07-10", -10_000, {}, -10_000),
        ],
    ),
    "cars: a quarter of the gross, at least 150, and 100 each from three on": (
        [
            {"rate": 25, "floor": 150},
            by("won_count", "whole", (3, 100), tier_boundary="upper", **MONTH)
            | {"amount_type": "fixed"},
        ],
        {},
        [
            ("01-05", 400, {}, 250),
            ("01-09", 1200, {}, 400),
            ("01-20", 500, {}, 250),
            ("01-30", 2345.67, {}, "686.42"),
            ("02-02", 2000, {}, 500),
            ("02-03", 10, {}, 150),
        ],
    ),
    "insurance: advance, given back for the months that are missing": (
        [{"rate": 50}],
        {"clawback_method": "prorata", "clawback_months": 12},
        [
            ("01-10", 1200, {"reversed_on": days("07-10")}, 300),
            ("01-10", 1200, {"reversed_on": days("02-09")}, 0),
            ("01-10", 1200, {"reversed_on": days("03-15")}, 100),
            ("01-10", 1200, {"reversed_on": date(2027, 2, 1)}, 600),
            ("01-10", 1000, {"reversed_on": days("08-10")}, "291.67"),
        ],
    ),
    "subscriptions: 100, 75, 50, 25 % taken back in the first four months": (
        [{"rate": 10}],
        {"clawback_schedule": tuple(map(Decimal, (100, 75, 50, 25)))},
        [
            ("01-10", 1000, {"reversed_on": days("02-09")}, 0),
            ("01-10", 1000, {"reversed_on": days("02-10")}, 25),
            ("01-31", 1000, {"reversed_on": days("04-29")}, 50),
            ("01-10", 999.99, {"reversed_on": days("05-09")}, 75),
            ("01-10", 1000, {"reversed_on": days("05-10")}, 100),
        ],
    ),
    "telephones: 5 each, all at 7 once six are sold": (
        [
            by("quantity", "whole", (0, 5), (6, 7), tier_boundary="upper", **MONTH)
            | {"amount_type": "unit", "event_type": "invoice_posted"}
        ],
        {},
        [
            ("01-05", 9, {"event_type": "invoice_posted", "quantity": 1}, 7),
            ("01-06", 9, {"event_type": "invoice_posted", "quantity": 3}, 21),
            ("01-07", 9, {"event_type": "invoice_posted", "quantity": 2}, 14),
            ("02-07", 9, {"event_type": "invoice_posted", "quantity": 5}, 25),
        ],
    ),
    "implants: 150 each, 200 from the eleventh of a month on": (
        [
            by("quantity", "marginal", (0, 150), (10, 200), **MONTH)
            | {"amount_type": "unit", "event_type": "invoice_posted"}
        ],
        {},
        [
            ("01-05", 9, {"event_type": "invoice_posted", "quantity": 6}, 900),
            ("01-06", 9, {"event_type": "invoice_posted", "quantity": 6}, 1000),
            ("01-07", 9, {"event_type": "invoice_posted", "quantity": 1}, 200),
            ("01-31", -9, {"event_type": "invoice_posted", "quantity": -4}, -750),
            ("02-01", 9, {"event_type": "invoice_posted", "quantity": "10.5"}, 1600),
        ],
    ),
    "distribution: by the margin of each invoice": (
        [
            by("margin_percent", "whole", (0, 1), (20, 3), (30, 5))
            | {"event_type": "invoice_posted"}
        ],
        {},
        [
            (day, amount, {"event_type": "invoice_posted", "facts": known}, pays)
            for day, amount, margin, pays in (
                ("01-01", 1000, 100, 10),
                ("01-02", 2000, 500, 60),
                ("01-03", 3000, 900, 90),
                ("01-04", 1500, 675, 75),
                ("01-05", 999.99, 0, 10),
            )
            for known in [{"untaxed": Decimal(str(amount)), "margin": Decimal(margin)}]
        ],
    ),
    "阶梯提成, each part at its own rate": (
        [by("cumulative", "marginal", (0, 1), (100_000, 2), (300_000, 3), **MONTH)],
        {},
        [
            ("01-05", 80_000, {}, 800),
            ("01-15", 70_000, {}, 1200),
            ("01-25", 200_000, {}, 4500),
            ("02-05", 123_456.78, {}, "1469.14"),
        ],
    ),
    "阶梯提成, everything at the rate reached": (
        [by("cumulative", "whole", (0, 1), (100_000, 2), (300_000, 3), **MONTH)],
        {},
        [
            ("01-05", 80_000, {}, 2400),
            ("01-15", 70_000, {}, 2100),
            ("01-25", 200_000, {}, 6000),
            ("02-05", 100_000, {}, 1000),
        ],
    ),
    "回款提成: half of it only for money within 60 days": (
        [
            {"event_type": "payment_received", "rate": "1.5"},
            {"event_type": "payment_received", "rate": "1.5", "collected_within": 60},
        ],
        {},
        [
            (day, amount, {"event_type": "payment_received", "facts": known}, pays)
            for day, amount, waited, pays in (
                ("01-01", 10_000, 30, 300),
                ("01-02", 20_000, 61, 300),
                ("01-03", 5_000, 60, 150),
                ("01-04", 3_333.33, 90, 50),
            )
            for known in [{"invoice_days": Decimal(waited)}]
        ],
    ),
    "团队提成: half a percent of the team": (
        [{"role": "manager", "manager_level": 1, "rate": "0.5"}],
        {},
        [
            ("01-01", 12_000, {"role": "manager", "manager_level": 1}, 60),
            ("01-02", 8_500, {"role": "manager", "manager_level": 1}, "42.5"),
            ("01-03", 999, {"role": "manager", "manager_level": 1}, 5),
            ("01-04", 700, {}, 0),
        ],
    ),
    "French objectives of the month": (
        [of_target("whole", (80, 2), (100, 3), tier_boundary="upper", **MONTH)],
        {"targets": targets_of(20_000, "month", ["01-01", "02-01", "03-01", "04-01"])},
        [
            ("01-31", 16_000, {}, 320),
            ("02-28", 21_000, {}, 630),
            ("03-31", 15_999.99, {}, 0),
            ("04-01", 19_000, {}, 570),
            ("04-30", 1_000, {}, 30),
            ("05-01", 90_000, {}, 0),
        ],
    ),
    "インセンティブ in yen: 5,000 a contract and 3 % of everything above a million": (
        [
            {"amount_type": "fixed", "amount": 5000},
            by("cumulative", "whole", (1_000_000, 3), **MONTH),
        ],
        {},
        [
            ("01-05", 345_678, {"rounding": 1}, 15_370),
            ("01-25", 700_001, {"rounding": 1}, 26_000),
            ("02-25", 1_000_000, {"rounding": 1}, 5_000),
        ],
    ),
    "channel partners: silver, gold, platinum of the year": (
        [
            by("cumulative", "whole", (0, 10), (100_000, 15), (250_000, 20), **YEAR)
            | {"tier_boundary": "upper"}
        ],
        {},
        [
            ("01-05", 60_000, {}, 12_000),
            ("03-05", 60_000, {}, 12_000),
            ("11-05", 130_000, {}, 26_000),
        ],
    ),
    "agency: fees when they are paid, in parts": (
        [{"event_type": "payment_received", "rate": 10}],
        {},
        [
            (day, amount, {"event_type": "payment_received"} | more, pays)
            for day, amount, more, pays in (
                ("01-05", 333.33, {}, "33.33"),
                ("02-05", 333.33, {"preceding": Decimal("333.33")}, "33.34"),
                ("03-05", 333.34, {"preceding": Decimal("666.66")}, "33.33"),
            )
        ],
    ),
    "fundraising: 20 a donor, 5 % of gifts from 500 on": (
        [{"amount_type": "fixed", "amount": 20}, {"rate": 5, "min_amount": 500}],
        {},
        [
            ("01-01", 100, {}, 20),
            ("01-02", 500, {}, 45),
            ("01-03", 1000, {}, 70),
            ("01-04", 499.99, {}, 20),
            ("01-05", 750.5, {}, "57.53"),
        ],
    ),
    "hotel: 8 % of what is sold up, at most 50 each": (
        [{"rate": 8, "cap": 50}],
        {},
        [
            ("01-01", 300, {}, 24),
            ("01-02", 625, {}, 50),
            ("01-03", 2000, {}, 50),
            ("01-04", 624.9, {}, "49.99"),
        ],
    ),
    "hotel: at most 120 a month": (
        [{"rate": 8, "cap": 120, "cap_period": "month"}],
        {},
        [
            ("01-01", 300, {}, 24),
            ("01-02", 700, {}, 56),
            ("01-03", 2000, {}, 40),
            ("01-04", 100, {}, 0),
            ("02-01", 1500, {}, 120),
        ],
    ),
    "freight: 15 % of the margin, of losses too": (
        [{"rate": 15}],
        {},
        [
            ("01-01", 200, {}, 30),
            ("01-02", 455.55, {}, "68.33"),
            ("01-03", -80, {}, -12),
            ("01-04", "0.03", {}, 0),
        ],
    ),
    "construction: 40 % of it on signing, the rest as the money comes": (
        [
            {"rate": "0.8"},
            {
                "event_type": "payment_received",
                "rate": "1.2",
                "rate_before": Decimal("0.8"),
            },
        ],
        {},
        [
            ("01-10", 500_000, {}, 4000),
            ("03-10", 150_000, {"event_type": "payment_received"}, 1800),
            ("06-10", 350_000, {"event_type": "payment_received"}, 4200),
        ],
    ),
    "recruiting: 90 days of guarantee": (
        [{"rate": 20}],
        {"clawback_days": 90},
        [
            ("01-05", 30_000, {"reversed_on": days("03-06")}, 0),
            ("01-05", 30_000, {"reversed_on": days("04-05")}, 0),
            ("01-05", 30_000, {"reversed_on": days("04-06")}, 6000),
            ("01-05", 28_750.5, {}, "5750.1"),
        ],
    ),
    "comissão of 3.5 %": (
        [{"rate": "3.5"}],
        {},
        [("01-05", "12345.67", {}, "432.1"), ("01-06", 1, {}, "0.04")],
    ),
    "rent: a month's rent from a year on, half of it below": (
        [
            {"amount_type": "unit", "amount": 100, "min_quantity": 12},
            {"amount_type": "unit", "amount": 50},
        ],
        {},
        [
            ("01-01", 900, {"quantity": 12}, 1800),
            ("01-02", 900, {"quantity": 6}, 300),
            ("01-03", 900, {"quantity": 24}, 3600),
        ],
    ),
    "energy: contracts of the season count double": (
        [
            {"amount_type": "fixed", "amount": 30},
            {"amount_type": "fixed", "amount": 30, "season_from": 10, "season_to": 12},
        ],
        {},
        [
            ("09-30", 1, {}, 30),
            ("10-01", 1, {}, 60),
            ("12-31", 1, {}, 60),
        ],
    ),
    "by months in the company": (
        [by("tenure_months", "whole", (0, 3), (12, 4), (36, 5))],
        {},
        [
            (day, 1000, {"facts": {"tenure_months": Decimal(months)}}, pays)
            for day, months, pays in (
                ("01-05", 0, 30),
                ("01-06", 11, 30),
                ("01-07", 12, 40),
                ("01-08", 36, 50),
                ("01-09", 400, 50),
            )
        ]
        + [("01-10", 1000, {}, 0)],  # no contract start is known
    ),
    "renewals: 10 %, half of it from year to year": (
        [by("customer_months", "whole", (0, 10), (12, 5), (24, "2.5"), (36, 0))],
        {},
        [
            (day, amount, {"facts": {"customer_months": Decimal(months)}}, pays)
            for day, amount, months, pays in (
                ("01-05", 1200, 0, 120),
                ("01-06", 1200, 11, 120),
                ("01-07", 1200, 12, 60),
                ("01-08", "1234.56", 24, "30.86"),
                ("01-09", 1200, 36, 0),
            )
        ],
    ),
    "by the payment terms of the invoice": (
        [
            by("terms_days", "whole", (0, 3), (30, 2), (60, 1))
            | {"event_type": "invoice_posted"}
        ],
        {},
        [
            (
                day,
                1000,
                {
                    "event_type": "invoice_posted",
                    "facts": {"terms_days": Decimal(terms)},
                },
                pays,
            )
            for day, terms, pays in (
                ("01-05", 0, 30),
                ("01-06", 30, 30),
                ("01-07", 45, 20),
                ("01-08", 60, 20),
                ("01-09", 90, 10),
            )
        ],
    ),
    "nothing up to 80 % of the quota, 50 to 200 % of the bonus up to 120 %": (
        [
            of_target("interpolated", (80, 50), (120, 200), **QUARTER)
            | {"base": "bonus"}
        ],
        {"targets": targets_of(100_000, "quarter", ["01-01", "04-01"], bonus=10_000)},
        [
            ("01-20", 60_000, {}, 7_500),  # at 100 %: 125 % of what each attains
            ("02-20", 40_000, {}, 5_000),
            ("04-20", 80_000, {}, 0),
        ],
    ),
    "slower again above one and a half times the quota": (
        [of_target("marginal", (0, 5), (100, 8), (150, 2), **QUARTER)],
        {"targets": targets_of(100_000, "quarter", ["01-01"])},
        [
            ("01-20", 120_000, {}, 6_600),
            ("02-20", 50_000, {}, 2_800),
            ("03-20", 10_000, {}, 200),
        ],
    ),
    "taken back: all, three quarters, half, a quarter": (
        [{"rate": 10}],
        {"clawback_method": "prorata", "clawback_months": 4},
        [
            ("01-10", 1000, {"reversed_on": days("02-09")}, 0),
            ("01-10", 1000, {"reversed_on": days("02-10")}, 25),
            ("01-10", 1000, {"reversed_on": days("03-10")}, 50),
            ("01-10", 1000, {"reversed_on": days("05-09")}, 75),
            ("01-10", 1000, {"reversed_on": days("05-10")}, 100),
        ],
    ),
    "two weeks of 50 for each of a product": (
        [
            {"rate": 2},
            {
                "amount_type": "fixed",
                "amount": 50,
                "date_start": days("03-02"),
                "date_end": days("03-15"),
            },
        ],
        {},
        [
            ("03-01", 1000, {}, 20),
            ("03-02", 1000, {}, 70),
            ("03-15", 500, {}, 60),
            ("03-16", 500, {}, 10),
        ],
    ),
    "target bonus: quarter of 10,000 on 200,000": (
        [
            of_target("marginal", (50, 100), (100, 200), **QUARTER) | {"base": "bonus"},
        ],
        {"targets": targets_of(200_000, "quarter", ["01-01", "04-01"], bonus=10_000)},
        [
            ("01-10", 90_000, {}, 0),
            ("02-10", 60_000, {}, 2_500),
            ("03-10", 70_000, {}, 4_500),
            ("04-10", 133_333.33, {}, "1666.67"),
        ],
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_pays_what_its_document_says(name):
    rules, settings, rows = PLANS[name]
    credits = [
        credit(amount, days(day), company_id=1, **values)
        for day, amount, values, _pays in rows
    ]
    the_rules = [rule(id=n, **values) for n, values in enumerate(rules, start=1)]
    earned = amounts(credits, *the_rules, **settings)
    assert earned == [Decimal(str(pays)) for *_of_event, pays in rows]


def test_units_of_several_brackets_in_words():
    rules, _settings, rows = PLANS[
        "implants: 150 each, 200 from the eleventh of a month on"
    ]
    credits = [credit(amount, days(day), **more) for day, amount, more, _pays in rows]
    awards = pay(credits, rule(**rules[0]))
    assert explain_award(awards[1].trace).endswith("4 × 150 + 2 × 200 = 1,000.00")
    assert awards[0].rate == 150


def test_territory_of_several_people():
    """A team of two: the rate of each follows what both sold."""
    whole = by("team_attainment", "whole", (0, "0.5"), (90, 1), (100, "1.5"), **QUARTER)
    by_team = rule(**whole, tier_boundary="upper")
    sold = [
        credit(90_000, days("01-20"), team_id=7),
        credit(95_000, days("02-20"), team_id=7, employee_id=2),
    ]
    for target, paid in ((200_000, [900, 950]), (185_000, [1350, 1425])):
        goal = targets_of(target, "quarter", ["01-01"], subject=("team", 7))
        assert amounts(sold, by_team, targets=goal) == paid


def test_store_by_hours():
    """2 % of the store, to three people of 120, 40 and 40 hours."""
    for whole, paid in (
        ("12345.67", ["148.15", "49.38", "49.38"]),
        ("100", ["1.2", "0.4", "0.4"]),
        ("0.5", ["0.01", "0", "0"]),
    ):
        made = credit(whole, days("01-31"))
        shared = [
            replace(
                made,
                id=made.id * 1000 + n,
                employee_id=n,
                share=Decimal(share),
                amount=Decimal(whole) * Decimal(share),
                event_amount=Decimal(whole),
                event_preceding=Decimal(0),
            )
            for n, share in ((1, "0.6"), (2, "0.2"), (3, "0.2"))
        ]
        assert amounts(shared, rule(rate=2)) == [Decimal(each) for each in paid]


def test_staffing_with_a_draw():
    """10 % of the gross profit up to 20,000, 12.5 % above; 2,000 are lent each month."""
    of_profit = rule(**by("cumulative", "marginal", (0, 10), (20_000, "12.5"), **MONTH))
    months = Months()
    for month, profit, earned, paid, debt in (
        ("01-15", 15_000, 1500, 2000, 500),
        ("02-15", 26_000, 2750, 2250, 0),
        ("03-15", "9999.99", 1000, 2000, 1000),
        ("04-15", 40_000, 4500, 3500, 0),
    ):
        [gained] = amounts([credit(profit, days(month))], of_profit)
        settled = months.settle(days(month), gained, draw=Decimal(2000))
        assert (gained, settled.paid, settled.debt) == (earned, paid, debt)


def test_reserve_for_cancellations():
    """Provisionsstaffel of 4, 5 and 6 %, a tenth of it kept."""
    kept = rule(
        **by("cumulative", "marginal", (0, 4), (25_000, 5), (50_000, 6), **MONTH),
        holdback_percent=Decimal(10),
    )
    sold = [credit(30_000, days("01-05")), credit(30_000, days("01-25"))]
    parts = [(each.part, each.amount) for each in pay(sold, kept)]
    assert parts == [
        ("", 1250),
        ("holdback", -125),
        ("release", 125),
        ("", 1600),
        ("holdback", -160),
        ("release", 160),
    ]


@pytest.mark.parametrize(
    ("mode", "brackets", "paid"),
    [
        # net retention: 100 % of 5,000 at 100, half as much again at 110
        (
            "interpolated",
            [(90, 0), (100, 100), (110, 150)],
            {89: 0, 90: 0, 95: 2500, 100: 5000, 104: 6000, 110: 7500, 112: 7500},
        ),
        # 年终: a step of the year
        (
            "whole",
            [(80, 20), (100, 100), (120, 160)],
            {"79.9": 0, 80: 0, "80.01": 1000, 100: 1000, "100.5": 5000, 150: 8000},
        ),
        # objectives: times what was attained, from three quarters on
        (
            "proportional",
            [(75, 100)],
            {75: 0, "75.5": 3775, 88: 4400, 100: 5000, "121.25": "6062.5"},
        ),
    ],
)
def test_a_year_settled_at_its_end(mode, brackets, paid):
    settled = {"event_type": "target_scored|score|year", "role": "scored"}
    values = {"target_measure": "score", "base": "bonus"} | YEAR | settled
    once = rule(**of_target(mode, *brackets, **values))
    for score, amount in paid.items():
        goal = targets_of(100, "year", ["01-01"], measure="score", bonus=5000)
        goal["reached", 1, "score", days("01-01"), "year"] = Decimal(str(score))
        made = [credit(0, days("12-31"), **settled)]
        assert amounts(made, once, targets=goal) == [Decimal(str(amount))]


TEAM = ("team", 7)
SETTLED = {"event_type": "target_scored|won_amount|month|team_attainment"}
MEMBER = {"role": "scored", "team_id": 7, **SETTLED}


@pytest.mark.parametrize(
    ("sold", "paid"),
    [
        ((500, 400, 300, 200), (1000, 500, 250, 0)),
        ((500, 500, 300, 200), (1000, 1000, 250, 0)),  # both are first, nobody second
        ((500, 400, 400, 400), (1000, 500, 500, 500)),
        ((500, 0, -20, 300), (1000, 0, 0, 500)),  # nothing is no place
    ],
)
def test_a_contest_of_the_month(sold, paid):
    """The first three of a team: 1,000, 500 and 250."""
    first_three = rule(
        **by("team_place", "whole", (1, 1000), (2, 500), (3, 250), (4, 0), **MONTH),
        **SETTLED,
        role="scored",
        amount_type="fixed",
    )
    credits = [
        *(
            credit(amount, days("01-10"), employee_id=n, team_id=7)
            for n, amount in enumerate(sold, start=1)
        ),
        credit(9_999, days("01-10"), employee_id=9, team_id=8),
        credit(9_999, days("02-01"), employee_id=4, team_id=7),
        *(credit(0, days("01-31"), employee_id=n, **MEMBER) for n in range(1, 5)),
    ]
    earned = amounts(credits, first_three)
    assert earned[-4:] == [Decimal(each) for each in paid]
    assert sum(earned) == sum(paid)


def test_each_ones_own_bonus_by_what_the_team_attained():
    """Bonuses of 900 and 2,000; the team attains 110 %."""
    january = days("01-01")
    credits = [
        credit(70_000, days("01-10"), team_id=7),
        credit(40_000, days("01-20"), team_id=7, employee_id=2),
        *(credit(0, days("01-31"), employee_id=n, **MEMBER) for n in (1, 2, 3)),
    ]
    targets = {(TEAM, "won_amount", january, "month"): Decimal(100_000)}
    for person, bonus in ((1, 900), (2, 2000)):
        targets |= targets_of(5, "month", ["01-01"], subject=person, bonus=bonus)
    for mode, brackets, paid in (
        ("proportional", [(0, 100)], [990, 2200, 0]),
        ("whole", [(80, 50), (100, 120)], [1080, 2400, 0]),
        ("marginal", [(0, 100), (100, 200)], [1080, 2400, 0]),
        ("interpolated", [(100, 100), (120, 200)], [1350, 3000, 0]),
    ):
        of_team = rule(
            **by("team_attainment", mode, *brackets, **MONTH),
            **SETTLED,
            role="scored",
            base="bonus",
        )
        assert amounts(credits, of_team, targets=targets)[2:] == paid


def test_units_of_a_shared_invoice_count_by_halves():
    """Eight telephones are four for each of two: below the six that pay 7 each."""
    by_units = rule(
        **by("quantity", "whole", (0, 5), (6, 7), **MONTH),
        event_type="invoice_posted",
        amount_type="unit",
    )
    shared = [
        credit(
            9,
            days("01-05"),
            event_type="invoice_posted",
            event_id=1,
            employee_id=n,
            quantity=8,
            share="0.5",
        )
        for n in (1, 2)
    ]
    assert amounts(shared, by_units) == [20, 20]


def test_minimum_wage_where_there_is_commission_only():
    """A month that comes to less than 1,412 pays that; nothing is owed for it."""
    months = Months()
    for month, earned, paid in (
        ("01-31", 900, 1412),
        ("02-28", "2000.50", "2000.50"),
        ("03-31", 0, 1412),
    ):
        settled = months.settle(days(month), Decimal(earned), minimum=Decimal(1412))
        assert (settled.paid, settled.debt) == (Decimal(paid), 0)


def test_pay_times_the_score_of_quality():
    """5 %, times the score of the month: at least 80 %, at most 120 %."""
    times = rule(
        rate=5,
        score_period="month",
        score_min=Decimal(80),
        score_max=Decimal(120),
    )
    key = 1, "score", days("01-01"), "month"
    sold = [credit(1000, days("01-10")), credit("333.33", days("01-20"))]
    later = credit(1000, days("02-01"))
    for score, paid in (
        (100, ["50", "16.67"]),
        (90, ["45", "15"]),
        ("104.5", ["52.25", "17.42"]),
        (10, ["40", "13.34"]),
        (150, ["60", "20"]),
    ):
        targets = {key: Decimal(100), ("reached", *key): Decimal(score)}
        earned = amounts([*sold, later], times, targets=targets)
        assert earned == [*map(Decimal, paid), 50]
    [award] = pay(sold[:1], times, targets={**targets, ("reached", *key): Decimal(90)})
    assert explain_award(award.trace) == (
        "5 % of 1,000 = 50.00; × 90 %, the person's score of the month = 45.00"
    )
    # until it is approved, and for whoever has none
    assert amounts(sold, times, targets={key: Decimal(100)}) == [50, Decimal("16.67")]
