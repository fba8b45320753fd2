# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""A sale that was taken back and made again for somebody else waits until it is looked at.

As a sale that may have been entered twice. Whoever makes an own one again is not asked.
"""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.double_sales import NEAR_DAYS

from ..pipeline.sold_documents import INVOICES
from .hr_commission_event import SALE_EVENTS

#: invoices like one that was refunded, for another person, with the event of that one
INVOICED_AGAIN = """
    SELECT 'account.move', invoice.id, MIN(taken.id)
      FROM account_move note
 LEFT JOIN account_move former ON former.id = note.reversed_entry_id
      JOIN account_move invoice
        ON invoice.commercial_partner_id = note.commercial_partner_id
       AND invoice.company_id = note.company_id
       AND invoice.currency_id = note.currency_id
       AND invoice.move_type IN %(kinds)s
       AND invoice.state = 'posted'
       AND invoice.amount_untaxed = note.amount_untaxed
       AND invoice.id IS DISTINCT FROM former.id
       AND invoice.invoice_user_id IS DISTINCT FROM COALESCE(
           former.invoice_user_id, note.invoice_user_id)
       AND abs(invoice.invoice_date - note.invoice_date) <= %(days)s
       AND invoice.invoice_date >= COALESCE(former.invoice_date, note.invoice_date)
      JOIN hr_commission_event taken
        ON taken.res_model = 'account.move' AND taken.event_type = 'invoice_posted'
       AND taken.part_scope = '' AND taken.res_id = COALESCE(former.id, note.id)
     WHERE note.move_type = 'out_refund' AND note.state = 'posted'
       AND note.amount_untaxed > 0 AND %(invoices)s
     GROUP BY invoice.id
"""
#: orders like one that was cancelled, for another person, with the event of that one
ORDERED_AGAIN = """
    SELECT 'sale.order', sold.id, MIN(taken.id)
      FROM sale_order former
      JOIN hr_commission_event taken
        ON taken.res_model = 'sale.order' AND taken.event_type = 'order_confirmed'
       AND taken.part_scope = '' AND taken.res_id = former.id
       AND taken.date_reversed IS NOT NULL
      JOIN sale_order sold
        ON sold.partner_id = former.partner_id AND sold.state = 'sale'
       AND sold.company_id = former.company_id
       AND sold.amount_untaxed = former.amount_untaxed
       AND sold.id > former.id
       AND sold.user_id IS DISTINCT FROM former.user_id
       AND abs(sold.commission_date - taken.date_reversed) <= %(days)s
     WHERE former.state = 'cancel' AND former.amount_untaxed > 0 AND %(orders)s
     GROUP BY sold.id
"""


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def _find_equal_sales(self, rows):
        """Also what was made again for somebody else than from whom it was taken."""
        documents = {row["id"]: self._get_documents(row) for row in rows}
        again = self._find_made_again(
            set().union(*documents.values()), SQL("invoice"), SQL("sold")
        )
        made_again = {
            event_id: min(again[each] for each in own & again.keys())
            for event_id, own in documents.items()
            if not own.isdisjoint(again)
        }
        return made_again | super()._find_equal_sales(rows)

    def _flag_doubles(self, rows):
        """Also look again at what was made before the other sale was taken back."""
        rows = list(rows)
        result = super()._flag_doubles(rows)
        taken_back = {
            (row["res_model"], row["res_id"])
            for row in rows
            if (row["date_reversed"] or row["amount"] < 0)
            and row["event_type"] in SALE_EVENTS
        }
        again = self._find_made_again(taken_back, SQL("note"), SQL("former"))
        if again:
            domain = Domain.OR(
                self._get_domain_of(self.env[model].browse(record_id))
                for model, record_id in again
            )
            self._set_pending(
                domain
                & Domain("double_id", "=", False)
                & Domain("is_double_checked", "=", False)
            )
        return result

    def _find_made_again(self, documents, invoices, orders):
        """Return the event of the first sale that each document makes again.

        :param documents: (model, id) of those that are asked about
        :param SQL invoices, orders: the table in which they are looked for
        :return: event ids by (model, id)
        """
        if not documents:
            return {}
        ids = {
            model: [record_id for name, record_id in documents if name == model]
            for model in ("account.move", "sale.order")
        }
        self.env["account.move"].flush_model(
            ["state", "invoice_user_id", "invoice_date", "amount_untaxed"]
        )
        self.env["sale.order"].flush_model(
            ["state", "user_id", "commission_date", "amount_untaxed"]
        )
        rows = self.env.execute_query(
            SQL(
                "%s UNION ALL %s",
                SQL(
                    INVOICED_AGAIN,
                    kinds=INVOICES,
                    days=NEAR_DAYS,
                    invoices=SQL("%s.id = ANY(%s)", invoices, ids["account.move"]),
                ),
                SQL(
                    ORDERED_AGAIN,
                    days=NEAR_DAYS,
                    orders=SQL("%s.id = ANY(%s)", orders, ids["sale.order"]),
                ),
            )
        )
        return {(model, record_id): event_id for model, record_id, event_id in rows}
