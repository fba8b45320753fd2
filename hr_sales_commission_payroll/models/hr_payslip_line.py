# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Salary lines that show commissions: not for people to change."""

from odoo import api, models


class HrPayslipLine(models.Model):
    _inherit = "hr.payslip.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._commission_filter_paid()._commission_refuse_by_hand()
        return lines

    def write(self, vals):
        if vals.get("commission_kind") or self.filtered("commission_kind"):
            self.slip_id._commission_refuse_by_hand()
        return super().write(vals)

    @api.private
    def copy_translations(self, new, excluded=()):
        """Let a refund, which is a copy, name its lines in each language."""
        # sudo: they show commissions, and nobody changes that by hand
        return super().copy_translations(new.sudo(), excluded)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_commission(self):
        self._commission_filter_paid()._commission_refuse_by_hand()

    def _commission_filter_paid(self):
        """Return the payslips of these lines that are done and show commissions there.

        Until then computing makes and removes lines, as whoever computes.

        :rtype: hr.payslip
        """
        shown = self.filtered("commission_kind")
        return shown.slip_id.filtered(lambda slip: slip.state == "done")
