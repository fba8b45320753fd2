"""What an event writes on its lead: the sealed source, the figures of its way."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..pipeline.sql_rows import sql_rows

FIGURE_COLUMNS = {
    "id": "int",
    "days_to_sign": "int",
    "touch_count": "int",
    "is_repurchase": "bool",
}


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def _compute_and_post(self):
        self.flush_model(["lead_id"])
        lead_of = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, lead_id FROM hr_commission_event"
                    " WHERE id = ANY(%s) AND lead_id IS NOT NULL",
                    self.ids,
                )
            )
        )
        self._seal_sources(lead_of)
        result = super()._compute_and_post()
        self._update_path_figures(list(set(lead_of.values())))
        return result

    def _seal_sources(self, lead_of):
        """Look at the sources of leads again that are computed for the first time.

        Whatever was known of the customer when the lead was made may have changed
        since; from now on only a dispute changes the source.

        :param dict lead_of: the lead of each event that has one, by id
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
        fresh_ids = lead_of.keys() - computed
        if not fresh_ids:  # an empty list would be looked for in the whole table
            return
        lead_ids = {lead_of[event_id] for event_id in fresh_ids}
        sealed_before = {
            lead_id
            for lead_id, event_id in self.env.execute_query(
                SQL(
                    "SELECT lead_id, id FROM hr_commission_event WHERE lead_id = ANY(%s)",
                    list(lead_ids),
                )
            )
            if event_id not in fresh_ids
        }
        self.env["crm.lead"].browse(lead_ids - sealed_before)._seal_sources_safely()

    def _update_path_figures(self, lead_ids):
        """Bring the figures of the deals up to date.

        Few plain look-ups by lists of ids: one statement that joins it all was planned
        badly wherever the statistics of a table were old.
        """
        Lead = self.env["crm.lead"]
        Lead.flush_model()
        self.env["crm.touchpoint"].flush_model(["lead_id", "state", "date"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        deals = self._read_won_deals(lead_ids)
        touches = self._read_touches([deal["id"] for deal in deals])
        first_purchases = self._read_first_purchases(
            {deal["customer_id"] for deal in deals} - {None}
        )
        changed = []
        for deal in deals:
            figures = self._get_path_figures(deal, touches, first_purchases)
            if any(deal[name] != value for name, value in figures.items()):
                changed.append({"id": deal["id"], **figures})
        if changed:
            self.env.cr.execute(
                SQL(
                    """UPDATE crm_lead lead
                          SET days_to_sign = changed.days_to_sign,
                              touch_count = changed.touch_count,
                              is_repurchase = changed.is_repurchase
                         FROM %s WHERE lead.id = changed.id""",
                    sql_rows("changed", FIGURE_COLUMNS, changed),
                )
            )
            Lead.invalidate_model(
                ["days_to_sign", "touch_count", "is_repurchase"], flush=False
            )

    @staticmethod
    def _get_path_figures(deal, touches, first_purchases):
        last_moment = datetime.combine(deal["date_won"] + timedelta(days=2), time.min)
        first_touch = deal["first_touch_date"]
        first_purchase = first_purchases.get(deal["customer_id"], deal["id"])
        return {
            "days_to_sign": (
                (deal["date_won"] - first_touch).days if first_touch else None
            ),
            "touch_count": sum(
                moment < last_moment for moment in touches.get(deal["id"], ())
            ),
            "is_repurchase": first_purchase != deal["id"],
        }

    @api.model
    def _read_won_deals(self, lead_ids):
        return self.env.execute_query_dict(
            SQL(
                """SELECT lead.id, lead.date_won, lead.first_touch_date,
                          customer.commercial_partner_id AS customer_id,
                          lead.days_to_sign, lead.touch_count, lead.is_repurchase
                     FROM crm_lead lead
                LEFT JOIN res_partner customer ON customer.id = lead.partner_id
                    WHERE lead.id = ANY(%s) AND lead.date_won IS NOT NULL""",
                lead_ids,
            )
        )

    @api.model
    def _read_touches(self, lead_ids):
        """Return the moments of the valid contacts by lead."""
        touches = defaultdict(list)
        if not lead_ids:
            return touches
        for lead_id, moment in self.env.execute_query(
            SQL(
                "SELECT lead_id, date FROM crm_touchpoint"
                " WHERE lead_id = ANY(%s) AND state = 'valid'",
                lead_ids,
            )
        ):
            touches[lead_id].append(moment)
        return touches

    @api.model
    def _read_first_purchases(self, customer_ids):
        """Return the deal each customer won first, by commercial partner."""
        if not customer_ids:
            return {}
        customer_of = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, commercial_partner_id FROM res_partner"
                    " WHERE commercial_partner_id = ANY(%s)",
                    list(customer_ids),
                )
            )
        )
        first = {}
        for lead_id, partner_id, day in self.env.execute_query(
            SQL(
                "SELECT id, partner_id, date_won FROM crm_lead"
                " WHERE partner_id = ANY(%s) AND date_won IS NOT NULL",
                list(customer_of),
            )
        ):
            customer_id = customer_of[partner_id]
            first[customer_id] = min(
                first.get(customer_id, (day, lead_id)), (day, lead_id)
            )
        return {customer_id: lead_id for customer_id, (_day, lead_id) in first.items()}
