"""A new wage computes again what is paid on wages."""

from odoo import models


class HrVersion(models.Model):
    _inherit = "hr.version"

    def write(self, vals):
        result = super().write(vals)
        if "wage" in vals and self.env["hr.commission.plan"]._pays_on_wages():
            self._reprocess_commissions()
        return result
