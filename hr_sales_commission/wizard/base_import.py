# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Past deals come in by Odoo's import screen: officers are offered their columns."""

import hashlib
from collections import Counter
from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import DEFAULT_SERVER_DATE_FORMAT, DEFAULT_SERVER_DATETIME_FORMAT
from odoo.tools.misc import get_lang

from odoo.addons.base_import.models.base_import import (
    FIELDS_RECURSION_LIMIT,
    ImportValidationError,
    check_patterns,
)

from ..models.crm_lead import IMPORTABLE_FIELDS
from ..pipeline.reader_values import (
    SYNONYMS,
    find_decimals,
    is_short_day,
    plain,
    read_choice,
    read_day,
    read_numbers,
    row_text,
)

WORKBOOKS = (".xlsx", ".xls", ".ods")
#: money that readers write without its symbol or code
MONEY_WORDS = ("元", "圆", "円", "人民币", "RMB")


def is_written_as(text, form):
    """Whether a day is written in a format of Python's."""
    try:
        return bool(datetime.strptime(text.strip(), form))
    except ValueError:
        return False


def is_flat(import_fields):
    """Whether every row is one record, with nothing of others in it."""
    return not any("/" in name.removesuffix("/id") for name in import_fields)


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    @api.model
    def get_fields_tree(self, model, depth=FIELDS_RECURSION_LIMIT):
        """Offer what the reader may import, although no form lets it be typed.

        :raises UserError: for a model that is none
        """
        if model not in self.env:
            raise UserError(self.env._("Choose what is to be imported."))
        importing = self.with_context(commission_import_screen=True)
        return super(BaseImport, importing).get_fields_tree(model, depth=depth)

    def _may_be_history(self):
        return (self.res_model or "").startswith(("crm.lead", "hr.commission."))

    def _is_history(self, import_fields):
        """Whether records of ours come in, or leads with what only we know of them."""
        if self.res_model == "crm.lead":
            return not IMPORTABLE_FIELDS.isdisjoint(import_fields)
        return self._may_be_history()

    def _is_known_by_content(self, import_fields):
        """Whether the rows have no ids, and are one record each."""
        has_ids = not {"id", ".id"}.isdisjoint(import_fields)
        return (
            is_flat(import_fields) and not has_ids and self._is_history(import_fields)
        )

    def _convert_import_data(self, fields, options):
        """Read a batch of the file, and of the rest what the batch depends on.

        A row without an id is known again by what it says: the same file, or a longer
        one with the same rows, adds nothing twice.
        """
        everything = {**options, "skip": 0}
        data, import_fields = super()._convert_import_data(fields, everything)
        options["commission_row_count"] = len(data)
        first, last = options.get("skip") or 0, None
        if self._is_history(import_fields):
            options["commission_decimals"] = self._find_decimals(data, import_fields)
            if options.get("limit") and is_flat(import_fields):
                last = first + options["limit"]
            self._read_choices(data[:last], import_fields)
        if self._is_known_by_content(import_fields):
            return self._with_ids(data[:last], first, import_fields)
        return data[first:last], import_fields

    def _read_choices(self, data, import_fields):
        """Put codes in the place of what readers call them."""
        for index, name in enumerate(import_fields):
            if name in SYNONYMS:
                for row in data:
                    row[index] = read_choice(name, row[index])

    def _with_ids(self, data, first, import_fields):
        """Begin each row with an external id made of what the row says.

        Rows that say the same are as many records; spaces, width and capitals say
        nothing.

        :param int first: the row that the batch begins with
        """
        met = Counter(map(row_text, data[:first]))
        rows = []
        for row in data[first:]:
            said = row_text(row)
            met[said] += 1
            texts = zip(import_fields, said.split("\0"), strict=False)
            text = repr((self.res_model, sorted(texts)))
            digest = hashlib.sha256(f"{text}{met[said]}".encode()).hexdigest()
            rows.append([f"__import__.commission_{digest[:24]}", *row])
        return rows, ["id", *import_fields]

    # ------------------------------------------------------------------
    # As readers write
    # ------------------------------------------------------------------

    def _parse_import_data(self, data, import_fields, options):
        reading = self.with_context(commission_history=self._is_history(import_fields))
        return super(BaseImport, reading)._parse_import_data(
            data, import_fields, options
        )

    def _get_column_field(self, path):
        """Return the field that a column goes to; none for the number of a record."""
        model, field = self.env[self.res_model], None
        for name in path.split("/"):
            if field is not None:
                model = self.env[field.comodel_name]
            field = model._fields.get(name)
            if field is None or not field.relational:
                break
        return field

    def _get_column_title(self, path):
        """Return what the reader calls the field that a column goes to."""
        field = self._get_column_field(path)
        return field.get_description(self.env, ["string"])["string"] if field else path

    def _find_decimals(self, data, import_fields):
        """Return the decimal separators that each column of numbers shows.

        Of the whole file: a batch of it must not be read in another way.
        """
        marks = self._money_marks()
        found = {}
        for index, name in enumerate(import_fields):
            field = self._get_column_field(name)
            if field is not None and field.type in ("float", "monetary"):
                found[name] = find_decimals((row[index] for row in data), marks)
        return found

    def _is_day_first(self):
        form = get_lang(self.env).date_format
        return "%m" not in form or form.find("%d") < form.find("%m")

    def _is_year_first(self):
        return get_lang(self.env).date_format.startswith(("%Y", "%y"))

    def _try_match_date_time(self, preview_values, options):
        """Try the order of the reader's language with other separators first."""
        if self._may_be_history() and not options.get("date_format"):
            if self._is_year_first() and any(map(is_short_day, preview_values)):
                return []  # 04-05-26 is any of three days
            order = ("%d", "%m") if self._is_day_first() else ("%m", "%d")
            patterns = [
                mark.join((*order, year)) for year in ("%Y", "%y") for mark in "/-. "
            ]
            found = check_patterns(patterns, preview_values)
            if found:
                options["date_format"] = found
        return super()._try_match_date_time(preview_values, options)

    def _parse_date_from_data(self, data, index, name, field_type, options):
        """Read days as 2026年5月4日 or 4 mai 2026 whatever format the other rows have.

        What is no day, or may be two, is refused.
        """
        forms = [options.get("date_format") or DEFAULT_SERVER_DATE_FORMAT]
        if field_type == "datetime":
            forms.append(
                options.get("datetime_format") or DEFAULT_SERVER_DATETIME_FORMAT
            )
        for row in data if self.env.context.get("commission_history") else ():
            value = row[index]
            if isinstance(value, str) and value.strip():
                row[index] = self._read_day(value, forms, name)
        return super()._parse_date_from_data(data, index, name, field_type, options)

    def _read_day(self, text, forms, column):
        """Return the day that a text says, or the text where a format reads it."""
        if any(is_written_as(text, form) for form in forms):
            return text
        is_doubtful = self._is_year_first() and is_short_day(text)
        day = None if is_doubtful else read_day(text, self._is_day_first())
        if day is None:
            raise ImportValidationError(
                self.env._(
                    "“%(value)s” in column %(column)s is no day, or may be two: write it "
                    "with four digits of the year first, as 2026-05-04.",
                    value=text,
                    column=self._get_column_title(column),
                ),
                field=column,
            )
        return day

    def _parse_float_from_data(self, data, index, name, options):
        """Read numbers by their own form; what may be two numbers is refused."""
        if not self.env.context.get("commission_history"):
            return super()._parse_float_from_data(data, index, name, options)
        lang = get_lang(self.env)
        decimal, thousands = lang.decimal_point, lang.thousands_sep
        texts = [row[index] for row in data]
        is_money = self._get_column_field(name).type == "monetary"
        if (self.file_name or "").lower().endswith(WORKBOOKS):
            decimal, thousands = ".", ""  # in its cells, whoever reads it
        numbers = read_numbers(
            texts,
            options["commission_decimals"][name],
            decimal,
            thousands,
            self._money_marks(),
            is_money,
        )
        for row, text, number in zip(data, texts, numbers, strict=True):
            if number is None:
                raise ImportValidationError(
                    self.env._(
                        "“%(value)s” in column %(column)s is no number, or may be two: "
                        "write it without separators of thousands and with two "
                        "decimals, as 31850.00.",
                        value=text,
                        column=self._get_column_title(name),
                    ),
                    field=name,
                )
            row[index] = number

    def _money_marks(self):
        """Return what may stand beside an amount: symbols and codes of currencies."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        currencies = currencies.search([("symbol", "!=", False)])
        marks = {*currencies.mapped("symbol"), *currencies.mapped("name")}
        return list(filter(None, {*marks, *MONEY_WORDS}))

    def _check_model(self):
        """Refuse a model that is none.

        :raises UserError: without a file, or a model
        """
        if len(self) != 1 or self.res_model not in self.env:
            raise UserError(self.env._("Choose the file to import, and what it holds."))

    def _check_fields(self, names):
        """Refuse columns of fields that there are not.

        :raises UserError: naming the first one
        """
        known = self.env[self.res_model]._fields.keys() | {".id"}
        for name in filter(None, names):
            first = str(name).split("/")[0]
            if first not in known and first.split(".")[0] not in known:
                raise UserError(
                    self.env._(
                        "There is no field “%(name)s” here. Choose where the column "
                        "goes.",
                        name=name,
                    )
                )

    def _get_mapping_suggestion(
        self, header, fields_tree, header_types, mapping_fields
    ):
        """Find titles that were typed with stray spaces, or in full width."""
        if self._may_be_history() and header.lower() not in mapping_fields:
            header = " ".join(plain(header).split())
        return super()._get_mapping_suggestion(
            header, fields_tree, header_types, mapping_fields
        )

    def parse_preview(self, options, count=10):
        """Show the first rows of the file.

        :raises UserError: without a file, or a model
        """
        self._check_model()
        if not isinstance(options, dict):
            raise UserError(self.env._("Choose the file to import, and its columns."))
        return super().parse_preview(options, count=count)

    def execute_import(self, fields, columns, options, dryrun=False):
        """Keep what came in, so that the last import can be taken back.

        :raises UserError: without a file, or for columns that are no lists
        """
        self._check_model()
        are_lists = all(isinstance(given, list | tuple) for given in (fields, columns))
        if not (self.file and are_lists and isinstance(options, dict)):
            raise UserError(self.env._("Choose the file to import, and its columns."))
        if self._may_be_history():
            self._check_fields(fields)
        names = list(filter(None, fields))
        if self._is_history(names):
            self = self.with_context(commission_history=True)
        if self._is_known_by_content(names):
            self = self.with_context(commission_known_rows=True)
        if dryrun or not self._is_history(names):
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        # sudo: its number only
        model = self.env[self.res_model].sudo().with_context(active_test=False)
        last_id = model.search([], order="id desc", limit=1).id or 0
        result = super().execute_import(fields, columns, options, dryrun=dryrun)
        if result.get("nextrow") == options.get("commission_row_count"):
            result["nextrow"] = 0  # else an empty batch would follow
        if result.get("ids"):
            records = self.env[self.res_model].browse(result["ids"])
            if self.env.context.get("commission_known_rows"):
                records = records.filtered(lambda record: record.id > last_id)
            if records:
                self.env["hr.commission.import"]._log(
                    records, last_id, self.file_name, self.id
                )
        return result
