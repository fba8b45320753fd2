# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..pipeline.contract_days import read_ramp
from ..pipeline.reader_numbers import FULL
from ..pipeline.titles import bracketed, phrases
from ..pipeline.words import PAYOUTS, PERIODS

#: how often a period comes in a month: what a cap allows and a draw promises
MONTHS_OF = {"week": 52 / 12, "month": 1, "quarter": 1 / 3, "year": 1 / 12}
#: fields of a plan that may still change while it is active
EDITABLE_WHEN_FROZEN = {"active", "state", "date_end", "message_follower_ids"} | {
    "ended_by_id",
    "former_date_end",
}


class HrCommissionPlan(models.Model):
    """How commissions are earned in a company and its branches, from a day on."""

    _name = "hr.commission.plan"
    _description = "Commission Plan"
    _inherit = ["hr.commission.guard", "mail.thread", "mail.activity.mixin"]
    _order = "company_id, date_start desc, id desc"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(
        translate=True, help="Whom the plan is for and what it pays, in plain words."
    )
    active = fields.Boolean(default=True)
    is_template = fields.Boolean(
        readonly=True, copy=False, help="A ready-made plan to start from."
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="The plan holds for this company and for every branch below it that has "
        "no plan of its own in force.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(
        required=True,
        tracking=True,
        default=lambda self: self.env.company._commission_local_date().replace(day=1),
        help="First day whose events this plan pays.",
    )
    date_end = fields.Date(
        tracking=True, help="Last day whose events this plan pays. Empty: open end."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Put in force"), ("closed", "Ended")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        help="A draft may be changed. A plan put in force pays for its days and is "
        "frozen; one that has ended paid for them.",
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    draft_note = fields.Char(
        string="What It Tries",
        copy=False,
        help="What this draft changes. It is a part of the name of the plan while the "
        "plan is a draft, so that several drafts can be told apart.",
    )
    previous_id = fields.Many2one(
        "hr.commission.plan",
        string="Previous Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    next_ids = fields.One2many(
        "hr.commission.plan", "previous_id", string="Next Versions"
    )
    rule_ids = fields.One2many("hr.commission.rule", "plan_id", copy=True)
    rule_count = fields.Integer(compute="_compute_rule_count")
    line_count = fields.Integer(compute="_compute_line_count")
    qualification_domain = fields.Char(
        string="Qualified Lead",
        default=lambda self: self._default_qualification_domain(),
        help="A lead is qualified from the moment it first meets this condition.",
    )
    protection_days = fields.Integer(
        default=90,
        help="An own customer counts as proven only if nobody else touched the same "
        "customer during this many days before.",
    )
    own_verification = fields.Selection(
        [
            ("proof", "By proof"),
            ("manual", "By hand only"),
            ("unopposed", "When nothing speaks against it"),
        ],
        required=True,
        default="proof",
        string="Own Customers Are Verified",
        help="By proof: once the system itself saw the customer, by their mail, a meeting "
        "they were invited to, a timed call, or what they signed with the same "
        "salesperson before.",
    )
    claims_qualify = fields.Boolean(
        string="Typed Leads Qualify",
        help="A lead that a marketer typed, and that nobody else has met, qualifies by "
        "itself. Otherwise it waits until the customer was seen or the source verified.",
    )
    attribution = fields.Selection(
        [
            ("first", "First touch"),
            ("last", "Last touch"),
            ("linear", "Linear"),
            ("position", "Position based (40/20/40)"),
            ("w", "W (30/5/30/5/30)"),
            ("decay", "Time decay"),
        ],
        required=True,
        default="first",
        help="How marketing's part of a deal is shared between the marketers who "
        "touched the customer. W: 30 % each to the first contact, to the one that opened "
        "the opportunity and to the last, the rest between the others.",
    )
    attribution_half_life = fields.Integer(
        string="Half-Life (Days)",
        default=7,
        help="Under time decay a contact weighs half as much for every so many days "
        "it is older.",
    )
    tier_boundary = fields.Selection(
        [("lower", "Lower bracket"), ("upper", "Upper bracket")],
        required=True,
        default="lower",
        string="Value on a Bound",
        help="The bracket a value belongs to that lies exactly on a bound.",
    )
    clawback_days = fields.Integer(
        help="A deal lost within this many days is clawed back. 0: without limit."
    )
    clawback_months = fields.Integer(
        help="A deal lost within this many calendar months is clawed back, in the place "
        "of the days; in proportion, every whole month that has passed is kept. 0: by "
        "days."
    )
    clawback_schedule = fields.Char(
        string="Taken Back by Month (%)",
        help="Percentages that are taken back of a deal lost in its first month, its "
        "second month and so on, as 100, 75, 50, 25; after them it is kept. In the place "
        "of the days and months.",
    )
    clawback_method = fields.Selection(
        [
            ("recompute", "Recompute without the deal"),
            ("reverse", "Take back what the deal earned"),
            ("prorata", "In proportion to the time left"),
            ("none", "Nothing is taken back"),
        ],
        required=True,
        default="recompute",
        help="How the commission of a deal that is lost again is taken back. Nothing: "
        "not for refunds either; what was earned is kept.",
    )
    cap = fields.Monetary(
        help="Most a person is paid per period over all rules of the plan. 0: no cap."
    )
    cap_excess = fields.Selection(
        [("lapse", "Lapses"), ("carry", "Is carried to the next months")],
        required=True,
        default="lapse",
        string="Above the Cap",
        help="What becomes of what is earned above the cap. Carried: later months pay "
        "it as far as their month, quarter or year stays below the cap, and the last "
        "statement of somebody who leaves pays the rest. Of a weekly cap a month pays a "
        "seventh for each of its days.",
    )
    floor = fields.Monetary(
        help="Least a person is paid per period over all rules, once anything was "
        "earned. 0: no floor."
    )
    threshold = fields.Monetary(
        help="A person who earned less in the period is paid nothing for it. 0: no "
        "threshold."
    )
    cap_period = fields.Selection(
        PERIODS,
        required=True,
        default="month",
        string="Limits Per",
        help="The period that cap, floor and threshold of the plan are for.",
    )
    payout = fields.Selection(
        PAYOUTS,
        required=True,
        default="month_end",
        help="When an earned commission is due, unless its rule says otherwise.",
    )
    payout_days = fields.Integer(
        string="Payout After (Days)",
        help="Days, or months, until it is due, counted as the payout terms say.",
    )
    payout_minimum = fields.Monetary(
        string="Paid From",
        help="A month that comes to less is not paid: it is carried to the next ones, "
        "and the last statement of somebody who leaves pays it. Draw and guaranteed "
        "minimum are paid all the same. 0: any amount.",
    )
    draw_amount = fields.Monetary(
        string="Draw",
        help="Least that a month pays, as an advance on later commissions.",
    )
    draw_period = fields.Selection(
        [("month", "Month"), ("week", "Week")],
        required=True,
        default="month",
        string="Draw Per",
        help="Of a weekly draw a month pays a seventh for each of its days.",
    )
    draw_prorata = fields.Boolean(
        string="By Days of the Contract",
        default=True,
        help="Who joins or leaves within a month is advanced, and guaranteed, the part of "
        "the month that the contract covers.",
    )
    draw_working_days = fields.Boolean(
        string="Count Working Days Only",
        help="Days are the working days of the company's calendar. Off: calendar days.",
    )
    draw_recovery_max = fields.Monetary(
        string="Recovered at Most",
        help="Most that one month gives back of earlier advances; the rest is carried "
        "on. 0: whatever it earned.",
    )
    draw_ramp = fields.Char(
        string="Draw by Month",
        help="Percentages of the draw in the first months of a contract, as 100, 75, 50, "
        "25; after them there is no draw. Empty: always the whole draw.",
    )
    is_draw_recoverable = fields.Boolean(
        string="Draw Is Recovered",
        default=True,
        help="What a month pays above what it earned is taken from later months.",
    )
    leaver_debt = fields.Selection(
        [
            ("all", "Stays owed"),
            ("last", "Is taken from the last month, the rest lapses"),
            ("lapse", "Lapses"),
        ],
        required=True,
        default="all",
        string="Owed on Leaving",
        help="What becomes of advances and clawbacks that somebody who leaves still owes. "
        "Stays owed: whatever is earned later pays it.",
    )
    guaranteed_minimum = fields.Monetary(
        help="A month pays at least this; a deduction leaves it untouched."
    )

    _half_life_positive = models.Constraint(
        "CHECK (attribution_half_life > 0)",
        "The half-life is at least one day.",
    )
    _company_set = models.Constraint(
        "CHECK (company_id IS NOT NULL OR is_template)",
        "A plan belongs to a company.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A plan cannot end before it starts.",
    )
    _days_not_negative = models.Constraint(
        "CHECK (protection_days >= 0 AND clawback_days >= 0 AND payout_days >= 0"
        " AND clawback_months >= 0)",
        "Days cannot be negative.",
    )
    _cap_not_below_floor = models.Constraint(
        "CHECK (cap >= 0 AND floor >= 0 AND threshold >= 0"
        " AND (cap = 0 OR (cap >= floor AND cap >= threshold)))",
        "The cap of a plan cannot be below its floor or threshold.",
    )
    _carry_by_period = models.Constraint(
        "CHECK (cap_excess = 'lapse' OR cap = 0 OR cap_period != 'event')",
        "Only what is above the cap of a week, month, quarter or year is carried.",
    )
    _draw_not_negative = models.Constraint(
        "CHECK (draw_amount >= 0 AND guaranteed_minimum >= 0"
        " AND draw_recovery_max >= 0 AND payout_minimum >= 0)",
        "Draw, guaranteed minimum and least payment cannot be negative.",
    )

    @api.model
    def _default_qualification_domain(self):
        return (
            "[('need_description', '!=', False),"
            " ('touchpoint_ids.kind', 'in', ['web_form', 'demo'])]"
        )

    # ------------------------------------------------------------------
    # Constraints and computes
    # ------------------------------------------------------------------

    @api.constrains("qualification_domain")
    def _check_qualification_domain(self):
        for plan in self:
            self.env["hr.commission.condition"]._check(plan.qualification_domain)

    @api.constrains(
        "cap",
        "cap_excess",
        "cap_period",
        "draw_amount",
        "draw_period",
        "guaranteed_minimum",
    )
    def _check_carried_cap(self):
        """A cap that carries limits payments: it leaves room for what is promised."""
        for plan in self:
            most = plan._get_carried_cap()
            draw = plan.draw_amount * MONTHS_OF[plan.draw_period]
            promised = max(draw, plan.guaranteed_minimum)
            if most is not None and plan.cap * MONTHS_OF[plan.cap_period] < promised:
                raise ValidationError(
                    self.env._(
                        "The cap of “%(plan)s” carries what is above it, and is below "
                        "the draw or the guaranteed minimum. Raise the cap, or let it "
                        "lapse.",
                        plan=plan.display_name,
                    )
                )

    @api.constrains("clawback_schedule")
    def _check_clawback_schedule(self):
        for plan in self:
            if any(percent > FULL for percent in plan._get_clawback_schedule()):
                raise ValidationError(
                    self.env._(
                        "“%(plan)s” takes back more than it paid: no month is above "
                        "100 %%.",
                        plan=plan.display_name,
                    )
                )

    def _get_clawback_schedule(self):
        """Return the percentages that are taken back, by month since the deal.

        :rtype: list[Decimal]
        :raises ValidationError: naming what cannot be read
        """
        self.ensure_one()
        return read_ramp(self.env, self.clawback_schedule)

    @api.constrains("draw_ramp")
    def _check_draw_ramp(self):
        for plan in self:
            plan._get_draw_ramp()

    def _get_draw_ramp(self):
        """Return the percentages of the draw by month of the contract.

        :rtype: list[Decimal]
        :raises ValidationError: naming what cannot be read
        """
        self.ensure_one()
        return read_ramp(self.env, self.draw_ramp)

    @api.constrains("state", "company_id", "date_start", "date_end", "active")
    def _check_no_overlap(self):
        """Two plans of one company never hold on the same day."""
        plans = self._search_in_force(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("is_personal", "=", False)
        ).sorted(lambda plan: (plan.company_id.id, plan.date_start, plan.id))
        for earlier, later in pairwise(plans):
            if earlier.company_id != later.company_id:
                continue
            if not earlier.date_end or earlier.date_end >= later.date_start:
                raise ValidationError(
                    self.env._(
                        "The plans “%(first)s” and “%(second)s” both hold on "
                        "%(day)s. End the first one the day before.",
                        first=earlier.display_name,
                        second=later.display_name,
                        day=fields.Date.to_string(later.date_start),
                    )
                )

    @api.constrains("state", "active")
    def _check_not_archived(self):
        """What is archived is not seen, so it must not pay."""
        for plan in self:
            if plan.state == "active" and not plan.active:
                raise ValidationError(
                    self.env._(
                        "“%(plan)s” is in force and pays. End it before you archive "
                        "it, or restore it before you activate it.",
                        plan=plan.display_name,
                    )
                )

    is_personal = fields.Boolean(
        string="For Chosen Employees",
        help="The plan holds only for the employees whose record names it.",
    )

    version_ids = fields.One2many(
        "hr.version",
        "commission_plan_id",
        string="Chosen Employees",
        groups="hr.group_hr_user",
        help="The dated employee records that name this plan.",
    )

    @api.depends("rule_ids")
    def _compute_rule_count(self):
        for plan in self:
            plan.rule_count = len(plan.rule_ids)

    @api.depends("rule_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["hr.commission.line"]._read_group(
                [("rule_id", "in", self.rule_ids.ids)], ["rule_id"], ["__count"]
            )
        )
        for plan in self:
            plan.line_count = sum(counts.get(rule, 0) for rule in plan.rule_ids)

    @api.depends("name", "version", "state", "draft_note")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            marks = [f"v{plan.version}"] if plan.version > 1 else []
            if plan.state == "draft" and plan.draft_note:
                marks.append(plan._describe_draft())
            plan.display_name = (
                bracketed(self.env, plan.name, phrases(self.env, marks))
                if marks
                else plan.name
            )

    def _describe_draft(self):
        """Return since when a draft is there, and what it tries."""
        return self.env._(
            "draft of %(day)s: %(change)s",
            day=format_date(self.env, self.create_date or fields.Date.today()),
            change=self.draft_note,
        )

    # ------------------------------------------------------------------
    # CRUD: an active plan is frozen
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        states = [vals.pop("state", "draft") for vals in vals_list]
        plans = super().create(vals_list)  # as drafts: their rules come with them
        for plan, state in zip(plans, states, strict=True):
            if state != "draft":
                plan.state = state
        self.env.registry.clear_cache()
        return plans

    def write(self, vals):
        if set(vals) - EDITABLE_WHEN_FROZEN:
            self._check_editable()
        if "company_id" in vals and any(
            plan.company_id.id != vals["company_id"] for plan in self
        ):
            raise UserError(
                self.env._(
                    "A plan stays with its company. Duplicate it for another one."
                )
            )
        if "state" in vals:
            self._check_state_change(vals["state"])
        before = {plan: (plan.state, plan.date_end) for plan in self}
        result = super().write(vals)
        self.env.registry.clear_cache()
        if not vals.keys().isdisjoint(("state", "date_end", "active")):
            for plan, (state, date_end) in before.items():
                if "active" in vals or (plan.state != state == "draft"):
                    plan._reprocess_events(plan.date_start)
                elif plan.date_end != date_end:
                    last = min(filter(None, (plan.date_end, date_end)))
                    plan._reprocess_events(last + timedelta(days=1))
        return result

    def _check_state_change(self, state):
        """A plan in force becomes a draft by being taken back only."""
        if state == "draft" and any(plan.state != "draft" for plan in self):
            raise UserError(
                self.env._(
                    "A plan that was in force stays on record. Use Change to make "
                    "its next version."
                )
            )

    def _withdraw(self):  # pylint: disable=missing-return
        """Make plans in force drafts again; whoever asks saw that none has begun."""
        # pylint: disable-next=super-method-mismatch
        super().write({"state": "draft"})  # past the checks of one who writes the state
        self.env.registry.clear_cache()

    def _check_editable(self):
        """Refuse to change plans that are in force.

        :raises UserError: for an active or closed plan
        """
        frozen = self.filtered(lambda plan: plan.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "“%(plan)s” is in force and cannot be edited. Use Change to make "
                    "its next version from a day on.",
                    plan=frozen[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        if any(plan.state != "draft" for plan in self):
            raise UserError(
                self.env._("A plan that was in force stays on record. Archive it.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_give_last_days_back(self):
        """What ended for a draft that is not to be goes on."""
        for plan in self.filtered("date_start"):
            plan._give_last_days_back()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for plan, vals in zip(self, vals_list, strict=True):
            vals.setdefault("name", plan.name)
            is_named = default and "name" in default
            if not (is_named or self.env.context.get("commission_same_name")):
                vals["name"] = self.env._("%(name)s (copy)", name=plan.name)
        return vals_list

    def _copy_with_name(self, **vals):
        """Return a copy of the same name, in every language."""
        named = self.with_context(commission_same_name=True)
        return named.copy(vals).with_env(self.env)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_activate(self):
        """Put draft plans in force; the version before ends the day before.

        :raises UserError: naming what has to be mended first
        """
        drafts = self.filtered(lambda plan: plan.state == "draft")
        drafts._let_one_at_a_time()
        drafts._check_before_activation()
        drafts._check_not_for_oneself()
        for plan in drafts:
            if plan.previous_id in plan._find_replaced():
                plan.previous_id._end_before(plan)
            plan.state = "active"
        self._end_shadows()
        return True

    def _let_one_at_a_time(self):
        """Have the database say so if somebody else puts plans of a company in force.

        Neither would see that both hold on the same days: Odoo tries the second again.
        """
        companies = self.filtered(lambda plan: not plan.is_personal).company_id
        self.env.cr.execute(
            SQL(
                "UPDATE res_company SET name = name WHERE id = ANY(%s)",
                sorted(companies.ids),
            ),
            log_exceptions=False,
        )

    def _check_not_for_oneself(self):
        """Refuse that somebody puts in force what pays nobody but themselves, by person.

        That is their personal plan, and a rule that names them.

        :raises AccessError: naming the plan
        """
        Person = self.env["hr.commission.person"]
        for plan in self.sudo():  # sudo: whose plan it is
            of_chain = plan.previous_id | plan
            people = plan.rule_ids.employee_ids
            if plan.is_personal:
                people |= of_chain.version_ids.employee_id
            if Person.sudo(self.env.su)._is_own(people):
                raise AccessError(
                    self.env._(
                        "“%(plan)s” names you, or is your own plan. Somebody else puts "
                        "it in force.",
                        plan=plan.display_name,
                    )
                )

    def action_close(self):
        """End active plans today, by the company's clock, or on the end date they have."""
        for plan in self.filtered(lambda plan: plan.state == "active"):
            company = plan.company_id or self.env.company
            last = plan.date_end or company._commission_local_date()
            plan.write({"state": "closed", "date_end": last})
        return True

    def action_change(self):
        """Open a draft of the next version, starting next month.

        A version already scheduled is shown instead: it is the one to change.

        :return: the window action that shows it
        """
        self._ensure_one_given()
        following = self.next_ids.filtered(lambda plan: plan.state == "active")[:1]
        if following:
            return following._get_form_action()
        draft = self.next_ids.filtered(lambda plan: plan.state == "draft")[:1]
        if not draft:
            draft = self._copy_as_next_version()
        return draft._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_view_lines(self):
        """Show the commission lines that these plans pay."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_line_action"
        )
        action["domain"] = [("rule_id.plan_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _reprocess_events(self, since):
        """Have every event from a day on computed again, as far as the plans reach.

        :param date since: first local day that is decided anew
        """
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        for plan in self.filtered(lambda plan: plan.state != "draft"):
            tree = Domain("company_id", "child_of", plan.company_id.root_id.id)
            Event._set_pending(Domain("date", ">=", since) & tree)
            Event._set_credited_pending(Domain("date", ">=", since) & tree)
