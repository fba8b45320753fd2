# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.double_sales import NEAR_DAYS

from ..pipeline.sold_documents import INVOICES

#: what is earned by an invoice or order like one that was taken back from somebody else:
#: of the same customer and amount, about that day
MADE_AGAIN = """
    SELECT line.id * 10 + 8, line.date::timestamp, 'again', line.company_id,
           line.employee_id, line.approver_id, line.id, NULL::int,
           COALESCE(invoice.name, sold.name), NULL, NULL, line.amount
      FROM hr_commission_line line
      JOIN hr_commission_event event ON event.id = line.event_id
      LEFT JOIN account_move invoice ON event.res_model = 'account.move'
           AND invoice.id = event.res_id
           AND invoice.move_type IN %(kinds)s
      LEFT JOIN sale_order sold ON event.res_model = 'sale.order'
           AND sold.id = event.res_id
     WHERE line.kind = 'commission' AND line.state != 'cancelled'
       AND line.date > now() - interval '2 years'
       AND event.event_type IN ('invoice_posted', 'order_confirmed')
       AND (EXISTS (
            SELECT FROM account_move note
              LEFT JOIN account_move former ON former.id = note.reversed_entry_id
             WHERE note.move_type = 'out_refund' AND note.state = 'posted'
               AND note.commercial_partner_id = invoice.commercial_partner_id
               AND note.amount_untaxed = invoice.amount_untaxed
               AND former.id IS DISTINCT FROM invoice.id
               AND COALESCE(former.invoice_user_id, note.invoice_user_id)
                   IS DISTINCT FROM invoice.invoice_user_id
               AND abs(note.invoice_date - invoice.invoice_date) <= %(days)s)
            OR EXISTS (
            SELECT FROM sale_order former
              JOIN hr_commission_event taken ON taken.res_model = 'sale.order'
               AND taken.res_id = former.id AND taken.date_reversed IS NOT NULL
             WHERE former.partner_id = sold.partner_id AND former.state = 'cancel'
               AND former.amount_untaxed = sold.amount_untaxed
               AND former.user_id IS DISTINCT FROM sold.user_id
               AND abs(taken.date_reversed - event.date) <= %(days)s))
"""

#: what is earned by an order of somebody who earns nothing by it: it stands under a deal
#: of other people
ORDERED_BY_OTHERS = """
    SELECT line.id * 10 + 9, line.date::timestamp, 'other_seller', line.company_id,
           line.employee_id, sold.user_id, line.id, NULL::int,
           sold.name, NULL, NULL, line.amount
      FROM hr_commission_line line
      JOIN hr_commission_event event ON event.id = line.event_id
      JOIN LATERAL (
           SELECT found.name, found.user_id FROM sale_order found
            WHERE found.state = 'sale' AND found.user_id IS NOT NULL
              AND (event.res_model = 'sale.order' AND found.id = event.res_id
                   OR event.res_model = 'crm.lead'
                      AND found.commission_lead_id = event.res_id)
              AND NOT EXISTS (
                  SELECT FROM hr_commission_credit credit
                    JOIN hr_commission_person person
                      ON person.employee_ref = credit.employee_id
                     AND person.user_ref = found.user_id
                   WHERE credit.event_id = event.id AND credit.share > 0)
            ORDER BY found.id LIMIT 1) sold ON TRUE
     WHERE line.kind = 'commission' AND line.role = 'sales'
       AND line.state != 'cancelled' AND line.lead_id IS NOT NULL
       AND line.date > now() - interval '2 years'
"""


class HrCommissionInspection(models.Model):
    """Also what was taken back from one person and made again for another, and what
    somebody earns by the order of another.
    """

    _inherit = "hr.commission.inspection"

    finding = fields.Selection(
        selection_add=[
            ("again", "Made again for somebody else"),
            ("other_seller", "By the order of a colleague"),
        ]
    )

    @property
    def _table_query(self):
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            super()._table_query,
            self._made_again(),
            SQL(ORDERED_BY_OTHERS),
        )

    @api.model
    def _made_again(self):
        return SQL(MADE_AGAIN, kinds=INVOICES, days=NEAR_DAYS)
