# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Made-up volumes under plans, and numbers of a plan that meet a goal."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ..engine import scenario as engine, solve as solving
from ..engine.facts import HUNDRED, ONE, ZERO
from ..engine.rounding import to_decimal
from ..pipeline.reader_numbers import format_number

#: leads times runs times plans that a scenario may take at most, about a minute
MOST_DRAWS = 500_000
#: where break-evens of two plans are looked for, in percent of the conversion
CONVERSIONS = tuple(
    map(
        Decimal,
        (1, 2, 5, 10, 20, 30, 45, 60, 75, 90, 110, 130, 160, 200, 250, 300, 400),
    )
)

#: what the results follow from; and, beside it, what is solved for
PLAYED = {"plan_ids", "months", "marketer_count", "seller_count", "line_ids"}
PLAYED |= {"factor_leads", "factor_conversion", "factor_size", "runs", "seed"}
SOLVED = {"goal", "goal_value", "goal_plan_id", "free_rule_ids"}

#: leads, qualified and won ones by source, average size and its deviation
VOLUMES = """
    SELECT commission_source,
       COUNT(*) FILTER (WHERE first_touch_date BETWEEN %(start)s
                                               AND %(end)s),
       COUNT(*) FILTER (WHERE date_qualified BETWEEN %(start)s
                                             AND %(end)s),
       COUNT(*) FILTER (WHERE date_won BETWEEN %(start)s AND %(end)s),
       COALESCE(AVG(won_amount) FILTER (
           WHERE date_won BETWEEN %(start)s AND %(end)s), 0)::float8,
       COALESCE(STDDEV_SAMP(won_amount) FILTER (
           WHERE date_won BETWEEN %(start)s AND %(end)s), 0)::float8
      FROM crm_lead
     WHERE commission_source IS NOT NULL AND company_id = ANY(%(companies)s)
     GROUP BY commission_source ORDER BY commission_source
"""


class HrCommissionScenario(models.Model):
    """What each role would earn under each plan for volumes that are made up.

    The expected case has no chance in it; random cases from a seed give the spread.
    Conditions on leads, people and branches count as satisfied, own customers as
    verified.
    """

    _name = "hr.commission.scenario"
    _description = "Commission Scenario"
    _inherit = ["hr.commission.guard"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_ids = fields.Many2many(
        "hr.commission.plan",
        string="Plans",
        required=True,
        default=lambda self: self._default_plan_ids(),
    )
    months = fields.Integer(
        required=True, default=3, help="Calendar months that are played."
    )
    marketer_count = fields.Integer(
        string="Marketers", required=True, default=1, help="Share the leads evenly."
    )
    seller_count = fields.Integer(
        string="Salespeople", required=True, default=1, help="Share the deals evenly."
    )
    line_ids = fields.One2many(
        "hr.commission.scenario.line", "scenario_id", string="Volumes", copy=True
    )
    factor_leads = fields.Float(
        string="Leads (%)", default=100, help="Percent of the volumes below."
    )
    factor_conversion = fields.Float(
        string="Conversion (%)", default=100, help="Percent of the conversions below."
    )
    factor_size = fields.Float(
        string="Deal Size (%)", default=100, help="Percent of the sizes below."
    )
    runs = fields.Integer(
        string="Random Cases", default=500, help="How many cases the spread is from."
    )
    seed = fields.Integer(
        default=1, help="The same seed gives the same cases, so plans compare."
    )
    result_ids = fields.One2many(
        "hr.commission.scenario.result", "scenario_id", readonly=True
    )
    amount_signed = fields.Monetary(readonly=True, help="In the expected case.")
    break_even_data = fields.Json(readonly=True)
    break_even = fields.Text(compute="_compute_break_even", string="Break-Even")

    # Solving for a number of a plan
    goal = fields.Selection(
        [
            ("same_cost", "The same cost as another plan"),
            ("budget", "A total cost of"),
            ("cost_ratio", "Cost in percent of sales of"),
            ("equal_lead", "Own and marketing customers equally worthwhile per lead"),
            ("equal_hour", "Own and marketing customers equally worthwhile per hour"),
            ("max_loss", "Nobody loses more than (%)"),
        ],
        default="same_cost",
        help="What the free numbers of the plan are to reach.",
    )
    goal_value = fields.Float(
        string="Value",
        digits=(16, 2),
        help="The cost or percentage that the goal names.",
    )
    goal_plan_id = fields.Many2one(
        "hr.commission.plan", string="Other Plan", help="What is compared with."
    )
    free_rule_ids = fields.Many2many(
        "hr.commission.rule",
        string="Free Numbers",
        help="One or two rules of one plan whose rate, amount or brackets may change. "
        "Two change in proportion.",
    )
    solved_plan_id = fields.Many2one(
        "hr.commission.plan", string="Draft With the Result", readonly=True, copy=False
    )
    solved_cost = fields.Monetary(
        readonly=True,
        copy=False,
        help="What the plan costs with the numbers that were found.",
    )

    _numbers_positive = models.Constraint(
        "CHECK (months BETWEEN 1 AND 36 AND marketer_count >= 0 AND seller_count >= 1"
        " AND runs BETWEEN 0 AND 10000 AND factor_leads >= 0"
        " AND factor_conversion >= 0 AND factor_size >= 0)",
        "A scenario plays 1 to 36 months with at least one salesperson, at most 10,000 "
        "random cases and no negative percentages.",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & PLAYED:
            self._forget_results()
        if vals.keys() & (PLAYED | SOLVED):
            # sudo: results are the system's
            self.sudo().write({"solved_plan_id": False, "solved_cost": 0})
        return result

    def _forget_results(self):
        """Show no results of other volumes or plans than those on the screen."""
        # sudo: results are the system's
        self.sudo().write(
            {
                "result_ids": [Command.clear()],
                "amount_signed": 0,
                "break_even_data": False,
            }
        )

    # ------------------------------------------------------------------
    # Filling in
    # ------------------------------------------------------------------

    def action_prefill(self):
        """Start from the real volumes of the last whole quarter."""
        self.check_access("write")
        for scenario in self:
            scenario._prefill()
        return True

    def _prefill(self):
        today = self.company_id._commission_local_date()
        quarter = fields.Date.start_of(today, "quarter")
        start, end = quarter - relativedelta(months=3), quarter - relativedelta(days=1)
        rows, marketers, sellers = self._read_volumes(start, end)
        self.write(
            {
                "months": 3,
                "marketer_count": max(marketers, 1),
                "seller_count": max(sellers, 1),
                "line_ids": [Command.clear(), *map(Command.create, rows)],
            }
        )

    def _read_volumes(self, start, end):
        """Return volumes by source of some days, and how many people share them."""
        self.env["crm.lead"].flush_model()
        companies = self.company_id._get_commission_branches() | self.company_id
        values = {"start": start, "end": end, "companies": companies.ids}
        found = self.env.execute_query(
            SQL(
                VOLUMES,
                **values,
            )
        )
        rows = []
        for source, leads, qualified, won, size, deviation in found:
            qualified = max(qualified, won)
            leads = max(leads, qualified)
            if leads:
                rows.append(
                    {
                        "commission_source": source,
                        "leads": leads / 3,
                        "qualified_rate": 100 * qualified / leads,
                        "conversion": 100 * won / qualified if qualified else 0,
                        "deal_size": size,
                        "deal_spread": 100 * deviation / size if size else 0,
                    }
                )
        people = dict(
            self.env.execute_query(
                SQL(
                    """SELECT role, COUNT(DISTINCT employee_id)
                         FROM hr_commission_credit
                        WHERE date BETWEEN %(start)s AND %(end)s AND share > 0
                          AND company_id = ANY(%(companies)s)
                        GROUP BY role""",
                    **values,
                )
            )
        )
        return rows, people.get("marketing", 0), people.get("sales", 0)

    def action_article_case(self):
        """Fill in the test of the article: 100 qualified leads of marketing, 50 signed.

        Deals of 10,000; under a plan that pays marketing 100 a lead and 2 %, and sales
        3 % and 1 %, marketing and sales earn 20,000 each.
        """
        self.check_access("write")
        self.write(
            {
                "months": 1,
                "marketer_count": 1,
                "seller_count": 1,
                "factor_leads": 100,
                "factor_conversion": 100,
                "factor_size": 100,
                "line_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "commission_source": "marketing",
                            "leads": 100,
                            "qualified_rate": 100,
                            "conversion": 50,
                            "deal_size": 10000,
                        }
                    ),
                ],
            }
        )
        for scenario in self.filtered(lambda each: not each.plan_ids):
            scenario.plan_ids = scenario._default_plan_ids()
        return self.action_compute()

    @api.model
    def _default_plan_ids(self):
        """Return the plan in force today, else the ready-made reference policy."""
        company = self.company_id or self.env.company
        Plan = self.env["hr.commission.plan"]
        holding = Plan._get_plan(company, company._commission_local_date())
        return Plan.search([("id", "=", holding.id)]) or self.env.ref(
            "hr_sales_commission.hr_commission_plan_template_reference",
            raise_if_not_found=False,
        )

    # ------------------------------------------------------------------
    # Computing
    # ------------------------------------------------------------------

    def action_compute(self):
        """Play the volumes under each plan: expected, spread, break-even.

        :raises UserError: without plans or volumes, or when it would take too long
        """
        self.check_access("write")
        for scenario in self:
            scenario._compute_results()
        return True

    def _compute_results(self):
        case = self._get_case()
        plans = self._get_engine_plans(self.plan_ids)
        leads = sum(volume.leads for volume in case.volumes) * case.months
        if leads * self.runs * len(plans) > MOST_DRAWS:
            raise UserError(
                self.env._(
                    "%(runs)s random cases of %(leads)s leads under %(plans)s plans take "
                    "too long. Choose fewer cases or months.",
                    runs=self.runs,
                    leads=int(leads),
                    plans=len(plans),
                )
            )
        deals = engine.expected_deals(case)
        rows, signed = [], ZERO
        for plan in self.plan_ids:
            paid = engine.pay(deals, plans[plan.id], case.rounding)
            spread = engine.distribution(case, plans[plan.id], self.runs, self.seed)
            signed = paid.signed
            rows += self._get_result_rows(plan, paid, spread)
        self.sudo().write(  # sudo: results are the system's
            {
                "result_ids": [Command.clear(), *map(Command.create, rows)],
                "amount_signed": float(signed),
                "break_even_data": self._find_break_even(case, plans),
            }
        )

    def _get_result_rows(self, plan, paid, spread):
        people = defaultdict(int)
        for role, _person in paid.by_person:
            people[role] += 1
        rows = []
        for sequence, role in enumerate(("marketing", "sales", "manager", "")):
            expected = paid.by_role.get(role, ZERO) if role else paid.total
            values = spread.get(role, [])
            if role and not (people[role] or any(values)):
                continue
            rows.append(
                {
                    "plan_id": plan.id,
                    "sequence": sequence,
                    "role": role or "all",
                    "people_count": people[role] if role else sum(people.values()),
                    "expected": float(expected),
                    **{
                        f"p{percent}": float(engine.percentile(values, percent))
                        for percent in (10, 50, 90)
                    },
                }
            )
        return rows

    def _get_case(self):
        """Return the volumes with the sliders on them.

        :raises UserError: without volumes
        :rtype: engine.scenario.Scenario
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(
                self.env._("Fill in volumes first, for example those of last quarter.")
            )
        factors = [
            to_decimal(self[name])
            for name in ("factor_leads", "factor_conversion", "factor_size")
        ]
        return engine.Scenario(
            volumes=tuple(line._to_engine().scaled(*factors) for line in self.line_ids),
            months=self.months,
            marketers=self.marketer_count,
            sellers=self.seller_count,
            start=self.company_id._commission_local_date().replace(month=1, day=1),
            rounding=to_decimal(self.currency_id.rounding),
        )

    def _get_engine_plans(self, plans):
        """Return plans for the engine, open to everybody, by id.

        :raises UserError: without a plan
        """
        if not plans:
            raise UserError(self.env._("Choose the plans to try."))
        plans.check_access("read")  # also plans whose ids were guessed
        return {plan.id: engine.open_to_all(plan._to_engine()[0]) for plan in plans}

    def _find_break_even(self, case, plans):
        """Return at what percent of the conversion plans cost the same as the first."""
        first, *others = self.plan_ids
        found = []
        for other in others:

            def gap(percent, other=other):
                scaled = replace(
                    case,
                    volumes=tuple(
                        volume.scaled(HUNDRED, percent, HUNDRED)
                        for volume in case.volumes
                    ),
                )
                deals = engine.expected_deals(scaled)
                costs = [
                    engine.pay(deals, plans[plan.id], case.rounding).total
                    for plan in (first, other)
                ]
                return costs[0] - costs[1]

            percents, last = solving.crossings(gap, CONVERSIONS, Decimal("0.01"))
            pair = {"plan_id": other.id, "first_id": first.id}
            found += [{**pair, "percent": float(percent)} for percent in percents]
            if last and not percents:
                found.append({**pair, "is_dearer": last < 0})
        return found

    @api.depends("break_even_data", "plan_ids")
    @api.depends_context("lang")
    def _compute_break_even(self):
        for scenario in self:
            plans = {plan.id: plan.display_name for plan in scenario.plan_ids}
            sentences = []
            for found in scenario.break_even_data or ():
                values = {
                    "plan": plans.get(found["plan_id"]),
                    "first": plans.get(found.get("first_id")),
                }
                if not all(values.values()):
                    continue  # other plans are tried by now
                if "percent" in found:
                    text = self.env._(
                        "“%(plan)s” costs the same as “%(first)s” when the conversions "
                        "are %(percent)s %% of those above.",
                        percent=format_number(self.env, found["percent"], digits=2),
                        **values,
                    )
                elif found["is_dearer"]:
                    text = self.env._(
                        "“%(plan)s” costs more than “%(first)s” at any conversion.",
                        **values,
                    )
                else:
                    text = self.env._(
                        "“%(plan)s” costs no more than “%(first)s” at any conversion.",
                        **values,
                    )
                sentences.append(text)
            scenario.break_even = "\n".join(sentences) or False

    # ------------------------------------------------------------------
    # Solving
    # ------------------------------------------------------------------

    @api.constrains("free_rule_ids")
    def _check_free_rules(self):
        for scenario in self:
            if (
                len(scenario.free_rule_ids.plan_id) > 1
                or len(scenario.free_rule_ids) > 2
            ):
                raise ValidationError(
                    self.env._("Choose one or two rules of one plan as free numbers.")
                )

    def action_solve(self):
        """Find the free numbers that meet the goal, and show them as a draft version.

        :raises UserError: without a free number, or when no number meets the goal
        """
        self._ensure_one_given()
        self.check_access("write")
        self.free_rule_ids.check_access("read")
        if not self.free_rule_ids:
            raise UserError(
                self.env._("Choose one or two rules whose numbers may change.")
            )
        plan = self.free_rule_ids.plan_id
        case = self._get_case()
        function, goal = self._get_goal_function(case)
        solved = self._solve(case, plan, function, goal)
        draft = self._make_draft(plan, solved)
        paid = engine.pay(engine.expected_deals(case), solved, case.rounding)
        self.sudo().write(  # sudo: results are the system's
            {"solved_plan_id": draft.id, "solved_cost": float(paid.total)}
        )
        self._tell_what_was_solved(draft, goal, function(solved))
        return draft._get_form_action()

    def _solve(self, case, plan, function, goal):
        """Return the plan, as the engine knows it, with the numbers that meet the goal.

        :param function: what has to be ``goal``, of a plan of the engine
        :raises UserError: when no number meets the goal, or any does
        :rtype: engine.facts.Plan
        """
        base = self._get_engine_plans(plan)[plan.id]
        numbers_at = _FreeNumbers(
            [rule for rule in base.rules if rule.id in self.free_rule_ids.ids]
        )
        if not numbers_at.can_move:
            raise UserError(
                self.env._(
                    "Both numbers are zero: there is no proportion to keep. Free one of "
                    "them, or enter a number first."
                )
            )

        def plan_at(value):
            return solving.with_number(base, numbers_at(value), case.rounding)

        try:
            number = solving.solve(
                lambda value: function(plan_at(value)),
                goal,
                *numbers_at.bounds,
                numbers_at.step,
                at_least=self.goal == "max_loss",
                unit=numbers_at.unit,
            )
        except solving.NoSolution as error:
            raise UserError(self._get_unsolved_sentence(error, goal)) from error
        return plan_at(number)

    def _get_unsolved_sentence(self, error, goal):
        """Say why no number, or any number, meets the goal."""
        if self.goal == "max_loss" and min(error.lowest, error.highest) > goal:
            return self.env._(
                "Nobody loses so much, whatever the number is: who loses most keeps "
                "%(lowest)s %% even with the lowest one. There is nothing to solve.",
                lowest=format_number(self.env, error.lowest, digits=2),
            )
        return self.env._(
            "No number meets the goal: between the lowest and the highest one "
            "the result goes from %(lowest)s to %(highest)s, and %(goal)s is "
            "wanted. Free another number or change the goal.",
            lowest=format_number(self.env, error.lowest, digits=2),
            highest=format_number(self.env, error.highest, digits=2),
            goal=format_number(self.env, goal, digits=2),
        )

    def _tell_what_was_solved(self, draft, goal, reached):
        """Say on a draft what its numbers were to reach, and what they do."""
        goals = dict(self._fields["goal"]._description_selection(self.env))
        draft.message_post(
            body=self.env._(
                "Solved in the scenario “%(scenario)s”: %(goal)s. Wanted: %(wanted)s. "
                "Reached: %(reached)s, with as few decimals as come so near.",
                scenario=self.name,
                goal=goals[self.goal],
                wanted=format_number(self.env, goal, digits=2),
                reached=format_number(self.env, reached, digits=2),
            )
        )

    def _get_goal_function(self, case):
        """Return what is computed of a plan, and what it has to be."""
        deals = engine.expected_deals(case)

        def cost(plan):
            return engine.pay(deals, plan, case.rounding).total

        value = to_decimal(self.goal_value)
        if self.goal == "budget":
            return cost, value
        if self.goal == "cost_ratio":
            signed = sum((deal.amount or ZERO for deal in deals), ZERO)
            return cost, signed * value / HUNDRED
        if self.goal in ("equal_lead", "equal_hour"):
            per_hour = self.goal == "equal_hour"
            sources = {volume.source for volume in case.volumes}
            if not {"own", "marketing"} <= sources:
                raise UserError(
                    self.env._("Fill in volumes of own and of marketing customers.")
                )
            return (
                lambda plan: (
                    engine.worth_of_lead(case, plan, "marketing", per_hour)
                    - engine.worth_of_lead(case, plan, "own", per_hour)
                ),
                ZERO,
            )
        if not self.goal_plan_id:
            raise UserError(self.env._("Choose the plan to compare with."))
        other = self._get_engine_plans(self.goal_plan_id)[self.goal_plan_id.id]
        before = engine.pay(deals, other, case.rounding)
        if self.goal == "same_cost":
            return cost, before.total
        return self._get_loss_function(case, deals, before), HUNDRED - value

    @staticmethod
    def _get_loss_function(case, deals, before):
        """Return what keeps whoever loses most, in percent of before."""

        def kept(plan):
            after = engine.pay(deals, plan, case.rounding).by_person
            return min(
                (
                    HUNDRED * after.get(person, ZERO) / amount
                    for person, amount in before.by_person.items()
                    if amount
                ),
                default=HUNDRED,
            )

        return kept

    def _make_draft(self, plan, solved):
        """Return a draft of the plan with the numbers that were found.

        :param engine.facts.Plan solved: the plan with these numbers
        """
        draft = plan.with_company(self.company_id)._copy_as_next_version()
        found = {rule.id: rule for rule in solved.rules}
        for rule, copied in plan._pair_rules(draft):
            if rule.id not in self.free_rule_ids.ids:
                continue
            copied = copied.sudo(False)
            if rule.tier_mode != "none":
                tiers = zip(
                    copied.tier_ids.sorted("from_value"),
                    sorted(found[rule.id].tiers, key=lambda tier: tier.from_value),
                    strict=True,
                )
                for copied_tier, tier in tiers:
                    copied_tier.rate = float(tier.rate)
            elif rule.amount_type == "percent":
                copied.rate = float(found[rule.id].rate)
            else:
                copied.amount = float(found[rule.id].amount)
        draft._note_changes(plan)
        return draft


class _FreeNumbers:
    """One or two numbers of a plan as one: two move in proportion."""

    def __init__(self, rules):
        self._rules = rules
        self._is_alone = len(rules) == 1
        first = rules[0]
        is_factor = not self._is_alone or first.tier_mode != "none"
        self.step = solving.FACTOR_STEP if is_factor else solving.RATE_STEP
        self.bounds = solving.bounds_of(first) if self._is_alone else (ZERO, HUNDRED)
        self.can_move = self._is_alone or any(map(solving.number_of, rules))
        self.unit = self._get_unit(is_factor)

    def _get_unit(self, is_factor):
        """Return the first number that a factor multiplies: its product is read."""
        if not is_factor:
            return ONE
        numbers = [
            number
            for rule in self._rules
            for number in (
                [tier.rate for tier in rule.tiers]
                if rule.tier_mode != "none"
                else [solving.number_of(rule)]
            )
        ]
        return next(filter(None, numbers), ONE)

    def __call__(self, value):
        if self._is_alone:
            return {self._rules[0].id: value}
        return {rule.id: solving.number_of(rule) * value for rule in self._rules}
