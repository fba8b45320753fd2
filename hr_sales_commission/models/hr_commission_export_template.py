# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""How the file for another payroll looks: which columns, in which order, what they are
called."""

from odoo import fields, models

#: what a column of the file can hold, and whose: of the person, or of the amount
EXPORT_COLUMNS = [
    ("employee_number", "Personnel Number"),
    ("employee_name", "Employee Name"),
    ("identification", "Identification Number"),
    ("department", "Department"),
    ("job", "Job Position"),
    ("work_email", "Work Email"),
    ("company_name", "Company"),
    ("currency", "Currency"),
    ("kind", "Kind"),
    ("count", "Number of Commissions"),
    ("amount", "Amount"),
    ("date_until", "Due Until"),
    ("employee_id", "Database ID of the Employee"),
]
EXPORT_LAYOUTS = [
    ("kind", "One row per employee and kind"),
    ("employee", "One row per employee"),
]
EXPORT_FILE_TYPES = [("xlsx", "Excel"), ("csv", "CSV")]


class HrCommissionExportTemplate(models.Model):
    """The columns that a payroll wants, kept for the next export."""

    _name = "hr.commission.export.template"
    _description = "Template of Commission Exports"
    _inherit = ["hr.commission.guard"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    layout = fields.Selection(
        EXPORT_LAYOUTS,
        required=True,
        default="employee",
        help="What a row of the file is.",
    )
    file_type = fields.Selection(
        EXPORT_FILE_TYPES,
        string="Format",
        required=True,
        default="xlsx",
        help="The kind of file that is written.",
    )
    column_ids = fields.One2many(
        "hr.commission.export.column", "template_id", string="Columns", copy=True
    )


class HrCommissionExportColumn(models.Model):
    """A column of the file."""

    _name = "hr.commission.export.column"
    _description = "Column of Commission Exports"
    _inherit = ["hr.commission.guard"]
    _order = "sequence, id"
    _rec_name = "content"

    template_id = fields.Many2one(
        "hr.commission.export.template", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    content = fields.Selection(
        EXPORT_COLUMNS,
        required=True,
        default="employee_name",
        help="What the column holds.",
    )
    title = fields.Char(
        string="Heading", help="Empty: what it is called in your language."
    )

    def _get_heading(self):
        """Return what stands above the column, in the reader's language.

        :rtype: str
        """
        self.ensure_one()
        names = dict(self._fields["content"]._description_selection(self.env))
        return self.title or names[self.content]
