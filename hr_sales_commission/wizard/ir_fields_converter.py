# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Names in a file of history are looked up once, in the reader's language or in English."""

from odoo import api, models


class IrFieldsConverter(models.AbstractModel):
    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Return the record a file names.

        In a file of history from what this load has found before: its rows name the
        same few people and stages. What was not found is looked for again. A stage may
        be named in English, as in the template, whatever the reader's language.
        """
        # of the load, by external id; by model and name here
        cache = self.env.context.get("import_cache")
        is_known = cache is not None and self.env.context.get("commission_history")
        if subfield is not None or not is_known:
            return super().db_id_for(model, field, subfield, value, savepoint)
        key = (field.comodel_name, value)
        if key not in cache:
            name = self._to_reader_name(field, value)
            found = super().db_id_for(model, field, subfield, name, savepoint)
            if not found[0]:
                return found
            cache[key] = found
        return cache[key]

    @api.model
    def _to_reader_name(self, field, name):
        """Return what the reader calls a record that a file names in English."""
        named = self.env[field.comodel_name]
        rec_name = named._fields.get(named._rec_name)
        if not (name and rec_name and rec_name.translate):
            return name
        if named.name_search(name, operator="=", limit=1):
            return name
        in_english = named.with_context(lang="en_US")
        found = in_english.name_search(name, operator="=", limit=1)
        return named.browse(found[0][0]).display_name if found else name
