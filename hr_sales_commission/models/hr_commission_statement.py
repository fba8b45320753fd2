# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..pipeline.months import month_name
from ..pipeline.states import HANDED_STATES

#: who has lines in a month, or a balance before: employee and company
PEOPLE_OF_MONTH = """
    SELECT employee_id, company_id FROM hr_commission_line
     WHERE company_id = ANY(%(companies)s)
       AND (date BETWEEN %(start)s AND %(end)s
            OR date < %(start)s AND statement_id IS NULL
               AND state NOT IN %(handed)s)
       AND state != 'cancelled'
     UNION
    SELECT employee_id, company_id FROM (
        SELECT DISTINCT ON (employee_id, company_id)
               employee_id, company_id, closing
          FROM hr_commission_statement
         WHERE company_id = ANY(%(companies)s) AND date_from < %(start)s
         ORDER BY employee_id, company_id, date_from DESC) latest
     WHERE closing != 0
"""


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

    # whose branch may be another one by now, or another one's manual line pays them
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True)
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
        help="A draft follows its lines; once confirmed the figures stay; once approved they can be paid.",
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
        string="Held at Confirmation",
        readonly=True,
        help="What was held when it was confirmed; what is held of a draft.",
    )
    draw = fields.Monetary(
        readonly=True,
        help="Advance on later commissions (+), or taken back from these (−).",
    )
    draw_debt = fields.Monetary(
        readonly=True,
        help="Advances still to be taken back; below zero: what was earned above the "
        "cap of a month, or below the least payment, and is still to be paid.",
    )
    paid = fields.Monetary(
        string="To Pay",
        readonly=True,
        help="What this statement pays: the balance, never below zero.",
    )
    amount_paid = fields.Monetary(
        string="Already Paid",
        compute="_compute_settled",
        help="The part of what is to be paid that has been paid.",
    )
    amount_in_payroll = fields.Monetary(
        string="In Payroll",
        compute="_compute_settled",
        help="The part that is on a payslip or an export which is not paid yet.",
    )
    amount_open = fields.Monetary(
        string="Still Open",
        compute="_compute_settled",
        help="To pay, less what is paid and what is in payroll; below zero: paid too "
        "much, and deducted from a later month.",
    )
    amount_held = fields.Monetary(
        string="Held",
        compute="_compute_settled",
        help="Waits for a verified source or the decision of a dispute; not part of the "
        "balance. Once the statement is approved, a later one takes it.",
    )
    closing = fields.Monetary(
        readonly=True, help="What is carried to the next statement."
    )

    _period_unique = models.UniqueIndex(
        "(employee_id, company_id, date_from)",
        "There is one statement per employee, branch and month.",
    )

    @api.depends("employee_id", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            month = month_name(self.env, statement.date_from)
            # sudo: a name, of a statement the reader may read
            name = statement.employee_id.sudo().name
            statement.display_name = self.env._(
                "%(name)s, %(month)s", name=name, month=month
            )

    @api.depends("employee_id.active")
    def _compute_is_leaver(self):
        for statement in self:
            # sudo: hr.employee - whether somebody left
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
                PEOPLE_OF_MONTH,
                handed=HANDED_STATES,
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

    def _refresh(self):
        """Take the lines of the period in, and compute the figures anew."""
        drafts = self.filtered(lambda statement: statement.state == "draft")
        months = drafts.grouped("date_from")
        for month in sorted(months):  # each opens with the closing of the one before
            statements = months[month]
            statements._attach_lines()
            figures = statements._get_figures()
            for statement in statements:
                statement._set_figures(figures[statement.id])

    def _set_figures(self, figures):
        """Write what changed: each figure written costs more than computing it."""
        changed = {
            name: value for name, value in figures.items() if self[name] != value
        }
        if changed:
            self.write(changed)

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
                              AND line.state NOT IN %s)""",
                self.ids,
                HANDED_STATES,
            )
        )
        self.env["hr.commission.line"].invalidate_model(["statement_id"], flush=False)
        self.invalidate_model(["line_ids", "line_count"], flush=False)

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

    def action_dispute(self):
        """Open a claim for a commission that is missing on the statement.

        :return: the window action with the claim to fill in
        """
        self._ensure_one_given()
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
