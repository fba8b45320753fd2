from odoo import fields, models
from odoo.exceptions import AccessError


class Digest(models.Model):
    _inherit = "digest.digest"

    kpi_commission_earned = fields.Boolean("Commissions Earned")
    kpi_commission_earned_value = fields.Monetary(
        compute="_compute_kpi_commission_earned_value"
    )

    def _compute_kpi_commission_earned_value(self):
        """Sum the commissions of the period, for people who may see them all."""
        if not self.env.user.has_group("hr_sales_commission.group_commission_officer"):
            raise AccessError(
                self.env._("The commissions of everybody are for commission officers.")
            )
        self._calculate_company_based_kpi(
            "hr.commission.line",
            "kpi_commission_earned_value",
            date_field="date",
            additional_domain=[("state", "not in", ("held", "cancelled"))],
            sum_field="amount",
        )

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("hr_sales_commission.hr_commission_menu_root").id
        actions["kpi_commission_earned"] = (
            f"hr_sales_commission.hr_commission_line_action?menu_id={menu}"
        )
        return actions
