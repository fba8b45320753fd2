# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict
from contextlib import closing

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import formatLang

from ..pipeline.notices import as_notice, render_notice
from ..pipeline.officers import BRANCH_MANAGER


class HrCommissionDispute(models.Model):
    """Who may decide a dispute, and what the decision does to the commissions."""

    _inherit = "hr.commission.dispute"

    outcomes = fields.Html(
        compute="_compute_outcomes",
        help="For who decides: what everybody gets now, if the claim is accepted, and "
        "if it is rejected.",
    )

    # ------------------------------------------------------------------
    # Who may decide
    # ------------------------------------------------------------------

    def _get_concerned_employees(self):
        """Return everybody whose pay the outcome may change."""
        lead = self.lead_id
        credits = self.env["hr.commission.credit"].search(
            [("event_id.lead_id", "in", lead.ids), ("share", ">", 0)]
        )
        return (
            self.employee_id
            | self.claimed_employee_id
            | self.line_id.employee_id
            | lead.marketer_id
            | lead._get_salesperson()
            | lead.commission_share_ids.employee_id
            | lead.commission_line_ids.employee_id
            | credits.employee_id
        )

    def _get_interested_employees(self):
        """Return who may not decide: those concerned and everybody above them."""
        Person = self.env["hr.commission.person"]
        return Person._add_managers(self._get_concerned_employees())

    def _is_interested(self, user):
        """Tell whether a user, as a person, earns by the outcome or manages who does."""
        users, employees = self.env["hr.commission.person"]._get_person(user)
        claimants = self.user_id | self.lead_id._get_salespeople_ever()
        return bool(claimants & users or employees & self._get_interested_employees())

    def _get_obstacle(self, user):
        """Say why a user may not decide this dispute; False if they may.

        :rtype: str | bool
        """
        self.ensure_one()
        dispute = self.sudo()  # sudo: who earns what on the deal
        if not user.has_group(BRANCH_MANAGER):
            return self.env._(
                "Disputes are decided by branch managers and commission officers."
            )
        # sudo: the companies of whoever decides
        if dispute.company_id not in user.sudo().company_ids:
            return self.env._(
                "%(user)s does not work in %(company)s.",
                user=user.name,
                company=dispute.company_id.name,
            )
        if dispute._is_interested(user):
            return self.env._(
                "%(user)s has an interest in this deal. Somebody decides who neither "
                "earns on it nor manages those who do.",
                user=user.name,
            )
        return False

    def _find_decider(self):
        """Return somebody without interest: the nearest, and who has least to decide.

        Employees of the company decide before administrators from outside.

        :rtype: res.users
        """
        self.ensure_one()
        candidates = self.env["hr.commission.person"]._get_approvers(self.company_id)
        waiting = dict(
            self._read_group(
                [("decider_id", "in", candidates.ids), ("state", "=", "open")],
                ["decider_id"],
                ["__count"],
            )
        )
        distance = self.env["hr.commission.person"]._get_distance
        # sudo: who works here
        colleagues = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("user_id", "in", candidates.ids),
                    ("company_id", "child_of", self.company_id.sudo().root_id.id),
                ]
            )
        )
        for user in candidates.sorted(
            lambda user: (
                distance(user, self.company_id),
                user not in colleagues.user_id,
                waiting.get(user, 0),
            )
        ):
            if not self._is_interested(user):
                return user
        return self.env["res.users"]

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def action_accept(self):
        """Decide that the claim is right."""
        return self.action_decide("accepted")

    def action_reject(self):
        """Decide that the claim is wrong."""
        return self.action_decide("rejected")

    def action_decide(self, decision, note=None):
        """Decide disputes; the commissions follow.

        :param str decision: ``accepted`` or ``rejected``
        :param str note: the grounds, if they are not written down yet
        :raises UserError: for a dispute that is not open, without grounds, or for
            somebody with an interest in it
        """
        if decision not in ("accepted", "rejected"):
            raise UserError(self.env._("Accept the claim or reject it."))
        self.check_access("read")
        for dispute in self:
            dispute._check_may_decide()
            decided = dispute.sudo()  # sudo: the right to decide is checked above
            if note:
                decided.decision_note = note
            if not decided.decision_note:
                raise UserError(self.env._("Write down the grounds of the decision."))
            decided.activity_feedback(["mail.mail_activity_data_todo"])
            decided.write(
                {
                    "state": "decided",
                    "decision": decision,
                    "decider_id": self.env.uid,
                    "date_decided": fields.Datetime.now(),
                }
            )
            before = decided._get_pay()
            decided._carry_out()
            self.env["hr.commission.audit"]._log(
                [
                    {
                        **decided._get_audit_values(),
                        "act": "decide",
                        "new_value": decision,
                        "amount": decided.posted_line_id.amount,
                        "reason": decided.decision_note,
                    }
                ]
            )
            decided._tell_decision(before)
        return True

    def _check_may_decide(self):
        if self.state != "open":
            raise UserError(self.env._("“%s” is not open any more.", self.display_name))
        obstacle = not self.env.su and self._get_obstacle(self.env.user)
        if obstacle:
            raise AccessError(obstacle)

    def _get_pay(self):
        """Return what everybody earns on what is disputed, as things stand.

        Differences that are still to be posted count.

        :return: amounts by hr.employee
        :rtype: dict
        """
        if self.kind != "source":
            return {self.employee_id: self._get_paid_in_all()}
        self.env.flush_all()
        events = self.env["hr.commission.event"].search(
            [("lead_id", "=", self.lead_id.id)]
        )
        pay = defaultdict(float)
        for award in events._explain().awards:
            if award.event_id in events.ids:
                employee = self.env["hr.employee"].browse(award.employee_id)
                pay[employee] += float(award.amount)
        return pay

    # ------------------------------------------------------------------
    # Both outcomes, before anybody decides
    # ------------------------------------------------------------------

    @api.depends("state", "decider_id", "awarded_amount")
    @api.depends_context("uid", "lang")
    def _compute_outcomes(self):
        texts = {
            # sudo: for who decides only
            dispute: dispute._origin.sudo()._render_outcomes(dispute.awarded_amount)
            for dispute in self
            if dispute.can_decide and dispute._origin
        }
        for dispute in self:
            dispute.outcomes = texts.get(dispute, False)

    def _render_outcomes(self, awarded):
        """Return what everybody gets now, if the claim is accepted, and if not.

        :param float awarded: what would be paid in all; 0: what was claimed
        :rtype: Markup
        """
        now = self._get_pay()
        accepted = self._forecast_pay(True, awarded)
        rejected = self._forecast_pay(False, awarded)
        rows = [
            [employee.name]
            + [
                formatLang(
                    self.env, pay.get(employee, 0), currency_obj=self.currency_id
                )
                for pay in (now, accepted, rejected)
            ]
            for employee in dict.fromkeys([*now, *accepted, *rejected])
        ]
        heads = (
            self.env._("Who"),
            self.env._("Now"),
            self.env._("If accepted"),
            self.env._("If rejected"),
        )
        cell = Markup('<td class="text-end">%s</td>')
        return Markup(
            '<table class="table table-sm"><thead><tr>%s</tr></thead>'
            "<tbody>%s</tbody></table>"
        ) % (
            Markup().join(
                Markup('<th scope="col" class="%s">%s</th>')
                % ("text-end" if number else "", head)
                for number, head in enumerate(heads)
            ),
            Markup().join(
                Markup('<tr><th scope="row">%s</th>%s</tr>')
                % (name, Markup().join(cell % amount for amount in amounts))
                for name, *amounts in rows
            ),
        )

    def _forecast_pay(self, is_accepted, awarded):
        """Return what everybody would earn on it after a decision; nothing stays.

        :param bool is_accepted: the claim is right
        :param float awarded: what would be paid in all; 0: what was claimed
        :return: as :meth:`_get_pay`
        """
        if self.kind != "source":
            claim = awarded or self.claimed_amount
            return {self.employee_id: claim} if is_accepted else self._get_pay()
        with closing(self.env.cr.savepoint()):
            self._carry_out_source(is_accepted)
            pay = dict(self._get_pay())
        return pay

    def _tell_decision(self, before):
        """Tell everyone concerned; each alone what it changes for their own pay.

        :param dict before: from :meth:`_get_pay`, before the decision
        """
        now = self._get_pay()
        told = self.env["res.partner"]
        for employee in dict.fromkeys([*before, *now]):
            amounts = before.get(employee, 0.0), now.get(employee, 0.0)
            user = employee.user_id
            if user.active and any(amounts):
                dispute = self.with_context(lang=user.lang)
                as_notice(dispute).message_notify(
                    partner_ids=user.partner_id.ids,
                    **render_notice(
                        dispute,
                        "mail_template_dispute_decided",
                        decision=dispute._describe_decision(),
                        effect=dispute._describe_effect(*amounts),
                    ),
                )
                told |= user.partner_id
        self._tell(
            "mail_template_dispute_decided",
            told,
            decision=self._describe_decision(),
            effect=False,
        )
        self._tell_colleagues(told)

    def _tell_colleagues(self, told):
        """Tell the others on the deal that it is decided; what was claimed is not theirs.

        :param told: res.partner who know already
        """
        others = self._get_concerned_employees().user_id.filtered("active").partner_id
        for partner in others - told - self.message_partner_ids:
            dispute = self.with_context(lang=partner.lang)
            as_notice(self.env["mail.thread"]).message_notify(
                partner_ids=partner.ids,
                **render_notice(dispute, "mail_template_dispute_colleagues"),
            )

    def _describe_effect(self, before, now):
        values = {
            "before": formatLang(self.env, before, currency_obj=self.currency_id),
            "now": formatLang(self.env, now, currency_obj=self.currency_id),
        }
        if self.currency_id.compare_amounts(before, now):
            return self.env._(
                "Your commissions on it were %(before)s and are %(now)s now.", **values
            )
        return self.env._("Your commissions on it stay %(now)s.", **values)

    def _describe_decision(self):
        labels = dict(self._fields["decision"]._description_selection(self.env))
        return self.env._(
            "%(decision)s by %(user)s: %(note)s",
            decision=labels[self.decision],
            user=self.env.user.name,
            note=self.decision_note,
        )

    def _carry_out(self):
        """Do what was decided."""
        accepted = self.decision == "accepted"
        if self.kind == "source":
            self._carry_out_source(accepted)
            return
        self._let_go(self._get_contested_lines())
        if accepted:
            self._post_award()

    def _carry_out_source(self, accepted):
        """Set the lead's source to what was decided; the ledger posts differences."""
        if accepted:
            self._overrule_source()
        else:
            self.lead_id._apply_decision({"source_state": "verified"})
        self._release_lines()

    def _overrule_source(self):
        source = self.claimed_source or self.lead_id.commission_source
        person = self.claimed_employee_id or self.employee_id
        vals = {"source_state": "overruled", "commission_source": source}
        vals["marketer_id"] = person.id if source != "own" else False
        if source == "own":
            self._credit_salesperson(person)
        self.lead_id._apply_decision(vals)

    def _credit_salesperson(self, person):
        """Credit the sale to who brought the customer, if that is somebody else."""
        lead = self.lead_id
        Event = self.env["hr.commission.event"].sudo()  # sudo: whom it credits
        credits = Event.search([("lead_id", "=", lead.id)]).credit_ids
        credited = credits.filtered(
            lambda credit: credit.share and credit.role == "sales"
        ).employee_id
        if not person or (
            person.user_id == lead.user_id and credited in (person, person.browse())
        ):
            return
        shares = lead.commission_share_ids.filtered(lambda share: share.role == "sales")
        models.BaseModel.unlink(shares)
        self.env["crm.lead.share"].create(
            {
                "lead_id": lead.id,
                "role": "sales",
                "employee_id": person.id,
                "percent": 100,
            }
        )
        lead._reopen_credits(("sales",))

    def _get_contested_lines(self):
        """Return the commissions that are contested, and what pays in their place.

        :rtype: hr.commission.line
        """
        contested = self.line_id.sudo()  # sudo: they are held, whoever asks
        return contested | contested._get_replacing()
