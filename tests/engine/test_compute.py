"""How much rules pay: amounts, tiers over periods, caps, clawback, holdback."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from builders import (
    amounts,
    credit,
    money,
    pay,
    plan,
    reasons,
    refund,
    rule,
    tiers,
    total,
)
from engine.compute import compute
from engine.rounding import allot

JANUARY = date(2025, 1, 1)
STEP = tiers((0, 3), (1000, 4), (2000, 5))


def day(number, month=1):
    return date(2025, month, number)


def shares_of(amount, *shares):
    """The credits of employees 1, 2 … in one event."""
    parts = allot(money(amount), list(map(money, shares)), money("0.01"))
    return [
        credit(part, event_id=1, employee_id=number, share=share)
        for number, (part, share) in enumerate(zip(parts, shares, strict=True), 1)
    ]


def cumulative(mode="marginal", period="month", **values):
    values = {"tiers": STEP, **values}
    return rule(tier_mode=mode, tier_measure="cumulative", tier_period=period, **values)


def by_measure(measure, mode="marginal", period="month", **values):
    return rule(tier_mode=mode, tier_measure=measure, tier_period=period, **values)


class TestAmounts:
    def test_percent_is_rounded_half_up_to_the_currency(self):
        assert amounts([credit("0.50")], rule(rate=1)) == [money("0.01")]
        assert amounts([credit("49.50", rounding=1)], rule(rate=1)) == [0]
        assert amounts([credit("50", rounding=1)], rule(rate=1)) == [1]

    def test_an_award_names_everything_the_ledger_stores(self):
        [award] = pay([credit(10000, event_id=77, employee_id=5)], rule(id=3, rate=3))
        assert (award.event_id, award.employee_id, award.rule_id) == (77, 5, 3)
        assert (award.base, award.rate, award.amount) == (10000, 3, 300)
        assert (award.part, award.kind, award.plan_id) == ("", "commission", 1)

    def test_the_trace_of_a_plain_percentage_is_small(self):
        [award] = pay([credit("10000.00")], rule(rate="3.00"))
        assert award.trace == {
            "type": "percent",
            "base": "10000.00",
            "rate": "3",
            "amount": "300.00",
        }

    def test_fixed_and_per_unit(self):
        sale = credit(5000, quantity=12)
        assert amounts([sale], rule(amount_type="fixed", amount=250)) == [250]
        assert amounts([sale], rule(amount_type="unit", amount="2.5")) == [30]

    def test_fixed_money_is_shared_exactly(self):
        three = [
            credit(0, event_id=1, employee_id=n, share=share)
            for n, share in enumerate(("0.333333", "0.333333", "0.333334"))
        ]
        fixed = rule(amount_type="fixed", amount=100)
        assert amounts(three, fixed) == [
            money("33.33"),
            money("33.33"),
            money("33.34"),
        ]
        per_unit = rule(amount_type="unit", amount=100)
        assert total(three, per_unit) == 100

    @pytest.mark.parametrize("mode", ["marginal", "whole", "interpolated"])
    @pytest.mark.parametrize("amount", ["2000", "1999.99", "333.33", "-2000"])
    def test_the_whole_event_decides_the_bracket_of_a_shared_event(self, mode, amount):
        by_event = rule(tier_mode=mode, tiers=tiers((0, 1), (1000, 10)))
        shared = shares_of(amount, "0.333333", "0.333333", "0.333334")
        assert total(shared, by_event) == total([credit(amount)], by_event)
        fixed = replace(by_event, amount_type="fixed")
        assert total(shared, fixed) == total([credit(amount)], fixed)

    def test_a_shared_slice_says_whose_part_it_is(self):
        by_event = rule(tier_mode="marginal", tiers=tiers((0, 1), (1000, 10)))
        award = pay(shares_of(2000, "0.25", "0.75"), by_event)[0]
        assert (award.amount, award.base, award.rate) == (
            money("27.5"),
            500,
            money("5.5"),
        )
        assert (award.trace["whole"], award.trace["share"]) == ("110.00", "0.25")

    @pytest.mark.parametrize("limits", [{"cap": "100.01"}, {"floor": "150.01"}])
    def test_limits_of_an_event_are_shared_out(self, limits):
        limited = rule(rate=6, **limits)
        shared = shares_of(2000, "0.333333", "0.333333", "0.333334")
        assert total(shared, limited) == money(*limits.values())

    def test_the_order_of_sharers_is_that_of_employees(self):
        """Whichever credits are new and whichever are stored."""
        shared = shares_of(0, "0.5", "0.5")
        renumbered = [replace(each, id=-each.id) for each in shared]
        odd = rule(amount_type="fixed", amount="100.01")
        assert amounts(shared, odd) == [money("50.01"), money("50.00")]
        assert amounts(renumbered, odd) == amounts(shared, odd)

    def test_roles_do_not_share_fixed_money_with_each_other(self):
        deal = [
            credit(0, event_id=1, employee_id=1, share="0.5"),
            credit(0, event_id=1, employee_id=2, share="0.5"),
            credit(0, event_id=1, employee_id=3, role="manager", manager_level=1),
        ]
        fixed = rule(id=1, amount_type="fixed", amount=10)
        override = replace(fixed, id=2, role="manager", manager_level=1)
        assert amounts(deal, fixed, override) == [5, 5, 10]

    @pytest.mark.parametrize("amount_type", ["percent", "fixed", "unit"])
    def test_a_refund_takes_back(self, amount_type):
        sale = credit(5000, quantity=3)
        values = {"amount_type": amount_type, "rate": 3, "amount": 20}
        assert total([sale, refund(sale)], rule(**values)) == 0

    def test_units_given_back_as_a_negative_quantity(self):
        credits = [credit(500, quantity=5), credit(-200, quantity=-2)]
        assert amounts(credits, rule(amount_type="unit", amount=10)) == [50, -20]

    def test_scope_limits_what_is_returned_not_what_is_known(self):
        credits = [credit(900, day(1)), credit(200, day(2))]
        plans = {1: plan(cumulative())}
        [award] = compute(credits, plans, scope={credits[1].id}).awards
        assert (award.credit_id, award.amount) == (credits[1].id, 7)

    def test_a_plan_that_was_not_given_is_an_error(self):
        with pytest.raises(KeyError):
            compute([credit(100, plan_id=9)], {1: plan(rule(rate=3))})


class TestTiersOfOneEvent:
    @pytest.mark.parametrize(
        ("mode", "expected"),
        [
            ("marginal", "80"),
            ("whole", "100"),
            ("interpolated", "90"),
        ],
    )
    def test_modes(self, mode, expected):
        bands = tiers((0, 3), (1000, 5), (3000, 4))
        values = {"tier_mode": mode, "tiers": bands}
        assert amounts([credit(2000)], rule(**values)) == [money(expected)]
        assert amounts([credit(-2000)], rule(**values)) == [-money(expected)]

    def test_the_plan_declares_where_a_bound_belongs(self):
        values = {"tier_mode": "whole", "tiers": STEP}
        assert amounts([credit(1000)], rule(**values)) == [30]
        assert amounts([credit(1000)], rule(**values, tier_boundary="upper")) == [40]

    def test_the_bracket_chooses_a_fixed_amount(self):
        fixed = rule(
            amount_type="fixed", tier_mode="whole", tiers=tiers((0, 50), (1000, 200))
        )
        assert amounts([credit(400), credit(1001)], fixed) == [50, 200]

    def test_below_the_first_bound_nothing_is_paid(self):
        for mode in ("marginal", "whole", "interpolated"):
            late = rule(tier_mode=mode, tiers=tiers((1000, 5)))
            assert reasons([credit(999)], late) == ["below_first_tier"]

    def test_a_period_does_not_matter_for_the_amount_of_the_event(self):
        per_event = rule(tier_mode="marginal", tier_period="month", tiers=STEP)
        assert amounts([credit(1000), credit(1000)], per_event) == [30, 30]

    def test_a_rule_with_tiers_but_no_brackets_pays_nothing(self):
        empty = rule(tier_mode="whole")
        assert reasons([credit(100)], empty) == ["below_first_tier"]


class TestCumulativeTiers:
    def test_each_event_pays_its_slices_of_the_period(self):
        credits = [credit(800, day(3)), credit(700, day(9)), credit(700, day(20))]
        assert amounts(credits, cumulative()) == [24, 26, 30]

    def test_in_the_order_of_date_then_event(self):
        later = credit(800, day(9))
        same_day = [
            credit(400, day(5), event_id=1002),
            credit(800, day(5), event_id=1001),
        ]
        assert amounts([later, *same_day], cumulative()) == [32, 14, 24]

    def test_periods_and_employees_start_from_zero(self):
        credits = [
            credit(1000, day(31)),
            credit(1000, day(1, month=2)),
            credit(1000, day(31), employee_id=2),
        ]
        assert amounts(credits, cumulative()) == [30, 30, 30]
        assert amounts(credits, cumulative(period="quarter")) == [30, 40, 30]

    def test_only_credits_that_satisfy_the_rule_are_cumulated(self):
        credits = [
            credit(1000, day(1), commission_source="own"),
            credit(1000, day(2), commission_source="marketing"),
        ]
        assert amounts(credits, cumulative(commission_source="marketing")) == [0, 30]

    def test_whole_pays_the_period_at_the_rate_it_reaches(self):
        credits = [
            credit("333.33", day(1)),
            credit("333.33", day(2)),
            credit(400, day(3)),
        ]
        assert amounts(credits, cumulative("whole")) == [
            money("13.33"),
            money("13.34"),
            money("16.00"),
        ]

    def test_interpolated_pays_the_period_at_one_rate(self):
        credits = [credit(750, day(1)), credit(750, day(2))]
        assert amounts(credits, cumulative("interpolated")) == [
            money("33.75"),
            money("33.75"),
        ]

    def test_fixed_amounts_follow_the_running_total_or_the_final_one(self):
        credits = [credit(800, day(1)), credit(800, day(2))]
        values = {"amount_type": "fixed", "tiers": tiers((0, 50), (1000, 80))}
        assert amounts(credits, cumulative(**values)) == [50, 80]
        assert amounts(credits, cumulative("whole", **values)) == [80, 80]

    def test_other_plan_versions_move_the_total_but_are_not_paid_by_the_rule(self):
        credits = [
            credit(900, day(1), plan_id=1),
            credit(200, day(20), plan_id=2),
        ]
        new_plan = plan(replace(cumulative(), id=2), id=2)
        plans = {1: plan(rule(rate=10)), 2: new_plan}
        awards = compute(credits, plans).awards
        assert [award.amount for award in awards] == [90, 7]

    @pytest.mark.parametrize(
        ("mode", "amount_type", "expected"),
        [
            ("whole", "percent", 8),
            ("interpolated", "percent", money("7.20")),
            ("whole", "fixed", 4),
            ("marginal", "fixed", 4),
        ],
    )
    def test_other_plan_versions_also_move_the_bracket_of_other_modes(
        self, mode, amount_type, expected
    ):
        credits = [
            credit(900, day(1), plan_id=None),
            credit(200, day(20), plan_id=1),
            credit(500, day(21), plan_id=2),
        ]
        bands = tiers((0, 3), (1000, 4), (2000, 4))
        if mode == "interpolated":
            bands = tiers((0, 2), (2000, 4))
        the_rule = cumulative(mode, amount_type=amount_type, tiers=bands)
        awards = compute(credits, {1: plan(the_rule), 2: plan(id=2)}).awards
        assert [(award.credit_id, award.amount) for award in awards] == [
            (credits[1].id, expected)
        ]

    def test_who_has_no_share_or_no_plan_after_a_reversal_does_not_count(self):
        credits = [
            credit(0, day(1), share=0),
            credit(900, day(1), plan_id=None, reversed_on=day(2)),
            credit(1000, day(3)),
        ]
        assert amounts(credits, cumulative()) == [0, 0, 30]
        by_count = by_measure("won_count", "whole", tiers=tiers((0, 3), (1, 5)))
        assert amounts(credits, by_count) == [0, 0, 30]

    def test_slices_are_traced(self):
        credits = [credit(900, day(1)), credit(300, day(2))]
        trace = pay(credits, cumulative())[1].trace
        assert trace == {
            "type": "marginal",
            "base": "300",
            "rate": "3.666667",
            "amount": "11.00",
            "slices": [
                {"from": "900", "to": "1000", "amount": "100", "rate": "3", "pay": "3"},
                {
                    "from": "1000",
                    "to": "1200",
                    "amount": "200",
                    "rate": "4",
                    "pay": "8",
                },
            ],
            "before": "900",
            "after": "1200",
            "measure": "cumulative",
            "period": "month",
            "period_start": "2025-01-01",
        }

    def test_refunds_walk_back_through_the_brackets(self):
        first, second = credit(900, day(1)), credit(300, day(2))
        credits = [first, second, replace(refund(first), date=day(3))]
        assert amounts(credits, cumulative()) == [27, 11, -29]


class TestCounts:
    COUNTED = {"tiers": tiers((0, 3), (2, 5))}

    def test_marginal_rates_follow_the_running_number_of_deals(self):
        credits = [credit(1000, day(n)) for n in (1, 2, 3)]
        assert amounts(credits, by_measure("won_count", **self.COUNTED)) == [30, 30, 50]
        from_the_second_on = by_measure(
            "won_count", tier_boundary="upper", **self.COUNTED
        )
        assert amounts(credits, from_the_second_on) == [30, 50, 50]

    @pytest.mark.parametrize("mode", ["whole", "interpolated"])
    def test_other_modes_take_the_final_number(self, mode):
        credits = [credit(1000, day(n)) for n in (1, 2, 3)]
        assert (
            amounts(credits, by_measure("won_count", mode, **self.COUNTED)) == [50] * 3
        )

    def test_an_event_counts_once_however_big_the_share(self):
        credits = [
            credit(500, day(n), event_id=n, share="0.5", employee_id=who)
            for n in (1, 2, 3)
            for who in (1, 2)
        ]
        rates = by_measure("won_count", **self.COUNTED)
        assert amounts(credits, rates) == [15, 15, 15, 15, 25, 25]

    def test_only_matching_events_of_the_rules_own_type_are_counted(self):
        credits = [credit(1000, day(n), commission_source="own") for n in (1, 2)]
        credits.append(credit(1000, day(3), commission_source="marketing"))
        rates = by_measure("won_count", commission_source="marketing", **self.COUNTED)
        assert amounts(credits, rates) == [0, 0, 30]

    def test_leads_may_pay_by_the_deals_of_the_period(self):
        lead = {"event_type": "lead_qualified", "role": "marketing"}
        deal = {"event_type": "deal_won", "role": "marketing"}
        credits = [
            credit(0, day(1), **lead),
            *(credit(100, day(n), **deal) for n in (5, 6, 7)),
            credit(100, day(8)),
        ]
        bounty = by_measure(
            "won_count", amount_type="fixed", tiers=tiers((0, 100), (2, 150)), **lead
        )
        assert amounts(credits, bounty) == [150, 0, 0, 0, 0]

    def test_deals_may_pay_by_the_leads_of_the_period(self):
        lead = {"event_type": "lead_qualified"}
        credits = [credit(0, day(n), **lead) for n in (20, 21, 22)]
        credits.append(credit(1000, day(1)))
        rates = by_measure("qualified_count", **self.COUNTED)
        assert amounts(credits, rates)[-1] == 50

    def test_a_manager_on_two_levels_of_one_deal_has_one_deal(self):
        levels = [
            credit(1000, day(1), event_id=1, role="manager", manager_level=level)
            for level in (1, 2)
        ]
        half_a_target = tiers((0, 1), (50, 2))
        rates = by_measure(
            "attainment",
            "whole",
            role="manager",
            manager_level=1,
            target_measure="won_count",
            tiers=half_a_target,
        )
        targets = {(1, "won_count", JANUARY): Decimal(2)}
        assert amounts(levels, rates, targets=targets) == [10, 0]

    def test_a_refunded_deal_is_counted_off(self):
        first, second, third = (credit(1000, day(n)) for n in (1, 2, 3))
        undone = [replace(refund(each), date=day(9)) for each in (third, second, first)]
        rates = by_measure("won_count", **self.COUNTED)
        assert amounts([first, second, third, *undone], rates) == [
            30,
            30,
            50,
            -50,
            -30,
            -30,
        ]


class TestConversionRate:
    RATES = tiers((0, 2), (20, 3), (50, 4))

    def of(self, leads, deals, **values):
        values = {"role": "marketing", **values}
        return [
            *(
                credit(0, day(n + 1), event_type="lead_qualified", **values)
                for n in range(leads)
            ),
            *(credit(1000, day(n + 1), **values) for n in range(deals)),
        ]

    @pytest.mark.parametrize(
        ("leads", "deals", "pay"),
        [(10, 2, 20), (10, 3, 30), (10, 5, 30), (10, 6, 40), (0, 1, 20)],
    )
    def test_the_rate_rises_with_the_conversion_of_the_period(self, leads, deals, pay):
        rates = by_measure(
            "conversion_rate", "whole", role="marketing", tiers=self.RATES
        )
        earned = amounts(self.of(leads, deals), rates)
        assert earned[leads:] == [pay] * deals

    def test_other_roles_and_periods_do_not_count(self):
        rates = by_measure(
            "conversion_rate", "whole", role="marketing", tiers=self.RATES
        )
        credits = self.of(2, 1) + self.of(9, 0, role="sales")
        credits.append(credit(1000, day(1, month=2), role="marketing"))
        assert total(credits, rates) == 30 + 20

    def test_the_value_is_traced(self):
        rates = by_measure(
            "conversion_rate", "whole", role="marketing", tiers=self.RATES
        )
        [award] = pay(self.of(3, 1), rates)
        assert award.trace["value"] == "33.333333"
        assert award.trace["tier_mode"] == "whole"


class TestAttainment:
    ACCELERATOR = tiers((0, 3), (100, 6))
    TARGET = {(1, "won_amount", JANUARY): Decimal(2000)}

    def test_bounds_in_percent_become_amounts(self):
        credits = [credit(1500, day(1)), credit(1000, day(2))]
        rates = by_measure("attainment", tiers=self.ACCELERATOR)
        assert amounts(credits, rates, targets=self.TARGET) == [45, 45]

    def test_whole_pays_everything_at_the_attainment_reached(self):
        credits = [credit(1500, day(1)), credit(1000, day(2))]
        rates = by_measure("attainment", "whole", tiers=self.ACCELERATOR)
        awards = pay(credits, rates, targets=self.TARGET)
        assert [award.amount for award in awards] == [90, 60]
        assert awards[0].trace["value"] == "125"
        assert awards[0].trace["target"] == "2000"

    def test_deals_that_the_rule_does_not_pay_still_achieve_the_target(self):
        credits = [
            credit(1900, day(1), commission_source="own"),
            credit(200, day(2), commission_source="marketing"),
        ]
        values = {"commission_source": "marketing", "tiers": self.ACCELERATOR}
        marginal = by_measure("attainment", **values)
        assert amounts(credits, marginal, targets=self.TARGET) == [0, 9]
        whole = by_measure("attainment", "whole", **values)
        assert amounts(credits, whole, targets=self.TARGET) == [0, 12]

    @pytest.mark.parametrize(("mode", "expected"), [("marginal", 90), ("whole", 60)])
    def test_collections_against_a_target_of_deals(self, mode, expected):
        credits = [credit(1000, day(1)), credit(2000, day(2), event_type="payment")]
        rates = by_measure(
            "attainment", mode, event_type="payment", tiers=tiers((0, 3), (50, 6))
        )
        assert total(credits, rates, targets=self.TARGET) == expected

    def test_counts_of_deals_and_leads(self):
        credits = [credit(1000, day(n)) for n in (1, 2, 3)]
        rates = by_measure(
            "attainment", target_measure="won_count", tiers=self.ACCELERATOR
        )
        targets = {(1, "won_count", JANUARY): Decimal(2)}
        assert amounts(credits, rates, targets=targets) == [30, 30, 60]
        by_leads = replace(rates, target_measure="qualified_count")
        leads = [credit(0, day(9), event_type="lead_qualified") for _ in range(3)]
        targets = {(1, "qualified_count", JANUARY): Decimal(2)}
        assert amounts(credits + leads, by_leads, targets=targets)[:3] == [60] * 3

    def test_targets_of_a_month_and_a_year_that_start_together(self):
        targets = {
            (1, "won_amount", JANUARY, "month"): Decimal(1000),
            (1, "won_amount", JANUARY, "year"): Decimal(9000),
        }
        monthly = by_measure("attainment", "whole", tiers=self.ACCELERATOR)
        yearly = replace(monthly, tier_period="year")
        assert amounts([credit(2000)], monthly, targets=targets) == [120]
        assert amounts([credit(2000)], yearly, targets=targets) == [60]

    @pytest.mark.parametrize("target", [{}, {(1, "won_amount", JANUARY): Decimal(0)}])
    def test_without_a_target_nothing_is_attained(self, target):
        rates = by_measure("attainment", "whole", tiers=tiers((50, 6)))
        assert reasons([credit(1000)], rates, targets=target) == ["no_target"]
        from_zero = by_measure("attainment", tiers=self.ACCELERATOR)
        assert amounts([credit(1000)], from_zero, targets=target) == [30]


class TestCapAndFloor:
    def test_of_one_line(self):
        credits = [credit(100), credit(1000), credit(10000)]
        limited = rule(rate=3, cap=200, floor=10)
        assert amounts(credits, limited) == [10, 30, 200]
        assert amounts([credit(-10000)], limited) == [-200]

    def test_an_effective_rate_is_reported(self):
        [award] = pay([credit(10000)], rule(rate=3, cap=200))
        assert award.rate == 2
        assert award.trace["limit"] == {
            "kind": "cap",
            "value": "200",
            "period": "event",
            "amount": "200.00",
        }

    def test_of_a_period(self):
        credits = [credit(1000, day(n)) for n in (1, 2, 3)]
        capped = rule(rate=10, cap=250, cap_period="month")
        assert amounts(credits, capped) == [100, 100, 50]
        assert reasons([*credits, credit(9, day(4))], capped) == ["cap_reached"]

    def test_a_floor_of_a_period_is_paid_with_the_first_event(self):
        credits = [credit(1000, day(n)) for n in (1, 2, 3)]
        floored = rule(rate=10, floor=150, cap_period="month")
        assert amounts(credits, floored) == [150, 50, 100]
        assert amounts([], floored) == []
        assert reasons([credit(1000, day(1)), credit(9, day(2))], floored) == [
            "floor_reached"
        ]

    def test_the_cap_is_stronger_than_the_floor(self):
        assert amounts([credit(1000)], rule(rate=3, cap=10, floor=20)) == [10]

    @pytest.mark.parametrize("period", ["event", "month"])
    def test_the_limit_that_changed_an_amount_is_told(self, period):
        between = rule(rate=3, cap=40, floor=20, cap_period=period)
        for amount, kind in ((100, "floor"), (2000, "cap")):
            [award] = pay([credit(amount)], between)
            assert award.trace["limit"]["kind"] == kind
        [award] = pay([credit(1000)], between)
        assert award.amount == 30
        assert "limit" not in award.trace

    def test_a_floor_creates_no_pay_for_what_earns_nothing(self):
        floored = rule(rate=10, floor=150, min_amount=500)
        undone = credit(1000, reversed_on=day(9))
        assert amounts([credit(0), credit(499), undone], floored) == [0, 0, 0]
        in_period = replace(floored, cap_period="month")
        assert amounts([credit(0), credit(499), undone], in_period) == [0, 0, 0]

    def test_cap_and_tiers_may_have_different_periods(self):
        credits = [credit(1500, day(1, month)) for month in (1, 2)]
        both = cumulative(cap=60, cap_period="year")
        assert amounts(credits, both) == [50, 10]

    def test_a_period_cap_counts_only_what_its_own_plan_paid(self):
        credits = [credit(1000, day(1), plan_id=1), credit(1000, day(2), plan_id=2)]
        capped = rule(rate=10, cap=150, cap_period="month")
        plans = {1: plan(capped), 2: plan(replace(capped, id=2), id=2)}
        assert [award.amount for award in compute(credits, plans).awards] == [100, 100]


class TestClawback:
    UNDONE = {"reversed_on": date(2025, 1, 31)}

    def test_recomputed_the_rest_of_the_period_stands_without_the_deal(self):
        credits = [credit(1000, day(1), **self.UNDONE), credit(1000, day(2))]
        assert amounts(credits, cumulative(), clawback_method="recompute") == [0, 30]

    def test_reversed_the_rest_of_the_period_stands_as_it_was(self):
        credits = [credit(1000, day(1), **self.UNDONE), credit(1000, day(2))]
        assert amounts(credits, cumulative(), clawback_method="reverse") == [0, 40]

    def test_prorata_keeps_part_of_what_it_would_earn(self):
        credits = [credit(1000, day(1), **self.UNDONE), credit(1000, day(2))]
        values = {"clawback_method": "prorata", "clawback_days": 60}
        assert amounts(credits, cumulative(), **values) == [15, 40]
        [award] = pay(credits[:1], rule(rate=3), **values)
        assert (award.amount, award.rate) == (15, money("1.5"))
        assert award.trace["amount"] == "30.00"
        assert award.trace["clawback"] == {
            "kept": "0.5",
            "reversed_on": "2025-01-31",
            "amount": "15.00",
        }

    @pytest.mark.parametrize("method", ["recompute", "reverse", "prorata"])
    def test_outside_the_window_it_pays_as_if_nothing_happened(self, method):
        credits = [credit(1000, day(1), **self.UNDONE), credit(1000, day(2))]
        values = {"clawback_method": method, "clawback_days": 29}
        assert amounts(credits, cumulative(), **values) == [30, 40]

    @pytest.mark.parametrize("method", ["recompute", "reverse", "prorata"])
    @pytest.mark.parametrize("the_rule", [rule(rate=3), cumulative()])
    def test_the_reason_says_when(self, method, the_rule):
        undone = credit(1000, day(1), **self.UNDONE)
        assert reasons([undone], the_rule, clawback_method=method) == ["reversed"]

    def test_a_recomputed_deal_does_not_count_in_any_measure(self):
        credits = [
            credit(1000, day(1), **self.UNDONE),
            credit(1000, day(2)),
            credit(1000, day(3)),
        ]
        counted = by_measure("won_count", "whole", tiers=tiers((0, 3), (2, 5)))
        assert amounts(credits, counted, clawback_method="recompute") == [0, 30, 30]
        assert amounts(credits, counted, clawback_method="reverse") == [0, 50, 50]


class TestHoldback:
    def test_full_amount_less_holdback_and_its_release(self):
        awards = pay([credit(1000)], rule(rate=3, holdback_percent=Decimal(15)))
        assert [(a.part, a.kind, a.amount) for a in awards] == [
            ("", "commission", 30),
            ("holdback", "holdback", money("-4.50")),
            ("release", "release", money("4.50")),
        ]
        assert awards[1].trace == {
            "type": "holdback",
            "percent": "15",
            "of": "30.00",
            "amount": "-4.50",
        }

    def test_nothing_is_held_back_of_a_cent(self):
        [award] = pay([credit(1)], rule(rate=1, holdback_percent=Decimal(15)))
        assert award.amount == money("0.01")

    def test_all_parts_wait_for_the_source(self):
        own = credit(1000, commission_source="own", source_verified=False)
        awards = pay([own], rule(rate=5, holdback_percent=Decimal(20)))
        assert [award.held for award in awards] == [True] * 3


class TestNewVersion:
    """The cap of a period goes on across a new version of the plan."""

    CAPPED = rule(id=1, rate=5, cap=70, cap_period="year")

    def _pay(self, *, until, then, before=CAPPED, **changes):
        numbers = {
            name: money(changes.pop(name))
            for name in ("cap", "rate")
            if name in changes
        }
        after = replace(before, id=2, continues=1, **numbers, **changes)
        deals = [credit(each, day(1)) for each in until]
        deals += [credit(each, day(1, 4), plan_id=2) for each in then]
        plans = {1: plan(before), 2: plan(after, id=2)}
        earned = dict.fromkeys((each.id for each in deals), money(0))
        for award in compute(deals, plans).awards:
            earned[award.credit_id] += award.amount
        return list(earned.values())

    def test_what_was_paid_before_counts(self):
        assert self._pay(until=[1000], then=[1000]) == [50, 20]
        assert self._pay(until=[1000], then=[300, 1000], rate=9) == [50, 20, 0]

    def test_a_lower_cap_takes_nothing_back(self):
        assert self._pay(until=[1400], then=[100], cap=50) == [70, 0]

    def test_a_higher_cap_does_not_pay_what_was_capped_before(self):
        assert self._pay(until=[2000], then=[100, 600], cap=90) == [70, 5, 15]

    def test_a_floor_goes_on(self):
        floored = rule(id=1, rate=1, floor=30, cap_period="year")
        assert self._pay(until=[1000], then=[1000], before=floored) == [30, 0]
        later = self._pay(until=[1000], then=[1000, 2000], before=floored, floor=None)
        assert later == [30, 10, 20]

    def test_a_new_cap_counts_what_was_paid_without_one(self):
        free = replace(self.CAPPED, cap=None)
        assert self._pay(until=[1000], then=[1000], before=free, cap=money(70)) == [
            50,
            20,
        ]

    def test_the_version_before_the_last_counts_as_well(self):
        second = replace(self.CAPPED, id=2, continues=1)
        third = replace(self.CAPPED, id=3, continues=2)
        deals = [
            credit(800, day(1, month), plan_id=number)
            for number, month in ((1, 1), (2, 4), (3, 8))
        ]
        plans = {
            number: plan(each, id=number)
            for number, each in enumerate((self.CAPPED, second, third), 1)
        }
        awards = compute(deals, plans).awards
        assert [award.amount for award in awards] == [40, 30]
        # a version that paid nothing hands on what the one before it paid
        awards = compute([deals[0], deals[2]], plans).awards
        assert [award.amount for award in awards] == [40, 30]

    def test_once_a_year_is_once_for_both(self):
        once = rule(
            amount_type="fixed",
            once=True,
            tier_mode="whole",
            tier_measure="cumulative",
            tier_period="year",
            tiers=tiers((500, 100)),
            cap=150,
            cap_period="year",
        )
        assert self._pay(until=[300, 300], then=[900], before=once) == [0, 100, 0]

    def test_another_rule_is_capped_by_itself(self):
        assert self._pay(until=[1400], then=[1400], role="manager") == [70, 0]
        alone = replace(self.CAPPED, id=2)
        plans = {1: plan(self.CAPPED), 2: plan(alone, id=2)}
        deals = [credit(1400, day(1)), credit(1400, day(1, 4), plan_id=2)]
        assert [award.amount for award in compute(deals, plans).awards] == [70, 70]
