# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..engine.measures import MEASURES
from ..engine.periods import period_of
from ..engine.rounding import allot, to_decimal

#: what is smaller than a period
SMALLER = {"year": ("quarter", "month"), "quarter": ("month",)}


class HrCommissionTargetSplit(models.TransientModel):
    """Splits a target from the top down, or over the months of its period.

    The parts sum to the whole, and whatever is assigned above it is shown.
    """

    _name = "hr.commission.target.split"
    _description = "Split a Target"
    _inherit = ["hr.commission.guard"]

    target_id = fields.Many2one(
        "hr.commission.target", required=True, ondelete="cascade"
    )
    by = fields.Selection(
        [
            ("month", "Months"),
            ("quarter", "Quarters"),
            ("branch", "Branches"),
            ("team", "Sales teams"),
            ("employee", "People"),
        ],
        string="Split Over",
        required=True,
        default="month",
        help="What each part is for.",
    )
    over_percent = fields.Float(
        string="Overassigned (%)",
        help="How much more than the target the parts sum to, as a reserve.",
    )
    rounding = fields.Float(
        string="Round To", required=True, default=1.0, help="Parts are multiples of it."
    )
    line_ids = fields.One2many(
        "hr.commission.target.split.line",
        "split_id",
        string="Parts",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    amount = fields.Float(related="target_id.amount", string="To Split")
    assigned = fields.Float(compute="_compute_assigned", help="The sum of the parts.")
    difference = fields.Float(
        string="Above the Target",
        compute="_compute_assigned",
        help="What the parts sum to above the target; below zero: not assigned.",
    )

    _rounding_positive = models.Constraint(
        "CHECK (rounding > 0 AND over_percent >= -100)",
        "Parts are rounded to something above zero, and at most all is left out.",
    )

    @api.depends("target_id", "by")
    def _compute_line_ids(self):
        for split in self:
            parts = split._find_parts() if split.target_id and split.by else []
            split.line_ids = [Command.clear(), *map(Command.create, parts)]

    @api.depends("line_ids.weight", "rounding", "over_percent", "target_id")
    def _compute_assigned(self):
        for split in self:
            split.assigned = sum(split._get_amounts())
            split.difference = split.assigned - split.target_id.amount

    def _get_amounts(self):
        """Return what the parts come to, in the order of the lines.

        Of the largest remainders, so that they sum to the whole.

        :rtype: list[float]
        """
        self.ensure_one()
        weights = [max(to_decimal(line.weight), Decimal(0)) for line in self.line_ids]
        if not any(weights) or self.rounding <= 0:
            return [0.0 for _weight in weights]
        whole = to_decimal(self.target_id.amount)
        whole += whole * to_decimal(self.over_percent) / 100
        return [
            float(part) for part in allot(whole, weights, to_decimal(self.rounding))
        ]

    def _find_parts(self):
        """Return values of the lines: who or which period gets a part.

        :raises UserError: where there is nothing to split over
        """
        self.ensure_one()
        target = self.target_id
        if MEASURES[target.measure].unit == "percent":
            raise UserError(
                self.env._(
                    "A rate is not split: everybody has the same one. Copy the target."
                )
            )
        if self.by in ("month", "quarter"):
            if self.by not in SMALLER.get(target.period, ()):
                return []
            starts = [target.date_from]
            year_start = target.company_id._get_commission_year_start()
            while (
                last := period_of(starts[-1], self.by, year_start)[1]
            ) < target.date_to:
                starts.append(last + timedelta(days=1))
            return [{"date_from": day} for day in starts]
        return [{f"{self.by}_id": each.id} for each in self._find_subjects()]

    def _find_subjects(self):
        """Return the branches, sales teams or people below the target's."""
        target = self.target_id
        if self.by == "branch":
            company = target.branch_id or target.company_id
            return company.child_ids or company
        if self.by == "team":
            return self.env["crm.team"].search(
                Domain("company_id", "in", (target.company_id.id, False))
            )
        people = Domain("commission_role", "not in", (False, "none"))
        if target.team_id:
            people &= Domain("user_id", "in", target.team_id.member_ids.ids)
        elif target.employee_id:
            people &= Domain("parent_id", "=", target.employee_id.id)
        else:
            company = target.branch_id or target.company_id
            people &= Domain("company_id", "=", company.id)
        # sudo: roles are for human resources, the company is one of the officer's
        employees = self.env["hr.employee"].sudo().search(people, order="name")
        return employees.sudo(False)

    def action_split(self):
        """Make the parts targets; those that are there already get the new amount.

        :return: the window action that shows them
        :raises UserError: without parts
        """
        self._ensure_one_given()
        Target = self.env["hr.commission.target"]
        Target.check_access("create")
        targets, missing = Target.browse(), []
        for line, amount in zip(self.line_ids, self._get_amounts(), strict=True):
            if not amount:
                continue
            values = line._prepare_target()
            known = Target.search(
                [(name, "=", values[name]) for name in values], limit=1
            )
            if known:
                known.amount = amount
                targets += known
            else:
                missing.append({**values, "amount": amount})
        targets += Target.create(missing)
        if not targets:
            raise UserError(self.env._("There is nobody, or no period, to split over."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_target_action"
        )
        action["domain"] = [("id", "in", targets.ids)]
        return action
