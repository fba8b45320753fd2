# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Orders and invoices that look like a sale entered twice.

Those of two deals; and where plans pay on deals and on documents, one without a deal
beside a won deal without an order. Without a deal equal documents are ordinary: an order
a week, an invoice a week.
"""

from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.double_sales import (
    ROOT_OF_EVENT,
    Sale,
    find_doubles,
    find_near_days,
    near_sales,
)

from .hr_commission_event import DOCUMENT_EVENTS, SALE_EVENTS

#: by what model an event names the table of its contact
_CONTACTS = {"sale.order": "sale_order", "account.move": "account_move"}

EVENTS = SQL("hr_commission_event")
#: sales as they are compared; :meth:`_read_document_sales` says which
SALES = """
    SELECT event.id, event.event_type, event.res_model, event.res_id,
           event.part_order_id, event.lead_id, event.date, event.amount,
           event.is_double_checked, event.date_reversed, company.root
      FROM %s event
CROSS JOIN LATERAL (%s) company
     WHERE event.event_type = ANY(%s) AND event.part_scope = '' AND %s AND %s
"""
#: won deals without an order, and documents without a deal: each may be the other
ALONE = """
    (CASE WHEN event.event_type = 'deal_won'
          THEN NOT EXISTS (
               SELECT FROM crm_lead lead
                WHERE lead.id = event.lead_id AND lead.is_amount_ordered)
          ELSE event.lead_id IS NULL END)
"""


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def _find_equal_sales(self, rows):
        """Orders and invoices as well: with its document each of its events is held."""
        return super()._find_equal_sales(rows) | self._find_equal_documents(rows)

    def _find_equal_documents(self, rows):
        """Return the first sale that the documents of these events may repeat.

        :rtype: dict[int, int]
        """
        documents = {row["id"]: self._get_documents(row) for row in rows}
        if self.env["hr.commission.plan"]._pays_deals_and_documents():
            documents |= {
                row["id"]: {("crm.lead", row["lead_id"])}
                for row in rows
                if row["event_type"] == "deal_won" and row["lead_id"]
            }
        asked = set().union(*documents.values())
        if not asked:
            return {}
        own = self._read_document_sales(
            SQL(
                """(event.res_model, event.res_id) IN (
                    SELECT * FROM unnest(%s::text[], %s::int[]))""",
                *map(list, zip(*asked, strict=True)),
            )
        )
        asked_sales = {
            sale["id"]: (sale["res_model"], sale["res_id"])
            for sale in own
            if sale["amount"] > 0
            and not sale["date_reversed"]
            and not sale["is_double_checked"]
        }
        if not asked_sales:
            return {}
        near = find_near_days(
            (sale["amount"], sale["date"]) for sale in own if sale["id"] in asked_sales
        )
        found = find_doubles(asked_sales.keys(), self._find_near_sales(near))
        first = {}
        for sale_id, double_id in sorted(found.items()):
            first.setdefault(asked_sales[sale_id], double_id)
        return {
            event_id: min(first[document] for document in own_documents & first.keys())
            for event_id, own_documents in documents.items()
            if not own_documents.isdisjoint(first)
        }

    @staticmethod
    def _get_documents(row):
        """Return the order and the invoice that an event is of.

        :rtype: set[tuple[str, int]]
        """
        if row["res_model"] not in _CONTACTS:
            return set()
        documents = {(row["res_model"], row["res_id"])}
        order_id = row["res_part"].partition("/")[0]
        if row["res_model"] == "account.move" and order_id:
            documents.add(("sale.order", int(order_id)))
        return documents

    def _read_document_sales(self, condition, events=EVENTS):
        event_types, kind = list(SALE_EVENTS), SQL("event.lead_id IS NOT NULL")
        if self.env["hr.commission.plan"]._pays_deals_and_documents():
            event_types.append("deal_won")
            self.env["crm.lead"].flush_model(["is_amount_ordered"])
            kind = SQL(
                "(event.event_type != 'deal_won' AND %s OR %s)", kind, SQL(ALONE)
            )
        return self.env.execute_query_dict(
            SQL(SALES, events, SQL(ROOT_OF_EVENT), event_types, kind, condition)
        )

    def _find_near_sales(self, near):
        """Read the sales of some amounts around some days that have an equal.

        Looked up one after the other and not joined, as those of deals are, by the
        index of amounts.

        :param near: (amount, first day, last day), see ``find_near_days``
        :rtype: list[Sale]
        """
        rows = self._read_document_sales(SQL("TRUE"), near_sales(near))
        deals = defaultdict(set)
        for row in rows:
            is_alone = row["event_type"] == "deal_won" or not row["lead_id"]
            kind = "alone" if is_alone else row["event_type"]
            row["sameness"] = (kind, row["amount"], row["root"])
            deals[row["sameness"]].add(row["lead_id"])
        rows = [row for row in rows if len(deals[row["sameness"]]) > 1]
        customers = self._read_document_customers(rows)
        return [
            Sale(
                row["id"],
                row["lead_id"] or 0,  # those without a deal do not repeat each other
                row["date"],
                row["sameness"],
                customers[row["res_model"], row["res_id"]],
            )
            for row in rows
        ]

    def _read_document_customers(self, rows):
        """Read what tells the customers of orders and invoices apart.

        :return: (kind, value) of the company, mail, phone and name, by (model, id)
        """
        self.env["res.partner"].flush_model(["email_normalized", "phone_sanitized"])
        contacts = []
        customers = defaultdict(tuple)
        leads = {row["lead_id"] for row in rows if row["res_model"] == "crm.lead"}
        for lead_id, keys in (self._read_customers(leads) if leads else {}).items():
            customers["crm.lead", lead_id] = keys
        for model, table in _CONTACTS.items():
            ids = [row["res_id"] for row in rows if row["res_model"] == model]
            if not ids:
                continue
            self.env[model].flush_model(["partner_id"])
            contacts += self.env.execute_query(
                SQL(
                    """SELECT %s, document.id, contact.id, contact.email_normalized,
                              contact.phone_sanitized
                         FROM %s document
                         JOIN res_partner contact ON contact.id = document.partner_id
                        WHERE document.id = ANY(%s)""",
                    model,
                    SQL.identifier(table),
                    ids,
                )
            )
        companies = self._read_companies(
            [contact_id for _m, _id, contact_id, *_ in contacts]
        )
        for model, document_id, contact_id, mail, phone in contacts:
            company_id, name = companies[contact_id]
            customers[model, document_id] = tuple(
                enumerate((company_id, mail, phone, name))
            )
        return customers

    def _get_same_sale(self):
        """All events of the documents, and of those of a won deal."""
        domain = Domain.FALSE
        for event in self:
            if event.event_type == "deal_won":
                domain |= Domain("lead_id", "=", event.lead_id.id) & Domain(
                    "event_type", "in", DOCUMENT_EVENTS
                )
            row = {name: event[name] for name in ("res_model", "res_id", "res_part")}
            for model, record_id in self._get_documents(row):
                domain |= self._get_domain_of(self.env[model].browse(record_id))
        return super()._get_same_sale() | self.search(domain)
