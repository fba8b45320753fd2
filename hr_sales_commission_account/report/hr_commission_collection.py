# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.engine.facts import ZERO
from odoo.addons.hr_sales_commission.engine.rounding import round_half_up, to_decimal
from odoo.addons.hr_sales_commission.pipeline.event_forecast import EventForecast

from ..pipeline.commission_scope import WHOLE, scoped_event_type
from ..pipeline.invoice_amounts import InvoiceAmounts
from ..pipeline.order_amounts import OrderAmounts

#: orders and invoices that are not paid yet, by who sold them
COLLECTION = """
        WITH document AS (
            SELECT event.*, event.res_id AS order_id, NULL::int AS invoice_id
              FROM hr_commission_event event
             WHERE event.event_type = 'order_confirmed'
               AND event.res_part = '' AND event.date_reversed IS NULL
         UNION ALL
            SELECT event.*, NULL, event.res_id
              FROM hr_commission_event event
             WHERE event.event_type = 'invoice_posted'
               AND event.res_part = '' AND event.date_reversed IS NULL
        ),
        settlement AS (
            SELECT event.part_order_id AS order_id,
                   CASE WHEN event.part_order_id IS NULL
                        THEN event.res_id END AS invoice_id,
                   SUM(event.amount) FILTER (
                       WHERE event.event_type = 'invoice_posted') AS invoiced,
                   SUM(event.amount) FILTER (
                       WHERE event.event_type = 'payment_received') AS collected,
                   MIN(invoice.invoice_date_due) FILTER (
                       WHERE invoice.amount_residual_signed > 0) AS date_due
              FROM hr_commission_event event
              JOIN account_move invoice ON invoice.id = event.res_id
             WHERE event.event_type IN ('invoice_posted', 'payment_received')
               AND event.res_model = 'account.move'
               AND event.part_scope = ''
               AND event.date_reversed IS NULL
             GROUP BY 1, 2
        )
        SELECT credit.id, document.id AS event_id, document.order_id,
               document.invoice_id, document.lead_id,
               COALESCE(orders.partner_id, invoice.partner_id) AS partner_id,
               credit.employee_id, credit.user_id, credit.company_id, document.date,
               settlement.date_due,
               COALESCE(settlement.date_due < CURRENT_DATE, FALSE) AS is_overdue,
               credit.amount AS amount_signed,
               part.size * COALESCE(settlement.invoiced, 0) AS amount_invoiced,
               part.size * COALESCE(settlement.collected, 0) AS amount_collected,
               credit.amount - part.size * COALESCE(settlement.collected, 0)
                   AS amount_open
          FROM document
          JOIN hr_commission_credit credit
            ON credit.event_id = document.id AND credit.role = 'sales'
           AND credit.share > 0
    CROSS JOIN LATERAL (
               SELECT credit.amount / NULLIF(document.amount, 0) AS size) part
     LEFT JOIN settlement ON settlement.order_id = document.order_id
                          OR settlement.invoice_id = document.invoice_id
     LEFT JOIN sale_order orders ON orders.id = document.order_id
     LEFT JOIN account_move invoice ON invoice.id = document.invoice_id
         WHERE document.amount != COALESCE(settlement.collected, 0)
"""


class HrCommissionCollection(models.Model):
    """What salespeople signed and the customer has not paid yet.

    One row for each salesperson of an order, or of an invoice without order.
    """

    _name = "hr.commission.collection"
    _description = "Waiting for Payment"
    _auto = False
    _order = "date_due, date, id"
    _rec_name = "partner_id"

    event_id = fields.Many2one("hr.commission.event", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    invoice_id = fields.Many2one("account.move", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    employee_id = fields.Many2one("hr.employee", string="Salesperson", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    company_id = fields.Many2one("res.company", string="Branch", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Signed On", readonly=True)
    date_due = fields.Date(
        string="Due On",
        readonly=True,
        help="First due day of an invoice that is not paid.",
    )
    is_overdue = fields.Boolean(readonly=True)
    amount_signed = fields.Monetary(
        string="Signed",
        readonly=True,
        help="What the deal was signed for, without tax.",
    )
    amount_invoiced = fields.Monetary(
        string="Invoiced",
        readonly=True,
        help="The part of the deal that has been invoiced.",
    )
    amount_collected = fields.Monetary(
        string="Collected",
        readonly=True,
        help="The part of the deal that the customer has paid.",
    )
    amount_open = fields.Monetary(
        string="Not Collected",
        readonly=True,
        help="The part of the deal that the customer has not paid yet.",
    )
    commission_waiting = fields.Monetary(
        compute="_compute_commission_waiting",
        compute_sudo=True,
        help="What the salesperson earns once the customer has paid everything, by the "
        "rules of today.",
    )

    @property
    def _table_query(self):
        return SQL(COLLECTION)

    # ------------------------------------------------------------------
    # The commission that waits
    # ------------------------------------------------------------------

    @api.depends("amount_open")
    def _compute_commission_waiting(self):
        waiting = self._estimate_commissions()
        for row in self:
            key = (row.event_id.id, row.employee_id.id)
            row.commission_waiting = float(waiting[key])

    def _estimate_commissions(self):
        """Ask the engine what the open amounts would pay if they came in today.

        By the plan of today, and after everything that happened in its periods.

        :return: amounts by event and employee
        """
        totals = defaultdict(lambda: ZERO)
        if not self.event_id:
            return totals
        loader = self.env["hr.commission.event"]._get_loader()
        documents = loader.read_events(self.event_id.ids)
        open_shares = {
            row.event_id.id: to_decimal(row.amount_open) / to_decimal(row.amount_signed)
            for row in self
            if row.amount_signed
        }
        shares = _ScopeShares(self)
        payments, document_of = [], {}
        for scope in self.env["hr.commission.plan"]._get_scopes("payment_received"):
            for event_id, part in shares.get(scope).items():
                number = -1 - len(payments)
                document_of[number] = event_id
                payments.append(
                    self._imagine_payment(
                        number,
                        documents[event_id],
                        scope,
                        open_shares.get(event_id, ZERO) * part,
                    )
                )
        batch = loader.load_imagined(payments)
        for award in EventForecast(batch).compute():
            totals[document_of[award.event_id], award.employee_id] += award.amount
        return totals

    def _imagine_payment(self, event_id, document, scope, part):
        """Return a payment of today of a part of an order or invoice.

        :param dict document: facts of the event of the order or invoice
        """
        company = self.env["res.company"].browse(document["company_id"])
        step = to_decimal(company.currency_id.rounding)
        return {
            **document,
            "id": event_id,
            "event_type": scoped_event_type("payment_received", scope.key),
            "date": company._commission_local_date(),
            "amount": round_half_up(document["amount"] * part, step),
            "preceding": ZERO,
            "date_reversed": None,
        }


class _ScopeShares:
    """How much of each order or invoice satisfies a scope."""

    def __init__(self, rows):
        self._event_of_order = {
            row.order_id.id: row.event_id.id for row in rows if row.order_id
        }
        self._event_of_invoice = {
            row.invoice_id.id: row.event_id.id for row in rows if row.invoice_id
        }
        self._orders = OrderAmounts(rows.env, self._event_of_order)
        self._invoices = InvoiceAmounts(rows.env, self._event_of_invoice)

    def get(self, scope):
        """Return the part of the whole that a scope counts, by event.

        :rtype: dict[int, Decimal]
        """
        wholes, parts = self._read(WHOLE), self._read(scope)
        return {
            event_id: amount / wholes[event_id]
            for event_id, amount in parts.items()
            if wholes.get(event_id)
        }

    def _read(self, scope):
        amounts = {
            self._event_of_order[order_id]: amount
            for order_id, (amount, _quantity) in self._orders.get(scope).items()
        }
        amounts |= {
            self._event_of_invoice[part.invoice_id]: part.amount
            for part in self._invoices.get(scope)
            if not part.order_id
        }
        return amounts
