# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Notices about money: at once in Odoo, by mail once a day, all of them together."""

from odoo import api, fields, models

from ..pipeline.isolation import retried
from ..pipeline.notices import render_notice, tell_each


class MailNotification(models.Model):
    """What waits for the one mail of the day to its reader."""

    _inherit = "mail.notification"

    is_commission_mail_due = fields.Boolean(
        readonly=True,
        groups="base.group_system",
        help="A notice about commissions that is still to be mailed, with the day's "
        "others.",
    )

    _commission_mail_idx = models.Index("(id) WHERE is_commission_mail_due IS TRUE")

    @api.model
    @retried
    def _cron_mail_commissions(self):
        """Mail everybody what they were told of since the last time, in one mail each."""
        due = self.sudo().search(  # sudo: the cron's job
            [("is_commission_mail_due", "=", True)], order="id"
        )
        tell_each(due.grouped("res_partner_id").values(), type(self)._mail_together)

    def _mail_together(self):
        """Mail the one reader of these what they have not read yet."""
        unread = self.filtered(lambda notification: not notification.is_read)
        self.write({"is_commission_mail_due": False})
        reader = self.res_partner_id
        users = reader.user_ids.filtered(
            lambda user: user.active and user.notification_type == "email"
        )
        if not (unread and users):
            return
        reader = reader.with_context(lang=reader.lang)
        self.env["mail.thread"].message_notify(
            partner_ids=reader.ids,
            **render_notice(
                reader,
                "mail_template_daily",
                notices=[
                    {"subject": message.subject, "body": message.body}
                    for message in unread.mail_message_id
                ],
            ),
        )
        unread.is_read = True  # the mail says it all


class MailThread(models.AbstractModel):
    """Keeps the notices of ``pipeline.notices`` from being mailed one by one."""

    _inherit = "mail.thread"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Tell colleagues in Odoo what else would be a mail of its own."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if self.env.context.get("commission_notice"):
            mailed = [
                each
                for each in recipients
                if each["notif"] == "email" and each["uid"] and not each["share"]
            ]
            users = self.env["res.users"].browse(each["uid"] for each in mailed)
            # sudo: res.users - how the readers want to be told
            at_once = set(users.sudo().filtered("is_commission_mail_immediate").ids)
            for each in mailed:
                if each["uid"] not in at_once:
                    each.update(notif="inbox", is_commission_mail_due=True)
        return recipients

    def _notify_thread_by_inbox(
        self, message, recipients_data, msg_vals=False, **kwargs
    ):
        """Remember who is to be mailed later."""
        result = super()._notify_thread_by_inbox(
            message, recipients_data, msg_vals=msg_vals, **kwargs
        )
        readers = [
            each["id"] for each in recipients_data if each.get("is_commission_mail_due")
        ]
        if readers:
            # sudo: mail.notification - kept by the system, whoever tells
            notifications = self.env["mail.notification"].sudo()
            notifications.search(
                [
                    ("mail_message_id", "=", message.id),
                    ("res_partner_id", "in", readers),
                ]
            ).is_commission_mail_due = True
        return result
