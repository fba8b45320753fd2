# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a company sets for commissions on payslips."""

from odoo import fields, models

NEGATIVE_POLICIES = [
    ("carry", "Carry over until it is positive"),
    ("deduct", "Deduct from the salary"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    commission_negative_policy = fields.Selection(
        NEGATIVE_POLICIES,
        string="Negative Commissions",
        required=True,
        default="carry",
        help="What a payslip does when clawbacks exceed the commissions due.",
    )
    commission_print_customer = fields.Boolean(
        string="Print Customers on Payslips",
        default=True,
        help="Name the customer beside the deal in the annex of printed payslips.",
    )
