# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models

from ..pipeline.notices import as_notice, render_notice, tell_each

#: a message names so many commissions and counts the others
MOST_NAMED = 20


class HrCommissionLine(models.Model):
    """Tells people what changed in money they counted on, and why.

    The pipeline marks the lines, at no cost of its own: corrections of what was
    approved, and held amounts set free. One message a person and run of the cron says
    it all. What merely was computed is on the board; nobody is written to for that.
    """

    _inherit = "hr.commission.line"

    is_notice_due = fields.Boolean(
        string="To Tell",
        readonly=True,
        help="The employee is still to be told of this correction or release.",
    )

    _notice_idx = models.Index("(user_id) WHERE is_notice_due IS TRUE")

    @api.model
    def _send_notices(self):
        """Tell everybody what changed since the last time, in one message each."""
        lines = self.sudo().search(  # sudo: the cron's job
            [("is_notice_due", "=", True)], order="date, id"
        )
        tell_each(lines.grouped("user_id").values(), type(self)._send_notice)

    def _send_notice(self):
        """Tell the one owner of these lines."""
        self.is_notice_due = False
        user = self.user_id
        if not user.active:
            return
        lines = self.with_context(lang=user.lang)
        as_notice(self.env["mail.thread"]).message_notify(
            partner_ids=user.partner_id.ids, **lines._describe_changes()
        )

    def _describe_changes(self):
        """Say deal by deal what changed and why.

        :return: subject and body
        :rtype: dict
        """
        named = self[:MOST_NAMED]
        return render_notice(
            named[:1],
            "mail_template_changes",
            changes=[line._describe_change() for line in named],
            more=len(self - named),
        )

    def _describe_change(self):
        self.ensure_one()
        values = {
            "deal": self.lead_id.name or self.display_name,
            "amount": self._money_formatter(self.currency_id)(self.amount),
        }
        if not self.origin_line_id:
            return self.env._(
                "%(deal)s: %(amount)s is no longer held and will be paid.", **values
            )
        if self.state == "cancelled":
            return self.env._(
                "%(deal)s: the correction you were told of is taken back.", **values
            )
        values["reason"] = self._explain_difference(self.trace["difference"])
        return self.env._("%(deal)s: %(amount)s. %(reason)s", **values)
