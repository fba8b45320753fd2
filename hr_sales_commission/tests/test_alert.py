# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import format_date, formatLang

from ..models.hr_commission_board import BoardFilter
from ..pipeline.key_figures import KEY_FIGURES
from .common import CommissionCommon


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAlertLever(CommissionCommon):
    def _alert(self, **vals):
        return (
            self.env["hr.commission.alert"]
            .with_context(allowed_company_ids=self.branches.ids)
            .create(
                {
                    "name": "Slipping",
                    "company_id": self.north.id,
                    "figure": "signed",
                    "condition": "drop",
                    "threshold": 20,
                    **vals,
                }
            )
        )

    def _sell(self, *amounts, seller=None):
        """Sell in this period of 30 days, the one before and the one before that."""
        for number, amount in enumerate(amounts):
            day = date(2026, 5, 10) - timedelta(days=30 * number)
            if amount:
                self._lead_won(seller or self.sales_north, amount, day)

    def test_level_drop_trend_and_least_number(self):
        self._sell(700, 1000, 1100)
        cases = [
            ({"condition": "below", "threshold": 800}, True),
            ({"condition": "below", "threshold": 700}, False),
            ({"condition": "above", "threshold": 600}, True),
            ({"condition": "above", "threshold": 700}, False),
            ({"condition": "drop", "threshold": 30}, True),
            ({"condition": "drop", "threshold": 31}, False),
            ({"condition": "trend", "threshold": 36}, True),
            ({"condition": "trend", "threshold": 37}, False),
            ({"condition": "drop", "threshold": 30, "least_count": 2}, False),
            # an empty branch never rings
            ({"company_id": self.south.id, "condition": "below"}, False),
            (
                {"company_id": self.south.id, "condition": "below", "least_count": 0},
                False,
            ),
        ]
        for vals, expected in cases:
            with self.subTest(vals):
                self.assertEqual(self._alert(**vals).is_crossed, expected)
        for day, amount in (("2026-05-10", 300), ("2026-04-10", 100)):
            self._lead_won(self.sales_north, amount, day)
            alert = self._alert(condition="trend", threshold=5)
            self.assertFalse(alert.is_crossed, alert.trend)

    def test_values_are_shown_with_their_units(self):
        self._sell(700, 1000)
        currency = self.north.currency_id
        fall = self._alert()
        self.assertEqual(fall.threshold_text, "20 %")
        self.assertEqual(
            fall.value_text, formatLang(self.env, 700, currency_obj=currency)
        )
        level = self._alert(condition="below", threshold=800)
        self.assertEqual(
            level.threshold_text, formatLang(self.env, 800, currency_obj=currency)
        )

    def test_the_lever_is_of_the_plan_that_holds_there(self):
        """A branch with a plan of its own; a rate so small that it is not rounded away."""
        self._sell(1000, 1000)
        self._sell(100, 1000, seller=self.sales_south)
        bonus = {"role": "sales", "is_bonus": True, "rate": 0.02}
        self._create_plan({"SOUTH": bonus}, company_id=self.south.id, name="South")
        alert = self._alert(
            company_id=self.hq.id, scope="branch", lever_kind="synergy", threshold=20
        )
        self.assertEqual(alert.suggestion, "Raise “SOUTH” from 0.02 % to 0.03 %.")
        action = alert.action_open_suggestion()
        simulation = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(simulation.plan_ids.company_id, self.south)
        self.assertEqual(simulation.plan_ids.rule_ids.rate, 0.03)
        alert.scope = "company"
        # 1,100 of 2,000 in all
        self.assertEqual(alert.suggestion, "Raise “SAL_SYN” from 1 % to 1.45 %.")

    def test_a_young_cohort_is_no_fall(self):
        """Half of the leads of each period are won, 40 days after they qualify."""
        for day in ("2026-03-25", "2026-04-25"):
            for number in range(4):
                lead = self._lead_open(
                    self.sales_north,
                    1000,
                    "marketing",
                    date_qualified=day,
                    first_touch_date=day,
                )
                if number % 2:
                    won = fields.Date.add(fields.Date.to_date(day), days=40)
                    if won <= fields.Date.today():
                        lead.write({"stage_id": self.stage_won.id, "date_won": won})
        self._process()
        for figure in ("synergy_rate", "overall_rate"):
            with self.subTest(figure):
                alert = self._alert(figure=figure, company_id=self.hq.id)
                if figure == "overall_rate":
                    alert.company_id = self.north
                self.assertEqual(
                    alert._get_readings()[0]["values"], [0.0, 0.0, 0.0], alert.trend
                )
                self.assertFalse(alert.is_crossed)
        # those of the period before that were won within it: a fall
        leads = self.env["crm.lead"].search([("date_qualified", "=", "2026-03-25")])
        leads[:2].write({"stage_id": self.stage_won.id, "date_won": "2026-04-10"})
        self._process()
        alert = self._alert(figure="synergy_rate", company_id=self.hq.id)
        self.assertEqual(alert._get_readings()[0]["values"], [0.0, 50.0, 0.0])
        self.assertTrue(alert.is_crossed)
        self.assertIn("judged on its last day", alert.figure_help)

    def test_measures_of_rules_and_targets(self):
        """Repurchases, referrals, joint deals, days to sign: as brackets count them."""
        customer, other = self.env["res.partner"].create(
            [{"name": "Again"}, {"name": "Once"}]
        )
        for partner, day, source in (
            (customer, "2025-11-10", "own"),
            (customer, "2026-05-05", "own"),
            (other, "2026-05-06", "referral"),
        ):
            self._lead_won(self.sales_north, 1000, day, source, partner_id=partner.id)
        shares = [
            Command.create({"employee_id": person.id, "role": "sales", "percent": 50})
            for person in (self.sales_north, self.team_manager)
        ]
        self._lead_won(
            self.sales_north, 1000, "2026-05-07", commission_share_ids=shares
        )
        alerts = self.env["hr.commission.alert"]
        for figure, expected in (
            ("repeat_rate", 100 / 3),
            ("referral_rate", 100 / 3),
            ("joint_count", 1),
            ("won_count", 3),
            ("won_amount", 3000),
            ("conversion_rate", 0),
        ):
            with self.subTest(figure=figure):
                alert = self._alert(figure=figure, condition="below", threshold=5000)
                self.assertAlmostEqual(alert.value, expected)
                self.assertTrue(alert.is_crossed)
                alerts += alert
        alone = alerts.mapped("value")
        alerts.invalidate_recordset(["value"])
        self.assertEqual(alerts.mapped("value"), alone, "read together")
        # of three deals: came in 5, 6 and 10 days before they were signed
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE crm_lead SET create_date = CASE date_won
                      WHEN '2026-05-05' THEN '2026-04-30 12:00:00'::timestamp
                      WHEN '2026-05-06' THEN '2026-04-30 12:00:00'::timestamp
                      ELSE '2026-04-27 12:00:00'::timestamp END
                WHERE user_id = %s""",
            [self.sales_north.user_id.id],
        )
        # the deal won together counts once, half for each
        alert = self._alert(figure="days_to_sign", condition="above", threshold=6.5)
        self.assertAlmostEqual(alert.value, 7)
        self.assertTrue(alert.is_crossed)
        board = self._as(self.manager_north, self.north)["hr.commission.board"]
        found = board.get_sales_measures("2026-05-01", "2026-05-31")
        self.assertEqual(
            [(row["code"], row["unit"]) for row in found],
            [
                ("repeat_rate", "percent"),
                ("referral_rate", "percent"),
                ("joint_count", "count"),
                ("days_to_sign", "days"),
            ],
        )
        for row, value in zip(found, (100 / 3, 100 / 3, 1, 7), strict=True):
            self.assertAlmostEqual(row["value"], value)
            self.assertIsNone(row["previous"])
        elsewhere = self._as(self.manager_south, self.south)["hr.commission.board"]
        for row in elsewhere.get_sales_measures("2026-05-01", "2026-05-31"):
            self.assertIsNone(row["value"])

    def test_of_branches_teams_and_people(self):
        self._sell(900, 1000)
        self._sell(100, 1000, seller=self.sales_south)
        alert = self._alert(company_id=self.hq.id, scope="branch")
        self.assertTrue(alert.is_crossed)
        self.assertIn(
            "Commission South: $\N{NO-BREAK SPACE}100.00, before $\N{NO-BREAK SPACE}1,000.00",
            alert.trend,
        )
        self.assertNotIn("Commission North:", alert.trend)
        self.assertEqual(alert.value, 100)
        # branches below in which who made it does not work tell nothing
        alert = self._alert(company_id=self.south.id, scope="branch")
        self.assertEqual(len(alert._get_readings()), 2)
        alert.user_id = self.manager_south.user_id
        self.assertEqual(
            [each["label"] for each in alert._get_readings()], [self.south.name]
        )
        person = self._alert(company_id=self.south.id, scope="person")
        self.assertIn("sales_south: $\N{NO-BREAK SPACE}100.00,", person.trend)
        team = self.env["crm.team"].create(
            {"name": "Hunters", "company_id": self.north.id}
        )
        self.env["crm.lead"].search([("company_id", "=", self.north.id)]).team_id = team
        alert = self._alert(scope="team", threshold=5)
        self.assertIn("Hunters: $\N{NO-BREAK SPACE}900.00,", alert.trend)

    def test_deals_count_where_they_are_whoever_brought_them(self):
        """Marketing sits at headquarters: each figure of the branch, its team, its
        salesperson and the whole are the same, by each condition, on enough of them.
        """
        self._qualify("2026-03-10", 6, 9)
        self._qualify("2026-04-10", 4, 8)
        self._qualify("2026-05-10", 1, 2)
        self._lead_won(self.sales_north, 500, "2026-05-11", "referral")
        team = self.env["crm.team"].create({"name": "Hunters", "company_id": False})
        self.env["crm.lead"].search([("company_id", "=", self.north.id)]).team_id = team
        names = {"branch": self.north.name, "team": "Hunters", "person": "sales_north"}
        for figure in (*KEY_FIGURES, "won_amount", "won_count", "joint_count"):
            alert = self._alert(figure=figure, company_id=self.hq.id)
            [whole] = alert._get_readings()
            for scope, name in names.items():
                alert.scope = scope
                readings = {each["label"]: each for each in alert._get_readings()}
                with self.subTest(figure=figure, scope=scope):
                    reading = readings.pop(name)
                    self.assertEqual(reading["values"], whole["values"])
                    self.assertEqual(reading["count"], whole["count"])
                    self._check_conditions(alert, reading)
                    self.assertTrue(readings)
                    alert.update({"condition": "below", "threshold": 10**9})
                    for other in readings.values():
                        self.assertEqual(
                            (other["values"], other["count"]), ([0] * 3, 0)
                        )
                        self.assertFalse(alert._is_crossed_by(other))

    def _check_conditions(self, alert, reading):
        """Look at a reading just before and just behind each threshold."""
        now, before, earlier = reading["values"]
        is_falling = now < before < earlier
        fall = 100 * (before - now) / before if before else -1
        slide = 100 * (earlier - now) / earlier if is_falling else -1
        for condition, threshold, expected in (
            ("below", now + 0.01, True),
            ("below", now, False),
            ("above", now - 0.01, True),
            ("above", now, False),
            ("drop", max(fall - 0.01, 0.01), fall > 0.01),
            ("drop", max(fall, 0) + 0.01, False),
            ("trend", max(slide - 0.01, 0.01), slide > 0.01),
            ("trend", max(slide, 0) + 0.01, False),
        ):
            alert.update({"condition": condition, "threshold": threshold})
            for least, is_enough in ((1, True), (99, False)):
                alert.least_count = least
                self.assertEqual(
                    alert._is_crossed_by(reading),
                    expected and is_enough and reading["count"] > 0,
                    (condition, threshold, least, reading),
                )

    def test_what_people_elsewhere_are_paid_is_not_told(self):
        """An officer of the branch is told of its leads, not of what others cost."""
        self._qualify("2026-05-10", 1, 2)
        self._process()
        officer = self.officer_north
        env = self._as(officer, self.north)
        alert = env["hr.commission.alert"].create(
            {
                "name": "Ours",
                "figure": "qualified",
                "condition": "above",
                "threshold": 1,
            }
        )
        self.assertEqual((alert.company_id, alert.value), (self.north, 5))
        alert.figure = "cost_per_lead"
        self.assertEqual(alert.value, 0)
        self.assertFalse(alert.is_crossed)
        alert.figure = "commission"  # 3 % and 1 % of the only deal, not marketing's
        self.assertEqual(alert.value, 40)
        everywhere = self._as(self.officer_hq, *self.branches)
        alert = everywhere["hr.commission.alert"].create(
            {
                "name": "All",
                "figure": "cost_per_lead",
                "company_id": self.north.id,
                "threshold": 1,
            }
        )
        self.assertEqual(alert.value, (5 * 100 + 20) / 5)
        alert.invalidate_recordset()
        alert = alert.with_env(self._as(officer, self.north))
        self.assertEqual(alert.value, 0)

    def _qualify(self, day, won, followed):
        """Ten leads of marketing qualify on a day; some are won, and followed up."""
        for number in range(10):
            vals = {
                "date_qualified": day,
                "first_touch_date": day,
                "followup_count": int(number < followed),
            }
            if number < won:
                terms = {"process": False, **vals}
                self._lead_won(self.sales_north, 1000, day, "marketing", **terms)
            elif number < (5 if day > "2026-05" else 10):  # half as many, later on
                self._lead_open(self.sales_north, 1000, "marketing", **vals)

    def test_the_activity_leads_to_a_simulated_draft(self):
        """Each lever: text with units, number, what the draft changes and costs.

        In the period before ten leads qualified, four were won and eight followed up;
        now five qualified, one was won and two were followed up.
        """
        self._qualify("2026-04-01", 4, 8)
        self._qualify("2026-05-01", 1, 2)
        self._lead_won(self.sales_north, 20000, "2026-05-02")
        people = {"scope": "person", "company_id": self.north.id}
        cases = [
            # figure, condition, threshold, further values, lever; texts, rule and sum
            (
                ("synergy_rate", "drop", 20, {}, "quality"),
                ("20 % (threshold a fall of 20 %)", "20 %, before 40 %"),
                ("MKT_DEAL", "Raise “MKT_DEAL” from 2 % to 3 %.", 50),
            ),
            (
                ("followup_rate", "below", 50, {"scope": "branch"}, "synergy"),
                ("40 % (threshold 50 %)", "North: 40 %, before 80 %"),
                ("SAL_SYN", "Raise “SAL_SYN” from 1 % to 1.2 %.", 10),
            ),
            (
                ("qualified", "drop", 20, {}, "lead_fee"),
                ("5 (threshold a fall of 20 %)", "5, before 10"),
                ("MKT_LEAD", "Raise “MKT_LEAD” from $ 100.00 to $ 150.00.", 750),
            ),
            (
                ("won_count", "drop", 20, people, "synergy"),
                ("2 (threshold a fall of 20 %)", "sales_north: 2, before 4"),
                ("SAL_SYN", "Raise “SAL_SYN” from 1 % to 1.5 %.", 25),
            ),
            (
                ("cost_per_lead", "above", 100, {}, "lead_fee"),
                ("$ 104.00 (threshold $ 100.00)", "$ 104.00, before $ 108.00"),
                ("MKT_LEAD", "Lower “MKT_LEAD” from $ 100.00 to $ 90.00.", -150),
            ),
        ]
        drafts = self.env["hr.commission.plan"]
        for (figure, condition, threshold, more, lever), texts, result in cases:
            with self.subTest(figure=figure, **more):
                alert = self._alert(
                    figure=figure,
                    condition=condition,
                    threshold=threshold,
                    lever_kind=lever,
                    user_id=self.officer_hq.user_id.id,
                    **{"company_id": self.hq.id, **more},
                )
                alert._cron_check()
                note = alert.activity_ids.note.replace("&nbsp;", " ")
                name, suggestion, difference = result
                for text in (*texts, suggestion):
                    self.assertIn(text, note)
                action = alert.action_open_suggestion()
                simulation = self.env[action["res_model"]].browse(action["res_id"])
                draft = simulation.plan_ids
                drafts |= draft
                self.assertEqual((draft.state, draft.previous_id), ("draft", self.plan))
                changed = draft.rule_ids.filtered(
                    lambda rule: (
                        (rule.rate, rule.amount)
                        != (rule.previous_id.rate, rule.previous_id.amount)
                    )
                )
                self.assertEqual(changed.name, name)
                self.assertEqual(
                    sum(simulation.result_ids.mapped("difference")), difference
                )
        self.assertEqual(self.rules["SAL_SYN"].rate, 1)
        self.assertEqual(len(set(drafts.mapped("display_name"))), len(drafts))
        self.assertEqual(
            drafts[1].display_name,
            f"Test Policy (v2, draft of {format_date(self.env, drafts[1].create_date)}: "
            "SAL_SYN: Rate (%): 1 → 1.2)",
        )
        alert = self._alert(
            **{"figure": "own_share", "condition": "above", "lever_kind": "sources"}
        )
        self.assertTrue(alert.is_crossed)
        self.assertFalse(alert.suggestion)
        with self.assertRaisesRegex(UserError, "no plain rule"):
            alert.action_open_suggestion()
        for vals in (
            {"lever_kind": "lead_fee"},
            {"figure": "cost_per_lead", "condition": "below", "threshold": 200},
        ):
            with self.subTest("only costs that rise ask for less", **vals):
                alert.write(vals)
                self.assertTrue(alert.is_crossed)
                self.assertIn("Raise “MKT_LEAD”", alert.suggestion)

    def test_the_lever_of_a_person_is_of_their_own_plan(self):
        self._sell(100, 1000)
        own = self._create_plan(
            {"MINE": {"role": "sales", "is_bonus": True, "rate": 2}},
            is_personal=True,
            company_id=self.north.id,
        )
        self.sales_north.current_version_id.write(
            {"commission_plan_id": own.id, "date_version": "2026-01-01"}
        )
        alert = self._alert(scope="person", lever_kind="synergy")
        self.assertEqual(alert.suggestion, "Raise “MINE” from 2 % to 3 %.")

    def test_the_usual_alerts_are_added_once(self):
        Alert = self._as(self.officer_hq, self.hq)["hr.commission.alert"]
        Alert.action_create_ready_made()
        Alert.action_create_ready_made()
        alerts = Alert.search([("company_id", "=", self.hq.id)])
        self.assertEqual(
            set(alerts.mapped("figure")),
            {"synergy_rate", "followup_rate", "qualified", "own_share"},
        )
        self.assertEqual(len(alerts), 4)
        self.assertFalse(any(alerts.mapped("is_crossed")))

    def test_conversion_is_of_the_leads_of_the_period(self):
        """Three deals of older leads signed, two leads qualified: not 150 %."""
        for number in range(3):
            self._lead_won(
                self.sales_north,
                1000,
                "2026-05-10",
                "marketing",
                date_qualified="2026-01-10",
                process=number == 2,
            )
        self.env["crm.lead"].create(
            [
                self._lead_vals(
                    self.sales_north, 1, "marketing", date_qualified="2026-05-02"
                )
                for _number in range(2)
            ]
        )
        self._process()
        board = self._as(self.officer_hq, *self.branches)["hr.commission.board"]
        figures = board.get_management_board("2026-05-01", "2026-05-31")["current"]
        self.assertEqual(figures["won_marketing"], 3)
        self.assertEqual((figures["synergy_rate"], figures["open_rate"]), (0, 100))
        older = board.get_management_board("2026-01-01", "2026-01-31")["current"]
        self.assertEqual((older["synergy_rate"], older["open_rate"]), (100, 0))

    def test_one_definition_of_each_figure(self):
        """Board, alert, pivot and the page of the manual: the same figures."""
        first = self._lead_won(
            self.sales_north,
            1000,
            "2026-05-03",
            "marketing",
            first_touch_date="2026-04-23",
            followup_count=1,
        )
        partner = self.env["res.partner"].create({"name": "Customer"})
        first.partner_id = partner
        for source, days, amount in (("own", 2, 3000), ("referral", 9, 4000)):
            self._lead_won(
                self.sales_north,
                amount,
                "2026-05-12",
                source,
                first_touch_date=date(2026, 5, 12) - timedelta(days=days),
                partner_id=partner.id if source == "own" else False,
            )
        self._lead_open(self.sales_north, 1, first_touch_date="2026-05-02")
        self._process()
        env = self._as(self.officer_hq, *self.branches)
        board = env["hr.commission.board"].get_management_board(
            "2026-05-01", "2026-05-20"
        )
        expected = {
            "joint": 1,
            "won_marketing": 2,  # the referral too has a marketer
            "repeat_rate": 100 / 3,
            "referral_rate": 100 / 3,
            "time_to_sign": (10 + 2 + 9) / 3,
            "own_share": 100 * 3000 / 8000,
            "overall_rate": 100 * 2 / 3,  # of the three whose first contact is in May
        }
        for code, value in expected.items():
            with self.subTest(code):
                self.assertAlmostEqual(board["current"][code], value)
                is_marketing = code in ("joint", "won_marketing")
                alert = self._alert(
                    company_id=(self.hq if is_marketing else self.north).id,
                    figure=code,
                    condition="above",
                    threshold=0,
                    period_days=20,
                )
                self.assertAlmostEqual(alert.value, value)
                self.assertTrue(alert.is_crossed)
                self.assertIn(
                    "of the period" if code == "overall_rate" else "happened",
                    alert.figure_help,
                )
        paths = env["crm.lead.path.report"]
        [[joint, repeats, referrals, days]] = paths._read_group(
            [("date_won", ">=", "2026-05-01"), ("company_id", "=", self.north.id)],
            [],
            [
                "joint_count:sum",
                "repeat_rate:avg",
                "referral_rate:avg",
                "days_to_sign:avg",
            ],
        )
        self.assertEqual(
            (joint, round(repeats, 2), round(referrals, 2), days), (1, 33.33, 33.33, 7)
        )
        # brackets and targets count the same
        period = date(2026, 5, 1), date(2026, 5, 20)
        found = env["hr.commission.board"]._read_measures(
            ["repeat_rate", "referral_rate"], *period, self.north, BoardFilter()
        )
        for code, (value, _count) in found.items():
            self.assertAlmostEqual(value, expected[code])
        # said on the board, and not to whom may not see
        told = {figure["id"]: figure for figure in board["figures"]}
        self.assertEqual(told["time_to_sign"]["label"], "Time to sign")
        self.assertIn("Counts the leads of the period", told["overall_rate"]["help"])
        self.assertLessEqual(told.keys(), board["current"].keys())
        other = self._as(self.sales_south)["hr.commission.board"]
        figures = other.get_management_board("2026-05-01", "2026-05-20")["current"]
        self.assertFalse(any(figures[code] for code in expected))

    # ------------------------------------------------------------------
    # Incentives and shadow runs
    # ------------------------------------------------------------------

    def test_incentives_say_what_people_will_do(self):
        self._lead_won(self.sales_north, 10000, "2026-04-10", "marketing")
        self._lead_won(self.sales_north, 20000, "2026-04-10")
        plan = self._create_plan(
            {
                "Own": {
                    "commission_source": "own",
                    "tier_mode": "whole",
                    "tier_measure": "amount",
                    "tier_ids": [
                        Command.create({"from_value": 0, "rate": 5}),
                        Command.create({"from_value": 30000, "rate": 8}),
                    ],
                },
                "Marketing": {
                    "commission_source": "marketing",
                    "rate": 2,
                    "cap": 100,
                },
                "Star": {
                    "commission_source": "own",
                    "tier_mode": "marginal",
                    "tier_measure": "cumulative",
                    "tier_period": "month",
                    "tier_ids": [Command.create({"from_value": 900000, "rate": 1})],
                },
            },
            active=False,
        )
        text = self._without_currency(plan.incentives)
        for part in (
            "A lead of “Marketing” pays a salesperson 100.00 on average: 100 % "
            "are won, at 10,000.00, after 0 days",
            "A lead of “Own customer” pays a salesperson 1,000.00",
            "At 10 % in all, marketing customers would pay them as much per lead",
            "“Own” jumps by 900.00 at 30,000.00 (5 % to 8 %)",
            "cap of “Marketing” is reached at 5,000.00, less than an average deal "
            "of 15,000.00: beyond it nothing is gained. Twice an average deal "
            "needs a cap of 600.00",
            "bracket of “Star” in twelve months: it begins at 900,000.00, and the "
            "best was 30,000.00",
            "Deals of “Referral” pay salespeople nothing",
            # two deals of 10,000 instead of one: the cap holds for each
            "Splitting a deal of 20,000.00 (Marketing) in two gains a "
            "salesperson 100.00",
        ):
            with self.subTest(part):
                self.assertIn(part, text)
        self.assertNotIn("Waiting for the next month", text)
        with self.assertRaises(AccessError):
            self._as(self.sales_north)["hr.commission.plan"].browse(plan.id).read(
                ["incentives"]
            )

    def test_waiting_a_month_and_paying_twice(self):
        self._lead_won(self.sales_north, 10000, "2026-04-10")
        plan = self._create_plan(
            {
                "First": {
                    "commission_source": "own",
                    "rate": 2,
                    "cap": 200,
                    "cap_period": "month",
                },
                "Second": {"commission_source": "own", "rate": 1},
            },
            active=False,
        )
        # 400 of two deals in a month are capped at 200
        self.assertIn(
            "Waiting for the next month with half of 20,000.00 "
            "(Own customer) gains a salesperson 200.00",
            self._without_currency(plan.incentives),
        )
        self.assertIn("“First” and “Second” pay the same people", plan.check_warnings)

    def _without_currency(self, text):
        for each in (self.hq.currency_id.symbol, "\N{NO-BREAK SPACE}"):
            text = text.replace(each, "")
        return text

    def test_a_draft_runs_in_shadow(self):
        draft = self._create_plan(
            {"All": {"rate": 7}},
            active=False,
            name="New",
            previous_id=self.plan.id,
            date_start="2026-06-01",
        )
        env = self._as(self.officer_hq, *self.branches)
        action = draft.with_env(env).action_start_shadow()
        run = env["hr.commission.simulation"].browse(action["res_id"])
        run.employee_ids = self.sales_north
        lines = self.env["hr.commission.line"].search_count([])
        self._lead_won(self.sales_north, 1000, "2026-05-20")
        self._lead_won(self.sales_south, 1000, "2026-05-20")
        made = self.env["hr.commission.line"].search_count([]) - lines
        self.env["hr.commission.simulation"]._cron_shadow()
        self.assertEqual(
            [
                (row.employee_id.name, row.amount_before, row.amount)
                for row in run.result_ids
            ],
            [("sales_north", 50, 70)],
        )
        self.assertEqual(made, 2)  # those of the plan in force, none of the draft
        mine = self._as(self.sales_north)["hr.commission.simulation"]
        self.assertIn("No plan", mine.action_my_shadow()["params"]["message"])
        run.is_shown = True
        self.assertIn("70.00", mine.action_my_shadow()["params"]["message"])
        other = self._as(self.sales_south)["hr.commission.simulation"]
        self.assertIn("No plan", other.action_my_shadow()["params"]["message"])
        with self.assertRaisesRegex(UserError, "Only a draft"):
            self.plan.action_start_shadow()
        # dropped: nobody is shown anything, and it may begin anew
        ledger = self.env["hr.commission.line"].search([]).read(["amount", "state"])
        draft.with_env(env).action_drop_shadow()
        self.assertFalse(run.exists())
        self.assertEqual((draft.state, draft.is_in_shadow), ("draft", False))
        self.env["hr.commission.simulation"]._cron_shadow()
        self.assertIn("No plan", mine.action_my_shadow()["params"]["message"])
        action = draft.with_env(env).action_start_shadow()
        run = env["hr.commission.simulation"].browse(action["res_id"])
        run.is_shown = True
        self.assertIn("70.00", mine.action_my_shadow()["params"]["message"])
        self.assertEqual(
            self.env["hr.commission.line"].search([]).read(["amount", "state"]), ledger
        )
        draft.action_activate()
        self.assertFalse(run.shadow_plan_id)
        self.assertIn("No plan", mine.action_my_shadow()["params"]["message"])
