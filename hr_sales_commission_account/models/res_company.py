"""Years of commissions begin with the fiscal year."""

from odoo import api, models

from odoo.addons.hr_sales_commission.engine.facts import YearStart

FISCAL_YEAR = ("fiscalyear_last_month", "fiscalyear_last_day")
#: from this day on the month is over
LAST_DAY = 28


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _get_year_fields(self):
        return (*super()._get_year_fields(), *FISCAL_YEAR)

    def _get_fiscal_year_start(self):
        """Return the day after the company's fiscal year; replaces January 1."""
        root = self.root_id
        month = int(root.fiscalyear_last_month or 12)
        day = root.fiscalyear_last_day or 31
        if day >= LAST_DAY:  # the last of the month, or so near that some have none
            return YearStart(month % 12 + 1)
        return YearStart(month, day + 1)
