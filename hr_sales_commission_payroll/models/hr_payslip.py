# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from odoo.addons.hr_sales_commission.pipeline.states import UNPAID_STATES
from odoo.addons.hr_sales_commission.pipeline.titles import listed

from ..pipeline.commission_pickup import CommissionPickup
from .hr_payslip_commission import CODE_BY_KIND
from .res_company import NEGATIVE_POLICIES

WAITING_REASONS = ("due", "unapproved", "held", "disputed", "elsewhere")
INPUT_SEQUENCE = 50
#: what does not change any more once a payslip paid commissions
SEALED_FIELDS = frozenset(
    ("employee_id", "company_id", "contract_id", "credit_note")
    + ("date_from", "date_to", "commission_date_to")
)


def waiting_text(amounts, currency):
    """Return what waits as a text, to see later whether it is still the same."""
    places = max(currency.decimal_places, 2)
    return ";".join(
        f"{reason}:{amounts[reason][0]}:{amounts[reason][1]:.{places}f}"
        for reason in WAITING_REASONS
    )


class HrPayslip(models.Model):
    """Payslips pay commissions.

    Computing the sheet reserves what is due; a payslip that is done pays it; one that
    is set to draft, cancelled or refunded gives it back. What a payslip pays is in
    ``hr.payslip.commission``; inputs and salary lines only show it.
    """

    _inherit = "hr.payslip"

    commission_date_to = fields.Date(
        string="Commissions Due Until",
        copy=False,
        help="Commissions due up to this day are paid. Empty: up to the end of the "
        "period. For leavers, pay what became due later with their last payslip.",
    )
    commission_negative_policy = fields.Selection(
        NEGATIVE_POLICIES,
        string="Negative Commissions",
        copy=False,
        help="Empty: as the company's settings say.",
    )
    commission_ids = fields.One2many(
        "hr.payslip.commission", "payslip_id", string="Commissions", readonly=True
    )
    commission_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Commission Currency"
    )
    commission_count = fields.Integer(compute="_compute_commission_total")
    commission_total = fields.Monetary(
        compute="_compute_commission_total",
        currency_field="commission_currency_id",
        help="Sum of the commissions on this payslip.",
    )
    commission_due = fields.Monetary(
        compute="_compute_commission_waiting",
        currency_field="commission_currency_id",
        help="Approved and due, but not on this payslip.",
    )
    commission_open = fields.Monetary(
        compute="_compute_commission_waiting",
        currency_field="commission_currency_id",
        string="Still Open",
        help="Due until this payslip's day and in no payroll: approved, or to approve.",
    )
    commission_unapproved = fields.Monetary(
        compute="_compute_commission_waiting",
        currency_field="commission_currency_id",
        string="To Approve",
        help="Commissions that nobody has approved yet.",
    )
    commission_held = fields.Monetary(
        compute="_compute_commission_waiting",
        currency_field="commission_currency_id",
        string="Held",
        help="Commissions that wait until the customer's source is verified.",
    )
    commission_disputed = fields.Monetary(
        compute="_compute_commission_waiting",
        currency_field="commission_currency_id",
        string="Disputed",
        help="Commissions that wait for the decision of a dispute.",
    )
    commission_warning = fields.Text(
        readonly=True,
        copy=False,
        help="What the last computation did not pay, and why.",
    )
    is_commission_outdated = fields.Boolean(
        compute="_compute_commission_waiting",
        help="What waits is not what it was when the payslip was computed.",
    )
    commission_waiting_computed = fields.Char(
        readonly=True, copy=False, help="What waited after the last computation."
    )
    commission_blocking = fields.Text(
        compute="_compute_commission_blocking",
        help="Why this payslip cannot be confirmed.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("commission_ids.amount")
    def _compute_commission_total(self):
        sums = {
            payslip: (count, amount)
            for payslip, count, amount in self.env["hr.payslip.commission"]._read_group(
                [("payslip_id", "in", self.ids)],
                ["payslip_id"],
                ["__count", "amount:sum"],
            )
        }
        for slip in self:
            count, amount = sums.get(slip._origin, (0, 0.0))
            slip.commission_count = count
            slip.commission_total = amount

    @api.depends("employee_id", "company_id", "date_to", "commission_date_to", "state")
    def _compute_commission_waiting(self):
        seen = self.filtered(lambda slip: slip._commission_may_see())
        waiting = seen._commission_read_waiting()
        nothing = dict.fromkeys(WAITING_REASONS, (0, 0.0))
        for slip in self:
            amounts = waiting.get(slip, nothing)
            slip.commission_due = amounts["due"][1]
            slip.commission_unapproved = amounts["unapproved"][1]
            slip.commission_open = slip.commission_due + slip.commission_unapproved
            slip.commission_held = amounts["held"][1]
            slip.commission_disputed = amounts["disputed"][1]
            slip.is_commission_outdated = (
                slip.state == "verify"
                and bool(slip.commission_waiting_computed)
                and slip.commission_waiting_computed
                != waiting_text(amounts, slip.commission_currency_id)
            )

    @api.depends("commission_ids", "line_ids.total", "employee_id", "company_id")
    def _compute_commission_blocking(self):
        checked = self.filtered(lambda slip: slip.state == "verify")
        # sudo: whoever checks payslips need not read the ledger; read at once
        checked.sudo().commission_ids.line_id.mapped("state")
        for slip in self:
            slip.commission_blocking = (
                slip in checked and slip._commission_find_blocking()
            )

    def _commission_may_see(self):
        """Whether the reader may see what waits for the employee of this payslip.

        A form that is not saved yet has no record rules, so they are asked here: those
        of payslips, and the company of the employee.
        """
        self.ensure_one()
        if self.env.su:
            return True
        employee = self.sudo().employee_id  # sudo: only the company and the rules
        if not employee or employee.company_id not in self.env.companies:
            return False
        if self.company_id and self.company_id._origin not in self.env.companies:
            return False
        rules = self.env["ir.rule"]._compute_domain(self._name, "read")
        # sudo: by the record rules alone, see above
        return bool(self.sudo().filtered_domain(rules))

    def _commission_until(self):
        return self.commission_date_to or self.date_to

    def _commission_policy(self):
        return (
            self.commission_negative_policy
            or self.company_id.commission_negative_policy
        )

    def _commission_read_waiting(self):
        """Sum the commissions due that are not on a payslip, by what they wait for.

        :return: {payslip: {reason: (count, amount)}} with ``WAITING_REASONS``
        """
        result = {slip: dict.fromkeys(WAITING_REASONS, (0, 0.0)) for slip in self}
        open_slips = self.filtered(
            lambda slip: (
                not slip.credit_note
                and (slip.state in ("draft", "verify") or slip.refunded_id)
            )
        )
        by_day = open_slips.grouped(lambda slip: slip._commission_until())
        by_day.pop(False, None)  # a form without dates yet
        user = self.env.user.sudo()  # sudo: which companies are the reader's
        companies = user.company_ids
        for until, slips in by_day.items():
            groups = self._commission_group_waiting(slips.employee_id, until)
            for slip in slips:
                for company, reason, count, amount in groups[
                    slip.employee_id._origin.id
                ]:
                    if company != slip.company_id._origin:
                        if company not in companies:
                            continue  # nothing that the reader may know of
                        reason = "elsewhere"
                    total_count, total = result[slip][reason]
                    total = company.currency_id.round(total + amount)
                    result[slip][reason] = (total_count + count, total)
        return result

    @api.model
    def _commission_group_waiting(self, employees, until):
        """Group the commissions due of employees by company and what they wait for.

        :return: {employee id: [(company, reason, count, amount)]}
        """
        groups = defaultdict(list)
        # sudo: payroll officers see sums of commissions they have no right on
        Line = self.env["hr.commission.line"].sudo()
        for employee, company, state, is_disputed, count, amount in Line._read_group(
            Domain("employee_id", "in", employees.ids)
            & Domain("state", "in", UNPAID_STATES)
            & (Domain("date_due", "<=", until) | Domain("date_due", "=", False)),
            ["employee_id", "company_id", "state", "is_disputed"],
            ["__count", "amount:sum"],
        ):
            reason = {"approved": "due", "draft": "unapproved"}.get(state, state)
            reason = "disputed" if is_disputed else reason
            groups[employee.id].append((company, reason, count, amount))
        return groups

    # ------------------------------------------------------------------
    # Computing the sheet
    # ------------------------------------------------------------------

    def compute_sheet(self):
        self._commission_check_closed()
        # payroll deletes these lines payslip by payslip, which empties the cache for
        # all others each time and makes a second computation of a batch quadratic
        self.line_ids.unlink()
        if not self.env.context.get("commission_confirm"):
            self._commission_renew_contracts()
        deducting = self._commission_sync()
        result = super().compute_sheet()
        overdrawn = deducting.filtered(lambda slip: slip._commission_is_overdrawn())
        if overdrawn:
            CommissionPickup(overdrawn, may_deduct=False).run()
            overdrawn.line_ids.unlink()
            super(HrPayslip, overdrawn).compute_sheet()
        return result

    def _commission_renew_contracts(self):
        """Let payslips go on under the version of their contract that holds now.

        A change of the employee's record ends the version a payslip was made under, and
        payroll would compute nothing for it.
        """
        ended = self.filtered(
            lambda slip: (
                slip.contract_id
                and not slip._commission_is_closed()
                and not slip.contract_id._is_overlapping_period(
                    slip.date_from, slip.date_to
                )
            )
        )
        periods = ended.grouped(lambda slip: (slip.date_from, slip.date_to))
        for period, slips in periods.items():
            by_employee = slips.employee_id._get_contracts(*period)
            for slip in slips:
                start = slip.contract_id.contract_date_start
                found = by_employee.get(slip.employee_id.id, slip.contract_id)
                same = found.filtered(
                    lambda version, start=start: version.contract_date_start == start
                )
                slip.contract_id = (same - slip.contract_id)[:1] or slip.contract_id

    def _commission_is_overdrawn(self):
        """Tell whether deducting commissions takes more than the salary."""
        net = self.line_ids.filtered(
            lambda line: "NET" in (line.code, line.category_id.code)
        )
        return sum(net.mapped("total")) < 0

    def _commission_check_closed(self):
        """Refuse to compute payslips again that are closed and pay commissions.

        :raises UserError: naming the payslip
        """
        for slip in self.filtered(lambda slip: slip._commission_is_closed()):
            if slip.sudo().commission_ids:  # sudo: whatever the user may see of it
                raise UserError(
                    self.env._(
                        "“%(payslip)s” is closed and pays commissions. Refund or "
                        "cancel it, or open its batch again, before you compute it.",
                        payslip=slip.display_name,
                    )
                )

    def _commission_sync(self):
        """Bring what open payslips hold to what is due now.

        A payslip that is being confirmed keeps exactly what was reviewed.

        :return: the payslips that deduct commissions from the salary
        """
        slips = self.filtered(
            lambda slip: not slip.credit_note and not slip._commission_is_closed()
        )
        if self.env.context.get("commission_confirm"):
            reviewed = slips.filtered(lambda slip: slip.state == "verify")
            reviewed.sudo()._commission_write_inputs()  # sudo: managed inputs
            slips -= reviewed
        return CommissionPickup(slips).run() if slips else slips

    def _commission_keep_warnings(self, warnings):
        """Keep what a computation left waiting, to be shown until that changes.

        :param dict warnings: texts by payslip
        """
        waiting = self._commission_read_waiting()
        for slip in self:
            values = {
                "commission_warning": "\n".join(warnings[slip]) or False,
                "commission_waiting_computed": waiting_text(
                    waiting[slip], slip.commission_currency_id
                ),
            }
            changed = {
                name: each for name, each in values.items() if slip[name] != each
            }
            if changed:
                slip.write(changed)

    def _commission_is_closed(self):
        return self.state in ("done", "cancel") or self.payslip_run_id.state == "close"

    def _commission_write_inputs(self):
        """Show what the payslips hold as one input per kind and contract."""
        live = self.commission_ids._filter_live()
        live.line_id.mapped("lead_id")  # read at once, counted below
        rows_by_key = live.grouped(
            lambda row: (row.payslip_id, row.contract_id, row.kind)
        )
        kinds = {code: kind for kind, code in CODE_BY_KIND.items()}
        stale = self.env["hr.payslip.input"]
        for line in self.input_line_ids:
            kind = line.commission_kind or kinds.get(line.code)
            key = (line.payslip_id, line.contract_id, kind)
            rows = rows_by_key.pop(key, None)
            if rows:
                line._commission_update(self._commission_get_input(kind, rows))
            elif line.commission_kind or (kind and not line.amount):
                stale |= line
        stale.unlink()
        self.env["hr.payslip.input"].create(
            [
                {
                    "payslip_id": slip.id,
                    "contract_id": contract.id,
                    "sequence": INPUT_SEQUENCE,
                    **self._commission_get_input(kind, rows),
                }
                for (slip, contract, kind), rows in rows_by_key.items()
            ]
        )

    @api.model
    def _commission_get_input(self, kind, rows):
        """Return the values of the input that shows some commissions.

        Its name says how many deals, never which: inputs have no record rules.
        """
        return {
            "name": self._commission_get_input_name(kind, rows),
            "code": CODE_BY_KIND[kind],
            "commission_kind": kind,
            "amount": rows[:1].currency_id.round(sum(rows.mapped("amount"))),
        }

    @api.model
    def _commission_get_input_name(self, kind, rows):
        """Name an input in the employee's language."""
        env = self.with_context(
            lang=rows.payslip_id.employee_id.lang or self.env.lang
        ).env  # payslips are read by the employee
        label = env["hr.payslip.commission"]._get_kind_labels()[kind]
        count = len(rows.line_id.lead_id)
        if not count:
            return label
        if count == 1:
            return env._("%(commission)s, 1 deal", commission=label)
        return env._("%(commission)s, %(count)s deals", commission=label, count=count)

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------

    def action_payslip_done(self):
        for slip in self.with_context(commission_confirm=True):
            # payroll confirms one only; what it computes again, it computes again for
            # all payslips that are prefetched together
            super(HrPayslip, slip.with_prefetch()).action_payslip_done()
        return True

    def write(self, vals):
        if not SEALED_FIELDS.isdisjoint(vals):
            self._commission_check_sealed(vals)
        state = vals.get("state")
        # payroll writes payslip by payslip: no query unless it matters
        moved = self.filtered(lambda slip: state and slip.state != state)
        if state in ("draft", "verify"):
            moved._commission_check_reopen()
        elif state == "done":
            moved._commission_check_done()
        result = super().write(vals)
        if state == "done":
            moved._commission_pay()
        elif state in ("draft", "cancel"):
            moved._commission_release()
        return result

    def _commission_refuse_by_hand(self):
        """Refuse people to change what these payslips show of commissions.

        :raises UserError: unless there is none of them, or the system itself does it
        """
        if self and not self.env.su:
            raise UserError(
                self.env._(
                    "Commissions on a payslip come from approved commissions. To pay "
                    "another amount, add a manual commission line, approve it and "
                    "compute the sheet again."
                )
            )

    def _commission_check_sealed(self, vals):
        """Refuse people to say afterwards whom, or for when, a payslip paid commissions.

        :raises UserError: naming the payslip
        """
        if self.env.su:
            return
        is_done = vals.get("state") == "done"
        for slip in self.filtered(lambda slip: is_done or slip.state == "done"):
            is_changed = any(
                slip._fields[name].convert_to_cache(vals[name], slip)
                != slip._fields[name].convert_to_cache(slip[name], slip)
                for name in SEALED_FIELDS.intersection(vals)
            )
            # sudo: whatever the user may see of it
            if is_changed and slip.sudo().commission_ids:
                raise UserError(
                    self.env._(
                        "“%(payslip)s” paid commissions: whom and for when stays. "
                        "Refund it, or cancel it where the settings allow that.",
                        payslip=slip.display_name,
                    )
                )

    def _commission_check_reopen(self):
        """Refuse to open a payslip again that paid commissions.

        :raises UserError: naming the payslip
        """
        for slip in self.filtered(lambda slip: slip.state == "done"):
            if slip.sudo().commission_ids:  # sudo: whatever the user may see of it
                raise UserError(
                    self.env._(
                        "“%(payslip)s” paid commissions and cannot be opened again. "
                        "Refund it, or cancel it where the settings allow that.",
                        payslip=slip.display_name,
                    )
                )

    def _commission_check_done(self):
        """Refuse to pay anything but what the payslip shows, or money of one's own.

        :raises UserError: naming the payslip and what does not fit, or the commission
            that whoever confirms earns by
        """
        for slip in self:
            blocking = slip._commission_find_blocking()
            if blocking:
                raise UserError(
                    self.env._(
                        "“%(payslip)s” cannot be confirmed. %(reason)s",
                        payslip=slip.display_name,
                        reason=blocking,
                    )
                )
        rows = self.sudo().commission_ids._filter_live()  # sudo: all that they pay
        rows.line_id.sudo(self.env.su)._check_payable()

    def _commission_find_blocking(self):
        """Say why a payslip cannot be confirmed.

        :return: text, or ``False``
        """
        self.ensure_one()
        slip = self.sudo()  # sudo: all commissions count, whoever confirms
        rows = slip.commission_ids._filter_live()
        if slip.credit_note:
            return bool(rows) and self.env._(
                "A credit note takes back and pays nothing, and this one holds "
                "commissions to pay. Set it to draft first."
            )
        return slip._commission_find_changed(rows) or slip._commission_find_unequal(
            rows
        )

    def _commission_find_changed(self, rows):
        """Say which commissions do not belong on the payslip any more."""
        changed = rows.filtered(
            lambda row: (
                row.line_id.state != "in_payroll"
                or row.line_id.is_disputed
                or row.line_id.employee_id != self.employee_id
                or row.line_id.company_id != self.company_id
                or row.currency_id != self.company_id.currency_id
                or row.currency_id.compare_amounts(row.line_id.amount, row.amount)
            )
        )
        if not changed:
            return False
        return self.env._(
            "These commissions changed, are disputed, or belong to another employee, "
            "company or currency: %(lines)s. Compute the sheet again.",
            lines=listed(self.env, changed.line_id[:10].mapped("display_name")),
        )

    def _commission_find_unequal(self, rows):
        """Say which kind the salary lines show with another amount."""
        shown, held = defaultdict(float), defaultdict(float)
        for line in self.line_ids.filtered("commission_kind"):
            shown[line.commission_kind] += line.total
        for row in rows:
            held[row.kind] += row.amount
        currency = self.company_id.currency_id
        for kind, label in rows._get_kind_labels().items():
            if currency.compare_amounts(shown[kind], held[kind]):
                return self.env._(
                    "%(kind)s: the salary lines show %(shown)s, the commissions are "
                    "%(held)s. Compute the sheet again. If they still differ, look at "
                    "the salary rule and at the decimal accuracy of payroll.",
                    kind=label,
                    shown=formatLang(self.env, shown[kind], currency_obj=currency),
                    held=formatLang(self.env, held[kind], currency_obj=currency),
                )
        return False

    def _commission_pay(self):
        """Record the commissions of payslips that are done as paid."""
        for slip in self.sudo():  # sudo: the ledger moves with the payslip
            today = slip.company_id._commission_local_date()
            rows = slip.commission_ids._filter_live()
            rows.date_paid = today
            lines = rows.line_id.with_prefetch()  # they forget the rows when they move
            lines._payroll_paid(today, slip.number or slip.name)

    def _commission_release(self):
        """Give back what the payslips hold or paid; a refund gives back its reversal."""
        rows = self.sudo().commission_ids  # sudo: the ledger moves with the payslip
        live, reversals = rows._filter_live(), rows.filtered("is_reversal")
        self._commission_check_taking_back(live)
        live.line_id.with_prefetch()._payroll_release()
        live.payslip_id.input_line_ids.filtered("commission_kind").unlink()
        live.unlink()
        self._commission_undo_refund(reversals)

    # ------------------------------------------------------------------
    # Copies and refunds
    # ------------------------------------------------------------------

    def copy(self, default=None):
        copies = super().copy(default)
        if not self.env.context.get("commission_refund"):
            # the salary lines stay: they make payroll confirm only after computing
            inputs = copies.input_line_ids.filtered("commission_kind")
            inputs.sudo().unlink()  # sudo: not for people to remove
        return copies

    def refund_sheet(self):
        self._commission_check_refund()
        action = True
        for slip in self:
            # payroll makes the refund in the company of the user
            refunded = slip.with_context(commission_refund=True)
            if slip.company_id:
                refunded = refunded.with_company(slip.company_id)
            action = super(HrPayslip, refunded).refund_sheet()
            slip._commission_reverse()
        if isinstance(action, dict):
            action["domain"] = [("id", "in", self.refunded_id.ids)]
        return action

    def _commission_check_refund(self):
        """Refuse to refund commissions twice, or to refund one's own.

        :raises UserError: naming the payslip, or the commission
        """
        # sudo: all that they pay, and whatever the user may see of it
        self._commission_check_taking_back(self.sudo().commission_ids._filter_live())
        for slip in self.sudo():  # sudo: as above
            if slip.commission_ids and not slip.commission_ids._filter_live():
                raise UserError(
                    self.env._(
                        "The commissions of “%(payslip)s” are refunded already. Cancel "
                        "the refund to undo it.",
                        payslip=slip.display_name,
                    )
                )

    def _commission_reverse(self):
        """Reverse what a payslip paid: its commissions can be paid again."""
        refund = self.sudo().refunded_id  # sudo: the ledger moves with the payslip
        rows = self.sudo().commission_ids._filter_live()  # sudo: as above
        rows.line_id.with_prefetch()._payroll_release()
        rows.reversed_by_id = refund
        rows.flush_recordset()  # from here on the index lets others pay the lines
        today = refund.company_id._commission_local_date()
        rows.create(
            [
                {
                    "payslip_id": refund.id,
                    "line_id": row.line_id.id,
                    "kind": row.kind,
                    "contract_id": row.contract_id.id,
                    "currency_id": row.currency_id.id,
                    "amount": -row.amount,
                    "date_paid": today,
                    "is_reversal": True,
                }
                for row in rows
            ]
        )

    def _commission_check_taking_back(self, rows):
        """Refuse to take a payment back by which oneself earns.

        :param rows: hr.payslip.commission
        :raises UserError: naming the commission
        """
        paid = rows.line_id.filtered(lambda line: line.state == "paid")
        paid.sudo(self.env.su)._check_no_stake()

    def _commission_undo_refund(self, reversals):
        """Pay commissions again whose refund is cancelled.

        :raises UserError: if another payslip took one of them since, or if it pays who
            cancels it
        """
        if not reversals:
            return
        originals = reversals.search(
            [("reversed_by_id", "in", reversals.payslip_id.ids)]
        )
        elsewhere = originals.line_id.filtered(lambda line: line.state != "approved")
        if elsewhere:
            raise UserError(
                self.env._(
                    "The refund cannot be cancelled: its commissions are paid with "
                    "%(payslips)s. Cancel or refund that first.",
                    payslips=listed(
                        self.env, elsewhere.payslip_id.mapped("display_name")
                    )
                    or self.env._("another payroll"),
                )
            )
        originals.line_id.sudo(self.env.su)._check_payable()
        for slip, rows in originals.grouped("payslip_id").items():
            for day, paid in rows.grouped("date_paid").items():
                paid.line_id.with_prefetch()._payroll_paid(
                    day, slip.number or slip.name
                )
        reversals.unlink()
        originals.reversed_by_id = False
        originals.flush_recordset()

    # ------------------------------------------------------------------
    # Navigation
    # ------------------------------------------------------------------

    def action_view_commissions(self):
        """Show what the payslips pay, deal by deal.

        :return: window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission_payroll.hr_payslip_commission_action"
        )
        action["domain"] = [("payslip_id", "in", self.ids)]
        return action
