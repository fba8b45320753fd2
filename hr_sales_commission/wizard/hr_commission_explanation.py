from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang

#: rules for other events or roles say nothing about a credit
OTHER_PEOPLES_RULES = ("other_event", "other_role", "other_level")


class HrCommissionExplanation(models.TransientModel):
    """Answers on a deal: which rule paid what, which did not, and why not."""

    _name = "hr.commission.explanation"
    _description = "Commission Explanation"

    lead_id = fields.Many2one("crm.lead", required=True, readonly=True)
    explanation = fields.Html(compute="_compute_explanation")

    @api.depends("lead_id")
    def _compute_explanation(self):
        for wizard in self:
            wizard.explanation = wizard._render()

    def _render(self):
        """Explain the credits of the deal that the reader may see.

        :rtype: Markup
        """
        events = self.env["hr.commission.event"].sudo()  # sudo: officers read events
        events = events.search([("lead_id", "=", self.lead_id.id)])
        credits = self.env["hr.commission.credit"].search(
            [("event_id", "in", events.ids)]
        )
        if not credits:
            return Markup("<p>%s</p>") % self.env._(
                "Nothing of this deal has been credited to you. Commissions are "
                "computed when the lead is qualified and when the deal is won."
            )
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
        return title + Markup("<ul>%s</ul>") % Markup().join(rows)

    def _render_award(self, award, currency):
        rule = self.env["hr.commission.rule"].sudo().browse(award.rule_id)
        line = self.env["hr.commission.line"]
        held = self.env._(" (held until the source is verified)") if award.held else ""
        return Markup("<li><b>%s: %s</b>%s<br/>%s</li>") % (
            rule.name,
            formatLang(self.env, float(award.amount), currency_obj=currency),
            held,
            line._explain_trace(award.trace, currency),
        )

    def _render_refusal(self, refusal, currency):
        rule = self.env["hr.commission.rule"].sudo().browse(refusal.rule_id or ())
        reason = self.env["hr.commission.line"]._explain_refusal(refusal, currency)
        return Markup('<li class="text-muted">%s: %s</li>') % (
            rule.name or self.env._("No plan"),
            reason,
        )
