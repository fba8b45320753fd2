"""Disputed lines wait for the decision, which is the dispute's."""

from odoo import api, models


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

    def action_contest(self):
        """Open a dispute about this commission."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contest Commission"),
            "res_model": "hr.commission.dispute",
            "view_mode": "form",
            "context": {
                "default_kind": "line",
                "default_line_id": self.id,
                "default_claimed_amount": self.amount,
            },
        }
