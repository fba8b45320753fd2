# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""When a lead is qualified: what the plan asks, and since when the lead meets it."""

import logging
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..pipeline.isolation import each_isolated, isolated, retried
from ..pipeline.titles import listed

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_qualifying_fields(self):
        """Return the fields that decide whether a lead is qualified."""
        names = self.env["hr.commission.plan"]._get_qualifying_lead_fields()
        return names | {"company_id", "is_commission_pending"}

    def _update_qualification(self):
        """Ask the condition of the plan again where it may have changed.

        The plan of the day the lead qualified goes on deciding about it: a new
        definition acts from its first day on, never backwards.
        """
        Plan = self.env["hr.commission.plan"]
        leads_of_plan = defaultdict(self.browse)
        today = {}
        for lead in self:
            if not lead.is_qualification_fixed:
                company = lead._get_commission_company()
                day = today.setdefault(company, company._commission_local_date())
                # sudo: the plan may be the parent company's
                plan = Plan.sudo()._get_plan(company, lead.date_qualified or day)
                leads_of_plan[plan] += lead
        for plan, leads in leads_of_plan.items():
            qualified = leads._filter_qualified(plan)
            for lead in qualified.filtered(lambda lead: not lead.is_qualified):
                day = today[lead._get_commission_company()]
                lead._write_facts(
                    {
                        "is_qualified": True,
                        "date_qualified": lead.date_qualified or day,
                        "unqualified_reason": False,
                    }
                )
            (leads - qualified)._set_unqualified(plan)

    def _filter_qualified(self, plan):
        """Return those of these leads that meet the condition of a plan."""
        if not plan:
            return self.browse()
        condition = plan._get_qualification_condition()
        leads = self.sudo()  # sudo: crm.touchpoint - contacts of colleagues count
        met = leads.filtered_domain(condition)
        # sudo: the plan may be the parent company's
        if not plan.sudo().claims_qualify:
            met -= met._filter_only_claimed()
        return met.sudo(self.env.su)

    def _filter_only_claimed(self):
        """Return the leads that marketers typed, and whose customer nobody else met.

        Who profits from a lead does not qualify it alone. A verified source, a contact
        that was not logged by hand, and what anybody else logged end that.
        """
        claimed = self.filtered(
            lambda lead: (
                lead.commission_source != "own"
                and lead.source_state == "open"
                and not lead.is_source_fixed
                and all(
                    touch.is_claim and touch.employee_id == lead.marketer_id
                    for touch in lead.touchpoint_ids
                )
                and not lead.followup_count
            )
        )
        met = claimed.filtered("touchpoint_ids")
        return met | (claimed - met)._filter_typed_by_marketer()

    def _set_unqualified(self, plan):
        """Record why these leads are not qualified."""
        leads_of_reason = defaultdict(self.browse)
        for reason, leads in self._get_unmet_conditions(plan):
            leads_of_reason[reason] += leads
        for reason, leads in leads_of_reason.items():
            changed = leads.filtered(
                lambda lead, reason=reason: (
                    lead.is_qualified or lead.unqualified_reason != reason
                )
            )
            if changed:
                changed._write_facts(
                    {"is_qualified": False, "unqualified_reason": reason}
                )

    def _get_unmet_conditions(self, plan):
        """Yield (reason, leads) for the first condition that leads do not meet."""
        if not plan:
            yield self.env._("No commission plan is in force."), self
            return
        condition = plan._get_qualification_condition()
        if condition.is_false():
            yield self.env._("The plan's condition for it cannot be asked."), self
            return
        if not plan.sudo().claims_qualify:  # sudo: the plan may be the parent company's
            # sudo: contacts of colleagues count
            claimed = self.sudo()._filter_only_claimed().sudo(self.env.su)
            if claimed:
                yield (
                    self.env._(
                        "Typed by the marketer it pays, and nobody else has met the "
                        "customer yet. Follow it up, or have the source verified."
                    ),
                    claimed,
                )
                self -= claimed
        parts = getattr(condition, "children", ())
        remaining = self.sudo()  # sudo: crm.touchpoint - see _filter_qualified
        is_and = getattr(condition, "OPERATOR", None) == "&"
        for part in parts if is_and else (condition,):
            met = remaining.filtered_domain(part)
            if remaining - met:
                reason = self._describe_condition(part)
                yield reason, (remaining - met).sudo(self.env.su)
            remaining = met

    def _describe_condition(self, condition):
        """Name what a condition asks for, by the labels of its fields.

        :rtype: str
        """
        labels = []
        for leaf in condition.iter_conditions():
            field = self._fields.get(leaf.field_expr.split(".")[0])
            label = field._description_string(self.env) if field else leaf.field_expr
            if label not in labels:
                labels.append(label)
        return listed(self.env, labels)

    def _get_qualification_facts(self):
        self.ensure_one()
        if not self.date_qualified:
            return []
        company = self._get_commission_company()
        reversed_on = None if self.is_qualified else company._commission_local_date()
        return [
            self._prepare_fact(
                "lead_qualified",
                company,
                date=self.date_qualified,
                amount=0.0,
                date_reversed=reversed_on,
                is_history=self.is_qualification_fixed,
            )
        ]

    @api.model
    @retried
    def _cron_update_qualification(self):
        """Look for leads that qualify without anybody touching them.

        A version of a plan qualifies leads that were made, or whose customer was met,
        from its first day on: it looks at no older ones by itself.
        """
        Plan = self.env["hr.commission.plan"]
        leads = self.sudo().with_context(active_test=False)  # sudo: the cron's job
        with isolated(self.env, _logger, "Patterns among", leads):
            leads._update_odd_leads()
        unproven = leads.search(
            [
                ("commission_source", "=", "own"),
                ("source_state", "=", "open"),
                ("is_source_fixed", "=", False),
            ]
        )
        each_isolated(
            unproven, _logger, "Proof of", lambda some: some._verify_by_proof()
        )
        companies = self.env["res.company"].sudo()  # sudo: the cron's job
        for company in companies.search([("active", "=", True)]):
            with isolated(self.env, _logger, "Qualified leads of", company):
                plan = Plan._get_plan(company, company._commission_local_date())
                if not plan:
                    continue
                waiting = Domain(
                    [
                        ("date_qualified", "=", False),
                        ("won_status", "=", "pending"),
                        ("company_id", "in", (company.id, False)),
                    ]
                )
                # sudo: the plan may be the parent company's
                condition = plan.sudo()._get_qualification_condition()
                # sudo: the plan may be the parent company's
                recent = company._get_commission_recent_domain(plan.sudo().date_start)
                leads.search(waiting & recent & condition)._commission_capture(
                    {"date_qualified", "is_commission_pending"}
                )
