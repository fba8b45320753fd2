# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import formatLang

from ..engine import facts
from ..engine.measures import MEASURES
from ..engine.periods import SCORED, scored_type
from ..engine.rounding import to_decimal
from ..pipeline.reader_numbers import format_number, format_percent
from ..pipeline.titles import labelled, phrases
from ..pipeline.words import (
    COMMISSION_SOURCES,
    EVENT_TYPES,
    PAYOUTS,
    PERIODS,
    TARGET_MEASURES,
    TIER_MEASURES,
)


class HrCommissionRule(models.Model):
    """One row of a plan. It answers two questions: does it apply, and how much."""

    _name = "hr.commission.rule"
    _description = "Commission Rule"
    _inherit = [
        "hr.commission.guard",
        "hr.mixin",  # officers choose employees without reading their records
        "hr.commission.role.mixin",
    ]
    _order = "plan_id, sequence, id"

    plan_id = fields.Many2one(
        "hr.commission.plan", required=True, index=True, ondelete="cascade"
    )
    previous_id = fields.Many2one(
        "hr.commission.rule",
        string="Previous Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The rule that this one replaces: its cap of a period goes on from what "
        "that one paid.",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True
    )  # stored for the record rules
    currency_id = fields.Many2one(related="plan_id.company_id.currency_id")
    plan_state = fields.Selection(related="plan_id.state")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)

    # When it applies
    event_type = fields.Selection(
        EVENT_TYPES,
        required=True,
        default="deal_won",
        help="What has to happen for the rule to pay. A target is settled once its score "
        "is approved, or else once its period is over; it pays without any deal.",
    )
    role = fields.Selection(
        required=True,
        default="sales",
        help="Whom the rule pays: whoever fills this role in a deal.",
    )
    is_manager_role = fields.Boolean(compute="_compute_is_manager_role")
    manager_level = fields.Integer(
        default=1,
        help="1: the direct manager of whoever is credited, 2: that one's manager …",
    )
    commission_source = fields.Selection(
        COMMISSION_SOURCES,
        string="Customer Source",
        help="Whose customer it is. Empty: anybody's.",
    )
    domain = fields.Char(
        string="Leads", help="Condition on the lead. Empty: every lead."
    )
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Only For",
        context={"active_test": False},  # who left is still named: nobody else is paid
        help="The rule pays these employees only. Empty: everybody in the role.",
    )
    branch_ids = fields.Many2many(
        "res.company",
        string="Only Branches",
        context={"active_test": False},
        help="The rule pays employees of these branches only. Empty: all.",
    )
    date_start = fields.Date(string="From", help="First event day. Empty: the plan's.")
    date_end = fields.Date(string="To", help="Last event day. Empty: the plan's.")
    min_amount = fields.Monetary(help="An event below this amount does not pay.")
    min_quantity = fields.Float(help="An event with fewer units does not pay.")
    customer_months_from = fields.Integer(
        string="From Month",
        help="Whole months since the first sale to the customer: 12 starts with the "
        "second year.",
    )
    customer_months_to = fields.Integer(
        string="To Month",
        help="The month itself no longer counts: 12 ends with the first year. 0: "
        "without end.",
    )
    season_from = fields.Integer(
        string="From Month of the Year",
        help="The rule pays in these months of the year only; month 1 is the first month "
        "of the company's (fiscal) year. From 11 to 2 goes over the end of the year. 0: "
        "from the beginning.",
    )
    season_to = fields.Integer(
        string="To Month of the Year",
        help="The last month that is paid, itself included. 0: to the end of the year.",
    )
    once = fields.Boolean(
        help="Pay only the first matching event of an employee in the tier period "
        "(period Event: within the dates of the rule)."
    )
    requires_verification = fields.Boolean(
        default=True,
        string="Needs a Verified Source",
        help="On an own customer the commission is held until the source is verified.",
    )

    # How much
    amount_type = fields.Selection(
        [
            ("percent", "Percent"),
            ("fixed", "Fixed amount per event"),
            ("unit", "Amount per unit"),
        ],
        required=True,
        default="percent",
        help="Whether the rule pays a percentage, or an amount for each event or unit.",
    )
    base = fields.Selection(
        [
            ("amount", "Amount of the event"),
            ("bonus", "Target bonus of the person"),
        ],
        required=True,
        default="amount",
        help="What the rate applies to. The target bonus is entered on the person's "
        "target, and paid for what is attained of it: 100 % is what was promised, above "
        "100 % is an accelerator.",
    )
    rate = fields.Float(
        string="Rate (%)", digits=(16, 6), help="2.0 means 2 % of the base."
    )
    amount = fields.Monetary(
        help="What one event (or one unit) pays. Units of documents are those of the "
        "product: a dozen of pieces is twelve."
    )
    tier_mode = fields.Selection(
        [
            ("none", "No tiers"),
            ("marginal", "Each slice at its own rate"),
            ("whole", "Everything at the rate reached"),
            ("interpolated", "Rate in a straight line between the bounds"),
            ("proportional", "Rate reached, times what was attained"),
        ],
        required=True,
        default="none",
        help="Whether a bracket's rate is for the part within it, for everything, or goes "
        "up evenly. Times what was attained: 1,000 at an attainment of 85 % pays 850.",
    )
    tier_measure = fields.Selection(
        TIER_MEASURES,
        required=True,
        default="amount",
        help="What the brackets go by. Days to signing count from the day the lead came "
        "in; the key figure “Time to sign” counts from the first contact.",
    )
    target_measure = fields.Selection(
        TARGET_MEASURES,
        required=True,
        default="won_amount",
        help="The target whose attainment decides the bracket.",
    )
    tier_period = fields.Selection(
        PERIODS,
        required=True,
        default="event",
        help="The period over which it is added up which bracket is reached.",
    )
    tier_ids = fields.One2many("hr.commission.tier", "rule_id", copy=True)
    tier_summary = fields.Text(
        compute="_compute_tier_summary", help="The brackets these rows make."
    )
    doubts = fields.Text(
        compute="_compute_doubts", help="What cannot be meant, or is unusual."
    )
    summary = fields.Text(compute="_compute_summary")
    cap = fields.Monetary(help="Most this rule pays per period. 0: no cap.")
    floor = fields.Monetary(help="Least this rule pays per period once it applies.")
    cap_period = fields.Selection(
        PERIODS,
        required=True,
        default="event",
        string="Cap and Floor Per",
        help="The period that cap and floor are for; per event, each stands alone.",
    )
    is_bonus = fields.Boolean(
        string="Bonus", help="Reported apart from commissions, like the synergy bonus."
    )

    score_period = fields.Selection(
        PERIODS[1:],
        string="Times the Score of",
        help="What the rule pays is multiplied by the person's score of this period, in "
        "percent of its target: 90 of 100 pays 90 %. Until a score is approved, and "
        "without a target for one, the rule pays in full.",
    )
    score_min = fields.Float(
        string="Score Counts at Least (%)", help="0: down to nothing."
    )
    score_max = fields.Float(
        string="Score Counts at Most (%)", help="0: as much as it is."
    )

    is_leaver_limited = fields.Boolean(
        string="Ends After Leaving",
        help="Somebody who left is paid only for what happens within so many days after. "
        "Otherwise also for what comes later of what they sold.",
    )
    leaver_days = fields.Integer(
        string="Days After Leaving",
        help="0: nothing that happens after the last day is paid.",
    )

    is_final = fields.Boolean(
        string="Never Taken Back",
        help="What was earned stays with the person when the deal is lost or refunded, "
        "whatever the plan says of clawback.",
    )

    is_differential = fields.Boolean(
        string="Less What Those Below Earn",
        help="A manager gets the rate less what the people below, lower managers "
        "included, earn on the same amount of the same event: of 10 % what is left above "
        "the 6 % of the salesperson. Bonuses, and what depends on a period, are not "
        "taken off.",
    )

    # When it is paid
    payout = fields.Selection(PAYOUTS, help="Empty: the terms of the plan.")
    payout_days = fields.Integer(
        string="Payout After (Days)",
        help="Days, or months, until it is due, counted as the payout terms say.",
    )
    holdback_percent = fields.Float(
        string="Holdback (%)", help="Part that is held back and released later."
    )
    holdback_days = fields.Integer(
        string="Released After (Days)",
        default=90,
        help="Days after the event on which what was held back is due.",
    )

    holdback_until = fields.Selection(
        [
            ("days", "After days"),
            ("date", "On a date"),
            ("accepted", "Once the customer accepted"),
        ],
        string="Released",
        required=True,
        default="days",
        help="When what was held back is paid. Accepted: a commission officer enters the "
        "day on the deal.",
    )
    holdback_date = fields.Date(string="Released On")

    _leaver_days_not_negative = models.Constraint(
        "CHECK (leaver_days >= 0)", "Days after leaving are not negative."
    )
    _score_in_order = models.Constraint(
        "CHECK (score_min >= 0 AND score_max >= 0"
        " AND (score_max = 0 OR score_max >= score_min))",
        "What a score counts at most is not below what it counts at least.",
    )
    _holdback_has_its_date = models.Constraint(
        "CHECK (holdback_until != 'date' OR holdback_date IS NOT NULL)",
        "Say on which date what is held back is released.",
    )
    _rate_not_negative = models.Constraint(
        "CHECK (rate >= 0 AND rate <= 1000 AND amount >= 0)",
        "A rate lies between 0 and 1000 %, an amount is not negative.",
    )
    _manager_level_positive = models.Constraint(
        "CHECK (manager_level >= 1)",
        "The manager level starts at 1, the direct manager.",
    )
    _holdback_is_percentage = models.Constraint(
        "CHECK (holdback_percent >= 0 AND holdback_percent <= 100)",
        "A holdback lies between 0 and 100 %.",
    )
    _customer_months_in_order = models.Constraint(
        "CHECK (customer_months_from >= 0 AND (customer_months_to = 0"
        " OR customer_months_to > customer_months_from))",
        "The months since a customer's first sale end after they start.",
    )
    _season_in_year = models.Constraint(
        "CHECK (season_from BETWEEN 0 AND 12 AND season_to BETWEEN 0 AND 12)",
        "The months of a year are numbered 1 to 12.",
    )
    _cap_not_below_floor = models.Constraint(
        "CHECK (cap >= 0 AND floor >= 0 AND (cap = 0 OR cap >= floor))",
        "A cap cannot be below the floor.",
    )

    # ------------------------------------------------------------------
    # Computes: the rule in words
    # ------------------------------------------------------------------

    @api.depends(
        "amount_type",
        "tier_mode",
        "tier_measure",
        "tier_ids.from_value",
        "tier_ids.rate",
        "currency_id",
    )
    def _compute_tier_summary(self):
        for rule in self:
            if rule.tier_mode == "none":
                rule.tier_summary = False
                continue
            tiers = rule._get_filled_tiers()
            ends = [*tiers.mapped("from_value")[1:], None]
            rule.tier_summary = "\n".join(
                labelled(
                    self.env,
                    rule._format_bracket(tier.from_value, end),
                    rule._format_rate(tier.rate),
                )
                for tier, end in zip(tiers, ends)
            )

    def _get_filled_tiers(self):
        """Return the brackets in order, without rows of a form that nobody filled in."""
        first, *others = self.tier_ids.sorted(
            lambda tier: (tier.from_value, not tier.rate)
        ) or [self.tier_ids]
        return first.union(*(tier for tier in others if tier.from_value or tier.rate))

    @api.depends("role")
    def _compute_is_manager_role(self):
        managers = self.env["hr.commission.role"]._get_manager_levels()
        for rule in self:
            rule.is_manager_role = rule.role in managers

    def _get_level(self):
        """Return the level of managers that the rule pays, 0 for other roles.

        :rtype: int
        """
        self.ensure_one()
        level = self.env["hr.commission.role"]._get_manager_levels().get(self.role)
        return 0 if level is None else level or self.manager_level

    @api.depends(
        "amount_type",
        "base",
        "rate",
        "amount",
        "tier_mode",
        "tier_summary",
        "score_period",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            rule.summary = rule._summarize()

    def _summarize(self):
        """Return how much the rule pays, of what, and what it is multiplied by.

        :rtype: str
        """
        if self.tier_mode != "none":
            pay = (self.tier_summary or "").replace("\n", " · ")
        else:
            is_percent = self.amount_type == "percent"
            pay = self._format_rate(self.rate if is_percent else self.amount)
        if self.amount_type == "unit":
            pay = self.env._("%(pay)s per unit", pay=pay)
        elif self.amount_type == "percent" and self.base != "amount":
            base = self._choice("base")
            pay = self.env._("%(what)s (%(base)s)", what=pay, base=base)
        if self.tier_mode == "proportional":
            pay = phrases(self.env, [pay, self._say_tier_mode()])
        if self.score_period:
            pay = self.env._("%(pay)s × score", pay=pay)
        return pay

    def _format_bracket(self, start, following):
        """Return what a bracket is of, as the reader writes it; one place alone."""
        bounds = self._format_measure(start), self._format_until(following)
        is_place = MEASURES[self.tier_measure].is_place
        return bounds[0] if is_place and len(set(bounds)) == 1 else " – ".join(bounds)

    def _format_until(self, following):
        """Return where a bracket ends, of places the last one in it.

        :param following: where the next bracket starts, None for the last one
        """
        if following is None:
            return "∞"
        is_place = MEASURES[self.tier_measure].is_place
        return self._format_measure(following - 1 if is_place else following)

    def _format_measure(self, value):
        """Return a bound of a bracket in the unit of what it measures."""
        if MEASURES[self.tier_measure].unit == "percent":
            return format_percent(self.env, value)
        return format_number(self.env, value)

    def _format_rate(self, rate):
        """Return a rate as percent, or as money for rules that pay an amount."""
        if self.amount_type == "percent":
            return format_percent(self.env, rate)
        return self._format_money(rate)

    def _format_money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    @api.depends(
        "sentence",
        "plan_id.cap",
        "plan_id.clawback_days",
        "plan_id.payout",
        "plan_id.payout_days",
        "payout",
        "payout_days",
    )
    def _compute_doubts(self):
        for rule in self:
            plan = rule.plan_id
            is_draft = plan and plan.state == "draft"
            rule.doubts = is_draft and "\n".join(plan._find_doubts(rule)) or False

    def _get_rates(self):
        """Return the rates that the rule can pay, in its own unit.

        :rtype: list[float]
        """
        self.ensure_one()
        if self.tier_mode != "none":
            return self.tier_ids.mapped("rate")
        return [self.rate if self.amount_type == "percent" else self.amount]

    def _get_paid_before(self):
        """Return the highest percentage that plans of the company paid for the same.

        For the same event and role; 0 where no plan in force pays or paid it.

        :rtype: float
        """
        self.ensure_one()
        rules = self.plan_id._search_in_force(
            Domain("company_id", "=", self.plan_id.company_id.id)
            & Domain("id", "!=", self.plan_id._origin.id)
        ).rule_ids.filtered(
            lambda rule: (
                (rule.event_type, rule.role, rule.amount_type, rule.base)
                == (self.event_type, self.role, self.amount_type, self.base)
            )
        )
        return max((rate for rule in rules for rate in rule._get_rates()), default=0.0)

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            self.env["hr.commission.condition"]._check(rule.domain)

    @api.constrains("tier_mode", "tier_ids")
    def _check_tiers(self):
        for rule in self:
            if rule.tier_mode != "none" and not rule.tier_ids:
                raise ValidationError(
                    self.env._("“%(rule)s” has tiers without any row.", rule=rule.name)
                )

    @api.constrains("tier_mode", "tier_measure")
    def _check_proportional(self):
        for rule in self:
            measure = MEASURES[rule.tier_measure]
            is_of_target = measure.subject is not None and not measure.is_place
            if rule.tier_mode == "proportional" and not is_of_target:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” pays times what was attained of a target: let its "
                        "brackets go by target attainment.",
                        rule=rule.name,
                    )
                )

    @api.constrains("base", "amount_type", "tier_mode", "tier_measure", "event_type")
    def _check_bonus_base(self):
        for rule in self.filtered(lambda rule: rule._is_of_bonus()):
            measure = MEASURES[rule.tier_measure]
            if rule.tier_mode == "none" or not measure.subject or measure.is_place:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” pays a percentage of the person's target bonus: let "
                        "its brackets go by target attainment.",
                        rule=rule.name,
                    )
                )
            if measure.whose and rule.event_type != SCORED:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” pays people's own target bonus by what a team or "
                        "branch attained. Let it pay on settled targets.",
                        rule=rule.name,
                    )
                )

    @api.constrains("tier_mode", "tier_measure", "target_measure", "event_type")
    def _check_place(self):
        for rule in self.filtered(lambda rule: rule.tier_mode != "none"):
            is_place = MEASURES[rule.tier_measure].is_place
            is_settled = rule.event_type == SCORED
            if is_place and not (is_settled and rule.tier_mode == "whole"):
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” pays by place. Let it pay on settled targets, "
                        "everything at the rate reached.",
                        rule=rule.name,
                    )
                )
            if is_place and not MEASURES[rule.target_measure].event_types:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” pays by place, which counts what people sold: choose "
                        "a target for that.",
                        rule=rule.name,
                    )
                )

    @api.constrains(
        "is_differential",
        "role",
        "event_type",
        "amount_type",
        "base",
        "tier_mode",
        "cap",
        "floor",
        "once",
    )
    def _check_differential(self):
        for rule in self.filtered("is_differential"):
            if not (rule._get_level() and rule._is_plain_percentage()):
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” pays a manager less what those below earn. Make it a "
                        "plain percentage of a manager, without brackets, cap or floor.",
                        rule=rule.name,
                    )
                )

    def _is_plain_percentage(self):
        """Whether the rule pays one percentage of what an event is worth, and no limits.

        :rtype: bool
        """
        limits = ("cap", "floor", "once")
        return (
            self.amount_type == "percent"
            and self.base not in ("bonus", "wage")
            and self.tier_mode == "none"
            and self.event_type != SCORED
            and not any(self[name] for name in limits)
        )

    def _depends_on_period(self):
        """Whether what the rule pays on an event depends on others of a period.

        :rtype: bool
        """
        is_sliced = self.tier_mode != "none" and self.tier_period != "event"
        is_limited = (self.cap or self.floor) and self.cap_period != "event"
        return bool(is_sliced or is_limited or self.once or self.score_period)

    @api.onchange("base")
    def _onchange_base(self):
        """What pays on the target bonus goes by what is attained of the target."""
        measure = MEASURES[self.tier_measure]
        if self._is_of_bonus() and (not measure.subject or measure.is_place):
            self.tier_measure = "attainment"
            if self.tier_mode == "none":
                self.tier_mode = "marginal"
            if self.tier_period == "event":
                self.tier_period = "quarter"
            self.rate = 0.0
            if not self.tier_ids:
                self.tier_ids = [Command.create({"from_value": 0.0, "rate": 100.0})]

    def _is_of_bonus(self):
        """Whether the rule pays a percentage of the person's target bonus.

        :rtype: bool
        """
        return self.amount_type == "percent" and self.base == "bonus"

    @api.onchange("event_type")
    def _onchange_event_type(self):
        """What pays on scores is an amount, times what was attained of a score."""
        if self.event_type == SCORED and self.role != "scored":
            self.update(
                {
                    "role": "scored",
                    "commission_source": False,
                    "amount_type": "fixed",
                    "rate": 0.0,
                    "amount": 0.0,
                    "tier_mode": "proportional",
                    "tier_measure": "attainment",
                    "target_measure": "score",
                    "tier_period": "month",
                }
            )

    @api.constrains("tier_measure", "tier_period")
    def _check_tier_period(self):
        for rule in self:
            if rule.tier_period == "event" and not MEASURES[rule.tier_measure].of_event:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” measures over a period. Choose week, month, "
                        "quarter or year.",
                        rule=rule.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD: the rules of a plan in force are frozen
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create([_without_empty_tiers(vals) for vals in vals_list])
        rules.plan_id._check_editable()
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        self.plan_id._check_editable()
        result = super().write(_without_empty_tiers(vals, self.tier_ids))
        if "plan_id" in vals:
            self.check_access("write")  # Odoo checks the place before only
            self.plan_id._check_editable()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self.plan_id._check_editable()

    # ------------------------------------------------------------------
    # For the engine
    # ------------------------------------------------------------------

    def _get_engine_rules(self):
        """Return the rule as the engine knows it; addons may make several of one.

        Without its condition on leads, which is asked for the leads at hand.

        :rtype: list[facts.Rule]
        """
        return [facts.Rule(**self._get_engine_values())]

    def _get_engine_values(self):
        """Return the values of the engine fact; addons add what they know."""
        self.ensure_one()
        return dict(
            id=self.id,
            sequence=self.sequence,
            event_type=self._get_engine_event_type(),
            role=self.role,
            manager_level=self._get_level(),
            commission_source=self.commission_source or None,
            employee_ids=frozenset(self.employee_ids.ids) or None,
            company_ids=frozenset(self.branch_ids.ids) or None,
            date_start=self.date_start or None,
            date_end=self.date_end or None,
            amount_type=self.amount_type,
            base="bonus" if self._is_of_bonus() else "amount",
            rate=to_decimal(self.rate),
            amount=to_decimal(self.amount),
            tier_mode=self.tier_mode,
            tier_measure=self.tier_measure,
            tier_period=self.tier_period,
            tier_boundary=self.plan_id.tier_boundary,
            tiers=tuple(
                facts.Tier(to_decimal(tier.from_value), to_decimal(tier.rate))
                for tier in self.tier_ids.sorted("from_value")
            ),
            target_measure=self.target_measure,
            cap=to_decimal(self.cap) if self.cap else None,
            floor=to_decimal(self.floor) if self.floor else None,
            cap_period=self.cap_period,
            is_bonus=self.is_bonus,
            is_differential=self.is_differential,
            score_period=self.score_period or None,
            score_min=to_decimal(self.score_min) if self.score_min else None,
            score_max=to_decimal(self.score_max) if self.score_max else None,
            holdback_percent=to_decimal(self.holdback_percent),
            holdback_until=self.holdback_until,
            continues=self.previous_id.id or None,
            **self._get_condition_values(),
        )

    def _get_engine_event_type(self):
        """Return the event type as the engine knows it.

        Scores are approved of many targets: a rule pays on those that it looks at.
        """
        if self.event_type != SCORED:
            return self.event_type
        kind = MEASURES[self.tier_measure].target_kind
        return scored_type(self.target_measure, self.tier_period, kind)

    def _get_settled_kinds(self):
        """Return which settled targets these rules pay on.

        :return: set as of ``hr.commission.target._get_kind``
        """
        return {
            (
                rule.target_measure,
                rule.tier_period,
                MEASURES[rule.tier_measure].target_kind,
            )
            for rule in self
        }

    def _get_condition_values(self):
        """Return what the engine asks before the rule pays anything."""
        return dict(
            min_amount=to_decimal(self.min_amount),
            min_quantity=to_decimal(self.min_quantity),
            leaver_days=self.leaver_days if self.is_leaver_limited else None,
            customer_months_from=self.customer_months_from or None,
            customer_months_to=self.customer_months_to or None,
            season_from=self.season_from or None,
            season_to=self.season_to or None,
            once=self.once,
            requires_verification=self.requires_verification,
            is_final=self._is_never_taken_back(),
        )

    def _is_never_taken_back(self):
        """Whether what the rule paid stays, by its own word or the plan's.

        :rtype: bool
        """
        return self.is_final or self.plan_id.clawback_method == "none"


def _without_empty_tiers(vals, tiers=()):
    """Return values without new brackets that nobody filled in.

    A row of zeros is a bracket only where no other begins at zero.

    :param tiers: the brackets that are there
    """
    commands = vals.get("tier_ids")
    if not isinstance(commands, list | tuple) or not all(map(_is_command, commands)):
        return vals  # refused by the guard, or nothing new
    moved = [each for each in commands if each[0] == 1 and "from_value" in each[2]]
    if any(each[0] in (5, 6) for each in commands):
        tiers = ()
    replaced = {each[1] for each in commands if each[0] in (2, 3)}
    replaced |= {each[1] for each in moved}
    starts = [tier.from_value for tier in tiers if tier.id not in replaced]
    starts += [each[2]["from_value"] for each in moved]
    starts += [each[2].get("from_value") for each in commands if each[0] == 0]
    begins_twice = sum(not start for start in starts) > 1
    return {
        **vals,
        "tier_ids": [
            each
            for each in commands
            if not (begins_twice and each[0] == 0 and not any(_filled(each[2])))
        ],
    }


def _is_command(command):
    is_whole = isinstance(command, list | tuple) and len(command) == 3
    return is_whole and (command[0] not in (0, 1) or isinstance(command[2], dict))


def _filled(tier):
    return (tier.get("from_value"), tier.get("rate"))
