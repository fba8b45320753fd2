"""Loads what happened as if another plan had held in the place of the one it replaces."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from odoo import models
from odoo.tools import SQL

from ..engine import facts
from .fact_loader import FactLoader


@dataclass(frozen=True, slots=True)
class StandIn:
    """A plan in the place of another.

    It takes over from the version before it; without one, from what holds for its
    company and for the branches below that have nothing nearer. People with a plan of
    their own keep it, unless the stand-in is made for them.

    :param company_id: of the plan; of a template, the company that tries it
    :param previous_id: the version that it would replace, None if there is none
    :param date_start, date_end: the days on which it takes over, None = open
    """

    plan_id: int
    company_id: int
    is_personal: bool = False
    previous_id: int | None = None
    date_start: date | None = None
    date_end: date | None = None

    def replaces(self, held_id, wanted_id, company_id, day, calendar):
        """Whether it pays instead of the plan that holds for a person on a day.

        :param held_id: the plan that holds, None if there is none
        :param wanted_id: the plan that the person's record names, in force or not
        :param company_id: the person's company
        :param PlanCalendar calendar: which plan holds where
        """
        if self.date_start and day < self.date_start:
            return False
        if self.date_end and day > self.date_end:
            return False
        if held_id == self.plan_id:
            return True
        if self.is_personal:
            return wanted_id in {self.plan_id, self.previous_id} - {None}
        if self.previous_id:
            return held_id == self.previous_id
        if held_id is None:
            return calendar.is_below(company_id, self.company_id)
        return calendar.is_shared(held_id) and calendar.is_between(
            self.company_id, company_id, calendar.plan_company_id(held_id)
        )


@dataclass(frozen=True)
class ReplayQuestion:
    """A plan that takes the place of another, and the days it is tried on.

    :param plan: hr.commission.plan, as superuser
    :param engine_plan: the same as the engine knows it
    :param calendar: PlanCalendar of what really held
    :param company_ids: all companies of the tree, whose events may concern it
    """

    plan: models.Model
    engine_plan: facts.Plan
    stand_in: StandIn
    calendar: object
    company_ids: list[int]
    date_from: date
    date_to: date

    def get_replaceable_plans(self):
        """Return the plans whose place may be taken, an empty record where none held.

        :rtype: list[hr.commission.plan]
        """
        if self.stand_in.is_personal:
            return []
        if self.stand_in.previous_id:
            return [self.plan.browse(self.stand_in.previous_id)]
        ids = self.calendar.plan_ids(self.company_ids) - {self.plan.id}
        return [*self.plan.browse(sorted(ids)), self.plan.browse()]

    def replaced_plan_id(self, company_id, day):
        """Return the plan whose place is taken, 0 where none held, None if it stays."""
        held_id = self.calendar.plan_id(company_id, day)
        if self.stand_in.is_personal or held_id == self.plan.id:
            return None
        is_replaced = self.stand_in.replaces(
            held_id, None, company_id, day, self.calendar
        )
        return (held_id or 0) if is_replaced else None


@dataclass
class ReplayAnswer:
    """What is other than recorded under the plan.

    :param facts: as for ``hr.commission.event._capture``
    :param dropped_ids: recorded events that would not have happened
    :param counts: how many of what, by the code of a sentence (see
        ``hr.commission.simulation._get_replay_sentences``)
    """

    facts: list[dict] = field(default_factory=list)
    dropped_ids: set[int] = field(default_factory=set)
    counts: Counter = field(default_factory=Counter)


@dataclass
class ReplayMemory:
    """What several plans that are tried on the same events have in common.

    :param calendars: PlanCalendar by id of the plan that is tried, None for no plan
    :param plans: plans as the engine knows them, by id, as they were in the beginning
    :param recorded: by events, what is recorded of them and their credits
    :param people: by events, what is known of the people whom they may credit
    :param rows: by events, their credits; the amounts in them stay as long as their
        days do
    :param days: of the credits in ``rows``
    """

    calendars: dict = field(default_factory=dict)
    plans: dict = field(default_factory=dict)
    recorded: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    days: dict = field(default_factory=dict)

    def forget_events(self):
        """Go on to other events: nothing of these is needed any more."""
        for of_events in (self.recorded, self.people, self.rows, self.days):
            of_events.clear()


class PlanReplay(FactLoader):
    """Loads events as if a plan had held in the place of the one it replaces.

    :param StandIn stand_in: None for what really held
    :param dict shares: marketing's shares by lead, where attribution is asked again: a
        list of (employee id, percent); empty for the lead's marketer in full
    :param dropped_ids: recorded events that would not have happened
    :param ReplayMemory memory: shared with the other plans that are tried
    """

    def __init__(self, env, stand_in=None, shares=None, dropped_ids=(), memory=None):
        super().__init__(env)
        self._memory = memory or ReplayMemory()
        self._events_key = None
        self._plan_ids = {}
        self.stand_in = stand_in
        self._other_shares = shares or {}
        self._dropped_ids = frozenset(dropped_ids)

    def load(self, events, store=False):
        """Load events; what is recorded is read once for all plans."""
        if self._other_shares:
            return super().load(events, store)
        recorded, key = self._memory.recorded, tuple(events.ids)
        if key not in recorded:
            self._flush()
            event_facts = self.read_events(events.ids)
            self._apply_corrections(event_facts.values())
            stored = self._read_credits(SQL("credit.event_id = ANY(%s)", events.ids))
            recorded[key] = event_facts, stored
        return self._load(*recorded[key], store)

    def _get_calendar(self):
        plan_id = self.stand_in and self.stand_in.plan_id
        calendars = self._memory.calendars
        if plan_id not in calendars:
            calendars[plan_id] = self._make_calendar()
        return calendars[plan_id]

    def _make_calendar(self):
        calendar = super()._get_calendar()
        if self.stand_in:
            plan = self.env["hr.commission.plan"].browse(self.stand_in.plan_id)
            levels = [rule._get_level() for rule in plan.rule_ids]
            calendar.max_manager_level = max(calendar.max_manager_level, *levels, 0)
        return calendar

    def find_events(self, windows):
        return super().find_events(windows) - self._dropped_ids

    def _load_people(self, event_facts):
        """Let marketing be shared anew where attribution is asked again.

        Otherwise the people of the same events are the same under every plan.
        """
        for event in event_facts:
            shares = self._other_shares.get(event["lead_id"])
            if shares is not None:
                event["shares"] = {**event.get("shares", {}), "marketing": shares}
                event["reopened"] = (*event.get("reopened", ()), "marketing")
        if self._other_shares:
            return super()._load_people(event_facts)
        ids = tuple(event["id"] for event in event_facts)
        key = self._events_key = (ids, self.calendar.max_manager_level)
        known = self._memory.people.get(key)
        if known:
            vars(self).update(known)
            return None
        before = dict(vars(self))
        result = super()._load_people(event_facts)
        self._memory.people[key] = {
            name: value
            for name, value in vars(self).items()
            if before.get(name) is not value
        }
        return result

    def _get_current_rows(self, event_facts, stored):
        if not self._events_key:
            return super()._get_current_rows(event_facts, stored)
        rows = self._memory.rows
        if self._events_key not in rows:
            rows[self._events_key] = super()._get_current_rows(event_facts, stored)
        return rows[self._events_key]

    def _assign_amounts(self, rows):
        """Split amounts, unless they were: they depend on the days alone."""
        if rows is not self._memory.rows.get(self._events_key):
            return super()._assign_amounts(rows)
        days = [row.day for row in rows]
        if self._memory.days.get(self._events_key) == days:
            return None
        self._memory.days[self._events_key] = days
        return super()._assign_amounts(rows)

    def _get_event_rows(self, event, former):
        if event["lead_id"] in self._other_shares:
            event["reopened"] = (*event.get("reopened", ()), "marketing")
        return super()._get_event_rows(event, former)

    def _get_plan_id(self, row, day):
        key = row.employee_id, row.company_id, day
        if key not in self._plan_ids:
            self._plan_ids[key] = self._find_plan_id(row, day)
        return self._plan_ids[key]

    def _find_plan_id(self, row, day):
        held_id = super()._get_plan_id(row, day)
        if self.stand_in is None:
            return held_id
        _department_id, wanted_id = self._get_version(row.employee_id, day)
        is_replaced = self.stand_in.replaces(
            held_id, wanted_id, row.company_id, day, self.calendar
        )
        return self.stand_in.plan_id if is_replaced else held_id

    def _read_plan(self, plan_id):
        plans = self._memory.plans
        if plan_id not in plans:
            is_tried = self.stand_in and plan_id == self.stand_in.plan_id
            plans[plan_id] = (
                self.env["hr.commission.plan"].browse(plan_id)._to_engine()
                if is_tried  # it may still change
                else super()._read_plan(plan_id)
            )
        return plans[plan_id]
