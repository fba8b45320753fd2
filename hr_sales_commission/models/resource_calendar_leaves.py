# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Holidays and make-up days decide payout days: a change computes them again."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..pipeline.target_days import PRESENT


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    is_working_day = fields.Boolean(
        string="Make-Up Working Day",
        help="People work on these days although they are days off otherwise, as on the "
        "Saturdays that make up for a long holiday. Due dates of commissions count them.",
    )

    _working_day_is_no_leave = models.Constraint(
        "CHECK (is_working_day IS NOT TRUE"
        " OR (time_type = 'other' AND resource_id IS NULL))",
        "A make-up working day is for everybody, and no time off.",
    )

    @api.onchange("is_working_day")
    def _onchange_is_working_day(self):
        self.time_type = "other" if self.is_working_day else "leave"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("is_working_day"):
                vals["time_type"] = "other"  # nobody is away
        leaves = super().create(vals_list)
        leaves._reprocess_targets()
        return leaves

    def write(self, vals):
        if vals.get("is_working_day"):
            vals = {**vals, "time_type": "other"}
        self._reprocess_targets()
        result = super().write(vals)
        self._reprocess_targets()
        return result

    def unlink(self):
        self._reprocess_targets()
        return super().unlink()

    def _reprocess_targets(self):
        """Have what is paid by targets in proportion to presence computed again."""
        resources = self.resource_id
        if resources:
            employees = resources.sudo().employee_id  # sudo: whose absence it is
            self.env["hr.commission.target"]._reprocess_in_part(
                employees.with_context(active_test=False),
                Domain("proration", "in", PRESENT),
            )
