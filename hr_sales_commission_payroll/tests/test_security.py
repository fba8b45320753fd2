# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestSecurity(PayrollCommissionCommon):
    """Who sees a payslip sees what it pays; nobody writes that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._make_user("officer", "payroll.group_payroll_user")
        cls.manager = cls._make_user("manager", "payroll.group_payroll_manager")
        cls.sales = cls.env["hr.department"].create({"name": "Sales"})
        cls.ben = cls._make_employee("Ben")
        cls.ben.department_id = cls.sales
        cls._make_line(500.0, lead_id=cls._make_lead("Harbour crane").id)
        cls._make_line(70.0, employee=cls.ben)

    @classmethod
    def _make_user(cls, login, groups):
        return cls._create_new_internal_user(login=login, groups=groups)

    def test_officer_without_commission_rights_pays(self):
        payslip = self._make_payslip()
        self.env.invalidate_all()
        payslip.with_user(self.officer).compute_sheet()
        self.assertPays(payslip, COMM=500.0)
        payslip.with_user(self.officer).action_payslip_done()
        row = payslip.commission_ids.with_user(self.officer)
        self.env.invalidate_all()
        self.assertEqual(row.lead_name, "Harbour crane")
        self.assertEqual(row.line_id.sudo().state, "paid")

    def test_nobody_confirms_a_payslip_that_pays_them_a_commission(self):
        """Neither with today's user nor after it was unlinked from the employee."""
        self.ana.user_id = self.officer
        payslip = self._make_payslip()
        self.env.flush_all()
        for user in (self.officer, False):
            with self.subTest(user=user):
                self.ana.user_id = user
                self.env.flush_all()
                self.env.invalidate_all()
                mine = payslip.with_user(self.officer)
                mine.compute_sheet()
                with self.assertRaisesRegex(UserError, "your own commission"):
                    mine.action_payslip_done()
                self.assertNotEqual(payslip.state, "done")
                self.assertEqual(payslip.commission_ids.line_id.state, "in_payroll")
        payslip.with_user(self.manager).action_payslip_done()
        self.assertEqual(payslip.commission_ids.line_id.state, "paid")

    def test_officer_sees_commissions_of_payslips_he_sees(self):
        payslips = self._make_computed_payslip() | self._make_computed_payslip(self.ben)
        Row = self.env["hr.payslip.commission"]
        self.env.invalidate_all()
        domain = [("payslip_id", "in", payslips.ids)]
        rows = Row.with_user(self.officer).search(domain)
        self.assertEqual(rows.payslip_id, payslips[0])
        rows = Row.with_user(self.manager).search(domain)
        self.assertEqual(rows.payslip_id, payslips)

    def test_head_of_department_sees_his_people(self):
        payslip = self._make_computed_payslip(self.ben)
        domain = [("payslip_id", "=", payslip.id)]
        head = self._make_employee("Head")
        head.user_id = self.officer
        rows = self.env["hr.payslip.commission"].with_user(self.officer)
        self.assertFalse(rows.search(domain))
        self.sales.manager_id = head
        self.env.invalidate_all()
        self.assertEqual(rows.search(domain).payslip_id, payslip)

    def test_other_companies_are_closed(self):
        payslip = self._make_computed_payslip()
        other = self._create_company(name="Second")
        stranger = self._make_user("stranger", "payroll.group_payroll_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.env.invalidate_all()
        rows = payslip.commission_ids.with_user(stranger)
        self.assertFalse(rows.search([("id", "in", rows.ids)]))
        with self.assertRaises(AccessError):
            rows.read(["amount"])

    def test_nobody_writes_the_history(self):
        rows = self._make_computed_payslip().commission_ids.with_user(self.manager)
        with self.assertRaises(AccessError):
            rows.write({"amount": 1.0})
        with self.assertRaises(AccessError):
            rows.unlink()
        with self.assertRaises(AccessError):
            rows.create({"payslip_id": rows.payslip_id.id})

    def test_employees_read_nothing(self):
        self._make_computed_payslip()
        employee = self._make_user("plain", "base.group_user")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.env["hr.payslip.commission"].with_user(employee).search([])

    def test_branch_officer_gets_the_rules(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        structure = self._make_structure("Branch", company=branch)
        structure.action_add_commission_rules()
        cara = self._make_employee("Cara", company=branch, struct_id=structure.id)
        self._make_line(80.0, employee=cara)
        user = self._make_user("branch", "payroll.group_payroll_user")
        user.write({"company_ids": [(6, 0, branch.ids)], "company_id": branch.id})
        payslip = self._make_payslip(cara, struct_id=structure.id)
        self.env.invalidate_all()
        payslip.with_user(user).compute_sheet()
        self.assertPays(payslip, COMM=80.0)

    def test_rules_a_branch_officer_cannot_read_pay_nothing(self):
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        structure = self._make_structure("Branch", company=branch)
        structure.rule_ids |= self.env["hr.salary.rule"].create(
            {
                "name": "Rule of the parent",
                "code": "PARENT",
                "sequence": 50,
                "category_id": self.basic.id,
                "company_id": self.company.id,
                "amount_select": "commission",
                "commission_kind": "commission",
            }
        )
        cara = self._make_employee("Cara", company=branch, struct_id=structure.id)
        line = self._make_line(80.0, employee=cara)
        user = self._make_user("branch", "payroll.group_payroll_user")
        user.write({"company_ids": [(6, 0, branch.ids)], "company_id": branch.id})
        payslip = self._make_payslip(cara, struct_id=structure.id)
        self.env.invalidate_all()
        payslip.with_user(user).compute_sheet()
        self.assertEqual(line.state, "approved")
        self.assertIn("no rule for Sales commission", payslip.commission_warning)

    def test_a_new_form_tells_nothing_of_other_companies_and_departments(self):
        """A payslip that is not saved shows what a saved one would."""
        branch = self._create_company(name="Branch", parent_id=self.company.id)
        cara = self._make_employee("Cara", company=branch, struct_id=self.structure.id)
        self._make_line(4821.0, employee=cara, state="draft")
        self._make_line(2718.0, employee=self.ben, state="draft")
        self._make_line(55.0, employee=self.ana, state="draft")
        values = {"date_from": "2026-03-01", "date_to": "2026-03-31"}
        spec = {"commission_unapproved": {}, "commission_due": {}}
        Payslip = self.env["hr.payslip"].with_user(self.officer)
        for employee, expected in ((self.ana, 55.0), (self.ben, 0.0), (cara, 0.0)):
            for company in (employee.company_id, self.company):
                given = {**values, "employee_id": employee.id, "company_id": company.id}
                shown = Payslip.onchange(given, [], spec)["value"]
                with self.subTest(employee=employee.name, company=company.name):
                    self.assertEqual(shown["commission_unapproved"], expected)

    def test_inputs_and_lines_follow_branches(self):
        payslip = self._make_computed_payslip()
        other = self._create_company(name="Second")
        stranger = self._make_user("stranger", "payroll.group_payroll_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.env.invalidate_all()
        shown = payslip.line_ids.filtered("commission_kind")
        for records in (payslip.input_line_ids, shown):
            self.assertTrue(records)
            seen = records.with_user(stranger)
            with self.subTest(model=records._name):
                self.assertFalse(seen.search([("id", "in", records.ids)]))
                self.assertFalse(seen.has_access("read"))

    def test_nobody_changes_what_a_payslip_shows_of_commissions(self):
        """Inputs and salary lines, before and after paying; computing still works."""
        payslip = self._make_computed_payslip()
        Input, Line = self.env["hr.payslip.input"], self.env["hr.payslip.line"]
        user = payslip.with_user(self.manager)

        def tries():
            shown = user.input_line_ids.filtered("commission_kind")
            line = user.line_ids.filtered("commission_kind")
            basic = user.line_ids.filtered(lambda each: each.code == "BASIC")
            yield "delete input", shown.unlink
            yield "write input", lambda: shown.write({"amount": 9000})
            yield "move input", lambda: shown.write({"payslip_id": other.id})
            yield (
                "by the payslip",
                lambda: user.write({"input_line_ids": [(2, shown.id, 0)]}),
            )
            yield "clear", lambda: user.write({"input_line_ids": [(5, 0, 0)]})
            yield "write line", lambda: line.write({"amount": 9000})
            yield "rate of line", lambda: line.write({"rate": 900})
            yield (
                "paid as a credit note",
                lambda: user.write({"credit_note": True, "state": "done"}),
            )
            yield "kind of line", lambda: basic.write({"commission_kind": "bonus"})
            yield (
                "line by the payslip",
                lambda: user.write({"line_ids": [(1, line.id, {"quantity": 9})]}),
            )

        def paid():
            line = user.line_ids.filtered("commission_kind")
            yield "delete line", line.unlink
            yield "copy line", line.copy
            yield "another employee", lambda: user.write({"employee_id": self.ben.id})
            yield "credit note", lambda: user.write({"credit_note": True})
            yield "day", lambda: user.write({"date_to": "2026-05-31"})
            yield "state", lambda: user.write({"state": "draft"})
            yield "compute", user.compute_sheet
            yield "delete", user.unlink

        other = self._make_payslip(month=4)
        rows = payslip.commission_ids
        self._try_all(tries())
        # planted before it is computed, they are nothing that computing keeps
        kind = {"commission_kind": "commission", "contract_id": other.contract_id.id}
        Input.with_user(self.manager).create(
            {"payslip_id": other.id, "name": "x", "code": "x", "amount": 9000, **kind}
        )
        other.with_user(self.manager).compute_sheet()
        self.assertFalse(other.input_line_ids.filtered("commission_kind"))
        copied = user.copy()
        self.assertFalse(copied.input_line_ids.filtered("commission_kind"))
        user.compute_sheet()
        user.action_payslip_done()
        self.assertEqual(rows.line_id.state, "paid")
        self._try_all(tries())
        self._try_all(paid())
        with self.assertRaises(UserError):
            Line.with_user(self.manager).create(
                {
                    "slip_id": payslip.id,
                    "name": "x",
                    "code": "x",
                    "salary_rule_id": payslip.line_ids[:1].salary_rule_id.id,
                    "category_id": self.basic.id,
                    "amount": 9000,
                    "commission_kind": "bonus",
                }
            )
        self.assertPays(payslip, COMM=rows.amount)
        user.refund_sheet()
        self.assertEqual(rows.line_id.state, "approved")

    def _try_all(self, attempts):
        for label, attack in attempts:
            with self.subTest(label), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    attack()
            self.env.invalidate_all()

    def test_payroll_does_not_read_personal_plans(self):
        plan = self.env["hr.commission.plan"].create(
            {"name": "Personal", "is_personal": True, "date_start": "2026-01-01"}
        )
        officer = "hr_sales_commission.group_commission_officer"
        for user, may in (
            (self.officer, False),
            (self.manager, False),
            (self._make_user("hr", "hr.group_hr_manager"), True),
            (self._make_user("both", f"payroll.group_payroll_user,{officer}"), True),
        ):
            self.env.invalidate_all()
            with self.subTest(user=user.login):
                self.assertEqual(plan.with_user(user).has_access("read"), may)

    def test_inputs_do_not_name_deals(self):
        payslip = self._make_computed_payslip()
        self.assertNotIn("crane", payslip.input_line_ids.name)


@tagged("post_install", "-at_install", "commission_long")
class TestPayslipRemote(PayrollCommissionCommon, HttpCase):
    """With an API key: no payslip pays what is disputed, or whoever confirms it."""

    def test_every_door_of_a_payslip(self):
        user = self._create_new_internal_user(
            login="payer", groups="payroll.group_payroll_manager"
        )
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        key = keys._generate("rpc", "attack", None)
        disputed, mine = self._make_line(500.0), self._make_line(70.0)
        self.ana.user_id = user
        payslip = self._make_computed_payslip()
        self.env["hr.commission.dispute"].create(
            {
                "kind": "line",
                "line_id": disputed.id,
                "claimed_amount": 9000,
                "reason": "More",
                "user_id": user.id,
            }
        )
        self.env.flush_all()

        def facts():
            self.env.invalidate_all()
            return payslip.state, [
                (line.state == "paid", line.amount, line.employee_id)
                for line in disputed + mine
            ]

        before = facts()
        rows = payslip.commission_ids
        for model, method, arguments in (
            ("hr.payslip", "action_payslip_done", {"ids": payslip.ids}),
            ("hr.payslip", "write", {"ids": payslip.ids, "vals": {"state": "done"}}),
            (
                "hr.payslip.commission",
                "write",
                {"ids": rows.ids, "vals": {"amount": 9000}},
            ),
            ("hr.payslip.commission", "unlink", {"ids": rows.ids}),
            ("hr.commission.line", "action_mark_paid", {"ids": (disputed + mine).ids}),
            ("hr.commission.line", "_payroll_paid", {"ids": mine.ids}),
        ):
            with self.subTest(door=f"{model}.{method}"), mute_logger("odoo.http"):
                response = self.url_open(
                    f"/json/2/{model}/{method}",
                    json=arguments,
                    headers={"Authorization": f"bearer {key}"},
                )
                self.assertNotEqual(response.status_code, 500, response.text)
                self.assertGreaterEqual(response.status_code, 400)
                self.assertEqual(facts(), before)
        # somebody else pays the rest, without what is disputed
        payslip.compute_sheet()
        payslip.action_payslip_done()
        self.assertEqual((disputed.state, mine.state), ("approved", "paid"))
