# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestPlanChoice(CommissionCommon):
    """The nearest company up the tree of the employee's company that has a plan."""

    def _rate(self, employee, day="2026-05-04"):
        line = self._lines(self._lead_won(employee, 1000, day))
        self.assertLessEqual(len(line), 1)
        return line.rate

    def _rates(self, day="2026-05-04"):
        return [
            self._rate(employee, day)
            for employee in (
                self.marketer,
                self.sales_north,
                self.sales_south,
                self.sales_south_a,
            )
        ]

    def _own_plan(self, company, rate, **vals):
        return self._create_plan(
            {"Own": {"rate": rate}}, company_id=company.id, name=company.name, **vals
        )

    def test_plan_of_headquarters_holds_in_all_branches(self):
        self.assertEqual(self._rates(), [5, 5, 5, 5])

    def test_plan_of_a_branch_holds_there_and_below(self):
        self._own_plan(self.south, 7)
        self.assertEqual(self._rates(), [5, 5, 7, 7])

    def test_plan_of_the_nearest_branch_holds(self):
        self._own_plan(self.south, 7)
        self._own_plan(self.south_a, 8)
        self.assertEqual(self._rates(), [5, 5, 7, 8])

    def test_draft_plan_does_not_hold(self):
        self._own_plan(self.south, 7, active=False)
        self.assertEqual(self._rates(), [5, 5, 5, 5])

    def test_plan_holds_in_its_dates_only(self):
        self._own_plan(self.south, 7, date_start="2026-03-01", date_end="2026-04-30")
        self.assertEqual(self._rate(self.sales_south, "2026-02-28"), 5)
        self.assertEqual(self._rate(self.sales_south, "2026-03-01"), 7)
        self.assertEqual(self._rate(self.sales_south, "2026-04-30"), 7)
        self.assertEqual(self._rate(self.sales_south, "2026-05-01"), 5)

    def test_no_plan_pays_nothing_and_says_so(self):
        lead = self._lead_won(self.sales_north, 1000, "2019-05-04")
        self.assertFalse(self._lines(lead))
        refusals = self._events(lead)._explain().refusals
        self.assertEqual({refusal.reason for refusal in refusals}, {"no_plan"})

    def test_company_of_another_tree_has_no_plan_of_this_one(self):
        other = self._create_company(name="Elsewhere")
        employee = self._create_person("elsewhere", other)
        self.assertEqual(self._rate(employee), 0)

    def test_plan_of_the_employee_counts_not_of_the_deal(self):
        self._own_plan(self.south, 7)
        self.sales_north.user_id.company_ids += self.south
        lead = self._lead_won(
            self.sales_north, 1000, "2026-05-04", company_id=self.south.id
        )
        self.assertEqual(self._lines(lead).rate, 5)
        self.assertEqual(self._lines(lead).company_id, self.north)

    def test_activated_plan_recomputes_what_happened_since_its_start(self):
        lead = self._lead_won(self.sales_south, 1000, "2026-05-04")
        self._own_plan(self.south, 7)
        self._process()
        self.assertEqual(sum(self._lines(lead).mapped("amount")), 70)
        self.assertLedgerExact(lead)

    def test_set_based_choice_equals_the_single_one(self):
        self._own_plan(self.south, 7)
        Plan = self.env["hr.commission.plan"]
        for employee in (self.marketer, self.sales_north, self.sales_south_a):
            lead = self._lead_won(employee, 1000, "2026-05-04")
            day = self._events(lead).date
            self.assertEqual(
                self._lines(lead).plan_id, Plan._get_plan(employee.company_id, day)
            )

    # ------------------------------------------------------------------
    # Personal plans
    # ------------------------------------------------------------------

    def _personal_plan(self, employee, rate, day):
        plan = self._own_plan(employee.company_id, rate, is_personal=True)
        employee.create_version({"date_version": day, "commission_plan_id": plan.id})
        return plan

    def test_personal_plan_pays_from_its_day_on(self):
        self._personal_plan(self.sales_north, 9, "2026-06-01")
        self.assertEqual(self._rate(self.sales_north, "2026-05-31"), 5)
        self.assertEqual(self._rate(self.sales_north, "2026-06-01"), 9)
        self.assertEqual(self._rate(self.team_manager, "2026-06-01"), 5)

    def test_personal_plan_ends_with_the_next_version(self):
        self._personal_plan(self.sales_north, 9, "2026-06-01")
        self.sales_north.create_version(
            {"date_version": "2026-07-01", "commission_plan_id": False}
        )
        self.assertEqual(self._rate(self.sales_north, "2026-06-30"), 9)
        self.assertEqual(self._rate(self.sales_north, "2026-07-01"), 5)

    def test_personal_plan_that_ended_leaves_the_company_plan(self):
        plan = self._personal_plan(self.sales_north, 9, "2026-06-01")
        plan.date_end = "2026-06-15"
        self.assertEqual(self._rate(self.sales_north, "2026-06-15"), 9)
        self.assertEqual(self._rate(self.sales_north, "2026-06-16"), 5)

    def test_personal_plan_is_not_the_plan_of_the_company(self):
        self._personal_plan(self.sales_north, 9, "2026-06-01")
        self.assertEqual(
            self.env["hr.commission.plan"]._get_plan(self.north, self.plan.date_start),
            self.plan,
        )

    # ------------------------------------------------------------------
    # A plan in force is frozen
    # ------------------------------------------------------------------

    def test_plan_in_force_cannot_be_edited(self):
        rule = self.rules["SAL_OWN"]
        for change in (
            lambda: self.plan.write({"tier_boundary": "upper"}),
            lambda: rule.write({"rate": 50}),
            rule.unlink,
            lambda: rule.copy({"plan_id": self.plan.id}),
            self.plan.unlink,
        ):
            with self.subTest(change=change), self.assertRaises(UserError):
                change()
        self.assertEqual(rule.rate, 5)

    def test_plans_of_one_company_never_overlap(self):
        with self.assertRaises(UserError):
            self._own_plan(self.hq, 7)

    def test_change_makes_the_next_version(self):
        action = self.plan.action_change()
        draft = self.env["hr.commission.plan"].browse(action["res_id"])
        self.assertEqual(draft.state, "draft")
        self.assertEqual(draft.version, 2)
        self.assertEqual(str(draft.date_start), "2026-06-01")
        self.assertEqual(len(draft.rule_ids), len(self.plan.rule_ids))
        draft.action_activate()
        self.assertEqual(self.plan.state, "active")  # until its last day has passed
        self.assertEqual(str(self.plan.date_end), "2026-05-31")

    def test_plan_stays_with_its_company(self):
        draft = self._own_plan(self.south, 7, active=False)
        with self.assertRaisesRegex(UserError, "stays with its company"):
            draft.company_id = self.hq
