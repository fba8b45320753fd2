# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What HR should know about a plan before it is put in force, in plain words."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..engine.measures import MEASURES
from ..pipeline.officers import OFFICER
from ..pipeline.participants import DEAL_EVENTS
from ..pipeline.reader_numbers import format_number

#: the field that says whose a target is, by whom a measure looks at
SUBJECT_FIELDS = {"": "employee_id", "team": "team_id", "branch": "branch_id"}
#: measures of which less is better, or whose rates are meant to fall
FALLING_MEASURES = {"days_to_collect", "days_overdue", "days_to_sign", "terms_days"} | {
    "customer_months",
}


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    check_errors = fields.Text(
        compute="_compute_checks", help="What has to be mended before activation."
    )
    check_warnings = fields.Text(
        compute="_compute_checks", help="What is worth a look before activation."
    )

    @api.depends(
        "cap",
        "cap_period",
        "payout",
        "payout_days",
        "clawback_method",
        "clawback_days",
        "clawback_months",
        "cap",
        "cap_excess",
        "draw_amount",
        "draw_prorata",
        "draw_ramp",
        "draw_working_days",
        "guaranteed_minimum",
        "qualification_domain",
        "rule_ids.cap",
        "rule_ids.floor",
        "rule_ids.min_amount",
        "rule_ids.min_quantity",
        "rule_ids.holdback_percent",
        "rule_ids.holdback_days",
        "rule_ids.holdback_until",
        "rule_ids.holdback_date",
        "rule_ids.season_from",
        "rule_ids.season_to",
        "rule_ids.tier_measure",
        "rule_ids.customer_months_from",
        "rule_ids.customer_months_to",
        "date_start",
        "date_end",
        "company_id",
        "is_personal",
        "qualification_domain",
        "rule_ids.event_type",
        "rule_ids.role",
        "rule_ids.manager_level",
        "rule_ids.commission_source",
        "rule_ids.domain",
        "qualification_domain",
        "rule_ids.employee_ids",
        "rule_ids.branch_ids",
        "rule_ids.requires_verification",
        "rule_ids.amount_type",
        "rule_ids.tier_mode",
        "rule_ids.tier_ids.rate",
        "rule_ids.tier_ids.from_value",
        "rule_ids.date_start",
        "rule_ids.date_end",
        "rule_ids.amount",
        "rule_ids.rate",
        "example_ids.differences",
    )
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_checks(self):
        for plan in self:
            plan.check_errors = "\n".join(plan._find_errors()) or False
            plan.check_warnings = "\n".join(plan._find_warnings()) or False

    def _check_before_activation(self, ending=None):
        """Refuse to put a plan in force that cannot work.

        :param ending: plans that end the day before, so that they are no hindrance
        :raises UserError: with everything to mend
        """
        for plan in self:
            errors = plan._find_errors(ending)
            if errors:
                raise UserError(
                    self.env._(
                        "“%(plan)s” cannot be put in force yet:\n%(errors)s",
                        plan=plan.display_name,
                        errors="\n".join(f"• {error}" for error in errors),
                    )
                )

    # ------------------------------------------------------------------
    # Errors
    # ------------------------------------------------------------------

    def _find_errors(self, ending=None):
        """Return what forbids to activate the plan.

        :param ending: plans that end the day before
        :rtype: list[str]
        """
        self.ensure_one()
        errors = []
        if not self.rule_ids:
            errors.append(self.env._("The plan has no rule: add what it pays."))
        errors += self._find_overlaps(ending or self.browse())
        errors += self._find_bad_conditions()
        errors += [
            self.env._(
                "“%(rule)s” can never pay: its dates lie outside the plan.",
                rule=rule.name,
            )
            for rule in self.rule_ids
            if self._is_outside(rule)
        ]
        errors += self._find_impossible_rules()
        return errors

    def _find_impossible_rules(self):
        """Return the conditions that no event can meet, and limits that exclude pay."""
        errors = []
        for rule in self.rule_ids:
            name = {"rule": rule.name}
            if rule.event_type == "lead_qualified" and rule.min_amount:
                errors.append(
                    self.env._(
                        "“%(rule)s” can never pay: a lead has no amount yet. Remove the "
                        "least amount.",
                        **name,
                    )
                )
            if rule.tier_mode != "none" and not any(rule.tier_ids.mapped("rate")):
                errors.append(
                    self.env._("“%(rule)s” pays nothing in every bracket.", **name)
                )
            if self.cap and rule.floor > self.cap:
                errors.append(
                    self.env._(
                        "The floor of “%(rule)s” is above the cap of the plan.", **name
                    )
                )
        return errors

    def _get_conditions(self):
        """Return the conditions of the plan: where they stand, model and text.

        Addons with conditions of their own add them: all are checked again before
        the plan is put in force, by whoever does it.

        :rtype: list[tuple[str, str, str]]
        """
        self.ensure_one()
        return [
            (self.env._("Qualified Leads"), "crm.lead", self.qualification_domain),
            *((rule.name or "", "crm.lead", rule.domain) for rule in self.rule_ids),
        ]

    def _find_bad_conditions(self):
        Condition = self.env["hr.commission.condition"]
        return [
            self.env._("“%(place)s”: %(fault)s", place=place, fault=fault)
            for place, model, text in self._get_conditions()
            if text and (fault := Condition._find_fault(text, model))
        ]

    def _get_days_of(self, rule):
        """Return the first and last day on which a rule pays, None without one."""
        start = max(filter(None, (rule.date_start, self.date_start)), default=None)
        end = min(filter(None, (rule.date_end, self.date_end)), default=None)
        return start, end

    def _is_outside(self, rule):
        start, end = self._get_days_of(rule)
        return bool(start and end and start > end)

    def _find_overlaps(self, ending):
        if self.is_personal or not (self.company_id and self.date_start):
            return []
        return [
            self.env._(
                "“%(plan)s” holds in the same company on the same days, from "
                "%(start)s on. End it the day before, or use its Change button.",
                plan=other.display_name,
                start=format_date(self.env, other.date_start),
            )
            for other in self._find_neighbours()
            if other not in self.previous_id | ending
            and (not self.date_end or other.date_start <= self.date_end)
            and (not other.date_end or other.date_end >= self.date_start)
        ]

    def _find_neighbours(self):
        """Return the other plans in force in the company of this one."""
        return self._search_in_force(
            Domain("company_id", "=", self.company_id.id)
            & Domain("is_personal", "=", False)
            & Domain("id", "!=", self._origin.id)
        )

    # ------------------------------------------------------------------
    # Warnings
    # ------------------------------------------------------------------

    def _find_warnings(self):
        """Return what HR should look at before the plan is put in force.

        :rtype: list[str]
        """
        self.ensure_one()
        return [
            *self._find_gap(),
            *self._find_duplicates(),
            *self._find_falling_rates(),
            *self._find_zero_rules(),
            *self._find_unusual_quantities(),
            *self._find_missing_marketers(),
            *self._find_unverified_own(),
            *self._find_bands(
                "customer_months_from",
                "customer_months_to",
                self.env._("months since the customer's first sale"),
            ),
            *self._find_contradictions(),
            *self._find_waiting_leads(),
            *self._find_changed_examples(),
        ]

    def _find_gap(self):
        if self.is_personal or not (self.company_id and self.date_start):
            return []
        eve = self.date_start - timedelta(days=1)
        before = self._find_neighbours().filtered(lambda plan: plan.date_start <= eve)
        # one that is still open ends on the eve when this one is activated
        if not before or any(
            not plan.date_end or plan.date_end >= eve for plan in before
        ):
            return []
        last = max(before.mapped("date_end"))
        return [
            self.env._(
                "No plan of this company holds between %(last)s and %(start)s.",
                last=format_date(self.env, last),
                start=format_date(self.env, self.date_start),
            )
        ]

    def _find_duplicates(self):
        """Two rules that pay the same people for the same events."""
        groups = defaultdict(list)
        for rule in self.rule_ids:
            if rule.is_bonus:
                continue
            condition = (
                rule.event_type,
                rule.role,
                rule._get_level(),
                *self._get_audience(rule),
            )
            groups[condition].append(rule)
        return [
            self.env._(
                "“%(first)s” and “%(second)s” pay the same people for the same "
                "customers: both amounts add up.",
                first=first.name,
                second=second.name,
            )
            for rules in groups.values()
            for position, first in enumerate(rules)
            for second in rules[position + 1 :]
            if self._meet(first, second)
        ]

    @api.model
    def _get_audience(self, rule):
        """Return what tells apart whom and what rules pay; addons add their conditions.

        :rtype: list[tuple]
        :return: (name of the condition, its value)
        """
        return [
            ("domain", rule.domain or ""),
            ("employees", tuple(sorted(rule.employee_ids.ids))),
            ("branches", tuple(sorted(rule.branch_ids.ids))),
            ("customer_months_from", rule.customer_months_from),
            ("customer_months_to", rule.customer_months_to),
            ("season", (rule.season_from, rule.season_to)),
        ]

    def _find_bands(self, low, high, label, end=0):
        """Return where bands of rules that differ in nothing else overlap or leave gaps.

        :param low, high: fields with the bounds; the upper one belongs to the next band
        :param label: what the bands are of, for the reader
        :param end: value of ``high`` that means without end
        """
        warnings = []
        for rules in self._group_bands(low, high):
            bands = sorted(rules, key=lambda rule: (rule[low], rule[high]))
            for first, second in pairwise(bands):
                values = {
                    "first": first.name,
                    "second": second.name,
                    "label": label,
                    "bound": format_number(self.env, second[low]),
                    "end": format_number(self.env, first[high]),
                }
                if first[high] == end or second[low] < first[high]:
                    if first[low] or second[low]:
                        warnings.append(
                            self.env._(
                                "“%(first)s” and “%(second)s” overlap from %(bound)s on "
                                "(%(label)s): both pay there.",
                                **values,
                            )
                        )
                elif second[low] > first[high]:
                    warnings.append(
                        self.env._(
                            "Between “%(first)s” and “%(second)s” nobody is paid from "
                            "%(end)s to %(bound)s (%(label)s).",
                            **values,
                        )
                    )
        return warnings

    def _group_bands(self, low, high):
        """Return lists of the rules that differ in nothing but the bounds of a band."""
        groups = defaultdict(list)
        for rule in self.rule_ids.filtered(lambda rule: not rule.is_bonus):
            rest = [
                each for each in self._get_audience(rule) if each[0] not in (low, high)
            ]
            key = (
                rule.event_type,
                rule.role,
                rule._get_level(),
                rule.commission_source,
                rule.date_start,
                rule.date_end,
                *rest,
            )
            groups[key].append(rule)
        return groups.values()

    @staticmethod
    def _meet(first, second):
        """Whether one event can satisfy the sources and dates of both rules."""
        sources = {first.commission_source, second.commission_source}
        if len(sources - {False}) > 1:
            return False
        start = max(filter(None, (first.date_start, second.date_start)), default=None)
        end = min(filter(None, (first.date_end, second.date_end)), default=None)
        return not (start and end and start > end)

    def _find_falling_rates(self):
        warnings = []
        for rule in self.rule_ids.filtered(lambda rule: rule.tier_mode != "none"):
            measure = MEASURES[rule.tier_measure]
            rates = rule.tier_ids.sorted("from_value").mapped("rate")
            steps = list(pairwise(rates))
            if measure.is_place and any(later > earlier for earlier, later in steps):
                warnings.append(
                    self.env._(
                        "“%(rule)s” pays a later place more than an earlier one.",
                        rule=rule.name,
                    )
                )
            falls = any(later < earlier for earlier, later in steps)
            if falls and not measure.is_place and measure.code not in FALLING_MEASURES:
                warnings.append(
                    self.env._(
                        "The rates of “%(rule)s” fall as the measure rises.",
                        rule=rule.name,
                    )
                )
        return warnings

    def _find_unusual_quantities(self):
        return [
            self.env._(
                "“%(rule)s” wants %(quantity)s units, and a deal or lead is one unit "
                "unless another addon records more.",
                rule=rule.name,
                quantity=format_number(self.env, rule.min_quantity),
            )
            for rule in self.rule_ids
            if rule.event_type in DEAL_EVENTS and rule.min_quantity > 1
        ]

    def _find_zero_rules(self):
        return [
            self.env._("“%(rule)s” pays nothing: it has no rate.", rule=rule.name)
            for rule in self.rule_ids
            if rule.tier_mode == "none"
            and not (rule.rate if rule.amount_type == "percent" else rule.amount)
        ] + [
            self.env._(
                "“%(rule)s” pays a percentage of a lead, which has no amount yet: "
                "choose a fixed amount.",
                rule=rule.name,
            )
            for rule in self.rule_ids
            if rule.event_type == "lead_qualified"
            and rule.amount_type == "percent"
            and not rule._is_of_bonus()
        ]

    def _find_contradictions(self):
        """Return settings that contradict each other or can have no effect."""
        return [
            *filter(None, map(self._find_contradiction, self.rule_ids)),
            *self._find_contradictions_of_terms(),
            *self._find_missing_targets(),
        ]

    @api.model
    def _find_contradiction(self, rule):
        """Return what a rule sets in vain, empty if nothing."""
        name = {"rule": rule.name}
        if rule.cap and rule.plan_id.cap and rule.cap_period == rule.plan_id.cap_period:
            if rule.cap > rule.plan_id.cap:
                return self.env._(
                    "The cap of “%(rule)s” is never reached: that of the plan is lower.",
                    **name,
                )
        is_timed = rule.holdback_until == "days"
        if rule.holdback_percent and is_timed and not rule.holdback_days:
            return self.env._(
                "“%(rule)s” holds a part back and releases it on the same day.", **name
            )
        if rule.tier_mode == "interpolated" and len(rule.tier_ids) == 1:
            return self.env._(
                "“%(rule)s” has one bracket: there is no straight line to a second one.",
                **name,
            )
        if rule.tier_mode != "none" and (
            rule.rate if rule.amount_type == "percent" else rule.amount
        ):
            return self.env._(
                "“%(rule)s” has a rate of its own and brackets: the brackets decide.",
                **name,
            )
        roles = set(
            # sudo: roles are for human resources
            rule.sudo().employee_ids.mapped("commission_role")
        )
        if roles and rule.role != "manager" and rule.role not in roles:
            return self.env._(
                "“%(rule)s” names employees, none of whom has the role it is for.",
                **name,
            )
        return ""

    def _find_contradictions_of_terms(self):
        warnings = []
        if self.clawback_method == "prorata" and not (
            self.clawback_days or self.clawback_months or self.clawback_schedule
        ):
            warnings.append(
                self.env._(
                    "Clawback in proportion to the time left needs a window of days or "
                    "months: without one nothing is ever kept."
                )
            )
        if self.payout == "working_days" and not self.payout_days:
            warnings.append(
                self.env._("Due 0 working days after the event is the day itself.")
            )
        if self.guaranteed_minimum and self.guaranteed_minimum >= self.draw_amount > 0:
            warnings.append(
                self.env._(
                    "The guaranteed minimum is as high as the draw: nothing is ever "
                    "advanced."
                )
            )
        if self.draw_ramp and not self.draw_amount:
            warnings.append(
                self.env._("There are percentages of the draw by month, and no draw.")
            )
        if self._parse_domain(self.qualification_domain) == Domain.TRUE:
            warnings.append(
                self.env._(
                    "Every lead counts as qualified: the plan sets no condition."
                )
            )
        return warnings

    def _find_missing_targets(self):
        """Return the rules whose targets nobody entered for their first period."""
        return [
            fault
            for rule in self.rule_ids
            if rule.tier_mode != "none" and MEASURES[rule.tier_measure].subject
            for fault in [self._find_missing_target(rule)]
            if fault
        ]

    def _find_missing_target(self, rule):
        measure, name = MEASURES[rule.tier_measure], {"rule": rule.name}
        targets = self.env["hr.commission.target"]
        found = Domain("measure", "=", rule.target_measure) & Domain(
            "period", "=", rule.tier_period
        )
        found &= Domain("date_to", ">=", self.date_start) & Domain(
            "whole_id", "=", False
        )
        whose = Domain(SUBJECT_FIELDS[measure.whose], "!=", False)
        if targets.search_count(found & whose, limit=1):
            bonuses = found & Domain("bonus", ">", 0)
            if not rule._is_of_bonus() or targets.search_count(bonuses, limit=1):
                return ""
            return self.env._(
                "“%(rule)s” pays a percentage of the target bonus, and no such target has "
                "one: enter it on the targets.",
                **name,
            )
        if measure.is_place:
            return self.env._(
                "“%(rule)s” pays by place once a target is settled, and there is no such "
                "target yet: until then it pays nothing.",
                **name,
            )
        return self.env._(
            "“%(rule)s” pays by target attainment, and there is no such target yet: "
            "until then it is paid as by 0 %%.",
            **name,
        )

    def _find_missing_marketers(self):
        if "marketing" not in self.rule_ids.mapped("role") or not self.company_id:
            return []
        marketer = (
            self.env["hr.employee"]
            .sudo()  # sudo: roles are for human resources
            .search(
                [
                    ("commission_role", "=", "marketing"),
                    ("company_id", "child_of", self.company_id.ids),
                ],
                limit=1,
            )
        )
        if marketer:
            return []
        return [
            self.env._(
                "The plan pays marketing, and no employee has the commission role "
                "Marketing."
            )
        ]

    def _find_unverified_own(self):
        return [
            self.env._(
                "“%(rule)s” pays own customers without waiting for their source to be "
                "verified.",
                rule=rule.name,
            )
            for rule in self.rule_ids
            if rule.commission_source == "own" and not rule.requires_verification
        ]

    def _count_waiting_leads(self, condition):
        """Return how many open leads meet a condition, by whose customers they are."""
        Lead = self.env["crm.lead"].sudo()  # sudo: numbers only
        branches = self.company_id._get_commission_branches()
        waiting = Domain(
            [
                ("company_id", "in", [*branches.ids, False]),
                ("date_qualified", "=", False),
                ("won_status", "=", "pending"),
            ]
        )
        return dict(
            Lead._read_group(waiting & condition, ["commission_source"], ["__count"])
        )

    def _find_waiting_leads(self):
        """Say how many open leads meet the condition already, and what they would pay.

        They are not qualified by the new version alone, only once somebody works on
        them; HR should know what that would cost.
        """
        if not (self.company_id and self.date_start) or self.is_personal:
            return []
        if not self.env.user.has_group(OFFICER):
            return []
        try:
            condition = self._parse_domain(self.qualification_domain)
        except (ValueError, UserError):
            return []
        counts = self._count_waiting_leads(condition)
        if not counts:
            return []
        amount = sum(
            rule.amount
            * (
                counts.get(rule.commission_source, 0)
                if rule.commission_source
                else sum(counts.values())
            )
            for rule in self.rule_ids
            if rule.event_type == "lead_qualified" and rule.amount_type == "fixed"
        )
        return [
            self.env._(
                "%(count)s open leads meet “Qualified Lead” already. The plan qualifies "
                "leads from its first day on: these only once somebody works on them. "
                "All of them together would add %(amount)s.",
                count=sum(counts.values()),
                amount=formatLang(self.env, amount, currency_obj=self.currency_id),
            )
        ]
