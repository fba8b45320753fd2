# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What changed after a plan began, and how sure one can be that it did."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine import effect as engine
from ..pipeline.titles import bracketed, listed
from .hr_commission_effect_figure import FIGURES

#: persons that are shown, those with most marketing leads first
PEOPLE_SHOWN = 30


class HrCommissionEffect(models.Model):
    """Before and after the first day of a plan, with intervals and plain sentences.

    Leads are counted by cohort: those that came or qualified in a period, and what
    became of them by its end, so that both periods had the same time. Where the plan
    was piloted in some branches, the change of the others is taken off.
    """

    _name = "hr.commission.effect"
    _description = "Effect of a Commission Plan"
    _inherit = ["hr.commission.guard"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Looks at this company and the branches below it that are selected.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_id = fields.Many2one("hr.commission.plan")
    date_start = fields.Date(
        string="First Day",
        required=True,
        compute="_compute_date_start",
        store=True,
        readonly=False,
        precompute=True,
        help="From this day on it is after.",
    )
    months = fields.Integer(
        required=True,
        default=3,
        help="How long is looked at after, and as long before.",
    )
    compared = fields.Selection(
        [
            ("before", "The months just before"),
            ("season", "The same months a year earlier"),
        ],
        string="Compared With",
        required=True,
        default="before",
        help="The months that those since the plan's first day are compared with.",
    )
    pilot_ids = fields.Many2many(
        "res.company",
        string="Pilot Branches",
        help="Where the plan was tried: their change is compared with that of the "
        "others. Empty: everywhere, only before and after are compared.",
    )
    figure_ids = fields.One2many(
        "hr.commission.effect.figure", "effect_id", readonly=True
    )
    branch_ids = fields.Many2many(
        "res.company",
        relation="hr_commission_effect_branch_rel",
        string="Branches Computed",
        readonly=True,
        copy=False,
        help="Whose leads the figures count. Who may not select all of them does not see "
        "the figures.",
    )
    date_run = fields.Datetime(string="Computed On", readonly=True, copy=False)
    summary = fields.Html(compute="_compute_summary", sanitize=False)

    _months_in_range = models.Constraint(
        "CHECK (months BETWEEN 1 AND 24)", "Choose 1 to 24 months."
    )

    @api.depends("plan_id")
    def _compute_name(self):
        """Name a report that has no name yet after its plan."""
        for effect in self:
            effect.name = effect.name or effect.plan_id.display_name

    @api.depends("plan_id")
    def _compute_date_start(self):
        """Begin with the plan; without one three months ago, so that there is an after."""
        for effect in self:
            company = effect.company_id or self.env.company
            today = company._commission_local_date()
            effect.date_start = (
                effect.plan_id.date_start
                or effect.date_start
                or today.replace(day=1) - relativedelta(months=3)
            )

    # ------------------------------------------------------------------
    # Computing
    # ------------------------------------------------------------------

    def action_compute(self):
        """Read the figures before and after, and compare them.

        :raises UserError: before the first day has come, or where no pilot branch is
            selected
        """
        self.check_access("write")
        for effect in self:
            if effect.date_start > effect.company_id._commission_local_date():
                raise UserError(
                    self.env._(
                        "The plan begins on %(day)s. Come back when some weeks have "
                        "passed.",
                        day=format_date(self.env, effect.date_start),
                    )
                )
            rows = effect._get_rows()
            effect.sudo().write(  # sudo: results are the system's
                {
                    "figure_ids": [Command.clear(), *map(Command.create, rows)],
                    "branch_ids": [Command.set(effect._get_companies().ids)],
                    "date_run": fields.Datetime.now(),
                }
            )
        return True

    def _get_periods(self):
        """Return (first day, last day) before and after, of the same length.

        :rtype: tuple[tuple[date, date], tuple[date, date]]
        """
        self.ensure_one()
        one_day = timedelta(days=1)
        end = min(
            self.date_start + relativedelta(months=self.months) - one_day,
            self.company_id._commission_local_date(),
        )
        if self.compared == "season":
            year = relativedelta(years=1)
            return (self.date_start - year, end - year), (self.date_start, end)
        length = end - self.date_start
        if end == self.date_start + relativedelta(months=self.months) - one_day:
            start = self.date_start - relativedelta(months=self.months)
        else:
            start = self.date_start - one_day - length
        return (start, self.date_start - one_day), (self.date_start, end)

    def _get_companies(self):
        """Return the company and its branches, as far as the user selected them."""
        return self.company_id._get_commission_branches() | self.company_id

    def _get_rows(self):
        companies = self._get_companies()
        periods = self._get_periods()
        tried_in = set(self.sudo().pilot_ids.ids)  # sudo: those not selected, too
        pilots = companies.filtered(
            lambda company: (
                tried_in & set(map(int, company.parent_path.split("/")[:-1]))
            )
        )
        if tried_in and not pilots:
            raise UserError(
                self.env._(
                    "Select a pilot branch beside your company to see its figures."
                )
            )
        others = companies - pilots if pilots else companies.browse()
        tried = pilots or companies
        rows = self._compare(
            "all",
            "",
            [self._sum_up(period, tried) for period in periods],
            [self._sum_up(period, others) for period in periods] if others else None,
            1,
        )
        rows += self._get_month_rows(periods, tried, others)
        if len(companies) > 1:
            for company in companies:
                measures = [self._sum_up(period, company) for period in periods]
                rows += self._compare(
                    "branch", company.name, measures, None, len(companies)
                )
        rows += self._get_people_rows(periods, tried)
        return rows

    def _get_month_rows(self, periods, tried, others):
        rows = []
        for number in range(self.months):
            months = []
            for start, end in periods:
                first = start + relativedelta(months=number)
                last = first + relativedelta(months=1) - timedelta(days=1)
                months.append((first, min(last, end)))
            if months[1][0] > periods[1][1]:
                break
            rows += self._compare(
                "month",
                fields.Date.to_string(months[1][0])[:7],
                [self._sum_up(month, tried) for month in months],
                [self._sum_up(month, others) for month in months] if others else None,
                self.months,
            )
        return rows

    def _get_people_rows(self, periods, companies):
        by_user = [self._measure(period, companies, "user_id") for period in periods]
        users = sorted(
            (by_user[0].keys() & by_user[1].keys()) - {None},
            key=lambda user_id: (
                -sum(measures[user_id]["qualified"].amount for measures in by_user)
            ),
        )[:PEOPLE_SHOWN]
        rows = []
        for user in self.env["res.users"].browse(users):
            measures = [of_user[user.id] for of_user in by_user]
            name = user.sudo().name  # sudo: people of the reader's branches
            rows += self._compare("person", name, measures, None, len(users))
        return rows

    def _compare(self, group, label, measures, others, groups):
        """Return the rows of one group: every figure before, after and its change.

        :param int groups: how many groups are looked at together
        """
        rows = []
        before, after = measures
        for sequence, (figure, is_share) in enumerate(FIGURES.items()):
            change = engine.change(
                before[figure],
                after[figure],
                (others[0][figure], others[1][figure]) if others else None,
                len(FIGURES) * groups,
            )
            scale = 100 if is_share else 1
            values = [each[figure].value for each in measures]
            rows.append(
                {
                    "group": group,
                    "label": label,
                    "sequence": sequence,
                    "figure": figure,
                    "has_before": values[0] is not None,
                    "has_after": values[1] is not None,
                    "before": float((values[0] or 0) * scale),
                    "after": float((values[1] or 0) * scale),
                    "change": float((change.estimate or 0) * 100),
                    "change_low": float((change.low or 0) * 100),
                    "change_high": float((change.high or 0) * 100),
                    "verdict": change.verdict,
                    "has_others": bool(others),
                }
            )
        return rows

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _sum_up(self, period, companies):
        """Return the measures of all these companies together."""
        return self._measure(period, companies, None)[None]

    def _measure(self, period, companies, group):
        """Return what happened in a period, by group.

        :param group: ``user_id`` for salespeople, None for everything together
        :return: by group a :class:`engine.effect.Share` or ``Total`` for every figure
        """
        self.env["crm.lead"].flush_model()
        self.env["hr.commission.line"].flush_model()
        start, end = period
        values = {
            "start": start,
            "end": end,
            "companies": companies.ids,
            "headquarters": self.company_id in companies,
            "group": SQL.identifier("lead", group) if group else SQL("NULL::int"),
        }
        found = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
        for row in self.env.execute_query_dict(SQL(LEADS, **values)):
            found[row.pop("grouped")] = {
                name: value or 0 for name, value in row.items()
            }
        costs = defaultdict(lambda: (0, 0))
        line_group = SQL.identifier("line", group) if group else SQL("NULL::int")
        for key, amount, squares in self.env.execute_query(
            SQL(LINES, **{**values, "group": line_group})
        ):
            costs[key] = (amount, squares)
        if not group and None not in found:
            found[None] = dict.fromkeys(COUNTS, 0)
        return defaultdict(
            lambda: _figures(dict.fromkeys(COUNTS, 0), (0, 0)),
            {key: _figures(counts, costs[key]) for key, counts in found.items()},
        )

    # ------------------------------------------------------------------
    # In words
    # ------------------------------------------------------------------

    @api.depends("figure_ids")
    @api.depends_context("lang")
    def _compute_summary(self):
        for effect in self:
            figures = effect.figure_ids.filtered(lambda each: each.group == "all")
            effect.summary = bool(figures) and self.env["ir.qweb"]._render(
                "hr_sales_commission.hr_commission_effect_summary",
                {
                    "effect": effect,
                    "figures": figures,
                    "headline": effect._get_headline(figures),
                    "periods": [
                        " – ".join(format_date(self.env, day) for day in period)
                        for period in effect._get_periods()
                    ],
                    "notes": effect._get_notes(),
                },
            )

    def _get_headline(self, figures):
        """Say in one sentence what can be claimed.

        :rtype: str
        """
        labels = dict(
            self.env["hr.commission.effect.figure"]
            ._fields["figure"]
            ._description_selection(self.env)
        )
        sure = [labels[each.figure] for each in figures if each.verdict == "sure"]
        if sure:
            return self.env._(
                "Changed more than chance explains: %(figures)s.",
                figures=listed(self.env, sure),
            )
        verdicts = set(figures.mapped("verdict"))
        if verdicts == {"unknown"}:
            return self.env._(
                "No effect can be claimed: too little happened to compare anything."
            )
        if "hint" in verdicts:
            return self.env._(
                "No effect can be claimed: some figures point to a change, but chance "
                "is not ruled out."
            )
        return self.env._(
            "No effect can be claimed: everything that changed, chance alone explains."
        )

    def _get_notes(self):
        """Return what else may be the cause of what changed, in sentences.

        :rtype: list[str]
        """
        notes = [self._describe_other_plans()]
        figures = self.figure_ids
        has_pilot = self.sudo().pilot_ids  # sudo: those not selected, too
        if has_pilot and not any(figures.mapped("has_others")):
            notes.append(
                self.env._(
                    "No branch is left to compare the pilot with: what changed "
                    "everywhere counts as well."
                )
            )
        people = set(
            figures.filtered(lambda each: each.group == "person").mapped("label")
        )
        if len(people) == 1:
            notes.append(
                self.env._(
                    "All of it is the work of one salesperson, %(name)s: what changed "
                    "may be due to the person.",
                    name=people.pop(),
                )
            )
        return list(filter(None, notes))

    def _describe_other_plans(self):
        """Say which other plans began within the days compared, False if none did.

        :rtype: str | bool
        """
        (first, _last), (_start, end) = self._get_periods()
        within = Domain("date_start", ">", first) & Domain("date_start", "<=", end)
        if self.plan_id:
            within &= Domain("id", "!=", self.plan_id.id)
        else:
            within &= Domain("date_start", "!=", self.date_start)
        within &= Domain("company_id", "in", self.branch_ids.ids)
        plans = self.env["hr.commission.plan"]._search_in_force(within)
        plans = plans.filtered(lambda plan: not plan.is_personal)
        return bool(plans) and self.env._(
            "Other plans began within these days, and may be the cause as well: "
            "%(plans)s.",
            plans=listed(
                self.env,
                (
                    bracketed(
                        self.env,
                        plan.display_name,
                        format_date(self.env, plan.date_start),
                    )
                    for plan in plans.sorted("date_start")
                ),
            ),
        )

    def action_print(self):
        """Print the report."""
        return self.env.ref(
            "hr_sales_commission.hr_commission_effect_report_action"
        ).report_action(self)


COUNTS = (
    *("created_marketing", "created_qualified", "created", "created_won"),
    *("qualified", "qualified_won", "followed", "joint", "revenue", "revenue_squares"),
)

LEADS = """
SELECT %(group)s AS grouped,
       COUNT(*) FILTER (WHERE came.it AND lead.commission_source = 'marketing')
           AS created_marketing,
       COUNT(*) FILTER (WHERE came.it AND lead.commission_source = 'marketing'
                          AND lead.is_qualified AND lead.date_qualified <= %(end)s)
           AS created_qualified,
       COUNT(*) FILTER (WHERE came.it) AS created,
       COUNT(*) FILTER (WHERE came.it AND lead.date_won <= %(end)s) AS created_won,
       COUNT(*) FILTER (WHERE fit.it) AS qualified,
       COUNT(*) FILTER (WHERE fit.it AND lead.date_won <= %(end)s) AS qualified_won,
       COUNT(*) FILTER (WHERE fit.it AND lead.date_first_followup::date <= %(end)s)
           AS followed,
       COUNT(*) FILTER (WHERE won.it AND lead.commission_source = 'marketing'
                          AND lead.date_first_followup IS NOT NULL) AS joint,
       SUM(lead.won_amount::numeric) FILTER (WHERE won.it) AS revenue,
       SUM(lead.won_amount::numeric ^ 2) FILTER (WHERE won.it) AS revenue_squares
  FROM crm_lead lead
 CROSS JOIN LATERAL (
       SELECT lead.first_touch_date BETWEEN %(start)s AND %(end)s AS it) came
 CROSS JOIN LATERAL (
       SELECT lead.commission_source = 'marketing' AND lead.is_qualified
              AND lead.date_qualified BETWEEN %(start)s AND %(end)s AS it) fit
 CROSS JOIN LATERAL (
       SELECT lead.date_won BETWEEN %(start)s AND %(end)s AS it) won
 WHERE (lead.company_id = ANY(%(companies)s)
        OR lead.company_id IS NULL AND %(headquarters)s)
   AND (came.it OR fit.it OR won.it)
 GROUP BY 1
"""

#: what is paid for one deal is one amount: its lines do not vary by themselves
LINES = """
SELECT deal.grouped, SUM(deal.amount), SUM(deal.amount ^ 2)
  FROM (SELECT %(group)s AS grouped, SUM(line.amount) AS amount
          FROM hr_commission_line line
         WHERE line.date BETWEEN %(start)s AND %(end)s AND line.state != 'cancelled'
           AND line.kind NOT IN ('holdback', 'release', 'draw')
           AND line.company_id = ANY(%(companies)s)
         GROUP BY 1, line.lead_id,
               CASE WHEN line.lead_id IS NULL THEN line.event_id END) deal
 GROUP BY 1
"""


def _figures(counts, cost):
    amounts = [Decimal(value or 0) for value in cost]
    return {
        "qualified": engine.Total.of_number(counts["qualified"]),
        "qualified_rate": engine.Share(
            counts["created_qualified"], counts["created_marketing"]
        ),
        "marketing_conversion": engine.Share(
            counts["qualified_won"], counts["qualified"]
        ),
        "followed_rate": engine.Share(counts["followed"], counts["qualified"]),
        "joint_deals": engine.Total.of_number(counts["joint"]),
        "overall_conversion": engine.Share(counts["created_won"], counts["created"]),
        "revenue": engine.Total(
            Decimal(counts["revenue"]), Decimal(counts["revenue_squares"])
        ),
        "cost": engine.Total(*amounts),
    }
