from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models

from ..engine.compute import compute
from .fact_loader import FactLoader
from .hr_commission_rule import to_decimal


class CrmLead(models.Model):
    _inherit = "crm.lead"

    commission_estimate = fields.Monetary(
        string="My Commission if Won",
        currency_field="company_currency",
        compute="_compute_commission_estimate",
        help="What you earn if this is won today at its expected revenue, by the rules "
        "in force and with what you sold in the period so far.",
    )

    @api.depends_context("uid")
    @api.depends(
        "expected_revenue",
        "user_id",
        "company_id",
        "marketer_id",
        "commission_source",
        "won_status",
        "commission_share_ids",
    )
    def _compute_commission_estimate(self):
        """Estimate all leads at once, as one imagined set of deals won today."""
        open_leads = self.filtered(
            lambda lead: (
                lead.won_status == "pending"
                and lead.expected_revenue
                and isinstance(lead.id, int)
            )
        )
        estimates = open_leads._estimate_commissions(self.env.user)
        for lead in self:
            lead.commission_estimate = float(estimates.get(lead.id, 0))

    def _estimate_commissions(self, user):
        """Return what a user would earn on each of these leads, by lead id.

        The number of queries does not depend on the number of leads. Each lead counts
        alone: the others of the set are not taken as won.

        :rtype: dict[int, Decimal]
        """
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search(  # sudo: the user's own
                [("user_id", "=", user.id)]
            )
        )
        if not self or not employees:
            return {}
        batch = FactLoader(self.env).load_imagined(
            [lead._imagine_win() for lead in self.sudo()]  # sudo: facts of the deal
        )
        imagined = defaultdict(list)
        for credit in batch.credits:
            if credit.event_id < 0:
                imagined[credit.event_id].append(credit)
        mine = {
            event_id: credits
            for event_id, credits in imagined.items()
            if any(credit.employee_id in employees.ids for credit in credits)
        }
        context = [
            credit
            for credit in batch.credits
            if credit.event_id > 0 and credit.employee_id in employees.ids
        ]
        return {
            -event_id: self._sum_awards(batch, context + credits, employees.ids)
            for event_id, credits in mine.items()
        }

    @staticmethod
    def _sum_awards(batch, credits, employee_ids):
        scope = {
            credit.id
            for credit in credits
            if credit.event_id < 0 and credit.employee_id in employee_ids
        }
        outcome = compute(credits, batch.plans, targets=batch.targets, scope=scope)
        return sum((award.amount for award in outcome.awards), Decimal(0))

    def _imagine_win(self):
        """Return the facts of winning the lead today; its id is minus the lead's."""
        self.ensure_one()
        company = self._get_commission_company()
        return {
            "id": -self.id,
            "event_type": "deal_won",
            "date": company._commission_local_date(),
            "amount": to_decimal(self.expected_revenue),
            "quantity": Decimal(1),
            "date_reversed": None,
            "company_id": company.id,
            "lead_id": self.id,
            "user_id": self.user_id.id or None,
            "marketer_id": self.marketer_id.id or None,
            "commission_source": self.commission_source or None,
            "source_state": self.source_state,
        }
