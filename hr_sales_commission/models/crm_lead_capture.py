# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What happened to leads, recorded as events: at once, in sets, or after a fault."""

import logging

import psycopg2

from odoo import SUPERUSER_ID, api, models
from odoo.tools import ormcache

from ..pipeline.given import get_system_context
from ..pipeline.isolation import isolated
from .crm_lead import DECIDED_FIELDS, FACT_FIELDS, GIVEN_FIELDS, IDENTITY_FIELDS
from .crm_touchpoint import UTM_FIELDS

_logger = logging.getLogger(__name__)

#: leads recorded one by one in a run, where all at once failed
MOST_RECOVERED = 500
#: fields whose change has the lead's events computed again
TOUCHING_FIELDS = frozenset(
    ("user_id", "marketer_id", "commission_source", "source_state", "referrer_id")
    + ("commission_share_ids",)
)
#: where leads wait that are recorded in sets, among what Odoo keeps for the commit
ASIDE = "hr_commission_leads_aside"
#: what else says who the customer is, whose they are, and in which company
CONCERNING_FIELDS = (
    IDENTITY_FIELDS
    | GIVEN_FIELDS
    | set(UTM_FIELDS)
    | {"company_id", "team_id", "date_closed"}
)
#: fields whose change is one of a recorded qualification
QUALIFICATION_FIELDS = frozenset(("is_qualified", "date_qualified"))


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _commission_capture(self, changed):
        """Record what happened to these leads as commission events.

        A failure of ours never stops the user: it is logged, and the next run of the
        cron tries again.

        :param changed: names of the fields that changed; None for new leads
        """
        if not self:
            return
        if self.env.context.get("commission_in_sets"):
            self._put_aside(changed)
            return
        # what the system records takes no default from whoever is at work
        context = get_system_context(self.env.context)
        self = self.with_context(context)  # pylint: disable=context-overridden
        relevant = self._get_commission_fields()
        if changed is not None and relevant.isdisjoint(changed):
            self._settle_sources_safely(changed)
            return
        try:
            self._record_commission_facts(changed)
        except psycopg2.OperationalError:
            raise  # a conflict with another user: the request is run again
        except Exception:
            _logger.exception("Commission facts of leads %s not recorded", self.ids)
            self._write_facts({"is_commission_pending": True})

    def _recapture_credited(self):
        """Record whom these leads credit, after their shares changed."""
        self._commission_capture({"commission_share_ids"})

    def _put_aside(self, changed):
        """Leave what happened to these leads for :meth:`_capture_aside`.

        Odoo converts and assigns leads one by one; what it commits in between is
        recorded with that commit.
        """
        callbacks = self.env.cr.precommit
        if ASIDE not in callbacks.data:
            callbacks.data[ASIDE] = {}
            callbacks.add(self.with_context(commission_in_sets=False)._capture_aside)
        waiting = callbacks.data[ASIDE].setdefault((self.env.uid, self.env.su), {})
        for lead in self:
            known = waiting.get(lead.id, frozenset())
            is_new = changed is None or known is None
            waiting[lead.id] = None if is_new else known.union(changed)

    @api.model
    def _capture_aside(self, among=None):
        """Record together what was put aside, see ``commission_in_sets``.

        :param among: only of these leads; the others go on waiting
        """
        waiting = self._take_aside(among)
        if among is None:
            self.env["hr.commission.audit"]._log_aside()
        for (user_id, is_system), changes in waiting.items():
            leads = self.with_context(commission_in_sets=False).with_user(user_id)
            leads = leads.sudo(is_system).browse(changes)
            leads = leads.exists() if among is None else leads
            for changed, same in leads.grouped(lambda lead: changes[lead.id]).items():  # noqa: B023
                same._commission_capture(changed and set(changed))

    @api.model
    def _take_aside(self, among):
        """Return what was put aside, by user and lead; it is in hand from now on."""
        data = self.env.cr.precommit.data
        if among is None:
            return data.pop(ASIDE, {})
        taken = {}
        for key, changes in data.get(ASIDE, {}).items():
            ids = changes.keys() & set(among.ids)
            if ids:
                taken[key] = {lead_id: changes.pop(lead_id) for lead_id in ids}
        return taken

    @api.model
    def _get_commission_fields(self):
        try:
            watched = self.env["hr.commission.plan"]._get_watched_lead_fields()
        except Exception:
            _logger.exception("Conditions of commission plans cannot be read")
            watched = frozenset(self._fields)  # any of them may matter: none is missed
        return FACT_FIELDS | TOUCHING_FIELDS | watched

    @api.model
    def _get_concerning_fields(self):
        """Return the fields whose writing is anything of ours; all others cost nothing.

        :rtype: frozenset[str]
        """
        return self._get_commission_fields() | CONCERNING_FIELDS

    def _record_commission_facts(self, changed):
        touched = changed is not None and bool(
            (self._get_commission_fields() - FACT_FIELDS) & changed
        )
        is_settled = self._settle_sources_safely(changed)
        is_asked = changed is None or not self._get_qualifying_fields().isdisjoint(
            changed
        )
        if is_asked:
            self._update_qualification()
        is_asked = is_asked or touched or not QUALIFICATION_FIELDS.isdisjoint(changed)
        facts, won_before = [], {lead.id: lead.date_won for lead in self}
        duplicates = self._filter_duplicate_wins()
        for lead in self.filtered(lambda lead: not lead.is_before_start):
            facts += lead._get_win_facts(changed, is_void=lead in duplicates)
            if is_asked:
                facts += lead._get_qualification_facts()
        for fact in facts:
            fact["touched"] = touched
        self.env["hr.commission.event"]._capture(facts)
        self._touch_later_sales(changed, won_before)
        if changed and not DECIDED_FIELDS.isdisjoint(changed):
            # protected: whoever wrote them has decided who brought the customer
            self._reopen_credits(("marketing",))
        if is_settled and any(lead.is_commission_pending for lead in self):
            self._write_facts({"is_commission_pending": False})

    def _reopen_credits(self, roles):
        """Have the events of these leads credit whom the leads name today."""
        self.env["hr.commission.event"].sudo()._reopen(  # sudo: the system's
            [("lead_id", "in", self.ids)], roles
        )

    def _write_facts(self, vals):
        """Write facts past the overrides of write: nobody edits them by hand.

        Who worked on a lead last stays who it was when a job of the system's writes.
        """
        leads = self.sudo()  # sudo: read-only for salespeople
        if self.env.uid != SUPERUSER_ID:
            models.BaseModel.write(leads, vals)
            return
        for user, some in leads.grouped("write_uid").items():
            theirs = some.with_user(user or self.env.user).sudo()  # sudo: as above
            models.BaseModel.write(theirs, vals)
            if theirs.env.uid != SUPERUSER_ID:
                theirs.flush_recordset()  # Odoo notes who stores it

    def _get_commission_company(self):
        """Return the company whose commission events the lead makes."""
        self.ensure_one()
        return (
            self.company_id
            or self.team_id.company_id
            or self.env["res.company"].browse(
                self._get_user_company_id(self.user_id.id)
            )
            or self.env.company
        )

    @api.model
    @ormcache("user_id")
    def _get_user_company_id(self, user_id):
        user = self.env["res.users"].browse(user_id)
        return user.sudo().company_id.id  # sudo: users of other companies

    @api.model
    def _update_start_marks(self, companies):
        """Mark won deals again after companies chose the day they start on.

        What is in the ledger already stays there. What was imported on purpose counts.
        """
        # sudo: branches below, selected or not
        below = companies.sudo().search([("id", "child_of", companies.ids)])
        leads = self.with_context(active_test=False).search(
            [
                ("date_won", "!=", False),
                ("is_history_imported", "=", False),
                ("company_id", "in", [*below.ids, False]),
            ]
        )
        known = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        known = known.search(
            [("lead_id", "in", leads.ids), ("event_type", "=", "deal_won")]
        )
        early, late = self.browse(), self.browse()
        for lead in leads - known.lead_id:
            company = lead._get_commission_company()
            start = company in below and company._get_commission_start(company.id)
            if start and lead.date_won < start:
                early += lead
            elif start:
                late += lead
        early.filtered(lambda lead: not lead.is_before_start)._write_facts(
            {"is_before_start": True}
        )
        late.filtered("is_before_start")._write_facts({"is_before_start": False})
        late._commission_capture({"stage_id", "date_qualified"})

    def _prepare_fact(self, event_type, company, **values):
        return {
            "event_type": event_type,
            "res_model": self._name,
            "res_id": self.id,
            "res_part": "",
            "lead_id": self.id,
            "company_id": company.id,
            "quantity": 1,
            "user_id": self.user_id.id or 0,
            "marketer_id": self.marketer_id.id or 0,
            **values,
        }

    @api.model
    def _recover_commission_capture(self):
        """Record what could not be recorded when it happened."""
        leads = self.sudo().with_context(active_test=False)  # sudo: the cron's job
        waiting = leads.search([("is_commission_pending", "=", True)])
        changed = {"stage_id", "expected_revenue", "email_from"}
        changed.add("is_commission_pending")
        waiting._commission_capture(changed)
        # one that cannot be recorded must not keep the others from it
        for lead in waiting.filtered("is_commission_pending")[:MOST_RECOVERED]:
            with isolated(self.env, _logger, "Commission facts of", lead):
                lead.browse(lead.id)._commission_capture(changed)
