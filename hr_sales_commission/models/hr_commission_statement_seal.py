# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a statement said when it was confirmed is sealed, as approved lines are."""

from odoo import api, models

from ..pipeline.states import SEALED_STATEMENTS
from .hr_commission_audit import SEALED_MODELS


class HrCommissionStatement(models.Model):
    _name = "hr.commission.statement"
    _inherit = ["hr.commission.statement", "hr.commission.sealed"]

    _sealed_columns = (
        ("id", "employee_id", "company_id", "date_from", "date_to", "opening")
        + ("earned", "bonus", "adjusted", "clawback", "held", "draw", "draw_debt")
        + ("paid", "closing")
    )
    _sealed_states = SEALED_STATEMENTS

    def init(self):
        """Seal what was confirmed before there were seals, as it stands."""
        result = super().init()
        Audit = self.env["hr.commission.audit"]
        if not Audit.search_count([("act", "=", "confirm")], limit=1):
            self.search([("state", "in", self._sealed_states)])._log_seal("confirm")
        return result

    def _log_seal(self, act):
        """Log that statements were confirmed, with their figures, or opened again.

        :param str act: ``confirm`` or ``unconfirm``
        """
        statements = self.sudo()  # sudo: what they say, whoever acts
        seals = statements._get_seals() if act == "confirm" else {}
        prefix = SEALED_MODELS[self._name]
        self.env["hr.commission.audit"]._log(
            [
                {
                    "act": act,
                    "res_model": self._name,
                    "res_id": statement.id,
                    "record_name": statement.display_name,
                    "employee_id": statement.employee_id.id,
                    "company_id": statement.company_id.id,
                    "amount": statement.paid,
                    "seals": {f"{prefix}{statement.id}": seals.get(statement.id, "")},
                }
                for statement in statements
            ]
        )

    @api.model
    def _describe_broken_seal(self, exists, is_sealed):
        if not exists:
            return self.env._("A confirmed statement was deleted.")
        if is_sealed:
            return self.env._("The figures of a confirmed statement were changed.")
        return self.env._("It counts as confirmed, but nobody confirmed it.")
