# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which credits of an event a manager is above: on the day, by what the credits keep."""

from collections import defaultdict

from .people_loader import split_path


def find_below(rows, plans, participants):
    """Return the credits below each manager's, where a rule takes off what they earn.

    :param rows: credits of whole events
    :param plans: engine plans by id
    :param Participants participants: of these events
    :return: ids of credits by the id of a manager's credit
    :rtype: dict[int, tuple[int, ...]]
    """
    asking = {
        (plan.id, rule.role)
        for plan in plans.values()
        for rule in plan.rules
        if rule.is_differential
    }
    if not asking:
        return {}
    rows_of = defaultdict(list)
    for row in rows:
        rows_of[row.event["id"]].append(row)
    return {
        row.id: _find_below(row, rows_of[row.event["id"]], participants)
        for row in rows
        if row.manager_level and (row.plan_id, row.role) in asking
    }


def _find_below(manager, rows, participants):
    """Return the ids of credits whose people work for the manager of another one."""
    managed = {
        role.code: code for role, code in participants.get_manager_roles(manager.event)
    }
    found = []
    for row in rows:
        is_lower = 0 < row.manager_level < manager.manager_level
        is_person = not row.manager_level and row.role == managed.get(manager.role)
        path = split_path(row.manager_path)
        step = manager.manager_level - row.manager_level - 1
        if (is_lower or is_person) and path[step : step + 1] == [manager.employee_id]:
            found.append(row.id)
    return tuple(found)
