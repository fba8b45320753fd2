# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The further facts that rules look at: of events, wages, the day somebody left."""

from decimal import Decimal

from odoo.tools import SQL

from ..engine.clawback import months_between
from ..engine.conditions import asked_facts
from .contract_days import Contracts


class AskedFacts:
    """Loads what the rules ask for beyond the event; most plans ask for nothing.

    :param env: of the superuser
    :param rows: the credits that are computed, and their context
    :param plans: engine plans by id
    """

    def __init__(self, env, rows, plans):
        self.env = env
        self._load(rows, plans)

    def _load(self, rows, plans):
        self._facts, self._wages, self._left = {}, {}, {}
        self._starts = {}
        asked = {plan.id: asked_facts(plan) for plan in plans.values()}
        names = set().union(*asked.values())
        if not names:
            return
        events = {row.event["id"]: row.event for row in rows if asked.get(row.plan_id)}
        self._facts = self.env["hr.commission.event"]._load_facts(
            names, list(events.values())
        )
        if "wage" in names:
            self._load_wages(rows)
        if "left_days" in names:
            people = list({row.employee_id for row in rows})
            self._left = self.env["hr.version"]._get_departures(people)
        if "tenure_months" in names:
            people = list({row.employee_id for row in rows})
            self._starts = Contracts(self.env, people).starts

    def _load_wages(self, rows):
        """Load the wages of the days; they are told to nobody but the engine."""
        for employee_id, start, wage in self.env.execute_query(
            SQL(
                """SELECT employee_id, date_version, wage::text FROM hr_version
                    WHERE employee_id = ANY(%s) AND active
                    ORDER BY employee_id, date_version DESC""",
                list({row.employee_id for row in rows}),
            )
        ):
            self._wages.setdefault(employee_id, []).append((start, wage))

    def get(self, row):
        """Return the further facts of a credit: of its event, and of its person."""
        known = self._facts.get(row.event["id"], {})
        left = self._left.get(row.employee_id)
        if left:
            days = (row.event["date"] - left).days
            known = {**known, "left_days": Decimal(days)}
        start = self._starts.get(row.employee_id)
        if start and start <= row.day:
            months = months_between(start, row.day)
            known = {**known, "tenure_months": Decimal(months)}
        wages = self._wages.get(row.employee_id)
        if not wages:
            return known
        day = row.day  # before the first record of somebody that one holds
        of_day = next((wage for start, wage in wages if start <= day), wages[-1][1])
        return {**known, "wage": Decimal(of_day or 0)}
