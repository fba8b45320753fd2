# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which days of an employee decide together what a credit pays."""

from datetime import date
from functools import reduce

from ..engine.periods import (
    context_window,
    looks_at_period,
    looks_at_role,
    plan_window,
)


class PeriodWindows:
    """Finds the days whose credits have to be known to compute a credit, or after it.

    Brackets and caps of a period count what happened in it whatever plan pays it, so
    the rules of every plan that pays the employee within the period are asked: also of
    the next version, and of the branch somebody moved to.

    :param PlanCalendar calendar: which plans hold where and when
    :param get_plans: function (plan ids) → engine plans by id
    :param companies: further companies of employees, by employee id
    """

    def __init__(self, calendar, get_plans, companies):
        self._calendar = calendar
        self._get_plans = get_plans
        self._companies = companies
        self._rules = {}
        self._windows = {}

    def widen(self, windows, rows, get_personal_plans):
        """Return the windows that grow by these credits.

        :param windows: (first day, last day) by employee id
        :param rows: credit rows, with the days and companies they are and were in
        :param get_personal_plans: function (employee id) → ids of plans of their own
        :rtype: dict[int, tuple[date, date]]
        """
        wider = {}
        plan_ids = {row.plan_id for row in rows} - {None}
        plan_ids |= set(self._calendar.all_plan_ids)
        if not any(map(self._looks_at_period, plan_ids)):
            return wider
        for row in rows:
            employee_id = row.employee_id
            for day, company_id in row.places:
                found = self._get_window(
                    row.plan_id,
                    frozenset({company_id, *self._companies.get(employee_id, ())}),
                    get_personal_plans(employee_id),
                    row.role,
                    day,
                    self._calendar.year_start(company_id),
                )
                if found:
                    add_days(wider, windows, employee_id, found)
        return wider

    def _get_window(self, *key):
        if key not in self._windows:
            self._windows[key] = self._find_window(*key)
        return self._windows[key]

    def _find_window(self, plan_id, companies, personal_plans, role, day, year_start):
        """Return the days to know for a credit of a role on a day, None for none.

        :param plan_id: the plan that pays the credit
        :param year_start: the month that years begin with
        """
        found = (
            self._get_rule_windows(plan_id, role, day, year_start) if plan_id else []
        )
        found += [
            window
            for company_id in companies
            for each in self._calendar.plan_ids_above(company_id)
            for window in self._get_rule_windows(each, role, day, year_start)
            if self._calendar.pays_within(each, company_id, *window)
        ]
        found += [
            window
            for each in personal_plans
            for window in self._get_rule_windows(each, role, day, year_start)
            if self._calendar.overlaps(each, *window)
        ]
        return reduce(span, found) if found else None

    def _get_rule_windows(self, plan_id, role, day, year_start):
        """Return what the rules of a role look at, and the plan over all rules."""
        plan, rules = self._get_period_rules(plan_id)
        windows = [
            context_window(rule, day, year_start)
            for rule in rules
            if looks_at_role(rule, role)
        ]
        of_plan = plan_window(plan, day, year_start)
        return [*windows, of_plan] if of_plan else windows

    def _looks_at_period(self, plan_id):
        plan, rules = self._get_period_rules(plan_id)
        return bool(rules or plan_window(plan, date.today()))

    def _get_period_rules(self, plan_id):
        if plan_id not in self._rules:
            [plan] = self._get_plans({plan_id}).values()
            rules = [rule for rule in plan.rules if looks_at_period(rule)]
            self._rules[plan_id] = plan, rules
        return self._rules[plan_id]


def add_days(wider, windows, employee_id, days):
    """Note in ``wider`` that these days of an employee have to be known as well.

    :param windows: (first day, last day) by employee id, as they were
    """
    known = wider.get(employee_id) or windows.get(employee_id)
    both = span(known, days) if known else days
    if both != known:
        wider[employee_id] = both


def span(one, other):
    """Return the days from the first of two windows to the last of them."""
    return min(one[0], other[0]), max(one[1], other[1])
