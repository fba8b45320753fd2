# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import HttpCase, TransactionCase, no_retry, tagged

from odoo.addons.web.tests import test_js

from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
class TestUiBoardUnits(HttpCase):
    """The JavaScript unit tests of this addon, and no others."""

    @no_retry
    def test_unit_tests_of_the_boards(self):
        suite = test_js.HOOTCommon._generate_hash(self, "@hr_sales_commission")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )


@tagged("post_install", "-at_install", "commission_long")
class TestBoardBundle(TransactionCase):
    def test_boards_are_no_weight_for_who_never_opens_them(self):
        folder = "/hr_sales_commission/static/src/board/"

        def boards_in(bundle):
            paths = self.env["ir.asset"]._get_asset_paths(bundle, {})
            return {path[0] for path in paths if path[0].startswith(folder)}

        self.assertFalse(boards_in("web.assets_web"))
        self.assertFalse(boards_in("web.assets_backend_lazy"))
        self.assertLessEqual(
            {folder + name for name in ("my_commissions.js", "board.xml")},
            boards_in("hr_sales_commission.assets_board"),
        )


class BoardTours:
    """Deals to show on the boards, and the tours of those who read them most."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = cls.north._commission_local_date()
        cls.team = cls.env["crm.team"].create(
            {"name": "Team of the board", "company_id": cls.north.id}
        )
        cls._lead_won(
            cls.sales_north,
            10_000,
            today,
            source="marketing",
            name="Deal of the board",
            team_id=cls.team.id,
            first_touch_date=today,
            is_qualified=True,
            date_qualified=today,
        )
        cls._lead_won(cls.sales_north, 4_000, today, verified=False, name="Held deal")
        cls._lead_won(cls.sales_south, 9_000, today, name="Deal of others")

    def _tour(self, path, name, employee, companies=None):
        user = employee.user_id
        cids = "-".join(map(str, (companies or user.company_id).ids))
        self.start_tour(f"/odoo/{path}", name, login=user.login, cookies={"cids": cids})

    def test_salesperson_reads_the_own_board(self):
        self._tour("commission-overview", "commission_board_sales", self.sales_north)

    def test_branch_manager_reads_the_management_board(self):
        self._tour("commission-board", "commission_board_manager", self.manager_north)

    def test_officer_follows_the_first_steps(self):
        self._tour("commission-board", "commission_board_officer", self.officer_north)
        settings = self.officer_north.user_id.res_users_settings_id
        self.assertTrue(settings.is_commission_onboarding_dismissed)


@tagged("post_install", "-at_install", "commission_long")
class TestUiBoardDesktop(BoardTours, CommissionCommon, HttpCase):
    """The boards as each role."""

    allow_inherited_tests_method = True

    def test_marketer_reads_the_own_board(self):
        self._tour("commission-overview", "commission_board_marketing", self.marketer)

    def test_team_manager_reads_the_own_board(self):
        self._tour(
            "commission-overview", "commission_board_team_manager", self.team_manager
        )

    def test_administrator_reads_the_board_of_all_branches(self):
        self._tour(
            "commission-board",
            "commission_board_administrator",
            self.administrator,
            self.branches,
        )

    def test_board_reads_from_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.sales_north.user_id.lang = "ar_001"
        for styles in ("web.assets_web", "web.assets_web_print"):
            # made before the browser asks: turning them takes longer than it waits
            self.env["ir.qweb"]._get_asset_bundle(styles, js=False, rtl=True).css()
        self._tour(
            "commission-overview", "commission_board_right_to_left", self.sales_north
        )


@tagged("post_install", "-at_install", "commission_long")
class TestUiBoardPhone(BoardTours, CommissionCommon, HttpCase):
    """What is the same component for every role is tried once on a telephone."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
