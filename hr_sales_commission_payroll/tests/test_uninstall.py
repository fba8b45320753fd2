# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestUninstall(PayrollCommissionCommon):
    """Nothing stays in payroll that nobody could explain."""

    def test_open_payslips_give_back_and_done_ones_stay(self):
        paid = self._make_line(500.0)
        done = self._make_computed_payslip()
        done.action_payslip_done()
        held = self._make_line(40.0)
        waiting = self._make_computed_payslip()
        plain = self._make_computed_payslip(self._make_employee("Ben"))
        uninstall_hook(self.env)
        self.assertEqual(held.state, "approved")
        self.assertEqual(waiting.state, "draft")
        self.assertFalse(waiting.line_ids)
        self.assertFalse(waiting.input_line_ids)
        self.assertEqual(paid.state, "paid")
        self.assertPays(done, COMM=500.0, NET=1500.0)
        self.assertEqual(plain.state, "verify")
        self.assertTrue(plain.line_ids)

    def test_rules_that_payslips_refer_to_stay_archived(self):
        self._make_line(500.0)
        self._make_computed_payslip().action_payslip_done()
        module = "hr_sales_commission_payroll"
        rule = self.env.ref(f"{module}.hr_salary_rule_commission")
        category = rule.category_id
        ours = [("module", "=", module), ("model", "=like", "hr.salary.rule%")]
        is_rule = [("model", "=", "hr.salary.rule")]
        count = self.env["ir.model.data"].search_count(ours + is_rule)
        uninstall_hook(self.env)
        self.assertFalse(rule.active)
        owned = self.env["ir.model.data"].search(ours)
        self.assertNotIn(
            (rule._name, rule.id), owned.mapped(lambda data: (data.model, data.res_id))
        )
        self.assertNotIn(
            (category._name, category.id),
            owned.mapped(lambda data: (data.model, data.res_id)),
        )
        self.assertEqual(
            len(owned.filtered(lambda data: data.model == "hr.salary.rule")),
            count - 1,
        )
