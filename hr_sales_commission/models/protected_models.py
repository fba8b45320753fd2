# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Models with fields that the system decides; loaded after all other models.

Here the protection comes before every other override of create and write.
"""

from odoo import api, models

from ..pipeline.officers import ADMINISTRATOR, OFFICER
from .crm_lead import PROTECTED_FIELDS
from .hr_commission_line import MANUAL_FIELDS


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["hr.commission.protected", "crm.lead"]

    @api.model
    def _get_permitted_fields(self):
        """Commission officers give what is known of past deals, to import them."""
        is_officer = self.env.user.has_group(OFFICER)
        permitted = super()._get_permitted_fields()
        return permitted | PROTECTED_FIELDS if is_officer else permitted


class CrmLeadShare(models.Model):
    _name = "crm.lead.share"
    _inherit = ["hr.commission.protected", "crm.lead.share"]


class CrmTouchpoint(models.Model):
    _name = "crm.touchpoint"
    _inherit = ["hr.commission.protected", "crm.touchpoint"]

    @api.model
    def _get_permitted_fields(self):
        """A commission administrator corrects evidence; each correction is logged."""
        if self.env.user.has_group(ADMINISTRATOR):
            return self._get_decided_fields()
        return super()._get_permitted_fields()


class HrCommissionDispute(models.Model):
    _name = "hr.commission.dispute"
    _inherit = ["hr.commission.protected", "hr.commission.dispute"]


class HrCommissionLine(models.Model):
    _name = "hr.commission.line"
    _inherit = ["hr.commission.protected", "hr.commission.line"]

    @api.model
    def _get_decided_fields(self):
        """A manual line is made by hand; what it becomes later is not."""
        by_hand = MANUAL_FIELDS - {"kind", "state"}
        return super()._get_decided_fields() - by_hand

    @api.model
    def _get_permitted_fields(self):
        return super()._get_permitted_fields() | {"kind", "state"}


class HrCommissionPlan(models.Model):
    _name = "hr.commission.plan"
    _inherit = ["hr.commission.protected", "hr.commission.plan"]

    @api.model
    def _get_decided_fields(self):
        """No plan is put in force by a default."""
        return super()._get_decided_fields() | {"state"}

    @api.model
    def _get_permitted_fields(self):
        return super()._get_permitted_fields() | {"state"}


class HrCommissionRule(models.Model):
    _name = "hr.commission.rule"
    _inherit = ["hr.commission.protected", "hr.commission.rule"]


class HrCommissionExport(models.Model):
    _name = "hr.commission.export"
    _inherit = ["hr.commission.protected", "hr.commission.export"]


class HrCommissionStatement(models.Model):
    _name = "hr.commission.statement"
    _inherit = ["hr.commission.protected", "hr.commission.statement"]


class HrCommissionTarget(models.Model):
    _name = "hr.commission.target"
    _inherit = ["hr.commission.protected", "hr.commission.target"]


class HrCommissionSimulation(models.Model):
    _name = "hr.commission.simulation"
    _inherit = ["hr.commission.protected", "hr.commission.simulation"]


class HrCommissionScenario(models.Model):
    _name = "hr.commission.scenario"
    _inherit = ["hr.commission.protected", "hr.commission.scenario"]


class HrCommissionEffect(models.Model):
    _name = "hr.commission.effect"
    _inherit = ["hr.commission.protected", "hr.commission.effect"]


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["hr.commission.protected", "mail.activity"]

    def write(self, vals):
        """Done with a customer it is a contact: nobody moves one to a record where they
        could not have planned it.
        """
        result = super().write(vals)
        if not {"res_model", "res_model_id", "res_id"}.isdisjoint(vals):
            self.check_access("create")
        return result


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["hr.commission.protected", "calendar.event"]

    def _get_followed_links(self):
        """A meeting is a contact with the customer of its deal."""
        return super()._get_followed_links() | {"opportunity_id"}


class CalendarAttendee(models.Model):
    _name = "calendar.attendee"
    _inherit = ["hr.commission.protected", "calendar.attendee"]


class HrEmployee(models.Model):
    _name = "hr.employee"
    _inherit = ["hr.commission.protected", "hr.employee"]


class HrVersion(models.Model):
    _name = "hr.version"
    _inherit = ["hr.commission.protected", "hr.version"]


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["hr.commission.protected", "res.company"]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["hr.commission.protected", "res.partner"]
