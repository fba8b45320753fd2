# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What leads carry of ours, who may write it, and what a change of it leads to."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ..pipeline.given import check_given, check_not_after, check_values
from ..pipeline.officers import OFFICER
from ..pipeline.words import COMMISSION_SOURCES
from .crm_touchpoint import TOUCHPOINT_KINDS

#: decided by the system; commission officers may give it, to import history
PROTECTED_FIELDS = frozenset(
    ("commission_source", "source_state", "marketer_id", "first_touch_date")
    + ("is_qualified", "date_qualified", "date_won", "won_amount", "date_lost")
)
#: the columns of past deals that no form lets anybody type
IMPORTABLE_FIELDS = PROTECTED_FIELDS - {"is_qualified", "date_lost"}
#: what people give of ours: values that fit, and records they may read
GIVEN_FIELDS = PROTECTED_FIELDS | {"referrer_id", "need_description", "need_fit"}
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
    # marketers read those that they brought in a period
    _commission_marketer_idx = models.Index(
        "(marketer_id, first_touch_date) WHERE marketer_id IS NOT NULL"
    )
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
        self._check_no_stake(vals)
        decided = self._get_other_verdicts(vals)
        if decided:
            decided._check_may_verify()
            self._note_verifier(vals)
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

    def _check_no_stake(self, vals):
        """Refuse to write what may pay who writes it.

        :raises UserError: if they are credited with one of these deals
        """
        if "date_lost" in vals:
            Correction = self.env["hr.commission.correction"]
            Correction._check_not_credited([("lead_id", "in", self.ids)])
        if "partner_id" in vals:
            self._check_customers_of_wins(vals["partner_id"])

    def _check_customers_of_wins(self, partner_id):
        """Refuse to give won deals to another customer where that may pay who does it.

        Where rules in force ask since when a customer buys, a new one pays otherwise.

        :raises UserError: if they are credited with one of the deals
        """
        if self.env.su or not self.env["hr.commission.plan"]._counts_from_first_sale():
            return
        # sudo: whatever the user may see of a customer, it is one
        partners = self.env["res.partner"].sudo()
        customer = partners.browse(partner_id or ()).commercial_partner_id
        moved = self.filtered(
            lambda lead: (
                lead.date_won
                # sudo: as above
                and lead.sudo().partner_id.commercial_partner_id - customer
            )
        )
        self.env["hr.commission.correction"]._check_not_credited(
            [("lead_id", "in", moved.ids)]
        )

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
