# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What an open lead would pay its reader; the forecast itself is the pipeline's."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_list, formatLang

from ..engine.measures import measure_of
from ..pipeline.readable_lines import ReadableLines
from ..pipeline.reader_numbers import format_number
from ..pipeline.titles import labelled, listed, sentences
from ..pipeline.win_forecast import WinForecast

#: what an estimate is computed from
ESTIMATE_FACTS = (
    "expected_revenue",
    "user_id",
    "team_id",
    "company_id",
    "marketer_id",
    "commission_source",
    "source_state",
    "won_status",
    "commission_share_ids.employee_id",
    "commission_share_ids.role",
    "commission_share_ids.percent",
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    commission_estimate = fields.Monetary(
        string="My Commission if Won",
        currency_field="company_currency",
        compute="_compute_commission_estimate",
        help="What you earn if this is won today at its expected revenue, by the rules "
        "in force and with what you sold in the period so far.",
    )
    commission_estimate_note = fields.Html(
        string="If Won at This Amount",
        compute="_compute_commission_estimate_note",
        sanitize=False,
        help="What winning this deal today at this amount would pay, rule by rule.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends(*ESTIMATE_FACTS)
    def _compute_commission_estimate(self):
        """Estimate all leads at once, each as if it alone were won today."""
        forecast = self._forecast_wins()
        pays = forecast.get_pays() if forecast else {}
        for lead in self:
            lead.commission_estimate = lead._sum_estimates(
                pay for pay in pays.get(lead.id, ()) if pay.user_id == self.env.uid
            )

    @api.depends_context("uid", "allowed_company_ids", "lang")
    @api.depends(*ESTIMATE_FACTS)
    def _compute_commission_estimate_note(self):
        forecast = self._forecast_wins()
        pays = forecast.get_pays() if forecast else {}
        names = self._get_names_of_others(pays.values())
        for lead in self:
            lead.commission_estimate_note = self._render_estimate(
                forecast, pays.get(lead.id, ()), names
            )

    # ------------------------------------------------------------------
    # Cards
    # ------------------------------------------------------------------

    @api.readonly
    def get_commission_estimates(self):
        """Return what winning these leads today would pay, for cards of a pipeline.

        The number of statements does not depend on the number of leads. Leads that the
        user may not read, closed ones and those without an amount are left out, and so
        is what the user could not read as a commission.

        :return: by the id of the lead as text: ``mine`` (an amount, empty without one),
            ``is_held`` (it waits until the source is verified), ``others`` (a list of
            names with amounts) and ``hints`` at the user's next tiers (a list)
        :rtype: dict[str, dict]
        """
        if not self._may_read_estimates():
            return {}
        leads = self.with_context(active_test=False).search_fetch(
            [
                ("id", "in", self.ids),
                ("won_status", "=", "pending"),
                ("expected_revenue", "!=", 0),
            ],
            [name for name in ESTIMATE_FACTS if "." not in name],
        )
        if not leads:
            return {}
        forecast = WinForecast(self.env, leads)
        pays = forecast.get_pays()
        names = self._get_names_of_others(pays.values())
        cards = {
            lead_id: self._prepare_card(forecast, people, names)
            for lead_id, people in pays.items()
        }
        return {str(lead_id): card for lead_id, card in cards.items() if card}

    @api.model
    def _prepare_card(self, forecast, people, names):
        """Return what a card says, None if it has nothing to say."""
        mine = [pay for pay in people if pay.user_id == self.env.uid and pay.amount]
        others = [pay for pay in people if pay.user_id != self.env.uid and pay.amount]
        if not mine and not others:
            return None
        return {
            "mine": " + ".join(self._format_pay(pay) for pay in mine),
            "is_held": any(pay.held for pay in mine),
            "others": [
                f"{names[pay.employee_id]} {self._format_pay(pay)}" for pay in others
            ],
            "hints": self._describe_next_tiers(forecast, mine),
        }

    # ------------------------------------------------------------------
    # Estimate
    # ------------------------------------------------------------------

    def _forecast_wins(self):
        """Return what winning these leads would pay, None if nobody is to know.

        :rtype: WinForecast
        """
        leads = self.filtered(
            lambda lead: lead.won_status == "pending" and lead.expected_revenue
        )
        if not leads or not self._may_read_estimates():
            return None
        return WinForecast(self.env, leads)

    @api.model
    def _may_read_estimates(self):
        """Whether there can be a commission that the user may read.

        Others' by the record rules; otherwise the user has to be an employee.
        """
        if ReadableLines(self.env).sees_others:
            return True
        self.env["hr.employee"].flush_model(["user_id"])
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM hr_employee WHERE user_id = %s LIMIT 1", self.env.uid
                )
            )
        )

    def _sum_estimates(self, pays):
        """Return what these amounts sum to in the currency of the lead."""
        self.ensure_one()
        total = 0.0
        for pay in pays:
            company = self.env["res.company"].browse(pay.company_id)
            total += pay.currency._convert(
                float(pay.amount), self.company_currency, company
            )
        return total

    @api.model
    def _get_names_of_others(self, pays_of_leads):
        """Return the names of the employees but the user, by id."""
        ids = {
            pay.employee_id
            for pays in pays_of_leads
            for pay in pays
            if pay.user_id != self.env.uid
        }
        # sudo: the names of people whose commissions the user may read
        employees = self.env["hr.employee"].sudo().browse(sorted(ids))
        employees.fetch(["name"])
        return {employee.id: employee.name for employee in employees}

    @api.model
    def _format_pay(self, pay):
        return formatLang(self.env, float(pay.amount), currency_obj=pay.currency)

    # ------------------------------------------------------------------
    # The sentence on the form
    # ------------------------------------------------------------------

    @api.model
    def _render_estimate(self, forecast, pays, names):
        """Say who would get what, what the user is to reach next, and why not.

        :param forecast: WinForecast
        :param pays: list of Pay for one lead
        :param names: of the people but the user, by employee id
        :rtype: Markup
        """
        people = [
            self._describe_pay(pay, names)
            for pay in sorted(pays, key=lambda pay: pay.user_id != self.env.uid)
            if pay.amount
        ]
        lines = [Markup(", ").join(people)] if people else []
        if any(pay.held for pay in pays):
            lines.append(
                self.env._("Held until the source of the customer is verified.")
            )
        for pay in pays:
            if pay.user_id == self.env.uid:
                lines += self._describe_next_tiers(forecast, [pay])
                lines += (
                    self._describe_later_pay(forecast, pay)
                    if pay.amount
                    else self._explain_no_pay(forecast, pay)
                )
        return Markup().join(Markup("<div>%s</div>") % line for line in lines)

    @api.model
    def _describe_pay(self, pay, names):
        """Say who would get how much: ``you 400.00 (held)``."""
        amount = self._format_pay(pay)
        if pay.held:
            amount = self.env._("%(amount)s (held)", amount=amount)
        if pay.user_id == self.env.uid:
            text = self.env._("you %(amount)s", amount=amount)
            return Markup("<strong>%s</strong>") % text
        labels = dict(
            self.env["hr.commission.rule"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        roles = dict.fromkeys(credit.role for credit in pay.credits)
        return Markup("%s (%s) %s") % (
            names[pay.employee_id],
            listed(self.env, (labels[role].lower() for role in roles)),
            amount,
        )

    @api.model
    def _describe_next_tiers(self, forecast, pays):
        """Say which brackets the win would reach, and how far the next ones are."""
        texts = (
            self._describe_next_tier(before, after)
            for pay in pays
            for before, after in forecast.get_standings(pay)
        )
        return list(filter(None, texts))

    @api.model
    def _describe_next_tier(self, before, after):
        """Say it for one rule.

        :param before, after: where the user stands without and with the win
        """
        texts = []
        if after.band and (not before.band or before.band.start < after.band.start):
            texts.append(
                self.env._(
                    "This reaches your tier of %(rate)s.",
                    rate=self._format_rate(after, after.band.rate),
                )
            )
        is_reachable = after.unit not in ("days", "months")  # which no deal adds up to
        if after.missing is not None and is_reachable:
            texts.append(
                self.env._(
                    "Then %(missing)s to your next tier of %(rate)s.",
                    missing=self._format_missing(after),
                    rate=self._format_rate(after, after.following.rate),
                )
            )
        # sudo: the plan pays the user
        rule = self.env["hr.commission.rule"].sudo().browse(after.rule.id)
        return (
            labelled(self.env, rule.name, sentences(self.env, texts)) if texts else ""
        )

    @api.model
    def _format_rate(self, found, rate):
        rule = self.env["hr.commission.rule"].browse(found.rule.id)
        return rule.sudo()._format_rate(float(rate))  # sudo: the plan pays the user

    @api.model
    def _format_missing(self, found):
        missing = float(found.missing)
        if found.unit == "money":
            rule = self.env["hr.commission.rule"].browse(found.rule.id)
            currency = rule.sudo().currency_id  # sudo: the plan pays the user
            return formatLang(self.env, missing, currency_obj=currency)
        number = format_number(self.env, missing)
        if found.unit == "percent":
            return self.env._("%(number)s percentage points", number=number)
        if measure_of(found.rule).code == "qualified_count":
            return self.env._("%(number)s valid leads", number=number)
        return self.env._("%(number)s deals", number=number)

    @api.model
    def _describe_later_pay(self, forecast, pay):
        """Say that rules on orders, invoices or payments may pay more later."""
        rule_ids = forecast.get_later_rules(pay)
        if not rule_ids:
            return []
        # sudo: the plan pays the user
        found = self.env["hr.commission.rule"].sudo().browse(rule_ids)
        rules = format_list(self.env, list(dict.fromkeys(found.mapped("name"))))
        return [self.env._("More may follow after the win by: %(rules)s.", rules=rules)]

    @api.model
    def _explain_no_pay(self, forecast, pay):
        """Say for every rule of the user's role why it would pay nothing."""
        refusals = forecast.get_refusals(pay)
        if not refusals:
            return [
                self.env._("Nothing for you: no rule of the plan is for your role.")
            ]
        return [
            self.env._("Nothing for you:"),
            *(self._describe_refusal(refusal, pay.currency) for refusal in refusals),
        ]

    @api.model
    def _describe_refusal(self, refusal, currency):
        Line = self.env["hr.commission.line"]
        if not refusal.rule_id:
            return Line._explain_refusal(refusal, currency)
        # sudo: the plan that holds for the user
        rule = self.env["hr.commission.rule"].browse(refusal.rule_id).sudo()
        if refusal.reason != "other_event":
            reason = Line._explain_refusal(refusal, currency)
        else:
            labels = dict(rule._fields["event_type"]._description_selection(self.env))
            reason = self.env._(
                "The rule pays on “%(event)s”, not on the win.",
                event=labels[rule.event_type],
            )
        return labelled(self.env, rule.name, reason)
