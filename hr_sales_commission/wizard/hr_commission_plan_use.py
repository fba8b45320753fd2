# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models

from ..engine.rounding import sensible, to_decimal
from ..pipeline.reader_numbers import format_number

#: amounts that the preview shows at most
SHOWN = 6


class HrCommissionPlanUse(models.TransientModel):
    """Asks what the amounts of a ready-made plan are in the company's money."""

    _name = "hr.commission.plan.use"
    _description = "Use of a Ready-Made Plan"
    _inherit = ["hr.commission.guard"]

    plan_id = fields.Many2one(
        "hr.commission.plan",
        string="Ready-Made Plan",
        required=True,
        ondelete="cascade",
        domain="[('is_template', '=', True)]",
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id, readonly=True
    )
    factor = fields.Float(
        digits=(16, 6),
        required=True,
        default=lambda self: float(self.env.company._get_money_scale()),
        help="What the amounts of the plan are multiplied with. They are written in "
        "dollars; the rate of the day is offered where one is known.",
    )
    preview = fields.Text(
        compute="_compute_preview", help="What becomes of the amounts of the plan."
    )

    @api.depends("plan_id", "factor")
    def _compute_preview(self):
        for dialog in self:
            step = to_decimal(dialog.currency_id.rounding or 0.01)
            factor = to_decimal(dialog.factor)
            dialog.preview = "\n".join(
                self.env._(
                    "%(before)s becomes %(after)s",
                    before=format_number(self.env, amount),
                    after=dialog.currency_id.format(
                        float(sensible(to_decimal(amount) * factor, step))
                    ),
                )
                for amount in dialog.plan_id._get_amounts()[:SHOWN]
            )

    def action_apply(self):
        """Make a draft of the plan with these amounts.

        :return: the window action that shows it
        """
        self._ensure_one_given()
        return self.plan_id.action_use_template(self.factor)
