# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..pipeline.sql_rows import sql_columns, sql_rows
from .common import CommissionCommon

COLUMNS = {
    "name": "text",
    "type": "text",
    "active": "bool",
    "company_id": "int",
    "user_id": "int",
    "commission_source": "text",
    "first_touch_date": "date",
    "is_qualified": "bool",
    "date_qualified": "date",
    "date_first_followup": "timestamp",
    "date_won": "date",
    "won_amount": "float8",
}
BEFORE, AFTER = date(2026, 1, 1), date(2026, 4, 1)


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-07-15 12:00:00")
class TestEffect(CommissionCommon):
    """Made data with a known effect, and with none."""

    def _make(
        self, start, seller, created, qualified, won, followed, joint, others, size
    ):
        """Make the leads of three months from a day on.

        :param others: own customers: (leads, won)
        """
        rows = []
        for number in range(created):
            day = start + timedelta(days=number * 85 // created)
            row = self._row(seller, "marketing", day)
            if number < qualified:
                row.update(is_qualified=True, date_qualified=day)
            if number < won:
                row.update(date_won=day + timedelta(days=4), won_amount=size)
            # of the won ones only the first are joint deals
            if number < joint or won <= number < won + followed - joint:
                row["date_first_followup"] = day + timedelta(days=1)
            rows.append(row)
        leads, own_won = others
        for number in range(leads):
            day = start + timedelta(days=number * 85 // leads)
            row = self._row(seller, "own", day)
            if number < own_won:
                row.update(date_won=day + timedelta(days=4), won_amount=size)
            rows.append(row)
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_lead (%s) SELECT %s FROM %s",
                sql_columns(COLUMNS),
                sql_columns(COLUMNS),
                sql_rows("made", COLUMNS, rows),
            )
        )

    def _row(self, seller, source, day):
        return {
            "name": source,
            "type": "opportunity",
            "active": True,
            "company_id": seller.company_id.id,
            "user_id": seller.user_id.id,
            "commission_source": source,
            "first_touch_date": day,
        }

    def _before(self, seller, start=BEFORE):
        self._make(start, seller, 400, 200, 30, 60, 20, (100, 45), 1000)

    def _after(self, seller, start=AFTER):
        """+40 %, 15 → 25 %, 30 → 65 %, +50 %, 15 → 22 %, +35 %."""
        self._make(start, seller, 500, 280, 70, 182, 30, (100, 62), 101250 / 132)

    def _effect(self, **vals):
        effect = (
            self.env["hr.commission.effect"]
            .with_context(allowed_company_ids=self.branches.ids)
            .create(
                {
                    "name": "Three months",
                    "company_id": self.hq.id,
                    "date_start": AFTER,
                    **vals,
                }
            )
        )
        effect.action_compute()
        return effect, {
            figure.figure: figure
            for figure in effect.figure_ids
            if figure.group == "all"
        }

    def test_figures_of_branches_that_one_may_not_select(self):
        """Who selects headquarters alone reads no figures of its branches."""
        everywhere = self._as(self.officer_hq)
        effect = everywhere["hr.commission.effect"].create(
            {"name": "All", "company_id": self.hq.id, "date_start": AFTER}
        )
        effect.action_compute()
        self.assertLessEqual(self.branches, effect.branch_ids.with_env(self.env))
        self.assertTrue(effect.figure_ids)
        at_hq = effect.with_env(self._as(self.officer_hq, self.hq))
        self.assertFalse(at_hq.figure_ids)
        self.assertFalse(at_hq.figure_ids.search([("effect_id", "=", effect.id)]))
        at_hq.action_compute()
        self.assertEqual(at_hq.branch_ids, self.hq)
        self.assertTrue(at_hq.figure_ids)

    def test_the_six_figures_of_the_article(self):
        for seller in (self.sales_north, self.sales_south, self.sales_south_a):
            for _time in range(2):
                self._before(seller)
                self._after(seller)
        effect, figures = self._effect()
        expected = {
            "qualified": (1200, 1680, 40),
            "marketing_conversion": (15, 25, 10),
            "followed_rate": (30, 65, 35),
            "joint_deals": (120, 180, 50),
            "overall_conversion": (15, 22, 7),
            "revenue": (450000, 607500, 35),
        }
        for name, (before, after, change) in expected.items():
            with self.subTest(name):
                figure = figures[name]
                self.assertAlmostEqual(figure.before, before, places=1)
                self.assertAlmostEqual(figure.after, after, places=1)
                self.assertAlmostEqual(figure.change, change, places=1)
                self.assertEqual(figure.verdict, "sure")
                self.assertIn("quite sure", figure.sentence)
        self.assertEqual(figures["cost"].verdict, "unknown")
        self.assertIn("Changed more than chance explains", effect.summary)
        months = effect.figure_ids.filtered(lambda each: each.group == "month")
        self.assertEqual(set(months.mapped("label")), {"2026-04", "2026-05", "2026-06"})
        branches = effect.figure_ids.filtered(
            lambda each: each.group == "branch" and each.figure == "qualified"
        )
        self.assertEqual(sum(branches.mapped("after")), 1680)
        people = effect.figure_ids.filtered(
            lambda each: each.group == "person" and each.figure == "qualified"
        )
        self.assertEqual(people.mapped("after"), [560] * 3)

    def test_none_is_claimed_where_there_is_none(self):
        self._before(self.sales_north)
        # as many again, give or take a few by chance
        self._make(AFTER, self.sales_north, 410, 207, 28, 66, 22, (96, 47), 1010)
        effect, figures = self._effect()
        verdicts = {figure.verdict for figure in figures.values()}
        self.assertLessEqual(verdicts, {"none", "unknown"})
        self.assertIn("No effect can be claimed", effect.summary)

    def test_a_pilot_is_compared_with_the_others(self):
        """Everybody grew the same: the pilot did nothing, though it grew."""
        for seller in (self.sales_north, self.sales_south):
            for _time in range(3):
                self._before(seller)
                self._after(seller)
        alone, figures = self._effect()
        self.assertEqual(figures["marketing_conversion"].verdict, "sure")
        _effect, figures = self._effect(pilot_ids=[Command.set(self.north.ids)])
        for name, figure in figures.items():
            with self.subTest(name):
                self.assertIn(figure.verdict, ("none", "unknown"))
                self.assertAlmostEqual(figure.change, 0, places=3)
        # and where only the pilot grew, it is claimed
        self.env.cr.execute(
            "DELETE FROM crm_lead WHERE company_id = %s AND first_touch_date >= %s",
            [self.south.id, AFTER],
        )
        for _time in range(3):
            self._before(self.sales_south, AFTER)
        _effect, figures = self._effect(pilot_ids=[Command.set(self.north.ids)])
        self.assertEqual(figures["marketing_conversion"].verdict, "sure")
        self.assertAlmostEqual(figures["marketing_conversion"].change, 10, places=1)
        self.assertIn("beyond the other branches", figures["followed_rate"].sentence)
        self.assertTrue(alone.figure_ids)

    def test_a_pilot_of_one_person_or_with_nobody_beside(self):
        """What may be due to the person, or to everything else, is said."""
        self._before(self.sales_north)
        self._after(self.sales_north)
        self._before(self.sales_south)
        self._before(self.sales_south, AFTER)
        effect, figures = self._effect(pilot_ids=[Command.set(self.north.ids)])
        self.assertEqual(figures["followed_rate"].verdict, "sure")
        self.assertIn("one salesperson, sales_north", effect.summary)
        self.assertNotIn("No branch is left", effect.summary)
        effect, _figures = self._effect(pilot_ids=[Command.set(self.hq.ids)])
        self.assertIn("No branch is left", effect.summary)
        self.assertNotIn("one salesperson", effect.summary)
        effect.pilot_ids = self.north
        at_hq = effect.with_env(self._as(self.officer_hq, self.hq))
        with self.assertRaisesRegex(UserError, "Select a pilot branch"):
            at_hq.action_compute()

    def test_nothing_to_compare_with_is_no_effect(self):
        """No year before, a branch where nothing happened; another plan began as well."""
        self._after(self.sales_north)
        terms = {"name": "Also", "date_start": "2026-05-01"}
        self._create_plan({"All": {"rate": 1}}, company_id=self.south.id, **terms)
        effect, figures = self._effect(compared="season")
        self.assertEqual(set(effect.figure_ids.mapped("verdict")), {"unknown"})
        self.assertIn("too little happened to compare anything", effect.summary)
        self.assertIn("Also (05/01/2026)", effect.summary)
        self.assertEqual(
            figures["followed_rate"].sentence.partition(":")[0],
            "nothing to count to 65 %",
        )
        self.assertEqual(figures["qualified"].sentence[:8], "0 to 280")
        _effect, figures = self._effect(company_id=self.south.id)
        self.assertEqual({each.verdict for each in figures.values()}, {"unknown"})

    def test_the_same_season(self):
        self._before(self.sales_north, date(2025, 4, 1))
        self._after(self.sales_north)
        _effect, figures = self._effect(compared="season")
        self.assertEqual(
            (figures["qualified"].before, figures["qualified"].after), (200, 280)
        )
        effect = self.env["hr.commission.effect"].create({"name": "As it is offered"})
        self.assertEqual(effect.date_start, AFTER)
        plan = self._create_plan({"All": {"rate": 1}}, active=False, date_start=AFTER)
        effect = self.env["hr.commission.effect"].create(
            {"company_id": self.hq.id, "plan_id": plan.id}
        )
        self.assertEqual((effect.name, effect.date_start), (plan.display_name, AFTER))
        effect.date_start = "2026-09-01"
        with self.assertRaisesRegex(UserError, "begins on"):
            effect.action_compute()
