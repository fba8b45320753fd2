from decimal import Decimal

import pytest
from builders import given
from engine.settlement import bearing, promise_once, settle
from hypothesis import strategies as st

money = st.decimals(-100_000, 100_000, places=2)
positive = st.decimals(0, 100_000, places=2)


def run(months, **terms):
    """Settle months of (earned, adjusted) one after the other."""
    opening = debt = Decimal(0)
    results = []
    for earned, adjusted in months:
        result = settle(opening, Decimal(earned), Decimal(adjusted), debt=debt, **terms)
        opening, debt = result.closing, result.debt
        results.append(result)
    return results


def test_recoverable_draw_w31():
    earned = [2750, 3000, 1500, 2375, 3000, 2750]
    results = run([(each, 0) for each in earned], draw=Decimal(2000))
    assert [each.paid for each in results] == [2750, 3000, 2000, 2000, 2875, 2750]
    assert [each.debt for each in results] == [0, 0, 500, 125, 0, 0]
    assert [each.draw for each in results] == [0, 0, 500, -375, -125, 0]


def test_at_most_so_much_is_recovered_in_a_month():
    """Advances are given back 300 a month at most, the rest is carried on."""
    months = [(each, 0) for each in (1000, 3000, 2100, 5000)]
    results = run(months, draw=Decimal(2000), recovery_max=Decimal(300))
    assert [each.paid for each in results] == [2000, 2700, 2000, 4700]
    assert [each.debt for each in results] == [1000, 700, 600, 300]


def test_a_month_that_pays_nothing_settles_its_lines():
    """They go towards the advance, or above the most: payroll pays nothing of them."""
    months = [(0, 0), ("300.10", 0), (0, 0), (5000, 0)]
    results = run(months[:1], draw=Decimal(1000))
    for earned, adjusted in months[1:]:
        last = results[-1]
        terms = {"debt": last.debt, "recovery_max": Decimal(400)}
        results.append(
            settle(last.closing, Decimal(earned), Decimal(adjusted), **terms)
        )
    assert [each.paid for each in results] == [1000, 0, 0, 4600]
    assert [each.draw for each in results] == [1000, Decimal("-300.10"), 0, -400]
    assert results[-1].debt == Decimal("299.90")
    [used_up] = run([(2000, 0)], most=Decimal(6000), paid_before=Decimal(6000))
    assert (used_up.paid, used_up.draw, used_up.closing) == (0, -2000, 2000)


@pytest.mark.parametrize(
    ("leaving", "paid", "draw", "closing"),
    [
        # 1,500 was advanced and 200 taken back; the last month earned 900
        (None, [0, 0], ["-700", "-50"], ["-800", "-750"]),
        ("last", [0, 50], ["-700", "0"], ["0", "0"]),
        ("lapse", [900, 50], ["200", "0"], ["0", "0"]),
    ],
)
def test_what_a_leaver_owes(leaving, paid, draw, closing):
    standing = {"opening": Decimal(-1700), "debt": Decimal(1500)}
    results = []
    for earned in (900, 50):
        month = settle(**standing, earned=Decimal(earned), leaving=leaving)
        standing = {"opening": month.closing, "debt": month.debt}
        results.append(month)
    assert [each.paid for each in results] == paid
    assert [each.draw for each in results] == list(map(Decimal, draw))
    assert [each.closing for each in results] == list(map(Decimal, closing))


def test_a_clawback_after_leaving_takes_no_more_than_the_month_pays():
    taken = settle(Decimal(0), Decimal(50), Decimal("-200.05"), leaving="last")
    assert (taken.paid, taken.draw, taken.closing) == (0, Decimal("150.05"), 0)


def test_non_recoverable_draw_is_a_gift():
    results = run([(1500, 0), (2500, 0)], draw=Decimal(2000), is_recoverable=False)
    assert [each.paid for each in results] == [2000, 2500]
    assert [each.debt for each in results] == [0, 0]


def test_clawback_of_a_paid_month_w36():
    january, april = run([(5000, 0), (7000, -5000)])
    assert january.paid == 5000
    assert (april.paid, april.closing) == (2000, 0)


def test_negative_month_is_carried_and_never_paid():
    first, second = run([(1000, -5000), (7000, 0)])
    assert (first.paid, first.closing) == (0, -4000)
    assert (second.paid, second.closing) == (3000, 0)


def test_minimum_limits_a_deduction_w41():
    (result,) = run([(3000, -1600)], minimum=Decimal(1800))
    assert (result.paid, result.closing) == (1800, -400)


def test_what_is_above_the_most_of_a_month_is_carried():
    results = run([(5000, 0), (1500, 0), (0, 0), (1000, 0)], most=Decimal(2000))
    assert [each.paid for each in results] == [2000, 2000, 2000, 1500]
    assert [each.closing for each in results] == [3000, 2500, 500, 0]
    assert [each.draw for each in results] == [-3000, 500, 2000, 500]


@given(
    st.lists(st.tuples(positive, money), max_size=24),
    st.decimals(0, 5000, places=2),
    st.decimals(0, 5000, places=2),
    st.sampled_from([None, Decimal(100)]),
)
def test_a_most_is_never_passed_and_nothing_is_lost(months, most, draw, recovery):
    results = run(months, most=most, draw=draw, recovery_max=recovery)
    assert all(0 <= each.paid <= most for each in results)
    earned = sum((earned + adjusted for earned, adjusted in months), Decimal(0))
    left = results[-1].closing if results else Decimal(0)
    assert sum((each.paid for each in results), Decimal(0)) + left == earned
    for (gained, adjusted), each, before in zip(
        months[1:], results[1:], results, strict=False
    ):
        lines = before.closing + before.debt + gained + adjusted
        if lines > 0:  # what is settled and the draw make up what is paid
            assert lines + each.draw == each.paid


@given(st.lists(st.tuples(positive, money), max_size=24))
def test_money_is_conserved(months):
    results = run(months)
    paid = sum((each.paid for each in results), Decimal(0))
    closing = results[-1].closing if results else Decimal(0)
    assert paid + closing == sum((e + a for e, a in months), Decimal(0))
    assert all(each.paid >= 0 >= each.closing for each in results)


@given(st.lists(st.tuples(positive, money), max_size=24), positive)
def test_recoverable_draw_conserves_money(months, draw):
    results = run(months, draw=draw)
    lines = sum((e + a for e, a in months), Decimal(0))
    drawn = sum((each.draw for each in results), Decimal(0))
    paid = sum((each.paid for each in results), Decimal(0))
    closing = results[-1].closing if results else Decimal(0)
    assert paid + closing == lines
    assert all(each.paid >= draw for each in results)
    if results and draw:
        assert drawn == results[-1].debt


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=4))
def test_several_companies_promise_no_more_than_one(months):
    """What is earned and promised, by company: all pay the promise, or what is earned."""
    order = sorted(
        months, key=lambda month: bearing({"minimum": month[1]}, is_at_home=False)
    )
    paid = Decimal(0)
    for number, (earned, minimum) in enumerate(order, start=1):
        terms = promise_once({"minimum": minimum}, paid, number == len(order))
        paid += settle(Decimal(0), earned, **terms).paid
    everything = sum(earned for earned, _minimum in months)
    assert paid == max(everything, order[-1][1])
