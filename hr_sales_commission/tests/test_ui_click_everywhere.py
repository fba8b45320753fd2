from odoo.tests import HttpCase, tagged

CLICKBOT = "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader')"
ROOT = "hr_sales_commission.hr_commission_menu_root"


@tagged("post_install", "-at_install", "commission_once", "-standard")
class TestUiClickEverywhere(HttpCase):
    """Every menu, view and filter of the app opens without an error."""

    allow_end_on_form = True

    def test_administrator_opens_everything(self):
        self.env.ref("base.user_admin").tour_enabled = False
        self.browser_js(
            "/odoo",
            f"{CLICKBOT}.startClickEverywhere('{ROOT}');",
            "odoo.isReady === true",
            login="admin",
            timeout=600,
            success_signal="clickbot test succeeded",
        )
