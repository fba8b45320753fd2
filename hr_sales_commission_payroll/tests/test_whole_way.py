from odoo.tests import freeze_time, tagged

from odoo.addons.hr_sales_commission.tests.common import CommissionCommon

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestWholeWay(PayrollCommissionCommon, CommissionCommon):
    """From a deal that is won to the payslip, and back when it is lost again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north_structure = cls._make_structure("North", company=cls.north)
        cls.north_structure.action_add_commission_rules()
        cls.sales_north.version_id.write(
            {
                "date_version": "2025-01-01",
                "contract_date_start": "2025-01-01",
                "wage": 1000.0,
                "struct_id": cls.north_structure.id,
            }
        )

    def _approve(self, lead):
        lines = self._lines(lead).filtered(
            lambda line: line.employee_id == self.sales_north and line.state == "draft"
        )
        lines.with_env(self._as(self.officer_hq)).action_approve()

    def _compute(self, month):
        return self._make_computed_payslip(
            self.sales_north, month, struct_id=self.north_structure.id
        )

    def test_won_deal_arrives_on_the_payslip(self):
        lead = self._lead_won(self.sales_north, 10000, "2026-03-05", "marketing")
        self._approve(lead)
        payslip = self._compute(3)
        self.assertPays(payslip, COMM=300.0, COMM_BONUS=100.0, NET=1400.0)
        payslip.action_payslip_done()
        lines = payslip.commission_ids.line_id
        self.assertEqual(lines.lead_id, lead)
        self.assertEqual(set(lines.mapped("state")), {"paid"})
        self.assertEqual(self._process(), 0)

    @freeze_time("2026-04-15")
    def test_deal_corrected_after_payment_is_settled_later(self):
        lead = self._lead_won(self.sales_north, 10000, "2026-03-05", "own")
        self._approve(lead)
        self._compute(3).action_payslip_done()
        lead.won_amount = 8000
        self._process()
        self._approve(lead)
        payslip = self._compute(4)
        self.assertPays(payslip, NET=1000.0)
        self.assertEqual(payslip.commission_due, -100.0)
        self.assertIn("carried over", payslip.commission_warning)
        self._approve(self._lead_won(self.sales_north, 10000, "2026-04-05", "own"))
        payslip.compute_sheet()
        self.assertPays(payslip, COMM=500.0, COMM_ADJUSTMENT=-100.0, NET=1400.0)
        self.assertLedgerExact(lead)
