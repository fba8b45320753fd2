# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models


class ResPartnerBank(models.Model):
    """By a bank account a customer is found again, as by VAT or registry number."""

    _inherit = "res.partner.bank"

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._ask_holders_again()
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if not {"acc_number", "sanitized_acc_number", "partner_id"}.isdisjoint(vals):
            self._ask_holders_again()
        return result

    def _ask_holders_again(self):
        """Ask whose customers the leads of whoever holds these accounts are."""
        holders = self.partner_id
        holders._ask_leads_again(holders._find_leads())
