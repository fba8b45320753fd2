# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What happened as if another plan had held in the place of the one it replaces."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from odoo import models

from ..engine import facts


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


def find_plan_id(calendar, stand_in, wanted_id, company_id, day):
    """Return the plan that pays somebody on a day, None if there is none.

    :param PlanCalendar calendar: which plans hold where
    :param StandIn stand_in: a plan in the place of another, None for what really holds
    :param wanted_id: the plan that the person's record names, in force or not
    :param company_id: the person's company
    """
    if calendar.pays_personally(wanted_id, company_id, day):
        held_id = wanted_id
    else:
        held_id = calendar.plan_id(company_id, day)
    if stand_in and stand_in.replaces(held_id, wanted_id, company_id, day, calendar):
        return stand_in.plan_id
    return held_id


@dataclass(frozen=True)
class ReplayQuestion:
    """A plan that takes the place of another, and the days it is tried on.

    :param plan: hr.commission.plan, as superuser
    :param engine_plan: the same as the engine knows it
    :param calendar: PlanCalendar of what really held
    :param company_ids: all companies of the tree, whose events may concern it
    :param prepare_writing: function to be called before anything is written to find the
        answer: it is undone in the end
    """

    plan: models.Model
    engine_plan: facts.Plan
    stand_in: StandIn
    calendar: object
    company_ids: list[int]
    date_from: date
    date_to: date
    prepare_writing: Callable[[], None]

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


def share_anew(shares, event):
    """Let marketing be shared anew where attribution is asked again.

    :param dict shares: by lead id a list of (employee id, percent), empty for the
        lead's marketer in full
    :param dict event: from ``FactLoader.read_events``
    """
    if event["lead_id"] in shares:
        of_lead = shares[event["lead_id"]]
        event["shares"] = {**event["shares"], "marketing": of_lead}
        event["reopened"] = (*event["reopened"], "marketing")
