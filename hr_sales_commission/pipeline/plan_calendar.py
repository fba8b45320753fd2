# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which plan holds where and when, and how the branch tree hangs together."""

from datetime import timedelta
from decimal import Decimal

from ..engine.facts import CALENDAR_YEAR


class PlanCalendar:
    """Answers which plan holds for a company on a day, without queries.

    :param max_manager_level: how many managers upwards any rule pays
    """

    def __init__(self, companies, plans, max_manager_level):
        self.max_manager_level = max_manager_level
        self._ancestors = {
            company.id: [int(part) for part in company.parent_path.split("/") if part]
            for company in companies
        }
        self._year_starts = {
            company.id: company._get_commission_year_start() for company in companies
        }
        self._currencies = {company.id: company.currency_id for company in companies}
        self._roundings = {
            company.id: Decimal(repr(company.currency_id.rounding))
            for company in companies
        }
        self._periods = {plan.id: (plan.date_start, plan.date_end) for plan in plans}
        self._company_of_plan = {plan.id: plan.company_id.id for plan in plans}
        self._found = {}
        self._plans_of_company = {}
        for plan in plans:
            if not plan.is_personal:
                self._plans_of_company.setdefault(plan.company_id.id, []).append(
                    plan.id
                )

    def year_start(self, company_id):
        """Return the day that the years of a company begin with.

        :rtype: YearStart
        """
        return self._year_starts.get(company_id, CALENDAR_YEAR)

    def holds(self, plan_id, day):
        """Whether a plan is in force on a day."""
        date_start, date_end = self._periods.get(plan_id, (None, None))
        return (
            bool(date_start) and date_start <= day and not (date_end and date_end < day)
        )

    def pays_personally(self, plan_id, company_id, day):
        """Whether a plan of somebody's own pays in a company on a day.

        Not in another currency: what it says in money would be paid one to one.
        """
        return self.holds(plan_id, day) and self.currency(
            self._company_of_plan[plan_id]
        ) == self.currency(company_id)

    def plan_id(self, company_id, day):
        """Return the plan of the nearest company upwards that has one, or None."""
        key = (company_id, day)
        if key not in self._found:
            self._found[key] = self._find_plan_id(company_id, day)
        return self._found[key]

    def _find_plan_id(self, company_id, day):
        for ancestor in reversed(self._ancestors.get(company_id, ())):
            for plan_id in self._plans_of_company.get(ancestor, ()):
                if self.holds(plan_id, day):
                    return plan_id
        return None

    def plan_ids_above(self, company_id):
        """Return the plans of a company and of those above it, whenever they hold."""
        return [
            plan_id
            for ancestor in self._ancestors.get(company_id, ())
            for plan_id in self._plans_of_company.get(ancestor, ())
        ]

    @property
    def all_plan_ids(self):
        """The ids of all plans in force, whenever and wherever they hold."""
        return list(self._periods)

    def overlaps(self, plan_id, date_from, date_to):
        """Whether a plan is in force on some of these days."""
        if plan_id not in self._periods:
            return False
        date_start, date_end = self._periods[plan_id]
        return date_start <= date_to and not (date_end and date_end < date_from)

    def pays_within(self, plan_id, company_id, date_from, date_to):
        """Whether a plan is the one of a company on some of these days.

        Between two days on which a plan starts or has ended the answer stays the same.
        """
        if not self.overlaps(plan_id, date_from, date_to):
            return False
        days = {date_from}
        for each in self.plan_ids_above(company_id):
            date_start, date_end = self._periods[each]
            days.add(date_start)
            if date_end:
                days.add(date_end + timedelta(days=1))
        return any(
            self.plan_id(company_id, day) == plan_id
            for day in days
            if date_from <= day <= date_to
        )

    @property
    def has_plans_of_branches(self):
        """Whether more than one company makes plans."""
        return len(self._plans_of_company) > 1

    def company_ids(self):
        """Return all companies."""
        return list(self._ancestors)

    def plan_ids(self, company_ids):
        """Return the plans in force at any time in one of these companies."""
        return {
            plan_id
            for plan_id, company_id in self._company_of_plan.items()
            if company_id in company_ids
        }

    def plan_company_id(self, plan_id):
        """Return the company of a plan in force."""
        return self._company_of_plan.get(plan_id)

    def is_shared(self, plan_id):
        """Whether a plan holds for whole companies, not for chosen people."""
        company_id = self.plan_company_id(plan_id)
        return plan_id in self._plans_of_company.get(company_id, ())

    def is_below(self, company_id, other_id):
        """Whether a company is another one, or a branch below it."""
        return other_id in self._ancestors.get(company_id, ())

    def is_between(self, company_id, lower_id, upper_id):
        """Whether a company lies on the way up from one to another, both included."""
        return self.is_below(lower_id, company_id) and self.is_below(
            company_id, upper_id
        )

    def root_id(self, company_id):
        """Return the root of a company's tree."""
        return self._ancestors[company_id][0]

    def is_same_tree(self, company_id, other_id):
        """Whether two companies have the same root."""
        return self._ancestors[company_id][0] == self._ancestors[other_id][0]

    def currency(self, company_id):
        """Return the currency of a company."""
        return self._currencies[company_id]

    def rounding(self, company_id):
        """Return the smallest unit of a company's currency."""
        return self._roundings[company_id]
