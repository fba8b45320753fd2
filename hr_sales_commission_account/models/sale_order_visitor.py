# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""From where somebody signs or writes on an order as its customer."""

import logging
from ipaddress import ip_address

from odoo import fields, models
from odoo.http import request
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.isolation import (
    isolated,
    quiet_savepoint,
)
from odoo.addons.hr_sales_commission.pipeline.officers import OFFICER

_logger = logging.getLogger(__name__)

#: how far back the devices of a salesperson count
DEVICE_DAYS = 60


class SaleOrder(models.Model):
    """Whoever knows a customer's link can sign in their place, the salesperson too.

    Odoo logs from which network address everybody signs in. What a visitor signs or
    writes from an address of the salesperson's is no proof, and looks odd.
    """

    _inherit = "sale.order"

    commission_is_signed_in_house = fields.Boolean(
        string="Signed In-house",
        copy=False,
        readonly=True,
        groups=OFFICER,
        help="Somebody signed or wrote as the customer from a network address from "
        "which the salesperson signs in.",
    )

    def _message_post_after_hook(self, message, msg_vals):
        """Look from where a visitor wrote; a failure of ours stops nobody."""
        result = super()._message_post_after_hook(message, msg_vals)
        address = self._get_visitor_address()
        if address and message.create_uid.share:
            with isolated(
                self.env, _logger, "Looking at a visitor of", self, quiet_savepoint
            ):
                self._note_visitor(address)
        return result

    def _get_visitor_address(self):
        """Return the network address of whoever is at work; without a request none."""
        return request and request.httprequest.remote_addr

    def _note_visitor(self, address):
        """Note that somebody wrote from an address, and have the deal looked at."""
        order = self.sudo()  # sudo: the system's, a visitor has no rights
        sellers = order.user_id | order.opportunity_id.user_id
        if not self._is_address_of(address, sellers):
            return
        order.commission_is_signed_in_house = True
        deal = order.opportunity_id
        if deal and not (deal.is_odd_checked or deal.odd_reason):
            deal._write_facts(
                {
                    "odd_reason": self.env._(
                        "The order was signed, or written on, as the customer from the "
                        "network address of the salesperson."
                    )
                }
            )
            deal._recompute_held()

    def _is_address_of(self, address, sellers):
        """Whether one of these users, as a person, signed in from an address lately.

        An address of the machine itself says nothing, and neither does one of a local
        network that others share: behind a proxy it may be everybody's.

        :param res.users sellers: salespeople
        """
        place = ip_address(address)
        if place.is_loopback or not sellers:
            return False
        users, _employees = self.env["hr.commission.person"]._get_person(sellers)
        since = fields.Datetime.subtract(fields.Datetime.now(), days=DEVICE_DAYS)
        [(others, theirs)] = self.env.execute_query(
            SQL(
                """SELECT count(DISTINCT device.user_id)
                              FILTER (WHERE device.user_id != ALL(%s)),
                          count(*) FILTER (WHERE device.user_id = ANY(%s))
                     FROM res_device_log device
                     JOIN res_users colleague ON colleague.id = device.user_id
                          AND NOT colleague.share
                    WHERE device.ip_address = %s AND device.last_activity >= %s""",
                users.ids,
                users.ids,
                address,
                since,
            )
        )
        return bool(theirs) and not (place.is_private and others)
