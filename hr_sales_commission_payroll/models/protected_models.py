# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Payslips with fields that the system decides; loaded after all other models."""

from odoo import models


class HrPayslip(models.Model):
    _name = "hr.payslip"
    _inherit = ["hr.commission.protected", "hr.payslip"]
