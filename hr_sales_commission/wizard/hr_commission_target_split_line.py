# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models


class HrCommissionTargetSplitLine(models.TransientModel):
    """One part of a target that is split, and how much it weighs."""

    _name = "hr.commission.target.split.line"
    _description = "Part of a Target"
    _inherit = [
        "hr.commission.guard",
        "hr.mixin",
    ]  # officers choose employees without reading their records

    split_id = fields.Many2one(
        "hr.commission.target.split", required=True, ondelete="cascade"
    )
    employee_id = fields.Many2one("hr.employee", ondelete="cascade")
    team_id = fields.Many2one("crm.team", string="Sales Team", ondelete="cascade")
    branch_id = fields.Many2one("res.company", ondelete="cascade")
    date_from = fields.Date(string="From")
    weight = fields.Float(
        default=1.0,
        help="In proportion to the other parts: the season of a month, the size of a "
        "team.",
    )
    amount = fields.Float(compute="_compute_amount")

    @api.depends(
        "weight",
        "split_id.line_ids.weight",
        "split_id.rounding",
        "split_id.over_percent",
        "split_id.target_id",
    )
    def _compute_amount(self):
        for split, lines in self.grouped("split_id").items():
            parts = split._get_amounts() if split else ()
            amounts = dict(zip(split.line_ids, parts, strict=True))
            for line in lines:
                line.amount = amounts.get(line, 0.0)

    def _prepare_target(self):
        """Return what tells the target of this part from others."""
        self.ensure_one()
        whole, by = self.split_id.target_id, self.split_id.by
        is_period = by in ("month", "quarter")
        part = whole if is_period else self
        company = part.employee_id.company_id or part.branch_id
        return {
            "employee_id": part.employee_id.id,
            "team_id": part.team_id.id,
            "branch_id": part.branch_id.id,
            "company_id": (company or part.team_id.company_id or whole.company_id).id,
            "whole_id": False,
            "measure": whole.measure,
            "period": by if is_period else whole.period,
            "date_from": self.date_from if is_period else whole.date_from,
        }
