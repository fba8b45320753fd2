# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models


class HrCommissionScenarioResult(models.Model):
    """What a role would earn in a scenario under a plan, and how widely it varies."""

    _name = "hr.commission.scenario.result"
    _description = "Commission Scenario Result"
    _inherit = ["hr.commission.guard"]
    _order = "scenario_id desc, plan_id, sequence, id"
    _rec_name = "role"
    _log_access = False

    scenario_id = fields.Many2one(
        "hr.commission.scenario",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="scenario_id.company_id", store=True
    )  # stored for the record rules
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_id = fields.Many2one(
        "hr.commission.plan", required=True, readonly=True, ondelete="cascade"
    )
    sequence = fields.Integer(readonly=True)
    role = fields.Selection(
        [
            ("marketing", "Marketing"),
            ("sales", "Sales"),
            ("manager", "Managers"),
            ("all", "Everybody"),
        ],
        required=True,
        readonly=True,
    )
    people_count = fields.Integer(string="People", readonly=True)
    expected = fields.Monetary(
        readonly=True, aggregator=None, help="When everything comes as on average."
    )
    expected_each = fields.Monetary(
        compute="_compute_expected_each",
        help="What one person of the role earns on average.",
    )
    p10 = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="In one of ten random cases it is less.",
    )
    p50 = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="In half of the random cases it is less.",
    )
    p90 = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="In one of ten random cases it is more.",
    )
    cost_ratio = fields.Float(
        string="Of Sales (%)",
        compute="_compute_cost_ratio",
        help="Expected pay in percent of the signed amount.",
    )

    @api.depends("expected", "people_count")
    def _compute_expected_each(self):
        for result in self:
            result.expected_each = result.expected / (result.people_count or 1)

    @api.depends("expected", "scenario_id.amount_signed")
    def _compute_cost_ratio(self):
        for result in self:
            signed = result.scenario_id.amount_signed
            result.cost_ratio = 100 * result.expected / signed if signed else 0.0
