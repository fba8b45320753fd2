"""What disputes award, and what becomes of it when commissions are computed again.

An amount is awarded in all. Once the plans pay more than they did, they pay less of it on
top; once nothing is left of the sale, nothing is left of the award.
"""

from odoo import api, models
from odoo.fields import Domain

from ..pipeline.closed_days import is_closed
from ..pipeline.states import OPEN_STATES


class HrCommissionDispute(models.Model):
    _inherit = "hr.commission.dispute"

    def _post_award(self):
        """Post the difference between what was awarded and what is in the ledger."""
        paid = self.line_id._get_amount_in_all()
        difference = self.currency_id.round(self._get_awarded() - paid)
        if self.currency_id.is_zero(difference):
            return
        line = self.line_id
        self.posted_line_id = self.env["hr.commission.line"].create(
            {
                **self._get_award_values(),
                "kind": "manual",
                "role": line.role,
                "commission_source": line.commission_source,
                "origin_line_id": line._get_roots().id,
                "amount": difference,
                "maker_id": self.env.uid,
            }
        )

    def _get_awarded(self):
        """Return what is paid in all by the decision.

        :rtype: float
        """
        return self.awarded_amount or self.claimed_amount

    def _get_award_values(self):
        return {
            "employee_id": self.employee_id.id,
            "company_id": self.company_id.id,
            "lead_id": self.lead_id.id,
            "date": self.company_id._get_commission_open_day(),
        }

    # ------------------------------------------------------------------
    # Computed again
    # ------------------------------------------------------------------

    @api.model
    def _find_touched(self, rows):
        """Return what is claimed, and was awarded, of commissions that are written.

        :param list[dict] rows: values of lines
        :return: open disputes about the same events, and those that awarded money to
            the same people
        """
        disputes = self.sudo()  # sudo: whoever opened them
        events = {row["event_id"] for row in rows}
        people = {row["employee_id"] for row in rows}
        found = disputes.search(
            Domain("state", "=", "open") & Domain("line_id.event_id", "in", events)
            | Domain("posted_line_id.origin_line_id.event_id", "!=", False)
            & Domain("employee_id", "in", people),
            order="id",
        )
        claims = found.filtered(lambda dispute: dispute.state == "open")
        return claims, found - claims

    def _follow_ledger(self):
        """Let what was awarded follow what is computed for the same by now."""
        roots = self.posted_line_id.origin_line_id
        computed = roots._get_computed()
        left = roots._get_left_of_sales(computed)
        on_top = []
        for award in self:
            root = award.posted_line_id.origin_line_id
            earlier = sum(
                due
                for other, due in on_top
                if other == root or other._is_for_the_same(root)
            )
            now = sum(computed[root].mapped("amount"))
            due = award._get_due(now + earlier, earlier, left[root])
            on_top.append((root, due))
            award._bring_award_to(due)

    def _get_due(self, paid, earlier, left):
        """Return what is paid on top of what is computed: at most what was posted.

        :param float paid: by the plans, and by earlier awards for the same
        :param float earlier: of it by earlier awards
        :param left: what is left of the sale; None where it was undone
        """
        posted, awarded = self.posted_line_id.amount, self._get_awarded()
        was_paid = self.currency_id.round(awarded - posted - earlier)
        if left is None or (was_paid and not left):
            return 0.0
        if posted <= 0:
            return posted
        return min(max(awarded - paid, 0.0), posted)

    def _bring_award_to(self, due):
        """Post what the award is too much or too little by now."""
        posted = self.posted_line_id
        corrections = posted.correction_ids.filtered("amount")
        before = posted.amount + sum(corrections.mapped("amount"))
        difference = self.currency_id.round(due - before)
        if self.currency_id.is_zero(difference):
            return
        lock_date = self.company_id.commission_lock_date
        waiting = posted.correction_ids.filtered(
            lambda line: (
                line.state in OPEN_STATES and not is_closed(lock_date, line.date)
            )
        )[:1]
        amount = self.currency_id.round(waiting.amount + difference)
        values = {
            "amount": amount,
            "state": "draft" if amount else "cancelled",
            "trace": {
                "difference": {
                    "before": str(before),
                    "now": str(due),
                    "cause": "award",
                    "date_reversed": None,
                }
            },
        }
        if waiting:
            waiting.write(values)
        else:
            waiting.create(
                {
                    **self._get_award_values(),
                    "kind": "adjustment",
                    "role": posted.role,
                    "commission_source": posted.commission_source,
                    "origin_line_id": posted.id,
                    **values,
                }
            )
