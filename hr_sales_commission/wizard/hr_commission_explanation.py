# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang

from ..pipeline.given import is_id
from ..pipeline.plan_comparison import OTHER_PEOPLES_RULES
from ..pipeline.titles import labelled, title_of


class HrCommissionExplanation(models.TransientModel):
    """Answers on a deal: which rule paid what, which did not, and why not.

    Opened from a lead, or from a line: of its deal, or of its document without a deal.
    """

    _name = "hr.commission.explanation"
    _description = "Commission Explanation"
    _inherit = ["hr.commission.guard"]

    lead_id = fields.Many2one("crm.lead", readonly=True)
    line_id = fields.Many2one("hr.commission.line", readonly=True)
    explanation = fields.Html(compute="_compute_explanation")

    @api.model
    def _get_action(self, name, **subject):
        """Return the action that opens the dialog.

        :param name: of the deal or commission; False if the reader may not know it
        :param subject: ``lead_id`` or ``line_id``
        """
        return {
            "type": "ir.actions.act_window",
            "name": title_of(self.env._("Why this, or why nothing?"), name),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{key}": value for key, value in subject.items()},
        }

    @api.depends("lead_id", "line_id")
    def _compute_explanation(self):
        for wizard in self:
            wizard.explanation = wizard._render()

    def _render(self):
        """Explain the credits of the deal that the reader may see, and what is missing.

        :rtype: Markup
        """
        line = self.line_id._origin._filtered_access("read")
        lead = self.lead_id._origin
        if lead and not self._is_deal_known(lead):
            lead = lead.browse()
        lead = lead or line.lead_id
        if not (lead or line):
            return Markup("<p>%s</p>") % self.env._(
                "Nothing to explain: open this from a deal or a commission that you "
                "can see."
            )
        events = self.env["hr.commission.event"].sudo()  # sudo: officers read events
        if lead:
            events = events.search([("lead_id", "=", lead.id)])
        else:
            events = line.sudo().event_id  # sudo: officers read events
        credits = self.env["hr.commission.credit"].search(
            [("event_id", "in", events.ids)]
        )
        parts = []
        if not credits:
            parts.append(
                Markup("<p>%s</p>")
                % self.env._(
                    "Nothing of this deal has been credited to you. Commissions are "
                    "computed when the lead is qualified and when the deal is won."
                )
            )
        if lead and (credits or self._is_deal_known(lead)):
            reasons = self._get_missing_reasons(lead.sudo(), events)  # sudo: see above
            items = Markup().join(Markup("<li>%s</li>") % reason for reason in reasons)
            parts.append(items and Markup("<ul>%s</ul>") % items)
            parts.append(self._render_forecast(lead))
        return Markup().join([*parts, self._render_credits(credits)])

    def _check_given(self, vals_list):
        """People may ask about a deal that pays them, though they cannot open it."""
        Lead = self.env["crm.lead"]
        return super()._check_given(
            [
                {
                    name: value
                    for name, value in vals.items()
                    if name != "lead_id"
                    or not (
                        isinstance(value, int)
                        and is_id(value)
                        and self._is_deal_known(Lead.browse(value))
                    )
                }
                for vals in vals_list
            ]
        )

    def _check_told(self, values):
        """Replaces what all forms ask: :meth:`_check_given` knows who may ask here."""

    def _is_deal_known(self, lead):
        """Whether the reader may know how the deal stands, also without a credit."""
        if lead.has_access("read"):
            return True
        marketer = lead.sudo().marketer_id  # sudo: who brought it knows of it
        return marketer.user_id == self.env.user or bool(
            self.env["hr.commission.credit"].search_count(
                [("event_id.lead_id", "=", lead.id)], limit=1
            )
        )

    # ------------------------------------------------------------------
    # Why nothing
    # ------------------------------------------------------------------

    def _get_missing_reasons(self, lead, events):
        """Return why somebody earns nothing on the deal, or nothing yet.

        :rtype: list[str]
        """
        reasons = [
            *self._get_waiting_reasons(lead, events),
            self._get_sales_reason(lead),
            self._get_marketing_reason(lead),
            self._get_source_reason(lead),
        ]
        return [reason for reason in reasons if reason]

    def _get_waiting_reasons(self, lead, events):
        states = set(events.mapped("state"))
        if not lead.date_qualified:
            yield self.env._(
                "The lead is not qualified yet, so nothing is paid for it as a lead. "
                "Missing: %(reason)s",
                reason=lead.unqualified_reason or self.env._("see the plan"),
            )
        if lead.won_status == "lost":
            yield self.env._("The deal is lost, so nothing is paid for winning it.")
        elif not lead.date_won:
            yield self.env._(
                "The deal is not won yet, so nothing is paid for winning it."
            )
        if "pending" in states or lead.is_commission_pending:
            yield self.env._("Something new is being computed. Look again in a moment.")
        if "error" in states:
            yield self.env._(
                "Something that happened could not be computed. Commission officers "
                "find the reason under Operations, Events."
            )

    def _get_sales_reason(self, lead):
        if "sales" in lead.commission_share_ids.mapped("role"):
            return ""
        if not lead.user_id:
            return self.env._("The deal has no salesperson: nobody earns for the sale.")
        if not lead._get_salesperson():
            return self.env._(
                "%(person)s has no employee record: nobody earns for the sale. Human "
                "resources can link the user to an employee.",
                person=lead.user_id.name,
            )
        return ""

    def _get_marketing_reason(self, lead):
        if "marketing" in lead.commission_share_ids.mapped("role"):
            return ""
        if lead.commission_source == "own":
            return self.env._(
                "It counts as an own customer of sales: marketing earns nothing on it. "
                "Who brought it may contest the source."
            )
        if not lead.marketer_id:
            return self.env._(
                "Nobody is recorded who brought the customer: marketing earns nothing."
            )
        return ""

    def _get_source_reason(self, lead):
        if lead.source_state == "disputed":
            return self.env._(
                "The source of the customer is disputed: what depends on it waits for "
                "the decision."
            )
        if lead.source_state == "open":
            return self.env._(
                "The source of the customer is not verified: what depends on it is "
                "held until somebody verifies it."
            )
        return ""

    # ------------------------------------------------------------------
    # What was paid, and what was not
    # ------------------------------------------------------------------

    def _render_credits(self, credits):
        outcome = credits.sudo().event_id._explain()  # sudo: filtered right below
        awards, refusals = defaultdict(list), defaultdict(list)
        for award in outcome.awards:
            awards[award.credit_id].append(award)
        for refusal in outcome.refusals:
            if refusal.reason not in OTHER_PEOPLES_RULES:
                refusals[refusal.credit_id].append(refusal)
        return Markup().join(
            self._render_credit(credit, awards[credit.id], refusals[credit.id])
            for credit in credits.sorted("id")
        )

    def _render_forecast(self, lead):
        """Say how the reader's part comes about, if the deal is won as it stands.

        :rtype: Markup
        """
        forecast = lead.has_access("read") and lead._forecast_wins()
        pays = forecast.get_pays().get(lead.id, ()) if forecast else ()
        return Markup().join(
            self._render_pay(lead, forecast, pay)
            for pay in pays
            if pay.user_id == self.env.uid
        )

    def _render_pay(self, lead, forecast, pay):
        title = self.env._(
            "Won today at %(revenue)s it would pay you %(amount)s",
            revenue=formatLang(
                self.env, lead.expected_revenue, currency_obj=lead.company_currency
            ),
            amount=lead._format_pay(pay),
        )
        rows = [self._render_award(award, pay.currency) for award in pay.awards]
        if not pay.amount:
            refusals = forecast.get_refusals(pay)
            rows += [self._render_refusal(each, pay.currency) for each in refusals]
        items = Markup().join(rows)
        return Markup("<h4>%s</h4><ul>%s</ul>") % (title, items)

    def _render_credit(self, credit, awards, refusals):
        credit = credit.sudo()  # sudo: names around a credit the reader may see
        labels = dict(credit._fields["role"]._description_selection(self.env))
        title = Markup("<h4>%s – %s – %s</h4>") % (
            credit.employee_id.name,
            labels[credit.role],
            credit.event_id.display_name,
        )
        rows = [self._render_award(award, credit.currency_id) for award in awards]
        rows += [self._render_refusal(each, credit.currency_id) for each in refusals]
        if not rows:
            reason = self.env._("The plan has no rule that pays this role for it.")
            rows = [Markup('<li class="o_commission_note">%s</li>') % reason]
        return title + Markup("<ul>%s</ul>") % Markup().join(rows)

    def _render_award(self, award, currency):
        # sudo: the rule may be the parent company's
        rule = self.env["hr.commission.rule"].sudo().browse(award.rule_id)
        line = self.env["hr.commission.line"]
        money = formatLang(self.env, float(award.amount), currency_obj=currency)
        held = self.env._(" (held until the source is verified)") if award.held else ""
        return Markup("<li><b>%s</b>%s<br/>%s</li>") % (
            labelled(self.env, rule.name, money),
            held,
            line._explain_trace(award.trace, currency),
        )

    def _render_refusal(self, refusal, currency):
        # sudo: the rule may be the parent company's
        rule = self.env["hr.commission.rule"].sudo().browse(refusal.rule_id or ())
        reason = self.env["hr.commission.line"]._explain_refusal(refusal, currency)
        return Markup('<li class="o_commission_note">%s</li>') % labelled(
            self.env, rule.name or self.env._("No plan"), reason
        )
