from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

OPEN_COUNTS = ("pending_count", "error_count", "held_count", "disputed_count") + (
    "draft_count",
    "statement_count",
)


class HrCommissionClosing(models.TransientModel):
    """The closing assistant: what is open in a month, its statements, the lock."""

    _name = "hr.commission.closing"
    _description = "Close Commission Month"
    _inherit = ["hr.commission.guard"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_to = fields.Date(
        string="Close Until",
        required=True,
        default=lambda self: self._default_date_to(),
        help="Last day of the month to close.",
    )
    pending_count = fields.Integer(compute="_compute_open", string="Not computed yet")
    error_count = fields.Integer(compute="_compute_open", string="In error")
    held_count = fields.Integer(compute="_compute_open", string="Held")
    disputed_count = fields.Integer(compute="_compute_open", string="Disputed")
    draft_count = fields.Integer(compute="_compute_open", string="To approve")
    statement_count = fields.Integer(
        compute="_compute_open", string="Statements not approved"
    )
    lock_date = fields.Date(related="company_id.commission_lock_date")
    reason = fields.Char(help="Why the month is opened again.")

    @api.model
    def _default_date_to(self):
        return fields.Date.context_today(self).replace(day=1) - timedelta(days=1)

    @api.depends("company_id", "date_to")
    def _compute_open(self):
        # sudo: everything of the company counts, whatever companies are selected
        env = self.sudo().env
        Event = env["hr.commission.event"]
        Line = env["hr.commission.line"]
        Statement = env["hr.commission.statement"]
        own = self.filtered(lambda wizard: wizard._may_count())
        for name in OPEN_COUNTS:
            self[name] = 0
        for wizard in own:
            period = Domain("company_id", "=", wizard.company_id.id) & Domain(
                "date", "<=", wizard.date_to
            )
            wizard.pending_count = Event.search_count(
                period & Domain("state", "=", "pending")
            )
            wizard.error_count = Event.search_count(
                period & Domain("state", "=", "error")
            )
            wizard.held_count = Line.search_count(period & Domain("state", "=", "held"))
            wizard.disputed_count = Line.search_count(
                period
                & Domain("is_disputed", "=", True)
                & Domain("state", "in", ("held", "draft"))
            )
            wizard.draft_count = Line.search_count(
                period & Domain("state", "=", "draft")
            )
            wizard.statement_count = Statement.search_count(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("date_to", "<=", wizard.date_to),
                    ("state", "in", ("draft", "confirmed")),
                ]
            )

    def _may_count(self):
        """Whether the reader may know what is open in the company."""
        if not (self.company_id and self.date_to):
            return False
        # sudo: only whether the company is one of the reader's
        return (
            self.env.su or self.company_id._origin in self.env.user.sudo().company_ids
        )

    def action_generate_statements(self):
        """Make or refresh the month's statements and show them."""
        self.ensure_one()
        self._check_officer()
        statements = self.env["hr.commission.statement"]._generate(
            self.company_id, self.date_to
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_statement_action"
        )
        action["domain"] = [("id", "in", statements.ids)]
        action["context"] = {}
        return action

    def action_close(self):
        """Lock the month: its lines never change any more.

        :raises UserError: while something of the month is not computed, not approved or
            disputed
        """
        self.ensure_one()
        self._check_officer()
        self.date_to = fields.Date.end_of(self.date_to, "month")
        if self.date_to >= self.company_id._commission_local_date():
            raise UserError(self.env._("Only a month that is over can be closed."))
        if self.lock_date and self.date_to <= self.lock_date:
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
        self.env.ref("hr_sales_commission.ir_cron_commission_store").sudo()._trigger()
        return {"type": "ir.actions.act_window_close"}

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
                    open=", ".join(found),
                )
            )

    def action_reopen(self):
        """Open the closed period again, from the month of the date on.

        :raises AccessError: for anybody but commission administrators
        :raises UserError: without a reason
        """
        self.ensure_one()
        administrator = "hr_sales_commission.group_commission_administrator"
        if not self.env.user.has_group(administrator):
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
            body=self.env._(
                "Commissions locked until %(before)s were opened from %(day)s on: "
                "%(reason)s",
                before=format_date(self.env, before),
                day=format_date(self.env, self.date_to.replace(day=1)),
                reason=self.reason,
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_officer(self):
        officer = "hr_sales_commission.group_commission_officer"
        if not self.env.user.has_group(officer):
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
                    branch=self.company_id.sudo().name,
                )
            )
