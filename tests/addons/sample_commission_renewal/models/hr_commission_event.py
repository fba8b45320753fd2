from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.hr_sales_commission.pipeline.participants import Person


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    event_type = fields.Selection(
        selection_add=[("contract_renewed", "Contract renewed")],
        ondelete={"contract_renewed": "cascade"},
    )

    @api.model
    def _read_facts(self, event_ids):
        rows = super()._read_facts(event_ids)
        renewals = [row for row in rows if row["event_type"] == "contract_renewed"]
        contracts = self.env["sample.contract"].browse(
            row["res_id"] for row in renewals
        )
        for row, contract in zip(renewals, contracts, strict=True):
            age = relativedelta(row["date"], contract.date_start)
            row["customer_id"] = contract.partner_id.commercial_partner_id.id
            row["filled"] = {"contract": [Person(user_id=contract.user_id.id)]}
            row["facts"] = {"contract_months": Decimal(age.years * 12 + age.months)}
        return rows
