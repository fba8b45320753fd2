# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Plans in force: which holds when, how the engine reads it, what qualifies a lead."""

import logging

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..engine import facts
from ..engine.conditions import asked_facts
from ..engine.rounding import to_decimal
from ..pipeline.plan_calendar import PlanCalendar

_logger = logging.getLogger(__name__)


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    # ------------------------------------------------------------------
    # Which plan holds
    # ------------------------------------------------------------------

    @api.model
    def _get_plan(self, company, date):
        """Return the plan that holds for a company's employees on a day.

        The nearest company up the branch tree with a plan in force decides.

        :param company: res.company
        :param date date: local day
        :return: the plan, empty if none is in force
        """
        return self.browse(self._get_plan_id(company.id, date))

    @api.model
    @ormcache("company_id", "date")
    def _get_plan_id(self, company_id, date):
        return self._get_calendar().plan_id(company_id, date)

    @api.model
    def _looks_at_origin(self, plan_id):
        """Whether what takes a sale back counts as of the day of that sale.

        :rtype: bool
        """
        return True

    @api.model
    def _search_in_force(self, domain=Domain.TRUE, fetch=()):
        """Return the plans that pay or paid, archived ones as well.

        Whoever asks what pays asks here, so that no plan pays unseen.

        :param domain: which of them
        :param fetch: fields to read along
        :return: hr.commission.plan in superuser mode
        """
        plans = self.sudo()  # sudo: the plan that holds may be the parent company's
        return plans.with_context(active_test=False).search_fetch(
            Domain("state", "in", ("active", "closed")) & domain, fetch
        )

    @api.model
    def _get_calendar(self):
        """Return which plan holds where and when.

        :rtype: PlanCalendar
        """
        # sudo: branch users cannot read the parent company
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        companies = Company.search_fetch(
            [], ["parent_path", "currency_id", *Company._get_year_fields()]
        )
        plans = self._search_in_force(
            fetch=("company_id", "date_start", "date_end", "is_personal")
        )
        levels = [rule._get_level() for rule in plans.rule_ids]
        return PlanCalendar(companies, plans, max(levels, default=0))

    # ------------------------------------------------------------------
    # For the engine
    # ------------------------------------------------------------------

    def _to_engine(self):
        """Return the plan as the engine knows it, and its conditions on leads.

        The one way from a plan to engine rules: for the ledger, estimates, replays and
        the examples on the form. Conditions on leads are asked by whoever knows the
        leads at hand.

        :rtype: tuple[facts.Plan, dict[int, str]]
        :return: the plan without its conditions on leads, and those by rule id
        """
        self.ensure_one()
        rules = self.sudo().rule_ids  # sudo: see _search_in_force
        plan = facts.Plan(
            id=self.id,
            rules=tuple(
                engine_rule
                for rule in rules.sorted("sequence")
                for engine_rule in rule._get_engine_rules()
            ),
            clawback_days=self.clawback_days,
            clawback_method=self.clawback_method,
            clawback_months=self.clawback_months,
            clawback_schedule=tuple(self._get_clawback_schedule()),
            currency=self.sudo().currency_id.id or None,  # sudo: see _search_in_force
            **self._get_engine_limits(),
        )
        return plan, {
            rule.id: rule.domain
            for rule in rules
            if (rule.domain or "[]").strip() != "[]"
        }

    def _get_engine_limits(self):
        """Return the limits over all rules, as the engine takes them.

        What is carried above a cap is earned: its statement keeps it, see
        :meth:`_get_carried_cap`.
        """
        self.ensure_one()
        limits = {"cap", "floor", "threshold"}
        if self._get_carried_cap():
            limits.remove("cap")
        return {
            "cap_period": self.cap_period,
            **{
                name: to_decimal(self[name]) if self[name] else None
                for name in sorted(limits)
            },
        }

    def _get_carried_cap(self):
        """Return the cap above which a period carries what was earned, None without.

        :rtype: Decimal | None
        """
        self.ensure_one()
        if self.cap_excess == "carry" and self.cap and self.cap_period != "event":
            return to_decimal(self.cap)
        return None

    def _settles_months(self):
        """Whether a month may pay something else than it earned.

        :rtype: bool
        """
        self.ensure_one()
        promises = self.draw_amount or self.guaranteed_minimum
        is_limited = self._get_carried_cap() or self.payout_minimum
        return bool(promises or is_limited or self.leaver_debt != "all")

    @api.model
    @ormcache("plan_id")
    def _get_frozen_plan(self, plan_id):
        """Return what :meth:`_to_engine` does of a plan in force, which stays as it is.

        :param int plan_id: hr.commission.plan
        """
        return self.sudo().browse(plan_id)._to_engine()  # sudo: see _search_in_force

    @api.model
    @ormcache()
    def _counts_from_first_sale(self):
        """Whether a rule in force asks what its customer bought before."""
        return any(
            asked_facts(self._get_frozen_plan(plan.id)[0])
            & {"customer_months", "is_repeat"}
            for plan in self._search_in_force()
        )

    @api.model
    @ormcache()
    def _asks_of_contracts(self):
        """Whether a rule in force asks since when somebody is employed, or their wage."""
        return any(
            asked_facts(self._get_frozen_plan(plan.id)[0]) & {"tenure_months", "wage"}
            for plan in self._search_in_force()
        )

    @api.model
    @ormcache()
    def _limits_leavers(self):
        """Whether a rule in force ends some days after somebody left."""
        return any(self._search_in_force().rule_ids.mapped("is_leaver_limited"))

    # ------------------------------------------------------------------
    # Qualification
    # ------------------------------------------------------------------

    @api.model
    def _parse_domain(self, text):
        """Turn a stored condition on leads into a Domain.

        :raises ValidationError: if no condition may ask that
        """
        return self.env["hr.commission.condition"]._parse(text)

    def _get_qualification_condition(self):
        """Return when a lead is qualified, FALSE if that cannot be asked.

        One plan with such a condition, stored by another way than the form, must not
        stop the leads of the others.

        :rtype: Domain
        """
        self.ensure_one()
        try:
            return self._parse_domain(self.qualification_domain)
        except ValidationError as error:
            _logger.warning("Qualification of commission plan %s: %s", self.id, error)
            return Domain.FALSE

    @api.model
    @ormcache()
    def _get_watched_lead_fields(self):
        """Return the fields of crm.lead that conditions of plans in force look at.

        :rtype: frozenset[str]
        """
        plans = self._search_in_force()
        return self._get_qualifying_lead_fields() | self._find_fields(
            plans.rule_ids.mapped("domain")
        )

    @api.model
    @ormcache()
    def _get_qualifying_lead_fields(self):
        """Return the fields of crm.lead that definitions of a qualified lead look at.

        :rtype: frozenset[str]
        """
        plans = self._search_in_force()
        return self._find_fields(plans.mapped("qualification_domain"))

    def _find_fields(self, texts):
        """Return the first field of every path in these domains."""
        names = set()
        for text in filter(None, texts):
            try:
                domain = self._parse_domain(text)
            except ValidationError:
                continue  # it never holds: nothing to look at
            for condition in domain.iter_conditions():
                names.add(condition.field_expr.split(".")[0])
        return frozenset(names)
