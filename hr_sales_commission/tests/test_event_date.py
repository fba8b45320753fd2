# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CommissionCommon


@tagged("post_install", "-at_install")
class TestEventDate(CommissionCommon):
    """The day of an event is the local day of its company, never the UTC day."""

    def _set_zone(self, company, zone):
        company.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": zone, "tz": zone, "company_id": company.id}
        )

    def _win(self, employee, marketer=None):
        source = "marketing" if marketer else "own"
        lead = self._lead_open(employee, 1000, source, marketer=marketer)
        lead.with_user(employee.user_id).action_set_won()
        self._process()
        return lead

    @freeze_time("2026-03-31 20:30:00")
    def test_east_of_utc_is_already_the_next_day(self):
        self._set_zone(self.north, "Asia/Shanghai")
        lead = self._win(self.sales_north)
        self.assertEqual(str(lead.date_won), "2026-04-01")
        self.assertEqual(str(self._events(lead).date), "2026-04-01")
        self.assertEqual(str(self._lines(lead).date), "2026-04-01")

    @freeze_time("2026-04-01 03:30:00")
    def test_west_of_utc_is_still_the_day_before(self):
        self._set_zone(self.north, "America/Los_Angeles")
        lead = self._win(self.sales_north)
        self.assertEqual(str(self._events(lead).date), "2026-03-31")
        self.assertEqual(str(self._lines(lead).date), "2026-03-31")

    @freeze_time("2026-04-01 03:30:00")
    def test_time_zone_of_the_user_does_not_matter(self):
        self._set_zone(self.north, "America/Los_Angeles")
        self.sales_north.user_id.tz = "Asia/Tokyo"
        lead = self._win(self.sales_north)
        self.assertEqual(str(self._events(lead).date), "2026-03-31")

    @freeze_time("2026-03-29 00:30:00")
    def test_day_of_a_clock_change(self):
        self._set_zone(self.north, "Europe/Berlin")
        self.assertEqual(
            str(self._events(self._win(self.sales_north)).date), "2026-03-29"
        )

    @freeze_time("2026-10-24 22:30:00")
    def test_last_hour_of_summer_time(self):
        self._set_zone(self.north, "Europe/Berlin")
        self.assertEqual(
            str(self._events(self._win(self.sales_north)).date), "2026-10-25"
        )

    @freeze_time("2026-03-31 20:30:00")
    def test_deal_is_dated_by_the_branch_of_the_deal(self):
        self._set_zone(self.north, "Asia/Shanghai")
        self._set_zone(self.hq, "America/New_York")
        lead = self._win(self.sales_north, self.marketer)
        self.assertEqual(
            set(map(str, self._lines(lead).mapped("date"))), {"2026-04-01"}
        )

    @freeze_time("2026-03-31 20:30:00")
    def test_plan_of_the_local_day_pays(self):
        self._set_zone(self.north, "Asia/Shanghai")
        draft = self.plan.copy({"date_start": "2026-04-01"})
        draft.previous_id = self.plan
        draft.action_activate()
        lead = self._win(self.sales_north)
        self.assertEqual(self._lines(lead).plan_id, draft)

    @freeze_time("2026-03-31 20:30:00")
    def test_undone_day_is_local(self):
        self._set_zone(self.north, "Asia/Shanghai")
        lead = self._win(self.sales_north)
        lead.stage_id = self.stage_new
        self.assertEqual(str(self._events(lead).date_reversed), "2026-04-01")

    def test_last_minute_of_a_month_at_both_ends_of_the_world(self):
        """Brackets of the month and days of payout are those of the company."""
        tiers = ((0, 1), (1000, 10))
        rule = {
            "role": "sales",
            "tier_mode": "marginal",
            "tier_measure": "cumulative",
            "tier_period": "month",
            "tier_ids": [
                Command.create({"from_value": start, "rate": rate})
                for start, rate in tiers
            ],
        }
        for zone, last, first in (
            ("Pacific/Auckland", "2026-01-31 10:59:00", "2026-01-31 11:00:00"),
            ("Pacific/Pago_Pago", "2026-02-01 10:59:00", "2026-02-01 11:00:00"),
        ):
            with self.subTest(zone), self._undone():
                self._set_zone(self.north, zone)
                self._replace_plan({"R": rule}, payout="month_end", payout_days=5)
                paid = []
                for moment in (last, first):
                    with freeze_time(moment):
                        [line] = self._lines(self._win(self.sales_north))
                        paid.append((line.amount, str(line.date_due)))
                self.assertEqual(paid, [(10, "2026-02-05"), (10, "2026-03-05")])

    def test_imported_day_is_taken_as_it_is(self):
        self._set_zone(self.north, "America/Los_Angeles")
        lead = self._lead_won(self.sales_north, 1000, "2026-04-01")
        self.assertEqual(str(self._lines(lead).date), "2026-04-01")

    @freeze_time("2026-03-31 20:30:00")
    def test_money_moves_on_the_days_of_the_company(self):
        """Whoever pays a company in Shanghai from New York pays on its day."""
        self._set_zone(self.north, "Asia/Shanghai")
        officer = self.officer_hq
        officer.user_id.tz = "America/New_York"
        lines = self._lines(
            self._lead_won(self.sales_north, 1000, "2026-03-05", "marketing")
        ).filtered(lambda line: line.company_id == self.north)
        lines.with_env(self._as(officer)).action_approve()
        by_hand, acknowledged = lines[:1], lines[1:2]
        by_hand.with_env(self._as(officer)).action_mark_paid()
        self._as(officer)["hr.commission.line"].commission_acknowledge(
            acknowledged.ids, "P1", "2026-04-01"
        )
        self.assertEqual(
            list(map(str, (lines[:2]).mapped("date_paid"))), ["2026-04-01"] * 2
        )
        manual = self._as(officer, self.north)["hr.commission.line"].create(
            {"employee_id": self.sales_north.id, "amount": 5, "note": "Agreed"}
        )
        self.assertEqual(str(manual.date), "2026-04-01")

    @freeze_time("2026-03-31 20:30:00")
    def test_proposals_are_of_the_day_of_the_company(self):
        """What is proposed in Shanghai is of April, wherever who opens it is."""
        self._set_zone(self.north, "Asia/Shanghai")
        self.officer_north.user_id.tz = "America/New_York"
        env = self._as(self.officer_north, self.north)
        proposed = {
            "hr.commission.plan": ("date_start", "2026-04-01"),
            "hr.commission.target": ("date_from", "2026-04-01"),
            "hr.commission.assignment": ("date_from", "2026-04-01"),
            "hr.commission.handover": ("date", "2026-04-01"),
            "hr.commission.export.wizard": ("date_until", "2026-04-30"),
            "hr.commission.simulation": ("date_to", "2026-04-01"),
            "hr.commission.dispute": ("date_deadline", "2026-04-08"),
        }
        for model, (name, day) in proposed.items():
            with self.subTest(model):
                self.assertEqual(str(env[model].default_get([name])[name]), day)

    @freeze_time("2026-03-31 20:30:00")
    def test_plans_end_with_the_day_of_their_company(self):
        for company, zone in ((self.north, "Asia/Shanghai"), (self.south, "UTC")):
            self._set_zone(company, zone)
        ending = [
            self._create_plan(company_id=company.id, date_end="2026-03-31")
            for company in (self.north, self.south)
        ]
        self.assertEqual([plan.phase for plan in ending], ["ended", "in_force"])
        self.env["hr.commission.plan"]._cron_close_ended()
        self.assertEqual([plan.state for plan in ending], ["closed", "active"])
