"""The plan language: weeks, days to collect, margins, customers' age, plan limits."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from builders import (
    amounts,
    credit,
    given,
    money,
    pay,
    plan,
    reasons,
    refund,
    rule,
    tiers,
)
from engine.attribution import attribute
from engine.clawback import months_between
from engine.compute import Forecast, compute
from engine.explain import explain_award, explain_formula, explain_refusal
from engine.facts import YearStart
from engine.periods import context_window, period_of, plan_window
from hypothesis import strategies as st

START = date(2025, 1, 1)


def day(number, month=1):
    return date(2025, month, number)


def facts(**values):
    return {name: money(value) for name, value in values.items()}


def paid(amount, days, on=START, **values):
    return credit(
        amount,
        on,
        event_type="payment_received",
        facts=facts(invoice_days=days, due_days=days - 30),
        **values,
    )


def sale(margin, untaxed=1000, on=START, quantity=1, **values):
    """A credit on a margin: the amount is the margin itself."""
    return credit(
        margin, on, quantity=quantity, facts=facts(margin=margin, untaxed=untaxed)
    )


class TestWeek:
    """R44: weeks as a period of tiers and caps; a week starts on Monday."""

    @pytest.mark.parametrize(
        ("of", "start", "end"),
        [
            (date(2025, 1, 1), date(2024, 12, 30), date(2025, 1, 5)),
            (date(2025, 1, 5), date(2024, 12, 30), date(2025, 1, 5)),
            (date(2025, 1, 6), date(2025, 1, 6), date(2025, 1, 12)),
        ],
    )
    def test_period_of(self, of, start, end):
        assert period_of(of, "week") == (start, end)

    def test_tiers_and_caps(self):
        deals = [credit(1000, day(n)) for n in (3, 5, 6)]
        weekly = rule(
            tier_mode="marginal",
            tier_measure="cumulative",
            tier_period="week",
            tiers=tiers((0, 1), (1000, 2)),
        )
        assert context_window(weekly, day(5)) == (date(2024, 12, 30), day(5))
        assert amounts(deals, weekly) == [10, 20, 10]
        capped = rule(rate=10, cap=150, cap_period="week")
        assert amounts(deals, capped) == [100, 50, 100]


class TestW:
    """R43: first, the touch that opened the opportunity, and last get 30 % each."""

    @pytest.mark.parametrize(
        ("touches", "opened", "percents"),
        [
            ((0, 5, 12, 30, 38), 12, (30, 5, 30, 5, 30)),
            ((0, 5, 12, 30, 38), 13, (30, 5, 30, 5, 30)),
            ((0, 5, 12, 30, 38), None, (30, 5, 30, 5, 30)),
            ((0, 5, 12, 30), 5, (30, 30, 10, 30)),
            ((0, 5, 12, 30, 38), 0, (45, Decimal("10") / 3, 0, 0, 45)),
            ((0, 5, 12), 5, (Decimal(100) / 3,) * 3),
            ((0, 5, 12), 12, (45, 10, 45)),
            ((0, 5), 0, (50, 50)),
            ((7,), 7, (100,)),
        ],
    )
    def test_percents(self, touches, opened, percents):
        days = [START + timedelta(number) for number in touches]
        opened_on = None if opened is None else START + timedelta(opened)
        shares = attribute(days, days[-1], "w", opened_on=opened_on)
        assert sum(shares) == 1
        wanted = [Decimal(percent) / 100 for percent in percents]
        if 0 in percents:  # ten percent between the three in the middle
            wanted = [wanted[0], *[wanted[1]] * 3, wanted[4]]
        for share, expected in zip(shares, wanted, strict=True):
            assert abs(share - expected) < Decimal("1E-11")


class TestMarginFloor:
    """R9: at least 150 a sale, on whatever margin; a refund gives it back."""

    rule = rule(rate=25, floor=150)

    def test_r9(self):
        sales = [sale(margin) for margin in (800, 400, 0, -500)]
        assert amounts(sales, self.rule) == [200, 150, 150, 150]

    def test_the_refund_takes_back_the_same(self):
        for margin in (800, 400, 0, -500):
            given_back = sale(-margin, -1000, quantity=-1)
            assert amounts([given_back], self.rule) == [
                -max(margin * Decimal("0.25"), 150)
            ]

    def test_in_a_period_the_refund_of_everything_leaves_nothing(self):
        monthly = replace(self.rule, cap_period="month")
        sales = [sale(0), sale(-500), sale(0, -1000), sale(500, -1000)]
        assert amounts(sales, monthly) == [150, 0, 0, -150]

    def test_a_cap_holds_on_both_sides(self):
        capped = rule(rate=25, cap=100)
        assert amounts([sale(800), sale(-800)], capped) == [100, -100]

    def test_no_floor_where_no_bracket_is_reached(self):
        tiered = rule(
            tier_mode="whole",
            tier_measure="margin_percent",
            tiers=tiers((15, 5)),
            floor=150,
        )
        assert amounts([sale(100), sale(200)], tiered) == [0, 150]


class TestCollectedWithin:
    """R30: 2 % within 30 days, 1 % within 60, nothing later."""

    def test_as_a_condition(self):
        within = rule(event_type="payment_received", rate=2, collected_within=30)
        money_in = [paid(1000, days) for days in (-3, 0, 30, 31)]
        assert amounts(money_in, within) == [20, 20, 20, 0]
        assert reasons(money_in, within) == ["collected_late"]
        of_due = replace(within, collected_from="due")
        assert amounts([paid(1000, 60), paid(1000, 61)], of_due) == [20, 0]

    def test_as_a_measure(self):
        tiered = rule(
            event_type="payment_received",
            tier_mode="whole",
            tier_measure="days_to_collect",
            tiers=tiers((0, 2), (30, 1), (60, 0)),
        )
        money_in = [paid(1000, days) for days in (-3, 0, 30, 31, 60, 61)]
        assert amounts(money_in, tiered) == [20, 20, 20, 10, 10, 0]
        [award, *_others] = pay(money_in[3:], tiered)
        assert explain_award(award.trace) == "days to collect: 31; 1 % of 1,000 = 10.00"
        unknown = credit(1000, event_type="payment_received")
        assert reasons([unknown], tiered) == ["not_known"]

    def test_over_a_month_it_is_the_average_by_amount(self):
        monthly = rule(
            event_type="payment_received",
            tier_mode="whole",
            tier_measure="days_to_collect",
            tier_period="month",
            tiers=tiers((0, 2), (30, 1)),
        )
        assert amounts([paid(3000, 20), paid(1000, 60)], monthly) == [60, 20]
        assert amounts([paid(1000, 20), paid(3000, 60)], monthly) == [10, 30]


class TestMarginPercent:
    """R35: below 15 % nothing, 15 to 25 % 5 %, above 8 %."""

    tiered = rule(
        tier_mode="whole",
        tier_measure="margin_percent",
        tiers=tiers((15, 5), (25, 8)),
        tier_boundary="upper",
    )

    def test_as_a_measure(self):
        sales = [sale(margin) for margin in (-200, 149, 150, 249, 250)]
        assert amounts(sales, self.tiered) == [0, 0, money("7.5"), money("12.45"), 20]
        assert amounts([sale(-200, -1000)], self.tiered) == [-10]

    def test_over_a_month_below_zero_is_no_bracket(self):
        monthly = replace(self.tiered, tier_period="month")
        assert amounts([sale(-500), sale(100)], monthly) == [0, 0]
        assert amounts([sale(100), sale(300)], monthly) == [5, 15]

    def test_as_a_condition(self):
        needs = rule(rate=10, margin_percent_min=Decimal(15))
        assert amounts([sale(149), sale(150)], needs) == [0, 15]
        assert reasons([sale(149), credit(1000)], needs) == ["below_margin"] * 2


@pytest.mark.parametrize(
    ("first", "last", "year_start", "paid"),
    [
        (10, 12, (1,), [10, 11, 12]),
        (11, 2, (1,), [1, 2, 11, 12]),
        (1, 3, (4,), [4, 5, 6]),
        (12, None, (4,), [3]),
        (None, 1, (7,), [7]),
        (4, 4, (1,), [4]),
        (1, 3, (4, 16), [5, 6, 7]),
    ],
)
def test_months_of_the_year(first, last, year_start, paid):
    """A season: months of the company's year, both included."""
    seasonal = rule(rate=10, season_from=first, season_to=last)
    sales = [
        credit(1000, date(2025, month, 15), year_start=YearStart(*year_start))
        for month in range(1, 13)
    ]
    earned = amounts(sales, seasonal)
    assert [month for month, each in enumerate(earned, 1) if each] == paid
    assert reasons(sales, seasonal) == ["other_season"] * (12 - len(paid))


def test_r36_months_of_a_customer():
    """First year 70 %, years two to seven 2 %, then nothing."""
    first = rule(id=1, rate=70, customer_months_to=12)
    later = rule(id=2, rate=2, customer_months_from=12, customer_months_to=84)
    ages = (0, 11, 12, 83, 84)
    sales = [credit(100, facts=facts(customer_months=age)) for age in ages]
    assert amounts(sales, first, later) == [70, 70, 2, 2, 0]
    assert amounts([credit(100)], first, later) == [70]
    assert reasons(sales[-1:], first, later) == ["other_customer_age"] * 2


class TestUnpaid:
    """R32: taken back when unpaid after 90 days, given again when collected."""

    rule = rule(event_type="invoice_posted", rate=10, unpaid_clawback_days=90)

    @pytest.mark.parametrize(
        ("days", "share", "earned"),
        [(90, 1, 100), (91, 1, 0), (91, "0.4", 60), (200, 0, 100)],
    )
    def test_what_is_left(self, days, share, earned):
        known = facts(unpaid_days=days, unpaid_share=share)
        invoice = credit(1000, event_type="invoice_posted", facts=known)
        assert amounts([invoice], self.rule) == [earned]
        if not earned:
            assert reasons([invoice], self.rule) == ["unpaid"]
        elif earned == 60:
            [award] = pay([invoice], self.rule)
            assert "60 % kept" in explain_award(award.trace)
            assert len(explain_formula(award.trace)) == 2


class TestPlanLimits:
    """R41: cap, floor and threshold over all rules, per person and period."""

    three = rule(id=1, rate=30)
    one = rule(id=2, rate=10, is_bonus=True)

    def test_what_is_above_the_cap_lapses(self):
        deals = [credit(30000, day(n)) for n in (3, 9)] + [credit(30000, day(1, 2))]
        capped = {"cap": Decimal(20000), "cap_period": "month"}
        assert amounts(deals, self.three, self.one, **capped) == [12000, 8000, 12000]
        awards = pay(deals[:2], self.three, self.one, **capped)
        assert [award.amount for award in awards] == [9000, 3000, 8000]
        assert "8,000.00 by the cap of the plan, 20,000 per month" in explain_award(
            awards[-1].trace
        )
        more = [*deals[:2], credit(1, day(20))]
        assert reasons(more, self.three, self.one, **capped) == ["plan_cap_reached"] * 3

    def test_a_refund_first_eats_what_had_lapsed(self):
        deals = [credit(50000, day(3)), credit(30000, day(9)), credit(-30000, day(10))]
        earned = amounts(deals, self.three, cap=Decimal(20000))
        assert earned == [15000, 5000, -5000]

    def test_of_each_person_apart(self):
        deals = [credit(50000, employee_id=person) for person in (1, 2)]
        assert amounts(deals, self.three, cap=Decimal(9000)) == [9000, 9000]

    def test_per_event(self):
        deals = [credit(50000, day(3)), credit(10000, day(3))]
        capped = {"cap": Decimal(9000), "cap_period": "event"}
        assert amounts(deals, self.three, self.one, **capped) == [9000, 4000]

    def test_floor_and_threshold(self):
        deals = [credit(1000, day(3)), credit(1000, day(9))]
        assert amounts(deals, self.three, floor=Decimal(500)) == [500, 100]
        assert amounts(deals, self.three, threshold=Decimal(600)) == [0, 600]
        assert reasons(deals[:1], self.three, threshold=Decimal(600)) == [
            "below_threshold"
        ]
        assert amounts([credit(-1000)], self.three, floor=Decimal(500)) == [-300]

    def test_a_new_version_goes_on_where_the_former_stood(self):
        plans = {
            number: plan(replace(self.three, id=number), id=number, cap=Decimal(cap))
            for number, cap in ((1, 1000), (2, 1500))
        }
        deals = [credit(3000, day(3)), credit(3000, day(20), plan_id=2)]
        assert [award.amount for award in compute(deals, plans).awards] == [900, 600]
        plans[2] = replace(plans[2], cap=Decimal(500))
        assert [award.amount for award in compute(deals, plans).awards] == [900]

    @pytest.mark.parametrize(
        ("before", "after", "earned"),
        [
            # what lapsed under a lower cap stays lapsed
            ({"cap": 500}, {"cap": 2000}, [500, 900]),
            # a cap that is new counts what was paid without one
            ({}, {"cap": 1500}, [900, 600]),
            ({"cap_period": "quarter"}, {"cap": 1000}, [900, 100]),
            ({"cap": 500}, {"cap": 600, "cap_period": "quarter"}, [500, 100]),
            # what a threshold withheld is paid once it is passed
            ({"threshold": 1000}, {"threshold": 1500}, [0, 1800]),
            ({"floor": 1000}, {}, [1000, 900]),
        ],
    )
    def test_limits_that_change_within_their_period(self, before, after, earned):
        plans = {
            number: plan(
                replace(self.three, id=number),
                id=number,
                **{
                    name: value if name == "cap_period" else Decimal(value)
                    for name, value in limits.items()
                },
            )
            for number, limits in ((1, before), (2, after))
        }
        deals = [credit(3000, day(3)), credit(3000, day(20), plan_id=2)]
        found = dict.fromkeys((deal.id for deal in deals), 0)
        for award in compute(deals, plans).awards:
            found[award.credit_id] += award.amount
        assert list(found.values()) == earned

    @pytest.mark.parametrize(
        ("method", "earned"),
        [("recompute", [0, 900]), ("reverse", [0, 300]), ("prorata", [450, 300])],
    )
    def test_a_deal_that_is_lost_leaves_the_rest_as_the_method_says(
        self, method, earned
    ):
        lost = credit(3000, day(3), reversed_on=day(18))
        terms = {"clawback_method": method, "clawback_days": 30}
        deals = [lost, credit(3000, day(20))]
        assert amounts(deals, self.three, cap=Decimal(1200), **terms) == earned

    def test_a_holdback_is_of_what_is_left(self):
        held = replace(self.three, holdback_percent=Decimal(10))
        awards = pay([credit(50000)], held, cap=Decimal(9000))
        assert [award.amount for award in awards] == [9000, -900, 900]

    def test_an_estimate_knows_what_the_month_has_used_up(self):
        plans = {1: plan(self.three, cap=Decimal(9000))}
        forecast = Forecast([credit(25000, day(3))], plans)
        outcome = forecast.compute([credit(10000, day(20))], explain=True)
        assert [award.amount for award in outcome.awards] == [1500]
        assert not outcome.refusals

    def test_the_scope_of_a_plan_is_its_period(self):
        capped = plan(self.three, cap=Decimal(1), cap_period="quarter")
        assert plan_window(capped, day(9)) == (day(1), date(2025, 3, 31))
        assert plan_window(plan(self.three), day(9)) is None

    @given(
        st.lists(st.tuples(st.integers(-500, 2000), st.integers(1, 28)), max_size=8),
        st.integers(1, 400),
        st.integers(0, 400),
    )
    def test_the_sum_is_the_limited_sum_whatever_the_order(self, sales, floor, more):
        limits = {"floor": Decimal(floor), "cap": Decimal(floor + more)}
        deals = [credit(amount, day(number)) for amount, number in sales]
        earned = sum(amounts(deals, self.three))
        limited = sum(amounts(deals, self.three, **limits))
        if earned > 0:
            assert limited == min(max(earned, limits["floor"]), limits["cap"])
        else:
            assert limited == max(earned, -limits["cap"])
        assert sum(amounts(deals[::-1], self.three, **limits)) == limited


class TestTwoCurrencies:
    """A person's period under plans in two currencies: each looks at its own money."""

    EURO, DOLLAR = 7, 8

    def plans(self, *rules, euro=None, dollar=None):
        """Plan 1 in euro and plan 2 in dollar, with the same rules."""
        return {
            number: plan(
                *(replace(each, id=10 * number + each.id) for each in rules),
                id=number,
                currency=currency,
                **(limits or {}),
            )
            for number, currency, limits in (
                (1, self.EURO, euro),
                (2, self.DOLLAR, dollar),
            )
        }

    def euros(self, amount, number):
        """Sold for euros, worth two dollars each on the day."""
        return credit(amount, day(number), worth={self.DOLLAR: Decimal(2)})

    def dollars(self, amount, number):
        """Sold for dollars after the move, worth half a euro each."""
        worth = {self.EURO: Decimal("0.5")}
        return credit(amount, day(number), plan_id=2, worth=worth)

    def earned(self, deals, plans):
        found = dict.fromkeys((deal.id for deal in deals), Decimal(0))
        for award in compute(deals, plans).awards:
            found[award.credit_id] += award.amount
        return list(found.values())

    def test_a_cap_holds_for_the_person_in_the_money_of_the_plan(self):
        plans = self.plans(
            rule(rate=10),
            euro={"cap": Decimal(1000)},
            dollar={"cap": Decimal(1500)},
        )
        deals = [self.euros(6000, 3), self.dollars(4000, 20), self.euros(6000, 25)]
        # 600 euro are 1,200 dollar: 300 dollar are left, then 1,000 - 750 euro
        assert self.earned(deals, plans) == [600, 300, 250]
        [_first, second, _third] = compute(deals, plans).awards
        assert "with 1,200.00 of it paid in another currency" in explain_award(
            second.trace
        )

    def test_floor_and_threshold_count_both(self):
        plans = self.plans(rule(rate=10), dollar={"threshold": Decimal(1500)})
        deals = [self.euros(6000, 3), self.dollars(4000, 20)]
        # with or without limits of its own: 1,200 dollar were paid before
        assert self.earned(deals, plans) == [600, 400]
        plans = self.plans(
            rule(rate=10),
            euro={"floor": Decimal(1)},
            dollar={"threshold": Decimal(1500)},
        )
        assert self.earned(deals, plans) == [600, 400]
        plans = self.plans(
            rule(rate=10),
            euro={"floor": Decimal(700)},
            dollar={"floor": Decimal(2000)},
        )
        assert self.earned(deals, plans) == [700, 600]

    def test_brackets_count_what_was_sold_before_in_the_money_of_the_plan(self):
        tiered = rule(
            tier_mode="marginal",
            tier_measure="cumulative",
            tier_period="month",
            tiers=tiers((0, 1), (10000, 5)),
        )
        plans = self.plans(tiered)
        deals = [self.euros(4000, 3), self.dollars(4000, 20)]
        # from 8,000 dollar to 12,000
        assert self.earned(deals, plans) == [40, 20 + 100]

    def test_what_is_not_limited_stays_to_the_cent(self):
        plans = self.plans(
            rule(rate=10), euro={"cap": Decimal(10**6)}, dollar={"cap": Decimal(10**6)}
        )
        deals = [
            credit(amount, day(number), worth={self.DOLLAR: Decimal("1.0837")})
            for number, amount in enumerate(("100.05", "33.33", "0.15"), start=1)
        ]
        worth = {self.EURO: Decimal(1) / Decimal("1.0837")}
        deals += [credit("77.75", day(9), plan_id=2, worth=worth)]
        alone = [Decimal(text) for text in ("10.01", "3.33", "0.02", "7.78")]
        assert self.earned(deals, plans) == alone

    def test_an_estimate_knows_it_too(self):
        plans = self.plans(rule(rate=10), euro={"cap": Decimal(1000)})
        plans[2] = replace(plans[2], cap=Decimal(1500))
        deal = self.dollars(4000, 20)
        forecast = Forecast([self.euros(6000, 3)], plans)
        [award] = forecast.compute([deal]).awards
        assert award.amount == 300
        tiered = rule(
            tier_mode="marginal",
            tier_measure="cumulative",
            tier_period="month",
            tiers=tiers((0, 1), (10000, 5)),
        )
        forecast = Forecast([self.euros(4000, 3)], self.plans(tiered))
        [award] = forecast.compute([deal]).awards
        assert award.amount == 120


class TestAttainment:
    """R33 and R34: attainment of money collected or invoiced; of the team, the branch."""

    def tiered(self, **values):
        values.setdefault("tier_measure", "attainment")
        return rule(
            tier_mode="whole",
            tier_period="month",
            tiers=tiers((0, 1), (100, 2)),
            tier_boundary="upper",
            **values,
        )

    @pytest.mark.parametrize(
        ("measure", "event_type"),
        [("collected", "payment_received"), ("invoiced", "invoice_posted")],
    )
    def test_of_documents(self, measure, event_type):
        by = self.tiered(target_measure=measure)
        counted = credit(5000, day(9), event_type=event_type)
        deal = credit(1000, day(3))
        targets = {(1, measure, START): Decimal(5000)}
        assert amounts([deal, counted], by, targets=targets) == [20, 0]
        assert amounts([deal], by, targets=targets) == [10]

    def test_of_margins(self):
        by = self.tiered(target_measure="margin", event_type="invoice_posted")
        invoice = credit(
            1000, event_type="invoice_posted", facts=facts(margin=300, untaxed=1000)
        )
        for target, earned in ((300, 20), (301, 10)):
            targets = {(1, "margin", START): Decimal(target)}
            assert amounts([invoice], by, targets=targets) == [earned]

    def test_r34_everybody_by_the_attainment_of_the_team(self):
        by = self.tiered(tier_measure="team_attainment")
        deals = [
            credit(4000, day(3), team_id=7),
            credit(8000, day(9), team_id=7, employee_id=2),
            credit(9000, day(9), team_id=8, employee_id=3),
        ]
        targets = {
            (("team", team), "won_amount", START): Decimal(10000) for team in (7, 8)
        }
        assert amounts(deals, by, targets=targets) == [80, 160, 90]
        own = replace(by, role="manager", manager_level=1)
        manager = credit(4000, day(3), team_id=7, role="manager", manager_level=1)
        assert amounts([*deals[1:], manager], own, targets=targets)[-1] == 40
        assert amounts([*deals, manager], own, targets=targets)[-1] == 80

    def test_of_the_branch(self):
        by = self.tiered(tier_measure="branch_attainment")
        deals = [credit(4000, company_id=2), credit(6000, company_id=2, employee_id=2)]
        targets = {(("company", 2), "won_amount", START): Decimal(10000)}
        assert amounts(deals, by, targets=targets) == [80, 120]


def test_every_new_reason_reads_as_a_sentence():
    late = {"days": 45, "collected_within": 30, "collected_from": "due"}
    assert explain_refusal("collected_late", late) == (
        "It was collected 45 days after the due date; the rule pays what is collected "
        "within 30 days."
    )
    assert explain_refusal("below_threshold", {"limit": "600", "period": "month"}) == (
        "The month earned less than the 600 from which the plan pays."
    )


class TestOnceInAPeriod:
    """R18: paid once, on the event that reaches the bracket."""

    bonus = rule(
        amount_type="fixed",
        once=True,
        tier_mode="whole",
        tier_measure="attainment",
        tier_period="year",
        tiers=tiers((100, 1000)),
        tier_boundary="upper",
    )
    targets = {(1, "won_amount", START): Decimal(10000)}

    @pytest.mark.parametrize(
        ("sales", "earned"),
        [
            ((4000, 5999), (0, 0)),
            ((4000, 5999, 1, 5000), (0, 0, 1000, 0)),
            ((10000, 5000), (1000, 0)),
            ((9000, 2000, -5000), (0, 0, 0)),
        ],
    )
    def test_the_day_it_is_reached(self, sales, earned):
        deals = [
            credit(amount, day(1, month)) for month, amount in enumerate(sales, start=1)
        ]
        assert amounts(deals, self.bonus, targets=self.targets) == list(earned)

    def test_the_refund_of_the_deal_that_reached_it_gives_it_back(self):
        by_count = replace(
            self.bonus,
            tier_mode="marginal",
            tier_measure="won_count",
            tiers=tiers((1, 9)),
        )
        first, other = (credit(1000, day(each), lead_id=each) for each in (1, 2))
        given_back = replace(refund(first), quantity=-first.quantity)
        assert amounts([first, other, given_back], by_count) == [9, 0, -9]
        assert amounts([first, refund(other)], by_count) == [9, 0]

    def test_why_not(self):
        deals = [credit(4000, day(1)), credit(9000, day(2)), credit(1, day(3))]
        assert reasons(deals, self.bonus, targets=self.targets) == ["not_first"] * 2
        assert reasons(deals[:1], self.bonus, targets=self.targets) == [
            "below_first_tier"
        ]
        assert reasons(deals[:1], self.bonus) == ["no_target"]


@pytest.mark.parametrize(
    ("lost", "kept"),
    [
        (date(2025, 1, 20), 0),
        (date(2025, 2, 14), 0),
        (date(2025, 2, 15), 100),
        (date(2025, 5, 14), 300),
        (date(2025, 10, 15), 900),
    ],
)
def test_r39_clawback_by_calendar_months(lost, kept):
    deal = credit(9000, day(15), reversed_on=lost)
    limits = {"clawback_months": 9, "clawback_method": "prorata"}
    assert amounts([deal], rule(rate=10), **limits) == [kept]
    all_or_nothing = {"clawback_months": 9, "clawback_method": "reverse"}
    assert amounts([deal], rule(rate=10), **all_or_nothing) == [
        900 if kept == 900 else 0
    ]


def test_months_end_with_the_last_day_of_a_shorter_month():
    assert months_between(date(2025, 1, 31), date(2025, 2, 28)) == 1
    assert months_between(date(2025, 1, 31), date(2025, 2, 27)) == 0
    assert months_between(date(2025, 3, 1), date(2025, 1, 1)) == 0
