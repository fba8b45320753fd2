# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import csv
from datetime import date

from psycopg2 import errors

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import file_open, mute_logger

from .common import CommissionCommon
from .cookbook import read_number, read_recipes


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestTarget(CommissionCommon):
    def _target(self, amount=10000, **vals):
        return self.env["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "measure": "won_amount",
                "period": "quarter",
                "date_from": "2026-01-01",
                "amount": amount,
                **vals,
            }
        )

    def _pay_attainment(self, rates, period="month", target_measure=False, **plan):
        """Let what is reached of the target decide the rate of a period's deals.

        :param dict rates: percentages by the attainment from which they hold
        """
        tiers = [
            (0, 0, {"from_value": start, "rate": rate}) for start, rate in rates.items()
        ]
        rule = {
            "tier_mode": "whole",
            "tier_measure": "attainment",
            "target_measure": target_measure or "won_amount",
            "tier_period": period,
            "tier_ids": tiers,
        }
        self._replace_plan({"Attainment": rule}, **{"tier_boundary": "upper", **plan})

    def test_period(self):
        for period, last in (
            ("month", "2026-01-31"),
            ("quarter", "2026-03-31"),
            ("year", "2026-12-31"),
        ):
            with self.subTest(period):
                self.assertEqual(str(self._target(period=period).date_to), last)

    def test_starts_on_the_first_day(self):
        for period, day in (
            ("month", "2026-01-02"),
            ("quarter", "2026-02-01"),
            ("year", "2026-04-01"),
        ):
            with self.subTest(period), self.assertRaises(ValidationError):
                self._target(period=period, date_from=day)

    def test_one_target_a_period(self):
        self._target()
        self._target(measure="won_count")
        self._target(period="year")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(errors.UniqueViolation),
        ):
            self._target()

    def test_attainment(self):
        amount = self._target(10000)
        count = self._target(4, measure="won_count")
        leads = self._target(2, measure="qualified_count")
        empty = self.north.currency_id.browse()
        self.assertEqual(
            [each.money_id for each in (amount, count, leads)],
            [self.north.currency_id, empty, empty],
        )
        self._lead_won(self.sales_north, 3000, "2026-01-10")
        lost = self._lead_won(self.sales_north, 5000, "2026-03-31")
        self._lead_won(self.sales_north, 9000, "2026-04-01")
        self._lead_won(self.sales_south, 9000, "2026-01-10")
        self._lead_open(self.sales_north, 1, date_qualified="2026-02-01")
        self._process()
        targets = amount + count + leads
        self.assertEqual(targets.mapped("achieved"), [8000, 2, 1])
        self.assertEqual(targets.mapped("attainment"), [80, 50, 50])
        lost.stage_id = self.stage_new
        self._process()
        targets.invalidate_recordset()
        self.assertEqual(targets.mapped("attainment"), [30, 25, 50])

    def test_achieved_is_what_the_bracket_is_looked_up_with(self):
        """By a plan that takes back without recomputing, refunds and in two roles."""
        self._pay_attainment({0: 1, 99: 5}, "quarter", clawback_method="reverse")
        target = self._target(8000)
        kept = self._lead_won(self.sales_north, 4000, "2026-01-10")
        lost = self._lead_won(self.sales_north, 4000, "2026-01-11")
        as_marketer = self._lead_won(
            self.team_manager, 500, "2026-01-12", "referral", marketer=self.sales_north
        )
        self.sales_north.commission_role = "sales"
        lost.stage_id = self.stage_new
        self._process()
        target.invalidate_recordset()
        self.assertEqual(self._lines(kept).amount, 200)
        self.assertEqual((target.achieved, target.attainment), (8000, 100))
        self.sales_north.commission_role = "marketing"
        target.invalidate_recordset()
        self.assertEqual(target.achieved, as_marketer.won_amount)
        self.sales_north.commission_role = "none"
        target.invalidate_recordset()
        self.assertEqual(target.achieved, 8000)

    def test_team_target_counts_the_deals_of_the_team(self):
        team = self.env["crm.team"].create({"name": "North", "company_id": False})
        target = self._target(employee_id=False, team_id=team.id, amount=20_000)
        shared = self._lead_won(self.sales_north, 4_000, "2026-02-10", team_id=team.id)
        self._lead_won(self.team_manager, 6_000, "2026-03-10", team_id=team.id)
        self._lead_won(self.sales_north, 9_000, "2026-03-10")
        lost = self._lead_won(self.sales_north, 500, "2026-03-11", team_id=team.id)
        lost.stage_id = self.stage_new
        self._process()
        target.invalidate_recordset()
        self.assertEqual((target.achieved, target.attainment), (10_000.0, 50.0))
        self.assertIn("North", target.display_name)
        unnamed = target.new({"measure": "won_amount", "date_from": "2026-01-01"})
        self.assertRegex(unnamed.display_name, "^Amount of deals won ")
        counted = self._target(
            4, employee_id=False, team_id=team.id, measure="won_count"
        )
        self._correct_credit(shared, {self.sales_north: 50, self.team_manager: 50})
        self._process()
        (target | counted).invalidate_recordset()
        self.assertEqual((target.achieved, counted.achieved), (10_000, 2))

    @mute_logger("odoo.sql_db")
    def test_target_is_for_an_employee_or_a_team(self):
        team = self.env["crm.team"].create({"name": "North", "company_id": False})
        for vals in ({"team_id": team.id}, {"employee_id": False}):
            with (
                self.subTest(vals),
                self.assertRaises(errors.CheckViolation),
                self.cr.savepoint(),
            ):
                self._target(**vals)

    def test_a_changed_target_is_computed_again(self):
        self._pay_attainment({0: 1, 100: 5}, "quarter")
        target = self._target(5000)
        lead = self._lead_won(self.sales_north, 4000, "2026-01-10")
        self.assertEqual(self._lines(lead).amount, 40)
        target.amount = 4000
        self._process()
        self.assertEqual(self._lines(lead).amount, 200)
        target.unlink()
        self._process()
        self.assertEqual(self._lines(lead).amount, 40)
        self._target(1000)
        self._process()
        self.assertEqual(self._lines(lead).amount, 200)

    def test_who_works_in_no_role_is_not_measured_by_what_others_sell(self):
        rules = {
            "Direct": {"role": "manager", "manager_level": 1, "rate": 1},
            "Own": {"rate": 5},
        }
        self._replace_plan(rules)
        target = self._target(employee_id=self.team_manager.id)
        self._lead_won(self.sales_north, 4000, "2026-01-10")
        credit = self.env["hr.commission.credit"].search(
            [("employee_id", "=", self.team_manager.id)]
        )
        self.assertEqual(credit.role, "manager")
        for role, achieved in (("sales", 0), ("none", 0), ("manager", 4000)):
            self.team_manager.commission_role = role
            target.invalidate_recordset()
            self.assertEqual(target.achieved, achieved, role)

    def test_targets_are_found_by_the_first_and_the_last_day(self):
        Target = self.env["hr.commission.target"]
        target = self._target(period="month", date_from="2026-02-01")
        key = (self.sales_north.id, "won_amount", target.date_from, "month")
        for first, last, is_found in (
            ("2026-01-01", "2026-01-31", False),
            ("2026-01-01", "2026-02-01", True),
            ("2026-02-28", "2026-03-31", True),
            ("2026-03-01", "2026-03-31", False),
        ):
            window = (date.fromisoformat(first), date.fromisoformat(last))
            amounts = Target._get_amounts({self.sales_north.id: window})
            self.assertEqual(key in amounts, is_found, window)
        team = self.env["crm.team"].create({"name": "North", "company_id": False})
        for subject, vals in (
            (("team", team.id), {"team_id": team.id}),
            (("company", self.north.id), {"branch_id": self.north.id}),
        ):
            self._target(
                70, employee_id=False, period="month", date_from="2026-03-01", **vals
            )
            of_march = (subject, "won_amount", date(2026, 3, 1), "month")
            amounts = Target._get_amounts({self.sales_north.id: window})
            self.assertEqual(amounts[of_march], 70, subject)
        self.assertFalse(Target.new({"date_from": False, "period": "month"}).date_to)

    def test_only_the_events_of_its_days_are_computed_again(self):
        """Of the person, of the team, of the branch."""
        team = self.env["crm.team"].create({"name": "North", "company_id": False})
        deals = self.env["crm.lead"]
        for day in ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"):
            deals += self._lead_won(
                self.sales_north, 100, day, team_id=team.id, process=False
            )
        self._process()
        for subject in (
            {},
            {"employee_id": False, "team_id": team.id},
            {"employee_id": False, "branch_id": self.north.id},
        ):
            target = self._target(period="month", date_from="2026-02-01", **subject)
            self._process()
            target.amount += 1
            pending = self._events(deals).filtered(lambda each: each.state == "pending")
            self.assertEqual(pending.lead_id, deals[1:3], subject)

    def test_a_refund_counts_for_the_period_of_its_sale(self):
        """In plain sums and in what the engine tells alike."""
        targets = self._target(measure="won_amount")
        targets += self._target(measure="referral_count")
        targets += self._target(measure="won_amount", date_from="2026-04-01")
        targets += self._target(measure="referral_count", date_from="2026-04-01")
        lead = self._lead_won(self.sales_north, 500, "2026-04-10", "referral")
        self.assertEqual(targets.mapped("achieved"), [0, 0, 500, 1])
        self.env.cr.execute(
            "UPDATE hr_commission_credit SET date_basis = '2026-03-31'"
            " WHERE event_id = ANY(%s)",
            (self._events(lead).ids,),
        )
        targets.invalidate_recordset()
        self.assertEqual(targets.mapped("achieved"), [500, 1, 0, 0])

    def test_joiner_and_leaver_have_the_part_of_the_contract(self):
        self._pay_attainment({0: 1, 100: 10})
        version = self.sales_north.version_id.sudo()
        version.contract_date_start = "2026-04-16"
        target = self._target(
            3000, period="month", date_from="2026-04-01", proration="contract"
        )
        self.assertEqual(target.amount_effective, 1500)
        lead = self._lead_won(self.sales_north, 1500, "2026-04-20")
        self.assertEqual(self._lines(lead).amount, 150)
        self.assertEqual(target.attainment, 100)
        # the contract began earlier after all: the target is more, the pay is less
        version.contract_date_start = "2026-04-11"
        self._process()
        self.assertEqual(target.amount_effective, 2000)
        self.assertEqual(self._lines(lead).amount, 15)
        self.assertEqual(target.attainment, 75)
        version.contract_date_end = "2026-04-25"
        self._process()
        self.assertEqual(target.amount_effective, 1500)
        self.assertEqual(self._lines(lead).amount, 150)
        version.write({"contract_date_start": "2026-05-01", "contract_date_end": False})
        self._process()
        self.assertEqual((target.amount_effective, target.attainment), (0, 0))
        self.assertEqual(self._lines(lead).amount, 15)  # as by 0 %

    def test_new_people_of_the_cookbook(self):
        self.sales_north.version_id.sudo().contract_date_start = "2026-04-16"
        for row in read_recipes()["New people"]:
            target = self._target(
                12_000,
                period="month",
                date_from=row["Month"],
                proration="contract",
                ramp="25, 50, 75, 100",
            )
            self.assertEqual(target.amount_effective, read_number(row["Target"]), row)

    def test_ramp_over_the_first_months(self):
        self.sales_north.version_id.sudo().contract_date_start = "2026-02-10"
        targets = self._target(1000, period="month", ramp="25, 50,75 %")
        for month in (2, 3, 4, 5):
            targets += targets[0].copy({"date_from": f"2026-{month:02}-01"})
        self.assertEqual(targets.mapped("amount_effective"), [250, 250, 500, 750, 1000])
        quarter = self._target(
            9000, date_from="2026-01-01", ramp="0, 50", proration="contract"
        )
        # 31 days of March by half, of 90
        self.assertEqual(quarter.amount_effective, 1550)
        with self.assertRaisesRegex(ValidationError, "list of percentages"):
            self._target(1, measure="won_count", ramp="a lot")

    def test_days_of_unpaid_absence_are_left_out(self):
        self._pay_attainment({0: 1, 100: 10})
        target = self._target(
            3000, period="month", date_from="2026-04-01", proration="present"
        )
        lead = self._lead_won(self.sales_north, 2000, "2026-04-20")
        self.assertEqual(self._lines(lead).amount, 20)
        absence = self.env["resource.calendar.leaves"].create(
            {
                "name": "Unpaid",
                "resource_id": self.sales_north.resource_id.id,
                "date_from": "2026-04-06 00:00:00",
                "date_to": "2026-04-15 15:00:00",
            }
        )
        self._process()
        self.assertEqual((target.amount_effective, target.attainment), (2000, 100))
        self.assertEqual(self._lines(lead).amount, 200)
        values = absence.copy_data()[0]
        early = self._target(
            3100, period="month", date_from="2026-01-01", proration="present"
        )
        absence.copy(
            {"date_from": "2026-01-05 08:00:00", "date_to": "2026-01-05 15:00:00"}
        )
        (early | target).invalidate_recordset()
        self.assertEqual((early | target).mapped("amount_effective"), [3000, 2000])
        absence.unlink()
        self._process()
        self.assertEqual(target.attainment, 66.66666666666667)
        # Odoo lets everybody enter their own, and a smaller target pays sooner
        own = absence.with_user(self.sales_north.user_id).sudo().create(values)
        target.invalidate_recordset()
        self.assertEqual(own.create_uid, self.sales_north.user_id)
        self.assertEqual(target.amount_effective, 3000)
        self.assertEqual(self._lines(lead).amount, 20)

    def test_part_time_within_the_period(self):
        """Half time from the 16th on, and four days away without pay."""
        self._pay_attainment({0: 1, 100: 10})
        whole, half = self.env["resource.calendar"].create(
            [
                {
                    "name": f"{hours} hours",
                    "company_id": self.north.id,
                    "full_time_required_hours": 40,
                    "hours_per_week": hours,
                }
                for hours in (40, 20)
            ]
        )
        version = self.sales_north.version_id.sudo()
        version.write({"date_version": "2026-01-01", "resource_calendar_id": whole.id})
        target = self._target(
            3000, period="month", date_from="2026-04-01", proration="working_time"
        )
        self.assertEqual(target.amount_effective, 3000)
        lead = self._lead_won(self.sales_north, 2050, "2026-04-20")
        self.assertEqual(self._lines(lead).amount, 20.5)
        self.sales_north.sudo().create_version(
            {"date_version": "2026-04-16", "resource_calendar_id": half.id}
        )
        self._process()
        self.assertEqual(target.amount_effective, 2250)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Unpaid",
                "resource_id": self.sales_north.resource_id.id,
                "date_from": "2026-04-27 00:00:00",
                "date_to": "2026-04-30 15:00:00",
            }
        )
        self._process()
        self.assertEqual(target.amount_effective, 2050)
        self.assertEqual(self._lines(lead).amount, 205)
        half.full_time_required_hours = 25
        self._process()
        self.assertEqual(target.amount_effective, 2380)
        self.assertEqual(self._lines(lead).amount, 20.5)
        half.full_time_required_hours = 0  # nobody said what full time is
        target.invalidate_recordset()
        self.assertEqual(target.amount_effective, 2600)

    def test_change_of_job_within_the_period(self):
        self._pay_attainment({0: 1, 100: 10})
        junior, senior = self.env["hr.job"].create(
            [{"name": name, "company_id": self.north.id} for name in ("Junior", "Lead")]
        )
        self.sales_north.version_id.sudo().write(
            {"date_version": "2026-01-01", "job_id": junior.id}
        )
        month = {"period": "month", "date_from": "2026-04-01"}
        targets = self._target(3000, job_id=junior.id, **month)
        targets += self._target(6000, job_id=senior.id, **month)
        self.assertEqual(targets.mapped("amount_effective"), [3000, 0])
        lead = self._lead_won(self.sales_north, 4000, "2026-04-20")
        self.assertEqual(self._lines(lead).amount, 400)
        self.sales_north.sudo().create_version(
            {"date_version": "2026-04-16", "job_id": senior.id}
        )
        self._process()
        self.assertEqual(targets.mapped("amount_effective"), [1500, 3000])
        self.assertEqual(self._lines(lead).amount, 40)

    def test_parts_are_of_people(self):
        team = self.env["crm.team"].create({"name": "North", "company_id": False})
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.CheckViolation):
            self._target(employee_id=False, team_id=team.id, proration="contract")

    def test_rates_as_targets(self):
        """What a target shows is what the bracket is looked up with."""
        targets = self._target(40, measure="conversion_rate")
        for measure, amount in (
            ("referral_count", 1),
            ("referral_rate", 50),
            ("repeat_rate", 50),
            ("joint_count", 4),
        ):
            targets += self._target(amount, measure=measure)
        customer = self.env["res.partner"].create({"name": "Buys again"})
        first = self._lead_won(
            self.sales_north, 100, "2026-01-10", partner_id=customer.id
        )
        self._lead_won(
            self.sales_north, 100, "2026-01-20", "referral", partner_id=customer.id
        )
        for day in range(1, 6):
            self._lead_open(self.sales_north, 1, date_qualified=f"2026-02-0{day}")
        self._correct_credit(first, {self.sales_north: 50, self.sales_south: 50})
        self._process()
        self.assertEqual(targets.mapped("achieved"), [40, 1, 50, 50, 1])
        self.assertEqual(targets.mapped("attainment"), [100, 100, 100, 100, 25])

    def test_a_rate_decides_the_bracket(self):
        plan = {
            "tier_mode": "whole",
            "tier_measure": "attainment",
            "target_measure": "referral_rate",
            "tier_period": "quarter",
            "tier_ids": [
                (0, 0, {"from_value": 0, "rate": 1}),
                (0, 0, {"from_value": 100, "rate": 5}),
            ],
        }
        self._replace_plan(
            {
                "Target": plan,
                "Direct": {
                    **plan,
                    "tier_measure": "repeat_rate",
                    "tier_ids": [(0, 0, {"from_value": 40, "rate": 2})],
                },
                "Quick": {
                    **plan,
                    "tier_measure": "days_to_sign",
                    "tier_period": "event",
                    "tier_ids": [
                        (0, 0, {"from_value": 0, "rate": 3}),
                        (0, 0, {"from_value": 10, "rate": 0}),
                    ],
                },
            }
        )
        self._target(30, measure="referral_rate")
        customer = self.env["res.partner"].create({"name": "Buys again"})
        deals = self._lead_won(
            self.sales_north, 100, "2026-03-10", partner_id=customer.id
        )
        deals += self._lead_won(
            self.sales_north, 200, "2026-03-20", "referral", partner_id=customer.id
        )
        self.assertEqual(
            [
                sorted(
                    (line.rule_id.name, line.amount)
                    for line in self._lines(deal)
                    if line.state != "cancelled"
                )
                for deal in deals
            ],
            [
                [("Direct", 2), ("Quick", 3), ("Target", 5)],
                [("Direct", 4), ("Quick", 6), ("Target", 10)],
            ],
        )

    def test_a_score_counts_once_somebody_else_approved_it(self):
        self._pay_attainment({0: 0, 90: 5}, target_measure="score")
        lead = self._lead_won(self.sales_north, 1000, "2026-04-10")
        target = self._target(
            100, measure="score", period="month", date_from="2026-04-01"
        )
        maker = target.with_env(self._as(self.officer_north))
        other = target.with_env(self._as(self.officer_hq))
        with self.assertRaisesRegex(UserError, "Enter the score"):
            other.action_approve_score()
        maker.write({"score": 95, "score_note": "Trained two people"})
        self._process()
        self.assertEqual((target.score_state, target.attainment), ("entered", 0))
        self.assertFalse(self._lines(lead))
        with self.assertRaisesRegex(AccessError, "somebody else"):
            maker.action_approve_score()
        with self.assertRaises(AccessError):
            maker.score_state = "approved"
        with self.assertRaises(AccessError):
            target.with_env(self._as(self.sales_north)).action_approve_score()
        other.action_approve_score()
        self._process()
        self.assertEqual((target.score_state, target.attainment), ("approved", 95))
        self.assertEqual(self._lines(lead).amount, 50)
        maker.score = 80
        self._process()
        self.assertEqual((target.score_state, target.attainment), ("entered", 0))
        self.assertEqual(sum(self._lines(lead).mapped("amount")), 0)

    def _split(self, target, by, weights=(), **vals):
        """Split a target as an officer does, and return the parts."""
        Split = self._as(self.officer_hq)["hr.commission.target.split"]
        form = Form(Split.with_context(default_target_id=target.id))
        form.by = by
        for name, value in vals.items():
            setattr(form, name, value)
        for number, weight in enumerate(weights):
            with form.line_ids.edit(number) as line:
                line.weight = weight
        split = form.save()
        action = split.action_split()
        return split, self.env["hr.commission.target"].search(
            action["domain"], order="date_from, amount desc, id"
        )

    def test_split_over_the_seasons_of_the_year(self):
        year = self._target(100_000, period="year")
        split, months = self._split(year, "month", [1] * 10 + [2, 3])
        self.assertEqual(len(months), 12)
        self.assertEqual(sum(months.mapped("amount")), 100_000)
        high, low, november, december = (
            read_number(row["Target of each"])
            for row in read_recipes()["Seasons and teams"]
        )
        self.assertEqual(
            sorted(months.mapped("amount")),
            [low] * 3 + [high] * 7 + [november, december],
        )
        self.assertEqual(split.difference, 0)
        self.assertEqual(set(months.mapped("period")), {"month"})
        # once more: the same targets get other amounts
        _split, again = self._split(year, "month")
        self.assertEqual(again, months)
        self.assertEqual(sum(again.mapped("amount")), 100_000)
        _split, quarters = self._split(year, "quarter", rounding=1000)
        self.assertEqual(quarters.mapped("amount"), [25_000] * 4)

    def test_split_from_the_top_down(self):
        team = self.env["crm.team"].create(
            {
                "name": "North",
                "company_id": False,
                "member_ids": (self.sales_north + self.team_manager).user_id.ids,
            }
        )
        whole = self._target(
            1000, employee_id=False, branch_id=self.north.id, date_from="2026-04-01"
        )
        self._split(whole, "team")
        of_team = self.env["hr.commission.target"].search([("team_id", "=", team.id)])
        of_team.amount = 1000
        split, people = self._split(of_team, "employee", [1, 2], over_percent=10)
        self.assertEqual(people.employee_id, (self.sales_north + self.team_manager))
        self.assertEqual(people.mapped("amount"), [733, 367])
        self.assertEqual((split.assigned, split.difference), (1100, 100))
        self.assertEqual(people.company_id, self.north)

    def test_what_is_not_split(self):
        with self.assertRaisesRegex(UserError, "rate is not split"):
            self._split(self._target(10, measure="conversion_rate"), "month")
        with self.assertRaisesRegex(UserError, "nobody, or no period"):
            self._split(self._target(10), "employee")
        with self.assertRaises(AccessError):
            self._as(self.sales_north)["hr.commission.target.split"].create(
                {"target_id": self._target(10, measure="won_count").id}
            )

    def test_import_template(self):
        Target = self._as(self.officer_hq)["hr.commission.target"]
        path = Target.get_import_templates()[-1]["template"].lstrip("/")
        self.env["hr.employee"].create(
            {"name": "Anita Oliver", "company_id": self.hq.id}
        )
        with file_open(path) as file:
            header, *rows = csv.reader(file)
        result = Target.load(header, rows)
        self.assertFalse(result["messages"])
        self.assertEqual(len(result["ids"]), 3)

    def test_import(self):
        result = self._as(self.officer_north, self.north)["hr.commission.target"].load(
            ["employee_id/.id", "measure", "period", "date_from", "amount"],
            [
                [
                    str(employee.id),
                    "Amount of deals won",
                    "Month",
                    f"2026-{month:02}-01",
                    "25000.50",
                ]
                for employee in (self.sales_north, self.team_manager)
                for month in range(1, 13)
            ],
        )
        self.assertFalse(result["messages"])
        targets = self.env["hr.commission.target"].browse(result["ids"])
        self.assertEqual(len(targets), 24)
        self.assertEqual(set(targets.mapped("amount")), {25000.5})
        self.assertEqual(targets.company_id, self.north)
        self.assertEqual(targets[11].date_to, date(2026, 12, 31))

    def test_who_reads_and_who_writes(self):
        mine = self._target()
        other = self._target(employee_id=self.sales_south.id, company_id=self.south.id)
        for employee, expected in (
            (self.sales_north, mine),
            (self.team_manager, mine),
            (self.manager_north, mine),
            (self.sales_south, other),
            (self.area_manager, other),
            (self.officer_hq, mine + other),
        ):
            with self.subTest(employee.name):
                found = self._as(employee)["hr.commission.target"].search([])
                self.assertEqual(set(found.ids), set(expected.ids))
        for employee in (self.sales_north, self.team_manager, self.manager_north):
            with self.subTest(employee.name), self.assertRaises(AccessError):
                mine.with_env(self._as(employee)).amount = 1
        with self.assertRaises(AccessError):
            other.with_env(self._as(self.officer_north)).amount = 1
