# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Payments: what settles an invoice is collected, what is undone is taken back."""

from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        matches = super().create(vals_list)
        matches._get_settled_documents()._commission_capture()
        return matches

    def unlink(self):
        documents = self._get_settled_documents()
        result = super().unlink()
        documents.exists()._commission_capture()
        return result

    def _get_settled_documents(self):
        """Return the posted customer documents that these match with something."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        documents = moves._filter_customer_documents()
        return documents.filtered(lambda move: move.state == "posted")
