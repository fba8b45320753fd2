# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Meetings with customers are contacts once they took place."""

import logging
from datetime import timedelta

from odoo import api, fields, models

from ..pipeline.isolation import each_isolated, isolated, retried

_logger = logging.getLogger(__name__)

#: what moves a meeting
TIME_FIELDS = frozenset(("start", "start_date", "allday"))
#: how far back the cron looks for meetings that took place
LOOK_BACK = timedelta(days=30)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    is_touchpoint_logged = fields.Boolean(copy=False, readonly=True)

    def write(self, vals):
        if TIME_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = {meeting.id: meeting.start for meeting in self}
        result = super().write(vals)
        self.exists()._note_moved(before)
        return result

    def _note_moved(self, before):
        """Guests were invited to the day that was told them, not to one said later.

        :param dict before: when the meetings began, by id
        """
        now = fields.Datetime.now()
        meetings = self.sudo()  # sudo: kept by the system
        never_held = meetings.filtered(lambda each: before[each.id] > now >= each.start)
        never_held.attendee_ids.is_invited_before = False
        invited_anew = meetings.filtered(
            lambda each: each.start > now and each.start != before[each.id]
        )
        invited_anew.attendee_ids.is_declined = False

    @api.model
    @retried
    def _cron_log_meetings(self):
        """Log meetings with customers once they took place, and complete the log."""
        now = fields.Datetime.now()
        cron = self.env["ir.cron"]
        meetings = self.sudo().search(  # sudo: the job logs everybody's meetings
            [
                ("stop", "<=", now),
                ("stop", ">=", now - LOOK_BACK),
                ("is_touchpoint_logged", "=", False),
            ],
            limit=500,
            order="stop, id",
        )
        each_isolated(
            meetings, _logger, "Meetings", lambda some: some._log_touchpoints()
        )
        self.env["mail.activity"]._recover_contacts()
        chain = self.env["crm.touchpoint.chain"].sudo()  # sudo: kept by the system
        for log in ("crm.touchpoint", "hr.commission.audit"):
            with isolated(self.env, _logger, f"Linking {log}", chain):
                chain._link_pending(log)
        cron._commit_progress(len(meetings), remaining=0)

    def _log_touchpoints(self):
        """Log what these meetings were: contacts, and follow-ups of the lead."""
        vals_list = []
        for meeting in self:
            vals_list += meeting._prepare_touchpoints()
            meeting.opportunity_id._log_followup(meeting.user_id)
        # sudo: the log is written by the system only
        self.env["crm.touchpoint"].sudo().create(vals_list)
        self.is_touchpoint_logged = True
        self.opportunity_id._verify_by_proof()

    def _prepare_touchpoints(self):
        """Return the contacts a meeting was: with its lead, or with each customer."""
        lead = self.opportunity_id
        guests = self.partner_ids.filtered(
            lambda partner: not any(not user.share for user in partner.user_ids)
        )
        company = (
            lead._get_commission_company()
            if lead
            else (self.user_id.company_id or self.env.company)
        )
        log = self.env["crm.touchpoint"].with_user(self.user_id or self.env.user)
        common = {
            "kind": "meeting",
            # entering an old meeting later makes it no older than the entry
            "date": max(self.start, self.create_date),
            "employee_id": log._get_own_employee(company.id).id,
            "company_id": company.id,
            "note": self.name,
            "evidence": f"calendar.event,{self.id}",
            # entered afterwards, it is what the person says
            "is_claim": self.create_date > self.start and log._is_said_only(company),
        }
        if lead:
            return [{**common, "lead_id": lead.id}]
        return [{**common, "partner_id": guest.id} for guest in guests]
