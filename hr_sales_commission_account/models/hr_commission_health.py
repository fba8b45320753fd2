# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Documents that jobs have left out."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.hr_sales_commission.models.hr_commission_health import STUCK


class HrCommissionHealth(models.Model):
    _inherit = "hr.commission.health"

    @api.model
    def _get_left_domains(self, company):
        old = fields.Datetime.now() - timedelta(seconds=STUCK)
        waiting = (
            Domain("is_commission_pending", "=", True)
            & Domain("company_id", "=", company.id)
            & Domain("write_date", "<", old)
        )
        return {
            **super()._get_left_domains(company),
            "sale.order": waiting,
            "account.move": waiting,
        }
