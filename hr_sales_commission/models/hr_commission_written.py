# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The ledger is written in blocks; here others hang on to what was written."""

from odoo import api, models
from odoo.tools import SQL, ormcache

from .hr_commission_protected import ADDONS

#: what the batch at work has written, by model, until it is told
WRITTEN = "hr_commission_written"


class HrCommissionWritten(models.AbstractModel):
    """Rows that statements write, not the ORM: no automation sees them by itself.

    After each batch, and after each act on many lines, :meth:`_on_written` is called once
    a model. Fields that customers or other addons add have their defaults in new rows.
    """

    _name = "hr.commission.written"
    _description = "Commission Records Written in Blocks"

    def _before_written(self):
        """Called on records that one statement is about to change; does nothing.

        What keeps how they were overrides it. :meth:`_on_written` follows.
        """

    def _on_written(self, created):
        """Called on all records of this model that a batch has written; does nothing.

        So it is on what people approve, pay or give back: all of it at once.

        Addons override it. It runs in the transaction of the batch: what it raises
        becomes the error of the events.

        :param created: those of these records that are new
        """

    @api.model
    def _note_written(self, ids, is_new):
        """Remember what a batch has written of this model.

        :param ids: of the records
        :param bool is_new: they were made just now
        """
        if is_new:
            self._set_custom_defaults(ids)
        written = self.env.cr.precommit.data.get(WRITTEN)
        if written is not None:
            created, changed = written.setdefault(self._name, ([], []))
            (created if is_new else changed).extend(ids)

    @api.model
    def _begin_batch(self):
        """From here on what is written is remembered."""
        self.env.cr.precommit.data[WRITTEN] = {}

    @api.model
    def _tell_written(self):
        """End a batch: tell each model what was written of it."""
        for name, (created, changed) in self.env.cr.precommit.data.pop(WRITTEN).items():
            model = self.env[name]
            model.browse([*created, *changed])._on_written(model.browse(created))

    @api.model
    def _set_custom_defaults(self, ids):
        names = self._get_custom_fields()
        defaults = names and self.default_get(list(names))
        if not defaults:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                SQL(", ").join(
                    SQL(
                        "%s = %s",
                        SQL.identifier(name),
                        self._fields[name].convert_to_column_insert(value, self),
                    )
                    for name, value in defaults.items()
                ),
                list(ids),
            )
        )
        self.invalidate_model(defaults, flush=False)

    @api.model
    @ormcache()
    def _get_custom_fields(self):
        """Return the names of the fields that customers or other addons have added.

        :rtype: tuple[str]
        """
        return tuple(
            field.name
            for field in self._fields.values()
            if field.store
            and field.column_type
            and not field.compute
            and field.name not in models.MAGIC_COLUMNS
            and not any(module.startswith(ADDONS) for module in field._modules)
        )
