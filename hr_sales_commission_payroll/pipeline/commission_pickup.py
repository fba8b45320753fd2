# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Decides which commissions payslips pay, and says why others wait."""

from collections import defaultdict

from odoo.tools import formatLang

from odoo.addons.hr_sales_commission.pipeline.titles import listed


class CommissionPickup:
    """One computation of payslips: brings what they hold to what is due.

    Lines are loaded once for all payslips. A line that is already held stays where it
    is; a payslip in the same computation cannot take it as well.

    :param payslips: hr.payslip, in the environment of the user who computes
    :param may_deduct: whether settings to deduct from the salary count
    """

    def __init__(self, payslips, may_deduct=True):
        self.may_deduct = may_deduct
        self.user_env = payslips.env
        # sudo: payroll officers need no right on commissions to pay them
        self.payslips = payslips.sudo().sorted(lambda slip: (slip.date_to, slip.id))
        self.env = self.payslips.env
        self.warnings = defaultdict(list)
        self.chosen = {}
        self.contracts = {}

    def run(self):
        """Reserve, release and expose; keep warnings on the payslips.

        :return: the payslips that deduct commissions from the salary
        """
        self._load()
        for slip in self.payslips:
            self.chosen[slip] = self._choose(slip)
        self._store()
        return self.payslips.filtered(
            lambda slip: sum(self.chosen[slip].mapped("amount")) < 0
        ).with_env(self.user_env)

    # ------------------------------------------------------------------
    # Loading
    # ------------------------------------------------------------------

    def _load(self):
        rows = self.payslips.commission_ids
        self.rows_by_slip = rows._filter_live().grouped("payslip_id")
        self.waiting = self.payslips._commission_read_waiting()
        self.payable = self._load_payable().grouped(
            lambda line: (line.employee_id, line.company_id)
        )
        self.taken = self.env["hr.commission.line"]
        self.contracts = self._load_contracts()
        self.kinds_by_structure = {}

    def _load_payable(self):
        Line = self.env["hr.commission.line"]
        due = self.payslips.filtered(lambda slip: self.waiting[slip]["due"][0])
        if not due:
            return Line
        return Line._payroll_payable(
            due.employee_id,
            due.company_id,
            max(slip._commission_until() for slip in due),
        )

    def _load_contracts(self):
        """Find the contract each payslip books its commissions under."""
        contracts = {}
        by_period = self.payslips.grouped(
            lambda slip: not slip.contract_id and (slip.date_from, slip.date_to)
        )
        for period, slips in by_period.items():
            if not period:
                contracts.update(
                    {slip: slip._get_employee_contracts() for slip in slips}
                )
                continue
            by_employee = slips.employee_id._get_contracts(*period)
            for slip in slips:
                found = by_employee.get(slip.employee_id.id, slip.contract_id)
                contracts[slip] = found.sorted("contract_date_start")[-1:]
        return contracts

    # ------------------------------------------------------------------
    # Choosing
    # ------------------------------------------------------------------

    def _choose(self, slip):
        """Return the lines that a payslip pays."""
        lines = self._get_candidates(slip)
        if lines and not self.contracts[slip]:
            self._warn_contract(slip, lines)
            lines = lines.browse()
        lines = self._drop_without_rule(slip, lines)
        lines = self._drop_negative(slip, lines)
        self.taken |= lines
        self._warn_waiting(slip)
        return lines

    def _get_candidates(self, slip):
        """Return the lines due that the payslip holds or may take."""
        until = slip._commission_until()
        held = self.rows_by_slip.get(slip, self.env["hr.payslip.commission"]).line_id
        held = held.filtered(
            lambda line: (
                line.state == "in_payroll"
                and not line.is_disputed
                and line.employee_id == slip.employee_id
                and line.company_id == slip.company_id
            )
        )
        payable = self.payable.get((slip.employee_id, slip.company_id), held.browse())
        return (held | (payable - self.taken)).filtered(
            lambda line: not line.date_due or line.date_due <= until
        )

    def _drop_without_rule(self, slip, lines):
        """Leave out kinds that no salary rule of the structure pays.

        Everything waits when they are a debt: what remains would pay people who owe.
        """
        if not lines:
            return lines
        kinds = self._get_payable_kinds(slip)
        missing = lines.filtered(lambda line: self._get_kind(line) not in kinds)
        if not missing:
            return lines
        is_debt = sum(missing.mapped("amount")) < 0
        left_out = lines if is_debt else missing
        self._warn_rule(slip, left_out, missing)
        return lines - left_out

    def _get_kind(self, line):
        return self.env["hr.payslip.commission"]._get_kind(line)

    def _get_payable_kinds(self, slip):
        structures = slip.struct_id or self.contracts[slip].struct_id
        if structures not in self.kinds_by_structure:
            # payroll silently leaves out rules that the user cannot read
            rules = (
                structures.with_env(self.user_env)
                .get_structure_with_parents()
                .get_all_rules()
            )
            self.kinds_by_structure[structures] = set(rules.mapped("commission_kind"))
        return self.kinds_by_structure[structures]

    def _drop_negative(self, slip, lines):
        """Let a negative balance wait as a whole, unless it is to be deducted.

        Leaving out the clawbacks alone would pay people who owe.
        """
        total = sum(lines.mapped("amount"))
        if total >= 0 or slip.company_id.currency_id.is_zero(total):
            return lines
        may_deduct = slip._commission_policy() == "deduct"
        if may_deduct and self.may_deduct:
            return lines
        amount = self._money(slip, total)
        if may_deduct:
            text = self.env._(
                "The commission balance of %(amount)s is carried over: it is more than "
                "the salary. To take a part of it, move the rest to a later month with "
                "two manual commission lines.",
                amount=amount,
            )
        else:
            text = self.env._(
                "The commission balance of %(amount)s is carried over: nothing is paid "
                "until it is positive. To deduct it, change “Negative Commissions” of "
                "this payslip and compute the sheet again.",
                amount=amount,
            )
        self._warn(slip, text)
        return lines.browse()

    # ------------------------------------------------------------------
    # Warnings
    # ------------------------------------------------------------------

    def _warn(self, slip, text):
        self.warnings[slip].append(text)

    def _money(self, slip, amount):
        return formatLang(self.env, amount, currency_obj=slip.company_id.currency_id)

    def _warn_contract(self, slip, lines):
        self._warn(
            slip,
            self.env._(
                "Commissions not paid: %(count)s (%(amount)s). No contract covers the "
                "period. After a departure, make a payslip for the last contract month "
                "and set its “Commissions Due Until”.",
                count=len(lines),
                amount=self._money(slip, sum(lines.mapped("amount"))),
            ),
        )

    def _warn_rule(self, slip, left_out, missing):
        labels = self.env["hr.payslip.commission"]._get_kind_labels()
        kinds = sorted({labels[self._get_kind(line)] for line in missing})
        self._warn(
            slip,
            self.env._(
                "Commissions not paid: %(count)s (%(amount)s). The salary structure has "
                "no rule for %(kinds)s. Open the structure, press “Add Commission Rules” "
                "and compute the sheet again.",
                count=len(left_out),
                amount=self._money(slip, sum(left_out.mapped("amount"))),
                kinds=listed(self.env, kinds),
            ),
        )

    def _warn_waiting(self, slip):
        texts = {
            "unapproved": self.env._(
                "Commissions due but not approved yet: %(count)s (%(amount)s)."
            ),
            "held": self.env._(
                "Commissions due but held until the source of the customer is verified: "
                "%(count)s (%(amount)s)."
            ),
            "disputed": self.env._(
                "Commissions due but disputed: %(count)s (%(amount)s)."
            ),
            "elsewhere": self.env._(
                "Commissions due in another company, to be paid there: %(count)s "
                "(%(amount)s)."
            ),
        }
        for reason, text in texts.items():
            count, amount = self.waiting[slip][reason]
            if count:
                values = {"count": count, "amount": self._money(slip, amount)}
                self._warn(slip, text % values)

    # ------------------------------------------------------------------
    # Storing
    # ------------------------------------------------------------------

    def _store(self):
        Row = self.env["hr.payslip.commission"]
        stale = Row.browse()
        new = []
        for slip, lines in self.chosen.items():
            rows = self.rows_by_slip.get(slip, Row)
            contract = self.contracts[slip]
            kept = rows.filtered(
                lambda row, lines=lines, contract=contract: (
                    row.line_id in lines and row.contract_id == contract
                )
            )
            stale |= rows - kept
            new += [
                self._get_row_values(slip, contract, line)
                for line in lines - kept.line_id
            ]
        self._move_lines(stale, new)
        stale.unlink()
        Row.create(new)
        self.payslips._commission_write_inputs()
        self.payslips._commission_keep_warnings(self.warnings)

    def _move_lines(self, stale, new):
        """Change the states of lines, before anything else is written.

        Two users who compute at the same second meet on these rows: the second waits,
        is run again and finds the lines taken.
        """
        wanted = self.env["hr.commission.line"].browse(row["line_id"] for row in new)
        released = stale.line_id - wanted
        released.filtered(lambda line: line.state == "in_payroll")._payroll_release()
        wanted.filtered(lambda line: line.state == "approved")._payroll_reserve()

    @staticmethod
    def _get_row_values(slip, contract, line):
        return {
            "payslip_id": slip.id,
            "line_id": line.id,
            "kind": line.env["hr.payslip.commission"]._get_kind(line),
            "contract_id": contract.id,
            "currency_id": line.currency_id.id,
            "amount": line.amount,
        }
