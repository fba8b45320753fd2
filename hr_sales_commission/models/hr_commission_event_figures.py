from odoo import models
from odoo.tools import SQL


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def _compute_and_post(self):
        self._seal_sources()
        result = super()._compute_and_post()
        self._update_path_figures()
        return result

    def _seal_sources(self):
        """Look at the sources of leads again that are computed for the first time.

        Whatever was known of the customer when the lead was made may have changed
        since; from now on only a dispute changes the source.
        """
        computed = {
            event_id
            for (event_id,) in self.env.execute_query(
                SQL(
                    "SELECT event_id FROM hr_commission_credit WHERE event_id = ANY(%s)",
                    self.ids,
                )
            )
        }
        fresh_ids = set(self.ids) - computed
        leads = self.browse(fresh_ids).lead_id
        sealed_before = {
            lead_id
            for lead_id, event_id in self.env.execute_query(
                SQL(
                    "SELECT lead_id, id FROM hr_commission_event WHERE lead_id = ANY(%s)",
                    leads.ids,
                )
            )
            if event_id not in fresh_ids
        }
        leads.browse(set(leads.ids) - sealed_before)._seal_sources_safely()

    def _update_path_figures(self):
        """Bring the figures of the deals up to date, in one statement."""
        Lead = self.env["crm.lead"]
        Lead.flush_model()
        self.env["crm.touchpoint"].flush_model(["lead_id", "state", "date"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env.cr.execute(
            SQL(
                """WITH won AS (
                       SELECT lead.id, lead.date_won, lead.first_touch_date,
                              customer.commercial_partner_id AS customer_id
                         FROM crm_lead lead
                    LEFT JOIN res_partner customer ON customer.id = lead.partner_id
                        WHERE lead.date_won IS NOT NULL AND lead.id IN (
                              SELECT lead_id FROM hr_commission_event
                               WHERE id = ANY(%s))
                   ),
                   first_purchase AS (
                       SELECT DISTINCT ON (buyer.commercial_partner_id)
                              buyer.commercial_partner_id AS customer_id, lead.id
                         FROM crm_lead lead
                         JOIN res_partner buyer ON buyer.id = lead.partner_id
                        WHERE lead.date_won IS NOT NULL
                          AND buyer.commercial_partner_id IN (
                              SELECT customer_id FROM won)
                        ORDER BY buyer.commercial_partner_id, lead.date_won, lead.id
                   ),
                   figure AS (
                       SELECT won.id,
                              won.date_won - won.first_touch_date AS days_to_sign,
                              (SELECT count(*) FROM crm_touchpoint touch
                                WHERE touch.lead_id = won.id AND touch.state = 'valid'
                                  AND touch.date < won.date_won + 2) AS touch_count,
                              COALESCE(first_purchase.id != won.id, FALSE)
                                  AS is_repurchase
                         FROM won
                    LEFT JOIN first_purchase
                           ON first_purchase.customer_id = won.customer_id
                   )
                   UPDATE crm_lead lead
                      SET days_to_sign = figure.days_to_sign,
                          touch_count = figure.touch_count,
                          is_repurchase = figure.is_repurchase
                     FROM figure
                    WHERE lead.id = figure.id
                      AND (lead.days_to_sign, lead.touch_count, lead.is_repurchase)
                          IS DISTINCT FROM
                          (figure.days_to_sign, figure.touch_count,
                           figure.is_repurchase)""",
                self.ids,
            )
        )
        Lead.invalidate_model(
            ["days_to_sign", "touch_count", "is_repurchase"], flush=False
        )
