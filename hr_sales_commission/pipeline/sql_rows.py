# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Rows for set-based statements: one parameter, whatever the number of rows."""

import json

from odoo.tools import SQL


def sql_rows(alias, columns, rows):
    """Return a FROM item that yields rows of Python values.

    :param str alias: name of the item in the statement
    :param dict columns: PostgreSQL type by column name; both from our own code
    :param rows: dictionaries; what they leave out is NULL. Numbers that must stay
        exact are ``Decimal``
    :rtype: SQL
    """
    definition = SQL(", ").join(
        SQL("%s " + pg_type, SQL.identifier(name)) for name, pg_type in columns.items()
    )
    return SQL(
        "json_to_recordset(%s::json) AS %s(%s)",
        json.dumps(rows, default=str),
        SQL.identifier(alias),
        definition,
    )


def sql_columns(columns):
    """Return the comma-separated list of columns."""
    return SQL(", ").join(SQL.identifier(name) for name in columns)


def update_rows(env, model, columns, rows):
    """Write rows of values to their records, in one statement past the ORM.

    :param str model: whose table it is
    :param dict columns: PostgreSQL type by name of the columns to write
    :param rows: dictionaries of ``id`` and values; what is no column is left out
    """
    columns = {"id": "int", **columns}
    rows = [{name: row[name] for name in columns} for row in rows]
    env.cr.execute(
        SQL(
            "UPDATE %s record SET %s FROM %s WHERE record.id = changed.id",
            SQL.identifier(env[model]._table),
            SQL(", ").join(
                SQL("%s = changed.%s", SQL.identifier(name), SQL.identifier(name))
                for name in columns
                if name != "id"
            ),
            sql_rows("changed", columns, rows),
        )
    )
    env[model].invalidate_model(flush=False)


def fetch_dicts(env, query):
    """Return the rows of a statement as dictionaries, made faster than Odoo does it.

    :param SQL query: its columns have names
    """
    rows = env.execute_query(query)
    if not rows:
        return []
    names = [column.name for column in env.cr.description]
    return [dict(zip(names, row, strict=True)) for row in rows]
