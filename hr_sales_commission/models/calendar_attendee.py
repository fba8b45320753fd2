"""Who was invited to a meeting, and when: as it was on that day."""

from odoo import api, fields, models


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
            )
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "declined":
            self.sudo().is_declined = True  # sudo: kept by the system
        return result
