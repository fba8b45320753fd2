# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Takes away what fields of ours have left in the database, at every new version.

Odoo keeps the column of a field that is computed on the fly by now, and the index of one
that needs none any more; every write pays for them.
"""

from odoo.tools import SQL
from odoo.tools.sql import make_index_name

#: fields that are of our addons only, with the table where there is one
OURS = """
    SELECT stored.table_name, field.name, field.index,
           kept.column_name IS NOT NULL AND NOT field.store
      FROM ir_model_fields field
      JOIN information_schema.tables stored
        ON stored.table_schema = current_schema() AND stored.table_type = 'BASE TABLE'
       AND stored.table_name = replace(field.model, '.', '_')
      LEFT JOIN information_schema.columns kept
        ON kept.table_schema = current_schema()
       AND kept.table_name = stored.table_name AND kept.column_name = field.name
      JOIN ir_model_data data ON data.model = 'ir.model.fields' AND data.res_id = field.id
  GROUP BY stored.table_name, field.id, kept.column_name
    HAVING bool_and(starts_with(data.module, 'hr_sales_commission'))
"""


def migrate(cr, _version):
    cr.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
    indexes = {name for (name,) in cr.fetchall()}
    cr.execute(OURS)
    for table, name, is_indexed, is_left_over in cr.fetchall():
        index = make_index_name(table, name)
        if index in indexes and not is_indexed:
            cr.execute(SQL("DROP INDEX %s", SQL.identifier(index)))
        if is_left_over:
            cr.execute(
                SQL(
                    "ALTER TABLE %s DROP COLUMN %s",
                    SQL.identifier(table),
                    SQL.identifier(name),
                )
            )
