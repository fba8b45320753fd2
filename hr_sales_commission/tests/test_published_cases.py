# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What vendors and manuals publish, through plans as the form writes them."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time, tagged

from .maven import PUBLISHED, MavenCompany, read_csv
from .plan_form import PlanFormCommon

#: a few rows of our own in the same layout, for where the published ones are not
TIER_SAMPLE = Path(__file__).parent / "data" / "tier_sample"


@dataclass
class Pay:
    """Deals of one salesperson under one rule.

    :param rule: values of the rule, in the order of the form
    :param deals: (amount, expected pay) or (amount, expected pay, day)
    :param plan: values of the plan
    """

    name: str
    rule: dict
    deals: list
    plan: dict = field(default_factory=dict)


def tiers(mode, *rows, **rule):
    return {"tier_mode": mode, **rule, "tiers": rows}


def cumulative(mode, period, *rows, **rule):
    return tiers(mode, *rows, tier_measure="cumulative", tier_period=period, **rule)


def counted(mode, measure, period, *rows, **rule):
    return tiers(mode, *rows, tier_measure=measure, tier_period=period, **rule)


ORACLE = [(0, 1), (1000, 2), (3000, 3), (8000, 5)]
SPIFF = [(0, 4), (150000, 6), (250000, 8)]
MYTIME = [(0, 25), (500, 30), (3000, 40)]
STEPS = [(0, 1), (10000, 2), (20000, 4)]

TIER_CASES = [
    Pay(
        "W1 per transaction",
        tiers("marginal", *ORACLE),
        [(200, 2), (300, 3), (1500, 20), (1200, 14), (2000, 30), (4500, 95)],
    ),
    Pay(
        "W1 cumulated over the quarter",
        cumulative("marginal", "quarter", *ORACLE),
        [(200, 2), (300, 3), (1500, 25), (1200, 26), (2000, 60), (4500, 169)],
    ),
    Pay(
        "W1 cumulated, over the end of a month",
        cumulative("marginal", "quarter", *ORACLE),
        [(5200, 116, "2026-01-31"), (4500, 169, "2026-03-31"), (500, 5, "2026-04-01")],
    ),
    Pay(
        "W4",
        tiers("marginal", (0, 1), (1000, 2), (5000, 3)),
        [(2500, 40)],
    ),
    Pay(
        "W5",
        cumulative("marginal", "month", *SPIFF),
        [(145000, 5800), (20000, 1100)],
    ),
    Pay(
        "W6 marginal",
        cumulative("marginal", "year", (0, 5), (200000, 8)),
        [(300000, 18000)],
    ),
    Pay(
        "W6 whole amount",
        cumulative("whole", "year", (0, 5), (200000, 8)),
        [(300000, 24000)],
    ),
    Pay(
        "W6 whole amount, also on what came before",
        cumulative("whole", "year", (0, 5), (200000, 8)),
        [(100000, 8000, "2026-01-10"), (200000, 16000, "2026-11-10")],
    ),
    Pay(
        "W9 the lower bracket",
        cumulative("whole", "year", (0, 1.75), (1500000, 2.5)),
        [(1500000, 26250)],
        {"tier_boundary": "lower"},
    ),
    Pay(
        "W9 the upper bracket",
        cumulative("whole", "year", (0, 1.75), (1500000, 2.5)),
        [(1500000, 37500)],
        {"tier_boundary": "upper"},
    ),
    Pay(
        "W9 a cent above",
        cumulative("whole", "year", (0, 1.75), (1500000, 2.5)),
        [(1500000.01, 37500)],
    ),
    Pay(
        "W11",
        tiers("marginal", *MYTIME),
        [(400, 100), (100, 25), (1500, 425), (5000, 1675)],
    ),
    Pay(
        "whole amount of each sale",
        tiers("whole", *MYTIME),
        [(400, 100), (500, 125), (500.01, 150), (5000, 2000)],
    ),
    Pay(
        "whole amount of each sale, upper bracket",
        tiers("whole", *MYTIME),
        [(499.99, 125), (500, 150), (3000, 1200)],
        {"tier_boundary": "upper"},
    ),
    Pay(
        "interpolated within each sale",
        tiers("interpolated", (0, 1), (10000, 2), (20000, 4)),
        [(5000, 75), (10000, 200), (15000, 450), (30000, 1200)],
    ),
    Pay(
        "nothing below the first bracket",
        cumulative("marginal", "month", (1000, 5), (5000, 10)),
        [(900, 0), (200, 5), (3900, 195), (1000, 100)],
    ),
    Pay(
        "a threshold that pays from the first unit of money",
        cumulative("whole", "month", (1000, 5)),
        [(900, 45), (200, 10)],
    ),
    Pay(
        "months are separate",
        cumulative("marginal", "month", (0, 1), (1000, 2)),
        [(1000, 10, "2026-01-31"), (1000, 10, "2026-02-01"), (500, 10, "2026-02-28")],
    ),
    Pay(
        "years are separate",
        cumulative("marginal", "year", (0, 1), (1000, 2)),
        [(1500, 20, "2025-12-31"), (1500, 20, "2026-01-01")],
    ),
    Pay(
        "falling rates",
        cumulative("marginal", "month", (0, 10), (1000, 5)),
        [(800, 80), (400, 30)],
    ),
    Pay(
        "by number of deals, all at the rate reached",
        counted("whole", "won_count", "month", (0, 1), (3, 2)),
        [(1000, 10), (1000, 10), (1000, 10)],
    ),
    Pay(
        "by number of deals, beyond the bound",
        counted("whole", "won_count", "month", (0, 1), (3, 2)),
        [(1000, 20), (1000, 20), (1000, 20), (1000, 20)],
    ),
    Pay(
        "by number of deals, upper bracket",
        counted("whole", "won_count", "month", (0, 1), (3, 2)),
        [(1000, 20), (1000, 20), (1000, 20)],
        {"tier_boundary": "upper"},
    ),
    Pay(
        "each further deal at a higher rate",
        counted("marginal", "won_count", "month", (0, 1), (2, 3)),
        [(1000, 10), (1000, 10), (1000, 30), (2000, 60)],
    ),
    Pay(
        "so much per deal, more from the eleventh on",
        counted(
            "marginal", "won_count", "month", (0, 100), (2, 150), amount_type="fixed"
        ),
        [(10, 100), (20, 100), (30, 150), (40, 150)],
    ),
    Pay(
        "so much per deal by the number reached",
        counted("whole", "won_count", "month", (0, 100), (2, 150), amount_type="fixed"),
        [(10, 150), (20, 150), (30, 150)],
    ),
    Pay(
        "so much per deal by its size",
        tiers("whole", (0, 50), (1000, 200), amount_type="fixed"),
        [(900, 50), (1000, 50), (1001, 200)],
    ),
]

LIMIT_CASES = [
    Pay("cap per deal", {"rate": 10, "cap": 100}, [(500, 50), (5000, 100)]),
    Pay("floor per deal", {"rate": 10, "floor": 30}, [(100, 30), (500, 50)]),
    Pay(
        "cap per month",
        {"rate": 10, "cap": 100, "cap_period": "month"},
        [(600, 60), (600, 40), (600, 0), (600, 60, "2026-02-01")],
    ),
    Pay(
        "cap per quarter",
        {"rate": 10, "cap": 100, "cap_period": "quarter"},
        [(600, 60), (600, 40, "2026-03-31"), (600, 60, "2026-04-01")],
    ),
    Pay(
        "cap per year",
        {"rate": 10, "cap": 100, "cap_period": "year"},
        [(600, 60), (600, 40, "2026-12-31"), (600, 60, "2027-01-01")],
    ),
    Pay(
        "floor per month",
        {"rate": 10, "floor": 100, "cap_period": "month"},
        [(300, 100), (300, 0), (600, 20)],
    ),
    Pay(
        "floor and cap per month",
        {"rate": 10, "cap": 110, "floor": 100, "cap_period": "month"},
        [(300, 100), (300, 0), (600, 10)],
    ),
    Pay(
        "cap on tiers",
        cumulative("marginal", "month", (0, 5), (1000, 10), cap=80, cap_period="month"),
        [(1000, 50), (500, 30)],
    ),
    Pay(
        "smallest deal that pays",
        {"min_amount": 500, "rate": 10},
        [(499.99, 0), (500, 50)],
    ),
    Pay(
        "first deal of the month only",
        {
            "once": True,
            "amount_type": "fixed",
            "amount": 300,
            "tier_period": "month",
        },
        [(100, 300), (200, 0), (300, 300, "2026-02-01")],
    ),
]

SPIFF_DATES = {"date_start": "2026-01-10", "date_end": "2026-01-20"}
SPIFF_CASES = [
    Pay(
        "dated SPIFF, every time",
        {"amount_type": "fixed", "amount": 250, "is_bonus": True, **SPIFF_DATES},
        [(100, 0, "2026-01-09"), (100, 250, "2026-01-10"), (100, 250, "2026-01-20")]
        + [(100, 0, "2026-01-21")],
    ),
    Pay(
        "dated SPIFF, once",
        {
            "once": True,
            "amount_type": "fixed",
            "amount": 250,
            "is_bonus": True,
            **SPIFF_DATES,
        },
        [(100, 0, "2026-01-09"), (100, 250, "2026-01-10"), (100, 0, "2026-01-20")],
    ),
]


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestPublishedCases(PlanFormCommon):
    def _check(self, cases):
        for pay in cases:
            with self.case(pay.name):
                self._write_plan([pay.rule], **pay.plan)
                deals = [
                    (deal[0], deal[2] if len(deal) > 2 else number)
                    for number, deal in enumerate(pay.deals, start=5)
                ]
                leads = self._win(deals)
                expected = [float(deal[1]) for deal in pay.deals]
                self.assertEqual(self._paid(leads), expected)
                self.assertLedgerExact(leads)

    def test_tiers(self):
        self._check(TIER_CASES)

    def test_limits(self):
        self._check(LIMIT_CASES)

    def test_dated_bonus(self):
        self._check(SPIFF_CASES)

    def test_w4_explanation_shows_the_slices(self):
        self._write_plan([tiers("marginal", (0, 1), (1000, 2), (5000, 3))])
        line = self._lines(self._win([(2500, 5)]))
        self.assertEqual((line.amount, line.rate, line.base), (40, 1.6, 2500))
        slices = [
            (part["amount"], part["rate"], part["pay"]) for part in line.trace["slices"]
        ]
        self.assertEqual(slices, [("1000", "1", "10"), ("1500", "2", "30")])
        for text in ("1,000.00", "1 %", "1,500.00", "2 %"):
            self.assertIn(text, line.explanation.replace("\N{NO-BREAK SPACE}", " "))

    def test_w5_blended_rate(self):
        self._write_plan([cumulative("marginal", "month", *SPIFF)])
        line = self._lines(self._win([(145000, 5), (20000, 6)])[1])
        self.assertEqual((line.amount, line.rate), (1100, 5.5))

    # ------------------------------------------------------------------
    # Conversion rate, qualified leads, attainment
    # ------------------------------------------------------------------

    def _qualify(self, number, day="2026-01-05", source="marketing", **vals):
        leads = self.env["crm.lead"].create(
            [
                self._lead_vals(
                    self.sales_north, 1000, source, date_qualified=day, **vals
                )
                for _number in range(number)
            ]
        )
        self._process()
        return leads

    def test_marketing_rate_rises_with_the_conversion_rate(self):
        """The article: what signed deals pay depends on how many leads were won."""
        table = [(0, 1), (20, 2), (50, 4)]
        for won, expected in ((1, 10), (2, 10), (3, 20), (5, 20), (6, 40)):
            with self.case("conversion", won=won):
                self._write_plan(
                    [
                        {
                            "role": "marketing",
                            **counted("whole", "conversion_rate", "month", *table),
                        }
                    ]
                )
                leads = self._qualify(10)
                leads[:won].write(
                    {
                        "stage_id": self.stage_won.id,
                        "date_won": "2026-01-20",
                        "won_amount": 1000,
                    }
                )
                self._process()
                self.assertEqual(
                    self._paid(leads[:won], self.marketer), [float(expected)] * won
                )

    def test_rate_by_number_of_qualified_leads(self):
        self._write_plan(
            [
                {
                    "role": "marketing",
                    **counted("whole", "qualified_count", "month", (0, 1), (4, 3)),
                }
            ]
        )
        leads = self._qualify(4)
        leads[0].write(
            {
                "stage_id": self.stage_won.id,
                "date_won": "2026-01-20",
                "won_amount": 1000,
            }
        )
        self._process()
        self.assertEqual(self._paid(leads[0], self.marketer), [10])
        leads += self._qualify(1)
        self.assertEqual(self._paid(leads[0], self.marketer), [30])

    def test_bounty_rises_with_the_number_of_leads(self):
        self._write_plan(
            [
                {
                    "event_type": "lead_qualified",
                    "role": "marketing",
                    "amount_type": "fixed",
                    **counted("marginal", "qualified_count", "month", (0, 50), (2, 80)),
                }
            ]
        )
        self.assertEqual(self._paid(self._qualify(4)), [50, 50, 80, 80])

    def _set_target(self, amount, measure="won_amount", **vals):
        self.env["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "measure": measure,
                "period": "quarter",
                "date_from": "2026-01-01",
                "amount": amount,
                **vals,
            }
        )

    def test_attainment(self):
        """5 % to 80 % of the target, 7 % to 100 %, 10 % above."""
        table = [(0, 5), (80, 7), (100, 10)]
        deals = [(80000, 5), (20000, "2026-02-05"), (20000, "2026-03-31")]
        for mode, expected in (
            ("marginal", [4000, 1400, 2000]),
            ("whole", [8000, 2000, 2000]),
        ):
            with self.case(mode):
                self._write_plan([counted(mode, "attainment", "quarter", *table)])
                self._set_target(100000)
                self.assertEqual(self._paid(self._win(deals)), expected)

    def test_attainment_without_a_target_is_zero(self):
        table = [(50, 5)], [(0, 1), (50, 5)]
        for rows, expected in zip(table, (0, 10), strict=True):
            with self.case("no target", rows=rows):
                self._write_plan([counted("whole", "attainment", "quarter", *rows)])
                leads = self._win([(1000, 5)])
                self.assertEqual(self._paid(leads), [expected])
                if not expected:
                    refusal = self._events(leads)._explain().refusals[0]
                    self.assertEqual(refusal.reason, "no_target")

    def test_attainment_by_number_of_deals(self):
        self._write_plan(
            [
                counted(
                    "whole",
                    "attainment",
                    "quarter",
                    (0, 1),
                    (100, 3),
                    target_measure="won_count",
                )
            ],
            tier_boundary="upper",
        )
        self._set_target(2, "won_count")
        leads = self._win([(1000, 5)])
        self.assertEqual(self._paid(leads), [10])
        leads += self._win([(1000, 6)])
        self.assertEqual(self._paid(leads), [30, 30])

    def test_quarterly_bonus_by_attainment_in_a_straight_line(self):
        """50 % of the target pays nothing, 100 % the whole bonus of 5,000."""
        self._write_plan(
            [
                {
                    "once": True,
                    "amount_type": "fixed",
                    **counted(
                        "interpolated", "attainment", "quarter", (50, 0), (100, 5000)
                    ),
                    "is_bonus": True,
                }
            ]
        )
        self._set_target(100000)
        leads = self._win([(40000, 5), (35000, "2026-02-10")])
        self.assertEqual(self._paid(leads), [2500, 0])
        leads += self._win([(45000, "2026-03-10")])
        # dated on the deal that reached the bracket
        self.assertEqual(self._paid(leads), [0, 0, 5000])

    # ------------------------------------------------------------------
    # Shares, overrides, bonus
    # ------------------------------------------------------------------

    def _share(self, lead, role="sales", **percents):
        lead.commission_share_ids = [
            Command.create(
                {"employee_id": getattr(self, name).id, "role": role, "percent": part}
            )
            for name, part in percents.items()
        ]

    def test_w24_developer_and_closer(self):
        developer, closer = self.sales_south, self.sales_north
        self._write_plan(
            [
                {
                    "event_type": "lead_qualified",
                    "role": "marketing",
                    "amount_type": "fixed",
                    "amount": 50,
                },
                {"rate": 2, "employee_ids": developer},
                {"rate": 10, "employee_ids": closer},
            ]
        )
        lead = self._lead_open(
            closer,
            100000,
            "marketing",
            marketer=developer,
            date_qualified="2026-01-05",
        )
        self._share(lead, sales_south=15, sales_north=85)
        lead.write(
            {
                "stage_id": self.stage_won.id,
                "date_won": "2026-01-20",
                "won_amount": 100000,
            }
        )
        self._process()
        self.assertEqual(self._paid(lead, developer), [350])
        self.assertEqual(self._paid(lead, closer), [8500])

    def test_w26_credit_of_two(self):
        self._write_plan([{"rate": 10}])
        lead = self._lead_open(self.sales_north, 1000)
        self._share(lead, sales_north=50, team_manager=50)
        lead.stage_id = self.stage_won
        self._process()
        credits = self.env["hr.commission.credit"].search([("lead_id", "=", lead.id)])
        self.assertEqual(
            sorted(
                credits.mapped(lambda credit: (credit.employee_id.name, credit.amount))
            ),
            [("sales_north", 500), ("team_manager", 500)],
        )
        self.assertEqual(sum(credits.mapped("share")), 1)

    def test_three_shares_sum_to_the_whole(self):
        self._write_plan([{"rate": 10}, {"amount_type": "fixed", "amount": 100}])
        lead = self._lead_open(self.sales_north, 1000.01)
        self._share(lead, sales_north=33.33, team_manager=33.33, manager_north=33.34)
        lead.stage_id = self.stage_won
        self._process()
        lines = self._lines(lead)
        self.assertAlmostEqual(sum(lines.mapped("base")), 2 * 1000.01, 2)
        fixed = lines.filtered(lambda line: line.rule_id.name == "Rule 2")
        self.assertEqual(sorted(fixed.mapped("amount")), [33.33, 33.33, 33.34])

    def _team_of_five(self):
        return [
            self._create_person(f"seller_{number}", self.north, boss=self.team_manager)
            for number in range(5)
        ]

    def test_w27_manager_override(self):
        self._write_plan(
            [{"rate": 10}, {"role": "manager", "manager_level": 1, "rate": 3}]
        )
        amounts = [75000, 60000, 67500, 52500, 45000]
        leads = self.env["crm.lead"].union(
            *(
                self._win([(amount, 5)], person)
                for person, amount in zip(self._team_of_five(), amounts, strict=True)
            )
        )
        self.assertEqual(
            self._paid(leads, rule="Rule 1"), [7500, 6000, 6750, 5250, 4500]
        )
        override = self._paid(leads, self.team_manager)
        self.assertEqual(override, [2250, 1800, 2025, 1575, 1350])
        self.assertEqual(sum(override), 9000)

    def test_the_managers_manager(self):
        self._write_plan(
            [
                {"role": "manager", "manager_level": 1, "rate": 3},
                {"role": "manager", "manager_level": 2, "rate": 1},
            ]
        )
        leads = self._win([(10000, 5)])
        self.assertEqual(self._paid(leads, self.team_manager), [300])
        self.assertEqual(self._paid(leads, self.manager_north), [100])
        self.assertEqual(self._paid(leads, self.officer_hq), [0])

    def test_managers_earn_what_those_below_have_left(self):
        """Of a shared deal each manager from the own people only; lost, all is taken back."""
        above = {"role": "manager", "is_differential": True}
        second = self._create_person("second", self.north, boss=self.manager_north)
        plan = self._write_plan(
            [
                {"rate": 6, "employee_ids": self.sales_north},
                {"rate": 11, "employee_ids": second},
                {**above, "rate": 10, "manager_level": 1},
                {**above, "rate": 12, "manager_level": 2},
            ]
        )
        lead = self._lead_open(self.sales_north, 10_000, "marketing")
        lead.commission_share_ids = [
            Command.create(
                {"employee_id": employee.id, "role": "sales", "percent": percent}
            )
            for employee, percent in ((self.sales_north, 60), (second, 40))
        ]
        lead.stage_id = self.stage_won
        self._process()
        self.assertLines(
            lead,
            [
                (self.sales_north, "Rule 1", 360, "draft"),
                (second, "Rule 2", 440, "draft"),
                (self.team_manager, "Rule 3", 240, "draft"),
                (self.manager_north, "Rule 4", 120, "draft"),
                (self.officer_hq, "Rule 4", 40, "draft"),
            ],
        )
        [line] = self._lines(lead).filtered(lambda line: line.rule_id.name == "Rule 3")
        self.assertIn("360.00 that the people below earned", line.explanation)
        wizard = self._as(self.manager_north)["hr.commission.explanation"].create(
            {"lead_id": lead.id}
        )
        self.assertIn("The people below earned", wizard.explanation)
        sentence = plan.rule_ids[2].sentence
        self.assertIn("less what the people below earn on it", sentence)
        lead.stage_id = self.stage_new
        self._process()
        self.assertEqual(sum(self._lines(lead).mapped("amount")), 0)

    def test_named_employees_and_branches(self):
        self._write_plan(
            [
                {"rate": 5, "employee_ids": self.sales_north},
                {"rate": 7, "branch_ids": self.south + self.south_a},
                {"rate": 1, "domain": "[('expected_revenue', '>', 1500)]"},
            ]
        )
        for employee, amount, expected in (
            (self.sales_north, 1000, 50),
            (self.team_manager, 1000, 0),
            (self.sales_south, 1000, 70),
            (self.sales_south_a, 2000, 160),
        ):
            with self.subTest(employee.name):
                self.assertEqual(
                    self._paid(self._win([(amount, 5)], employee)), [expected]
                )

    def test_tag_and_team_conditions(self):
        tag = self.env["crm.tag"].create({"name": "Strategic"})
        team = self.env["crm.team"].create({"name": "Key", "company_id": False})
        self._write_plan(
            [
                {"rate": 1, "domain": f"[('tag_ids', 'in', [{tag.id}])]"},
                {"rate": 2, "domain": f"[('team_id', '=', {team.id})]"},
            ]
        )
        leads = self._win([(1000, 5)], tag_ids=[Command.set(tag.ids)])
        leads += self._win([(1000, 5)], team_id=team.id)
        leads += self._win([(1000, 5)])
        self.assertEqual(self._paid(leads), [10, 20, 0])

    def test_w29_orders_of_ten_units(self):
        """Any event with a quantity; a deal counts as one."""
        self._write_plan(
            [
                {
                    "amount_type": "fixed",
                    "amount": 250,
                    "date_start": "2026-01-01",
                    "date_end": "2026-12-31",
                }
            ],
            activate=False,
        )
        plan = self.env["hr.commission.plan"].search([("name", "=", "As Written")])
        plan.rule_ids.min_quantity = 10
        plan.action_activate()
        leads = self._win([(900, 5), (900, 6), (900, "2025-12-31")])
        facts = [
            lead._prepare_fact(
                "deal_won", self.north, date=lead.date_won, amount=900, touched=True
            )
            for lead in leads
        ]
        for fact, quantity in zip(facts, (10, 9, 12), strict=True):
            fact["quantity"] = quantity
        self.env["hr.commission.event"]._capture(facts)
        self._process()
        self.assertEqual(self._paid(leads), [250, 0, 0])

    # ------------------------------------------------------------------
    # Holdback, clawback
    # ------------------------------------------------------------------

    def test_holdback_is_released_later(self):
        self._write_plan(
            [{"rate": 10, "holdback_percent": 20, "holdback_days": 60}],
            payout="immediate",
        )
        lines = self._lines(self._win([(1000, 5)]))
        self.assertEqual(
            [
                (line.kind, line.amount, str(line.date_due))
                for line in lines.sorted(lambda line: (line.date_due, line.amount))
            ],
            [
                ("holdback", -20, "2026-01-05"),
                ("commission", 100, "2026-01-05"),
                ("release", 20, "2026-03-06"),
            ],
        )

    def test_w35_half_is_clawed_back(self):
        """Out after half of the year that the commission was for."""
        self._write_plan([{"rate": 10}], clawback_method="prorata", clawback_days=360)
        with freeze_time("2026-01-05 12:00:00"):
            lead = self._win([(100000, 5)])
            earned = self._lines(lead)
            self.assertEqual(earned.amount, 10000)
            earned.action_approve()
        with freeze_time("2026-07-04 12:00:00"):
            lead.stage_id = self.stage_new
            self._process()
        clawback = self._lines(lead) - earned
        self.assertEqual(
            (clawback.kind, clawback.amount, str(clawback.date), clawback.lead_id),
            ("clawback", -5000, "2026-07-04", lead),
        )
        self.assertEqual(clawback.origin_line_id, earned)
        self.assertIn("5,000.00", clawback.explanation)

    def test_clawback_methods(self):
        """10,000 and 5,000 at 1 % to 10,000 and 2 % above; the first one is lost."""
        rule = cumulative("marginal", "quarter", (0, 1), (10000, 2))
        for method, days, lost_on, expected in (
            ("recompute", 0, "2026-03-31", [0, 50]),
            ("recompute", 30, "2026-02-04", [0, 50]),
            ("recompute", 30, "2026-02-05", [100, 100]),
            ("reverse", 0, "2026-03-31", [0, 100]),
            ("reverse", 30, "2026-02-05", [100, 100]),
            ("prorata", 30, "2026-01-20", [50, 100]),
            ("prorata", 30, "2026-01-05", [0, 100]),
            ("prorata", 30, "2026-02-05", [100, 100]),
        ):
            with self.case(method, days=days, lost_on=lost_on):
                self._write_plan([rule], clawback_method=method, clawback_days=days)
                leads = self._win([(10000, 5), (5000, 6)])
                self.assertEqual(self._paid(leads), [100, 100])
                self._lines(leads).action_approve()
                with freeze_time(f"{lost_on} 12:00:00"):
                    leads[0].stage_id = self.stage_new
                    self._process()
                self.assertEqual(self._paid(leads), expected)
                self.assertLedgerExact(leads)

    # ------------------------------------------------------------------
    # The reference policy
    # ------------------------------------------------------------------

    def _write_reference_plan(self):
        return self._write_plan(
            [
                {
                    "name": "MKT_LEAD",
                    "event_type": "lead_qualified",
                    "role": "marketing",
                    "commission_source": "marketing",
                    "amount_type": "fixed",
                    "amount": 100,
                },
                {
                    "name": "MKT_DEAL",
                    "role": "marketing",
                    "commission_source": "marketing",
                    "rate": 2,
                },
                {"name": "SAL_MKT", "commission_source": "marketing", "rate": 3},
                {
                    "name": "SAL_SYN",
                    "commission_source": "marketing",
                    "rate": 1,
                    "is_bonus": True,
                    "payout": "working_days",
                    "payout_days": 7,
                },
                {"name": "SAL_OWN", "commission_source": "own", "rate": 5},
                {"name": "REF_SAL", "commission_source": "referral", "rate": 3},
                {
                    "name": "REF_MKT",
                    "role": "marketing",
                    "commission_source": "referral",
                    "rate": 1,
                },
            ]
        )

    def test_w47_w48_hundred_leads_fifty_deals(self):
        self._write_reference_plan()
        leads = self._qualify(100)
        leads[:50].write(
            {
                "stage_id": self.stage_won.id,
                "date_won": "2026-01-20",
                "won_amount": 10000,
            }
        )
        self._process()
        totals = {
            rule: sum(self._paid(leads, rule=rule))
            for rule in ("MKT_LEAD", "MKT_DEAL", "SAL_MKT", "SAL_SYN")
        }
        self.assertEqual(
            totals,
            {"MKT_LEAD": 10000, "MKT_DEAL": 10000, "SAL_MKT": 15000, "SAL_SYN": 5000},
        )
        self.assertEqual(sum(self._paid(leads, self.marketer)), 20000)
        bonus = self._lines(leads, "bonus")
        # seven working days after Tuesday, 20 January 2026
        self.assertEqual(
            {(line.rule_id.name, str(line.date_due)) for line in bonus},
            {("SAL_SYN", "2026-01-29")},
        )

    def test_w49_own_and_referral(self):
        self._write_reference_plan()
        own = self._win([(10000, 5)])
        self.assertLines(own, [(self.sales_north, "SAL_OWN", 500, "draft")])
        referral = self._win([(10000, 5)], source="referral")
        self.assertLines(
            referral,
            [
                (self.sales_north, "REF_SAL", 300, "draft"),
                (self.marketer, "REF_MKT", 100, "draft"),
            ],
        )

    def test_w49_unverified_own_customer_waits(self):
        self._write_reference_plan()
        lead = self._win([(10000, 5)], verified=False)
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 500, "held")])
        lead.action_verify_source()
        self._process()
        self.assertLines(lead, [(self.sales_north, "SAL_OWN", 500, "draft")])


@tagged("post_install", "-at_install", "commission_long")
class TestPublishedPipeline(TransactionCase):
    """A year of deals under tiers: 3 % to 50,000, 4 % to 100,000, 5 % above."""

    def test_published_pipeline(self):
        published = PUBLISHED / "leads_own.csv"
        folder = PUBLISHED if published.exists() else TIER_SAMPLE
        self._check_totals(folder)

    def test_own_sample(self):
        self._check_totals(TIER_SAMPLE)

    def _check_totals(self, folder):
        rows = read_csv(folder / "leads_own.csv")
        won = [row for row in rows if row["stage"] == "won"]
        won.sort(key=lambda row: (row["closed"], row["id"]))
        company = MavenCompany(self.env, won)
        self._activate_tier_plan(company.headquarters)
        leads = company.import_rows(won)
        self.env["hr.commission.event"]._process()
        self.assertEqual(
            self._totals(leads),
            {
                (row["employee"], row["period"]): (
                    int(row["lines"]),
                    float(row["base"]),
                    float(row["amount"]),
                )
                for row in read_csv(folder / "expected" / "tiers_marginal_totals.csv")
            },
        )

    def _activate_tier_plan(self, company):
        self.env["hr.commission.plan"].create(
            {
                "name": "Tiers",
                "company_id": company.id,
                "date_start": "2015-01-01",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "SAL_TIER",
                            "tier_mode": "marginal",
                            "tier_measure": "cumulative",
                            "tier_period": "month",
                            "tier_ids": [
                                Command.create({"from_value": start, "rate": rate})
                                for start, rate in ((0, 3), (50000, 4), (100000, 5))
                            ],
                        }
                    )
                ],
            }
        ).action_activate()

    def _totals(self, leads):
        """Return slices, base and amount by employee and month."""
        sums = defaultdict(lambda: [0, 0.0, 0.0])
        lines = self.env["hr.commission.line"].search([("lead_id", "in", leads.ids)])
        for line in lines:
            row = sums[line.employee_id.name, line.date.strftime("%Y-%m")]
            row[0] += len(line.trace["slices"])
            row[1] += line.base
            row[2] += line.amount
        return {
            key: (slices, round(base, 2), round(amount, 2))
            for key, (slices, base, amount) in sums.items()
        }
