# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields, models

from ..engine.rounding import to_decimal
from ..engine.scenario import Volume
from ..pipeline.words import COMMISSION_SOURCES


class HrCommissionScenarioLine(models.Model):
    """What one source brings in a month of a scenario."""

    _name = "hr.commission.scenario.line"
    _description = "Volumes of a Commission Scenario"
    _inherit = ["hr.commission.guard"]
    _order = "scenario_id, id"

    scenario_id = fields.Many2one(
        "hr.commission.scenario", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="scenario_id.company_id", store=True
    )  # stored for the record rules
    currency_id = fields.Many2one(related="company_id.currency_id")
    commission_source = fields.Selection(
        COMMISSION_SOURCES,
        string="Customer Source",
        required=True,
        default="marketing",
        help="Who brought the customer of this row.",
    )
    leads = fields.Float(
        string="Leads a Month",
        required=True,
        digits=(16, 2),
        default=100,
        help="Leads that arrive in a month.",
    )
    qualified_rate = fields.Float(
        string="Qualified (%)",
        required=True,
        digits=(16, 2),
        default=100,
        help="Of 100 leads, so many qualify.",
    )
    conversion = fields.Float(
        string="Won of Qualified (%)",
        required=True,
        digits=(16, 2),
        default=20,
        help="Of 100 qualified leads, so many are won.",
    )
    deal_size = fields.Monetary(
        string="Average Deal",
        required=True,
        default=10000,
        help="What a deal is signed for on average.",
    )
    deal_spread = fields.Float(
        string="Spread (%)",
        digits=(16, 2),
        help="Standard deviation of the amounts in percent of the average.",
    )
    hours = fields.Float(
        string="Hours per Lead",
        default=1,
        help="Working hours of a salesperson for each qualified lead.",
    )

    _numbers_in_range = models.Constraint(
        "CHECK (leads >= 0 AND leads <= 100000 AND qualified_rate BETWEEN 0 AND 100"
        " AND conversion BETWEEN 0 AND 100 AND deal_size >= 0"
        " AND deal_spread BETWEEN 0 AND 1000 AND hours > 0)",
        "Rates lie between 0 and 100 %, hours are above zero, nothing is negative.",
    )

    def _to_engine(self):
        """Return the row as the engine knows it.

        :rtype: Volume
        """
        self.ensure_one()
        names = ("leads", "qualified_rate", "conversion", "deal_size", "deal_spread")
        return Volume(
            self.commission_source,
            *(to_decimal(self[name]) for name in names),
            to_decimal(self.hours),
        )
