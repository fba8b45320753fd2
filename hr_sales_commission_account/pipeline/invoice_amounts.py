# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What invoices are worth to rules, and what of it was collected, in sets."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.engine.facts import ZERO
from odoo.addons.hr_sales_commission.engine.rounding import round_half_up

from .amount_bases import UNITS, base_of_invoice
from .order_amounts import OrderAmounts
from .scope_conditions import (
    customer_condition,
    is_discount_line,
    is_repeat_invoice,
    is_repeat_order,
    line_condition,
    sealed_deal,
)
from .typed_notes import merged, share_out_typed

#: what of invoices belongs to which order and deal, by what a scope looks at
INVOICE_LINES = """
        SELECT line.move_id, COALESCE(sold.order_id, 0), deal.id,
               COALESCE(orders.user_id, invoice.invoice_user_id),
               (SUM(%(base)s) FILTER (WHERE chosen.is_it)
                + COALESCE(
                    SUM(%(base)s) FILTER (WHERE off.is_it)
                    * SUM(-worth.balance) FILTER (WHERE chosen.is_it)
                    / NULLIF(SUM(-worth.balance) FILTER (
                        WHERE NOT prepaid.is_it AND NOT off.is_it), 0),
                    0))::text,
               SUM(-worth.balance) FILTER (WHERE prepaid.is_it)::text,
               SUM(-worth.balance) FILTER (WHERE unnamed.is_it)::text,
               -- what takes something off is no unit that was sold
               SUM(line.quantity * direction.sign * %(units)s)
                   FILTER (WHERE chosen.is_it AND line.price_unit >= 0)::float8,
               COUNT(*) FILTER (WHERE chosen.is_it),
               currency.rounding::text
          FROM account_move_line line
          JOIN account_move invoice ON invoice.id = line.move_id
          JOIN res_company company ON company.id = invoice.company_id
          JOIN res_currency currency ON currency.id = company.currency_id
     LEFT JOIN account_move origin ON origin.id = invoice.reversed_entry_id
               AND invoice.move_type = 'out_refund'
     CROSS JOIN LATERAL (
               SELECT CASE invoice.move_type WHEN 'out_refund' THEN -1 ELSE 1
                      END AS sign) direction
     LEFT JOIN LATERAL (
               SELECT item.order_id, item.is_downpayment
                 FROM sale_order_line_invoice_rel rel
                 JOIN sale_order_line item ON item.id = rel.order_line_id
                WHERE rel.invoice_line_id = line.id
                ORDER BY item.id LIMIT 1) sold ON TRUE
    CROSS JOIN LATERAL (
               SELECT COALESCE(
                   sold.is_downpayment, line.is_downpayment, FALSE) AS is_it
               ) prepaid
    CROSS JOIN LATERAL (
               SELECT %(off)s AND NOT prepaid.is_it AS is_it) off
    CROSS JOIN LATERAL (
               -- what a typed credit note does not name: part of its invoice
               SELECT %(by_line)s AND origin.id IS NOT NULL
                      AND line.product_id IS NULL
                      AND sold.order_id IS NULL AS is_it) unnamed
    CROSS JOIN LATERAL (
               SELECT NOT prepaid.is_it AND NOT off.is_it AND NOT unnamed.is_it
                      AND %(lines)s AS is_it) chosen
     LEFT JOIN sale_order orders ON orders.id = sold.order_id
     LEFT JOIN LATERAL (
               -- typed by hand: it names the invoice, and none of its orders
               SELECT CASE WHEN COUNT(DISTINCT lead.id) = 1
                      THEN MIN(lead.id) END AS id
                 FROM account_move_line taken
                 JOIN sale_order_line_invoice_rel rel
                   ON rel.invoice_line_id = taken.id
                 JOIN sale_order_line item ON item.id = rel.order_line_id
                 JOIN sale_order named ON named.id = item.order_id
                 JOIN crm_lead lead ON lead.id = %(named_deal)s
                WHERE taken.move_id = origin.id AND sold.order_id IS NULL
               ) reversed ON TRUE
    CROSS JOIN LATERAL (
               SELECT COALESCE(%(deal)s, reversed.id) AS id) deal
     LEFT JOIN res_partner contact ON contact.id = orders.partner_id
    CROSS JOIN LATERAL (
               -- a credit note is the sale that it takes back
               SELECT COALESCE(origin.id, invoice.id) AS id,
                      COALESCE(origin.invoice_date, invoice.invoice_date)
                          AS invoice_date,
                      invoice.company_id, invoice.commercial_partner_id
               ) basis
    CROSS JOIN LATERAL (
               SELECT CASE WHEN origin.currency_id = invoice.currency_id
                            AND origin.currency_id != currency.id
                            AND origin.invoice_currency_rate != 0
                      THEN ROUND((line.amount_currency
                                  / origin.invoice_currency_rate::numeric)
                                 / currency.rounding) * currency.rounding
                      ELSE line.balance END AS balance
               ) worth
         WHERE line.move_id = ANY(%(ids)s) AND line.display_type = 'product'
           AND %(customers)s AND %(origin)s AND %(kind)s
         GROUP BY line.move_id, sold.order_id, deal.id,
                  orders.user_id, invoice.invoice_user_id, currency.rounding
"""

#: what settled invoices, and when
INVOICE_MONEY = """
        WITH owed AS (
            SELECT line.id, line.move_id,
                   SUM(line.amount_currency) OVER (PARTITION BY line.move_id)
                       AS total
              FROM account_move_line line
             WHERE line.move_id = ANY(%(ids)s)
               AND line.display_type = 'payment_term'
        )
        SELECT owed.move_id, owed.total::text, money.id,
               GREATEST(money.date, invoice.invoice_date),
               SUM(match.amount * received.part)::text
          FROM owed
    CROSS JOIN LATERAL (
               SELECT credit_move_id AS money_id,
                      debit_amount_currency AS amount
                 FROM account_partial_reconcile WHERE debit_move_id = owed.id
            UNION ALL
               SELECT debit_move_id, -credit_amount_currency
                 FROM account_partial_reconcile WHERE credit_move_id = owed.id
               OFFSET 0) match
    CROSS JOIN LATERAL (
               SELECT id, date, move_id FROM account_move_line
                WHERE id = match.money_id OFFSET 0) money
    CROSS JOIN LATERAL (
               SELECT id, state, move_type, origin_payment_id,
                      statement_line_id, journal_id
                 FROM account_move WHERE id = money.move_id OFFSET 0) entry
    CROSS JOIN LATERAL (
               SELECT type FROM account_journal
                WHERE id = entry.journal_id OFFSET 0) journal
    CROSS JOIN LATERAL (
               SELECT invoice_date FROM account_move
                WHERE id = owed.move_id OFFSET 0) invoice
    CROSS JOIN LATERAL (SELECT %(received)s AS part) received
         WHERE entry.state = 'posted' AND owed.total != 0
           AND entry.move_type = 'entry'
           AND (entry.origin_payment_id IS NOT NULL
                OR entry.statement_line_id IS NOT NULL
                OR journal.type IN ('bank', 'cash', 'credit')
                OR %(counts)s)
         GROUP BY owed.move_id, owed.total, money.id, money.date,
                  invoice.invoice_date
        HAVING SUM(match.amount) != 0
         ORDER BY owed.move_id, money.date, money.id
"""

#: the part of what an entry settles that came in as money, and was not written off
MONEY_PART = """COALESCE((
        SELECT LEAST(1, ABS(SUM(item.balance) FILTER (WHERE item.account_id IN (
                          bank.default_account_id, payment.outstanding_account_id)))
                   / NULLIF(ABS(SUM(item.balance) FILTER (
                         WHERE account.account_type IN (
                             'asset_receivable', 'liability_payable'))), 0))
          FROM account_move_line item
          JOIN account_account account ON account.id = item.account_id
          JOIN account_journal bank ON bank.id = entry.journal_id
     LEFT JOIN account_payment payment ON payment.id = entry.origin_payment_id
         WHERE item.move_id = entry.id), 1)"""


@dataclass(frozen=True, slots=True)
class InvoicePart:
    """What an invoice owes to one order, or to none.

    :param lead_id: the lead of the order
    :param user_id: the salesperson of the order, else of the invoice
    :param amount: in the currency of the company, below zero on a credit note
    :param step: smallest unit of that currency
    """

    invoice_id: int
    order_id: int
    lead_id: int | None
    user_id: int | None
    amount: Decimal
    quantity: float
    step: Decimal


@dataclass(frozen=True, slots=True)
class Collection:
    """Money that settles a part of an invoice.

    :param money_id: the journal item of the money
    :param before, after: the part of the invoice settled before and after it, 0 to 1
    """

    money_id: int
    date: date
    before: Decimal
    after: Decimal

    def share_of(self, part):
        """Return its part of an amount; all parts of the amount sum to the whole."""
        return round_half_up(part.amount * self.after, part.step) - round_half_up(
            part.amount * self.before, part.step
        )


class InvoiceAmounts:
    """Untaxed amounts of posted invoices and credit notes, by the order of each line.

    Amounts stay those of the invoice's own day: exchange rates of payment days and of
    credit notes that take it back, cash discounts and write-offs do not change them.
    One statement a scope.

    :param invoice_ids: ids of invoices that are flushed to the database
    """

    def __init__(self, env, invoice_ids):
        self.env = env
        self.invoice_ids = list(invoice_ids)
        self._orders = None
        self._origin_amounts = {}

    def get(self, scope):
        """Return what of these invoices satisfies a scope.

        :rtype: list[InvoicePart]
        """
        return self._name_orders(scope, self._read_parts(scope))

    def _name_orders(self, scope, parts):
        """Let what was typed by hand take back from all orders of its invoice."""
        unnamed = [part.invoice_id for part in parts if not part.order_id]
        Move = self.env["account.move"]
        origins = Move.browse(unnamed).reversed_entry_id
        if not origins:
            return parts
        notes = Move.search(
            Domain("reversed_entry_id", "in", origins.ids)
            & Domain("move_type", "=", "out_refund")
            & Domain("state", "=", "posted")
        )
        family = InvoiceAmounts(self.env, (origins | notes).ids)._read_parts(scope)
        by_document = defaultdict(list)
        for part in family:
            by_document[part.invoice_id].append(part)
        of_notes = {}
        for origin, some in notes.grouped("reversed_entry_id").items():
            taken = [part for note in some for part in by_document[note.id]]
            of_notes |= dict.fromkeys(some.ids, ())
            for part in merged(share_out_typed(by_document[origin.id], taken)):
                of_notes[part.invoice_id] += (part,)
        asked = {part.invoice_id for part in parts} & of_notes.keys()
        rest = [part for part in parts if part.invoice_id not in asked]
        return rest + [part for note_id in sorted(asked) for part in of_notes[note_id]]

    def _read_parts(self, scope):
        """Return the same as the documents say it."""
        rows = self._read_rows(scope)
        if self._orders is None:
            self._orders = OrderAmounts(
                self.env,
                {order_id for _invoice, order_id, *_values in rows if order_id},
            )
        parts = []
        for row in rows:
            invoice_id, order_id, lead_id, user_id, *numbers = row
            amount, prepaid, unnamed, quantity, count, step = numbers
            factor = self._get_factor(scope, order_id) if prepaid else ZERO
            of_origin = self._get_origin_factor(scope, invoice_id) if unnamed else ZERO
            if not (count or factor or of_origin):
                continue
            step = Decimal(step)
            total = Decimal(amount or 0) + Decimal(prepaid or 0) * factor
            total += Decimal(unnamed or 0) * of_origin
            parts.append(
                InvoicePart(
                    invoice_id,
                    order_id,
                    lead_id,
                    user_id,
                    round_half_up(total, step),
                    quantity or 0.0,
                    step,
                )
            )
        return parts

    def _get_factor(self, scope, order_id):
        if not order_id:
            return Decimal(0 if scope.looks_at_lines else 1)
        return self._orders.get_factor(scope, order_id)

    def _get_origin_factor(self, scope, note_id):
        """Return the part of the invoice of a credit note that a scope looks at."""
        if scope not in self._origin_amounts:
            origins = self.env["account.move"].browse(self.invoice_ids)
            amounts = defaultdict(lambda: ZERO)
            for part in InvoiceAmounts(self.env, origins.reversed_entry_id.ids).get(
                scope
            ):
                amounts[part.invoice_id] += part.amount
            self._origin_amounts[scope] = amounts
        origin = self.env["account.move"].browse(note_id).reversed_entry_id
        whole = Decimal(str(origin.amount_untaxed_signed))
        amount = self._origin_amounts[scope][origin.id]
        return amount / whole if whole else ZERO

    def _read_rows(self, scope):
        return self.env.execute_query(
            SQL(
                INVOICE_LINES,
                ids=self.invoice_ids,
                base=base_of_invoice(scope),
                units=SQL(UNITS),
                by_line=scope.looks_at_lines,
                off=is_discount_line(scope, "line", "quantity"),
                lines=line_condition(self.env, scope, "line"),
                customers=customer_condition(
                    self.env, scope, SQL("invoice.commercial_partner_id")
                ),
                origin=self._origin(scope),
                kind=self._kind(scope),
                deal=sealed_deal("orders"),
                named_deal=sealed_deal("named"),
            )
        )

    @staticmethod
    def _origin(scope):
        return {
            "": SQL("TRUE"),
            # or takes back, typed by hand, what comes from one
            "order": SQL(
                """(sold.order_id IS NOT NULL OR EXISTS (
                     SELECT FROM account_move_line taken
                       JOIN sale_order_line_invoice_rel rel
                         ON rel.invoice_line_id = taken.id
                      WHERE taken.move_id = origin.id))"""
            ),
            "lead": SQL("deal.id IS NOT NULL"),
        }[scope.origin]

    def _kind(self, scope):
        if not scope.customer_kind:
            return SQL("TRUE")
        return SQL(
            "CASE WHEN orders.id IS NULL THEN %s ELSE %s END = %s",
            is_repeat_invoice(self.env, "basis"),
            is_repeat_order(self.env, "orders", "contact"),
            scope.customer_kind == "repeat",
        )

    def get_collections(self, invoice_ids, basis=""):
        """Return the money that settles invoices, in the order it came.

        Money is what went through a bank or cash journal; a cash discount or write-off
        inside a payment is part of that payment, unless only money counts. Money that
        came before the invoice counts on the day of the invoice.

        :param basis: ``""``: what the customer withheld as a tax, booked by an entry of
            its own, counts too; ``money``: only money; ``settled``: whatever settles the
            invoice by an entry, such as a write-off. A credit note never counts.
        :rtype: dict[int, list[Collection]]
        """
        collections = defaultdict(list)
        if not invoice_ids:
            return collections
        settled = defaultdict(lambda: ZERO)
        for invoice_id, total, money_id, day, amount in self._read_money(
            invoice_ids, basis
        ):
            before = settled[invoice_id]
            settled[invoice_id] += Decimal(amount)
            whole = Decimal(total)
            collections[invoice_id].append(
                Collection(
                    money_id,
                    day,
                    min(before / whole, Decimal(1)),
                    min(settled[invoice_id] / whole, Decimal(1)),
                )
            )
        return collections

    @staticmethod
    def _counts(basis):
        """Return the condition on entries that are no bank or cash entries."""
        return {
            "money": SQL("FALSE"),
            "settled": SQL("TRUE"),
            "": SQL(
                """(journal.type = 'general' AND NOT EXISTS (
                        SELECT FROM account_move_line part
                          JOIN account_account account ON account.id = part.account_id
                         WHERE part.move_id = entry.id
                           AND (account.account_type LIKE 'income%%'
                                OR account.account_type LIKE 'expense%%')))"""
            ),
        }[basis]

    def _read_money(self, invoice_ids, basis):
        """Read what settles invoices, one look-up after the other.

        The order is fixed: while the statistics of tables were old, PostgreSQL compared
        every entry with every journal item.
        """
        return self.env.execute_query(
            SQL(
                INVOICE_MONEY,
                ids=list(invoice_ids),
                counts=self._counts(basis),
                received=SQL(MONEY_PART if basis == "money" else "1"),
            )
        )
