from datetime import date, timedelta
from decimal import Decimal

import pytest
from builders import given
from engine import attribution
from engine.attribution import attribute
from engine.rounding import allot
from hypothesis import strategies as st

START = date(2025, 1, 1)
MODELS = ("first", "last", "linear", "position", "w", "decay")


def days(*numbers):
    return [START + timedelta(number) for number in numbers]


def parts_of_deal(model, amount=12000, touches=(0, 5, 12, 30, 38), won=38):
    shares = attribute(days(*touches), START + timedelta(won), model)
    return allot(Decimal(amount), shares, Decimal(1))


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first", [12000, 0, 0, 0, 0]),
        ("last", [0, 0, 0, 0, 12000]),
        ("linear", [2400, 2400, 2400, 2400, 2400]),
        ("position", [4800, 800, 800, 800, 4800]),
        ("decay", [175, 287, 575, 3417, 7545]),
    ],
)
def test_w42_five_touches(model, expected):
    if model == "decay":
        shares = attribute(days(0, 5, 12, 30, 38), START + timedelta(38), model)
        assert [round(share * 12000) for share in shares] == expected
    else:
        assert parts_of_deal(model) == expected


@pytest.mark.parametrize(
    ("touches", "opened", "expected"),
    [
        # first, opening and last touch share 90 %, the others 10 %
        ((0, 5, 12, 30, 38, 40), 12, [3600, 400, 3600, 400, 400, 3600]),
        ((0, 5, 12, 30, 38, 40), None, [3600, 400, 3600, 400, 400, 3600]),
        ((0, 5, 12, 30, 38), None, [3600, 600, 3600, 600, 3600]),
        ((0, 5, 12, 30, 38, 40), 29, [3600, 400, 3600, 400, 400, 3600]),
        ((0, 5, 12, 30, 38, 40), 5, [3600, 3600, 400, 400, 400, 3600]),
        # it was opened before anybody met the customer, or by the last touch
        ((1, 5, 12, 30, 38, 40), 0, [5400, 300, 300, 300, 300, 5400]),
        ((0, 5, 12, 30, 38, 40), 50, [5400, 300, 300, 300, 300, 5400]),
        ((0, 5, 12), 5, [4000, 4000, 4000]),
    ],
)
def test_w(touches, opened, expected):
    opened_on = opened if opened is None else START + timedelta(opened)
    shares = attribute(days(*touches), START, "w", opened_on=opened_on)
    assert [round(share * 12000) for share in shares] == expected


def test_models_of_addons(monkeypatch):
    monkeypatch.setattr(attribution, "MODELS", dict(attribution.MODELS))
    attribution.register_attribution(
        "recent", lambda dates, won_on: [day >= won_on for day in dates]
    )
    half = Decimal("0.5")
    assert attribute(days(1, 2, 3), START + timedelta(2), "recent") == [0, half, half]
    assert attribute(days(1, 2), START + timedelta(9), "recent") == [half, half]


def test_w45_one_and_two_touches():
    assert attribute(days(3), START, "position") == [1]
    assert attribute(days(3, 9), START, "position") == [Decimal("0.5")] * 2


def test_shares_follow_the_order_given_not_the_order_in_time():
    assert attribute(days(30, 2, 9), START, "first") == [0, 1, 0]
    assert attribute(days(30, 2, 9), START, "last") == [1, 0, 0]
    shares = attribute(days(30, 2, 9), START, "position")
    assert shares == [Decimal("0.4"), Decimal("0.4"), Decimal("0.2")]


def test_of_one_day_the_earlier_position_is_first():
    assert attribute(days(4, 4), START, "first") == [1, 0]
    assert attribute(days(4, 4), START, "last") == [0, 1]


def test_half_life():
    shares = attribute(days(0, 30), START + timedelta(30), "decay", half_life_days=30)
    assert shares == [Decimal("0.333333333333"), Decimal("0.666666666667")]


def test_touches_after_the_deal_count_like_those_of_its_day():
    shares = attribute(days(10, 20), START + timedelta(10), "decay")
    assert shares == [Decimal("0.5")] * 2


def test_no_touches_no_shares():
    assert attribute([], START, "linear") == []


@pytest.mark.parametrize(
    ("model", "half_life_days"), [("magic", 7), ("decay", 0), ("decay", -1)]
)
def test_nonsense_is_refused(model, half_life_days):
    with pytest.raises(ValueError):
        attribute(days(1, 2), START, model, half_life_days)


@given(
    st.lists(st.integers(0, 2000), min_size=1, max_size=30),
    st.integers(0, 2500),
    st.sampled_from(MODELS),
    st.integers(1, 400),
)
def test_shares_sum_to_exactly_one(touches, won, model, half_life_days):
    won_on = START + timedelta(won)
    shares = attribute(days(*touches), won_on, model, half_life_days)
    assert sum(shares) == 1
    assert len(shares) == len(touches)
    assert all(0 <= share <= 1 for share in shares)


@given(st.lists(st.integers(0, 100), min_size=2, max_size=10))
def test_later_touches_never_weigh_less_under_decay(touches):
    ordered = sorted(touches)
    shares = attribute(days(*ordered), START + timedelta(100), "decay")
    tolerance = Decimal("1E-11")
    assert all(b >= a - tolerance for a, b in zip(shares, shares[1:], strict=False))
