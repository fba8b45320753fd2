"""Which plan holds where and when, and how the branch tree hangs together."""

from decimal import Decimal


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
        self._currencies = {company.id: company.currency_id for company in companies}
        self._roundings = {
            company.id: Decimal(repr(company.currency_id.rounding))
            for company in companies
        }
        self._periods = {plan.id: (plan.date_start, plan.date_end) for plan in plans}
        self._found = {}
        self._plans_of_company = {}
        for plan in plans:
            if not plan.is_personal:
                self._plans_of_company.setdefault(plan.company_id.id, []).append(
                    plan.id
                )

    def holds(self, plan_id, day):
        """Whether a plan is in force on a day."""
        date_start, date_end = self._periods.get(plan_id, (None, None))
        return (
            bool(date_start) and date_start <= day and not (date_end and date_end < day)
        )

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

    def root_id(self, company_id):
        """Return the root of a company's tree."""
        return self._ancestors[company_id][0]

    def is_same_tree(self, company_id, other_id):
        """Whether two companies have the same root."""
        return self._ancestors[company_id][0] == self._ancestors[other_id][0]

    def is_below(self, company_id, ancestor_id):
        """Whether a company is another one, or a branch of it at any depth."""
        return ancestor_id in self._ancestors.get(company_id, ())

    def currency(self, company_id):
        """Return the currency of a company."""
        return self._currencies[company_id]

    def rounding(self, company_id):
        """Return the smallest unit of a company's currency."""
        return self._roundings[company_id]
