# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Events of orders, invoices and payments: recorded, named and found again."""

import dataclasses
import logging
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.engine.facts import Sale
from odoo.addons.hr_sales_commission.pipeline.isolation import isolated, retried
from odoo.addons.hr_sales_commission.pipeline.participants import Person
from odoo.addons.hr_sales_commission.pipeline.sql_rows import sql_rows

from ..pipeline.commission_scope import (
    PART_COLUMNS,
    SCOPE_MARK,
    scoped_event_type,
    taken_money,
)
from ..pipeline.sold_documents import INVOICED, ORDERED

_logger = logging.getLogger(__name__)

DOCUMENT_EVENT_TYPES = [
    ("order_confirmed", "Order confirmed"),
    ("invoice_posted", "Invoice posted"),
    ("payment_received", "Payment received"),
]
DOCUMENT_EVENTS = tuple(event_type for event_type, _label in DOCUMENT_EVENT_TYPES)
#: the events that stand for a sale: the whole of an order, of an invoice's part of one
SALE_EVENTS = ("order_confirmed", "invoice_posted")

#: what is known of the document of an event
DOCUMENT_DETAILS = """
       SELECT event.id, event.part_scope AS scope,
              COALESCE(sale.whole_left, earlier.amount)::text AS preceding,
              sale.amount_left::text AS sale_left,
              sale.units_left::text AS sale_units_left,
              earlier.amount::text AS sale_preceding,
              sale.count AS sale_count, sale.event_id AS sale_id,
              sale.date AS sale_date,
              sale.amount::text AS sale_amount,
              sale.quantity::text AS sale_quantity,
              sale.parts AS sale_parts, whole.event_ids AS whole_ids,
              COALESCE(orders.user_id, origin.invoice_user_id,
                       invoice.invoice_user_id) AS user_id,
              COALESCE(orders.team_id, invoice.team_id) AS team_id,
              orders.id AS order_id,
              COALESCE(origin.id, invoice.id) AS move_id,
              customer.id AS customer_id, lead.marketer_id,
              COALESCE(lead.commission_source, 'own') AS commission_source,
              CASE WHEN lead.id IS NOT NULL THEN lead.source_state
                   WHEN customer.is_commission_source_verified THEN 'verified'
                   ELSE 'open' END AS source_state
         FROM hr_commission_event event
    LEFT JOIN account_move invoice
           ON invoice.id = event.res_id AND event.res_model = 'account.move'
    LEFT JOIN account_move origin
           ON origin.id = invoice.reversed_entry_id
          AND invoice.move_type = 'out_refund'
    LEFT JOIN sale_order orders
           ON orders.id = CASE event.res_model
                   WHEN 'sale.order' THEN event.res_id
                   ELSE event.part_order_id END
    LEFT JOIN res_partner contact
           ON contact.id = COALESCE(orders.partner_id, invoice.partner_id)
    LEFT JOIN res_partner customer
           ON customer.id = contact.commercial_partner_id
    LEFT JOIN crm_lead sealed
           ON sealed.id = (event.people ->> 'source_lead_id')::integer
          AND sealed.first_touch_date <= event.date  -- also of one dated anew
    LEFT JOIN LATERAL (
              -- older than the seal, or the lead is gone
              SELECT found.id
                FROM crm_lead found
                JOIN res_partner person ON person.id = found.partner_id
               WHERE event.lead_id IS NULL AND sealed.id IS NULL
                 AND event.people ->> 'source_lead_id' IS DISTINCT FROM '0'
                 AND person.commercial_partner_id = customer.id
                 AND found.first_touch_date <= event.date
                 AND (found.company_id IS NULL
                      OR found.company_id = event.company_id)
               ORDER BY found.first_touch_date DESC, found.id DESC
               LIMIT 1) latest ON TRUE
    LEFT JOIN crm_lead lead
           ON event.lead_id IS NULL AND lead.id = COALESCE(sealed.id, latest.id)
    LEFT JOIN LATERAL (
              SELECT paid.part_money_id AS money_id
                FROM hr_commission_event paid
               WHERE event.event_type = 'payment_received'
                 AND paid.event_type = event.event_type
                 AND paid.res_model = event.res_model
                 AND paid.res_id = origin.id
                 AND paid.date_reversed IS NULL
                 AND paid.part_scope = event.part_scope
                 AND (event.part_order_id IS NULL
                      OR paid.part_order_id = event.part_order_id)
               ORDER BY paid.date, paid.part_money_id LIMIT 1
              ) first ON TRUE
    CROSS JOIN LATERAL (
              -- the payment that money paid back takes back
              SELECT COALESCE(
                  %(taken_money)s, first.money_id) AS money_id
              ) taken
    LEFT JOIN LATERAL (
              SELECT COUNT(*) FILTER (WHERE part.is_sale) AS count,
                     MIN(part.id) FILTER (WHERE part.is_sale) AS event_id,
                     (ARRAY_AGG(COALESCE(part.date_basis, part.date) ORDER BY part.id)
                         FILTER (WHERE part.is_sale))[1] AS date,
                     MIN(part.date) FILTER (WHERE part.is_sale) AS day,
                     SUM(part.amount) FILTER (WHERE part.is_sale) AS amount,
                     SUM(part.quantity) FILTER (WHERE part.is_sale)
                         AS quantity,
                     SUM(part.amount) FILTER (WHERE part.is_taken) AS amount_left,
                     SUM(part.quantity) FILTER (WHERE part.is_taken) AS units_left,
                     SUM(part.amount) AS whole_left,
                     ARRAY_AGG(part.id ORDER BY part.id)
                         FILTER (WHERE part.is_of_sale) AS parts
                FROM (SELECT sold.*, is_of_sale,
                             is_of_sale AND is_taken AS is_sale, is_taken
                        FROM (SELECT origin.id
                               UNION ALL
                              SELECT note.id FROM account_move note
                               WHERE note.reversed_entry_id = origin.id
                              ) document
                        JOIN hr_commission_event sold
                          ON sold.res_model = event.res_model
                         AND sold.res_id = document.id
                         AND sold.event_type = event.event_type
                         AND sold.part_scope = event.part_scope
                         AND sold.date_reversed IS NULL
                  CROSS JOIN LATERAL (
                             SELECT sold.res_id = origin.id AS is_of_sale) kind
                  CROSS JOIN LATERAL (
                             SELECT taken.money_id IS NULL
                                    OR taken.money_id = CASE WHEN is_of_sale
                                        THEN sold.part_money_id
                                        ELSE COALESCE(%(sold_money)s, first.money_id)
                                        END AS is_taken) this
                       WHERE (event.part_order_id IS NULL
                              OR sold.part_order_id = event.part_order_id)
                     ) part
               WHERE part.is_of_sale
                  OR (part.date, part.id) < (event.date, event.id)
              HAVING COUNT(*) FILTER (WHERE part.is_sale) > 0
              ) sale ON TRUE
    LEFT JOIN LATERAL (
              -- what was paid before it, or before what it takes back
              SELECT SUM(part.amount) AS amount
                FROM hr_commission_event part
               WHERE event.event_type = 'payment_received'
                 AND part.event_type = event.event_type
                 AND part.res_model = event.res_model
                 AND part.res_id = CASE WHEN sale.count > 0 THEN origin.id
                                        ELSE event.res_id END
                 AND part.date_reversed IS NULL
                 AND (part.part_order_id
                          IS NOT DISTINCT FROM event.part_order_id
                      OR sale.count > 0 AND event.part_order_id IS NULL)
                 AND part.part_scope = event.part_scope
                 AND (part.date, part.part_money_id)
                     < (COALESCE(sale.day, event.date),
                        CASE WHEN sale.count > 0 THEN taken.money_id
                             ELSE event.part_money_id END)
              ) earlier ON TRUE
    LEFT JOIN LATERAL (
              -- the payments of an invoice, and what takes them back: the same for both
              SELECT ARRAY_AGG(part.id) AS event_ids
                FROM account_move document
                JOIN hr_commission_event part
                  ON part.res_model = event.res_model AND part.res_id = document.id
                 AND part.event_type = event.event_type
                 AND part.part_scope = event.part_scope
                 AND part.date_reversed IS NULL
               WHERE event.event_type = 'payment_received'
                 AND (document.id = COALESCE(origin.id, invoice.id)
                      OR document.reversed_entry_id = COALESCE(origin.id, invoice.id))
              HAVING COUNT(document.reversed_entry_id) > 0
              ) whole ON TRUE
        WHERE event.id = ANY(%(ids)s)
"""


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    event_type = fields.Selection(
        selection_add=DOCUMENT_EVENT_TYPES,
        ondelete=dict.fromkeys(DOCUMENT_EVENTS, "cascade"),
    )

    def init(self):
        """Let the database take the parts of documents apart, once, when written."""
        for name, (kind, expression) in PART_COLUMNS.items():
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE hr_commission_event ADD COLUMN IF NOT EXISTS %s %s"
                    " GENERATED ALWAYS AS (%s) STORED",
                    SQL.identifier(name),
                    SQL(kind),
                    SQL(expression),
                )
            )
        return super().init()

    @retried
    def _cron_process(self):
        for model in ("sale.order", "account.move"):
            self.env[model]._recover_commission_capture()
        if self.env["hr.commission.plan"]._watches_unpaid_invoices():
            with isolated(self.env, _logger, "Unpaid invoices", self):
                self._watch_unpaid_invoices()
        return super()._cron_process()

    def _process(self):
        if not self:
            self._watch_unpaid_invoices()
        return super()._process()

    # ------------------------------------------------------------------
    # Changes that concern recorded events
    # ------------------------------------------------------------------

    @api.model
    def _relink(self, pairs):
        """Move events to the lead that their document belongs to now.

        :param pairs: (event id, lead id or None)
        """
        if not pairs:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE hr_commission_event event
                      SET lead_id = moved.lead_id, state = 'pending', error = NULL
                     FROM %s WHERE event.id = moved.id""",
                sql_rows(
                    "moved",
                    {"id": "int", "lead_id": "int"},
                    [{"id": event, "lead_id": lead} for event, lead in pairs],
                ),
            )
        )
        self.invalidate_model(flush=False)
        # what looked like one of them may be the same sale now
        self._set_pending([("double_id", "in", [event for event, _lead in pairs])])
        self._trigger_processing()

    @api.model
    def _touch_later_sales(self, customers, days):
        """Also record anew which of them are first sales, where rules ask for that."""
        result = super()._touch_later_sales(customers, days)
        if days and self.env["hr.commission.plan"]._tells_first_sales():
            self._capture_documents_since(customers.commercial_partner_id, min(days))
        return result

    @api.model
    def _capture_documents_since(self, customers, day):
        """Record the orders and invoices of customers from a day on again."""
        of_customers = Domain("partner_id.commercial_partner_id", "in", customers.ids)
        # sudo: everybody's documents
        self.env["sale.order"].sudo().search(
            of_customers
            & Domain(ORDERED)
            & (
                Domain("commission_date", ">=", day)
                | Domain("commission_date", "=", False)
                & Domain("date_order", ">=", day)
            )
        )._commission_capture()
        # sudo: as above
        self.env["account.move"].sudo().search(
            of_customers & Domain(INVOICED) & Domain("invoice_date", ">=", day)
        )._commission_capture()

    @api.model
    def _touch_customers(self, customers, date_from):
        result = super()._touch_customers(customers, date_from)
        self._touch_documents_of_customers(customers, date_from=date_from)
        return result

    @api.model
    def _touch_documents_of_leads(self, leads, is_decided=False):
        """Have orders, invoices and payments computed again after a change of leads.

        Those of the leads, and those without a lead of the same customers, which take
        their source from the customer's latest lead.

        :param bool is_decided: it was decided who brought the customers
        """
        events = self.sudo()  # sudo: salespeople touch events they cannot read
        events._set_pending(
            [("lead_id", "in", leads.ids), ("event_type", "in", DOCUMENT_EVENTS)]
        )
        roles = ["marketing"] if is_decided else []
        events._touch_documents_of_customers(leads.partner_id, roles)

    @api.model
    def _touch_documents_of_customers(self, partners, roles=(), date_from=None):
        """Have documents without lead of these customers computed again.

        :param roles: codes of the roles to credit anew
        :param date_from: first day of the events, None for all
        """
        customers = partners.sudo().commercial_partner_id  # sudo: contacts of anybody
        if not customers:
            return
        rows = self.env.execute_query(
            SQL(
                """
                WITH document AS (
                    SELECT 'account.move' AS model, invoice.id
                      FROM account_move invoice
                      JOIN res_partner contact ON contact.id = invoice.partner_id
                     WHERE contact.commercial_partner_id = ANY(%(ids)s)
                       AND invoice.state = 'posted'
                 UNION ALL
                    SELECT 'sale.order', orders.id
                      FROM sale_order orders
                      JOIN res_partner contact ON contact.id = orders.partner_id
                     WHERE contact.commercial_partner_id = ANY(%(ids)s)
                       AND orders.state = 'sale'
                )
                SELECT event.id
                  FROM document
                  JOIN hr_commission_event event
                    ON event.res_model = document.model AND event.res_id = document.id
                 WHERE event.event_type = ANY(%(types)s) AND event.lead_id IS NULL
                   AND event.date >= %(date_from)s
                """,
                ids=customers.ids,
                date_from=date_from or date.min,
                types=list(DOCUMENT_EVENTS),
            )
        )
        events = self.browse([event_id for (event_id,) in rows])
        if roles:
            events._reopen_roles(roles)
        elif events:
            events._set_pending([("id", "in", events.ids)])

    @api.model
    def _get_domain_of(self, record):
        if record._name == "account.move":
            # what takes an invoice back belongs to it
            family = Domain("id", "=", record.id) | Domain(
                "reversed_entry_id", "=", record.id
            )
            moves = record.sudo().search(family)  # sudo: whoever may see the notes
            return Domain("res_model", "=", record._name) & Domain(
                "res_id", "in", moves.ids
            )
        if record._name != "sale.order":
            return super()._get_domain_of(record)
        of_order = self._search(
            Domain("res_model", "=", "account.move")
            & Domain("res_part", "=like", f"{record.id}/%")
        )
        return super()._get_domain_of(record) | Domain("id", "in", of_order)

    @api.model
    def _get_subjects(self, row):
        order_id = row["res_part"].partition("/")[0]
        subjects = super()._get_subjects(row)
        if row["res_model"] == "account.move" and order_id:
            subjects.append(("sale.order", int(order_id)))
        if row.get("document") and row["document"]["move_id"]:
            # what is taken back is that of whoever has the invoice
            subjects.append(("account.move", row["document"]["move_id"]))
        return list(dict.fromkeys(subjects))

    # ------------------------------------------------------------------
    # Facts for the engine
    # ------------------------------------------------------------------

    @api.model
    def _read_facts(self, event_ids):
        rows = super()._read_facts(event_ids)
        documents = [row for row in rows if row["event_type"] in DOCUMENT_EVENTS]
        if documents:
            details = self._read_document_details([row["id"] for row in documents])
            for row in documents:
                self._complete_document_row(row, details[row["id"]])
        return rows

    @api.model
    def _name_participants(self, rows):
        documents = [row for row in rows if row.get("document")]
        if documents:
            shares = self._read_document_shares([row["document"] for row in documents])
            for row in documents:
                row["named"] = self._get_named_people(row, row["document"], shares)
        return super()._name_participants(rows)

    @api.model
    def _read_document_shares(self, details):
        """Return the shares of orders and invoices by (field, id of the document)."""
        self.env["hr.commission.share"].flush_model()
        found = {}
        for order_id, move_id, role, employee_id, percent in self.env.execute_query(
            SQL(
                """SELECT order_id, move_id, role, employee_id, percent::text
                     FROM hr_commission_share
                    WHERE order_id = ANY(%s) OR move_id = ANY(%s) ORDER BY id""",
                list({detail["order_id"] for detail in details} - {None}),
                list({detail["move_id"] for detail in details} - {None}),
            )
        ):
            document = ("order", order_id) if order_id else ("move", move_id)
            people = found.setdefault(document, {}).setdefault(role, [])
            people.append(Person(employee_id=employee_id, weight=Decimal(percent)))
        return found

    def _get_named_people(self, row, detail, shares):
        """Return whom a document itself credits, by role: the invoice before the order,
        shares before the document's own salesperson where the plan says so.
        """
        named = {}
        Plan = self.env["hr.commission.plan"]
        if detail["user_id"] and Plan._credits_document(row["company_id"], row["date"]):
            for role in self.env["hr.commission.role"]._get_roles():
                if role.filled_by == "salesperson":
                    named[role.code] = [Person(user_id=detail["user_id"])]
        named |= shares.get(("order", detail["order_id"]), {})
        named |= shares.get(("move", detail["move_id"]), {})
        return named

    def _complete_document_row(self, row, detail):
        row["event_type"] = scoped_event_type(row["event_type"], detail["scope"])
        row["preceding"] = Decimal(detail["preceding"] or 0)
        row["sale"] = sale = self._get_sale(row, detail)
        # payments of an invoice, and what takes them back, are rounded together
        row["together"] = detail["whole_ids"] or (sale and sale.parts) or ()
        if row["date_basis"] and detail["sale_date"]:
            row["date_basis"] = detail["sale_date"]  # its sale was dated anew
        row["customer_id"] = detail["customer_id"]
        row["document"] = detail
        if not row["lead_id"]:
            for name in (
                "user_id",
                "marketer_id",
                "commission_source",
                "source_state",
                "team_id",
            ):
                row[name] = detail[name]

    @staticmethod
    def _get_sale(row, detail):
        """Return what a credit note takes back from, where that was sold at once.

        :rtype: facts.Sale | None
        """
        if detail["sale_count"] != 1:
            return None
        before, parts = Decimal(detail["sale_left"]), tuple(detail["sale_parts"])
        return Sale(
            event_id=detail["sale_id"],
            amount=Decimal(detail["sale_amount"]),
            quantity=Decimal(detail["sale_quantity"]),
            before=before,
            after=before + Decimal(row["amount"] or 0),
            preceding=Decimal(detail["sale_preceding"] or 0),
            parts=parts if len(parts) > 1 else (),
            units_before=Decimal(detail["sale_units_left"] or 0),
        )

    def _read_document_details(self, event_ids):
        """Read the scope of events, the sum of earlier parts of the same sale, what a
        credit note takes back, and whom to credit if there is no lead: the salesperson
        of the order or invoice, by the source of the lead that was sealed with it.
        """
        self._flush_documents()
        rows = self.env.execute_query_dict(
            SQL(
                DOCUMENT_DETAILS,
                ids=list(event_ids),
                taken_money=taken_money("event"),
                sold_money=taken_money("sold"),
            )
        )
        return {row["id"]: row for row in rows}

    @api.model
    def _find_team_earners(self, team_ids, roles, date_from, date_to):
        of_deals = super()._find_team_earners(team_ids, roles, date_from, date_to)
        return of_deals + self.env.execute_query(
            SQL(
                """SELECT DISTINCT credit.employee_id,
                          COALESCE(orders.team_id, invoice.team_id)
                     FROM hr_commission_credit credit
                     JOIN hr_commission_event event
                       ON event.id = credit.event_id AND event.lead_id IS NULL
                LEFT JOIN account_move invoice
                       ON invoice.id = event.res_id AND event.res_model = 'account.move'
                LEFT JOIN sale_order orders
                       ON orders.id = event.res_id AND event.res_model = 'sale.order'
                    WHERE credit.role = ANY(%s)
                      AND COALESCE(credit.date_basis, credit.date) BETWEEN %s AND %s
                      AND COALESCE(orders.team_id, invoice.team_id) = ANY(%s)""",
                roles,
                date_from,
                date_to,
                team_ids,
            )
        )

    # ------------------------------------------------------------------
    # Explanation
    # ------------------------------------------------------------------

    def _explain(self):
        outcome = super()._explain()
        outcome.refusals[:] = map(self._explain_not_fully_paid, outcome.refusals)
        return outcome

    @api.model
    def _explain_not_fully_paid(self, refusal):
        """Say what a rule waits for that pays the last payment only.

        :rtype: facts.Refusal
        """
        if refusal.reason != "other_event":
            return refusal
        # sudo: the rule may be the parent company's
        rule = self.env["hr.commission.rule"].sudo().browse(refusal.rule_id)
        event = self.sudo().browse(refusal.event_id)  # sudo: events are technical
        is_waiting = rule.fully_paid_only and event.event_type in (
            "payment_received",
            "invoice_posted",
        )
        if not is_waiting:
            return refusal
        return dataclasses.replace(refusal, reason="not_fully_paid")

    @api.model
    def _describe_event_type(self, engine_type):
        """Name an event type of documents as the engine knows it, with its scope."""
        event_type, _mark, key = engine_type.partition(SCOPE_MARK)
        if event_type not in DOCUMENT_EVENTS:
            return super()._describe_event_type(engine_type)
        labels = dict(self._fields["event_type"]._description_selection(self.env))
        if not key:
            return labels[event_type]
        return self.env._(
            "%(event)s, by the conditions of the rule on lines and customers",
            event=labels[event_type],
        )

    def _flush_documents(self):
        self.env["sale.order"].flush_model(["user_id", "partner_id", "team_id"])
        self.env["account.move"].flush_model(
            ["invoice_user_id", "partner_id", "team_id"]
        )
        self.env["res.partner"].flush_model(
            ["commercial_partner_id", "is_commission_source_verified"]
        )
        self.env["crm.lead"].flush_model(["partner_id", "first_touch_date"])
