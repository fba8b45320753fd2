# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields, models

from ..pipeline.words import COMMISSION_SOURCES


class HrCommissionSimulationDeal(models.TransientModel):
    """A deal of one person under both plans, computed when it is looked at."""

    _name = "hr.commission.simulation.deal"
    _description = "Deal of a Commission Simulation"
    _inherit = ["hr.commission.guard"]
    _order = "id"
    _rec_name = "title"

    result_id = fields.Many2one(
        "hr.commission.simulation.result", readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="result_id.currency_id")
    title = fields.Char(string="Event", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    date = fields.Date(readonly=True)
    commission_source = fields.Selection(
        COMMISSION_SOURCES, string="Customer Source", readonly=True
    )
    base = fields.Monetary(
        readonly=True, help="The amount that the rate is applied to."
    )
    amount_before = fields.Monetary(
        string="Before", readonly=True, help="What is paid without this plan."
    )
    amount = fields.Monetary(
        string="With This Plan", readonly=True, help="What this plan would pay."
    )
    difference = fields.Monetary(
        readonly=True, help="What this plan pays more; below zero: less."
    )
    explanation_before = fields.Html(string="How Before", readonly=True)
    explanation = fields.Html(string="How With This Plan", readonly=True)
