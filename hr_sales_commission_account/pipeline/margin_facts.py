# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Amount and margin of the documents behind events, for rules that look at margins."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from .commission_scope import SCOPE_MARK, WHOLE
from .invoice_amounts import InvoiceAmounts
from .order_amounts import OrderAmounts


class MarginFacts:
    """Reads what documents come to without tax and what their margin is.

    Of the part of a document that the event is about: by order and scope. Two
    statements for each scope in use, whatever the number of events.

    :param rows: of events, from ``hr.commission.event._read_facts``
    """

    def __init__(self, env, rows):
        self.env = env
        self._parts = self._read_parts([row["id"] for row in rows])
        self._rows = [row for row in rows if row["id"] in self._parts]

    def _read_parts(self, event_ids):
        events = self.env["hr.commission.event"].browse(event_ids)
        return {
            event.id: (event.res_model, event.res_id, event.res_part)
            for event in events
            if event.res_model in ("account.move", "sale.order")
        }

    def add(self, facts, with_margin):
        """Add ``untaxed`` and ``margin`` to the facts of events.

        :param facts: numbers by name, by event id
        :param bool with_margin: False where the amount alone is asked for
        """
        grouped = defaultdict(list)
        for row in self._rows:
            event_type, _mark, key = row["event_type"].partition(SCOPE_MARK)
            grouped[event_type, key, self._parts[row["id"]][0]].append(row)
        for (event_type, key, model), rows in grouped.items():
            scope = self._find_scope(event_type, key)
            if scope is not None:
                self._add_group(facts, scope, model, rows, with_margin)

    def _find_scope(self, event_type, key):
        scopes = self.env["hr.commission.plan"]._get_scopes(event_type)
        return next((scope for scope in scopes if scope.key == key), None)

    def _add_group(self, facts, scope, model, rows, with_margin):
        ids = {self._parts[row["id"]][1] for row in rows}
        read = self._read_orders if model == "sale.order" else self._read_invoices
        untaxed = read(ids, replace(scope, base=WHOLE.base))
        margins = read(ids, replace(scope, base="margin")) if with_margin else {}
        for row in rows:
            _model, document_id, part = self._parts[row["id"]]
            place = (document_id, int(part.partition("/")[0] or 0))
            if place not in untaxed:
                continue
            share = self._get_share(row, scope, untaxed[place], margins.get(place))
            facts[row["id"]]["untaxed"] = untaxed[place] * share
            if with_margin:
                facts[row["id"]]["margin"] = margins.get(place, Decimal(0)) * share

    @staticmethod
    def _get_share(row, scope, untaxed, margin):
        """Return the part of the document that the event is about."""
        whole = {"amount": untaxed, "margin": margin}.get(scope.base)
        return row["amount"] / whole if whole else Decimal(1)

    def _read_invoices(self, ids, scope):
        parts = InvoiceAmounts(self.env, ids).get(scope)
        return {(part.invoice_id, part.order_id): part.amount for part in parts}

    def _read_orders(self, ids, scope):
        amounts = OrderAmounts(self.env, ids).get(scope)
        return {(order_id, 0): amount for order_id, (amount, _n) in amounts.items()}
