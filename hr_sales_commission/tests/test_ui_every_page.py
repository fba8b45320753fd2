# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import HttpCase, tagged

ROOT = "hr_sales_commission.hr_commission_menu_root"

#: follows every menu of the app and shows each of its views
OPEN_EVERYTHING = """
const { action, menu } = odoo.__WOWL_DEBUG__.root.env.services;
const pages = (entry) => [entry, ...entry.childrenTree.flatMap(pages)];
const viewTypes = () =>
    [...document.querySelectorAll(".o_cp_switch_buttons .o_switch_view:not(.active)")]
        .map((button) => /o_(?!switch_view)(\\w+)/.exec(button.className)[1]);
(async () => {
    let shown = 0;
    const root = menu.getAll().find((each) => each.xmlid === "%s");
    for (const page of pages(menu.getMenuAsTree(root.id)).filter((each) => each.actionID)) {
        console.log(`opening ${page.xmlid}`);
        await menu.selectMenu(page);
        shown++;
        for (const type of viewTypes()) {
            await action.switchView(type);
            shown++;
        }
        if (document.querySelector(".o_dialog")) {
            await action.doAction({ type: "ir.actions.act_window_close" });
        }
    }
    console.log(`${shown} views shown`);
    if (shown < 100) {
        throw new Error(`only ${shown} views`);
    }
    console.log("every page opened");
})();
"""


@tagged("post_install", "-at_install", "commission_long", "-standard")
class TestUiEveryPage(HttpCase):
    """Every menu and view of the app opens without an error (filters: test_ui_views)."""

    allow_end_on_form = True

    def test_administrator_opens_everything(self):
        self.env.ref("base.user_admin").tour_enabled = False
        self.browser_js(
            "/odoo",
            OPEN_EVERYTHING % ROOT,
            "odoo.isReady === true",
            login="admin",
            timeout=600,
            success_signal="every page opened",
        )
