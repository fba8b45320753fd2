import base64
import csv
import io

import xlsxwriter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

PEOPLE_COLUMNS = ("employee_id", "employee_name", "work_email")
#: columns of the two layouts, as ``commission_due`` names them
LAYOUT_COLUMNS = {
    "kind": PEOPLE_COLUMNS + ("company_name", "currency", "kind", "count", "amount"),
    "employee": PEOPLE_COLUMNS + ("company_name", "currency", "count", "amount"),
}
#: a text that starts like this is a formula to spreadsheets
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class HrCommissionExportWizard(models.TransientModel):
    """Which commissions go to another payroll, and how the file looks."""

    _name = "hr.commission.export.wizard"
    _description = "Export Commissions"
    _inherit = ["hr.commission.guard"]

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    date_until = fields.Date(
        string="Due Until",
        required=True,
        default=lambda self: fields.Date.end_of(
            fields.Date.context_today(self), "month"
        ),
    )
    layout = fields.Selection(
        [
            ("kind", "One row per employee and kind"),
            ("employee", "One row per employee"),
        ],
        required=True,
        default="kind",
    )
    file_type = fields.Selection(
        [("xlsx", "Excel"), ("csv", "CSV")],
        string="Format",
        required=True,
        default="xlsx",
    )
    include_negative = fields.Boolean(
        string="Include Negative Balances",
        help="Also people who owe more than is due. Otherwise their lines wait.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    def action_export(self):
        """Write the file, and keep which lines are in it as an export.

        :return: action that shows the export
        :raises UserError: if nothing is due
        """
        self.ensure_one()
        rows = self._get_rows()
        if not rows:
            raise UserError(
                self.env._(
                    "Nothing is due until %(day)s. Approve commissions first, or choose "
                    "a later day. What was exported before is under Exports.",
                    day=format_date(self.env, self.date_until),
                )
            )
        line_ids = [line_id for row in rows for line_id in row["line_ids"]]
        columns = LAYOUT_COLUMNS[self.layout]
        write = self._write_xlsx if self.file_type == "xlsx" else self._write_csv
        export = self.env["hr.commission.export"]._reserve(
            self.env["hr.commission.line"].browse(line_ids),
            {
                "company_id": self.company_id.id,
                "date_until": self.date_until,
                "file": base64.b64encode(write(columns, rows, line_ids)),
                "file_name": f"commissions-{self.date_until}.{self.file_type}",
            },
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": export._name,
            "res_id": export.id,
            "view_mode": "form",
        }

    def _get_rows(self):
        """Return the rows of the file in the layout chosen."""
        rows = self.env["hr.commission.line"].commission_due(
            self.company_id.id, self.date_until, self.include_negative
        )
        if self.layout == "kind":
            return rows
        by_employee = {}
        for row in rows:
            total = by_employee.setdefault(
                row["employee_id"], {**row, "count": 0, "amount": 0.0, "line_ids": []}
            )
            total["count"] += row["count"]
            total["amount"] = self.currency_id.round(total["amount"] + row["amount"])
            total["line_ids"] = total["line_ids"] + row["line_ids"]
        return list(by_employee.values())

    def _write_csv(self, columns, rows, _line_ids):
        """Return the rows as CSV, UTF-8 with the mark that Excel needs."""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([self._escape(row[column]) for column in columns])
        return stream.getvalue().encode("utf-8-sig")

    @staticmethod
    def _escape(value):
        """Keep spreadsheets from reading a text as a formula."""
        if isinstance(value, str) and value.startswith(FORMULA_STARTS):
            return f"'{value}"
        return value

    def _write_xlsx(self, columns, rows, line_ids):
        """Return a workbook with the rows and, on a second sheet, every deal."""
        stream = io.BytesIO()
        workbook = xlsxwriter.Workbook(
            stream, {"in_memory": True, "strings_to_formulas": False}
        )
        formats = {
            "head": workbook.add_format({"bold": True, "bottom": 1}),
            "money": workbook.add_format({"num_format": "#,##0.00"}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        }
        self._write_sheet(
            workbook.add_worksheet(self.env._("Commissions")),
            formats,
            columns,
            [[row[column] for column in columns] for row in rows],
        )
        lines = self.env["hr.commission.line"].browse(line_ids)
        self._write_sheet(
            workbook.add_worksheet(self.env._("Deals")),
            formats,
            ("line_id", "employee", "date", "deal", "customer", "rule", "kind")
            + ("base", "rate", "amount", "explanation"),
            [self._get_deal(line) for line in lines.sudo()],  # sudo: names of deals
        )
        workbook.close()
        return stream.getvalue()

    @staticmethod
    def _get_deal(line):
        return [
            line.id,
            line.employee_id.name,
            line.date,
            line.lead_id.name or "",
            line.partner_id.name or "",
            line.rule_id.name or "",
            line.kind,
            line.base,
            line.rate,
            line.amount,
            line.explanation or "",
        ]

    @staticmethod
    def _write_sheet(sheet, formats, columns, rows):
        for position, column in enumerate(columns):
            sheet.write_string(0, position, column, formats["head"])
        sheet.freeze_panes(1, 0)
        for position, column in enumerate(columns):
            style = formats["money" if column in ("base", "amount") else "date"]
            for number, row in enumerate(rows, start=1):
                if column == "date":
                    sheet.write_datetime(number, position, row[position], style)
                elif column in ("base", "amount"):
                    sheet.write_number(number, position, row[position], style)
                elif isinstance(row[position], int | float):
                    sheet.write_number(number, position, row[position])
                else:
                    # a text stays a text: no formula, no link, no array
                    sheet.write_string(number, position, row[position] or "")
        sheet.autofit()
