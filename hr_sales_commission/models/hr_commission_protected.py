# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, ormcache

from ..pipeline.given import check_given
from ..pipeline.titles import listed

ADDONS = "hr_sales_commission"
#: written by the framework itself, which ignores what people give for them
LOG_FIELDS = frozenset(models.LOG_ACCESS_COLUMNS)


class HrCommissionProtected(models.AbstractModel):
    """Fields that the system decides, on every path by which a value can come in.

    Whatever these addons store read-only on a model is decided by the system. People
    give such a field no value: not by create, write, copy or import, not in commands
    of a related record, and not as a default, be it in the context or one saved by
    a user. The system itself writes as superuser.

    Other fields of ours take records that their giver may read: a linked record shows
    its name, whoever asks. So do links of Odoo by which contacts and credits are found.

    A model takes part by having this as its *first* parent in a class that is loaded
    after all others (see ``protected_models.py``): what people give is looked at
    before anything else completes it.
    """

    _name = "hr.commission.protected"
    _description = "Fields Decided by the System"

    def init(self):
        """Let rows that others write without our columns have our defaults."""
        super().init()
        if self._abstract or self._original_module.startswith(ADDONS):
            return
        for field in self._fields.values():
            is_ours = any(module.startswith(ADDONS) for module in field._modules)
            if is_ours and field.required and field.column_type and field.default:
                value = field.convert_to_column_insert(field.default(self), self)
                self.env.cr.execute(
                    SQL(
                        "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s",
                        SQL.identifier(self._table),
                        SQL.identifier(field.name),
                        value,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            given = {name for vals in vals_list for name in vals if vals[name]}
            self._check_decided_fields(given)
            self._check_our_records(vals_list, are_new=True)
            empty = self._get_decided_fields() - self._get_permitted_fields()
            vals_list = [
                {name: value for name, value in vals.items() if name not in empty}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_decided_fields(set(vals))
            self._check_our_records([vals])
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        self._check_our_records([values])
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        """Take no default from people for what the system decides."""
        decided = self._get_decided_fields()
        values = super().default_get([name for name in fields if name not in decided])
        for name in decided.intersection(fields):
            field = self._fields[name]
            if field.default:
                values[name] = field.convert_to_write(field.default(self), self)
        self._check_our_records([values])
        return values

    def _check_our_records(self, vals_list, are_new=False):
        """Refuse records in fields of ours that people may not read.

        What is copied with a record is handed on, whoever copies it.

        :param vals_list: values as for ``create``
        :param bool are_new: of new records, which may be copies
        :raises AccessError: without saying whether such a record exists
        """
        if self._original_module.startswith(ADDONS):
            return  # hr.commission.guard looks at all their fields
        followed = self._get_followed_links()
        ours = self._get_our_links() | followed
        check_given(
            self,
            [
                {
                    name: value
                    for name, value in vals.items()
                    if name in followed
                    or name in ours
                    and not (are_new and self._fields[name].copy)
                }
                for vals in vals_list
            ],
        )

    @api.model
    @ormcache()
    def _get_our_links(self):
        """Return the names of the fields of ours that link to records.

        :rtype: frozenset[str]
        """
        return frozenset(
            field.name
            for field in self._fields.values()
            if field.relational
            and field._modules
            and all(module.startswith(ADDONS) for module in field._modules)
        )

    def _get_followed_links(self):
        """Return which links of Odoo itself say of whose customer a record is.

        :rtype: frozenset[str]
        """
        return frozenset()

    @api.model
    @ormcache()
    def _get_decided_fields(self):
        """Return the names of the fields that the system decides.

        :rtype: frozenset[str]
        """
        return frozenset(
            field.name
            for field in self._fields.values()
            if field.store
            and field.readonly
            and not field.compute
            and not field.inherited
            and field.name not in LOG_FIELDS
            and any(module.startswith(ADDONS) for module in field._modules)
        )

    @api.model
    def _get_permitted_fields(self):
        """Return which of the decided fields this user may give a value all the same.

        :rtype: frozenset[str]
        """
        return frozenset()

    @api.model
    def _check_decided_fields(self, names):
        """Refuse values that people give for what the system decides.

        :param names: names of the fields given
        :raises AccessError: naming the fields
        """
        refused = self._get_decided_fields().intersection(names)
        refused -= refused and self._get_permitted_fields()
        if refused:
            labels = sorted(
                self._fields[name]._description_string(self.env) or name
                for name in refused
            )
            raise AccessError(
                self.env._(
                    "The system records these itself, nobody sets them by hand: "
                    "%(fields)s. Leave them out.",
                    fields=listed(self.env, labels),
                )
            )
