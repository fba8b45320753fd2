# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Customers that are one: what they bought counts from the first sale to either."""

from datetime import date

from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Have what rules pay by the age of the customer computed again.

        :raises UserError: where it pays who merges them
        """
        customers = self.env["res.partner"].browse(partner_ids).exists()
        customers._check_not_put_together(list(customers))
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        customers = self.env["res.partner"].browse(partner_ids).exists()
        # sudo: events are technical
        Event = self.env["hr.commission.event"].sudo()
        Event._touch_later_sales(customers, [date.min])
        return result
