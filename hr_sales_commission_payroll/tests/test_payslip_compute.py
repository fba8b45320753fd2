# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestPayslipCompute(PayrollCommissionCommon):
    """What computing a sheet takes, and how it shows it."""

    def test_payslip_takes_approved_lines_due_by_kind(self):
        lead = self._make_lead("Harbour crane")
        lines = self._make_line(500.0, lead_id=lead.id)
        lines |= self._make_line(70.25, lead_id=self._make_lead("Silo").id)
        lines |= self._make_line(33.3, kind="bonus", lead_id=lead.id)
        lines |= self._make_line(-20.0, kind="clawback", lead_id=lead.id)
        lines |= self._make_line(5.0, kind="manual")
        payslip = self._make_computed_payslip()
        self.assertEqual(set(lines.mapped("state")), {"in_payroll"})
        self.assertPays(
            payslip,
            BASIC=1000.0,
            COMM=570.25,
            COMM_BONUS=33.3,
            COMM_CLAWBACK=-20.0,
            COMM_ADJUSTMENT=5.0,
            NET=1588.55,
        )
        self.assertEqual(
            {line.code: line.name for line in payslip.input_line_ids},
            {
                "COMM": "Sales commission, 2 deals",
                "COMM_BONUS": "Synergy bonus, 1 deal",
                "COMM_CLAWBACK": "Commission clawback, 1 deal",
                "COMM_ADJUSTMENT": "Commission adjustment",
            },
        )
        self.assertEqual(payslip.commission_count, 5)
        self.assertEqual(payslip.commission_total, 588.55)

    def test_all_kinds_of_the_ledger_are_paid(self):
        kinds = dict(self.env["hr.commission.line"]._fields["kind"].selection)
        for kind in kinds:
            self._make_line(10.0, kind=kind)
        payslip = self._make_computed_payslip()
        self.assertEqual(payslip.commission_total, 10.0 * len(kinds))
        self.assertFalse(payslip.commission_blocking)

    def test_payslip_leaves_what_is_not_approved_or_not_due(self):
        other = self._make_employee("Ben")
        lines = self._make_line(1.0, state="draft")
        lines |= self._make_line(2.0, state="held")
        lines |= self._make_line(4.0, state="paid")
        lines |= self._make_line(8.0, is_disputed=True)
        lines |= self._make_line(16.0, date_due=date(2026, 4, 1))
        lines |= self._make_line(32.0, employee=other)
        before = lines.mapped("state")
        payslip = self._make_computed_payslip()
        self.assertPays(payslip, NET=1000.0)
        self.assertEqual(lines.mapped("state"), before)
        self.assertEqual(payslip.commission_unapproved, 1.0)
        self.assertEqual(payslip.commission_held, 2.0)
        self.assertEqual(payslip.commission_disputed, 8.0)
        for text in ("not approved yet", "is verified", "disputed"):
            self.assertIn(text, payslip.commission_warning)

    def test_line_without_due_date_is_due(self):
        line = self._make_line(9.0, date_due=False)
        self.assertPays(self._make_computed_payslip(), COMM=9.0)
        self.assertEqual(line.state, "in_payroll")

    def test_draft_payslip_shows_what_waits(self):
        self._make_line(9.0)
        payslip = self._make_payslip()
        self.assertEqual(payslip.commission_due, 9.0)
        payslip.compute_sheet()
        payslip.invalidate_recordset()
        self.assertEqual(payslip.commission_due, 0.0)

    def test_recomputing_changes_nothing(self):
        self._make_line(500.0)
        payslip = self._make_computed_payslip()
        rows, inputs = payslip.commission_ids, payslip.input_line_ids
        payslip.compute_sheet()
        self.assertEqual(payslip.commission_ids, rows)
        self.assertEqual(payslip.input_line_ids, inputs)
        self.assertPays(payslip, COMM=500.0, NET=1500.0)

    def test_recomputing_follows_the_ledger(self):
        first = self._make_line(500.0)
        payslip = self._make_computed_payslip()
        second = self._make_line(40.0)
        first.is_disputed = True
        payslip.compute_sheet()
        self.assertPays(payslip, COMM=40.0)
        self.assertEqual(first.state, "approved")
        self.assertEqual(second.state, "in_payroll")

    def test_earlier_cut_off_gives_lines_back(self):
        line = self._make_line(500.0)
        payslip = self._make_computed_payslip()
        payslip.commission_date_to = date(2026, 3, 30)
        payslip.compute_sheet()
        self.assertPays(payslip)
        self.assertEqual(line.state, "approved")
        self.assertFalse(payslip.input_line_ids)

    def test_second_payslip_of_the_month_takes_nothing_twice(self):
        self._make_line(500.0)
        both = self._make_payslip() | self._make_payslip()
        both.compute_sheet()
        self.assertEqual(sorted(both.mapped("commission_total")), [0.0, 500.0])
        both.compute_sheet()
        self.assertEqual(sorted(both.mapped("commission_total")), [0.0, 500.0])

    def test_refetching_payslip_data_loses_nothing(self):
        line = self._make_line(500.0)
        payslip = self._make_computed_payslip()
        payslip.onchange_employee()
        payslip.action_payslip_done()
        self.assertPays(payslip, COMM=500.0, NET=1500.0)
        self.assertEqual(payslip.input_line_ids.amount, 500.0)
        self.assertEqual(line.state, "paid")

    def test_blank_input_with_our_code_is_adopted(self):
        self._make_line(500.0)
        payslip = self._make_payslip()
        blank = self.env["hr.payslip.input"].create(
            {
                "payslip_id": payslip.id,
                "contract_id": payslip.contract_id.id,
                "name": "Commission",
                "code": "COMM",
            }
        )
        payslip.compute_sheet()
        self.assertEqual(payslip.input_line_ids, blank)
        self.assertEqual(blank.amount, 500.0)

    def test_input_with_our_code_and_an_amount_stays_without_commissions(self):
        payslip = self._make_payslip()
        manual = self.env["hr.payslip.input"].create(
            {
                "payslip_id": payslip.id,
                "contract_id": payslip.contract_id.id,
                "name": "Paid by hand",
                "code": "COMM",
                "amount": 12.0,
            }
        )
        payslip.compute_sheet()
        self.assertEqual(payslip.input_line_ids, manual)
        self.assertEqual(manual.amount, 12.0)

    def test_managed_input_cannot_be_edited(self):
        self._make_line(500.0)
        payslip = self._make_computed_payslip()
        user = self._create_new_payroll_user()
        with self.assertRaisesRegex(UserError, "manual commission line"):
            payslip.input_line_ids.with_user(user).write({"amount": 900.0})

    def _create_new_payroll_user(self):
        return self._create_new_internal_user(
            login="payroll_officer", groups="payroll.group_payroll_user"
        )

    def test_input_is_named_in_the_language_of_the_employee(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ana.lang = "fr_FR"
        self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "hr.payslip.commission"),
                ("field_id.name", "=", "kind"),
                ("value", "=", "commission"),
            ]
        ).with_context(lang="fr_FR").name = "Commission sur ventes"
        self._make_line(500.0)
        payslip = self._make_computed_payslip()
        self.assertEqual(payslip.input_line_ids.name, "Commission sur ventes")

    # ------------------------------------------------------------------
    # Contracts
    # ------------------------------------------------------------------

    def test_two_contracts_pay_once(self):
        self.ana.version_id.contract_date_end = date(2026, 3, 15)
        self.ana.create_version(
            {
                "date_version": date(2026, 3, 16),
                "contract_date_start": date(2026, 3, 16),
                "contract_date_end": False,
                "wage": 2000.0,
                "struct_id": self.structure.id,
            }
        )
        self._make_line(500.0)
        payslip = self._make_computed_payslip(contract_id=False)
        lines = payslip.line_ids.filtered(lambda line: line.code == "COMM")
        self.assertEqual(len(payslip.line_ids.contract_id), 2)
        self.assertEqual(sum(lines.mapped("total")), 500.0)
        self.assertFalse(payslip.commission_blocking)
        payslip.action_payslip_done()
        self.assertEqual(payslip.commission_ids.line_id.state, "paid")

    def test_pay_rise_inside_the_month_pays_once(self):
        self.ana.create_version({"date_version": date(2026, 3, 16), "wage": 2000.0})
        self._make_line(500.0)
        for contract in (False, self.ana.version_id.id):
            with self.subTest(contract=contract):
                payslip = self._make_computed_payslip(contract_id=contract)
                self.assertPays(payslip, COMM=500.0)
                payslip.action_payslip_cancel()

    def test_record_changed_after_the_payslip_was_made(self):
        self._make_line(500.0)
        payslip = self._make_computed_payslip(contract_id=self.ana.version_id.id)
        now = self.ana.create_version(
            {"date_version": date(2026, 3, 1), "wage": 2000.0}
        )
        payslip.compute_sheet()
        self.assertPays(payslip, COMM=500.0)
        self.assertEqual(payslip.contract_id, now)
        self.assertFalse(payslip.commission_warning)

    def test_leaver_is_paid_with_the_last_contract_month(self):
        self.ana.version_id.contract_date_end = date(2026, 3, 31)
        self.ana.active = False
        self._make_line(500.0, date_due=date(2026, 5, 31))
        late = self._make_computed_payslip(month=5)
        self.assertFalse(late.commission_ids)
        self.assertIn("No contract covers the period", late.commission_warning)
        payslip = self._make_computed_payslip(commission_date_to=date(2026, 5, 31))
        self.assertPays(payslip, BASIC=1000.0, COMM=500.0, NET=1500.0)

    def test_missing_rule_warns_and_takes_nothing(self):
        self.structure.rule_ids = self.structure.rule_ids.filtered(
            lambda rule: rule.commission_kind != "bonus"
        )
        lines = self._make_line(500.0) | self._make_line(33.0, kind="bonus")
        payslip = self._make_computed_payslip()
        self.assertEqual(lines.mapped("state"), ["in_payroll", "approved"])
        self.assertIn("Synergy bonus", payslip.commission_warning)
        self.assertPays(payslip, COMM=500.0)

    # ------------------------------------------------------------------
    # Companies
    # ------------------------------------------------------------------

    def test_employee_in_two_companies_is_paid_in_each(self):
        other = self._create_company(name="Second")
        structure = self._make_structure("Second", company=other)
        structure.action_add_commission_rules()
        twin = self._make_employee("Ana", company=other, struct_id=structure.id)
        self._make_line(500.0)
        self._make_line(80.0, employee=twin)
        first = self._make_computed_payslip()
        second = self._make_computed_payslip(twin, struct_id=structure.id)
        self.assertEqual(first.commission_total, 500.0)
        self.assertEqual(second.commission_total, 80.0)

    def test_lines_of_another_company_are_paid_there(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        line = self._make_line(500.0, company_id=branch.id)
        payslip = self._make_computed_payslip()
        self.assertEqual(line.state, "approved")
        self.assertIn("another company", payslip.commission_warning)

    def test_currency_changed_since_the_computation_is_refused(self):
        self.company.currency_id = self.env.ref("base.USD")
        self._make_line(500.0, lead_id=self._make_lead("Harbour crane").id)
        payslip = self._make_computed_payslip()
        euro = self.env.ref("base.EUR")
        euro.active = True
        with self.assertRaisesRegex(UserError, "has commissions in USD"):
            self.company.currency_id = euro
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET currency_id = %s WHERE id = %s",
            (euro.id, self.company.id),
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "currency: Harbour crane"):
            payslip.with_context(without_compute_sheet=True).action_payslip_done()
