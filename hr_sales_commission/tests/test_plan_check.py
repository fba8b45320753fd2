# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tests import Form, freeze_time, tagged

from .plan_form import PlanFormCommon

BY_COUNT = {"tier_measure": "won_count", "tier_period": "month"}
CONTEST = {"event_type": "target_scored", "role": "scored", "amount_type": "fixed"} | {
    "tier_measure": "team_place",
    "tier_period": "month",
}
OWN = {"commission_source": "own"}


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestPlanCheck(PlanFormCommon):
    """What human resources are told before a plan is put in force."""

    def _draft(self, *rules, **vals):
        """Draft a plan, all at once: that it can be typed in is seen elsewhere."""
        Plan = self._as(self.officer_hq, *self.branches)["hr.commission.plan"]
        lines = [
            Command.create({"name": f"Rule {number}", **self._as_stored(rule)})
            for number, rule in enumerate(rules, start=1)
        ]
        plan = Plan.create(
            {
                "name": "As Written",
                "date_start": "2020-01-02",
                "rule_ids": lines,
                **self._as_stored(vals),
            }
        )
        return self.env["hr.commission.plan"].browse(plan.id)

    def _type(self, *rules, **vals):
        """Draft a plan in its form, where one choice brings others along."""
        return self._write_plan(rules, activate=False, **vals)

    @staticmethod
    def _as_stored(values):
        """Return values as they are created with; ``tiers`` are pairs (from, rate)."""
        stored = {}
        for name, value in values.items():
            if name == "tiers":
                stored["tier_ids"] = [
                    Command.create({"from_value": start, "rate": rate})
                    for start, rate in value
                ]
            elif name in ("employee_ids", "branch_ids"):
                stored[name] = [Command.set(value.ids)]
            else:
                stored[name] = getattr(value, "id", value)
        return stored

    def assertError(self, plan, text):
        self.assertIn(text, plan.check_errors or "")
        with self.assertRaisesRegex(UserError, "cannot be put in force"):
            plan.action_activate()
        self.assertEqual(plan.state, "draft")

    def assertWarned(self, plan, *texts):
        for text in texts:
            self.assertIn(text, plan.check_warnings or "")
        if not texts:
            self.assertFalse(plan.check_warnings)
        plan.action_activate()
        self.assertEqual(plan.state, "active")

    def test_nothing_to_say(self):
        plan = self._draft(
            {"commission_source": "marketing", "rate": 3},
            {"commission_source": "own", "rate": 5},
            {"commission_source": "marketing", "rate": 1, "is_bonus": True},
            date_start="2020-01-02",
        )
        self.assertFalse(plan.check_errors)
        self.assertWarned(plan)

    def test_what_is_said_of_taking_back_and_never_holds(self):
        for settings, final, text in (
            (
                {"clawback_days": 90, "clawback_method": "none"},
                False,
                "lost deal count",
            ),
            ({"clawback_method": "none"}, True, "one of the two is enough"),
            ({"clawback_months": 9}, True, "Every rule is never taken back"),
            (
                {"clawback_method": "none", "leaver_debt": "lapse"},
                False,
                "nobody ever owes",
            ),
        ):
            with self.case(text):
                self.assertWarned(
                    self._draft({"rate": 2, "is_final": final}, **settings), text
                )
        with self.case("holdback"):
            held = {"rate": 2, "holdback_percent": 20, "is_final": True}
            self.assertWarned(self._draft(held), "the holdback only pays later")
        with self.case("advance"):
            lent = {"draw_amount": 500, "draw_prorata": False, "leaver_debt": "lapse"}
            self.assertWarned(self._draft({"rate": 2}, **lent), "joins for a day")

    def test_scores_that_cannot_pay(self):
        score = {"event_type": "target_scored", "tiers": [(0, 1000)]}
        for change, text in (
            (
                {"event_type": "deal_won", "role": "scored", "rate": 5, "tiers": []},
                "who earns on nothing else",
            ),
            ({"role": "sales"}, "who earns on nothing else"),
            (
                {"tier_mode": "whole", "tier_measure": "cumulative"},
                "on settled targets the brackets",
            ),
            ({"amount_type": "percent", "tiers": [(50, 5)]}, "a percentage of nothing"),
            (
                {"date_start": "2026-05-02", "date_end": "2026-05-30"},
                "none is within its dates",
            ),
            (
                {"tier_period": "quarter", "season_from": 1, "season_to": 2},
                "ends within its months",
            ),
            (
                {"tier_period": "year", "season_from": 1, "season_to": 11},
                "ends within its months",
            ),
        ):
            with self.case(text, change=change):
                self.assertError(self._type({**score, **change}), text)
        for change, text in (  # which the form does not offer
            ({"commission_source": "own"}, "asks for “Customer Source”"),
            ({"min_amount": 100}, "a score has no deal"),
        ):
            with self.case(text, change=change):
                plan = self._type(score)
                plan.rule_ids.write(change)
                self.assertError(plan, text)

    def test_target_bonuses_that_cannot_pay(self):
        bonus = {"base": "bonus", "tier_period": "month"}
        for change in (
            {"target_measure": "score"},
            {"target_measure": "weighted"},
            {"target_measure": "conversion_rate"},
            {"target_measure": "qualified_count"},
            {"event_type": "lead_qualified", "target_measure": "won_count"},
        ):
            with self.case(change):
                values = {"event_type": "deal_won", **bonus, **change}
                self.assertError(self._type(values), "is no part of")
        for change, text in (
            ({"tier_mode": "proportional"}, "for its part of the target already"),
            ({"tier_period": "year"}, "there is no such target yet"),
        ):
            with self.case(text):
                self.assertWarned(self._type({**bonus, **change}), text)
        target = self.env["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "amount": 100,
                "date_from": "2026-05-01",
            }
        )
        with self.case("no bonus"):
            self.assertWarned(self._type(bonus), "no such target has one")
        target.bonus = 10
        plan = self._type({**bonus, "tiers": [(100, 150)]})
        self.assertFalse(plan.check_errors)
        self.assertNotIn("more than the whole", plan.check_warnings or "")
        for changes in ({"tier_mode": "none"}, {"tier_measure": "team_attainment"}):
            with self.case(changes), self.assertRaisesRegex(UserError, "target bonus"):
                plan.rule_ids.write(changes)

    def test_odd_scores(self):
        score = {"event_type": "target_scored", "tiers": [(0, 1000)]}
        for change, text in (
            ({}, "twice its amount"),
            ({"once": True, "cap": 1500}, "a period has one score"),
            ({"amount_type": "unit"}, "a score is one: choose an amount"),
            (
                {"holdback_percent": 20, "holdback_until": "accepted"},
                "a score has no customer",
            ),
            ({"tier_period": "year"}, "there is no such target yet"),
            ({"cap": 999}, "never pays its amount: the cap is lower"),
            ({"employee_ids": self.sales_north}, "none of whom has such a target"),
            (
                {
                    "event_type": "deal_won",
                    "amount_type": "fixed",
                    "tier_mode": "proportional",
                    "tier_measure": "attainment",
                    "tier_period": "month",
                },
                "for every event of a period",
            ),
        ):
            with self.case(text, change=change):
                values = {**score, **change}
                values["tiers"] = values.pop("tiers")  # once the form shows them
                self.assertWarned(self._type(values), text)
        plan = self._type({**score, "cap": 1500})
        self.assertNotIn("Choose “Once”", plan.check_warnings)
        self.assertNotIn("verified", plan.rule_ids.sentence)

    def test_no_rule(self):
        self.assertError(self._draft(), "no rule")

    def test_a_rule_that_can_never_match(self):
        plan = self._draft(
            {"rate": 1, "date_start": "2019-01-01", "date_end": "2019-12-31"}
        )
        self.assertError(plan, "“Rule 1” can never pay")

    def test_two_plans_on_the_same_days(self):
        self._write_plan([{"rate": 1}], name="The One")
        self.assertError(
            self._draft({"rate": 2}), "“The One” holds in the same company"
        )

    def test_a_plan_for_chosen_employees_may_overlap(self):
        self._write_plan([{"rate": 1}])
        plan = self._draft({"rate": 1}, is_personal=True)
        self.assertWarned(plan, "no employee record names it")

    def test_a_branch_may_have_its_own(self):
        self._write_plan([{"rate": 1}])
        plan = self._create_plan(
            {"R": {"rate": 2}}, active=False, company_id=self.north.id
        )
        self.assertWarned(plan)

    def test_gap_between_plans(self):
        first = self._write_plan([{"rate": 1}], name="First")
        first.write({"state": "closed", "date_end": "2026-03-31"})
        plan = self._draft({"rate": 2}, date_start="2026-04-03")
        self.assertWarned(plan, "No plan of this company holds between")

    def test_no_gap_after_a_plan_that_is_still_open(self):
        first = self._write_plan([{"rate": 1}], name="First")
        first.write({"state": "closed", "date_end": "2026-03-31"})
        second = self._write_plan([{"rate": 2}], name="Next", date_start="2026-04-01")
        second.action_change()
        self.assertWarned(second.next_ids)

    def test_the_next_version_leaves_no_gap(self):
        first = self._write_plan([{"rate": 1}])
        first.action_change()
        self.assertWarned(first.next_ids)
        self.assertEqual(
            (first.state, str(first.date_end), str(first.next_ids.date_start)),
            ("active", "2026-05-31", "2026-06-01"),
        )

    def test_paid_twice(self):
        for second, is_twice in (
            ({"rate": 2}, True),
            ({"rate": 2, **OWN}, True),
            ({"rate": 2, "is_bonus": True}, False),
            ({"rate": 2, "role": "marketing"}, False),
            ({"rate": 2, "employee_ids": self.sales_south}, False),
            ({"rate": 2, "domain": "[('expected_revenue', '>', 9)]"}, False),
        ):
            with self.case("twice", second=second):
                plan = self._draft({"rate": 1, **OWN}, second)
                found = "add up" in (plan.check_warnings or "")
                self.assertEqual(found, is_twice, plan.check_warnings)

    def test_paid_one_after_the_other(self):
        plan = self._draft(
            {"rate": 1, "date_end": "2026-03-31"},
            {"rate": 2, "date_start": "2026-04-01"},
        )
        self.assertWarned(plan)

    def test_falling_rates(self):
        tiers = {"tier_mode": "whole", "tiers": [(0, 10), (12, 5)]}
        plan = self._draft({**tiers, "tier_measure": "customer_months"})
        self.assertNotIn("fall as the measure rises", plan.check_warnings or "")
        for rates, falls in (((1, 2, 3), False), ((1, 3, 2), True), ((2, 2), False)):
            with self.case("rates", rates=rates):
                tiers = [(1000 * number, rate) for number, rate in enumerate(rates)]
                plan = self._draft({"tier_mode": "marginal", "tiers": tiers})
                found = "fall as the measure rises" in (plan.check_warnings or "")
                self.assertEqual(found, falls)

    def test_rules_that_pay_nothing(self):
        self.assertWarned(self._draft({}), "“Rule 1” pays nothing")

    def test_percentage_of_a_lead(self):
        plan = self._draft({"event_type": "lead_qualified", "rate": 2})
        self.assertWarned(plan, "which has no amount yet")

    def test_marketing_without_marketers(self):
        self.marketer.commission_role = "none"
        plan = self._draft({"role": "marketing", "rate": 2})
        self.assertWarned(plan, "no employee has the commission role")

    def test_own_customers_without_verification(self):
        plan = self._draft({"rate": 5, "requires_verification": False, **OWN})
        self.assertWarned(plan, "without waiting for their source")

    # ------------------------------------------------------------------
    # Frozen plans
    # ------------------------------------------------------------------

    def test_a_plan_in_force_is_frozen(self):
        plan = self._write_plan(
            [{"tier_mode": "marginal", "tiers": [(0, 1), (100, 2)]}]
        )
        rule, tier = plan.rule_ids, plan.rule_ids.tier_ids[:1]
        for change in (
            lambda: plan.write({"name": "Other"}),
            lambda: plan.write({"clawback_days": 5}),
            lambda: plan.write({"rule_ids": [Command.create({"name": "New"})]}),
            lambda: plan.write({"state": "draft"}),
            lambda: rule.write({"rate": 9}),
            lambda: rule.unlink(),
            lambda: tier.write({"rate": 9}),
            lambda: tier.unlink(),
            lambda: tier.copy({"from_value": 50}),
            lambda: rule.copy(),
            lambda: plan.unlink(),
        ):
            with self.subTest(), self.assertRaises(UserError):
                change()
        self.assertEqual(rule.tier_ids.mapped("rate"), [1, 2])

    def test_only_officers_write_plans(self):
        plan = self._draft({"rate": 1})
        for employee in (self.sales_north, self.team_manager, self.manager_north):
            mine = plan.with_env(self._as(employee))
            with self.subTest(employee.name), self.assertRaises(AccessError):
                mine.name = "Mine"

    def test_nothing_is_evaluated_as_code(self):
        plan = self._draft({"rate": 1})
        for text in (
            "__import__('os').getcwd()",
            "[('id', '=', 1 + 1)]",
            "[('id', '=', uid)]",
            "[('no_such_field', '=', 1)]",
            "rate * 2",
            "[(",
        ):
            with self.subTest(text), self.assertRaises(ValidationError):
                plan.rule_ids.domain = text
            with (
                self.subTest(text, field="qualified"),
                self.assertRaises(ValidationError),
            ):
                plan.qualification_domain = text

    def test_tiers_need_rows_and_periods(self):
        for rule in (
            {"tier_mode": "marginal"},
            {"tier_mode": "whole", "tier_measure": "cumulative", "tiers": [(0, 1)]},
        ):
            with self.case("rule", rule=rule), self.assertRaises(ValidationError):
                self._draft(rule)

    # ------------------------------------------------------------------
    # The form as a tool
    # ------------------------------------------------------------------

    def test_bands_are_drawn_as_text(self):
        plan = self._draft(
            {"tier_mode": "marginal", "tiers": [(0, 3), (50000, 4.5), (100000, 5)]}
        )
        self.assertEqual(
            plan.rule_ids.tier_summary,
            "0 – 50,000: 3 %\n50,000 – 100,000: 4.5 %\n100,000 – ∞: 5 %",
        )

    def test_examples_before_saving(self):
        form = Form(self._as(self.officer_hq, *self.branches)["hr.commission.plan"])
        form.name = "Draft"
        with form.rule_ids.new() as rule:
            rule.name = "Tiers"
            rule.tier_mode = "marginal"
            for start, rate in ((0, 3), (50000, 4)):
                with rule.tier_ids.new() as tier:
                    tier.from_value = start
                    tier.rate = rate
        with form.rule_ids.new() as rule:
            rule.name = "Referral"
            rule.commission_source = "referral"
            rule.rate = 1
        form.example_amount = 60000
        self.assertIn("1,900.00", form.example_result)
        self.assertIn("Tiers", form.example_result)
        self.assertIn("Referral", form.example_result)
        self.assertNotIn("600.00", form.example_result)
        form.example_source = "referral"
        self.assertIn("600.00", form.example_result)
        form.example_amount = 10
        self.assertIn("0.30", form.example_result)

    def test_ready_made_plans(self):
        templates = self.env["hr.commission.plan"].search([("is_template", "=", True)])
        self.assertGreaterEqual(len(templates), 5)
        env = self._as(self.officer_hq, *self.branches)
        for template in templates:
            with self.case(template.name):
                action = template.with_env(env).action_use_template()
                plan = env["hr.commission.plan"].browse(action["res_id"])
                self.assertEqual(
                    (plan.name, plan.company_id, plan.state, plan.is_template),
                    (template.name, self.hq.with_env(env), "draft", False),
                )
                self.assertEqual(len(plan.rule_ids), len(template.rule_ids))
                plan.action_activate()
                self.assertEqual(plan.state, "active")

    BROKEN = (
        # what is wrong, values of the plan, of its rules, a piece of the sentence
        (
            "lead amount",
            {},
            [{"event_type": "lead_qualified", "min_amount": 5}],
            "no amount",
        ),
        ("no bracket pays", {}, [{"tiers": [(0, 0), (9, 0)]}], "every bracket"),
        ("floor above cap", {"cap": 5}, [{"rate": 1, "floor": 9}], "above the cap"),
        (
            "source that the condition excludes",
            {},
            [
                {
                    "rate": 1,
                    "commission_source": "own",
                    "domain": "[('commission_source', '=', 'marketing')]",
                }
            ],
            "exclude every customer",
        ),
        (
            "condition that contradicts itself",
            {},
            [
                {
                    "rate": 1,
                    "domain": "[('need_fit', '=', 'full'), ('need_fit', '=', 'none')]",
                }
            ],
            "exclude every customer",
        ),
        (
            "no lead can qualify",
            {
                "qualification_domain": "[('need_fit', '=', 'full'),"
                " ('need_fit', '=', 'none')]"
            },
            [{"event_type": "lead_qualified", "amount_type": "fixed", "amount": 5}],
            "contradicts itself",
        ),
        (
            "bounds that exclude each other",
            {},
            [
                {
                    "rate": 1,
                    "domain": "[('expected_revenue', '>', 100),"
                    " ('expected_revenue', '<', 50)]",
                }
            ],
            "exclude every customer",
        ),
        (
            "bounds that leave nothing between them",
            {},
            [
                {
                    "rate": 1,
                    "domain": "[('probability', '>=', 50), ('probability', '<', 50)]",
                }
            ],
            "exclude every customer",
        ),
        (
            "won and lost",
            {},
            [{"rate": 1, "domain": "[('won_status', '=', 'lost')]"}],
            "exclude every customer",
        ),
        ("more than everything", {}, [{"rate": 150}], "more than the whole"),
        (
            "a bracket above everything",
            {},
            [{"tiers": [(0, 5), (1000, 500)]}],
            "500 %, more than the whole",
        ),
        (
            "days before the event",
            {},
            [{"rate": 1, "payout": "days", "payout_days": -3}],
            "before its event",
        ),
        (
            "threshold above all caps",
            {"threshold": 500, "cap_period": "month"},
            [{"rate": 1, "cap": 200, "cap_period": "month"}],
            "can never pay: the caps",
        ),
        (
            "a season outside the days",
            {"date_end": "2030-08-31"},
            [{"rate": 1, "date_start": "2030-06-01", "season_from": 2, "season_to": 5}],
            "its months of the year lie outside its dates",
        ),
    )
    DOUBTFUL = (
        (
            "conversion above 100 %",
            {},
            [
                {
                    "tiers": [(0, 1), (120, 2)],
                    "tier_measure": "conversion_rate",
                    "tier_period": "month",
                }
            ],
            "from 120 % is never reached",
        ),
        (
            "fractions for percent",
            {},
            [
                {
                    "tiers": [(0, 1), (0.8, 2), (1, 3)],
                    "tier_measure": "attainment",
                    "tier_period": "month",
                }
            ],
            "Write 80 for 80 %",
        ),
        (
            "amounts for percent",
            {},
            [
                {
                    "tiers": [(0, 1), (50000, 2)],
                    "tier_measure": "attainment",
                    "tier_period": "month",
                }
            ],
            "looks like an amount",
        ),
        ("a rate as a fraction", {}, [{"rate": 0.05}], "Write 5 for 5 %"),
        ("a first bracket above 0", {}, [{"tiers": [(100, 1)]}], "nothing below"),
        (
            "a bracket behind the cap",
            {},
            [
                {
                    "tiers": [(0, 5), (10000, 10)],
                    "tier_mode": "marginal",
                    "cap": 400,
                }
            ],
            "the cap is reached before",
        ),
        (
            "the least event pays the cap",
            {},
            [{"rate": 10, "min_amount": 5000, "cap": 500}],
            "pays its cap",
        ),
        (
            "an amount above its cap",
            {},
            [{"amount_type": "fixed", "amount": 50, "cap": 20}],
            "never pays its amount",
        ),
        (
            "everything held back",
            {},
            [{"rate": 1, "holdback_percent": 100}],
            "holds everything back",
        ),
        (
            "window shorter than payout",
            {"clawback_days": 30, "payout": "days", "payout_days": 90},
            [{"rate": 1}],
            "nothing that was paid ever is",
        ),
        (
            "holdback shorter than window",
            {"clawback_days": 180},
            [{"rate": 1, "holdback_percent": 20, "holdback_days": 30}],
            "releases its holdback after 30 days",
        ),
        (
            "managers nobody has",
            {},
            [{"rate": 1, "role": "manager", "manager_level": 9}],
            "nobody of the company has so many above",
        ),
        (
            "guarantee above the cap",
            {"cap": 100, "cap_period": "month", "guaranteed_minimum": 200},
            [{"rate": 1}],
            "above the cap of the month",
        ),
        (
            "cap above all caps",
            {"cap": 900, "cap_period": "month"},
            [{"rate": 1, "cap": 200, "cap_period": "month"}],
            "is never reached: its rules allow",
        ),
        (
            "recovery without draw",
            {"draw_recovery_max": 50},
            [{"rate": 1}],
            "limits a draw, and there is none",
        ),
        (
            "more than the draw",
            {"draw_amount": 100, "draw_ramp": "150, 50"},
            [{"rate": 1}],
            "more than the draw in some months",
        ),
        (
            "months shorter than payout",
            {"clawback_months": 1, "payout": "days", "payout_days": 90},
            [{"rate": 1}],
            "nothing that was paid ever is",
        ),
        ("a plan of the past", {"date_end": "2021-12-31"}, [{"rate": 1}], "ended on"),
        ("two units", {}, [{"rate": 1, "min_quantity": 2}], "one unit"),
        (
            "rule's cap in vain",
            {"cap": 5, "cap_period": "event"},
            [{"rate": 1, "cap": 9}],
            "never reached",
        ),
        (
            "holdback of no days",
            {},
            [{"rate": 1, "holdback_percent": 5, "holdback_days": 0}],
            "on the same day",
        ),
        (
            "a line to nowhere",
            {},
            [{"tiers": [(0, 1)], "tier_mode": "interpolated"}],
            "one bracket",
        ),
        ("rate and brackets", {}, [{"rate": 1, "tiers": [(0, 1)]}], "brackets decide"),
        (
            "prorata without end",
            {"clawback_method": "prorata"},
            [{"rate": 1}],
            "needs a window",
        ),
        ("no days", {"payout": "working_days"}, [{"rate": 1}], "the day itself"),
        (
            "guarantee as high as the draw",
            {"draw_amount": 5, "guaranteed_minimum": 5},
            [{"rate": 1}],
            "nothing is ever advanced",
        ),
        ("ramp of nothing", {"draw_ramp": "100, 50"}, [{"rate": 1}], "no draw"),
        ("all qualified", {"qualification_domain": "[]"}, [{"rate": 1}], "Every lead"),
        (
            "no target",
            {},
            [{"tiers": [(0, 1)], "tier_measure": "attainment", "tier_period": "month"}],
            "no such target",
        ),
        (
            "no target of the team",
            {},
            [
                {
                    "tiers": [(0, 1)],
                    "tier_measure": "team_attainment",
                    "tier_period": "month",
                }
            ],
            "no such target",
        ),
        (
            "years overlap",
            {},
            [
                {"rate": 7, "customer_months_to": 13},
                {"rate": 2, "customer_months_from": 12},
            ],
            "overlap from 12",
        ),
        (
            "two windows of a clawback",
            {"clawback_days": 30, "clawback_months": 3},
            [{"rate": 1}],
            "its 30 days count for nothing",
        ),
        ("no cap to carry", {"cap_excess": "carry"}, [{"rate": 1}], "there is no cap"),
        (
            "working days of whole months",
            {"draw_working_days": True, "draw_prorata": False, "draw_amount": 5},
            [{"rate": 1}],
            "every month pays the whole",
        ),
        (
            "released before it is earned",
            {},
            [
                {
                    "rate": 1,
                    "holdback_percent": 5,
                    "holdback_until": "date",
                    "holdback_date": "2019-12-31",
                }
            ],
            "which is over when it begins",
        ),
        (
            "a floor above the amount",
            {},
            [{"amount_type": "fixed", "amount": 5, "floor": 9}],
            "the floor is higher",
        ),
        (
            "units of a deal",
            {},
            [{"amount_type": "unit", "amount": 5}],
            "pays per unit",
        ),
        (
            "a cap above the plan's",
            {"cap": 500, "cap_period": "month"},
            [{"rate": 5, "cap": 800, "cap_period": "event"}, {"rate": 1}],
            "the plan as a whole pays",
        ),
        (
            "marketing on customers that sales found",
            {},
            [{"rate": 5, "role": "marketing", **OWN}],
            "pays whoever brought the customer",
        ),
        (
            "a rule before its plan",
            {},
            [{"rate": 1, "date_start": "2010-01-01"}],
            "remove its first day",
        ),
        (
            "a rule after its plan",
            {"date_end": "2031-01-31"},
            [{"rate": 1, "date_end": "2032-01-01"}],
            "remove its last day",
        ),
        (
            "a plan of the next century",
            {"date_start": "2126-01-01"},
            [{"rate": 1}],
            "is the year right",
        ),
        (
            "ten years of protection",
            {"protection_days": 9000},
            [{"rate": 1}],
            "more than ten years",
        ),
        (
            "ten years of clawback",
            {"clawback_days": 9000},
            [{"rate": 1}],
            "more than ten years",
        ),
        (
            "no protection at all",
            {"protection_days": 0, "own_verification": "proof"},
            [{"rate": 1}],
            "no days of protection",
        ),
        (
            "a decay that hardly decays",
            {
                "attribution": "decay",
                "attribution_half_life": 900,
                "protection_days": 90,
            },
            [{"rate": 1, "role": "marketing"}],
            "Shorten the half-life",
        ),
        (
            "paid ten years after leaving",
            {},
            [{"rate": 1, "is_leaver_limited": True, "leaver_days": 9000}],
            "ten years after leaving",
        ),
        (
            "a schedule beside a window",
            {"clawback_days": 30, "clawback_schedule": "100, 50"},
            [{"rate": 1}],
            "by the percentages of the months",
        ),
        (
            "a schedule the wrong way round",
            {"clawback_schedule": "25, 50, 100"},
            [{"rate": 1}],
            "gives more back",
        ),
        (
            "a schedule of nothing",
            {"clawback_schedule": "0, 0"},
            [{"rate": 1}],
            "takes nothing back in any month",
        ),
        (
            "a holdback before the rest",
            {"payout": "days", "payout_days": 120},
            [{"rate": 1, "holdback_percent": 5, "holdback_days": 30}],
            "nothing is held back",
        ),
        (
            "a lead that nobody accepts",
            {},
            [
                {
                    "event_type": "lead_qualified",
                    "amount_type": "fixed",
                    "amount": 5,
                    "holdback_percent": 5,
                    "holdback_until": "accepted",
                }
            ],
            "anything to accept",
        ),
        (
            "a tag that nobody has",
            {},
            [{"rate": 1, "domain": "[('tag_ids.name', '=', 'No such tag')]"}],
            "can pay nothing yet",
        ),
        (
            "a zero too much",
            {},
            [{"rate": 1, "min_amount": 9_000_000}],
            "Is a zero too much",
        ),
        (
            "a bracket with a zero too much",
            {},
            [{"tiers": [(0, 1), (9_000_000, 2)]}],
            "Is a zero too much",
        ),
        (
            "a bonus twice",
            {},
            [{"rate": 1, "is_bonus": True}, {"rate": 1, "is_bonus": True}],
            "paid twice",
        ),
        (
            "nobody below",
            {},
            [{"role": "manager", "is_differential": True, "rate": 5}],
            "pays its whole rate",
        ),
        (
            "nothing left for the manager",
            {},
            [{"rate": 7}, {"role": "manager", "is_differential": True, "rate": 5}],
            "the manager gets nothing",
        ),
        (
            "a month that is not taken off",
            {},
            [
                {"rate": 3, "cap": 900, "cap_period": "month"},
                {"role": "manager", "is_differential": True, "rate": 5},
            ],
            "does not take it off",
        ),
        (
            "slices of an average",
            {},
            [
                {
                    "tiers": [(0, 1), (30, 2)],
                    "tier_mode": "marginal",
                    "tier_measure": "conversion_rate",
                    "tier_period": "month",
                }
            ],
            "has no slices",
        ),
        ("brackets of one rate", {}, [{"tiers": [(0, 5), (9, 5)]}], "all pay the same"),
        (
            "a bonus for every deal",
            {},
            [
                {
                    "amount_type": "fixed",
                    "tiers": [(0, 0), (100, 1000)],
                    "tier_measure": "attainment",
                    "tier_period": "quarter",
                }
            ],
            "for every event of a period",
        ),
        (
            "a bracket below the least event",
            {},
            [{"tiers": [(0, 1), (1000, 2)], "min_amount": 5000}],
            "nobody reaches it",
        ),
        (
            "cap and floor of a rule",
            {},
            [{"rate": 1, "cap": 100, "floor": 100}],
            "its cap is its floor",
        ),
        (
            "a cap above the amount",
            {},
            [{"amount_type": "fixed", "amount": 10, "cap": 100}],
            "an event pays",
        ),
        (
            "an amount above the plan's cap",
            {"cap": 20},
            [{"amount_type": "fixed", "amount": 50}],
            "Raise that cap",
        ),
        (
            "days without terms",
            {},
            [{"rate": 1, "payout_days": 30}],
            "not from when on",
        ),
        (
            "a season of all months",
            {},
            [{"rate": 1, "season_to": 12}],
            "the whole year",
        ),
        (
            "recovery of a gift",
            {"draw_amount": 9, "is_draw_recoverable": False, "draw_recovery_max": 5},
            [{"rate": 1}],
            "let the draw be recovered",
        ),
        (
            "two gifts",
            {"draw_amount": 9, "is_draw_recoverable": False, "guaranteed_minimum": 5},
            [{"rate": 1}],
            "remove one of the two",
        ),
        (
            "cap and floor of the plan",
            {"cap": 100, "floor": 100},
            [{"rate": 1}],
            "the cap of the plan is its floor",
        ),
        (
            "a ramp of zeros",
            {"draw_amount": 9, "draw_ramp": "0, 0"},
            [{"rate": 1}],
            "advances nothing in any month",
        ),
        (
            "attribution without marketing",
            {"attribution": "decay"},
            [{"rate": 1}],
            "no rule pays marketing",
        ),
        (
            "a threshold above every amount",
            {"threshold": 100, "cap_period": "event"},
            [{"amount_type": "fixed", "amount": 10}],
            "An event pays",
        ),
        (
            "small months above the cap",
            {"cap": 100, "payout_minimum": 150},
            [{"rate": 1}],
            "waits until people leave",
        ),
        (
            "chosen employees whom nobody chose",
            {"is_personal": True},
            [{"rate": 1}],
            "pays nobody yet",
        ),
        (
            "the second wins more than the first",
            {},
            [CONTEST | {"tiers": [(1, 100), (2, 300), (3, 0)]}],
            "a later place more",
        ),
        (
            "a contest without an end",
            {},
            [CONTEST | {"tiers": [(1, 300), (2, 0)]}],
            "until then it pays nothing",
        ),
        (
            "the score that multiplies is the score that pays",
            {},
            [
                CONTEST
                | {"tier_measure": "attainment", "target_measure": "score"}
                | {"tiers": [(0, 300)], "score_period": "month"}
            ],
            "counts twice",
        ),
        (
            "a score that nobody has",
            {},
            [{"rate": 1, "score_period": "quarter"}],
            "nobody has a target for one yet",
        ),
        (
            "percentages of no score",
            {},
            [{"rate": 1, "score_max": 120}],
            "is multiplied by none",
        ),
        (
            "a number that looks like money",
            {},
            [{"tiers": [(0, 1), (50000, 2)], **BY_COUNT}],
            "looks like another unit",
        ),
        (
            "half a deal",
            {},
            [{"tiers": [(0, 1), (1.5, 2)], **BY_COUNT}],
            "is a whole number",
        ),
        (
            "months written as days",
            {},
            [{"tiers": [(0, 1), (730, 2)], "tier_measure": "tenure_months"}],
            "looks like another unit",
        ),
        (
            "amounts of leads",
            {},
            [
                {
                    "tiers": [(0, 10), (1000, 20)],
                    "event_type": "lead_qualified",
                    "amount_type": "fixed",
                }
            ],
            "a lead has no amount yet",
        ),
        (
            "a bracket behind the customer's months",
            {},
            [
                {
                    "tiers": [(0, 10), (24, 5)],
                    "tier_measure": "customer_months",
                    "customer_months_to": 12,
                }
            ],
            "ends with month 12",
        ),
        (
            "customer's days written as months",
            {},
            [{"rate": 1, "customer_months_from": 730}],
            "that looks like days",
        ),
        (
            "a contest that everybody wins",
            {},
            [CONTEST | {"tiers": [(1, 500), (2, 100)]}],
            "every place from 2 on",
        ),
        (
            "a place before the first",
            {},
            [CONTEST | {"tiers": [(0, 500), (3, 0)]}],
            "before the first place",
        ),
        (
            "a score as a fraction",
            {},
            [{"rate": 1, "score_period": "month", "score_max": 1.2}],
            "Write 120 for 120 %",
        ),
        (
            "a score that always counts the same",
            {},
            [{"rate": 1, "score_period": "month", "score_min": 90, "score_max": 90}],
            "whatever it is",
        ),
        (
            "paid in ten years",
            {},
            [{"rate": 1, "payout": "days", "payout_days": 4000}],
            "more than 10 years",
        ),
        (
            "held back for years",
            {},
            [{"rate": 1, "holdback_percent": 10, "holdback_days": 2000}],
            "more than 5 years",
        ),
        (
            "a floor below the threshold",
            {"floor": 100, "threshold": 200, "cap_period": "month"},
            [{"rate": 1}],
            "never counts",
        ),
        (
            "weeks without a rule",
            {},
            [
                {"rate": 1, "date_end": "2030-01-31"},
                {"rate": 1, "date_start": "2030-02-15"},
            ],
            "nobody is paid from 02/01/2030 to 02/14/2030",
        ),
        (
            "seasons that overlap",
            {},
            [
                {"rate": 1, "season_to": 6},
                {"rate": 2, "season_from": 6, "season_to": 9},
            ],
            "both pay in month 6",
        ),
        (
            "a year's brackets for a month",
            {"date_start": "2030-01-01", "date_end": "2030-01-31"},
            [{"tiers": [(0, 1), (9, 2)], **BY_COUNT, "tier_period": "year"}],
            "Choose a shorter one",
        ),
        (
            "more than the sale",
            {},
            [{"rate": 60}, {"rate": 50, "role": "manager"}],
            "pay 110 % of one sale together, if",
        ),
        (
            "a gap between years",
            {},
            [
                {"rate": 7, "customer_months_to": 12},
                {"rate": 2, "customer_months_from": 24},
            ],
            "from 12 to 24",
        ),
    )

    def _write_broken(self, vals, rules):
        values = {}
        for number, rule in enumerate(rules, start=1):
            brackets = rule.get("tiers", ())
            values[f"Rule {number}"] = {
                "tier_mode": "whole" if brackets else "none",
                **{name: value for name, value in rule.items() if name != "tiers"},
                "tier_ids": [
                    Command.create({"from_value": start, "rate": rate})
                    for start, rate in brackets
                ],
            }
        return self._create_plan(values, active=False, **vals)

    def test_a_sentence_is_written_as_its_language_writes_it(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        brackets = {"tier_mode": "whole", "tiers": [(0, 1), (9, 2)], **BY_COUNT}
        rule = self._draft({**brackets, "min_amount": 5}).rule_ids
        english = rule.sentence
        rule = rule.with_context(lang="zh_CN")
        rule.invalidate_recordset(["sentence", "tier_summary"])
        self.assertIn("(0 – 9: 1 %; 9 – ∞: 2 %)", english)
        self.assertIn("0 – 9：1%；9 – ∞：2%），", rule.sentence)
        self.assertNotRegex(rule.sentence, "[,;:] ")

    def test_thirty_plans_are_broken(self):
        self.assertGreaterEqual(len(self.BROKEN) + len(self.DOUBTFUL), 30)

    def test_a_branch_that_is_not_below(self):
        self._write_plan([{"rate": 1}])
        plan = self._create_plan(
            {"R": {"rate": 1, "branch_ids": [Command.set(self.south.ids)]}},
            active=False,
            company_id=self.north.id,
        )
        self.assertIn("none of its branches is below", plan.check_errors)
        plan.rule_ids.branch_ids = False
        plan.rule_ids.employee_ids = self.sales_south
        self.assertIn("the plan does not hold for", plan.check_warnings)

    def test_people_who_cannot_be_paid(self):
        plan = self._draft({"rate": 1, "employee_ids": self.sales_south})
        self.sales_south.active = False
        [engine_rule] = plan.rule_ids._get_engine_rules()
        self.assertEqual(engine_rule.employee_ids, {self.sales_south.id})
        plan.invalidate_recordset(["check_warnings"])
        self.assertIn("employees who have left", plan.check_warnings)

    def test_a_circle_of_managers(self):
        self.sales_north.parent_id = self.team_manager
        self.team_manager.parent_id = self.sales_north
        plan = self._draft({"rate": 1, "role": "manager"})
        self.assertIn("their own manager", plan.check_warnings)

    def test_people_where_they_are_not(self):
        plan = self._draft({"rate": 1, "employee_ids": self.sales_south})
        plan.rule_ids.branch_ids = self.north
        self.assertIn("in which none of them is", plan.check_warnings)
        plan.rule_ids.employee_ids = False
        self._create_plan({"R": {"rate": 2}}, company_id=self.north.id, name="Theirs")
        plan.invalidate_recordset(["check_warnings"])
        self.assertIn("“Theirs”: that one pays there", plan.check_warnings)

    def test_roles_that_nobody_fills(self):
        role = self.env["hr.commission.role"].create(
            {"name": "Keeper", "filled_by": "assignment"}
        )
        plan = self._create_plan({"R": {"rate": 1, "role": role.code}}, active=False)
        self.assertIn("nobody is assigned", plan.check_warnings)
        self.env["hr.commission.pool"].create(
            {
                "name": "Left",
                "company_id": self.hq.id,
                "role_id": role.id,
                "member_ids": self.sales_north.ids,
            }
        )
        plan.invalidate_recordset(["check_warnings"])
        self.assertNotIn("nobody", plan.check_warnings or "")
        self.sales_north.version_id.sudo().contract_date_start = "2020-01-01"
        self.sales_north.version_id.sudo().contract_date_end = "2026-04-30"
        plan.invalidate_recordset(["check_warnings"])
        self.assertIn("“Left”, which has no member", plan.check_warnings)

    def test_an_archived_role(self):
        role = self.env["hr.commission.role"].create({"name": "Presales"})
        plan = self._create_plan({"R": {"rate": 1, "role": role.code}}, active=False)
        role.active = False
        plan.invalidate_recordset(["check_warnings"])
        self.assertIn("role that is archived", plan.check_warnings)

    def test_days_that_are_closed(self):
        self.hq.commission_lock_date = "2026-03-31"
        plan = self._draft({"rate": 1}, date_start="2026-03-01")
        self.assertIn("is closed", plan.check_warnings)

    def test_a_rate_that_no_plan_ever_paid(self):
        self._write_plan([{"rate": 5}], name="Before")
        plan = self._draft({"rate": 8})
        self.assertIn("No plan of this company paid more than 5 %", plan.check_warnings)
        plan.rule_ids.rate = 5
        self.assertNotIn("No plan of this company", plan.check_warnings or "")

    def test_a_cliff_is_named(self):
        plan = self._draft({"tier_mode": "whole", "tiers": [(0, 1), (1000, 3)]})
        self.assertIn("jumps by", plan.incentives)

    def test_rules_of_one_name(self):
        plan = self._draft({"rate": 1, **OWN}, {"rate": 1, "role": "marketing"})
        plan.rule_ids.name = "Same"
        self.assertIn("the name of 2 rules", plan.check_warnings)

    def test_broken_plans_are_refused(self):
        for wrong, vals, rules, text in self.BROKEN:
            with self.subTest(wrong):
                plan = self._write_broken(vals, rules)
                self.assertIn(text, plan.check_errors or "")
                with self.assertRaisesRegex(UserError, "cannot be put in force"):
                    plan.action_activate()

    def test_doubtful_plans_are_warned_of(self):
        for day in range(1, 11):
            self._lead_won(self.sales_north, 1000, f"2021-03-{day:02}", process=False)
        plan = self._write_broken({}, [{"rate": 1}])
        self.assertIn("more than a year ago", plan.check_warnings)
        for wrong, vals, rules, text in self.DOUBTFUL:
            with self.subTest(wrong):
                plan = self._write_broken(vals, rules)
                self.assertIn(text, plan.check_warnings or "")

    def test_bands_that_meet_are_no_news(self):
        plan = self._write_broken(
            {},
            [
                {"rate": 7, "customer_months_to": 12},
                {"rate": 2, "customer_months_from": 12, "customer_months_to": 84},
            ],
        )
        self.assertNotIn("overlap", plan.check_warnings or "")
        self.assertNotIn("nobody", plan.check_warnings or "")

    def test_every_part_of_the_sentence_names_its_field(self):
        plan = self._write_broken(
            {},
            [
                {
                    "rate": 5,
                    "commission_source": "own",
                    "min_amount": 100,
                    "cap": 20,
                    "employee_ids": [Command.set(self.sales_north.ids)],
                    "holdback_percent": 10,
                }
            ],
        )
        rule = plan.rule_ids
        self.assertEqual(
            "".join(text for text, _name in rule.sentence_parts), rule.sentence
        )
        self.assertEqual(
            [name for _text, name in rule.sentence_parts if name],
            [
                "role",
                "rate",
                "event_type",
                "commission_source",
                "min_amount",
                "employee_ids",
                "cap",
                "holdback_percent",
                "requires_verification",
            ],
        )
        rule.write({"tier_mode": "whole", "tier_ids": [Command.create({"rate": 1})]})
        self.assertIn("tier_ids", [name for _text, name in rule.sentence_parts])

    #: fields of a rule that change neither what it pays nor when
    UNSAID = {"plan_id", "company_id", "previous_id", "sequence", "name", "is_bonus"}
    #: with what a field makes a difference, where that is not by itself
    SAID_WITH = {
        "manager_level": {"role": "manager"},
        "tier_measure": {"tier_mode": "whole"},
        "tier_ids": {"tier_mode": "whole"},
        "target_measure": {"tier_mode": "whole", "tier_measure": "attainment"},
        "tier_period": {"tier_mode": "whole", "tier_measure": "attainment"},
        "amount": {"amount_type": "fixed"},
        "cap_period": {"cap": 100},
        "score_min": {"score_period": "month"},
        "score_max": {"score_period": "month"},
        "leaver_days": {"is_leaver_limited": True},
        "payout_days": {"payout": "days"},
        "holdback_days": {"holdback_percent": 10},
        "holdback_until": {"holdback_percent": 10, "holdback_date": date(2026, 1, 31)},
        "holdback_date": {"holdback_percent": 10, "holdback_until": "date"},
        "collected_within": {"event_type": "payment_received"},
        "collected_from": {"event_type": "payment_received", "collected_within": 9},
    }

    def test_the_sentence_says_every_setting(self):
        """Each choice of each field reads differently, and no part gets lost.

        Fields come from the registry: a new one is said, or named above.
        """
        Rule = self.env["hr.commission.rule"]
        fields = {
            name: field
            for name, field in Rule._fields.items()
            if field.store and name not in self.UNSAID | set(MAGIC_COLUMNS)
        }
        for name, field in fields.items():
            setting = {
                known: value
                for known, value in self.SAID_WITH.get(name, {}).items()
                if known in fields
            }
            values = self._get_values_of(Rule, field)
            said = [
                Rule.new({"plan_id": self.plan.id, **setting, name: value}).sentence
                for value in values
            ]
            with self.subTest(name):
                self.assertGreater(len(said), 1)
                self.assertEqual(len(set(said)), len(said), said)

    def _get_values_of(self, Rule, field):
        """Return values of a field of a rule that mean different things."""
        if field.name == "tier_ids":
            return [
                [Command.create({"from_value": bound, "rate": rate})]
                for bound, rate in ((0, 1), (5, 1), (0, 2))
            ]
        if field.type == "selection":
            choices = field.get_values(self.env)
            # a manager role of another code says the same as ours only by its name
            return choices if field.required else [False, *choices]
        if field.type == "many2many":
            records = self.env[field.comodel_name].search([], limit=2)
            return [[Command.set(ids)] for ids in ([], records[:1].ids, records.ids)]
        return {
            "boolean": [False, True],
            "char": [False, "[('id', '!=', 0)]"],
            "date": [date(2026, 1, 31), date(2026, 2, 28)],
        }.get(field.type, [1, 2, 12])

    def test_the_sentence_keeps_every_part(self):
        """All that can be said together is said: nothing hides something else."""
        Rule = self.env["hr.commission.rule"]
        common = {"plan_id": self.plan.id, "min_amount": 7, "cap": 100, "floor": 50}
        common |= {"min_quantity": 3, "customer_months_to": 12, "season_from": 2}
        common |= {"date_start": date(2026, 1, 31), "payout": "immediate"}
        common |= {"holdback_percent": 10, "is_leaver_limited": True, "once": True}
        whole = [Command.create({"rate": 1})]
        for tiers in ({}, {"tier_mode": "whole", "tier_ids": whole}):
            for amount_type in ("percent", "fixed", "unit"):
                said = Rule.new({**common, **tiers, "amount_type": amount_type})
                names = {name for _text, name in said.sentence_parts}
                self.assertLessEqual(
                    {*common, *tiers} - {"plan_id", "customer_months_to"}, names
                )

    def test_empty_brackets_are_left_out(self):
        plan = self._write_broken({}, [{"tiers": [(0, 3), (500, 4), (0, 0)]}])
        rule = plan.rule_ids
        self.assertEqual(rule.tier_ids.mapped("from_value"), [0, 500])
        self.assertEqual(rule.tier_ids.mapped("until"), ["500", "∞"])
        rule.write(
            {"tier_ids": [Command.create({}), Command.create({"from_value": 9})]}
        )
        self.assertEqual(sorted(rule.tier_ids.mapped("from_value")), [0, 9, 500])
        rule.write({"tier_ids": [Command.clear(), Command.create({"rate": 0})]})
        self.assertEqual(rule.tier_ids.mapped("rate"), [0])

    def test_empty_brackets_are_not_told_while_one_writes(self):
        plan = self._write_broken({}, [{"tiers": [(0, 3), (500, 4)]}])
        told = plan.rule_ids.tier_summary
        typed = plan.rule_ids.new(origin=plan.rule_ids)
        typed.tier_ids += typed.tier_ids.new({}) + typed.tier_ids.new({})
        self.assertEqual(typed.tier_summary, told)
        typed.tier_ids -= typed.tier_ids[:2]
        self.assertEqual(typed.tier_summary, "0 – ∞: 0 %")

    def test_the_rule_says_what_cannot_be_meant(self):
        plan = self._draft({"rate": 120})
        self.assertIn("more than the whole amount", plan.rule_ids.doubts)
        plan.rule_ids.rate = 4
        self.assertFalse(plan.rule_ids.doubts)

    def test_a_rule_reads_as_a_sentence(self):
        plan = self._write_broken(
            {},
            [
                {
                    "rate": 5,
                    "commission_source": "own",
                    "requires_verification": False,
                    "cap": 20000,
                    "cap_period": "month",
                    "customer_months_to": 12,
                }
            ],
        )
        sentence = plan.rule_ids.sentence
        self.assertTrue(
            sentence.startswith("Sales earns 5 % of deals won on own customers, in the")
        )
        self.assertRegex(sentence, "at most .*20,000.00.* per month.$")
