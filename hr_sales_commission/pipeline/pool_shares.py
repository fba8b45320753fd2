# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What each member of a pool is due of an event, by the key of the pool."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ..engine.facts import ONE
from .whole_documents import OF_WHOLE_DOCUMENT

#: how many days before an event a member's own result is looked at
RESULT_DAYS = 90

#: what :data:`WON_BY_MEMBERS` reads of records
READ_BY_RESULTS = {
    "crm.lead": ["date_won", "won_amount", "user_id", "marketer_id"],
    "crm.lead.share": ["lead_id", "employee_id", "role", "percent"],
    "hr.employee": ["user_id"],
}
#: one person's deal counts once, also to whoever both brought and sold it
WON_BY_MEMBERS = """
      WITH shares AS (
           SELECT lead_id, employee_id, percent::numeric FROM crm_lead_share
            WHERE employee_id = ANY(%(members)s) AND role IN ('sales', 'marketing'))
    SELECT employee_id, date, SUM(amount)::text
      FROM (SELECT credit.employee_id, credit.date, MAX(credit.amount) AS amount
              FROM hr_commission_credit credit
              JOIN hr_commission_event event
                ON event.id = credit.event_id AND event.event_type = 'deal_won'
               AND %(of_whole_document)s
             WHERE credit.employee_id = ANY(%(members)s)
               AND credit.date BETWEEN %(first)s AND %(last)s
               AND credit.role IN ('sales', 'marketing') AND credit.pool_id IS NULL
             GROUP BY credit.event_id, credit.employee_id, credit.date
             UNION ALL
            SELECT part.employee_id, lead.date_won,
                   MAX(lead.won_amount * part.percent / 100)
              FROM crm_lead lead
        CROSS JOIN LATERAL (
                   SELECT employee_id, percent FROM shares WHERE lead_id = lead.id
                UNION ALL
                   SELECT employee.id, 100 FROM hr_employee employee
                    WHERE employee.user_id = lead.user_id AND NOT EXISTS (
                          SELECT FROM crm_lead_share share
                           WHERE share.lead_id = lead.id AND share.role = 'sales')
                UNION ALL
                   SELECT lead.marketer_id, 100
                    WHERE NOT EXISTS (
                          SELECT FROM crm_lead_share share
                           WHERE share.lead_id = lead.id
                             AND share.role = 'marketing')
                   ) part
             WHERE part.employee_id = ANY(%(members)s)
               AND (lead.user_id IN (SELECT user_id FROM hr_employee
                                      WHERE id = ANY(%(members)s))
                    OR lead.marketer_id = ANY(%(members)s)
                    OR lead.id IN (SELECT lead_id FROM shares))
               AND lead.date_won BETWEEN %(first)s AND %(last)s
               AND NOT EXISTS (
                   SELECT FROM hr_commission_event event
                     JOIN hr_commission_credit credit ON credit.event_id = event.id
                    WHERE event.event_type = 'deal_won'
                      AND event.res_model = 'crm.lead' AND event.res_id = lead.id)
             GROUP BY lead.id, part.employee_id, lead.date_won
           ) won
     GROUP BY employee_id, date"""


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool as the pipeline knows it, see ``hr.commission.pool``.

    :param takes_all: it fills the role also where the deal names somebody
    :param shares: of the key ``fixed``: (employee id, percentage)
    """

    id: int
    name: str
    company_id: int
    role: str
    takes_all: bool
    key: str
    member_ids: tuple[int, ...]
    department_id: int | None
    shares: tuple[tuple[int, float], ...]
    date_from: date | None = None


class PoolShares:
    """Weighs the members of pools on days, loaded in sets.

    A key is a method ``_weigh_by_<key>`` that returns weights by member, with the
    arguments of :meth:`get` and who of the pool is there; addons add theirs to the
    choices of ``hr.commission.pool.key``.

    :param env: of the superuser
    :param pools: Pool
    :param days: the days of the events
    """

    def __init__(self, env, pools, days):
        self.env = env
        self._days = sorted(days)
        self._departments = {
            pool.department_id: self._get_departments(pool.department_id)
            for pool in pools
            if pool.department_id
        }
        self._load_versions(pools)
        members = list(self._versions)
        keys = {pool.key for pool in pools}
        self._hours = self._read_hours(members) if "hours" in keys else {}
        self._results = self._read_results(members) if "result" in keys else {}
        self._found = {}

    def get(self, pool, day, since=None):
        """Return what each member weighs on a day; nobody weighs zero.

        :param date since: first day of the period that is shared out, None: the event is
            of the day alone
        :rtype: dict[int, Decimal]
        """
        key = pool.id, day, since
        if key not in self._found:
            self._found[key] = self._weigh(pool, day, since)
        return self._found[key]

    def _weigh(self, pool, day, since):
        members = [
            member for member in self._get_candidates(pool) if self._is_in(member, day)
        ]
        if pool.department_id and not pool.member_ids:
            departments = self._departments[pool.department_id]
            members = [
                member
                for member in members
                if self._get_version(member, day)["department_id"] in departments
            ]
        weights = getattr(self, f"_weigh_by_{pool.key}")(pool, members, day, since)
        weights = {member: weight for member, weight in weights.items() if weight > 0}
        return weights or dict.fromkeys(members, ONE)

    def _get_candidates(self, pool):
        if pool.key == "fixed":
            return [employee_id for employee_id, _percent in pool.shares]
        return pool.member_ids or self._versions

    # ------------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------------

    def _weigh_by_equal(self, pool, members, day, since):
        return dict.fromkeys(members, ONE)

    def _weigh_by_fixed(self, pool, members, day, since):
        return {
            employee_id: Decimal(repr(percent))
            for employee_id, percent in pool.shares
            if employee_id in members
        }

    def _weigh_by_wage(self, pool, members, day, since):
        return {
            member: Decimal(self._get_version(member, day)["wage"] or 0)
            for member in members
        }

    def _weigh_by_hours(self, pool, members, day, since):
        """Of the period that is shared out, else of the month before the day."""
        month = day.replace(day=1)
        last = day if since else month - timedelta(days=1)
        first = since or month - relativedelta(months=1)
        attended = {
            member: sum(
                (hours for on, hours in self._hours[member] if first <= on <= last),
                Decimal(0),
            )
            for member in members
        }
        if any(attended.values()):
            return attended
        return {
            member: Decimal(self._get_version(member, day)["week_hours"] or 0)
            for member in members
        }

    def _weigh_by_result(self, pool, members, day, since):
        """Of the period that is shared out, else of the days before."""
        first = since or day - timedelta(days=RESULT_DAYS)
        return {
            member: sum(
                (won for on, won in self._results[member] if first <= on <= day),
                Decimal(0),
            )
            for member in members
        }

    # ------------------------------------------------------------------
    # Loading
    # ------------------------------------------------------------------

    def _get_departments(self, department_id):
        departments = self.env["hr.department"].with_context(active_test=False)
        return set(departments.search([("id", "child_of", department_id)]).ids)

    def _load_versions(self, pools):
        """Load the dated records of everybody who may be a member."""
        named = {
            member
            for pool in pools
            for member in (*pool.member_ids, *(each for each, _part in pool.shares))
        }
        self.env["hr.version"].flush_model()
        self.env["resource.calendar"].flush_model(["hours_per_week"])
        departments = set().union(*self._departments.values())
        self._versions = defaultdict(list)
        for row in self.env.execute_query_dict(
            SQL(
                """SELECT version.employee_id, version.date_version,
                          version.department_id, version.wage::text,
                          version.contract_date_start, version.contract_date_end,
                          version.departure_date, calendar.hours_per_week::text
                              AS week_hours
                     FROM hr_version version
                LEFT JOIN resource_calendar calendar
                       ON calendar.id = version.resource_calendar_id
                    WHERE version.active AND (
                          version.employee_id = ANY(%s)
                       OR version.employee_id IN (
                              SELECT other.employee_id FROM hr_version other
                               WHERE other.department_id = ANY(%s) AND other.active))
                    ORDER BY version.employee_id, version.date_version DESC""",
                list(named),
                list(departments),
            )
        ):
            self._versions[row["employee_id"]].append(row)

    def _get_version(self, employee_id, day):
        versions = self._versions[employee_id]
        return next(
            (each for each in versions if each["date_version"] <= day), versions[-1]
        )

    def _is_in(self, employee_id, day):
        """Whether somebody is employed on a day, as far as the records say."""
        if not self._versions.get(employee_id):
            return False
        version = self._get_version(employee_id, day)
        start, end = version["contract_date_start"], version["contract_date_end"]
        left = version["departure_date"]
        return not (
            (start and start > day) or (end and end < day) or (left and left < day)
        )

    def _read_hours(self, members):
        """Return the hours attended by member: pairs of day and hours."""
        hours = defaultdict(list)
        if "hr.attendance" not in self.env or not self._days:
            return hours
        self.env["hr.attendance"].flush_model(["employee_id", "date", "worked_hours"])
        for member, day, worked in self.env.execute_query(
            SQL(
                """SELECT employee_id, date, SUM(worked_hours)::text
                     FROM hr_attendance  -- its date is the local day
                    WHERE employee_id = ANY(%s) AND date BETWEEN %s AND %s
                    GROUP BY 1, 2""",
                members,
                self._days[0].replace(day=1) - relativedelta(months=1),
                self._days[-1],
            )
        ):
            hours[member].append((day, Decimal(worked or 0)))
        return hours

    def _read_results(self, members):
        """Return the deals that members sold or brought: pairs of day and amount.

        As credited, whoever has the lead by now; by the lead where the win is not yet
        recorded.
        """
        results = defaultdict(list)
        if not self._days:
            return results
        for model, names in READ_BY_RESULTS.items():
            self.env[model].flush_model(names)
        first = self._days[0] - timedelta(days=RESULT_DAYS)
        for member, day, amount in self.env.execute_query(
            SQL(
                WON_BY_MEMBERS,
                of_whole_document=OF_WHOLE_DOCUMENT,
                members=members,
                first=first,
                last=self._days[-1],
            )
        ):
            results[member].append((day, Decimal(amount or 0)))
        return results
