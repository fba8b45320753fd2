from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import CommissionCommon

#: before the reform of the article
OLD_RULES = {
    "MKT_OLD": {"role": "marketing", "commission_source": "marketing", "rate": 4},
    "SAL_OLD": {"role": "sales", "commission_source": "marketing", "rate": 2},
    "OWN_OLD": {"role": "sales", "commission_source": "own", "rate": 5},
}


@tagged("post_install", "-at_install")
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
