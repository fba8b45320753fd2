from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install")
class TestBoard(CommissionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._lead_won(
            cls.sales_north,
            10_000,
            "2026-03-10",
            source="marketing",
            first_touch_date="2026-02-26",
        )
        cls._lead_won(cls.sales_north, 10_000, "2026-03-11", verified=False)
        cls._lead_won(cls.sales_north, 5_000, "2026-02-11")
        cls._lead_won(cls.sales_south, 20_000, "2026-03-12")

    def _my_board(self, employee, date_from="2026-03-01", date_to="2026-03-31"):
        board = self._as(employee)["hr.commission.board"]
        return board.get_my_board(date_from, date_to)

    def test_my_board_sums_my_money_by_state(self):
        board = self._my_board(self.sales_north)
        self.assertEqual(board["totals"]["draft"], {"amount": 400.0, "count": 2})
        self.assertEqual(board["totals"]["held"], {"amount": 500.0, "count": 1})
        self.assertEqual(board["bonus"], 100.0)
        self.assertEqual(board["previous_total"], 250.0)

    def test_my_board_compares_sources(self):
        sources = {
            row["source"]: row for row in self._my_board(self.sales_north)["sources"]
        }
        self.assertEqual(
            sources["marketing"],
            {
                "source": "marketing",
                "deals": 1,
                "signed": 10_000.0,
                "commission": 400.0,
                "rate": 4.0,
                "days": 12,
            },
        )
        self.assertEqual(sources["own"]["rate"], 5.0)
        self.assertEqual(sources["referral"]["deals"], 0)

    def test_my_board_follows_a_lost_deal(self):
        lead = self._lead_won(self.sales_north, 7_000, "2026-03-20")
        lead.stage_id = self.stage_new
        self._process()
        sources = self._my_board(self.sales_north)["sources"]
        own = next(row for row in sources if row["source"] == "own")
        self.assertEqual((own["deals"], own["signed"]), (1, 10_000.0))

    def test_my_board_shows_nothing_of_others(self):
        board = self._my_board(self.sales_south_a)
        self.assertEqual(board["totals"], {})
        self.assertFalse(any(row["deals"] for row in board["sources"]))

    def test_my_board_of_a_marketer_counts_leads(self):
        self._lead_open(
            self.sales_north, 1_000, "marketing", first_touch_date="2026-03-05"
        )
        marketing = self._my_board(self.marketer)["marketing"]
        self.assertEqual(marketing["leads"], 1)
        self.assertEqual(marketing["qualified"], 0)

    def test_management_board_sees_the_selected_branches_only(self):
        def signed(*companies):
            env = self._as(self.officer_hq, *companies)
            board = env["hr.commission.board"]
            figures = board.get_management_board("2026-03-01", "2026-03-31")
            return figures["current"]["signed"]

        self.assertEqual(signed(self.north), 20_000.0)
        self.assertEqual(signed(self.south), 20_000.0)
        self.assertEqual(signed(self.hq, self.north, self.south), 40_000.0)

    def test_management_board_of_a_salesperson_holds_own_figures_only(self):
        board = self._as(self.sales_south)["hr.commission.board"]
        figures = board.get_management_board("2026-03-01", "2026-03-31")["current"]
        self.assertEqual(figures["commission"], 1_000.0)
        self.assertEqual(figures["signed"], 20_000.0)

    def test_previous_period_of_whole_months_is_whole_months(self):
        board = self.env["hr.commission.board"]
        days = board._get_period_before(
            Date.to_date("2026-03-01"), Date.to_date("2026-03-31")
        )
        self.assertEqual(list(map(str, days)), ["2026-02-01", "2026-02-28"])
        days = board._get_period_before(
            Date.to_date("2026-03-05"), Date.to_date("2026-03-14")
        )
        self.assertEqual(list(map(str, days)), ["2026-02-23", "2026-03-04"])


@tagged("post_install", "-at_install")
class TestEstimate(CommissionCommon):
    def _estimates(self, employee, leads):
        env = self._as(employee)
        return leads.with_env(env).mapped("commission_estimate")

    def test_estimate_is_what_the_reader_would_get(self):
        marketing = self._lead_open(self.sales_north, 10_000, "marketing")
        own = self._lead_open(self.sales_north, 10_000)
        leads = marketing + own
        self.assertEqual(self._estimates(self.sales_north, leads), [400.0, 500.0])
        self.assertEqual(self._estimates(self.team_manager, leads), [0.0, 0.0])

    def test_estimate_counts_what_the_period_has_so_far(self):
        self._replace_plan(
            {
                "TIER": {
                    "role": "sales",
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "month",
                    "tier_ids": [
                        (0, 0, {"from_value": 0, "rate": 1}),
                        (0, 0, {"from_value": 10_000, "rate": 2}),
                    ],
                }
            }
        )
        with freeze_time("2026-03-20"):
            lead = self._lead_open(self.sales_north, 10_000)
            self.assertEqual(self._estimates(self.sales_north, lead), [100.0])
            self._lead_won(self.sales_north, 10_000, "2026-03-10")
            self.assertEqual(self._estimates(self.sales_north, lead), [200.0])

    def test_estimating_writes_nothing(self):
        lead = self._lead_open(self.sales_north, 10_000)
        before = self.env["hr.commission.credit"].search_count([])
        self._estimates(self.sales_north, lead)
        self.assertEqual(self.env["hr.commission.credit"].search_count([]), before)

    def test_statements_do_not_grow_with_the_leads(self):
        few = self._lead_open(self.sales_north, 1_000)
        many = few
        for _number in range(20):
            many += self._lead_open(self.sales_north, 1_000)
        counts = []
        for leads in (few, many):
            mine = leads.with_env(self._as(self.sales_north))
            mine.mapped("won_status")
            start = self.cr.sql_log_count
            mine.mapped("commission_estimate")
            counts.append(self.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestAlert(CommissionCommon):
    def test_crossed_alert_asks_the_responsible_once(self):
        alert = self.env["hr.commission.alert"].create(
            {
                "name": "Too little signed",
                "company_id": self.north.id,
                "figure": "signed",
                "condition": "below",
                "threshold": 1_000,
                "user_id": self.manager_north.user_id.id,
                "lever": "Raise the synergy bonus.",
            }
        )
        alert._cron_check()
        alert._cron_check()
        activity = alert.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.manager_north.user_id)
        self.assertIn("Raise the synergy bonus.", str(activity.note))

    def test_alert_that_is_not_crossed_asks_nobody(self):
        today = self.north._commission_local_date()
        self._lead_won(self.sales_north, 5_000, today)
        alert = self.env["hr.commission.alert"].create(
            {
                "name": "Too little signed",
                "company_id": self.north.id,
                "figure": "signed",
                "condition": "below",
                "threshold": 1_000,
            }
        )
        alert._cron_check()
        self.assertEqual(alert.value, 5_000.0)
        self.assertFalse(alert.activity_ids)

    def test_digest_is_for_officers(self):
        digest = self.env["digest.digest"].create({"name": "Weekly"})
        with self.assertRaises(AccessError):
            digest.with_env(
                self._as(self.sales_north)
            ).sudo(False)._compute_kpi_commission_earned_value()
