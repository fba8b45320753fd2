# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Marketing's credit of a lead, shared by the attribution model of the plan."""

from collections import defaultdict
from decimal import Decimal

from odoo import models

from ..engine.attribution import attribute
from ..engine.rounding import allot
from ..engine.source import is_strong
from ..pipeline.touch_matcher import TouchMatcher

PERCENT_STEP = Decimal("1E-6")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_sharing_plans(self):
        """Return the plan that holds for each lead whose marketing is shared.

        :return: hr.commission.plan by crm.lead
        :rtype: dict
        """
        Plan = self.env["hr.commission.plan"].sudo()  # sudo: the parent company's plan
        calendar = Plan._get_calendar()
        plan_of = {}
        for lead in self:
            company = lead._get_commission_company()
            day = lead.date_won or company._commission_local_date()
            plan_of[lead] = Plan.browse(calendar.plan_id(company.id, day) or ())
        return {
            lead: plan
            for lead, plan in plan_of.items()
            if plan and plan.attribution != "first"
        }

    def _share_among_marketers(self):
        """Share marketing's credit by the attribution model of the plan."""
        leads_of_plan = defaultdict(self.browse)
        for lead, plan in self._get_sharing_plans().items():
            leads_of_plan[plan] += lead
        for plan, leads in leads_of_plan.items():
            leads._share_by_plan(plan)

    def _share_by_plan(self, plan):
        leads = self.sudo()  # sudo: crm.lead.share - kept by the system
        touches = TouchMatcher(leads).match(
            dict.fromkeys(self.ids, plan.protection_days)
        )
        rows = []
        for lead in leads:
            shares = lead.commission_share_ids.filtered(
                lambda share: share.role == "marketing"
            )
            if any(not share.is_automatic for share in shares):
                continue  # somebody decided otherwise
            models.BaseModel.unlink(shares)
            if lead.commission_source != "own":
                rows += lead._prepare_shares(plan, touches.get(lead.id, []))
        # sudo: shares that the plan decides are the system's
        models.BaseModel.create(self.env["crm.lead.share"].sudo(), rows)
        if rows:
            self._reopen_credits(("marketing",))

    def _prepare_shares(self, plan, touches):
        """Return the values of the marketers' shares in one deal."""
        company = self._get_commission_company()
        won_on = self.date_won or company._commission_local_date()
        counting = self._list_shared_contacts(touches, company, won_on)
        weights = attribute(
            [day for _employee, day in counting],
            won_on,
            plan.attribution,
            plan.attribution_half_life,
            self._get_opportunity_day(company),
        )
        total = defaultdict(Decimal)
        for (employee_id, _day), weight in zip(counting, weights, strict=True):
            total[employee_id] += weight
        people = [employee_id for employee_id, weight in total.items() if weight]
        if len(people) < 2 and people == self.marketer_id.ids:
            return []  # the marketer in full
        percents = allot(
            Decimal(100), [total[person] for person in people], PERCENT_STEP
        )
        return [
            {
                "lead_id": self.id,
                "role": "marketing",
                "employee_id": person,
                "percent": float(percent),
                "is_automatic": True,
            }
            for person, percent in zip(people, percents, strict=True)
            if percent
        ]

    def _list_shared_contacts(self, touches, company, won_on):
        """Return who in marketing earned which contacts with the customer, and when.

        :return: (id of the employee, local day)
        """
        counting, met = [], set()
        for touch in touches:
            moment = (touch.lead_id, touch.employee_id, touch.date)
            if touch.kind == "other" and moment in met:
                continue  # a further address of the customer, met at once
            met.add(moment)
            day = company._commission_local_date(touch.date)
            is_near = is_strong(touch) or touch.lead_id == self.id
            if touch.commission_source != "own" and touch.employee_id and is_near:
                if day <= won_on:
                    counting.append((touch.employee_id, day))
        return counting

    def _get_opportunity_day(self, company):
        """Return the local day the opportunity was opened, None while it is a lead.

        Without one attribution W takes the contact in the middle.
        """
        if self.date_conversion:
            return company._commission_local_date(self.date_conversion)
        return None
