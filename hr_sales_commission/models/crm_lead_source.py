import logging
from collections import defaultdict
from decimal import Decimal

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine.attribution import attribute
from ..engine.rounding import allot
from ..engine.source import DEFAULT_PROTECTION_DAYS, decide, is_strong
from ..pipeline.touch_matcher import TouchMatcher
from .crm_lead import IDENTITY_FIELDS

_logger = logging.getLogger(__name__)

#: what is sealed once a lead is qualified or won; only a dispute changes it
SEALED_FIELDS = frozenset(
    ("commission_source", "marketer_id", "first_touch_date", "referrer_id")
    + ("campaign_id", "medium_id", "source_id")
)
UTM_FIELDS = ("campaign_id", "medium_id", "source_id")
#: what a merged lead takes over together from the lead whose source holds
SOURCE_FIELDS = (
    *UTM_FIELDS,
    *("commission_source", "marketer_id", "referrer_id", "first_touch_date"),
    *("source_state", "is_source_fixed", "channel", "source_note"),
)
BRANCH_MANAGER = "hr_sales_commission.group_commission_manager_branch"
PERCENT_STEP = Decimal("1E-6")


class CrmLead(models.Model):
    """Who brought the customer: decided once, sealed, and open to dispute."""

    _inherit = "crm.lead"

    is_source_fixed = fields.Boolean(
        copy=False,
        readonly=True,
        help="The source was given by a commission officer or an import; contacts do "
        "not decide it.",
    )
    source_verifier_id = fields.Many2one(
        "res.users", string="Source Verified By", copy=False, readonly=True
    )
    source_note = fields.Char(string="Why This Source", copy=False, readonly=True)
    is_protection_extended = fields.Boolean(
        string="Protection Extended",
        copy=False,
        readonly=True,
        help="The claim on this customer lasts twice the protection of the plan.",
    )
    is_source_sealed = fields.Boolean(
        string="Source Sealed",
        compute="_compute_is_source_sealed",
        help="The lead is qualified or won: only a dispute changes its source.",
    )
    commission_dispute_ids = fields.One2many(
        "hr.commission.dispute", "lead_id", string="Disputes", readonly=True
    )
    commission_dispute_count = fields.Integer(
        compute="_compute_commission_dispute_count"
    )
    similar_customers = fields.Char(
        compute="_compute_similar_customers",
        help="Contacts with companies of nearly the same name, as a hint only.",
    )

    @api.constrains("referrer_id")
    def _check_referrer(self):
        for lead in self:
            if lead._is_self_referral():
                raise ValidationError(
                    self.env._(
                        "“%(customer)s” cannot refer itself. Choose the customer who "
                        "recommended us.",
                        customer=lead.referrer_id.display_name,
                    )
                )

    @api.depends("date_qualified", "date_won", "source_state")
    def _compute_is_source_sealed(self):
        for lead in self:
            lead.is_source_sealed = lead._is_source_sealed()

    @api.depends("commission_dispute_ids")
    def _compute_commission_dispute_count(self):
        counts = dict(
            self.env["hr.commission.dispute"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.commission_dispute_count = counts.get(lead._origin, 0)

    @api.depends("partner_name", "partner_id")
    def _compute_similar_customers(self):
        for lead in self:
            lead.similar_customers = lead._find_similar_customers()

    def _find_similar_customers(self):
        """Name the companies met before whose name is nearly that of this lead's.

        :rtype: str | bool
        """
        self.ensure_one()
        name = self.partner_name or self.partner_id.sudo().commercial_partner_id.name
        if not (name and self.env.registry.has_trigram):
            return False
        self.env["crm.touchpoint"].flush_model(["company_name"])
        rows = self.env.execute_query(
            SQL(
                """SELECT company_name FROM crm_touchpoint touch
                     JOIN res_company company ON company.id = touch.company_id
                    WHERE company_name %% %s AND company_name != %s
                      AND company.parent_path LIKE %s
                 GROUP BY company_name
                 ORDER BY max(similarity(company_name, %s)) DESC LIMIT 5""",
                name,
                name,
                f"{self._get_commission_company().sudo().root_id.id}/%",
                name,
            )
        )
        return ", ".join(found for (found,) in rows) or False

    def _is_source_sealed(self):
        return bool(
            self.date_qualified or self.date_won or self.source_state == "overruled"
        )

    def _is_self_referral(self):
        lead = self.sudo()
        return bool(lead.referrer_id) and (
            lead.referrer_id.commercial_partner_id
            == lead.partner_id.commercial_partner_id
        )

    # ------------------------------------------------------------------
    # The seal
    # ------------------------------------------------------------------

    def _check_seal(self, vals):
        """Refuse to change a sealed source by hand.

        The system itself writes it past this check, when a dispute is decided.

        :raises UserError: naming the sealed lead and the way to contest it
        """
        if self.env.su:
            return
        if "source_state" in vals:
            self._check_source_state(vals["source_state"])
        names = SEALED_FIELDS.intersection(vals)
        if not names:
            return
        for lead in self.filtered(lambda lead: lead._is_source_sealed()):
            if any(lead._is_other_value(name, vals[name]) for name in names):
                raise UserError(
                    self.env._(
                        "The source of “%(lead)s” is sealed since the lead was "
                        "qualified, won or decided. Use Contest Source to have it "
                        "examined.",
                        lead=lead.display_name,
                    )
                )

    def _is_other_value(self, name, value):
        field = self._fields[name]
        current = field.convert_to_write(self[name], self)
        if field.type == "date":
            value = fields.Date.to_date(value) or False
        return (value or False) != (current or False)

    def _check_source_state(self, state):
        """Refuse to verify a disputed source or one's own customer by hand.

        :raises UserError: naming the lead
        """
        for lead in self.filtered(lambda lead: lead.source_state != state):
            if lead.source_state in ("disputed", "overruled"):
                raise UserError(
                    self.env._(
                        "The source of “%(lead)s” is decided by its dispute only.",
                        lead=lead.display_name,
                    )
                )
            if lead.user_id == self.env.user:
                raise AccessError(
                    self.env._(
                        "Somebody else verifies the source of your own customers."
                    )
                )

    # ------------------------------------------------------------------
    # Deciding the source
    # ------------------------------------------------------------------

    def _settle_sources_safely(self, changed):
        """Log how leads arrived and decide their source; never stop the user.

        :param changed: names of the fields that changed; None for new leads
        :return: whether all went well
        :rtype: bool
        """
        if changed is None:
            return self._try_source_step(self._settle_new_sources)
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
        to_share = self._get_shared_leads()
        return to_decide._try_source_step(
            lambda: to_decide._decide_sources(False)
        ) and to_share._try_source_step(to_share._share_among_marketers)

    def _try_source_step(self, step):
        if not self:
            return True
        try:
            with self.env.cr.savepoint():
                step()
            return True
        except psycopg2.OperationalError:
            raise  # a conflict with another user: the request is run again
        except Exception:
            _logger.exception("Source of leads %s not decided", self.ids)
            self._write_facts({"is_commission_pending": True})
            return False

    def _settle_new_sources(self):
        self._create_first_touchpoints()
        self.filtered(lambda lead: not lead.is_source_fixed)._decide_sources(True)
        self.referrer_id._update_referral_counts()

    def _settle_changed_customers(self):
        """Their customers changed: log who they are now, and decide again."""
        missing = self.filtered(lambda lead: not lead.sudo().touchpoint_ids)
        missing._create_first_touchpoints()
        open_leads = self.filtered(
            lambda lead: not lead.is_source_fixed and lead.source_state != "overruled"
        )
        open_leads._log_changed_customers()
        open_leads._decide_sources(False)
        self.referrer_id._update_referral_counts()

    def _create_first_touchpoints(self):
        """Log the contact that new leads arrived by."""
        employees = self._get_salespeople()
        vals_list = [
            lead._prepare_first_touchpoint(employees.get(lead.id)) for lead in self
        ]
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
        return self.sudo().marketer_id

    def _prepare_first_touchpoint(self, salesperson_id):
        self.ensure_one()
        now = fields.Datetime.now()
        day = self.is_source_fixed and fields.Datetime.to_datetime(
            self.first_touch_date
        )
        is_own = self.commission_source == "own"
        return {
            "lead_id": self.id,
            "date": min(day, now) if day else now,
            "kind": self.channel or "other",
            "commission_source": self.commission_source,
            "campaign_id": self.campaign_id.id,
            "medium_id": self.medium_id.id,
            "source_id": self.source_id.id,
            "employee_id": salesperson_id if is_own else self.marketer_id.id,
            "company_id": self._get_commission_company().id,
        }

    def _log_changed_customers(self):
        """Log the new mail, phone or customer of leads as of now.

        Whoever gives a lead another customer has met that one today, not when the
        lead was made.
        """
        matcher = TouchMatcher(self)
        vals_list = []
        for lead in self.sudo():
            recorded = lead.touchpoint_ids.filtered("lead_ref")
            is_new = any(
                value and value not in self._get_recorded_keys(recorded, name)
                for name, value in matcher.keys[lead.id].items()
            )
            if not is_new:
                continue
            vals_list.append(
                {
                    "lead_id": lead.id,
                    "kind": "other",
                    "commission_source": lead.commission_source,
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
        former = self.filtered(lambda lead: not lead.commission_source)
        former._adopt()
        matcher = TouchMatcher(self)
        days = self._get_protection_days()
        touches = matcher.match(days)
        values, disputes, attached = {}, [], []
        for lead in self:
            found = touches.get(lead.id, [])
            verdict = decide(lead.id, matcher.keys[lead.id], found, days[lead.id])
            is_open = is_new or lead in former
            if is_open or not (lead._is_source_sealed() or lead._keeps_source(verdict)):
                vals = lead._get_source_values(verdict)
                is_contested = verdict.is_contested
            else:
                vals, is_contested = {}, lead._is_now_contested(verdict)
            if lead._is_self_referral():
                is_contested = True
            if is_contested and lead.source_state != "disputed":
                disputes.append((lead, verdict))
                vals.pop("source_state", None)
            elif lead.source_state == "disputed":
                vals.pop("source_state", None)
            values[lead] = vals
            attached += [
                (touch.id, lead.id)
                for touch in found
                if not touch.lead_id and is_strong(touch)
            ]
        self._write_source_values(values)
        self._attach_touchpoints(attached)
        Dispute = self.env["hr.commission.dispute"].sudo()  # sudo: opened by the system
        Dispute._open_for_collisions(disputes)

    def _adopt(self):
        """Give leads a source that are older than this addon, as if made today."""
        names = ("commission_source", "marketer_id", "source_state", "channel")
        for lead in self.sudo():
            vals = {name: lead[name].id for name in (*UTM_FIELDS, "referrer_id")}
            lead.with_user(lead.create_uid).sudo()._complete_commission_vals([vals])
            company = lead._get_commission_company()
            day = company._commission_local_date(lead.create_date)
            facts = {name: vals[name] for name in names}
            lead._write_facts({**facts, "first_touch_date": day})
        missing = self.filtered(lambda lead: not lead.sudo().touchpoint_ids)
        missing._create_first_touchpoints()

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

    def _get_source_values(self, verdict):
        """Return what a verdict makes of the lead's source."""
        if verdict.first is None:
            return {}
        first = verdict.first
        company = self._get_commission_company()
        vals = {"commission_source": first.commission_source, "channel": first.kind}
        day = company._commission_local_date(first.date)
        if not self.first_touch_date or day < self.first_touch_date:
            vals["first_touch_date"] = day
        if first.commission_source == "own":
            vals["marketer_id"] = False
            vals["source_state"] = "verified" if verdict.is_identified else "open"
        else:
            marketer = next(
                (
                    touch.employee_id
                    for touch in (first, *verdict.others)
                    if touch.commission_source != "own" and touch.employee_id
                ),
                self.marketer_id.id,
            )
            is_proven = first.commission_source == "marketing"
            vals["marketer_id"] = marketer
            vals["source_state"] = "verified" if is_proven else self.source_state
        if first.lead_id != self.id:
            kinds = dict(self._fields["channel"]._description_selection(self.env))
            vals["source_note"] = self.env._(
                "The first contact with this customer was on %(day)s (%(kind)s).",
                day=format_date(self.env, day),
                kind=kinds[first.kind],
            )
        return vals

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
        self._write_facts(vals)
        self._share_among_marketers()
        self._commission_capture({"commission_source"})

    # ------------------------------------------------------------------
    # Shares of marketers
    # ------------------------------------------------------------------

    def _get_attribution_plan(self):
        """Return the plan that holds when the lead is won."""
        company = self._get_commission_company()
        day = self.date_won or company._commission_local_date()
        Plan = self.env["hr.commission.plan"].sudo()  # sudo: the parent company's plan
        return Plan._get_plan(company, day)

    def _get_shared_leads(self):
        """Return the leads whose marketing is shared, by the plan that holds."""
        Plan = self.env["hr.commission.plan"].sudo()  # sudo: the parent company's plan
        calendar = Plan._get_calendar()
        plan_of = {}
        for lead in self:
            company = lead._get_commission_company()
            day = lead.date_won or company._commission_local_date()
            plan_of[lead.id] = calendar.plan_id(company.id, day)
        sharing = Plan.browse(set(plan_of.values()) - {None}).filtered(
            lambda plan: plan.attribution != "first"
        )
        return self.filtered(lambda lead: plan_of[lead.id] in sharing.ids)

    def _share_among_marketers(self):
        """Share marketing's credit by the attribution model of the plan."""
        leads_of_plan = defaultdict(self.browse)
        for lead in self._get_shared_leads():
            leads_of_plan[lead._get_attribution_plan()] += lead
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
        models.BaseModel.create(self.env["crm.lead.share"].sudo(), rows)

    def _prepare_shares(self, plan, touches):
        """Return the values of the marketers' shares in one deal."""
        company = self._get_commission_company()
        won_on = self.date_won or company._commission_local_date()
        counting = []
        for touch in touches:
            day = company._commission_local_date(touch.date)
            is_near = is_strong(touch) or touch.lead_id == self.id
            if touch.commission_source != "own" and touch.employee_id and is_near:
                if day <= won_on:
                    counting.append((touch.employee_id, day))
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

    def _get_opportunity_day(self, company):
        """Return the local day the opportunity was opened, None while it is a lead.

        Without one attribution W takes the contact in the middle.
        """
        if self.date_conversion:
            return company._commission_local_date(self.date_conversion)
        return None

    # ------------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------------

    def _sort_by_confidence_level(self, reverse=False):
        """Put leads with commissions first: they cannot be merged into another."""
        leads = super()._sort_by_confidence_level(reverse=reverse)
        sealed = leads.filtered(lambda lead: lead._is_source_sealed())
        if not reverse or not sealed or sealed == leads:
            return leads
        return sealed + (leads - sealed)

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "need_description", "need_fit"]

    def _merge_data(self, fnames=None):
        """Leave out what ties the lead to its source: it is not put together."""
        data = super()._merge_data(fnames)
        return {name: value for name, value in data.items() if name not in UTM_FIELDS}

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        """Keep the source of the lead that came first; others' claims are disputed."""
        holder = self._get_source_holder()
        source = {
            name: holder._fields[name].convert_to_write(holder[name], holder)
            for name in SOURCE_FIELDS
        }
        claims = {
            (lead.commission_source, lead.marketer_id, lead.user_id)
            if lead.commission_source == "own"
            else (lead.commission_source, lead.marketer_id)
            for lead in self
        }
        head = super()._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        if holder:
            is_contested = len(claims) > 1 and source["commission_source"] == "own"
            head._take_source(source, is_contested)
        return head

    def _get_source_holder(self):
        """Return the lead whose source a merge keeps: sealed first, then oldest."""
        leads = self.sudo()
        sealed = leads.filtered(lambda lead: lead._is_source_sealed())
        return (sealed or leads).sorted(
            lambda lead: (
                lead.first_touch_date or fields.Date.today(),
                min(lead.touchpoint_ids.mapped("date"), default=fields.Datetime.now()),
                lead.id,
            )
        )[:1]

    def _take_source(self, source, is_contested):
        self._write_facts(source)
        if is_contested and self.source_state not in ("disputed", "overruled"):
            touches = self.sudo().touchpoint_ids
            Dispute = self.env["hr.commission.dispute"].sudo()  # sudo: by the system
            Dispute._open_for_merge(self, touches)
        self._commission_capture({"commission_source"})

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        merged = opportunities.sudo()  # sudo: the log and disputes follow the merge
        merged.touchpoint_ids.lead_id = self.id
        merged.commission_dispute_ids.lead_id = self.id
        days = [lead.date_qualified for lead in merged if lead.date_qualified]
        if days and not (self.date_qualified and self.date_qualified <= min(days)):
            self._write_facts({"date_qualified": min(days), "is_qualified": True})
        return result

    # ------------------------------------------------------------------
    # Inbound mail
    # ------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to the company is a contact of the company's, not a salesperson's."""
        custom_values = dict(custom_values or {})
        if not any(custom_values.get(name) for name in UTM_FIELDS):
            medium = self.env.ref("utm.utm_medium_email", raise_if_not_found=False)
            custom_values["medium_id"] = medium.id if medium else False
        return super().message_new(msg_dict, custom_values=custom_values)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_extend_protection(self):
        """Let the claim on these customers last twice as long, once.

        :raises AccessError: for anybody but branch managers and commission officers
        :raises UserError: the second time, or for one's own customer
        """
        if not (self.env.su or self.env.user.has_group(BRANCH_MANAGER)):
            raise AccessError(
                self.env._("Branch managers and commission officers extend protection.")
            )
        self.check_access("read")
        for lead in self:
            if lead.is_protection_extended:
                raise UserError(
                    self.env._(
                        "The protection of “%(lead)s” was extended once already.",
                        lead=lead.display_name,
                    )
                )
            if lead.user_id == self.env.user and not self.env.su:
                raise UserError(
                    self.env._(
                        "Somebody else extends the protection of your customers."
                    )
                )
        self._write_facts({"is_protection_extended": True})
        for lead in self:
            lead.sudo().message_post(
                body=self.env._("%s extended the protection.", self.env.user.name)
            )
        return True

    def action_contest_source(self):
        """Open a dispute about whose customer this is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contest Source"),
            "res_model": "hr.commission.dispute",
            "view_mode": "form",
            "context": {"default_kind": "source", "default_lead_id": self.id},
        }

    def action_view_disputes(self):
        """Show the disputes about these leads that the user may see."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_dispute_action"
        )
        action["domain"] = [("lead_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_log_contact(self):
        """Log a contact with this customer, in two clicks."""
        self.ensure_one()
        return self.env["crm.touchpoint.log"]._get_action(lead=self)
