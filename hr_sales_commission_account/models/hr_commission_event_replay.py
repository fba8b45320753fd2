# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Orders, invoices and payments that no plan recorded, asked by a plan that is tried."""

from odoo import api, models
from odoo.tools import SQL

from ..pipeline.commission_scope import TriedScopes
from ..pipeline.sold_documents import CUSTOMER_DOCUMENTS
from .hr_commission_document import fact_key

#: documents whose facts are made in one go
DOCUMENTS_AT_ONCE = 2000


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    @api.model
    def _ask_again(self, question):
        answer = super()._ask_again(question)
        scopes = question.plan._get_asked_scopes(question.engine_plan)
        if scopes["order_confirmed"]:
            orders = self.env["sale.order"].browse(self._find_orders(question))
            self._ask_documents_again(orders, scopes, question, answer)
        if scopes["invoice_posted"] or scopes["payment_received"]:
            invoices = self.env["account.move"].browse(
                self._find_invoices(question, bool(scopes["payment_received"]))
            )
            self._ask_documents_again(invoices, scopes, question, answer)
        return answer

    @api.model
    def _ask_documents_again(self, documents, scopes, question, answer):
        context = question.plan._get_try_context()
        context["commission_scopes"] = TriedScopes(scopes)
        documents = documents.with_context(**context)
        if documents:
            question.prepare_writing()  # costs are frozen as they would have been
        made = set()
        for start in range(0, len(documents), DOCUMENTS_AT_ONCE):
            some = documents[start : start + DOCUMENTS_AT_ONCE]
            recorded = some._read_recorded_facts()
            for fact in some._get_commission_facts():
                if fact_key(fact) in recorded:
                    continue
                answer.facts.append(fact)
                if question.date_from <= fact["date"] <= question.date_to:
                    [money_id] = fact["res_part"].split("/")[1:2] or [""]
                    made.add((fact["event_type"], fact["res_id"], money_id))
        answer.counts.update(event_type for event_type, *_rest in made)

    @api.model
    def _find_orders(self, question):
        """Return the ids of confirmed orders of the days; a day around them at most."""
        return self._first_column(
            SQL(
                """SELECT id FROM sale_order
                    WHERE state = 'sale' AND company_id = ANY(%(companies)s)
                      AND (commission_date BETWEEN %(start)s AND %(end)s
                           OR commission_date IS NULL
                              AND date_order >= %(start)s::date - 1
                              AND date_order < %(end)s::date + 2)
                    ORDER BY id""",
                companies=question.company_ids,
                start=question.date_from,
                end=question.date_to,
            )
        )

    @api.model
    def _find_invoices(self, question, is_paid):
        """Return the ids of invoices of the days, or with money of these days.

        With each the credit notes that take it back, whenever, and what it takes back.
        """
        return self._first_column(
            SQL(
                """WITH found AS (
                    SELECT id, reversed_entry_id FROM account_move
                     WHERE state = 'posted' AND move_type = ANY(%(types)s)
                       AND company_id = ANY(%(companies)s)
                       AND COALESCE(invoice_date, date)
                           BETWEEN %(start)s AND %(end)s
                  UNION
                    SELECT invoice.id, invoice.reversed_entry_id
                      FROM account_move_line owed
                      JOIN account_move invoice ON invoice.id = owed.move_id
                      JOIN account_partial_reconcile match
                        ON owed.id IN (match.debit_move_id, match.credit_move_id)
                      JOIN account_move_line money
                        ON money.id IN (match.debit_move_id, match.credit_move_id)
                       AND money.id != owed.id
                     WHERE %(is_paid)s AND invoice.state = 'posted'
                       AND invoice.move_type = ANY(%(types)s)
                       AND invoice.company_id = ANY(%(companies)s)
                       AND money.date BETWEEN %(start)s AND %(end)s)
                    SELECT id FROM found
                     UNION
                    SELECT origin.id FROM found
                      JOIN account_move origin ON origin.id = found.reversed_entry_id
                     WHERE origin.state = 'posted'
                     UNION
                    SELECT note.id FROM found
                      JOIN account_move note ON note.reversed_entry_id = found.id
                     WHERE note.state = 'posted'
                    ORDER BY id""",
                types=list(CUSTOMER_DOCUMENTS),
                companies=question.company_ids,
                start=question.date_from,
                end=question.date_to,
                is_paid=is_paid,
            )
        )

    def _first_column(self, query):
        return [value for (value,) in self.env.execute_query(query)]
