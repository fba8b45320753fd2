# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Loads who may be credited for events: people, their managers and their dated records."""

from collections import defaultdict

from odoo.tools import SQL

from .participants import Participants, merge_people


class PeopleLoader:
    """Knows who takes part in events, and what was true of these people on a day.

    :param env: of the superuser
    :param PlanCalendar calendar: how the branch tree hangs together
    """

    def __init__(self, env, calendar):
        self.env = env
        self.calendar = calendar
        self.participants = Participants(env, calendar)
        self._employees = {}
        self._employees_of_user = defaultdict(list)
        self._employee_in_company = {}
        self._former_managers = defaultdict(list)
        self._versions = defaultdict(list)

    def load(self, event_facts, stored=()):
        """Load who may be credited for events; constant in the number of events.

        :param event_facts: rows of ``hr.commission.event._read_facts``
        :param stored: rows of the credits that these events have
        """
        self.participants.load(event_facts)
        self._load_employees(event_facts, get_credited_people(stored))
        self._load_versions()

    def _load_employees(self, event_facts, former_people):
        """Load everybody who may be credited, and their managers upwards."""
        users, people = self.participants.get_people(event_facts)
        self._employee_in_company.clear()
        for employee_id, user_id, company_id, parent_id in self.env.execute_query(
            SQL(
                """WITH RECURSIVE person AS (
                       SELECT id, user_id, company_id, parent_id FROM hr_employee
                        WHERE user_id = ANY(%s) OR id = ANY(%s)
                       UNION
                       SELECT boss.id, boss.user_id, boss.company_id, boss.parent_id
                         FROM person
                         JOIN LATERAL (
                              SELECT person.parent_id AS id
                           UNION ALL
                              SELECT manager_id FROM hr_commission_manager former
                               WHERE former.employee_id = person.id) above ON TRUE
                         JOIN hr_employee boss ON boss.id = above.id
                   )
                   SELECT id, user_id, company_id, parent_id FROM person ORDER BY id""",
                list(users),
                list(people | former_people),
            )
        ):
            self._employees[employee_id] = (user_id, company_id, parent_id)
            if user_id:
                self._employees_of_user[user_id].append(employee_id)
        Manager = self.env["hr.commission.manager"]
        for employee_id, manager_id, day in Manager._read_history(self._employees):
            self._former_managers[employee_id].append((day, manager_id))

    def _load_versions(self):
        """Load since when who was in which department, or under a plan of their own."""
        self._versions.clear()
        for employee_id, start, department_id, plan_id in self.env.execute_query(
            SQL(
                """SELECT employee_id, date_version, department_id, commission_plan_id
                     FROM hr_version WHERE employee_id = ANY(%s) AND active
                    ORDER BY employee_id, date_version DESC""",
                list(self._employees),
            )
        ):
            self._versions[employee_id].append((start, department_id, plan_id))

    def load_missing(self, rows):
        """Load the dated records of people met only in the context of credits."""
        missing = {row.employee_id for row in rows} - self._employees.keys()
        self._employees.update(dict.fromkeys(missing, (None, None, None)))
        if missing:
            self._load_versions()

    def get_employee(self, employee_id):
        """Return (user, company, manager) of somebody today, None if not loaded."""
        return self._employees.get(employee_id)

    def get_version(self, employee_id, day):
        """Return (department, personal plan) of an employee on a day.

        Before the first record its department holds, but not its plan: at go-live every
        record is new, and what was imported is paid by the plan of the company.
        """
        versions = self._versions.get(employee_id)
        if not versions:
            return None, None
        for start, department_id, plan_id in versions:
            if start <= day:
                return department_id, plan_id
        _start, department_id, _plan_id = versions[-1]
        return department_id, None

    def _get_employee_of_user(self, user_id, company_id):
        """Return the employee that a user is in a company, looked for once."""
        key = user_id, company_id
        if key not in self._employee_in_company:
            self._employee_in_company[key] = self._find_employee_of_user(*key)
        return self._employee_in_company[key]

    def _find_employee_of_user(self, user_id, company_id):
        return min(
            self._employees_of_user.get(user_id, ()),
            key=lambda employee_id: (
                self._employees[employee_id][1] != company_id,
                not self.calendar.is_same_tree(
                    self._employees[employee_id][1], company_id
                ),
                employee_id,
            ),
            default=None,
        )

    def get_participants(self, event, sealed_roles=()):
        """Yield (role, employee, weight) of an event, managers apart.

        :param sealed_roles: codes of roles whose people are known already
        """
        for role, people in self.participants.get(event):
            if role in sealed_roles:
                continue
            found = merge_people(
                (
                    person.employee_id
                    or self._get_employee_of_user(person.user_id, event["company_id"]),
                    person.weight,
                )
                for person in people
            )
            yield from (
                (role, employee_id, weight)
                for employee_id, weight in found
                if employee_id
            )

    def get_manager_path(self, employee_id, day):
        """Return the ids of somebody's managers upwards on a day, with slashes."""
        path = []
        manager_id = self._get_manager(employee_id, day)
        while manager_id and manager_id not in (employee_id, *path):
            path.append(manager_id)
            manager_id = self._get_manager(manager_id, day)
        return "/".join(map(str, path))

    def _get_manager(self, employee_id, day):
        """Return who somebody's manager was on a day, None if nobody was."""
        for until, manager_id in self._former_managers[employee_id]:
            if day <= until:
                return manager_id
        return self._employees[employee_id][2]

    def get_personal_plans(self, employee_id):
        """Return the ids of the plans that somebody's records name, on any day."""
        versions = self._versions.get(employee_id, ())
        return tuple({plan_id for _start, _department, plan_id in versions if plan_id})


def get_credited_people(stored):
    """Return the ids of whoever has credits, and of their managers of that day."""
    return {values["employee_id"] for values in stored} | {
        manager_id
        for values in stored
        for manager_id in split_path(values["manager_path"])
    }


def split_path(path):
    """Return the ids of the managers of a path, from the bottom upwards."""
    return [int(part) for part in (path or "").split("/") if part]
