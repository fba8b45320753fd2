from odoo import api, models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._reprocess_targets()
        return leaves

    def write(self, vals):
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
                Domain("proration", "=", "present"),
            )
