"""Leads as the source of facts: captured here, computed elsewhere."""

import logging

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import (
    format_date,
    formatLang,
    html2plaintext,
    ormcache,
)

from ..pipeline.given import (
    check_given,
    check_not_after,
    check_values,
    get_system_context,
)
from ..pipeline.isolation import isolated
from ..pipeline.officers import OFFICER
from ..pipeline.words import COMMISSION_SOURCES
from .crm_touchpoint import INBOUND_KINDS, TOUCHPOINT_KINDS, UTM_FIELDS

_logger = logging.getLogger(__name__)

#: decided by the system; commission officers may give it, to import history
PROTECTED_FIELDS = frozenset(
    ("commission_source", "source_state", "marketer_id", "first_touch_date")
    + ("is_qualified", "date_qualified", "date_won", "won_amount", "date_lost")
)
#: the columns of past deals that no form lets anybody type
IMPORTABLE_FIELDS = PROTECTED_FIELDS - {"is_qualified", "date_lost"}
#: what people give of ours: values that fit, and records they may read
GIVEN_FIELDS = PROTECTED_FIELDS | {"referrer_id", "need_description", "need_fit"}
#: an officer who gives one of these for a new lead has decided its source
DECIDING_FIELDS = ("commission_source", "source_state", "marketer_id") + (
    "first_touch_date",
    "date_qualified",
    "date_won",
)
#: leads recorded one by one in a run, where all at once failed
MOST_RECOVERED = 500
#: fields whose change has the lead's events computed again
TOUCHING_FIELDS = frozenset(
    ("user_id", "marketer_id", "commission_source", "source_state", "referrer_id")
    + ("commission_share_ids",)
)
#: sealed facts that commission officers may change; every change is logged
SEALED_FACTS = ("date_won", "won_amount", "date_qualified")
#: fields that only a decision changes, and that say whom marketing's credit belongs to
DECIDED_FIELDS = frozenset(("marketer_id", "commission_source"))
#: what the customer is found again by
IDENTITY_FIELDS = frozenset(
    ("email_from", "phone", "website", "partner_id", "referrer_id")
)
#: fields whose change can change what happened
FACT_FIELDS = frozenset(
    ("stage_id", "probability", "active", "won_status", "expected_revenue")
    + ("lost_reason_id",)
    + ("is_qualified", "date_qualified", "date_won", "won_amount", "date_lost")
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

    # Who brought the customer
    commission_source = fields.Selection(
        COMMISSION_SOURCES,
        string="Customer Source",
        copy=False,
        readonly=True,
        tracking=True,
        help="Whose customer this is for commissions.",
    )
    source_state = fields.Selection(
        [
            ("open", "Not verified"),
            ("verified", "Verified"),
            ("disputed", "Disputed"),
            ("overruled", "Decided"),
        ],
        string="Source Verification",
        default="open",
        copy=False,
        readonly=True,
        tracking=True,
        help="Whether it is settled who brought the customer. Where the plan asks for "
        "it, commissions are held until then.",
    )
    marketer_id = fields.Many2one(
        "hr.employee",
        copy=False,
        readonly=True,
        index="btree_not_null",
        tracking=True,
        help="Who brought the lead.",
    )
    referrer_id = fields.Many2one(
        "res.partner",
        string="Referred By Customer",
        copy=False,
        help="The customer who recommended us to this one.",
        index="btree_not_null",
    )
    touchpoint_ids = fields.One2many("crm.touchpoint", "lead_id", readonly=True)
    first_touch_date = fields.Date(
        string="First Contact",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Day of the first contact that counts for this lead.",
    )
    channel = fields.Selection(
        TOUCHPOINT_KINDS,
        copy=False,
        readonly=True,
        help="The kind of contact that brought the lead.",
    )

    # Qualification
    need_description = fields.Text(copy=False, help="What the customer needs.")
    need_fit = fields.Selection(
        [("none", "No fit"), ("partial", "Partial fit"), ("full", "Full fit")],
        copy=False,
        help="How well what you sell fits what the customer needs.",
    )
    is_qualified = fields.Boolean(
        string="Qualified",
        copy=False,
        readonly=True,
        help="The lead meets what the commission plan asks of a qualified lead.",
    )
    date_qualified = fields.Date(
        string="Qualified On",
        copy=False,
        readonly=True,
        help="Day the lead first met the condition of the commission plan.",
    )
    unqualified_reason = fields.Char(
        string="Why Not Qualified",
        copy=False,
        readonly=True,
        help="The first condition of the commission plan that the lead does not meet.",
    )
    is_qualification_fixed = fields.Boolean(
        copy=False,
        readonly=True,
        help="Qualified by import: the condition of the plan is not asked again.",
    )

    # What was there before commissions were
    is_before_start = fields.Boolean(
        string="Before the Start",
        copy=False,
        readonly=True,
        help="Won before the day the company began with commissions: nothing is paid. "
        "A commission officer who gives the day of winning makes it count.",
    )
    is_history_imported = fields.Boolean(
        string="Imported on Purpose",
        copy=False,
        readonly=True,
        help="A commission officer gave the day of winning: it counts, even before the "
        "start.",
    )
    is_source_unknown = fields.Boolean(
        string="Source Unknown",
        copy=False,
        readonly=True,
        help="Made by a program that did not say where the customer comes from. Held "
        "until somebody has verified the source.",
    )

    # Signing, as our own snapshots: Odoo clears and re-stamps its closing date
    date_won = fields.Date(
        string="Won On",
        copy=False,
        readonly=True,
        help="Day the deal was won; what it pays is of this day.",
    )
    date_lost = fields.Date(
        string="Lost On",
        copy=False,
        groups="hr_sales_commission.group_commission_manager_team",
        help="The day a deal that was won was lost, if it was not the day it was "
        "recorded. Clawback counts up to it.",
    )
    won_amount = fields.Monetary(
        string="Signed Amount",
        currency_field="company_currency",
        copy=False,
        readonly=True,
        help="What the deal was signed for, without tax.",
    )
    former_win = fields.Json(
        copy=False,
        readonly=True,
        help="Day and amount of a win that was left, and when: it is the same win if the "
        "deal comes back soon.",
    )
    copied_lead_id = fields.Many2one(
        "crm.lead",
        string="Copy Of",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    commission_share_ids = fields.One2many(
        "crm.lead.share",
        "lead_id",
        string="Commission Shares",
        copy=False,
        help="Who shares this deal. The shares of a role sum to 100 %.",
    )
    commission_line_ids = fields.One2many(
        "hr.commission.line", "lead_id", string="Commissions", readonly=True
    )
    commission_line_count = fields.Integer(compute="_compute_commission_line_count")
    is_commission_pending = fields.Boolean(
        copy=False,
        readonly=True,
        help="What happened could not be recorded; the next run tries again.",
    )

    _commission_pending_idx = models.Index("(id) WHERE is_commission_pending IS TRUE")
    # counted by the first steps, and by the dialog that sets the start
    _commission_past_idx = models.Index("(company_id) WHERE is_before_start IS TRUE")

    @api.depends("commission_line_ids")
    def _compute_commission_line_count(self):
        counts = dict(
            self.env["hr.commission.line"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.commission_line_count = counts.get(lead._origin, 0)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """On the import screen, officers may choose what only they may import."""
        descriptions = super().fields_get(allfields, attributes)
        if self.env.context.get("commission_import_screen") and self.env.user.has_group(
            OFFICER
        ):
            for name in IMPORTABLE_FIELDS & descriptions.keys():
                descriptions[name]["readonly"] = False
        return descriptions

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._check_given_values(vals_list)
        for vals in vals_list:
            self._note_verifier(vals)
        self._complete_commission_vals(vals_list)
        leads = super().create(vals_list)
        leads._commission_capture(None)
        return leads

    def _check_given_values(self, vals_list):
        """Refuse values of ours that do not fit, and people one may not read."""
        ours = [
            {name: vals[name] for name in GIVEN_FIELDS.intersection(vals)}
            for vals in vals_list
        ]
        for vals in ours:
            check_values(self, vals)
        check_given(self, ours)
        if not self.env.su:
            for vals in vals_list:
                self._check_days_have_come(vals)

    def _check_days_have_come(self, facts):
        """Refuse to say that a deal was won, or qualified, on a day to come.

        :param dict facts: values by field
        :raises ValidationError: naming the day
        """
        for name in {"date_won", "date_qualified"}.intersection(facts):
            day = fields.Date.to_date(facts[name] or None)
            today = self.env.company._commission_local_date()
            check_not_after(self.env, day, today)

    def write(self, vals):
        if self._get_concerning_fields().isdisjoint(vals):
            return super().write(vals)
        vals = dict(vals)
        self._check_given_values([vals])
        self._check_seal(vals)
        self._check_no_rival(vals)
        decided = self._get_other_verdicts(vals)
        if decided:
            decided._check_may_verify()
            self._note_verifier(vals)
        if "date_lost" in vals:
            Correction = self.env["hr.commission.correction"]
            Correction._check_not_credited([("lead_id", "in", self.ids)])
        if not self.env.context.get("commission_in_sets"):
            # older than this addon: what they were is taken over before it changes.
            # Read as the user, with what Odoo reads of the leads anyway
            former = self.filtered(lambda lead: not lead.commission_source)
            former._try_source_step(former._adopt)
        self._complete_import_vals(vals)
        if not {"commission_source", "marketer_id", "first_touch_date"}.isdisjoint(
            vals
        ):
            vals = {**vals, "is_source_fixed": True}
        changed = set(vals)
        known = self._get_known_customers(vals)
        sealed = self._get_sealed_facts(changed)
        with self._winning_along(vals) as won:
            result = super().write(vals)
        if won:
            changed.add("won_status")
        if decided:
            decided._check_may_verify()
        self._log_changed_facts(sealed)
        others = self._filter_other_customers(known)
        others._try_source_step(others._drop_proof)
        self._commission_capture(changed)
        moved = self._filter_moved_wins(known)
        moved._try_source_step(lambda: moved._touch_sales_of_customers(known))
        return result

    def copy(self, default=None):
        copies = super().copy(default)
        for lead, duplicate in zip(self, copies, strict=True):
            duplicate._write_facts({"copied_lead_id": lead.id})
        return copies

    def _get_sealed_facts(self, changed):
        """Return the sealed facts that somebody is about to change.

        :raises UserError: if they are credited with the deal themselves
        :return: values by lead and name of the field
        """
        names = [name for name in SEALED_FACTS if name in changed]
        if not names or self.env.su:
            return {}
        sealed = {
            lead: {name: lead[name] for name in names if lead[name]} for lead in self
        }
        sealed = {lead: facts for lead, facts in sealed.items() if facts}
        self.env["hr.commission.correction"]._check_not_credited(
            [("lead_id", "in", [lead.id for lead in sealed])]
        )
        return sealed

    @api.model
    def _log_changed_facts(self, sealed, reason=None):
        """Log what was changed of sealed facts by whoever may.

        :param dict sealed: values before by lead and name of the field
        :param str reason: why, if they said so
        """
        Correction = self.env["hr.commission.correction"]
        for lead, facts in sealed.items():
            for name, before in facts.items():
                if lead[name] != before:
                    Correction._log(
                        lead,
                        name,
                        self._format_fact(name, before),
                        self._format_fact(name, lead[name]),
                        reason,
                    )

    def _format_fact(self, name, value):
        if self._fields[name].type == "date":
            return format_date(self.env, value) if value else ""
        return formatLang(self.env, value, currency_obj=self[:1].company_currency)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_commission(self):
        lines = self.env["hr.commission.line"].sudo()  # sudo: anybody's commission
        settled = lines.search([("lead_id", "in", self.ids)], limit=1)
        if settled:  # cancelled ones as well: no line of the ledger loses its lead
            raise UserError(
                self.env._(
                    "“%(lead)s” has commissions. Archive it instead of deleting it.",
                    lead=settled.lead_id.display_name,
                )
            )
        disputes = self.env["hr.commission.dispute"].sudo()  # sudo: anybody's claim
        disputed = disputes.search([("lead_id", "in", self.ids)], limit=1).lead_id
        if not (disputed or self.env.su):  # a merge deletes as superuser
            events = self.env["hr.commission.event"].sudo()  # sudo: see above
            events = events.search([("lead_id", "in", self.ids)], limit=1)
            # sudo: contacts of colleagues count
            met = self.sudo().filtered(lambda lead: len(lead.touchpoint_ids) > 1)
            disputed = (events.lead_id | met)[:1]
        if disputed:
            raise UserError(
                self.env._(
                    "“%(lead)s” has a dispute, contacts or commission events, which stay "
                    "on record. Archive it instead of deleting it.",
                    lead=disputed.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_recompute_periods(self):
        """What is deleted no longer counts for the rest of its periods."""
        events = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        events.search([("lead_id", "in", self.ids)])._recompute_periods()

    # ------------------------------------------------------------------
    # Values at creation
    # ------------------------------------------------------------------

    @api.model
    def _complete_commission_vals(self, vals_list):
        """Add source, marketer and imported facts to the values of new leads."""
        defaults = self.default_get(list(UTM_FIELDS))
        utm = [
            {name: vals.get(name, defaults.get(name)) for name in UTM_FIELDS}
            for vals in vals_list
        ]
        known = {name: self._browse_utm(utm, name) for name in UTM_FIELDS}
        people = known["campaign_id"].user_id | self.env.user
        typist = people.browse(self._get_typist_id())
        roles = self._get_roles(people | typist)
        marketers = {
            user_id: employee_id
            for user_id, (role, employee_id) in roles.items()
            if role == "marketing"
        }
        at_work = self._get_own_marketers(marketers)
        is_person = self._is_person(roles)
        today = self.env.company._commission_local_date()
        for vals, ids in zip(vals_list, utm, strict=True):
            given = {name: known[name].browse(ids[name] or ()) for name in UTM_FIELDS}
            self._complete_import_vals(vals)
            is_fixed = any(vals.get(name) for name in DECIDING_FIELDS)
            vals["is_source_fixed"] = is_fixed
            if not vals.get("commission_source"):
                source = self._guess_source(vals, given, marketers)
                vals["commission_source"] = source
                # what a program made without a source is nobody's until verified
                vals["is_source_unknown"] = source == "own" and not (
                    is_person or is_fixed or given["source_id"].commission_source
                )
            self._complete_marketer(
                vals, given["campaign_id"].user_id, marketers, at_work
            )
            if not vals.get("first_touch_date"):
                vals["first_touch_date"] = vals.get("date_qualified") or today
            self._complete_arrival(vals, given)

    def _complete_marketer(self, vals, campaigner, marketers, at_work):
        """Add who brought a new lead, and whether that is proven.

        :param campaigner: res.users responsible for the campaign
        :param dict marketers: ids of marketing's employees by user id
        :param at_work: which of these employees the user is, by whatever login
        """
        own = marketers.get(self.env.uid, False)
        if not vals.get("marketer_id") and not (
            "marketer_id" in vals and vals["is_source_fixed"]
        ):
            vals["marketer_id"] = vals["commission_source"] != "own" and (
                marketers.get(campaigner.id) or own
            )
        if "source_state" not in vals:
            is_own = vals["marketer_id"] in at_work
            is_proven = vals["commission_source"] == "marketing" and not is_own
            vals["source_state"] = "verified" if is_proven else "open"

    def _complete_arrival(self, vals, utm):
        """Add how a new lead came, and what its customer wrote into a form."""
        # another addon that knows how they came has said so
        kind = self._get_arrival_kind(vals) or self._guess_channel(vals, utm)
        vals["channel"] = kind
        if kind == "web_form" and not vals.get("need_description"):
            # what a visitor writes into a form is what they need
            need = html2plaintext(vals.get("description") or "")
            vals["need_description"] = need or False

    def _browse_utm(self, utm, name):
        ids = {names[name] for names in utm if names[name]}
        # sudo: names of a source, whoever types it
        return self.env[self._fields[name].comodel_name].sudo().browse(ids)

    def _get_roles(self, users):
        """Return the commission role and the employee of each user who is one.

        The system, visitors and whoever has left earn nothing, whatever employee is
        linked with them.

        :return: (role, employee id) by user id, marketing before any other role
        :rtype: dict[int, tuple]
        """
        # sudo: who is at work here is no secret
        at_work = users.sudo().filtered(
            lambda user: user.active and not user.share and user.id != SUPERUSER_ID
        )
        employees = (
            self.env["hr.employee"]
            .sudo()  # sudo: roles are for human resources
            .search_fetch(
                [("user_id", "in", at_work.ids)], ["user_id", "commission_role"]
            )
        )
        roles = {}
        for employee in employees:
            role = employee.commission_role
            if employee.user_id.id not in roles or role == "marketing":
                roles[employee.user_id.id] = (role, employee.id)
        return roles

    def _get_own_marketers(self, marketers):
        """Return which of these marketers is at work, by whatever login.

        :param dict marketers: ids of employees by user
        :rtype: set[int]
        """
        if not marketers:
            return set()
        _users, own = self.env["hr.commission.person"]._get_myself()
        return set(own.ids).intersection(marketers.values())

    def _is_person(self, roles):
        """Whether a colleague is at work, not a program, a visitor or the system."""
        return self.env.uid != SUPERUSER_ID and self.env.uid in roles

    def _guess_source(self, vals, utm, marketers):
        """Say whose customer a new lead is, from what is known of it."""
        if vals.get("referrer_id"):
            return "referral"
        if utm["source_id"].commission_source:
            return utm["source_id"].commission_source
        is_inbound = self._get_arrival_kind(vals) in INBOUND_KINDS
        if is_inbound or any(utm.values()) or self.env.uid in marketers:
            return "marketing"
        return "own"

    @api.model
    def _get_arrival_kind(self, vals):
        """Return the kind of contact through which another addon makes a lead.

        Addons that bring leads add theirs.

        :param dict vals: of the new lead
        :rtype: str | bool
        """
        return self.env.su and vals.get("channel")

    def _get_arrival_evidence(self):
        """Return the document of another addon that brought the lead; addons add it.

        :rtype: models.Model | None
        """
        self.ensure_one()
        return None

    @api.model
    def _complete_import_vals(self, vals):
        """Days given by hand hold for good: of qualification, and of winning."""
        if vals.get("date_qualified"):
            vals["is_qualified"] = True
            vals["is_qualification_fixed"] = True
        if vals.get("date_won"):
            vals["is_history_imported"] = True
            vals["is_before_start"] = False

    def _guess_channel(self, vals, utm):
        """Say what kind of contact a new lead arrives by."""
        if vals.get("referrer_id"):
            return "referral"
        if utm["medium_id"].touchpoint_kind:
            return utm["medium_id"].touchpoint_kind
        if any(utm.values()):
            return "web_form"
        is_import = vals["is_source_fixed"] or self.env.context.get("import_file")
        return "import" if is_import else "other"

    # ------------------------------------------------------------------
    # Capturing what happened
    # ------------------------------------------------------------------

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

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    @api.model
    def get_import_templates(self):
        """Offer commission officers a file with the columns of past deals."""
        templates = super().get_import_templates()
        templates += self.env["hr.commission.import"]._get_template(self._name)
        if self.env.user.has_group(OFFICER):
            templates.append(
                {
                    "label": self.env._("Import Template for Past Deals"),
                    "template": "/hr_sales_commission/static/csv/past_deals.csv",
                }
            )
        return templates

    def action_verify_source(self):
        """Confirm that the source of these customers is right.

        :raises AccessError: for anybody but branch managers and commission officers
        :raises UserError: for one's own customer
        """
        self.check_access("read")
        self._check_may_verify()
        leads = self.filtered(lambda lead: lead.source_state == "open")
        verified = self.filtered(lambda lead: lead.source_state == "verified")
        leads |= verified._filter_verified_by_earner()
        leads.sudo().write(  # sudo: the check is above
            {
                "source_state": "verified",
                "source_verifier_id": self.env.uid,
                "is_source_unknown": False,
            }
        )
        self.env["hr.commission.audit"]._log(
            [{**lead._get_audit_values(), "act": "verify"} for lead in leads]
        )
        return True

    def action_correct_credit(self):
        """Open the dialog that credits other people with this deal."""
        return self.env["hr.commission.credit.correction"]._get_action(self)

    def action_correct_facts(self):
        """Open the dialog that corrects the days and the amount of this deal."""
        return self.env["hr.commission.fact.correction"]._get_action(self)

    def action_view_commissions(self):
        """Show the commissions of these leads that the user may see."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_line_action"
        )
        action["domain"] = Domain("lead_id", "in", self.ids)
        action["context"] = {}
        return action
