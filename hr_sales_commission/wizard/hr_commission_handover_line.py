# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields, models


class HrCommissionHandoverLine(models.TransientModel):
    """One thing that is handed over, and to whom."""

    _name = "hr.commission.handover.line"
    _description = "What Is Handed Over"
    _inherit = [
        "hr.commission.guard",
        "hr.mixin",
    ]  # officers choose employees without reading their records

    handover_id = fields.Many2one(
        "hr.commission.handover", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("deal", "Open deals"),
            ("customer", "Customers"),
            ("target", "Targets"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(readonly=True)
    currency_id = fields.Many2one(
        "res.currency", readonly=True, help="Of the amount; empty where it is a number."
    )
    amount = fields.Monetary(
        readonly=True,
        help="Expected of a deal, owed by a customer, or what the target is.",
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    successor_id = fields.Many2one(
        "hr.employee", string="Taken Over By", ondelete="cascade"
    )
