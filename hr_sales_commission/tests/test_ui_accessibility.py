"""axe-core finds nothing serious on our pages: contrast, names, roles, keyboard."""

import json
import os
from pathlib import Path

from odoo.tests import HttpCase, tagged

from .common import CommissionCommon

#: Odoo's lists and search bars have findings of their own: only what is ours is asked
OWN = "[class*=o_commission]"
#: each page, what is looked at on it, and what to click first
PAGES = [
    ("hr_sales_commission.hr_commission_board_management_action", ".o_content", ""),
    ("hr_sales_commission.hr_commission_board_my_action", ".o_content", ""),
    ("hr_sales_commission.hr_commission_onboarding_action", ".o_content", ""),
    ("hr_sales_commission.hr_commission_closing_action", ".modal .o_form_sheet", ""),
    ("deal", OWN, ".o_form_view .nav-link[name='commission']"),
    ("explanation", ".modal .o_form_sheet", ""),
    ("dispute", ".o_field_widget[name='outcomes']", ""),
]
LOOK = """
    const pages = %(pages)s;
    const action = odoo.__WOWL_DEBUG__.root.env.services.action;
    const wait = async (selector) => {
        for (let turn = 0; turn < 200; turn++) {
            const found = [...document.querySelectorAll(selector)];
            if (found.length && !document.querySelector(".o_loading_indicator")) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error("nothing matches " + selector);
    };
    const bad = [];
    for (const [name, request, selector, click] of pages) {
        document.querySelector(".modal .btn-close")?.click();
        await action.doAction(request, { clearBreadcrumbs: true });
        if (click) {
            (await wait(click))[0].click();
        }
        await wait(selector);
        await new Promise((resolve) => setTimeout(resolve, 300));
        const found = await axe.run({ include: [selector] }, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
            resultTypes: ["violations"],
        });
        if (!found.passes.length) {
            bad.push(name + ": nothing was looked at");
        }
        for (const { id, impact, nodes } of found.violations) {
            if (["serious", "critical"].includes(impact)) {
                bad.push([name, id, ...nodes.map((node) => node.html)].join(" | "));
            }
        }
    }
    if (bad.length) {
        throw new Error(bad.join("\\n"));
    }
    console.log("test successful");
"""


@tagged("post_install", "-at_install", "commission_once")
class TestUiAccessibility(CommissionCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = cls.north._commission_local_date()
        cls.deal = cls._lead_won(
            cls.sales_north,
            10_000,
            today,
            source="marketing",
            verified=False,
            first_touch_date=today,
        )
        cls.dispute = cls._as(cls.sales_north)["hr.commission.dispute"].create(
            {"kind": "missing_line", "claimed_amount": 10, "reason": "Forgotten"}
        )
        cls.officer = cls.officer_north.user_id
        cls.officer.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.dispute.sudo().decider_id = cls.officer

    def test_nothing_serious_on_our_pages(self):
        path = os.environ.get("AXE_CORE")
        self.assertTrue(path, "axe-core is fetched by ./dev test")
        dispute, deal = (
            {
                "type": "ir.actions.act_window",
                "res_model": record._name,
                "res_id": record.id,
                "views": [(False, "form")],
            }
            for record in (self.dispute, self.deal)
        )
        explanation = {
            "type": "ir.actions.act_window",
            "res_model": "hr.commission.explanation",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_id": self.deal.id},
        }
        actions = {"deal": deal, "dispute": dispute, "explanation": explanation}
        pages = [
            (name, actions.get(name, name), selector, click)
            for name, selector, click in PAGES
        ]
        look = LOOK % {"pages": json.dumps(pages)}
        self.browser_js(
            "/odoo",
            f"{Path(path).read_text()}\n;(async () => {{{look}}})()"
            ".catch((error) => console.error(error.message));",
            "odoo.isReady === true && !!odoo.__WOWL_DEBUG__?.root",
            login=self.officer.login,
            cookies={"cids": str(self.north.id)},
            timeout=90,
        )
