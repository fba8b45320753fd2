# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Salary structures with the rules that pay commissions."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.hr_sales_commission.pipeline.titles import listed
from odoo.addons.hr_sales_commission.pipeline.told import CLOSE, told

RULE_XMLIDS = (
    "hr_salary_rule_commission",
    "hr_salary_rule_commission_bonus",
    "hr_salary_rule_commission_adjustment",
    "hr_salary_rule_commission_clawback",
)
#: the structure of pay runs, and the rule that adds up what they pay
ONLY_CODE = "COMMISSIONS_ONLY"
TOTAL_XMLID = "hr_sales_commission_payroll.hr_salary_rule_commission_total"


class HrPayrollStructure(models.Model):
    _inherit = "hr.payroll.structure"

    def action_add_commission_rules(self):
        """Add the salary rules that pay commissions, where a kind has none yet.

        :return: notification that says what was added, and what does not count
        :raises UserError: if all shipped rules were deleted
        """
        shipped = self._get_shipped_commission_rules()
        for structure in self:
            rules = structure.get_structure_with_parents().get_all_rules()
            paid = set(rules.mapped("commission_kind"))
            structure.rule_ids |= shipped.filtered(
                lambda rule, paid=paid: rule.commission_kind not in paid
            )
        problems = [
            text
            for structure in self
            for text in structure._find_uncounted_commission_rules()
        ]
        return told(
            "warning" if problems else "success",
            "\n".join(problems)
            or self.env._(
                "Commissions count in: %(structures)s.",
                structures=listed(self.env, self.mapped("name")),
            ),
            CLOSE,
            sticky=bool(problems),
        )

    @api.model
    def _get_commissions_only(self, company):
        """Return the structure whose payslips hold commissions and nothing else.

        :param company: res.company, which gets one if it has none
        """
        found = self.search(
            [("company_id", "=", company.id), ("code", "=", ONLY_CODE)], limit=1
        )
        total = self.env.ref(TOTAL_XMLID, raise_if_not_found=False)
        total = total or self.env["hr.salary.rule"]
        return found or self.create(
            {
                "name": self.env._("Commissions only"),
                "code": ONLY_CODE,
                "company_id": company.id,
                "parent_id": False,
                "rule_ids": [
                    Command.set((self._get_shipped_commission_rules() | total).ids)
                ],
            }
        )

    def _get_shipped_commission_rules(self):
        rules = self.env["hr.salary.rule"].browse()
        for name in RULE_XMLIDS:
            rule = self.env.ref(
                f"hr_sales_commission_payroll.{name}", raise_if_not_found=False
            )
            rules |= rule or rules
        if not rules:
            raise UserError(
                self.env._(
                    "The commission rules were deleted. Make salary rules with the "
                    "amount type “Commission” and add them to the structure."
                )
            )
        return rules

    def _find_uncounted_commission_rules(self):
        """Say which commission rules are shown on payslips but counted by no total.

        :return: list of texts
        """
        self.ensure_one()
        rules = self.get_structure_with_parents().get_all_rules()
        return [
            self.env._(
                "“%(structure)s” shows “%(rule)s” but no later rule adds up "
                "categories.%(category)s. Give the rule a category that your gross "
                "adds up, and a sequence before it.",
                structure=self.name,
                rule=rule.name,
                category=rule.category_id.code or "…",
            )
            for rule in rules.filtered("commission_kind")
            if not rules._is_counted(rule)
        ]
