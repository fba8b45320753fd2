# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Deals taken over with what a colleague had sold under them."""

from odoo import models


class CrmLead(models.Model):
    """Whoever takes a deal over takes its orders along, also confirmed ones.

    A deal that is won after a colleague sold under it, as its salesperson, looks odd:
    handed over or helped oneself to, the orders do not tell.
    """

    _inherit = "crm.lead"

    def _record_commission_facts(self, changed):
        result = super()._record_commission_facts(changed)
        self._hold_orders_taken_along()
        return result

    def _hold_orders_taken_along(self):
        """Have somebody look at won deals with orders of a former salesperson."""
        deals = self.sudo()  # sudo: orders of colleagues
        for deal in deals.filtered(
            lambda lead: lead.date_won and lead.is_amount_ordered
        ):
            if deal.is_odd_checked or deal.odd_reason:
                continue
            order = deal._find_order_taken_along()
            if order:
                deal._write_facts(
                    {
                        "odd_reason": self.env._(
                            "%(order)s was sold by %(person)s, whose deal this was then.",
                            order=order.name,
                            person=order.user_id.name,
                        )
                    }
                )

    def _find_order_taken_along(self):
        """Return an order of the deal by a former salesperson who has no part in it."""
        self.ensure_one()
        others = self.signed_order_ids.filtered(
            lambda order: order.user_id - self.user_id
        )
        if others:
            users, _own = self.env["hr.commission.person"]._get_person(self.user_id)
            sharing = self.commission_share_ids.employee_id.user_id
            former = self._get_salespeople_ever() - users - sharing
            others = others.filtered(lambda order: order.user_id & former)
        return others[:1]
