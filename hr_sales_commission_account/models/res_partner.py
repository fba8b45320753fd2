from odoo import api, fields, models
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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_commission_access(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_commission_access(vals)
        return super().write(vals)

    def _check_commission_access(self, vals):
        """Refuse to verify a customer past the action that checks whose it is.

        :raises AccessError: if it is set by hand
        """
        if "is_commission_source_verified" in vals and not self.env.su:
            raise AccessError(
                self.env._("Use “Verify” to confirm that a customer is an own one.")
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
        self.env["hr.commission.event"].sudo()._touch_documents_of_customers(customers)
        return True
