# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date

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

    # ------------------------------------------------------------------
    # The same money, wherever it is shown
    # ------------------------------------------------------------------

    @freeze_time("2026-04-15 12:00:00")
    def test_every_figure_agrees_at_every_step(self):
        """Statement, its page, the board and the ledger tell the same parts."""
        seller = self.sales_north
        deal = self._lead_won(seller, 10000, "2026-03-05", "marketing")
        own = self._lead_won(seller, 2000, "2026-03-06", verified=False)
        self._check_parts("earned", held=100, open=400)
        march = self._statement_of("2026-03-01")
        march.action_confirm()
        march.action_approve()
        self._check_parts("approved: the held line moves on", held=100, open=400)
        self.assertEqual((march.amount_held, march.held), (0, 100))
        payslip = self._compute(4)
        self.assertEqual(
            (payslip.commission_total, payslip.commission_held), (400, 100)
        )
        self._check_parts("on a payslip", held=100, in_payroll=400)
        payslip.action_payslip_cancel()
        self._check_parts("payslip cancelled", held=100, open=400)
        line_model = self.env["hr.commission.line"]
        export = self.env["hr.commission.export"]._reserve(
            line_model.search([*self._own(), ("state", "=", "approved")]),
            {"company_id": self.north.id, "date_until": "2026-04-30"},
        )
        self.assertEqual(export.amount_total, 400)
        self._check_parts("exported", held=100, in_payroll=400)
        export.action_take_back()
        self._check_parts("export taken back", held=100, open=400)
        self._compute(4).action_payslip_done()
        self._check_parts("paid", held=100, paid=400)
        deal.won_amount = 8000
        self._process()
        self._check_parts("a part of it refunded", held=100, open=-80, paid=400)
        own.source_state = "verified"
        self._process()
        self._check_parts("released", open=20, paid=400)
        own_line = self._lines(own).filtered(lambda line: line.employee_id == seller)
        own_line.is_disputed = True
        self._check_parts("disputed", held=100, open=-80, paid=400)
        own_line.is_disputed = False
        self._check_parts("decided", open=20, paid=400)
        april = self._statement_of("2026-04-01")
        april.action_confirm()
        april.action_approve()
        self.north.commission_lock_date = "2026-03-31"
        self._check_parts("closed", open=20, paid=400)
        own.stage_id = self.stage_new
        own.action_set_lost()
        self._process()
        self._check_parts("lost after closing", open=-80, paid=400)
        self.north.commission_lock_date = False
        self._process()
        self._check_parts("opened again", open=-80, paid=400)
        self.assertLedgerExact(deal + own)

    def _own(self):
        return [
            ("employee_id", "=", self.sales_north.id),
            ("company_id", "=", self.north.id),
        ]

    def _statement_of(self, day):
        domain = [*self._own(), ("date_from", "=", day)]
        return self.env["hr.commission.statement"].search(domain)

    def _check_parts(self, step, **expected):
        parts = dict.fromkeys(("held", "open", "in_payroll", "paid"), 0.0) | expected
        Statement = self.env["hr.commission.statement"]
        for month in (3, 4, 5):
            Statement._generate(self.north, date(2026, month, 1))
        self.env.invalidate_all()
        statements = Statement.search(self._own(), order="date_from")
        sums = {
            name: round(sum(statements.mapped(name)), 2)
            for name in ("amount_held", "amount_open", "amount_in_payroll")
            + ("amount_paid", "earned", "adjusted", "draw")
        }
        shown = {
            "held": sums["amount_held"],
            "open": sums["amount_open"] + statements[-1].closing,
            "in_payroll": sums["amount_in_payroll"],
            "paid": sums["amount_paid"],
        }
        groups = [group for each in statements for group in each._get_line_groups()]
        board = self._as(self.sales_north)["hr.commission.board"].get_my_board(
            "2026-01-01", "2026-12-31"
        )
        lines = self.env["hr.commission.line"].search(self._own())
        earned = sums["earned"] + sums["adjusted"] + sums["draw"]
        with self.subTest(step=step):
            self.assertEqual(board["parts"], parts)
            self.assertEqual(shown, parts)
            self.assertEqual(earned, sum(parts.values()) - parts["held"])
            self.assertEqual(
                sum(each["amount"] for each in groups), sum(parts.values())
            )
            self.assertEqual(sum(lines.mapped("amount")), sum(parts.values()))
