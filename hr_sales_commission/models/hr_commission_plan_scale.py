# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Amounts of ready-made plans in money of another worth: yen, dinars, pesos."""

from odoo import models
from odoo.exceptions import UserError

from ..engine.facts import ONE
from ..engine.measures import MEASURES
from ..engine.periods import SCORED
from ..engine.rounding import sensible, to_decimal

LARGEST_FACTOR = 1_000_000


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    def action_use_template(self, factor=None):
        """Start a plan of the current company from a ready-made one.

        :param float factor: what its amounts are multiplied with, then written with two
            figures; None: as they are, or what a dialog asks where the company's money
            is of another worth
        :return: the window action that shows the new draft, or the dialog
        :raises UserError: if it is no ready-made plan, or the factor no number
        """
        self._ensure_one_given()
        self.check_access("read")
        self.browse().check_access("create")
        self._check_template()
        if factor is None:
            if self.env.company._get_money_scale() != ONE and self._get_amounts():
                return self._ask_for_factor()
            factor = 1
        is_number = isinstance(factor, int | float) and not isinstance(factor, bool)
        if not is_number or not 0 < factor <= LARGEST_FACTOR:
            raise UserError(
                self.env._("Amounts are multiplied with a number above zero.")
            )
        template = self.sudo()  # sudo: templates belong to no company
        plan = template._copy_with_name(company_id=self.env.company.id).sudo(False)
        if factor != 1:
            plan._scale_amounts(to_decimal(float(factor)))
        return plan._get_form_action()

    def _check_template(self):
        if not self.is_template:
            raise UserError(
                self.env._(
                    "“%(plan)s” is no ready-made plan. Duplicate it instead.",
                    plan=self.display_name,
                )
            )

    def _ask_for_factor(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Amounts in %s", self.env.company.currency_id.name),
            "res_model": "hr.commission.plan.use",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def _get_amounts(self):
        """Return the amounts of money that the plan names, in their order.

        :rtype: list[float]
        """
        plan = self.sudo()  # sudo: templates belong to no company
        found = [
            each[name] for each in plan._get_rows() for name in _money_fields(each)
        ]
        found += [
            tier[name]
            for rule in plan.rule_ids
            for tier in rule.tier_ids
            for name in _get_money_of_tiers(rule)
        ]
        return sorted({amount for amount in found if amount})

    def _get_rows(self):
        """Return the plan and its rules, one by one."""
        return [self, *self.rule_ids]

    def _scale_amounts(self, factor):
        """Multiply every amount of money of a draft, its examples included.

        :param Decimal factor: above zero
        """
        self.ensure_one()
        step = to_decimal(self.currency_id.rounding)

        def scale(amount):
            return float(sensible(to_decimal(amount) * factor, step))

        events = self.example_ids.event_ids
        rows = [
            *self._get_rows(),
            *self.example_ids,
            *events.filtered(lambda each: each.kind != SCORED),
        ]
        for row in rows:
            row.write({name: scale(row[name]) for name in _money_fields(row)})
        for rule in self.rule_ids:
            names = _get_money_of_tiers(rule)
            for tier in rule.tier_ids if names else ():
                tier.write({name: scale(tier[name]) for name in names})
        self._scale_conditions(scale)
        if self._has_target_in_money():
            for example in self.example_ids:
                example.target = scale(example.target)
        self.example_ids._compute_expected()

    def _scale_conditions(self, scale):
        """Multiply the amounts of money that conditions compare with.

        :param scale: function (amount) → the same in the money of the company
        """
        Condition = self.env["hr.commission.condition"]
        for records, names in self._get_condition_fields():
            for record in records:
                for name, model in names.items():
                    text = record[name] or ""
                    scaled = Condition._with_amounts(text, model, scale)
                    if scaled != text:
                        record[name] = scaled

    def _get_condition_fields(self):
        """Return the fields with conditions: records, and models by name of the field.

        Addons add those of their conditions.
        """
        return [
            (self, {"qualification_domain": "crm.lead"}),
            (self.rule_ids, {"domain": "crm.lead"}),
        ]

    def _has_target_in_money(self):
        """Whether the targets of examples are amounts of money."""
        return any(
            MEASURES[rule.target_measure].unit == "money"
            for rule in self.rule_ids
            if rule.tier_mode != "none" and MEASURES[rule.tier_measure].subject
        )


def _money_fields(record):
    """Return the names of the fields of a record in which somebody writes money."""
    return [
        name
        for name, field in record._fields.items()
        if field.type == "monetary" and field.store and not field.compute
    ]


def _get_money_of_tiers(rule):
    """Return the names of the fields of a rule's brackets that are money."""
    is_money = {
        "from_value": MEASURES[rule.tier_measure].unit == "money",
        "rate": rule.amount_type != "percent",
    }
    return [name for name, each in is_money.items() if each]
