# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..engine.explain import FormulaRow, explain_formula

EVIDENCE_LIST = Markup('<dl class="row mb-0">%s</dl>')
EVIDENCE_ROW = Markup(
    '<dt class="col-sm-4 col-lg-2 fw-normal o_commission_note">%s</dt>'
    '<dd class="col-sm-8 col-lg-10">%s</dd>'
)


@dataclass(frozen=True)
class EvidenceFacts:
    """What the evidence of several lines is put together from.

    :param verified_on: when the source of a lead was last verified, by lead id
    :param salespeople: the employee that a lead's salesperson is, by lead id
    """

    verified_on: dict
    salespeople: dict


class HrCommissionLine(models.Model):
    """What the explanation of a line rests on: formula, evidence, version of the plan.

    Whoever may read a line may read why it is what it is, also where plan, lead and
    contacts themselves are not theirs to open: only texts are taken from there.
    """

    _inherit = "hr.commission.line"

    formula = fields.Html(compute="_compute_formula")
    source_evidence = fields.Html(compute="_compute_source_evidence")
    plan_version = fields.Char(
        compute="_compute_plan_version",
        help="The plan that paid this, as it was in force then.",
    )
    source_state = fields.Selection(
        related="lead_id.source_state", string="Source Verification"
    )
    touchpoint_count = fields.Integer(compute="_compute_touchpoint_count")

    # ------------------------------------------------------------------
    # Formula
    # ------------------------------------------------------------------

    @api.depends("trace", "amount", "state")
    def _compute_formula(self):
        for line in self:
            rows = line._get_formula_rows()
            line.formula = bool(rows) and self.env["ir.qweb"]._render(
                "hr_sales_commission.hr_commission_line_formula", {"rows": rows}
            )

    def _get_formula_rows(self):
        """Return the steps of the calculation.

        :rtype: list[FormulaRow]
        """
        self.ensure_one()
        trace = self.trace or {}
        # sudo: the currency of a line the reader may read
        money = self._money_formatter(self.sudo().currency_id)
        if "difference" in trace:
            return self._get_difference_rows(trace["difference"], money)
        if not trace:
            return []
        rows = explain_formula(trace, self._translate_sentence, money)
        if len(rows) == 1 or rows[-1].is_result:
            return rows
        total = self.env._("This commission")
        return [*rows, FormulaRow(total, pay=money(self.amount), is_result=True)]

    def _get_difference_rows(self, difference, money):
        rows = [
            FormulaRow(self.env._("It was"), pay=money(difference["before"])),
            FormulaRow(self.env._("It is now"), pay=money(difference["now"])),
        ]
        if self.state != "cancelled":
            label = self.env._("Difference, posted here")
            rows.append(FormulaRow(label, pay=money(self.amount), is_result=True))
        return rows

    # ------------------------------------------------------------------
    # Version of the plan
    # ------------------------------------------------------------------

    @api.depends("rule_id")
    def _compute_plan_version(self):
        for line in self:
            plan = line.sudo().rule_id.plan_id  # sudo: name and dates of the plan
            line.plan_version = line._describe_plan(plan) if plan else False

    def _describe_plan(self, plan):
        values = {
            "plan": plan.name,
            "version": plan.version,
            "start": format_date(self.env, plan.date_start),
            "end": format_date(self.env, plan.date_end),
        }
        if plan.date_end:
            return self.env._(
                "%(plan)s, version %(version)s, in force from %(start)s to %(end)s",
                **values,
            )
        return self.env._(
            "%(plan)s, version %(version)s, in force since %(start)s", **values
        )

    # ------------------------------------------------------------------
    # Evidence of the source
    # ------------------------------------------------------------------

    @api.depends("lead_id", "commission_source")
    def _compute_source_evidence(self):
        facts = EvidenceFacts(
            self._get_verification_dates(),
            self.sudo().lead_id._get_salespeople(),  # sudo: names of colleagues
        )
        for line in self:
            rows = line._get_evidence_rows(facts)
            line.source_evidence = bool(rows) and EVIDENCE_LIST % Markup().join(
                EVIDENCE_ROW % row for row in rows
            )

    def _get_verification_dates(self):
        """Return when the source of each lead was last verified by somebody.

        :rtype: dict[int, datetime]
        """
        tracked = self.env["mail.tracking.value"].sudo()  # sudo: days, no content
        values = tracked.search(
            [
                ("field_id.name", "=", "source_state"),
                ("mail_message_id.model", "=", "crm.lead"),
                ("mail_message_id.res_id", "in", self.lead_id.ids),
            ],
            order="id",
        )
        return {
            value.mail_message_id.res_id: value.mail_message_id.date for value in values
        }

    def _get_evidence_rows(self, facts):
        """Return what the source of the customer rests on.

        :param EvidenceFacts facts: of all lines that are read together
        :return: (label, text) in the order to read them
        """
        self.ensure_one()
        lead = self.sudo().lead_id  # sudo: what the reader's pay rests on
        if not lead:
            return []
        rows = [
            (self.env._("Whose customer"), self._describe_owner(lead, facts)),
            (
                self.env._("Verification"),
                self._describe_verification(lead, facts.verified_on.get(lead.id)),
            ),
            (self.env._("First contact"), self._describe_first_contact(lead)),
            (self.env._("Sealed"), self._describe_seal(lead)),
            (self.env._("Grounds"), lead.source_note),
        ]
        if self.commission_source and self.commission_source != lead.commission_source:
            label = self.env._("Paid as")
            rows.insert(1, (label, self._get_source_label(self.commission_source)))
        return [(label, text) for label, text in rows if text]

    def _get_source_label(self, source):
        labels = dict(
            self._fields["commission_source"]._description_selection(self.env)
        )
        return labels.get(source) or ""

    def _describe_owner(self, lead, facts):
        person = lead.marketer_id
        if lead.commission_source == "own":
            person = person.browse(lead.user_id and facts.salespeople.get(lead.id))
        if lead.commission_source == "referral" and lead.referrer_id:
            return self.env._(
                "%(owner)s by %(customer)s",
                owner=self._get_source_label("referral"),
                customer=lead.referrer_id.name,
            )
        if not person:
            return self._get_source_label(lead.commission_source)
        return self.env._(
            "%(owner)s, brought by %(person)s",
            owner=self._get_source_label(lead.commission_source),
            person=person.name,
        )

    def _describe_verification(self, lead, verified_on):
        if lead.source_state == "open":
            return self.env._("Nobody has verified the source yet.")
        if lead.source_state == "disputed":
            return self.env._("Disputed: somebody without interest decides.")
        decided = lead.commission_dispute_ids.filtered(
            lambda dispute: dispute.kind == "source" and dispute.state == "decided"
        ).sorted("date_decided")[-1:]
        if decided:
            decisions = dict(
                decided._fields["decision"]._description_selection(self.env)
            )
            return self.env._(
                "Decided on %(day)s by %(person)s. Claim: %(decision)s",
                day=self._format_day(lead, decided.date_decided),
                person=decided.decider_id.name,
                decision=decisions.get(decided.decision),
            )
        if lead.source_verifier_id and verified_on:
            return self.env._(
                "Verified by %(person)s on %(day)s",
                person=lead.source_verifier_id.name,
                day=self._format_day(lead, verified_on),
            )
        if lead.source_verifier_id:
            return self.env._(
                "Verified by %(person)s", person=lead.source_verifier_id.name
            )
        if lead.is_source_fixed:
            return self.env._("Recorded by a commission officer or an import")
        return self.env._("Proven by the recorded contacts")

    def _describe_first_contact(self, lead):
        """Name the contact that made the source: day, kind, origin, person."""
        counting = lead.touchpoint_ids.filtered(lambda touch: touch.state == "valid")
        speaking = counting.filtered(
            lambda touch: touch.commission_source == lead.commission_source
        )
        first = (speaking or counting).sorted("date")[:1]
        if not first:
            return format_date(self.env, lead.first_touch_date)
        kinds = dict(first._fields["kind"]._description_selection(self.env))
        parts = [
            self._format_day(lead, first.date),
            kinds[first.kind],
            first.campaign_name,
            first.source_name,
            first.medium_name,
            first.employee_id.name,
        ]
        return " · ".join(part for part in parts if part)

    def _describe_seal(self, lead):
        days = [day for day in (lead.date_qualified, lead.date_won) if day]
        if not days:
            return ""
        return self.env._(
            "Since %(day)s; only a dispute changes the source",
            day=format_date(self.env, min(days)),
        )

    def _format_day(self, lead, moment):
        company = lead._get_commission_company()
        return format_date(self.env, company._commission_local_date(moment))

    @api.depends("lead_id")
    def _compute_touchpoint_count(self):
        """Count what the reader may see: the record rules decide."""
        counts = defaultdict(int)
        for lead, count in self.env["crm.touchpoint"]._read_group(
            [("lead_id", "in", self.lead_id.ids)], ["lead_id"], ["__count"]
        ):
            counts[lead.id] = count
        for line in self:
            line.touchpoint_count = counts[line.lead_id.id]

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_explain(self):
        """Answer why the commission is what it is.

        :return: the dialog that explains it
        :raises AccessError: for a line the user may not read: its title names the deal
        """
        self._ensure_one_given()
        self.check_access("read")
        return self.env["hr.commission.explanation"]._get_action(
            self.display_name, line_id=self.id
        )

    def action_view_touchpoints(self):
        """Show the contacts behind the source that the user may see."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.crm_touchpoint_action"
        )
        action["domain"] = [("lead_id", "in", self.lead_id.ids)]
        action["context"] = {"create": False}
        return action
