from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.double_sales import NEAR_DAYS

#: what is earned by an invoice or order like one that was taken back from somebody else:
#: of the same customer and amount, about that day
MADE_AGAIN = """
    SELECT line.id * 10 + 8, line.date::timestamp, 'again', line.company_id,
           line.employee_id, line.approver_id, line.id, NULL::int,
           COALESCE(invoice.name, sold.name), NULL, NULL, line.amount
      FROM hr_commission_line line
      JOIN hr_commission_event event ON event.id = line.event_id
      LEFT JOIN account_move invoice ON event.res_model = 'account.move'
           AND invoice.id = event.res_id AND invoice.move_type = 'out_invoice'
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


class HrCommissionInspection(models.Model):
    """Also what was taken back from one person and made again for another."""

    _inherit = "hr.commission.inspection"

    finding = fields.Selection(
        selection_add=[("again", "Made again for somebody else")]
    )

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", super()._table_query, self._made_again())

    @api.model
    def _made_again(self):
        return SQL(MADE_AGAIN, days=NEAR_DAYS)
