# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Draws and guarantees that people have of their own, from day to day."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.tools import SQL

#: fields of a dated employee record that say what somebody is promised
FIELDS = (
    "commission_draw_amount",
    "commission_draw_period",
    "commission_draw_from",
    "commission_draw_until",
    "commission_draw_ramp",
    "commission_draw_recoverable",
    "commission_guaranteed_minimum",
)


@dataclass(frozen=True, slots=True)
class OwnDraw:
    """What one person is promised, in the place of what the plan promises.

    :param draw, minimum: of a whole month; a weekly draw of a whole week
    :param date_from: its ramp counts months from this day on, None: from the contract
    """

    draw: Decimal
    is_weekly: bool
    date_from: date | None
    date_until: date | None
    ramp: str
    is_recoverable: bool
    minimum: Decimal

    def holds(self, day):
        """Whether it is promised for a day."""
        is_begun = not self.date_from or self.date_from <= day
        return is_begun and not (self.date_until and self.date_until < day)


class OwnDraws:
    """The draws that the dated records of employees name; one query for all."""

    def __init__(self, env, employee_ids):
        env["hr.version"].flush_model(["employee_id", "date_version", *FIELDS])
        self._versions = defaultdict(lambda: ([], []))
        for employee_id, start, *values in env.execute_query(
            SQL(
                """SELECT employee_id, date_version, %s FROM hr_version
                    WHERE employee_id = ANY(%s) AND active
                    ORDER BY employee_id, date_version""",
                SQL(", ").join(
                    SQL("%s::text", SQL.identifier(name))
                    if name.endswith(("amount", "minimum"))
                    else SQL.identifier(name)
                    for name in FIELDS
                ),
                employee_ids,
            )
        ):
            days, draws = self._versions[employee_id]
            days.append(start)
            draws.append(_read(*values))

    def get(self, employee_id, day):
        """Return what somebody is promised on a day, None: what the plan says."""
        if employee_id not in self._versions:
            return None
        days, draws = self._versions[employee_id]
        number = bisect_right(days, day) - 1
        draw = draws[number] if number >= 0 else None
        return draw if draw and draw.holds(day) else None

    def get_days(self, employee_id, days):
        """Return what somebody is promised, by those of some days that have it."""
        _starts, draws = self._versions.get(employee_id, ((), ()))
        if not any(draws):
            return {}
        return {day: own for day in days if (own := self.get(employee_id, day))}


def _read(amount, period, date_from, date_until, ramp, is_recoverable, minimum):
    draw, minimum = Decimal(amount or 0), Decimal(minimum or 0)
    if not draw and not minimum:
        return None
    return OwnDraw(
        draw,
        period == "week",
        date_from,
        date_until,
        ramp or "",
        bool(is_recoverable),
        minimum,
    )
