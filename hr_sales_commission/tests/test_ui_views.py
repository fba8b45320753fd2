from odoo.tests import Form, tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install")
class TestUiViews(CommissionCommon):
    """What the views offer to whom, without a browser."""

    def _load_views(self, employee, action_xmlid):
        """Load every view of a window action as the web client does.

        :return: the architectures by view type
        """
        env = self._as(employee)
        action = env["ir.actions.act_window"]._for_xml_id(
            f"hr_sales_commission.{action_xmlid}"
        )
        views = [*action["views"], (False, "search")]
        loaded = env[action["res_model"]].get_views(views)["views"]
        return {view_type: view["arch"] for view_type, view in loaded.items()}

    def test_everybody_opens_their_commissions(self):
        archs = self._load_views(self.sales_north, "hr_commission_line_action_own")
        self.assertIn("explanation", archs["form"])
        for button in ("action_approve", "action_mark_paid", "action_cancel"):
            with self.subTest(button=button):
                self.assertNotIn(f'name="{button}"', archs["form"] + archs["list"])

    def test_branch_manager_approves_but_does_not_pay(self):
        archs = self._load_views(self.manager_north, "hr_commission_line_action")
        for view_type in ("form", "list"):
            with self.subTest(view_type=view_type):
                self.assertIn('name="action_approve"', archs[view_type])
                self.assertNotIn('name="action_mark_paid"', archs[view_type])

    def test_officer_opens_every_page(self):
        for action in (
            "hr_commission_line_action",
            "hr_commission_line_action_analysis",
            "hr_commission_event_action",
            "hr_commission_credit_action",
            "hr_commission_plan_action",
            "hr_commission_target_action",
            "crm_touchpoint_action",
            "crm_lead_action_to_verify",
            "utm_source_action_commission",
            "utm_medium_action_commission",
        ):
            with self.subTest(action=action):
                archs = self._load_views(self.officer_hq, action)
                self.assertIn("form", archs)

    def test_salesperson_sees_no_menu_of_others(self):
        env = self._as(self.sales_north)
        visible = set(env["ir.ui.menu"].load_menus(debug=False))
        menu = {
            name: env.ref(f"hr_sales_commission.{name}").id
            for name in (
                "hr_commission_line_menu_own",
                "hr_commission_line_menu",
                "hr_commission_event_menu",
                "hr_commission_plan_menu",
            )
        }
        self.assertIn(menu.pop("hr_commission_line_menu_own"), visible)
        self.assertFalse(visible.intersection(menu.values()))

    def test_manual_line_by_form(self):
        env = self._as(self.officer_hq, self.north)
        view = "hr_sales_commission.hr_commission_line_view_form"
        with Form(env["hr.commission.line"], view) as form:
            form.note = "Agreed bonus"
            form.amount = 150
            form.employee_id = env["hr.employee"].browse(self.sales_north.id)
        self.assertRecordValues(
            form.record,
            [
                {
                    "kind": "manual",
                    "state": "draft",
                    "amount": 150.0,
                    "company_id": self.north.id,
                }
            ],
        )

    def test_active_plan_is_readonly_in_its_form(self):
        view = "hr_sales_commission.hr_commission_plan_view_form"
        with Form(self.plan.with_env(self._as(self.officer_hq)), view) as form:
            for name in ("name", "date_start", "rule_ids", "payout"):
                with self.subTest(field=name), self.assertRaises(AssertionError):
                    setattr(form, name, False)

    def test_salesperson_cannot_edit_the_source_in_the_form(self):
        lead = self._lead_open(self.sales_north, 1000, "own", verified=False)
        form = Form(lead.with_env(self._as(self.sales_north)), "crm.crm_lead_view_form")
        for name in ("commission_source", "source_state", "marketer_id", "date_won"):
            with self.subTest(field=name), self.assertRaises(AssertionError):
                setattr(form, name, False)

    def test_officer_edits_the_source_in_the_form(self):
        lead = self._lead_open(self.sales_north, 1000, "own", verified=False)
        env = self._as(self.officer_hq)
        with Form(lead.with_env(env), "crm.crm_lead_view_form") as form:
            form.commission_source = "referral"
        self.assertEqual(lead.commission_source, "referral")
