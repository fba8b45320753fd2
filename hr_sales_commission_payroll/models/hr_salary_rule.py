# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import re

from odoo import fields, models

from .hr_payslip_commission import PAYSLIP_KINDS


class HrSalaryRule(models.Model):
    """Salary rules that pay commissions. Payslip lines inherit them with their kind."""

    _inherit = "hr.salary.rule"

    commission_kind = fields.Selection(
        PAYSLIP_KINDS,
        string="Commission",
        help="The kind of commission this rule pays, to the cent. "
        "Leave it empty on every other rule.",
    )
    amount_select = fields.Selection(
        selection_add=[("commission", "Commission")],
        ondelete={"commission": "set default"},
    )
    condition_select = fields.Selection(
        selection_add=[("commission", "The payslip has this commission")],
        ondelete={"commission": "set default"},
    )

    _commission_has_kind = models.Constraint(
        "CHECK (amount_select != 'commission' OR commission_kind IS NOT NULL)",
        "Choose the kind of commission that the rule pays.",
    )

    def _compute_rule(self, localdict):
        values = super()._compute_rule(localdict)
        if self.commission_kind:
            values["commission_kind"] = self.commission_kind
        return values

    def _compute_rule_commission(self, localdict):
        """Pay the commissions of the rule's kind under the contract at hand."""
        # the contract counts here and not in the condition: a condition that fails for
        # one contract bars the rule from all others
        inputs = self._get_commission_inputs(localdict).filtered(
            lambda line: line.contract_id == localdict["contract"]
        )
        return {
            "name": inputs[:1].name or self.name,
            "quantity": 1.0,
            "rate": 100.0,
            "amount": sum(inputs.mapped("amount")),
        }

    def _satisfy_condition_commission(self, localdict):
        return bool(self._get_commission_inputs(localdict))

    def _get_commission_inputs(self, localdict):
        return localdict["payslip"].input_line_ids.filtered(
            lambda line: line.commission_kind == self.commission_kind
        )

    def _is_counted(self, rule):
        """Tell whether one of these rules adds up a category or the code of a rule.

        Read from the formulas; only rules that come later count.
        """
        names = {f"categories.{code}" for code in rule._get_category_codes()}
        names.add(f"rules.{rule.code}")
        names.add(rule.code)
        for other in self:
            if (other.sequence, other.id) <= (rule.sequence, rule.id):
                continue
            formula = other._get_formula()
            if names.intersection(re.findall(r"[\w.]+", formula)):
                return True
        return False

    def _get_category_codes(self):
        codes = []
        category = self.category_id
        while category:
            codes.append(category.code)
            category = category.parent_id
        return codes

    def _get_formula(self):
        """Return the text that a rule computes its amount with."""
        formulas = {
            "code": self.amount_python_compute,
            "percentage": self.amount_percentage_base,
        }
        return formulas.get(self.amount_select) or ""
