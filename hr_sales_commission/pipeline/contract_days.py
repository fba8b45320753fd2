# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which days contracts cover: what draws, guarantees and targets are in proportion to."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine.facts import HUNDRED, ONE, ZERO, YearStart
from ..engine.periods import ONE_DAY, period_start
from ..engine.rounding import round_half_up, to_decimal
from .own_draws import OwnDraws
from .payout_calendar import PayoutCalendar

DAYS_OF_WEEK = Decimal(7)


def read_ramp(env, text):
    """Return percentages by month of a contract, as ``25, 50, 75, 100``.

    :rtype: list[Decimal]
    :raises ValidationError: naming what cannot be read
    """
    texts = [each.strip(" %") for each in (text or "").split(",")]
    try:
        percents = [Decimal(each) for each in texts if each]
    except InvalidOperation:
        percents = [Decimal(-1)]
    if any(not 0 <= percent <= 1000 for percent in percents):
        raise ValidationError(
            env._(
                "“%(text)s” is no list of percentages by month. Write for example "
                "100, 75, 50, 25.",
                text=text,
            )
        )
    return percents


class Contracts:
    """The contracts of employees; one query for all.

    Somebody without a contract start is there from ever, and until the day of
    departure, if there is one.
    """

    def __init__(self, env, employee_ids):
        env["hr.version"].flush_model(
            [
                "employee_id",
                "contract_date_start",
                "contract_date_end",
                "departure_date",
            ]
        )
        self._spans = {}
        for employee_id, start, end in env.execute_query(
            SQL(
                """SELECT employee.id, version.contract_date_start,
                          LEAST(version.contract_date_end, (
                              SELECT MAX(gone.departure_date) FROM hr_version gone
                               WHERE gone.employee_id = employee.id))
                     FROM hr_employee employee
                LEFT JOIN hr_version version
                       ON version.employee_id = employee.id AND version.active
                      AND version.contract_date_start IS NOT NULL
                    WHERE employee.id = ANY(%s)""",
                employee_ids,
            )
        ):
            self._spans.setdefault(employee_id, []).append((start, end))

    def cover(self, employee_id, day):
        """Return whether an employee is under contract on a day."""
        return any(
            (start is None or start <= day) and (end is None or day <= end)
            for start, end in self._spans.get(employee_id, ())
        )

    def cover_days(self, employee_id, days):
        """Return those of some days on which an employee is under contract.

        :rtype: set[date]
        """
        if (None, None) in self._spans.get(employee_id, ()):
            return set(days)
        return {day for day in days if self.cover(employee_id, day)}

    @cached_property
    def starts(self):
        """The first day of the first contract by employee id, of those who have one."""
        return {
            employee_id: min(starts)
            for employee_id, spans in self._spans.items()
            if (starts := [start for start, _end in spans if start])
        }

    def get_month(self, employee_id, day):
        """Return in which month of the first contract a day is, 0 for the first.

        :return: None without a contract start, below zero before it
        """
        start = self.starts.get(employee_id)
        return None if start is None else months_from(start, day)


@dataclass(frozen=True, slots=True)
class HeldPlans:
    """The plans that hold for somebody in a month.

    :param last: the one at its end; empty if none holds
    :param by_plan: pairs of a plan and its days
    :param Decimal weekly_cap: what the weeks' caps of the days come to, None without one
    """

    last: object
    by_plan: list
    weekly_cap: Decimal | None


class ContractDays:
    """The days of one month that employees are under contract.

    :param employees: hr.employee
    :param get_wanted: function (employee id, day) → id of the plan of somebody's own
    :param find_plan: function (id of a plan of one's own, company id, day) →
        hr.commission.plan, empty if none holds
    """

    def __init__(self, env, employees, month, get_wanted, find_plan):
        self.env = env
        self._get_wanted = get_wanted
        self._find_plan = find_plan
        self._held = {}
        self._calendar = PayoutCalendar(env)
        self._days = days_of_month(month)
        self._contracts = Contracts(env, employees.ids)
        self._own = OwnDraws(env, employees.ids)
        self._employee_ids = employees.ids

    def get_draw_terms(self, employee, company):
        """Return what a month pays at least and at most, for ``Months.settle``.

        Plans that follow each other within the month promise their days of it, where
        the last one goes by days. What the person is promised takes the place of what
        plans promise, on the days for which it is.
        """
        plans = self._get_held(employee, company)
        leaving = self.get_leaving_terms(employee, company)
        draw = PromisedDraw(self._days, company.currency_id)
        own_shares = defaultdict(Decimal)
        for plan, held in plans.by_plan:
            days = self._get_counted_days(plan, company)
            covered = self._contracts.cover_days(employee.id, days)
            mine = self._own.get_days(employee.id, sorted(covered & held))
            is_whole = covered and not plan.draw_prorata  # none outside the contract
            counted = (set(days) if is_whole else covered) & held - set(mine)
            month = self._contracts.get_month(employee.id, self._days[0])
            draw.add_plan(plan, Decimal(len(counted)) / len(days), month)
            for own in mine.values():
                own_shares[own] += ONE / len(days)
        for own, share in own_shares.items():
            month = self._get_month_of(own, employee)
            draw.add_own(self.env, own, share, month)
        return draw.get_terms(plans.last, company, plans.weekly_cap) | leaving

    def get_leaving_terms(self, employee, company):
        """Return what becomes of what somebody owes who has left by the month's end.

        :return: terms of ``Months.settle``, empty where it stays owed
        """
        plan = self._get_held(employee, company).last
        if not plan or plan.leaver_debt == "all":
            return {}
        left_on = self._departures.get(employee.id)
        has_left = left_on and left_on <= self._days[-1]
        return {"leaving": plan.leaver_debt} if has_left else {}

    @cached_property
    def _departures(self):
        # sudo: hr.version - the day of leaving, for human resources
        versions = self.env["hr.version"].sudo()
        return versions._get_departures(self._employee_ids)

    def _get_held(self, employee, company):
        """Return the plans of somebody, found once for all who are in the same place.

        :rtype: HeldPlans
        """
        wanted = tuple(self._get_wanted(employee.id, day) for day in self._days)
        key = wanted, company.id
        if key not in self._held:
            plans = [
                self._find_plan(wanted_id, company.id, day)
                for wanted_id, day in zip(wanted, self._days, strict=True)
            ]
            self._held[key] = HeldPlans(
                plans[-1], self._get_days_by_plan(plans), self._get_weekly_cap(plans)
            )
        return self._held[key]

    def _get_days_by_plan(self, plans):
        """Return pairs of a plan and its days of the month."""
        if plans[-1] and not plans[-1].draw_prorata:
            return [(plans[-1], set(self._days))]
        held = defaultdict(set)
        for plan, day in zip(plans, self._days, strict=True):
            held[plan].add(day)
        return list(held.items())

    def _get_counted_days(self, plan, company):
        """Return the days of the month that a plan goes by."""
        if not (plan.draw_prorata and plan.draw_working_days):
            return self._days
        working = self._calendar.get_working_days(company.id, self._days[0].year)
        return [day for day in self._days if day in working] or self._days

    def _get_month_of(self, own, employee):
        """Return which month of what a person is promised it is, from 0 on."""
        if own.date_from:
            return months_from(own.date_from, self._days[0])
        return self._contracts.get_month(employee.id, self._days[0])

    @staticmethod
    def _get_weekly_cap(plans):
        """Return what the weeks' caps of the month's days come to, None without one."""
        last_cap = _get_cap_of_week(plans[-1])
        if not last_cap:
            return None
        caps = (_get_cap_of_week(plan) or last_cap for plan in plans)
        return sum(caps) / DAYS_OF_WEEK


def _get_cap_of_week(plan):
    """Return the cap of a week that a plan carries on from, None without one."""
    return plan._get_carried_cap() if plan and plan.cap_period == "week" else None


def days_of_month(month):
    """Return the days of the month that begins on a day."""
    count = monthrange(month.year, month.month)[1]
    return [month + number * ONE_DAY for number in range(count)]


def months_from(start, day):
    """Return how many months the month of a day comes after that of another."""
    return 12 * (day.year - start.year) + day.month - start.month


class PromisedDraw:
    """What a month promises, by plan and by person.

    :param days: of the month
    """

    def __init__(self, days, currency):
        self._days = days
        self._step = Decimal(repr(currency.rounding or 0.01))
        self._draw = self._minimum = ZERO
        self._is_recoverable = True

    def add_plan(self, plan, share=ONE, month=None):
        """Promise what a plan does for a part of the month.

        :param month: which month of the contract it is, from 0 on; None: not known
        """
        if plan.draw_amount:
            self._is_recoverable = plan.is_draw_recoverable
        is_weekly = plan.draw_period == "week"
        percents = plan._get_draw_ramp() if plan else ()
        draw = to_decimal(plan.draw_amount) * _ramp(percents, month)
        self._add(draw, is_weekly, to_decimal(plan.guaranteed_minimum), share)

    def add_own(self, env, own, share, month):
        """Promise what a person is promised for a part of the month."""
        if own.draw:
            self._is_recoverable = own.is_recoverable
        draw = own.draw * _ramp(read_ramp(env, own.ramp), month)
        self._add(draw, own.is_weekly, own.minimum, share)

    def _add(self, draw, is_weekly, minimum, share):
        weeks = len(self._days) / DAYS_OF_WEEK if is_weekly else ONE
        self._draw += draw * weeks * share
        self._minimum += minimum * share

    def get_terms(self, plan, company, weekly_cap=None):
        """Return the terms of ``Months.settle``, empty where nothing is promised.

        :param plan: the one that holds at the end of the month
        :param Decimal weekly_cap: what caps of its weeks come to, where they change
        """
        cap = plan._get_carried_cap() if plan else None
        if not plan and not self._draw and not self._minimum:
            return {}
        most = cap
        if cap is not None and plan.cap_period == "week":
            weeks = len(self._days) / DAYS_OF_WEEK
            most = round_half_up(weekly_cap or cap * weeks, self._step)
        period = plan.cap_period if plan.cap_period in ("quarter", "year") else "month"
        # payments are of calendar months
        month = company._get_commission_year_start().month if company else 1
        return {
            "draw": round_half_up(self._draw, self._step),
            "is_recoverable": self._is_recoverable,
            "minimum": round_half_up(self._minimum, self._step),
            "recovery_max": to_decimal(plan.draw_recovery_max)
            if plan.draw_recovery_max
            else None,
            "most": most,
            "least": to_decimal(plan.payout_minimum) if plan.payout_minimum else None,
            "most_since": period_start(self._days[0], period, YearStart(month)),
        }


def _ramp(percents, month):
    """Return the part of a draw in a month, 1 without ramp."""
    if not percents or month is None:
        return ONE
    return percents[month] / HUNDRED if 0 <= month < len(percents) else ZERO
