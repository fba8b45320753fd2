"""Orders, invoices and payments that no plan recorded, asked by a plan that is tried."""

from odoo import api, models
from odoo.tools import SQL

from .account_move import CUSTOMER_DOCUMENTS
from .hr_commission_document import fact_key
from .hr_commission_event import DOCUMENT_EVENTS

#: documents whose facts are made in one go
DOCUMENTS_AT_ONCE = 2000


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    @api.model
    def _ask_again(self, question):
        answer = super()._ask_again(question)
        scopes = {kind: () for kind in DOCUMENT_EVENTS}
        for kind, scope in question.plan.rule_ids._get_scopes():
            scopes[kind] += (scope,)
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
        context = {**question.plan._get_try_context(), "commission_scopes": scopes}
        documents = documents.with_context(**context)
        for start in range(0, len(documents), DOCUMENTS_AT_ONCE):
            some = documents[start : start + DOCUMENTS_AT_ONCE]
            recorded = some._read_recorded_facts()
            for fact in some._get_commission_facts():
                if fact_key(fact) not in recorded and fact["date"] <= question.date_to:
                    answer.facts.append(fact)
                    if fact["date"] >= question.date_from:
                        answer.counts[fact["event_type"]] += 1

    @api.model
    def _find_orders(self, question):
        """Return the ids of confirmed orders of the days, and a day around them."""
        return self._first_column(
            SQL(
                """SELECT id FROM sale_order
                    WHERE state = 'sale' AND company_id = ANY(%s)
                      AND date_order >= %s::date - 1 AND date_order < %s::date + 2
                    ORDER BY id""",
                question.company_ids,
                question.date_from,
                question.date_to,
            )
        )

    @api.model
    def _find_invoices(self, question, is_paid):
        """Return the ids of invoices of the days, or with money of these days."""
        return self._first_column(
            SQL(
                """SELECT id FROM account_move
                    WHERE state = 'posted' AND move_type = ANY(%(types)s)
                      AND company_id = ANY(%(companies)s)
                      AND COALESCE(invoice_date, date)
                          BETWEEN %(start)s AND %(end)s
                 UNION
                   SELECT owed.move_id FROM account_move_line owed
                     JOIN account_move invoice ON invoice.id = owed.move_id
                     JOIN account_partial_reconcile match
                       ON owed.id IN (match.debit_move_id, match.credit_move_id)
                     JOIN account_move_line money
                       ON money.id IN (match.debit_move_id, match.credit_move_id)
                      AND money.id != owed.id
                    WHERE %(is_paid)s AND invoice.state = 'posted'
                      AND invoice.move_type = ANY(%(types)s)
                      AND invoice.company_id = ANY(%(companies)s)
                      AND money.date BETWEEN %(start)s AND %(end)s
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
