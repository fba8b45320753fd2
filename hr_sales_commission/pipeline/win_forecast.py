# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What winning leads today would pay, and to whom, as far as somebody may know it."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import compress, count

from odoo import models
from odoo.exceptions import ValidationError

from ..engine.conditions import satisfying
from ..engine.facts import ZERO, Award, Credit
from ..engine.periods import has_period_tiers
from ..engine.rounding import to_decimal
from ..engine.standing import concerns, standing
from .event_forecast import EventForecast
from .plan_loader import find_leads
from .readable_lines import ReadableLines
from .words import EVENT_TYPES

CORE_EVENTS = dict(EVENT_TYPES)


@dataclass(slots=True)
class Pay:
    """What one person would get for one lead.

    :param credits: the person's parts in the win
    :param currency: res.currency of the person's company
    :param amount: in this currency
    :param held: what of it would wait for the source to be verified
    :param awards: what the rules would pay, together the amount
    """

    employee_id: int
    user_id: int | None
    company_id: int
    currency: models.Model
    credits: list[Credit]
    amount: Decimal = ZERO
    held: Decimal = ZERO
    awards: list[Award] = field(default_factory=list)


class ImaginedWins:
    """Leads as if they were won today, each by an event of its own below zero.

    Only people are credited whose lines the user of the environment could read.

    :param leads: crm.lead, also such as are being edited
    """

    def __init__(self, env, leads):
        self.readable = ReadableLines(env)
        #: leads by the ids of their events; sudo: what the reader may know is asked below
        self.lead_of = dict(zip(count(-1, -1), leads.sudo()))
        self._drafts = {
            event_id: lead
            for event_id, lead in self.lead_of.items()
            if not isinstance(lead.id, int)
        }
        self.loader = env["hr.commission.event"]._get_loader(
            find_leads=self._find_leads, select_rows=self._select_rows
        )

    def load(self):
        """Load what the engine needs to know about winning the leads.

        :rtype: CreditBatch
        """
        today = cache(lambda company: company._commission_local_date())
        return self.loader.load_imagined(
            [
                self._imagine(event_id, lead, today)
                for event_id, lead in self.lead_of.items()
            ]
        )

    def _imagine(self, event_id, lead, today):
        company = lead._get_commission_company()
        is_draft = event_id in self._drafts
        return {
            "id": event_id,
            "event_type": "deal_won",
            "date": today(company),
            "amount": to_decimal(lead.expected_revenue),
            "quantity": Decimal(1),
            "date_reversed": None,
            "company_id": company.id,
            "lead_id": event_id if is_draft else lead.id,
            "user_id": lead.user_id.id or None,
            "marketer_id": lead.marketer_id.id or None,
            "commission_source": lead.commission_source or None,
            "source_state": lead.source_state,
            "team_id": lead.team_id.id or None,
            "shares": self._get_draft_shares(lead) if is_draft else {},
        }

    @staticmethod
    def _get_draft_shares(lead):
        """Return (employee id, percentage) by role, as they stand on the form."""
        shares = defaultdict(list)
        for share in lead.commission_share_ids:
            if share.employee_id:
                shares[share.role].append(
                    (share.employee_id.id, to_decimal(share.percent))
                )
        return shares

    def _select_rows(self, rows):
        """Leave out whose lines are not readable, but for those who share a part."""
        if not self.readable.looks_at_credit:
            return rows
        chosen = self.readable.select([self.get_line_values(row) for row in rows])
        wanted = {_part_of(row) for row in compress(rows, chosen)}
        return [row for row in rows if _part_of(row) in wanted]

    def get_line_values(self, row):
        """Return the values a line of this credit has, as far as rules look at them."""
        lead_id = row.event["lead_id"]
        draft = self._drafts.get(lead_id)
        return {
            "lead_id": draft._origin.id if draft else lead_id,
            "employee_id": row.employee_id,
            "user_id": row.user_id,
            "company_id": row.company_id,
            "role": row.role,
            "commission_source": row.event["commission_source"],
            "date": row.event["date"],
        }

    def _find_leads(self, env, text, lead_ids):
        """Find drafts as they stand as well.

        A condition that cannot be asked holds for no lead; its events say why.
        """
        try:
            domain = env["hr.commission.condition"]._parse(text)
        except ValidationError:
            return frozenset()
        stored = [lead_id for lead_id in lead_ids if lead_id > 0]
        return find_leads(env, text, stored) | {
            lead_id
            for lead_id, lead in self._drafts.items()
            if lead.filtered_domain(domain)
        }


def _part_of(row):
    """What several people share: a role, or a manager level, in an event."""
    return row.event["id"], row.role, row.manager_level


class WinForecast:
    """What winning each of some leads today would pay, each as the only one won.

    The number of statements does not depend on the number of leads.

    :param env: whose user asks: what the user may not read is left out
    :param leads: crm.lead, also such as are being edited
    """

    def __init__(self, env, leads):
        self._wins = ImaginedWins(env, leads)
        self._lead_of = self._wins.lead_of
        self._batch = self._wins.load()
        self._events = EventForecast(self._batch)
        self._forecast = self._events.forecast
        self._credits = self._events.credits_of_event
        self._scope = self._get_scope()

    def _get_scope(self):
        """Return the credits that may concern the user, by id."""
        credits = [credit for each in self._credits.values() for credit in each]
        if self._wins.readable.looks_at_credit:
            values = [self._get_line_values(credit) for credit in credits]
            chosen = self._wins.readable.select(values)
            credits = compress(credits, chosen)
        return {credit.id: credit for credit in credits}

    def _get_line_values(self, credit):
        return self._wins.get_line_values(self._batch.rows[credit.id])

    def get_pays(self):
        """Return what the people whom the user may know of would get.

        :return: by the id of the lead, a list of :class:`Pay`
        """
        pays = defaultdict(dict)
        for credit in self._scope.values():
            of_lead = pays[self._lead_of[credit.event_id].id]
            row = self._batch.rows[credit.id]
            pay = of_lead.get(credit.employee_id)
            if pay is None:
                pay = of_lead[credit.employee_id] = Pay(
                    credit.employee_id,
                    row.user_id,
                    credit.company_id,
                    self._wins.loader.calendar.currency(credit.company_id),
                    [],
                )
            pay.credits.append(credit)
        for award in self._get_awards():
            pay = pays[self._lead_of[award.event_id].id][award.employee_id]
            pay.awards.append(award)
            pay.amount += award.amount
            if award.held:
                pay.held += award.amount
        return {lead_id: list(people.values()) for lead_id, people in pays.items()}

    def _get_awards(self):
        """Return what the rules would pay, as far as the user may know it."""
        awards = list(self._events.compute(self._scope))
        if self._wins.readable.looks_at_credit:
            return awards
        values = [
            {
                **self._get_line_values(self._scope[award.credit_id]),
                "rule_id": award.rule_id,
                "part": award.part,
                "base": float(award.base),
                "rate": float(award.rate),
                "amount": float(award.amount),
                "kind": award.kind,
                "state": "held" if award.held else "draft",
            }
            for award in awards
        ]
        return compress(awards, self._wins.readable.select(values))

    def get_refusals(self, pay):
        """Return why the rules for a person's parts would pay nothing on the win.

        :rtype: list[facts.Refusal]
        """
        event = self._credits[pay.credits[0].event_id]
        scope = {credit.id: credit for credit in pay.credits}
        outcome = self._forecast.compute(event, scope=scope, explain=True)
        return [
            refusal
            for refusal in outcome.refusals
            if refusal.rule_id is None
            or self._is_for(refusal, scope[refusal.credit_id])
        ]

    def _is_for(self, refusal, credit):
        rules = self._batch.plans[refusal.plan_id].rules
        return any(
            rule.id == refusal.rule_id
            and (rule.role, rule.manager_level) == (credit.role, credit.manager_level)
            for rule in rules
        )

    def get_later_rules(self, pay):
        """Return the ids of rules that would pay a person on what follows the win.

        On orders, invoices or payments, whose amounts nobody knows yet.
        """
        found = {
            rule.id: None
            for credit in pay.credits
            if credit.plan_id
            for rule in self._batch.plans[credit.plan_id].rules
            if rule.event_type not in CORE_EVENTS
            and concerns(rule, credit)
            and rule.commission_source in (None, credit.commission_source)
        }
        return list(found)

    def get_standings(self, pay):
        """Return where the win would bring a person in the brackets it counts in.

        :return: pairs of the standing before and after
        :rtype: list[tuple[Standing, Standing]]
        """
        found = []
        for credit in pay.credits:
            before = self._forecast.after([])
            after = self._forecast.after(self._credits[credit.event_id])
            plan = self._batch.plans.get(credit.plan_id)
            for rule in plan.rules if plan else ():
                if has_period_tiers(rule) and credit in satisfying(
                    rule, credit.employee_id, after
                ):
                    pair = tuple(
                        standing(rule, credit, context, self._batch.targets)
                        for context in (before, after)
                    )
                    if None not in pair:
                        found.append(pair)
        return found
