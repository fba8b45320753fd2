# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Working hours decide payout days and targets: a change computes them again."""

from odoo import models
from odoo.fields import Domain

#: what the working time of people in part time comes from
HOURS = {"attendance_ids", "hours_per_week", "full_time_required_hours"}


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:  # the companies' commission days follow it, see res.company
            self.env.registry.clear_cache()
        if not HOURS.isdisjoint(vals):
            # sudo: hr.version - whose working hours they are
            versions = self.env["hr.version"].sudo()
            self.env["hr.commission.target"]._reprocess_in_part(
                versions.search([("resource_calendar_id", "in", self.ids)]).employee_id,
                Domain("proration", "=", "working_time"),
            )
        return result
