"""Disputed lines wait for the decision, which is the dispute's."""

from odoo import api, models
from odoo.fields import Domain


class HrCommissionLine(models.Model):
    _inherit = "hr.commission.line"

    @api.model
    def _keep_disputed(self, rows):
        """Let what is computed again stay disputed until somebody decides.

        :param list[dict] rows: values of lines that are about to be written
        :return: the open claims about what happened there
        """
        disputes = self.env["hr.commission.dispute"].sudo()  # sudo: whoever opened them
        events = {row["event_id"] for row in rows}
        claims = disputes.search(
            [("state", "=", "open"), ("line_id.event_id", "in", list(events))]
        )
        for row in rows:
            row["is_disputed"] = row["is_disputed"] or row["id"] in claims.line_id.ids
        return claims

    def _get_replacing(self):
        """Return what pays in the place of cancelled commissions.

        Where another plan holds by now, its rules pay the person for what happened.

        :rtype: hr.commission.line
        """
        return self.search(
            Domain("state", "!=", "cancelled")
            & Domain.OR(
                Domain("event_id", "=", line.event_id.id)
                & Domain("employee_id", "=", line.employee_id.id)
                & Domain("role", "=", line.role)
                & Domain("rule_id.plan_id", "!=", line.rule_id.plan_id.id)
                for line in self
                if line.state == "cancelled"
            )
        )

    def _get_amount_in_all(self):
        """Return what is paid in all for what these commissions are for.

        With what pays in their place, what corrects them, and what was awarded before.

        :return: in the currency of the commissions
        :rtype: float
        """
        # sudo: one person's pay for one thing, whoever may read the rest of it
        lines = self.sudo() | self.sudo()._get_replacing()
        found = lines
        while found:
            following = [
                ("origin_line_id", "in", found.ids),
                ("state", "!=", "cancelled"),
            ]
            found = lines.search(following) - lines
            lines |= found
        return sum(lines.mapped("amount"))

    def action_contest(self):
        """Open a dispute about this commission.

        :raises AccessError: to whoever may not read the commission
        """
        self.ensure_one()
        self.check_access("read")  # the claim begins with what is paid in all
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contest Commission"),
            "res_model": "hr.commission.dispute",
            "view_mode": "form",
            "context": {
                "default_kind": "line",
                "default_line_id": self.id,
                "default_claimed_amount": self._get_amount_in_all(),
            },
        }
