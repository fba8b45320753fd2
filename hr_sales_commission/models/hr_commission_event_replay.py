# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What would have happened under another plan: facts asked again, never recorded."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.periods import SCORED
from ..pipeline.plan_replay import ReplayAnswer


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    @api.model
    def _ask_again(self, question):
        """Return what a plan finds otherwise than it is recorded.

        Addons with documents of their own add the facts that no plan recorded: of the
        days, what these take back of other days, and what takes them back later.

        :param ReplayQuestion question: the plan and the days
        :rtype: ReplayAnswer
        """
        answer = ReplayAnswer()
        self._ask_qualification_again(question, answer)
        self._ask_targets_again(question, answer)
        return answer

    @api.model
    def _imagine_events(self, facts, mark):
        """Capture facts as events, to be rolled back by the caller.

        They get names of their own, so that nobody who records the same fact at the
        same time has to wait for us.

        :param str mark: tells these events from those of others
        :return: (id, date, day of what it takes back or None) of each, in the order of
            dates
        """
        marked = [
            {
                **fact,
                "res_part": f"{fact['res_part'] or '//'}/~{mark}",
                "touched": False,
                "is_history": True,  # whenever the company began
            }
            for fact in facts
        ]
        self._capture(marked)
        return self.env.execute_query(
            SQL(
                "SELECT id, date, date_basis FROM hr_commission_event"
                " WHERE res_part LIKE %s ORDER BY date, id",
                f"%/~{mark}",
            )
        )

    # ------------------------------------------------------------------
    # Qualified leads
    # ------------------------------------------------------------------

    @api.model
    def _ask_qualification_again(self, question, answer):
        """Ask the plan's own definition of a qualified lead, as far as it is known.

        Leads are judged as they are today. What met another definition keeps the day
        on which it did; who qualifies only now gets the first day on which everything
        that is known was there.
        """
        Plan = question.plan
        condition = Plan._parse_domain(Plan.qualification_domain)
        other_ids = {
            held.id or 0
            for held in question.get_replaceable_plans()
            if not held or Plan._parse_domain(held.qualification_domain) != condition
        }
        if not other_ids - {0}:
            return  # the same definition wherever one was asked

        def is_asked(company_id, day):
            return question.replaced_plan_id(company_id, day) in other_ids

        self._ask_recorded_leads(question, answer, condition, is_asked)
        self._ask_other_leads(question, answer, condition, is_asked)

    @api.model
    def _ask_recorded_leads(self, question, answer, condition, is_asked):
        Lead = self.env["crm.lead"].with_context(active_test=False)
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT event.id, event.lead_id, event.company_id, event.date,
                          event.date_reversed
                     FROM hr_commission_event event
                     JOIN crm_lead lead ON lead.id = event.lead_id
                    WHERE event.event_type = 'lead_qualified'
                      AND event.date BETWEEN %s AND %s AND event.company_id = ANY(%s)
                      AND lead.is_qualification_fixed IS NOT TRUE""",
                question.date_from,
                question.date_to,
                question.company_ids,
            )
        )
        rows = [row for row in rows if is_asked(row["company_id"], row["date"])]
        query = Lead._search(
            Domain("id", "in", [row["lead_id"] for row in rows]) & condition
        )
        qualified = set(query.get_result_ids())
        for row in rows:
            if row["lead_id"] not in qualified:
                if not row["date_reversed"]:
                    answer.dropped_ids.add(row["id"])
                    answer.counts["unqualified"] += 1
            elif row["date_reversed"]:
                company = self.env["res.company"].browse(row["company_id"])
                lead = Lead.browse(row["lead_id"])
                answer.dropped_ids.add(row["id"])
                answer.facts.append(lead._prepare_qualified_fact(company, row["date"]))
                answer.counts["requalified"] += 1
            else:
                answer.counts["still_qualified"] += 1

    @api.model
    def _ask_other_leads(self, question, answer, condition, is_asked):
        Lead = self.env["crm.lead"].with_context(active_test=False)
        leads = Lead.search(
            Domain("date_qualified", "=", False)
            & Domain("company_id", "in", [*question.company_ids, False])
            & condition
        )
        days = leads._get_known_days(condition)
        for lead in leads:
            company = lead._get_commission_company()
            day = days[lead.id]
            if (
                company.id in question.company_ids
                and question.date_from <= day <= question.date_to
                and is_asked(company.id, day)
            ):
                answer.facts.append(lead._prepare_qualified_fact(company, day))
                answer.counts["newly_qualified"] += 1

    # ------------------------------------------------------------------
    # Settled targets
    # ------------------------------------------------------------------

    @api.model
    def _ask_targets_again(self, question, answer):
        """Add the settled targets that the plan pays on and no plan in force asked for."""
        rules = question.plan.rule_ids.filtered(lambda rule: rule.event_type == SCORED)
        if not rules:
            return
        targets = self.env["hr.commission.target"]._find_unrecorded(
            rules._get_settled_kinds(),
            Domain("company_id", "in", question.company_ids)
            & Domain("date_to", ">=", question.date_from)
            & Domain("date_to", "<=", question.date_to),
        )
        facts = [
            fact
            for fact in targets._prepare_settled_facts()
            if not fact.get("date_reversed")
        ]
        recorded = self.search(  # one for another job position of the person
            Domain("event_type", "=", SCORED)
            & Domain("res_id", "in", [fact["res_id"] for fact in facts])
        ).mapped("res_id")
        facts = [fact for fact in facts if fact["res_id"] not in recorded]
        answer.facts += facts
        answer.counts[SCORED] += len({fact["res_id"] for fact in facts})

    # ------------------------------------------------------------------
    # Attribution
    # ------------------------------------------------------------------

    @api.model
    def _share_again(self, question, event_ids, counts):
        """Share marketing's part of deals again, by the attribution of a plan.

        :param Counter counts: of a :class:`ReplayAnswer`
        :return: list of (employee id, percent) by lead id, where it is asked again
        """
        plan = question.plan
        terms = _attribution_terms(plan)
        if all(
            _attribution_terms(held) == terms
            for held in question.get_replaceable_plans()
        ):
            return {}
        leads = self.env["crm.lead"].browse(
            lead_id
            for (lead_id,) in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT lead_id FROM hr_commission_event"
                    " WHERE id = ANY(%s) AND lead_id IS NOT NULL",
                    list(event_ids),
                )
            )
        )
        asked = leads.browse()
        for lead in leads:
            company = lead._get_commission_company()
            day = lead.date_won or question.date_to
            plan_id = question.replaced_plan_id(company.id, day)
            if plan_id is None or lead.commission_source == "own":
                continue
            held = plan.browse(plan_id or ())
            if _attribution_terms(held) != terms:
                asked += lead
        return asked._share_by_other_plan(plan, counts) if asked else {}


def _attribution_terms(plan):
    """What decides how marketing's part is shared."""
    if not plan or plan.attribution == "first":
        return ("first",)
    half_life = plan.attribution_half_life if plan.attribution == "decay" else 0
    return (plan.attribution, half_life, plan.protection_days)
