"""Due dates by the payout terms of rules, plans and the companies' working days."""

from bisect import bisect_right
from datetime import datetime, time, timedelta

import pytz

from ..engine.payout import due_date


class PayoutCalendar:
    """Knows the working days of companies; loads each company's calendar once.

    :param date_from: first day a payout is counted from
    :param date_to: last day a payout is counted from
    :param max_days: most working days that are added
    """

    def __init__(self, env, date_from, date_to, max_days):
        self.env = env
        self.date_from = date_from
        # a working day a week at least, and a month of holidays
        self.date_to = date_to + timedelta(days=7 * max_days + 31)
        self._working_days = {}

    def due_date(self, rule, company_id, day):
        """Return from which day on a commission earned on a day may be paid.

        :param rule: hr.commission.rule
        """
        terms = rule if rule.payout else rule.plan_id
        return due_date(
            day,
            terms.payout,
            terms.payout_days,
            lambda start, days: self._add_working_days(company_id, start, days),
        )

    def _add_working_days(self, company_id, day, count):
        """Return the count-th working day after a day; the day itself for 0."""
        if not count:
            return day
        working_days = self._get_working_days(company_id)
        position = bisect_right(working_days, day) + count - 1
        if position < len(working_days):
            return working_days[position]
        return day + timedelta(days=count)  # a calendar without working days

    def _get_working_days(self, company_id):
        if company_id not in self._working_days:
            self._working_days[company_id] = self._load_working_days(company_id)
        return self._working_days[company_id]

    def _load_working_days(self, company_id):
        company = self.env["res.company"].sudo().browse(company_id)
        calendar = company.resource_calendar_id
        if not calendar:
            return self._weekdays()
        zone = pytz.timezone(calendar.tz or "UTC")
        start, end = (
            zone.localize(datetime.combine(day, moment))
            for day, moment in ((self.date_from, time.min), (self.date_to, time.max))
        )
        intervals = calendar._work_intervals_batch(start, end)[False]
        return sorted({begin.astimezone(zone).date() for begin, _end, _meta in intervals})

    def _weekdays(self):
        days = (self.date_to - self.date_from).days
        every_day = (self.date_from + timedelta(days=n) for n in range(days + 1))
        return [day for day in every_day if day.weekday() < 5]
