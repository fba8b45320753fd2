# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Loads which plan pays a credit, and what the plans say."""

from dataclasses import replace

from odoo.fields import Domain

from ..engine.clawback import counts
from .credit_row import day_of_sale
from .loader_memory import LoaderMemory
from .plan_replay import find_plan_id


class PlanLoader:
    """Knows the plans that pay, as the engine knows them.

    :param env: of the superuser
    :param StandIn stand_in: a plan in the place of another, None for what really holds
    :param find_leads: function (environment, text of a condition, ids of leads) → ids
        of those that satisfy it
    :param LoaderMemory memory: what was read already
    """

    def __init__(self, env, stand_in, find_leads, memory=None):
        self.env = env
        self._stand_in = stand_in
        self._find_leads = find_leads
        memory = memory or LoaderMemory()
        self._known = memory.plans
        self._plan_ids = {}
        tried_id = stand_in and stand_in.plan_id
        if tried_id not in memory.calendars:
            memory.calendars[tried_id] = self._get_calendar()
        self.calendar = memory.calendars[tried_id]

    def _get_calendar(self):
        """Return which plan holds where; the rules of a stand-in pay managers as well."""
        Plan = self.env["hr.commission.plan"]
        calendar = Plan._get_calendar()
        if self._stand_in:
            rules = Plan.browse(self._stand_in.plan_id).rule_ids
            levels = [rule._get_level() for rule in rules]
            calendar.max_manager_level = max(calendar.max_manager_level, *levels, 0)
        return calendar

    def assign(self, rows, people):
        """Find the plan of each credit, and the day that it counts on.

        What takes a sale back counts on the day of the sale, unless the plan of that
        day says otherwise.

        :param PeopleLoader people: knows who has a plan of their own
        """
        people.load_missing(rows)
        looks_at_origin = self.env["hr.commission.plan"]._looks_at_origin
        for row in rows:
            row.day = day_of_sale(row.event)
            row.plan_id = self._get_plan_id(row, row.day, people)
            if row.day != row.event["date"] and not looks_at_origin(row.plan_id):
                row.day = row.event["date"]
                row.plan_id = self._get_plan_id(row, row.day, people)

    def _get_plan_id(self, row, day, people):
        """Return the plan that pays a credit, None if there is none.

        :param date day: the day whose plan counts
        """
        key = row.employee_id, row.company_id, day
        if key not in self._plan_ids:
            _department_id, wanted_id = people.get_version(row.employee_id, day)
            self._plan_ids[key] = find_plan_id(
                self.calendar, self._stand_in, wanted_id, row.company_id, day
            )
        return self._plan_ids[key]

    def get_plans(self, plan_ids, lead_ids=None):
        """Return plans in force as engine facts.

        :param lead_ids: the leads that may satisfy conditions of rules; None leaves
            the conditions on leads out
        """
        frozen = {plan_id: self._read_plan(plan_id) for plan_id in plan_ids}
        if lead_ids is None:
            return {plan_id: plan for plan_id, (plan, _texts) in frozen.items()}
        texts = {text for _plan, texts in frozen.values() for text in texts.values()}
        found = {
            text: self._find_leads(self.env, text, list(lead_ids)) for text in texts
        }
        return {
            plan_id: self._set_conditions(plan, texts, found) if texts else plan
            for plan_id, (plan, texts) in frozen.items()
        }

    def _read_plan(self, plan_id):
        """Return a plan and its conditions on leads, see ``_to_engine`` of plans."""
        if plan_id not in self._known:
            Plan = self.env["hr.commission.plan"]
            is_tried = self._stand_in and plan_id == self._stand_in.plan_id
            self._known[plan_id] = (
                Plan.browse(plan_id)._to_engine()
                if is_tried  # it may still change
                else Plan._get_frozen_plan(plan_id)
            )
        return self._known[plan_id]

    @staticmethod
    def _set_conditions(plan, texts, found):
        return replace(
            plan,
            rules=tuple(
                replace(rule, lead_ids=found[texts[rule.id]])
                if rule.id in texts
                else rule
                for rule in plan.rules
            ),
        )

    def _get_terms(self, plan_id):
        """Return a plan without its conditions on leads."""
        return self._read_plan(plan_id)[0]

    def is_counting(self, row):
        """Whether a credit counts towards brackets and targets."""
        plan = self._get_terms(row.plan_id) if row.plan_id else None
        return counts(plan, row.share, row.day, get_reversed_on(row))


def find_leads(env, text, lead_ids):
    """Return those of stored leads that satisfy a condition of a rule.

    :raises ValidationError: if no condition may ask that, which the event says
    """
    domain = Domain("id", "in", lead_ids) & env["hr.commission.condition"]._parse(text)
    Lead = env["crm.lead"].with_context(active_test=False)
    return frozenset(Lead._search(domain).get_result_ids())


def get_reversed_on(row):
    """Return the day the event was undone, as many days after the day that counts
    as it was after the event.
    """
    undone_on = row.event["date_reversed"]
    return undone_on and row.day + (undone_on - row.event["date"])
