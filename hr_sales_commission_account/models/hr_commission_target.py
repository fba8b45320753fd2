# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Targets of teams: which documents count."""

from odoo import api, models
from odoo.tools import SQL


class HrCommissionTarget(models.Model):
    _inherit = "hr.commission.target"

    @api.model
    def _get_team_condition(self):
        self.env["account.move"].flush_model(["team_id"])
        self.env["sale.order"].flush_model(["team_id"])
        return SQL(
            """(%s OR event.lead_id IS NULL AND (
                   event.res_model = 'account.move' AND event.res_id IN (
                       SELECT id FROM account_move WHERE team_id = target.team_id)
                OR event.res_model = 'sale.order' AND event.res_id IN (
                       SELECT id FROM sale_order WHERE team_id = target.team_id)))""",
            super()._get_team_condition(),
        )
