# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What every credit earns: the one function that maps facts and plans to money.

For each credit the rules of its plan for its event type and role are asked two
questions: does it apply (:mod:`conditions`), and how much (:mod:`earning`). Those that
apply add up. Then caps and floors (:mod:`limits`), clawback and holdback follow.
Rules that depend on a period are computed once for each employee, over all credits of
the employee that the caller gave.
"""

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from types import MappingProxyType

from .clawback import never_was
from .conditions import CONDITIONS, KIND, Condition, satisfying
from .context import NO_TARGETS, Context, LaterContext, by_period
from .differential import is_earned_below, take_off
from .earning import (
    Earning,
    earn_in_period,
    is_of_bonus,
    is_of_wage,
    lone_earner,
    six_decimals,
)
from .facts import HUNDRED, ONE, ZERO, Award, Credit, Outcome, Plan, Refusal, Rule
from .limits import (
    NOTHING_BEFORE,
    PaidBefore,
    limit_alone,
    limit_over_rules,
    limit_refund,
    limit_running,
    limit_sales,
)
from .measures import by_subject_and_period, score_of
from .payout import RELEASES
from .periods import (
    has_event_limit,
    has_period_cap,
    has_period_tiers,
    has_plan_limit,
)
from .rounding import round_half_up
from .tiers import bands
from .trace import number_text

PLAN_LIMIT_REASONS = {
    "cap": "plan_cap_reached",
    "floor": "plan_floor_reached",
    "threshold": "below_threshold",
}


def compute(
    credits: Sequence[Credit],
    plans: Mapping[int, Plan],
    *,
    targets: Mapping[tuple, Decimal] = NO_TARGETS,
    scope: Container[int] | None = None,
    explain: bool = False,
    trace: bool = True,
) -> Outcome:
    """What ``credits`` earn under ``plans``. A pure function: same facts, same money.

    :param credits: complete events (every credit of an event), and every credit the
        employees have in the :func:`periods.context_window` of the rules that concern
        them
    :param plans: by id, all that ``credits`` name
    :param targets: by subject, measure, first day and period, see
        :func:`measures.target_of`
    :param scope: ids of the credits to return awards for, None for all; the others are
        context. For rules that depend on a period the caller passes whole periods.
    :param explain: also say, for every rule of the plan that paid nothing, why
    :param trace: note with every award how it came about; without, amounts are the same
        and traces incomplete
    :returns: awards (none of zero) and refusals
    """
    context = Context(credits, plans, targets, trace)
    computation = _Computation(context, plans, targets, explain)
    return computation.run(
        credit for credit in credits if scope is None or credit.id in scope
    )


class Forecast:
    """What events that have not happened would pay, after everything that has.

    :param history: the credits that happened, as for :func:`compute`
    :param plans, targets: as for :func:`compute`
    """

    def __init__(
        self,
        history: Sequence[Credit],
        plans: Mapping[int, Plan],
        targets: Mapping[tuple, Decimal] = NO_TARGETS,
    ):
        self._history = Context(history, plans, targets)
        self._plans = plans
        self._targets = targets

    def after(self, credits: Sequence[Credit]) -> Context:
        """What is known once the events of ``credits`` happened too."""
        return LaterContext(self._history, credits)

    def compute(
        self,
        credits: Sequence[Credit],
        *,
        scope: Container[int] | None = None,
        explain: bool = False,
    ) -> Outcome:
        """What one more event would pay, as the last one of its periods.

        :param credits: every credit of the event; of several events only where no rule
            depends on a period
        :param scope, explain: as for :func:`compute`
        """
        computation = _Computation(
            self.after(credits), self._plans, self._targets, explain
        )
        return computation.run(
            credit for credit in credits if scope is None or credit.id in scope
        )


class _PreparedRule:
    """A rule with what does not change from credit to credit."""

    __slots__ = (
        "rule",
        "plan_id",
        "context",
        "conditions",
        "bands",
        "earn",
        "kind",
        "has_event_limit",
        "needs_period",
    )

    def __init__(self, rule: Rule, plan_id: int, context: Context):
        self.rule = rule
        self.plan_id = plan_id
        self.context = context
        self.conditions = [each for each in CONDITIONS if each.is_set(rule)]
        self.bands = bands(rule.tiers)
        self.earn = lone_earner(rule, self.bands, context)
        self.kind = "bonus" if rule.is_bonus else "commission"
        self.has_event_limit = has_event_limit(rule)
        self.needs_period = (
            rule.once
            or has_period_tiers(rule)
            or has_period_cap(rule)
            or rule.score_period is not None
        )


class _Computation:
    """The state of one :func:`compute`."""

    def __init__(self, context, plans, targets, explain):
        self.awards = []
        self.refusals = []
        self._context = context
        self._plans = plans
        self._targets = targets
        self._explain = explain
        self._rules_of_plan = {}
        self._rules_of_kind = {}
        self._waiting = {}
        self._rules_by_id = None
        self._asked = None
        self._limited = defaultdict(list)
        self._limited_people = set()

    def run(self, credits: Iterable[Credit]) -> Outcome:
        """Pay all of these credits."""
        credits = list(credits)
        self._limited_people = self._find_limited_people(credits)
        for credit in credits:
            self.add(credit)
        if self._limited_people:
            self._add_rest_of_periods(credits)
        self.finish()
        return Outcome(self.awards, self.refusals)

    def _find_limited_people(self, credits: Sequence[Credit]) -> set[int]:
        """Those for whom a plan has limits over all rules: each of its plans counts."""
        limited = {id_ for id_, plan in self._plans.items() if has_plan_limit(plan)}
        if not limited:
            return set()
        return {
            employee_id
            for employee_id in {credit.employee_id for credit in credits}
            if any(
                credit.plan_id in limited
                for credit in self._context.of_person(employee_id)
            )
        }

    def _add_rest_of_periods(self, credits: Sequence[Credit]):
        """Compute what else the limits of plans look at, without paying it."""
        asked = {credit.id for credit in credits}
        explain, self._explain = self._explain, False
        for employee_id in self._limited_people:
            for credit in self._context.of_person(employee_id):
                if credit.id not in asked:
                    self.add(credit)
        self._explain = explain
        self._asked = asked

    def add(self, credit: Credit):
        """Pay the credit by its plan; rules of a period wait for :meth:`finish`."""
        if credit.plan_id is None:
            self._refuse(credit, None, "no_plan")
            return
        if not credit.share:
            self._refuse(credit, None, "no_share")
            return
        if self._explain:
            self._refuse_other_kinds(credit)
        for prepared in self._rules_for(credit):
            failed = self._first_failing(prepared.conditions, prepared.rule, credit)
            if failed is not None:
                self._refuse_failed(credit, prepared.rule, failed)
            elif prepared.needs_period:
                key = prepared.plan_id, prepared.rule.id, credit.employee_id
                self._waiting.setdefault(key, (prepared, []))[1].append(credit)
            else:
                self._settle(prepared, credit, self._earn_alone(prepared, credit))

    def finish(self):
        """Pay what waited, each rule and employee at once."""
        for prepared, credits in self._waiting.values():
            earnings = self._earn_in_periods(prepared, credits)
            if prepared.rule.score_period is not None:
                self._multiply_by_scores(prepared, credits[0].employee_id, earnings)
            for credit in credits:
                if credit.id in earnings:
                    self._settle(prepared, credit, earnings[credit.id])
                elif self._asked is not None and credit.id not in self._asked:
                    continue
                elif self._context.counts(credit) or self._kept(credit, prepared.rule):
                    values = {"period": prepared.rule.tier_period}
                    self._refuse(credit, prepared.rule, "not_first", values)
                else:
                    self._refuse_reversed(credit, prepared.rule)
        for group in self._limited.values():
            self._limit_over_rules(group)

    def _limit_over_rules(self, group: list[tuple[_PreparedRule, Credit, Earning]]):
        """Apply the limits of plans to all that a person earns."""
        group.sort(
            key=lambda each: (
                each[1].date,
                each[1].event_id,
                each[1].id,
                each[0].rule.sequence,
                each[0].rule.id,
            )
        )
        limit_over_rules(
            [
                (self._plans[prepared.plan_id], credit, earning)
                for prepared, credit, earning in group
            ]
        )
        paid = {}
        for prepared, credit, earning in group:
            sale_id = credit.event_id if credit.sale is None else credit.sale.event_id
            key = prepared.rule.id, sale_id
            earning.before = paid.get(key, earning.before)
            paid[key] = earning.before + earning.amount
            if self._asked is None or credit.id in self._asked:
                self._award(prepared, credit, earning)

    def _rules_for(self, credit: Credit) -> list[_PreparedRule]:
        kind = (
            credit.plan_id,
            credit.event_type,
            credit.role,
            credit.manager_level,
            credit.commission_source,
        )
        rules = self._rules_of_kind.get(kind)
        if rules is None:
            rules = self._rules_of_kind[kind] = [
                prepared
                for prepared in self._prepared_rules(credit.plan_id)
                if self._first_failing(KIND, prepared.rule, credit) is None
            ]
        return rules

    def _prepared_rules(self, plan_id: int) -> list[_PreparedRule]:
        if plan_id not in self._rules_of_plan:
            rules = sorted(
                self._plans[plan_id].rules, key=lambda rule: (rule.sequence, rule.id)
            )
            context = self._context.valued_in(self._plans[plan_id].currency)
            self._rules_of_plan[plan_id] = [
                self._prepare(rule, plan_id, context) for rule in rules
            ]
        return self._rules_of_plan[plan_id]

    def _prepare(self, rule: Rule, plan_id: int, context: Context) -> _PreparedRule:
        prepared = _PreparedRule(rule, plan_id, context)
        if rule.is_differential:
            prepared.earn = partial(self._earn_difference, prepared.earn)
        return prepared

    def _earn_difference(self, earn, credit: Credit) -> Earning:
        """Pay a manager what the people below have not earned of the same event."""
        earning = earn(credit)
        below = [
            (each, self._earn_on_event(each))
            for each in self._context.of_event(credit)
            if each.id in credit.below
        ]
        take_off(earning, credit, below, self._context)
        return earning

    def _earn_on_event(self, credit: Credit) -> Decimal:
        """What a credit is paid for its event alone.

        Without bonuses and what depends on a period: nobody knows it yet when the event
        is paid, and it would change what a manager earned long after.
        """
        if credit.plan_id is None or not credit.share:
            return ZERO
        return sum(
            (
                self._earn_alone(prepared, credit).amount
                for prepared in self._rules_for(credit)
                if not (prepared.needs_period or prepared.rule.is_bonus)
                and self._first_failing(prepared.conditions, prepared.rule, credit)
                is None
            ),
            ZERO,
        )

    def _first_failing(
        self, conditions: Sequence[Condition], rule: Rule, credit: Credit
    ) -> Condition | None:
        for condition in conditions:
            if not condition.holds(rule, credit, self._context):
                return condition
        return None

    def _earn_alone(self, prepared: _PreparedRule, credit: Credit) -> Earning:
        earning = prepared.earn(credit)
        if not prepared.has_event_limit:
            return earning
        is_of_known_sale = credit.sale is not None and credit.sale.amount
        if is_of_known_sale and not earning.zero_reason:
            limit_refund(
                prepared.rule, earning, credit, prepared.context, prepared.earn
            )
        else:
            limit_alone(prepared.rule, earning, credit, prepared.context, prepared.earn)
        return earning

    def _earn_in_periods(
        self, prepared: _PreparedRule, credits: Sequence[Credit]
    ) -> dict[int, Earning]:
        """What the rule pays an employee for these credits, by id.

        With a cap of a period also for what else is in the periods at hand.
        """
        rule = prepared.rule
        context = prepared.context
        matching = satisfying(rule, credits[0].employee_id, context)
        own = [credit for credit in matching if credit.plan_id == prepared.plan_id]
        needs_all = has_period_cap(rule) or rule.score_period is not None
        scope = None if needs_all else {credit.id for credit in credits}
        earnings = {}
        if has_period_tiers(rule):
            for in_period in by_subject_and_period(rule, matching).values():
                earnings |= earn_in_period(
                    rule,
                    prepared.bands,
                    in_period,
                    context,
                    self._targets,
                    prepared.plan_id,
                    scope,
                )
        else:
            earnings = {
                credit.id: prepared.earn(credit)
                for credit in own
                if scope is None or credit.id in scope
            }
        if has_period_cap(rule):
            self._limit_periods(
                rule, [each for each in own if each.id in earnings], earnings
            )
        elif prepared.has_event_limit:
            limit_sales(
                rule,
                [(each, earnings[each.id]) for each in own if each.id in earnings],
                context,
            )
        return earnings

    def _multiply_by_scores(
        self, prepared: _PreparedRule, employee_id: int, earnings: dict[int, Earning]
    ) -> None:
        """Multiply what the rule pays an employee by the scores of the periods."""
        rule = prepared.rule
        paid = [
            credit
            for credit in satisfying(rule, employee_id, prepared.context)
            if credit.id in earnings
        ]
        for in_period in by_period(paid, rule.score_period).values():
            percent = score_of(rule, in_period[0], self._targets)
            if percent is not None and percent != HUNDRED:
                pays = [(credit, earnings[credit.id]) for credit in in_period]
                multiply_by_score(rule, pays, percent)

    def _limit_periods(
        self, rule: Rule, credits: Sequence[Credit], earnings: dict[int, Earning]
    ) -> None:
        """Apply the cap and floor of periods to what an employee's credits earn."""
        if not credits:
            return
        before = self._get_paid_before(rule, credits[0].employee_id, rule.cap_period)
        for key, in_period in by_period(credits, rule.cap_period).items():
            limit_running(
                rule,
                [(credit, earnings[credit.id]) for credit in in_period],
                before.get(key, NOTHING_BEFORE),
            )

    def _get_paid_before(
        self, rule: Rule, employee_id: int, period: str
    ) -> dict[Hashable, PaidBefore]:
        """What the versions of a rule before paid, by :func:`context.period_key`."""
        previous = self._find_previous(rule)
        if previous is None:
            return {}
        before = self._get_paid_before(previous.rule, employee_id, period)
        credits = [
            credit
            for credit in satisfying(previous.rule, employee_id, previous.context)
            if credit.plan_id == previous.plan_id
        ]
        if credits:
            earnings = self._earn_in_periods(previous, credits)
            for key, in_period in by_period(credits, period).items():
                known = before.get(key, NOTHING_BEFORE)
                before[key] = known.plus(
                    earnings[each.id] for each in in_period if each.id in earnings
                )
        return before

    def _find_previous(self, rule: Rule) -> _PreparedRule | None:
        """The rule that this one replaced in a new version of its plan."""
        if rule.continues is None:
            return None
        if self._rules_by_id is None:
            self._rules_by_id = {
                (prepared.rule.id, prepared.rule.event_type): prepared
                for plan_id in self._plans
                for prepared in self._prepared_rules(plan_id)
            }
        return self._rules_by_id.get((rule.continues, rule.event_type))

    def _settle(self, prepared: _PreparedRule, credit: Credit, earning: Earning):
        """Take back what is unpaid; then the limits of plans are next, if there are."""
        if prepared.rule.unpaid_clawback_days is not None:
            take_back_unpaid(prepared.rule, credit, earning)
        if credit.employee_id not in self._limited_people:
            self._award(prepared, credit, earning)
            return
        if not self._context.counts(credit):
            # the rest of the period is limited as if it had not been
            self._claw_back(credit, prepared.rule, earning)
        self._limited[credit.employee_id].append((prepared, credit, earning))

    def _award(self, prepared: _PreparedRule, credit: Credit, earning: Earning):
        """Post what is left after a loss, with its holdback and release."""
        rule = prepared.rule
        if credit.reversed_on is not None:
            self._claw_back(credit, rule, earning)
        if not earning.amount:
            self._refuse_zero(credit, rule, earning)
            return
        award = Award(
            credit.id,
            credit.event_id,
            credit.employee_id,
            rule.id,
            prepared.plan_id,
            "",
            prepared.kind,
            ZERO if is_of_wage(rule) else credit.amount,
            earning.rate,
            earning.amount,
            is_held(rule, credit),
            credit.date,
            earning.trace,
        )
        self.awards.append(award)
        if rule.holdback_percent:
            self.awards += holdback_awards(award, rule, credit, earning.before)

    def _kept(self, credit: Credit, rule: Rule) -> Decimal:
        """The part of its pay that a reversed credit keeps under a rule, 0 to 1."""
        if rule.is_final and not never_was(credit.date, credit.reversed_on):
            return ONE
        return self._context.kept(credit)

    def _claw_back(self, credit: Credit, rule: Rule, earning: Earning):
        kept = self._kept(credit, rule)
        if kept != ONE and earning.amount:
            earning.change_amount(
                round_half_up(earning.amount * kept, credit.rounding),
                "clawback",
                kept=number_text(six_decimals(kept)),
                reversed_on=credit.reversed_on.isoformat(),
            )

    def _refuse_other_kinds(self, credit: Credit):
        for prepared in self._prepared_rules(credit.plan_id):
            failed = self._first_failing(KIND, prepared.rule, credit)
            if failed is not None:
                self._refuse_failed(credit, prepared.rule, failed)

    def _refuse_failed(self, credit: Credit, rule: Rule, failed: Condition):
        if self._explain:
            values = failed.values(rule, credit, self._context)
            self._refuse(credit, rule, failed.reason, values)

    def _refuse_zero(self, credit: Credit, rule: Rule, earning: Earning):
        """The rule applies, and still comes to nothing."""
        if not self._explain:
            return
        if is_earned_below(earning):
            values = {"amount": earning.trace["below"]["value"]}
            self._refuse(credit, rule, "earned_below", values)
        else:
            self._refuse_limited(credit, rule, earning)

    def _refuse_limited(self, credit: Credit, rule: Rule, earning: Earning):
        """Limits, a loss or the brackets have left nothing of it."""
        if credit.reversed_on is not None and not self._kept(credit, rule):
            self._refuse_reversed(credit, rule)
        elif "plan_limit" in earning.trace:
            limit = earning.trace["plan_limit"]
            values = {"limit": limit["value"], "period": limit["period"]}
            self._refuse(credit, rule, PLAN_LIMIT_REASONS[limit["kind"]], values)
        elif "score" in earning.trace:
            values = {"period": earning.trace["score"]["period"]}
            self._refuse(credit, rule, "zero_score", values)
        elif "unpaid" in earning.trace:
            values = {"days": earning.trace["unpaid"]["days"]}
            reason = "unpaid" + earning.trace["unpaid"].get("kind", "")
            self._refuse(credit, rule, reason, values)
        elif _has_no_base(rule, credit):
            self._refuse(credit, rule, "zero_base")
        elif earning.zero_reason:
            self._refuse(credit, rule, earning.zero_reason, tier_values(rule))
        elif "limit" in earning.trace:
            limit = earning.trace["limit"]
            values = {"limit": limit["value"], "period": limit["period"]}
            self._refuse(credit, rule, f"{limit['kind']}_reached", values)
        elif not earning.rate:
            self._refuse(credit, rule, "zero_rate")
        else:
            self._refuse(credit, rule, "rounds_to_zero")

    def _refuse_reversed(self, credit: Credit, rule: Rule):
        values = {"reversed_on": credit.reversed_on.isoformat()}
        self._refuse(credit, rule, "reversed", values)

    def _refuse(
        self,
        credit: Credit,
        rule: Rule | None,
        reason: str,
        values: Mapping = MappingProxyType({}),
    ):
        if self._explain:
            self.refusals.append(
                Refusal(
                    credit.id,
                    credit.event_id,
                    credit.employee_id,
                    rule.id if rule else None,
                    credit.plan_id,
                    reason,
                    dict(values),
                )
            )


def _has_no_base(rule: Rule, credit: Credit) -> bool:
    """Whether what the rule pays a percentage of is zero."""
    if rule.amount_type != "percent" or is_of_bonus(rule):
        return False
    return not (credit.facts.get("wage") if is_of_wage(rule) else credit.amount)


def is_held(rule: Rule, credit: Credit) -> bool:
    """Whether pay has to wait until it is decided who brought the customer."""
    return credit.source_disputed or (
        rule.requires_verification
        and credit.commission_source == "own"
        and not credit.source_verified
    )


def multiply_by_score(rule: Rule, pays: list[tuple[Credit, Earning]], percent: Decimal):
    """Pay so much percent of what a person earned in a period.

    Rounded on the running sum, so that what takes everything back leaves nothing.

    :param pays: in the order of date and event
    """
    earned = paid = ZERO
    for credit, earning in pays:
        earned += earning.amount
        before, paid = paid, round_half_up(earned * percent / HUNDRED, credit.rounding)
        if earning.amount:
            earning.change_amount(
                paid - before,
                "score",
                percent=number_text(six_decimals(percent)),
                period=rule.score_period,
            )
            earning.before = before


def take_back_unpaid(rule: Rule, credit: Credit, earning: Earning):
    """Leave only the part that the customer paid, once the days for it are over."""
    is_by_due_date = rule.collected_from == "due"
    days = credit.facts.get("overdue_days" if is_by_due_date else "unpaid_days", ZERO)
    unpaid = credit.facts.get("unpaid_share", ZERO)
    if unpaid and days > rule.unpaid_clawback_days and earning.amount:
        kept = ONE - unpaid
        earning.change_amount(
            round_half_up(earning.amount * kept, credit.rounding),
            "unpaid",
            kept=number_text(six_decimals(kept)),
            days=number_text(Decimal(rule.unpaid_clawback_days)),
            **({"kind": "_due"} if is_by_due_date else {}),
        )


def tier_values(rule: Rule) -> dict[str, str]:
    """What the sentences about unreached brackets and missing targets name."""
    return {
        "measure": rule.tier_measure,
        "period": rule.tier_period,
        "target_measure": rule.target_measure,
        "first_bound": number_text(
            min((tier.from_value for tier in rule.tiers), default=ZERO)
        ),
    }


def holdback_awards(
    award: Award, rule: Rule, credit: Credit, before: Decimal = ZERO
) -> list[Award]:
    """The part of an award that is held back, and its release once there is one.

    :param before: what the same whole was paid before: what is held back of all parts,
        and what refunds of them give back, is rounded as one
    """
    percent = rule.holdback_percent
    alone, held, due = (
        round_half_up(paid * percent / HUNDRED, credit.rounding)
        for paid in (award.amount, before, before + award.amount)
    )
    part = due - held
    if not part:
        return []
    trace = {"percent": number_text(percent), "of": str(award.amount)}
    signs = {"holdback": -1}
    release = RELEASES[rule.holdback_until]
    if release.day is None:
        signs["release"] = 1
    else:
        trace["until"] = rule.holdback_until
        released_on = release.day_of(credit)
        if released_on is not None:
            signs["release"] = 1
            trace["released_on"] = released_on.isoformat()
    awards = []
    for kind, sign in signs.items():
        how = {"type": kind, **trace, "amount": str(sign * part)}
        if part != alone:
            how["rounding"] = str(sign * (part - alone))
        awards.append(
            replace(award, part=kind, kind=kind, amount=sign * part, trace=how)
        )
    return awards
