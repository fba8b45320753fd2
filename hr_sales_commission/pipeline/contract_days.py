"""Which days contracts cover: what draws, guarantees and targets are in proportion to."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation

from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine.facts import HUNDRED, ONE, ZERO
from ..engine.rounding import round_half_up, to_decimal
from .payout_calendar import PayoutCalendar

DAYS_OF_WEEK = Decimal(7)
ONE_DAY = timedelta(days=1)


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

    def get_month(self, employee_id, day):
        """Return in which month of the first contract a day is, 0 for the first.

        :return: None without a contract start, below zero before it
        """
        starts = [start for start, _end in self._spans.get(employee_id, ()) if start]
        if not starts:
            return None
        first = min(starts)
        return 12 * (day.year - first.year) + day.month - first.month


class ContractDays:
    """The days of one month that employees are under contract.

    :param employees: hr.employee
    """

    def __init__(self, env, employees, date_from, date_to):
        self.env = env
        self._calendar = PayoutCalendar(env)
        self._days = [
            date_from + number * ONE_DAY
            for number in range((date_to - date_from).days + 1)
        ]
        self._contracts = Contracts(env, employees.ids)

    def get_share(self, employee, company, working_days_only=False):
        """Return the part of the month that the contract covers, 0 to 1.

        :param working_days_only: only the working days of the company count
        """
        days = self._days
        if working_days_only:
            working = self._calendar.get_working_days(company.id, days[0].year)
            days = [day for day in days if day in working] or days
        covered = sum(self._contracts.cover(employee.id, day) for day in days)
        return Decimal(covered) / len(days)

    def get_draw_terms(self, plan, employee, company):
        """Return what a month pays at least and at most, for ``settle`` of the engine.

        :param plan: hr.commission.plan
        """
        share = ONE
        if plan.draw_prorata and (plan.draw_amount or plan.guaranteed_minimum):
            share = self.get_share(employee, company, plan.draw_working_days)
        month = self._contracts.get_month(employee.id, self._days[0])
        return draw_terms(
            plan, company.currency_id, len(self._days), share=share, month=month
        )


def draw_terms(plan, currency, days, *, share=ONE, month=None):
    """Return what a month pays at least and at most, for ``settle`` of the engine.

    :param plan: hr.commission.plan
    :param int days: of the month
    :param share: the part of the month under contract, 0 to 1
    :param month: which month of the contract it is, from 0 on; None: not known
    """
    step = Decimal(repr(currency.rounding))
    draw = to_decimal(plan.draw_amount) * share * _ramp(plan, month)
    if plan.draw_period == "week":
        draw = draw * days / DAYS_OF_WEEK
    return {
        "draw": round_half_up(draw, step),
        "is_recoverable": plan.is_draw_recoverable,
        "minimum": round_half_up(to_decimal(plan.guaranteed_minimum) * share, step),
        "recovery_max": to_decimal(plan.draw_recovery_max)
        if plan.draw_recovery_max
        else None,
        "most": plan._get_monthly_most(),
    }


def _ramp(plan, month):
    """Return the part of the draw in a month of the contract, 1 without ramp."""
    percents = plan._get_draw_ramp()
    if not percents or month is None:
        return ONE
    return percents[month] / HUNDRED if 0 <= month < len(percents) else ZERO
