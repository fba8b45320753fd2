# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
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
        """Add the salespeople of orders and invoices."""
        sellers = super()._get_sellers()
        for model, name in (
            ("sale.order", "user_id"),
            ("account.move", "invoice_user_id"),
        ):
            # sudo: who sells to whom, whoever asks
            groups = (
                self.env[model]
                .sudo()
                ._read_group([("partner_id", "child_of", self.ids)], [name])
            )
            sellers |= sellers.union(*(user for (user,) in groups))
        return sellers

    def _is_gained_with(self, other, users, own):
        """Whether somebody's own sales would be those of a verified customer, too."""
        return super()._is_gained_with(other, users, own) or bool(
            self.commercial_partner_id.is_commission_source_verified
            and not other.commercial_partner_id.is_commission_source_verified
            and other._get_sellers() & users
        )

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
