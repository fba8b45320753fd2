import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

COMMISSION_SOURCES = [
    ("marketing", "Marketing"),
    ("own", "Own customer"),
    ("referral", "Referral"),
]
#: what is decided by the system; commission officers may set it, to import history
PROTECTED_FIELDS = frozenset(
    ("commission_source", "source_state", "marketer_id", "first_touch_date")
    + ("is_qualified", "date_qualified", "date_won", "won_amount")
)
#: fields whose change has the lead's events computed again
TOUCHING_FIELDS = frozenset(
    ("user_id", "marketer_id", "commission_source", "source_state", "referrer_id")
    + ("commission_share_ids",)
)
#: fields whose change can change what happened
FACT_FIELDS = frozenset(
    ("stage_id", "probability", "active", "won_status", "expected_revenue")
    + ("is_qualified", "date_qualified", "date_won", "won_amount")
)


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
    )
    marketer_id = fields.Many2one(
        "hr.employee",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Who brought the lead.",
    )
    referrer_id = fields.Many2one(
        "res.partner",
        string="Referred By Customer",
        copy=False,
        index="btree_not_null",
    )
    touchpoint_ids = fields.One2many("crm.touchpoint", "lead_id", readonly=True)
    first_touch_date = fields.Date(
        string="First Contact", copy=False, readonly=True, index="btree_not_null"
    )

    # Qualification
    need_description = fields.Text(copy=False, help="What the customer needs.")
    need_fit = fields.Selection(
        [("none", "No fit"), ("partial", "Partial fit"), ("full", "Full fit")],
        copy=False,
    )
    is_qualified = fields.Boolean(string="Qualified", copy=False, readonly=True)
    date_qualified = fields.Date(
        string="Qualified On",
        copy=False,
        readonly=True,
        help="Day the lead first met the condition of the commission plan.",
    )
    is_qualification_fixed = fields.Boolean(
        copy=False,
        readonly=True,
        help="Qualified by import: the condition of the plan is not asked again.",
    )

    # Signing, as our own snapshots: Odoo clears and re-stamps its closing date
    date_won = fields.Date(string="Won On", copy=False, readonly=True)
    won_amount = fields.Monetary(
        string="Signed Amount",
        currency_field="company_currency",
        copy=False,
        readonly=True,
        help="What the deal was signed for, without tax.",
    )

    commission_share_ids = fields.One2many(
        "crm.lead.share", "lead_id", string="Commission Shares", copy=False
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

    _commission_pending_idx = models.Index("(id) WHERE is_commission_pending")

    @api.depends("commission_line_ids")
    def _compute_commission_line_count(self):
        counts = dict(
            self.env["hr.commission.line"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.commission_line_count = counts.get(lead._origin, 0)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_commission_access(vals)
        self._complete_commission_vals(vals_list)
        leads = super().create(vals_list)
        leads._commission_capture(None)
        return leads

    def write(self, vals):
        self._check_commission_access(vals)
        self._complete_import_vals(vals)
        changed = set(vals)
        result = super().write(vals)
        self._commission_capture(changed)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_commission(self):
        lines = self.env["hr.commission.line"].sudo()  # sudo: anybody's commission
        settled = lines.search(
            [("lead_id", "in", self.ids), ("state", "!=", "cancelled")], limit=1
        )
        if settled:
            raise UserError(
                self.env._(
                    "“%(lead)s” has commissions. Archive it instead of deleting it.",
                    lead=settled.lead_id.display_name,
                )
            )

    def _check_commission_access(self, vals):
        """Refuse to set by hand what the system decides.

        :raises AccessError: for anybody but commission officers
        """
        officer = "hr_sales_commission.group_commission_officer"
        protected = PROTECTED_FIELDS.intersection(vals)
        if protected and not (self.env.su or self.env.user.has_group(officer)):
            labels = ", ".join(
                sorted(self._fields[name]._description_string(self.env) or name
                       for name in protected)
            )
            raise AccessError(
                self.env._(
                    "Only a commission officer may set: %(fields)s.", fields=labels
                )
            )

    # ------------------------------------------------------------------
    # Values at creation
    # ------------------------------------------------------------------

    @api.model
    def _complete_commission_vals(self, vals_list):
        """Add source, marketer and imported facts to the values of new leads."""
        utm_names = ["campaign_id", "medium_id", "source_id"]
        defaults = self.default_get(utm_names)
        utm = [
            {name: vals.get(name, defaults.get(name)) for name in utm_names}
            for vals in vals_list
        ]
        campaigns = self._browse_utm(utm, "campaign_id")
        sources = self._browse_utm(utm, "source_id")
        marketers = self._get_marketers(campaigns.user_id | self.env.user)
        today = self.env.company._commission_local_date()
        for vals, names in zip(vals_list, utm, strict=True):
            self._complete_import_vals(vals)
            source = self._guess_source(vals, names, sources, marketers)
            vals.setdefault("commission_source", source)
            if "marketer_id" not in vals and vals["commission_source"] != "own":
                user = campaigns.browse(names["campaign_id"] or ()).user_id
                vals["marketer_id"] = marketers.get(user.id) or marketers.get(
                    self.env.uid, False
                )
            if "source_state" not in vals:
                proven = vals["commission_source"] == "marketing"
                vals["source_state"] = "verified" if proven else "open"
            vals.setdefault("first_touch_date", vals.get("date_qualified") or today)

    def _browse_utm(self, utm, name):
        ids = {names[name] for names in utm if names[name]}
        return self.env[self._fields[name].comodel_name].sudo().browse(ids)

    def _get_marketers(self, users):
        """Return the employee of each user who works in marketing, by user id."""
        employees = (
            self.env["hr.employee"]
            .sudo()  # sudo: roles are for human resources
            .search_fetch(
                [("user_id", "in", users.ids), ("commission_role", "=", "marketing")],
                ["user_id"],
            )
        )
        return {employee.user_id.id: employee.id for employee in employees}

    def _guess_source(self, vals, utm, sources, marketers):
        """Say whose customer a new lead is, from what is known of it."""
        if vals.get("referrer_id"):
            return "referral"
        mapped = sources.browse(utm["source_id"] or ()).commission_source
        if mapped:
            return mapped
        if any(utm.values()) or self.env.uid in marketers:
            return "marketing"
        return "own"

    @api.model
    def _complete_import_vals(self, vals):
        """A day of qualification given by hand makes the lead qualified, for good."""
        if vals.get("date_qualified"):
            vals["is_qualified"] = True
            vals["is_qualification_fixed"] = True

    def _create_first_touchpoints(self):
        """Log the contact that new leads arrived by."""
        vals_list = [
            lead._prepare_first_touchpoint()
            for lead in self
            if lead.campaign_id or lead.medium_id or lead.source_id or lead.marketer_id
        ]
        if vals_list:
            log = self.env["crm.touchpoint"].sudo()  # sudo: append-only log
            log.with_context(commission_new_leads=True).create(vals_list)

    def _prepare_first_touchpoint(self):
        self.ensure_one()
        kind = "referral" if self.referrer_id else self.medium_id.touchpoint_kind
        return {
            "lead_id": self.id,
            "partner_id": self.partner_id.id,
            "email_normalized": self.email_normalized,
            "phone_sanitized": self.phone_sanitized,
            "date": self.first_touch_date or fields.Datetime.now(),
            "kind": kind or ("web_form" if self.source_id else "other"),
            "campaign_id": self.campaign_id.id,
            "medium_id": self.medium_id.id,
            "source_id": self.source_id.id,
            "employee_id": self.marketer_id.id,
            "company_id": self._get_commission_company().id,
        }

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
        relevant = self._get_commission_fields()
        if changed is not None and relevant.isdisjoint(changed):
            return
        try:
            self._record_commission_facts(changed)
        except psycopg2.OperationalError:
            raise  # a conflict with another user: the request is run again
        except Exception:
            _logger.exception("Commission facts of leads %s not recorded", self.ids)
            self._write_facts({"is_commission_pending": True})

    @api.model
    def _get_commission_fields(self):
        try:
            watched = self.env["hr.commission.plan"]._get_watched_lead_fields()
        except Exception:
            _logger.exception("Conditions of commission plans cannot be read")
            watched = frozenset()
        return FACT_FIELDS | TOUCHING_FIELDS | watched

    def _record_commission_facts(self, changed):
        touched = changed is not None and bool(
            (self._get_commission_fields() - FACT_FIELDS) & changed
        )
        if changed is None:
            self._create_first_touchpoints()
        facts = []
        self._update_qualification()
        for lead in self:
            facts += lead._get_win_facts(changed) + lead._get_qualification_facts()
        for fact in facts:
            fact["touched"] = touched
        self.env["hr.commission.event"]._capture(facts)
        if any(lead.is_commission_pending for lead in self):
            self._write_facts({"is_commission_pending": False})

    def _write_facts(self, vals):
        """Write facts past the overrides of write: nobody edits them by hand."""
        models.BaseModel.write(self.sudo(), vals)  # sudo: read-only for salespeople

    def _get_commission_company(self):
        """Return the company whose commission events the lead makes."""
        self.ensure_one()
        return (
            self.company_id
            or self.team_id.company_id
            or self.user_id.sudo().company_id  # sudo: users of other companies
            or self.env.company
        )

    def _get_won_amount(self):
        """Return what a won deal was signed for, without tax, in company currency."""
        self.ensure_one()
        return self.expected_revenue

    def _get_win_facts(self, changed):
        """Bring the snapshots of the win up to date; return the fact of the win."""
        self.ensure_one()
        company = self._get_commission_company()
        today = company._commission_local_date()
        if self.won_status != "won":
            if not self.date_won:
                return []
            self._write_facts({"date_won": False, "won_amount": 0.0})
            return [self._prepare_fact("deal_won", company, date_reversed=today)]
        snapshot = {}
        if not self.date_won:
            snapshot["date_won"] = today
        if not self.won_amount or (changed and "expected_revenue" in changed):
            snapshot["won_amount"] = self._get_won_amount()
        if snapshot:
            self._write_facts(snapshot)
        return [
            self._prepare_fact(
                "deal_won", company, date=self.date_won, amount=self.won_amount
            )
        ]

    def _update_qualification(self):
        """Ask the condition of the plan again where it may have changed."""
        Plan = self.env["hr.commission.plan"]
        for lead in self:
            if lead.is_qualification_fixed:
                continue
            company = lead._get_commission_company()
            today = company._commission_local_date()
            plan = Plan.sudo()._get_plan(company, today)
            is_qualified = bool(plan) and bool(
                lead.sudo().filtered_domain(Plan._parse_domain(plan.qualification_domain))
            )
            if is_qualified != lead.is_qualified:
                vals = {"is_qualified": is_qualified}
                if is_qualified and not lead.date_qualified:
                    vals["date_qualified"] = today
                lead._write_facts(vals)

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
            )
        ]

    def _prepare_fact(self, event_type, company, **values):
        return {
            "event_type": event_type,
            "res_model": self._name,
            "res_id": self.id,
            "res_part": "",
            "lead_id": self.id,
            "company_id": company.id,
            "quantity": 1,
            **values,
        }

    @api.model
    def _recover_commission_capture(self):
        """Record what could not be recorded when it happened."""
        leads = self.sudo().with_context(active_test=False)  # sudo: the cron's job
        leads.search([("is_commission_pending", "=", True)])._commission_capture(
            {"stage_id", "expected_revenue"}
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_verify_source(self):
        """Confirm that the source of these customers is right.

        :raises AccessError: for anybody but branch managers and commission officers
        :raises UserError: for one's own customer
        """
        manager = "hr_sales_commission.group_commission_manager_branch"
        if not (self.env.su or self.env.user.has_group(manager)):
            raise AccessError(
                self.env._("Branch managers and commission officers verify sources.")
            )
        self.check_access("read")
        if self.env.user in self.user_id:
            raise UserError(
                self.env._("Somebody else verifies the source of your own customers.")
            )
        leads = self.filtered(lambda lead: lead.source_state == "open")
        leads.sudo().source_state = "verified"  # sudo: the check is above
        return True

    def action_view_commissions(self):
        """Show the commissions of these leads that the user may see."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_line_action"
        )
        action["domain"] = Domain("lead_id", "in", self.ids)
        action["context"] = {}
        return action
