# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What orders and invoices have in common as sources of commission events."""

import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.closed_days import is_closed
from odoo.addons.hr_sales_commission.pipeline.given import get_system_context
from odoo.addons.hr_sales_commission.pipeline.isolation import (
    isolated,
    quiet_savepoint,
)

from .hr_commission_event import DOCUMENT_EVENTS, SALE_EVENTS

_logger = logging.getLogger(__name__)

#: the lead that says who brought the customer of documents without a deal: that of
#: the order, else the customer's latest on the day of the sale
SOURCE_LEADS = """
       SELECT asked.number,
              COALESCE((sold.people ->> 'source_lead_id')::integer, latest.id, 0)
         FROM unnest(%s, %s::int[], %s::int[], %s::date[])
              AS asked(number, order_id, move_id, day)
    LEFT JOIN sale_order orders ON orders.id = asked.order_id
    LEFT JOIN account_move invoice ON invoice.id = asked.move_id
         JOIN res_partner contact
           ON contact.id = COALESCE(orders.partner_id, invoice.partner_id)
    LEFT JOIN hr_commission_event sold
           ON sold.event_type = 'order_confirmed' AND sold.res_model = 'sale.order'
          AND sold.res_id = asked.order_id AND sold.res_part = ''
    LEFT JOIN LATERAL (
              SELECT lead.id
                FROM crm_lead lead
                JOIN res_partner person ON person.id = lead.partner_id
               WHERE person.commercial_partner_id = contact.commercial_partner_id
                 AND lead.first_touch_date <= asked.day
                 AND (lead.company_id IS NULL
                      OR lead.company_id
                          = COALESCE(orders.company_id, invoice.company_id))
               ORDER BY lead.first_touch_date DESC, lead.id DESC LIMIT 1) latest ON TRUE
"""

#: documents whose facts are recorded again in one transaction of the cron
RECOVERY_SIZE = 1000
#: and each alone, where one of them cannot be recorded
MOST_RECOVERED = 500


class HrCommissionDocument(models.AbstractModel):
    """An order or an invoice: something that commission events are made of.

    Whatever happens to documents, all their facts are worked out again, in sets, and
    recorded; recorded facts that no longer hold are undone.
    """

    _name = "hr.commission.document"
    _description = "Document with Commission Events"

    is_commission_pending = fields.Boolean(
        copy=False,
        readonly=True,
        help="What happened could not be recorded; the next run tries again.",
    )

    _commission_pending_idx = models.Index("(id) WHERE is_commission_pending IS TRUE")

    def _filter_open_costs(self):
        """Return the documents whose costs are taken again: of months that are open.

        The plan of the company on the day of the document says whether they are.
        """
        Plan = self.env["hr.commission.plan"].sudo()  # sudo: may be the parent's
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        day_of = dict(
            Event._read_group(
                Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids),
                ["res_id"],
                ["date:min"],
            )
        )

        def is_open(document):
            day = day_of.get(document.id)
            company = document.company_id.sudo()  # sudo: locks are for officers
            if not day or is_closed(company.commission_lock_date, day):
                return False
            plan = Plan.browse(Plan._get_plan_id(company.id, day))
            return plan.cost_basis == "open"

        return self.filtered(is_open)

    def _get_share_holders(self):
        """Return who has all of a role where nothing is shared.

        :rtype: dict[str, hr.employee]
        """
        seller = "user_id" if self._name == "sale.order" else "invoice_user_id"
        return {"sales": self[seller].employee_ids}

    def _recapture_credited(self):
        """Look again whom the documents credit.

        Whoever was credited stays: that is changed by a correction. Roles that nobody
        filled are filled.
        """
        self._commission_capture(touched=True)

    def _get_commission_facts(self):
        """Return what happened to these documents, as it stands today.

        Everything is flushed to the database before this is called.

        :return: facts for ``hr.commission.event._capture``, without ``touched``
        :rtype: list[dict]
        """
        return []

    def _without_silence(self, vals):
        """Return these documents so that another salesperson is noted in the chatter.

        Whatever the context says: who sold something before proves whose customer it is.

        :param dict vals: about to be written
        """
        silent = {"tracking_disable", "mail_notrack"}
        if self.env.su or {"user_id", "invoice_user_id"}.isdisjoint(vals):
            return self
        return self.with_context(
            **dict.fromkeys(silent & self.env.context.keys(), False)
        )

    def _check_new_customer(self, vals):
        """Refuse to give what was sold to another customer where that pays who does it.

        :param dict vals: about to be written to documents that count
        :raises UserError: naming both customers
        """
        # sudo: whatever the user may see of a customer, it is one
        partners = self.env["res.partner"].sudo()
        new = partners.browse(vals.get("partner_id") or ()).commercial_partner_id
        former = self.sudo().partner_id.commercial_partner_id  # sudo: as above
        for customer in former - new if new else ():
            partners.sudo(False)._check_not_put_together([new, customer])

    def _commission_capture(self, touched=False):
        """Record what happened to these documents as commission events.

        A failure of ours never stops the user: it is logged, and the next run of the
        cron tries again.

        :param bool touched: people or customers changed: compute everything again
        """
        by_hand = not self.env.su
        documents = self.sudo()  # sudo: events are written by the system only
        context = {
            **get_system_context(self.env.context),
            "commission_by_hand": by_hand,
        }
        documents = documents.with_context(context)  # pylint: disable=context-overridden
        if not documents:
            return
        with isolated(
            self.env, _logger, "Commission facts of", documents, quiet_savepoint
        ) as attempt:
            documents._record_commission_facts(touched)
        if attempt.failed:
            documents._set_commission_pending(True)

    def _record_commission_facts(self, touched):
        Event = self.env["hr.commission.event"]
        recorded = self._read_recorded_facts()
        known_keys = set(recorded)
        facts, relinked, moved, resold = [], [], [], []
        for fact in self._get_commission_facts():
            known = recorded.pop(fact_key(fact), None)
            if known and is_whole(known):
                moved.append((known, fact))
            fact.setdefault("touched", touched)
            fact["renewed"] = bool(known) and self._is_renewed(fact, known)
            facts.append(fact)
            if known and known["lead_id"] != fact["lead_id"]:
                relinked.append((known["id"], fact["lead_id"]))
            if not known or known["date_reversed"] or known["date"] != fact["date"]:
                resold += [known or fact, fact]
        undone = [each for each in recorded.values() if not each["date_reversed"]]
        facts += map(self._prepare_undone_fact, undone)
        self._log_moved_facts(
            moved + [(known, None) for known in undone if is_whole(known)]
        )
        self._seal_source_leads(
            [
                fact
                for fact in facts
                if not fact["lead_id"]
                and (fact.get("renewed") or fact_key(fact) not in known_keys)
            ]
        )
        Event._relink(relinked)
        Event._capture(facts)
        Event._touch_later_sales(
            self.partner_id,
            [
                each["date"]
                for each in resold + undone
                if each["event_type"] != "payment_received"
            ],
        )

    @api.model
    def _seal_source_leads(self, facts):
        """Say in new facts without a deal which lead says who brought the customer."""
        if not facts:
            return
        self.env["crm.lead"].flush_model(["partner_id", "first_touch_date"])
        documents = [self._get_source_document(fact) for fact in facts]
        order_ids, move_ids = map(list, zip(*documents, strict=True))
        days = self._get_days_of_sale(order_ids, move_ids)
        numbers = list(range(len(facts)))
        for number, lead_id in self.env.execute_query(
            SQL(SOURCE_LEADS, numbers, order_ids, move_ids, days)
        ):
            facts[number]["source_lead_id"] = lead_id

    def _get_days_of_sale(self, order_ids, move_ids):
        """Return the local day of each order, or of the invoice where there is none.

        :rtype: list[date]
        """
        orders = self.env["sale.order"].browse(filter(None, order_ids))
        moves = self.env["account.move"].browse(filter(None, move_ids))
        days = {
            order.id: order.commission_date
            or order.company_id._commission_local_date(order.date_order)
            for order in orders
        }
        invoiced = {move.id: move.invoice_date for move in moves}
        return [
            days[order_id] if order_id else invoiced[move_id]
            for order_id, move_id in zip(order_ids, move_ids, strict=True)
        ]

    @api.model
    def _get_source_document(self, fact):
        """Return the ids of the order and of the invoice that a fact comes from.

        :rtype: tuple[int | None, int | None]
        """
        if fact["res_model"] == "sale.order":
            return fact["res_id"], None
        order_id = fact["res_part"].partition("/")[0]
        return int(order_id or 0) or None, fact.get("origin_id") or fact["res_id"]

    def _is_renewed(self, fact, recorded):
        """Whether a fact that was undone is another one now, with people of its own."""
        return False

    def _read_recorded_facts(self):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT id, event_type, res_model, res_id, res_part, company_id,
                          lead_id, date, date_reversed, amount
                     FROM hr_commission_event
                    WHERE event_type = ANY(%s) AND res_model = %s AND res_id = ANY(%s)
                """,
                list(DOCUMENT_EVENTS),
                self._name,
                self.ids,
            )
        )
        return {fact_key(row): row for row in rows}

    def _prepare_undone_fact(self, recorded):
        company = self.env["res.company"].browse(recorded["company_id"])
        return {
            **{name: recorded[name] for name in _KEY},
            "company_id": company.id,
            "lead_id": recorded["lead_id"],
            "date_reversed": company._commission_local_date(),
            "touched": False,
        }

    # ------------------------------------------------------------------
    # Facts that could not be recorded when they happened
    # ------------------------------------------------------------------

    def _set_commission_pending(self, is_pending):
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET is_commission_pending = %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                is_pending,
                self.ids,
            )
        )
        self.invalidate_recordset(["is_commission_pending"], flush=False)

    @api.model
    def _recover_commission_capture(self):
        """Record what could not be recorded when it happened."""
        documents = self.sudo().search(  # sudo: the cron's job
            [("is_commission_pending", "=", True)], limit=RECOVERY_SIZE
        )
        if not documents:
            return
        documents._set_commission_pending(False)
        documents._commission_capture(touched=True)
        # one that cannot be recorded must not keep the others from it
        left = documents.filtered("is_commission_pending")[:MOST_RECOVERED]
        for document in left if len(documents) > 1 else ():
            document._set_commission_pending(False)
            document.browse(document.id)._commission_capture(touched=True)


_KEY = ("event_type", "res_model", "res_id", "res_part")


def is_whole(fact):
    """Whether a fact is an order or an invoice itself, for rules of whatever scope."""
    is_sale = fact["event_type"] in SALE_EVENTS
    return is_sale and not fact["res_part"].rpartition("/")[2]


def fact_key(fact):
    """What an event is found again by."""
    return tuple(fact[name] for name in _KEY)
