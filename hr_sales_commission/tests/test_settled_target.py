# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Targets that pay by themselves: target bonuses, teams, positions, pools by hours."""

from datetime import date
from functools import partial
from unittest.mock import patch
from uuid import uuid4

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..pipeline.pool_shares import PoolShares
from .plan_form import PlanFormCommon
from .replay import play_lines, read_awards, read_posted

JANUARY = {"period": "month", "date_from": "2026-01-01"}
SETTLED = {"event_type": "target_scored"}


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestSettledTarget(PlanFormCommon):
    def _target(self, parts=(), **vals):
        owner = {"employee_id": self.sales_north.id}
        if "team_id" in vals or "branch_id" in vals:
            owner = {}
        return self.env["hr.commission.target"].create(
            {
                "company_id": self.north.id,
                "amount": 100,
                "part_ids": [Command.create(part) for part in parts],
                **JANUARY,
                **owner,
                **vals,
            }
        )

    def _approve(self, targets, score):
        self._approve_as_written(targets, {"score": score})

    def _approve_as_written(self, targets, vals):
        targets.with_env(self._as(self.officer_north)).write(vals)
        targets.with_env(self._as(self.officer_hq)).action_approve_score()
        self._process()

    def _earned(self, employee=None, **domain):
        lines = self.env["hr.commission.line"].search(
            [("employee_id", "=", (employee or self.sales_north).id)]
        )
        return round(sum(lines.mapped("amount")), 2)

    # ------------------------------------------------------------------
    # A percentage of the target bonus
    # ------------------------------------------------------------------

    def test_deals_pay_their_part_of_the_target_bonus(self):
        """Variable 40,000 on a quota of 800,000, half as much again above it."""
        plan = self._write_plan(
            [
                {
                    "base": "bonus",
                    "tier_period": "year",
                    "tiers": [(100, 150)],  # from 0: 100, by itself
                }
            ]
        )
        year = {"period": "year", "amount": 800_000, "bonus": 40_000}
        target = self._target(**year)
        deals = self._win([(300_000, 5), (600_000, "2026-03-02")])
        self.assertEqual(self._paid(deals), [15_000, 32_500])
        self.assertIn("target bonus", plan.rule_ids.sentence)
        line = self._lines(deals)[0]
        self.assertEqual((line.base, line.rate), (300_000, 5))
        self.assertIn("37.5 % of the target", line.explanation)
        target.bonus = 48_000
        self._process()
        self.assertEqual(self._paid(deals), [18_000, 39_000])
        deals[0].stage_id = self.stage_new
        self._process()
        self.assertEqual(self._paid(deals), [0, 36_000])

    def test_a_bonus_is_in_proportion_to_days_and_not_to_the_ramp(self):
        version = self.sales_north.version_id
        version.write({"contract_date_start": "2026-01-17"})
        self._write_plan(
            [{"base": "bonus", "tier_period": "month", "tiers": []}],
        )
        self._target(
            amount=31_000, bonus=3_100, proration="contract", ramp="50, 100"
        )  # 15 of 31 days: 15,000 at half, and 1,500
        self.assertEqual(self._paid(self._win([(7_500, 20)])), [1_500])

    def test_a_weighted_target_without_score_pays_the_bonus(self):
        self._write_plan(
            [
                {
                    **SETTLED,
                    "amount_type": "percent",
                    "base": "bonus",
                    "target_measure": "weighted",
                    "tier_mode": "interpolated",
                    "tiers": [(50, 0), (100, 100), (150, 200)],
                },
                {"rate": 0},
            ]
        )
        self._target(
            measure="weighted",
            bonus=2_000,
            parts=[
                {"measure": "won_amount", "amount": 10_000, "weight": 60},
                {"measure": "won_count", "amount": 4, "weight": 40},
            ],
        )
        self._win([(9_000, 5), (3_000, 6)])  # 60 × 1.2 + 40 × 0.5 = 92
        self.env["hr.commission.target"]._cron_settle()
        self._process()
        self.assertEqual(self._earned(), 1_680)  # (92 − 50) / 50
        self._win([(100, 30)])  # 60 × 1.21 + 40 × 0.75 = 102.6
        self.assertEqual(self._earned(), 2_104)

    # ------------------------------------------------------------------
    # Settled once the period is over
    # ------------------------------------------------------------------

    def test_a_plain_target_pays_once_its_period_is_over(self):
        self._write_plan(
            [
                {
                    **SETTLED,
                    "target_measure": "won_amount",
                    "tier_mode": "whole",
                    "tiers": [(80, 500), (100, 1_200.50)],
                },
                {"rate": 0},
            ],
            tier_boundary="upper",
        )
        self._win([(9_000, 5)])
        target = self._target(amount=10_000)  # over already
        self._lead_won(self.sales_north, 5, "2026-05-04", process=False)
        with freeze_time("2026-05-31 12:00:00"):
            self._target(amount=1, date_from="2026-05-01")  # not over yet
        self._process()
        self.assertEqual(self._earned(), 500)
        self._win([(1_000, 31)])
        self.assertEqual(self._earned(), 1_200.50)
        target.amount = 20_000
        self._process()
        self.assertEqual(self._earned(), 0)
        target.write({"amount": 10_000, "date_from": "2026-02-01"})
        self._process()
        self.assertEqual(self._earned(), 0)

    def test_the_job_settles_each_target_once(self):
        self._win([(9_000, 5)])
        self._target(amount=10_000)
        self._write_plan(
            [{**SETTLED, "target_measure": "won_amount", "tiers": [(0, 1_000)]}]
        )
        for _again in range(2):
            self.env["hr.commission.target"]._cron_settle()
            self._process()
            self.assertEqual(self._earned(), 900)
        events = self.env["hr.commission.event"].search(
            [("event_type", "=", "target_scored")]
        )
        self.assertEqual(len(events), 1)

    # ------------------------------------------------------------------
    # Teams and branches
    # ------------------------------------------------------------------

    def _make_team(self, *people):
        people = people or (self.sales_north,)
        users = [person.user_id.id for person in people]
        return self.env["crm.team"].create(
            {
                "name": "Team",
                "company_id": self.north.id,
                "member_ids": [Command.set(users)],
            }
        )

    def test_the_score_of_a_team_pays_each_member(self):
        rule = {**SETTLED, "tier_measure": "team_attainment", "tiers": [(0, 1_000)]}
        self._write_plan([rule])
        team = self._make_team()
        target = self._target(team_id=team.id, measure="score")
        self._approve(target, 85.5)
        self.assertEqual(self._earned(), 855)
        self.assertEqual(self._earned(self.sales_south), 0)
        # a personal score is another rule's
        self._approve(self._target(measure="score"), 100)
        self.assertEqual(self._earned(), 855)
        self._approve(target, 120)
        self.assertEqual(self._earned(), 1_200)
        target.unlink()
        self._process()
        self.assertEqual(self._earned(), 0)

    def test_the_revenue_of_a_branch_pays_its_people(self):
        self._write_plan(
            [
                {
                    **SETTLED,
                    "tier_measure": "branch_attainment",
                    "target_measure": "won_amount",
                    "tier_mode": "whole",
                    "tiers": [(100, 250)],
                },
                {"rate": 0},
            ],
            tier_boundary="upper",
        )
        for person in (self.sales_north, self.manager_north):
            person.sudo().commission_role = "sales"
        self._win([(9_000, 5)])
        self._target(branch_id=self.north.id, amount=10_000)
        self._process()
        self.assertEqual(self._earned(), 0)
        self._win([(1_000, 31)])
        self.assertEqual(self._earned(), 250)
        self.assertEqual(self._earned(self.manager_north), 250)

    def test_a_pool_shares_what_a_team_earned_by_hours_of_the_period(self):
        self._write_plan(
            [{**SETTLED, "tier_measure": "team_attainment", "tiers": [(0, 1_000)]}]
        )
        self.env["hr.commission.pool"].create(
            {
                "name": "Store",
                "company_id": self.north.id,
                "role_id": self.env.ref(
                    "hr_sales_commission.hr_commission_role_scored"
                ).id,
                "member_ids": [
                    Command.set((self.sales_north | self.manager_north).ids)
                ],
                "key": "hours",
            }
        )
        target = self._target(
            team_id=self._make_team().id, measure="score", pays="pool"
        )
        hours = {
            self.sales_north.id: [(date(2026, 1, 1), 100), (date(2026, 1, 31), 20)],
            self.manager_north.id: [(date(2025, 12, 31), 500), (date(2026, 1, 2), 40)],
        }
        with patch.object(PoolShares, "_read_hours", return_value=hours):
            self._approve(target, 90)
        self.assertEqual(self._earned(), 675)
        self.assertEqual(self._earned(self.manager_north), 225)

    def test_each_ones_own_bonus_by_the_revenue_of_the_team(self):
        plan = self._write_plan(
            [
                {
                    **SETTLED,
                    "amount_type": "percent",
                    "base": "bonus",
                    "tier_measure": "team_attainment",
                    "target_measure": "won_amount",
                    "tier_mode": "whole",
                    "tiers": [(80, 80), (100, 120)],
                },
                {"rate": 0},
            ],
            tier_boundary="upper",
        )
        self.assertIn("target bonus", plan.rule_ids[0].sentence)
        self.assertNotIn("target bonus, and no such", plan.check_warnings or "")
        team = self._make_team(self.sales_north, self.manager_north)
        own = self._target(amount=1, bonus=900)
        self._target(amount=1, bonus=2_000, employee_id=self.manager_north.id)
        self._win([(7_000, 5), (2_000, 6)], team_id=team.id)
        target = self._target(team_id=team.id, amount=10_000)
        self._process()
        self.assertEqual(self._earned(), 720)
        self.assertEqual(self._earned(self.manager_north), 1_600)
        target.amount = 9_000
        own.bonus = 1_000
        self._process()
        self.assertEqual(self._earned(), 1_200)
        self.assertEqual(self._earned(self.manager_north), 2_400)
        with self.assertRaisesRegex(ValidationError, "settled targets"):
            plan.copy().rule_ids[0].write({"event_type": "deal_won", "role": "sales"})

    def test_a_team_shares_its_pot_without_a_pool(self):
        self._write_plan(
            [{**SETTLED, "tier_measure": "team_attainment", "tiers": [(0, 1_000)]}]
        )
        team = self._make_team(self.sales_north, self.manager_north)
        sold = self._win([(7_000, 5), (500, "2025-12-31")])[0]
        self._win([(3_000, 31)], self.manager_north)
        hours = {
            self.sales_north.id: [(date(2026, 1, 1), 10), (date(2026, 2, 1), 99)],
            self.manager_north.id: [(date(2026, 1, 2), 30)],
        }
        for pays, parts in (
            ("equal", (450, 450)),
            ("result", (630, 270)),
            ("hours", (225, 675)),
        ):
            with self.case("shared", pays=pays):
                target = self._target(team_id=team.id, measure="score", pays=pays)
                with patch.object(PoolShares, "_read_hours", return_value=hours):
                    self._approve(target, 90)
                earned = self._earned(), self._earned(self.manager_north)
                self.assertEqual(earned, parts)
                team.member_ids |= self.team_manager.user_id | self.env.user
                target._reprocess_events()
                self._process()
                self.assertEqual(self._earned(self.team_manager), 0)
                self.assertEqual(self._earned(), parts[0])
                target.unlink()
                self._process()
                self.assertEqual(self._earned(), 0)
        with self.case("own results are as credited, whoever has the lead by now"):
            sold.user_id = self.manager_north.user_id
            target = self._target(team_id=team.id, measure="score", pays="result")
            self._approve(target, 90)
            earned = self._earned(), self._earned(self.manager_north)
            self.assertEqual(earned, (630, 270))
            parts = {self.sales_north: 40, self.manager_north: 60}
            self._correct_credit(sold, parts)
            target.unlink()
            self._process()
            target = self._target(team_id=team.id, measure="score", pays="result")
            self._approve(target, 100)
            earned = self._earned(), self._earned(self.manager_north)
            self.assertEqual(earned, (280, 720))  # 2,800 and 4,200 + 3,000

    def test_a_pot_goes_by_credits_that_are_corrected_at_the_same_time(self):
        self._write_plan(
            [
                {**SETTLED, "tier_measure": "team_attainment", "tiers": [(0, 900)]},
                {"rate": 0},
            ]
        )
        people = self.sales_north, self.manager_north, self.team_manager
        team = self._make_team(*people)
        lead = self._win([(5_000, 5)])
        self._win([(3_000, 6)], self.manager_north)
        pot = self._target(team_id=team.id, measure="score", pays="result")
        self._correct_credit(lead, {self.team_manager: 100})
        self._approve(pot, 100)
        self.assertEqual(list(map(self._earned, people)), [0, 337.5, 562.5])

    def test_whom_a_target_paid_it_pays_from_then_on(self):
        """Whoever joins or leaves the team after the period changes nothing."""
        self._write_plan(
            [{**SETTLED, "tier_measure": "team_attainment", "tiers": [(0, 100)]}]
        )
        people = self.sales_north, self.manager_north, self.team_manager
        stays, leaves, joins = people
        for pays, whole in (("each", 1), ("equal", 2)):
            with self.case("the team changes", pays=pays):
                team = self._make_team(stays, leaves)
                target = self._target(team_id=team.id, measure="score", pays=pays)
                self._approve(target, 50)
                leaves.departure_date = "2026-02-10"
                leaves.active = False
                team.member_ids = (stays | joins).user_id
                self._approve(target, 60)
                paid = 60 / whole
                self.assertEqual(list(map(self._earned, people)), [paid, paid, 0])
                other = self._make_team(joins)
                target.team_id = other  # of another team, and judged again
                self._process()
                self.assertEqual(list(map(self._earned, people)), [0, 0, 60])
                other.member_ids = stays.user_id
                self._approve(target, 70)
                self.assertEqual(list(map(self._earned, people)), [0, 0, 70])

    def test_what_was_a_teams_and_becomes_somebodys_pays_once(self):
        self._write_plan(
            [
                {**SETTLED, "tier_measure": "team_attainment", "tiers": [(0, 1_000)]},
                {**SETTLED, "target_measure": "score", "tiers": [(0, 500)]},
            ]
        )
        people = self.sales_north, self.manager_north
        target = self._target(team_id=self._make_team(*people).id, measure="score")
        self._approve(target, 80)
        self.assertEqual(list(map(self._earned, people)), [800, 800])
        target.write({"team_id": False, "employee_id": self.sales_north.id})
        self._approve(target, 90)
        self.assertEqual(list(map(self._earned, people)), [450, 0])

    def test_who_left_after_the_period_was_in_the_team(self):
        self._write_plan(
            [{**SETTLED, "tier_measure": "team_attainment", "tiers": [(0, 100)]}]
        )
        stays, left = self.sales_north, self.manager_north
        for day, paid in (("2026-01-31", 50), ("2026-01-30", 0)):
            with self.case("left", day=day):
                team = self._make_team(stays, left)
                left.departure_date = day
                left.user_id.action_archive()
                left.active = False
                target = self._target(team_id=team.id, measure="score")
                self._approve(target, 50)
                self.assertEqual([self._earned(), self._earned(left)], [50, paid])

    def test_pots_of_a_branch_and_a_team_at_once(self):
        """The branch's for those who earn there, the team's for one of each member."""
        of = {"tier_mode": "proportional", **SETTLED}
        self._write_plan(
            [
                {**of, "tier_measure": "branch_attainment", "tiers": [(0, 1_000)]},
                {**of, "tier_measure": "team_attainment", "tiers": [(0, 500)]},
            ]
        )
        earning = self.sales_north | self.manager_north
        self.env["hr.employee"].search(
            [("company_id", "=", self.north.id)]
        ).sudo().write({"commission_role": "none"})
        earning.sudo().commission_role = "sales"
        self.marketer.user_id.company_ids += self.north + self.south
        in_south = self._create_employee(self.marketer.user_id, self.south)
        team = self._make_team(self.team_manager, self.marketer)
        pot = {"measure": "score", "pays": "equal"}
        targets = self._target(branch_id=self.north.id, **pot)
        targets |= self._target(team_id=team.id, **pot)
        self._approve(targets, 100)
        self.assertEqual([self._earned(person) for person in earning], [500, 500])
        self.assertEqual(self._earned(self.team_manager), 250)
        of_marketer = [self._earned(self.marketer), self._earned(in_south)]
        self.assertEqual(sorted(of_marketer), [0, 250])

    def test_the_first_of_a_team_are_paid(self):
        contest = {
            **SETTLED,
            "tier_mode": "whole",
            "tier_measure": "team_place",
            "target_measure": "won_amount",
            "tiers": [(1, 300), (2, 100), (3, 0)],
        }
        plan = self._write_plan([contest, {"rate": 0}])
        self.assertIn(
            "Place in the team: Amount of deals won", plan.rule_ids[0].sentence
        )
        self.assertIn("(1: $", plan.rule_ids[0].sentence)
        self.assertEqual(plan.rule_ids[0].tier_ids.mapped("until"), ["1", "2", "∞"])
        team = self._make_team(self.sales_north, self.manager_north, self.team_manager)
        self._win([(5_000, 5)], team_id=team.id)
        self._win([(4_000, 6)], self.manager_north, team_id=team.id)
        self._target(team_id=team.id, amount=1)
        self._process()
        people = self.sales_north | self.manager_north | self.team_manager
        earned = [self._earned(person) for person in people]
        self.assertEqual(earned, [300, 100, 0])
        # tried: it waits for a team's target, whatever that attains
        reason = plan.copy().example_result
        self.assertRegex(reason, "Target settled: Amount of deals won, .*, Sales Team”")
        # a deal that becomes known later moves everybody's place
        self._win([(1_500, 30)], self.manager_north, team_id=team.id)
        earned = [self._earned(person) for person in people]
        self.assertEqual(earned, [100, 300, 0])
        for wrong in ({"event_type": "deal_won"}, {"target_measure": "score"}):
            with self.assertRaisesRegex(ValidationError, "pays by place"):
                plan.copy().rule_ids[0].write(wrong)

    # ------------------------------------------------------------------
    # In sets
    # ------------------------------------------------------------------

    def _make_sellers(self, number):
        company = {
            "company_id": self.north.id,
            "company_ids": [Command.set(self.north.ids)],
        }
        users = self.env["res.users"].create(
            [
                {"name": "Seller", "login": f"seller_{uuid4().hex}", **company}
                for _each in range(number)
            ]
        )
        return self.env["hr.employee"].create(
            [
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": self.north.id,
                    "commission_role": "sales",
                }
                for user in users
            ]
        )

    def test_statements_do_not_depend_on_how_many_are_in_a_team(self):
        place = {
            "tier_mode": "whole",
            "tier_measure": "team_place",
            "target_measure": "won_amount",
            "tiers": [(1, 300), (2, 100), (3, 0)],
        }
        own_bonus = {
            "amount_type": "percent",
            "base": "bonus",
            "tier_measure": "team_attainment",
            "target_measure": "won_amount",
            "tier_mode": "whole",
            "tiers": [(0, 80)],
        }
        pot = {
            "tier_measure": "team_attainment",
            "target_measure": "won_amount",
            "tiers": [(0, 1_000)],
        }
        sets = [self._make_sellers(number) for number in (1, 1, 8)]
        for rule, vals in (
            (place, {}),
            (own_bonus, {}),
            (pot, {"pays": "equal"}),
            (pot, {"pays": "result"}),
        ):
            with self.case("in sets", rule=rule["tier_measure"], **vals):
                self._write_plan([{**SETTLED, **rule}, {"rate": 0}])
                counts = []
                for people in sets:
                    team = self._make_team(*people)
                    for person in people:
                        self._win([(1_000, 5)], person, team_id=team.id)
                        self._target(amount=1, bonus=500, employee_id=person.id)
                    settle = partial(self._target, team_id=team.id, amount=1, **vals)
                    counts.append(self._count(settle))
                    counts.append(self._count(self._process))
                self.assertEqual(counts[4:], counts[2:4])
                self.assertTrue(self._earned(people[0]))

    def test_scores_and_months_of_customers_cost_the_same_for_many(self):
        self._write_plan(
            [
                {"rate": 5, "score_period": "month", "score_min": 80, "score_max": 120},
                {"rate": 2, "customer_months_to": 12},
            ]
        )
        self._approve(self._target(measure="score"), 90)
        counts = []
        for number in (1, 1, 50):
            customers = self.env["res.partner"].create(
                [{"name": "Customer"} for _each in range(number)]
            )
            won = {"stage_id": self.stage_won.id, "date_won": "2026-01-05"}
            deals = self.env["crm.lead"].create(
                [
                    self._lead_vals(
                        self.sales_north,
                        1_000,
                        won_amount=1_000,
                        partner_id=customer.id,
                        **won,
                    )
                    for customer in customers
                ]
            )
            counts.append(self._count(self._process))
            self.assertEqual(self._paid(deals), [65] * number)
        self.assertLessEqual(counts[2], counts[1])

    def _count(self, work):
        """Return how many statements something takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    # ------------------------------------------------------------------
    # A score that multiplies, months in the company
    # ------------------------------------------------------------------

    def test_a_score_multiplies_what_a_rule_pays(self):
        plan = self._write_plan(
            [{"rate": 5, "score_period": "month", "score_min": 80, "score_max": 120}]
        )
        self.assertIn("times the person's score of the month", plan.rule_ids.sentence)
        deals = self._win([(1_000, 5), (1_000, "2026-02-01")])
        self.assertEqual(self._paid(deals), [50, 50])
        score = self._target(measure="score")
        self._approve(score, 90)
        self.assertEqual(self._paid(deals), [45, 50])
        self.assertIn("× 90 %", self._lines(deals[0])[:1].explanation)
        self._approve(score, 200)
        self.assertEqual(self._paid(deals), [60, 50])
        score.unlink()
        for given in ({"score": 0}, {"score_note": "Nothing was reached"}):
            with self.case("nothing is a score, too", **given):
                score = self._target(measure="score")
                self._approve_as_written(score, given)
                self.assertEqual(self._paid(deals), [40, 50])  # at least 80
        score = self._target(measure="score")
        score.write({"score": False})  # an empty cell of an import
        self.assertEqual(score.score_state, "none")
        score.unlink()
        self._process()
        self.assertEqual(self._paid(deals), [50, 50])

    def test_rates_by_months_in_the_company(self):
        self.sales_north.version_id.contract_date_start = "2025-01-15"
        self._write_plan(
            [
                {
                    "tier_mode": "whole",
                    "tier_measure": "tenure_months",
                    "tiers": [(0, 3), (12, 5)],
                }
            ]
        )
        deals = self._win([(1_000, 14), (1_000, 15)])
        self.assertEqual(self._paid(deals), [30, 50])
        self.sales_north.version_id.contract_date_start = "2024-06-01"
        self._process()
        self.assertEqual(self._paid(deals), [50, 50])

    # ------------------------------------------------------------------
    # Tried before they pay
    # ------------------------------------------------------------------

    def _write_every_kind(self):
        """Target bonuses, weighted and plain targets, teams; a draft."""
        of_team = {**SETTLED, "tier_measure": "team_attainment"}
        return self._write_plan(
            [
                {"base": "bonus", "tier_period": "month", "tiers": [(100, 150)]},
                {**SETTLED, "target_measure": "won_amount", "tiers": [(80, 500.55)]},
                {**SETTLED, "tiers": [(0, 777.77)]},
                {**of_team, "tiers": [(0, 1_000)]},
                {**of_team, "target_measure": "won_count", "tiers": [(50, 333.33)]},
                {**SETTLED, "target_measure": "weighted", "tiers": [(0, 99.99)]},
                {"rate": 0.7, "name": "Never", "min_amount": 1_000_000},
            ],
            activate=False,
            threshold=200,
            cap_period="month",
        )

    def _settle_everything(self):
        team = self._make_team().id
        self._target(amount=10_000, bonus=2_000)
        self._target(team_id=team, measure="won_count", amount=3)
        parts = (
            {"measure": "won_amount", "amount": 7_000, "weight": 70},
            {
                "measure": "won_count",
                "amount": 3,
                "weight": 30,
            },
        )
        self._target(measure="weighted", parts=parts)
        scores = self._target(measure="score")
        scores |= self._target(team_id=team, measure="score")
        self._approve(scores, 87.3)
        self._win([(4_321.09, 5), (6_789.01, 20)], team_id=team)
        self.env["hr.commission.target"]._cron_settle()
        self._process()

    def test_a_plan_on_targets_pays_when_tried_what_it_pays(self):
        """Where it ran, and where nothing of it was ever recorded."""
        draft = self._write_every_kind()
        days = date(2026, 1, 1), date(2026, 3, 31)
        with self._undone():
            draft.action_activate()
            self._settle_everything()
            lines = self.env["hr.commission.line"].search([("plan_id", "=", draft.id)])
            posted = read_posted(lines)
            for tried in (None, draft):
                played, _faults = play_lines(
                    self.env, self.hq, tried, self.branches, *days
                )
                self.assertEqual(played, posted)

            def of_target(line):
                return line.rule_id.name, line.employee_id.id, line.date

            ran = read_posted(lines, of_target)
            self.assertEqual(
                {name for name, *_rest in ran} | {"Never"},
                set(draft.rule_ids.mapped("name")),
            )
        self._settle_everything()
        simulation = self.env["hr.commission.simulation"].create(
            {
                "name": "Targets",
                "company_id": self.hq.id,
                "date_from": days[0],
                "date_to": days[1],
                "plan_ids": [Command.set(draft.ids)],
            }
        )
        simulation.action_run()
        rules = self.env["hr.commission.rule"]
        replayed = read_awards(
            simulation,
            lambda award, _part: (
                rules.browse(award.rule_id).name,
                award.employee_id,
                award.date,
            ),
        )
        self.assertEqual(replayed, ran)
        self.assertIn("4 settled targets pay that no plan had", simulation.notes)
        self.assertIn("The rule “Never” pays nobody", simulation.notes)

    # ------------------------------------------------------------------
    # By job position
    # ------------------------------------------------------------------

    def test_scores_and_weights_by_job_position(self):
        """Ten of 31 days in one position, 21 in another: 80 and 100 come to 93.548…"""
        first, second = self.env["hr.job"].create(
            [{"name": name, "company_id": False} for name in "AB"]
        )
        version = self.sales_north.version_id
        version.write({"date_version": "2025-01-01", "job_id": first.id})
        self.sales_north.create_version(
            {"date_version": "2026-01-11", "job_id": second.id}
        )
        self.manager_north.version_id.write(
            {"date_version": "2025-01-01", "job_id": second.id}
        )
        self._write_plan(
            [
                {**SETTLED, "tiers": [(0, 3_100)]},
                {**SETTLED, "target_measure": "weighted", "tiers": [(0, 3_100)]},
                {"rate": 0},
            ]
        )
        scores = self._target(measure="score", job_id=first.id)
        scores |= self._target(measure="score", job_id=second.id)
        of_another = self._target(
            measure="score", job_id=second.id, employee_id=self.manager_north.id
        )
        with self.case("scores"):
            judged = {"measure": "score", "amount": 100, "weight": 100}
            self._target(measure="weighted", job_id=first.id, parts=[judged])
            self._approve(scores[0], 80)
            self.assertEqual(self._earned(), 0)  # not all is approved
            self._approve(of_another | scores[1], 100)
            self.assertEqual(self._earned(), 2_900)  # 29 of 31
            self.assertEqual(self._earned(self.manager_north), 3_100)
            scores[0].unlink()
            self._process()
            self.assertEqual(self._earned(), 3_100)
        with self.case("weights"):
            for job, revenue in ((first, 80), (second, 20)):
                self._target(
                    measure="weighted",
                    job_id=job.id,
                    parts=[
                        {"measure": "won_amount", "amount": 3_100, "weight": revenue},
                        {"measure": "won_count", "amount": 31, "weight": 100 - revenue},
                    ],
                )
            self._win([(1_550, 5)])
            # revenue: (80 × 10 + 20 × 21) / 31 of one half; one deal of 31 for the rest
            self.env["hr.commission.target"]._cron_settle()
            self._process()
            self.assertEqual(self._earned(), round(1220 / 2 + 1880 / 31, 2))
