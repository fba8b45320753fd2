# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date, formatLang

from ..pipeline.isolation import retried
from ..pipeline.notices import as_notice, render_notice, tell_each
from ..pipeline.states import APPROVABLE_DOMAIN

#: approvers are told so many days before something is due
DAYS_BEFORE = 3


class HrCommissionLine(models.Model):
    """Reminds approvers of what is due soon and nobody approved yet."""

    _inherit = "hr.commission.line"

    @api.model
    @retried
    def _cron_remind_approvers(self):
        """Tell the nearest approvers of each branch what becomes due, once a day."""
        latest = fields.Date.today() + timedelta(days=DAYS_BEFORE + 1)  # in the East
        lines = self.sudo().search(  # sudo: the cron's job
            Domain(APPROVABLE_DOMAIN) & Domain("date_due", "<=", latest),
            order="company_id, date_due, id",
        )
        days = {each: each._commission_local_date() for each in lines.company_id}
        lines = lines.filtered(
            lambda line: (line.date_due - days[line.company_id]).days <= DAYS_BEFORE
        )
        tell_each(lines.grouped("company_id").values(), type(self)._remind_approvers)

    def _remind_approvers(self):
        """Tell who may approve these lines of one branch: the nearest, not their own."""
        Person = self.env["hr.commission.person"]
        company = self.company_id
        users = Person._get_approvers(company)
        nearest = min(
            (Person._get_distance(user, company) for user in users), default=None
        )
        for user in users:
            mine = Person._find_interested(user, self.employee_id)
            lines = self.filtered(lambda line, mine=mine: line.employee_id not in mine)
            if lines and Person._get_distance(user, company) == nearest:
                lines = lines.with_context(lang=user.lang)
                as_notice(self.env["mail.thread"]).message_notify(
                    partner_ids=user.partner_id.ids, **lines._describe_reminder()
                )

    def _describe_reminder(self):
        """Return subject and body of a reminder of these lines.

        :rtype: dict
        """
        company = self.company_id
        return render_notice(
            self[:1],
            "mail_template_reminder",
            count=len(self),
            company=company.name,
            day=format_date(self.env, self[0].date_due),
            amount=formatLang(
                self.env, sum(self.mapped("amount")), currency_obj=company.currency_id
            ),
        )
