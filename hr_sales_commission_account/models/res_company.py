"""Years of commissions begin with the fiscal year."""

from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _get_year_fields(self):
        return (*super()._get_year_fields(), "fiscalyear_last_month")

    def _get_fiscal_year_month(self):
        """Return the month after the company's fiscal year; replaces January."""
        last = int(self.root_id.fiscalyear_last_month or 12)
        return last % 12 + 1
