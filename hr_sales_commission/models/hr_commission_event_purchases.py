# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What the customers of events bought before, see :mod:`..pipeline.purchases`."""

from odoo import api, models
from odoo.tools import SQL

from ..engine.clawback import months_between
from ..pipeline.credit_row import day_of_sale
from ..pipeline.purchases import (
    AskedPurchase,
    company_of_deal,
    first_bought_on,
    has_bought_before,
)
from ..pipeline.sql_rows import sql_rows

ASKED_COLUMNS = {
    "id": "int",
    "customer_id": "int",
    "company_id": "int",
    "day": "date",
    "lead_id": "int",
    "res_model": "text",
    "res_id": "int",
}


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    @api.model
    def _get_customer_months(self, rows):
        """Return the whole months since the first purchase of the customer.

        What takes a sale back counts as on the day of its sale.

        :param rows: of the events, from :meth:`_read_facts`
        :return: by event id; 0 for who bought nothing before
        :rtype: dict[int, int]
        """
        first = self._ask_purchases(rows, first_bought_on)
        months = {}
        for row in rows:
            day = day_of_sale(row)
            months[row["id"]] = months_between(first.get(row["id"]) or day, day)
        return months

    @api.model
    def _find_repeat_events(self, rows):
        """Return the ids of events whose customer had bought before.

        :param rows: of the events, from :meth:`_read_facts`
        :rtype: set[int]
        """
        answers = self._ask_purchases(rows, has_bought_before)
        return {event_id for event_id, is_repeat in answers.items() if is_repeat}

    @api.model
    def _ask_purchases(self, rows, question):
        """Ask one thing of the purchases before events, in one statement for all.

        :param question: of :mod:`..pipeline.purchases`
        :return: the answers by event id, for events with a customer
        """
        customers = self._get_customers(rows)
        asked_rows = [
            {
                "id": row["id"],
                "customer_id": customers[row["id"]],
                "company_id": row["company_id"],
                "day": day_of_sale(row),
                "lead_id": row["lead_id"],
                "res_model": None if row.get("date_basis") else row.get("res_model"),
                "res_id": row.get("res_id"),
            }
            for row in rows
            if row["id"] in customers
        ]
        if not asked_rows:
            return {}
        names = ("customer_id", "company_id", "day", "lead_id", "res_model", "res_id")
        asked = AskedPurchase(*(SQL.identifier("event", name) for name in names))
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT event.id, %s FROM %s",
                    question(self.env, asked),
                    sql_rows("event", ASKED_COLUMNS, asked_rows),
                )
            )
        )

    @api.model
    def _get_customers(self, rows):
        """Return the customers (commercial partners) of events, by event id."""
        self.env["crm.lead"].flush_model(["partner_id"])
        customer_of_lead = dict(
            self.env.execute_query(
                SQL(
                    """SELECT lead.id, person.commercial_partner_id
                         FROM crm_lead lead
                         JOIN res_partner person ON person.id = lead.partner_id
                        WHERE lead.id = ANY(%s)""",
                    list({row["lead_id"] for row in rows} - {None}),
                )
            )
        )
        return {
            row["id"]: customer_of_lead[row["lead_id"]]
            for row in rows
            if row["lead_id"] in customer_of_lead
        }

    @api.model
    def _get_purchase_selects(self):
        """Return the selects of all that ``asked.customer_id`` bought, flushed.

        Addons add what they know customers to buy by. Each starts with the partners
        and takes one look-up after the other, whatever the statistics of tables say.

        :return: of company_id, day, taken_back_on (the day on which all of it was
            credited), lead_id (its deal), res_model and res_id
        :rtype: list[SQL]
        """
        self.env["crm.lead"].flush_model(["company_id", "date_won", "partner_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        return [
            SQL(
                """SELECT %s, lead.date_won, NULL::date, lead.id, 'crm.lead', lead.id
                     FROM (SELECT id FROM res_partner
                            WHERE commercial_partner_id = asked.customer_id
                           OFFSET 0) person
               CROSS JOIN LATERAL (
                          SELECT id, company_id, date_won FROM crm_lead
                           WHERE partner_id = person.id OFFSET 0) lead
                    WHERE lead.date_won IS NOT NULL""",
                company_of_deal("lead"),
            )
        ]
