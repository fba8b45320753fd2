# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestScenario(CommissionCommon):
    def _scenario(self, plans=None, **vals):
        return self.env["hr.commission.scenario"].create(
            {
                "name": "What if",
                "company_id": self.hq.id,
                "plan_ids": [Command.set((plans or self.plan).ids)],
                "runs": 20,
                **vals,
            }
        )

    def _expected(self, scenario):
        return {
            (row.plan_id.name, row.role): row.expected for row in scenario.result_ids
        }

    def test_the_article_in_one_click(self):
        """100 qualified, 50 signed: marketing 100 × 100 + 2 %; sales 3 % + 1 %."""
        env = self._as(self.officer_hq, *self.branches)
        form = Form(env["hr.commission.scenario"])
        form.name = "The article"
        form.runs = 50
        scenario = form.save()
        self.assertEqual(scenario.plan_ids, self.plan, "the plan in force")
        scenario.action_article_case()
        expected = self._expected(scenario)
        self.assertEqual(expected[self.plan.name, "marketing"], 20000)
        self.assertEqual(expected[self.plan.name, "sales"], 20000)
        self.assertEqual(expected[self.plan.name, "all"], 40000)
        self.assertEqual(scenario.amount_signed, 500000)
        for row in scenario.result_ids:
            self.assertLess(row.p10, row.p50)
            self.assertLess(row.p50, row.p90)
        [everybody] = scenario.result_ids.filtered(lambda row: row.role == "all")
        self.assertEqual(everybody.cost_ratio, 8)

    def test_sliders_and_break_even(self):
        old = self._create_plan(
            {
                "MKT": {
                    "role": "marketing",
                    "commission_source": "marketing",
                    "rate": 4,
                },
                "SAL": {"commission_source": "marketing", "rate": 2},
            },
            active=False,
            name="Old",
        )
        scenario = self._scenario(old + self.plan)
        scenario.action_article_case()
        # 6 % of sales against 100 a lead and 6 %: dearer whatever is won
        self.assertEqual(self._expected(scenario)["Old", "all"], 30000)
        self.assertIn("costs more", scenario.break_even)
        cheap = self._create_plan({"All": {"rate": 1}}, active=False, name="Cheap")
        rate = self._create_plan(
            {
                "Lead": {
                    "event_type": "lead_qualified",
                    "amount_type": "fixed",
                    "amount": 25,
                }
            },
            active=False,
            name="By Lead",
        )
        scenario.plan_ids = cheap + rate
        scenario.action_compute()
        # 100 × 25 = 1 % of 25 deals: at half of the conversion
        [found] = scenario.break_even_data
        self.assertAlmostEqual(found["percent"], 50, delta=1.01)
        self.assertIn("costs the same", scenario.break_even)
        # where nothing is won both cost nothing: that is no break-even
        twice = self._create_plan({"All": {"rate": 2}}, active=False, name="Twice")
        scenario.plan_ids = cheap + twice
        scenario.action_compute()
        self.env.flush_all()
        self.env.invalidate_all()  # plans come in the order of their list again
        self.assertRegex(
            scenario.break_even,
            "“Cheap” costs no more than “Twice”|“Twice” costs more than “Cheap”",
        )
        scenario.plan_ids = cheap + rate
        scenario.write({"factor_leads": 200, "factor_size": 50})
        scenario.action_compute()
        self.assertEqual(self._expected(scenario)["Cheap", "sales"], 5000)
        self.assertEqual(self._expected(scenario)["By Lead", "sales"], 5000)

    def test_volumes_of_last_quarter(self):
        for number in range(4):
            self._lead_won(
                self.sales_north,
                1000 + 1000 * number,
                "2026-02-20",
                "marketing",
                date_qualified="2026-02-10",
                process=number == 3,
            )
        self.env["crm.lead"].create(
            [
                self._lead_vals(self.sales_north, 1, "marketing", date_qualified=day)
                for day in ("2026-01-05", "2026-03-31", "2026-04-01")
            ]
        )
        scenario = self._scenario().with_context(allowed_company_ids=self.branches.ids)
        scenario.action_prefill()
        [line] = scenario.line_ids
        self.assertEqual(line.commission_source, "marketing")
        self.assertAlmostEqual(line.leads, 2)
        self.assertAlmostEqual(line.conversion, 66.67)
        self.assertEqual(line.deal_size, 2500)
        self.assertAlmostEqual(line.deal_spread, 51.64)
        self.assertEqual((scenario.seller_count, scenario.marketer_count), (1, 1))

    def test_rules_of_the_plans_that_are_tried_are_offered(self):
        """Versions of a plan have rules of one name."""
        self.plan.copy()
        arch = self.env["hr.commission.scenario"].get_view(view_type="form")["arch"]
        domain = etree.fromstring(arch).find(".//field[@name='free_rule_ids']")
        offered = safe_eval(domain.get("domain"), {"plan_ids": self.plan.ids})
        rules = self.env["hr.commission.rule"].search(offered)
        self.assertEqual(rules, self.plan.rule_ids)

    def test_solve_the_budget_as_a_draft_version(self):
        scenario = self._scenario()
        scenario.action_article_case()
        scenario.line_ids.deal_spread = 30
        scenario.write(
            {
                "free_rule_ids": [Command.set(self.rules["SAL_MKT"].ids)],
                "goal": "budget",
                "goal_value": 43210.99,
            }
        )
        action = scenario.action_solve()
        draft = self.env["hr.commission.plan"].browse(action["res_id"])
        self.assertEqual((draft.state, draft.previous_id), ("draft", self.plan))
        self.assertEqual(draft, scenario.solved_plan_id)
        self.assertAlmostEqual(scenario.solved_cost, 43210.99, delta=0.0101)
        scenario.plan_ids = draft
        scenario.action_compute()
        cost = self._expected(scenario)[draft.name, "all"]
        self.assertAlmostEqual(cost, 43210.99, delta=0.0101)
        self.assertEqual(self.rules["SAL_MKT"].rate, 3)

    def test_other_goals(self):
        scenario = self._scenario()
        scenario.action_article_case()
        scenario.line_ids = [
            Command.create(
                {
                    "commission_source": "own",
                    "leads": 20,
                    "conversion": 50,
                    "deal_size": 8000,
                    "hours": 2,
                }
            )
        ]
        old = self._create_plan({"All": {"rate": 5}}, active=False, name="Five Percent")
        both = self.rules["SAL_MKT"] + self.rules["SAL_SYN"]
        cases = [
            # marketing 20,000, own 4,000, sales 500,000 × x: cost of 580,000 × 10 %
            ("cost_ratio", 10, "SAL_MKT", (58000 - 29000) / 5000),
            # 5,000 × (x + 1) % = 4,000 × 5 % a lead; per hour own takes twice as long
            ("equal_lead", 0, "SAL_MKT", 3),
            ("equal_hour", 0, "SAL_MKT", 1),
            # the salesperson had 5 % of 580,000 and keeps 90 %: 26,100
            ("max_loss", 10, "SAL_MKT", (26100 - 4000 - 5000) / 5000),
            # 29,000 in all
            ("same_cost", 0, "SAL_MKT", 0),
        ]
        for goal, value, rule, rate in cases:
            with self.subTest(goal):
                scenario.write(
                    {
                        "free_rule_ids": [Command.set(self.rules[rule].ids)],
                        "goal": goal,
                        "goal_value": value,
                        "goal_plan_id": old.id,
                    }
                )
                draft = self.env["hr.commission.plan"].browse(
                    scenario.action_solve()["res_id"]
                )
                solved = draft.rule_ids.filtered(
                    lambda each, rule=rule: each.name == rule
                )
                self.assertAlmostEqual(solved.rate, rate, places=3)
        scenario.write({"free_rule_ids": [Command.set(both.ids)], "goal": "budget"})
        scenario.goal_value = 20000 + 4000 + 30000
        draft = self.env["hr.commission.plan"].browse(scenario.action_solve()["res_id"])
        rates = {rule.name: rule.rate for rule in draft.rule_ids}
        self.assertAlmostEqual(rates["SAL_MKT"], 4.5, places=4)
        self.assertAlmostEqual(rates["SAL_SYN"], 1.5, places=4)

    def _solve(self, scenario, rules, **goal):
        """Solve, and check that the draft costs what the scenario says.

        :return: the rates of the draft's free rules, and what it costs
        """
        scenario.write({"free_rule_ids": [Command.set(rules.ids)], **goal})
        action = scenario.action_solve()
        draft = self.env["hr.commission.plan"].browse(action["res_id"])
        cost = scenario.solved_cost
        scenario.plan_ids = draft
        scenario.action_compute()
        self.assertEqual(self._expected(scenario)[draft.name, "all"], cost)
        freed = draft.rule_ids.filtered(lambda rule: rule.name in rules.mapped("name"))
        rates = [
            number
            for rule in freed
            for number in rule.tier_ids.mapped("rate") or [rule.rate or rule.amount]
        ]
        return draft, rates, cost

    def test_what_is_solved_is_what_the_draft_pays(self):
        """Tiers, caps, two numbers, amounts of money: as they can be stored."""
        scenario = self._scenario()
        scenario.action_article_case()
        scenario.line_ids.deal_spread = 30  # equal deals change by 50 cents together
        tiers = {
            "tier_mode": "marginal",
            "tier_measure": "cumulative",
            "tier_period": "month",
            "tier_ids": [
                Command.create({"from_value": bound, "rate": rate})
                for bound, rate in ((0, 3), (100_000, 5))
            ],
        }
        rules = self._rules_by_code(
            self._create_plan(
                {
                    "Tiers": tiers,
                    "Capped": {"rate": 5, "cap": 10_000, "cap_period": "month"},
                    "None": {"rate": 0},
                    "Nothing": {"rate": 0},
                },
                active=False,
                name="Tried",
            )
        )
        rules |= self.rules
        cases = [
            # 100,000 × 3 % + 400,000 × 5 % = 23,000, and 10,000 up to the cap
            (["Tiers"], 40_000, [3 * 30 / 23, 5 * 30 / 23], 40_000),
            (["Capped"], 31_000, [1.6], 31_000),
            (["Tiers", "Capped"], 21_500, [1.5, 2.5, 2.5], 21_500),
            (["SAL_MKT", "MKT_DEAL"], 33_333.33, [1.4666664, 2.1999996], 33_333.33),
            (["MKT_LEAD"], 40_000.7, [100.01], 40_001.04),
        ]
        for names, budget, wanted, cost in cases:
            with self.subTest(names):
                free = sum(
                    (rules[name] for name in names), self.env[rules["Tiers"]._name]
                )
                draft, rates, reached = self._solve(
                    scenario, free, goal="budget", goal_value=budget
                )
                self.assertAlmostEqual(reached, cost, delta=0.0101)
                for rate, number in zip(sorted(rates), sorted(wanted), strict=True):
                    self.assertAlmostEqual(rate, number, places=4)
        self.assertIn("Reached: 40,001.04", draft.message_ids[0].body)
        for names, goal, sentence in (
            (["Capped"], {"goal_value": 33_001}, "No number meets the goal"),
            (["None", "Nothing"], {"goal_value": 1}, "Both numbers are zero"),
            (
                ["SAL_SYN"],
                {"goal": "max_loss", "goal_value": 90, "goal_plan_id": self.plan.id},
                "Nobody loses so much",
            ),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                self._solve(
                    scenario, sum((rules[name] for name in names), free[:0]), **goal
                )

    def test_the_solved_draft_replayed_on_such_deals_meets_the_goal(self):
        """100 leads and 50 deals that happened: the draft pays the budget, to the cent."""
        scenario = self._scenario()
        scenario.action_article_case()
        draft, rates, cost = self._solve(
            scenario, self.rules["SAL_MKT"], goal="budget", goal_value=33_333.50
        )
        self.assertAlmostEqual(rates[0], 1.6667, places=4)
        vals = self._lead_vals(
            self.sales_north, 10_000, "marketing", date_qualified="2026-01-05"
        )
        leads = self.env["crm.lead"].create([vals] * 100)
        leads[:50].write(
            {
                "stage_id": self.stage_won.id,
                "date_won": "2026-02-02",
                "won_amount": 10_000,
            }
        )
        self._process()
        simulation = self.env["hr.commission.simulation"].create(
            {
                "name": "Replayed",
                "company_id": self.hq.id,
                "date_from": "2026-01-01",
                "date_to": "2026-03-31",
                "plan_ids": [Command.set(draft.ids)],
            }
        )
        simulation.action_run()
        results = simulation.result_ids
        self.assertAlmostEqual(sum(results.mapped("amount_before")), 40_000, 2)
        self.assertAlmostEqual(sum(results.mapped("amount")), 33_333.50, 2)
        self.assertAlmostEqual(cost, 33_333.50, 2)

    def test_no_results_of_other_volumes_are_shown(self):
        scenario = self._scenario()
        scenario.action_article_case()
        scenario.write({"goal": "budget", "goal_value": 30_000})
        scenario.free_rule_ids = self.rules["SAL_MKT"]
        scenario.action_solve()
        scenario.goal_value = 31_000
        self.assertTrue(scenario.result_ids)
        self.assertFalse(scenario.solved_plan_id)
        scenario.factor_leads = 110
        self.assertFalse(scenario.result_ids)
        self.assertEqual(scenario.amount_signed, 0)

    def test_what_cannot_be_solved_or_played_says_why(self):
        scenario = self._scenario()
        with self.assertRaisesRegex(UserError, "Fill in volumes"):
            scenario.action_compute()
        scenario.action_article_case()
        with self.assertRaisesRegex(UserError, "one or two rules"):
            scenario.action_solve()
        scenario.write(
            {
                "free_rule_ids": [Command.set(self.rules["SAL_MKT"].ids)],
                "goal": "budget",
                "goal_value": 1,
            }
        )
        with self.assertRaisesRegex(UserError, "No number meets the goal"):
            scenario.action_solve()
        scenario.write({"goal": "same_cost", "goal_plan_id": False})
        with self.assertRaisesRegex(UserError, "compare with"):
            scenario.action_solve()
        other = self._create_plan({"All": {"rate": 1}}, active=False)
        with self.assertRaises(ValidationError):
            scenario.free_rule_ids += other.rule_ids
        scenario.write({"runs": 10000, "factor_leads": 100})
        with self.assertRaisesRegex(UserError, "take too long"):
            scenario.action_compute()
