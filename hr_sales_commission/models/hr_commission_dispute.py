# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools.misc import format_date, formatLang

from ..pipeline.notices import as_notice, render_notice
from ..pipeline.officers import OFFICER
from ..pipeline.readers import readable
from ..pipeline.titles import labelled
from ..pipeline.words import COMMISSION_SOURCES

DAYS_TO_DECIDE = 7
#: what the person who opens a dispute says; the rest follows from it
CLAIM_FIELDS = frozenset(
    ("kind", "lead_id", "line_id", "partner_id", "employee_id", "company_id")
    + ("claimed_source", "claimed_employee_id", "claimed_amount", "reason")
    + ("evidence_ids", "message_follower_ids", "message_ids", "activity_ids")
)
#: what an officer may still change while a dispute is open
EDITABLE_FIELDS = frozenset(
    ("decider_id", "date_deadline", "evidence_ids", "decision_note", "awarded_amount")
    + ("touchpoint_ids", "message_follower_ids", "message_ids", "activity_ids")
    + ("message_main_attachment_id",)
)


class HrCommissionDispute(models.Model):
    """A claim that somebody decides who has nothing to gain from it.

    About whose customer a lead is (``source``), about a commission (``line``) or about
    one that is not there (``missing_line``).
    """

    _name = "hr.commission.dispute"
    _description = "Commission Dispute"
    _inherit = ["hr.commission.guard", "mail.thread", "mail.activity.mixin"]
    _checks_first = True
    _order = "state, date_deadline, id desc"
    _mail_post_access = "read"

    kind = fields.Selection(
        [
            ("source", "Source of a customer"),
            ("line", "Commission"),
            ("missing_line", "Missing commission"),
        ],
        required=True,
        default="source",
        help="What is contested.",
    )
    state = fields.Selection(
        [("open", "Open"), ("decided", "Decided"), ("withdrawn", "Withdrawn")],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        index="btree_not_null",
        ondelete="cascade",
        help="The deal it is about.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        help="The customer you claim, when you cannot see the deal itself.",
    )
    line_id = fields.Many2one(
        "hr.commission.line",
        string="Commission",
        index="btree_not_null",
        help="The commission it is about.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Opened By",
        readonly=True,
        copy=False,
        help="Empty: the system, because claims collided.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="For",
        copy=False,
        help="Who would be paid if the claim is right.",
    )
    reason = fields.Text(
        required=True, help="What happened, when, and who can confirm it."
    )
    evidence_ids = fields.Many2many("ir.attachment", help="Mails, photos, contracts.")
    touchpoint_ids = fields.Many2many(
        "crm.touchpoint",
        relation="hr_commission_dispute_touchpoint_rel",
        column1="dispute_id",
        column2="touchpoint_id",
        string="Contacts",
        readonly=True,
        copy=False,
    )
    supporting_touchpoint_ids = fields.Many2many(
        "crm.touchpoint",
        string="For the Present Source",
        compute="_compute_sides",
        help="Contacts that speak for the claim.",
    )
    opposing_touchpoint_ids = fields.Many2many(
        "crm.touchpoint",
        string="Against It",
        compute="_compute_sides",
        help="Contacts that speak against the claim.",
    )

    # The claim
    present_source = fields.Selection(
        COMMISSION_SOURCES,
        readonly=True,
        help="Where the customer comes from, as the deal says now.",
    )
    claimed_source = fields.Selection(
        COMMISSION_SOURCES, help="Where the customer comes from, as claimed."
    )
    claimed_employee_id = fields.Many2one(
        "hr.employee",
        string="Brought By",
        help="Who brought the customer according to the claim.",
    )
    claimed_amount = fields.Monetary(
        help="What should have been paid in all, not only what is missing."
    )

    # The decision
    date_deadline = fields.Date(
        string="Decide Until",
        required=True,
        default=lambda self: self._default_deadline(),
        help="It is to be decided by this day.",
    )
    decider_id = fields.Many2one(
        "res.users",
        tracking=True,
        help="Nobody who earns on the deal, and no manager of theirs.",
    )
    decision = fields.Selection(
        [("accepted", "Accepted"), ("rejected", "Rejected")],
        readonly=True,
        copy=False,
        tracking=True,
    )
    awarded_amount = fields.Monetary(
        copy=False,
        help="What is paid in all, where not all that was claimed. 0: what was claimed.",
    )
    decision_note = fields.Text(
        string="Grounds", copy=False, help="Everybody concerned reads it."
    )
    date_decided = fields.Datetime(readonly=True, copy=False)
    previous_state = fields.Char(readonly=True, copy=False)
    posted_line_id = fields.Many2one(
        "hr.commission.line",
        string="Posted Difference",
        readonly=True,
        copy=False,
        help="The commission that the decision brought.",
    )
    concerned_user_ids = fields.Many2many(
        "res.users", string="Concerned", readonly=True, copy=False
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _source_open_unique = models.UniqueIndex(
        "(lead_id) WHERE kind = 'source' AND state = 'open'",
        "The source of this customer is already disputed. Add your evidence there.",
    )
    _line_open_unique = models.UniqueIndex(
        "(line_id) WHERE line_id IS NOT NULL AND state = 'open'",
        "This commission is already disputed. Add your evidence there.",
    )

    @api.model
    def _default_deadline(self):
        return self.env.company._commission_local_date() + timedelta(
            days=DAYS_TO_DECIDE
        )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends("kind", "lead_id", "partner_id", "line_id", "employee_id")
    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        seen = readable(self)
        for dispute in self - seen:
            dispute.display_name = kinds.get(dispute.kind)
        for dispute in seen:
            subject = dispute.sudo()  # sudo: names, to whom the dispute is shown
            about = (
                subject.lead_id.name
                or subject.line_id.lead_id.name
                or subject.partner_id.name
                or subject.employee_id.name
            )
            kind = kinds.get(dispute.kind)
            dispute.display_name = labelled(self.env, kind, about) if about else kind

    @api.depends("touchpoint_ids", "present_source")
    def _compute_sides(self):
        for dispute in self:
            supporting = dispute.touchpoint_ids.filtered(
                lambda touch, dispute=dispute: (
                    touch.commission_source == dispute.present_source
                    and touch.employee_id != dispute.claimed_employee_id
                )
            )
            dispute.supporting_touchpoint_ids = supporting
            dispute.opposing_touchpoint_ids = dispute.touchpoint_ids - supporting

    @api.depends_context("uid")
    @api.depends("state", "decider_id")
    def _compute_can_decide(self):
        for dispute in self:
            dispute.can_decide = dispute.state == "open" and not (
                dispute._get_obstacle(self.env.user)
            )

    @api.constrains("kind", "lead_id", "partner_id", "line_id", "employee_id")
    def _check_subject(self):
        for dispute in self:
            if dispute.kind == "source" and not dispute.lead_id:
                raise ValidationError(
                    self.env._(
                        "Choose the deal or a customer with a deal whose source you "
                        "contest."
                    )
                )
            if dispute.kind == "line" and not dispute.line_id:
                raise ValidationError(self.env._("Choose the commission you contest."))
            if dispute.kind == "missing_line" and not dispute.employee_id:
                raise ValidationError(
                    self.env._("Choose the employee whose commission is missing.")
                )

    @api.constrains("kind", "line_id", "claimed_amount", "awarded_amount")
    def _check_amounts(self):
        """Money is claimed and awarded, never owed; unless the line takes back."""
        for dispute in self:
            least = min(dispute.line_id.amount, 0.0)
            amounts = (dispute.claimed_amount, dispute.awarded_amount)
            if any(
                dispute.currency_id.compare_amounts(amount, least) < 0
                for amount in amounts
            ):
                raise ValidationError(
                    self.env._(
                        "An amount below zero cannot be claimed. Say what should have "
                        "been paid in all."
                    )
                )

    @api.constrains("decider_id")
    def _check_decider(self):
        for dispute in self.filtered(lambda dispute: dispute.state == "open"):
            obstacle = dispute.decider_id and dispute._get_obstacle(dispute.decider_id)
            if obstacle:
                raise ValidationError(obstacle)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        for vals in vals_list:
            if not self.env.su:
                self._complete_claim(vals)
            self._complete_subject(vals)
        disputes = super().create(vals_list)
        for dispute in disputes:
            dispute._start()
        return disputes

    def write(self, vals):
        if not self.env.su:
            if set(vals) - EDITABLE_FIELDS or any(
                dispute.state != "open" for dispute in self
            ):
                raise UserError(
                    self.env._(
                        "A claim stays as it was made. Withdraw it and open another."
                    )
                )
        result = super().write(vals)
        if "decider_id" in vals:
            # sudo: the decider gets the activity, whoever wrote
            self.sudo()._schedule_decision()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Disputes stay on record. Withdraw it instead."))

    def _complete_claim(self, vals):
        """Bind a claim to the user who makes it.

        :raises AccessError: for fields that follow from the claim, or for a deal or
            commission the user does not see
        """
        refused = {name for name in vals if vals[name]} - CLAIM_FIELDS
        officer = self.env.user.has_group(OFFICER)
        if officer:
            refused -= EDITABLE_FIELDS
        if refused - {"date_deadline"}:
            raise AccessError(
                self.env._("Say what you claim and why. The rest follows from it.")
            )
        if not officer:
            vals.pop("date_deadline", None)
        vals["user_id"] = self.env.uid
        own = self.env["crm.touchpoint"]._get_own_employee(vals.get("company_id"))
        if not vals.get("employee_id") or not officer:
            vals["employee_id"] = own.id
        self.env["crm.lead"].browse(vals.get("lead_id") or ()).check_access("read")
        lines = self.env["hr.commission.line"].browse(vals.get("line_id") or ())
        lines.check_access("read")

    @api.model
    def _complete_subject(self, vals):
        """Fill in what follows from the deal or the commission in question."""
        # sudo: what the claim is about; who claims it is checked
        line = self.env["hr.commission.line"].sudo().browse(vals.get("line_id") or ())
        if line:
            vals.update(kind="line", company_id=line.company_id.id)
            vals["employee_id"] = line.employee_id.id
            vals["lead_id"] = vals.get("lead_id") or line.lead_id.id  # empty in forms
        # sudo: what the claim is about; who claims it is checked
        lead = self.env["crm.lead"].sudo().browse(vals.get("lead_id") or ())
        if not lead and vals.get("kind", "source") == "source":
            lead = self._find_deal(vals.get("partner_id"))
            vals["lead_id"] = lead.id
        # sudo: hr.employee - the company only
        person = self.env["hr.employee"].sudo().browse(vals.get("employee_id") or ())
        if vals.get("kind") == "missing_line" and person:
            vals["company_id"] = person.company_id.id
        elif lead and not line:
            vals["company_id"] = lead._get_commission_company().id
        if lead:
            vals["partner_id"] = vals.get("partner_id") or lead.partner_id.id
            vals["present_source"] = lead.commission_source
        self._check_not_open(vals, lead, line)
        if line:
            self._check_claims_more(vals.get("claimed_amount") or 0.0, line)
        elif vals.get("kind") == "missing_line":
            claimed = vals.get("claimed_amount") or 0.0
            self._check_claims_more_missing(claimed, lead, person)

    @api.model
    def _check_claims_more(self, claimed, line):
        """Refuse to claim what a commission pays already, or less.

        Whoever types the difference is told so before anybody decides.

        :param float claimed: what should have been paid in all
        :param line: hr.commission.line that whoever claims may read
        :raises ValidationError: naming what it pays now
        """
        paid = line._get_amount_in_all()
        if line.currency_id.compare_amounts(claimed, paid) <= 0:
            raise ValidationError(
                self.env._(
                    "It pays %(amount)s now. Say what should have been paid in all: "
                    "more than that.",
                    amount=formatLang(self.env, paid, currency_obj=line.currency_id),
                )
            )

    @api.model
    def _check_not_open(self, vals, lead, line):
        """Refuse a second dispute about the same source or commission.

        :raises UserError: saying where to add one's evidence
        """
        kind = vals.get("kind", "source")
        about = Domain("kind", "=", kind) & Domain("state", "=", "open")
        if kind == "source" and lead:
            about &= Domain("lead_id", "=", lead.id)
        elif kind == "line" and line:
            about &= Domain("line_id", "=", line.id)
        else:
            return
        if self.sudo().search_count(about, limit=1):  # sudo: claims of colleagues count
            raise UserError(
                self.env._(
                    "This is already disputed. Add your evidence to the open dispute, or "
                    "ask its decider to."
                )
            )

    @api.model
    def _find_deal(self, partner_id):
        """Return the latest deal with a customer, whoever may see it."""
        # sudo: a claim reaches hidden customers
        partner = self.env["res.partner"].sudo().browse(partner_id or ())
        leads = self.env["crm.lead"].sudo()  # sudo: a claim reaches hidden deals
        if not partner:
            return leads
        return leads.search(
            [
                ("partner_id", "child_of", partner.commercial_partner_id.id),
                ("company_id", "in", [*self.env.companies.ids, False]),
            ],
            order="id desc",
            limit=1,
        )

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    def _start(self):
        """Hold what is disputed, find who decides, and tell everyone concerned."""
        self.ensure_one()
        dispute = self.sudo()  # sudo: the claimant only says what is claimed
        dispute._hold()
        concerned = dispute._get_parties().user_id | dispute.user_id
        values = {"concerned_user_ids": [Command.set(concerned.ids)]}
        if not dispute.touchpoint_ids:
            values["touchpoint_ids"] = [Command.set(dispute.lead_id.touchpoint_ids.ids)]
        if not dispute.decider_id:
            values["decider_id"] = dispute._find_decider().id
        dispute.write(values)
        if not dispute.decider_id:
            dispute.message_post(
                body=self.env._(
                    "Nobody without interest in the deal may decide this. Give a "
                    "colleague from elsewhere the Officer right, and choose them here."
                )
            )
        dispute._tell("mail_template_dispute_opened", claim=dispute._describe_claim())

    def _get_parties(self):
        """Return who reads the claim and what is written about it.

        A claim to money is its claimant's; colleagues on the same deal do not read it.
        """
        if self.kind == "source":
            return self._get_concerned_employees()
        return self.employee_id

    def _describe_claim(self):
        """Say in a sentence what is claimed.

        Everybody who may see the dispute reads it: it tells no amount but the one
        claimed. It becomes no subject; see :meth:`_describe_subject`.

        :rtype: str
        """
        self.ensure_one()
        values = {
            "deal": self.lead_id.name or self.line_id.display_name,
            "person": self.claimed_employee_id.name or self.employee_id.name,
            "amount": formatLang(
                self.env, self.claimed_amount, currency_obj=self.currency_id
            ),
        }
        if self.kind == "missing_line":
            return self.env._(
                "%(person)s claims a commission of %(amount)s that is missing.",
                **values,
            )
        if self.kind == "line":
            return self.env._(
                "%(person)s claims %(amount)s in all on “%(deal)s”.", **values
            )
        if not (self.claimed_source and values["person"]):
            return self.env._("The source of “%(deal)s” is contested.", **values)
        sources = dict(self._fields["claimed_source"]._description_selection(self.env))
        return self.env._(
            "“%(deal)s” is claimed as “%(whose)s”, brought by %(person)s.",
            whose=sources[self.claimed_source],
            **values,
        )

    def _describe_subject(self):
        """Say what is claimed without any amount: subjects are read by others."""
        if self.kind == "source":
            return self._describe_claim()
        return self.display_name

    def _hold(self):
        """Hold what the dispute is about until it is decided."""
        if self.kind == "source":
            self.previous_state = self.lead_id.source_state
            self.lead_id._apply_decision({"source_state": "disputed"})
            self._get_unpaid_lines().is_disputed = True
        elif self.kind == "line":
            self.line_id.is_disputed = True

    def _tell(self, template, told=None, **values):
        """Post to everyone concerned.

        :param str template: name of the mail template
        :param told: res.partner who are told otherwise
        :param values: what the template may use
        """
        people = (self.concerned_user_ids | self.decider_id).partner_id
        self.message_subscribe(partner_ids=people.ids)
        others = self.message_partner_ids - (told or self.env["res.partner"])
        as_notice(self).message_post(
            **render_notice(self, template, **values),
            partner_ids=others.ids,
            subtype_xmlid="mail.mt_comment",
            notify_skip_followers=True,  # they are among the others
        )

    def _schedule_decision(self):
        """Give the decider an activity until the deadline."""
        for dispute in self.filtered(lambda dispute: dispute.state == "open"):
            dispute.activity_unlink(["mail.mail_activity_data_todo"])
            if dispute.decider_id:
                dispute = dispute.with_context(lang=dispute.decider_id.lang)
                subject, claim = dispute._describe_subject(), dispute._describe_claim()
                notice = render_notice(
                    dispute,
                    "mail_template_dispute_decide",
                    subject=subject,
                    claim=claim != subject and claim,
                )
                as_notice(dispute).activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=dispute.date_deadline,
                    summary=notice["subject"],
                    note=notice["body"],
                    user_id=dispute.decider_id.id,
                )

    @api.model
    def _open_for_collisions(self, collisions):
        """Open a dispute for leads whose customers others have met as well.

        :param collisions: list of (lead, verdict)
        """
        vals_list = []
        for lead, verdict in collisions:
            touches = [touch for touch in (verdict.first, *verdict.others) if touch]
            holder = (lead.commission_source, lead._get_source_person().id or None)
            counter = next(
                (
                    touch
                    for touch in touches
                    if (touch.commission_source, touch.employee_id) != holder
                ),
                touches[0] if touches else None,
            )
            person = counter.employee_id if counter else False
            vals_list.append(
                {
                    "kind": "source",
                    "lead_id": lead.id,
                    "claimed_source": counter and counter.commission_source,
                    "claimed_employee_id": person,
                    "employee_id": person,
                    "touchpoint_ids": [
                        Command.set(
                            [touch.id for touch in touches] + lead.touchpoint_ids.ids
                        )
                    ],
                    "reason": self._explain_collision(lead, verdict),
                }
            )
        return self._open(vals_list)

    @api.model
    def _open_for_merge(self, lead, touches):
        """Open a dispute for a merged lead with the claims of several people."""
        other = touches.filtered(lambda touch: touch.commission_source != "own")[:1]
        return self._open(
            [
                {
                    "kind": "source",
                    "lead_id": lead.id,
                    "claimed_source": other.commission_source or "own",
                    "claimed_employee_id": other.employee_id.id,
                    "employee_id": other.employee_id.id,
                    "reason": self.env._(
                        "Leads with different sources were merged. The one with the "
                        "first contact holds until somebody decides."
                    ),
                }
            ]
        )

    def _open(self, vals_list):
        """Open disputes by the system, where none is open yet."""
        taken = self.search(
            [
                ("lead_id", "in", [vals["lead_id"] for vals in vals_list]),
                ("kind", "=", "source"),
                ("state", "=", "open"),
            ]
        ).lead_id.ids
        return self.create([vals for vals in vals_list if vals["lead_id"] not in taken])

    @api.model
    def _explain_collision(self, lead, verdict):
        if lead._is_self_referral():
            return self.env._("The customer was entered as their own referrer.")
        if verdict.is_ambiguous:
            return self.env._(
                "The mail and the phone of this lead were met before as those of two "
                "different people. The contacts are listed side by side."
            )
        touch = verdict.others[0] if verdict.others else verdict.first
        if touch is None:
            return self.env._("The contacts with this customer contradict each other.")
        sources = dict(self._fields["claimed_source"]._description_selection(self.env))
        return self.env._(
            "Somebody else met this customer inside the protection window: "
            "%(whose)s, %(day)s. The contacts are listed side by side.",
            whose=sources[touch.commission_source],
            day=format_date(self.env, touch.date),
        )

    # ------------------------------------------------------------------
    # Withdrawing
    # ------------------------------------------------------------------

    def action_withdraw(self):
        """Take one's own claim back.

        :raises AccessError: for anybody but the claimant and commission officers
        """
        self.check_access("read")
        for dispute in self:
            if dispute.state != "open":
                raise UserError(
                    self.env._("“%s” is not open any more.", dispute.display_name)
                )
            if not self.env.su and dispute.user_id != self.env.user:
                raise AccessError(
                    self.env._("Only who made a claim withdraws it. Decide it instead.")
                )
            withdrawn = dispute.sudo()  # sudo: the check is above
            withdrawn.state = "withdrawn"
            withdrawn.activity_unlink(["mail.mail_activity_data_todo"])
            if withdrawn.kind == "source":
                state = withdrawn.previous_state or "open"
                withdrawn.lead_id._apply_decision({"source_state": state})
            else:
                withdrawn._let_go(withdrawn._get_contested_lines())
            withdrawn._tell("mail_template_dispute_withdrawn")
        self._decide_withdrawn()
        return True
