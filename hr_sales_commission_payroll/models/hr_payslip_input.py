# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Inputs of a payslip that hold commissions: not for people to change."""

from odoo import api, fields, models

from .hr_payslip_commission import PAYSLIP_KINDS


class HrPayslipInput(models.Model):
    _inherit = "hr.payslip.input"

    commission_kind = fields.Selection(
        PAYSLIP_KINDS,
        string="Commission",
        readonly=True,
        help="Filled when the sheet is computed, with what the payslip pays.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        inputs = super().create(vals_list)
        # those of a copy go, and those of a payslip to pay are worked out again
        late = inputs.filtered("commission_kind").payslip_id
        late.filtered(lambda slip: slip.state == "done")._commission_refuse_by_hand()
        return inputs

    def write(self, vals):
        if vals.get("commission_kind") or self.filtered("commission_kind"):
            self.payslip_id._commission_refuse_by_hand()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_commission(self):
        self.filtered("commission_kind").payslip_id._commission_refuse_by_hand()

    def _commission_update(self, values):
        """Write values that differ, so that a second computation writes nothing."""
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.write(changed)
