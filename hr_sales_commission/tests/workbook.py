# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Reads the cells of an XLSX file with the standard library."""

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_workbook(content):
    """Return rows of cells by sheet name; numbers as floats, empty cells as ''.

    :param bytes content: of an XLSX file
    """
    with ZipFile(BytesIO(content)) as archive:
        strings = [
            "".join(item.itertext())
            for item in _parse(archive, "xl/sharedStrings.xml").iter(f"{MAIN}si")
        ]
        names = [
            sheet.get("name")
            for sheet in _parse(archive, "xl/workbook.xml").iter(f"{MAIN}sheet")
        ]
        return {
            name: _read_sheet(
                _parse(archive, f"xl/worksheets/sheet{number}.xml"), strings
            )
            for number, name in enumerate(names, start=1)
        }


def _parse(archive, path):
    return ElementTree.fromstring(archive.read(path))


def _read_sheet(sheet, strings):
    rows = []
    for row in sheet.iter(f"{MAIN}row"):
        cells = {
            _column(cell.get("r")): _value(cell, strings)
            for cell in row.iter(f"{MAIN}c")
        }
        rows.append([cells.get(column, "") for column in range(max(cells) + 1)])
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _column(reference):
    number = 0
    for letter in re.match("[A-Z]+", reference).group():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell, strings):
    text = cell.findtext(f"{MAIN}v", "")
    if cell.get("t") == "s":
        return strings[int(text)]
    return float(text) if text else ""
