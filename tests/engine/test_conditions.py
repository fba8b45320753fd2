"""When a rule applies, and the reason given when it does not."""

from datetime import date

import pytest
from builders import amounts, credit, money, pay, plan, reasons, refund, rule
from engine.compute import compute
from engine.facts import Refusal

JUNE_1 = date(2025, 6, 1)


def test_all_matching_rules_add_up():
    awards = pay([credit(1000)], rule(id=1, rate=3), rule(id=2, rate=1, is_bonus=True))
    assert [(award.amount, award.kind) for award in awards] == [
        (30, "commission"),
        (10, "bonus"),
    ]


@pytest.mark.parametrize(
    ("rule_values", "credit_values", "reason"),
    [
        ({"event_type": "lead_qualified"}, {}, "other_event"),
        ({"role": "marketing"}, {}, "other_role"),
        (
            {"role": "manager", "manager_level": 2},
            {"role": "manager", "manager_level": 1},
            "other_level",
        ),
        (
            {"commission_source": "own"},
            {"commission_source": "marketing"},
            "other_source",
        ),
        ({"commission_source": "own"}, {}, "other_source"),
        ({"lead_ids": frozenset({7})}, {"lead_id": 8}, "other_lead"),
        ({"lead_ids": frozenset()}, {"lead_id": 8}, "other_lead"),
        ({"lead_ids": frozenset({7})}, {}, "other_lead"),
        ({"employee_ids": frozenset({2})}, {}, "other_employee"),
        ({"company_ids": frozenset({2})}, {"company_id": 1}, "other_company"),
        ({"date_start": JUNE_1}, {"day": date(2025, 5, 31)}, "not_started"),
        ({"date_end": JUNE_1}, {"day": date(2025, 6, 2)}, "ended"),
        ({"min_amount": "1000.01"}, {}, "below_amount"),
        ({"min_quantity": 10}, {"quantity": 9}, "below_quantity"),
    ],
)
def test_a_condition_that_fails_is_the_reason(rule_values, credit_values, reason):
    credits = [credit(1000, **credit_values)]
    the_rule = rule(rate=3, **rule_values)
    assert pay(credits, the_rule) == []
    assert reasons(credits, the_rule) == [reason]


@pytest.mark.parametrize(
    ("rule_values", "credit_values"),
    [
        ({"role": "manager", "manager_level": 1}, {"role": "manager"}),
        ({"commission_source": "own"}, {"commission_source": "own"}),
        ({"lead_ids": frozenset({7})}, {"lead_id": 7}),
        ({"employee_ids": frozenset({1})}, {}),
        ({"company_ids": frozenset({1})}, {"company_id": 1}),
        ({"date_start": JUNE_1, "date_end": JUNE_1}, {"day": JUNE_1}),
        ({"min_amount": 1000}, {}),
        ({"min_quantity": 10}, {"quantity": 10}),
    ],
)
def test_a_condition_that_holds_pays(rule_values, credit_values):
    level = rule_values.get("manager_level", 0)
    credits = [credit(1000, manager_level=level, **credit_values)]
    assert amounts(credits, rule(rate=3, **rule_values)) == [30]


def test_the_first_failing_condition_is_named_with_what_was_expected():
    the_rule = rule(
        rate=3,
        commission_source="own",
        date_end=JUNE_1,
        min_amount=5000,
        min_quantity=3,
    )
    late = credit(1000, date(2025, 7, 1), commission_source="own")
    outcome = compute([late], {1: plan(the_rule)}, explain=True)
    assert outcome.refusals == [
        Refusal(
            late.id,
            late.event_id,
            1,
            1,
            1,
            "ended",
            {"date": "2025-07-01", "date_end": "2025-06-01"},
        )
    ]


def test_every_rule_that_did_not_pay_has_a_reason():
    rules = [
        rule(id=1, rate=3, commission_source="own"),
        rule(id=2, event_type="lead_qualified", amount_type="fixed", amount=100),
        rule(id=3, rate=3, commission_source="marketing"),
        rule(id=4, rate=1, commission_source="marketing", min_amount=10**6),
    ]
    deal = credit(1000, commission_source="marketing")
    outcome = compute([deal], {1: plan(*rules)}, explain=True)
    assert [award.rule_id for award in outcome.awards] == [3]
    assert {each.rule_id: each.reason for each in outcome.refusals} == {
        1: "other_source",
        2: "other_event",
        4: "below_amount",
    }


def test_no_plan_and_no_share():
    assert reasons([credit(1000, plan_id=None)], rule(rate=3)) == ["no_plan"]
    assert reasons([credit(0, share=0)], rule(rate=3)) == ["no_share"]


def test_without_explanation_no_refusals_are_made():
    credits = [credit(1000, plan_id=None), credit(0), credit(1000, role="marketing")]
    outcome = compute(credits, {1: plan(rule(rate=3))})
    assert (outcome.awards, outcome.refusals) == ([], [])


def test_the_least_amount_is_that_of_the_whole_event():
    half = [credit(500, event_id=1, share="0.5", employee_id=n) for n in (1, 2)]
    assert amounts(half, rule(rate=10, min_amount=1000)) == [50, 50]
    assert amounts(half, rule(rate=10, min_amount=1001)) == [0, 0]


def test_a_refund_is_measured_like_what_it_takes_back():
    deal = credit(1000)
    assert amounts([deal, refund(deal)], rule(rate=3, min_amount=1000)) == [30, -30]


@pytest.mark.parametrize(
    ("rate", "amount", "reason"), [(0, 1000, "zero_rate"), (3, 0, "zero_base")]
)
def test_a_matching_rule_that_comes_to_nothing(rate, amount, reason):
    assert reasons([credit(amount)], rule(rate=rate)) == [reason]


def test_less_than_half_a_cent():
    assert reasons([credit("0.01")], rule(rate=10)) == ["rounds_to_zero"]


class TestOnce:
    def test_only_the_first_event_of_the_period_pays(self):
        credits = [
            credit(300, date(2025, 1, 20)),
            credit(200, date(2025, 1, 10)),
            credit(100, date(2025, 2, 1)),
        ]
        once = rule(rate=10, once=True, tier_period="month")
        assert amounts(credits, once) == [0, 20, 10]
        assert reasons(credits, once) == ["not_first"]

    def test_within_its_dates_and_else_in_the_calendar_year(self):
        credits = [credit(100, date(year, 12, 31)) for year in (2024, 2025)]
        assert amounts(credits, rule(rate=10, once=True)) == [10, 10]
        dated = rule(
            rate=10,
            once=True,
            date_start=date(2024, 7, 1),
            date_end=date(2025, 12, 31),
        )
        assert amounts(credits, dated) == [10, 0]

    def test_each_employee_has_a_first_event(self):
        credits = [credit(100, employee_id=1), credit(100, employee_id=2)]
        assert amounts(credits, rule(rate=10, once=True)) == [10, 10]

    def test_events_that_fail_a_condition_do_not_use_it_up(self):
        credits = [credit(50, date(2025, 1, 1)), credit(100, date(2025, 1, 2))]
        assert amounts(credits, rule(rate=10, once=True, min_amount=100)) == [0, 10]

    def test_the_next_is_first_when_the_first_is_recomputed_away(self):
        undone = credit(100, date(2025, 1, 1), reversed_on=date(2025, 1, 9))
        credits = [undone, credit(200, date(2025, 1, 2))]
        once = rule(rate=10, once=True)
        assert amounts(credits, once, clawback_method="recompute") == [0, 20]
        assert amounts(credits, once, clawback_method="reverse") == [0, 0]

    def test_the_refund_of_the_first_event_is_taken_back(self):
        first = credit(100, date(2025, 1, 1), lead_id=1)
        second = credit(200, date(2025, 1, 2), lead_id=2)
        credits = [first, second, refund(first), refund(second)]
        assert amounts(credits, rule(rate=10, once=True)) == [10, 0, -10, 0]

    def test_a_refund_alone_is_no_first_event(self):
        assert amounts([refund(credit(100))], rule(rate=10, once=True)) == [0]

    def test_another_plan_version_does_not_pay_again(self):
        old, new = credit(100, plan_id=1), credit(100, plan_id=2)
        plans = {
            1: plan(rule(id=1, rate=10, once=True)),
            2: plan(rule(id=2, rate=10, once=True), id=2),
        }
        awards = compute([old, new], plans).awards
        assert [award.credit_id for award in awards] == [old.id]


def test_an_own_customer_is_held_until_verified():
    values = {"commission_source": "own", "source_verified": False}
    [award] = pay([credit(1000, **values)], rule(rate=5))
    assert award.held
    [award] = pay([credit(1000, **values)], rule(rate=5, requires_verification=False))
    assert not award.held
    [award] = pay([credit(1000, commission_source="own")], rule(rate=5))
    assert not award.held
    [award] = pay([credit(1000, source_verified=False)], rule(rate=5))
    assert not award.held


def test_a_disputed_source_is_held_whatever_the_rule():
    disputed = credit(1000, commission_source="marketing", source_disputed=True)
    [award] = pay([disputed], rule(rate=3, requires_verification=False))
    assert award.held and award.amount == money(30)
