"""Short ways to write facts in tests: amounts and rates as text or whole numbers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

import hypothesis
from engine.compute import compute
from engine.facts import Credit, Plan, Rule, Tier

JANUARY_5 = date(2025, 1, 5)
NEXT_ID = count(1)


def given(*strategies):
    """``hypothesis.given`` without a deadline: a busy machine is no failure."""

    def decorate(test):
        return hypothesis.settings(deadline=None)(hypothesis.given(*strategies)(test))

    return decorate


def money(value):
    return Decimal(str(value))


def tiers(*pairs):
    """``tiers((0, 1), (1000, 2))``: lower bounds with their rates."""
    return tuple(Tier(money(bound), money(rate)) for bound, rate in pairs)


def rule(**values):
    """A rule on won deals for sales, unless told otherwise."""
    for name in ("rate", "amount", "cap", "floor", "min_amount", "min_quantity"):
        if values.get(name) is not None:
            values[name] = money(values[name])
    values.setdefault("id", 1)
    values.setdefault("event_type", "deal_won")
    values.setdefault("role", "sales")
    return Rule(**values)


def plan(*rules, id=1, **values):
    return Plan(id=id, rules=rules, **values)


def credit(amount=1000, day=JANUARY_5, **values):
    """A credit for all of a deal that employee 1 won under plan 1."""
    number = next(NEXT_ID)
    for name in ("share", "quantity", "rounding"):
        if name in values:
            values[name] = money(values[name])
    defaults = {
        "id": number,
        "event_id": number,
        "event_type": "deal_won",
        "employee_id": 1,
        "role": "sales",
        "plan_id": 1,
    }
    return Credit(date=day, amount=money(amount), **{**defaults, **values})


def refund(original):
    """A later event that takes all of ``original`` back."""
    number = next(NEXT_ID)
    return replace(original, id=number, event_id=number, amount=-original.amount)


def pay(credits, *rules, targets=None, **plan_values):
    """The awards of ``credits`` under a plan with these rules."""
    the_plan = plan(*rules, **plan_values)
    return compute(credits, {1: the_plan}, targets=targets or {}).awards


def amounts(credits, *rules, **values):
    """What each credit earns, 0 where there is no award."""
    earned = {each.id: Decimal(0) for each in credits}
    for award in pay(credits, *rules, **values):
        earned[award.credit_id] += award.amount
    return list(earned.values())


def total(credits, *rules, **values):
    return sum(amounts(credits, *rules, **values))


def reasons(credits, *rules, targets=None, **plan_values):
    """Why rules paid nothing, in the order in which it was found."""
    the_plan = plan(*rules, **plan_values)
    outcome = compute(credits, {1: the_plan}, targets=targets or {}, explain=True)
    return [refusal.reason for refusal in outcome.refusals]
