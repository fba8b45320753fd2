"""What winning leads today would pay, and to whom, as far as somebody may know it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import compress

from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine.conditions import satisfying
from ..engine.facts import ZERO, Credit
from ..engine.periods import has_period_tiers
from ..engine.rounding import to_decimal
from ..engine.standing import concerns, standing
from .event_forecast import EventForecast
from .fact_loader import FactLoader
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
    """

    employee_id: int
    user_id: int | None
    company_id: int
    currency: models.Model
    credits: list[Credit]
    amount: Decimal = ZERO
    held: Decimal = ZERO


class WinLoader(FactLoader):
    """Loads the facts of leads as if they were won today.

    Only people are credited whose lines the user of the environment could read.
    """

    def __init__(self, env):
        super().__init__(env)
        self.readable = ReadableLines(env)
        self._today = {}
        self._drafts = {}

    def load_wins(self, leads):
        """Load what the engine needs to know about winning these leads.

        :param leads: crm.lead, also such as are being edited
        :return: the batch, and the leads by the ids of the imagined events
        """
        lead_of = {-number: lead for number, lead in enumerate(leads.sudo(), start=1)}
        self._drafts = {
            event_id: lead
            for event_id, lead in lead_of.items()
            if not isinstance(lead.id, int)
        }
        batch = self.load_imagined(
            [self._imagine(event_id, lead) for event_id, lead in lead_of.items()]
        )
        return batch, lead_of

    def _parse_condition(self, text):
        """A condition that cannot be asked holds for no lead; its events say why."""
        try:
            return super()._parse_condition(text)
        except ValidationError:
            return Domain.FALSE

    def _imagine(self, event_id, lead):
        company = lead._get_commission_company()
        day = self._today.get(company.id)
        if day is None:
            day = self._today[company.id] = company._commission_local_date()
        return {
            "id": event_id,
            "event_type": "deal_won",
            "date": day,
            "amount": to_decimal(lead.expected_revenue),
            "quantity": Decimal(1),
            "date_reversed": None,
            "company_id": company.id,
            "lead_id": event_id if event_id in self._drafts else lead.id,
            "user_id": lead.user_id.id or None,
            "marketer_id": lead.marketer_id.id or None,
            "commission_source": lead.commission_source or None,
            "source_state": lead.source_state,
            "team_id": lead.team_id.id or None,
        }

    def _load_shares(self, lead_ids):
        result = super()._load_shares(lead_ids)
        for event_id, lead in self._drafts.items():
            for share in lead.commission_share_ids:
                if share.employee_id:
                    self._shares[event_id, share.role].append(
                        (share.employee_id.id, to_decimal(share.percent))
                    )
        return result

    def _get_current_rows(self, event_facts, stored):
        """Leave out whose lines are not readable, but for those who share a part."""
        rows = super()._get_current_rows(event_facts, stored)
        if not self.readable.looks_at_credit:
            return rows
        wanted = {
            (row.event["id"], row.role, row.manager_level)
            for row, is_readable in zip(
                rows,
                self.readable.select(list(map(self.get_line_values, rows))),
                strict=True,
            )
            if is_readable
        }
        return [
            row
            for row in rows
            if (row.event["id"], row.role, row.manager_level) in wanted
        ]

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

    def _find_leads(self, domain, lead_ids):
        """Find drafts as they stand as well."""
        stored = [lead_id for lead_id in lead_ids if lead_id > 0]
        return super()._find_leads(domain, stored) | {
            lead_id
            for lead_id, lead in self._drafts.items()
            if lead.filtered_domain(domain)
        }


class WinForecast:
    """What winning each of some leads today would pay, each as the only one won.

    The number of statements does not depend on the number of leads.

    :param env: whose user asks: what the user may not read is left out
    :param leads: crm.lead, also such as are being edited
    """

    def __init__(self, env, leads):
        self._loader = WinLoader(env)
        self._batch, self._lead_of = self._loader.load_wins(leads)
        self._events = EventForecast(self._batch)
        self._forecast = self._events.forecast
        self._credits = self._events.credits_of_event
        self._scope = self._get_scope()

    def _get_scope(self):
        """Return the credits that may concern the user, by id."""
        credits = [credit for each in self._credits.values() for credit in each]
        if self._loader.readable.looks_at_credit:
            values = [self._get_line_values(credit) for credit in credits]
            chosen = self._loader.readable.select(values)
            credits = compress(credits, chosen)
        return {credit.id: credit for credit in credits}

    def _get_line_values(self, credit):
        return self._loader.get_line_values(self._batch.rows[credit.id])

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
                    self._loader.calendar.currency(credit.company_id),
                    [],
                )
            pay.credits.append(credit)
        for award in self._get_awards():
            pay = pays[self._lead_of[award.event_id].id][award.employee_id]
            pay.amount += award.amount
            if award.held:
                pay.held += award.amount
        return {lead_id: list(people.values()) for lead_id, people in pays.items()}

    def _get_awards(self):
        """Return what the rules would pay, as far as the user may know it."""
        awards = list(self._events.compute(self._scope))
        if self._loader.readable.looks_at_credit:
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
        return compress(awards, self._loader.readable.select(values))

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
