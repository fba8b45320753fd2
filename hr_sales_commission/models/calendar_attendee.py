# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Who was invited to a meeting, and when: as it was on that day."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class CalendarAttendee(models.Model):
    """A guest is who was invited, whatever the contact is turned into later."""

    _inherit = "calendar.attendee"

    invited_partner_id = fields.Many2one(
        "res.partner",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who was invited, whoever it is changed to.",
    )
    invited_company_id = fields.Many2one(
        "res.partner",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The company of the guest on the day of the invitation.",
    )
    invited_email = fields.Char(
        readonly=True,
        copy=False,
        help="Mail of the guest on the day of the invitation.",
    )
    invited_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Whose meeting it was on the day of the invitation.",
    )
    is_invited_before = fields.Boolean(
        string="Invited Beforehand",
        readonly=True,
        copy=False,
        help="The meeting was still to come when the guest was invited.",
    )

    is_told = fields.Boolean(
        string="Told",
        readonly=True,
        copy=False,
        help="The invitation went out to the guest before the meeting. A meeting that "
        "nobody told them of proves nothing.",
    )
    is_declined = fields.Boolean(
        string="Declined Once",
        readonly=True,
        copy=False,
        help="The guest declined. Whoever accepts for them later changes nothing, until "
        "the meeting is moved and they are invited anew.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"].sudo()  # sudo: the guest, whoever invites
        partners = partners.browse(
            {vals.get("partner_id") for vals in vals_list} - {None}
        )
        meetings = self.env["calendar.event"].sudo()  # sudo: only when it begins
        now = fields.Datetime.now()
        for vals in vals_list:
            guest = partners.browse(vals.get("partner_id") or ())
            meeting = meetings.browse(vals.get("event_id") or ())
            vals.update(
                invited_partner_id=guest.id,
                invited_company_id=guest.commercial_partner_id.id,
                invited_email=guest.email_normalized,
                invited_by_id=meeting.user_id.id,
                is_invited_before=bool(meeting.start and meeting.start > now),
                is_told=False,
            )
        return super().create(vals_list)

    def _notify_attendees(self, mail_template, notify_author=False, force_send=False):
        result = super()._notify_attendees(
            mail_template, notify_author=notify_author, force_send=force_send
        )
        self._note_told()
        return result

    def _note_told(self):
        """Note to which guests of meetings to come a mail about it has just gone out.

        Odoo's own record of the mail says so. Where another calendar sends the
        invitations, Odoo leaves them to it.
        """
        now = fields.Datetime.now()
        guests = self.sudo().filtered(  # sudo: kept by the system
            lambda guest: guest.event_id.start > now and guest.partner_id.email
        )
        told = guests.filtered(
            lambda guest: guest.event_id._skip_send_mail_status_update()
        )
        told |= guests.browse(guests._find_mailed())
        for guest in told:
            guest.write(
                {"is_told": True, "invited_email": guest.partner_id.email_normalized}
            )

    def _find_mailed(self):
        """Return the ids of the guests to whom this request sends a mail.

        :rtype: list[int]
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT guest.id
                     FROM calendar_attendee guest
                     JOIN mail_message message ON message.model = 'calendar.event'
                          AND message.res_id = guest.event_id
                          AND message.create_date >= %s
                     JOIN mail_notification notice
                          ON notice.mail_message_id = message.id
                          AND notice.res_partner_id = guest.partner_id
                          AND notice.notification_type = 'email'
                    WHERE guest.id = ANY(%s)""",
                self.env.cr.now() - timedelta(seconds=1),
                self.ids,
            )
        )
        return [guest_id for (guest_id,) in rows]

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "declined":
            self.sudo().is_declined = True  # sudo: kept by the system
        return result
