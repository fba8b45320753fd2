# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .plan_form import PlanFormCommon


@tagged("post_install", "-at_install", "commission_core")
class TestPlanExample(PlanFormCommon):
    """Cases that plans are tried with, and the ready-made plans by theirs."""

    def _draft(self, rules, **vals):
        return self._create_plan(rules, active=False, **vals)

    def _example(self, plan, *rows, **vals):
        names = ("date", "kind", "deal", "person", "amount")
        return self.env["hr.commission.example"].create(
            {
                "plan_id": plan.id,
                "name": "Case",
                "event_ids": [
                    Command.create(dict(zip(names, row, strict=False))) for row in rows
                ],
                **vals,
            }
        )

    def _sums(self, example):
        return {
            (who.role, who.person, month.month): float(amount)
            for (who, month), amount in example._work_out().get_sums().items()
            if amount
        }

    def test_ready_made_plans_pay_what_their_texts_say(self):
        templates = self.env["hr.commission.plan"].search([("is_template", "=", True)])
        self.assertGreaterEqual(len(templates), 12)
        for template in templates:
            with self.subTest(template.name):
                self.assertTrue(template.description)
                self.assertTrue(template.example_ids)
                for example in template.example_ids:
                    self.assertFalse(example.differences)
                    wanted = sum(float(row[-1]) for row in example.expected)
                    self.assertTrue(wanted)
                    self.assertAlmostEqual(example.total, wanted)

    def test_amounts_of_a_ready_plan_in_other_money(self):
        """In yen and dinars: amounts times a factor, with two figures that count."""
        template = self.env.ref("hr_sales_commission.hr_commission_plan_template_store")
        reference = self.env.ref(
            "hr_sales_commission.hr_commission_plan_template_reference"
        )
        for name, rate, factor, lead, bounds in (
            ("JPY", 157.3, 160, 16_000, [0, 4_800_000, 9_600_000]),
            ("JPY", 0, 100, 10_000, [0, 3_000_000, 6_000_000]),
            ("KWD", 0.307, 0.31, 31, [0, 9_300, 19_000]),
            ("KWD", 0, 0.3, 30, [0, 9_000, 18_000]),
        ):
            with self.subTest(name, rate=rate):
                currency = self.env.ref(f"base.{name}")
                currency.active = True
                company = self.env["res.company"].create(
                    {"name": f"{name} {rate}", "currency_id": currency.id}
                )
                if rate:
                    self.env["res.currency.rate"].create(
                        {
                            "company_id": company.id,
                            "currency_id": self.env.ref("base.USD").id,
                            "name": "2020-01-01",
                            "rate": 1 / rate,
                        }
                    )
                self.assertAlmostEqual(float(company._get_money_scale()), factor)
                env = self.env(
                    context={"allowed_company_ids": company.ids}, user=self.env.user
                )
                action = template.with_env(env).action_use_template()
                self.assertEqual(action["res_model"], "hr.commission.plan.use")
                dialog = Form(
                    env["hr.commission.plan.use"].with_context(**action["context"])
                )
                self.assertIn("becomes", dialog.preview)
                plan = env["hr.commission.plan"].browse(
                    dialog.save().action_apply()["res_id"]
                )
                self.assertEqual(plan.rule_ids[0].tier_ids.mapped("from_value"), bounds)
                self.assertFalse(any(plan.example_ids.mapped("differences")))
                action = reference.with_env(env).action_use_template(factor)
                plan = env["hr.commission.plan"].browse(action["res_id"])
                self.assertEqual(max(plan.rule_ids.mapped("amount")), lead)
        with self.assertRaises(UserError):
            template.action_use_template("a lot")
        plan.write(
            {
                "qualification_domain": "[('expected_revenue', '>=', 5000)]",
                "rule_ids": [
                    Command.update(
                        plan.rule_ids[0].id,
                        {
                            "domain": "['|', ('expected_revenue', '<', 100), ('probability', '>', 7)]"
                        },
                    )
                ],
            }
        )
        plan._scale_amounts(Decimal(160))
        self.assertIn("800000", plan.qualification_domain)
        self.assertIn("16000", plan.rule_ids[0].domain)
        self.assertIn("7", plan.rule_ids[0].domain)

    def test_a_plan_made_from_a_ready_one_keeps_its_examples(self):
        template = self.env.ref("hr_sales_commission.hr_commission_plan_template_store")
        env = self._as(self.officer_hq, *self.branches)
        action = template.with_env(env).action_use_template()
        plan = self.env["hr.commission.plan"].browse(action["res_id"])
        self.assertEqual(
            plan.example_ids.mapped("expected"), template.example_ids.mapped("expected")
        )
        self.assertNotIn("Example", plan.check_warnings or "")
        plan.rule_ids[0].tier_ids[1].rate = 9
        [name] = template.example_ids.mapped("name")
        self.assertIn(f"Example “{name}”", plan.check_warnings)

    def test_a_case_pays_what_the_ledger_does(self):
        """By the quarters of the company; marketing not on customers sales found."""
        self.hq.commission_year_month = "2"
        tiers = [
            Command.create({"from_value": bound, "rate": rate})
            for bound, rate in ((0, 1), (1000, 2))
        ]
        quarter = {"tier_measure": "cumulative", "tier_period": "quarter"}
        rules = {
            "Sales": {"tier_mode": "marginal", "tier_ids": tiers, **quarter},
            "Marketing": {"role": "marketing", "rate": 3},
        }
        deals = (("2026-01-20", "own"), ("2026-02-10", "marketing"))
        plan = self._draft(rules, date_start="2020-01-02")
        example = self._example(
            plan, *((day, "deal_won", day, "", 1500) for day, _source in deals)
        )
        for row, (_day, source) in zip(example.event_ids, deals, strict=True):
            row.commission_source = source
        sums = self._sums(example)
        plan.action_activate()
        paid = {}
        for day, source in deals:
            for line in self._lines(
                self._lead_won(self.sales_north, 1500, day, source)
            ):
                key = line.role, "", line.date.month
                paid[key] = paid.get(key, 0) + line.amount
        self.assertEqual(sums, paid)
        self.assertEqual(
            paid, {("sales", "", 1): 20, ("sales", "", 2): 20, ("marketing", "", 2): 45}
        )

    def test_brackets_over_months_and_people(self):
        plan = self._draft(
            {
                "Quarter": {
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "quarter",
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 1}),
                        Command.create({"from_value": 1000, "rate": 2}),
                    ],
                }
            }
        )
        example = self._example(
            plan,
            ("2026-01-05", "deal_won", "1", "Anna", 800),
            ("2026-02-05", "deal_won", "2", "Anna", 800),
            ("2026-02-06", "deal_won", "3", "Ben", 800),
            ("2026-04-06", "deal_won", "4", "Anna", 800),
        )
        self.assertEqual(
            self._sums(example),
            {
                ("sales", "Anna", 1): 8,
                ("sales", "Anna", 2): 14,
                ("sales", "Ben", 2): 8,
                ("sales", "Anna", 4): 8,
            },
        )
        self.assertIn("Anna (Sales)", example.result)
        self.assertEqual(example.total, 38)

    def test_what_pays_more_than_the_deal_stands_out(self):
        plan = self._draft({"MUCH": {"role": "sales", "rate": 60}})
        rows = [("2026-01-10", "deal_won", "A", "Eve", 10_000)]
        example = self._example(plan, *rows)
        self.assertFalse(example.overpaid)
        plan.example_amount = 10_000
        self.assertNotIn("alert", str(plan.example_result))
        plan.rule_ids.copy({"name": "MORE"})
        self.assertRegex(example.overpaid, "“A” pays .*12,000.00.* worth .*10,000.00")
        self.assertIn(example.overpaid, plan.check_warnings)
        plan.example_amount = 10_000
        self.assertRegex(str(plan.example_result), "alert-danger.*12,000.00")

    def test_what_is_lost_is_taken_back_on_its_day(self):
        plan = self._draft({"Deals": {"rate": 10}})
        example = self._example(
            plan,
            ("2026-01-05", "deal_won", "1", "Anna", 1000),
            ("2026-03-05", "lost", "1"),
        )
        self.assertEqual(
            self._sums(example), {("sales", "Anna", 1): 100, ("sales", "Anna", 3): -100}
        )
        self.assertIn("taken back", example.result)

    def test_a_deal_that_is_handed_over(self):
        plan = self._draft({"Deals": {"rate": 10}})
        example = self._example(
            plan,
            ("2026-01-05", "deal_won", "Customer", "Anna", 1000),
            ("2026-02-01", "handed_over", "Customer", "Ben"),
            ("2026-03-05", "deal_won", "Customer", "", 500),
        )
        self.assertEqual(
            self._sums(example), {("sales", "Anna", 1): 100, ("sales", "Ben", 3): 50}
        )

    def test_targets_caps_and_draws(self):
        plan = self._draft(
            {
                "Target": {
                    "tier_mode": "whole",
                    "tier_measure": "attainment",
                    "tier_period": "month",
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 1}),
                        Command.create({"from_value": 100, "rate": 10}),
                    ],
                }
            },
            cap=150,
            cap_period="month",
            draw_amount=60,
        )
        example = self._example(
            plan,
            ("2026-01-05", "deal_won", "1", "Anna", 900),
            ("2026-02-05", "deal_won", "2", "Anna", 2000),
            target=1000,
        )
        self.assertEqual(
            self._sums(example), {("sales", "Anna", 1): 9, ("sales", "Anna", 2): 150}
        )
        settled = list(example._work_out().settle(example._get_draw_terms))
        self.assertEqual([float(each[2].paid) for each in settled], [60, 99])
        self.assertIn("paid out, with draw", example.result)

    def test_contests_scores_and_months_in_the_company(self):
        """Who is first in the month; pay times the score; another rate after a year."""
        contest = {"event_type": "target_scored", "role": "scored"} | {
            "amount_type": "fixed",
            "tier_mode": "whole",
            "tier_measure": "team_place",
            "tier_period": "month",
            "tier_ids": [
                Command.create({"from_value": place, "rate": prize})
                for place, prize in ((1, 300), (2, 0))
            ],
        }
        by_service = {"tier_mode": "whole", "tier_measure": "tenure_months"} | {
            "tier_ids": [
                Command.create({"from_value": months, "rate": rate})
                for months, rate in ((0, 5), (12, 8))
            ],
            "score_period": "month",
            "score_max": 110,
        }
        example = self._example(
            self._draft({"Contest": contest, "Sales": by_service}),
            ("2026-01-10", "deal_won", "1", "Anna", 1000),
            ("2026-01-20", "deal_won", "2", "Ben", 2000),
            ("2026-01-31", "target_scored", "3", "Anna", 90),
            ("2026-01-31", "target_scored", "4", "Ben", 150),
            ("2027-02-10", "deal_won", "5", "Anna", 1000),
        )
        self.assertEqual(
            self._sums(example),
            {
                ("sales", "Anna", 1): 45,
                ("sales", "Anna", 2): 80,  # thirteen months later
                ("sales", "Ben", 1): 110,
                ("scored", "Ben", 1): 300,
            },
        )

    def test_why_a_row_pays_nobody(self):
        plan = self._draft({"Big Ones": {"rate": 1, "min_amount": 5000}})
        example = self._example(plan, ("2026-01-05", "deal_won", "1", "Anna", 1000))
        self.assertFalse(self._sums(example))
        self.assertIn("Big Ones", example.result)
        self.assertIn("5,000.00", example.result)

    def test_live_in_the_form_before_saving(self):
        plan = self._draft({"Deals": {"rate": 10}})
        form = Form(plan)
        with form.example_ids.new() as example:
            example.name = "Live"
            with example.event_ids.new() as event:
                event.amount = 1000
            self.assertEqual(example.total, 100)
            self.assertIn("100.00", example.result)

    def test_a_kept_case_is_checked_by_the_next_version(self):
        plan = self._draft({"Deals": {"rate": 10}}, date_start="2020-01-02")
        example = self._example(
            plan, ("2026-01-05", "deal_won", "1", "Anna", 1000), is_kept=True
        )
        self.assertEqual(
            example.expected, [["sales", 0, "Anna", "2026-01-01", "100.00"]]
        )
        plan.action_activate()
        with self.assertRaises(UserError):
            example.is_kept = False
        with self.assertRaises(UserError):
            example.event_ids.amount = 5
        with self.assertRaises(UserError):
            example.unlink()
        plan.action_change()
        draft = plan.next_ids
        self.assertFalse(draft.example_ids.differences)
        draft.rule_ids.rate = 5
        self.assertIn(
            "Anna (Sales) earns $ 50.00 in Jan 2026, and $ 100.00 was kept",
            (draft.check_warnings or "").replace("\xa0", " "),
        )
        draft.example_ids.event_ids.amount = 3000  # another case is kept anew
        self.assertFalse(draft.example_ids.differences)
