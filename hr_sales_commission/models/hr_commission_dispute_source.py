# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..pipeline.states import UNPAID_STATES

#: what shapes the decision: nobody with an interest in the deal touches it
SHAPING_FIELDS = frozenset(
    ("decider_id", "date_deadline", "decision_note", "awarded_amount")
)


class HrCommissionDispute(models.Model):
    """A dispute about whose customer it is holds, whatever happens around it."""

    _inherit = "hr.commission.dispute"

    @api.model_create_multi
    def create(self, vals_list):
        disputes = super().create(vals_list)
        for dispute in disputes:
            dispute._keep_evidence()
        return disputes

    def write(self, vals):
        kept = {}
        if not self.env.su:
            self._check_shaping(vals)
        if "evidence_ids" in vals:
            # sudo: all the evidence, whoever may read it
            kept = {dispute: dispute.sudo().evidence_ids for dispute in self}
        result = super().write(vals)
        for dispute, before in kept.items():
            dispute._check_evidence_stays(before)
            dispute._keep_evidence()
        return result

    def _keep_evidence(self):
        """Make evidence the dispute's own: whoever decides reads it.

        A file that belongs elsewhere is copied, and stays free there.
        """
        # sudo: that the giver may read it was asked before
        dispute = self.sudo()
        own = {"res_model": self._name, "res_id": self.id}
        for file in dispute.evidence_ids:
            if (file.res_model, file.res_id) == (self._name, self.id):
                continue
            if (
                file.res_id
                or file.res_field
                or file.res_model not in (False, self._name)
            ):
                kept = file.copy({**own, "res_field": False})
                models.BaseModel.write(
                    dispute,
                    {"evidence_ids": [Command.unlink(file.id), Command.link(kept.id)]},
                )
            else:
                file.write(own)

    def _check_shaping(self, vals):
        """Refuse to let people with an interest shape the decision.

        :raises AccessError: saying why
        """
        if SHAPING_FIELDS.isdisjoint(vals):
            return
        for dispute in self:
            obstacle = dispute._get_obstacle(self.env.user)
            if obstacle:
                raise AccessError(obstacle)

    def _check_evidence_stays(self, before):
        """Refuse to take evidence off the record.

        :raises UserError: naming it
        """
        # sudo: all the evidence, whoever may read it
        missing = before - self.sudo().evidence_ids
        if missing:
            raise UserError(
                self.env._(
                    "Evidence stays on record: “%(name)s” cannot be removed. Say in the "
                    "chatter what is wrong with it.",
                    name=missing[0].name,
                )
            )

    def _get_unpaid_lines(self):
        """Return the commissions of the leads that are not paid yet, approved or not."""
        lines = self.env["hr.commission.line"].sudo()  # sudo: anybody's commission
        return lines.search(
            [("lead_id", "in", self.lead_id.ids), ("state", "in", UNPAID_STATES)]
        )

    def _release_lines(self):
        """Let lines go whose source is disputed no more, nor they themselves."""
        disputes = self.sudo()  # sudo: whoever opened them
        settled = disputes.filtered(
            lambda dispute: (
                dispute.kind == "source" and dispute.lead_id.source_state != "disputed"
            )
        )
        disputes._let_go(settled._get_unpaid_lines().filtered("is_disputed"))

    @api.model
    def _let_go(self, lines):
        """Let lines be paid, but those that another open dispute is about.

        :param lines: hr.commission.line
        """
        disputes = self.sudo()  # sudo: whoever opened them
        about = Domain("line_id", "in", lines.ids)
        about |= Domain("line_id.event_id", "in", lines.event_id.ids)
        claims = disputes.search(about & Domain("state", "=", "open"))
        unpaid = lines.filtered(lambda line: line.state in UNPAID_STATES)
        waiting = unpaid.filtered_domain([("lead_id.source_state", "=", "disputed")])
        (lines - claims._get_contested_lines() - waiting).is_disputed = False

    def _decide_withdrawn(self):
        """Let hold what would be without the claims, with everything known by now."""
        # sudo: the lead may be hidden from who claimed it
        withdrawn = self.sudo().filtered(lambda dispute: dispute.kind == "source")
        for lead in withdrawn.lead_id:
            lead._decide_anew()
        withdrawn._release_lines()

    def _follow_merge(self, lead):
        """Carry disputes over to the lead that others were merged into.

        Of several open ones about the source the oldest goes on, with the evidence of
        all; the others are closed as part of it.

        :param lead: crm.lead
        """
        disputes = self.sudo()  # sudo: the system's
        sources = disputes.filtered(
            lambda dispute: dispute.kind == "source" and dispute.state == "open"
        ).sorted("id")
        goes_on, others = sources[:1], sources[1:]
        for dispute in others:
            dispute.state = "withdrawn"
            dispute.activity_unlink(["mail.mail_activity_data_todo"])
            dispute.message_post(
                body=self.env._(
                    "Its lead was merged; the claim is part of “%s” now.",
                    goes_on.display_name,
                )
            )
        if others:
            goes_on.write(
                {
                    "evidence_ids": [Command.link(i) for i in others.evidence_ids.ids],
                    "touchpoint_ids": [
                        Command.link(i) for i in others.touchpoint_ids.ids
                    ],
                    "concerned_user_ids": [
                        Command.link(i) for i in others.concerned_user_ids.ids
                    ],
                }
            )
            goes_on.message_post(body="\n".join([dispute.reason for dispute in others]))
        disputes.lead_id = lead
        if goes_on:
            goes_on.previous_state = "open"
            lead._write_facts({"source_state": "disputed"})
