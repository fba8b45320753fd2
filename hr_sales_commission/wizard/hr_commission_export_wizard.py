# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import base64
import csv
import io

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..models.hr_commission_export_template import EXPORT_FILE_TYPES, EXPORT_LAYOUTS
from ..pipeline.reader_numbers import get_workbook_format
from ..pipeline.refusals import describe, explain_each

PEOPLE_COLUMNS = ("employee_id", "employee_name", "work_email")
#: columns of the two layouts, as ``commission_due`` names them
LAYOUT_COLUMNS = {
    "kind": PEOPLE_COLUMNS + ("company_name", "currency", "kind", "count", "amount"),
    "employee": PEOPLE_COLUMNS + ("company_name", "currency", "count", "amount"),
}
#: a text that starts like this is a formula to spreadsheets
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


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
        help="The company that pays.",
    )
    date_until = fields.Date(
        string="Due Until",
        required=True,
        default=lambda self: fields.Date.end_of(
            self.env.company._commission_local_date(), "month"
        ),
        help="Approved commissions that are due up to this day and in no payroll yet.",
    )
    template_id = fields.Many2one(
        "hr.commission.export.template",
        default=lambda self: self._default_template(),
        help="Which columns the file has, and how they are called. The last one is "
        "proposed again.",
    )
    layout = fields.Selection(
        EXPORT_LAYOUTS,
        required=True,
        default="kind",
        help="Whether each kind of commission has a row of its own.",
    )
    file_type = fields.Selection(
        EXPORT_FILE_TYPES,
        string="Format",
        required=True,
        default="xlsx",
        help="An Excel file also lists every commission.",
    )
    include_negative = fields.Boolean(
        string="Include Negative Balances",
        help="Also people who owe more than is due. Otherwise their lines wait.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_count = fields.Integer(
        string="People",
        compute="_compute_amounts",
        help="How many people the file has something for.",
    )
    amount = fields.Monetary(
        compute="_compute_amounts",
        help="What the file pays in all. What an earlier export or a payslip has taken "
        "is not in it.",
    )

    @api.depends("company_id", "date_until", "include_negative")
    def _compute_amounts(self):
        for wizard in self:
            is_complete = wizard.date_until and wizard.company_id in self.env.companies
            rows = wizard._read_due(wizard._explain_left_out()) if is_complete else []
            wizard.employee_count = len({row["employee_id"] for row in rows})
            wizard.amount = sum(row["amount"] for row in rows)

    @api.model
    def _default_template(self):
        """Propose the template of the last export; to readers of other languages than
        English, whom technical headings tell nothing, the list that comes with us."""
        last = self.env["hr.commission.export"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        if last or (self.env.lang or "en").startswith("en"):
            return last.template_id
        ready = "hr_sales_commission.hr_commission_export_template_payroll"
        return self.env.ref(ready, raise_if_not_found=False)

    def action_export(self):
        """Write the file, and keep which lines are in it as an export.

        Money of one's own is left out, for somebody else to export; the export says so.

        :return: action that shows the export
        :raises UserError: if nothing is due
        """
        self._ensure_one_given()
        refusals = self._explain_left_out()
        rows = self._get_rows(refusals)
        if not rows:
            raise UserError(self._describe_nothing(refusals))
        line_ids = [line_id for row in rows for line_id in row["line_ids"]]
        columns = self._get_columns()
        file_type = self.template_id.file_type or self.file_type
        write = self._write_xlsx if file_type == "xlsx" else self._write_csv
        export = self.env["hr.commission.export"]._reserve(
            self.env["hr.commission.line"].browse(line_ids),
            {
                "company_id": self.company_id.id,
                "date_until": self.date_until,
                "template_id": self.template_id.id,
                "file": base64.b64encode(write(columns, rows, line_ids)),
                "file_name": f"commissions-{self.date_until}.{file_type}",
            },
        )
        if refusals:
            export._message_log(
                body=self.env._("Left out: %(text)s", text=describe(self.env, refusals))
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": export._name,
            "res_id": export.id,
            "view_mode": "form",
        }

    def _describe_nothing(self, refusals):
        """Say that nothing is due, or why nothing of it is exported."""
        if refusals:
            return describe(self.env, refusals)
        return self.env._(
            "Nothing is due until %(day)s. Approve commissions first, or choose "
            "a later day. What was exported before is under Exports.",
            day=format_date(self.env, self.date_until),
        )

    def _get_columns(self):
        """Return what each column holds, and its heading.

        :rtype: list[tuple[str, str]]
        """
        if self.template_id.column_ids:
            return [
                (column.content, column._get_heading())
                for column in self.template_id.column_ids
            ]
        return [(column, column) for column in LAYOUT_COLUMNS[self.layout]]

    def _get_kinds(self):
        """Return the kinds of commissions, in the reader's language."""
        kind = self.env["hr.commission.line"]._fields["kind"]
        return dict(kind._description_selection(self.env))

    def _add_details(self, rows):
        """Add to rows what only templates name."""
        people = self.env["hr.employee"].sudo()  # sudo: officers need not be HR
        people = people.browse({row["employee_id"] for row in rows})
        kinds = self._get_kinds()
        for row in rows:
            person = people.browse(row["employee_id"])
            version = person._get_version(self.date_until)
            row.update(
                employee_number=person.barcode or "",
                identification=version.identification_id or "",
                department=version.department_id.name or "",
                job=version.job_id.name or "",
                kind=kinds[row["kind"]],
                date_until=self.date_until,
            )

    def _get_domain(self):
        Line = self.env["hr.commission.line"]
        company = Line._check_export_company(self.company_id.id)
        return Line._get_payable_domain(company, self.date_until)

    def _explain_left_out(self):
        """Return what is due and not to be paid by who exports, with the reasons.

        :rtype: dict
        """
        due = self.env["hr.commission.line"].search(self._get_domain())
        return explain_each(due._find_not_payable())

    def _get_rows(self, refusals=()):
        """Return the rows of the file in the layout chosen.

        :param refusals: lines that are left out
        """
        rows = self._read_due(refusals)
        if self.template_id:
            self._add_details(rows)
        if (self.template_id.layout or self.layout) == "kind":
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

    def _read_due(self, refusals):
        """Return what is due by employee and kind, without some lines."""
        left_out = [line.id for line in refusals]
        return self.env["hr.commission.line"]._get_due_rows(
            self.company_id,
            self._get_domain() & Domain("id", "not in", left_out),
            self.include_negative,
        )

    def _write_csv(self, columns, rows, _line_ids):
        """Return the rows as CSV, UTF-8 with the mark that Excel needs."""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow([self._escape(heading) for _column, heading in columns])
        for row in rows:
            writer.writerow([self._escape(row[column]) for column, _heading in columns])
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
            "money": workbook.add_format(
                {"num_format": get_workbook_format(self.currency_id)}
            ),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        }
        self._write_sheet(
            workbook.add_worksheet(self.env._("Commissions")),
            formats,
            columns,
            [[row[column] for column, _heading in columns] for row in rows],
        )
        lines = self.env["hr.commission.line"].browse(line_ids)
        self._write_sheet(
            workbook.add_worksheet(self.env._("Deals")),
            formats,
            self._get_deal_columns(),
            [self._get_deal(line) for line in lines.sudo()],  # sudo: names of deals
        )
        workbook.close()
        return stream.getvalue()

    def _get_deal_columns(self):
        """Return what the columns of the second sheet hold, and their headings."""
        names = {
            "line_id": self.env._("Commission"),
            "employee": self.env._("Employee"),
            "date": self.env._("Date"),
            "deal": self.env._("Deal"),
            "customer": self.env._("Customer"),
            "rule": self.env._("Rule"),
            "kind": self.env._("Kind"),
            "base": self.env._("Base"),
            "rate": self.env._("Rate"),
            "amount": self.env._("Amount"),
            "explanation": self.env._("Explanation"),
        }
        return [
            (name, heading if self.template_id else name)
            for name, heading in names.items()
        ]

    def _get_deal(self, line):
        return [
            line.id,
            line.employee_id.name,
            line.date,
            line.subject or "",
            line.partner_id.name or "",
            line.rule_id.name or "",
            self._get_kinds()[line.kind] if self.template_id else line.kind,
            line.base,
            line.rate,
            line.amount,
            line.explanation or "",
        ]

    @staticmethod
    def _write_sheet(sheet, formats, columns, rows):
        for position, (_column, heading) in enumerate(columns):
            sheet.write_string(0, position, heading, formats["head"])
        sheet.freeze_panes(1, 0)
        for position, (column, _heading) in enumerate(columns):
            style = formats["money" if column in ("base", "amount") else "date"]
            for number, row in enumerate(rows, start=1):
                if column in ("date", "date_until"):
                    sheet.write_datetime(number, position, row[position], style)
                elif column in ("base", "amount"):
                    sheet.write_number(number, position, row[position], style)
                elif isinstance(row[position], int | float):
                    sheet.write_number(number, position, row[position])
                else:
                    # a text stays a text: no formula, no link, no array
                    sheet.write_string(number, position, row[position] or "")
        sheet.autofit()
