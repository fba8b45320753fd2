# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Years of commissions begin with the fiscal year."""

from calendar import monthrange

from odoo import api, models

from odoo.addons.hr_sales_commission.engine.facts import YearStart

FISCAL_YEAR = ("fiscalyear_last_month", "fiscalyear_last_day")
#: the day on which each month is over; February's of 28 days
LAST_DAYS = {month: monthrange(2023, month)[1] for month in range(1, 13)}


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
        if day >= LAST_DAYS[month]:
            return YearStart(month % 12 + 1)
        return YearStart(month, day + 1)
