# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Merged leads: what was recorded of them belongs to the one that stays."""

from odoo import api, models
from odoo.tools import SQL

#: moves the events of merged leads to the one that stays, and takes doubles back
FOLLOW_MERGE = """
    WITH ranked AS (
        SELECT event.id, event.event_type,
               event.res_model = 'crm.lead' AS is_own,
               row_number() OVER (
                   PARTITION BY event.event_type
                   ORDER BY event.date_reversed NULLS FIRST, event.date,
                            event.id) AS place
          FROM hr_commission_event event
         WHERE event.lead_id = ANY(%(leads)s)
    ),
    judged AS (
        SELECT ranked.*, ranked.place = 1 AND NOT EXISTS (
                   SELECT FROM hr_commission_event own
                    WHERE own.event_type = ranked.event_type
                      AND own.res_model = 'crm.lead'
                      AND own.res_id = %(head)s
                      AND own.res_part = '') AS is_kept
          FROM ranked
    ),
    line AS (
        UPDATE hr_commission_line SET lead_id = %(head)s
         WHERE lead_id = ANY(%(leads)s)
    ),
    correction AS (
        UPDATE hr_commission_correction
           SET lead_id = %(head)s,
               res_id = CASE res_model WHEN 'crm.lead' THEN %(head)s ELSE res_id END
         WHERE lead_id = ANY(%(leads)s)
    )
    UPDATE hr_commission_event event
       SET lead_id = %(head)s, state = 'pending', error = NULL,
           res_id = CASE WHEN judged.is_own AND judged.is_kept
                         THEN %(head)s ELSE event.res_id END,
           date_reversed = CASE WHEN judged.is_own AND NOT judged.is_kept
                                THEN event.date
                                ELSE event.date_reversed END
      FROM judged WHERE judged.id = event.id
"""


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    @api.model
    def _follow_merge(self, leads, head):
        """Let the events, lines and corrections of merged leads belong to the one that
        stays.

        A win or qualification that the lead has itself is not counted twice: the other
        one never was one, and its commission is taken back.
        """
        self.flush_model()
        Correction = self.env["hr.commission.correction"]
        Correction.flush_model()
        self.env["hr.commission.line"].flush_model(["lead_id"])
        self.env.cr.execute(SQL(FOLLOW_MERGE, leads=leads.ids, head=head.id))
        if self.env.cr.rowcount:
            self._trigger_processing()
        # only what was changed: Odoo goes on with leads it has read
        self.invalidate_model(flush=False)
        Correction.invalidate_model(flush=False)
        self.env["hr.commission.line"].invalidate_model(["lead_id"], flush=False)
        self.env["crm.lead"].invalidate_model(["commission_line_ids"], flush=False)
