from odoo import fields, models

from .sample_project import EVENT_TYPE


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    event_type = fields.Selection(
        selection_add=EVENT_TYPE, ondelete={"project_delivered": "cascade"}
    )

    def _read_facts(self, event_ids):
        rows = super()._read_facts(event_ids)
        for row in rows:
            if row["event_type"] == "project_delivered":
                project = self.env["sample.project"].browse(row["res_id"])
                row["user_id"] = project.user_id.id
                if row["res_part"]:  # rules on the margin pay on this event only
                    row["event_type"] = "project_delivered|margin"
        return rows
