# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What disputes award, and what becomes of it when commissions are computed again.

An amount is awarded in all. Once the plans pay more than they did, they pay less of it on
top. As much of the award is lost as of the sale: with half of it half, with the last all.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..pipeline.closed_days import is_closed
from ..pipeline.states import OPEN_STATES


class HrCommissionDispute(models.Model):
    _inherit = "hr.commission.dispute"

    sale_amount = fields.Float(
        readonly=True,
        copy=False,
        help="What the sale came to when it was decided, in its own currency.",
    )
    amount_in_all = fields.Monetary(
        readonly=True,
        copy=False,
        help="For what was missing on a deal: what the plans paid there, and what was "
        "awarded.",
    )

    def _post_award(self):
        """Post the difference between what was awarded and what is in the ledger."""
        paid = self._get_paid_in_all()
        difference = self.currency_id.round(self._get_awarded() - paid)
        if self.currency_id.is_zero(difference):
            return
        line = self.line_id
        event = self._get_events_of_sales()[self]
        self.sale_amount = event._get_sale_amounts().get(event, 0.0)
        if self.kind == "missing_line" and self.lead_id:
            self.amount_in_all = self._get_paid_by_plans()[self] + self._get_awarded()
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

    def _get_paid_in_all(self):
        """Return what is paid in all for what is claimed, as things stand.

        For what is missing on a deal, what the same person was awarded there before.

        :rtype: float
        """
        if self.kind != "missing_line":
            return self.line_id._get_amount_in_all()
        return self._get_awarded_before(self.lead_id, self.employee_id)

    @api.model
    def _get_awarded_before(self, lead, employee):
        """Return what claims of a missing commission brought somebody on a deal.

        :rtype: float
        """
        if not lead:
            return 0.0
        # sudo: one person's awards on one deal, whoever claims more
        earlier = self.sudo().search(
            [
                ("kind", "=", "missing_line"),
                ("lead_id", "=", lead.id),
                ("employee_id", "=", employee.id),
                ("posted_line_id", "!=", False),
            ]
        )
        posted = earlier.posted_line_id
        lines = (posted | posted.correction_ids).filtered(
            lambda line: line.state != "cancelled"
        )
        return sum(lines.mapped("amount"))

    @api.model
    def _check_claims_more_missing(self, claimed, lead, employee):
        """Refuse to claim once more what was awarded on a deal already.

        :param float claimed: what should have been paid in all
        :raises ValidationError: naming what was awarded
        """
        awarded = self._get_awarded_before(lead, employee)
        currency = employee.company_id.currency_id
        if awarded and currency.compare_amounts(claimed, awarded) <= 0:
            raise ValidationError(
                self.env._(
                    "%(amount)s was awarded for it already. Say what should have been "
                    "paid in all: more than that.",
                    amount=formatLang(self.env, awarded, currency_obj=currency),
                )
            )

    def _get_paid_by_plans(self):
        """Return what the plans pay the person on the deal of each award.

        For what had happened by the day of the decision: what happens later is not what
        was missing. What is held back of it for a while is paid, too.

        :return: amounts by dispute
        :rtype: dict
        """
        lines = self.env["hr.commission.line"].search(
            [
                ("lead_id", "in", self.lead_id.ids),
                ("employee_id", "in", self.employee_id.ids),
                ("event_id", "!=", False),
                ("part", "not in", ("holdback", "release")),
                ("state", "!=", "cancelled"),
            ]
        )
        paid = {}
        for dispute in self:
            day = dispute.company_id._commission_local_date(dispute.date_decided)
            paid[dispute] = sum(
                lines.filtered(
                    lambda line, dispute=dispute, day=day: (
                        line.lead_id == dispute.lead_id
                        and line.employee_id == dispute.employee_id
                        and line.currency_id == dispute.currency_id
                        and (line.event_id.date_basis or line.event_id.date) <= day
                    )
                ).mapped("amount")
            )
        return paid

    def _get_events_of_sales(self):
        """Return the event that each award hangs on: of its commission, or the win.

        :return: by dispute; empty where it is about no sale
        :rtype: dict
        """
        missing = self.filtered(lambda dispute: dispute.kind == "missing_line")
        wins = self.env["hr.commission.event"].search(
            [
                ("event_type", "=", "deal_won"),
                ("res_model", "=", "crm.lead"),
                ("res_part", "=", ""),
                ("lead_id", "in", missing.lead_id.ids),
            ]
        )
        win_of = wins.grouped("lead_id")
        return {
            dispute: win_of.get(dispute.lead_id, wins.browse())
            if dispute in missing
            else dispute.line_id._get_roots().event_id
            for dispute in self
        }

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
    def _find_touched(self, rows, lead_ids):
        """Return what is claimed, and was awarded, of commissions that are written.

        :param list[dict] rows: values of lines
        :param set lead_ids: of the deals that are computed
        :return: open disputes about the same events, and those that awarded money to
            the same people, or on the same deals, also where the plans pay nothing
        """
        disputes = self.sudo()  # sudo: whoever opened them
        events = {row["event_id"] for row in rows}
        people = {row["employee_id"] for row in rows}
        found = disputes.search(
            Domain("state", "=", "open") & Domain("line_id.event_id", "in", events)
            | Domain("posted_line_id.origin_line_id.event_id", "!=", False)
            & Domain("employee_id", "in", people)
            | Domain("posted_line_id", "!=", False)
            & Domain("lead_id", "in", lead_ids - {None}),
            order="id",
        )
        claims = found.filtered(lambda dispute: dispute.state == "open")
        return claims, found - claims

    def _follow_ledger(self):
        """Let what was awarded follow what is computed for the same by now."""
        events = self._get_events_of_sales()
        sales = self.env["hr.commission.event"].union(*events.values())
        amounts = sales._get_sale_amounts()
        roots = self.posted_line_id.origin_line_id
        computed = roots._get_computed()
        left = roots._get_left_of_sales(computed)
        missing = self.filtered(lambda award: not award.posted_line_id.origin_line_id)
        missing._follow_plans(amounts, events)
        on_top = []
        for award in self - missing:
            kept = award._get_kept(amounts.get(events[award]))
            root = award.posted_line_id.origin_line_id
            earlier = sum(
                due
                for other, due in on_top
                if other == root or other._is_for_the_same(root)
            )
            now = sum(computed[root].mapped("amount"))
            due = award._get_due(now + earlier, earlier, left[root], kept)
            on_top.append((root, due))
            award._bring_award_to(due)

    def _follow_plans(self, amounts, events):
        """Pay less of what was missing on deals where the plans pay more by now.

        :param dict amounts: what sales come to by now, by event
        :param dict events: by dispute, from :meth:`_get_events_of_sales`
        """
        paid = self._get_paid_by_plans()
        on_top = defaultdict(float)
        for award in self:
            due = award._get_kept(amounts.get(events[award]))
            key = award.lead_id, award.employee_id
            if award.amount_in_all and due > 0:
                missing = award.amount_in_all - paid[award] - on_top[key]
                due = min(max(missing, 0.0), due)
            on_top[key] += due
            award._bring_award_to(due)

    def _get_kept(self, amount):
        """Return what is kept of what was posted, by what is left of the sale.

        :param amount: what the sale comes to by now; None: it is about no sale
        :rtype: float
        """
        posted, before = self.posted_line_id.amount, self.sale_amount
        if not before or amount is None:
            return posted
        return posted * min(max(amount / before, 0.0), 1.0)

    def _get_due(self, paid, earlier, left, kept):
        """Return what is paid on top of what is computed: at most what was posted.

        :param float paid: by the plans, and by earlier awards for the same
        :param float earlier: of it by earlier awards
        :param left: what the plans leave of the sale; None where it was undone
        :param float kept: from :meth:`_get_kept`
        """
        posted, awarded = self.posted_line_id.amount, self._get_awarded()
        was_paid = self.currency_id.round(awarded - posted - earlier)
        if left is None or (was_paid and not left):
            return 0.0
        if posted <= 0:
            return posted
        return min(max(awarded - paid, 0.0), kept)

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
