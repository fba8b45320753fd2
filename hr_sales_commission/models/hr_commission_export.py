# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What was handed to another payroll: who, when, which lines, with which file."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class HrCommissionExport(models.Model):
    """One export of approved commissions to another payroll.

    Its lines are in payroll until the export is acknowledged (paid) or taken back
    (approved again), so that the next export and payslips leave them out.
    """

    _name = "hr.commission.export"
    _description = "Commission Export"
    _inherit = ["hr.commission.guard", "mail.thread"]
    _order = "id desc"
    _rec_name = "file_name"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Exported By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    template_id = fields.Many2one(
        "hr.commission.export.template", readonly=True, ondelete="set null"
    )
    date_until = fields.Date(string="Due Until", required=True, readonly=True)
    state = fields.Selection(
        [("exported", "Exported"), ("paid", "Paid"), ("cancelled", "Taken back")],
        required=True,
        readonly=True,
        default="exported",
        tracking=True,
    )
    file = fields.Binary(readonly=True, copy=False)
    file_name = fields.Char(readonly=True, copy=False)
    line_ids = fields.One2many(
        "hr.commission.line", "export_id", string="Commissions", readonly=True
    )
    line_count = fields.Integer(compute="_compute_total", string="Commissions Exported")
    amount_total = fields.Monetary(
        string="Total in the File", readonly=True, help="What the file was made with."
    )
    amount_kept = fields.Monetary(
        string="Not Taken Back",
        compute="_compute_total",
        help="What of the file was paid or waits to be; the rest was taken back.",
    )
    is_less = fields.Boolean(
        compute="_compute_total", help="A part of the file was taken back."
    )
    reference = fields.Char(
        tracking=True,
        help="How the other payroll calls this payment. Repeating it pays nothing twice.",
    )
    date_paid = fields.Date(string="Paid On", tracking=True)

    @api.depends("line_ids", "amount_total", "state")
    def _compute_total(self):
        kept = {
            export: (count, amount)
            for export, count, amount in self.env["hr.commission.line"]._read_group(
                [("export_id", "in", self.ids)],
                ["export_id"],
                ["__count", "amount:sum"],
            )
        }
        for export in self:
            count, amount = kept.get(export._origin, (0, 0.0))
            export.line_count = count
            export.amount_kept = amount
            export.is_less = export.state == "paid" and bool(
                export.currency_id.compare_amounts(amount, export.amount_total)
            )

    def write(self, vals):
        typed = {"reference", "date_paid"}
        if not self.env.su and (
            not vals.keys() <= typed
            or any(export.state != "exported" for export in self)
        ):
            raise UserError(
                self.env._(
                    "An export stays as it was made. Acknowledge it, or take it back."
                )
            )
        return super().write(vals)

    @api.model
    def _reserve(self, lines, vals):
        """Keep an export and take its lines into payroll.

        :param lines: approved hr.commission.line of one company
        :param dict vals: of the record
        :rtype: hr.commission.export
        :raises UserError: if a line is not approved any more
        """
        # sudo: the ledger accepts this through here only; the caller checked the rights
        lines = lines.sudo()
        lines._payroll_reserve()
        export = self.sudo().create(  # sudo: see above
            {**vals, "amount_total": sum(lines.mapped("amount"))}
        )
        lines.write({"export_id": export.id})
        return export.sudo(False)

    def action_acknowledge(self):
        """Record the exported lines as paid, under the reference of the other payroll.

        :raises UserError: without a reference, or if the export is not open
        """
        for export in self:
            export._check_open()
            # sudo: lines of colleagues, whose export the officer reads
            ids = export.sudo().line_ids.ids
            self.env["hr.commission.line"].commission_acknowledge(
                ids, export.reference, export.date_paid
            )
        return True

    def action_take_back(self):
        """Give the lines back: they are approved again and come into the next export.

        What the other payroll has acknowledged by now is paid and stays in the export.

        :raises UserError: if the export is not open, or hands over money of one's own
        """
        self.env["hr.commission.line"]._check_export_officer()
        self.check_access("write")
        for export in self:
            export._check_open()
            lines = export.sudo().line_ids  # sudo: see _reserve
            lines.sudo(self.env.su)._check_no_stake()
            paid = lines.filtered(lambda line: line.state == "paid")
            (lines - paid)._payroll_release()
            (lines - paid).write({"export_id": False})
            if paid:
                export._set_paid(paid[0].payment_ref, paid[0].date_paid)
            else:
                export.sudo().state = "cancelled"  # sudo: see _reserve
        return True

    def _check_open(self):
        self.ensure_one()
        if self.state != "exported":
            raise UserError(
                self.env._(
                    "“%(export)s” is finished already.", export=self.display_name
                )
            )

    def action_view_lines(self):
        """Show the commissions in this export."""
        self._ensure_one_given()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_line_action"
        )
        action["domain"] = [("export_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.depends("company_id", "date_until")
    def _compute_display_name(self):
        for export in self:
            export.display_name = self.env._(
                "Export %(number)s: %(company)s, due until %(day)s",
                number=export.id or "",
                company=export.company_id.sudo().name,  # sudo: a name
                day=format_date(self.env, export.date_until),
            )

    def _set_paid(self, reference, date):
        """Note that every line of these exports is paid."""
        open_exports = self.sudo().filtered(  # sudo: written by the system only
            lambda export: (
                export.state == "exported"
                and all(line.state == "paid" for line in export.line_ids)
            )
        )
        open_exports.write({"state": "paid", "reference": reference, "date_paid": date})
