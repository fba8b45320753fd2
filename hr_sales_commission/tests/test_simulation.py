# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..controllers.simulation import build_workbook
from ..models import hr_commission_simulation
from ..pipeline.fact_loader import FactLoader
from ..pipeline.plan_comparison import PlanComparison
from .common import CommissionCommon
from .replay import play_lines, read_awards, read_checksums, read_posted
from .workbook import read_workbook

#: before the reform of the article
OLD_RULES = {
    "MKT_OLD": {"role": "marketing", "commission_source": "marketing", "rate": 4},
    "SAL_OLD": {"role": "sales", "commission_source": "marketing", "rate": 2},
    "OWN_OLD": {"role": "sales", "commission_source": "own", "rate": 5},
}


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestSimulation(CommissionCommon):
    def _simulate(self, plans, employee=None, companies=None, **vals):
        """Fill in the form as an officer and compute.

        :return: results by (employee, plan)
        """
        env = self._as(employee or self.officer_hq, *(companies or self.branches))
        form = Form(env["hr.commission.simulation"])
        form.name = "What if"
        form.date_from = vals.pop("date_from", "2026-01-01")
        form.date_to = vals.pop("date_to", "2026-04-30")
        for plan in plans:
            form.plan_ids.add(plan.with_env(env))
        for name, value in vals.items():
            setattr(form, name, value.with_env(env))
        simulation = form.save()
        simulation.action_run()
        return {
            (result.employee_id.name, result.plan_id.name): (
                result.amount_before,
                result.amount,
                result.difference,
            )
            for result in simulation.result_ids
        }

    def _draft(self, name, rules, **vals):
        return self._create_plan(rules, active=False, name=name, **vals)

    def _deals_of_the_article(self):
        leads = self.env["crm.lead"].create(
            [
                self._lead_vals(
                    self.sales_north, 10000, "marketing", date_qualified="2026-01-05"
                )
                for _number in range(100)
            ]
        )
        leads[:50].write(
            {
                "stage_id": self.stage_won.id,
                "date_won": "2026-02-02",
                "won_amount": 10000,
            }
        )
        self._lead_won(self.sales_south, 10000, "2026-02-03", "own")
        self._lead_won(self.sales_south, 10000, "2026-02-03", "referral")

    def test_w50_old_and_new_policy(self):
        self._deals_of_the_article()
        lines = self.env["hr.commission.line"].search_count([])
        old = self._draft("Old", OLD_RULES)
        expected = {
            ("marketer", self.plan.name): (20000, 20100, 100),
            ("sales_north", self.plan.name): (10000, 20000, 10000),
            ("sales_south", self.plan.name): (500, 800, 300),
        }
        self.assertEqual(self._simulate(self.plan, baseline_id=old), expected)
        # W48: the 1 % is a bonus of its own, due seven working days after the signing
        simulation = self.env["hr.commission.simulation"].search([], limit=1)
        bonus = simulation.detail_ids.filtered(lambda each: each.kind == "bonus")
        self.assertEqual(
            (sum(bonus.mapped("amount")), sum(bonus.mapped("base"))), (5000, 500000)
        )
        self.assertEqual(bonus.mapped("month_due"), [date(2026, 2, 1)])
        # the other way round: what is in force against the old policy
        self.assertEqual(
            self._simulate(old),
            {
                (name, "Old"): (after, before, -difference)
                for (name, _plan), (before, after, difference) in expected.items()
            },
        )
        self.assertEqual(self.env["hr.commission.line"].search_count([]), lines)

    def test_the_ready_made_plans_are_the_article(self):
        self._deals_of_the_article()
        data = "hr_sales_commission.hr_commission_plan_template_"
        reference = self.env.ref(f"{data}reference")
        results = self._simulate(reference)
        self.assertEqual({row[2] for row in results.values()}, {0.0})

    def test_several_plans_at_once(self):
        self._lead_won(self.sales_north, 1000, "2026-02-03")
        plans = self._draft("Seven", {"All": {"rate": 7}})
        plans += self._draft("Eight", {"All": {"rate": 8}})
        self.assertEqual(
            self._simulate(plans),
            {
                ("sales_north", "Seven"): (50, 70, 20),
                ("sales_north", "Eight"): (50, 80, 30),
            },
        )

    def test_period_rules_see_what_lies_outside(self):
        """Tiers over the quarter: January decides what February's deal pays."""
        plan = self._draft(
            "Tiers",
            {
                "Tiers": {
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "quarter",
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 1}),
                        Command.create({"from_value": 1000, "rate": 10}),
                    ],
                }
            },
        )
        self._lead_won(self.sales_north, 1000, "2026-01-15")
        self._lead_won(self.sales_north, 1000, "2026-02-15")
        whole = self._simulate(plan)
        self.assertEqual(whole["sales_north", "Tiers"], (100, 110, 10))
        february = self._simulate(plan, date_from="2026-02-01")
        self.assertEqual(february["sales_north", "Tiers"], (50, 100, 50))

    def test_managers_whom_nobody_pays_yet(self):
        plan = self._draft(
            "Override",
            {
                "One": {"role": "manager", "manager_level": 1, "rate": 1},
                "Two": {"role": "manager", "manager_level": 2, "rate": 2},
            },
        )
        self._lead_won(self.sales_north, 1000, "2026-02-03")
        self.assertEqual(
            self._simulate(plan),
            {
                ("sales_north", "Override"): (50, 0, -50),
                ("team_manager", "Override"): (0, 10, 10),
                ("manager_north", "Override"): (0, 20, 20),
            },
        )

    # ------------------------------------------------------------------
    # In the place of exactly the plan it would replace
    # ------------------------------------------------------------------

    def test_plans_of_branches_and_people_stay(self):
        """Headquarters' candidate touches nobody who has a nearer plan."""
        self._create_plan({"Own": {"rate": 9}}, company_id=self.south.id, name="South")
        personal = self._create_plan(
            {"Star": {"rate": 12}}, is_personal=True, name="Star"
        )
        star = self._create_person("star", self.north)
        star.version_id.sudo().write(
            {"commission_plan_id": personal.id, "date_version": "2020-01-01"}
        )
        for seller in (self.sales_north, self.sales_south, self.sales_south_a, star):
            self._lead_won(seller, 1000, "2026-02-03")
        candidate = self._draft("Seven", {"All": {"rate": 7}})
        rows = self._simulate(candidate)
        self.assertEqual(
            rows,
            {
                ("sales_north", "Seven"): (50, 70, 20),
                ("sales_south", "Seven"): (90, 90, 0),
                ("sales_south_a", "Seven"): (90, 90, 0),
                ("star", "Seven"): (120, 120, 0),
            },
        )
        cases = [
            (
                "a branch's",
                {"company_id": self.south.id},
                {"sales_south", "sales_south_a"},
            ),
            (
                "a lower branch's first plan",
                {"company_id": self.south_a.id},
                {"sales_south_a"},
            ),
            (
                "a new version of South's",
                {"of": "South"},
                {"sales_south", "sales_south_a"},
            ),
            ("a new version of the star's", {"of": "Star"}, {"star"}),
        ]
        for title, vals, touched in cases:
            with self.subTest(title):
                of = vals.pop("of", None)
                if of:
                    former = self.env["hr.commission.plan"].search([("name", "=", of)])
                    vals = {
                        "company_id": former.company_id.id,
                        "previous_id": former.id,
                        "is_personal": former.is_personal,
                        "date_start": "2026-06-01",
                    }
                plan = self._draft(title, {"All": {"rate": 1}}, **vals)
                changed = {
                    person
                    for (person, _plan), row in self._simulate(plan).items()
                    if row[2]
                }
                self.assertEqual(changed, touched)

    def test_its_days(self):
        """A version replaces the days of the one before; a start inside counts."""
        self.plan.write({"state": "closed", "date_end": "2026-02-28"})
        later = self._create_plan(
            {"All": {"rate": 6}}, name="Later", date_start="2026-03-01"
        )
        self._lead_won(self.sales_north, 1000, "2026-02-03")
        self._lead_won(self.sales_north, 1000, "2026-03-03")
        self._lead_won(self.sales_north, 1000, "2026-04-03")
        cases = [
            # the version after Later, and what begins within, before and after
            ({"previous_id": later.id, "date_start": "2026-06-01"}, 50 + 10 + 10),
            ({"date_start": "2026-04-01"}, 50 + 60 + 10),
            ({"date_start": "2026-04-01", "days": "all"}, 30),
            ({"date_start": "2025-01-01"}, 30),
            ({"date_start": "2026-07-01"}, 30),
            ({"date_start": "2026-02-01", "date_end": "2026-03-31"}, 10 + 10 + 60),
        ]
        for number, (vals, amount) in enumerate(cases):
            with self.subTest(vals):
                days = vals.pop("days", "own")
                name = f"Candidate {number}"
                plan = self._draft(name, {"All": {"rate": 1}}, **vals)
                simulation = self._create_simulation(plan, days=days)
                simulation.action_run()
                self.assertEqual(simulation.result_ids.amount, amount)
                self.assertEqual(simulation.result_ids.amount_before, 170)
        # what really ran, simulated: the ledger
        simulation = self._create_simulation(later)
        simulation.action_run()
        self.assertEqual(simulation.result_ids.mapped("difference"), [0])

    def test_what_replaces_nothing_says_so(self):
        self._lead_won(self.sales_north, 1000, "2026-02-03")
        plan = self._draft("Nobody's", {"All": {"rate": 7}}, is_personal=True)
        simulation = self._create_simulation(plan)
        simulation.action_run()
        self.assertEqual(simulation.result_ids.mapped("difference"), [0])
        self.assertIn("takes the place of no plan", simulation.notes)

    def test_what_could_not_be_replayed_is_counted(self):
        self._lead_won(self.sales_north, 1000, "2026-02-03")
        failed = self._lead_won(self.sales_north, 2000, "2026-02-04")
        self._events(failed).write({"state": "error", "error": "No rate"})
        nobody = self._lead_won(self.marketer, 500, "2019-05-05")
        by_hand = {"company_id": self.north.id, "kind": "manual", "note": "Agreed"}
        self.env["hr.commission.line"].create(
            {
                **by_hand,
                "employee_id": self.sales_north.id,
                "amount": 50,
                "date": "2026-03-01",
            }
        )
        plan = self._draft("Invoices", {"All": {"event_type": "lead_qualified"}})
        simulation = self._create_simulation(plan, date_from="2019-01-01")
        simulation.action_run()
        self.assertTrue(nobody.date_won)
        for text in (
            "1 events are in error and were left out",
            "Nothing in the period is paid for “Lead qualified”",
            "1 parts of events fall under no plan",
            "Entered by hand, imported or awarded in a dispute: 1.",
        ):
            self.assertIn(text, simulation.notes)
        # what was decided stays under every plan, so that before is the ledger
        result = simulation.result_ids.filtered(
            lambda each: each.employee_id == self.sales_north
        )
        self.assertRecordValues(
            result,
            [
                {
                    "amount_before": 100.0,
                    "amount": 50.0,
                    "paid": 50.0,
                    "paid_before": 100,
                }
            ],
        )
        deals = self.env["hr.commission.simulation.deal"].search(
            result.action_view_deals()["domain"]
        )
        self.assertEqual(sum(deals.mapped("amount")), 50)
        self.assertIn("stay", simulation.notes)

    def test_what_was_awarded_is_in_what_was_before_and_after(self):
        """The old total is the ledger's, awards of disputes with it."""
        lead = self._lead_won(self.sales_north, 1000, "2026-02-03", source="marketing")
        [line, *_more] = self._lines(lead).filtered(
            lambda line: line.rule_id.name == "SAL_MKT"
        )
        dispute = self._as(self.sales_north)["hr.commission.dispute"].create(
            {
                "kind": "line",
                "line_id": line.id,
                "reason": "I was promised more",
                "claimed_amount": 45,
            }
        )
        decider = self._create_person(
            "decider",
            self.hq,
            companies=self.branches,
            groups="hr_sales_commission.group_commission_officer",
            role="none",
        )
        dispute.with_user(decider.user_id).action_decide("accepted", "Yes")
        posted = self._lines(lead) | dispute.sudo().posted_line_id
        plan = self._draft("Other", {"All": {"rate": 2}})
        simulation = self._create_simulation(plan)
        simulation.action_run()
        before, after = (
            sum(simulation.result_ids.mapped(name))
            for name in ("amount_before", "amount")
        )
        self.assertTrue(dispute.sudo().posted_line_id)
        self.assertAlmostEqual(before, sum(posted.mapped("amount")), 2)
        award = dispute.sudo().posted_line_id.amount
        self.assertAlmostEqual(after, 20 + award, 2)

    def _create_simulation(self, plans, **vals):
        return (
            self.env["hr.commission.simulation"]
            .with_context(allowed_company_ids=self.branches.ids)
            .create(
                {
                    "name": "What if",
                    "company_id": self.hq.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-05-20",
                    "plan_ids": [Command.set(plans.ids)],
                    **vals,
                }
            )
        )

    def test_what_ran_is_the_ledger_line_by_line(self):
        """Tiers, caps, holdbacks, shares, losses, two plans in the period."""
        self.plan.write({"state": "closed", "date_end": "2026-02-28"})
        plan = self._create_plan(
            {
                "Tiers": {
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "quarter",
                    "cap": 333.33,
                    "cap_period": "quarter",
                    "requires_verification": False,
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 1.234}),
                        Command.create({"from_value": 1777, "rate": 10.5}),
                    ],
                },
                "Held": {"role": "marketing", "rate": 3.3, "holdback_percent": 20},
                "Lead": {
                    "role": "marketing",
                    "event_type": "lead_qualified",
                    "amount_type": "fixed",
                    "amount": 33.33,
                },
                "Boss": {"role": "manager", "manager_level": 2, "rate": 0.7},
            },
            date_start="2026-03-01",
        )
        leads = self.env["crm.lead"]
        for number in range(12):
            day = date(2026, 1, 20) + timedelta(days=9 * number)
            seller = (self.sales_north, self.sales_south, self.sales_south_a)[
                number % 3
            ]
            source = ("own", "marketing", "referral")[number % 3]
            leads += self._lead_won(
                seller,
                777.77 + 100 * number,
                day,
                source,
                verified=bool(number % 2),
                date_qualified=day - timedelta(days=3),
                commission_share_ids=[
                    Command.create(
                        {"role": "sales", "employee_id": person.id, "percent": percent}
                    )
                    for person, percent in ((seller, 66.6), (self.team_manager, 33.4))
                ]
                if number == 4
                else [],
            )
        leads[7].stage_id = self.stage_new
        self._process()
        ledger = read_checksums(self.env)
        simulation = self._create_simulation(plan)
        simulation.action_run()
        self.assertFalse(any(simulation.result_ids.mapped("difference")))
        replayed = read_awards(simulation)
        self.assertEqual(replayed, read_posted(self._lines(leads)))
        self.assertGreater(len(replayed), 25)
        # by everything, too: the pivot adds up to the people, and to the ledger
        details = simulation.detail_ids
        self.assertAlmostEqual(
            sum(details.filtered("is_before").mapped("amount")),
            sum(self._lines(leads).mapped("amount")),
        )
        self.assertEqual(read_checksums(self.env), ledger)

    def test_what_ran_is_the_ledger_in_any_year(self):
        """Years of their own, leavers, releases, corrections; days amid the periods."""
        tiers = {"tier_mode": "marginal", "tier_measure": "cumulative"}
        brackets = [
            Command.create({"from_value": 0, "rate": 1.3}),
            Command.create({"from_value": 2500, "rate": 7.7}),
        ]
        self._replace_plan(
            {
                **{
                    period: {**tiers, "tier_period": period, "tier_ids": brackets}
                    for period in ("week", "month", "quarter", "year")
                },
                "Capped": {"rate": 5, "cap": 99.99, "cap_period": "year"},
                "Leaver": {"rate": 3, "leaver_days": 10},
                "Held": {"rate": 2.2, "holdback_percent": 25, "holdback_days": 30},
                "Lead": {"role": "marketing", "rate": 1, "holdback_percent": 10},
            },
            cap=700,
            cap_period="quarter",
            threshold=20,
        )
        self._lead_over_half_a_year()
        years = [
            ({"commission_year_month": "4"}, {}),
            ({"commission_year_month": "1", "commission_year_day": 26}, {}),
            (
                {"commission_year_month": "2", "commission_year_weeks": "454"}
                | {"commission_year_weekday": "6"},
                {"commission_year_month": "7"},
            ),
        ]
        days = date(2026, 2, 10), date(2026, 4, 5)
        plan = self.env["hr.commission.plan"].search([("state", "=", "active")])
        for of_all, of_south in years:
            with self.subTest(of_all):
                self.hq.write(of_all)
                self.south.write(of_south)
                self._process()
                posted = read_posted(
                    self.env["hr.commission.line"].search(
                        [("event_id.date", ">=", days[0])]
                        + [("event_id.date", "<=", days[1])]
                    )
                )
                self.assertGreater(len(posted), 40)
                for tried in (None, plan):
                    played, faults = play_lines(
                        self.env, self.hq, tried, self.branches, *days
                    )
                    self.assertFalse(faults)
                    self.assertEqual(played, posted)

    def _lead_over_half_a_year(self):
        self.sales_south.current_version_id.departure_date = "2026-03-08"
        leads = self.env["crm.lead"]
        sellers = self.sales_north, self.sales_south, self.sales_south_a
        for number in range(24):
            leads += self._lead_won(
                sellers[number % 3],
                311.17 + 83 * number,
                date(2025, 12, 1) + timedelta(days=7 * number),
                "marketing" if number % 2 else "own",
                process=False,
            )
        self._process()
        leads[13].stage_id = self.stage_new
        shares = {self.sales_south_a: 33.33, self.team_manager: 66.67}
        self._correct_credit(leads[12], shares)
        self._process()

    # ------------------------------------------------------------------
    # Facts asked again
    # ------------------------------------------------------------------

    def test_another_definition_of_the_qualified_lead(self):
        leads = self.env["crm.lead"].create(
            [
                self._lead_vals(
                    self.sales_north,
                    1000,
                    "marketing",
                    need_description=need,
                    need_fit=fit,
                    first_touch_date=day,
                )
                for need, fit, day in (
                    ("Crane", "full", "2026-02-02"),
                    ("Crane", "none", "2026-02-02"),
                    (False, "full", "2026-03-03"),
                    (False, "full", "2025-03-03"),  # before the period
                )
            ]
        )
        imported = self.env["crm.lead"].create(
            self._lead_vals(
                self.sales_north, 1, "marketing", date_qualified="2026-02-05"
            )
        )
        leads.touchpoint_ids.sudo().write({"kind": "web_form"})
        leads[:2]._commission_capture({"date_qualified", "need_description"})
        self._process()
        qualified = leads.filtered("is_qualified") | imported
        self.assertEqual(qualified, leads[:2] | imported)
        ledger = read_checksums(self.env)
        plan = self._draft(
            "By Fit",
            {"MKT_LEAD": self._lead_rule()},
            qualification_domain="[('need_fit', '=', 'full')]",
        )
        simulation = self._create_simulation(plan)
        simulation.action_run()
        # 3 before; the second loses it, the third has it, the imported one keeps it
        self.assertEqual(simulation.result_ids.amount_before, 300)
        self.assertEqual(simulation.result_ids.amount, 300)
        months = {
            fields.Date.to_string(detail.month): detail.amount
            for detail in simulation.detail_ids.filtered(
                lambda each: not each.is_before
            )
        }
        self.assertEqual(months["2026-03-01"], 100)
        self.assertIn("1 leads would not have been qualified", simulation.notes)
        self.assertIn("1 leads would have been qualified", simulation.notes)
        self.assertEqual(read_checksums(self.env), ledger)
        # brackets count the three, not the one that would not have been qualified
        bracket = {**self._lead_rule(), "tier_mode": "whole", "tier_period": "year"}
        bracket |= {"tier_measure": "qualified_count"}
        bracket["tier_ids"] = [
            Command.create({"from_value": bound, "rate": amount})
            for bound, amount in ((0, 100), (3.5, 1000))
        ]
        tiers = self._draft(
            "Tiers",
            {"MKT_LEAD": bracket},
            qualification_domain=plan.qualification_domain,
        )
        simulation = self._create_simulation(tiers)
        simulation.action_run()
        self.assertEqual(simulation.result_ids.amount, 300)
        same = self._draft("Same", {"MKT_LEAD": self._lead_rule()})
        simulation = self._create_simulation(same)
        simulation.action_run()
        self.assertNotIn("qualified", simulation.notes or "")

    @staticmethod
    def _lead_rule():
        return {
            "event_type": "lead_qualified",
            "role": "marketing",
            "amount_type": "fixed",
            "amount": 100,
        }

    def test_another_attribution(self):
        second = self._create_person("second", self.hq, role="marketing")
        lead = self._lead_open(self.sales_north, 1000, "marketing")
        for marketer, day in ((self.marketer, "2026-01-02"), (second, "2026-01-20")):
            self.env["crm.touchpoint"].sudo().create(
                {
                    "lead_id": lead.id,
                    "kind": "demo",
                    "date": f"{day} 10:00:00",
                    "commission_source": "marketing",
                    "employee_id": marketer.id,
                    "company_id": self.north.id,
                }
            )
        lead.write({"stage_id": self.stage_won.id, "date_won": "2026-02-03"})
        self._process()
        rules = {"MKT": {"role": "marketing", "rate": 2}}
        for model, expected in (
            ("first", {"marketer": 20}),
            ("last", {"second": 20}),
            ("linear", {"marketer": 10, "second": 10}),
        ):
            with self.subTest(model):
                plan = self._draft(model, rules, attribution=model)
                simulation = self._create_simulation(plan)
                simulation.action_run()
                amounts = {
                    result.employee_id.name: result.amount
                    for result in simulation.result_ids
                    if result.amount
                }
                self.assertEqual(amounts, expected)

    def test_draws_and_guarantees(self):
        self._lead_won(self.sales_north, 10000, "2026-02-03")
        plan = self._draft(
            "Draw", {"SAL_OWN": {"rate": 5}}, draw_amount=200, is_draw_recoverable=True
        )
        simulation = self._create_simulation(
            plan, date_from="2026-01-01", date_to="2026-03-31"
        )
        simulation.action_run()
        seller = simulation.result_ids.filtered(
            lambda each: each.employee_id == self.sales_north
        )
        # January 200 in advance; February 500 less 200; March 200 in advance
        self.assertEqual((seller.paid_before, seller.paid), (500, 200 + 300 + 200))
        idle = simulation.result_ids.filtered(
            lambda each: each.employee_id == self.sales_south
        )
        self.assertEqual((idle.amount, idle.paid), (0, 600))

    def test_who_changed_the_branch_is_promised_a_draw_once(self):
        self._lead_won(self.sales_north, 10000, "2026-02-03")
        self.sales_north.company_id = self.south
        plan = self._draft(
            "Draw", {"SAL_OWN": {"rate": 5}}, draw_amount=200, is_draw_recoverable=True
        )
        simulation = self._create_simulation(
            plan, date_from="2026-01-01", date_to="2026-03-31"
        )
        simulation.action_run()
        paid = {
            result.company_id: result.paid
            for result in simulation.result_ids
            if result.employee_id == self.sales_north
        }
        # January and March in the branch of today, February where it was earned
        self.assertEqual(paid, {self.north: 500, self.south: 400})

    def test_who_is_paid_by_two_branches_is_promised_and_limited_once(self):
        """As statements do, see ``test_a_promise_is_one_for_two_branches``."""
        self._lead_won(self.sales_north, 10000, "2026-01-10")
        self._move_to_south(self.sales_north)
        self._lead_won(self.sales_north, 6000, "2026-01-20")
        rule = {"SAL_OWN": {"rate": 5}}
        for name, terms, paid in (
            ("Draw", {"draw_amount": 2000, "guaranteed_minimum": 1000}, 2000),
            ("Cap", {"cap": 600, "cap_excess": "carry"}, 600),
        ):
            with self.subTest(name):
                simulation = self._create_simulation(
                    self._draft(name, rule, **terms),
                    date_from="2026-01-01",
                    date_to="2026-01-31",
                )
                simulation.action_run()
                results = simulation.result_ids.filtered(
                    lambda each: each.employee_id == self.sales_north
                )
                self.assertEqual(len(results), 2)
                self.assertEqual(sum(results.mapped("paid")), paid)

    def test_months_are_settled_with_the_same_statements_for_everybody(self):
        plan = self._draft("Draw", {"SAL_OWN": {"rate": 5}}, draw_amount=200)
        simulation = self._create_simulation(
            plan, date_from="2026-01-01", date_to="2026-03-31"
        )
        variant = simulation._get_stand_in(plan)
        dollars = self.env.ref("base.USD")
        dollars.active = True
        self.south.currency_id = dollars
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollars.id,
                "name": "2026-01-01",
                "rate": 2,
                "company_id": self.hq.id,
            }
        )
        people = self.sales_north + self.sales_south + self.team_manager + self.marketer

        def settle(*employees):
            """Settle a month that each earned in two branches, of two currencies."""
            earned = {
                (employee.id, company.id): {date(2026, 1, 1): Decimal(amount)}
                for employee in employees
                for company, amount in ((self.north, 50), (self.south, 30))
            }
            tally = SimpleNamespace(amounts_by_month=lambda: earned)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            paid = simulation._settle(variant, tally)
            return paid, self.cr.sql_log_count - before

        settle(*people)  # fills the caches
        paid_alone, alone = settle(self.sales_north)
        paid, together = settle(*people)
        self.assertEqual(together, alone)
        for company in self.north + self.south:
            key = self.sales_north.id, company.id
            self.assertEqual(paid[key], paid_alone[key])
            self.assertGreater(paid[key], 0)

    # ------------------------------------------------------------------
    # Looking at the result
    # ------------------------------------------------------------------

    def test_a_plan_is_tried_on_the_year_from_the_plan_itself(self):
        self._lead_won(self.sales_north, 1000, "2026-02-02")
        draft = self._draft("Richer", {"OWN": {"role": "sales", "rate": 7}})
        env = self._as(self.officer_hq, *self.branches)
        action = draft.with_env(env).action_simulate()
        simulation = env[action["res_model"]].browse(action["res_id"])
        self.assertIn("Richer", action["name"])
        self.assertEqual(simulation.state, "done")
        self.assertEqual(str(simulation.date_from), "2026-01-01")
        with self.assertRaises(AccessError):
            draft.with_env(self._as(self.sales_north)).action_simulate()

    def test_before_is_added_once(self):
        self._lead_won(self.sales_north, 1000, "2026-02-03")
        self._lead_won(self.sales_south, 2000, "2026-02-03")
        plans = self._draft("Seven", {"All": {"rate": 7}})
        plans += self._draft("Eight", {"All": {"rate": 8}})
        simulation = self._create_simulation(plans)
        simulation.action_run()
        Result = self.env["hr.commission.simulation.result"]
        domain = [("simulation_id", "=", simulation.id)]
        sums = ["amount_before:sum", "amount:sum", "difference:sum_currency"]
        self.assertEqual(Result._read_group(domain, [], sums), [(150, False, False)])
        self.assertEqual(
            Result._read_group(domain, ["plan_id"], sums),
            [(plans[0], 150, 210, 60), (plans[1], 150, 240, 90)],
        )
        Detail = self.env["hr.commission.simulation.detail"]
        for grouped, expected in (
            ([], [False]),
            (["variant"], [240, 210, 150]),
            (["employee_id"], [False, False]),
        ):
            found = Detail._read_group(domain, grouped, ["amount:sum"])
            self.assertEqual([row[-1] for row in found], expected)
        self.assertEqual(simulation.amount_signed, 3000)
        for text in ("Seven", "Eight", "sales_south", ">8 %<", ">5 %<"):
            self.assertIn(text, simulation.comparison)
        people, everything = read_workbook(build_workbook(simulation)).values()
        self.assertEqual(len(people), 1 + 2)
        for sheet, expected in (
            (people, {"Before": 150, "Seven: With This Plan": 210}),
            (people, {"Eight: With This Plan": 240, "Eight: Difference": 90}),
            (everything, {"Today": 150, "Seven": 210, "Eight": 240}),
        ):
            for label, total in expected.items():
                at = sheet[0].index(label)
                self.assertEqual(sum(row[at] or 0 for row in sheet[1:]), total)

    def test_reasons_and_deals(self):
        self._lead_won(self.sales_north, 1200, "2026-02-03", name="Small")
        self._lead_won(self.sales_north, 48000, "2026-02-04", name="Middle")
        self._lead_won(self.sales_north, 90000, "2026-02-05", name="Large")
        plan = self._draft(
            "By Size",
            {
                "Own": {
                    "commission_source": "own",
                    "tier_mode": "whole",
                    "tier_measure": "amount",
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 3}),
                        Command.create({"from_value": 50000, "rate": 5}),
                    ],
                }
            },
        )
        simulation = self._create_simulation(plan)
        simulation.action_run()
        result = simulation.result_ids
        self.assertEqual(result.difference, -984)
        for text in ("984.00", "own customers", "48,000.00", "3 % instead of 5 %"):
            self.assertIn(text, result.reasons)
        action = (
            self._as(self.officer_hq, *self.branches)["hr.commission.simulation.result"]
            .browse(result.id)
            .action_view_deals()
        )
        deals = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(
            [(deal.lead_id.name, deal.difference) for deal in deals],
            [("Middle", -960), ("Small", -24), ("Large", 0)],
        )
        self.assertIn("5 % of", deals[0].explanation_before)
        self.assertIn("3 % of", deals[0].explanation)

    def test_a_simulation_that_fails_says_so(self):
        simulation = self._create_simulation(self.plan)
        simulation.state = "waiting"
        cron = type(self.env["ir.cron"])
        with (
            patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60.0),
            patch.object(self.env.cr, "rollback", lambda: None),
            patch.object(PlanComparison, "play", side_effect=ValueError("no rate")),
            mute_logger(
                "odoo.addons.hr_sales_commission.models.hr_commission_simulation"
            ),
        ):
            self.env["hr.commission.simulation"]._cron_run()
        self.assertEqual(simulation.state, "cancelled")
        self.assertIn("no rate", simulation.notes)

    def test_an_event_that_fails_is_named_and_the_others_count(self):
        for number, day in enumerate(("2026-02-03", "2026-02-04", "2026-03-04")):
            self._lead_won(self.sales_north, 1000, day, name=f"Deal {number}")
        bad = self._lead_won(self.sales_north, 5000, "2026-02-05", name="Bad")
        bad_id = self._events(bad).id
        read_events = FactLoader.read_events

        def fail(loader, event_ids):
            if bad_id in event_ids:
                raise UserError("No exchange rate")  # pylint: disable=translation-required
            return read_events(loader, event_ids)

        plan = self._draft("Seven", {"All": {"rate": 7}})
        simulation = self._create_simulation(plan)
        with patch.object(FactLoader, "read_events", fail):
            simulation.action_run()
            result = simulation.result_ids
            self.assertEqual((result.amount_before, result.amount), (150, 210))
            deals = result._create_deals()
        self.assertEqual(
            set(deals.lead_id.mapped("name")), {"Deal 0", "Deal 1", "Deal 2"}
        )
        self.assertIn("Deal won: Bad (No exchange rate)", simulation.notes)
        self.assertEqual(simulation.event_count, 3)
        self.assertEqual(simulation.amount_signed, 3000)

    def test_what_fails_for_every_event_stops(self):
        for number in range(21):
            self._lead_won(self.sales_north, 100, "2026-02-03", process=number == 20)
        simulation = self._create_simulation(self.plan)
        fault = patch.object(
            FactLoader, "read_events", side_effect=ValueError("broken")
        )
        with fault, self.assertRaisesRegex(ValueError, "broken"):
            simulation._run()

    def test_many_events_in_the_background(self):
        self._lead_won(self.sales_north, 1000, "2026-02-03")
        plan = self._draft("Seven", {"All": {"rate": 7}})
        simulation = self._create_simulation(plan)
        cron = type(self.env["ir.cron"])
        with (
            patch.object(hr_commission_simulation, "BACKGROUND_SIZE", 0),
            patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60.0),
        ):
            simulation.action_run()
            self.assertEqual(simulation.state, "waiting")
            with self.assertRaises(UserError):
                simulation.action_run()
            simulation.action_cancel()
            self.env["hr.commission.simulation"]._cron_run()
            self.assertEqual(simulation.state, "cancelled")
            self.assertFalse(simulation.result_ids)
            simulation.action_run()
            simulation.state = "running"  # the server was killed: it begins again
            self.env["hr.commission.simulation"]._cron_run()
        self.assertEqual((simulation.state, simulation.progress), ("done", 100))
        self.assertEqual(simulation.result_ids.amount, 70)

    def test_stopped_while_it_is_computed(self):
        """Between two periods it looks whether somebody stopped it."""
        simulation = self._create_simulation(self.plan)
        simulation.state = "waiting"
        played, progress = [], []

        def play(comparison, period):
            played.append(period)
            progress.append(simulation.progress)
            if len(played) == 2:
                simulation.action_cancel()
                self.env.flush_all()

        cron = type(self.env["ir.cron"])
        with (
            patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60.0),
            patch.object(PlanComparison, "play", play),
        ):
            self.env["hr.commission.simulation"]._cron_run()
        self.assertEqual(progress, [0, 20])  # of five months
        self.assertEqual((simulation.state, simulation.progress), ("cancelled", 20))
        self.assertFalse(simulation.result_ids)

    def test_running_again_replaces_the_results(self):
        self._lead_won(self.sales_north, 1000, "2026-02-03")
        plan = self._draft("Seven", {"All": {"rate": 7}})
        env = self._as(self.officer_hq, *self.branches)
        simulation = env["hr.commission.simulation"].create(
            {
                "name": "Again",
                "date_from": "2026-01-01",
                "plan_ids": [Command.link(plan.id)],
            }
        )
        simulation.action_run()
        plan.rule_ids.rate = 8
        simulation.action_run()
        self.assertEqual(simulation.result_ids.mapped("amount"), [80])
        self.assertEqual(simulation.event_count, 1)
        action = simulation.action_view_results()
        self.assertEqual(action["domain"], [("simulation_id", "in", simulation.ids)])

    def test_results_stay_in_the_selected_companies(self):
        self._lead_won(self.sales_north, 1000, "2026-02-03", "marketing")
        self._lead_won(self.sales_south, 1000, "2026-02-03", "marketing")
        plan = self._draft("Seven", {"All": {"rate": 7}}, company_id=self.hq.id)
        results = self._simulate(plan, self.officer_north, self.north)
        self.assertEqual(set(results), {("sales_north", "Seven")})
        env = self._as(self.officer_hq, self.hq)
        results = self._simulate(plan, self.officer_hq, self.hq)
        self.assertEqual(set(results), {("marketer", "Seven")})
        found = self._as(self.officer_north)["hr.commission.simulation"].search([])
        self.assertEqual(found.company_id, self.north)
        self.assertTrue(env["hr.commission.simulation"].search([]))

    def test_what_was_signed_is_that_of_the_selected_branches(self):
        self._lead_won(self.sales_north, 1000, "2026-02-03")
        self._lead_won(self.sales_south, 2000, "2026-02-03")
        simulation = self._create_simulation(self._draft("Seven", {"All": {"rate": 7}}))
        simulation.action_run()
        self.assertFalse(simulation.notes)
        for branches, signed, events, notes in (
            (self.branches, 3000, 2, False),
            (self.hq + self.north, 1000, 1, "Select all branches"),
            (self.hq, 0, 0, "Select all branches"),
        ):
            env = self._as(self.officer_hq, *branches)
            seen = simulation.with_env(env)
            with self.subTest(branches=branches.mapped("name")):
                self.assertEqual(seen.amount_signed, signed)
                self.assertEqual(seen.event_count, events)
                self.assertIn(notes or "", seen.notes or "")
                self.assertEqual(bool(seen.notes), bool(notes))
            with self.assertRaises(AccessError):
                seen.read(["signed_data", "event_data"])

    def test_only_officers_simulate(self):
        for employee in (self.sales_north, self.team_manager, self.manager_north):
            with self.subTest(employee.name), self.assertRaises(AccessError):
                self._as(employee)["hr.commission.simulation"].search([]).read(["name"])

    def test_a_simulation_needs_a_plan(self):
        simulation = self.env["hr.commission.simulation"].create(
            {"name": "Nothing", "company_id": self.hq.id}
        )
        with self.assertRaises(UserError):
            simulation.action_run()

    def test_statements_do_not_depend_on_the_number_of_events(self):
        plan = self._draft("Seven", {"All": {"rate": 7}})
        simulation = self.env["hr.commission.simulation"].create(
            {
                "name": "Many",
                "company_id": self.hq.id,
                "date_from": "2026-01-01",
                "plan_ids": [Command.link(plan.id)],
            }
        )
        simulation = simulation.with_context(allowed_company_ids=self.branches.ids)
        counts = []
        for number in (1, 2, 40):
            for index in range(number):
                day = date(2026, 2, 1) + timedelta(days=index % 20)
                self._lead_won(self.sales_north, 100, day, process=False)
            self._process()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            simulation.action_run()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
