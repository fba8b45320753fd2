# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Loads the rest of every period that the pay of credits looks at."""

from collections import defaultdict
from functools import reduce

from odoo.tools import SQL

from ..engine.measures import MEASURES
from ..engine.periods import period_of, period_start
from .period_windows import PeriodWindows, add_days, span


class PeriodLoader:
    """Finds the periods that decide with some credits what they pay, and what is in them.

    :param env: of the superuser
    :param PlanLoader plans: which plans pay, and what they look at
    :param PeopleLoader people: who has plans of their own
    :param frozenset ignored_ids: events that would not have happened
    """

    def __init__(self, env, plans, people, ignored_ids):
        self.env = env
        self.calendar = plans.calendar
        self._plans = plans
        self._people = people
        self._ignored_ids = ignored_ids
        self._subject_rules = None

    def load(self, rows, known, load_rows):
        """Load the rest of every period that a rule looks at.

        What is loaded may fall under other rules with longer periods, so this goes on
        until the windows no longer grow: three times at most, for month, quarter, year.
        No event is read twice.

        :param set known: ids of the events that are loaded already
        :param load_rows: function (ids of events) → their credits, complete, and those
            of what is rounded with them
        :return: context rows, and the (first day, last day) by employee
        """
        periods = PeriodWindows(
            self.calendar,
            self._plans.get_plans,
            self._get_employee_companies(rows),
        )
        context, outside, inside = [], [], rows
        windows, known = {}, set(known)
        while wider := self._find_colleagues(inside, windows) | periods.widen(
            windows, inside, self._people.get_personal_plans
        ):
            windows |= wider
            event_ids = self.find_events(wider) - known
            loaded = load_rows(list(event_ids)) if event_ids else []
            loaded = [row for row in loaded if row.event["id"] not in known]
            known.update(row.event["id"] for row in loaded)
            context += loaded
            outside += loaded
            inside = [row for row in outside if is_in_window(row, windows)]
            outside = [row for row in outside if not is_in_window(row, windows)]
        return context, windows

    def _find_colleagues(self, rows, windows):
        """Return the windows that grow because pay looks at a team or a branch.

        Whoever sold in the same team or branch within the period has to be known, and
        is paid by it, whatever their own plan says; so are the managers and specialists
        of its deals. Nothing is asked where no plan
        looks at teams or branches.

        :return: (first day, last day) by employee id
        """
        wider = {}
        for kind, spans in self._get_subject_spans(rows).items():
            for employee_id, subject in self._find_earners(kind, spans):
                add_days(wider, windows, employee_id, spans[subject])
        return wider

    def _get_subject_spans(self, rows):
        """Return the days to know of teams and branches: by kind, by id."""
        spans = defaultdict(dict)
        for kind, period in self._get_subject_periods():
            for row in rows:
                for day, company_id in row.places:
                    subject = row.event.get("team_id") if kind == "team" else company_id
                    if subject:
                        year_start = self.calendar.year_start(company_id)
                        window = period_of(day, period, year_start)
                        known = spans[kind].get(subject, window)
                        spans[kind][subject] = span(known, window)
        return spans

    def get_currencies(self, rows):
        """Return the currencies in which people's periods are looked at.

        Mostly one, then nothing is converted: somebody who moved to a company of another
        currency is limited, and measured, by the plans of both. Where plans look at teams
        or branches, everybody's money counts in all currencies.

        :return: sets of res.currency by employee id
        """
        of_person = defaultdict(set)
        for row in rows:
            of_person[row.employee_id].add(self.calendar.currency(row.company_id))
        everything = set().union(*of_person.values())
        if len(everything) > 1 and self._get_subject_periods():
            return dict.fromkeys(of_person, everything)
        return of_person

    def _get_subject_periods(self):
        """Return what plans in force look at beside the person: (kind, period)."""
        return {(kind, rule.tier_period) for kind, rule in self._get_subject_rules()}

    def _get_subject_rules(self):
        """Return the rules that look at a team or a branch: (kind, rule)."""
        if self._subject_rules is None:
            plans = self._plans.get_plans(self.calendar.all_plan_ids)
            self._subject_rules = [
                (kind, rule)
                for plan in plans.values()
                for rule in plan.rules
                if rule.tier_mode != "none"
                and (kind := MEASURES[rule.tier_measure].whose)
            ]
        return self._subject_rules

    def _find_earners(self, kind, spans):
        """Return who sold in teams or branches, or is paid by what they reach.

        :param spans: (first day, last day) by id of the team or branch
        :return: pairs of employee and subject
        """
        days = reduce(span, spans.values())
        roles = list(
            {"sales", *(rule.role for _kind, rule in self._get_subject_rules())}
        )
        if kind == "team":
            return self.env["hr.commission.event"]._find_team_earners(
                list(spans), roles, *days
            )
        return self.env.execute_query(
            SQL(
                """SELECT DISTINCT employee_id, company_id FROM hr_commission_credit
                    WHERE company_id = ANY(%s) AND role = ANY(%s)
                      AND COALESCE(date_basis, date) BETWEEN %s AND %s""",
                list(spans),
                roles,
                *days,
            )
        )

    def _get_employee_companies(self, rows):
        """Return the companies whose plans pay these employees, by employee id.

        Somebody who changed the branch has credits of both in one period. Where one
        company makes the plans for all, nobody needs to be looked up. One index scan
        for each employee, see :meth:`find_events`.
        """
        companies = defaultdict(set)
        if not (rows and self.calendar.has_plans_of_branches):
            return companies
        places = [place for row in rows for place in row.places]
        days = [day for day, _company_id in places]
        year_starts = {self.calendar.year_start(each) for _day, each in places}
        for employee_id, company_id in self.env.execute_query(
            SQL(
                """SELECT asked.employee_id, place.company_id
                     FROM unnest(%s::int[]) AS asked(employee_id)
               CROSS JOIN LATERAL (
                          SELECT DISTINCT company_id FROM hr_commission_credit
                           WHERE employee_id = asked.employee_id
                             AND date BETWEEN %s AND %s OFFSET 0) place""",
                list({row.employee_id for row in rows}),
                min(period_start(min(days), "year", each) for each in year_starts),
                max(period_of(max(days), "year", each)[1] for each in year_starts),
            )
        ):
            companies[employee_id].add(company_id)
        return companies

    def find_events(self, windows):
        """Return the ids of the events that credit employees within their windows.

        An index scan for each employee, whatever the statistics of the table say: a
        join was planned as a nested loop over all credits while they were old.

        :param windows: (first day, last day) by employee id
        :rtype: set[int]
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT member.event_id
                     FROM unnest(%s, %s, %s) AS period(employee_id, date_from, date_to)
               CROSS JOIN LATERAL (
                          SELECT credit.event_id FROM hr_commission_credit credit
                           WHERE credit.employee_id = period.employee_id
                             AND (credit.date BETWEEN period.date_from
                                                  AND period.date_to
                                  OR credit.date_basis BETWEEN period.date_from
                                                           AND period.date_to)
                          OFFSET 0) member""",
                list(windows),
                [start for start, _end in windows.values()],
                [end for _start, end in windows.values()],
            )
        )
        return {event_id for (event_id,) in rows} - self._ignored_ids


def is_in_window(row, windows):
    """Whether a credit counts on a day within its employee's window."""
    window = windows.get(row.employee_id)
    return window and window[0] <= row.day <= window[1]
