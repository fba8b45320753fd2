# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""A plan as an XLSX file: one sheet for the plan, one for each list of rows in it."""

import io
import json
import zlib
from zipfile import BadZipFile, ZipFile

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

#: lists of rows: key, sheet, key of the list that it is in
LISTS = (
    ("rules", "Rules", None),
    ("tiers", "Brackets", "rules"),
    ("examples", "Examples", None),
    ("events", "Example Events", "examples"),
)
PLAN_SHEET = "Plan"
#: how large the sheets of a workbook may be in all, unpacked
MOST_UNPACKED = 50_000_000
#: what a file that is no workbook, or a broken one, ends in; XML errors are SyntaxError
BROKEN = (BadZipFile, InvalidFileException, KeyError, IndexError, OSError) + (
    SyntaxError,
    EOFError,
    RuntimeError,
    zlib.error,
)
#: the number of a row, and of the row that it belongs to
NUMBER, OF = "#", "of #"


def write_workbook(values):
    """Return the values of a plan as an XLSX file.

    :param dict values: plain values, and lists of such dictionaries
    :rtype: bytes
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False}
    )
    plan = {name: value for name, value in values.items() if not _is_list(name)}
    _write_rows(book.add_worksheet(PLAN_SHEET), [plan])
    rows = {}
    for key, sheet, parent in LISTS:
        owners = rows[parent] if parent else [values]
        rows[key] = [
            {NUMBER: 0, OF: number, **row}
            for number, owner in enumerate(owners, start=1)
            for row in owner.get(key, ())
        ]
        for number, row in enumerate(rows[key], start=1):
            row[NUMBER] = number
        _write_rows(book.add_worksheet(sheet), rows[key])
    book.close()
    return stream.getvalue()


def read_workbook(content):
    """Return the values of a plan from an XLSX file.

    :param bytes content: as :func:`write_workbook` made it, cells may be changed
    :raises ValueError: for another file
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise ValueError(unpacked)
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        [values] = _read_rows(book[PLAN_SHEET])
        lists = {key: _read_rows(book[sheet]) for key, sheet, _parent in LISTS}
    except BROKEN as error:
        raise ValueError(str(error)) from error
    for key, _sheet, parent in reversed(LISTS):
        owners = lists[parent] if parent else [values]
        numbers = {row.get(NUMBER): row for row in owners} if parent else {1: values}
        for owner in owners:
            owner[key] = []
        for row in lists[key]:
            if row.get(OF) not in numbers:
                raise ValueError(key)
            numbers[row[OF]][key].append(row)
    for key, _sheet, _parent in LISTS:
        for row in lists[key]:
            row.pop(NUMBER, None)
            row.pop(OF, None)
    return values


def _is_list(name):
    return any(name == key for key, _sheet, _parent in LISTS)


def _write_rows(sheet, rows):
    columns = list(
        dict.fromkeys(name for row in rows for name in row if not _is_list(name))
    )
    for column, name in enumerate(columns):
        sheet.write_string(0, column, name)
        for number, row in enumerate(rows, start=1):
            value = row.get(name)
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif isinstance(value, list | dict):
                sheet.write_string(number, column, json.dumps(value))
            elif value is not None:
                sheet.write_string(number, column, str(value))
    sheet.freeze_panes(1, 0)
    sheet.autofit()


def _read_rows(sheet):
    rows = list(sheet.iter_rows(values_only=True))
    head = rows[0] if rows else ()
    return [
        {
            name: False if value is None else value
            for name, value in zip(head, row, strict=False)
            if name
        }
        for row in rows[1:]
        if any(value is not None for value in row)
    ]
