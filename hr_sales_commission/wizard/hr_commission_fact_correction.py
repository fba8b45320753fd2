# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.crm_lead import SEALED_FACTS
from ..pipeline.titles import title_of


class HrCommissionFactCorrection(models.TransientModel):
    """Correct the sealed days and the signed amount of a deal."""

    _name = "hr.commission.fact.correction"
    _description = "Correct Days and Amount"
    _inherit = ["hr.commission.guard"]

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="lead_id.company_currency")
    is_won = fields.Boolean(compute="_compute_is_won")
    is_qualified = fields.Boolean(compute="_compute_is_won")
    date_qualified = fields.Date(string="Qualified On", help="The day that is right.")
    date_won = fields.Date(string="Won On", help="The day that is right.")
    won_amount = fields.Monetary(
        string="Signed Amount", help="The amount that is right."
    )
    reason = fields.Text(required=True, help="What was wrong, for whoever asks later.")

    @api.depends("lead_id")
    def _compute_is_won(self):
        for correction in self:
            correction.is_won = bool(correction.lead_id.date_won)
            correction.is_qualified = bool(correction.lead_id.date_qualified)

    @api.model
    def default_get(self, fields_list):
        """Start from what is recorded."""
        values = super().default_get(fields_list)
        lead = self.env["crm.lead"].browse(values.get("lead_id"))
        lead.check_access("read")
        for name in SEALED_FACTS:
            if lead and name in fields_list:
                values.setdefault(name, lead[name])
        return values

    @api.model
    def _get_action(self, lead):
        """Return the action that opens the dialog for a deal."""
        lead._ensure_one_given()
        self.env["hr.commission.correction"]._check_may_correct()
        return {
            "type": "ir.actions.act_window",
            "name": title_of(self.env._("Correct Days and Amount"), lead.display_name),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_lead_id": lead.id},
        }

    def action_correct(self):
        """Write what differs to the deal, and have the differences posted.

        :raises AccessError, UserError: as ``hr.commission.correction._correct_facts``
        """
        self._ensure_one_given()
        facts = {}
        if self.is_won:
            facts = {"date_won": self.date_won, "won_amount": self.won_amount}
        if self.is_qualified:
            facts["date_qualified"] = self.date_qualified
        if not all(facts.get(name, True) for name in ("date_won", "date_qualified")):
            raise UserError(
                self.env._(
                    "A day that was recorded is corrected, not taken away. Mark the deal "
                    "as lost instead."
                )
            )
        self.env["hr.commission.correction"]._correct_facts(
            self.lead_id, facts, self.reason
        )
        return self.env["hr.commission.correction"]._tell_corrected()
