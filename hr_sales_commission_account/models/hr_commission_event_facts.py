# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Further facts of orders and invoices, for the rules that ask for them: how soon money
came, what is unpaid, what was bought before.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..pipeline.margin_facts import MarginFacts
from ..pipeline.open_amounts import open_amount
from ..pipeline.scope_conditions import select_invoiced, select_ordered
from ..pipeline.sold_documents import INVOICES

#: when everything was paid that was invoiced of events: event and day
SETTLED_DAYS = """
       WITH asked AS (
           SELECT id, res_model, res_id FROM hr_commission_event
            WHERE id = ANY(%s)),
       ordered AS (
           SELECT asked.id AS event_id, orders.id, orders.invoice_status
             FROM asked
             JOIN sale_order orders ON orders.id = asked.res_id
            WHERE asked.res_model = 'sale.order' AND orders.state = 'sale'
        UNION ALL
           SELECT asked.id, orders.id, orders.invoice_status
             FROM asked
             JOIN sale_order orders
               ON orders.commission_lead_id = asked.res_id
               OR orders.commission_date IS NULL  -- older than commissions
              AND orders.opportunity_id = asked.res_id
            WHERE asked.res_model = 'crm.lead' AND orders.state = 'sale'),
       invoiced AS (
           -- a credit note belongs to what it takes back
           SELECT asked.id AS event_id,
                  CASE document.move_type WHEN 'out_refund'
                       THEN COALESCE(document.reversed_entry_id, document.id)
                       ELSE document.id END AS move_id
             FROM asked
             JOIN account_move document ON document.id = asked.res_id
            WHERE asked.res_model = 'account.move'
        UNION
           SELECT ordered.event_id, line.move_id
             FROM ordered
             JOIN sale_order_line sold ON sold.order_id = ordered.id
             JOIN sale_order_line_invoice_rel rel
               ON rel.order_line_id = sold.id
             JOIN account_move_line line ON line.id = rel.invoice_line_id)
       SELECT invoiced.event_id, MAX(COALESCE(matched.day, invoice.date))
         FROM invoiced
         JOIN account_move invoice
           ON invoice.id = invoiced.move_id AND invoice.state = 'posted'
    LEFT JOIN LATERAL (
              SELECT MAX(match.max_date) AS day
                FROM account_move_line owed
                JOIN account_partial_reconcile match
                  ON owed.id IN (match.debit_move_id, match.credit_move_id)
               WHERE owed.move_id = invoice.id) matched ON TRUE
        WHERE NOT EXISTS (
              SELECT 1 FROM ordered
               WHERE ordered.event_id = invoiced.event_id
                 AND ordered.invoice_status != 'invoiced')
        GROUP BY invoiced.event_id
       HAVING BOOL_AND(%s = 0)
"""


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def _get_whole_sales(self):
        """Also what takes an invoice back, and the other payments of one."""
        sales = super()._get_whole_sales()
        of_invoices = self.filtered(lambda event: event.res_model == "account.move")
        notes = self.env["account.move"].search(
            Domain("reversed_entry_id", "in", of_invoices.mapped("res_id"))
        )
        documents = {
            invoice.id: {invoice.id, *some.ids}
            for invoice, some in notes.grouped("reversed_entry_id").items()
        }
        found = self.search(
            Domain("res_model", "=", "account.move")
            & Domain("res_id", "in", [*of_invoices.mapped("res_id"), *notes.ids])
        )
        for event in of_invoices:
            ids = documents.get(event.res_id, {event.res_id})
            sales[event] |= found.filtered(
                lambda one, ids=ids, event=event: (
                    one.res_id in ids and one.event_type == event.event_type
                )
            )
        return sales

    @api.model
    def _load_facts(self, names, rows):
        facts = super()._load_facts(names, rows)
        if not names.isdisjoint(("invoice_days", "due_days")):
            self._add_collection_days(facts, rows)
        if "terms_days" in names:
            self._add_terms(facts, rows)
        if "unpaid_share" in names:
            self._add_unpaid(facts, rows)
        if "settled_day" in names:
            self._add_settled_days(facts, rows)
        if not names.isdisjoint(("untaxed", "margin")):
            MarginFacts(self.env, rows).add(facts, "margin" in names)
        return facts

    @api.model
    def _add_collection_days(self, facts, rows):
        """Add the days from invoice and due date to the money.

        Of several instalments the due date of the one that the money settles. Money
        paid back has the days of the money that it takes back, of the first.
        """
        paid_back = defaultdict(list)
        for row in rows:
            detail = row.get("document") or {}
            paid_back[detail.get("sale_id") or row["id"]].append(row["id"])
        for paid_id, invoice_days, due_days in self.env.execute_query(
            SQL(
                """
                SELECT event.id, event.date - invoice.invoice_date,
                       event.date - COALESCE(
                           settled.date_maturity, invoice.invoice_date_due)
                  FROM hr_commission_event event
                  JOIN account_move invoice ON invoice.id = event.res_id
             LEFT JOIN LATERAL (
                       SELECT MAX(owed.date_maturity) AS date_maturity
                         FROM account_move_line owed
                         JOIN account_partial_reconcile match
                           ON owed.id IN (match.debit_move_id, match.credit_move_id)
                        WHERE owed.move_id = invoice.id
                          AND event.part_money_id
                              IN (match.debit_move_id, match.credit_move_id)
                       ) settled ON TRUE
                 WHERE event.id = ANY(%s) AND event.res_model = 'account.move'
                   AND event.event_type = 'payment_received'
                """,
                list(paid_back),
            )
        ):
            for event_id in paid_back[paid_id]:
                facts[event_id]["invoice_days"] = Decimal(invoice_days or 0)
                facts[event_id]["due_days"] = Decimal(due_days or 0)

    @api.model
    def _add_terms(self, facts, rows):
        """Add how many days after the invoice it is due; what takes it back has its days.

        Of several instalments the last one.
        """
        events_of = defaultdict(list)
        for row in rows:
            detail = row.get("document") or {}
            events_of[detail.get("sale_id") or row["id"]].append(row["id"])
        self.env["account.move"].flush_model(["invoice_date", "invoice_date_due"])
        for sale_id, days in self.env.execute_query(
            SQL(
                """SELECT event.id, invoice.invoice_date_due - invoice.invoice_date
                     FROM hr_commission_event event
                     JOIN account_move invoice ON invoice.id = event.res_id
                    WHERE event.id = ANY(%s) AND event.res_model = 'account.move'""",
                list(events_of),
            )
        ):
            for event_id in events_of[sale_id]:
                facts[event_id]["terms_days"] = Decimal(max(days or 0, 0))

    @api.model
    def _add_settled_days(self, facts, rows):
        """Add the day on which everything was paid, where everything is.

        Of the invoice itself, or of all invoices of the order or of the deal's orders,
        once nothing is left to invoice.
        """
        self.env["account.move"].flush_model(["amount_residual", "state"])
        self.env["sale.order"].flush_model(
            [
                "state",
                "invoice_status",
                "opportunity_id",
                "commission_date",
                "commission_lead_id",
            ]
        )
        self.env["sale.order.line"].flush_model(["order_id", "invoice_lines"])
        for event_id, day in self.env.execute_query(
            SQL(
                SETTLED_DAYS,
                [row["id"] for row in rows],
                open_amount("invoice"),
            )
        ):
            facts[event_id]["settled_day"] = Decimal(day.toordinal())

    @api.model
    def _add_unpaid(self, facts, rows):
        """Add what of posted invoices is unpaid today, and for how long.

        A credit note that nobody matched with its invoice yet takes from what is open.
        """
        companies = self.env["res.company"].browse({row["company_id"] for row in rows})
        today = {each.id: each._commission_local_date() for each in companies}
        for event_id, company_id, *days, share in self.env.execute_query(
            SQL(
                """SELECT event.id, event.company_id, invoice.invoice_date,
                          COALESCE(invoice.invoice_date_due, invoice.invoice_date),
                          (GREATEST(%s - COALESCE(taken_back.amount, 0), 0)
                           / invoice.amount_total)::text
                     FROM hr_commission_event event
                     JOIN account_move invoice ON invoice.id = event.res_id
                LEFT JOIN LATERAL (
                          SELECT SUM(%s) AS amount
                            FROM account_move note
                           WHERE note.reversed_entry_id = invoice.id
                             AND note.move_type = 'out_refund'
                             AND note.state = 'posted'
                             AND note.currency_id = invoice.currency_id
                          ) taken_back ON TRUE
                    WHERE event.id = ANY(%s) AND event.res_model = 'account.move'
                      AND event.event_type = 'invoice_posted'
                      AND invoice.move_type IN %s
                      AND invoice.amount_total != 0""",
                open_amount("invoice"),
                open_amount("note"),
                [row["id"] for row in rows],
                INVOICES,
            )
        ):
            for name, day in zip(("unpaid_days", "overdue_days"), days, strict=True):
                facts[event_id][name] = Decimal((today[company_id] - day).days)
            facts[event_id]["unpaid_share"] = Decimal(share or 0)

    @api.model
    def _get_customers(self, rows):
        customers = super()._get_customers(rows)
        self.env["sale.order"].flush_model(["partner_id", "date_order", "state"])
        self.env["account.move"].flush_model(["partner_id", "invoice_date", "state"])
        return customers | dict(
            self.env.execute_query(
                SQL(
                    """SELECT event.id, person.commercial_partner_id
                         FROM hr_commission_event event
                    LEFT JOIN account_move invoice
                           ON invoice.id = event.res_id
                          AND event.res_model = 'account.move'
                    LEFT JOIN sale_order orders
                           ON orders.id = event.res_id AND event.res_model = 'sale.order'
                         JOIN res_partner person
                           ON person.id
                              = COALESCE(invoice.partner_id, orders.partner_id)
                        WHERE event.id = ANY(%s)""",
                    [row["id"] for row in rows],
                )
            )
        )

    @api.model
    def _get_purchase_selects(self):
        self.env["sale.order"].flush_model(
            ["partner_id", "company_id", "state", "date_order", "opportunity_id"]
            + ["commission_date", "commission_lead_id"]
        )
        self.env["account.move"].flush_model(
            ["partner_id", "company_id", "state", "invoice_date", "amount_untaxed"]
            + ["reversed_entry_id"]
        )
        return [
            *super()._get_purchase_selects(),
            select_ordered(),
            select_invoiced(),
        ]

    @api.model
    def _watch_unpaid_invoices(self):
        """Have what became unpaid for too long computed again."""
        if not self.env["hr.commission.plan"]._watches_unpaid_invoices():
            return
        self.env["account.move"].flush_model(
            ["amount_residual", "invoice_date", "invoice_date_due"]
        )
        self.env["hr.commission.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.id
                  FROM hr_commission_rule rule
                  JOIN hr_commission_line line ON line.rule_id = rule.id
                  JOIN hr_commission_event event ON event.id = line.event_id
                  JOIN account_move invoice ON invoice.id = event.res_id
                 WHERE rule.unpaid_clawback_days > 0 AND event.state = 'done'
                   AND event.res_model = 'account.move'
                   AND %s != 0 AND invoice.amount_total != 0
                   AND CASE rule.collected_from
                       WHEN 'due' THEN COALESCE(
                           invoice.invoice_date_due, invoice.invoice_date)
                       ELSE invoice.invoice_date
                       END + rule.unpaid_clawback_days < %s
                 GROUP BY event.id, invoice.id
                HAVING SUM(line.amount) > 0
                """,
                open_amount("invoice"),
                fields.Date.today() + timedelta(days=1),  # as it is in the East
            )
        )
        if rows:
            events = self.sudo()  # sudo: only the pipeline writes events
            events._set_pending([("id", "in", [event_id for (event_id,) in rows])])
