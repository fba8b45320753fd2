# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Loads what the engine needs to know about a set of events, in sets.

The number of SQL statements does not depend on the number of events.
"""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property

from odoo.tools import SQL

from ..engine import facts
from ..engine.facts import ZERO
from .asked_facts import AskedFacts
from .credit_amounts import CreditAmounts
from .credit_maker import CreditMaker, restore_row
from .credit_row import CreditBatch
from .loader_memory import LoaderMemory
from .of_events import of_events
from .people_below import find_below
from .people_loader import PeopleLoader
from .period_loader import PeriodLoader, is_in_window
from .plan_loader import PlanLoader, find_leads, get_reversed_on
from .sql_rows import fetch_dicts

DECIDED_SOURCES = ("verified", "overruled")


class FactLoader:
    """Loads events of one company tree, once; made by ``hr.commission.event._get_loader``.

    What is not as it happened is said by what the loader is made with:

    :param env: read as the superuser
    :param StandIn stand_in: a plan in the place of another, None for what really held
    :param find_leads: function (environment, text of a condition, ids of leads) → ids
        of those that satisfy it
    :param amend_event: function (row of an event): changes whom it names
    :param credit_event: function (CreditMaker, row of an event, former credits) → credit
        rows: whom an event credits
    :param select_rows: function (credit rows) → those that matter to whoever asks
    :param ignored_ids: events that would not have happened
    :param LoaderMemory memory: of loaders for other plans, of the same events as they
        happened
    """

    def __init__(
        self,
        env,
        *,
        stand_in=None,
        find_leads=find_leads,
        amend_event=None,
        credit_event=CreditMaker.credit_people,
        select_rows=None,
        ignored_ids=(),
        memory=None,
    ):
        self.env = env(su=True)
        self._stand_in = stand_in
        self._find_leads = find_leads
        self._amend_event = amend_event
        self._credit_event = credit_event
        self._select_rows = select_rows
        self._ignored_ids = frozenset(ignored_ids)
        self._memory = memory or LoaderMemory()

    @property
    def calendar(self):
        """Which plan holds where, see :class:`PlanCalendar`."""
        return self._plans.calendar

    @cached_property
    def _plans(self):
        return PlanLoader(self.env, self._stand_in, self._find_leads, self._memory)

    @cached_property
    def _people(self):
        return PeopleLoader(self.env, self.calendar)

    @cached_property
    def _amounts(self):
        return CreditAmounts(self.env, self.calendar)

    @cached_property
    def _periods(self):
        return PeriodLoader(self.env, self._plans, self._people, self._ignored_ids)

    def load(self, events, store=True):
        """Bring the credits of events up to date and load what the engine needs.

        :param events: hr.commission.event
        :param bool store: False to look only (explanations)
        :rtype: CreditBatch
        """
        recorded, key = self._memory.recorded, tuple(events.ids)
        if key not in recorded:
            self._flush()
            event_facts = self._read_together(events.ids)
            if store:
                events._flag_doubles(event_facts.values())
            self._apply_corrections(event_facts.values())
            recorded[key] = event_facts, self._read_credits(list(event_facts))
        return self._load(*recorded[key], store)

    def load_imagined(self, event_facts):
        """Load what the engine needs for events that have not happened.

        :param list[dict] event_facts: as from ``hr.commission.event._read_facts``, with
            ids of their own below zero
        :rtype: CreditBatch
        """
        self._flush()
        return self._load({event["id"]: event for event in event_facts}, [], False)

    def find_events_beside(self, events):
        """Return the ids of the events whose pay may depend on these events.

        Those in the periods that rules look at, of whoever is credited.

        :param events: hr.commission.event
        :rtype: set[int]
        """
        self._flush()
        event_facts = self._read_together(events.ids)
        self._people.load(event_facts.values())
        rows = self._read_rows(event_facts)
        self._plans.assign(rows, self._people)
        _context, windows = self._periods.load(rows, event_facts, self._load_context)
        found = self._periods.find_events(windows) if windows else set()
        return (found | set(event_facts)) - set(events.ids)

    def _load(self, event_facts, stored, store):
        if self._amend_event:
            for event in event_facts.values():
                self._amend_event(event)
        rows = self._get_rows(event_facts, stored)
        if store:
            self._store(rows)
        else:
            self._number_new(rows)
        context, windows = self._periods.load(rows, event_facts, self._load_context)
        known = rows + context
        plans = self._plans.get_plans(
            {row.plan_id for row in known} - {None},
            {row.event["lead_id"] for row in known} - {None},
        )
        asked = AskedFacts(self.env, known, plans)
        currencies = self._periods.get_currencies(known)
        below = find_below(known, plans, self._people.participants)
        return CreditBatch(
            credits=[
                self._to_engine(row, asked, currencies[row.employee_id], below)
                for row in known
            ],
            scope={row.id for row in rows}
            | {row.id for row in context if is_in_window(row, windows)},
            plans=plans,
            targets=self.env["hr.commission.target"]._get_amounts(windows),
            rows={row.id: row for row in known},
            events=event_facts,
            waiting=self._get_waiting(rows, event_facts),
        )

    def _get_rows(self, event_facts, stored):
        """Return the credits of events as they should be, complete."""
        key = tuple(event_facts), self.calendar.max_manager_level
        credited = self._memory.credited
        if key not in credited:
            self._people.load(event_facts.values(), stored)
            maker = CreditMaker(self._people)
            found = maker.get_rows(event_facts, stored, self._credit_event)
            credited[key] = self._people, found
        self._people, rows = credited[key]
        if self._select_rows:
            rows = self._select_rows(rows)
        self._complete_rows(rows)
        return rows

    def _complete_rows(self, rows):
        """Find the plan and the day of credits, then their amounts as of that day."""
        days = [row.day for row in rows]
        self._plans.assign(rows, self._people)
        if days != [row.day for row in rows]:  # else known from another plan
            self._amounts.assign(rows)
        for row in rows:
            row.is_counting = self._plans.is_counting(row)

    def _load_context(self, event_ids):
        """Return the credits of other events in the same periods.

        Events come with all their credits, because amounts are split between them.
        """
        rows = self._read_rows(self._read_together(event_ids))
        self._complete_rows(rows)
        return rows

    # ------------------------------------------------------------------
    # Events and credits as they are stored
    # ------------------------------------------------------------------

    def _flush(self):
        self.env["crm.lead"].flush_model(
            ["user_id", "marketer_id", "commission_source", "source_state", "team_id"]
        )
        self.env["crm.lead.share"].flush_model()
        self.env["hr.employee"].flush_model(["user_id", "company_id", "parent_id"])
        self.env["hr.version"].flush_model(
            [
                "employee_id",
                "date_version",
                "department_id",
                "commission_plan_id",
                "wage",
            ]
        )

    def _read_together(self, event_ids):
        """Return the facts of events by id, with those that are rounded with them."""
        event_facts = self.read_events(event_ids)
        together = {
            event_id
            for event in event_facts.values()
            for event_id in event.get("together", ())
        }.difference(event_facts, self._ignored_ids)
        return (
            event_facts | self.read_events(list(together)) if together else event_facts
        )

    def read_events(self, event_ids):
        """Return the facts of events by id, see ``hr.commission.event._read_facts``."""
        Event = self.env["hr.commission.event"]
        rows = Event._read_facts(event_ids)
        for row in rows:
            row["amount"] = Decimal(row["amount"] or 0)
            row["quantity"] = Decimal(row["quantity"] or 0)
            name_recorded_people(row)
        Event._name_participants(rows)
        return {row["id"]: row for row in rows}

    def _apply_corrections(self, rows):
        """Let corrections of credits stand for the people recorded with events."""
        corrected = self.env["hr.commission.correction"]._get_corrected_shares(rows)
        for row in rows:
            for role, shares in corrected.get(row["id"], {}).items():
                row["corrected"][role] = shares
                row["pools"].pop(role, None)

    def _read_rows(self, event_facts):
        """Return the credits of events as they are stored, each with its event."""
        return [
            restore_row(event_facts[values["event_id"]], values, values["share"])
            for values in self._read_credits(list(event_facts))
        ]

    def _read_credits(self, event_ids):
        rows = fetch_dicts(
            self.env,
            SQL(
                """SELECT credit.id, credit.event_id, credit.employee_id, credit.role,
                          credit.manager_level, credit.share::text, credit.date,
                          credit.date_basis,
                          credit.company_id, credit.user_id, credit.amount::text,
                          credit.counted, credit.counted_amount::text,
                          credit.department_id, credit.manager_path, credit.pool_id
                     FROM %s credit ORDER BY credit.id""",
                of_events(self.env, "hr.commission.credit", event_ids),
            ),
        )
        for row in rows:
            row["share"] = Decimal(row["share"])
            row["amount"] = Decimal(row["amount"])
            row["counted_amount"] = Decimal(row["counted_amount"] or 0)
        return rows

    @staticmethod
    def _get_waiting(rows, event_facts):
        """Return the users whose employee record events wait for, by event."""
        credited = {row.event["id"] for row in rows if row.role == "sales"}
        return {
            event["id"]: event["user_id"]
            for event in event_facts.values()
            if event["user_id"]
            and event["id"] not in credited
            and event["event_type"] != "lead_qualified"
        }

    def _store(self, rows):
        Credit = self.env["hr.commission.credit"]
        new = [row for row in rows if not row.stored]
        if new:
            ids = Credit._insert_rows([row.column_values() for row in new])
            for row in new:
                row.id = ids[row.key]
        changed = [row for row in rows if row.stored and row.is_changed]
        if changed:
            Credit._update_rows([row.column_values() for row in changed])

    @staticmethod
    def _number_new(rows):
        """Give credits that are not stored ids of their own."""
        for number, row in enumerate(rows, start=1):
            row.id = row.id or -number

    def _to_engine(self, row, asked, currencies, below):
        event = row.event
        return facts.Credit(
            id=row.id,
            event_id=event["id"],
            event_type=event["event_type"],
            date=row.day,
            employee_id=row.employee_id,
            role=row.role,
            plan_id=row.plan_id,
            amount=row.amount,
            preceding=row.preceding,
            event_preceding=row.event_preceding,
            sale=row.sale,
            event_amount=row.event_amount,
            share=row.share,
            quantity=event["quantity"] if row.share else ZERO,
            manager_level=row.manager_level,
            company_id=row.company_id,
            lead_id=event["lead_id"],
            commission_source=event["commission_source"],
            source_verified=event["source_state"] in DECIDED_SOURCES,
            source_disputed=event["source_state"] == "disputed"
            or bool(event.get("double_id"))
            or bool(event.get("odd_reason")),
            reversed_on=get_reversed_on(row),
            rounding=self.calendar.rounding(row.company_id),
            team_id=event.get("team_id"),
            year_start=self.calendar.year_start(row.company_id),
            worth=self._amounts.get_worth(row, currencies),
            below=below.get(row.id, ()),
            facts=asked.get(row),
        )


def name_recorded_people(row):
    """Let the people recorded with an event stand for those of its lead today.

    Where nobody was known then, whoever is known by now is credited.
    """
    people = row.get("people") or {}
    for name in ("user_id", "marketer_id"):
        row[name] = people.get(name) or row[name]
    row["shares"] = defaultdict(list)
    for role, employee_id, weight in people.get("shares") or ():
        row["shares"][role].append((employee_id, Decimal(str(weight))))
    row["reopened"] = people.get("reopened") or ()
    row["corrected"] = dict(row["shares"]) if people.get("is_fixed") else {}
    row["pools"] = dict(people.get("pools") or {})
