"""Every reason to pay nothing comes about, and is said in words: none is forgotten.

The cases stand by the reasons of the engine, so that a new one without a case fails.
"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from builders import credit, plan, refund, rule, tiers
from engine.compute import compute
from engine.conditions import CONDITIONS, KIND
from engine.explain import REASONS, TEMPLATES, explain_refusal
from engine.facts import Sale

#: said by the addon that knows invoices
ELSEWHERE = {"not_fully_paid"}
DAY = date(2025, 1, 5)
SOLD = credit(1000)
MONTH = {"tier_mode": "whole", "tier_measure": "cumulative", "tier_period": "month"}
BY_TARGET = MONTH | {"tier_measure": "attainment", "tiers": tiers((0, 5))}
SCORE = {(1, "score", date(2025, 1, 1)): Decimal(100)}
OF_SCORE = BY_TARGET | {"tier_mode": "proportional", "target_measure": "score"}
UNPAID = credit(
    1000,
    facts={
        "unpaid_days": Decimal(91),
        "overdue_days": Decimal(61),
        "unpaid_share": Decimal(1),
    },
)


def known(**facts):
    return credit(1000, facts={name: Decimal(value) for name, value in facts.items()})


def part_of_a_refund():
    of = Sale(SOLD.event_id, SOLD.amount, Decimal(1), Decimal(1000), Decimal(600))
    return replace(refund(SOLD), amount=Decimal(-400), sale=of)


#: by reason: the credits, the rule and the plan with their targets
CASES = {
    "no_plan": ([credit(9, plan_id=None)], {}, {}),
    "earned_below": (
        [
            credit(1000, event_id=77, id=777),
            credit(
                1000,
                event_id=77,
                employee_id=2,
                role="manager",
                manager_level=1,
                below=(777,),
            ),
        ],
        {"rate": 5},
        {"above": {"rate": 4, "is_differential": True}},
    ),
    "no_share": ([credit(9, share=0)], {}, {}),
    "other_event": ([credit(9, event_type="lead_qualified")], {}, {}),
    "other_role": ([credit(9, role="marketing")], {}, {}),
    "other_level": ([credit(9, manager_level=2)], {}, {}),
    "other_source": ([SOLD], {"commission_source": "own"}, {}),
    "other_lead": ([SOLD], {"lead_ids": frozenset()}, {}),
    "other_employee": ([SOLD], {"employee_ids": frozenset({2})}, {}),
    "other_company": ([SOLD], {"company_ids": frozenset({2})}, {}),
    "not_started": ([SOLD], {"date_start": date(2025, 1, 6)}, {}),
    "ended": ([SOLD], {"date_end": date(2025, 1, 4)}, {}),
    "below_amount": ([SOLD], {"min_amount": "1000.01"}, {}),
    "below_quantity": ([SOLD], {"min_quantity": 2}, {}),
    "collected_late": ([known(invoice_days=31)], {"collected_within": 30}, {}),
    "other_customer_age": ([SOLD], {"customer_months_from": 12}, {}),
    "other_season": ([SOLD], {"season_from": 10}, {}),
    "left_before": ([known(left_days=91)], {"leaver_days": 90}, {}),
    "never_taken_back": ([refund(SOLD)], {"is_final": True, "rate": 5}, {}),
    "below_margin": (
        [known(margin=100, untaxed=1000)],
        {"margin_percent_min": Decimal(15)},
        {},
    ),
    "unpaid": ([UNPAID], {"rate": 5, "unpaid_clawback_days": 90}, {}),
    "unpaid_due": (
        [UNPAID],
        {"rate": 5, "unpaid_clawback_days": 60, "collected_from": "due"},
        {},
    ),
    "sale_stands": ([part_of_a_refund()], {"amount_type": "fixed", "amount": 50}, {}),
    "not_first": ([SOLD, credit(9, date(2025, 1, 6))], {"rate": 5, "once": True}, {}),
    "below_first_tier": ([SOLD], MONTH | {"tiers": tiers((2000, 5))}, {}),
    "not_known": (
        [SOLD],
        {
            "tier_mode": "whole",
            "tier_measure": "days_to_collect",
            "tiers": tiers((0, 5)),
        },
        {},
    ),
    "nothing_attained": ([SOLD], OF_SCORE, {"targets": SCORE}),
    "no_target_bonus": (
        [SOLD],
        BY_TARGET | {"base": "bonus"},
        {"targets": {(1, "won_amount", date(2025, 1, 1)): Decimal(100)}},
    ),
    "no_place": (
        [replace(SOLD, amount=Decimal(0), team_id=7)],
        MONTH
        | {
            "tier_measure": "team_place",
            "tiers": tiers((1, 5)),
            "amount_type": "fixed",
        },
        {},
    ),
    "zero_score": (
        [SOLD],
        {"rate": 5, "score_period": "month"},
        {
            "targets": {
                (1, "score", date(2025, 1, 1), "month"): Decimal(100),
                ("reached", 1, "score", date(2025, 1, 1), "month"): Decimal(0),
            }
        },
    ),
    "no_target": ([SOLD], OF_SCORE, {}),
    "cap_reached": (
        [SOLD, credit(1000)],
        {"rate": 5, "cap": 50, "cap_period": "month"},
        {},
    ),
    "floor_reached": (
        [SOLD, credit(1000)],
        {"rate": 5, "floor": 200, "cap_period": "month"},
        {},
    ),
    "plan_cap_reached": ([SOLD, credit(1000)], {"rate": 5}, {"cap": Decimal(50)}),
    "plan_floor_reached": ([SOLD, credit(1000)], {"rate": 5}, {"floor": Decimal(200)}),
    "below_threshold": ([SOLD], {"rate": 5}, {"threshold": Decimal(60)}),
    "reversed": ([replace(SOLD, reversed_on=date(2025, 2, 1))], {"rate": 5}, {}),
    "zero_rate": ([SOLD], {}, {}),
    "zero_base": ([credit(0)], {"rate": 5}, {}),
    "rounds_to_zero": ([credit("0.09")], {"rate": 5}, {}),
}


def test_no_reason_is_forgotten():
    assert CASES.keys() | ELSEWHERE == REASONS.keys()
    assert {each.reason for each in (*KIND, *CONDITIONS)} <= CASES.keys()


@pytest.mark.parametrize("reason", CASES)
def test_the_reason_is_said_in_words(reason):
    credits, rule_values, values = CASES[reason]
    targets = values.get("targets", {})
    more = {"id": 2, "role": "manager", "manager_level": 1, **values.get("above", {})}
    rules = [rule(**rule_values)] + ([rule(**more)] if "above" in values else [])
    limits = {key: values[key] for key in values.keys() - {"targets", "above"}}
    the_plan = plan(*rules, **limits)
    outcome = compute(credits, {1: the_plan}, targets=targets, explain=True)
    refusal = outcome.refusals[-1]
    assert refusal.reason == reason
    asked = []

    def translate(code, named):
        asked.append(code)
        assert code in TEMPLATES, code
        return TEMPLATES[code] % named

    sentence = explain_refusal(refusal.reason, refusal.values, translate)
    assert asked[-1] == reason  # the whole sentence is one that is translated
    assert not re.search(r"[a-z]_[a-z]|%\(|None|Decimal", sentence), sentence
