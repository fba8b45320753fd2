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
