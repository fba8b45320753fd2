"""Payslips with fields that the system decides; loaded after all other models."""

from odoo import models


class HrPayslip(models.Model):
    _name = "hr.payslip"
    _inherit = ["hr.commission.protected", "hr.payslip"]
