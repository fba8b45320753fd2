# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Sales orders as documents that make commission events, sealed once confirmed."""

import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.hr_sales_commission.engine.source import DEFAULT_PROTECTION_DAYS
from odoo.addons.hr_sales_commission.pipeline.isolation import (
    isolated,
    quiet_savepoint,
)
from odoo.addons.hr_sales_commission.pipeline.officers import OFFICER

from ..pipeline.commission_scope import event_part
from ..pipeline.order_amounts import OrderAmounts

_logger = logging.getLogger(__name__)

#: fields whose change can change what happened
FACT_FIELDS = frozenset(
    ("state", "date_order", "currency_id", "pricelist_id", "company_id")
)
#: fields whose change changes who is paid, or whose customer it is
TOUCHING_FIELDS = frozenset(("user_id", "opportunity_id", "partner_id"))
#: how corrections of what was sealed are called
_LOGGED_AS = {"commission_date": "date_order", "commission_lead_id": "lead_id"}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "hr.commission.document"]

    commission_date = fields.Date(
        string="Confirmed On",
        copy=False,
        readonly=True,
        groups=OFFICER,
        help="Day that counts for commissions: that of the confirmation, whatever the "
        "date of the order says later.",
    )
    commission_lead_id = fields.Many2one(
        "crm.lead",
        string="Confirmed Under",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=OFFICER,
        help="The deal under which the order was confirmed: its source and its people "
        "stay those of the order when the order moves.",
    )
    commission_share_ids = fields.One2many(
        "hr.commission.share",
        "order_id",
        string="Commission Shares",
        copy=False,
        help="Whom the order credits. Empty: as the plan says, the people of the deal or "
        "the salesperson of the order.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        confirmed = orders._filter_confirmed()
        confirmed._seal_order()
        confirmed._capture_order()
        return orders

    def write(self, vals):
        self = self._without_silence(vals)
        changed = (FACT_FIELDS | TOUCHING_FIELDS).intersection(vals)
        former_leads = (
            self.sudo().opportunity_id  # sudo: deals of colleagues
            if "opportunity_id" in vals
            else None
        )
        confirmed = self._filter_confirmed()
        confirmed._check_new_customer(vals)
        (self - confirmed)._check_not_drawn_to_own_deal(vals)
        moved = confirmed.filtered(
            lambda order: (
                # sudo: the deal may be hidden from who writes the order
                order.sudo().opportunity_id.id
                # sudo: the deal may be hidden from who writes the order
                != vals.get("opportunity_id", order.sudo().opportunity_id.id)
            )
        )
        result = super().write(vals)
        if vals.get("state") == "sale":
            (self - confirmed)._seal_order()
        elif not {"date_order", "opportunity_id"}.isdisjoint(vals):
            confirmed._change_sealed_order(vals)
            moved._tell_what_stays()
        if changed:
            orders = self if "state" in vals else self._filter_confirmed()
            orders._capture_order(touched=bool(TOUCHING_FIELDS & changed))
            if former_leads:
                former_leads._capture_orders()  # of those sealed before
        return result

    def _check_not_drawn_to_own_deal(self, vals):
        """Refuse to attach a colleague's order to one's own deal, which it would raise.

        :param dict vals: about to be written
        :raises UserError: naming the order, and who may
        """
        if self.env.su or not vals.get("opportunity_id"):
            return
        users, _own = self.env["hr.commission.person"]._get_myself()
        # sudo: only whose it is
        deal = self.env["crm.lead"].sudo().browse(vals["opportunity_id"])
        if not deal.user_id & users:
            return
        for order in self:
            if order.user_id - users and order.opportunity_id != deal:
                raise UserError(
                    self.env._(
                        "%(order)s is %(person)s's and would raise a deal of yours. Ask "
                        "%(person)s, or somebody without interest, to attach it.",
                        order=order.name,
                        person=order.user_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # Sealed at confirmation
    # ------------------------------------------------------------------

    def _may_change_facts(self):
        """Whether dates that the user enters are those of the event."""
        return self.env.su or self.env.user.has_group(OFFICER)

    def _seal_order(self):
        """Write down when, and under which deal, these orders are confirmed.

        An order that is confirmed again soon after it was cancelled keeps both.
        """
        returning = self.sudo().filtered("commission_date")  # sudo: for officers only
        gaps = returning._get_days_since_cancelled() if returning else {}
        alien = self._filter_alien()
        for order in self.sudo():  # sudo: for officers only
            company = order.company_id
            today = company._commission_local_date()
            is_entered = self._may_change_facts() and order.date_order
            day = company._commission_local_date(order.date_order)
            if gaps.get(order.id, 1) > 0:
                order.write(
                    {
                        "commission_date": day if is_entered else today,
                        "commission_lead_id": False
                        if order in alien
                        else order.opportunity_id.id,
                    }
                )
        alien._tell_what_stays()

    def _filter_alien(self, deal=None):
        """Return the orders that are not of the deal that they name, as it was won.

        Whose deal was won is sealed: an order of another salesperson is none of it; nor
        is one that somebody else attaches, unless salesperson and customer are those of
        the deal. It stays its own until an officer lets it join.

        :param crm.lead deal: asked for this one; by default the one they name
        :rtype: sale.order
        """
        # sudo: deals of colleagues, whoever confirms
        orders = self.sudo().filtered(lambda order: deal or order.opportunity_id)
        sellers = (deal or orders.opportunity_id)._get_sealed_sellers()
        alien = self.browse()
        for order in orders if sellers else ():
            lead = deal or order.opportunity_id
            if sellers.get(lead) and not order._is_of_deal(lead, sellers[lead]):
                alien |= order
        return alien

    def _is_of_deal(self, lead, sellers):
        """Whether this order is one of a deal that was won.

        The system and officers without interest say so by confirming it.

        :param crm.lead lead: the deal
        :param hr.employee sellers: whom it was won by
        """
        self.ensure_one()
        buyers = self.partner_id | self.partner_invoice_id | self.partner_shipping_id
        customer = lead.partner_id.commercial_partner_id
        is_buyer = not customer or customer in buyers.commercial_partner_id
        if is_buyer and self.user_id.employee_ids & sellers:
            return True  # most are, and nothing more is asked
        Person = self.env["hr.commission.person"]
        actor = self._get_confirming_user()
        _users, own = Person._get_person(actor)
        if actor.id == SUPERUSER_ID:
            return True
        if actor.has_group(OFFICER) and not own & Person._add_managers(sellers):
            return True
        _users, seller = Person._get_person(self.user_id)
        if own & sellers:
            return not seller or bool(seller & sellers)
        return is_buyer and bool(seller & sellers)

    def _get_confirming_user(self):
        """Return who is at work; where it is the system or a visitor, who made the order.

        :rtype: res.users
        """
        users = self.env["res.users"].sudo()  # sudo: who it is, no more
        user = users.browse(self.env["crm.lead"]._get_typist_id())
        is_somebody = user.id != SUPERUSER_ID and not user.share
        return user if is_somebody else self.create_uid

    def _get_days_since_cancelled(self):
        """Return how many days these orders are past the protection of the plan since
        they were cancelled, by id; 0 within it.
        """
        Plan = self.env["hr.commission.plan"]
        rows = self.env.execute_query(
            SQL(
                """SELECT res_id, max(date_reversed) FROM hr_commission_event
                    WHERE event_type = 'order_confirmed' AND res_model = 'sale.order'
                      AND res_id = ANY(%s) AND res_part = ''
                    GROUP BY res_id""",
                self.ids,
            )
        )
        result = {}
        for order_id, cancelled_on in rows:
            company = self.browse(order_id).company_id
            today = company._commission_local_date()
            plan = Plan._get_plan(company, today)
            days = plan.protection_days if plan else DEFAULT_PROTECTION_DAYS
            elapsed = (today - cancelled_on).days if cancelled_on else 0
            result[order_id] = max(elapsed - days, 0)
        return result

    def _change_sealed_order(self, vals):
        """Let officers correct day and deal of confirmed orders; log that they did.

        Whoever else writes them changes the order, not its event: also the deal of an
        order that was confirmed without one.

        :raises UserError: if they earn by the order or by one of the deals, or manage
            somebody who does
        """
        if not self._may_change_facts():
            return
        for order in self.sudo():  # sudo: for officers only
            sealed = {}
            if "date_order" in vals:
                day = order.company_id._commission_local_date(order.date_order)
                sealed["commission_date"] = (order.commission_date, day)
            if "opportunity_id" in vals:
                deals = (order.commission_lead_id, order.opportunity_id)
                sealed["commission_lead_id"] = deals
            changes = {
                name: (before, now)
                for name, (before, now) in sealed.items()
                if before != now
            }
            if changes and not self.env.su:
                order.sudo(False)._check_and_log_corrected(changes)
            order.update({name: now for name, (_before, now) in changes.items()})

    def _check_and_log_corrected(self, changes):
        """Refuse who has an interest in an order or its deals; log what they correct.

        :param dict changes: values before and now by field
        """
        Correction = self.env["hr.commission.correction"]
        order = self.sudo()  # sudo: for officers only
        Correction._check_not_credited(
            order.env["hr.commission.event"]._get_domain_of(order),
            [order, order.commission_lead_id | order.opportunity_id],
        )
        _former, deal = changes.get("commission_lead_id", (None, None))
        for name, values in changes.items():
            Correction._log(
                self,
                _LOGGED_AS[name],
                *map(self._format_sealed, values),
                lead=order.commission_lead_id if deal is None else deal,
            )

    def _tell_what_stays(self):
        """Say on orders that moved, and on their deals, whose commission they stay.

        Whoever decides is asked where the deal would credit others than the order does.
        A failure of ours never stops the user.
        """
        for order in self.sudo():  # sudo: deals of colleagues
            kept = order._get_commission_lead()
            if not order.commission_date or kept == order.opportunity_id:
                continue
            with isolated(self.env, _logger, "Notes on", order, quiet_savepoint):
                for record, body in order._describe_what_stays(kept):
                    record._message_log(body=body)
                order._ask_whom_to_credit()

    def _describe_what_stays(self, kept):
        """Say to whom what is told when an order moves.

        :param crm.lead kept: the deal under which the order was confirmed, or none
        :return: (record, text) pairs
        """
        if kept:
            yield (
                kept,
                self.env._(
                    "%(order)s was confirmed under this deal and moved away. Its "
                    "source and whom it credits stay those of this deal until a "
                    "commission officer corrects them.",
                    order=self.name,
                ),
            )
            yield (
                self,
                self.env._(
                    "The order moved. Its source and whom it credits stay those of "
                    "the deal under which it was confirmed, until a commission "
                    "officer corrects them."
                ),
            )
        else:
            yield (
                self,
                self.env._(
                    "The order was confirmed without a deal, or is not of the people or "
                    "the customer of a deal that was won before. Its source and whom it "
                    "credits stay its own until a commission officer corrects them."
                ),
            )
        if self.opportunity_id:
            yield (
                self.opportunity_id,
                self.env._(
                    "%(order)s moved here and does not count here: the order was "
                    "confirmed elsewhere, or is not of the people or the customer of "
                    "this deal, won before. It pays by itself until a commission officer "
                    "corrects it.",
                    order=self.name,
                ),
            )

    def _ask_whom_to_credit(self):
        """Have somebody without interest look at an order whose deal has other people."""
        Event = self.env["hr.commission.event"]
        Person = self.env["hr.commission.person"]
        of_deal = Person._get_holders([self.opportunity_id])
        credited = Event.search(Event._get_domain_of(self))._get_earning_employees()
        if of_deal <= credited:
            return
        users, _own = Person._get_myself()
        decider = Person._find_uninterested(self, of_deal | credited, users)
        asked = self.with_context(lang=decider.lang, mail_activity_quick_update=True)
        summary = asked.env._("Whom does this order credit?")
        if decider and summary not in self.activity_ids.mapped("summary"):
            asked.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, user_id=decider.id
            )

    def _format_sealed(self, value):
        if isinstance(value, models.BaseModel):
            return value.display_name or self.env._("No deal")
        return format_date(self.env, value)

    def _get_commission_lead(self):
        """Return the deal whose source and people count for the order.

        :rtype: crm.lead
        """
        self.ensure_one()
        order = self.sudo()  # sudo: for officers only
        return (
            order.commission_lead_id if order.commission_date else order.opportunity_id
        )

    def _recompute_signed_amounts(self):
        """Work amounts out from the lines again: totals can be written by RPC."""
        # sudo: totals are the system's, whoever may read the lines
        orders = self.sudo()
        lines, names = orders.order_line, self._fields
        lines._fields["price_subtotal"].compute_value(lines)
        names["amount_untaxed"].compute_value(orders)
        names["currency_rate"].compute_value(orders)

    def _get_commission_customers(self):
        """Return everybody these orders and their invoices name.

        :rtype: res.partner
        """
        orders = self.sudo()  # sudo: whoever may see them
        return (
            orders.partner_id
            | orders.partner_invoice_id
            | orders.partner_shipping_id
            | orders.invoice_ids.partner_id
        )

    def _filter_made(self):
        """Return the orders that are not being made right now, confirmed as they are:
        those are sealed first, and then recorded.
        """
        start = self.env.cr.now().replace(microsecond=0)
        return self.filtered(
            # sudo: for officers only
            lambda order: order.sudo().commission_date or order.create_date < start
        )

    def _filter_confirmed(self):
        return self.filtered(lambda order: order.state == "sale")

    def _capture_order(self, touched=False):
        """Record what happened to orders, to the deals they belong to, and to the
        invoices whose down payments are shared out over their lines.
        """
        self._filter_confirmed()._recompute_signed_amounts()
        self._commission_capture(touched)
        orders = self.sudo()  # sudo: deals of colleagues
        orders.opportunity_id._ask_identity_by_documents()
        (orders.opportunity_id | orders.commission_lead_id)._capture_orders()
        self._get_dependent_invoices(touched)._commission_capture(touched)

    def _recapture_credited(self):
        self._filter_confirmed()._capture_order(touched=True)

    def _get_dependent_invoices(self, touched):
        """Return the posted invoices whose facts look at these orders."""
        if not self:
            return self.env["account.move"]
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT line.move_id
                     FROM sale_order_line sold
                     JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
                     JOIN account_move_line line ON line.id = rel.invoice_line_id
                    WHERE sold.order_id = ANY(%s) AND line.parent_state = 'posted'
                      AND (%s OR sold.is_downpayment)""",
                self.ids,
                touched,
            )
        )
        return self.env["account.move"].browse([move_id for (move_id,) in rows])

    def action_explain_commission(self):
        """Answer why the deal of this order pays what it pays, or nothing.

        :return: the dialog that explains it
        """
        self._ensure_one_given()
        return self.opportunity_id.action_explain()

    def action_correct_credit(self):
        """Open the dialog that credits other people with this order."""
        return self.env["hr.commission.credit.correction"]._get_action(self)

    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------

    def _get_commission_facts(self):
        orders = [order for order in self if order.state == "sale"]
        if not orders:
            return []
        facts = []
        ids = [order.id for order in orders]
        lines = self.browse(ids).order_line
        lines._freeze_commission_cost()
        lines._seal_commission_list_price()
        amounts = OrderAmounts(self.env, ids)
        for scope in self.env["hr.commission.plan"]._get_scopes("order_confirmed"):
            totals = amounts.get(scope)
            facts += [
                order._prepare_order_fact(scope, *totals[order.id])
                for order in orders
                if order.id in totals
            ]
        return facts

    def _is_renewed(self, fact, recorded):
        """An order confirmed again long after it was cancelled is a new one."""
        return bool(recorded["date_reversed"]) and fact["date"] != recorded["date"]

    def _prepare_order_fact(self, scope, amount, quantity):
        self.ensure_one()
        lead = self._get_commission_lead()
        day = self.sudo().commission_date  # sudo: for officers only
        return {
            "event_type": "order_confirmed",
            "res_model": self._name,
            "res_id": self.id,
            "res_part": event_part(scope_key=scope.key),
            "lead_id": lead.id or None,
            "company_id": self.company_id.id,
            "date": day or self.company_id._commission_local_date(self.date_order),
            "amount": amount,
            "quantity": quantity,
            "date_reversed": None,
            # the salesperson of the deal, if there is one
            "user_id": None if lead else self.user_id.id or 0,
        }

    def _get_signed_amount(self, company):
        """Return the untaxed total of these orders in the currency of a company.

        :rtype: float
        """
        return sum(order._convert_signed_amount(company) for order in self)

    def _convert_signed_amount(self, company):
        self.ensure_one()
        own = self.company_id.sudo().currency_id  # sudo: a branch's parent company
        amount = own.round(self.amount_untaxed / (self.currency_rate or 1.0))
        day = self.sudo().commission_date  # sudo: for officers only
        day = day or self.company_id._commission_local_date(self.date_order)
        # sudo: a branch's currency is no secret
        return own._convert(amount, company.sudo().currency_id, company, day)
