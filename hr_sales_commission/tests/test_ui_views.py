# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import ast
import json

from lxml import etree

from odoo import http
from odoo.fields import Domain
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CommissionCommon

#: what people do again and again, line by line
BY_KEYBOARD = ("action_approve", "action_confirm", "action_contest")


@tagged("post_install", "-at_install", "commission_core")
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

    def _our_views(self):
        data = self.env["ir.model.data"].search(
            [("module", "=like", "hr_sales_commission%"), ("model", "=", "ir.ui.view")]
        )
        return self.env["ir.ui.view"].browse(data.mapped("res_id"))

    def test_buttons_call_methods_of_records(self):
        """A button hands over ids, which methods of a model do not take."""
        names = {
            button.get("name")
            for view in self._our_views()
            for button in etree.fromstring(view.arch_db).iterfind(".//button")
            if button.get("type") == "object"
        }
        self.assertGreater(len(names), 50)
        for name in names:
            methods = [getattr(model, name, None) for model in self.registry.values()]
            with self.subTest(button=name):
                self.assertTrue(any(methods))
                self.assertFalse(
                    [each for each in methods if getattr(each, "_api_model", False)]
                )

    def test_who_confirms_reads_what_the_button_does(self):
        for view in self._our_views():
            for button in etree.fromstring(view.arch_db).iterfind(
                ".//button[@confirm]"
            ):
                with self.subTest(view=view.xml_id, button=button.get("name")):
                    self.assertTrue(button.get("confirm-label"))

    def test_what_a_page_is_for_can_be_done_by_keyboard(self):
        """The first button of a page or dialog, approving, asking why and contesting."""
        keys = {}
        for view in self._our_views():
            for button in etree.fromstring(view.arch_db).iterfind(".//button"):
                around = {each.tag for each in button.iterancestors()}
                classes = set(button.get("class", "").split())
                name = button.get("name")
                is_first = classes & {"btn-primary", "oe_highlight"}
                if {"header", "footer"} & around and (is_first or name in BY_KEYBOARD):
                    with self.subTest(view=view.xml_id, button=name):
                        self.assertTrue(button.get("data-hotkey"))
                    keys.setdefault(name, set()).add(button.get("data-hotkey"))
        self.assertEqual(keys["action_contest"], {"g"})
        self.assertGreater(len(keys), 20)

    def test_lists_and_forms_have_our_style(self):
        """Headings that are never cut, labels that a telephone shows with contrast."""
        for view in self._our_views():
            for tag in ("list", "form"):
                for each in etree.fromstring(view.arch_db).iter(tag):
                    if not each.get("position"):
                        with self.subTest(view=view.xml_id, tag=tag):
                            classes = each.get("class", "").split()
                            self.assertIn(f"o_commission_{tag}", classes)

    def test_dialogs_are_named_after_what_they_are_about(self):
        lead = self._lead_won(self.sales_north, 1000, "2026-05-04", name="Crane")
        officer = self._as(self.officer_hq)
        mine = lead.with_env(officer)
        line = self._lines(lead)[:1].with_env(officer)
        for action, title in (
            (mine.action_explain(), "Why this, or why nothing? – Crane"),
            (line.action_explain(), f"Why this, or why nothing? – {line.display_name}"),
            (mine.action_correct_credit(), "Correct Credit – Crane"),
            (mine.action_correct_facts(), "Correct Days and Amount – Crane"),
        ):
            with self.subTest(title=title):
                self.assertEqual((action["name"], action["target"]), (title, "new"))

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

    def test_branch_manager_verifies_sources_in_the_list(self):
        archs = self._load_views(self.manager_north, "crm_lead_action_to_verify")
        self.assertIn("kanban", archs)
        for text in ("action_verify_source", "commission_source", "won_amount"):
            with self.subTest(text=text):
                self.assertIn(text, archs["list"])

    def test_a_telephone_shows_cards(self):
        for action in (
            "crm_lead_funnel_action",
            "crm_lead_path_report_action",
            "hr_commission_alert_action",
            "hr_commission_assignment_action",
            "hr_commission_correction_action",
            "hr_commission_credit_action",
            "hr_commission_role_action",
            "hr_commission_simulation_detail_action",
            "hr_commission_statement_action",
            "hr_commission_target_action",
        ):
            with self.subTest(action=action):
                archs = self._load_views(self.administrator, action)
                self.assertIn("kanban", archs)
        for action in ("hr_commission_line_action", "hr_commission_statement_action"):
            for employee, is_shown in (
                (self.manager_north, True),
                (self.sales_north, False),
            ):
                card = self._load_views(employee, action)["kanban"]
                self.assertEqual('name="action_approve"' in card, is_shown)

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


#: the pages of the app, and the employees of the tests that open them
PAGES = {
    "hr_commission_line_action_own": ("sales_north", "marketer", "officer_hq"),
    "hr_commission_statement_action_own": ("sales_north", "marketer"),
    "hr_commission_dispute_action_own": ("sales_north", "marketer", "manager_north"),
    "hr_commission_line_action": ("team_manager", "manager_north", "officer_hq"),
    "hr_commission_line_action_to_approve": ("manager_north", "officer_hq"),
    "hr_commission_line_action_analysis": ("team_manager", "officer_hq"),
    "hr_commission_statement_action": ("team_manager", "manager_north", "officer_hq"),
    "hr_commission_dispute_action": ("team_manager", "manager_north", "officer_hq"),
    "crm_lead_funnel_action": ("sales_north", "marketer", "officer_hq"),
    "crm_lead_path_report_action": ("sales_north", "marketer", "officer_hq"),
    "hr_commission_event_action": ("officer_hq", "administrator"),
    "hr_commission_credit_action": ("officer_hq",),
    "crm_touchpoint_action": ("officer_hq", "administrator"),
}


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestUiPages(CommissionCommon):
    """Every page loads for whom it is made, with all its views, filters and panels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._lead_won(cls.sales_north, 2000, "2026-05-04", source="marketing")
        cls._lead_won(cls.sales_south, 4000, "2026-04-04", verified=False)
        cls.pages = list(cls._load_pages())

    @classmethod
    def _load_pages(cls):
        """Yield (external id, who opens it, window action, its architectures)."""
        for xmlid, names in PAGES.items():
            for name in names:
                env = cls._as(getattr(cls, name))
                action = env["ir.actions.act_window"]._for_xml_id(
                    f"hr_sales_commission.{xmlid}"
                )
                views = [*action["views"], (False, "search")]
                loaded = env[action["res_model"]].get_views(views)["views"]
                yield (
                    xmlid,
                    name,
                    action,
                    {kind: etree.fromstring(v["arch"]) for kind, v in loaded.items()},
                )

    def _each_page(self):
        """Yield (environment, window action, its architectures) for whom they are."""
        for xmlid, name, action, archs in self.pages:
            with self.subTest(page=xmlid, user=name):
                yield self._as(getattr(self, name)), action, archs

    def test_every_page_has_an_address_a_help_and_an_analysis(self):
        for _env, action, archs in self._each_page():
            self.assertTrue(action["path"])
            self.assertIn("o_view_nocontent_smiling_face", action["help"])
            self.assertTrue({"graph", "kanban"} & set(archs))

    def test_every_filter_can_be_applied(self):
        for env, action, archs in self._each_page():
            model = env[action["res_model"]]
            values = {"uid": env.uid, "self": "x"}
            for node in archs["search"].iter("filter"):
                if node.get("domain"):
                    model.search_count(safe_eval(node.get("domain"), values))
                group = safe_eval(node.get("context") or "{}", values).get("group_by")
                if group:
                    model.formatted_read_group([], [group], ["__count"])

    def test_every_field_searched_by_text(self):
        for env, action, archs in self._each_page():
            model = env[action["res_model"]]
            for node in archs["search"].xpath("//search/field"):
                given = node.get("filter_domain")
                domain = (
                    safe_eval(given, {"self": "x"})
                    if given
                    else [(node.get("name"), "ilike", "x")]
                )
                model.search_count(domain)

    def test_every_search_panel_shows_values_that_narrow_the_list(self):
        panels = 0
        for env, action, archs in self._each_page():
            model = env[action["res_model"]]
            domain = safe_eval(action["domain"] or "[]", {"uid": env.uid})
            for node in archs["search"].xpath("//searchpanel/field"):
                panels += 1
                answer = model.search_panel_select_multi_range(
                    node.get("name"),
                    expand=bool(node.get("expand")),
                    enable_counters=bool(node.get("enable_counters")),
                    limit=int(node.get("limit") or 200),
                    search_domain=domain,
                )
                self.assertNotIn("error_msg", answer)
                for value in answer["values"]:
                    model.search_count(
                        Domain(domain) & Domain(node.get("name"), "in", [value["id"]])
                    )
        self.assertGreater(panels, 40)

    def test_panel_of_the_ledger_asks_the_ledger_nothing(self):
        Line = self._as(self.officer_hq)["hr.commission.line"]
        arch = etree.fromstring(Line.get_view(view_type="search")["arch"])
        for node in arch.xpath("//searchpanel/field"):
            with self.subTest(field=node.get("name")):
                self.assertTrue(node.get("expand"))
                self.assertFalse(node.get("enable_counters"))

    def test_default_filters_exist(self):
        for env, action, archs in self._each_page():
            names = {node.get("name") for node in archs["search"].iter()}
            context = safe_eval(action["context"] or "{}", {"uid": env.uid})
            for key in context:
                for prefix in ("search_default_", "searchpanel_default_"):
                    if key.startswith(prefix):
                        self.assertIn(key.removeprefix(prefix), names)

    def test_favourites_run_for_who_sees_them(self):
        seen = set()
        for env, action, archs in self._each_page():
            model = env[action["res_model"]]
            for favourite in env["ir.filters"].get_filters(model._name, action["id"]):
                domain = ast.literal_eval(favourite["domain"])
                groups = ast.literal_eval(favourite["context"])["group_by"]
                model.formatted_read_group(domain, groups, ["__count"])
                self.assertFalse(favourite["user_ids"])
                self.assertIn("search", archs)
                seen.add(favourite["name"])
        self.assertLessEqual(
            {
                "This month by employee and source",
                "Held by reason to verify",
                "Due next month",
                "Synergy bonus by month",
                "Overdue disputes",
            },
            seen,
        )

    def test_favourites_find_what_they_promise(self):
        Line = self._as(self.officer_hq)["hr.commission.line"]
        held = self.env.ref("hr_sales_commission.ir_filters_line_held")
        groups = Line.formatted_read_group(
            ast.literal_eval(held.domain), ["source_state"], ["__count"]
        )
        self.assertEqual(
            [(group["source_state"], group["__count"]) for group in groups],
            [("open", 1)],
        )
        month = self.env.ref("hr_sales_commission.ir_filters_line_this_month")
        lines = Line.search(ast.literal_eval(month.domain))
        self.assertEqual({line.date.month for line in lines}, {5})
        synergy = self.env.ref("hr_sales_commission.ir_filters_line_synergy")
        lines = Line.search(ast.literal_eval(synergy.domain))
        self.assertEqual(lines.rule_id.mapped("name"), ["SAL_SYN"])

    def test_menu_of_an_officer_fits(self):
        env = self._as(self.officer_hq)
        root = env.ref("hr_sales_commission.hr_commission_menu_root").id
        menus = env["ir.ui.menu"].load_menus(debug=False)
        sections = [menus[child]["name"] for child in menus[root]["children"]]
        self.assertEqual(
            sections,
            ["Overview", "My Pay", "Commissions", "Analysis"]
            + ["Operations", "Configuration"],
        )

    def test_menu_of_a_salesperson(self):
        env = self._as(self.sales_north)
        root = env.ref("hr_sales_commission.hr_commission_menu_root").id
        menus = env["ir.ui.menu"].load_menus(debug=False)
        sections = {
            menus[child]["name"]: [
                menus[entry]["xmlid"].split(".")[1]
                for entry in menus[child]["children"]
            ]
            for child in menus[root]["children"]
        }
        self.assertEqual(list(sections), ["Overview", "My Pay", "Analysis"])
        self.assertEqual(
            sections["Analysis"], ["crm_lead_funnel_menu", "crm_lead_path_report_menu"]
        )


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestUiFunnel(CommissionCommon):
    """How far leads come, for whom they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.won = cls._lead_won(
            cls.sales_north,
            2000,
            "2026-05-04",
            source="marketing",
            date_qualified="2026-04-01",
        )
        cls.qualified = cls._lead_open(
            cls.sales_north, 500, "marketing", date_qualified="2026-05-02"
        )
        cls.other = cls._lead_open(cls.sales_south, 700)
        cls.qualified._log_followup(cls.sales_north.user_id)
        cls.leads = cls.won + cls.qualified + cls.other

    def _funnel(self, employee, groups=("step",)):
        Funnel = self._as(employee)["crm.lead.funnel"]
        rows = Funnel._read_group(
            [("lead_id", "in", self.leads.ids)], list(groups), ["__count"]
        )
        return {row[:-1] if len(row) > 2 else row[0]: row[-1] for row in rows}

    def test_steps(self):
        self.assertEqual(
            self._funnel(self.officer_hq),
            {"1_lead": 3, "2_qualified": 2, "3_followed": 1, "4_won": 1},
        )

    def test_salesperson_counts_own_leads_only(self):
        self.assertEqual(
            self._funnel(self.sales_north),
            {"1_lead": 2, "2_qualified": 2, "3_followed": 1, "4_won": 1},
        )
        self.assertEqual(self._funnel(self.sales_south), {"1_lead": 1})
        self.assertEqual(self._funnel(self.sales_south_a), {})

    def test_marketer_counts_the_leads_they_brought(self):
        # of other branches than the marketer's: not selected, so not counted
        self.assertEqual(self._funnel(self.marketer), {})
        self.marketer.user_id.company_ids += self.north
        self.assertEqual(self._funnel(self.marketer)["1_lead"], 2)

    def test_by_source_and_branch(self):
        self.assertEqual(
            self._funnel(self.officer_hq, ["company_id", "step"])[self.north, "4_won"],
            1,
        )
        by_source = self._funnel(self.officer_hq, ["commission_source", "step"])
        self.assertEqual(by_source["marketing", "2_qualified"], 2)
        self.assertNotIn(("own", "2_qualified"), by_source)

    def test_rates_of_the_full_path(self):
        Path = self._as(self.officer_hq)["crm.lead.path.report"]
        [row] = Path._read_group(
            [("lead_id", "in", (self.won + self.qualified).ids)],
            [],
            ["qualified_rate:avg", "followup_rate:avg", "won_rate:avg"],
        )
        self.assertEqual(row, (100, 50, 50))

    def test_row_opens_the_lead_or_explains_it(self):
        env = self._as(self.sales_north)
        row = env["crm.lead.funnel"].search([("lead_id", "=", self.won.id)], limit=1)
        action = row.action_open_lead()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("crm.lead", self.won.id)
        )
        self.marketer.user_id.company_ids += self.north
        env = self._as(self.marketer)
        row = env["crm.lead.funnel"].search([("lead_id", "=", self.won.id)], limit=1)
        action = row.action_open_lead()
        self.assertEqual(action["res_model"], "hr.commission.explanation")
        self.assertEqual(action["context"], {"default_lead_id": self.won.id})


@tagged("post_install", "-at_install")
class TestUiExport(CommissionCommon, HttpCase):
    """The list of commissions as a spreadsheet."""

    def _export(self, employee):
        login = employee.user_id.login
        self.authenticate(login, login)
        names = ("date", "employee_id", "amount", "explanation", "plan_version")
        data = {
            "model": "hr.commission.line",
            "ids": self._lines(self.deal).ids,
            "domain": [],
            "groupby": [],
            "import_compat": False,
            "context": {},
            "fields": [{"name": name, "label": name, "type": "char"} for name in names],
        }
        return self.url_open(
            "/web/export/csv",
            data={
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            },
        )

    def setUp(self):
        super().setUp()
        self.deal = self._lead_won(self.sales_north, 2000, "2026-05-04")

    def test_officer_exports_with_explanation_and_version(self):
        export = self.env.ref("base.group_allow_export")
        self.officer_north.user_id.group_ids += export
        answer = self._export(self.officer_north)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("100.0", answer.text)
        self.assertIn("SAL_OWN (plan Test Policy)", answer.text)
        self.assertIn("Test Policy, version 1", answer.text)
