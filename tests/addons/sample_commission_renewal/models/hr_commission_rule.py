from odoo import fields, models

MEASURE = [("renewed", "Renewed amount")]


class HrCommissionRule(models.Model):
    _inherit = "hr.commission.rule"

    event_type = fields.Selection(
        selection_add=[("contract_renewed", "Contract renewed")],
        ondelete={"contract_renewed": "cascade"},
    )
    tier_measure = fields.Selection(
        selection_add=MEASURE, ondelete={"renewed": "set default"}
    )
    target_measure = fields.Selection(
        selection_add=MEASURE, ondelete={"renewed": "set default"}
    )
    contract_months_min = fields.Integer(string="Contract Older Than (Months)")

    def _get_engine_values(self):
        values = super()._get_engine_values()
        own = {"contract_months_min": self.contract_months_min}
        return {**values, "terms": {**values.get("terms", {}), **own}}


class HrCommissionTarget(models.Model):
    _inherit = "hr.commission.target"

    measure = fields.Selection(selection_add=MEASURE, ondelete={"renewed": "cascade"})
