# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Customer invoices and credit notes as documents that make commission events."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.double_sales import DOUBLE_DAYS

from ..pipeline.commission_scope import event_part
from ..pipeline.invoice_amounts import InvoiceAmounts
from ..pipeline.open_amounts import open_amount
from ..pipeline.paid_back import PaidBack
from ..pipeline.sold_documents import CUSTOMER_DOCUMENTS

#: whose change has what a posted invoice pays computed again: people, and when it is due
TOUCHING_FIELDS = frozenset(
    ("invoice_user_id", "partner_id", "reversed_entry_id")
    + ("invoice_date_due", "invoice_payment_term_id")
)


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "hr.commission.document"]

    commission_share_ids = fields.One2many(
        "hr.commission.share",
        "move_id",
        string="Commission Shares",
        copy=False,
        help="Whom the invoice and its payments credit. Empty: as its order.",
    )

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        posted._get_commission_documents()._commission_capture()
        sold = posted.sudo()._filter_customer_documents()  # sudo: deals of colleagues
        sold.invoice_line_ids.sale_line_ids.order_id.opportunity_id._ask_identity_by_documents()
        return posted

    def write(self, vals):
        self = self._without_silence(vals)
        if "invoice_currency_rate" in vals and not self.env.su:
            self._check_rate_stays(vals)
        if "partner_id" in vals:
            posted = self.filtered(lambda move: move.state == "posted")
            posted._filter_customer_documents()._check_new_customer(vals)
        result = super().write(vals)
        if vals.get("state") in ("draft", "cancel"):
            self._get_commission_documents()._commission_capture()
        elif TOUCHING_FIELDS.intersection(vals):
            posted = self.filtered(lambda move: move.state == "posted")
            posted._filter_customer_documents()._commission_capture(touched=True)
        return result

    def _check_rate_stays(self, vals):
        """Refuse another exchange rate once an invoice is posted.

        :raises UserError: naming the invoice
        """
        for move in self._filter_customer_documents():
            if move.state == "posted" and self._field_will_change(
                move, vals, "invoice_currency_rate"
            ):
                raise UserError(
                    self.env._(
                        "“%(invoice)s” is posted with its exchange rate. Reset it to "
                        "draft to change that.",
                        invoice=move.display_name,
                    )
                )

    def _filter_customer_documents(self):
        return self.filtered(lambda move: move.move_type in CUSTOMER_DOCUMENTS)

    def _get_commission_documents(self):
        """Return the customer documents among these, and those that others settle."""
        documents = self._filter_customer_documents()
        others = self - documents
        if not others.line_ids.ids:
            return documents
        self.env["account.partial.reconcile"].flush_model(
            ["debit_move_id", "credit_move_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH matches AS (
                    SELECT debit_move_id AS money_id, credit_move_id AS owed_id
                      FROM account_partial_reconcile
                     WHERE debit_move_id = ANY(%(ids)s)
                 UNION ALL
                    SELECT credit_move_id, debit_move_id
                      FROM account_partial_reconcile
                     WHERE credit_move_id = ANY(%(ids)s)
                )
                SELECT DISTINCT invoice.id
                  FROM matches
                  JOIN account_move_line owed ON owed.id = matches.owed_id
                  JOIN account_move invoice ON invoice.id = owed.move_id
                 WHERE invoice.move_type = ANY(%(types)s)
                """,
                ids=others.line_ids.ids,
                types=list(CUSTOMER_DOCUMENTS),
            )
        )
        return documents | self.browse([move_id for (move_id,) in rows])

    def action_correct_credit(self):
        """Open the dialog that credits other people with this invoice."""
        return self.env["hr.commission.credit.correction"]._get_action(self)

    def _recapture_credited(self):
        posted = self.filtered(lambda move: move.state == "posted")
        documents = posted._filter_customer_documents()
        documents._commission_capture(touched=True)

    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------

    def _get_commission_facts(self):
        posted = {move.id: move for move in self if move.state == "posted"}
        if not posted:
            return []
        self.browse(posted)._freeze_commission_costs()
        amounts = InvoiceAmounts(self.env, posted)
        settled = [move.id for move in posted.values() if move._is_partly_settled()]
        Plan = self.env["hr.commission.plan"]
        facts = []
        parts_of_scope, collections_by_basis = {}, {}
        for scope in Plan._get_scopes("invoice_posted"):
            parts_of_scope[scope] = amounts.get(scope)
            for part in parts_of_scope[scope]:
                facts.append(posted[part.invoice_id]._prepare_invoice_fact(scope, part))
        for scope in Plan._get_scopes("payment_received") if settled else ():
            if scope.collected not in collections_by_basis:
                collections_by_basis[scope.collected] = amounts.get_collections(
                    settled, scope.collected
                )
            collections = collections_by_basis[scope.collected]
            if scope.fully_paid:
                collections = {
                    # everything that was collected, with the last money
                    each: [replace(collections[each][-1], before=Decimal(0))]
                    for each in self._find_paid_ids(collections)
                }
            if not collections:
                continue
            if scope not in parts_of_scope:
                parts_of_scope[scope] = amounts.get(scope)
            facts += self._prepare_payment_facts(
                scope, parts_of_scope[scope], collections
            )
        return facts

    def _record_commission_facts(self, touched):
        notes = self._find_later_credit_notes()
        # money paid back is shared out over all payments of the sale
        family = self | notes | self.reversed_entry_id
        result = super(AccountMove, family)._record_commission_facts(touched)
        concerned = notes
        if self.env["hr.commission.plan"]._watches_unpaid_invoices():
            concerned |= self.reversed_entry_id  # less of them is open
        self.env["hr.commission.event"]._set_pending(
            Domain("res_model", "=", "account.move")
            & Domain("res_id", "in", concerned.ids)
        )
        self._look_at_doubles_again()
        if self.env["hr.commission.plan"]._releases_on_settlement():
            orders = self.invoice_line_ids.sale_line_ids.order_id
            self.env["hr.commission.event"]._set_pending(
                Domain("res_model", "=", "account.move")
                & Domain("res_id", "in", self.ids)
                | Domain("res_model", "=", "sale.order")
                & Domain("res_id", "in", orders.ids)
                | Domain(
                    "lead_id",
                    "in",
                    (orders.opportunity_id | orders.commission_lead_id).ids,
                )
            )
        return result

    def _look_at_doubles_again(self):
        """What looked like the sale that credit notes take back may be a new one."""
        Event = self.env["hr.commission.event"]
        of_document = Domain("res_model", "=", "account.move")
        taken = Event.search(
            of_document
            & Domain("res_id", "in", self.reversed_entry_id.ids)
            & Domain("event_type", "=", "invoice_posted")
        )
        if not taken:
            return
        days = taken.mapped("date")
        near = Event.search(
            of_document
            & Domain("event_type", "=", "invoice_posted")
            & Domain("amount", "in", taken.mapped("amount"))
            & Domain("date", ">=", min(days) - timedelta(DOUBLE_DAYS))
            & Domain("date", "<=", max(days) + timedelta(DOUBLE_DAYS))
        )
        doubles = of_document & Domain("res_id", "in", near.mapped("res_id"))
        Event._set_pending(doubles)

    def _freeze_commission_costs(self):
        """Write costs and list prices down; what is taken back has its invoice's."""
        taking_back = self.filtered("reversed_entry_id")
        for some in (self - taking_back, taking_back):
            some.invoice_line_ids._freeze_commission_cost()
            some.invoice_line_ids._seal_commission_list_price()

    def _find_later_credit_notes(self):
        """Return what takes back from the same sales: it counts from what is left."""
        sales = self | self.reversed_entry_id
        return self.search(
            [
                ("reversed_entry_id", "in", sales.ids),
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
                ("id", "not in", self.ids),
            ]
        )

    def _is_partly_settled(self):
        """Whether anything was reconciled with this invoice."""
        total, residual = self.amount_total, self.amount_residual
        return self.currency_id.compare_amounts(total, residual) != 0

    def _prepare_invoice_fact(self, scope, part):
        return self._prepare_document_fact(
            "invoice_posted",
            scope,
            part,
            date=self.invoice_date or self.date,
            amount=part.amount,
            quantity=part.quantity,
            # what was taken back unpaid is given again when the money comes
            **(
                {"touched": True}
                if self.env["hr.commission.plan"]._watches_unpaid_invoices()
                else {}
            ),
        )

    def _prepare_payment_facts(self, scope, parts, collections):
        """Return the parts of invoices that were collected, summing to the whole.

        What is paid back takes back from the payments of its invoice, one by one. Parts
        after the first are rounded on the sum before them, so they are computed again
        whenever one of them changes.

        :param list[InvoicePart] parts: of any documents
        :param collections: lists of what was collected, by the id of the document
        """
        facts, paid_back, payments = [], [], PaidBack()
        for part in parts:
            move = self.browse(part.invoice_id)
            for collection in collections.get(move.id, ()):
                if move._get_commission_origin():
                    paid_back.append((move, part, collection))
                    continue
                amount = collection.share_of(part)
                payments.add(part, collection.money_id, amount)
                facts.append(move._prepare_money_fact(scope, part, collection, amount))
        paid_back.sort(key=lambda each: (each[2].date, each[2].money_id))
        for move, part, collection in paid_back:
            origin = move._get_commission_origin()
            amount = collection.share_of(part)
            facts += [
                move._prepare_money_fact(scope, part, collection, portion, taken_id)
                for taken_id, portion in payments.take(origin.id, part, amount)
            ]
        return facts

    def _prepare_money_fact(self, scope, part, collection, amount, taken_id=""):
        """Return what money means for a part of an invoice.

        :param amount: of the money for this part, in the currency of the company
        :param taken_id: of money paid back: the journal item of what it takes back
        """
        whole = collection.share_of(part)
        quantity = part.quantity * float(collection.after - collection.before)
        return self._prepare_document_fact(
            "payment_received",
            scope,
            part,
            money_id=collection.money_id,
            taken_id=taken_id,
            date=collection.date,
            amount=amount,
            quantity=quantity * float(amount / whole) if whole else quantity,
            touched=True,
        )

    def _prepare_undone_fact(self, recorded):
        """Money that settles another invoice now was not lost: it never counted here."""
        fact = super()._prepare_undone_fact(recorded)
        money_id = recorded["res_part"].split("/")[1:2]
        if recorded["event_type"] == "payment_received" and money_id:
            money = self.env["account.move.line"].browse(int(money_id[0])).exists()
            if money.parent_state == "posted" and not money.move_id.reversal_move_ids:
                fact["date_reversed"] = recorded["date"]
        return fact

    def _get_commission_origin(self):
        """Return the invoice that a credit note takes back, if it names one.

        :rtype: account.move
        """
        return (
            self.move_type == "out_refund" and self.reversed_entry_id or self.browse()
        )

    def _find_paid_ids(self, move_ids):
        """Return the ids of those invoices of which nothing is open."""
        self.env["account.move"].flush_model(["amount_residual"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM account_move invoice WHERE id = ANY(%s) AND %s = 0",
                list(move_ids),
                open_amount("invoice"),
            )
        )
        return [move_id for (move_id,) in rows]

    def _prepare_document_fact(
        self, event_type, scope, part, money_id="", taken_id="", **values
    ):
        self.ensure_one()
        return {
            "event_type": event_type,
            "res_model": self._name,
            "res_id": self.id,
            "res_part": event_part(part.order_id, money_id, scope.key, taken_id),
            "lead_id": part.lead_id,
            "company_id": self.company_id.id,
            "date_reversed": None,
            "origin_id": self._get_commission_origin().id or None,
            # the salesperson of the deal, if there is one
            "user_id": None if part.lead_id else part.user_id or 0,
            **values,
        }
