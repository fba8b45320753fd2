# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Due dates by the payout terms of rules, plans and the companies' working days."""

from datetime import date, datetime, time, timedelta
from functools import partial

import pytz

from odoo.fields import Domain

from ..engine.payout import due_date
from ..engine.periods import ONE_DAY

#: a company that works on no day of this many days counts every day
LONGEST_HOLIDAY = 60


class PayoutCalendar:
    """Knows the working days of companies; loads a company's year when it is needed."""

    def __init__(self, env):
        self.env = env
        self._working_days = {}
        self._terms = {}
        self._due_dates = {}

    def due_date(self, rule, company_id, day):
        """Return from which day on a commission earned on a day may be paid.

        :param rule: hr.commission.rule
        """
        payout, days = self._get_terms(rule)
        key = (payout, days, company_id, day)
        if key not in self._due_dates:
            self._due_dates[key] = due_date(
                day,
                payout,
                days,
                partial(self._add_working_days, company_id),
                self._get_year_start(company_id),
            )
        return self._due_dates[key]

    def _get_terms(self, rule):
        """Return a rule's own payout terms, else those of its plan."""
        if rule.id not in self._terms:
            terms = rule if rule.payout else rule.plan_id
            self._terms[rule.id] = terms.payout, terms.payout_days
        return self._terms[rule.id]

    def award_due_date(self, rule, company_id, award, day=None):
        """Return from which day on an award may be paid, what was held back later.

        :param facts.Award award: what the rule pays
        :param date day: when it happened, if the award counts on another day
        """
        day = day or award.date
        if award.part == "release":
            released_on = award.trace.get("released_on")
            if released_on:
                return max(day, date.fromisoformat(released_on))
            if rule.holdback_until == "date":
                return max(day, rule.holdback_date)
            return day + timedelta(days=rule.holdback_days)
        return self.due_date(rule, company_id, day)

    def _get_year_start(self, company_id):
        # sudo: when the company's year begins
        company = self.env["res.company"].sudo().browse(company_id)
        return company._get_commission_year_start()

    def _add_working_days(self, company_id, day, count):
        """Return the count-th working day after a day; the day itself for 0."""
        without_work = 0
        while count and without_work < LONGEST_HOLIDAY:
            day += ONE_DAY
            if day in self.get_working_days(company_id, day.year):
                count -= 1
                without_work = 0
            else:
                without_work += 1
        return day + count * ONE_DAY

    def get_working_days(self, company_id, year):
        """Return the days of a year on which a company works."""
        key = (company_id, year)
        if key not in self._working_days:
            self._working_days[key] = self._load_working_days(company_id, year)
        return self._working_days[key]

    def _load_working_days(self, company_id, year):
        first, last = date(year, 1, 1), date(year, 12, 31)
        # sudo: the company's working hours
        company = self.env["res.company"].sudo().browse(company_id)
        calendar = company.resource_calendar_id
        zone = company._commission_tz()
        start = zone.localize(datetime.combine(first, time.min))
        end = zone.localize(datetime.combine(last, time.max))
        made_up = self._get_made_up_days(company, zone, start, end)
        if not calendar:
            days = (first + n * ONE_DAY for n in range((last - first).days + 1))
            return {day for day in days if day.weekday() < 5} | made_up
        intervals = calendar._work_intervals_batch(start, end)[False]
        worked = {begin.astimezone(zone).date() for begin, _end, _meta in intervals}
        return worked | made_up

    def _get_made_up_days(self, company, zone, start, end):
        """Return the days off that a company works on all the same."""
        rows = (
            self.env["resource.calendar.leaves"]
            .sudo()  # sudo: whoever computes what is due
            .search_fetch(
                Domain("is_working_day", "=", True)
                & Domain("company_id", "in", (company.id, False))
                & Domain("calendar_id", "in", (company.resource_calendar_id.id, False))
                & Domain(
                    "date_from", "<=", end.astimezone(pytz.utc).replace(tzinfo=None)
                )
                & Domain(
                    "date_to", ">=", start.astimezone(pytz.utc).replace(tzinfo=None)
                ),
                ["date_from", "date_to"],
            )
        )
        days = set()
        for row in rows:
            first, last = (
                pytz.utc.localize(moment).astimezone(zone).date()
                for moment in (row.date_from, row.date_to)
            )
            count = (last - first).days + 1
            days.update(first + number * ONE_DAY for number in range(count))
        return {day for day in days if start.date() <= day <= end.date()}
