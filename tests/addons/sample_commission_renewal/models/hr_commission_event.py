from decimal import Decimal

from odoo import fields, models

from odoo.addons.hr_sales_commission.pipeline.participants import Person


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    event_type = fields.Selection(
        selection_add=[("contract_renewed", "Contract renewed")],
        ondelete={"contract_renewed": "cascade"},
    )

    def _get_contracts(self, rows):
        renewals = [row for row in rows if row["event_type"] == "contract_renewed"]
        ids = [row["res_id"] for row in renewals]
        return zip(renewals, self.env["sample.contract"].browse(ids), strict=True)

    def _read_facts(self, event_ids):
        rows = super()._read_facts(event_ids)
        for row, contract in self._get_contracts(rows):
            row["customer_id"] = contract.partner_id.commercial_partner_id.id
        return rows

    def _name_participants(self, rows):
        for row, contract in self._get_contracts(rows):
            row["filled"] = {"contract": [Person(user_id=contract.user_id.id)]}
        return super()._name_participants(rows)

    def _load_facts(self, names, rows):
        facts = super()._load_facts(names, rows)
        if "contract_months" in names:
            for row, contract in self._get_contracts(rows):
                start, day = contract.date_start, row["date"]
                months = (day.year - start.year) * 12 + day.month - start.month
                facts[row["id"]]["contract_months"] = Decimal(months)
        return facts
