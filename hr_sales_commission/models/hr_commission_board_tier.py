# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""How far somebody is from the next bracket of every tier that concerns them."""

from odoo import models

from ..engine.context import Context
from ..engine.periods import has_period_tiers
from ..engine.standing import concerns, in_period, standing
from ..pipeline.standing import load_standing


class HrCommissionBoard(models.AbstractModel):
    _inherit = "hr.commission.board"

    def _get_tiers(self, employees):
        """Return where employees stand in the brackets of their running periods.

        :param employees: hr.employee, in superuser mode
        :return: one dictionary for each rule: ``name``, ``period``, ``unit`` (money,
            count or percent) of ``reached``, ``next_from`` and ``missing`` (None in
            the last bracket), ``amount_type`` of ``rate`` and ``next_rate``
        :rtype: list[dict]
        """
        if not employees:
            return []
        batch = load_standing(employees)
        context = Context(
            [credit for credit in batch.credits if credit.event_id > 0],
            batch.plans,
            batch.targets,
        )
        role_of = {each.id: each.commission_role for each in employees}
        rows = []
        for today in batch.credits:
            if today.event_id > 0 or today.plan_id not in batch.plans:
                continue
            for rule in batch.plans[today.plan_id].rules:
                if not (has_period_tiers(rule) and concerns(rule, today)):
                    continue
                is_own_role = role_of[today.employee_id] == rule.role
                if is_own_role or in_period(rule, today, context):
                    found = standing(rule, today, context, batch.targets)
                    if found:
                        rows.append(self._prepare_tier(found, today.company_id))
        return rows

    def _prepare_tier(self, found, company_id):
        company = self.env["res.company"].sudo().browse(company_id)  # sudo: own
        rule = self.env["hr.commission.rule"].sudo().browse(found.rule.id)  # sudo: own
        following = found.following
        return {
            "rule_id": found.rule.id,
            "name": rule.name,
            "period": found.rule.tier_period,
            "unit": found.unit,
            "currency_id": company.currency_id.id,
            "amount_type": found.rule.amount_type,
            "reached": float(found.reached),
            "rate": float(found.band.rate) if found.band else 0.0,
            "next_from": float(following.start) if following else None,
            "next_rate": float(following.rate) if following else None,
            "missing": float(found.missing) if following else None,
        }
