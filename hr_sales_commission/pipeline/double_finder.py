"""Finds the events that look like one recorded before: one sale is paid once."""

from bisect import bisect_left
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo.tools import SQL

#: how near the days of two equal sales to one customer are to look like one
DOUBLE_DAYS = 14
WINDOW = timedelta(days=DOUBLE_DAYS)


class DoubleFinder:
    """Plain look-ups by lists of ids and amounts, matched here.

    One statement that joined it all compared every deal with every other while the
    statistics of the tables were older than an import.

    :param calendar: which companies form a tree, see ``hr.commission.plan``
    """

    def __init__(self, env, calendar):
        self.env = env
        self.calendar = calendar

    def find(self, event_ids):
        """Return the events whose possible double is another than is recorded.

        The same customer (company, mail, phone or name), the same amount and nearly the
        same day; or a lead that was copied from one that qualified already.

        :param event_ids: the events to look at
        :return: the event each one may repeat, None for none, by event id
        :rtype: dict[int, int | None]
        """
        mine = self._read_mine(event_ids)
        open_rows = [row for row in mine if row["is_open"]]
        found = {
            **self._find_copies(open_rows),
            **self._find_equal_sales(open_rows),
        }
        return {
            row["id"]: found.get(row["id"])
            for row in mine
            if row["double_id"] != found.get(row["id"])
        }

    def _read_mine(self, event_ids):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT id, lead_id, event_type, double_id, date, amount::text,
                          company_id, date_reversed IS NULL
                          AND is_double_checked IS NOT TRUE AS is_open
                     FROM hr_commission_event
                    WHERE id = ANY(%s) AND res_model = 'crm.lead'""",
                list(event_ids),
            )
        )
        return [self._complete(row) for row in rows]

    @staticmethod
    def _complete(row):
        row["amount"] = Decimal(row["amount"] or 0)
        return row

    # ------------------------------------------------------------------
    # Equal sales
    # ------------------------------------------------------------------

    def _find_equal_sales(self, rows):
        own = {
            row["id"]: row
            for row in rows
            if row["event_type"] == "deal_won" and row["amount"] and row["lead_id"]
        }
        if not own:
            return {}
        groups = defaultdict(list)
        for row in self._read_near(own.values()):
            root_id = self.calendar.root_id(row["company_id"])
            groups[root_id, row["amount"]].append(row)
        alike = [
            row
            for group in groups.values()
            if len({row["lead_id"] for row in group}) > 1
            for row in self._filter_near(group, own)
        ]
        if not alike:
            return {}
        keys = self._read_customer_keys({row["lead_id"] for row in alike})
        same = defaultdict(list)
        for row in alike:
            root_id = self.calendar.root_id(row["company_id"])
            for key in keys.get(row["lead_id"], ()):
                same[root_id, row["amount"], key].append(row)
        found = {}
        for group in same.values():
            for event_id, double_id in self._match(group, own):
                found[event_id] = min(found.get(event_id, double_id), double_id)
        return found

    def _read_near(self, own):
        """Read all deals of these amounts within the days around these."""
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT id, lead_id, date, amount::text, company_id
                     FROM hr_commission_event
                    WHERE event_type = 'deal_won' AND date_reversed IS NULL
                      AND amount != 0 AND amount = ANY(%s)
                      AND date BETWEEN %s AND %s AND lead_id IS NOT NULL""",
                list({row["amount"] for row in own}),
                min(row["date"] for row in own) - WINDOW,
                max(row["date"] for row in own) + WINDOW,
            )
        )
        return [self._complete(row) for row in rows]

    @staticmethod
    def _filter_near(group, own):
        """Return the deals that have another one near, where one is to be looked at."""
        days = sorted(row["date"] for row in group if row["id"] in own)
        if not days:
            return []
        near = []
        for row in group:
            place = bisect_left(days, row["date"] - WINDOW)
            if place < len(days) and days[place] <= row["date"] + WINDOW:
                near.append(row)
        return near if len(near) > 1 else []

    def _read_customer_keys(self, lead_ids):
        """Return what the customers of leads are known by, by lead id."""
        rows = self.env.execute_query(
            SQL(
                """SELECT lead.id, contact.commercial_partner_id, lead.email_normalized,
                          lead.phone_sanitized,
                          lower(NULLIF(trim(lead.partner_name), ''))
                     FROM crm_lead lead
                LEFT JOIN res_partner contact ON contact.id = lead.partner_id
                    WHERE lead.id = ANY(%s)""",
                list(lead_ids),
            )
        )
        return {
            lead_id: [(number, value) for number, value in enumerate(values) if value]
            for lead_id, *values in rows
        }

    @staticmethod
    def _match(group, own):
        """Yield (event, the first one it may repeat) among deals of one customer."""
        group.sort(key=lambda row: row["id"])
        for place, row in enumerate(group):
            if row["id"] not in own:
                continue
            for other in group[:place]:
                is_near = abs(other["date"] - row["date"]) <= WINDOW
                if is_near and other["lead_id"] != row["lead_id"]:
                    yield row["id"], other["id"]
                    break

    # ------------------------------------------------------------------
    # Copied leads
    # ------------------------------------------------------------------

    def _find_copies(self, rows):
        event_of = {
            row["lead_id"]: row["id"]
            for row in rows
            if row["event_type"] == "lead_qualified" and row["lead_id"]
        }
        if not event_of:
            return {}
        return {
            event_of[lead_id]: former_id
            for lead_id, former_id in self.env.execute_query(
                SQL(
                    """SELECT lead.id, former.id
                         FROM (SELECT id, copied_lead_id FROM crm_lead
                                WHERE id = ANY(%s) AND copied_lead_id IS NOT NULL
                               OFFSET 0) lead
                   CROSS JOIN LATERAL (
                              SELECT event.id FROM hr_commission_event event
                               WHERE event.event_type = 'lead_qualified'
                                 AND event.res_model = 'crm.lead'
                                 AND event.res_id = lead.copied_lead_id
                                 AND event.res_part = ''
                                 AND event.date_reversed IS NULL OFFSET 0) former""",
                    list(event_of),
                )
            )
        }
