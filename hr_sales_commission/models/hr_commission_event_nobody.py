# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models


class HrCommissionEvent(models.Model):
    """Whether an event credits anybody, and why not."""

    _inherit = "hr.commission.event"

    is_credited = fields.Boolean(
        compute="_compute_is_credited",
        search="_search_is_credited",
        help="Somebody has a part in the event, managers apart.",
    )
    nobody_reason = fields.Char(
        string="Why Nobody", compute="_compute_nobody_reason", compute_sudo=True
    )

    @api.depends("credit_ids.share")
    def _compute_is_credited(self):
        credited = self.env["hr.commission.credit"]._read_group(
            [("event_id", "in", self.ids), ("share", ">", 0)], ["event_id"]
        )
        events = self.browse(event.id for (event,) in credited)
        for event in self:
            event.is_credited = event in events

    def _search_is_credited(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = "any" if True in value else "not any"
        return [("credit_ids", wanted, [("share", ">", 0)])]

    @api.depends("is_credited", "lead_id", "event_type")
    def _compute_nobody_reason(self):
        facts = {row["id"]: row for row in self._read_facts(self.ids)}
        users = self.env["res.users"].browse(
            {row["user_id"] for row in facts.values() if row["user_id"]}
        )
        names = {user.id: user.name for user in users}
        for event in self:
            row = facts.get(event.id)
            event.nobody_reason = (
                event._get_nobody_reason(row, names.get(row["user_id"]))
                if row and not event.is_credited
                else False
            )

    def _get_nobody_reason(self, row, salesperson):
        """Say why an event credits nobody.

        :param dict row: from :meth:`_read_facts`
        :param str salesperson: name of the user who sold it, None without one
        :rtype: str
        """
        self.ensure_one()
        if self.event_type == "lead_qualified":
            if row["commission_source"] == "own":
                return self.env._(
                    "An own customer of sales: marketing did not bring it."
                )
            return self.env._(
                "Nobody is recorded who brought the customer, and no pool takes what "
                "belongs to nobody."
            )
        if salesperson:
            return self.env._(
                "%(person)s has no employee record in these companies. Link the user to "
                "an employee.",
                person=salesperson,
            )
        return self.env._(
            "There is no salesperson, and no pool takes what belongs to nobody."
        )
