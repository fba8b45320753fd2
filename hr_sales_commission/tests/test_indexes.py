# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""No index repeats the beginning of another: each is written with every row."""

import re

from odoo.tests import TransactionCase, tagged

COLUMNS = re.compile(
    r"(UNIQUE )?INDEX \((?P<columns>.+?)\)(?P<more> INCLUDE \(.+?\))?"
    r"(?: WHERE (?P<where>.*))?$"
)


def leaves_out_empty(where):
    """Whether an index leaves out nothing but rows without a value."""
    return where.endswith("IS NOT NULL")


@tagged("post_install", "-at_install", "commission_core")
class TestIndexes(TransactionCase):
    def _get_models(self):
        return [
            model
            for name, model in self.env.registry.items()
            if model._auto
            and not model._abstract
            and name.startswith(("hr.commission.", "crm.touchpoint", "crm.lead.share"))
        ]

    def _get_indexes(self, model):
        """Return what is indexed: (name, columns, condition, whether it is more)."""
        indexes = []
        for name, field in model._fields.items():
            if field.store and field.column_type and field.index:
                if field.index == "trigram":
                    continue
                is_partial = field.index == "btree_not_null"
                where = f"{name} IS NOT NULL" if is_partial else ""
                indexes.append((f"{name} (field)", (name,), where, False))
        for name, index in model._table_objects.items():
            found = COLUMNS.match(index.get_definition(self.env.registry) or "")
            if found:
                columns = tuple(re.split(r", (?![^(]*\))", found["columns"]))
                is_more = index.unique or bool(found["more"])
                indexes.append((name, columns, found["where"] or "", is_more))
        return indexes

    def test_what_goes_is_looked_up_where_it_is_named(self):
        """Deleting a row asks each table that names it: the ledger is not read for it."""
        grow = (
            *("crm.lead", "crm.touchpoint", "hr.commission.event"),
            *("hr.commission.credit", "hr.commission.line"),
        )
        missing, looked_at = [], 0
        for name in grow[1:]:
            model = self.env[name]
            first = {columns[0] for _name, columns, *_more in self._get_indexes(model)}
            links = {
                field.name
                for field in model._fields.values()
                if field.type == "many2one" and field.store
                if field.comodel_name in grow
            }
            looked_at += len(links)
            missing += [f"{name}.{link}" for link in sorted(links - first)]
        self.assertGreater(looked_at, 5)
        self.assertEqual(missing, [])

    def test_none_begins_like_another(self):
        repeated, looked_at = [], 0
        for model in self._get_models():
            indexes = self._get_indexes(model)
            looked_at += len(indexes)
            for name, columns, where, is_more in indexes:
                repeated += [
                    f"{model._name}: {name} is the beginning of {other}"
                    for other, longer, condition, _is_more in indexes
                    if other != name
                    and not is_more
                    and longer[: len(columns)] == columns
                    and (
                        condition == where or not condition and leaves_out_empty(where)
                    )
                ]
        self.assertGreater(looked_at, 50)
        self.assertEqual(repeated, [])
