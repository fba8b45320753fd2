"""Which days of a month contracts cover: what draws and guarantees are paid for."""

from datetime import timedelta
from decimal import Decimal

from odoo.tools import SQL

from ..engine.facts import ONE, ZERO
from ..engine.rounding import round_half_up, to_decimal
from .payout_calendar import PayoutCalendar

HUNDRED = Decimal(100)
DAYS_OF_WEEK = Decimal(7)
ONE_DAY = timedelta(days=1)


class ContractDays:
    """The days of one month that employees are under contract; one query for all.

    Somebody without a contract start is there from ever, and until the day of
    departure, if there is one.

    :param employees: hr.employee
    """

    def __init__(self, env, employees, date_from, date_to):
        self.env = env
        self._calendar = PayoutCalendar(env)
        self._days = [
            date_from + number * ONE_DAY
            for number in range((date_to - date_from).days + 1)
        ]
        self._spans = self._read_spans(employees.ids)

    def _read_spans(self, employee_ids):
        self.env["hr.version"].flush_model(
            [
                "employee_id",
                "contract_date_start",
                "contract_date_end",
                "departure_date",
            ]
        )
        spans = {}
        for employee_id, start, end in self.env.execute_query(
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
            spans.setdefault(employee_id, []).append((start, end))
        return spans

    def _is_covered(self, employee_id, day):
        return any(
            (start is None or start <= day) and (end is None or day <= end)
            for start, end in self._spans.get(employee_id, ())
        )

    def get_share(self, employee, company, working_days_only=False):
        """Return the part of the month that the contract covers, 0 to 1.

        :param working_days_only: only the working days of the company count
        """
        days = self._days
        if working_days_only:
            working = self._calendar.get_working_days(company.id, days[0].year)
            days = [day for day in days if day in working] or days
        covered = sum(self._is_covered(employee.id, day) for day in days)
        return Decimal(covered) / len(days)

    def get_draw_terms(self, plan, employee, company):
        """Return draw, guarantee and recovery of a month, for ``settle`` of the engine.

        :param plan: hr.commission.plan
        """
        step = Decimal(repr(company.currency_id.rounding))
        share = ONE
        if plan.draw_prorata and (plan.draw_amount or plan.guaranteed_minimum):
            share = self.get_share(employee, company, plan.draw_working_days)
        draw = to_decimal(plan.draw_amount) * share * self._get_ramp(plan, employee)
        if plan.draw_period == "week":
            draw = draw * len(self._days) / DAYS_OF_WEEK
        return {
            "draw": round_half_up(draw, step),
            "is_recoverable": plan.is_draw_recoverable,
            "minimum": round_half_up(to_decimal(plan.guaranteed_minimum) * share, step),
            "recovery_max": to_decimal(plan.draw_recovery_max)
            if plan.draw_recovery_max
            else None,
        }

    def _get_ramp(self, plan, employee):
        """Return the part of the draw in this month of the contract, 1 without ramp."""
        percents = plan._get_draw_ramp()
        starts = [start for start, _end in self._spans.get(employee.id, ()) if start]
        if not percents or not starts:
            return ONE
        first, month = min(starts), self._days[0]
        position = 12 * (month.year - first.year) + month.month - first.month
        return percents[position] / HUNDRED if 0 <= position < len(percents) else ZERO
