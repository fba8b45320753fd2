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

    @freeze_time("2026-05-20 12:00:00")
    def test_contacts_after_the_win_bring_nothing(self):
        self.plan.write({"state": "closed", "date_end": "2026-01-01"})
        self._create_plan(date_start="2026-01-02", attribution="linear")
        customer = {"email_normalized": "a@client.test", "kind": "event"}
        self._touch(9, **customer)
        lead = self._make_web_lead(email_from="a@client.test")
        for days_ago, is_credited in ((0, True), (-1, False)):
            with self.subTest(days_ago=days_ago):
                other = self._create_employee(self.env.user, self.hq, role="marketing")
                other.user_id = False
                self._touch(days_ago, other, **customer)
                self._win(lead)
                shares = lead.sudo().commission_share_ids
                self.assertEqual(other in shares.employee_id, is_credited)

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
        with self.assertRaisesRegex(UserError, "closed already"):
            closing.action_close()
