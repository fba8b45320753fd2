# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Names in a file of history are looked up once, and not again in every row."""

from odoo import api, models


class IrFieldsConverter(models.AbstractModel):
    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Return the record a file names.

        In a file of history from what this load has found before: its rows name the
        same few people and stages. What was not found is looked for again.
        """
        # of the load, by external id; by model and name here
        cache = self.env.context.get("import_cache")
        is_known = cache is not None and self.env.context.get("commission_history")
        if subfield is not None or not is_known:
            return super().db_id_for(model, field, subfield, value, savepoint)
        key = (field.comodel_name, value)
        if key not in cache:
            found = super().db_id_for(model, field, subfield, value, savepoint)
            if not found[0]:
                return found
            cache[key] = found
        return cache[key]
