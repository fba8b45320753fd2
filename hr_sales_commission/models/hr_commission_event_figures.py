# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The sealed source of an event's lead, and the figures of the way to its win."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..pipeline.of_events import of_events
from ..pipeline.purchases import has_bought_before, won_deal
from ..pipeline.sql_rows import fetch_dicts, sql_rows

FIGURE_COLUMNS = {"id": "int", "touch_count": "int", "is_repurchase": "bool"}
#: the event of a lead's own win, where the figures of its way are kept
IS_OWN_WIN = SQL(
    "deal.event_type = 'deal_won' AND deal.res_model = 'crm.lead'"
    " AND deal.res_part = ''"
)


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def _seal_new_sources(self):
        """Look at the sources of leads again that are computed for the first time.

        Whatever was known of the customer when the lead was made may have changed
        since; from now on only a dispute changes the source.
        """
        self.flush_model(["lead_id"])
        lead_of = {
            event_id: lead_id
            for event_id, lead_id in self.env.execute_query(
                SQL(
                    "SELECT id, lead_id FROM hr_commission_event WHERE id = ANY(%s)",
                    self.ids,
                )
            )
            if lead_id
        }
        computed = {
            event_id
            for (event_id,) in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT event_id FROM %s",
                    of_events(self.env, "hr.commission.credit", self.ids),
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

    def _find_changed_figures(self, lead_ids):
        """Return the figures of the way to these deals that differ from what is kept.

        They are kept on the event of the win, which is written anyway. A deal of which
        only other events are computed has them written here.

        Few plain look-ups by lists of ids: one statement that joins it all was planned
        badly wherever the statistics of a table were old.

        :return: (touch_count, is_repurchase) by id of the event
        :rtype: dict[int, tuple[int, bool]]
        """
        self.env["crm.touchpoint"].flush_model(["lead_id", "state", "date"])
        deals = self._read_won_deals(lead_ids)
        touches = self._read_touches([deal["lead_id"] for deal in deals])
        changed = {}
        for deal in deals:
            figures = self._get_path_figures(deal, touches)
            if figures != (deal["touch_count"], deal["is_repurchase"]):
                changed[deal["id"]] = figures
        own = set(self.ids)
        self._write_figures({key: changed[key] for key in changed.keys() - own})
        return {key: changed[key] for key in changed.keys() & own}

    @api.model
    def _update_repurchases(self, customers, date_from):
        """Look again which deals of customers are repurchases, from a day on.

        :param customers: res.partner, commercial ones
        """
        if not customers:
            return
        self.env["crm.lead"].flush_model(["partner_id", "date_won", "company_id"])
        lead_ids = [
            lead_id
            for (lead_id,) in self.env.execute_query(
                SQL(
                    """SELECT lead.id
                         FROM (SELECT id FROM res_partner
                                WHERE commercial_partner_id = ANY(%s) OFFSET 0) person
                   CROSS JOIN LATERAL (
                              SELECT id FROM crm_lead
                               WHERE partner_id = person.id AND date_won >= %s
                              OFFSET 0) lead""",
                    customers.ids,
                    date_from,
                )
            )
        ]
        if lead_ids:
            self.browse()._find_changed_figures(lead_ids)

    @api.model
    def _write_figures(self, changed):
        if not changed:
            return
        rows = [
            {"id": event_id, "touch_count": touch_count, "is_repurchase": is_again}
            for event_id, (touch_count, is_again) in changed.items()
        ]
        self.env.cr.execute(
            SQL(
                """UPDATE hr_commission_event event
                      SET touch_count = changed.touch_count,
                          is_repurchase = NULLIF(changed.is_repurchase, FALSE)
                     FROM %s WHERE event.id = changed.id""",
                sql_rows("changed", FIGURE_COLUMNS, rows),
            )
        )
        Lead = self.env["crm.lead"]
        Lead.invalidate_model(["touch_count", "is_repurchase"], flush=False)

    @staticmethod
    def _get_path_figures(deal, touches):
        last_moment = datetime.combine(deal["date_won"] + timedelta(days=2), time.min)
        moments = touches.get(deal["lead_id"], ())
        return sum(moment < last_moment for moment in moments), deal["is_repeat"]

    @api.model
    def _read_won_deals(self, lead_ids):
        """Return the wins of leads.

        Each is looked up by its key, whatever the statistics say: a list of leads was
        gone through for every win there is while they were old.
        """
        return fetch_dicts(
            self.env,
            SQL(
                """SELECT deal.id, lead.id AS lead_id, lead.date_won,
                          lead.partner_id IS NOT NULL AND %s AS is_repeat,
                          COALESCE(deal.touch_count, 0) AS touch_count,
                          COALESCE(deal.is_repurchase, FALSE) AS is_repurchase
                     FROM unnest(%s::int[]) AS asked(lead_id)
               CROSS JOIN LATERAL (
                          SELECT id, touch_count, is_repurchase
                            FROM hr_commission_event deal
                           WHERE %s AND deal.res_id = asked.lead_id OFFSET 0) deal
               CROSS JOIN LATERAL (
                          SELECT id, date_won, partner_id, company_id FROM crm_lead
                           WHERE id = asked.lead_id AND date_won IS NOT NULL
                          OFFSET 0) lead""",
                has_bought_before(self.env, won_deal("lead")),
                list(lead_ids),
                IS_OWN_WIN,
            ),
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
