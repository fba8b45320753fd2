import logging
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine.settlement import settle
from ..pipeline.contract_days import ContractDays
from ..pipeline.isolation import isolated, lock_quietly, retried

_logger = logging.getLogger(__name__)

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
    is_leaver = fields.Boolean(
        compute="_compute_is_leaver",
        search="_search_is_leaver",
        help="The employee has left; an open balance is to be settled.",
    )
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
    clawback = fields.Monetary(
        readonly=True, help="The part of the adjustments that takes commissions back."
    )
    held = fields.Monetary(
        readonly=True,
        help="Waits for a verified source or the decision of a dispute; not part of the "
        "balance.",
    )
    draw = fields.Monetary(
        readonly=True,
        help="Advance on later commissions (+), or taken back from these (−).",
    )
    draw_debt = fields.Monetary(readonly=True, help="Advances still to be taken back.")
    paid = fields.Monetary(
        string="To Pay",
        readonly=True,
        help="What this statement pays: the balance, never below zero.",
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

    @api.depends("employee_id.active")
    def _compute_is_leaver(self):
        for statement in self:
            statement.is_leaver = not statement.employee_id.sudo().active

    @api.model
    def _search_is_leaver(self, operator, value):
        if operator != "in":
            return NotImplemented
        Employee = self.env["hr.employee"].sudo()  # sudo: who left, no more
        left = Employee.with_context(active_test=False)._search(
            [("active", "=", False)]
        )
        return Domain("employee_id", "in" if True in value else "not in", left)

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
        """Create a draft for everybody with lines, a balance or a guarantee, in sets."""
        self.flush_model()
        self.env["hr.commission.line"].flush_model()
        people = self.env.execute_query(
            SQL(
                """
                SELECT employee_id, company_id FROM hr_commission_line
                 WHERE company_id = ANY(%(companies)s)
                   AND (date BETWEEN %(start)s AND %(end)s
                        OR date < %(start)s AND statement_id IS NULL
                           AND state NOT IN ('in_payroll', 'paid'))
                   AND state != 'cancelled'
                 UNION
                SELECT employee_id, company_id FROM (
                    SELECT DISTINCT ON (employee_id, company_id)
                           employee_id, company_id, closing
                      FROM hr_commission_statement
                     WHERE company_id = ANY(%(companies)s) AND date_from < %(start)s
                     ORDER BY employee_id, company_id, date_from DESC) latest
                 WHERE closing != 0
                """,
                companies=companies.ids,
                start=date_from,
                end=date_to,
            )
        )
        people += self._get_guaranteed_people(companies, date_from, date_to)
        there = self.search(
            [("company_id", "in", companies.ids), ("date_from", "=", date_from)]
        )
        missing = set(people) - {
            (each.employee_id.id, each.company_id.id) for each in there
        }
        self.with_context(mail_create_nolog=True, tracking_disable=True).create(
            [
                {
                    "employee_id": employee_id,
                    "company_id": company_id,
                    "date_from": date_from,
                    "date_to": date_to,
                }
                for employee_id, company_id in sorted(missing)
            ]
        )

    @api.model
    def _get_guaranteed_people(self, companies, date_from, date_to):
        """Return whom a plan guarantees a payment even without any commission.

        :return: list of (employee id, company id)
        """
        guarantees = self.env["hr.commission.plan"].search_count(
            [
                ("state", "in", ("active", "closed")),
                ("date_start", "<=", date_to),
                "|",
                ("draw_amount", ">", 0),
                ("guaranteed_minimum", ">", 0),
            ],
            limit=1,
        )
        if not guarantees:
            return []
        # who left within the month and is archived is guaranteed the days before
        everybody = self.env["hr.employee"].with_context(active_test=False)
        employees = everybody.search(
            Domain("company_id", "in", companies.ids)
            & Domain("commission_role", "!=", "none")
            & (
                Domain("version_ids.date_version", "<=", date_to)
                | Domain("version_ids.contract_date_start", "<=", date_to)
            )
        )
        terms = self._get_terms_of(
            [(employee, employee.company_id) for employee in employees],
            date_from,
            date_to,
        )
        return [
            (employee.id, company.id)
            for (employee, company), found in terms.items()
            if found.get("draw") or found.get("minimum")
        ]

    def _refresh(self):
        """Take the lines of the period in, and compute the figures anew."""
        drafts = self.filtered(lambda statement: statement.state == "draft")
        months = drafts.grouped("date_from")
        for month in sorted(months):  # each opens with the closing of the one before
            statements = months[month]
            statements._attach_lines()
            figures = statements._get_figures()
            for statement in statements:
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
                      AND line.statement_id IS NULL
                      AND (line.date BETWEEN statement.date_from AND statement.date_to
                           OR line.date < statement.date_from  -- not settled otherwise
                              AND line.state NOT IN ('in_payroll', 'paid'))""",
                self.ids,
            )
        )
        self.env["hr.commission.line"].invalidate_model(["statement_id"], flush=False)
        self.invalidate_model(["line_ids", "line_count"], flush=False)

    def _get_figures(self):
        """Return the figures of these statements, from their lines as they stand.

        :return: values by statement id
        """
        self.flush_model()
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
                          CASE WHEN line.state = 'held'
                                 OR (line.state = 'draft' AND line.is_disputed)
                               THEN 'held'
                               WHEN line.kind = 'draw' THEN 'draw'
                               WHEN line.kind = 'clawback' THEN 'clawback'
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
        terms = {}
        for date_to, statements in self.grouped("date_to").items():
            pairs = [(each.employee_id, each.company_id) for each in statements]
            found = self._get_terms_of(pairs, date_to.replace(day=1), date_to)
            for statement, pair in zip(statements, pairs, strict=True):
                terms[statement.id] = found[pair]
        return terms

    @api.model
    def _get_terms_of(self, pairs, date_from, date_to):
        """Return the draw and guarantee of the plans that hold for people in a month.

        Who left before the month is guaranteed nothing.

        :param pairs: list of (hr.employee, res.company)
        :return: ``draw``, ``is_recoverable``, ``minimum`` by pair; empty without a plan
        """
        Plan = self.env["hr.commission.plan"].sudo()
        calendar = Plan._get_calendar()
        employees = self.env["hr.employee"].union(*(pair[0] for pair in pairs))
        personal = self.env["hr.version"].sudo()._get_commission_plans(employees)
        plans = {}
        for employee, company in pairs:
            plan_id = personal(employee.id, date_to)
            if not (plan_id and calendar.holds(plan_id, date_to)):
                plan_id = calendar.plan_id(company.id, date_to)
            plans[employee, company] = plan_id
        days = ContractDays(self.env, employees, date_from, date_to)
        plan_of = {plan.id: plan for plan in Plan.browse(set(plans.values()) - {None})}
        return {
            pair: days.get_draw_terms(plan_of[plan_id], *pair)
            if plan_id and self._is_employed(pair[0], date_from)
            else {}
            for pair, plan_id in plans.items()
        }

    @staticmethod
    def _is_employed(employee, day):
        """Whether an employee is still there on a day."""
        employee = employee.sudo()  # sudo: departures are for human resources
        left = employee.departure_date
        return employee.active or bool(left and left >= day)

    def _settle(self, opening, debt, sums, terms):
        """Return the figures of one statement.

        :param Decimal opening: closing balance of the statement before
        :param Decimal debt: advances to take back, of the statement before
        :param dict sums: from :meth:`_get_line_sums`
        :param dict terms: from :meth:`_get_draw_terms`
        """
        earned = sums["commission"] + sums["bonus"]
        adjusted = sums["adjusted"] + sums["clawback"]
        has_draw = bool(terms.get("draw") or terms.get("minimum") or debt)
        settlement = settle(opening, earned, adjusted, debt=debt, **terms)
        return {
            "opening": float(opening),
            "earned": float(earned),
            "bonus": float(sums["bonus"]),
            "adjusted": float(adjusted),
            "clawback": float(sums["clawback"]),
            "held": float(sums["held"]),
            "draw": float(settlement.draw if has_draw else ZERO),
            "draw_debt": float(settlement.debt if has_draw else ZERO),
            "paid": float(settlement.paid),
            "closing": float(settlement.closing),
        }

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(statement.state != "draft" for statement in self):
            raise UserError(self.env._("A confirmed statement stays on record."))

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
        lock_quietly(statements)
        statements._refresh()
        drafts = statements.filtered(lambda each: each.state == "draft")
        drafts.write({"state": "confirmed", "is_notice_due": True})
        self.env["hr.commission.event"]._trigger_processing()  # its cron tells them
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
            {
                "state": "draft",
                "is_notice_due": False,
                "is_first_approved": False,
                "first_approver_id": False,
                "date_acknowledged": False,
            }
        )
        statements._stop_asking()
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

    def action_approve(self):
        """Approve statements with their lines; large ones need a second approver.

        :raises UserError: for own money, and where lines changed since confirmation
        """
        self._check_may_manage()
        self._check_approvable()
        self._check_unchanged()
        statements = self.sudo()  # sudo: checked above
        lock_quietly(statements)
        first = statements.filtered(lambda each: each._needs_second_approver())
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
        return True

    def _log_in_chatter(self, text):
        """Note the same text on each of these statements."""
        if self:
            self._message_log_batch(
                bodies=dict.fromkeys(self.ids, text),
                author_id=self.env.user.partner_id.id,
            )

    def _needs_second_approver(self):
        """Whether this approval is only the first of two."""
        self.ensure_one()
        threshold = self.company_id.commission_second_approval_amount
        return bool(threshold) and self.paid >= threshold and not self.is_first_approved

    def _check_approvable(self):
        """Refuse to approve what this user may not approve now.

        :raises UserError: naming the first such statement and what to do
        """
        for statement in self:
            if statement.state != "confirmed":
                raise UserError(
                    self.env._(
                        "Confirm “%(statement)s” before approving it.",
                        statement=statement.display_name,
                    )
                )
            if statement.user_id == self.env.user:
                raise UserError(
                    self.env._("This is your own statement. Somebody else approves it.")
                )
            if statement.first_approver_id == self.env.user:
                raise UserError(
                    self.env._("You have approved already. A second person has to.")
                )
        self.sudo()._check_months_before()  # sudo: of the same people

    def _check_months_before(self):
        """Refuse to approve a month whose opening balance can still change.

        :raises UserError: naming the statement to approve first
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """WITH chosen AS (SELECT unnest(%s::int[]) AS id)
                   SELECT before.id
                     FROM chosen
                     JOIN hr_commission_statement now ON now.id = chosen.id
                     JOIN hr_commission_statement before
                       ON before.employee_id = now.employee_id
                      AND before.company_id = now.company_id
                      AND before.date_from < now.date_from
                      AND before.state IN ('draft', 'confirmed')
                     LEFT JOIN chosen same ON same.id = before.id
                    WHERE same.id IS NULL
                    ORDER BY before.date_from LIMIT 1""",
                self.ids,
            )
        )
        if rows:
            raise UserError(
                self.env._(
                    "Approve “%(statement)s” first: its balance is carried on.",
                    statement=self.browse(rows[0][0]).display_name,
                )
            )

    def _check_unchanged(self):
        """Refuse statements whose lines changed since they were confirmed.

        :raises UserError: naming the first one
        """
        statements = self.sudo()  # sudo: the figures of the statements themselves
        figures = statements._get_figures()
        for statement in statements:
            currency = statement.currency_id
            if any(
                currency.compare_amounts(statement[name], value)
                for name, value in figures[statement.id].items()
            ):
                raise UserError(
                    self.env._(
                        "The lines of “%(statement)s” changed since it was confirmed. "
                        "Set it back to draft and confirm it again.",
                        statement=statement.display_name,
                    )
                )

    def _approve_lines(self):
        """Approve the lines of these statements, and post their draws.

        What is held or disputed leaves them: the statement of a later month takes it.
        """
        Line = self.env["hr.commission.line"]
        waiting = Line.search(
            [("statement_id", "in", self.ids), ("state", "in", ("held", "draft"))]
        )
        lines = waiting.filtered(
            lambda line: line.state == "draft" and not line.is_disputed
        )
        (waiting - lines).statement_id = False
        lines._change_state(
            "draft",
            "approved",
            approver_id=self.env.uid,
            date_approved=fields.Datetime.now(),
        )
        Line.create(
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
        paying = self.sudo().filtered(  # sudo: checked above
            lambda statement: statement.paid or not statement.closing
        )
        if not paying:
            raise UserError(
                self.env._("Nothing is to be paid: the balance is carried on.")
            )
        lines = paying._get_unpaid_lines()
        lines._payroll_paid(
            fields.Date.context_today(self), self.env._("Statement, paid by hand")
        )
        (paying | lines.statement_id)._update_paid_state()
        return True

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
                      AND settled.state IN ('approved', 'paid')""",
                self.ids,
            )
        )
        return self.env["hr.commission.line"].browse({line_id for (line_id,) in rows})

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
        open_again = statements.filtered(lambda each: each in waiting)
        open_again.filtered(lambda each: each.state == "paid").state = "approved"
        settled = statements - open_again
        settled.filtered(lambda each: each.state == "approved").state = "paid"
        settled._stop_asking()

    @api.model
    @retried
    def _cron_store_reports(self):
        """Keep the printed statements of closed months, each in its own transaction."""
        cron = self.env["ir.cron"]
        closed = self.search([("is_stored", "=", False)]).filtered(
            lambda each: (
                each.state in ("approved", "paid")
                and each.company_id.commission_lock_date
                and each.date_to <= each.company_id.commission_lock_date
            )
        )
        remaining = len(closed)
        for statement in closed:
            if not cron._commit_progress(remaining=remaining):
                return
            with isolated(self.env, _logger, "Keeping the printed", statement):
                statement._store_report()
            remaining -= 1
            cron._commit_progress(1, remaining=remaining)

    def _store_report(self):
        """Keep each statement as printed, attached to it."""
        report = self.env.ref(
            "hr_sales_commission.hr_commission_statement_report_action"
        )
        # without a PDF printer on the server the page itself is kept
        can_print = report.get_wkhtmltopdf_state() not in ("install", "broken")
        render = report._render_qweb_pdf if can_print else report._render_qweb_html
        for statement in self:
            content, extension = render(report.report_name, statement.ids)
            statement._message_log(
                body=self.env._("As it was closed."),
                attachment_ids=self.env["ir.attachment"]
                .create(
                    {
                        "name": f"{statement.display_name}.{extension}",
                        "raw": content,
                        "res_model": statement._name,
                        "res_id": statement.id,
                    }
                )
                .ids,
            )
        self.is_stored = True

    def _get_earned_rows(self):
        """Return what was earned in the period, by customer source and rule.

        :return: list of dicts with source (label), rule (name), is_bonus, count, base
            and amount
        """
        self.ensure_one()
        labels = dict(
            self.env["hr.commission.line"]
            ._fields["commission_source"]
            ._description_selection(self.env)
        )
        # sudo: rules that pay a statement the reader may read
        groups = (
            self.sudo()
            .env["hr.commission.line"]
            ._read_group(
                [
                    ("statement_id", "=", self.id),
                    ("kind", "in", ("commission", "bonus")),
                    ("state", "not in", ("held", "cancelled")),
                    ("date", ">=", self.date_from),
                ],
                ["commission_source", "rule_id"],
                ["__count", "base:sum", "amount:sum"],
                order="commission_source, rule_id",
            )
        )
        return [
            {
                "source": labels.get(source, ""),
                "rule": rule.name,
                "is_bonus": rule.is_bonus,
                "count": count,
                "base": base,
                "amount": amount,
            }
            for source, rule, count, base, amount in groups
        ]

    def action_dispute(self):
        """Open a claim for a commission that is missing on the statement.

        :return: the window action with the claim to fill in
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Something Is Missing"),
            "res_model": "hr.commission.dispute",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_kind": "missing_line",
                "default_employee_id": self.employee_id.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_export_xlsx(self):
        """Download these statements with their lines as a workbook."""
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/commission/statement/{ids}.xlsx",
            "target": "download",
        }

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
