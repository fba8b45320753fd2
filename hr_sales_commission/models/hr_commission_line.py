# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, formatLang
from odoo.tools.misc import format_date

from ..engine.explain import explain_award, explain_refusal, split_word
from ..pipeline.closed_days import is_closed
from ..pipeline.line_posting import LINE_COLUMNS, LinePosting
from ..pipeline.of_events import create_function
from ..pipeline.officers import OFFICER
from ..pipeline.reader_numbers import format_decimals
from ..pipeline.readers import readable
from ..pipeline.sentences import EXPLANATIONS
from ..pipeline.sql_rows import sql_columns, sql_rows, update_rows
from ..pipeline.states import OPEN_STATES
from ..pipeline.titles import clauses
from ..pipeline.words import COMMISSION_SOURCES

LINE_KINDS = [
    ("commission", "Commission"),
    ("bonus", "Bonus"),
    ("adjustment", "Adjustment"),
    ("clawback", "Clawback"),
    ("holdback", "Holdback"),
    ("release", "Release"),
    ("draw", "Draw"),
    ("manual", "Manual"),
]
LINE_STATES = [
    ("held", "Held"),
    ("draft", "To approve"),
    ("approved", "Approved"),
    ("in_payroll", "In payroll"),
    ("paid", "Paid"),
    ("cancelled", "Cancelled"),
]
#: what the engine's sentences name as days, in ISO form
DAYS_IN_SENTENCES = ("date", "date_start", "date_end", "period_start", "reversed_on")
#: the fields of rules whose labels are words of sentences, by the kind of word
WORDS_FROM = {
    "event_type": ("event_type",),
    "role": ("role",),
    "source": ("commission_source",),
    "measure": ("tier_measure", "target_measure"),
    "period": ("tier_period",),
}
#: what never changes once a line left the open states
FROZEN_FIELDS = frozenset(
    ("amount", "base", "rate", "kind", "part", "employee_id", "company_id", "date")
    + ("event_id", "credit_id", "rule_id", "lead_id", "role", "origin_line_id")
)
#: what people fill in on a manual line; approval and payment have their methods
MANUAL_FIELDS = frozenset(
    ("kind", "state", "employee_id", "company_id", "lead_id", "role", "date", "note")
    + ("date_due", "base", "rate", "amount", "commission_source", "attachment_ids")
)


class HrCommissionLine(models.Model):
    """What somebody earns by one rule on one event: a ledger that only grows.

    For every (event, rule, employee) the amounts sum to what the engine computes
    today. Open lines may be replaced; a line that was approved, or that is dated up to
    the lock date, never changes: what differs is posted as a new line.
    """

    _name = "hr.commission.line"
    _description = "Commission Line"
    _inherit = [
        "hr.commission.guard",
        "hr.commission.role.mixin",
        "hr.commission.written",
    ]
    _checks_first = True
    _order = "date desc, id desc"
    _rec_names_search = ["lead_id", "rule_id"]
    _log_access = False

    credit_id = fields.Many2one(
        "hr.commission.credit", readonly=True, index="btree_not_null"
    )
    event_id = fields.Many2one("hr.commission.event", readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Customer")
    subject = fields.Char(
        string="Deal or Document",
        compute="_compute_subject",
        help="The deal, the reason of a manual line, or the document it is paid for.",
    )
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True)
    user_id = fields.Many2one(
        related="employee_id.user_id", store=True
    )  # stored for the record rules
    role = fields.Selection(readonly=True)
    commission_source = fields.Selection(
        COMMISSION_SOURCES, string="Customer Source", readonly=True
    )
    rule_id = fields.Many2one(
        "hr.commission.rule", readonly=True, help="The rule that pays it."
    )
    plan_id = fields.Many2one(related="rule_id.plan_id")
    part = fields.Char(required=True, readonly=True, default="")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        string="Branch",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self.env.company._commission_local_date(),
        help="Local day of the event; of the posting for differences.",
    )
    date_due = fields.Date(readonly=True, help="From this day on it may be paid.")
    base = fields.Monetary(readonly=True, help="What the rate was applied to.")
    rate = fields.Float(
        string="Rate Value",
        readonly=True,
        digits=(16, 6),
        aggregator=None,
        help="Percent (2.0 means 2 %), or money per event or unit.",
    )
    amount = fields.Monetary(
        readonly=True, help="What is earned; below zero: what is taken back."
    )
    kind = fields.Selection(
        LINE_KINDS,
        required=True,
        readonly=True,
        default="manual",
        help="A commission, a bonus, or what corrects one.",
    )
    state = fields.Selection(LINE_STATES, required=True, readonly=True, default="draft")
    is_disputed = fields.Boolean(
        readonly=True, help="Somebody contests it; it waits for the decision."
    )
    origin_line_id = fields.Many2one(
        "hr.commission.line",
        readonly=True,
        index="btree_not_null",
        help="The line this one corrects.",
    )
    correction_ids = fields.One2many("hr.commission.line", "origin_line_id")
    trace = fields.Json(readonly=True)
    explanation = fields.Text(compute="_compute_explanation")
    statement_id = fields.Many2one(
        "hr.commission.statement",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    note = fields.Char(string="Reason", help="Why a manual line is made.")
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")
    date_paid = fields.Date(readonly=True, help="The day it was paid on.")
    payment_ref = fields.Char(
        string="Payment Reference", readonly=True, help="What it was paid with."
    )

    # whoever may see a line may filter by these, even marketers who cannot read the
    # salesperson's lead
    team_id = fields.Many2one(related="lead_id.team_id")
    campaign_id = fields.Many2one(related="lead_id.campaign_id")
    source_id = fields.Many2one(related="lead_id.source_id", string="Channel")
    dispute_ids = fields.One2many(
        "hr.commission.dispute", "line_id", string="Disputes", readonly=True
    )

    _open_unique = models.UniqueIndex(
        "(event_id, rule_id, employee_id, part, COALESCE(origin_line_id, 0))"
        f" WHERE state IN {OPEN_STATES} AND event_id IS NOT NULL",
        "This commission is already waiting.",
    )
    _event_idx = models.Index("(event_id, employee_id)")
    # the management board reads a period of lines from the index alone; not sorted by id:
    # lines would be looked for by id in it where the table was noted as empty
    _order_idx = models.Index("(date DESC) INCLUDE (company_id, role, state, amount)")
    _user_order_idx = models.Index("(user_id, date DESC)")
    _payable_idx = models.Index("(employee_id, date_due) WHERE state = 'approved'")

    def init(self):
        """Leave room in each page: a deal changes the reasons of others in its period."""
        self.env.cr.execute("ALTER TABLE hr_commission_line SET (fillfactor = 70)")
        create_function(self.env, self._name)
        return super().init()

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("rule_id", "lead_id", "amount", "origin_line_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        seen = readable(self)
        for line in self - seen:
            line.display_name = self.env._("Commission %(number)s", number=line.id)
        for line in seen:
            named = line.sudo()  # sudo: a rule and a deal the reader is paid for
            kind = named._get_kind_label()
            subject = named.subject or kind
            rule = named.rule_id.name or (
                named.subject and named.origin_line_id and kind
            )
            line.display_name = f"{subject} – {rule}" if rule else subject

    @api.depends("lead_id", "note", "origin_line_id", "event_id")
    def _compute_subject(self):
        lines = self.sudo()  # sudo: names around a line the reader may read
        names = lines.filtered(
            lambda line: not line.lead_id
        ).event_id._get_names_of_documents()
        for line in lines:
            of_origin = line.origin_line_id.lead_id.name
            name = line.lead_id.name or line.note or of_origin
            line.subject = name or names.get(line.event_id)

    def _get_kind_label(self):
        """Return the name of the kind in the reader's language.

        :rtype: str
        """
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return kinds[self.kind]

    @api.onchange("employee_id")
    def _onchange_employee_id(self):
        if self.employee_id:
            self.company_id = self.employee_id.company_id

    @api.depends("trace", "amount")
    def _compute_explanation(self):
        for line in self:
            line.explanation = line._explain()

    def _explain(self):
        """Say in a sentence how the amount came about.

        :rtype: str
        """
        self.ensure_one()
        line = self.sudo()  # sudo: the plan and rule that pay the reader
        trace = line.trace or {}
        texts = []
        if line.rule_id:
            texts.append(
                self.env._(
                    "%(rule)s (plan %(plan)s)",
                    rule=line.rule_id.name,
                    plan=line.rule_id.plan_id.display_name,
                )
            )
        if "difference" in trace:
            texts.append(self._explain_difference(trace["difference"]))
        elif trace:
            texts.append(self._explain_trace(trace, line.currency_id))
        if line.note:
            texts.append(line.note)
        if line.state == "held":
            texts.append(
                self.env._("Held until the source of the customer is verified.")
            )
        return "\n".join(texts)

    @api.model
    def _explain_trace(self, trace, currency):
        """Say how the engine came to an amount.

        :param dict trace: of an award
        :param currency: res.currency of the amounts in it
        :rtype: str
        """
        return explain_award(
            trace,
            self._translate_sentence,
            self._money_formatter(currency),
            chain=lambda steps: clauses(self.env, steps),
        )

    @api.model
    def _explain_refusal(self, refusal, currency):
        """Say why a rule paid nothing.

        :param refusal: of the engine
        :param currency: res.currency of the amounts in it
        :rtype: str
        """
        return explain_refusal(
            refusal.reason,
            refusal.values,
            self._translate_sentence,
            self._money_formatter(currency),
        )

    @api.model
    def _translate_sentence(self, code, values):
        days = {
            name: format_date(self.env, values[name])
            for name in DAYS_IN_SENTENCES
            if values.get(name)
        }
        if code not in EXPLANATIONS:
            return self._get_added_word(code)
        sentence = self.env._(EXPLANATIONS[code])
        return sentence % {**format_decimals(self.env, values), **days}

    @api.model
    def _get_added_word(self, code):
        """Name a choice that human resources or another addon added.

        :param str code: what it is the choice of and the choice: ``role_<code>``
        :rtype: str
        """
        prefix, plain = split_word(code)
        name = code.removeprefix(f"{prefix}_").partition("|")[0]  # of any scope
        Rule = self.env["hr.commission.rule"]
        for field in WORDS_FROM.get(prefix, ()):
            labels = dict(Rule._fields[field]._description_selection(self.env))
            if name in labels:
                return labels[name]
        return plain

    @api.model
    def _money_formatter(self, currency):
        return lambda value: formatLang(self.env, float(value), currency_obj=currency)

    def _explain_difference(self, difference):
        """Say why a correction was posted."""
        # sudo: the currency of a line the reader may read
        money = self._money_formatter(self.sudo().currency_id)
        values = {
            "before": money(difference["before"]),
            "now": money(difference["now"]),
            "day": format_date(self.env, difference.get("date_reversed")),
        }
        reason = self._get_cause_text(difference["cause"], values["day"])
        return self.env._(
            "%(reason)s %(before)s was posted, it is now %(now)s.",
            reason=reason,
            **values,
        )

    def _get_cause_text(self, cause, day):
        texts = {
            "reversed": self.env._("Undone on %(day)s.", day=day),
            "person": self.env._("Somebody else is credited now."),
            "source": self.env._("The source of the customer was changed."),
            "rule": self.env._("The rule no longer applies."),
            "amount": self.env._("The amount of the deal was changed."),
            "rate": self.env._("The rate is another one now."),
            "award": self.env._("What was awarded is paid in all, not on top."),
        }
        return texts.get(cause) or self.env._("Corrected.")

    # ------------------------------------------------------------------
    # The ledger
    # ------------------------------------------------------------------

    @api.model
    def _post_difference(self, awards, batch):
        """Bring the ledger to what the engine computed for a batch of credits.

        :param awards: the engine's awards for the credits in the scope of the batch
        :param CreditBatch batch: from the fact loader
        :return: number of lines written
        """
        return LinePosting(self.env, awards, batch).post()

    @api.model
    def _insert_rows(self, rows):
        """Store new lines in one statement.

        :param list[dict] rows: values by the names of ``LINE_COLUMNS``
        """
        inserted = self.env.execute_query(
            SQL(
                "INSERT INTO hr_commission_line (%s) SELECT %s FROM %s RETURNING id",
                sql_columns(LINE_COLUMNS),
                sql_columns(LINE_COLUMNS),
                sql_rows("new", LINE_COLUMNS, rows),
            )
        )
        self.invalidate_model(flush=False)
        self._note_written([line_id for (line_id,) in inserted], is_new=True)

    @api.model
    def _update_rows(self, rows, names):
        """Store changed open lines in one statement.

        :param list[dict] rows: ``id`` and values by the names of ``LINE_COLUMNS``
        :param names: which of these differ in any row; most often only the reasons
        """
        columns = {name: kind for name, kind in LINE_COLUMNS.items() if name in names}
        update_rows(self.env, self._name, columns, rows)
        self._note_written([row["id"] for row in rows], is_new=False)

    def _release(self):
        """Make held lines payable."""
        held = self.filtered(lambda line: line.state == "held")
        held.write({"state": "draft", "is_notice_due": True})

    # ------------------------------------------------------------------
    # CRUD: the ledger is written by the pipeline; people make manual lines
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        if not self.env.su:
            # what the context proposes was shown in a form; here only what is said counts
            self = self.with_env(self.env(context=self._get_context_without_defaults()))
            for vals in vals_list:
                self._check_manual_vals(vals)
        kinds = self._get_kinds_by_hand()
        for vals in vals_list:
            if vals.get("kind", "manual") in kinds:
                vals.setdefault("maker_id", self.env.uid)
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "paid")._check_payable()
        approved = lines.filtered(lambda line: line.state == "approved")
        approved._log_act("approve")  # draws, with their statement
        return lines

    @api.model
    def _get_context_without_defaults(self):
        return {
            name: value
            for name, value in self.env.context.items()
            if not name.startswith("default_")
        }

    @api.model
    def _get_kinds_by_hand(self):
        """Return the kinds of lines that people make; addons add theirs.

        Whoever makes such a line neither approves nor pays it; people can change and
        delete it as long as it is a draft.

        :rtype: set[str]
        """
        return {"manual"}

    def _check_manual_vals(self, vals):
        """Refuse a line made by hand that is not a manual draft.

        :raises UserError: if it claims to be computed, approved or paid
        """
        is_draft = vals.get("state", "draft") == "draft" or self._is_history(vals)
        foreign = any(vals.get(name) for name in vals.keys() - MANUAL_FIELDS)
        by_hand = vals.get("kind", "manual") in self._get_kinds_by_hand()
        if not by_hand or not is_draft or foreign:
            raise UserError(
                self.env._(
                    "Commissions are computed. By hand you can only add a manual line "
                    "to approve."
                )
            )
        if not (vals.get("note") or "").strip():
            raise UserError(self.env._("Say why: a manual line needs a reason."))
        self._check_open_date(vals)

    def _is_history(self, vals):
        """Whether an officer imports what another system paid before the start.

        Nothing is paid for it any more: it stands on record, for statements and reports.
        """
        if vals.get("state") != "paid" or not self.env.context.get("import_file"):
            return False
        company_id = vals.get("company_id") or self.env.company.id
        start = self.env["res.company"]._get_commission_start(company_id)
        date = fields.Date.to_date(vals.get("date"))
        return bool(
            self.env.user.has_group(OFFICER) and start and date and date < start
        )

    def _check_open_date(self, vals):
        """Refuse a line made by hand in a closed month.

        :raises UserError: naming the first open day
        """
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.company_id.id or self.env.company.id
        )
        # sudo: branch managers do not read when their branch was closed
        lock_date = company.sudo().commission_lock_date
        date = fields.Date.to_date(vals.get("date"))
        if is_closed(lock_date, date):
            raise UserError(
                self.env._(
                    "Commissions are closed until %(day)s. Choose a later day.",
                    day=format_date(self.env, lock_date),
                )
            )

    def write(self, vals):
        self._check_given([vals])
        frozen = FROZEN_FIELDS.intersection(vals)
        if frozen and any(line.state not in OPEN_STATES for line in self):
            raise UserError(
                self.env._(
                    "An approved commission never changes. Add a manual line with the "
                    "difference instead."
                )
            )
        if not self.env.su:
            self._check_by_hand(vals)
        if not self.env.su and not {"date", "company_id"}.isdisjoint(vals):
            for line in self:
                line._check_open_date({"date": line.date, **vals})
        return super().write(vals)

    def _check_by_hand(self, vals):
        """Refuse to write anything but what people fill in on a manual draft.

        :raises UserError: for computed lines, and once a line was approved
        """
        by_hand = vals.keys() <= MANUAL_FIELDS - {"kind", "state"}
        if not by_hand or self._filter_by_hand() != self:
            raise UserError(
                self.env._(
                    "Commissions are computed. Correct the deal, or add a manual line."
                )
            )
        if any(line.state != "draft" for line in self):
            raise UserError(
                self.env._(
                    "An approved line keeps its reason and its day. Take the approval "
                    "back first, or add another line."
                )
            )
        if "note" in vals and not (vals["note"] or "").strip():
            raise UserError(self.env._("Say why: a manual line needs a reason."))

    def _filter_by_hand(self):
        """Return those of these lines that somebody made."""
        kinds = self._get_kinds_by_hand()
        return self.filtered(lambda line: line.kind in kinds)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if (
            any(line.state != "draft" for line in self)
            or self._filter_by_hand() != self
        ):
            raise UserError(
                self.env._("The ledger keeps every line. Only manual drafts go.")
            )

    # ------------------------------------------------------------------
    # What payroll bridges call
    # ------------------------------------------------------------------

    @api.model
    def _payroll_payable(self, employees, companies, until):
        """Return the lines that payroll may pay.

        :param employees: hr.employee
        :param companies: res.company; a line is paid in the company it is booked in
        :param date until: last due day
        :return: approved lines, due and undisputed, oldest first
        """
        return self.search(
            self._get_payable_domain(companies, until)
            & Domain("employee_id", "in", employees.ids),
            order="date_due, id",
        )

    @api.model
    def _get_payable_domain(self, companies, until):
        """Return the condition of what payroll may pay up to a day.

        :rtype: Domain
        """
        return (
            Domain("state", "=", "approved")
            & Domain("company_id", "in", companies.ids)
            & Domain("is_disputed", "=", False)
            # whoever may see the leads
            & Domain("lead_id", "not any!", Domain("odd_reason", "!=", False))
            & (Domain("date_due", "<=", until) | Domain("date_due", "=", False))
        )

    def _payroll_reserve(self):
        """Take approved lines into payroll, so that nobody else pays them.

        What is disputed is not taken. Two payrolls that reach for one line: the second is run again and finds it
        taken.

        :raises UserError: if a line is not approved
        """
        if any(line.is_disputed for line in self):
            raise UserError(self.env._("A disputed commission is not paid."))
        self._change_state("approved", "in_payroll")

    def _payroll_release(self):
        """Give lines back that payroll took or paid: they are approved again.

        :raises UserError: if a line is neither in payroll nor paid
        """
        paid = self.filtered(lambda line: line.state == "paid")
        paid._change_state("paid", "approved", date_paid=None, payment_ref=None)
        paid.statement_id._update_paid_state()
        (self - paid)._change_state("in_payroll", "approved")

    def _pay_by_hand(self, ref):
        """Record lines as paid on today's day of their company."""
        for company, lines in self.grouped("company_id").items():
            lines._payroll_paid(company._commission_local_date(), ref)

    def _payroll_paid(self, date, ref):
        """Record lines as paid.

        :param date date: day of payment
        :param str ref: what they were paid with
        :raises UserError: if a line is neither approved nor in payroll, or disputed
        """
        if any(line.is_disputed for line in self):
            raise UserError(
                self.env._(
                    "A disputed commission is not paid. Decide the dispute first."
                )
            )
        values = {"date_paid": date, "payment_ref": ref}
        statements = self.statement_id
        reserved = self.filtered(lambda line: line.state == "in_payroll")
        reserved._change_state("in_payroll", "paid", **values)
        (self - reserved)._change_state("approved", "paid", **values)
        statements._update_paid_state()
        self.sudo(False)._log_act("pay", ref)  # by whoever pays, on whichever way

    def _change_state(self, before, after, **values):
        """Move lines from one state to the next, all or none.

        :raises UserError: if one is not in the state expected
        """
        if not self:
            return
        self.flush_recordset()
        self._before_written()
        columns = {"state": after, **values}
        self.env.cr.execute(
            SQL(
                "UPDATE hr_commission_line SET %s WHERE id = ANY(%s) AND state = %s"
                " RETURNING id",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in columns.items()
                ),
                self.ids,
                before,
            ),
            log_exceptions=False,  # a conflict with the job: the request runs again
        )
        moved = self.env.cr.fetchall()
        self.invalidate_recordset(flush=False)
        if len(moved) != len(self):
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Not all of these commissions are “%(state)s” any more. Load them "
                    "again.",
                    state=labels[before],
                )
            )
        self._on_written(self.browse())
