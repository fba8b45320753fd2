# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..pipeline.closed_days import is_closed
from ..pipeline.officers import check_manager
from ..pipeline.refusals import (
    describe,
    explain_each,
    name_each,
    offer_undo,
    refuse_any,
    tell_done,
)
from ..pipeline.states import LARGE_STATES, PROMISED_STATES, SETTLED_STATEMENTS
from .hr_commission_line import FROZEN_FIELDS

#: a change of these on a line by hand makes whoever changes it its maker
MAKING_FIELDS = frozenset(("amount", "base", "rate", "employee_id", "company_id"))


class HrCommissionLine(models.Model):
    """Two people for money: who makes, who approves, who pays, and who gains.

    An approval is for one amount and one person. All doors ask the same question here:
    approving, taking back, cancelling and paying, by line, statement, payslip or API.
    """

    _name = "hr.commission.line"
    _inherit = ["hr.commission.line", "hr.commission.sealed"]

    _sealed_columns = (
        "id",
        "employee_id",
        "company_id",
        "event_id",
        "rule_id",
        "kind",
        "part",
    ) + (
        "date",
        "base",
        "rate",
        "amount",
        "note",
        "maker_id",
    )  # what an approval is for
    _sealed_states = PROMISED_STATES

    maker_id = fields.Many2one(
        "res.users",
        string="Made By",
        readonly=True,
        copy=False,
        help="Who set the amount and the person of a manual line; somebody else approves "
        "it.",
    )
    first_approver_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="Approved it first; a second person has to as well: of a large amount, and "
        "of what somebody earns for whom the first works.",
    )
    approver_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="Who approved it last."
    )
    date_approved = fields.Datetime(
        readonly=True, copy=False, help="When it was approved."
    )

    # ------------------------------------------------------------------
    # Who made it
    # ------------------------------------------------------------------

    def write(self, vals):
        if not MAKING_FIELDS.isdisjoint(vals):
            # whoever sets amount or person makes the line, and approval starts again
            models.BaseModel.write(
                self._filter_by_hand().sudo(),  # sudo: kept by the system
                {"maker_id": self.env.uid},
            )
        result = super().write(vals)
        if not FROZEN_FIELDS.isdisjoint(vals):
            self.flush_recordset()  # the database forgets the first approval
            self.invalidate_recordset(["first_approver_id"], flush=False)
        return result

    # ------------------------------------------------------------------
    # Approving
    # ------------------------------------------------------------------

    def action_approve(self):
        """Approve lines: from now on they can be paid and never change.

        Own money, one's own manual lines, held and disputed lines stay behind and are
        named; the others go through. Where a line, or what a person has in the month,
        reaches the company's threshold, or whoever approves works for whom it pays, a
        second person approves as well.

        :return: True, or the notification that says how many were approved, and what
            becomes of the others
        :raises UserError: if none can be approved, with the reasons
        """
        self._check_may_approve()
        refusals = explain_each(self._find_not_approvable())
        drafts = self.filtered(
            lambda line: line.state == "draft" and line not in refusals
        )
        if refusals and not drafts:
            raise UserError(describe(self.env, refusals))
        drafts = drafts.sudo()  # sudo: the ledger accepts approval only here
        first = drafts._filter_needs_second()
        first.write({"first_approver_id": self.env.uid})
        first.with_env(self.env)._log_act("approve_first")
        (drafts - first)._approve()
        drafts.statement_id._log_in_chatter(
            self.env._("Commissions approved by %(name)s.", name=self.env.user.name)
        )
        can_undo = self.env.context.get("commission_undo")
        if not (first or refusals or can_undo) and len(drafts) < 2:
            return True
        action = drafts.with_env(self.env)._tell_approved(first, refusals)
        if not can_undo:
            return action
        return offer_undo(action, drafts - first, "action_reset_to_draft")

    def _tell_approved(self, first, refusals):
        """Return the notification that says how many lines are approved.

        :param first: those that a second person has to approve as well
        :param dict refusals: lines that stay behind, with the reason
        """
        text = (
            self.env._(
                "%(count)s need a second person: ask a branch manager or officer.",
                count=len(first),
            )
            if first
            else self.env._("They can be paid with the next payroll.")
        )
        title = self.env._(
            "%(count)s of %(all)s approved",
            count=len(self - first),
            all=len(self) + len(refusals),
        )
        return tell_done(self.env, title, refusals, [text], is_success=not first)

    def _approve(self):
        """Move drafts on: who may, and how many, is checked before."""
        self._change_state(
            "draft",
            "approved",
            approver_id=self.env.uid,
            date_approved=fields.Datetime.now(),
        )
        self._log_act("approve")

    def _log_act(self, act, reason=False):
        """Log what was done to these lines, one entry a person.

        Approvals carry the hash of each line, so that it can be verified later; one
        taken back carries none.

        :param str act: of ``hr.commission.audit``
        :param str reason: e.g. the reference of a payment
        """
        Audit = self.env["hr.commission.audit"]
        lines = self.sudo()  # sudo: what they are about, whoever acts
        hashes = {"approve": lines._get_seals, "reset": lambda: {}}
        seals = hashes[act]() if act in hashes else None
        entries = []
        for (employee, company), group in lines.grouped(
            lambda line: (line.employee_id, line.company_id)
        ).items():
            entries.append(
                {
                    "act": act,
                    "res_model": self._name,
                    "res_id": group.id if len(group) == 1 else False,
                    "record_name": group.display_name
                    if len(group) == 1
                    else f"{employee.name} ({len(group)})",
                    "employee_id": employee.id,
                    "company_id": company.id,
                    "amount": sum(group.mapped("amount")),
                    "reason": reason,
                    "seals": seals is not None
                    and {str(line.id): seals.get(line.id, "") for line in group},
                }
            )
        Audit._log(entries)

    @api.model
    def _describe_broken_seal(self, exists, is_sealed):
        if not exists:
            return self.env._("An approved commission was deleted.")
        if is_sealed:
            return self.env._("An approved commission was changed.")
        return self.env._("It counts as approved, but nobody approved it.")

    def _check_may_approve(self):
        """Refuse people without the right to approve.

        :raises AccessError: if the user may not approve these lines
        """
        self.check_access("read")
        check_manager(
            self.env,
            self.env._("Branch managers and commission officers approve."),
        )

    def _filter_needs_second(self):
        """Return the lines whose approval is only the first of two.

        Those of whoever the approver works for; and large ones. A single line counts,
        and all that one person has in the month: gains and losses never net out, and
        many small lines are one large one.
        """
        drafts = self.filtered(lambda line: not line.first_approver_id)
        superiors = drafts._find_superiors()
        return drafts._filter_large() | drafts.filtered(
            lambda line: line.employee_id in superiors
        )

    def _find_superiors(self):
        """Return for whom the approver works, or did since the first of these lines.

        :rtype: hr.employee
        """
        if not self:
            return self.employee_id
        return self.env["hr.commission.person"]._find_superiors(
            self.env.user, min(self.mapped("date"))
        )

    def _filter_large(self):
        """Return the lines that reach the threshold, alone or with the month's others."""
        thresholds = {
            company: company.commission_second_approval_amount
            for company in self.company_id
        }
        concerned = self.filtered(lambda line: thresholds[line.company_id])
        turnover = concerned._get_turnover()
        return concerned.filtered(
            lambda line: (
                line.currency_id.compare_amounts(
                    max(abs(line.amount), turnover[line._get_turnover_key()]),
                    thresholds[line.company_id],
                )
                >= 0
            )
        )

    def _get_turnover_key(self):
        return self.employee_id, self.company_id, self.date.replace(day=1)

    def _get_turnover(self):
        """Return what people gain and lose in the months of these lines, not netted.

        All employee records of a person count together.

        :rtype: dict
        """
        turnover = defaultdict(float)
        if not self:
            return turnover
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT mine.id, line.company_id,
                          date_trunc('month', line.date)::date, SUM(abs(line.amount))
                     FROM unnest(%s) mine (id)
                    CROSS JOIN LATERAL (
                          SELECT mine.id UNION
                          SELECT other.employee_ref
                            FROM hr_commission_person known
                            JOIN hr_commission_person other
                              ON other.user_ref = known.user_ref
                           WHERE known.employee_ref = mine.id) person
                     JOIN hr_commission_line line ON line.employee_id = person.id
                      AND line.company_id = ANY(%s)
                      AND line.date >= %s AND line.date < (%s + interval '1 month')
                      AND line.state IN %s
                    GROUP BY 1, 2, 3""",
                self.employee_id.ids,
                self.company_id.ids,
                min(self.mapped("date")).replace(day=1),
                max(self.mapped("date")).replace(day=1),
                LARGE_STATES,
            )
        )
        employees, companies = self.employee_id, self.company_id
        for employee_id, company_id, month, amount in rows:
            key = employees.browse(employee_id), companies.browse(company_id), month
            turnover[key] = float(amount)
        return turnover

    # ------------------------------------------------------------------
    # The one question
    # ------------------------------------------------------------------

    def _find_not_approvable(self):
        """Say which lines this user may not approve, or nobody now, and what to do.

        :return: (line, reason) pairs
        """
        yield from self._find_same_person()
        for line in self:
            if line.state == "held":
                yield line, line._describe_hold()
        yield from name_each(
            self.filtered("is_disputed"),
            self.env._("“%(line)s” is disputed. Decide the dispute first."),
        )

    def _describe_hold(self):
        """Say why a line is held, and how it is set free."""
        values = {"line": self.display_name}
        double = self.sudo().event_id.double_id  # sudo: only officers read events
        if double:
            return self.env._(
                "“%(line)s” may be paid twice: “%(other)s” is of the same "
                "customer, amount and days. Merge the deals, mark one as lost "
                "for being a duplicate, cancel one of the documents, or "
                "confirm under Operations, Events that it is not a double.",
                other=double._get_subject_name(),
                **values,
            )
        odd = self.sudo().lead_id.odd_reason  # sudo: whoever may see the lead
        if odd:
            return self.env._(
                "“%(line)s” is held: %(reason)s Look at the lead, and confirm "
                "under Looks Odd that it is in order.",
                reason=odd,
                **values,
            )
        return self.env._(
            "“%(line)s” is held until the source of the customer is verified.",
            **values,
        )

    def _find_same_person(self):
        """Say which lines one gains, made, awarded or verified for oneself.

        :return: (line, reason) pairs
        """
        if self.env.su:
            return
        users, _employees = person = self._get_me()
        yield from self._find_stakes(person)
        # sudo: who approved first is for approvers
        drafts = self.sudo().filtered(lambda line: line.state == "draft")
        yield from name_each(
            drafts.filtered(lambda line: line.first_approver_id in users),
            self.env._("You have approved “%(line)s” already. A second person has to."),
        )
        yield from name_each(
            self.env["hr.commission.person"]._filter_by_reports(drafts, "date"),
            self.env._(
                "You and whoever approved “%(line)s” first both work for whom it pays. "
                "Somebody approves it who does not."
            ),
        )
        yield from name_each(
            drafts.filtered(lambda line: line.maker_id in users),
            self.env._(
                "You made “%(line)s” yourself. Somebody else approves it, so that two "
                "people have seen it."
            ),
        )
        yield from name_each(
            drafts._filter_awarded_by(users),
            self.env._(
                "You decided the claim that awards “%(line)s”. Somebody else approves it."
            ),
        )
        yield from name_each(
            drafts._filter_verified_by_gainer(),
            self.env._(
                "The source of “%(line)s” was verified by somebody who earns by it. "
                "Somebody without interest verifies it again first."
            ),
        )

    def _get_me(self):
        """Return all users and employees that the current user is as a person."""
        return self.env["hr.commission.person"]._get_person(self.env.user)

    def _check_no_stake(self):
        """Refuse to act on one's own money, or on a deal one earns by.

        :raises UserError: naming the first such line
        """
        refuse_any(self._find_stakes())

    def _find_stakes(self, person=None):
        """Say which lines are one's own money, or of a deal one earns by.

        Asked by person: neither another login, an unlinked user nor a share changes it.

        :param person: from :meth:`_get_me`, where it is known already
        :return: (line, reason) pairs
        """
        if self.env.su or not self:
            return
        _users, own = person or self._get_me()
        lines = self.sudo()  # sudo: also whoever else earns by the deal
        yield from name_each(
            lines.filtered(lambda line: line.employee_id in own),
            self.env._(
                "“%(line)s” is your own commission. Somebody else decides on it."
            ),
        )
        yield from name_each(
            lines._filter_stake(own),
            self.env._(
                "You earn by the deal of “%(line)s” yourself. Somebody without interest "
                "in it decides."
            ),
        )

    def _filter_stake(self, employees):
        """Return the lines of events by which these employees earn as well."""
        if not (employees and self.event_id):
            return self.browse()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT event_id FROM hr_commission_line
                    WHERE event_id = ANY(%s) AND employee_id = ANY(%s)
                      AND state != 'cancelled' AND amount != 0""",
                self.event_id.ids,
                employees.ids,
            )
        )
        events = {event_id for (event_id,) in rows}
        return self.filtered(lambda line: line.event_id.id in events)

    def _filter_awarded_by(self, users):
        """Return the lines that a claim awards which one of these users decided."""
        disputes = self.env["hr.commission.dispute"].search(
            [
                ("state", "=", "decided"),
                ("decision", "=", "accepted"),
                ("decider_id", "in", users.ids),
                "|",
                ("posted_line_id", "in", self.ids),
                "&",
                ("kind", "=", "source"),
                ("lead_id", "in", self.lead_id.ids),
            ]
        )
        posted = disputes.posted_line_id
        sources = disputes.filtered(lambda dispute: dispute.kind == "source")
        gained = {
            (dispute.lead_id, employee)
            for dispute in sources
            for employee in dispute.employee_id | dispute.claimed_employee_id
        }
        return self.filtered(
            lambda line: (
                line in posted
                or line.event_id
                and (line.lead_id, line.employee_id) in gained
            )
        )

    def _filter_verified_by_gainer(self):
        """Return the lines whose customer's source was verified by who earns by it."""
        Person = self.env["hr.commission.person"]
        found = self.browse()
        for verifier in self.lead_id.source_verifier_id:
            lines = self.filtered(
                lambda line, verifier=verifier: (
                    line.event_id and line.lead_id.source_verifier_id == verifier
                )
            )
            _users, own = Person._get_person(verifier)
            found |= lines.filtered(lambda line, own=own: line.employee_id in own)
            found |= lines._filter_stake(own)
        return found

    # ------------------------------------------------------------------
    # Taking back, paying by hand, cancelling
    # ------------------------------------------------------------------

    def action_reset_to_draft(self):
        """Take an approval back, as long as payroll has not taken the line.

        :raises UserError: for own money, or if a line is in payroll, paid or locked
        """
        self._check_may_approve()
        self._check_no_stake()
        for line in self:
            # sudo: the company's lock date, for who may approve
            lock_date = line.company_id.sudo().commission_lock_date
            if (
                line.state != "approved"
                or is_closed(lock_date, line.date)
                # sudo: the line's statement, for who may approve
                or line.sudo().statement_id.state in SETTLED_STATEMENTS
            ):
                raise UserError(
                    self.env._(
                        "“%(line)s” can no longer go back to approval.",
                        line=line.display_name,
                    )
                )
        self._reopen()
        return True

    def _reopen(self, state="draft"):
        """Take the approval of lines back: who may is checked before.

        :param str state: what becomes of them
        """
        lines = self.sudo()  # sudo: the ledger accepts this through here only
        lines.write(
            {
                "state": state,
                "first_approver_id": False,
                "approver_id": False,
                "date_approved": False,
            }
        )
        self._log_act("reset")
        events = lines.event_id
        events._set_pending([("id", "in", events.ids)])

    def action_mark_paid(self):
        """Record approved lines as paid outside of payroll, today.

        Own money, and what is not approved or disputed, stays behind and is named.

        :return: True, or the notification that names what stays behind
        :raises UserError: if none can be paid, with the reasons
        """
        self._check_may_approve()
        refusals = explain_each(self._find_not_payable_by_hand())
        lines = self.filtered(lambda line: line not in refusals)
        if refusals and not lines:
            raise UserError(describe(self.env, refusals))
        # sudo: the ledger accepts payment through here only
        lines.sudo()._pay_by_hand(self.env._("Paid by hand"))
        if not refusals:
            return True
        title = self.env._("%(count)s of %(all)s paid", count=len(lines), all=len(self))
        return tell_done(self.env, title, refusals)

    def _find_not_payable_by_hand(self):
        """Say which lines are not to be paid now.

        :return: (line, reason) pairs
        """
        yield from name_each(
            self.filtered(lambda line: line.state != "approved"),
            self.env._(
                "“%(line)s” is not approved: only approved commissions are paid."
            ),
        )
        yield from self._find_not_payable()

    def _check_payable(self):
        """Refuse to pay what is disputed, one's own, or was made and approved by oneself.

        The one door of every payment: by line, statement, payslip, export or API.

        :raises UserError: naming the first such line
        """
        refuse_any(self._find_not_payable())

    def _find_not_payable(self):
        """Say which lines this user may not pay, or nobody now.

        :return: (line, reason) pairs
        """
        yield from name_each(
            # sudo: disputes of lines, whoever may read them
            self.sudo().filtered("is_disputed"),
            self.env._("“%(line)s” is disputed. Decide the dispute before it is paid."),
        )
        yield from name_each(
            # sudo: the lead may be hidden from who pays
            self.sudo().filtered("lead_id.odd_reason"),
            self.env._(
                "The lead of “%(line)s” looks odd. Look at it before it is paid."
            ),
        )
        if self.env.su:
            return
        users, _employees = person = self._get_me()
        yield from self._find_stakes(person)
        yield from name_each(
            self.sudo().filtered(  # sudo: who made and approved them, whoever pays
                lambda line: line.maker_id in users and line.approver_id in users
            ),
            self.env._(
                "You made and approved “%(line)s”. Somebody else pays it, so that two "
                "people have seen it."
            ),
        )

    def action_cancel(self):
        """Drop lines made by hand that are not approved yet.

        :return: True
        :raises UserError: for one's own, computed ones and those that were approved
        """
        self._check_may_approve()
        self._check_no_stake()
        if (
            any(line.state != "draft" for line in self)
            or self._filter_by_hand() != self
        ):
            raise UserError(
                self.env._(
                    "Only manual lines to approve can be cancelled. A computed "
                    "commission follows its deal."
                )
            )
        self.sudo().state = "cancelled"  # sudo: checked above
        self._log_act("cancel")
        return True
