# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""One sale is paid once: events that look like one recorded before are held.

Addons with sales of their own add them to ``_find_equal_sales``.
"""

from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ..pipeline.double_sales import (
    ROOT_OF_EVENT,
    Sale,
    find_doubles,
    find_near_days,
    near_sales,
)


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def _flag_doubles(self, rows):
        """Mark those of these events that look like one recorded before.

        The same customer (company, mail, phone or name), the same amount and nearly the
        same day; or a lead that was copied from one that qualified already.

        Equal sales are found here and not by a join: while the statistics of tables
        are old, a batch would be compared with itself pair by pair.

        :param rows: of these events, from ``_read_facts``; they get the ``double_id``
        """
        is_open = [
            row
            for row in rows
            if not row["date_reversed"] and not row["is_double_checked"]
        ]
        doubles = self._find_copies(is_open) | self._find_equal_sales(is_open)
        changed = {}
        for row in rows:
            double_id = doubles.get(row["id"])
            if row["double_id"] != double_id:
                row["double_id"] = changed[row["id"]] = double_id
        if changed:
            self.env.cr.execute(
                SQL(
                    """UPDATE hr_commission_event event SET double_id = found.double_id
                         FROM unnest(%s, %s::int[]) AS found(id, double_id)
                        WHERE event.id = found.id""",
                    list(changed),
                    list(changed.values()),
                )
            )
            self.invalidate_model(flush=False)

    def _find_copies(self, rows):
        """Return the qualification of the lead that a qualified one was copied from.

        :rtype: dict[int, int]
        """
        origins = {
            row["id"]: row["copied_lead_id"]
            for row in rows
            if row["event_type"] == "lead_qualified" and row["copied_lead_id"]
        }
        if not origins:
            return {}
        qualified = dict(
            self.env.execute_query(
                SQL(
                    """SELECT res_id, id FROM hr_commission_event
                        WHERE event_type = 'lead_qualified' AND res_model = 'crm.lead'
                          AND res_id = ANY(%s) AND res_part = ''
                          AND date_reversed IS NULL""",
                    list(set(origins.values())),
                )
            )
        )
        return {
            event_id: qualified[lead_id]
            for event_id, lead_id in origins.items()
            if lead_id in qualified
        }

    def _find_equal_sales(self, rows):
        """Return the first sale that each of these events may repeat.

        :param rows: of events that stand and that nobody has looked at
        :rtype: dict[int, int]
        """
        won = [row for row in rows if row["event_type"] == "deal_won" and row["amount"]]
        if not won:
            return {}
        sales = self._read_equal_sales(
            find_near_days((row["amount"], row["date"]) for row in won)
        )
        return find_doubles({row["id"] for row in won}, sales)

    def _read_equal_sales(self, near):
        """Read the won deals of some amounts around some days that have an equal.

        Sales, leads and contacts are read one after the other and not joined: in the
        middle of an import PostgreSQL takes all three for empty, and would go through
        every lead for every sale. One index scan for each amount: with old statistics
        all won deals were gone through instead. So is each one's company looked up:
        joined, it came first, and all was looked for once a company.

        :param near: (amount, first day, last day), see ``find_near_days``
        :rtype: list[Sale]
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.id, event.lead_id, event.date, event.amount, company.root
                  FROM %s event CROSS JOIN LATERAL (%s) company
                 WHERE event.event_type = 'deal_won' AND event.lead_id IS NOT NULL
                """,
                near_sales(near),
                SQL(ROOT_OF_EVENT),
            )
        )
        deals = defaultdict(set)
        for _id, lead_id, _day, *sameness in rows:
            deals[tuple(sameness)].add(lead_id)
        rows = [row for row in rows if len(deals[tuple(row[3:])]) > 1]
        customers = self._read_customers({row[1] for row in rows})
        return [
            Sale(event_id, lead_id, day, tuple(sameness), customers[lead_id])
            for event_id, lead_id, day, *sameness in rows
        ]

    def _read_customers(self, lead_ids):
        """Read what tells the customers of leads apart.

        :return: (kind, value) of the company, mail, phone and name, by lead
        """
        if not lead_ids:
            return {}
        self.env["crm.lead"].flush_model(
            ["partner_id", "email_normalized", "phone_sanitized", "partner_name"]
        )
        leads = self.env.execute_query(
            SQL(
                """SELECT id, partner_id, email_normalized, phone_sanitized,
                          lower(trim(partner_name))
                     FROM crm_lead WHERE id = ANY(%s)""",
                list(lead_ids),
            )
        )
        companies = self._read_companies([contact_id for _id, contact_id, *_ in leads])
        customers = {}
        for lead_id, contact_id, mail, phone, name in leads:
            company_id, company_name = companies.get(contact_id, (None, None))
            keys = (company_id, mail, phone, name or company_name)
            customers[lead_id] = tuple(enumerate(keys))
        return customers

    def _read_companies(self, contact_ids):
        """Read the companies of contacts.

        :return: (id, name in lower case) by contact
        """
        contact_ids = list(filter(None, contact_ids))
        if not contact_ids:
            return {}
        self.env["res.partner"].flush_model(["commercial_partner_id", "name"])
        return {
            contact_id: company
            for contact_id, *company in self.env.execute_query(
                SQL(
                    """SELECT contact.id, company.id, lower(trim(company.name))
                         FROM res_partner contact
                         JOIN res_partner company
                           ON company.id = contact.commercial_partner_id
                        WHERE contact.id = ANY(%s)""",
                    contact_ids,
                )
            )
        }

    def _get_same_sale(self):
        """Return all events of the sales of these events; addons add documents.

        :rtype: hr.commission.event
        """
        return self

    def action_confirm_single(self):
        """Confirm that these are sales of their own; what they pay is set free.

        :raises AccessError: for anybody but branch managers and commission officers
        :raises UserError: by somebody who is credited with one of them
        """
        self.check_access("read")
        Correction = self.env["hr.commission.correction"]
        Correction._check_may_correct()
        events = self.sudo()._get_same_sale()  # sudo: only the pipeline writes
        Correction._check_not_credited([("id", "in", events.ids)])
        for event in (self.sudo() & events).filtered("double_id"):  # sudo: as above
            record = event.env[event.res_model].browse(event.res_id)
            record.message_post(
                body=self.env._(
                    "Not a double of “%(other)s”: its commissions are set free.",
                    other=event.double_id._get_subject_name(),
                ),
                author_id=self.env.user.partner_id.id,
            )
        events.write({"is_double_checked": True, "double_id": False})
        events.flush_recordset()
        events._set_pending([("id", "in", events.ids)])
        return True

    def _get_subject_name(self):
        """Return the name of the deal or document of an event.

        :rtype: str
        """
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).display_name
