# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..pipeline.isolation import lock_quietly
from ..pipeline.officers import check_manager
from ..pipeline.pay_parts import held_sql
from ..pipeline.refusals import (
    describe,
    explain_each,
    name_each,
    offer_undo,
    refuse_any,
    tell_done,
)
from ..pipeline.states import (
    APPROVABLE_DOMAIN,
    LARGE_STATES,
    OPEN_STATEMENTS,
    SETTLED_STATEMENTS,
    UNAPPROVED_STATES,
)
from ..pipeline.titles import listed

SECOND_APPROVAL = "mail.mail_activity_data_todo"


class HrCommissionStatement(models.Model):
    """Confirming, agreeing, approving and paying statements with their lines."""

    _inherit = "hr.commission.statement"

    date_acknowledged = fields.Datetime(
        string="Confirmed by Employee",
        readonly=True,
        help="When the employee agreed with the statement.",
    )
    is_first_approved = fields.Boolean(
        readonly=True,
        help="Approved once; a second person does as well: above the threshold, and "
        "where the first works for whom it pays.",
    )
    first_approver_id = fields.Many2one(
        "res.users", readonly=True, help="Who approved it as the first of two people."
    )
    approver_id = fields.Many2one(
        "res.users", readonly=True, tracking=True, help="Who approved it last."
    )

    content_hash = fields.Char(
        readonly=True,
        copy=False,
        help="Of the lines as they were confirmed: what is approved is exactly that.",
    )

    # ------------------------------------------------------------------
    # Confirming and agreeing
    # ------------------------------------------------------------------

    def action_confirm(self):
        """Confirm drafts: the figures stay from now on.

        Lines that are held or disputed do not count; a later statement pays them. One's
        own statement stays behind and is named.

        :return: True, or the notification that names what stays behind
        :raises UserError: if all of them are one's own
        """
        self._check_may_manage()
        refusals = explain_each(self._find_own())
        allowed = self._filter_not_in(refusals)
        statements = allowed.sudo()  # sudo: checked above
        lock_quietly(statements)
        statements._refresh()
        drafts = statements.filtered(lambda each: each.state == "draft")
        hashes = drafts._get_content_hashes()
        drafts.write({"state": "confirmed", "is_notice_due": True})
        for statement in drafts:
            statement.content_hash = hashes.get(statement.id)
        drafts.with_env(self.env)._log_seal("confirm")
        self.env["hr.commission.event"]._trigger_processing()  # its cron tells them
        title = self.env._(
            "%(count)s of %(all)s confirmed", count=len(drafts), all=len(self)
        )
        return not refusals or tell_done(self.env, title, refusals)

    def _filter_not_in(self, refusals):
        """Return the statements that are not refused.

        :param dict refusals: reasons by statement
        :raises UserError: with the reasons, if all are
        """
        allowed = self.filtered(lambda statement: statement not in refusals)
        if refusals and not allowed:
            raise UserError(describe(self.env, refusals))
        return allowed

    def _get_content_hashes(self):
        """Return the hash of what is to be approved, line by line, by statement id."""
        self.flush_model()
        self.env["hr.commission.line"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT statement_id,
                              encode(sha256(convert_to(string_agg(
                                  concat_ws(':', id, employee_id, amount::text),
                                  ',' ORDER BY id), 'UTF8')), 'hex')
                         FROM hr_commission_line line
                        WHERE statement_id = ANY(%s)
                          AND state != 'cancelled' AND NOT %s
                        GROUP BY statement_id""",
                    self.ids,
                    held_sql("line"),
                )
            )
        )

    def action_reset_to_draft(self):
        """Open confirmed statements again.

        :raises UserError: for one's own statement, or an approved one
        """
        self._check_may_manage()
        self._check_not_own()
        if any(statement.state not in OPEN_STATEMENTS for statement in self):
            raise UserError(
                self.env._(
                    "Take the approval back first. What is paid never changes: correct "
                    "it by a line."
                )
            )
        self.filtered(lambda each: each.state == "confirmed")._log_seal("unconfirm")
        statements = self.sudo()  # sudo: checked above
        statements.write(
            {
                "state": "draft",
                "is_notice_due": False,
                "is_first_approved": False,
                "first_approver_id": False,
                "content_hash": False,
                "date_acknowledged": False,
            }
        )
        statements._stop_asking()
        statements.activity_unlink([SECOND_APPROVAL])
        statements._refresh()
        return True

    def action_acknowledge(self):
        """The employee confirms to have seen the statement and to agree.

        :raises AccessError: for anybody else
        """
        for statement in self:
            if statement.user_id != self.env.user:
                raise AccessError(
                    self.env._("Only the employee confirms their own statement.")
                )
            if statement.state == "draft":
                raise UserError(
                    self.env._("This statement is not final yet. Agree once it is.")
                )
        statements = self.sudo()  # sudo: the employee's own, checked above
        statements.write({"date_acknowledged": fields.Datetime.now()})
        statements._stop_asking()
        statements._log_in_chatter(
            self.env._("%(name)s agrees.", name=self.env.user.name)
        )
        return True

    # ------------------------------------------------------------------
    # Approving
    # ------------------------------------------------------------------

    def action_approve(self):
        """Approve statements with their lines; large ones need a second approver.

        Drafts, one's own, and those whose lines changed since they were confirmed stay
        behind and are named; the others go through.

        :return: True, or the notification that says how many were approved, and what
            becomes of the others
        :raises UserError: if none can be approved, with the reasons
        """
        self._check_may_manage()
        approved, first, refusals = self._approve_possible()
        if refusals and not (approved or first):
            raise UserError(describe(self.env, refusals))
        asked = first._ask_second()
        can_undo = self.env.context.get("commission_undo")
        if len(self) == len(approved) == 1 and not can_undo:
            return True
        action = self._tell_approved(approved, first, asked, refusals)
        if not can_undo:
            return action
        return offer_undo(action, approved, "action_take_back_approval")

    def _approve_possible(self):
        """Approve what this user may approve now.

        :return: the statements that are approved, those that a second person has to
            approve as well, and why the others stay behind, by statement
        """
        refusals = explain_each(self._find_not_approvable())
        asked = self.filtered(lambda each: each not in refusals)
        lock_quietly(asked.sudo())  # sudo: checked above
        refusals |= asked._refuse_changed()
        asked = asked.filtered(lambda each: each not in refusals)
        refusals |= explain_each(asked._find_months_before())
        statements = asked.filtered(lambda each: each not in refusals)
        statements = statements.sudo()  # sudo: checked above
        first = statements._filter_needs_second()
        if first:  # the months after them wait as well
            refusals |= explain_each((statements - first)._find_months_before())
            statements = statements.filtered(lambda each: each not in refusals)
        first.write({"is_first_approved": True, "first_approver_id": self.env.uid})
        first._log_in_chatter(
            self.env._(
                "Approved by %(name)s. A second person has to approve as well.",
                name=self.env.user.name,
            )
        )
        approved = statements - first
        approved._approve_lines()
        approved.write({"state": "approved", "approver_id": self.env.uid})
        approved.activity_unlink([SECOND_APPROVAL])
        return approved, first, refusals

    def _ask_second(self):
        """Give somebody else an activity to approve these statements as well.

        :return: who was asked: the nearest without interest
        :rtype: res.users
        """
        asked = self.env["res.users"]
        if not self:
            return asked
        for company, statements in self.grouped("company_id").items():
            user = statements._find_second(company)
            # no mail: whoever approves sees it among the activities
            quiet = statements.with_context(
                lang=user.lang, mail_activity_quick_update=True
            )
            if user:
                quiet.activity_schedule(
                    SECOND_APPROVAL,
                    summary=quiet.env._("Approve as the second person"),
                    user_id=user.id,
                )
            asked |= user
        return asked

    def _find_second(self, company):
        """Return who approves these as well: the nearest who gains nothing by them and,
        where there is one, works for nobody whom they pay.

        :rtype: res.users
        """
        Person = self.env["hr.commission.person"]
        users, _employees = Person._get_person(self.env.user)
        since = min(self.mapped("date_from"))
        possible = users.browse()
        for user in Person._get_approvers(company) - users:
            if Person._find_interested(user, self.employee_id):
                continue
            if not Person._find_superiors(user, since) & self.employee_id:
                return user
            possible = possible or user
        return possible

    def _tell_approved(self, approved, first, asked, refusals):
        """Return the notification that says what was done, and what is next.

        :param first: statements that a second person has to approve as well
        :param asked: res.users who were asked to
        :param dict refusals: what stays behind, and why
        """
        texts = first._describe_second(asked)
        if not (first or refusals):
            texts.append(self.env._("They can be paid with the next payroll."))
        title = self.env._(
            "%(count)s of %(all)s approved", count=len(approved), all=len(self)
        )
        return tell_done(self.env, title, refusals, texts, is_success=not first)

    def _describe_second(self, asked):
        """Say, if there are any of these, that a second person approves them as well.

        :param asked: res.users who were asked to
        :rtype: list[str]
        """
        if not self:
            return []
        if asked:
            return [
                self.env._(
                    "%(count)s need a second person: %(names)s has been asked.",
                    count=len(self),
                    names=listed(self.env, asked.mapped("name")),
                )
            ]
        return [
            self.env._(
                "%(count)s need a second person: ask a branch manager or officer.",
                count=len(self),
            )
        ]

    def _log_in_chatter(self, text):
        """Note the same text on each of these statements."""
        if self:
            self._message_log_batch(
                bodies=dict.fromkeys(self.ids, text),
                author_id=self.env.user.partner_id.id,
            )

    def _filter_needs_second(self):
        """Return the statements whose approval is only the first of two.

        Those of whoever the approver works for; and large ones.
        """
        once = self.filtered(lambda each: not each.is_first_approved)
        if not once:
            return once
        superiors = self.env["hr.commission.person"]._find_superiors(
            self.env.user, min(once.mapped("date_from"))
        )
        return once._filter_large() | once.filtered(
            lambda each: each.employee_id in superiors
        )

    def _filter_large(self):
        """Return the statements that reach the threshold.

        What is paid counts, and all that its lines give and take: they never net out.
        """
        thresholds = {
            company: company.commission_second_approval_amount
            for company in self.company_id
        }
        concerned = self.filtered(lambda each: thresholds[each.company_id])
        turnover = defaultdict(float)
        for line in concerned.line_ids:
            if line.state in LARGE_STATES:
                turnover[line.statement_id] += abs(line.amount)
        return concerned.filtered(
            lambda each: (
                each.currency_id.compare_amounts(
                    max(each.paid, turnover[each] + abs(each.draw)),
                    thresholds[each.company_id],
                )
                >= 0
            )
        )

    def _find_not_approvable(self):
        """Say which statements this user may not approve now, and what to do.

        :return: (statement, reason) pairs
        """
        yield from name_each(
            self.filtered(lambda each: each.state == "draft"),
            self.env._("Confirm “%(statement)s” before approving it."),
        )
        yield from name_each(
            self.filtered(lambda each: each.state in SETTLED_STATEMENTS),
            self.env._("“%(statement)s” is approved already."),
        )
        yield from self._find_own()
        if self.env.su:
            return
        users, _own = self.env["hr.commission.person"]._get_person(self.env.user)
        yield from name_each(
            # sudo: who approved first is for approvers
            self.filtered(lambda each: each.sudo().first_approver_id in users),
            self.env._(
                "You have approved “%(statement)s” already. A second person has to."
            ),
        )
        statements = self.sudo()  # sudo: who approved first is for approvers
        yield from name_each(
            self.env["hr.commission.person"]._filter_by_reports(
                statements, "date_from"
            ),
            self.env._(
                "You and whoever approved “%(statement)s” first both work for whom it "
                "pays. Somebody approves it who does not."
            ),
        )
        # sudo: all lines count, whoever approves
        lines = self.sudo().line_ids.filtered_domain(APPROVABLE_DOMAIN)
        for line, reason in lines.sudo(False)._find_same_person():
            # sudo: which statement it is on
            yield line.sudo().statement_id, reason

    def _find_own(self):
        """Say which statements are one's own, asked by person.

        :return: (statement, reason) pairs
        """
        if self.env.su:
            return
        Person = self.env["hr.commission.person"]
        # sudo: hr.employee - to know whose statement it is
        own = Person._find_interested(self.env.user, self.sudo().employee_id)
        yield from name_each(
            # sudo: as above
            self.filtered(lambda each: each.sudo().employee_id in own),
            self.env._(
                "“%(statement)s” is your own statement. Somebody else decides on it."
            ),
        )

    def _check_not_own(self):
        """Refuse to act on one's own statement.

        :raises UserError: if one of these is
        """
        refuse_any(self._find_own())

    def _find_months_before(self):
        """Say which statements open with a balance that can still change.

        :return: (statement, reason) pairs
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """WITH chosen AS (SELECT unnest(%s::int[]) AS id)
                   SELECT now.id, before.id
                     FROM chosen
                     JOIN hr_commission_statement now ON now.id = chosen.id
                     JOIN hr_commission_statement before
                       ON before.employee_id = now.employee_id
                      AND before.company_id = now.company_id
                      AND before.date_from < now.date_from
                      AND before.state IN %s
                     LEFT JOIN chosen same ON same.id = before.id
                    WHERE same.id IS NULL
                    ORDER BY before.date_from, now.date_from""",
                self.ids,
                OPEN_STATEMENTS,
            )
        )
        for now_id, before_id in rows:
            before = self.browse(before_id).sudo()  # sudo: of the same person
            yield (
                self.browse(now_id),
                self.env._(
                    "Approve “%(statement)s” first: its balance is carried on.",
                    statement=before.display_name,
                ),
            )

    def _refuse_changed(self):
        """Start the approval of statements that changed since confirmation again.

        :return: the reasons by statement
        :rtype: dict
        """
        changed = self._filter_changed()
        changed.sudo().write(  # sudo: what was approved once is not that any more
            {"is_first_approved": False, "first_approver_id": False}
        )
        return explain_each(
            name_each(
                changed,
                self.env._(
                    "The lines of “%(statement)s” changed since it was confirmed. Set "
                    "it back to draft and confirm it again."
                ),
            )
        )

    def _filter_changed(self):
        """Return the statements whose lines or figures changed since confirmation."""
        statements = self.sudo()  # sudo: the figures of the statements themselves
        figures = statements._get_figures()
        hashes = statements._get_content_hashes()
        return self.filtered(
            lambda each: (
                # sudo: the fingerprint is the system's
                each.sudo().content_hash != (hashes.get(each.id) or False)
                or any(
                    each.currency_id.compare_amounts(each[name], value)
                    for name, value in figures[each.id].items()
                )
            )
        )

    def _approve_lines(self):
        """Approve the lines of these statements, and post their draws.

        What is held or disputed leaves them: the statement of a later month takes it.
        """
        Line = self.env["hr.commission.line"]
        waiting = self.line_ids.filtered(lambda line: line.state in UNAPPROVED_STATES)
        lines = waiting.filtered_domain(APPROVABLE_DOMAIN)
        (waiting - lines).statement_id = False
        lines._approve()
        drawing = self.filtered(
            lambda statement: not statement.currency_id.is_zero(statement.draw)
        )
        terms = drawing._get_draw_terms()
        Line.create([each._prepare_draw_line(terms[each.id]) for each in drawing])

    def _prepare_draw_line(self, terms):
        self.ensure_one()
        return {
            "employee_id": self.employee_id.id,
            "company_id": self.company_id.id,
            "statement_id": self.id,
            "kind": "draw",
            "state": "approved",
            "amount": self.draw,
            "date": self.date_to,
            "date_due": self._get_draw_due_date(),
            "approver_id": self.env.uid,
            "date_approved": fields.Datetime.now(),
            "note": self._get_draw_note(terms),
        }

    def _get_draw_due_date(self):
        """Return the day of an advance, the end of the month; what is recovered, or
        carried, is due once so much of the month's own money is: before, it would take
        what other months pay.

        :rtype: date
        """
        wanted = -self.draw
        if wanted <= 0:
            return self.date_to
        for line in self.line_ids.sorted(
            lambda line: (line.date_due or line.date, line.id)
        ):
            wanted = self.currency_id.round(wanted - line.amount)
            if wanted <= 0:
                return max(line.date_due or line.date, self.date_to)
        return self.date_to

    def _get_draw_note(self, terms):
        """Return why a month pays more, or less, than its lines.

        :param dict terms: from :meth:`_get_draw_terms`
        """
        if self.draw > 0 and terms.get("leaving"):
            return self.env._(
                "%(month)s: %(amount)s that would be owed lapses on leaving",
                month=self.display_name,
                amount=self.currency_id.format(self.draw),
            )
        if self.draw < 0 and self.draw_debt < 0 and not self.paid:
            return self.env._(
                "%(month)s: %(amount)s is carried to the next months",
                month=self.display_name,
                amount=self.currency_id.format(-self.draw),
            )
        if self.draw < 0 and self.draw_debt < 0:
            return self.env._(
                "%(month)s: %(amount)s above the cap is carried to the next months",
                month=self.display_name,
                amount=self.currency_id.format(-self.draw),
            )
        return self.env._("Draw of %(month)s", month=self.display_name)

    def action_mark_paid(self):
        """Record approved statements as paid outside of payroll.

        What is disputed meanwhile waits, and keeps the statement open. One's own, what
        is not approved, and what must not be paid stays behind and is named.

        :return: True, or the notification that names what stays behind
        :raises UserError: if none can be paid, with the reasons
        """
        self._check_may_manage()
        refusals = explain_each(self._find_not_payable())
        paying = self._filter_not_in(refusals).sudo()  # sudo: checked above
        lines = paying._get_unpaid_lines().filtered(lambda line: not line.is_disputed)
        lines._pay_by_hand(self.env._("Statement, paid by hand"))
        (paying | lines.statement_id)._update_paid_state()
        # a month that pays nothing by itself is settled by a later one
        left = {
            each: reason for each, reason in refusals.items() if each.state != "paid"
        }
        title = self.env._(
            "%(count)s of %(all)s paid", count=len(self) - len(left), all=len(self)
        )
        return not left or tell_done(self.env, title, left)

    def _find_not_payable(self):
        """Say which statements are not to be paid now, and what to do.

        :return: (statement, reason) pairs
        """
        yield from self._find_own()
        yield from name_each(
            self.filtered(lambda each: each.state in OPEN_STATEMENTS),
            self.env._("Approve “%(statement)s” before paying it."),
        )
        yield from name_each(
            self.filtered(lambda each: each.state == "paid"),
            self.env._("“%(statement)s” is paid already."),
        )
        yield from name_each(
            self.filtered(lambda each: each.closing and not each.paid),
            self.env._("“%(statement)s” pays nothing: its balance is carried on."),
        )
        settled = self._group_unpaid_lines()
        yield from name_each(
            (
                each
                for each, lines in settled
                if lines and all(lines.mapped("is_disputed"))
            ),
            self.env._(
                "All of “%(statement)s” is disputed. Decide the dispute before it is paid."
            ),
        )
        unpaid = self.env["hr.commission.line"].union(*(lines for _, lines in settled))
        waiting = unpaid.filtered(lambda line: not line.is_disputed)
        reasons = explain_each(waiting.sudo(False)._find_not_payable())
        for statement, lines in settled:
            for line in lines.filtered(lambda line: line in reasons):
                yield statement, reasons[line]

    def _group_unpaid_lines(self):
        """Return what each approved statement of these settles.

        :return: (statement, lines) pairs
        """
        statements = self.sudo().filtered(  # sudo: all lines count, whoever pays
            lambda each: each.state == "approved"
        )
        by_payee = statements._get_unpaid_lines().grouped(
            lambda line: (line.employee_id, line.company_id)
        )
        none = self.env["hr.commission.line"]
        return [
            (
                each,
                by_payee.get((each.employee_id, each.company_id), none).filtered(
                    lambda line, each=each: (
                        line.statement_id.date_from <= each.date_from
                    )
                ),
            )
            for each in statements
        ]

    def _get_unpaid_lines(self):
        """Return the approved lines that these statements settle.

        What an earlier month took back and could not deduct is settled with them.
        """
        self.flush_model()
        self.env["hr.commission.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id
                     FROM hr_commission_statement now
                     JOIN hr_commission_statement settled
                       ON settled.employee_id = now.employee_id
                      AND settled.company_id = now.company_id
                      AND settled.date_from <= now.date_from
                     JOIN hr_commission_line line ON line.statement_id = settled.id
                    WHERE now.id = ANY(%s) AND line.state = 'approved'
                      AND settled.state IN %s""",
                self.ids,
                SETTLED_STATEMENTS,
            )
        )
        return self.env["hr.commission.line"].browse({line_id for (line_id,) in rows})

    def _update_paid_state(self):
        """A statement is paid while none of its lines waits for payment."""
        statements = self.sudo().filtered(  # sudo: follows its lines
            lambda statement: statement.state in SETTLED_STATEMENTS
        )
        waiting = {
            statement
            for (statement,) in self.env["hr.commission.line"]
            .sudo()  # sudo: all lines count, whoever pays
            ._read_group(
                [
                    ("statement_id", "in", statements.ids),
                    ("state", "in", ("approved", "in_payroll")),
                ],
                ["statement_id"],
            )
        }
        open_again = statements.filtered(lambda each: each in waiting)
        open_again.filtered(lambda each: each.state == "paid").state = "approved"
        settled = statements - open_again
        settled.filtered(lambda each: each.state == "approved").state = "paid"
        settled._stop_asking()

    def _check_may_manage(self):
        """Refuse people who do not run statements.

        :raises AccessError: for anybody but branch managers and commission officers
        """
        self.check_access("read")
        check_manager(
            self.env,
            self.env._("Branch managers and commission officers run statements."),
        )
