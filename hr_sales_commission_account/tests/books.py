# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The company with accounts of the tests, and its people: made once, as the cast is."""

from odoo.addons.hr_sales_commission.tests import cast

#: module of the external ids under which they are found
BOOKS = "__commission_books__"
CHART = "generic_coa"

#: role of each
PEOPLE = {"seller": "sales", "colleague": "sales", "marketer": "marketing"}


def find(env):
    """Return company and employees by name; an empty dict where they are not made."""
    return cast.find(env, BOOKS)


def create(env):
    """Create a company with a chart of accounts, and its people.

    :return: the company and employees by name
    """
    company = env["res.company"].create({"name": "Commission Books"})
    env["account.chart.template"].try_loading(
        CHART, company=company, install_demo=False
    )
    company.account_fiscal_country_id = env.ref("base.us")
    return {"company": company, **create_people(env, company)}


def create_people(env, company):
    """Create the users and employees of a company.

    :return: the employees by name
    """
    users = cast.create_users(
        env,
        *((name, company, cast.SALES) for name in PEOPLE),
        prefix="commission_books_",
    )
    employees = env["hr.employee"].create(
        [
            cast.employee_vals(users[name], company, None, role)
            for name, role in PEOPLE.items()
        ]
    )
    return dict(zip(PEOPLE, employees, strict=True))


def make(env):
    """Make them for all tests of this database, unless they are there."""
    cast.make(env, create, BOOKS)
