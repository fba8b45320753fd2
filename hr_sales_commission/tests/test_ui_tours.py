# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
class TestUiTours(CommissionCommon, HttpCase):
    """The daily work of each role, in a real browser."""

    def test_officer_writes_and_activates_a_plan(self):
        user = self.officer_north.user_id
        self.start_tour(
            "/odoo/commission-plans", "commission_plan_create", login=user.login
        )
        plan = self.env["hr.commission.plan"].search(
            [("name", "=", "Plan of the tour")]
        )
        self.assertRecordValues(
            plan, [{"state": "active", "company_id": self.north.id, "version": 1}]
        )
        self.assertRecordValues(
            plan.rule_ids,
            [{"name": "Sales 4 percent", "amount_type": "percent", "rate": 4.0}],
        )
        [kept] = plan.example_ids.expected
        self.assertEqual((kept[0], kept[-1]), ("sales", "280.00"))

    def test_rules_are_arranged_by_hand(self):
        """Dragged from one section to another, a block dragged into a rule."""
        draft = self._create_plan(
            {"Rule A": {"rate": 2}, "Rule B": {"rate": 3}}, active=False
        )
        self.start_tour(
            f"/odoo/commission-plans/{draft.id}",
            "commission_arrange_rules",
            login=self.officer_hq.user_id.login,
        )
        rules = {rule.name: rule for rule in draft.rule_ids}
        self.assertEqual(rules["Rule A"].role, "manager")
        self.assertRecordValues(rules["Rule B"], [{"role": "sales", "cap": 500}])

    def test_salesperson_wins_and_reads_why_then_manager_approves(self):
        lead = self._lead_open(
            self.sales_north, 10000, "marketing", name="Deal of the tour"
        )
        login = self.sales_north.user_id.login
        self.start_tour(f"/odoo/crm/{lead.id}", "commission_deal_won", login=login)
        self.assertEqual(lead.won_amount, 10000)
        self._process()
        line = self._lines(lead).filtered(lambda line: line.rule_id.name == "SAL_MKT")
        self.assertRecordValues(line, [{"amount": 300.0, "state": "draft"}])
        self.start_tour("/odoo", "commission_line_read", login=login)

        manager = self.manager_north.user_id
        self.start_tour("/odoo", "commission_line_approve", login=manager.login)
        line.invalidate_recordset()
        self.assertEqual(line.state, "approved")
        self.assertEqual(line.approver_id, manager)

    def test_the_tours_of_all_roles_end(self):
        """Every page that they point to is there for whom they are offered."""
        people = {
            "own": self.marketer,
            "manager": self.manager_north,
            "hr": self.officer_north,
            "payroll": self.officer_north,
            "auditor": self.officer_north,
        }
        board = self._as(self.officer_north)["hr.commission.board"]
        guides = board.get_first_steps()["guides"]
        self.assertEqual([guide["role"] for guide in guides], list(people))
        for role, employee in people.items():
            with self.subTest(role):
                login = employee.user_id.login
                self.start_tour(
                    "/odoo/action-hr_sales_commission.hr_commission_board_my_action",
                    f"commission_role_{role}",
                    login=login,
                )


@tagged("post_install", "-at_install", "commission_long")
class TestUiExplanationDesktop(CommissionCommon, HttpCase):
    """An ordinary salesperson reads why, and why nothing."""

    def test_salesperson_reads_formula_and_evidence_of_a_line(self):
        self._lead_won(
            self.sales_north,
            10_000,
            "2026-05-04",
            source="marketing",
            name="Deal of the tour",
        )
        self.start_tour(
            "/odoo/my-commissions",
            "commission_explain_line",
            login=self.sales_north.user_id.login,
        )

    def test_salesperson_reads_why_a_lead_pays_nothing(self):
        lead = self._lead_open(self.sales_north, 10_000, name="Open deal")
        self.start_tour(
            f"/odoo/crm/{lead.id}",
            "commission_explain_lead",
            login=self.sales_north.user_id.login,
        )


@tagged("post_install", "-at_install", "commission_long")
class TestUiExplanationPhone(TestUiExplanationDesktop):
    """The same on a telephone."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True


@tagged("post_install", "-at_install", "commission_long")
class TestUiTryingDesktop(CommissionCommon, HttpCase):
    """An officer tries a plan before it pays, and looks whether it worked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.login = cls.officer_hq.user_id.login
        cls.draft = cls._create_plan(
            {"Rule A": {"rate": 2}, "Rule B": {"rate": 3}},
            active=False,
            date_start="2026-06-01",
        )

    def _make(self, model, **vals):
        """Return the address of a new record of the officer, of every branch."""
        env = self._as(self.officer_hq, *self.branches)
        record = env[model].create({"name": "Tried", "company_id": self.hq.id, **vals})
        return record, "-".join(map(str, self.branches.ids))

    def _open(self, path, record, branches, tour):
        self.start_tour(
            f"/odoo/{path}/{record.id}?cids={branches}", tour, login=self.login
        )

    def test_a_simulation_down_to_the_deals(self):
        self._lead_won(self.sales_north, 10_000, "2026-05-04", source="marketing")
        simulation, branches = self._make(
            "hr.commission.simulation",
            plan_ids=[Command.set(self.draft.ids)],
            date_from="2026-05-01",
            date_to="2026-05-31",
        )
        self._open(
            "commission-simulations", simulation, branches, "commission_simulate"
        )
        self.assertEqual(simulation.state, "done")

    def test_a_scenario_and_what_is_solved(self):
        [free] = self.plan.rule_ids.filtered(lambda rule: rule.name == "SAL_MKT")
        scenario, branches = self._make(
            "hr.commission.scenario",
            plan_ids=[Command.set(self.plan.ids)],
            runs=20,
            goal="budget",
            goal_value=43_210.99,
            free_rule_ids=[Command.set(free.ids)],
        )
        scenario.action_article_case()
        self._open("commission-scenarios", scenario, branches, "commission_scenario")
        self.assertEqual(scenario.solved_plan_id.state, "draft")

    def test_an_effect_report(self):
        self._lead_won(self.sales_north, 10_000, "2026-05-04", source="marketing")
        effect, branches = self._make("hr.commission.effect", date_start="2026-05-01")
        self._open("commission-effects", effect, branches, "commission_effect")
        self.assertTrue(effect.date_run)


@tagged("post_install", "-at_install", "commission_long")
class TestUiTryingPhone(TestUiTryingDesktop):
    """The same on a telephone."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
