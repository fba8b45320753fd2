# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Lines and the payslip that pays them."""

from odoo import api, fields, models

from odoo.addons.hr_sales_commission.pipeline.states import UNAPPROVED_STATES


class HrCommissionLine(models.Model):
    _inherit = "hr.commission.line"

    payslip_commission_ids = fields.One2many(
        "hr.payslip.commission",
        "line_id",
        string="Payslip History",
        groups="payroll.group_payroll_user",
    )
    payslip_id = fields.Many2one(
        "hr.payslip",
        compute="_compute_payslip_id",
        groups="payroll.group_payroll_user",
        help="The payslip that pays this commission.",
    )

    # what waits for an approval or a decision, read whenever a payslip is computed
    _waiting_idx = models.Index(f"(employee_id) WHERE state IN {UNAPPROVED_STATES}")

    @api.depends(
        "payslip_commission_ids.reversed_by_id", "payslip_commission_ids.is_reversal"
    )
    def _compute_payslip_id(self):
        for line in self:
            line.payslip_id = line.payslip_commission_ids._filter_live().payslip_id

    def action_open_payslip(self):
        """Show the payslip that pays this commission.

        :return: window action
        """
        self._ensure_one_given()
        return {
            "type": "ir.actions.act_window",
            "res_model": "hr.payslip",
            "res_id": self.payslip_id.id,
            "views": [(False, "form")],
        }
