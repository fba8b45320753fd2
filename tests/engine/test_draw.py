from decimal import Decimal

import pytest
from builders import given
from engine.draw import (
    carry_forward,
    guaranteed_minimum,
    max_deduction,
    recoverable_draw,
)
from hypothesis import strategies as st

amounts = st.decimals(-(10**6), 10**6, places=2)
positive = st.decimals(0, 10**6, places=2)


def test_w31_recoverable_draw():
    paid, owed, debt = [], [], Decimal(0)
    for earned in (2750, 3000, 1500, 2375, 3000, 2750):
        payment, debt = recoverable_draw(Decimal(earned), Decimal(2000), debt)
        paid.append(payment)
        owed.append(debt)
    assert paid == [2750, 3000, 2000, 2000, 2875, 2750]
    assert owed == [0, 0, 500, 125, 0, 0]


def test_w36_a_negative_balance_is_carried_and_netted():
    paid, balance = carry_forward(Decimal(0), Decimal(5000))
    assert (paid, balance) == (5000, 0)
    paid, balance = carry_forward(balance, Decimal(7000 - 5000))
    assert (paid, balance) == (2000, 0)


def test_never_below_zero_and_never_lost():
    assert carry_forward(Decimal(0), Decimal(-5000)) == (0, -5000)
    assert carry_forward(Decimal(-5000), Decimal(3000)) == (0, -2000)
    assert carry_forward(Decimal(-2000), Decimal(7000)) == (5000, 0)


@pytest.mark.parametrize(
    ("base_pay", "minimum", "deduction", "taken", "carried"),
    [
        (3000, 1800, 1600, 1200, 400),
        (3000, 1800, 900, 900, 0),
        (1500, 1800, 900, 0, 900),
    ],
)
def test_w41_a_deduction_leaves_the_minimum(
    base_pay, minimum, deduction, taken, carried
):
    result = max_deduction(Decimal(base_pay), Decimal(minimum), Decimal(deduction))
    assert result == (taken, carried)


@pytest.mark.parametrize(("earned", "paid"), [(2500, 2500), (1500, 2000), (0, 2000)])
def test_guaranteed_minimum_is_not_owed(earned, paid):
    assert guaranteed_minimum(Decimal(earned), Decimal(2000)) == paid


@given(st.lists(amounts, max_size=24), positive)
def test_a_draw_pays_what_is_earned_plus_what_is_owed(months, draw):
    paid = debt = Decimal(0)
    for earned in months:
        payment, debt = recoverable_draw(earned, draw, debt)
        assert payment >= draw
        assert debt >= 0
        paid += payment
    assert paid == sum(months) + debt


@given(st.lists(amounts, max_size=24))
def test_carrying_loses_nothing(months):
    paid = balance = Decimal(0)
    for earned in months:
        payment, balance = carry_forward(balance, earned)
        assert payment >= 0 >= balance
        paid += payment
    assert paid + balance == sum(months)


@given(positive, positive, positive)
def test_a_deduction_is_taken_or_carried(base_pay, minimum, deduction):
    taken, carried = max_deduction(base_pay, minimum, deduction)
    assert taken + carried == deduction
    assert taken == 0 or base_pay - taken >= minimum
