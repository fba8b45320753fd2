"""Refunds in parts take back, in all, exactly what their sale paid."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, pairwise

import pytest
from builders import amounts, credit, given, pay, reasons, rule, tiers, total
from engine.facts import Sale
from engine.rounding import allot, round_half_up
from hypothesis import strategies

CENT = Decimal("0.01")
SALE = 0


def sale_and_refunds(whole, *parts, quantity=1, **values):
    """A sale of ``whole`` and credit notes over ``parts`` of it."""
    whole, parts = Decimal(whole), [Decimal(part) for part in parts]
    lefts = list(accumulate(parts, lambda left, part: left - part, initial=whole))
    notes = [
        credit(
            after - before,
            quantity=-1,
            preceding=before,
            sale=Sale(SALE, whole, Decimal(quantity), before, after),
            **values,
        )
        for before, after in pairwise(lefts)
    ]
    return [
        credit(whole, id=SALE, event_id=SALE, quantity=quantity, **values),
        *notes,
    ]


def earned(a_rule, whole, *parts, **values):
    return amounts(sale_and_refunds(whole, *parts, **values), a_rule)


BRACKETS = tiers((0, 5), (1000, 10))
SLICES = tiers((0, 1), (1000, 2), (5000, 3))


@pytest.mark.parametrize(
    ("rule_values", "whole", "parts", "expected"),
    [
        # the cent of the whole comes back with the last part
        ({"rate": 10}, "999.99", ["333.33"] * 3, "100.00 -33.33 -33.34 -33.33"),
        # whoever passed the least amount is taken back however little is refunded
        ({"rate": 10, "min_amount": 800}, 1000, [400, 600], "100 -40 -60"),
        ({"rate": 10, "min_amount": 800}, 700, [700], "0 0"),
        # the bracket of the sale, not of what is refunded
        (
            {"tier_mode": "whole", "tier_measure": "amount", "tiers": BRACKETS},
            1500,
            [700, 800],
            "150 -70 -80",
        ),
        # slices are walked back from the top
        (
            {"tier_mode": "marginal", "tier_measure": "amount", "tiers": SLICES},
            2500,
            [1500, 1000],
            "40 -30 -10",
        ),
        # a fixed amount is paid for any part of the sale
        ({"amount_type": "fixed", "amount": 250}, 1000, [1, 999], "250 0 -250"),
        # within the limits of an event
        ({"rate": 10, "cap": 150}, 2000, [400, 600, 1000], "150 0 -50 -100"),
        ({"rate": 10, "floor": 150}, 1000, [500, 500], "150 0 -150"),
        ({"rate": 25, "floor": 150}, -500, [-200, -300], "150 0 -150"),
        ({"rate": 25, "floor": 150}, 0, [0], "150 -150"),
    ],
)
def test_refunds_in_parts(rule_values, whole, parts, expected):
    sale, *notes = sale_and_refunds(whole, *parts)
    credits = [with_untaxed(sale, 1), *(with_untaxed(note, -1) for note in notes)]
    assert amounts(credits, rule(**rule_values)) == [
        Decimal(each) for each in expected.split()
    ]


def with_untaxed(each, amount):
    """The credit of a document without tax over ``amount``, whatever its margin."""
    return replace(each, facts={"untaxed": Decimal(amount)})


def test_a_part_of_the_sale_that_stands_says_so():
    credits = sale_and_refunds(1000, 1)
    assert reasons(credits, rule(amount_type="fixed", amount=250)) == ["sale_stands"]


def test_only_the_refund_of_everything_takes_a_sale_off_the_count():
    by_count = rule(
        rate=None,
        tier_mode="whole",
        tier_measure="won_count",
        tier_period="month",
        tiers=tiers((0, 1), (1, 10)),
    )
    other = credit(1000)
    part = sale_and_refunds(1000, 1)
    assert sum(amounts([other, *part], by_count)) == Decimal("199.90")
    everything = sale_and_refunds(1000, 1, 999)
    assert sum(amounts([other, *everything], by_count)) == 10


REACHED = {
    "tier_mode": "whole",
    "tier_measure": "cumulative",
    "tier_period": "month",
    "tiers": tiers((900, 100)),
}


@pytest.mark.parametrize(
    ("parts", "others", "expected"),
    [
        # what is taken back altogether was not the first, if there is another one
        ([1000], [500, 500], "0 0 100 0"),
        ([1000], [], "100 -100"),
        ([400, 600], [500], "0 0 0 100"),
        ([999], [500], "100 0 0"),
    ],
)
def test_once_pays_the_first_sale_that_stands(parts, others, expected):
    once = rule(amount_type="fixed", amount=100, once=True, tier_period="month")
    credits = [*sale_and_refunds(1000, *parts), *map(credit, others)]
    assert amounts(credits, once) == [Decimal(each) for each in expected.split()]


@pytest.mark.parametrize(
    ("parts", "others", "expected"),
    [
        # a bracket that others reach without the sale was reached by them
        ([1000], [500, 500, 500], "0 0 0 100 0"),
        ([1000], [500], "0 0 0"),
        ([100, 100], [200], "100 0 0 0"),
        ([200], [], "0 0"),
        # no refund reaches it
        ([50, 950], [600, 400], "0 0 0 0 100"),
    ],
)
def test_once_pays_the_sale_that_reaches_the_bracket(parts, others, expected):
    once = rule(amount_type="fixed", once=True, **REACHED)
    credits = [*sale_and_refunds(1000, *parts), *map(credit, others)]
    assert amounts(credits, once) == [Decimal(each) for each in expected.split()]


@pytest.mark.parametrize(
    ("limit", "parts", "expected"),
    [
        ({"cap": 30}, [400, 600], "30 0 -30 25"),
        ({"cap": 30}, [900], "30 -25 25"),
        ({"floor": 80}, [400, 600], "80 0 -80 80"),
        ({"floor": 80}, [], "80 80"),
    ],
)
def test_limits_of_an_event_hold_with_brackets_of_a_period_too(limit, parts, expected):
    by_count = rule(
        tier_mode="whole",
        tier_measure="won_count",
        tier_period="month",
        tiers=tiers((0, 5)),
        **limit,
    )
    credits = [*sale_and_refunds(1000, *parts), credit(500)]
    assert amounts(credits, by_count) == [Decimal(each) for each in expected.split()]


def test_with_a_cap_of_an_event_each_sale_is_rounded_alone():
    by_sum = rule(
        tier_mode="whole",
        tier_measure="cumulative",
        tier_period="month",
        tiers=tiers((0, 10)),
        cap=30,
    )
    credits = [*sale_and_refunds("0.05", "0.05"), credit("0.05")]
    assert total(credits, by_sum) == CENT


def test_a_cap_of_an_event_that_nobody_reaches_changes_nothing():
    by_sum = rule(
        tier_mode="marginal",
        tier_measure="cumulative",
        tier_period="month",
        tiers=tiers((0, 1), (1000, 10)),
        cap=1000,
    )
    other = credit(1000)
    sale, note = sale_and_refunds(1000, 1000)
    assert amounts([sale, other, note], by_sum) == [10, 100, -100]


def test_the_refund_of_one_payment_of_several_takes_back_what_that_one_paid():
    payments = [
        credit("33.35", id=SALE + number, event_id=SALE + number, preceding=before)
        for number, before in enumerate((Decimal(0), Decimal("33.35")))
    ]
    second = payments[1]
    back = credit(
        "-33.35",
        preceding=Decimal("33.35"),  # the first was taken back before
        sale=Sale(
            second.event_id,
            second.amount,
            1,
            second.amount,
            Decimal(0),
            second.preceding,
            own=(Decimal("66.70"), second.preceding),
        ),
    )
    assert amounts([*payments, back], rule(rate=10, cap=5)) == [
        Decimal(each) for each in ("3.34", "3.33", "-3.33")
    ]


rules = strategies.sampled_from(
    [
        {"rate": 7.77},
        {"rate": 7.77, "cap": 50},
        {"rate": 7.77, "floor": 50},
        {"rate": 7.77, "floor": 20, "cap": 60},
        {"rate": 7.77, "min_amount": 400},
        {"amount_type": "fixed", "amount": 33.33},
        {"tier_mode": "whole", "tier_measure": "amount", "tiers": BRACKETS},
        {"tier_mode": "interpolated", "tier_measure": "amount", "tiers": BRACKETS},
        {"tier_mode": "marginal", "tier_measure": "amount", "tiers": SLICES},
    ]
)
parts_of_refunds = strategies.lists(
    strategies.decimals("0.01", 3000, places=2), min_size=1, max_size=6
)


@given(rules, parts_of_refunds)
def test_the_parts_of_a_refund_sum_to_what_the_sale_paid(rule_values, parts):
    assert sum(earned(rule(**rule_values), sum(parts), *parts)) == 0


@given(rules, parts_of_refunds, strategies.permutations((30, 45, 25)))
def test_also_for_three_who_share_the_sale(rule_values, parts, percents):
    credits = [
        part
        for each in sale_and_refunds(sum(parts), *parts)
        for part in shared_out(each, percents)
    ]
    assert sum(amounts(credits, rule(**rule_values))) == 0


def shared_out(whole, percents, step=CENT):
    """A credit divided among as many people as there are percents, to the cent."""
    shares = [Decimal(percent) / 100 for percent in percents]
    before = allot(whole.preceding, shares, step)
    after = allot(whole.preceding + whole.amount, shares, step)
    for number, share in enumerate(shares):
        yield replace(
            whole,
            id=whole.id * 10 + number,
            employee_id=number + 1,
            share=share,
            event_amount=whole.amount,
            preceding=before[number],
            amount=after[number] - before[number],
            rounding=step,
        )


IN_PERIOD = {"tier_measure": "cumulative", "tier_period": "month"}


@given(
    rules
    | strategies.sampled_from(
        [
            {"amount_type": "unit", "amount": "1.01"},
            {"rate": 7.77, "cap": 40, "cap_period": "month"},
            {"tier_mode": "whole", "tiers": BRACKETS, **IN_PERIOD},
            {"tier_mode": "marginal", "tiers": SLICES, **IN_PERIOD},
            {"tier_mode": "whole", "tiers": BRACKETS, **IN_PERIOD, "cap": 30},
        ]
    ),
    strategies.lists(strategies.integers(1, 300000), min_size=1, max_size=7),
    strategies.sampled_from(["0.01", "0.001", "1"]),
    strategies.sampled_from([(100,), (50, 50), (30, 45, 25), (33, 33, 34)]),
    strategies.sampled_from(["12.5", "33.33", "50"]),
    strategies.sampled_from([{}, {"cap": Decimal(20)}, {"threshold": Decimal(9)}]),
    strategies.integers(0, 6),
)
def test_what_is_held_back_is_rounded_as_one(
    rule_values, steps, step, percents, percent, limits, taken
):
    """In every currency, shared or not: of all that is left, and of nothing nothing."""
    step, percent = Decimal(step), Decimal(percent)
    sale, *notes = sale_and_refunds(
        sum(steps) * step, *(each * step for each in steps), quantity=len(steps)
    )
    credits = [
        shared
        for number, each in enumerate([sale, *with_units(notes)])
        for shared in shared_out(replace(each, id=number), percents, step)
    ]
    held_back = rule(**rule_values, holdback_percent=percent)
    everything = sums_by_kind(pay(credits, held_back, **limits))
    assert not any(everything.values())
    in_parts = credits[: len(percents) * (1 + taken)]
    some = sums_by_kind(pay(in_parts, held_back, **limits))
    for (person, kind), amount in some.items():
        if kind == "commission":
            held = round_half_up(amount * percent / 100, step)
            assert some.get((person, "holdback"), 0) == -held
            assert some.get((person, "release"), 0) == held


def test_no_more_units_are_taken_back_than_were_sold():
    sale, *notes = sale_and_refunds(100, 30, 30, 40, quantity=2)
    notes = [
        replace(note, sale=replace(note.sale, units_before=Decimal(left)))
        for note, left in zip(notes, (2, 1, 0), strict=True)
    ]
    by_unit = rule(amount_type="unit", amount=5)
    assert amounts([sale, *notes], by_unit) == [10, -5, -5, 0]
    assert amounts([sale, *notes[:1]], by_unit) == [10, -5]
    at_once = sale_and_refunds(100, 100, quantity=2)
    last = replace(at_once[1], sale=replace(at_once[1].sale, units_before=Decimal(2)))
    assert amounts([at_once[0], last], by_unit) == [10, -10]


def with_units(notes):
    """Credit notes of one unit each, which know what is left before them."""
    for number, note in enumerate(notes):
        units = Decimal(len(notes) - number)
        yield replace(note, sale=replace(note.sale, units_before=units))


def sums_by_kind(awards):
    sums = defaultdict(Decimal)
    for award in awards:
        sums[award.employee_id, award.kind] += award.amount
    return sums


def test_the_cent_of_what_is_held_back_is_explained():
    credits = sale_and_refunds(100, *["33.33"] * 3)
    held = [
        award
        for award in pay(credits, rule(rate=10, holdback_percent=Decimal("12.5")))
        if award.kind == "holdback"
    ]
    assert [award.amount for award in held] == [
        Decimal(each) for each in ("-1.25", "0.42", "0.41", "0.42")
    ]
    assert [award.trace.get("rounding") for award in held] == [
        None,
        None,
        "-0.01",
        None,
    ]


def payments_taken_back(parts, owners, rate):
    """The payments of an invoice by who has them, and each taken back whole."""
    parts = [Decimal(part) for part in parts]
    before = list(accumulate(parts, initial=Decimal(0)))[:-1]
    payments = [
        credit(part, id=number, event_id=number, preceding=start, employee_id=owner)
        for number, (part, start, owner) in enumerate(
            zip(parts, before, owners, strict=True)
        )
    ]
    left = sum(parts)
    backs = []
    for payment in payments:
        sale = Sale(
            payment.event_id,
            payment.amount,
            Decimal(1),
            payment.amount,
            Decimal(0),
            preceding=payment.preceding,
            own=(payment.preceding + payment.amount, payment.preceding),
            parts=tuple(range(len(parts))) if len(parts) > 1 else (),
        )
        backs.append(
            credit(
                -payment.amount,
                quantity=-1,
                preceding=left,
                sale=sale,
                employee_id=payment.employee_id,
            )
        )
        left -= payment.amount
    return payments, backs, rule(rate=rate)


def paid_to(credits, a_rule):
    """What each person gets."""
    sums = dict.fromkeys({each.employee_id for each in credits}, Decimal(0))
    for award in pay(credits, a_rule):
        sums[award.employee_id] += award.amount
    return sums


payments_of_people = strategies.lists(
    strategies.tuples(
        strategies.decimals("0.01", 30, places=2), strategies.integers(1, 3)
    ),
    min_size=1,
    max_size=5,
)


@given(payments_of_people, strategies.sampled_from(["10", "7.77", "3.33"]))
def test_payments_taken_back_leave_nobody_anything(payments, rate):
    """Handed over between them or not; what is left is paid at the rate."""
    parts, owners = zip(*payments, strict=True)
    credits, backs, a_rule = payments_taken_back(parts, owners, rate)
    held_back = replace(a_rule, holdback_percent=Decimal("12.5"))
    assert not any(sums_by_kind(pay(credits + backs, held_back)).values())
    assert paid_to(credits + backs, a_rule) == dict.fromkeys(owners, 0)
    if len(set(owners)) == 1:
        left = sum(part * Decimal(rate) / 100 for part in parts[1:])
        assert total(credits + backs[:1], a_rule) == round_half_up(left, CENT)


def test_a_payment_that_a_rule_did_not_pay_is_not_rounded_with_the_others():
    payments, backs, _rule = payments_taken_back(["1.35", "1.35"], [1, 1], 2)
    early, late = (
        [replace(each, facts={"invoice_days": Decimal(days)}) for each in pair]
        for pair, days in zip(zip(payments, backs, strict=True), (5, 50), strict=True)
    )
    in_time = rule(rate=2, collected_within=30)
    assert amounts([*early, *late], in_time) == [
        Decimal(each) for each in ("0.03", "-0.03", "0", "0")
    ]


@given(
    strategies.lists(strategies.decimals("0.01", 99, places=2), min_size=1, max_size=4),
    strategies.integers(0, 100),
)
def test_what_is_paid_on_signing_and_on_collection_sums_to_the_whole(parts, signing):
    parts = [Decimal(part) for part in parts]
    rate, before = Decimal("7.77"), list(accumulate(parts, initial=Decimal(0)))
    on_signing = rate * signing / 100
    collected = rule(rate=rate - on_signing, rate_before=on_signing)
    payments = [
        credit(part, preceding=start)
        for part, start in zip(parts, before, strict=False)
    ]
    whole = sum(parts)
    assert total([credit(whole)], rule(rate=on_signing)) + total(
        payments, collected
    ) == round_half_up(whole * rate / 100, CENT)
