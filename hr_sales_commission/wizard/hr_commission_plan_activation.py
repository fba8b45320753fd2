# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""One page before a plan is put in force: the check, what changes, whom it concerns."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..pipeline.titles import listed
from ..pipeline.told import CLOSE, told

#: what is said of the plan that is looked at
REVIEWED = ("replaced_ids", "replaced_until", "errors", "changes")
REVIEWED += ("people_count", "people")
#: names shown before the rest is counted
NAMES_SHOWN = 20


class HrCommissionPlanActivation(models.TransientModel):
    """What activating a draft does, to be looked at before it is done."""

    _name = "hr.commission.plan.activation"
    _description = "Activate Commission Plan"
    _inherit = ["hr.commission.guard"]

    plan_id = fields.Many2one("hr.commission.plan", required=True, readonly=True)
    date_start = fields.Date(related="plan_id.date_start")
    replaced_ids = fields.Many2many(
        "hr.commission.plan",
        compute="_compute_review",
        string="Plans That End",
        help="They end the day before, and what they paid until then stays.",
    )
    replaced_until = fields.Char(compute="_compute_review")
    errors = fields.Text(compute="_compute_review")
    warnings = fields.Text(related="plan_id.check_warnings")
    changes = fields.Text(compute="_compute_review", string="What Changes")
    people_count = fields.Integer(compute="_compute_review", string="People Concerned")
    people = fields.Text(compute="_compute_review")

    @api.depends("plan_id")
    def _compute_review(self):
        without_plan = self.filtered(lambda review: not review.plan_id)
        without_plan.update(dict.fromkeys(REVIEWED, False))
        for review in self - without_plan:
            plan = review.plan_id
            replaced = plan._find_replaced()
            review.replaced_ids = replaced
            review.replaced_until = format_date(
                self.env, plan.date_start - timedelta(days=1)
            )
            review.errors = "\n".join(plan._find_errors(replaced)) or False
            before = plan.previous_id or replaced[:1]
            review.changes = bool(before) and review._describe_changes(before)
            people = plan._find_concerned()
            review.people_count = len(people)
            names = people[:NAMES_SHOWN].mapped("name")
            review.people = listed(
                self.env, names + (["…"] if len(people) > len(names) else [])
            )

    def _describe_changes(self, before):
        """Say what is other than in the plan before, or that nothing is.

        :rtype: str
        """
        changes = self.plan_id._describe_changes(before)
        return "\n".join(changes) or self.env._(
            "Nothing: it pays what %(plan)s pays.", plan=before.display_name
        )

    def action_activate(self):
        """End the plans that this one takes the place of, and put it in force.

        :raises UserError: naming what has to be mended first
        """
        self._ensure_one_given()
        replaced = self.plan_id._find_replaced() - self.plan_id.previous_id
        self.plan_id._check_before_activation(replaced)
        if replaced:
            replaced._end_before(self.plan_id)
        self.plan_id.action_activate()
        return told(
            "success",
            self.env._(
                "“%(plan)s” decides what people earn from %(day)s on.",
                plan=self.plan_id.display_name,
                day=format_date(self.env, self.plan_id.date_start),
            ),
            CLOSE,
        )
