# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Days and signs on which it turns: what one character more or less would change."""

from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestBoundaries(SourceCommon):
    def test_a_correction_upwards_waits_for_the_source_and_one_downwards_does_not(self):
        self._process()
        for revenue, amount, state in ((1500, 25, "held"), (500, -25, "draft")):
            with self.subTest(revenue=revenue):
                lead = self._lead_won(
                    self.sales_north, 1000, "2026-01-10", source="own"
                )
                self._lines(lead).action_approve()
                lead.write({"source_state": "open", "expected_revenue": revenue})
                self._process()
                correction = self._lines(lead)[1:]
                self.assertEqual((correction.amount, correction.state), (amount, state))

    def test_contacts_after_the_win_bring_nothing(self):
        self.plan.write({"state": "closed", "date_end": "2026-01-01"})
        plan = self._create_plan(date_start="2026-01-02", attribution="linear")
        lead = self._make_web_lead(email_from="a@client.test")
        lead.write({"stage_id": self.stage_won.id, "date_won": "2026-05-20"})
        for day, is_credited in ((20, True), (21, False)):
            with self.subTest(day=day):
                marketer = self.env["hr.employee"].create(
                    {
                        "name": f"Marketer {day}",
                        "company_id": self.hq.id,
                        "commission_role": "marketing",
                    }
                )
                self._touch(
                    employee=marketer,
                    lead_id=lead.id,
                    kind="event",
                    commission_source="marketing",
                    date=datetime(2026, 5, day, 12),
                )
                lead._share_by_plan(plan)
                shares = lead.commission_share_ids
                self.assertEqual(marketer in shares.employee_id, is_credited)

    def test_contacts_up_to_the_day_after_the_win_are_counted(self):
        lead = self._lead_won(self.sales_north, 1000, date(2026, 1, 10))
        before = lead.touch_count
        for moment, counted in (
            (datetime(2026, 1, 11, 23, 59, 59), 1),
            (datetime(2026, 1, 12), 0),
        ):
            with self.subTest(moment=moment):
                self._touch(lead_id=lead.id, date=moment)
                self._events(lead)._set_pending([("lead_id", "=", lead.id)])
                self._process()
                lead.invalidate_recordset()
                self.assertEqual(lead.touch_count, before + counted)
                before = lead.touch_count

    def test_a_month_is_closed_once_its_last_day_is_over(self):
        closing = self.env["hr.commission.closing"].create(
            {"company_id": self.south_a.id, "date_to": "2026-04-30"}
        )
        with freeze_time("2026-04-30 12:00:00"), self.assertRaises(UserError):
            closing.action_close()
        with freeze_time("2026-05-01 12:00:00"):
            closing.action_close()
        self.assertEqual(self.south_a.commission_lock_date, date(2026, 4, 30))
        closing.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "closed already"):
            closing.action_close()

    def test_a_company_with_commissions_keeps_its_currency(self):
        """Ten thousand earned in one currency are not ten thousand of another."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        deal = self._lead_won(self.sales_north, 1000, "2026-05-05")
        for company in (self.hq, self.hq + elsewhere):
            with self.assertRaisesRegex(UserError, "has commissions in USD"):
                company.currency_id = euro
        self.hq.currency_id = self.env.ref("base.USD")
        elsewhere.currency_id = euro
        self.assertEqual(elsewhere.currency_id, euro)
        self.assertEqual(self._events(deal).currency_id.name, "USD")

    def test_a_clock_that_goes_back_verifies_nothing(self):
        """What the marketer logged an hour later by the clock was there before."""
        with freeze_time("2026-05-20 12:00:00"):
            self._touch(0, email_normalized="a@client.test")
        with freeze_time("2026-05-20 11:00:00"):
            lead = self._make(self.sales_north, email_from="a@client.test").sudo()
            lead.invalidate_recordset()
            self.assertNotEqual(
                (lead.commission_source, lead.source_state), ("own", "verified")
            )
            self.assertEqual(lead.marketer_id, self.marketer)
