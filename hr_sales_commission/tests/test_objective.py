# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Objectives: scores that pay without a deal, targets of several weighted parts."""

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .plan_form import PlanFormCommon

JANUARY = {"period": "month", "date_from": "2026-01-01"}
QUARTER = {"period": "quarter", "date_from": "2026-01-01"}
ON_SCORES = {"event_type": "target_scored", "tiers": [(0, 1000)]}


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestObjective(PlanFormCommon):
    def _target(self, employee=None, measure="score", parts=(), **vals):
        return self.env["hr.commission.target"].create(
            {
                "employee_id": (employee or self.sales_north).id,
                "company_id": self.north.id,
                "measure": measure,
                "amount": 100,
                "part_ids": [Command.create(part) for part in parts],
                **JANUARY,
                **vals,
            }
        )

    def _score(self, targets, score):
        """Have somebody enter a score, and somebody else approve it."""
        targets.with_env(self._as(self.officer_north)).score = score
        targets.with_env(self._as(self.officer_hq)).action_approve_score()
        self._process()

    def _earned(self, employee=None):
        lines = self.env["hr.commission.line"].search(
            [("employee_id", "=", (employee or self.sales_north).id)]
        )
        return round(sum(lines.mapped("amount")), 2)

    def test_a_score_pays_without_a_deal(self):
        self._write_plan([ON_SCORES])
        target = self._target()
        target.with_env(self._as(self.officer_north)).score = 85.5
        self._process()
        self.assertEqual(self._earned(), 0)
        self._score(target, 85.5)
        self.assertEqual(self._earned(), 855)
        line = self.env["hr.commission.line"].search([("rule_id", "!=", False)])
        self.assertEqual((line.role, str(line.date)), ("scored", "2026-01-31"))
        self.assertIn("85.5", line.explanation)
        self.assertIn("Score", line.event_id.display_name)
        # entered anew, it is taken back until it is approved
        target.with_env(self._as(self.officer_north)).score = 120
        self._process()
        self.assertEqual(self._earned(), 0)
        self._score(target, 120)
        self.assertEqual(self._earned(), 1200)
        target.unlink()
        self._process()
        self.assertEqual(self._earned(), 0)

    def test_nobody_approves_the_own_score(self):
        target = self._target(self.officer_north)
        target.with_env(self._as(self.officer_hq)).score = 90
        with self.assertRaisesRegex(AccessError, "own target"):
            target.with_env(self._as(self.officer_north)).action_approve_score()
        self.assertEqual(target.score_state, "entered")

    def test_by_bracket_and_period(self):
        brackets = [(0, 0), (80, 500), (100, 1000.55)]
        quarterly = {"tier_mode": "whole", "tier_period": "quarter", "tiers": brackets}
        self._write_plan([{**ON_SCORES, **quarterly}], tier_boundary="upper")
        for score, pays in ((79.99, 0), (80, 500), (100, 1000.55)):
            with self.case(score):
                self._score(self._target(), 100)  # a month: another rule's
                self.assertEqual(self._earned(), 0)
                self._score(self._target(**QUARTER), score)
                self.assertEqual(self._earned(), pays)

    def test_weighted_parts_of_deals_and_scores(self):
        """60 % of revenue at 90 %, 25 % and 15 % of two objectives, one counted to 100 %."""
        weighted = {"event_type": "target_scored", "target_measure": "weighted"}
        self._write_plan([{**weighted, "tiers": [(0, 1000)]}, {"rate": 0}])
        self.sales_north.sudo().commission_role = "sales"
        target = self._target(
            measure="weighted",
            parts=[
                {"measure": "won_amount", "amount": 10_000, "weight": 60},
                {"measure": "score", "name": "A", "amount": 5, "weight": 25},
                {
                    "measure": "score",
                    "name": "B",
                    "amount": 100,
                    "weight": 15,
                    "attainment_max": 100,
                },
            ],
        )
        self._win([(9_000, 12)])
        first, second = target.part_ids.filtered("is_scored")
        self._score(first, 4)
        self.assertEqual(self._earned(), 0)  # not all is approved
        self._score(second, 130)
        # 60 × 0.9 + 25 × 0.8 + 15 × 1
        self.assertEqual(self._earned(), 890)
        target.invalidate_recordset()
        self.assertEqual(target.attainment, 89)
        self._win([(2_000, 30)])  # 60 × 1.1
        self.assertEqual(self._earned(), 1010)
        together = target | target.part_ids  # as lists read them
        together.invalidate_recordset()
        self.assertEqual(together.mapped("attainment"), [101, 80, 130, 110])

    def test_weighted_target_of_deals(self):
        self._write_plan(
            [
                {
                    "tier_mode": "whole",
                    "tier_measure": "attainment",
                    "target_measure": "weighted",
                    "tier_period": "month",
                    "tiers": [(0, 1), (95, 2.5)],
                }
            ]
        )
        parts = [
            {"measure": "won_amount", "amount": 8_000, "weight": 70},
            {"measure": "won_count", "amount": 4, "weight": 30},
        ]
        target = self._target(measure="weighted", parts=parts)
        deals = self._win([(4_000, 5), (6_000, 6)])  # 70 × 1.25 + 30 × 0.5 = 102.5
        self.assertEqual(self._paid(deals), [100, 150])
        target.part_ids[1].attainment_max = 10  # 87.5 + 3
        self._process()
        self.assertEqual(self._paid(deals), [40, 60])

    def test_weights_sum_to_the_whole(self):
        part = {"measure": "won_amount", "amount": 1, "weight": 60}
        for parts in ([], [part], [part, {**part, "measure": "score", "weight": 39.9}]):
            with self.case(parts), self.assertRaisesRegex(ValidationError, "100 %"):
                self._target(measure="weighted", parts=parts)
        other = {"measure": "score", "amount": 1, "weight": 40}
        target = self._target(measure="weighted", parts=[part, other])
        with self.case("one part"), self.assertRaisesRegex(ValidationError, "100 %"):
            target.part_ids[0].weight = 50
        first, second = target.part_ids
        target.part_ids = [
            Command.update(first.id, {"weight": 70}),
            Command.update(second.id, {"weight": 30}),
        ]
        self.assertEqual(target.part_ids.mapped("weight"), [70, 30])
        with self.case("none"), self.assertRaisesRegex(ValidationError, "has parts"):
            target.measure = "won_count"

    def test_parts_follow_their_whole(self):
        parts = [
            {"measure": "won_amount", "amount": 100, "weight": 50},
            {"measure": "score", "amount": 100, "weight": 50},
        ]
        self.sales_north.version_id.sudo().contract_date_start = "2026-01-17"
        target = self._target(measure="weighted", parts=parts, proration="contract")
        self.assertEqual(target.part_ids.mapped("amount_effective"), [48.39, 100])
        copied = target.copy({"date_from": "2026-02-01"})
        self.assertEqual(
            [str(day) for day in copied.part_ids.mapped("date_to")], ["2026-02-28"] * 2
        )
        copied.date_from = "2026-03-01"
        self.assertEqual(
            {str(day) for day in copied.part_ids.mapped("date_from")}, {"2026-03-01"}
        )
