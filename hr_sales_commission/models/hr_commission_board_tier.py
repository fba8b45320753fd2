"""How far somebody is from the next bracket of every tier that concerns them."""

from decimal import Decimal

from odoo import models

from ..engine import tiers
from ..engine.conditions import satisfying
from ..engine.context import Context, by_period, period_key
from ..engine.measures import EVENT_TYPE_OF, read_measure, target_of
from ..engine.periods import has_period_tiers
from .fact_loader import FactLoader

ONE = Decimal(1)
ZERO = Decimal(0)


class StandingLoader(FactLoader):
    """Loads the running periods of employees, by an imagined event of each today."""

    def load_standing(self, employees):
        """Return what the engine knows of these employees' running periods.

        Their imagined credits, one for each role, are those of events below zero.

        :param employees: hr.employee
        :rtype: CreditBatch
        """
        return self.load_imagined(
            [self._imagine(-number, each) for number, each in enumerate(employees, 1)]
        )

    @staticmethod
    def _imagine(event_id, employee):
        return {
            "id": event_id,
            "event_type": "deal_won",
            "date": employee.company_id._commission_local_date(),
            "amount": ZERO,
            "quantity": ZERO,
            "date_reversed": None,
            "company_id": employee.company_id.id,
            "lead_id": None,
            "user_id": None,
            "marketer_id": employee.id,
            "commission_source": None,
            "source_state": "open",
        }

    def _get_event_rows(self, event, former):
        levels = range(1, self.calendar.max_manager_level + 1)
        parts = [("sales", 0), ("marketing", 0)]
        parts += [("manager", level) for level in levels]
        return [
            self._make_row(event, event["marketer_id"], role, level, ONE, former)
            for role, level in parts
        ]


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
        batch = StandingLoader(self.env).load_standing(employees)
        context = Context(
            [credit for credit in batch.credits if credit.event_id > 0], batch.plans
        )
        role_of = {each.id: each.commission_role for each in employees}
        standings = []
        for today in batch.credits:
            if today.event_id > 0 or today.plan_id not in batch.plans:
                continue
            for rule in batch.plans[today.plan_id].rules:
                if has_period_tiers(rule) and _concerns(rule, today):
                    matching = _in_period(rule, today, context)
                    if matching or role_of[today.employee_id] == rule.role:
                        standings.append(
                            self._get_standing(rule, today, matching, context, batch)
                        )
        return [standing for standing in standings if standing]

    def _get_standing(self, rule, today, matching, context, batch):
        """Return where an employee stands by one rule; None without a target."""
        target = None
        if rule.tier_measure == "attainment":
            target = target_of(rule, today, batch.targets)
            if target is None:
                return None
        bands = tiers.bands(rule.tiers, target)
        reached = max(_read(rule, today, matching, context), ZERO)
        index = tiers.band_index(bands, reached, rule.tier_boundary)
        following = next(iter(bands[0 if index is None else index + 1 :]), None)
        company = self.env["res.company"].sudo().browse(today.company_id)  # sudo: own
        return {
            "rule_id": rule.id,
            "name": rule.name,
            "period": rule.tier_period,
            "unit": _unit(rule),
            "currency_id": company.currency_id.id,
            "amount_type": rule.amount_type,
            "reached": float(reached),
            "rate": float(bands[index].rate) if index is not None else 0.0,
            "next_from": float(following.start) if following else None,
            "next_rate": float(following.rate) if following else None,
            "missing": _missing(rule, reached, following),
        }


def _concerns(rule, today):
    """Whether a rule is for this employee, in this role, today."""
    return (
        rule.role == today.role
        and rule.manager_level == today.manager_level
        and (rule.employee_ids is None or today.employee_id in rule.employee_ids)
        and (rule.company_ids is None or today.company_id in rule.company_ids)
        and (rule.date_start is None or rule.date_start <= today.date)
        and (rule.date_end is None or today.date <= rule.date_end)
    )


def _in_period(rule, today, context):
    credits = satisfying(rule, today.employee_id, context)
    periods = by_period(credits, rule.tier_period)
    return periods.get(period_key(today, rule.tier_period), [])


def _read(rule, today, matching, context):
    """Return the measure of the running period, as the engine reads it."""
    if matching:
        return read_measure(rule, matching, context).final
    counts_itself = EVENT_TYPE_OF.get(rule.tier_measure) == rule.event_type
    if rule.tier_measure == "cumulative" or counts_itself:
        return ZERO
    return read_measure(rule, [today], context).final


def _missing(rule, reached, following):
    """Return what is missing for the next bracket, None in the last one."""
    if following is None:
        return None
    missing = following.start - reached
    if rule.tier_boundary == "lower" and _unit(rule) == "count":
        missing += ONE  # the bound itself still belongs to the bracket below
    return float(missing)


def _unit(rule):
    measure = rule.tier_measure
    if measure == "attainment":
        measure = rule.target_measure
    if measure in ("won_count", "qualified_count"):
        return "count"
    return "percent" if measure == "conversion_rate" else "money"
