# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.fields import Command

from ..pipeline.titles import title_of


class HrCommissionCreditCorrection(models.TransientModel):
    """Credit other people with a deal, an order or an invoice than it was sealed with."""

    _name = "hr.commission.credit.correction"
    _description = "Correct Credit"
    _inherit = ["hr.commission.guard"]

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    date_from = fields.Date(
        string="From Day",
        help="Hand-over: what happened before this day stays with whom it is; what is "
        "collected or renewed from then on belongs to the new people. Empty: from the "
        "beginning.",
    )
    reason = fields.Text(required=True, help="What was wrong, for whoever asks later.")
    line_ids = fields.One2many(
        "hr.commission.credit.correction.line",
        "correction_id",
        string="Credits",
        help="Who is credited instead, with which part.",
    )

    @api.model
    def _get_action(self, record):
        """Return the action that opens the dialog for a deal or a document."""
        record._ensure_one_given()
        self.env["hr.commission.correction"]._check_may_correct()
        return {
            "type": "ir.actions.act_window",
            "name": title_of(self.env._("Correct Credit"), record.display_name),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": record._name,
                "default_res_id": record.id,
            },
        }

    @api.model
    def default_get(self, fields_list):
        """Start from whom the latest event of each role credits."""
        values = super().default_get(fields_list)
        model, record_id = values.get("res_model"), values.get("res_id")
        if "line_ids" in fields_list and model in self.env and record_id:
            record = self.env[model].browse(record_id)
            record.check_access("read")
            events = self.env["hr.commission.correction"]._get_events(record)
            values["line_ids"] = self._get_line_commands(events)
        return values

    @api.model
    def _get_line_commands(self, events):
        roles = {role for role, _label in self._get_roles()}
        parts = self.env["hr.commission.correction"]._get_parts(events)
        latest = {}
        for event in events.sorted(lambda event: (event.date, event.id)):
            latest.update(parts[event.id])
        return [
            Command.create(
                {"role": role, "employee_id": employee_id, "percent": percent}
            )
            for role, pairs in latest.items()
            if role in roles
            for employee_id, percent in pairs
        ]

    @api.model
    def _get_roles(self):
        return (
            self.env["crm.lead.share"]._fields["role"]._description_selection(self.env)
        )

    def action_correct(self):
        """Credit the people named, and have the differences posted.

        :raises AccessError, UserError: as ``hr.commission.correction._correct_credit``
        """
        self._ensure_one_given()
        shares = {
            role: [(line.employee_id.id, line.percent) for line in lines]
            for role, lines in self.line_ids.grouped("role").items()
        }
        self.env["hr.commission.correction"]._correct_credit(
            self.env[self.res_model].browse(self.res_id),
            shares,
            self.reason,
            self.date_from,
        )
        return self.env["hr.commission.correction"]._tell_corrected()


class HrCommissionCreditCorrectionLine(models.TransientModel):
    """One person's part in a role, as it shall be."""

    _name = "hr.commission.credit.correction.line"
    _description = "Corrected Credit"
    _inherit = ["hr.commission.guard"]

    correction_id = fields.Many2one(
        "hr.commission.credit.correction", required=True, ondelete="cascade"
    )
    role = fields.Selection(
        selection=lambda self: self.env["hr.commission.credit.correction"]._get_roles(),
        required=True,
        default="sales",
        help="As what the person contributed.",
    )
    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade")
    percent = fields.Float(
        string="Share (%)",
        required=True,
        default=100.0,
        digits=(16, 6),
        help="The parts of a role make 100.",
    )
