# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from .common import PayrollCommissionCommon

REPORTS = ("payroll.report_payslip", "payroll.report_payslipdetails")


@tagged("post_install", "-at_install")
class TestPayslipReport(PayrollCommissionCommon):
    """Both printed payslips explain the commissions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        customer = cls.env["res.partner"].create({"name": "Hansen & Sons"})
        cls._make_line(500.0, lead_id=cls._make_lead("Harbour crane", customer.id).id)
        cls._make_line(12.5, kind="manual")
        cls.payslip = cls._make_computed_payslip()

    def _print(self, report):
        content, _type = self.env["ir.actions.report"]._render_qweb_html(
            report, self.payslip.ids
        )
        return content.decode()

    def test_annex_lists_deals(self):
        for report in REPORTS:
            with self.subTest(report=report):
                text = self._print(report)
                self.assertIn("Harbour crane", text)
                self.assertIn("Hansen &amp; Sons", text)
                self.assertIn("512.50", text)

    def test_annex_speaks_the_language_of_the_employee(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.payslip.employee_id.lang = "fr_FR"
        self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "hr.payslip.commission"),
                ("field_id.name", "=", "kind"),
                ("value", "=", "commission"),
            ]
        ).with_context(lang="fr_FR").name = "Commission sur ventes"
        for report in REPORTS:
            with self.subTest(report=report):
                self.assertIn("Commission sur ventes", self._print(report))

    def test_customers_can_be_hidden(self):
        self.company.commission_print_customer = False
        for report in REPORTS:
            with self.subTest(report=report):
                text = self._print(report)
                self.assertIn("Harbour crane", text)
                self.assertNotIn("Hansen", text)

    def test_payslip_without_commissions_has_no_annex(self):
        self.payslip.action_payslip_draft()
        for report in REPORTS:
            with self.subTest(report=report):
                self.assertNotIn("commission_annex", self._print(report))
