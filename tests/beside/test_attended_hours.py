"""Odoo's attendances beside ours: hours that people really clocked share a pool.

Installed with the channels, because the addons do without ``hr_attendance``.
"""

from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.hr_sales_commission.tests.common import CommissionCommon


@tagged("post_install", "-at_install")
class TestAttendedHours(CommissionCommon):
    """A pool by hours goes by what was attended in the month before."""

    def _attend(self, employee, first_day, days, hours):
        start = datetime.fromisoformat(f"{first_day} 06:00:00")
        return self.env["hr.attendance"].create(
            [
                {
                    "employee_id": employee.id,
                    "check_in": start + timedelta(days=day),
                    "check_out": start + timedelta(days=day, hours=hours),
                }
                for day in range(days)
            ]
        )

    def test_a_pool_by_attended_hours(self):
        self._replace_plan({"Team": {"role": "marketing", "rate": 10}})
        first, second = self.marketer, self.sales_south
        self.env["hr.commission.pool"].create(
            {
                "name": "Stand",
                "company_id": self.hq.id,
                "role_id": self.env.ref(
                    "hr_sales_commission.hr_commission_role_marketing"
                ).id,
                "member_ids": [Command.set((first | second).ids)],
                "key": "hours",
            }
        )
        counted = [
            self._attend(first, "2026-02-02", 5, 6),
            self._attend(second, "2026-02-09", 2, 5),
        ]
        for day in ("2026-01-30", "2026-03-09"):  # the months around do not count
            self._attend(first, day, 1, 9)
        hours = [sum(each.mapped("worked_hours")) for each in counted]
        self.assertTrue(all(hours))
        lead = self._lead_won(
            self.sales_north, 1000, "2026-03-10", source="marketing", marketer=False
        )
        paid = {line.employee_id: line.amount for line in self._lines(lead)}
        for employee, attended in zip((first, second), hours, strict=True):
            self.assertAlmostEqual(
                paid[employee], 100 * attended / sum(hours), delta=0.0051
            )
        self.assertAlmostEqual(sum(paid.values()), 100, 2)
