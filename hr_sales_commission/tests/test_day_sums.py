# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What boards read of everybody is what the records say, whatever changed since."""

from datetime import date
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..pipeline.day_sums import ARRIVALS, FLOW, KINDS, LEDGER
from .common import CommissionCommon

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
MARCH = ("2026-03-01", "2026-03-31")


@tagged("post_install", "-at_install", "commission_long")
class TestDaySums(CommissionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Day = cls.env["hr.commission.day"]
        cls.Stale = cls.env["hr.commission.stale"]
        cls.team, cls.other_team = cls.env["crm.team"].create(
            [{"name": name, "company_id": False} for name in ("Team", "Other Team")]
        )
        cls.fair, cls.web = cls.env["utm.source"].create(
            [{"name": "D-Fair"}, {"name": "D-Web"}]
        )
        cls.deals = cls.env["crm.lead"].union(
            *(
                cls._lead_won(
                    person,
                    1_000 * (number + 1),
                    f"2026-03-1{number}",
                    source=source,
                    process=False,
                    team_id=cls.team.id,
                    source_id=cls.fair.id,
                    is_qualified=True,
                    date_qualified=f"2026-03-0{number + 3}",
                    first_touch_date=f"2026-02-1{number}",
                    followup_count=number % 2,
                )
                for number, (person, source) in enumerate(
                    [
                        (cls.sales_north, "marketing"),
                        (cls.sales_south, "marketing"),
                        (cls.sales_north, "own"),
                        (cls.sales_south, "referral"),
                    ]
                )
            )
        )
        cls._process()
        cls._sum_up()

    @classmethod
    def _sum_up(cls):
        cls.Day._resolve_marks()
        for kind in KINDS:
            cls.Day._sum_up(kind, cls.Stale._find_days(kind))

    def _board(self, person=None, **chosen):
        board = self._as(person or self.officer_hq)["hr.commission.board"]
        return {
            **board.get_management_board(*MARCH, **chosen),
            "measures": board.get_sales_measures(*MARCH, **chosen),
        }

    def assertSums(self, *kinds, filters=({},)):
        """Check that days of these kinds are stale, and that all others are right."""
        self.env.flush_all()
        for kind in KINDS:
            self.assertEqual(self.Day._find_wrong_days(kind, *YEAR), [], kind)
            self.assertEqual(bool(self.Stale._find_days(kind)), kind in kinds, kind)
        for chosen in filters:
            with patch.object(type(self.Day), "_sees_all", return_value=False):
                expected = self._board(**chosen)
            self.assertEqual(self._board(**chosen), expected, chosen)
        self._sum_up()
        self.assertEqual(self._board(**chosen), expected, chosen)
        for kind in KINDS:
            self.assertEqual(self.Day._find_wrong_days(kind, *YEAR), [], kind)
            self.assertEqual(self.Stale._find_days(kind), [], kind)

    # ------------------------------------------------------------------
    # What changes
    # ------------------------------------------------------------------

    def test_sums_are_of_something(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT kind, SUM(number), SUM(amount) FROM hr_commission_day
                    WHERE date BETWEEN '2026-01-01' AND '2026-12-31' GROUP BY kind"""
            )
        )
        found = {kind: (float(number), amount) for kind, number, amount in rows}
        self.assertEqual(set(found), {kind for each in KINDS.values() for kind in each})
        self.assertEqual(found[ARRIVALS], (4, None))
        self.assertEqual(found["source_id"], found["team_id"])
        self.assertEqual(
            float(found[LEDGER][1]), sum(self._lines(self.deals).mapped("amount"))
        )
        self.assertEqual(self._board()["current"]["won"], 4)
        chosen = {"source": "marketing"}, {"team_id": self.team.id}
        self.assertSums(filters=(*chosen, {"company_id": self.north.id}, {}))

    def test_approval_payment_and_a_difference_after_it(self):
        lines = self._lines(self.deals[:2])
        lines.action_approve()
        self.assertSums(LEDGER)
        lines.action_mark_paid()
        self.assertSums(LEDGER)
        self.deals[0].stage_id = self.stage_new  # the deal is lost again
        self.assertSums(FLOW, ARRIVALS)
        self._process()
        self.assertSums(FLOW, LEDGER)

    def test_another_amount_and_another_day(self):
        self.deals[0].expected_revenue = 5_000
        self._process()
        self.assertSums(FLOW, LEDGER)
        self.deals[1].date_won = "2026-03-28"
        self._process()
        self.assertSums(FLOW, LEDGER)

    def test_what_becomes_of_leads(self):
        for vals, kinds in (
            ({"followup_count": 3}, {FLOW, ARRIVALS}),
            ({"source_id": self.web.id}, {FLOW, ARRIVALS}),
            ({"team_id": self.other_team.id}, {FLOW, LEDGER, ARRIVALS}),
            ({"team_id": False}, {FLOW, LEDGER, ARRIVALS}),
            ({"first_touch_date": "2026-01-05"}, {FLOW, ARRIVALS}),
            ({"active": False}, {FLOW, ARRIVALS}),
            ({"followup_count": 4}, set()),
            ({"name": "Other", "description": "Longer"}, set()),
        ):
            with self.subTest(**vals):
                self.deals[0].write(vals)
                teams = self.team + self.other_team if "team_id" in vals else ()
                self.assertSums(
                    *kinds, filters=[*({"team_id": team.id} for team in teams), {}]
                )
        self._decide_source(self.deals[1], "own")
        self._process()
        self.assertSums(FLOW, LEDGER, ARRIVALS)

    def test_shares_of_people_of_another_branch(self):
        shares = [
            Command.create({"role": "sales", "employee_id": person.id, "percent": 50})
            for person in (self.sales_north, self.sales_south)
        ]
        self._lead_won(
            *(self.sales_north, 3_000, "2026-03-20"), commission_share_ids=shares
        )
        self.assertSums(FLOW, LEDGER, ARRIVALS)
        self._correct_credit(self.deals[0], {self.sales_south: 100})
        self._process()
        self.assertSums(FLOW, LEDGER)
        self._move_to_south(self.sales_north)
        self._lead_won(self.sales_north, 4_000, "2026-03-21")
        self.assertSums(FLOW, LEDGER, ARRIVALS)

    def _measures(self, **chosen):
        return {row["code"]: row["value"] for row in self._board(**chosen)["measures"]}

    def test_measures_of_sales(self):
        """Repurchases follow other deals of the customer, whether or not rules ask."""
        customer = self.env["res.partner"].create({"name": "Again"})
        self.deals[1].partner_id = customer
        self._process()
        again = self._lead_won(
            *(self.sales_north, 3_000, "2026-03-20"),
            partner_id=customer.id,
            commission_share_ids=[
                Command.create({"role": "sales", "employee_id": each.id, "percent": 50})
                for each in (self.sales_north, self.sales_south)
            ],
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-03-01 23:30' WHERE id = ANY(%s)",
            [(self.deals + again).ids],
        )
        filters = {"source": "own"}, {"company_id": self.south.id}, {}
        self.assertSums(FLOW, LEDGER, ARRIVALS, filters=filters)
        measures = self._measures()
        self.assertEqual((measures["repeat_rate"], measures["joint_count"]), (20, 1))
        self.assertEqual(self._measures(company_id=self.south.id)["joint_count"], 1)
        days = measures["days_to_sign"]
        for company in self.branches:
            company.resource_calendar_id.tz = "Asia/Tokyo"
        self.assertSums(FLOW)
        self.assertLess(self._measures()["days_to_sign"], days, "came in a day later")
        self.deals[1].stage_id = self.stage_new  # never was a purchase
        self._process()
        self.assertSums(FLOW, LEDGER, ARRIVALS)
        self.assertEqual(self._measures()["repeat_rate"], 0)
        self._lead_won(self.sales_south, 10, "2026-02-02", partner_id=customer.id)
        self.assertSums(FLOW, LEDGER, ARRIVALS)
        self.assertEqual(self._measures()["repeat_rate"], 25)

    def test_merged_and_deleted_leads(self):
        other = self._lead_open(
            self.sales_north, 10, "marketing", first_touch_date="2026-03-02"
        )
        self.assertSums(ARRIVALS)
        (other + self.deals[0]).merge_opportunity(auto_unlink=False)
        self._process()
        for kind in (FLOW, LEDGER):
            self.assertFalse(self.Day._find_wrong_days(kind, *YEAR))
        self._sum_up()
        other.exists().unlink()
        self.assertFalse(self.Day._find_wrong_days(FLOW, *YEAR))
        self.assertFalse(self.Day._find_wrong_days(ARRIVALS, *YEAR))
        self._sum_up()
        self.env.cr.execute(
            "DELETE FROM hr_commission_line WHERE lead_id = %s", [self.deals[2].id]
        )
        self.env.cr.execute(
            "DELETE FROM hr_commission_event WHERE lead_id = %s", [self.deals[2].id]
        )
        self.env.invalidate_all()
        self.assertSums(FLOW, LEDGER)

    def test_what_sums_do_not_know_marks_nothing(self):
        self.env.flush_all()
        lines = self._lines(self.deals)
        self.env.cr.execute(
            "UPDATE hr_commission_line SET note = 'x', date_due = date, amount = amount"
            " WHERE id = ANY(%s)",
            [lines.ids],
        )
        self.env.cr.execute(
            "UPDATE hr_commission_event SET state = 'done', amount = amount,"
            " date = date, is_repurchase = is_repurchase"
        )
        self.env.cr.execute("UPDATE hr_commission_credit SET counted = counted")
        self.env.cr.execute("UPDATE crm_lead SET team_id = team_id, active = active")
        self.env.cr.execute("SELECT COUNT(*) FROM hr_commission_stale")
        self.assertEqual(self.env.cr.fetchone(), (0,))

    # ------------------------------------------------------------------
    # Who reads them, and who keeps them
    # ------------------------------------------------------------------

    def test_sums_are_for_those_who_see_everybody(self):
        line = "hr.commission.line"
        for person, companies, expected in (
            (self.officer_hq, self.branches, True),
            (self.officer_hq, self.north, True),
            (self.manager_north, self.north, True),
            (self.manager_north, self.north + self.south, False),
            (self.team_manager, self.north, False),
            (self.sales_north, self.north, False),
            (self.marketer, self.hq, False),
        ):
            with self.subTest(person.name, companies=companies.mapped("name")):
                Day = self._as(person)["hr.commission.day"].sudo(False)
                for model in (line, "hr.commission.credit"):
                    self.assertEqual(Day._sees_all(model, companies), expected, model)
        rule = self.env.ref("hr_sales_commission.hr_commission_line_rule_branch")
        rule.domain_force = (
            "[('company_id', 'in', company_ids), ('role', '=', 'sales')]"
        )
        Day = self._as(self.manager_north)["hr.commission.day"]
        self.assertFalse(Day._sees_all(line, self.north), "a rule of the customer")

    def test_figures_of_a_period_are_read_from_sums_alone(self):
        """Records are not read where sums say it: wrong sums are wrong figures."""
        self.env.cr.execute("UPDATE hr_commission_day SET amount = amount * 2")
        for chosen in ({}, {"team_id": self.team.id}):
            self.assertEqual(self._board(**chosen)["current"]["signed"], 20_000)
        nobody = self._board(team_id=self.other_team.id)["current"]
        self.assertFalse(any(nobody.values()))
        own = self._board(self.team_manager)["current"]["signed"]
        self.assertEqual(own, 4_000, "read from records: not everybody's")
        wrong = self.Day._find_wrong_days(LEDGER, *YEAR)
        self.assertEqual(len(wrong), len(set(self._lines(self.deals).mapped("date"))))
        self.env.cr.execute("UPDATE hr_commission_day SET days = days + 2 * number")
        longer = self._measures()["days_to_sign"]
        with patch.object(type(self.Day), "_sees_all", return_value=False):
            self.assertEqual(self._measures()["days_to_sign"], longer - 2)

    def test_the_job_sums_up_what_changed(self):
        self.deals[0].followup_count = 7
        self._lead_won(self.sales_north, 900, "2026-04-02")
        with self.enter_registry_test_mode():
            self.env.ref(
                "hr_sales_commission.ir_cron_commission_sum_up"
            ).method_direct_trigger()
        self.assertSums()
        self.env.cr.execute("SELECT COUNT(*) FROM hr_commission_stale")
        self.assertEqual(self.env.cr.fetchone(), (0,))

    def test_wrong_sums_are_told_and_mended(self):
        Health = self.env["hr.commission.health"]
        with patch.object(type(Health), "_get_days_to_compare", return_value=[YEAR]):
            self.assertEqual(Health._find_sums(self.north)[0], "ok")
            self.env.cr.execute(
                "DELETE FROM hr_commission_day WHERE kind = 'flow'"
                " AND date = '2026-03-11'"
            )
            state, count, found = Health._find_sums(self.north)
            self.assertEqual(
                (state, count, found["names"]), ("error", 1, ["2026-03-11"])
            )
            self.assertEqual(Health._find_sums(self.north)[0], "ok")
        self.assertSums(FLOW)
