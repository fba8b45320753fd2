# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Makes the credits of events, sealed once they are made."""

from collections import defaultdict

from ..engine.attribution import SHARE_STEP
from ..engine.context import sharer_order
from ..engine.facts import ONE, ZERO
from ..engine.rounding import allot
from .credit_row import CreditRow, day_of_sale, group_by
from .people_loader import split_path


class CreditMaker:
    """Says whom events credit, and with which share.

    :param PeopleLoader people: who may be credited, loaded for these events
    """

    def __init__(self, people):
        self._people = people
        self._participants = people.participants
        self._highest_level = people.calendar.max_manager_level

    def get_rows(self, event_facts, stored, credit_event):
        """Return the credits of events; people no longer credited have share 0.

        :param event_facts: rows of events by id
        :param stored: rows of the credits that they have
        :param credit_event: function (maker, event, former credits by person, role and
            level) → whom it credits; takes what it finds out of the former ones
        """
        stored_of_event = defaultdict(dict)
        for values in stored:
            key = (values["employee_id"], values["role"], values["manager_level"])
            stored_of_event[values["event_id"]][key] = values
        rows = []
        for event in event_facts.values():
            former = stored_of_event[event["id"]]
            rows += credit_event(self, event, former)
            rows += [
                restore_row(event, values, share=ZERO) for values in former.values()
            ]
        return rows

    def credit_people(self, event, former):
        """Return whom an event credits; takes what it finds out of ``former``.

        A role that was credited once keeps its people, their shares and managers,
        unless a correction or a decision has reopened it.
        """
        sealed = self._take_sealed(event, former)
        sealed_roles = {row.role for row in sealed}
        people = sealed + [
            self.make(event, employee_id, role, 0, weight, former)
            for role, employee_id, weight in self._people.get_participants(
                event, sealed_roles
            )
        ]
        rows = people + [
            self.make(event, manager_id, role.code, level, weight, former)
            for role, managed in self._participants.get_manager_roles(event)
            for (level, manager_id), weight in self._get_managers(
                role, [row for row in people if row.role == managed]
            ).items()
        ]
        self._normalize_shares(rows)
        return rows

    def _take_sealed(self, event, former):
        """Take the credits that stay as they are out of ``former``.

        Managers are those of the people, on the day these were credited.
        """
        reopened = event.get("reopened", ())
        if "*" in reopened:
            return []
        sealed = [
            key
            for key, values in former.items()
            if values["share"]
            and values["role"] not in reopened
            and not values["manager_level"]
        ]
        return [
            restore_row(event, values, values["share"])
            for values in map(former.pop, sealed)
        ]

    def _get_managers(self, role, rows):
        """Return the weights of the managers above credited people.

        :param Role role: a manager role
        :return: weights by (level, id of the manager)
        """
        highest = role.level or self._highest_level
        weights = defaultdict(lambda: ZERO)
        for row in rows:
            path = split_path(row.manager_path)
            for level, manager_id in enumerate(path[:highest], start=1):
                is_paid = level == role.level or not role.level
                if is_paid and self._people.get_employee(manager_id):
                    weights[level, manager_id] += row.share
        return weights

    def make_in_every_role(self, event, employee_id, former):
        """Return credits of one person in every role and at every manager level."""
        return [
            self.make(event, employee_id, role.code, level, ONE, former)
            for role in self._participants.roles
            for level in role.get_levels(self._highest_level)
        ]

    def make(self, event, employee_id, role, level, weight, former):
        """Return a credit; one already stored keeps its snapshots."""
        values = former.pop((employee_id, role, level), None)
        if values and "*" not in event.get("reopened", ()):
            return restore_row(event, values, share=weight)
        user_id, company_id, _parent_id = self._people.get_employee(employee_id)
        day = day_of_sale(event)  # what takes a sale back takes it from its people
        department_id, _plan_id = self._people.get_version(employee_id, day)
        return CreditRow(
            event=event,
            employee_id=employee_id,
            role=role,
            manager_level=level,
            share=weight,
            id=values["id"] if values else 0,
            company_id=company_id,
            department_id=department_id,
            manager_path=self._people.get_manager_path(employee_id, day),
            user_id=user_id,
            pool_id=self._participants.pool_ids.get((event["id"], role)),
            stored=values,
        )

    @staticmethod
    def _normalize_shares(rows):
        """Make the shares of each role (and manager level) sum to exactly 1."""
        for group in group_by(rows, lambda row: (row.role, row.manager_level)):
            if len(group) == 1:
                group[0].share = ONE
                continue
            group.sort(key=sharer_order)
            shares = allot(ONE, [row.share for row in group], SHARE_STEP)
            for row, share in zip(group, shares, strict=True):
                row.share = share


def restore_row(event, values, share):
    """Return a credit as the table holds it, with a share."""
    return CreditRow(
        event=event,
        employee_id=values["employee_id"],
        role=values["role"],
        manager_level=values["manager_level"],
        share=share,
        id=values["id"],
        company_id=values["company_id"],
        department_id=values["department_id"],
        manager_path=values["manager_path"],
        user_id=values["user_id"],
        pool_id=values["pool_id"],
        stored=values,
    )
