# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.crm_touchpoint import TOUCHPOINT_KINDS
from ..pipeline.officers import OFFICER
from ..pipeline.titles import title_of


class CrmTouchpointLog(models.TransientModel):
    """Log a contact with a customer, from their form, in two clicks."""

    _name = "crm.touchpoint.log"
    _description = "Log Contact"
    _inherit = ["hr.commission.guard"]

    lead_id = fields.Many2one("crm.lead", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    kind = fields.Selection(
        TOUCHPOINT_KINDS,
        required=True,
        default="call",
        help="How the contact came about: a form, a call, a meeting and so on.",
    )
    note = fields.Char()
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    is_officer = fields.Boolean(compute="_compute_is_officer")
    date = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        help="Commission officers record earlier contacts as well.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Earned By",
        default=lambda self: self.env["crm.touchpoint"]._get_own_employee(),
    )
    campaign_id = fields.Many2one("utm.campaign")

    @api.depends_context("uid")
    def _compute_is_officer(self):
        self.is_officer = self.env.user.has_group(OFFICER)

    @api.model
    def _get_action(self, lead=None, partner=None):
        """Return the action that opens the dialog for a lead or a customer."""
        return {
            "type": "ir.actions.act_window",
            "name": title_of(
                self.env._("Log Contact"),
                (lead or partner or self).display_name,
            ),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_lead_id": lead.id if lead else False,
                "default_partner_id": partner.id if partner else False,
            },
        }

    def action_log(self):
        """Log the contact; attachments stay with the customer.

        :raises UserError: without a customer
        """
        self._ensure_one_given()
        subject = self.lead_id or self.partner_id
        if not subject:
            raise UserError(self.env._("Open this from a lead or a customer."))
        self.env["crm.touchpoint"].create(self._prepare_touchpoint(subject))
        if self.attachment_ids:
            self.attachment_ids.write(
                {"res_model": subject._name, "res_id": subject.id}
            )
        return {"type": "ir.actions.act_window_close"}

    def _prepare_touchpoint(self, subject):
        vals = {
            "lead_id": self.lead_id.id,
            "partner_id": self.partner_id.id,
            "kind": self.kind,
            "note": self.note,
            "campaign_id": self.campaign_id.id,
            "evidence": f"{subject._name},{subject.id}",
            "company_id": self.env.company.id,
        }
        if self.lead_id:
            vals["company_id"] = self.lead_id._get_commission_company().id
        if self.is_officer:
            vals.update(date=self.date, employee_id=self.employee_id.id)
        return vals
