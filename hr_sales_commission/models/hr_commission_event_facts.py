# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Further facts of events, for the rules that ask for them."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..pipeline.credit_row import day_of_sale


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def _get_whole_sales(self):
        """Return all that happened to the sale of each event, for addons to complete.

        :return: these and other events of its kind, by event
        :rtype: dict
        """
        return {event: event for event in self}

    def _get_sale_amounts(self):
        """Return what is left of the sale of each event; nothing where it was undone.

        :return: amounts in the currency of the event, by event
        :rtype: dict
        """
        return {
            event: 0.0
            if event.date_reversed
            else sum(sale.filtered(lambda one: not one.date_reversed).mapped("amount"))
            for event, sale in self._get_whole_sales().items()
        }

    @api.model
    def _load_facts(self, names, rows):
        """Return further facts of events, as far as rules ask for them.

        Addons add what they know; each name costs the same number of statements,
        however many events there are.

        :param set names: names of ``credit.facts`` of the engine
        :param rows: of the events, from :meth:`_read_facts`
        :return: numbers by name, by event id
        :rtype: dict[int, dict[str, Decimal]]
        """
        facts = defaultdict(dict)
        if "customer_months" in names:
            for event_id, months in self._get_customer_months(rows).items():
                facts[event_id]["customer_months"] = Decimal(months)
        if "is_repeat" in names:
            for event_id in self._find_repeat_events(rows):
                facts[event_id]["is_repeat"] = Decimal(1)
        if "accepted_day" in names:
            facts_of_lead = self._get_accepted_days(rows)
            for row in rows:
                if row["lead_id"] in facts_of_lead:
                    day = facts_of_lead[row["lead_id"]]
                    facts[row["id"]]["accepted_day"] = Decimal(day.toordinal())
        if "lead_days" in names:
            for event_id, days in self._get_lead_days(rows).items():
                facts[event_id]["lead_days"] = Decimal(days)
        return facts

    @api.model
    def _get_accepted_days(self, rows):
        """Return the day of acceptance by lead id, of the leads that have one."""
        self.env["crm.lead"].flush_model(["commission_date_accepted"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT id, commission_date_accepted FROM crm_lead
                        WHERE id = ANY(%s) AND commission_date_accepted IS NOT NULL""",
                    list({row["lead_id"] for row in rows} - {None}),
                )
            )
        )

    @api.model
    def _get_lead_days(self, rows):
        """Return the days since the lead came in, by event id."""
        created = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, create_date FROM crm_lead WHERE id = ANY(%s)",
                    list({row["lead_id"] for row in rows} - {None}),
                )
            )
        )
        companies = self.env["res.company"].browse(row["company_id"] for row in rows)
        company_of = {company.id: company for company in companies}
        days = {}
        for row in rows:
            moment = created.get(row["lead_id"])
            if moment:
                came_in = company_of[row["company_id"]]._commission_local_date(moment)
                days[row["id"]] = max((day_of_sale(row) - came_in).days, 0)
        return days
