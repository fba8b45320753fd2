"""The sentences that people read, and that every code has one."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from builders import credit, pay, plan, refund, rule, tiers
from engine.compute import compute
from engine.conditions import CONDITIONS, KIND
from engine.explain import (
    REASONS,
    ROWS,
    STEPS,
    TEMPLATES,
    WORDS,
    explain_award,
    explain_formula,
    explain_refusal,
)

JANUARY_2 = date(2025, 1, 2)
STEP = tiers((0, 3), (1000, 4))
MONTH = {"tier_mode": "marginal", "tier_measure": "cumulative", "tier_period": "month"}


def last_sentence(credits, *rules, **values):
    return explain_award(pay(credits, *rules, **values)[-1].trace)


AWARDS = [
    (credit("10000.00"), rule(rate=3), {}, "3 % of 10,000.00 = 300.00"),
    (
        credit(1),
        rule(amount_type="fixed", amount=100),
        {},
        "a fixed amount of 100.00",
    ),
    (
        credit(1, quantity=12),
        rule(amount_type="unit", amount="2.50"),
        {},
        "12 × 2.5 = 30.00",
    ),
    (
        credit("800.00"),
        rule(tier_mode="whole", tiers=STEP),
        {},
        "amount: 800; 3 % of 800.00 = 24.00",
    ),
    (
        credit("10000.00"),
        rule(rate=3, cap=200),
        {},
        "3 % of 10,000.00 = 300.00; 200.00 by the cap of 200 per event",
    ),
    (
        credit("100.00"),
        rule(rate=3, floor=20, cap_period="month"),
        {},
        "3 % of 100.00 = 3.00; 20.00 by the floor of 20 per month",
    ),
    (
        credit("10000.00", reversed_on=date(2025, 2, 4)),
        rule(rate=3),
        {"clawback_method": "prorata", "clawback_days": 60},
        "3 % of 10,000.00 = 300.00; "
        "50 % kept after it was undone on 2025-02-04 = 150.00",
    ),
    (
        credit("10000.00"),
        rule(rate=3, holdback_percent=Decimal(20)),
        {},
        "20 % of 300.00 released = 60.00",
    ),
]


@pytest.mark.parametrize(
    ("fact", "the_rule", "plan_values", "sentence"),
    AWARDS,
    ids=[case[-1] for case in AWARDS],
)
def test_an_award(fact, the_rule, plan_values, sentence):
    assert last_sentence([fact], the_rule, **plan_values) == sentence


def test_a_share_of_fixed_money():
    halves = [
        credit(0, event_id=1, employee_id=n, share="0.5", quantity=3) for n in (1, 2)
    ]
    fixed = rule(amount_type="fixed", amount=100)
    assert last_sentence(halves, fixed) == "50 % of a fixed amount of 100 = 50.00"
    unit = rule(amount_type="unit", amount=10)
    assert last_sentence(halves, unit) == "50 % of 3 × 10 = 15.00"


def test_slices_of_a_period():
    credits = [credit("900.00"), credit("300.00")]
    assert last_sentence(credits, rule(tiers=STEP, **MONTH)) == (
        "month from 2025-01-01, 900 to 1,200; 100 at 3 % = 3 + 200 at 4 % = 8; "
        "together 11.00, 3.666667 % of 300.00"
    )


def test_the_measure_that_was_reached():
    values = {"tier_mode": "whole", "tier_period": "month", "tiers": STEP}
    by_count = rule(tier_measure="won_count", **values)
    assert last_sentence([credit("10.00")], by_count) == (
        "deals won, month from 2025-01-01: 1; 3 % of 10.00 = 0.30"
    )
    by_target = rule(tier_measure="attainment", **values)
    targets = {(1, "won_amount", date(2025, 1, 1)): Decimal(40)}
    assert last_sentence([credit("10.00")], by_target, targets=targets) == (
        "target attainment, month from 2025-01-01: 25 % of 40; 3 % of 10.00 = 0.30"
    )


def test_the_cent_of_the_periods_sum():
    whole = rule(tiers=STEP, **{**MONTH, "tier_mode": "whole"})
    sentence = last_sentence([credit("0.50"), credit("0.50")], whole)
    assert sentence == (
        "amount so far, month from 2025-01-01: 1; 3 % of 0.50 = 0.01; "
        "including -0.01 so that the sum is exact"
    )


def formula(credits, *rules, **values):
    """The steps of the last award: label, amount, rate, pay, bold or not."""
    trace = pay(credits, *rules, **values)[-1].trace
    return [
        (row.label, row.amount, row.rate, row.pay, row.is_result)
        for row in explain_formula(trace)
    ]


def test_formula_of_a_percentage():
    assert formula([credit("10000.00")], rule(rate=3)) == [
        ("Percentage", "10,000.00", "3 %", "300.00", False)
    ]


def test_rates_of_a_formula_are_written_as_the_reader_does():
    def translate(code, values):
        return f"{values['number']}%" if code == "percentage" else code

    sliced = rule(tiers=STEP, **MONTH)
    for sold in (rule(rate=3), rule(rate=3, holdback_percent=20), sliced):
        trace = pay([credit("10000.00")], sold)[-1].trace
        rates = [row.rate for row in explain_formula(trace, translate) if row.rate]
        assert rates
        assert not any(" %" in rate for rate in rates)


def test_formula_of_shared_money():
    halves = [
        credit(0, event_id=1, employee_id=n, share="0.5", quantity=3) for n in (1, 2)
    ]
    assert formula(halves, rule(amount_type="fixed", amount=100)) == [
        ("Fixed amount", "", "100", "", False),
        ("Share of 50 %", "", "", "50.00", False),
    ]
    assert formula(halves, rule(amount_type="unit", amount=10)) == [
        ("Per unit", "3", "10", "", False),
        ("Share of 50 %", "", "", "15.00", False),
    ]


def test_formula_of_slices():
    credits = [credit("900.00"), credit("300.00")]
    assert formula(credits, rule(tiers=STEP, **MONTH)) == [
        ("month from 2025-01-01, 900 to 1,200", "", "", "", False),
        ("From 900 to 1,000", "100", "3 %", "3", False),
        ("From 1,000 to 1,200", "200", "4 %", "8", False),
        ("Together", "300.00", "3.666667 %", "11.00", True),
    ]


def test_formula_of_the_cent_of_a_period():
    whole = rule(tiers=STEP, **{**MONTH, "tier_mode": "whole"})
    assert formula([credit("0.50"), credit("0.50")], whole)[1:] == [
        ("Percentage", "0.50", "3 %", "0.02", False),
        (
            "Rounding, so that the sum is exact",
            *("", "", "-0.01"),
            False,
        ),
    ]


@pytest.mark.parametrize(
    ("rule_values", "plan_values", "label", "result"),
    [
        ({"cap": 200}, {}, "Cap of 200 per event", "200.00"),
        ({"floor": 400}, {}, "Floor of 400 per event", "400.00"),
        (
            {},
            {"clawback_method": "prorata", "clawback_days": 60},
            "50 % kept, undone on 2025-02-04",
            "150.00",
        ),
    ],
)
def test_formula_of_what_changed_the_amount(rule_values, plan_values, label, result):
    undone = date(2025, 2, 4) if plan_values else None
    deal = credit("10000.00", reversed_on=undone)
    assert formula([deal], rule(rate=3, **rule_values), **plan_values) == [
        ("Percentage", "10,000.00", "3 %", "300.00", False),
        (label, "", "", result, True),
    ]


def test_formula_of_a_holdback():
    the_rule = rule(rate=3, holdback_percent=Decimal(20))
    assert formula([credit("10000.00")], the_rule) == [
        ("Released", "300.00", "20 %", "60.00", False)
    ]


REFUSALS = [
    (credit(9, plan_id=None), {}, REASONS["no_plan"]),
    (
        credit(9, event_type="meeting_held"),
        {},
        "The rule pays on “deal won”, and this is “meeting held”.",
    ),
    (
        credit(9, role="marketing"),
        {},
        "The rule is for sales, and this is for marketing.",
    ),
    (
        credit(9, commission_source="own"),
        {"commission_source": "marketing"},
        "The rule is for a marketing customer, and this is an own customer.",
    ),
    (
        credit(9),
        {"commission_source": "referral"},
        "The rule is for a referral customer, and this is a customer without a source.",
    ),
    (
        credit("1234.50"),
        {"min_amount": 5000},
        "The amount of 1,234.50 is below the least amount of 5,000.",
    ),
    (
        credit(900),
        {"tier_mode": "whole", "tiers": tiers((1000, 5))},
        "The measure “amount” does not reach the first bracket, from 1,000.",
    ),
    (
        credit(900),
        {**MONTH, "tier_measure": "conversion_rate", "tiers": tiers((20, 5))},
        "The measure “conversion rate” does not reach the first bracket, from 20 %.",
    ),
    (
        credit(900),
        {**MONTH, "tier_measure": "attainment", "tiers": tiers((50, 5))},
        "There is no target for “amount of deals won” in this month.",
    ),
    (
        credit(900, reversed_on=JANUARY_2),
        {"rate": 5},
        "The event was undone on 2025-01-02.",
    ),
]


@pytest.mark.parametrize(
    ("fact", "rule_values", "sentence"), REFUSALS, ids=[case[-1] for case in REFUSALS]
)
def test_a_refusal(fact, rule_values, sentence):
    outcome = compute([fact], {1: plan(rule(**rule_values))}, explain=True)
    [refusal] = outcome.refusals
    assert explain_refusal(refusal.reason, refusal.values) == sentence


def test_a_cap_that_is_used_up():
    capped = rule(rate=10, cap=50, cap_period="month")
    credits = [credit(1000), credit(1000)]
    [refusal] = compute(credits, {1: plan(capped)}, explain=True).refusals
    sentence = explain_refusal(refusal.reason, refusal.values, None, lambda v: f"¥{v}")
    assert sentence == "The cap of ¥50 per month is used up."


def test_texts_and_words_can_be_translated():
    chinese = {
        "reached_period": "%(period)s（%(period_start)s 起）%(measure)s：%(value)s",
        "period_month": "本月",
        "measure_won_count": "签单数",
        "percent": "%(base)s 的 %(rate)s%% = %(amount)s",
    }
    by_count = rule(**{**MONTH, "tier_measure": "won_count"}, tiers=STEP)
    [award] = pay([credit("10.00")], by_count)
    sentence = explain_award(
        award.trace,
        translate=lambda code, values: chinese[code] % values,
        format_money=lambda value: f"¥{value}",
    )
    assert sentence == "本月（2025-01-01 起）签单数：1; ¥10.00 的 3% = ¥0.30"


def test_codes_are_unique_over_all_texts():
    assert len(TEMPLATES) == len(REASONS) + len(STEPS) + len(ROWS) + len(WORDS)


def test_every_condition_has_a_sentence():
    assert {condition.reason for condition in (*KIND, *CONDITIONS)} <= REASONS.keys()


def test_traces_and_values_are_plain_json():
    deal = credit(5000)
    rules = [
        rule(id=1, tiers=STEP, **MONTH, cap=100),
        rule(id=2, rate=3, holdback_percent=Decimal(10)),
        rule(id=3, rate=3, min_amount=9999, min_quantity=3),
        replace(rule(id=4, rate=3), manager_level=2),
    ]
    outcome = compute([deal, refund(deal)], {1: plan(*rules)}, explain=True)
    for fact in [award.trace for award in outcome.awards] + [
        refusal.values for refusal in outcome.refusals
    ]:
        assert json.loads(json.dumps(fact)) == fact
