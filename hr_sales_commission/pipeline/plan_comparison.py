# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Plays what happened under several plans, period by period, and writes nothing."""

from collections import Counter, defaultdict
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from odoo.tools import SQL

from ..engine.comparison import Part, Tally
from ..engine.compute import compute
from ..engine.facts import CALENDAR_YEAR
from ..engine.periods import MONTHS_OF, period_of
from .isolation import do_without_faults
from .loader_memory import LoaderMemory
from .payout_calendar import PayoutCalendar
from .plan_replay import ReplayQuestion, share_anew

#: rules for other events or roles say nothing about a person's part
OTHER_PEOPLES_RULES = ("other_event", "other_role", "other_level")


@dataclass
class ExplainedPart:
    """What a plan pays one person for one event, with every reason."""

    event_id: int
    title: str
    lead_id: int | None
    date: date
    commission_source: str | None
    base: Decimal
    amount: Decimal = Decimal(0)
    awards: list = field(default_factory=list)
    refusals: list = field(default_factory=list)


@dataclass
class _Replayed:
    """What is played of a period.

    :param event_ids: recorded events, and such that did not happen
    :param beside_ids: events of other days that did not happen, to be known only
    :param dropped_ids: recorded events that would not have happened
    :param shares: as for :func:`~.plan_replay.share_anew`
    """

    event_ids: list
    beside_ids: set = field(default_factory=set)
    dropped_ids: set = field(default_factory=set)
    shares: dict = field(default_factory=dict)


@dataclass
class _Played:
    """What every plan pays for the events of a period, and what they are worth.

    :param tallies: one a plan
    :param signed: by company
    """

    tallies: list[Tally]
    signed: Counter = field(default_factory=Counter)
    event_counts: Counter = field(default_factory=Counter)

    def count_signed(self, batch, scope):
        """Sum what was signed by company, and count the events by whose they are."""
        companies_of = defaultdict(set)
        for credit_id in scope:
            row = batch.rows[credit_id]
            companies_of[row.event["id"]].add(row.company_id)
            if (
                row.event["event_type"] == "deal_won"
                and row.role == "sales"
                and not row.event["date_reversed"]
            ):
                self.signed[row.company_id] += row.amount
        self.event_counts.update(map(frozenset, companies_of.values()))


class PlanComparison:
    """What plans pay the people of some companies for the events of some days.

    Memory is bounded by one period of the rules; sums and reasons are kept.

    :param env: any environment; facts of other branches that share a deal are read too
    :param variants: :class:`~.plan_replay.StandIn` or None for what is in force; the
        others are compared with the first
    :param company_ids: whose employees
    :param str mark: names events that did not happen, see
        ``hr.commission.event._imagine_events``
    :param employee_id: play only what may concern this person
    :param only_ids: sum up these people only; empty for everybody
    """

    def __init__(
        self,
        env,
        variants,
        company_ids,
        date_from,
        date_to,
        mark,
        employee_id=None,
        only_ids=(),
    ):
        self.env = env(su=True)
        self.variants = variants
        self.company_ids = set(company_ids)
        self.date_from = date_from
        self.date_to = date_to
        self.mark = mark
        self.employee_id = employee_id
        self.only_ids = {employee_id} if employee_id else set(only_ids)
        self.tallies = [Tally() for _variant in variants]
        self.signed = Counter()
        #: how many events credit people of the same companies
        self.event_counts = Counter()
        self.failed_count = 0
        #: errors of the events that were left out, by id
        self.faults = {}
        self._left_out = set()
        self._payouts = PayoutCalendar(self.env)
        self._rules = {}
        self._months = {}
        self._envs = {}
        self._memory = LoaderMemory()
        self._undo = ExitStack()
        self._is_writing = False

    def get_periods(self):
        """Return the (first day, last day) to be played one after the other.

        Whole periods of the rules, so that each is computed once; they may begin before
        the days that count.
        """
        periods, day = [], self.date_from
        while day <= self.date_to:
            start, end = self._get_period_around(day)
            if len(self._get_year_starts()) > 1:  # no day ends the periods of all
                end = self._get_period_around(self.date_to)[1]
            periods.append((start, end))
            day = end + timedelta(days=1)
        return periods

    def _get_period_around(self, day):
        """Return the (first day, last day) of the longest period that a day is in."""
        period = self._get_longest_period()
        around = [period_of(day, period, each) for each in self._get_year_starts()]
        return min(start for start, _end in around), max(end for _start, end in around)

    def _get_year_starts(self):
        """Return the months that the years of these companies begin with."""
        calendar = self._get_calendar()
        return {calendar.year_start(each) for each in self.company_ids} or {
            CALENDAR_YEAR
        }

    def _get_longest_period(self):
        Plan = self.env["hr.commission.plan"]
        plans = Plan._search_in_force()
        plans |= Plan.browse(each.plan_id for each in self.variants if each)
        rules = plans.rule_ids
        periods = {*rules.mapped("tier_period"), *rules.mapped("cap_period")}
        periods.update(plans.mapped("cap_period"))
        known = periods & MONTHS_OF.keys() | {"month"}
        return max(known, key=MONTHS_OF.get)

    def count_events(self):
        """Return how many recorded events these days have, roughly what it takes."""
        return sum(len(ids) for ids in map(self._find_events, self.get_periods()))

    # ------------------------------------------------------------------
    # One period
    # ------------------------------------------------------------------

    def play(self, period):
        """Play the events of one period under every plan.

        An event that cannot be computed under one of them is left out of all.
        """
        played = self._leave_out_faults(period, partial(self._play_events, period))
        for tally, more in zip(self.tallies, played.tallies, strict=True):
            tally.merge(more)
        self.signed.update(played.signed)
        self.event_counts.update(played.event_counts)
        self.failed_count += self._count_failed(period)

    def _leave_out_faults(self, period, do):
        """Return what a function of the events of a period returns.

        :param do: function of ids of events
        """

        def attempt(event_ids, left_out):
            self._memory.forget_events()
            self._left_out = left_out | self.faults.keys()
            return do(event_ids)

        found = [each for each in self._find_events(period) if each not in self.faults]
        result, faults = do_without_faults(self.env, found, attempt)
        self.faults |= faults
        return result

    def _play_events(self, period, event_ids):
        """Return what every plan pays for some events of a period.

        :rtype: _Played
        """
        played = _Played([Tally() for _variant in self.variants])
        before = None
        for number, (variant, tally) in enumerate(
            zip(self.variants, played.tallies, strict=True)
        ):
            with self._rolled_back():
                batch, scope = self._load(variant, tally, event_ids, period)
                parts = self._play_variant(variant, tally, batch, scope)
            if number == 0:
                before = parts
                played.count_signed(batch, scope)
            else:
                tally.compare(before, parts)
        return played

    @contextmanager
    def _rolled_back(self):
        """Leave nothing of what is written in the block, see :meth:`_prepare_writing`.

        Where nothing is written, what was read stays known.
        """
        with ExitStack() as self._undo:
            self._is_writing = False
            yield

    def _prepare_writing(self):
        """Have everything from here to the end of the block undone."""
        if not self._is_writing:
            self._is_writing = True
            self._undo.enter_context(closing(self.env.cr.savepoint()))

    def _imagine(self, facts):
        """Return what ``hr.commission.event._imagine_events`` says of facts."""
        if not facts:
            return []
        self._prepare_writing()
        return self.env["hr.commission.event"]._imagine_events(facts, self.mark)

    def _find_events(self, period):
        Event = self.env["hr.commission.event"]
        Event.flush_model(["date", "company_id", "state"])
        self.env["hr.commission.credit"].flush_model(["event_id", "company_id"])
        start, end = period
        companies = list(self.company_ids)
        rows = self.env.execute_query(
            SQL(
                """SELECT event.id
                     FROM hr_commission_event event
                    WHERE event.date BETWEEN %s AND %s AND event.state != 'error'
                      AND (event.company_id = ANY(%s)
                       OR event.id IN (SELECT credit.event_id
                                         FROM hr_commission_credit credit
                                        WHERE credit.company_id = ANY(%s)))
                      AND %s
                    ORDER BY event.id""",
                start,
                end,
                companies,
                companies,
                self._concerns_person(),
            )
        )
        return [event_id for (event_id,) in rows]

    def _concerns_person(self):
        """Return the condition on events that may pay the person who is asked for.

        The person's own, those of people below, and those of leads the person touched.
        """
        if not self.employee_id:
            return SQL("TRUE")
        return SQL(
            """(event.id IN (SELECT event_id FROM hr_commission_credit
                              WHERE employee_id = %(id)s
                                 OR '/' || manager_path || '/' LIKE %(path)s)
                OR event.lead_id IN (SELECT lead_id FROM crm_touchpoint
                                      WHERE employee_id = %(id)s))""",
            id=self.employee_id,
            path=f"%/{self.employee_id}/%",
        )

    def _play_variant(self, variant, tally, batch, scope):
        """Return what each person gets for each event, by ``PartKey``."""
        if not scope:
            return {}
        outcome = compute(
            batch.credits,
            batch.plans,
            targets=batch.targets,
            scope=scope,
            trace=False,
        )
        self._count_people(variant, tally, batch, scope)
        return self._tally(tally, batch, outcome)

    def _load(self, variant, tally, event_ids, period):
        """Load events under a plan.

        :return: the batch, and the ids of the credits that count
        """
        replayed = _Replayed(event_ids)
        if variant:
            replayed = self._ask_again(variant, tally, event_ids, period)
        if not replayed.event_ids:
            return None, set()
        loader = self._get_env(variant)["hr.commission.event"]._get_loader(
            stand_in=variant,
            amend_event=partial(share_anew, replayed.shares),
            ignored_ids=replayed.dropped_ids | self._left_out,
            memory=None if replayed.shares else self._memory,
        )
        events = self.env["hr.commission.event"].browse(
            [*replayed.event_ids, *replayed.beside_ids]
        )
        batch = loader.load(events, store=False)
        counted = set(replayed.event_ids)
        return batch, {
            credit_id
            for credit_id, row in batch.rows.items()
            if row.company_id in self.company_ids
            and row.event["id"] in counted
            and self.date_from <= row.event["date"] <= self.date_to
            and (not self.only_ids or row.employee_id in self.only_ids)
        }

    def _get_env(self, variant):
        """Return the environment in which a plan that is tried is loaded."""
        if not variant:
            return self.env
        if variant not in self._envs:
            plan = self.env["hr.commission.plan"].browse(variant.plan_id)
            context = {**self.env.context, **plan._get_try_context()}
            self._envs[variant] = self.env(context=context)
        return self._envs[variant]

    def _get_calendar(self):
        """Return which plans really hold where, as it was in the beginning.

        :rtype: PlanCalendar
        """
        calendars = self._memory.calendars
        if None not in calendars:
            calendars[None] = self.env["hr.commission.plan"]._get_calendar()
        return calendars[None]

    def _get_engine_plan(self, plan):
        plans = self._memory.plans
        if plan.id not in plans:
            plans[plan.id] = plan._to_engine()
        return plans[plan.id][0]

    def _ask_again(self, variant, tally, event_ids, period):
        """Return what would have been recorded in a period under a plan.

        What takes back something of an earlier period is paid as that was: then the
        earlier period is asked again as well.

        :rtype: _Replayed
        """
        Event = self.env["hr.commission.event"]
        question = self._get_question(variant, *period)
        answer = Event._ask_again(question)
        tally.counts.update(answer.counts)
        dropped_ids = answer.dropped_ids
        imagined = self._imagine(answer.facts)
        earliest = min(
            (basis for _id, day, basis in imagined if basis and day >= period[0]),
            default=period[0],
        )
        if earliest < period[0]:
            start, _end = self._get_period_around(earliest)
            before = self._get_question(variant, start, period[0] - timedelta(days=1))
            answer = Event._ask_again(before)
            dropped_ids = dropped_ids | answer.dropped_ids
            imagined = self._imagine(answer.facts) or imagined
        happened = [
            event_id
            for event_id, day, _basis in imagined
            if period[0] <= day <= period[1]
        ]
        event_ids = [each for each in event_ids if each not in dropped_ids] + happened
        return _Replayed(
            event_ids,
            {event_id for event_id, _day, _basis in imagined} - set(happened),
            dropped_ids,
            Event._share_again(question, event_ids, tally.counts),
        )

    def _get_question(self, variant, date_from, date_to):
        plan = self.env["hr.commission.plan"].browse(variant.plan_id)
        calendar = self._get_calendar()
        root_ids = {calendar.root_id(company_id) for company_id in self.company_ids}
        return ReplayQuestion(
            plan=plan,
            engine_plan=self._get_engine_plan(plan),
            stand_in=variant,
            calendar=calendar,
            company_ids=[
                company_id
                for company_id in calendar.company_ids()
                if calendar.root_id(company_id) in root_ids
            ],
            date_from=date_from,
            date_to=date_to,
            prepare_writing=self._prepare_writing,
        )

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    def _count_failed(self, period):
        """Return how many events of a period are in error, where a plan in force pays."""
        if None not in self.variants:
            return 0
        return self.env["hr.commission.event"].search_count(
            [
                ("state", "=", "error"),
                ("date", ">=", max(period[0], self.date_from)),
                ("date", "<=", min(period[1], self.date_to)),
                ("company_id", "in", list(self.company_ids)),
            ]
        )

    @staticmethod
    def _count_people(variant, tally, batch, scope):
        """Note on whom a plan has an effect at all, and what nobody pays."""
        for credit_id in scope:
            row = batch.rows[credit_id]
            if row.plan_id is None and row.share:
                tally.counts["no_plan"] += 1
            elif variant and row.plan_id == variant.plan_id:
                tally.counts["replaced"] += 1

    def _tally(self, tally, batch, outcome):
        rules = {rule.id: rule for plan in batch.plans.values() for rule in plan.rules}
        parts = {}
        for award in outcome.awards:
            row = batch.rows[award.credit_id]
            event = row.event
            event_type = event["event_type"].partition("|")[0]
            tally.add(
                (
                    award.employee_id,
                    row.company_id,
                    row.role,
                    event["commission_source"],
                    event_type,
                    award.rule_id,
                    award.kind,
                    event["company_id"],
                    *self._get_months(row, award),
                ),
                award,
            )
            key = event["id"], award.employee_id, row.role, row.manager_level
            part = parts.get(key)
            if part is None:
                part = parts[key] = Part(
                    row.company_id, event_type, event["commission_source"], row.amount
                )
            part.amount += award.amount
            if not award.part:
                part.rates.append((rules[award.rule_id], award.rate))
        return parts

    def _get_months(self, row, award):
        """Return the months in which an award is earned and due."""
        key = award.rule_id, row.company_id, award.date
        months = self._months.get(key)
        if months is None or award.part == "release":
            months = award.date.replace(day=1), self._find_month_due(row, award)
            if award.part != "release":
                self._months[key] = months
        return months

    def _find_month_due(self, row, award):
        rule = self._rules.get(award.rule_id)
        if rule is None:
            rule = self._rules[award.rule_id] = self.env["hr.commission.rule"].browse(
                award.rule_id
            )
        return self._payouts.award_due_date(rule, row.company_id, award).replace(day=1)

    # ------------------------------------------------------------------
    # One person's deals
    # ------------------------------------------------------------------

    def explain(self):
        """Say for every event of the person what each plan pays, and why not more.

        :return: for each variant, :class:`ExplainedPart` by event id
        """
        found = [{} for _variant in self.variants]
        for period in self.get_periods():
            explain = partial(self._explain_events, period)
            explained = self._leave_out_faults(period, explain)
            for parts, more in zip(found, explained, strict=True):
                parts |= more
        return found

    def _explain_events(self, period, event_ids):
        """Return what :meth:`explain` does, of some events of a period."""
        found = []
        for variant in self.variants:
            parts = {}
            with self._rolled_back():
                self._explain_variant(variant, event_ids, period, parts)
            found.append(parts)
        return found

    def _explain_variant(self, variant, event_ids, period, parts):
        batch, scope = self._load(variant, Tally(), event_ids, period)
        if not scope:
            return
        outcome = compute(
            batch.credits,
            batch.plans,
            targets=batch.targets,
            scope=scope,
            explain=True,
        )
        events = self.env["hr.commission.event"]
        for credit_id in scope:
            event = batch.rows[credit_id].event
            part = parts.get(event["id"])
            if part is None:
                part = parts[event["id"]] = ExplainedPart(
                    event["id"],
                    events.browse(event["id"]).display_name,
                    event["lead_id"],
                    event["date"],
                    event["commission_source"],
                    batch.rows[credit_id].amount,
                )
        for award in outcome.awards:
            part = parts[award.event_id]
            part.awards.append(award)
            part.amount += award.amount
        for refusal in outcome.refusals:
            if refusal.reason not in OTHER_PEOPLES_RULES:
                parts[refusal.event_id].refusals.append(refusal)
