# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from freezegun import freeze_time

from odoo.fields import Command, Date
from odoo.tests import tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_core")
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
        rows = self._without_records(self._my_board(self.sales_north)["sources"])
        sources = {row["source"]: row for row in rows}
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

    @staticmethod
    def _without_records(rows):
        records = ("domain", "deals_domain", "last_day")
        return [{k: row[k] for k in row if k not in records} for row in rows]

    def _management_board(self, employee, *companies, **filters):
        board = self._as(employee, *companies)["hr.commission.board"]
        return board.get_management_board("2026-03-01", "2026-03-31", **filters)

    def test_management_board_filters_by_source_and_team(self):
        team = self.env["crm.team"].create({"name": "T", "company_id": self.north.id})
        self._lead_won(self.sales_north, 1_000, "2026-03-13", team_id=team.id)
        everyone = (self.officer_hq, *self.branches)
        by_source = self._management_board(*everyone, source="marketing")["current"]
        self.assertEqual((by_source["signed"], by_source["commission"]), (10_000, 600))
        by_team = self._management_board(*everyone, team_id=team.id)["current"]
        self.assertEqual((by_team["signed"], by_team["commission"]), (1_000, 50))
        self.assertEqual(by_team["won"], 1)

    def test_branches_sum_to_the_whole(self):
        shares = [
            Command.create({"role": "sales", "employee_id": person.id, "percent": 50})
            for person in (self.sales_north, self.sales_south)
        ]
        self._lead_won(
            self.sales_north, 8_000, "2026-03-18", commission_share_ids=shares
        )
        board = self._management_board(self.officer_hq, *self.branches)
        for figure in ("signed", "commission", "won"):
            self.assertEqual(
                sum(branch[figure] for branch in board["branches"]),
                board["current"][figure],
            )
        won = {branch["name"]: branch["won"] for branch in board["branches"]}
        self.assertEqual((won["Commission North"], won["Commission South"]), (2.5, 1.5))

    def test_management_board_converts_foreign_branches(self):
        rate = {"name": "2020-01-01", "rate": 4.0, "company_id": self.hq.id}
        currency = self.env["res.currency"].create(
            {"name": "XTB", "symbol": "x", "rate_ids": [(0, 0, rate)]}
        )
        abroad = self._create_company(name="Abroad", currency_id=currency.id)
        board = self.env["hr.commission.board"].with_company(self.hq)
        self.assertAlmostEqual(board._convert(abroad, 100.0), 25.0)

    def test_conversion_counts_leads_qualified_and_won_by_source(self):
        qualified = {"is_qualified": True, "date_qualified": "2026-03-02"}
        self._lead_open(self.sales_north, 1_000, "marketing", **qualified)
        self._lead_won(
            self.sales_north, 1_000, "2026-03-14", source="marketing", **qualified
        )
        self._process()
        board = self._management_board(self.officer_hq, *self.branches)
        self.assertEqual(
            self._without_records(board["conversions"]["commission_source"]),
            [{"value": "marketing", "qualified": 2, "won": 1, "rate": 50.0}],
        )
        self.assertEqual(
            self._without_records(board["conversions"]["team_id"]),
            [{"value": False, "name": "", "qualified": 2, "won": 1, "rate": 50.0}],
        )

    def test_conversion_by_branch_of_the_deal_and_by_month(self):
        qualified = {"is_qualified": True}
        self._lead_won(
            self.sales_north,
            1_000,
            "2026-03-14",
            source="marketing",
            date_qualified="2026-03-02",
            **qualified,
        )
        self._lead_open(
            self.sales_south, 1_000, date_qualified="2026-01-31", **qualified
        )
        self._process()
        board = self._management_board(self.officer_hq, *self.branches)
        rows = self._without_records(board["months"])
        months = {row["month"][:7]: row for row in rows}
        self.assertEqual(
            list(months),
            ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03"],
        )
        won = {"qualified": 1, "won": 1, "rate": 100.0}
        self.assertEqual(months["2026-03"], {"month": "2026-03-01", **won})
        self.assertEqual(months["2026-01"]["qualified"], 1)
        self.assertEqual(months["2026-02"]["rate"], 0.0)
        # the marketer is of headquarters, the deal is North's
        self.assertEqual(
            self._without_records(board["conversions"]["deal_company_id"]),
            [{"value": self.north.id, "name": self.north.name, **won}],
        )
        credits = self._as(self.officer_hq, *self.branches)["hr.commission.credit"]
        found = credits.search(
            [
                ("deal_company_id", "=", self.north.id),
                ("event_type", "=", "lead_qualified"),
            ]
        )
        self.assertEqual(found.employee_id, self.marketer + self.sales_north)

    def test_signed_by_today_is_a_part_of_those_qualified(self):
        """Deals of leads qualified earlier are not counted against today's leads."""
        for day in ("2026-01-10", "2026-01-11", "2026-03-02"):
            self._lead_won(
                self.sales_north,
                1_000,
                "2026-03-20",
                source="marketing",
                is_qualified=True,
                date_qualified=day,
            )
        self._lead_open(
            self.sales_north,
            1_000,
            "marketing",
            is_qualified=True,
            date_qualified="2026-03-03",
        )
        self._process()
        current = self._management_board(self.officer_hq, *self.branches)["current"]
        self.assertEqual(current["qualified"], 2)
        self.assertEqual((current["synergy_rate"], current["open_rate"]), (50, 50))

    def test_rate_is_of_the_deals_of_the_period(self):
        """Corrections of other deals are earned, but no part of these deals' rate."""
        board = self._my_board(self.sales_north)
        rates = {row["source"]: row["rate"] for row in board["sources"]}
        commissions = {row["source"]: row["commission"] for row in board["sources"]}
        self.env["hr.commission.line"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "date": "2026-03-20",
                "amount": 77,
                "commission_source": "marketing",
                "note": "A correction of last year",
            }
        )
        board = self._my_board(self.sales_north)
        for row in board["sources"]:
            extra = 77 if row["source"] == "marketing" else 0
            self.assertEqual(row["rate"], rates[row["source"]])
            self.assertEqual(row["commission"], commissions[row["source"]] + extra)

    def test_expected_payments_are_all_there(self):
        lines = self.env["hr.commission.line"].create(
            [
                {
                    "employee_id": self.sales_north.id,
                    "company_id": self.north.id,
                    "date": "2026-03-20",
                    "date_due": f"2026-{month:02}-15",
                    "amount": 10 * month,
                    "note": "Planned",
                }
                for month in range(1, 13)
            ]
        )
        unpaid = self.env["hr.commission.line"].search(
            [
                ("employee_id", "=", self.sales_north.id),
                ("state", "in", ("draft", "approved", "in_payroll")),
            ]
        )
        upcoming = self._my_board(self.sales_north)["upcoming"]
        self.assertLessEqual(lines, unpaid)
        self.assertAlmostEqual(
            sum(row["amount"] for row in upcoming), sum(unpaid.mapped("amount"))
        )
        self.assertFalse(upcoming[0]["date"])
        days = [row["date"] for row in upcoming[1:]]
        self.assertEqual(days, sorted(days))

    def test_what_is_overdue_says_since_when_and_whom_to_ask(self):
        payment = self._my_board(self.sales_north)["upcoming"][0]
        self.assertEqual(payment["since"], "2026-02-11")
        self.assertEqual(payment["ask"], self.manager_north.name)
        manager = self._my_board(self.manager_north)["upcoming"]
        self.assertFalse(manager)

    def test_a_list_of_leads_is_offered_only_if_it_shows_them_all(self):
        self._lead_won(
            self.sales_north,
            500,
            "2026-03-16",
            source="marketing",
            first_touch_date="2026-03-05",
        )
        board = self._as(self.marketer)["hr.commission.board"]
        marketing = board.get_my_board("2026-03-01", "2026-03-31")["marketing"]
        Lead = self._as(self.marketer)["crm.lead"]
        listed = Lead.has_access("read") and Lead.search_count(
            [
                ("marketer_id", "=", self.marketer.id),
                ("first_touch_date", ">=", "2026-03-01"),
                ("first_touch_date", "<=", "2026-03-31"),
            ]
        )
        self.assertGreater(marketing["leads"], listed)
        self.assertEqual(marketing["readable"], listed)

    def test_management_board_of_one_company(self):
        everyone = (self.officer_hq, *self.branches)
        south = self._management_board(*everyone, company_id=self.south.id)
        self.assertEqual(south["current"]["signed"], 20_000.0)
        self.assertEqual(south["branches"], [])
        self.assertEqual(
            [company["id"] for company in south["companies"]], self.branches.ids
        )
        foreign = self._management_board(
            self.manager_north, self.north, company_id=self.south.id
        )
        self.assertEqual(foreign["current"]["signed"], 0.0)

    def test_my_board_filters_by_source_team_and_company(self):
        team = self.env["crm.team"].create({"name": "T", "company_id": self.north.id})
        self._lead_won(self.sales_north, 1_000, "2026-03-13", team_id=team.id)
        board = self._as(self.sales_north)["hr.commission.board"]

        def earned(**filters):
            figures = board.get_my_board("2026-03-01", "2026-03-31", **filters)
            signed = sum(row["signed"] for row in figures["sources"])
            return figures["totals"].get("draft", {"amount": 0})["amount"], signed

        self.assertEqual(earned(), (450.0, 21_000.0))
        self.assertEqual(earned(source="marketing"), (400.0, 10_000.0))
        self.assertEqual(earned(team_id=team.id), (50.0, 1_000.0))
        self.assertEqual(earned(company_id=self.north.id), (450.0, 21_000.0))
        self.assertEqual(earned(company_id=self.south.id), (0, 0))
        choices = board.get_my_board("2026-03-01", "2026-03-31")
        self.assertEqual(
            choices["companies"], [{"id": self.north.id, "name": self.north.name}]
        )
        self.assertIn({"id": team.id, "name": "T"}, choices["teams"])
        sources = {row["id"]: row["name"] for row in choices["customer_sources"]}
        self.assertEqual(sources["own"], "Own customer")
        self.assertEqual(set(sources), {row["source"] for row in choices["sources"]})

    def test_upcoming_payments_say_what_is_approved(self):
        upcoming = self._my_board(self.sales_north)["upcoming"]
        self.assertEqual({day["approved"] for day in upcoming}, {0.0})
        self.assertFalse(upcoming[0]["date"])
        first = self.env["hr.commission.line"].search(
            [
                ("employee_id", "=", self.sales_north.id),
                ("date_due", "<=", Date.today()),
                ("state", "=", "draft"),
            ]
        )
        first.with_env(self._as(self.manager_north)).action_approve()
        payment = self._my_board(self.sales_north)["upcoming"][0]
        self.assertEqual(payment["approved"], payment["amount"])

    @freeze_time("2026-03-12")
    def test_running_period_compares_with_the_same_days(self):
        board = self.env["hr.commission.board"]
        days = board._get_period_before(
            Date.to_date("2026-03-01"), Date.to_date("2026-03-31")
        )
        self.assertEqual(list(map(str, days)), ["2026-02-01", "2026-02-12"])
        self.assertEqual(self._my_board(self.sales_north)["previous_total"], 250.0)

    def test_followed_up_are_leads_their_salesperson_wrote_to(self):
        qualified = {"is_qualified": True, "date_qualified": "2026-03-02"}
        leads = [
            self._lead_open(self.sales_north, 1_000, "marketing", **qualified)
            for _number in range(3)
        ]
        self._process()
        leads[0].with_user(self.sales_north.user_id).message_post(
            body="Our offer", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        leads[1].with_user(self.manager_north.user_id).message_post(
            body="Ours too", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        leads[2].activity_schedule(
            "mail.mail_activity_data_call", user_id=self.sales_north.user_id.id
        ).with_user(self.sales_north.user_id).action_done()
        current = self._management_board(self.officer_hq, *self.branches)["current"]
        self.assertEqual(current["qualified"], 3)
        self.assertAlmostEqual(current["followup_rate"], 200 / 3)

    def test_alerts_are_listed_to_officers_only(self):
        self._lead_won(self.sales_north, 500, self.north._commission_local_date())
        self.env["hr.commission.alert"].create(
            {
                "name": "Too little signed",
                "company_id": self.north.id,
                "figure": "signed",
                "threshold": 1_000,
                "lever": "Raise the bonus.",
            }
        )
        (alert,) = self._management_board(self.officer_north)["alerts"]
        self.assertEqual((alert["value"], alert["threshold"]), (500.0, 1_000.0))
        self.assertEqual(self._management_board(self.manager_north)["alerts"], [])
        self.assertEqual(
            self._management_board(self.officer_hq, self.south)["alerts"], []
        )

    def test_first_steps_are_shown_to_officers_until_done_or_dismissed(self):
        steps = {
            step["id"]: step["done"]
            for step in self._management_board(self.officer_hq, self.hq, self.north)[
                "onboarding"
            ]
        }
        self.assertTrue(steps["plan"] and steps["roles"] and steps["history"])
        self.assertFalse(steps["simulation"])
        self.assertEqual(self._management_board(self.manager_north)["onboarding"], [])
        user = self.officer_hq.user_id
        settings = self.env["res.users.settings"]._find_or_create_for_user(user)
        settings.with_user(user).set_res_users_settings(
            {"is_commission_onboarding_dismissed": True}
        )
        self.assertEqual(self._management_board(self.officer_hq)["onboarding"], [])

    def test_first_steps_go_on_with_what_was_begun(self):
        draft = self._create_plan(active=False, name="Half a plan")
        steps = self._management_board(self.officer_hq, self.hq)["onboarding"]
        begun = {step["id"]: step.get("resume") for step in steps}
        self.assertEqual(
            begun["plan"],
            {"model": draft._name, "id": draft.id, "name": draft.display_name},
        )
        self.assertFalse(begun["simulation"])

    def test_first_steps_name_who_can_do_them(self):
        steps = self._management_board(self.officer_hq, self.hq)["onboarding"]
        roles = next(step for step in steps if step["id"] == "roles")
        able = self.env["res.users"].search(
            [
                ("all_group_ids", "in", self.env.ref("hr.group_hr_user").ids),
                ("company_ids", "in", self.hq.ids),
            ]
        )
        self.assertFalse(roles["can_open"])
        self.assertLessEqual(set(roles["who"]), set(able.mapped("name")))
        self._create_person("staff", self.hq, groups="hr.group_hr_user")
        steps = self._management_board(self.officer_hq, self.hq)["onboarding"]
        roles = next(step for step in steps if step["id"] == "roles")
        self.assertIn("staff", roles["who"])

    def test_first_steps_stay_reachable_as_a_page(self):
        user = self.officer_hq.user_id
        settings = self.env["res.users.settings"]._find_or_create_for_user(user)
        settings.is_commission_onboarding_dismissed = True
        page = self._as(self.officer_hq, self.north)["hr.commission.board"]
        steps = page.get_first_steps()["onboarding"]
        self.assertEqual(len(steps), 6)
        self.assertTrue(page.get_first_steps()["sample"]["can_create"])
        page = self._as(self.manager_north)["hr.commission.board"].get_first_steps()
        self.assertEqual(page["onboarding"], [])
        self.assertFalse(page["sample"]["can_create"])

    def test_marketer_sees_pay_by_channel_and_what_would_earn_more(self):
        fair, web = self.env["utm.source"].create(
            [{"name": "B-Fair"}, {"name": "B-Web"}]
        )
        march = {"first_touch_date": "2026-03-05"}
        for number in range(3):
            self._lead_won(
                self.sales_north,
                1_000 * (1 + number),
                "2026-03-15",
                source="marketing",
                source_id=fair.id,
                **march,
            )
            self._lead_open(
                self.sales_north, 1_000, "marketing", source_id=web.id, **march
            )
        self._lead_won(
            self.sales_north,
            500,
            "2026-03-16",
            source="marketing",
            source_id=web.id,
            is_qualified=True,
            date_qualified="2026-03-06",
            **march,
        )
        board = self._my_board(self.marketer)
        channels = {row["source"]: row for row in board["channels"]}
        self.assertEqual(channels["B-Fair"]["amount"], 120.0)
        self.assertEqual((channels["B-Web"]["leads"], channels["B-Web"]["won"]), (4, 1))
        self.assertEqual(channels["B-Web"]["amount"], 110.0)
        # the deal of setUpClass was brought earlier: it is paid, and no lead of March
        hints = {hint["kind"]: hint for hint in board["hints"]}
        self.assertEqual(hints["channel"]["per_lead"], 120 / 3)
        self.assertAlmostEqual(hints["channel"]["average"], (120 + 110) / 7)
        self.assertEqual(hints["need"], {"kind": "need", "leads": 3, "per_lead": 100.0})

    def test_best_channel_is_named_where_it_pays_clearly_more(self):
        fair, web = self.env["utm.source"].create(
            [{"name": "B-Fair"}, {"name": "B-Web"}]
        )
        april = {"first_touch_date": "2026-04-05"}
        for source, amount in ((fair, 9_000), (web, 1_000)):
            for _number in range(3):
                self._lead_won(
                    self.sales_north,
                    amount,
                    "2026-04-15",
                    source="marketing",
                    source_id=source.id,
                    **april,
                )
        board = self._my_board(self.marketer, "2026-04-01", "2026-04-30")
        self.assertEqual(
            board["hints"],
            [
                {
                    "kind": "channel",
                    "source": "B-Fair",
                    "per_lead": 180.0,
                    "average": 100.0,
                }
            ],
        )

    def test_marketer_opens_the_lines_of_a_channel_of_leads_of_others(self):
        source = self.env["utm.source"].create({"name": "B-Fair"})
        lead = self._lead_won(
            self.sales_south, 1_000, "2026-03-15", "marketing", source_id=source.id
        )
        env = self._as(self.marketer)
        self.assertFalse(env["crm.lead"].search([("id", "=", lead.id)]))
        lines = env["hr.commission.line"].search([("source_id", "=", source.id)])
        self.assertEqual(lines.mapped("amount"), [20.0])
        lines = self._as(self.sales_north)["hr.commission.line"]
        self.assertFalse(lines.search([("source_id", "=", source.id)]))

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

    def _count_queries(self, employee):
        env = self._as(employee)
        board = env["hr.commission.board"]
        counts = []
        for method in (board.get_my_board, board.get_management_board):
            env.invalidate_all()
            start = self.cr.sql_log_count
            method("2026-03-01", "2026-03-31")
            counts.append(self.cr.sql_log_count - start)
        return counts

    def test_queries_do_not_grow_with_the_lines(self):
        people = (self.sales_north, self.marketer, self.manager_north, self.officer_hq)

        def count_with(leads):
            for number in range(leads):
                self._lead_won(
                    self.sales_north,
                    1_000 + number,
                    "2026-03-20",
                    "marketing",
                    process=False,
                    first_touch_date="2026-03-02",
                    is_qualified=True,
                    date_qualified="2026-03-03",
                )
            self._process()
            counts = None
            for _round in range(5):  # until nothing is left to be cached
                before = counts
                counts = [self._count_queries(person) for person in people]
                if counts == before:
                    break
            return counts

        few, many = count_with(1), count_with(30)
        self.assertEqual(few, many)
        for my_board, management in many:
            self.assertLessEqual(my_board, 40)
            self.assertLessEqual(management, 40)


@freeze_time("2026-03-20")
@tagged("post_install", "-at_install")
class TestNextTier(CommissionCommon):
    def _tiers(self, employee):
        board = self._as(employee)["hr.commission.board"]
        return board.get_my_board("2026-01-01", "2026-01-31")["tiers"]

    def _tier_rule(self, measure, bounds, **vals):
        return {
            "role": "sales",
            "tier_mode": "marginal",
            "tier_measure": measure,
            "tier_period": "month",
            "tier_ids": [
                (0, 0, {"from_value": bound, "rate": rate}) for bound, rate in bounds
            ],
            **vals,
        }

    def test_missing_amount_follows_the_running_period(self):
        self._replace_plan(
            {"TIER": self._tier_rule("cumulative", [(0, 1), (10_000, 2), (50_000, 3)])}
        )
        self._lead_won(self.sales_north, 60_000, "2026-02-10")
        (tier,) = self._tiers(self.sales_north)
        self.assertEqual((tier["reached"], tier["missing"]), (0.0, 10_000.0))
        self._lead_won(self.sales_north, 8_900, "2026-03-10")
        (tier,) = self._tiers(self.sales_north)
        self.assertEqual((tier["reached"], tier["missing"]), (8_900.0, 1_100.0))
        self.assertEqual((tier["rate"], tier["next_rate"]), (1.0, 2.0))
        self.assertEqual((tier["unit"], tier["amount_type"]), ("money", "percent"))
        self._lead_won(self.sales_north, 60_000, "2026-03-11")
        (tier,) = self._tiers(self.sales_north)
        self.assertEqual((tier["rate"], tier["missing"]), (3.0, None))

    def test_only_deals_that_satisfy_the_rule_count(self):
        rule = self._tier_rule(
            "cumulative", [(0, 1), (10_000, 2)], commission_source="marketing"
        )
        self._replace_plan({"TIER": rule})
        self._lead_won(self.sales_north, 5_000, "2026-03-10")
        self._lead_won(self.sales_north, 3_000, "2026-03-10", "marketing")
        (tier,) = self._tiers(self.sales_north)
        self.assertEqual(tier["missing"], 7_000.0)

    def test_deals_are_counted_and_paid_an_amount(self):
        rule = self._tier_rule("won_count", [(1, 50), (3, 80)], amount_type="fixed")
        self._replace_plan({"TIER": rule}, tier_boundary="upper")
        (tier,) = self._tiers(self.sales_north)
        self.assertEqual((tier["reached"], tier["missing"]), (0.0, 1.0))
        self._lead_won(self.sales_north, 5_000, "2026-03-10")
        (tier,) = self._tiers(self.sales_north)
        self.assertEqual((tier["unit"], tier["amount_type"]), ("count", "fixed"))
        self.assertEqual((tier["rate"], tier["missing"]), (50.0, 2.0))

    def test_a_bound_of_the_lower_bracket_takes_one_deal_more(self):
        rule = self._tier_rule("won_count", [(0, 50), (2, 80)], amount_type="fixed")
        self._replace_plan({"TIER": rule}, tier_boundary="lower")
        for missing in (3.0, 2.0, 1.0):
            (tier,) = self._tiers(self.sales_north)
            self.assertEqual((tier["rate"], tier["missing"]), (50.0, missing))
            lead = self._lead_won(self.sales_north, 5_000, "2026-03-10")
        self.assertEqual(self._lines(lead).amount, 80.0)

    def test_attainment_is_in_what_the_target_counts(self):
        rule = self._tier_rule("attainment", [(0, 1), (100, 2)])
        self._replace_plan({"TIER": rule})
        self.assertEqual(self._tiers(self.sales_north), [], "no target")
        self.env["hr.commission.target"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "date_from": "2026-03-01",
                "amount": 20_000,
            }
        )
        self._lead_won(self.sales_north, 5_000, "2026-03-10")
        (tier,) = self._tiers(self.sales_north)
        self.assertEqual((tier["reached"], tier["missing"]), (5_000.0, 15_000.0))

    def test_rules_for_other_people_are_left_out(self):
        bounds = [(0, 1), (10_000, 2)]
        others = {"employee_ids": [(6, 0, self.sales_south.ids)]}
        self._replace_plan(
            {
                "OTHERS": self._tier_rule("cumulative", bounds, **others),
                "BRANCH": self._tier_rule(
                    "cumulative", bounds, branch_ids=[(6, 0, self.south.ids)]
                ),
                "MARKETING": self._tier_rule("cumulative", bounds, role="marketing"),
                "PAST": self._tier_rule("cumulative", bounds, date_end="2026-02-28"),
            }
        )
        self.assertEqual(self._tiers(self.sales_north), [])
        names = [tier["name"] for tier in self._tiers(self.sales_south)]
        self.assertEqual(names, ["OTHERS", "BRANCH"])

    def test_manager_stands_by_the_deals_of_the_team(self):
        rule = self._tier_rule("cumulative", [(0, 1), (10_000, 2)], role="manager")
        self._replace_plan({"TIER": rule})
        self.assertEqual(self._tiers(self.team_manager), [])
        self._lead_won(self.sales_north, 4_000, "2026-03-10")
        (tier,) = self._tiers(self.team_manager)
        self.assertEqual(tier["missing"], 6_000.0)

    def test_looking_stores_nothing(self):
        self._replace_plan(
            {"TIER": self._tier_rule("cumulative", [(0, 1), (10_000, 2)])}
        )
        self._lead_won(self.sales_north, 4_000, "2026-03-10")
        with self.assertLedgerUntouched():
            self._tiers(self.sales_north)


@tagged("post_install", "-at_install")
class TestAlert(CommissionCommon):
    def test_crossed_alert_asks_the_responsible_once(self):
        self._lead_won(self.sales_north, 500, self.north._commission_local_date())
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
