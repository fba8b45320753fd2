# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PayrollCommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionRules(PayrollCommissionCommon):
    """The salary rules that pay commissions."""

    def test_rules_are_added_with_one_click(self):
        structure = self._make_structure("New")
        action = structure.action_add_commission_rules()
        self.assertEqual(action["params"]["type"], "success")
        kinds = structure.rule_ids.filtered("commission_kind").mapped("commission_kind")
        self.assertEqual(
            sorted(kinds), ["adjustment", "bonus", "clawback", "commission"]
        )
        count = len(structure.rule_ids)
        structure.action_add_commission_rules()
        self.assertEqual(len(structure.rule_ids), count)

    def test_own_rule_of_a_kind_is_respected(self):
        structure = self._make_structure("New")
        own = self.env["hr.salary.rule"].create(
            {
                "name": "Provision",
                "code": "PROV",
                "sequence": 60,
                "category_id": self.basic.id,
                "amount_select": "commission",
                "commission_kind": "commission",
            }
        )
        structure.rule_ids |= own
        structure.action_add_commission_rules()
        rules = structure.rule_ids.filtered(
            lambda rule: rule.commission_kind == "commission"
        )
        self.assertEqual(rules, own)

    def test_rules_of_the_parent_structure_count(self):
        child = self._make_structure("Child")
        child.rule_ids = False
        child.parent_id = self.structure
        child.action_add_commission_rules()
        self.assertFalse(child.rule_ids)
        self._make_line(500.0)
        self.assertPays(self._make_computed_payslip(struct_id=child.id), COMM=500.0)

    def test_commission_no_total_counts_is_reported(self):
        structure = self._make_structure("Odd")
        net = structure.rule_ids.filtered(lambda rule: rule.code == "NET")
        for change in (
            {"amount_python_compute": "result = categories.BASIC"},
            {"amount_python_compute": "result = categories.ALW", "sequence": 2},
        ):
            with self.subTest(change=change):
                net.write(change)
                action = structure.action_add_commission_rules()
                self.assertEqual(action["params"]["type"], "warning")
                self.assertIn("categories.COMMISSION", action["params"]["message"])

    def test_python_rules_read_the_inputs(self):
        tax = self.env["hr.salary.rule"].create(
            {
                "name": "Tax",
                "code": "TAX",
                "sequence": 100,
                "category_id": self.totals.id,
                "amount_select": "code",
                "amount_python_compute": "result = -0.1 * inputs.COMM.amount",
            }
        )
        self.structure.rule_ids |= tax
        self._make_line(500.0)
        self.assertPays(self._make_computed_payslip(), COMM=500.0, TAX=-50.0)

    def test_python_rule_with_a_kind_must_pay_all(self):
        rule = self.structure.rule_ids.filtered(
            lambda rule: rule.commission_kind == "commission"
        )
        rule.write(
            {
                "amount_select": "code",
                "amount_python_compute": "result = inputs.COMM.amount / 2",
            }
        )
        self._make_line(500.0)
        payslip = self._make_computed_payslip()
        with self.assertRaisesRegex(UserError, "salary lines show"):
            payslip.action_payslip_done()

    @mute_logger("odoo.sql_db")
    def test_commission_rule_has_a_kind(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["hr.salary.rule"].create(
                {"name": "No kind", "code": "NOKIND", "amount_select": "commission"}
            )

    def test_deleted_rules_are_explained(self):
        rules = self.structure.rule_ids.filtered("commission_kind")
        self.structure.rule_ids -= rules
        rules.unlink()
        with self.assertRaisesRegex(UserError, "were deleted"):
            self.structure.action_add_commission_rules()
