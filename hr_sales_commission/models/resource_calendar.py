"""Working hours decide payout days: a change computes them again."""

from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:  # the companies' commission days follow it, see res.company
            self.env.registry.clear_cache()
        return result
