# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..pipeline.months import month_name
from ..pipeline.notices import as_notice, render_notice, tell_each

AGREEMENT = "hr_sales_commission.mail_activity_type_agreement"


class HrCommissionStatement(models.Model):
    """Asks employees to read their statement once it is confirmed.

    The cron does it, so that confirming hundreds of statements waits for no mail.
    """

    _inherit = "hr.commission.statement"

    is_notice_due = fields.Boolean(
        string="To Tell",
        readonly=True,
        copy=False,
        help="The employee is still to be asked to agree.",
    )

    _notice_idx = models.Index("(id) WHERE is_notice_due IS TRUE")

    @api.model
    def _send_notices(self):
        """Ask everybody whose statement was confirmed since the last time."""
        statements = self.sudo().search(  # sudo: the cron's job
            [("is_notice_due", "=", True)], order="date_from, id"
        )
        tell_each(statements, type(self)._ask_employee)

    def _ask_employee(self):
        """Give the employee an activity; Odoo tells them as they prefer."""
        self.ensure_one()
        self.is_notice_due = False
        user = self.user_id
        is_open = self.state in ("confirmed", "approved") and not self.date_acknowledged
        if user.active and is_open:
            as_notice(self).activity_schedule(
                AGREEMENT,
                date_deadline=self.env.ref(AGREEMENT)._get_date_deadline(),
                user_id=user.id,
                **self.with_context(lang=user.lang)._describe_request(),
            )

    def _describe_request(self):
        """Return summary and note of the activity that asks to agree."""
        amounts = {
            name: formatLang(self.env, self[name], currency_obj=self.currency_id)
            for name in ("paid", "earned", "adjusted", "held", "closing")
        }
        month = month_name(self.env, self.date_from)
        notice = render_notice(self, "mail_template_statement", month=month, **amounts)
        return {"summary": notice["subject"], "note": notice["body"]}

    def _stop_asking(self):
        """Take back the question whether the employee agrees."""
        self.activity_unlink([AGREEMENT])
