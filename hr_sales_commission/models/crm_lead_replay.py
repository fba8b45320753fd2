# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What leads would have been under another plan, as far as it is known."""

from odoo import models
from odoo.fields import Domain

from ..engine.rounding import to_decimal
from ..pipeline.touch_matcher import TouchMatcher


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _prepare_qualified_fact(self, company, day):
        return self._prepare_fact(
            "lead_qualified", company, date=day, amount=0.0, date_reversed=None
        )

    def _get_known_days(self, condition):
        """Return from which day on it is known that leads met a condition.

        Contacts, follow-ups and tracked fields have days; of anything else only today's
        value is known, and it counts from the first contact on.

        :param Domain condition: that they meet today
        :rtype: dict[int, date]
        """
        changes = self._get_tracked_days(condition)
        return {
            lead.id: lead._get_known_day(condition, changes.get(lead.id, {}))
            for lead in self
        }

    def _get_tracked_days(self, condition):
        """Return when tracked fields of a condition changed last, by lead and field."""
        names = {leaf.field_expr.split(".")[0] for leaf in condition.iter_conditions()}
        tracked = self.env["mail.tracking.value"].search(
            [
                ("field_id.name", "in", list(names)),
                ("mail_message_id.model", "=", "crm.lead"),
                ("mail_message_id.res_id", "in", self.ids),
            ],
            order="id",
        )
        days = {}
        for value in tracked:
            message = value.mail_message_id
            days.setdefault(message.res_id, {})[value.field_id.name] = message.date
        return days

    def _get_known_day(self, condition, changes):
        self.ensure_one()
        company = self._get_commission_company()
        start = self.first_touch_date or company._commission_local_date(
            self.create_date
        )
        operator = getattr(condition, "OPERATOR", None)
        if operator == "&":
            days = [self._get_known_day(part, changes) for part in condition.children]
            return max(days, default=start)
        if operator == "|":
            days = [
                self._get_known_day(part, changes)
                for part in condition.children
                if self.filtered_domain(part)
            ]
            return min(days, default=start)
        name, _dot, rest = getattr(condition, "field_expr", "").partition(".")
        if name == "touchpoint_ids" and rest:
            leaf = Domain(rest, condition.operator, condition.value)
            moments = self.touchpoint_ids.filtered_domain(leaf).mapped("date")
            if moments:
                return company._commission_local_date(min(moments))
        if name in ("followup_count", "date_first_followup"):
            moment = self.date_first_followup
            return company._commission_local_date(moment) if moment else start
        if name in changes:
            return max(start, company._commission_local_date(changes[name]))
        return start

    def _share_by_other_plan(self, plan, counts):
        """Return marketing's shares of these leads under a plan, from their contacts.

        What somebody shared by hand stays.

        :param Counter counts: how many were shared again, and how many stay
        :return: list of (employee id, percent) by lead id; empty for the marketer alone
        """
        touches = TouchMatcher(self).match(
            dict.fromkeys(self.ids, plan.protection_days)
        )
        shares_of = {}
        for lead in self:
            marketing = lead.commission_share_ids.filtered(
                lambda share: share.role == "marketing"
            )
            if any(not share.is_automatic for share in marketing):
                counts["shared_by_hand"] += 1
                continue
            rows = []
            if plan.attribution != "first":
                rows = lead._prepare_shares(plan, touches.get(lead.id, []))
            shares_of[lead.id] = [
                (row["employee_id"], to_decimal(row["percent"])) for row in rows
            ]
            counts["shared_again"] += 1
        return shares_of
