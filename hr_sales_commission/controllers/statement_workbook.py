# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Statements as a workbook: one sheet with the figures, one with every line."""

from io import BytesIO

import xlsxwriter

from ..pipeline.reader_numbers import get_workbook_format

STATEMENT_FIELDS = (
    ("employee_id", "company_id", "date_from", "date_to", "currency_id", "opening")
    + ("earned", "bonus", "adjusted", "clawback", "amount_held", "draw", "paid")
    + ("amount_paid", "amount_in_payroll", "amount_open", "closing")
    + ("state", "date_acknowledged")
)
LINE_FIELDS = (
    ("statement_id", "employee_id", "company_id", "date", "lead_id", "rule_id", "kind")
    + ("commission_source", "base", "rate_text", "amount", "currency_id", "date_due")
    + ("state", "origin_line_id", "explanation")
)


def build_workbook(statements):
    """Return the content of an XLSX file.

    :param statements: hr.commission.statement, in the environment of the reader
    :rtype: bytes
    """
    output = BytesIO()
    workbook = xlsxwriter.Workbook(output, {"in_memory": True})
    translate = statements.env._
    writer = SheetWriter(workbook)
    writer.add_sheet(translate("Statements"), statements, STATEMENT_FIELDS)
    lines = statements.line_ids.filtered(lambda line: line.state != "cancelled")
    lines = lines.sorted(lambda line: (line.statement_id.ids, line.date, line.id))
    writer.add_sheet(translate("Lines"), lines, LINE_FIELDS)
    workbook.close()
    return output.getvalue()


class SheetWriter:
    """Writes records as rows; text stays text, so that no formula comes in."""

    def __init__(self, workbook):
        self.workbook = workbook
        self.bold = workbook.add_format({"bold": True})
        self.formats = {
            "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        self.money_formats = {}

    def add_sheet(self, title, records, names):
        """Write a sheet of records, one a row.

        :param names: of the fields to show
        """
        columns = [
            (records._fields[name]._description_string(records.env), name, None)
            for name in names
        ]
        self.add_table(title, columns, ({None: record} for record in records))

    def add_table(self, title, columns, rows):
        """Write a sheet whose rows may have several records.

        :param columns: title, name of the field and key of the record it is of
        :param rows: records by key; what has no record stays empty
        """
        sheet = self.workbook.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 16)
        for column, (label, _name, _key) in enumerate(columns):
            sheet.write_string(0, column, label, self.bold)
        for row, records in enumerate(rows, start=1):
            for column, (_label, name, key) in enumerate(columns):
                if key in records:
                    record = records[key]
                    self._write(sheet, row, column, record, record._fields[name])

    def _write(self, sheet, row, column, record, field):
        # sudo: names around a statement or line that the reader may read
        value = record.sudo()[field.name]
        if field.type == "many2one":
            sheet.write_string(row, column, value.display_name or "")
        elif field.type == "selection":
            labels = dict(field._description_selection(record.env))
            sheet.write_string(row, column, labels.get(value, ""))
        elif field.type in ("date", "datetime"):
            if value:
                sheet.write_datetime(row, column, value, self.formats[field.type])
        elif field.type == "monetary":
            style = self._get_money_format(record.currency_id)
            sheet.write_number(row, column, value, style)
        elif field.type in ("float", "integer"):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, value or "")

    def _get_money_format(self, currency):
        if currency not in self.money_formats:
            style = {"num_format": get_workbook_format(currency)}
            self.money_formats[currency] = self.workbook.add_format(style)
        return self.money_formats[currency]
