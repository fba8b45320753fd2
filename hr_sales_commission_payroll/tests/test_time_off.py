# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestTimeOff(PayrollCommissionCommon):
    """Where time off is managed, its type says which days a target leaves out."""

    def test_only_unpaid_time_off_makes_a_target_smaller(self):
        target = self.env["hr.commission.target"].create(
            {
                "employee_id": self.ana.id,
                "company_id": self.company.id,
                "date_from": "2026-04-01",
                "amount": 3000,
                "proration": "present",
            }
        )
        for unpaid, effective in ((False, 3000), (True, 2500)):
            kind = self.env["hr.leave.type"].create(
                {
                    "name": "Away",
                    "requires_allocation": False,
                    "unpaid": unpaid,
                    "leave_validation_type": "no_validation",
                }
            )
            leave = self.env["hr.leave"].create(
                {
                    "employee_id": self.ana.id,
                    "holiday_status_id": kind.id,
                    "request_date_from": f"2026-04-{6 + 7 * unpaid:02}",
                    "request_date_to": f"2026-04-{10 + 7 * unpaid:02}",
                }
            )
            self.assertEqual(leave.state, "validate")
            target.invalidate_recordset()
            self.assertEqual(target.amount_effective, effective, kind.unpaid)
