"""Proof for a customer's source from what was invoiced before."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_commission_source_verified = fields.Boolean(
        string="Own Customer Verified",
        copy=False,
        readonly=True,
        groups="hr_sales_commission.group_commission_manager_branch",
        help="Orders and invoices without a lead count as the salesperson's own "
        "customer. Their commissions are held until this is verified.",
    )

    def action_verify_commission_source(self):
        """Confirm that these customers, known by no lead, are their salesperson's own.

        :raises AccessError: for anybody but branch managers and commission officers
        :raises UserError: for one's own customer
        """
        manager = "hr_sales_commission.group_commission_manager_branch"
        if not (self.env.su or self.env.user.has_group(manager)):
            raise AccessError(
                self.env._("Branch managers and commission officers verify sources.")
            )
        self.check_access("read")
        customers = self.commercial_partner_id.sudo()  # sudo: the check is above
        if self.env.user in customers.user_id:
            raise UserError(
                self.env._("Somebody else verifies the source of your own customers.")
            )
        customers.is_commission_source_verified = True
        # sudo: events are technical
        self.env["hr.commission.event"].sudo()._touch_documents_of_customers(customers)
        return True
