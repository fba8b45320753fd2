# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Invoices that are reversed and made again."""

from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def _modify_default_reverse_values(self, origin_move):
        """What is invoiced in the place of an invoice is of the same salesperson."""
        values = super()._modify_default_reverse_values(origin_move)
        return {**values, "invoice_user_id": origin_move.invoice_user_id.id}
