# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models


class HrCommissionShare(models.Model):
    """Whom an order or an invoice itself credits, role by role.

    It comes before the people of the deal. An invoice without shares of its own has
    those of the order it comes from.
    """

    _name = "hr.commission.share"
    _description = "Commission Share of a Document"
    _inherit = ["hr.commission.share.mixin", "hr.mixin"]
    _order = "order_id, move_id, role, id"
    _rec_name = "employee_id"
    _shared_fields = ("order_id", "move_id")

    order_id = fields.Many2one("sale.order", ondelete="cascade")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )  # stored for the record rules

    _of_one_document = models.Constraint(
        "CHECK ((order_id IS NULL) != (move_id IS NULL))",
        "A share belongs to an order or to an invoice.",
    )
    _person_on_order_unique = models.UniqueIndex(
        "(order_id, role, employee_id) WHERE order_id IS NOT NULL",
        "Each person has one share per role.",
    )
    _person_on_invoice_unique = models.UniqueIndex(
        "(move_id, role, employee_id) WHERE move_id IS NOT NULL",
        "Each person has one share per role.",
    )

    @api.depends("order_id.company_id", "move_id.company_id")
    def _compute_company_id(self):
        for share in self:
            share.company_id = share.order_id.company_id or share.move_id.company_id
