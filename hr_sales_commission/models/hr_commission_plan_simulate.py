# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import models


class HrCommissionPlan(models.Model):
    """Trying a plan on what happened this year, from the plan itself."""

    _inherit = "hr.commission.plan"

    def action_simulate(self):
        """Replay this year under the plan, beside the plans that are in force.

        :return: the window action with the computed simulation
        :raises AccessError: for anybody but commission officers
        """
        self._ensure_one_given()
        simulation = self.env["hr.commission.simulation"].create(
            {
                "name": self.display_name,
                "company_id": self.company_id.id or self.env.company.id,
                "plan_ids": self.ids,
            }
        )
        simulation.action_run()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulation: %(plan)s", plan=self.display_name),
            "res_model": simulation._name,
            "res_id": simulation.id,
            "views": [(False, "form")],
        }
