# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Who brought the customer, decided from the contacts on record."""

import logging
from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.http import request
from odoo.tools import SQL, format_date

from ..engine.source import DEFAULT_PROTECTION_DAYS, decide, is_strong
from ..pipeline.isolation import isolated, quiet_savepoint
from ..pipeline.touch_matcher import TouchMatcher
from .crm_lead import DECIDED_FIELDS, IDENTITY_FIELDS

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _decide_anew(self):
        """Decide again without a claim that was withdrawn, with all that is known."""
        self.ensure_one()
        lead = self.sudo()  # sudo: contacts of colleagues count
        if lead.source_state in ("disputed", "overruled"):
            return
        lead._decide_sources(False)
        if lead.source_state != "disputed":
            lead._set_source_state({"source_state": lead.source_state})

    def _settle_sources_safely(self, changed):
        """Log how leads arrived and decide their source; never stop the user.

        :param changed: names of the fields that changed; None for new leads
        :return: whether all went well
        :rtype: bool
        """
        if changed is None:
            return self._try_source_step(self._settle_new_sources)
        former = self.filtered(lambda lead: not lead.commission_source)
        if former and not former._try_source_step(former._adopt):
            return False
        if not IDENTITY_FIELDS.isdisjoint(changed):
            return self._try_source_step(self._settle_changed_customers)
        return True

    def _seal_sources_safely(self):
        """Look at the source again once it is sealed.

        :return: whether all went well
        :rtype: bool
        """
        if not self:
            return True
        to_decide = self.filtered(
            lambda lead: (
                not (lead.is_source_fixed or lead.source_verifier_id)
                and lead.source_state in ("open", "verified")
            )
        )
        to_share = self.browse(lead.id for lead in self._get_sharing_plans())
        return to_decide._try_source_step(
            lambda: to_decide._decide_sources(False)
        ) and to_share._try_source_step(to_share._share_among_marketers)

    def _try_source_step(self, step):
        if not self:
            return True
        with isolated(
            self.env, _logger, "Deciding the source of", self, quiet_savepoint
        ) as attempt:
            step()
        if attempt.failed:
            self._write_facts({"is_commission_pending": True})
        return not attempt.failed

    def _settle_new_sources(self):
        self._create_first_touchpoints()
        self.filtered(lambda lead: not lead.is_source_fixed)._decide_sources(True)
        self.referrer_id._update_referral_counts()

    def _settle_changed_customers(self):
        """Their customers changed: log who they are now, and decide again."""
        # sudo: contacts of colleagues count
        missing = self.filtered(lambda lead: not lead.sudo().touchpoint_ids)
        missing._create_first_touchpoints()
        open_leads = self.filtered(
            lambda lead: not lead.is_source_fixed and lead.source_state != "overruled"
        )
        open_leads._log_changed_customers()
        open_leads._decide_sources(False)
        self.referrer_id._update_referral_counts()

    def _create_first_touchpoints(self, is_adopted=False):
        """Log the contact that leads arrived by.

        :param bool is_adopted: they are older than this addon: dated when they arrived
        """
        employees = self._get_salespeople()
        typed = self._filter_typed_by_marketer()
        vals_list = [
            {
                **lead._prepare_first_touchpoint(employees.get(lead.id)),
                "is_claim": lead in typed,
            }
            for lead in self
        ]
        if is_adopted:
            for lead, vals in zip(self, vals_list, strict=True):
                vals["date"] = lead.create_date or vals["date"]
        if vals_list:
            log = self.env["crm.touchpoint"].sudo()  # sudo: append-only log
            log.with_context(commission_new_leads=True).create(vals_list)

    def _get_salespeople(self):
        """Return the employee that each lead's salesperson (or creator) is.

        :rtype: dict[int, int]
        """
        users = self.user_id | self.env.user
        employees = (
            self.env["hr.employee"]
            .sudo()  # sudo: hr.employee - of the salesperson, whoever creates
            .search_fetch([("user_id", "in", users.ids)], ["user_id", "company_id"])
        )
        # sudo: as the employees above
        of_user = defaultdict(self.env["hr.employee"].sudo().browse)
        for employee in employees:
            of_user[employee.user_id.id] += employee
        result = {}
        for lead in self:
            found = of_user.get((lead.user_id or self.env.user).id)
            if found:
                company = lead._get_commission_company()
                best = found.filtered(lambda person, c=company: person.company_id == c)
                result[lead.id] = (best or found)[:1].id
        return result

    def _get_salesperson(self):
        """Return the employee that the salesperson of the lead is.

        :rtype: hr.employee
        """
        employees = self.env["hr.employee"].sudo()  # sudo: hr.employee - see above
        if not self.user_id:
            return employees
        return employees.browse(self._get_salespeople().get(self.id))

    def _get_source_person(self):
        """Return whom the present source credits with bringing the customer.

        :rtype: hr.employee
        """
        if self.commission_source == "own":
            return self._get_salesperson()
        return self.sudo().marketer_id  # sudo: hr.employee - who gains, whoever asks

    def _prepare_first_touchpoint(self, salesperson_id):
        self.ensure_one()
        now = fields.Datetime.now()
        day = self.is_source_fixed and fields.Datetime.to_datetime(
            self.first_touch_date
        )
        is_own = self.commission_source == "own"
        evidence = self._get_arrival_evidence()
        return {
            "lead_id": self.id,
            "evidence": evidence and f"{evidence._name},{evidence.id}",
            "date": min(day, now) if day else now,
            "kind": self.channel or "other",
            "commission_source": self._get_claimed_side(),
            "campaign_id": self.campaign_id.id,
            "medium_id": self.medium_id.id,
            "source_id": self.source_id.id,
            "employee_id": salesperson_id if is_own else self.marketer_id.id,
            "company_id": self._get_commission_company().id,
        }

    def _filter_typed_by_marketer(self):
        """Return the leads that the marketer who profits has typed, by person.

        :rtype: crm.lead
        """
        typist, Person = self._get_typist_id(), self.env["hr.commission.person"]
        typed = self.browse()
        # sudo: hr.employee - who gains, whoever asks
        for marketer, leads in self.sudo().grouped("marketer_id").items():
            makers = {typist, *leads.create_uid.ids} - {SUPERUSER_ID}
            if not (marketer and makers):
                continue
            users = set(marketer.user_id.ids)
            if makers - users:
                users.update(Person._get_users(marketer).ids)
            typed |= leads.filtered(
                lambda lead, users=users: users & {typist, lead.create_uid.id}
            )
        return typed.with_env(self.env)

    @api.model
    def _get_typist_id(self):
        """Return the user who is at work, also where the system writes for them.

        A form of the website is sent by who is logged in and saved by the system.

        :rtype: int
        """
        return (request and request.session.uid) or self.env.uid

    def _get_claimed_side(self):
        """Return whose customer a contact that comes with the lead speaks for.

        :rtype: str | bool
        """
        return not self.is_source_unknown and self.commission_source

    def _log_changed_customers(self):
        """Log the new mail, phone or customer of leads as of now.

        Whoever gives a lead another customer has met that one today, not when the
        lead was made.
        """
        matcher = TouchMatcher(self)
        vals_list = []
        for lead in self.sudo():  # sudo: contacts of colleagues count
            recorded = lead.touchpoint_ids.filtered("lead_ref")
            is_new = any(
                not set(values).issubset(self._get_recorded_keys(recorded, name))
                for name, values in matcher.get_named_keys(lead).items()
            )
            if not is_new:
                continue
            vals_list.append(
                {
                    "lead_id": lead.id,
                    "kind": "other",
                    "commission_source": lead._get_claimed_side(),
                    "employee_id": lead._get_source_person().id,
                    "company_id": lead._get_commission_company().id,
                    "note": self.env._("Customer entered on the lead"),
                }
            )
        log = self.env["crm.touchpoint"].sudo()  # sudo: append-only log
        log.with_context(commission_new_leads=True).create(vals_list)

    @staticmethod
    def _get_recorded_keys(touchpoints, name):
        values = touchpoints.mapped(name)
        return values.ids if isinstance(values, models.BaseModel) else values

    def _decide_sources(self, is_new):
        """Let the contacts with the customers of these leads decide their sources.

        :param bool is_new: the leads have just been made: nothing is decided yet
        """
        if not self:
            return
        matcher = TouchMatcher(self)
        days = self._get_protection_days()
        touches = matcher.match(days)
        policies = self._get_verification_policy()
        values, disputes, attached = {}, [], []
        for lead in self:
            found = touches.get(lead.id, [])
            verdict = decide(lead.id, matcher.keys[lead.id], found, days[lead.id])
            values[lead], is_contested = lead._apply_verdict(
                verdict, policies[lead.id], is_new
            )
            if is_contested and lead.source_state != "disputed":
                disputes.append((lead, verdict))
            attached += [
                (touch.id, lead.id)
                for touch in found
                if not touch.lead_id and is_strong(touch)
            ]
        self._hold_lookalikes(values)
        self._write_source_values(values)
        self._attach_touchpoints(attached)
        Dispute = self.env["hr.commission.dispute"].sudo()  # sudo: opened by the system
        Dispute._open_for_collisions(disputes)
        if not is_new:  # nothing was seen yet of a customer entered just now
            self._verify_by_proof()

    def _apply_verdict(self, verdict, policy, is_new):
        """Return what a verdict changes of the source, and whether it is contested.

        :param str policy: how own customers are verified
        """
        is_kept = not is_new and (
            self.is_source_fixed
            or self._is_source_sealed()
            or self._keeps_source(verdict)
        )
        if is_kept:
            vals, is_contested = {}, self._is_now_contested(verdict)
        else:
            vals = self._get_source_values(verdict, policy)
            is_contested = verdict.is_contested or self._is_claim_contested(verdict)
        is_contested = is_contested or self._is_self_referral()
        if is_contested or self.source_state == "disputed":
            vals.pop("source_state", None)
        return vals, is_contested

    def _hold_lookalikes(self, values):
        """Verify no own customer whose company reads like one that others have met.

        :param dict values: what is about to be written, by lead; changed in place
        """
        verified = self.filtered(
            lambda lead: (
                values[lead].get("source_state") == "verified"
                and values[lead].get("commission_source") == "own"
                and lead.source_state != "verified"
            )
        )
        for lead_id, name in verified._find_lookalikes().items():
            lead = self.browse(lead_id)
            values[lead].pop("source_state")
            lead._hold_lookalike(name)

    def _get_protection_days(self):
        """Return the look-back of each lead's plan.

        :rtype: dict[int, int]
        """
        Plan = self.env["hr.commission.plan"].sudo()  # sudo: the parent company's plan
        days_of_company = {}
        result = {}
        for lead in self:
            company = lead._get_commission_company()
            if company not in days_of_company:
                plan = Plan._get_plan(company, company._commission_local_date())
                days_of_company[company] = (
                    plan.protection_days if plan else DEFAULT_PROTECTION_DAYS
                )
            result[lead.id] = days_of_company[company]
        return result

    def _keeps_source(self, verdict):
        """A customer of marketing's never becomes another's by editing the lead."""
        return self.commission_source != "own" and (
            verdict.source != self.commission_source
            or verdict.first.employee_id != self.marketer_id.id
        )

    def _is_now_contested(self, verdict):
        """Whether what is known by now speaks against a source that stays."""
        if verdict.first is None:
            return False
        if self.commission_source == "own":
            return verdict.is_contested or verdict.source != "own"
        return not self._is_source_sealed() and verdict.source == "own"

    def _is_claim_contested(self, verdict):
        """Whether what a marketer says of another lead takes this one's customer."""
        first = verdict.first
        return bool(
            first
            and first.lead_id != self.id
            and verdict.others
            and self._is_only_claimed(first)
        )

    def _is_only_claimed(self, touch):
        """Whether a contact that decides is what somebody says who gains by it.

        On another lead it counts where the plan lets claims count.
        """
        if not touch.is_claim or touch.lead_id == self.id:
            return touch.is_claim
        company = self._get_commission_company()
        return self.env["crm.touchpoint"]._is_said_only(company)

    def _get_source_values(self, verdict, policy):
        """Return what a verdict makes of the lead's source.

        :param str policy: how own customers are verified
        """
        if verdict.first is None:
            return {}
        first = verdict.first
        company = self._get_commission_company()
        vals = {
            "commission_source": first.commission_source,
            "channel": first.kind,
            "is_source_unknown": False,
        }
        day = company._commission_local_date(first.date)
        if not self.first_touch_date or day < self.first_touch_date:
            vals["first_touch_date"] = day
        if first.commission_source == "own":
            is_verified = self.source_state == "verified" or (
                policy == "unopposed" and verdict.is_identified
            )
            vals["marketer_id"] = False
            vals["source_state"] = "verified" if is_verified else "open"
        else:
            is_proven = (
                first.commission_source == "marketing"
                and not self._is_only_claimed(first)
            )
            vals["marketer_id"] = self._get_marketer(verdict)
            vals["source_state"] = "verified" if is_proven else self.source_state
        if first.lead_id != self.id:
            kinds = dict(self._fields["channel"]._description_selection(self.env))
            vals["source_note"] = self.env._(
                "The first contact with this customer was on %(day)s (%(kind)s).",
                day=format_date(self.env, day),
                kind=kinds[first.kind],
            )
        return vals

    def _get_marketer(self, verdict):
        """Return the id of who in marketing was first, else whom the lead has."""
        return next(
            (
                touch.employee_id
                for touch in (verdict.first, *verdict.others)
                if touch.commission_source != "own" and touch.employee_id
            ),
            self.marketer_id.id,
        )

    def _write_source_values(self, values):
        """Write decided sources, leads with equal values together."""
        groups = defaultdict(self.browse)
        for lead, vals in values.items():
            different = {
                name: value
                for name, value in vals.items()
                if lead._is_other_value(name, value)
            }
            if different:
                groups[tuple(sorted(different.items()))] += lead
        for vals, leads in groups.items():
            leads._write_facts(dict(vals))
            sealed = leads.filtered(lambda lead: lead._is_source_sealed())
            if sealed and not DECIDED_FIELDS.isdisjoint(dict(vals)):
                sealed._reopen_credits(("marketing",))

    @api.model
    def _attach_touchpoints(self, pairs):
        """Show earlier contacts of the same customer on the lead."""
        if not pairs:
            return
        touch_ids, lead_ids = zip(*pairs, strict=True)
        self.env.cr.execute(
            SQL(
                """UPDATE crm_touchpoint touch SET lead_id = pair.lead_id
                     FROM (SELECT unnest(%s) AS id, unnest(%s) AS lead_id) pair
                    WHERE touch.id = pair.id AND touch.lead_id IS NULL""",
                list(touch_ids),
                list(lead_ids),
            )
        )
        self.env["crm.touchpoint"].invalidate_model(["lead_id"], flush=False)
        self.invalidate_model(["touchpoint_ids"], flush=False)

    def _apply_decision(self, vals):
        """Write what a dispute decided, and have the commissions follow."""
        self.sudo()._track_prepare(vals)  # sudo: as _write_facts
        self._write_facts(vals)
        self._share_among_marketers()
        self._commission_capture({"commission_source"})
