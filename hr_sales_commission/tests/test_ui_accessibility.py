# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""axe-core finds nothing serious on our pages: contrast, names, roles, keyboard."""

import json
import os
from pathlib import Path

from odoo.tests import HttpCase, tagged

from .common import CommissionCommon

#: Odoo's lists and search bars have findings of their own: only what is ours is asked
OWN = "[class*=o_commission]"
FORM = ".o_form_renderer"
DIALOG = ".modal .o_form_renderer"
ROW_BUTTONS = ".o_data_row button"
#: what the framework draws the same way everywhere, with findings of its own
FRAMEWORK = [
    ".o-autocomplete--input",
    ".o-dropdown",
    ".o-mail-ActivityList",
    ".o-mail-Thread",
    ".o_field_daterange .fa",
    ".o_notebook_headers",
    ".o_progress",
    ".o_select_menu_input",
    ".o_tag",
    "[role=img]",
    "img.rounded",
]
#: models whose new records are looked at
NEW = ("simulation", "alert", "assignment") + ("effect", "pool", "role", "scenario")
#: each page, what is looked at on it, and what to click first
PAGES = [
    ("hr_sales_commission.hr_commission_board_management_action", ".o_content", ""),
    ("hr_sales_commission.hr_commission_board_my_action", ".o_content", ""),
    ("hr_sales_commission.hr_commission_onboarding_action", ".o_content", ""),
    ("hr_sales_commission.hr_commission_line_action_own", ROW_BUTTONS, ""),
    ("deal", OWN, ".o_form_view .nav-link[name='commission']"),
    ("line", FORM, ""),
    ("statement", FORM, ""),
    ("dispute", FORM, ""),
    ("rule", FORM, ""),
    *(
        ("plan", FORM, f".o_form_view .nav-link[name='{tab}']")
        for tab in ("rules", "example", "qualification", "terms", "incentives")
    ),
    *(
        (f"hr_sales_commission.hr_commission_{name}_action", DIALOG, "")
        for name in (
            "closing",
            "export_wizard",
            "handover",
            "plan_import",
            "start",
        )
    ),
    *(
        (name, DIALOG, "")
        for name in ("explanation", "credit", "facts", "split", "touch")
        + ("activation", "use")
    ),
    *((name, FORM, "") for name in ("target", *NEW)),
]
#: the dialogs, which a telephone shows without anything hanging over the edge
DIALOGS = [page for page in PAGES if page[1] == DIALOG]
OPEN_EACH = """
    const pages = %(pages)s;
    const framework = %(framework)s;
    const action = odoo.__WOWL_DEBUG__.root.env.services.action;
    const wait = async (selector) => {
        for (let turn = 0; turn < 200; turn++) {
            const found = [...document.querySelectorAll(selector)];
            if (found.length && !document.querySelector(".o_loading_indicator")) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`${page}: nothing matches ${selector}`);
    };
    const bad = [];
    let page = "";
    for (const [name, request, selector, click] of pages) {
        page = name;
        document.querySelector(".modal .btn-close")?.click();
        await action.doAction(request, { clearBreadcrumbs: true });
        if (click) {
            (await wait(click))[0].click();
        }
        await wait(selector);
        await new Promise((resolve) => setTimeout(resolve, 300));
        await Promise.all(
            document
                .getAnimations()
                .filter((each) => each.effect.getTiming().iterations < Infinity)
                .map((each) => each.finished.catch(() => {}))
        ); // what fades in is pale
        %(look)s
    }
    if (bad.length) {
        throw new Error(bad.join("\\n"));
    }
    console.log("test successful");
"""
AXE = """
        const found = await axe.run({ include: [selector], exclude: framework }, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
            resultTypes: ["violations"],
        });
        if (!found.passes.length) {
            bad.push(name + ": nothing was looked at");
        }
        for (const { id, impact, nodes } of found.violations) {
            if (["serious", "critical"].includes(impact)) {
                const texts = nodes.map((node) => node.html + " " + node.failureSummary);
                bad.push([name, id, ...texts].join(" | "));
            }
        }
"""
#: what is printed, without anything around it
PRINTED = """
    const [name, selector, framework, bad] = ["printed", "main, .page", [], []];
    %s
    if (bad.length) {
        throw new Error(bad.join("\\n"));
    }
    console.log("test successful");
"""
#: what is wider than the screen
WIDE = """
        for (const element of document.querySelectorAll(
            ".modal-body, .modal-body .o_list_renderer, .modal-footer"
        )) {
            if (element.scrollWidth > element.clientWidth + 1) {
                bad.push([name, element.className, element.scrollWidth].join(" "));
            }
        }
"""


@tagged("post_install", "-at_install", "commission_long")
class AccessibilityCommon(CommissionCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = cls.north._commission_local_date()
        deal = cls._lead_won(
            cls.sales_north,
            10_000,
            today,
            source="marketing",
            verified=False,
            first_touch_date=today,
        )
        dispute = cls._as(cls.sales_north)["hr.commission.dispute"].create(
            {"kind": "missing_line", "claimed_amount": 10, "reason": "Forgotten"}
        )
        cls.officer = cls.officer_north.user_id
        cls.officer.group_ids += cls.env.ref("sales_team.group_sale_manager")
        dispute.sudo().decider_id = cls.officer
        cls.target = cls.env["hr.commission.target"].create(
            {
                "employee_id": cls.sales_north.id,
                "company_id": cls.north.id,
                "measure": "won_amount",
                "period": "year",
                "date_from": today.replace(month=1, day=1),
                "amount": 120_000,
            }
        )
        cls.draft = cls._create_plan(active=False, company_id=cls.north.id)
        cls.records = {
            "target": cls.target,
            "deal": deal,
            "dispute": dispute,
            "line": cls._lines(deal).filtered(
                lambda line: line.company_id == cls.north
            )[0],
            "statement": cls.env["hr.commission.statement"]._generate(cls.north, today)[
                0
            ],
            "plan": cls.plan,
            "rule": cls.plan.rule_ids[0],
        }

    def _open(self, model, record_id=False, **values):
        """Return the action that opens the form of a record, or of a new one."""
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "views": [(False, "form")],
            **values,
        }

    @staticmethod
    def _read_axe():
        path = os.environ.get("AXE_CORE")
        assert path, "axe-core is fetched by ./dev test"
        return Path(path).read_text()

    def _get_actions(self):
        """Return what opens the pages that have no action of their own, by name."""
        deal = self.records["deal"].with_env(self._as(self.officer_north))
        actions = {
            name: self._open(record._name, record.id)
            for name, record in self.records.items()
        }
        for name, dialog in {
            "explanation": deal.action_explain(),
            "credit": deal.action_correct_credit(),
            "facts": deal.action_correct_facts(),
            "split": self.target.with_env(deal.env).action_split(),
            "touch": deal.env["crm.touchpoint.log"]._get_action(lead=deal),
            "activation": self.draft.with_env(deal.env).action_review(),
            "use": self._open("hr.commission.plan.use", target="new"),
        }.items():
            actions[name] = {**dialog, "views": [(False, "form")]}
        for name in NEW:
            actions[name] = self._open(f"hr.commission.{name}")
        return actions

    def _look(self, pages, look, code=""):
        """Open pages one after the other, and look at each.

        :param str look: what is done on each page, in JavaScript
        :param str code: what it needs
        """
        actions = self._get_actions()
        asked = [(name, actions.get(name, name), *rest) for name, *rest in pages]
        opened = OPEN_EACH % {
            "pages": json.dumps(asked),
            "framework": json.dumps(FRAMEWORK),
            "look": look,
        }
        self.browser_js(
            "/odoo",
            f"{code}\n;(async () => {{{opened}}})()"
            ".catch((error) => console.error(error.message));",
            "odoo.isReady === true && !!odoo.__WOWL_DEBUG__?.root",
            login=self.officer.login,
            cookies={"cids": str(self.north.id)},
            timeout=180,
        )


@tagged("post_install", "-at_install", "commission_long")
class TestUiAccessibility(AccessibilityCommon):
    def test_nothing_serious_on_our_pages(self):
        self._look(PAGES, AXE, self._read_axe())

    def test_nothing_serious_on_the_printed_statement(self):
        statement = self.records["statement"]
        report = "hr_sales_commission.hr_commission_statement_report"
        self.browser_js(
            f"/report/html/{report}/{statement.id}",
            f"{self._read_axe()}\n;(async () => {{{PRINTED % AXE}}})()"
            ".catch((error) => console.error(error.message));",
            "document.readyState === 'complete'",
            login=self.officer.login,
            cookies={"cids": str(self.north.id)},
        )


@tagged("post_install", "-at_install", "commission_long")
class TestUiDialogsPhone(AccessibilityCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_no_dialog_hangs_over_the_edge(self):
        self._look(DIALOGS, WIDE)

    def test_nothing_serious_on_a_telephone(self):
        pages = [page for page in PAGES if page[1] != ROW_BUTTONS]
        self._look(pages, AXE, self._read_axe())
