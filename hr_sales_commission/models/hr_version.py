# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Versions of an employee: a change computes again what it concerns."""

from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..pipeline.contract_days import read_ramp
from ..pipeline.own_draws import FIELDS as OWN_DRAW_FIELDS

#: what a target in proportion looks at
TARGET_FIELDS = {
    "date_version",
    "active",
    "contract_date_start",
    "contract_date_end",
    "departure_date",
    "job_id",
    "resource_calendar_id",
}
#: what rules ask of contracts, and what targets in proportion follow from
CONTRACT_FIELDS = TARGET_FIELDS | {"wage"}
#: what nobody decides for oneself
PROMISES = {"commission_plan_id", *OWN_DRAW_FIELDS}
#: those that a record has only if somebody was promised something
GIVEN_PROMISES = (
    "commission_plan_id",
    "commission_draw_amount",
    "commission_guaranteed_minimum",
)


class HrVersion(models.Model):
    _inherit = "hr.version"

    commission_plan_id = fields.Many2one(
        "hr.commission.plan",
        groups="hr.group_hr_user",
        tracking=True,
        index="btree_not_null",
        domain="[('is_personal', '=', True)]",
        help="A plan of the employee's own, from the date of this record on.",
    )
    commission_draw_amount = fields.Monetary(
        string="Own Draw",
        groups="hr.group_hr_user",
        tracking=True,
        help="Least that a month (or week) pays this person, as an advance on later "
        "commissions, in the place of the draw of the plan. It counts by the days of the "
        "contract and ends with it. 0: what the plan says.",
    )
    commission_draw_period = fields.Selection(
        [("month", "Month"), ("week", "Week")],
        string="Own Draw Per",
        default="month",
        groups="hr.group_hr_user",
        help="Of a weekly draw a month pays a seventh for each of its days.",
    )
    commission_draw_from = fields.Date(
        string="Promised From",
        groups="hr.group_hr_user",
        tracking=True,
        help="First day of the draw and of the guaranteed minimum, from which the months "
        "of “Own Draw by Month” count too. Empty: from this record on, by the months of "
        "the contract.",
    )
    commission_draw_until = fields.Date(
        string="Promised Until",
        groups="hr.group_hr_user",
        tracking=True,
        help="Last day of the draw and of the guaranteed minimum; afterwards the plan's "
        "hold again. Empty: as long as the contract.",
    )
    commission_draw_ramp = fields.Char(
        string="Own Draw by Month",
        groups="hr.group_hr_user",
        help="Percentages of the draw in the first months, as 100, 75, 50, 25; after them "
        "there is no draw. Empty: always the whole draw.",
    )
    commission_draw_recoverable = fields.Boolean(
        string="Own Draw Is Recovered",
        default=True,
        groups="hr.group_hr_user",
        help="What a month pays above what it earned is taken from later months.",
    )
    commission_guaranteed_minimum = fields.Monetary(
        string="Own Guaranteed Minimum",
        groups="hr.group_hr_user",
        tracking=True,
        help="A month pays this person at least this, in the place of what the plan "
        "guarantees; a deduction leaves it untouched. 0: what the plan says.",
    )

    _commission_draw_not_negative = models.Constraint(
        "CHECK (commission_draw_amount >= 0 AND commission_guaranteed_minimum >= 0)",
        "Draw and guaranteed minimum cannot be negative.",
    )
    _commission_draw_in_order = models.Constraint(
        "CHECK (commission_draw_until IS NULL OR commission_draw_from IS NULL"
        " OR commission_draw_until >= commission_draw_from)",
        "A draw cannot end before it starts.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._with_promises()._check_own_plan()
        versions.filtered(
            lambda each: each._is_another_contract()
        )._check_own_contract()
        if versions._concern_plans():
            versions._reprocess_commissions()
        versions._reprocess_targets()
        return versions

    def write(self, vals):
        moved = not {"date_version", "active"}.isdisjoint(vals)
        has_plan = "commission_plan_id" in vals or (moved and self._concern_plans())
        is_promise = not PROMISES.isdisjoint(vals)
        if has_plan or is_promise:
            self._check_own_plan()
        if has_plan:
            self._reprocess_commissions()
        is_moved = not CONTRACT_FIELDS.isdisjoint(vals)
        if is_moved:
            self._check_own_contract()
            self._reprocess_targets()
        result = super().write(vals)
        if has_plan:
            self._check_own_plan()
            self._reprocess_commissions()
        if is_moved:
            self._reprocess_targets()
        return result

    @api.constrains("commission_draw_ramp")
    def _check_draw_ramp(self):
        for version in self:
            read_ramp(self.env, version.commission_draw_ramp)

    @api.model
    def _has_own_draws(self):
        """Whether anybody is promised a draw or a minimum of their own.

        :rtype: bool
        """
        # sudo: whether there is one, for every company
        return bool(
            self.sudo().search_count(
                Domain("commission_draw_amount", ">", 0)
                | Domain("commission_guaranteed_minimum", ">", 0),
                limit=1,
            )
        )

    @api.constrains("commission_plan_id")
    def _check_plan_currency(self):
        """What a plan says in money is paid in the currency of the person's company."""
        for version in self:
            plan = version.commission_plan_id.sudo()  # sudo: its currency only
            currency = version.employee_id.company_id.currency_id
            if plan and currency and plan.currency_id != currency:
                raise ValidationError(
                    self.env._(
                        "“%(plan)s” pays in %(currency)s, and %(employee)s is paid in "
                        "%(other)s. Choose a plan in the same currency.",
                        plan=plan.display_name,
                        currency=plan.currency_id.name,
                        employee=version.employee_id.name,
                        other=currency.name,
                    )
                )

    def _with_promises(self):
        """Return those that give somebody a plan, a draw or a minimum of their own."""
        versions = self.sudo().filtered(  # sudo: for HR only
            lambda version: any(version[name] for name in GIVEN_PROMISES)
        )
        return versions.sudo(self.env.su)

    def _check_own_plan(self):
        """Refuse to choose by what plan oneself is paid, or what one is promised.

        :raises AccessError: for one's own employee record
        """
        # sudo: whose employee record that is
        if self.env["hr.commission.person"]._is_own(self.sudo().employee_id):
            raise AccessError(
                self.env._(
                    "Somebody else chooses the commission plan you are paid by, and what "
                    "you are promised."
                )
            )

    def _is_another_contract(self):
        """Whether a record says otherwise than those before since when or for what
        somebody is employed.
        """
        version = self.sudo()  # sudo: for HR only
        others = version.employee_id.version_ids - version
        return bool(others) and any(
            version[name] not in others.mapped(name)
            for name in ("contract_date_start", "wage")
        )

    def _check_own_contract(self):
        """Refuse to say for oneself what commissions follow from.

        :raises AccessError: for one's own employee record, where commissions follow
            from the contract
        """
        employees = self.sudo().employee_id  # sudo: whose record it is
        if self.env.su or not self.env["hr.commission.person"]._is_own(employees):
            return
        if self._is_paid_by_contract():
            raise AccessError(
                self.env._(
                    "What you are paid follows from your contract. Somebody else "
                    "enters what it says."
                )
            )

    def _is_paid_by_contract(self):
        """Whether a plan in force asks for the time in the company, the wage or the
        last day, or a target of these people goes by their contract.
        """
        plans = self.env["hr.commission.plan"]
        employees = self.sudo().employee_id  # sudo: whose record it is
        return (
            plans._asks_of_contracts()
            or plans._limits_leavers()
            or bool(self.env["hr.commission.target"]._search_in_part(employees))
        )

    def unlink(self):
        if self._concern_plans():
            self._reprocess_commissions()
        self._reprocess_targets()
        return super().unlink()

    def _reprocess_targets(self):
        """Have what the employees are paid by what changed computed again.

        By targets in proportion, by rules that ask of the contract, and by rules that
        end with the employment.
        """
        employees = self.sudo().employee_id  # sudo: whose record it is
        self.env["hr.commission.target"]._reprocess_in_part(employees)
        if self.env["hr.commission.plan"]._asks_of_contracts():
            self.env["hr.commission.event"].sudo()._set_credited_pending(  # sudo: same
                [("employee_id", "in", employees.ids)]
            )
        if self.env["hr.commission.plan"]._limits_leavers():
            Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
            for employee in employees:
                days = filter(None, employee.version_ids.mapped("departure_date"))
                Event._set_pending(
                    Domain("credit_ids.employee_id", "=", employee.id)
                    & Domain("date", ">", min(days, default=date.max))
                )

    def _concern_plans(self):
        """Whether a record of these employees names a plan: it holds until the next."""
        versions = self.sudo().employee_id.version_ids  # sudo: plans are HR's to read
        return any(versions.mapped("commission_plan_id"))

    def _reprocess_commissions(self):
        """Have the employees' events from these versions on computed again."""
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        Event._set_credited_pending(
            Domain.OR(
                Domain("employee_id", "=", version.employee_id.id)
                & Domain("date", ">=", version.date_version)
                # sudo: hr.version - of an employee who was changed
                for version in self.sudo()
                if version.employee_id
            )
        )

    @api.model
    def _get_departures(self, employee_ids):
        """Return the day on which people left, of those who did and did not return.

        :rtype: dict[int, datetime.date]
        """
        self.flush_model(["employee_id", "departure_date", "contract_date_start"])
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT employee_id, MAX(departure_date) FROM hr_version
                        WHERE employee_id = ANY(%s) AND active
                        GROUP BY employee_id
                       HAVING MAX(departure_date) >= COALESCE(
                              MAX(contract_date_start), MAX(departure_date))""",
                    employee_ids,
                )
            )
        )

    @api.model
    def _get_commission_plans(self, employees):
        """Return a function (employee id, day) → personal plan id, or None.

        Before the first record of an employee none holds. One query for all.
        """
        versions = defaultdict(list)
        for version in self.search(
            [("employee_id", "in", employees.ids)],
            order="date_version desc",
        ):
            versions[version.employee_id.id].append(
                (version.date_version, version.commission_plan_id.id or None)
            )

        def get_plan(employee_id, day):
            for start, plan_id in versions[employee_id]:
                if start <= day:
                    return plan_id
            return None

        return get_plan

    def _get_whitelist_fields_from_template(self):
        names = super()._get_whitelist_fields_from_template()
        return [*names, "commission_plan_id", *OWN_DRAW_FIELDS]
