# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Lists that people save as files: what somebody typed is text, and runs nowhere."""

import re
from collections import OrderedDict

from odoo.addons.web.controllers.export import (
    CSVExport as CsvController,
    ExcelExport as ExcelController,
)

#: how a text begins that an office program takes for a formula or another file
LIVE = re.compile(r"\s*(?:[=@]|\{=|internal:|external:|file:)|[\t\r\n]", re.IGNORECASE)


def as_text(value):
    """Return a cell as it stays text; other values as they are."""
    if isinstance(value, str) and LIVE.match(value):
        return f"'{value}"
    return value


def _as_texts(rows):
    return [[as_text(value) for value in row] for row in rows]


class CommissionCsvExport(CsvController):
    """Odoo puts a mark before the most usual formulas; this is for the others."""

    def from_data(self, fields, columns_headers, rows):
        """Return the content of a CSV file.

        :rtype: str
        """
        return super().from_data(
            fields,
            columns_headers,
            [
                [
                    value
                    if isinstance(value, str) and value.startswith("=")
                    else as_text(value)
                    for value in row
                ]
                for row in rows
            ],
        )


class CommissionExcelExport(ExcelController):
    """The library that writes workbooks makes formulas and links of texts."""

    def from_data(self, fields, columns_headers, rows):
        """Return the content of an XLSX file.

        :rtype: bytes
        """
        return super().from_data(fields, columns_headers, _as_texts(rows))

    def from_group_data(self, fields, columns_headers, groups):
        """Return the content of an XLSX file of groups.

        :rtype: bytes
        """
        self._keep_texts(groups)
        return super().from_group_data(fields, columns_headers, groups)

    def _keep_texts(self, group):
        group.data = _as_texts(group.data)
        group.children = OrderedDict(
            (
                tuple(map(as_text, key)) if isinstance(key, tuple) else as_text(key),
                child,
            )
            for key, child in group.children.items()
        )
        for child in group.children.values():
            self._keep_texts(child)
