"""Past deals come in by Odoo's import screen: officers are offered their columns."""

import datetime
import hashlib
import re
from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.base_import.models.base_import import FIELDS_RECURSION_LIMIT

from ..models.crm_lead import IMPORTABLE_FIELDS

#: a day as Chinese and Japanese readers write it
EASTERN_DAY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    @api.model
    def get_fields_tree(self, model, depth=FIELDS_RECURSION_LIMIT):
        """Offer what the reader may import, although no form lets it be typed."""
        importing = self.with_context(commission_import_screen=True)
        return super(BaseImport, importing).get_fields_tree(model, depth=depth)

    def _is_history(self, import_fields):
        """Whether records of ours come in, or leads with what only we know of them."""
        if self.res_model == "crm.lead":
            return not IMPORTABLE_FIELDS.isdisjoint(import_fields)
        return self.res_model.startswith("hr.commission.")

    def _convert_import_data(self, fields, options):
        """A row without an id is known again by what it says.

        So the same file, or a longer one with the same rows, adds nothing twice.
        """
        skip = options.get("skip") or 0
        everything = {**options, "skip": 0}
        data, import_fields = super()._convert_import_data(fields, everything)
        is_flat = not any("/" in name.removesuffix("/id") for name in import_fields)
        if (
            is_flat
            and self._is_history(import_fields)
            and not {"id", ".id"}.intersection(import_fields)
        ):
            data = self._add_ids(data, import_fields)
            import_fields = ["id", *import_fields]
        return data[skip:], import_fields

    def _add_ids(self, data, import_fields):
        """Begin each row with an external id made of what the row says.

        Rows that say the same are as many records.
        """
        met = Counter()
        rows = []
        for row in data:
            text = repr((self.res_model, sorted(zip(import_fields, map(str, row)))))
            met[text] += 1
            digest = hashlib.sha256(f"{text}{met[text]}".encode()).hexdigest()
            rows.append([f"__import__.commission_{digest[:24]}", *row])
        return rows

    def _parse_date_from_data(self, data, index, name, field_type, options):
        """Read days as 2026年5月4日 whatever format the other rows have."""
        for row in data:
            value = row[index]
            found = isinstance(value, str) and EASTERN_DAY.fullmatch(value.strip())
            if found:
                try:
                    row[index] = datetime.date(*map(int, found.groups()))
                except ValueError:
                    continue  # no such day: Odoo says so
        return super()._parse_date_from_data(data, index, name, field_type, options)

    def execute_import(self, fields, columns, options, dryrun=False):
        """Keep what came in, so that the last import can be taken back.

        :raises UserError: without a file, or for columns that are no lists
        """
        are_lists = all(isinstance(given, list | tuple) for given in (fields, columns))
        if not (len(self) == 1 and are_lists and isinstance(options, dict)):
            raise UserError(self.env._("Choose the file to import, and its columns."))
        if dryrun or not self._is_history(filter(None, fields)):
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        # sudo: its number only
        model = self.env[self.res_model].sudo().with_context(active_test=False)
        last_id = model.search([], order="id desc", limit=1).id or 0
        result = super().execute_import(fields, columns, options, dryrun=dryrun)
        if result.get("ids"):
            records = self.env[self.res_model].browse(result["ids"])
            self.env["hr.commission.import"]._log(records, last_id, self.file_name)
        return result
