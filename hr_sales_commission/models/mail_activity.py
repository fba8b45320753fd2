import logging

import psycopg2

from odoo import models

_logger = logging.getLogger(__name__)

#: categories of activities that are contacts with the customer
KIND_OF_CATEGORY = {"phonecall": "call", "meeting": "meeting"}


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call, mail or meeting done with a customer is a contact; log it."""
        contacts = self._prepare_touchpoints()
        leads = self.env["crm.lead"].browse(
            [activity.res_id for activity in self if activity.res_model == "crm.lead"]
        )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        try:
            with self.env.cr.savepoint():
                log = self.env["crm.touchpoint"].sudo()  # sudo: append-only log
                log.create(contacts)
                leads.exists()._log_followup(self.env.user)
        except psycopg2.OperationalError:
            raise  # a conflict with another user: the request is run again
        except Exception:
            _logger.exception("Contacts of done activities not logged")
        return result

    def _prepare_touchpoints(self):
        """Return the contacts that these activities were.

        Meetings in the calendar are logged once they took place.
        """
        vals_list = []
        for activity in self:
            kind = self._get_touchpoint_kind(activity)
            if kind and not activity.calendar_event_id:
                vals_list += self._prepare_touchpoint(activity, kind)
        return vals_list

    def _get_touchpoint_kind(self, activity):
        email = self.env.ref("mail.mail_activity_data_email", raise_if_not_found=False)
        if email and activity.activity_type_id == email:
            return "email"
        return KIND_OF_CATEGORY.get(activity.activity_type_id.category)

    def _prepare_touchpoint(self, activity, kind):
        record = self.env.get(activity.res_model)
        if activity.res_model not in ("crm.lead", "res.partner") or record is None:
            return []
        record = record.sudo().browse(activity.res_id).exists()
        if not record:
            return []
        is_lead = activity.res_model == "crm.lead"
        company = is_lead and record._get_commission_company() or self.env.company
        employee = self.env["crm.touchpoint"]._get_own_employee(company.id)
        return [
            {
                "lead_id" if is_lead else "partner_id": record.id,
                "kind": kind,
                "employee_id": employee.id,
                "company_id": company.id,
                "note": activity.summary or activity.activity_type_id.name,
            }
        ]
