"""Proof for a customer's source from what was invoiced before."""

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.hr_sales_commission.pipeline.officers import check_manager


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

    commission_source_verifier_id = fields.Many2one(
        "res.users",
        string="Own Customer Verified By",
        copy=False,
        readonly=True,
        groups="hr_sales_commission.group_commission_manager_branch",
    )

    def _get_sellers(self):
        """Return whoever sold to these customers, or is their salesperson.

        :rtype: res.users
        """
        sellers = self.user_id
        for model, name in (
            ("sale.order", "user_id"),
            ("account.move", "invoice_user_id"),
        ):
            groups = self.env[model]._read_group(
                [("partner_id.commercial_partner_id", "in", self.ids)], [name]
            )
            sellers |= sellers.union(*(user for (user,) in groups))
        return sellers

    def action_verify_commission_source(self):
        """Confirm that these customers, known by no lead, are their salesperson's own.

        :raises AccessError: for anybody but branch managers and commission officers
        :raises UserError: for one's own customer
        """
        check_manager(
            self.env,
            self.env._("Branch managers and commission officers verify sources."),
        )
        self.check_access("read")
        customers = self.commercial_partner_id.sudo()  # sudo: the check is above
        users, _own = self.env["hr.commission.person"]._get_myself()
        if users & customers._get_sellers() and not self.env.su:
            raise UserError(
                self.env._("Somebody else verifies the source of your own customers.")
            )
        customers.write(
            {
                "is_commission_source_verified": True,
                "commission_source_verifier_id": self.env.uid,
            }
        )
        # sudo: events are technical
        self.env["hr.commission.event"].sudo()._touch_documents_of_customers(customers)
        return True
