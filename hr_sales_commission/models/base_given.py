# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What comes into models of Odoo: records named to forms, and values of our fields."""

import re

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.tools import ormcache

from ..pipeline.given import (
    check_readable,
    check_values,
    find_numbers,
    get_ids,
    to_cells,
)

#: whose names are guarded in forms of all models
GUARDED = ("hr.commission.", "crm.touchpoint", "crm.lead")
#: fields in which forms take the name of a model, its record, and records of it
MODELS = ("res_model", "model", "resource_model")
MODEL_LINKS = ("res_model_id", "model_id")
NUMBERS = ("res_id", "res_ids")
DEFAULT = "default_"
ADDONS = "hr_sales_commission"


class Base(models.AbstractModel):
    """An unsaved form computes with the rights of the system: what it is to tell of a
    record is told to who may read that record.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_fitting(vals)
                if self._transient:
                    self._check_told(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_fitting(vals)
        return super().write(vals)

    def _check_access(self, operation):
        """Refuse number 0 of our models, which Odoo takes for a record not saved yet."""
        if 0 in self._ids and self._original_module.startswith(ADDONS):
            return self, self._make_missing_error
        return super()._check_access(operation)

    def _make_missing_error(self):
        return MissingError(
            self.env._(
                "There is no such record of “%(model)s”. Select one that is there.",
                model=self._description,
            )
        )

    def onchange(self, values, field_names, fields_spec):
        self._check_fitting(values)
        self._check_told(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def load(self, fields, data):
        """Take the rows of a file into our models and fields as texts.

        :raises ValidationError: if they are no table
        """
        columns = fields if isinstance(fields, list | tuple) else ()
        names = {re.split("[/:]", str(name))[0] for name in columns} - {"", "."}
        is_ours = self._original_module.startswith(ADDONS)
        if is_ours or not self._get_added_fields().isdisjoint(names):
            data = to_cells(self.env, fields, data)
        if is_ours:
            names = {name.removeprefix(".") for name in names}
            check_values(self, dict.fromkeys(names, False))
        return super().load(fields, data)

    @api.model
    @ormcache()
    def _get_added_fields(self):
        """Return the names of the fields that these addons add to a model of Odoo's.

        :rtype: frozenset[str]
        """
        if self._original_module.startswith(ADDONS):
            return frozenset()  # hr.commission.guard looks at all their fields
        return frozenset(
            field.name
            for field in self._fields.values()
            if field._modules
            and all(module.startswith(ADDONS) for module in field._modules)
        )

    def _check_fitting(self, vals):
        """Refuse values that do not fit the fields these addons add to a model.

        :raises ValidationError: naming the field and what it takes
        """
        given = self._get_added_fields().intersection(vals)
        if given:
            check_values(self, {name: vals[name] for name in given})

    @api.model
    @ormcache()
    def _get_telling_fields(self):
        """Return in which fields a form takes any record, or one of ours.

        :return: (names of models and ids of them, numbers, links and references)
        :rtype: tuple[tuple[str]]
        """
        fields = self._fields.values()
        kinds = tuple(name for name in MODELS + MODEL_LINKS if name in self._fields)
        numbers = tuple(
            field.name
            for field in fields
            if field.type == "many2one_reference" or field.name in NUMBERS
        )
        links = tuple(
            field.name
            for field in fields
            if field.type == "reference"
            or field.type == "many2one"
            and (field.comodel_name or "").startswith(GUARDED)
        )
        return kinds if numbers else (), numbers, links

    def _check_told(self, values):
        """Refuse records of ours that the user may not read, given or as a default.

        :param dict values: as for ``create`` or ``onchange``
        :raises AccessError: without saying whether such a record exists
        """
        kinds, numbers, links = self._get_telling_fields()
        if self.env.su or not (numbers or links):
            return
        given = {
            name.removeprefix(DEFAULT): value
            for name, value in self.env.context.items()
            if name.startswith(DEFAULT)
        } | values
        told = {
            (model, number)
            for model in self._find_models({name: given.get(name) for name in kinds})
            for name in numbers
            for number in find_numbers(given.get(name))
        }
        for name in links:
            told |= set(get_ids(self._fields[name], given.get(name)))
        for model, number in told:
            if model in self.env and model.startswith(GUARDED):
                check_readable(self.env[model].browse(number))

    def _find_models(self, given):
        """Return the models that values name, or the record itself where they do not.

        :param dict given: value by name of the field
        :rtype: set[str]
        """
        ids = [given[name] for name in MODEL_LINKS if given.get(name)]
        ids = [number for each in ids for number in find_numbers(each)]
        links = self.env["ir.model"].sudo().browse(ids)  # sudo: what a number means
        named = {given[name] for name in MODELS if isinstance(given.get(name), str)}
        stored = {self[:1][name] for name in given if name in MODELS and self}
        return named | set(links.exists().mapped("model")) | (stored - {False})
