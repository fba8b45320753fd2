# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models

from ..models.hr_commission_board import INVOICED, ORDERED


class HrCommissionStart(models.TransientModel):
    """The orders and invoices of before the start are counted too."""

    _inherit = "hr.commission.start"

    order_count = fields.Integer(
        string="Orders Before the Start",
        compute="_compute_document_counts",
        help="Confirmed orders dated before this day: they pay nothing.",
    )
    invoice_count = fields.Integer(
        string="Invoices Before the Start",
        compute="_compute_document_counts",
        help="Posted customer invoices and credit notes dated before this day: they pay "
        "nothing. What customers pay for them from this day on counts where a plan pays "
        "on payments.",
    )

    @api.depends("company_id", "date")
    def _compute_document_counts(self):
        # sudo: how many there are, not which
        orders, moves = self.env["sale.order"].sudo(), self.env["account.move"].sudo()
        for start in self:
            here = [("company_id", "=", start.company_id.id)]
            start.order_count = orders.search_count(
                [*here, *ORDERED, ("date_order", "<", start.date)]
            )
            start.invoice_count = moves.search_count(
                [*here, *INVOICED, ("invoice_date", "<", start.date)]
            )
