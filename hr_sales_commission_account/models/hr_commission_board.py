# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The first steps say which orders and invoices are older than commissions."""

from odoo import models
from odoo.fields import Domain

from ..pipeline.sold_documents import INVOICED, ORDERED


class HrCommissionBoard(models.AbstractModel):
    _inherit = "hr.commission.board"

    def _count_past(self, companies):
        # sudo: how many there are, not which
        orders, moves = self.env["sale.order"].sudo(), self.env["account.move"].sudo()
        ordered = companies._get_commission_past_domain("date_order")
        invoiced = companies._get_commission_past_domain("invoice_date")
        return [
            *super()._count_past(companies),
            (self.env._("orders"), orders.search_count(Domain(ORDERED) & ordered)),
            (self.env._("invoices"), moves.search_count(Domain(INVOICED) & invoiced)),
        ]
