# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The companies and people of the tests: made once, by whoever comes first.

They take seconds to make, most of a class's time. ``./dev test`` makes them in the
database before its tests begin (:func:`make`); where it did not, each class makes them
for itself.
"""

from odoo.fields import Command
from odoo.tests import freeze_time

#: module of the external ids under which the cast is found
CAST = "__commission_cast__"
#: the day the cast has been there since: before all that tests are about
SINCE = "2020-01-01"

SALES = "sales_team.group_sale_salesman"
LEADERS = f"{SALES}_all_leads"
COMMISSION = "hr_sales_commission.group_commission_"
BRANCH_MANAGER = f"{LEADERS},{COMMISSION}manager_branch"

#: name and parent of each company
COMPANIES = {
    "hq": ("Commission HQ", None),
    "north": ("Commission North", "hq"),
    "south": ("Commission South", "hq"),
    "south_a": ("Commission South-A", "south"),
}

#: who reports to whom, level by level
PEOPLE = (
    {"administrator": None},
    {"officer_hq": "administrator"},
    dict.fromkeys(("marketer", "manager_north", "manager_south"), "officer_hq"),
    {
        "officer_north": "manager_north",
        "team_manager": "manager_north",
        "area_manager": "manager_south",
    },
    {
        "sales_north": "team_manager",
        "sales_south": "area_manager",
        "sales_south_a": "area_manager",
    },
)

#: companies that each may select, the own one first, and groups
USERS = {
    "administrator": ("hq north south south_a", f"{LEADERS},{COMMISSION}administrator"),
    "officer_hq": ("hq north south south_a", f"{LEADERS},{COMMISSION}officer"),
    "marketer": ("hq", SALES),
    "manager_north": ("north", BRANCH_MANAGER),
    "manager_south": ("south", BRANCH_MANAGER),
    "officer_north": ("north", f"{LEADERS},{COMMISSION}officer"),
    "team_manager": ("north", f"{LEADERS},{COMMISSION}manager_team"),
    "area_manager": ("south south_a", BRANCH_MANAGER),
    "sales_north": ("north", SALES),
    "sales_south": ("south", SALES),
    "sales_south_a": ("south_a", SALES),
}


def find(env, module=CAST):
    """Return the cast's records by name; an empty dict where it is not made yet."""
    known = (
        env["ir.model.data"]
        .sudo()  # sudo: tests begin as whoever they like
        .search_fetch([("module", "=", module)], ["name", "model", "res_id"])
    )
    return {each.name: env[each.model].browse(each.res_id) for each in known}


def create(env):
    """Create companies, users and employees.

    :return: companies and employees by name
    """
    cast = {}
    for name, (title, parent) in COMPANIES.items():
        cast[name] = env["res.company"].create(
            {
                "name": title,
                "parent_id": parent and cast[parent].id,
                "currency_id": env.ref("base.USD").id,
            }
        )
    users = create_users(
        env,
        *(
            (name, sum(map(cast.get, companies.split()), env["res.company"]), groups)
            for name, (companies, groups) in USERS.items()
        ),
    )
    for level in PEOPLE:
        employees = env["hr.employee"].create(
            [
                employee_vals(
                    users[name],
                    users[name].company_id,
                    boss and cast[boss],
                    "marketing" if name == "marketer" else "sales",
                )
                for name, boss in level.items()
            ]
        )
        cast.update(zip(level, employees, strict=True))
    return cast


def create_users(env, *people, prefix="commission_"):
    """Create users, all at once.

    :param people: name, companies that may be selected (the first is the user's own),
        names of groups
    :param prefix: of logins, before the name
    :return: the users by name
    """
    users = env["res.users"].create(
        [
            {
                "name": name,
                "login": f"{prefix}{name}",
                "password": f"{prefix}{name}",
                "email": "c.c@example.com",
                "company_id": companies[0].id,
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [Command.set([env.ref(group).id for group in groups])],
            }
            for name, companies, groups in (
                (name, companies, groups.split(","))
                for name, companies, groups in people
            )
        ]
    )
    return {user.name: user for user in users}


def employee_vals(user, company, boss, role):
    """Return the values of the employee that a user is in a company."""
    return {
        "name": user.name,
        "user_id": user.id,
        "company_id": company.id,
        "parent_id": boss.id if boss else False,
        "commission_role": role,
    }


def make(env, create=create, module=CAST):
    """Make a cast for all tests of this database, unless it is there.

    :param create: what makes it and returns the records by name
    :param module: of the external ids under which it is found
    """
    if find(env, module):
        return
    with freeze_time(SINCE):
        made = create(env)
    env["ir.model.data"].create(
        [
            {
                "module": module,
                "name": name,
                "model": record._name,
                "res_id": record.id,
                "noupdate": True,
            }
            for name, record in made.items()
        ]
    )
