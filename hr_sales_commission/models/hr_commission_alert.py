# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import logging
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import formatLang

from ..engine.measures import MEASURES
from ..pipeline.isolation import each_isolated, retried
from ..pipeline.key_figures import KEY_FIGURES, describe_figure
from ..pipeline.notices import as_notice, render_notice
from ..pipeline.plan_replay import find_plan_id
from ..pipeline.reader_numbers import format_number, format_percent
from ..pipeline.titles import labelled, sentences
from ..pipeline.words import ALERT_MEASURES
from .hr_commission_board import BoardFilter
from .hr_commission_board_management import CONVERSION_RATES

_logger = logging.getLogger(__name__)

#: ready-made: name, figure, condition, threshold, lever
READY_MADE = (
    ("synergy_rate", "drop", 20, "quality"),
    ("followup_rate", "below", 50, "synergy"),
    ("qualified", "drop", 20, "lead_fee"),
    ("own_share", "above", 70, "sources"),
)
#: people and teams that one alert looks at, at most
MOST_GROUPS = 50
#: a number is raised by at least and at most so much of itself
LEAST_STEP, MOST_STEP = 0.1, 0.5
#: figures that rise with what the plan pays
COSTS = ("commission", "cost_ratio", "cost_per_lead", "cost_per_deal")


@dataclass(frozen=True)
class DealFilter(BoardFilter):
    """The deals of some branches, whoever earned with them wherever."""

    company_ids: tuple = ()
    user_id: int | bool = False

    @property
    def leads(self):
        """The condition on leads, as a domain."""
        return self._of_deal & self._of_branch

    @property
    def credits(self):
        """The condition on credits, as a domain."""
        deal = self._of_deal
        of_deal = Domain.TRUE if deal.is_true() else Domain("lead_id", "any!", deal)
        return Domain("event_id", "any!", self._of_branch & of_deal)

    @property
    def lines(self):
        """The condition on commission lines, as a domain."""
        without_event = Domain("event_id", "=", False) & self._of_branch
        branch = Domain("event_id", "any!", self._of_branch) | without_event
        deal = self._of_deal
        return branch & (
            Domain.TRUE if deal.is_true() else Domain("lead_id", "any!", deal)
        )

    @property
    def _of_branch(self):
        return Domain("company_id", "in", self.company_ids)

    @property
    def _of_deal(self):
        mine = Domain("user_id", "=", self.user_id) if self.user_id else Domain.TRUE
        return super().leads & mine


class HrCommissionAlert(models.Model):
    """A key figure that slips; crossing asks somebody to move a lever, with a number."""

    _name = "hr.commission.alert"
    _description = "Commission Alert"
    _inherit = ["hr.commission.guard", "mail.activity.mixin", "mail.thread"]
    _order = "company_id, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    figure = fields.Selection(
        [
            *((code, figure.choice) for code, figure in KEY_FIGURES.items()),
            *(each for each in ALERT_MEASURES if each[0] not in KEY_FIGURES),
        ],
        required=True,
        default="synergy_rate",
        help="The key figure that is watched.",
    )
    figure_help = fields.Char(
        string="What It Counts",
        compute="_compute_figure_help",
        help="Whether the figure is of what happened, or of the leads of the period.",
    )
    scope = fields.Selection(
        [
            ("company", "The company with its branches"),
            ("branch", "Each branch"),
            ("team", "Each sales team"),
            ("person", "Each salesperson"),
        ],
        string="Of",
        required=True,
        default="company",
        help="Whose deals are watched, each by itself, whoever brought the customers.",
    )
    period_days = fields.Integer(
        string="Days", required=True, default=30, help="Length of a period."
    )
    condition = fields.Selection(
        [
            ("below", "Falls below"),
            ("above", "Rises above"),
            ("drop", "Falls by (%) against the period before"),
            ("trend", "Falls two periods running, by (%) in all"),
        ],
        required=True,
        default="below",
        help="When somebody is told: at a level, after a fall, or after a trend.",
    )
    threshold = fields.Float(
        required=True, help="The value from which on somebody is told."
    )
    least_count = fields.Integer(
        string="Least Number",
        default=1,
        help="Leads or deals that the figure must rest on, now or in the period "
        "before. Fewer never ring, and none never does.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        check_company=True,
        default=lambda self: self.env.user,
        help="Gets an activity when the figure crosses the threshold.",
    )
    lever_kind = fields.Selection(
        [
            ("none", "What is written below"),
            ("quality", "Marketing’s share of won deals"),
            ("synergy", "The synergy bonus"),
            ("lead_fee", "The fee for a qualified lead"),
            ("sources", "The sources of customers"),
        ],
        string="Lever to Move",
        required=True,
        default="none",
        help="What in the plan the suggested draft changes.",
    )
    lever = fields.Char(
        string="Advice",
        required=True,
        translate=True,
        help="What to change then, as the activity will say.",
        default=lambda self: self.env._("Look at the synergy bonus of the plan."),
    )
    value = fields.Float(
        compute="_compute_value", help="In the last period; of several the worst."
    )
    value_text = fields.Char(
        compute="_compute_texts", string="Value with Unit", help="In the last period."
    )
    threshold_text = fields.Char(
        compute="_compute_texts",
        string="Threshold with Unit",
        help="From which on somebody is told.",
    )
    trend = fields.Text(
        compute="_compute_value", help="This period, the one before and the one before."
    )
    is_crossed = fields.Boolean(compute="_compute_value", string="Crossed")
    suggestion = fields.Char(
        compute="_compute_suggestion", help="The number that would answer the alert."
    )

    _days_in_range = models.Constraint(
        "CHECK (period_days BETWEEN 1 AND 366 AND least_count >= 0)",
        "A period has 1 to 366 days, and the least number is not negative.",
    )

    @api.depends(
        *("company_id", "figure", "condition", "threshold", "scope", "period_days"),
        "least_count",
    )
    @api.depends_context("lang")
    def _compute_value(self):
        known = {}
        for alert in self:
            readings = alert._get_worst_readings(known)
            crossed = [each for each in readings if alert._is_crossed_by(each)]
            worst = readings[:1]
            alert.value = worst[0]["values"][0] if worst else 0.0
            alert.is_crossed = bool(crossed)
            alert.trend = (
                "\n".join(map(alert._describe_reading, crossed or worst)) or False
            )

    @api.depends("value", "threshold", "condition", "figure", "currency_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for alert in self:
            alert.value_text = alert._format_figure(alert.value)
            alert.threshold_text = alert._format_threshold()

    @api.depends("figure")
    @api.depends_context("lang")
    def _compute_figure_help(self):
        for alert in self:
            figure = KEY_FIGURES.get(alert.figure)
            alert.figure_help = bool(figure) and describe_figure(self.env, figure)
            if alert.figure in CONVERSION_RATES:
                told = self.env._("Each period is judged on its last day.")
                alert.figure_help = sentences(self.env, (alert.figure_help, told))

    # ------------------------------------------------------------------
    # Reading the figure
    # ------------------------------------------------------------------

    def _get_readings(self, known=None):
        """Return the figure of the last three periods, of each whom it is of.

        :param dict known: what was read for other alerts, which is added to
        :return: ``label``, ``company``, ``employee`` (empty but for people), ``values``
            (now, before, before that) and ``count`` (what the figure rests on now or
            before), the worst first
        :rtype: list[dict]
        """
        self.ensure_one()
        today = self.company_id._commission_local_date()
        periods = []
        for number in range(3):
            end = today - relativedelta(days=number * self.period_days)
            periods.append((end - relativedelta(days=self.period_days - 1), end))
        key_figure = KEY_FIGURES.get(self.figure)
        volume = key_figure.volume if key_figure else "won"
        readings = []
        known = {} if known is None else known
        branches = self._get_branches(known)
        companies = self._get_paying_companies(known)
        for whose, company, chosen in self._get_groups(branches):
            figures = [
                self._read(period, companies, chosen, known) for period in periods
            ]
            readings.append(
                {
                    "label": whose.name,
                    "company": company,
                    "employee": whose if self.scope == "person" else None,
                    "values": [each.get(self.figure, 0.0) for each in figures],
                    "count": max(each.get(volume, 0) for each in figures[:2]),
                }
            )
        sign = -1 if self.condition == "above" else 1
        return sorted(readings, key=lambda each: sign * each["values"][0])

    def _get_worst_readings(self, known=None):
        """Return the readings, first those that cross the threshold.

        :param known: as of :meth:`_get_readings`
        """
        return sorted(
            self._get_readings(known), key=lambda each: not self._is_crossed_by(each)
        )

    def _get_groups(self, branches):
        """Yield (record, company, filter) of all that the figure is looked at of."""
        if self.scope == "branch":
            for branch in branches[:MOST_GROUPS]:
                yield branch, branch, DealFilter(company_ids=(branch.id,))
        elif self.scope == "team":
            teams = self.env["crm.team"].search(
                [("company_id", "in", (False, *branches.ids))], limit=MOST_GROUPS
            )
            for team in teams:
                chosen = DealFilter(team.id, company_ids=branches._ids)
                yield team, self.company_id, chosen
        elif self.scope == "person":
            for seller in self._get_sellers(branches):
                chosen = DealFilter(
                    company_ids=branches._ids, user_id=seller.user_id.id
                )
                yield seller, seller.company_id, chosen
        else:
            chosen = DealFilter(company_ids=branches._ids)
            yield self.company_id, self.company_id, chosen

    def _get_branches(self, known):
        """Return the alert's company and those below whose deals may be told.

        :return: res.company in superuser mode
        """
        company = self.company_id.sudo()  # sudo: who is told and looks are asked singly
        branches = self._find_below(company, known)
        return company | branches.filtered(self._is_readable_branch)

    @staticmethod
    def _find_below(company, known):
        """Return a company with those below it, in the same mode.

        :param known: as of :meth:`_get_readings`
        """
        key = "below", company
        if key not in known:
            known[key] = company.search([("id", "child_of", company.ids)])
        return known[key]

    @staticmethod
    def _get_sellers(branches):
        """Return the salespeople of branches, each user once.

        :return: hr.employee, in superuser mode
        :rtype: list
        """
        sellers = branches.env["hr.employee"].search(
            [
                ("company_id", "in", branches.ids),
                ("user_id", "!=", False),
                ("commission_role", "=", "sales"),
            ]
        )
        of_users = sellers.grouped("user_id").values()
        return [some[0] for some in of_users][:MOST_GROUPS]

    def _is_readable_branch(self, company):
        """Whether who made the alert, who is told and who looks work for a branch.

        The daily job looks with the rights of the system.

        :rtype: bool
        """
        # sudo: where they work, whoever asks
        people = (self.create_uid | self.user_id | self.env.user).sudo()
        return all(
            company in user.company_ids for user in people if user.id != SUPERUSER_ID
        )

    def _get_paying_companies(self, known):
        """Return the companies whose people's credits and pay count.

        A branch's deals count whichever company's people are credited with them; what
        people are paid is told where all work who are told.

        :return: res.company in superuser mode
        """
        own = self.company_id.sudo()  # sudo: how many deals, not whose
        companies = self._find_below(own.root_id, known)
        if self.figure in COSTS:
            return own | companies.filtered(self._is_readable_branch)
        return companies

    def _read(self, period, companies, chosen, known):
        """Return figures by code, with how many of what they rest on."""
        # key figures are read together, conversions have one of their own
        is_alone = self.figure not in KEY_FIGURES or self.figure in CONVERSION_RATES
        key = self.figure if is_alone else None, self.company_id
        key = *key, period, companies, chosen
        if key not in known:
            known[key] = self._read_figures(period, companies, chosen)
        return known[key]

    def _read_figures(self, period, companies, chosen):
        # sudo: who is told and who looks are asked for each branch
        board = self.env["hr.commission.board"].sudo().with_company(self.company_id)
        terms = (*period, companies, chosen)
        if self.figure not in KEY_FIGURES:
            value, count = board._read_measures([self.figure], *terms)[self.figure]
            return {self.figure: value, "won": count}
        figures = board._get_figures(*terms)
        if self.figure in CONVERSION_RATES:
            figures[self.figure] = board._get_rate_by_end(self.figure, *terms)
        return figures

    def _is_crossed_by(self, reading):
        if reading["count"] < max(self.least_count, 1):
            return False
        now, before, earlier = reading["values"]
        if self.condition == "below":
            return now < self.threshold
        if self.condition == "above":
            return now > self.threshold
        if self.condition == "trend" and not now < before < earlier:
            return False
        fall = self._get_fall(reading)
        return fall is not None and fall >= self.threshold

    def _get_fall(self, reading):
        """Return by how many percent the figure fell, None where nothing was before."""
        now, before, earlier = reading["values"]
        start = earlier if self.condition == "trend" else before
        return 100.0 * (start - now) / start if start else None

    def _format_figure(self, value):
        """Return a value of the figure with its unit, as the reader writes it."""
        known = KEY_FIGURES.get(self.figure) or MEASURES[self.figure]
        if known.unit == "money":
            return formatLang(self.env, value, currency_obj=self.currency_id)
        if known.unit == "percent":
            return format_percent(self.env, value, digits=2)
        number = format_number(self.env, value, digits=2)
        if known.unit == "days":
            return self.env._("%(number)s days", number=number)
        return number

    def _format_threshold(self):
        """Return the threshold with its unit; of a fall that is percent."""
        if self.condition in ("drop", "trend"):
            return format_percent(self.env, self.threshold, digits=2)
        return self._format_figure(self.threshold)

    def _describe_threshold(self):
        text = self._format_threshold()
        if self.condition not in ("drop", "trend"):
            return text
        return self.env._("a fall of %(percent)s", percent=text)

    def _describe_reading(self, reading):
        now, before, earlier = map(self._format_figure, reading["values"])
        return self.env._(
            "%(whose)s: %(now)s, before %(before)s, before that %(earlier)s",
            whose=reading["label"],
            now=now,
            before=before,
            earlier=earlier,
        )

    # ------------------------------------------------------------------
    # The lever
    # ------------------------------------------------------------------

    @api.depends("lever_kind", "company_id", "value", "threshold", "is_crossed")
    @api.depends_context("lang")
    def _compute_suggestion(self):
        for alert in self:
            rule = alert._find_lever_rule()
            if not rule:
                alert.suggestion = False
                continue
            old, new = alert._get_number(rule), alert._get_suggested_number(rule)
            values = {
                "rule": rule.name,
                "old": alert._format_number(rule, old),
                "new": alert._format_number(rule, new),
            }
            alert.suggestion = (
                self.env._("Lower “%(rule)s” from %(old)s to %(new)s.", **values)
                if new < old
                else self.env._("Raise “%(rule)s” from %(old)s to %(new)s.", **values)
            )

    def _find_lever_rule(self):
        """Return the rule of the plan in force that the lever moves, if it has one.

        :return: hr.commission.rule in superuser mode: it may be the parent company's
        """
        self.ensure_one()
        asked = {
            "quality": lambda rule: (
                rule.role == "marketing"
                and rule.amount_type == "percent"
                and rule.event_type != "lead_qualified"
            ),
            "synergy": lambda rule: rule.is_bonus and rule.role == "sales",
            "lead_fee": lambda rule: (
                rule.event_type == "lead_qualified" and rule.amount_type == "fixed"
            ),
        }.get(self.lever_kind)
        if asked is None:
            return self.env["hr.commission.rule"]
        rules = self._find_plan().rule_ids
        return rules.filtered(lambda rule: rule.tier_mode == "none" and asked(rule))[:1]

    def _find_plan(self):
        """Return the plan in force that pays whom the figure is of.

        Of several branches or people that of the worst: they may have one of their own.

        :return: hr.commission.plan in superuser mode
        """
        today = self.company_id._commission_local_date()
        company, wanted_id = self.company_id, None
        if self.scope in ("branch", "person"):
            for worst in self._get_worst_readings()[:1]:
                company, employee = worst["company"], worst["employee"]
                if employee:
                    # sudo: personal plans are for HR
                    versions = self.env["hr.version"].sudo()
                    find = versions._get_commission_plans(employee)
                    wanted_id = find(employee.id, today)
        # sudo: the plan that holds may be the parent company's
        Plan = self.env["hr.commission.plan"].sudo()
        calendar = Plan._get_calendar()
        return Plan.browse(find_plan_id(calendar, None, wanted_id, company.id, today))

    @staticmethod
    def _get_number(rule):
        return rule.rate if rule.amount_type == "percent" else rule.amount

    def _get_suggested_number(self, rule):
        """Return the number raised by what the figure fell short, within bounds.

        Costs that rise above a threshold ask for a lower one.
        """
        wanted = self.threshold
        if self.condition in ("drop", "trend"):
            falls = (self._get_fall(each) for each in self._get_worst_readings()[:1])
            short = next(falls, None) or 0.0
        else:
            short = 100.0 * abs(wanted - self.value) / wanted if wanted else 0.0
        step = min(max(short / 100.0, LEAST_STEP), MOST_STEP)
        if self.condition == "above" and self.figure in COSTS:
            step = -step
        number = self._get_number(rule)
        places = range(2 if rule.amount_type == "percent" else 0, 7)
        found = (round(number * (1 + step), digits) for digits in places)
        return next((each for each in found if each != number), number)

    def _format_number(self, rule, number):
        if rule.amount_type == "percent":
            return format_percent(self.env, number)
        return formatLang(self.env, number, currency_obj=rule.currency_id)

    def action_open_suggestion(self):
        """Make a draft version with the suggested number, and simulate it.

        :raises UserError: when the plan in force has no such rule
        :return: the window action that shows the simulation
        """
        self._ensure_one_given()
        self.check_access("write")
        rule = self._find_lever_rule()
        if not rule:
            raise UserError(
                self.env._(
                    "The plan in force has no plain rule for this lever. Open the plan "
                    "and change it there."
                )
            )
        number = self._get_suggested_number(rule)
        plan = rule.plan_id.sudo(False)
        draft = plan._copy_as_next_version()
        copied = dict(plan._pair_rules(draft))[rule].sudo(False)
        copied["rate" if rule.amount_type == "percent" else "amount"] = number
        draft._note_changes(plan)
        today = self.company_id._commission_local_date()
        simulation = self.env["hr.commission.simulation"].create(
            {
                "name": labelled(self.env, self.name, self.suggestion),
                "company_id": self.company_id.id,
                "date_from": today - relativedelta(months=3),
                "date_to": today,
                "plan_ids": [Command.set(draft.ids)],
            }
        )
        simulation.action_run()
        return {
            "type": "ir.actions.act_window",
            "res_model": simulation._name,
            "res_id": simulation.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # Ready-made, and the daily look
    # ------------------------------------------------------------------

    def action_create_ready_made(self):
        """Add the alerts of the usual levers to the current company, once.

        :return: the window action that lists the alerts
        """
        self.check_access("create")
        company = self.env.company
        known = set(
            self.with_context(active_test=False)
            .search([("company_id", "=", company.id)])
            .mapped("figure")
        )
        english = self.with_context(lang="en_US")
        texts = english._get_ready_made_texts()
        created = english.create(
            [
                {
                    "name": texts[figure],
                    "company_id": company.id,
                    "figure": figure,
                    "condition": condition,
                    "threshold": threshold,
                    "lever_kind": kind,
                    "lever": texts[kind],
                    "least_count": 10,
                }
                for figure, condition, threshold, kind in READY_MADE
                if figure not in known
            ]
        )
        for lang, _name in self.env["res.lang"].get_installed():
            created._translate_ready_made(lang)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_alert_action"
        )

    @api.model
    def _get_ready_made_texts(self):
        """Return the names and advice of the usual alerts, by figure and lever."""
        labels = dict(self._fields["figure"]._description_selection(self.env))
        return {
            **{figure: labels[figure] for figure, *_others in READY_MADE},
            "quality": self.env._("Raise marketing’s share of won deals."),
            "synergy": self.env._("Raise the synergy bonus for sales."),
            "lead_fee": self.env._("Raise what marketing earns per qualified lead."),
            "sources": self.env._("Look at how the sources of customers are verified."),
        }

    def _translate_ready_made(self, lang):
        """Give the texts that are still the usual ones their translation.

        :param str lang: code of an installed language
        """
        spoken = self.with_context(lang=lang)
        words = spoken._get_ready_made_texts()
        usual = self.with_context(lang="en_US")._get_ready_made_texts()
        found = {text: words[key] for key, text in usual.items()}
        for alert in spoken:
            for name in ("name", "lever"):
                if alert[name] in found:
                    alert[name] = found[alert[name]]

    @api.model
    @retried
    def _cron_check(self):
        """Ask the responsible of every crossed alert, once until it is dealt with."""
        alerts = self.search([("active", "=", True)])
        each_isolated(
            alerts,
            _logger,
            "Checking",
            # none is computed along with one that fails
            lambda some: some.with_prefetch()._ask_responsible(),
        )

    def _ask_responsible(self):
        """Ask the responsible, once until it is dealt with."""
        for alert in self.filtered("is_crossed"):
            if not alert.activity_ids:
                alert = alert.with_context(lang=alert.user_id.lang)
                labels = dict(alert._fields["figure"]._description_selection(alert.env))
                notice = render_notice(
                    alert,
                    "mail_template_alert",
                    figure=labels[alert.figure],
                    value=alert.value_text,
                    threshold=alert._describe_threshold(),
                )
                as_notice(alert).activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=alert.user_id.id,
                    summary=notice["subject"],
                    note=notice["body"],
                )
