# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Rows looked up by their events, through the index of these, always.

A list of events in a plain statement is looked for in the whole table while PostgreSQL
knows nothing of it, after an import; a join, while it remembers a smaller one. Both cost
the more of all that is held. A function of the database, because only there a statement
can do without its guesses.
"""

from odoo.tools import SQL

FUNCTION = """
CREATE OR REPLACE FUNCTION %(function)s(_event_ids integer[]) RETURNS SETOF %(table)s
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off AS $body$
BEGIN
    RETURN QUERY SELECT * FROM %(table)s WHERE event_id = ANY(_event_ids);
END
$body$
"""


def create_function(env, model):
    """Create the function that looks rows of a model up, with an index of ``event_id``.

    :param str model: its name
    """
    table = env[model]._table
    env.cr.execute(
        SQL(FUNCTION, function=_function(table), table=SQL.identifier(table))
    )


def of_events(env, model, event_ids):
    """Return a FROM item with the rows of events, in no order.

    :param str model: of the rows; they are flushed
    :param event_ids: ids of hr.commission.event
    :rtype: SQL
    """
    return SQL("%s(%s)", _function(env[model]._table), list(event_ids))


def _function(table):
    return SQL.identifier(f"{table}_of_events")
