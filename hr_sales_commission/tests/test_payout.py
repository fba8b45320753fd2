# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date
from types import SimpleNamespace

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..pipeline.payout_calendar import PayoutCalendar
from .common import CommissionCommon
from .cookbook import read_recipes


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-05-20 12:00:00")
class TestPayout(CommissionCommon):
    """From which day on a commission may be paid."""

    def _plan(self, **rule):
        self._replace_plan(
            {"Own": {"rate": 5, **rule}}, payout="month_end", payout_days=10
        )

    def _due(self, day, employee=None, **rule):
        self._plan(**rule)
        return self._due_under_plan(day, employee)

    def _due_under_plan(self, day, employee=None):
        lead = self._lead_won(employee or self.sales_north, 1000, day)
        return str(self._lines(lead).date_due)

    def _calendar(self, company, zone="UTC", hours=(8, 16), days=range(5)):
        company.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": company.name,
                "company_id": company.id,
                "tz": zone,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": f"Day {day}",
                            "dayofweek": str(day),
                            "hour_from": hours[0],
                            "hour_to": hours[1],
                        }
                    )
                    for day in days
                ],
            }
        )
        return company.resource_calendar_id

    def _holiday(self, company, calendar, day, **vals):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": company.id,
                "calendar_id": calendar.id if calendar else False,
                "date_from": f"{day} 00:00:00",
                "date_to": f"{day} 23:59:59",
                **vals,
            }
        )

    def test_terms_of_the_plan_by_default(self):
        self.assertEqual(self._due("2026-05-04"), "2026-06-10")

    def test_month_end_of_february(self):
        self.assertEqual(self._due("2024-02-10"), "2024-03-10")

    def test_immediate(self):
        self.assertEqual(self._due("2026-05-04", payout="immediate"), "2026-05-04")

    def test_month_end_of_the_rule(self):
        due = self._due("2026-05-31", payout="month_end", payout_days=15)
        self.assertEqual(due, "2026-06-15")

    def test_working_days_count_from_the_day_after(self):
        self._calendar(self.north)
        # a Saturday: Monday is the first working day after it
        due = self._due("2026-05-09", payout="working_days", payout_days=1)
        self.assertEqual(due, "2026-05-11")
        rules = {"Late": {"rate": 5, "payout": "working_days", "payout_days": 200}}
        late = self._create_plan(rules, active=False).rule_ids
        day = PayoutCalendar(self.env).due_date(
            late, self.north.id, fields.Date.to_date("2026-05-09")
        )
        self.assertEqual(str(day), "2027-02-12")  # forty weeks of five days

    def test_quick_payout_of_the_cookbook(self):
        """Without weekends and holidays, and with Saturdays that make up for them."""
        self._plan(payout="working_days", payout_days=7)
        for row in read_recipes()["Quick payout"]:
            calendar = self._calendar(self.north)
            for number, day in enumerate(
                filter(None, row["Public holidays"].split(", "))
            ):
                # of the calendar, or of every calendar of the company
                self._holiday(self.north, None if number else calendar, day)
            if day := row["Make-up day"]:
                self._holiday(self.north, calendar, day, is_working_day=True)
            self.assertEqual(self._due_under_plan(row["Event"]), row["Due"], row)
            self.env["resource.calendar.leaves"].search(
                [("company_id", "=", self.north.id)]
            ).unlink()

    def test_payout_terms_of_the_cookbook(self):
        """By the rule's choice of terms, which the page names as the form does."""
        self._calendar(self.north)
        terms = self.env["hr.commission.rule"]._fields["payout"]
        codes = {label: code for code, label in terms._description_selection(self.env)}
        for row in read_recipes()["Payout terms"]:
            code, days = codes[row["Due"]], int(row["Days"])
            rules = {"Own": {"rate": 5, "payout": code, "payout_days": days}}
            draft = self._create_plan(rules, active=False)
            event_day = fields.Date.to_date(row["Event"])
            due = PayoutCalendar(self.env).due_date(
                draft.rule_ids, self.north.id, event_day
            )
            self.assertEqual(str(due), row["Is"], row)

    def test_working_days_are_of_the_branch_of_the_employee(self):
        self._calendar(self.north)
        self._calendar(self.south, days=(0, 2, 4))
        self.assertEqual(
            self._due(
                "2026-05-04", self.sales_south, payout="working_days", payout_days=7
            ),
            "2026-05-20",
        )

    def test_working_days_are_local_days(self):
        # Monday to Friday in Auckland begins on Sunday in UTC
        self._calendar(self.north, zone="Pacific/Auckland")
        due = self._due("2026-05-08", payout="working_days", payout_days=1)
        self.assertEqual(due, "2026-05-11")

    def test_company_without_calendar_works_monday_to_friday(self):
        self.north.resource_calendar_id = False
        due = self._due("2026-05-04", payout="working_days", payout_days=7)
        self.assertEqual(due, "2026-05-13")
        days = PayoutCalendar(self.env).get_working_days(self.north.id, 2026)
        self.assertEqual((min(days), max(days)), (date(2026, 1, 1), date(2026, 12, 31)))

    def test_correction_is_due_from_its_own_day(self):
        self._calendar(self.north)
        self._replace_plan({"Own": {"rate": 5, "payout": "working_days"}})
        lead = self._lead_won(self.sales_north, 1000, "2026-05-04")
        line = self._lines(lead)
        line.with_user(self.officer_hq.user_id).action_approve()
        lead.expected_revenue = 2000
        self._process()
        correction = self._lines(lead) - line
        self.assertEqual(str(correction.date_due), "2026-05-20")

    def _rule(self, **vals):
        rules = {"Due": {"rate": 5, "payout": "working_days", "payout_days": 5, **vals}}
        return self._create_plan(rules, active=False).rule_ids

    def test_what_was_held_back_is_due_when_it_is_released(self):
        payouts = PayoutCalendar(self.env)
        by_date = {"holdback_percent": 20, "holdback_until": "date"}
        for rule, released_on, due in (
            (self._rule(holdback_percent=20, holdback_days=30), None, "2026-06-03"),
            (self._rule(**by_date, holdback_date="2026-05-20"), None, "2026-05-20"),
            # never before it happened
            (self._rule(**by_date, holdback_date="2026-04-01"), None, "2026-05-04"),
            (self._rule(holdback_percent=20), "2026-05-10", "2026-05-10"),
            (self._rule(holdback_percent=20), "2026-05-01", "2026-05-04"),
        ):
            award = SimpleNamespace(
                part="release",
                date=date(2026, 5, 4),
                trace={"released_on": released_on},
            )
            day = payouts.award_due_date(rule, self.north.id, award)
            self.assertEqual(str(day), due)
        later = payouts.award_due_date(rule, self.north.id, award, date(2026, 7, 1))
        self.assertEqual(str(later), "2026-07-01")

    def test_a_company_without_any_working_day_counts_every_day(self):
        self._calendar(self.north, days=())
        day = date(2026, 5, 4)
        due = PayoutCalendar(self.env).due_date(self._rule(), self.north.id, day)
        self.assertEqual((due - day).days, 60 + 5)

    def test_each_company_has_its_own_days(self):
        self._calendar(self.north)
        self._calendar(self.south, days=(0, 2, 4))
        payouts, rule = PayoutCalendar(self.env), self._rule()
        due = [
            str(payouts.due_date(rule, company.id, date(2026, 5, 4)))
            for company in (self.north, self.south)
        ]
        self.assertEqual(due, ["2026-05-11", "2026-05-15"])

    def test_days_made_up_for_at_the_turn_of_the_year(self):
        """The year's last Saturday and the next one's first Sunday."""
        calendar = self._calendar(self.north)
        self._holiday(
            self.north,
            calendar,
            "2022-12-31",
            date_to="2023-01-01 23:59:59",
            is_working_day=True,
        )
        payouts = PayoutCalendar(self.env)
        last, first = date(2022, 12, 31), date(2023, 1, 1)
        found = [
            {last, first} & payouts.get_working_days(self.north.id, year)
            for year in (2021, 2022, 2023, 2024)
        ]
        self.assertEqual(found, [set(), {last}, {first}, set()])
