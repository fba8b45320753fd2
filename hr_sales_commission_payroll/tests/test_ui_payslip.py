# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.hr_sales_commission.tests.common import CommissionCommon

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestUiPayslipDesktop(PayrollCommissionCommon, CommissionCommon, HttpCase):
    """The payroll officer in a real browser."""

    def test_payroll_officer_reads_what_a_payslip_pays(self):
        structure = self._make_structure("North", company=self.north)
        structure.action_add_commission_rules()
        self.sales_north.version_id.write(
            {
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
                "wage": 1000.0,
                "struct_id": structure.id,
            }
        )
        lead = self._lead_won(
            self.sales_north,
            10_000,
            "2026-03-05",
            "marketing",
            name="Deal of the payslip",
        )
        lines = self._lines(lead).filtered(
            lambda line: line.employee_id == self.sales_north and line.kind != "bonus"
        )
        lines.with_env(self._as(self.officer_hq)).action_approve()
        self._make_computed_payslip(self.sales_north, 3, struct_id=structure.id)
        new_test_user(
            self.env,
            "payroll_north",
            groups="payroll.group_payroll_user",
            company_id=self.north.id,
            company_ids=self.north.ids,
        )
        self.start_tour(
            "/odoo/payslip-commissions",
            "payslip_commissions_read",
            login="payroll_north",
        )


@tagged("post_install", "-at_install")
class TestUiPayslipPhone(TestUiPayslipDesktop):
    """The same on a telephone."""

    allow_inherited_tests_method = True
    browser_size = "390x844"
    touch_enabled = True
