# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The part of their periods that targets are for: joiners, leavers, absences, ramps."""

from collections import defaultdict
from decimal import Decimal

from odoo.tools import SQL

from ..engine.facts import CENT, HUNDRED, ONE, ZERO
from ..engine.measures import MEASURES
from ..engine.periods import ONE_DAY
from ..engine.rounding import round_half_up, to_decimal
from .contract_days import Contracts, read_ramp

#: ways in proportion that leave out days without pay
PRESENT = ("present", "working_time")
#: whether somebody else than the person has entered an absence, by whatever login
BY_OTHERS = """
    NOT EXISTS (SELECT FROM hr_commission_person own
                 WHERE own.employee_ref = employee.id
                   AND own.user_ref IN (away.create_uid, away.write_uid))
"""


class TargetDays:
    """Weighs the days of targets of employees, loaded in sets.

    :param targets: hr.commission.target; those of teams and branches are whole
    """

    def __init__(self, targets):
        self.env = targets.env(su=True)  # contracts and absences are for HR
        self._targets = targets.filtered(
            lambda target: (
                target.employee_id
                and target.date_to
                and (target.bonus or target.job_id or not _is_whole(target))
                and (target.proration != "none" or target.ramp or target.job_id)
            )
        )
        if not self._targets:
            return
        people = self._targets.employee_id.ids
        self._contracts = Contracts(self.env, people)
        dated = self._targets.filtered(
            lambda target: target.job_id or target.proration == "working_time"
        )
        self._versions = self._read_versions(dated.employee_id.ids)
        present = self._targets.filtered(lambda target: target.proration in PRESENT)
        self._absent = self._read_absences(present)

    def get_amounts(self):
        """Return what each target comes to, by id; those that are whole are left out.

        :rtype: dict[int, Decimal]
        """
        return {
            target.id: self._get_part(
                target,
                target.amount,
                read_ramp(self.env, target.ramp),
                to_decimal(target.money_id.rounding) or CENT,
            )
            for target in self._targets
            if not _is_whole(target)
        }

    def get_bonuses(self):
        """Return what target bonuses come to, by id; those that are whole are left out.

        By the days of the target, and not by its ramp.

        :rtype: dict[int, Decimal]
        """
        return {
            target.id: self._get_part(
                target, target.bonus, (), to_decimal(target.currency_id.rounding)
            )
            for target in self._targets
            if target.bonus
        }

    def get_share(self, target_id):
        """Return the part of a target that its days leave, not rounded.

        The ramp lowers what makes a target up, not the target that it makes up.
        """
        target = self._targets.filtered(lambda each: each.id == target_id)
        if not target:
            return ONE
        percents = () if _is_whole(target) else read_ramp(self.env, target.ramp)
        weights, count = self._sum_weights(target, percents)
        return weights / count

    def _get_part(self, target, amount, percents, step):
        """Return the part of an amount that the days of the target leave.

        :param percents: of its ramp, by month
        """
        weights, count = self._sum_weights(target, percents)
        return round_half_up(to_decimal(amount) * weights / count, step)

    def _sum_weights(self, target, percents):
        """Return what the days of a target weigh together, and how many they are."""
        count = (target.date_to - target.date_from).days + 1
        days = (target.date_from + number * ONE_DAY for number in range(count))
        return sum((self._weigh(target, day, percents) for day in days), ZERO), count

    def _weigh(self, target, day, percents):
        """Return how much a day of a target counts, 1 for a whole one."""
        employee_id = target.employee_id.id
        is_away = target.proration in PRESENT and day in self._absent[employee_id]
        has_contract = target.proration == "none" or self._contracts.cover(
            employee_id, day
        )
        job_id, working_time = self._get_version(employee_id, day)
        has_job = not target.job_id or job_id == target.job_id.id
        if is_away or not has_contract or not has_job:
            return ZERO
        weight = working_time if target.proration == "working_time" else ONE
        month = self._contracts.get_month(employee_id, day)
        if not percents or month is None or month >= len(percents):
            return weight
        return weight * percents[max(month, 0)] / HUNDRED

    # ------------------------------------------------------------------
    # Loading
    # ------------------------------------------------------------------

    def _read_versions(self, employee_ids):
        """Return since when who has which job and working time, the latest first.

        The working time is a part of that of a full-time week, 1 where none is known.
        """
        versions = defaultdict(list)
        if not employee_ids:
            return versions
        self.env["hr.version"].flush_model(
            ["employee_id", "date_version", "job_id", "resource_calendar_id"]
        )
        self.env["resource.calendar"].flush_model(
            ["hours_per_week", "full_time_required_hours"]
        )
        for employee_id, start, job_id, hours, full_time in self.env.execute_query(
            SQL(
                """SELECT version.employee_id, version.date_version, version.job_id,
                          calendar.hours_per_week::text,
                          NULLIF(calendar.full_time_required_hours, 0)::text
                     FROM hr_version version
                LEFT JOIN resource_calendar calendar
                       ON calendar.id = version.resource_calendar_id
                    WHERE version.employee_id = ANY(%s) AND version.active
                    ORDER BY version.employee_id, version.date_version DESC""",
                employee_ids,
            )
        ):
            is_known = hours and full_time
            working_time = Decimal(hours) / Decimal(full_time) if is_known else ONE
            versions[employee_id].append((start, job_id, working_time))
        return versions

    def _get_version(self, employee_id, day):
        """Return job and working time of a day; before the first record its own hold."""
        versions = self._versions.get(employee_id) or [(day, None, ONE)]
        found = next((each for each in versions if each[0] <= day), versions[-1])
        return found[1:]

    def _read_absences(self, targets):
        """Return the days on which people are away without pay, by employee id.

        Where time off is managed, its type says what is unpaid; without that every
        absence is that somebody else entered for the person: Odoo lets everybody enter
        their own, and a smaller target pays sooner.
        """
        absent = defaultdict(set)
        if not targets:
            return absent
        self.env["resource.calendar.leaves"].flush_model()
        unpaid = SQL("TRUE")
        by_others = SQL(BY_OTHERS)
        if "hr.leave" in self.env:
            self.env["hr.leave"].flush_model(["holiday_status_id"])
            self.env["hr.leave.type"].flush_model(["unpaid"])
            unpaid = SQL(
                """(away.holiday_id IS NULL OR EXISTS (
                        SELECT 1 FROM hr_leave
                          JOIN hr_leave_type type ON type.id = holiday_status_id
                         WHERE hr_leave.id = away.holiday_id AND type.unpaid))"""
            )
            by_others = SQL("(away.holiday_id IS NOT NULL OR %s)", by_others)
        for employee_id, first, last in self.env.execute_query(
            SQL(
                """SELECT employee.id,
                          (away.date_from AT TIME ZONE 'UTC'
                               AT TIME ZONE COALESCE(resource.tz, 'UTC'))::date,
                          (away.date_to AT TIME ZONE 'UTC'
                               AT TIME ZONE COALESCE(resource.tz, 'UTC'))::date
                     FROM resource_calendar_leaves away
                     JOIN resource_resource resource ON resource.id = away.resource_id
                     JOIN hr_employee employee ON employee.resource_id = resource.id
                    WHERE employee.id = ANY(%s) AND away.time_type = 'leave'
                      AND away.date_from <= %s AND away.date_to >= %s AND %s
                      AND %s""",
                targets.employee_id.ids,
                max(targets.mapped("date_to")) + 2 * ONE_DAY,
                min(targets.mapped("date_from")) - 2 * ONE_DAY,
                unpaid,
                by_others,
            )
        ):
            days = range((last - first).days + 1)
            absent[employee_id].update(first + number * ONE_DAY for number in days)
        return absent


def _is_whole(target):
    """Whether days make no difference: parts are in proportion, not what they make up;
    and of them no score, which is judged by the days somebody was there.
    """
    measure = MEASURES[target.measure]
    return measure.is_weighted or (measure.is_given and bool(target.whole_id))
