# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a plan makes people do: expected pay, cliffs, caps, bonuses out of reach."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ..engine import scenario as engine
from ..engine.facts import CENT, HUNDRED, ZERO, Plan as EnginePlan
from ..engine.rounding import round_half_up, to_decimal
from ..pipeline.reader_numbers import format_number

#: months of history that the expectations rest on
MONTHS = 12
#: what a lead of one source pays may be this part of another's without a word
NEAR = Decimal("0.8")
#: deals of two sizes, to see what splitting and waiting would gain
LAST_OF_MONTH, FIRST_OF_NEXT = date(2026, 1, 31), date(2026, 2, 1)


@dataclass(frozen=True)
class SourceHistory:
    """What a source was worth lately.

    :param size: average amount of a won deal
    :param win_rate: won of 100 leads
    :param days: average from the first contact to the win
    """

    leads: int
    won: int
    size: Decimal
    days: int

    @property
    def win_rate(self):
        """Won of 100 leads, 0 without leads."""
        return HUNDRED * self.won / self.leads if self.leads else ZERO


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    incentives = fields.Text(
        compute="_compute_incentives",
        groups="hr_sales_commission.group_commission_officer",
        help="What the plan pays people for doing, by the history of the "
        "companies that are selected.",
    )

    @api.depends(
        *("company_id", "tier_boundary", "clawback_method", "rule_ids.event_type"),
        *("rule_ids.role", "rule_ids.commission_source", "rule_ids.amount_type"),
        *("rule_ids.rate", "rule_ids.amount", "rule_ids.tier_mode", "rule_ids.cap"),
        *("rule_ids.tier_measure", "rule_ids.tier_period", "rule_ids.cap_period"),
        *("rule_ids.tier_ids.from_value", "rule_ids.tier_ids.rate"),
    )
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_incentives(self):
        for plan in self:
            plan.incentives = "\n".join(plan._find_incentives()) or False

    def _find_incentives(self):
        """Return what the plan makes people do, each with figures and what mends it.

        :rtype: list[str]
        """
        self.ensure_one()
        if not (self.company_id and self.rule_ids):
            return []
        history = self._read_source_history()
        plan = self._get_open_plan()
        return [
            *self._compare_sources(plan, history),
            *self._find_cliffs(),
            *self._find_early_caps(history),
            *self._find_bonuses_out_of_reach(),
            *self._find_unpaid_events(),
            *self._find_gains_by_timing(plan, history),
        ]

    def _get_open_plan(self):
        """Return the plan as it stands in the form, open to everybody.

        :rtype: facts.Plan
        """
        rules = []
        for number, rule in enumerate(self.rule_ids, start=1):
            if rule.event_type and rule.role:
                rules += [replace(each, id=number) for each in rule._get_engine_rules()]
        return engine.open_to_all(
            EnginePlan(id=1, rules=tuple(rules), clawback_method=self.clawback_method)
        )

    def _read_source_history(self):
        """Return :class:`SourceHistory` by source, of the last twelve months."""
        self.env["crm.lead"].flush_model()
        today = self._get_today()
        rows = self.env.execute_query(
            SQL(
                """SELECT lead.commission_source, COUNT(*), COUNT(lead.date_won),
                          COALESCE(AVG(lead.won_amount) FILTER (
                              WHERE lead.date_won IS NOT NULL), 0)::text,
                          COALESCE(AVG(GREATEST(
                              lead.date_won - lead.first_touch_date, 0)), 0)::int
                     FROM crm_lead lead
                    WHERE lead.company_id = ANY(%s)
                      AND lead.first_touch_date BETWEEN %s AND %s
                      AND lead.commission_source IS NOT NULL
                    GROUP BY lead.commission_source""",
                self.company_id._get_commission_branches().ids,
                today - relativedelta(months=MONTHS),
                today,
            )
        )
        return {
            source: SourceHistory(leads, won, Decimal(size), days)
            for source, leads, won, size, days in rows
        }

    # ------------------------------------------------------------------
    # Own customers or marketing's?
    # ------------------------------------------------------------------

    def _compare_sources(self, plan, history):
        """Say what a lead of each source pays a salesperson on average."""
        worth = {
            source: self._get_sales_pay(plan, source, past.size)
            * past.win_rate
            / HUNDRED
            for source, past in history.items()
            if past.won
        }
        sentences = [
            self.env._(
                "A lead of “%(whose)s” pays a salesperson %(pay)s on average: "
                "%(rate)s %% are won, at %(size)s, after %(days)s days.",
                whose=self._get_source_name(source),
                pay=self._money(pay),
                rate=format_number(self.env, history[source].win_rate, digits=1),
                size=self._money(history[source].size),
                days=history[source].days,
            )
            for source, pay in worth.items()
        ]
        own, marketing = worth.get("own"), worth.get("marketing")
        if own and marketing is not None and marketing < own * NEAR:
            past = history["marketing"]
            wanted = HUNDRED * own / (past.size * past.win_rate / HUNDRED)
            sentences.append(
                self.env._(
                    "Salespeople earn more by looking after own customers. At %(rate)s "
                    "%% in all, marketing customers would pay them as much per lead.",
                    rate=format_number(self.env, wanted, digits=2),
                )
            )
        return sentences

    def _get_sales_pay(self, plan, source, size):
        """Return what one won deal pays its salesperson."""
        return self._pay_sales(plan, [(size, LAST_OF_MONTH)], source)

    def _pay_sales(self, plan, deals, source="own"):
        """Return what deals of one salesperson pay.

        :param deals: pairs of amount and day
        """
        made = [
            engine.Deal(source, day, 1, engine.FIRST_SELLER, round_half_up(size, CENT))
            for size, day in deals
        ]
        return engine.pay(made, plan).by_role.get("sales", ZERO)

    # ------------------------------------------------------------------
    # Cliffs, caps, bonuses
    # ------------------------------------------------------------------

    def _find_cliffs(self):
        """Name the bounds at which the whole amount changes its rate."""
        for rule in self.rule_ids.filtered(
            lambda each: each.tier_mode == "whole" and each.amount_type == "percent"
        ):
            if rule.tier_measure not in ("amount", "cumulative"):
                continue
            tiers = rule.tier_ids.sorted("from_value")
            for lower, upper in zip(tiers, tiers[1:], strict=False):
                jump = to_decimal(upper.from_value) * to_decimal(
                    upper.rate - lower.rate
                )
                if jump:
                    yield self.env._(
                        "“%(rule)s” jumps by %(jump)s at %(bound)s (%(low)s %% to "
                        "%(high)s %%): people wait for it or push deals over it. With "
                        "each slice at its own rate there is no jump.",
                        rule=rule.name,
                        jump=self._money(jump / HUNDRED),
                        bound=self._money(to_decimal(upper.from_value)),
                        low=format_number(self.env, lower.rate),
                        high=format_number(self.env, upper.rate),
                    )

    def _find_early_caps(self, history):
        """Name caps that an average deal reaches already."""
        sizes = [past.size for past in history.values() if past.won]
        if not sizes:
            return
        average = sum(sizes, ZERO) / len(sizes)
        for rule in self.rule_ids.filtered(
            lambda each: each.cap and each.amount_type == "percent" and each.rate
        ):
            reached = HUNDRED * to_decimal(rule.cap) / to_decimal(rule.rate)
            if reached < average:
                yield self.env._(
                    "The cap of “%(rule)s” is reached at %(reached)s, less than an "
                    "average deal of %(average)s: beyond it nothing is gained. Twice "
                    "an average deal needs a cap of %(wanted)s.",
                    rule=rule.name,
                    reached=self._money(reached),
                    average=self._money(average),
                    wanted=self._money(2 * average * to_decimal(rule.rate) / HUNDRED),
                )

    def _find_bonuses_out_of_reach(self):
        """Name brackets whose first bound nobody reached in twelve months."""
        rules = self.rule_ids.filtered(
            lambda each: (
                each.tier_mode != "none"
                and each.tier_measure == "cumulative"
                and each.tier_period in ("month", "quarter", "year")
                and each.tier_ids
            )
        )
        if not rules:
            return
        best = self._read_best_sums({rule.tier_period for rule in rules})
        for rule in rules:
            first = (
                min(tier.from_value for tier in rule.tier_ids if tier.rate)
                if any(rule.tier_ids.mapped("rate"))
                else 0.0
            )
            most = best.get(rule.tier_period)
            if most and first > most:
                yield self.env._(
                    "Nobody reached the first paid bracket of “%(rule)s” in twelve "
                    "months: it begins at %(bound)s, and the best was %(best)s.",
                    rule=rule.name,
                    bound=self._money(first),
                    best=self._money(most),
                )

    def _read_best_sums(self, periods):
        """Return the largest sum of a salesperson in one period, by period."""
        self.env["hr.commission.credit"].flush_model()
        today = self._get_today()
        best = {}
        for period in periods:
            [[most]] = self.env.execute_query(
                SQL(
                    """SELECT MAX(total)::float8 FROM (
                           SELECT SUM(credit.amount) AS total
                             FROM hr_commission_credit credit
                            WHERE credit.company_id = ANY(%s) AND credit.date >= %s
                              AND credit.role = 'sales'
                            GROUP BY credit.employee_id,
                                     date_trunc(%s, credit.date)) sums""",
                    self.company_id._get_commission_branches().ids,
                    today - relativedelta(months=MONTHS),
                    period,
                )
            )
            best[period] = most
        return best

    def _find_unpaid_events(self):
        """Name sources whose won deals pay the salesperson nothing."""
        paid = defaultdict(set)
        for rule in self.rule_ids:
            paid[rule.role].add(rule.commission_source or "any")
        missing = [
            source
            for source in ("marketing", "own", "referral")
            if not {source, "any"} & paid["sales"]
        ]
        if "sales" in paid and missing:
            yield self.env._(
                "Deals of “%(sources)s” pay salespeople nothing: no rule of theirs is "
                "for them.",
                sources="”, “".join(map(self._get_source_name, missing)),
            )

    # ------------------------------------------------------------------
    # Waiting and splitting
    # ------------------------------------------------------------------

    def _find_gains_by_timing(self, plan, history):
        """Say what a salesperson gains by splitting a deal or waiting a month."""
        for source in ("own", "marketing"):
            past = history.get(source)
            if not past or not past.won:
                continue
            size = round_half_up(past.size, CENT)
            whole = self._pay_sales(plan, [(2 * size, LAST_OF_MONTH)], source)
            split = self._pay_sales(plan, [(size, LAST_OF_MONTH)] * 2, source)
            waited = self._pay_sales(
                plan, [(size, LAST_OF_MONTH), (size, FIRST_OF_NEXT)], source
            )
            values = {
                "whose": self._get_source_name(source),
                "size": self._money(2 * size),
            }
            if split - whole > CENT:
                yield self.env._(
                    "Splitting a deal of %(size)s (%(whose)s) in two gains a "
                    "salesperson %(gain)s: let brackets count the month instead of the "
                    "deal.",
                    gain=self._money(split - whole),
                    **values,
                )
            if waited - split > CENT:
                yield self.env._(
                    "Waiting for the next month with half of %(size)s (%(whose)s) "
                    "gains a salesperson %(gain)s: a longer period takes the reason "
                    "away.",
                    gain=self._money(waited - split),
                    **values,
                )

    def _get_source_name(self, source):
        rule = self.env["hr.commission.rule"]
        labels = dict(
            rule._fields["commission_source"]._description_selection(self.env)
        )
        return labels.get(source, source)

    def _money(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)
