"""look.py BEFORE.json OUT.json: what is in a database, so that two looks can be compared.

The columns of each table are those of the first look (BEFORE.json, or all of them where
OUT.json is the first): what others had is compared, whatever was added beside it.
"""

import json
import sys
from pathlib import Path

import psycopg2
from psycopg2 import sql

#: when Odoo writes something anew is no difference
STAMPS = {"write_date", "write_uid", "create_date", "create_uid"}
SCHEMA = """
    SELECT concat_ws(' ', 'column', table_name, column_name)
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT concat_ws(' ', 'index', indexname) FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype != 'n'
    UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', 'function', proname)
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND probin IS NULL
"""
FACTS = {
    "events": "SELECT count(*) FROM hr_commission_event",
    "commissions": "SELECT count(*) FROM hr_commission_line",
    "deals before the start": "SELECT count(*) FROM crm_lead WHERE is_before_start",
    "deals with a day of winning": "SELECT count(*) FROM crm_lead WHERE date_won IS NOT NULL",
    "re-dated": """SELECT count(*) FROM crm_lead WHERE date_closed IS NOT NULL AND date_won IS NOT NULL
                      AND abs(date_won - date_closed::date) > 1""",
}


def read(cursor, query, *arguments):
    cursor.execute(query, arguments)
    return cursor.fetchall()


def look(cursor, columns_before):
    """Return the schema, the rows of each table as hashes by id, and our own facts."""
    tables = columns_before or {}
    if not columns_before:
        for table, column in read(
            cursor,
            """SELECT table_name, column_name FROM information_schema.columns
                 JOIN information_schema.tables USING (table_schema, table_name)
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'""",
        ):
            if column not in STAMPS:
                tables.setdefault(table, []).append(column)
    return {
        "columns": tables,
        "schema": sorted(row[0] for row in read(cursor, SCHEMA)),
        "rows": {
            table: _hash(cursor, table, tables[table]) for table in sorted(tables)
        },
        "facts": _read_facts(cursor),
    }


def _hash(cursor, table, columns):
    there = sql.SQL("md5(row({})::text)").format(
        sql.SQL(", ").join(map(sql.Identifier, sorted(columns)))
    )
    key = sql.Identifier("id") if "id" in columns else there
    query = sql.SQL("SELECT ({})::text, {} FROM {}").format(
        key, there, sql.Identifier(table)
    )
    return dict(read(cursor, query))


def _read_facts(cursor):
    if not read(cursor, "SELECT 1 FROM pg_class WHERE relname = 'hr_commission_line'"):
        return {}
    return {name: read(cursor, query)[0][0] for name, query in FACTS.items()}


def main(before, out):
    columns = json.loads(Path(before).read_text())["columns"] if before != out else None
    with psycopg2.connect("") as connection, connection.cursor() as cursor:
        Path(out).write_text(json.dumps(look(cursor, columns)))


if __name__ == "__main__":
    main(*sys.argv[1:])
