# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from contextlib import closing
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_list
from odoo.tools.misc import format_date, formatLang

from ..pipeline.closed_days import is_closed
from ..pipeline.months import month_name
from ..pipeline.notices import render_notice
from ..pipeline.officers import ADMINISTRATOR, OFFICER
from ..pipeline.refusals import explain_each, tell_done
from ..pipeline.states import OPEN_STATEMENTS, SETTLED_STATEMENTS, UNAPPROVED_STATES
from ..pipeline.titles import listed
from ..pipeline.told import told

#: what can still be open in a month: the model, its action, and which of its records
LINES = ("hr.commission.line", "hr_sales_commission.hr_commission_line_action")
EVENTS = ("hr.commission.event", "hr_sales_commission.hr_commission_event_action")
STATEMENTS = (
    "hr.commission.statement",
    "hr_sales_commission.hr_commission_statement_action",
)
OPEN = {
    "pending_count": (EVENTS, "date", Domain("state", "=", "pending")),
    "error_count": (EVENTS, "date", Domain("state", "=", "error")),
    "held_count": (LINES, "date", Domain("state", "=", "held")),
    "disputed_count": (
        LINES,
        "date",
        Domain("is_disputed", "=", True) & Domain("state", "in", UNAPPROVED_STATES),
    ),
    "draft_count": (LINES, "date", Domain("state", "=", "draft")),
    "statement_count": (
        STATEMENTS,
        "date_to",
        Domain("state", "in", OPEN_STATEMENTS),
    ),
}
#: what does not keep the month from being closed
WAITS = "held_count"


class HrCommissionClosing(models.TransientModel):
    """The closing assistant: what is open in a month, its statements, the lock."""

    _name = "hr.commission.closing"
    _description = "Close Commission Month"
    _inherit = ["hr.commission.guard"]

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The company whose month is closed.",
    )
    date_to = fields.Date(
        string="Close Until",
        required=True,
        default=lambda self: self._default_date_to(),
        help="Last day of the month to close.",
    )
    pending_count = fields.Integer(
        compute="_compute_open",
        string="Not computed yet",
        help="Events that are not computed yet. That takes a moment.",
    )
    error_count = fields.Integer(
        compute="_compute_open",
        string="In error",
        help="Events that could not be computed.",
    )
    held_count = fields.Integer(
        compute="_compute_open",
        string="Held",
        help="Commissions that wait for a verified source. They do not keep the month open.",
    )
    disputed_count = fields.Integer(
        compute="_compute_open",
        string="Disputed",
        help="Commissions about which a dispute is open.",
    )
    draft_count = fields.Integer(
        compute="_compute_open",
        string="To approve",
        help="Commissions that nobody has approved yet.",
    )
    statement_count = fields.Integer(
        compute="_compute_open",
        string="Statements not approved",
        help="Statements that are not made, confirmed or approved yet.",
    )
    lock_date = fields.Date(related="company_id.commission_lock_date")
    reason = fields.Char(help="Why the month is opened again.")
    is_done = fields.Boolean(
        compute="_compute_is_done", help="The month is closed already."
    )
    is_ready = fields.Boolean(compute="_compute_open")
    can_approve = fields.Boolean(
        compute="_compute_summary", help="There are statements to make or to approve."
    )
    close_label = fields.Char(compute="_compute_summary")
    summary = fields.Text(
        compute="_compute_summary", help="What closing does, and what is next."
    )

    @api.model
    def _default_date_to(self):
        today = self.env.company._commission_local_date()
        return today.replace(day=1) - timedelta(days=1)

    @api.depends("company_id", "date_to")
    def _compute_open(self):
        # sudo: everything of the company counts, whatever companies are selected
        env = self.sudo().env
        for wizard in self:
            may_count = wizard._may_count()
            for name in OPEN:
                (model, _action), domain = wizard._get_open(name)
                wizard[name] = env[model].search_count(domain) if may_count else 0
            wizard.is_ready = may_count and not any(
                wizard[name] for name in OPEN if name != WAITS
            )

    def _get_open(self, name):
        """Return what one of the counts counts: (model, action), and the domain."""
        about, day, domain = OPEN[name]
        return about, (
            Domain("company_id", "=", self.company_id.id)
            & Domain(day, "<=", self._get_last_day())
            & domain
        )

    def _get_last_day(self):
        """Return the last day of the month to close; False without a date."""
        return self.date_to and fields.Date.end_of(self.date_to, "month")

    @api.depends("company_id.commission_lock_date", "date_to")
    def _compute_is_done(self):
        for wizard in self:
            company = wizard.company_id.sudo()  # sudo: which months are closed
            last, locked = wizard._get_last_day(), company.commission_lock_date
            wizard.is_done = is_closed(locked, last)

    @api.depends("company_id", "date_to", "lock_date", "is_done")
    def _compute_summary(self):
        for wizard in self:
            last = wizard._get_last_day()
            month = last and month_name(self.env, last)
            wizard.close_label = month and self.env._("Close %(month)s", month=month)
            figures = wizard._may_count() and wizard._get_figures(month, last)
            wizard.can_approve = figures and figures["unapproved"]
            wizard.summary = figures and wizard._summarize(figures)

    def _summarize(self, values):
        """Say what closing does or did, in figures.

        :param dict values: from :meth:`_get_figures`
        :rtype: str
        """
        texts = [
            self.env._("%(month)s is closed.", **values)
            if self.is_done
            else self.env._(
                "Closing %(month)s freezes it. Only an administrator opens it again, "
                "and says why.",
                **values,
            ),
            self.env._(
                "%(statements)s statements are frozen as they are: %(paid)s to be paid, "
                "%(open)s of it still open.",
                **values,
            ),
        ]
        if values["held"]:
            texts.append(
                self.env._(
                    "%(held)s commissions stay held (%(held_amount)s). They move to "
                    "%(next)s or the month in which they are decided.",
                    **values,
                )
            )
        texts.append(self.env._("What changes later is posted in %(next)s.", **values))
        if not self.is_done and not self.is_ready:
            texts.append(
                self.env._(
                    "Before it can be closed: %(todo)s.", todo=self._describe_open()
                )
            )
            if self.draft_count and not values["unapproved"]:
                texts.append(self._describe_late())
        if self.is_done:
            texts.append(self.env._("Next: hand out the statements, then pay them."))
        return "\n".join(texts)

    def _describe_open(self):
        """Say what keeps the month open, by the labels that stand beside the counts."""
        return format_list(
            self.env,
            [
                self.env._(
                    "%(label)s (%(count)s)",
                    label=self._fields[name]._description_string(self.env),
                    count=self[name],
                )
                for name in OPEN
                if name != WAITS and self[name]
            ],
        )

    def _get_figures(self, month, last):
        """Return what the summary names, by placeholder."""
        held = (
            self.sudo()  # sudo: as above
            .env["hr.commission.line"]
            ._read_group(self._get_open(WAITS)[1], [], ["amount:sum", "__count"])
        )
        [(held_amount, held_count)] = held
        return {
            "month": month,
            "next": month_name(
                self.env, max(last, self.lock_date or last) + timedelta(days=1)
            ),
            **self._get_statement_figures(),
            "held": held_count,
            "held_amount": self._format(held_amount or 0.0),
        }

    def _get_statement_figures(self):
        """Return what the statements of the month come to.

        Before it is closed as *Approve the Statements* makes them: those that are
        missing are made, drafts take in what has no statement yet; nothing stays.
        """
        wizard = self.sudo()  # sudo: of the officer's company
        Statement = wizard.env["hr.commission.statement"]
        if self.is_done:
            return self._describe_statements(wizard._get_statements())
        self.env.flush_all()
        # what is typed into the assistant is in the cache only: it is not to be cleared
        with closing(self.env.cr.savepoint(flush=False)):
            company, last = wizard.company_id._origin, self._get_last_day()
            made = Statement.with_context(tracking_disable=True)._generate(
                company, last
            )
            figures = self._describe_statements(made)
            self.env.flush_all()
        Statement.invalidate_model(flush=False)
        self.env["hr.commission.line"].invalidate_model(flush=False)
        return figures

    def _describe_statements(self, statements):
        unapproved = statements.filtered(lambda each: each.state in OPEN_STATEMENTS)
        return {
            "statements": len(statements),
            "unapproved": len(unapproved),
            "paid": self._format(sum(statements.mapped("paid"))),
            "open": self._format(sum(statements.mapped("amount_open"))),
        }

    def _format(self, amount):
        company = self.company_id.sudo()  # sudo: a branch's currency is no secret
        return formatLang(self.env, amount, currency_obj=company.currency_id)

    def _get_statements(self):
        """Return the statements of the month."""
        last = self._get_last_day()
        return self.env["hr.commission.statement"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("date_from", "=", last.replace(day=1))
        )

    def action_view_open(self):
        """Show what is counted by the field named in the context.

        :return: the window action
        """
        self._ensure_one_given()
        self._check_officer()
        name = self.env.context.get("commission_open")
        if name not in OPEN:
            return False
        (_model, xmlid), domain = self._get_open(name)
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = list(domain)
        action["context"] = {}
        return action

    def action_view_statements(self):
        """Show the statements of the month.

        :return: the window action
        """
        self._ensure_one_given()
        self._check_officer()
        return self._show(self._get_statements())

    def action_print_statements(self):
        """Print the statements of the month.

        :return: the report action
        """
        self._ensure_one_given()
        self._check_officer()
        return self.env.ref(
            "hr_sales_commission.hr_commission_statement_report_action"
        ).report_action(self._get_statements())

    def _may_count(self):
        """Whether the reader may know what is open in the company."""
        if not (self.company_id and self.date_to):
            return False
        # sudo: only whether the company is one of the reader's
        return (
            self.env.su or self.company_id._origin in self.env.user.sudo().company_ids
        )

    def action_export(self):
        """Open the export of what is due this month: what a month earned is due later.

        :return: the window action
        """
        self._ensure_one_given()
        self._check_officer()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_export_wizard_action"
        )
        action["context"] = {"default_company_id": self.company_id.id}
        return action

    def action_generate_statements(self):
        """Make or refresh the month's statements and show them."""
        self._ensure_one_given()
        self._check_officer()
        return self._show(
            self.env["hr.commission.statement"]._generate(self.company_id, self.date_to)
        )

    def action_approve_statements(self):
        """Make, confirm and approve the month's statements, but one's own.

        :return: the notification that says how many, and why not the others, then the
            assistant again
        """
        self._ensure_one_given()
        self._check_officer()
        Statement = self.env["hr.commission.statement"]
        found = Statement._generate(self.company_id, self.date_to).sudo(False)
        todo = found.filtered(lambda each: each.state in OPEN_STATEMENTS)
        refusals = explain_each(todo._find_own())
        todo = todo.filtered(lambda each: each not in refusals)
        todo.filtered(lambda each: each.state == "draft").action_confirm()
        _approved, first, left = todo._approve_possible()
        approved = found.filtered(lambda each: each.state in SETTLED_STATEMENTS)
        title = self.env._(
            "%(count)s of %(all)s approved", count=len(approved), all=len(found)
        )
        texts = first._describe_second(first._ask_second())
        if found == approved:
            texts.append(self._describe_late())
        action = tell_done(
            self.env, title, refusals | left, texts, is_success=not first
        )
        action["params"]["next"] = self._reopen()
        return action

    def _describe_late(self):
        """Say what else keeps a month open whose statements are all approved."""
        on_none = Domain("statement_id", "=", False)
        late = self.env["hr.commission.line"].search_count(
            self._get_open("draft_count")[1] & on_none
        )
        if not late:
            return self.env._("The month can be closed once nothing else is open.")
        return self.env._(
            "Commissions that came after their statement was approved: %(count)s. Click "
            "on the number beside “To approve” and approve them there.",
            count=late,
        )

    def _reopen(self, name=None):
        """Return the action that shows the assistant again, with what is so now."""
        return {
            "type": "ir.actions.act_window",
            "name": name or self.env._("Close Month"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _show(self, statements):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_statement_action"
        )
        action["domain"] = [("id", "in", statements.ids)]
        action["context"] = {}
        return action

    def action_close(self):
        """Lock the month: its lines never change any more.

        :return: the assistant again: what was done, and what is next
        :raises UserError: while something of the month is not computed, not approved or
            disputed
        """
        self._ensure_one_given()
        self._check_officer()
        self.date_to = fields.Date.end_of(self.date_to, "month")
        if self.date_to >= self.company_id._commission_local_date():
            raise UserError(self.env._("Only a month that is over can be closed."))
        if is_closed(self.lock_date, self.date_to):
            raise UserError(
                self.env._(
                    "Everything up to %(day)s is closed already.",
                    day=format_date(self.env, self.lock_date),
                )
            )
        self._check_not_own_money(self.lock_date, self.date_to)
        self._check_nothing_open()
        company = self.company_id.sudo()  # sudo: the officer closes, see above
        self._log_lock("close", self.date_to)
        company.commission_lock_date = self.date_to
        # sudo: the officer closes, see above
        self.env.ref("hr_sales_commission.ir_cron_commission_store").sudo()._trigger()
        return self._reopen(self.env._("Closed"))

    def _log_lock(self, act, day):
        """Log that the lock moves to another day."""
        self.env["hr.commission.audit"]._log(
            [
                {
                    **self.company_id.sudo()._get_audit_values(),  # sudo: its name
                    "act": act,
                    "field_name": "commission_lock_date",
                    "old_value": str(self.lock_date or "") or False,
                    "new_value": str(day),
                    "reason": self.reason,
                }
            ]
        )

    def _check_not_own_money(self, after, until):
        """Refuse to close or open a month with money of one's own, asked by person.

        :param date after: last day that stays as it is; False: none
        :param date until: last day to close or open
        :raises UserError: if the user has commissions in between
        """
        people = self.env["hr.commission.line"].sudo()  # sudo: whoever earns there
        groups = people._read_group(
            Domain("company_id", "=", self.company_id.id)
            & Domain("date", "<=", until)
            & (Domain("date", ">", after) if after else Domain.TRUE)
            & Domain("state", "!=", "cancelled")
            & Domain("amount", "!=", 0),
            ["employee_id"],
        )
        employees = self.env["hr.employee"].union(*(found for (found,) in groups))
        self.env["hr.commission.person"]._check_not_interested(employees)

    def _check_nothing_open(self):
        open_items = {
            self.env._("events to compute"): self.pending_count,
            self.env._("events in error"): self.error_count,
            self.env._("disputed lines"): self.disputed_count,
            self.env._("lines to approve"): self.draft_count,
            self.env._("statements to approve"): self.statement_count,
        }
        found = [f"{count} {label}" for label, count in open_items.items() if count]
        if found:
            raise UserError(
                self.env._(
                    "The month is not finished: %(open)s. Deal with these first.",
                    open=listed(self.env, found),
                )
            )

    def action_reopen(self):
        """Open the closed period again, from the month of the date on.

        :return: the notification that says so, then the assistant again
        :raises AccessError: for anybody but commission administrators
        :raises UserError: without a reason
        """
        self._ensure_one_given()
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(
                self.env._("Only a commission administrator opens a closed month.")
            )
        self._check_company()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the month is opened again."))
        company = self.company_id.sudo()  # sudo: checked above
        before = company.commission_lock_date
        if not before or self.date_to.replace(day=1) > before:
            raise UserError(self.env._("This month is open already."))
        day = self.date_to.replace(day=1) - timedelta(days=1)
        self._check_not_own_money(day, before)
        self._log_lock("reopen", day)
        company.commission_lock_date = day
        company.partner_id.message_post(
            **render_notice(
                company,
                "mail_template_reopened",
                before=format_date(self.env, before),
                day=format_date(self.env, self.date_to.replace(day=1)),
                reason=self.reason,
            )
        )
        month = month_name(self.env, self.date_to)
        text = self.env._("%(month)s is open again.", month=month)
        return told("success", text, self._reopen())

    def _check_officer(self):
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Commission officers close months."))
        self._check_company()

    def _check_company(self):
        """Refuse to close or open a branch that is not selected.

        :raises AccessError: naming the branch
        """
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "Select the branch “%(branch)s” first.",
                    # sudo: a company's name is no secret
                    branch=self.company_id.sudo().name,
                )
            )
