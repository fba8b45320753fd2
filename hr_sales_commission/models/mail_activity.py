# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Activities done with a customer are contacts, logged at once or by the cron."""

import logging

from odoo import api, fields, models
from odoo.tools import clean_context

from ..pipeline.isolation import isolated, quiet_savepoint

_logger = logging.getLogger(__name__)

#: categories of activities that are contacts with the customer
KIND_OF_CATEGORY = {"phonecall": "call", "meeting": "meeting"}
CUSTOMER_MODELS = ("crm.lead", "res.partner")


class MailActivity(models.Model):
    _inherit = "mail.activity"

    pending_contact = fields.Json(
        readonly=True,
        copy=False,
        help="Who did it, for which company and when, until the contact is logged. "
        "Empty: logged, or no contact.",
    )

    _pending_contact_idx = models.Index("(id) WHERE pending_contact IS NOT NULL")

    def _action_done(self, feedback=False, attachment_ids=None):
        """A call, mail or meeting done with a customer is a contact; log it.

        A failure of ours never stops the user: the contact waits on the activity, and
        the next run of the cron logs it.
        """
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        now = fields.Datetime.now()
        done = (
            self.sudo()  # sudo: done ones may be out of the user's sight
            .exists()
            .filtered(lambda activity: activity.res_model in CUSTOMER_MODELS)
        )
        if not done._log_contacts_safely(now):
            done.pending_contact = {
                "user_id": self.env.uid,
                "company_id": self.env.company.id,
                "date": fields.Datetime.to_string(now),
            }
        return result

    @api.model
    def _recover_contacts(self):
        """Log the contacts that could not be logged when they took place."""
        activities = self.sudo().with_context(active_test=False)  # sudo: the cron's job
        for activity in activities.search([("pending_contact", "!=", False)]):
            try:
                pending = activity.pending_contact
                as_done = (
                    activity.with_user(pending["user_id"])
                    .with_company(pending["company_id"])
                    .sudo()  # sudo: the log is written by the system only
                )
                date = fields.Datetime.to_datetime(pending["date"])
            except (KeyError, TypeError, ValueError):
                _logger.warning("Contact of activity %s cannot be read", activity.id)
                activity.pending_contact = False
                continue
            if as_done._log_contacts_safely(date):
                activity.pending_contact = False

    def _log_contacts_safely(self, date):
        """Log the contacts that these activities were, all or none.

        :param datetime date: when they took place
        :return: False if they could not be logged
        """
        with isolated(
            self.env, _logger, "Logging the contacts of", self, quiet_savepoint
        ) as attempt:
            self._log_contacts(date)
        return not attempt.failed

    def _log_contacts(self, date):
        vals_list = [{**vals, "date": date} for vals in self._prepare_touchpoints()]
        clean = self.env(context=clean_context(self.env.context))
        clean["crm.touchpoint"].create(vals_list)
        # a meeting in the calendar is counted once, when it took place
        leads = self.filtered(
            lambda activity: (
                activity.res_model == "crm.lead" and not activity.calendar_event_id
            )
        )
        self.env["crm.lead"].browse(leads.mapped("res_id")).exists()._log_followup(
            self.env.user, date
        )

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
        record = self.env[activity.res_model].browse(activity.res_id).exists()
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
                "is_claim": self.env["crm.touchpoint"]._is_said_only(company),
            }
        ]
