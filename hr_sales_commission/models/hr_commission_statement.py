from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine.settlement import settle
from .hr_commission_rule import to_decimal

ZERO = Decimal(0)
APPROVER = "hr_sales_commission.group_commission_manager_branch"
#: kinds of lines that are not earned on this month's events
CORRECTION_KINDS = ("adjustment", "clawback", "manual", "holdback", "release")


class HrCommissionStatement(models.Model):
    """What somebody earned in a month: opening balance, lines, payment, closing.

    The figures of a draft follow its lines; from confirmation on they stay.
    """

    _name = "hr.commission.statement"
    _description = "Commission Statement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, employee_id"
    _check_company_auto = True
    _mail_post_access = "read"

    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, index=True, check_company=True
    )
    user_id = fields.Many2one(
        related="employee_id.user_id", store=True, index=True
    )  # stored for the record rules
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, string="Branch"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("approved", "Approved"),
            ("paid", "Paid"),
        ],
        required=True,
        default="draft",
        readonly=True,
        tracking=True,
    )
    line_ids = fields.One2many("hr.commission.line", "statement_id", readonly=True)
    line_count = fields.Integer(compute="_compute_line_count")

    opening = fields.Monetary(
        readonly=True, help="Closing balance of the statement before."
    )
    earned = fields.Monetary(
        readonly=True, help="Commissions earned in the period, bonus included."
    )
    bonus = fields.Monetary(readonly=True, help="The part of it that is bonus.")
    adjusted = fields.Monetary(
        readonly=True, help="Differences of earlier periods, clawbacks, manual lines."
    )
    held = fields.Monetary(
        readonly=True, help="Waits for a verified source; not part of the balance."
    )
    draw = fields.Monetary(
        readonly=True,
        help="Advance on later commissions (+), or taken back from these (−).",
    )
    draw_debt = fields.Monetary(readonly=True, help="Advances still to be taken back.")
    paid = fields.Monetary(
        readonly=True, help="What this statement pays: the balance, never below zero."
    )
    closing = fields.Monetary(
        readonly=True, help="What is carried to the next statement."
    )
    is_stored = fields.Boolean(
        readonly=True, help="The printed statement is kept as it was at closing."
    )
    date_acknowledged = fields.Datetime(string="Confirmed by Employee", readonly=True)
    is_first_approved = fields.Boolean(
        readonly=True, help="Approved once; above the threshold a second person does."
    )
    first_approver_id = fields.Many2one("res.users", readonly=True)
    approver_id = fields.Many2one("res.users", readonly=True, tracking=True)

    _period_unique = models.UniqueIndex(
        "(employee_id, company_id, date_from)",
        "There is one statement per employee, branch and month.",
    )

    @api.depends("employee_id", "date_from")
    def _compute_display_name(self):
        for statement in self:
            month = format_date(self.env, statement.date_from, date_format="LLLL y")
            statement.display_name = f"{statement.employee_id.sudo().name}, {month}"

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["hr.commission.line"]._read_group(
                [("statement_id", "in", self.ids)], ["statement_id"], ["__count"]
            )
        )
        for statement in self:
            statement.line_count = counts.get(statement, 0)

    # ------------------------------------------------------------------
    # Making statements
    # ------------------------------------------------------------------

    @api.model
    def _generate(self, companies, month):
        """Make or refresh the draft statements of a month.

        :param companies: res.company (branches)
        :param date month: any day of the month
        :return: the statements of that month
        """
        date_from = month.replace(day=1)
        date_to = fields.Date.end_of(date_from, "month")
        statements = self.sudo()  # sudo: who may generate is checked by the actions
        statements._create_missing(companies, date_from, date_to)
        found = statements.search(
            [("company_id", "in", companies.ids), ("date_from", "=", date_from)]
        )
        found.filtered(lambda each: each.state == "draft")._refresh()
        return found

    @api.model
    def _create_missing(self, companies, date_from, date_to):
        """Create a draft for everybody with lines or an open balance, set-based."""
        self.flush_model()
        self.env["hr.commission.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT employee_id, company_id FROM hr_commission_line
                 WHERE company_id = ANY(%(companies)s)
                   AND date BETWEEN %(start)s AND %(end)s
                   AND (state != 'cancelled' OR amount != 0)
                 UNION
                SELECT employee_id, company_id FROM hr_commission_statement
                 WHERE company_id = ANY(%(companies)s)
                   AND date_to = %(day_before)s AND closing != 0
                EXCEPT
                SELECT employee_id, company_id FROM hr_commission_statement
                 WHERE company_id = ANY(%(companies)s) AND date_from = %(start)s
                """,
                companies=companies.ids,
                start=date_from,
                end=date_to,
                day_before=date_from - timedelta(days=1),
            )
        )
        self.with_context(mail_create_nolog=True, tracking_disable=True).create(
            [
                {
                    "employee_id": employee_id,
                    "company_id": company_id,
                    "date_from": date_from,
                    "date_to": date_to,
                }
                for employee_id, company_id in sorted(rows)
            ]
        )

    def _refresh(self):
        """Take the lines of the period in, and compute the figures anew."""
        drafts = self.filtered(lambda statement: statement.state == "draft")
        if not drafts:
            return
        drafts._attach_lines()
        figures = drafts._get_figures()
        for statement in drafts:
            statement.write(figures[statement.id])

    def _attach_lines(self):
        """Link each line up to the period that no statement has yet, set-based."""
        self.flush_model()
        self.env["hr.commission.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE hr_commission_line line SET statement_id = statement.id
                     FROM hr_commission_statement statement
                    WHERE statement.id = ANY(%s)
                      AND line.employee_id = statement.employee_id
                      AND line.company_id = statement.company_id
                      AND line.date <= statement.date_to
                      AND line.statement_id IS NULL""",
                self.ids,
            )
        )
        self.env["hr.commission.line"].invalidate_model(["statement_id"], flush=False)
        self.invalidate_model(["line_ids", "line_count"], flush=False)

    def _get_figures(self):
        """Return the figures of these statements, from their lines as they stand.

        :return: values by statement id
        """
        before = self._get_statements_before()
        sums = self._get_line_sums()
        terms = self._get_draw_terms()
        return {
            statement.id: statement._settle(
                *before[statement.id], sums[statement.id], terms[statement.id]
            )
            for statement in self
        }

    def _get_statements_before(self):
        """Return (closing, draw debt) of the statement before, by statement id."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (now.id)
                          now.id, before.closing::text, before.draw_debt::text
                     FROM hr_commission_statement now
                     JOIN hr_commission_statement before
                       ON before.employee_id = now.employee_id
                      AND before.company_id = now.company_id
                      AND before.date_from < now.date_from
                    WHERE now.id = ANY(%s)
                    ORDER BY now.id, before.date_from DESC""",
                self.ids,
            )
        )
        found = {
            key: (Decimal(closing or 0), Decimal(debt or 0))
            for key, closing, debt in rows
        }
        return defaultdict(lambda: (ZERO, ZERO), found)

    def _get_line_sums(self):
        """Return sums of the lines by statement id and column of the statement."""
        rows = self.env.execute_query(
            SQL(
                """SELECT statement.id,
                          CASE WHEN line.state = 'held' THEN 'held'
                               WHEN line.kind = 'draw' THEN 'draw'
                               WHEN line.kind IN %s OR line.date < statement.date_from
                               THEN 'adjusted'
                               WHEN line.kind = 'bonus' THEN 'bonus'
                               ELSE 'commission' END AS part,
                          SUM(line.amount)::text
                     FROM hr_commission_statement statement
                     JOIN hr_commission_line line ON line.statement_id = statement.id
                    WHERE statement.id = ANY(%s) AND line.state != 'cancelled'
                    GROUP BY 1, 2""",
                CORRECTION_KINDS,
                self.ids,
            )
        )
        sums = defaultdict(lambda: defaultdict(Decimal))
        for statement_id, part, amount in rows:
            sums[statement_id][part] = Decimal(amount)
        return sums

    def _get_draw_terms(self):
        """Return the draw and guarantee of each statement's plan, by statement id."""
        calendar = self.env["hr.commission.plan"]._get_calendar()
        personal = self.env["hr.version"].sudo()._get_commission_plans(self.employee_id)
        plans = {}
        for statement in self:
            day = statement.date_to
            plan_id = personal(statement.employee_id.id, day)
            if not (plan_id and calendar.holds(plan_id, day)):
                plan_id = calendar.plan_id(statement.company_id.id, day)
            plans[statement.id] = plan_id
        found = self.env["hr.commission.plan"].sudo().browse(filter(None, plans.values()))
        terms = {
            plan.id: {
                "draw": to_decimal(plan.draw_amount),
                "is_recoverable": plan.is_draw_recoverable,
                "minimum": to_decimal(plan.guaranteed_minimum),
            }
            for plan in found
        }
        return {key: terms.get(plan_id, {}) for key, plan_id in plans.items()}

    def _settle(self, opening, debt, sums, terms):
        """Return the figures of one statement.

        :param Decimal opening: closing balance of the statement before
        :param Decimal debt: advances to take back, of the statement before
        :param dict sums: from :meth:`_get_line_sums`
        :param dict terms: from :meth:`_get_draw_terms`
        """
        earned = sums["commission"] + sums["bonus"]
        settlement = settle(opening, earned, sums["adjusted"], debt=debt, **terms)
        return {
            "opening": float(opening),
            "earned": float(earned),
            "bonus": float(sums["bonus"]),
            "adjusted": float(sums["adjusted"]),
            "held": float(sums["held"]),
            "draw": float(settlement.draw if any(terms.values()) else ZERO),
            "draw_debt": float(settlement.debt if any(terms.values()) else ZERO),
            "paid": float(settlement.paid),
            "closing": float(settlement.closing),
        }

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(statement.state != "draft" for statement in self):
            raise UserError(
                self.env._("A confirmed statement stays on record.")
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_refresh(self):
        """Compute the figures of drafts anew."""
        self._check_may_manage()
        self.sudo()._refresh()  # sudo: the figures are computed only
        return True

    def action_confirm(self):
        """Confirm drafts: the figures stay from now on.

        Lines that are held or disputed do not count; a later statement pays them.
        """
        self._check_may_manage()
        statements = self.sudo()  # sudo: checked above
        statements._refresh()
        statements.filtered(lambda each: each.state == "draft").state = "confirmed"
        return True

    def action_reset_to_draft(self):
        """Open confirmed statements again."""
        self._check_may_manage()
        if any(statement.state not in ("draft", "confirmed") for statement in self):
            raise UserError(
                self.env._("An approved statement never changes: correct by a line.")
            )
        statements = self.sudo()  # sudo: checked above
        statements.write(
            {"state": "draft", "is_first_approved": False, "first_approver_id": False}
        )
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
        self.sudo().write({"date_acknowledged": fields.Datetime.now()})  # sudo: own row
        for statement in self:
            statement.sudo().message_post(
                body=self.env._("%(name)s agrees.", name=self.env.user.name),
                author_id=self.env.user.partner_id.id,
            )
        return True

    def action_approve(self):
        """Approve statements with their lines; large ones need a second approver.

        :raises UserError: for own money, and where lines changed since confirmation
        """
        self._check_may_manage()
        for statement in self:
            statement._check_approvable()
        statements = self.sudo()  # sudo: checked above
        second = statements.filtered(lambda each: not each._needs_second_approver())
        (statements - second).write(
            {"is_first_approved": True, "first_approver_id": self.env.uid}
        )
        for statement in statements - second:
            statement.message_post(
                body=self.env._(
                    "Approved by %(name)s. A second person has to approve as well.",
                    name=self.env.user.name,
                )
            )
        second._approve_lines()
        second.write({"state": "approved", "approver_id": self.env.uid})
        return True

    def _needs_second_approver(self):
        """Whether this approval is only the first of two."""
        self.ensure_one()
        threshold = self.company_id.commission_second_approval_amount
        return (
            bool(threshold) and self.paid >= threshold and not self.is_first_approved
        )

    def _check_approvable(self):
        """Refuse to approve what this user may not approve now."""
        self.ensure_one()
        statement = self.sudo()  # sudo: the figures of the statement itself
        if statement.state != "confirmed":
            raise UserError(
                self.env._(
                    "Confirm “%(statement)s” before approving it.",
                    statement=self.display_name,
                )
            )
        if statement.user_id == self.env.user:
            raise UserError(
                self.env._("This is your own statement. Somebody else approves it.")
            )
        if statement.is_first_approved and statement.first_approver_id == self.env.user:
            raise UserError(
                self.env._("You have approved already. A second person has to.")
            )
        figures = statement._get_figures()[statement.id]
        currency = statement.currency_id
        if any(
            currency.compare_amounts(statement[name], value)
            for name, value in figures.items()
        ):
            raise UserError(
                self.env._(
                    "The lines of “%(statement)s” changed since it was confirmed. "
                    "Set it back to draft and confirm it again.",
                    statement=self.display_name,
                )
            )

    def _approve_lines(self):
        """Approve the lines of these statements, and post their draws."""
        lines = self.line_ids.filtered(
            lambda line: line.state == "draft" and not line.is_disputed
        )
        lines.write(
            {
                "state": "approved",
                "approver_id": self.env.uid,
                "date_approved": fields.Datetime.now(),
            }
        )
        self.env["hr.commission.line"].create(
            [
                statement._prepare_draw_line()
                for statement in self
                if not statement.currency_id.is_zero(statement.draw)
            ]
        )

    def _prepare_draw_line(self):
        self.ensure_one()
        return {
            "employee_id": self.employee_id.id,
            "company_id": self.company_id.id,
            "statement_id": self.id,
            "kind": "draw",
            "state": "approved",
            "amount": self.draw,
            "date": self.date_to,
            "date_due": self.date_to,
            "approver_id": self.env.uid,
            "date_approved": fields.Datetime.now(),
            "note": self.env._("Draw of %(month)s", month=self.display_name),
        }

    def action_mark_paid(self):
        """Record approved statements as paid outside of payroll.

        :raises UserError: if a statement is not approved
        """
        self._check_may_manage()
        if any(statement.state != "approved" for statement in self):
            raise UserError(self.env._("Approve the statement before paying it."))
        today = fields.Date.context_today(self)
        for statement in self.sudo():  # sudo: checked above
            lines = statement.line_ids.filtered(lambda each: each.state == "approved")
            lines._payroll_paid(today, statement.display_name)
            statement.state = "paid"
        return True

    def _update_paid_state(self):
        """A statement is paid while none of its lines waits for payment."""
        statements = self.sudo().filtered(  # sudo: follows its lines
            lambda statement: statement.state in ("approved", "paid")
        )
        waiting = {
            statement
            for (statement,) in self.env["hr.commission.line"]
            .sudo()
            ._read_group(
                [
                    ("statement_id", "in", statements.ids),
                    ("state", "in", ("approved", "in_payroll")),
                ],
                ["statement_id"],
            )
        }
        for statement in statements:
            state = "approved" if statement in waiting else "paid"
            if statement.state != state:
                statement.state = state

    def _store_report(self):
        """Keep each statement as printed, attached to it."""
        report = self.env.ref("hr_sales_commission.hr_commission_statement_report_action")
        for statement in self:
            content, extension = report._render(report.report_name, statement.ids)
            statement.message_post(
                body=self.env._("Closed."),
                attachments=[(f"{statement.display_name}.{extension}", content)],
            )
        self.is_stored = True

    def action_view_lines(self):
        """Show the lines of these statements."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_line_action"
        )
        action["domain"] = [("statement_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _check_may_manage(self):
        """Refuse people who do not run statements.

        :raises AccessError: for anybody but branch managers and commission officers
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(APPROVER)):
            raise AccessError(
                self.env._("Branch managers and commission officers run statements.")
            )
