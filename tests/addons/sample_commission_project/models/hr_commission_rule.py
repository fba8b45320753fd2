from odoo import fields, models

from .hr_commission_plan import PAYOUT
from .sample_project import EVENT_TYPE


class HrCommissionRule(models.Model):
    _inherit = "hr.commission.rule"

    event_type = fields.Selection(
        selection_add=EVENT_TYPE, ondelete={"project_delivered": "cascade"}
    )
    base = fields.Selection(
        selection_add=[("project_margin", "Margin of the project")],
        ondelete={"project_margin": "set default"},
    )
    payout = fields.Selection(
        selection_add=PAYOUT, ondelete={"quarter_end": "set null"}
    )

    def _get_engine_values(self):
        values = super()._get_engine_values()
        if self.base == "project_margin":
            values["event_type"] = f"{self.event_type}|margin"
        return values
