# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta
from itertools import zip_longest

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import email_normalize, email_split, format_date

from ..pipeline.identity import company_domain, email_key, name_key, split_phones
from ..pipeline.officers import ADMINISTRATOR, OFFICER
from ..pipeline.titles import listed, sentences
from ..pipeline.words import COMMISSION_SOURCES

TOUCHPOINT_KINDS = [
    ("web_form", "Web form"),
    ("ad_click", "Ad click"),
    ("event", "Fair or Event"),
    ("demo", "Demo"),
    ("call", "Call"),
    ("meeting", "Meeting"),
    ("email", "Email"),
    ("chat", "Live chat"),
    ("survey", "Survey"),
    ("referral", "Referral"),
    ("import", "Import"),
    ("other", "Other"),
]
#: what links of campaigns say, of contacts and of leads
UTM_FIELDS = ("campaign_id", "medium_id", "source_id")
#: contacts that come to the company by themselves
INBOUND_KINDS = ("web_form", "ad_click", "event", "demo", "chat", "survey")
#: how far a clock may be off before a date counts as made up
CLOCK_TOLERANCE = timedelta(minutes=5)

#: the evidence: what the hash of a touchpoint covers. Links to records that may be
#: merged or deleted are left out; what they said is kept by value
HASHED_FIELDS = (
    ("company_id", "date", "kind", "commission_source", "employee_id", "state")
    + ("reason", "note", "email_normalized", "email_key", "email_domain")
    + ("phone_sanitized", "company_name", "campaign_name", "medium_name")
    + ("source_name", "lead_ref", "external_ref")
    + ("corrected_number", "corrected_hash", "former_hash")
)
#: what only the system fills
SYSTEM_FIELDS = frozenset(
    ("commission_source", "state", "reason", "lead_ref", "external_ref")
    + ("content_hash", "chain_hash", "chain_number", "former_hash")
    + ("corrected_number", "corrected_hash", "email_key", "email_domain")
    + ("campaign_name", "medium_name", "source_name", "commercial_partner_id")
    + ("is_claim", "duration")
)

#: of a lead: how its customer is found again
LINKING_FIELDS = (
    *("email_normalized", "email_from", "phone", "phone_sanitized"),
    *("partner_id", "partner_name"),
)


class CrmTouchpoint(models.Model):
    """A contact that brought or warmed a customer. The log is append-only."""

    _name = "crm.touchpoint"
    _description = "Customer Touchpoint"
    _inherit = ["hr.commission.guard"]
    _checks_first = True
    _order = "date desc, id desc"
    _rec_name = "kind"

    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    lead_ref = fields.Integer(
        string="Lead (as Recorded)",
        readonly=True,
        help="The lead it was recorded on, even if that one is gone.",
    )
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="set null"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer Company", readonly=True, ondelete="set null"
    )
    email_normalized = fields.Char(string="Email")
    email_key = fields.Char(
        readonly=True, help="The address without its case and its tag after a plus."
    )
    email_domain = fields.Char(
        readonly=True, help="Domain of a company; none for free-mail providers."
    )
    phone_sanitized = fields.Char(string="Phone")
    company_name = fields.Char(index="trigram")
    company_key = fields.Char(
        index="trigram",
        readonly=True,
        help="The name of the company without its legal form, in Latin letters.",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    kind = fields.Selection(
        TOUCHPOINT_KINDS,
        required=True,
        default="other",
        help="How the contact came about: a form, a call, a meeting and so on.",
    )
    commission_source = fields.Selection(
        COMMISSION_SOURCES,
        string="Speaks For",
        readonly=True,
        help="Whose customer the contact makes. Empty: it decides nothing.",
    )
    state = fields.Selection(
        [("valid", "Counts"), ("unmatched", "Unmatched")],
        required=True,
        readonly=True,
        default="valid",
        help="Unmatched contacts are kept, and decide nothing.",
    )
    reason = fields.Char(readonly=True, help="Why the contact does not count.")
    campaign_id = fields.Many2one("utm.campaign", ondelete="set null")
    medium_id = fields.Many2one("utm.medium", ondelete="set null")
    source_id = fields.Many2one("utm.source", ondelete="set null")
    campaign_name = fields.Char(
        string="Campaign (as Recorded)",
        readonly=True,
        help="The name at that time, whatever it is called today.",
    )
    medium_name = fields.Char(string="Medium (as Recorded)", readonly=True)
    source_name = fields.Char(string="Source (as Recorded)", readonly=True)
    employee_id = fields.Many2one(
        "hr.employee",
        string="Earned By",
        index="btree_not_null",
        ondelete="restrict",
        help="Who earned this contact.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    evidence = fields.Reference(
        selection="_selection_evidence",
        help="The mail, meeting or form that proves it.",
    )
    external_ref = fields.Char(
        string="External Reference",
        readonly=True,
        help="The contact in the system that reported it.",
    )
    is_claim = fields.Boolean(
        string="Claimed",
        readonly=True,
        help="Logged by hand by the person who profits from it: no proof by itself.",
    )
    duration = fields.Float(
        string="Duration (Minutes)",
        readonly=True,
        help="Timed by the telephone system that reported the call.",
    )
    note = fields.Char()
    dispute_ids = fields.Many2many(
        "hr.commission.dispute",
        relation="hr_commission_dispute_touchpoint_rel",
        column1="touchpoint_id",
        column2="dispute_id",
        readonly=True,
    )

    # The chain
    content_hash = fields.Char(readonly=True)
    chain_number = fields.Integer(readonly=True)
    chain_hash = fields.Char(readonly=True)
    corrected_number = fields.Integer(
        readonly=True, help="The touchpoint in the chain that this entry corrects."
    )
    corrected_hash = fields.Char(readonly=True)
    former_hash = fields.Char(readonly=True)

    _email_idx = models.Index("(email_key, date) WHERE email_key IS NOT NULL")
    _domain_idx = models.Index("(email_domain, date) WHERE email_domain IS NOT NULL")
    _phone_idx = models.Index(
        "(phone_sanitized, date) WHERE phone_sanitized IS NOT NULL"
    )
    _customer_idx = models.Index(
        "(commercial_partner_id, date) WHERE commercial_partner_id IS NOT NULL"
    )
    # not unique: a chain that was tampered with is reported, and goes on
    _chain_idx = models.Index("(company_id, chain_number) WHERE chain_number > 0")
    _unlinked_idx = models.Index("(id) WHERE chain_number = 0")
    _external_unique = models.UniqueIndex(
        "(company_id, external_ref) WHERE external_ref IS NOT NULL",
        "This contact was already reported.",
    )

    @api.depends("kind", "date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for touchpoint in self:
            kind = kinds.get(touchpoint.kind, "")
            day = touchpoint.date and format_date(
                self.env, fields.Datetime.context_timestamp(self, touchpoint.date)
            )
            touchpoint.display_name = f"{kind} · {day}" if day else kind

    @api.model
    def _selection_evidence(self):
        # sudo: which models have a chatter is no secret
        models_ = self.env["ir.model"].sudo().search([("is_mail_thread", "=", True)])
        return [(model.model, model.name) for model in models_]

    # ------------------------------------------------------------------
    # CRUD: the log is append-only
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        if not self.env.su:
            for vals in vals_list:
                self._complete_manual_vals(vals)
        self._complete_links(vals_list)
        self._add_names(vals_list)
        more = []
        for vals in vals_list:
            further = self._list_further_keys(vals)
            self._complete_vals(vals)
            more += [{**vals, **keys} for keys in further]
        self._add_to_chain([*vals_list, *more])
        # who asked for them gets as many as they gave
        touchpoints = super().create([*vals_list, *more])[: len(vals_list)]
        if not self.env.context.get("commission_new_leads"):
            touchpoints.lead_id._commission_capture({"touchpoint_ids"})
        return touchpoints

    def write(self, vals):
        self._check_append_only()
        if self.env.su or set(vals) <= {"lead_id", "partner_id"}:
            return super().write(vals)
        former = self._read_chained(self.company_id.ids, self.ids)
        self._add_names([vals], only_given=True)
        result = super().write(vals)
        self._log_corrections(former, vals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_administrator(self):
        self._check_append_only()
        self._log_corrections(self._read_chained(self.company_id.ids, self.ids), None)

    def _check_append_only(self):
        """Refuse to change the log.

        :raises AccessError: for anybody but a commission administrator
        """
        if not (self.env.su or self.env.user.has_group(ADMINISTRATOR)):
            raise AccessError(
                self.env._(
                    "Touchpoints are evidence: they are added, never changed or deleted."
                )
            )

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def _complete_manual_vals(self, vals):
        """Bind what somebody logs by hand to themselves and to now.

        :raises AccessError: for another's contact or another moment
        """
        given = SYSTEM_FIELDS.intersection(vals)
        if given:
            raise AccessError(
                self.env._(
                    "These fields of a touchpoint are filled by the system: %(names)s.",
                    names=listed(self.env, sorted(given)),
                )
            )
        employee = self._get_own_employee(vals.get("company_id"))
        if self.env.user.has_group(OFFICER):
            employee = employee.browse(vals.get("employee_id") or ())
            if not self.env["hr.commission.person"]._is_own(employee):
                return
        if vals.get("employee_id", employee.id) != employee.id:
            raise AccessError(
                self.env._("You log your own contacts. Ask an officer for others'.")
            )
        now = fields.Datetime.now()
        date = fields.Datetime.to_datetime(vals.get("date")) or now
        if now - date > CLOCK_TOLERANCE:
            raise AccessError(
                self.env._(
                    "Contacts are logged when they happen. Ask a commission officer "
                    "to record an earlier one, with its evidence."
                )
            )
        vals["employee_id"] = employee.id
        vals["commission_source"] = self._get_side_of_employee(employee)
        vals["is_claim"] = True

    def _get_own_employee(self, company_id=None):
        """Return the employee the user is in a company, else in any."""
        # sudo: hr.employee - the user's own
        employees = self.env.user.sudo().with_context(active_test=True).employee_ids
        company = self.env["res.company"].browse(company_id) or self.env.company
        return (
            employees.filtered(lambda employee: employee.company_id == company)
            or employees
            or self.env["hr.employee"]
            .sudo()  # sudo: hr.employee - one's own, in another branch
            .search([("user_id", "=", self.env.uid)], limit=1)
        )[:1]

    @api.model
    def _is_said_only(self, company):
        """Whether contacts that people say they had prove nothing, by the plan.

        :rtype: bool
        """
        Plan = self.env["hr.commission.plan"].sudo()  # sudo: the parent company's plan
        return not Plan._get_plan(
            company, company._commission_local_date()
        ).claims_qualify

    @api.model
    def _get_side_of_employee(self, employee):
        """Return whose customer a contact of this employee makes.

        :rtype: str | bool
        """
        role = employee.sudo().commission_role  # sudo: roles are for human resources
        return {"marketing": "marketing", "sales": "own"}.get(role, False)

    @api.model
    def _get_side(self, vals):
        """Return whose customer a recorded contact makes.

        :rtype: str | bool
        """
        # sudo: which source is marketing's is no secret
        source = self.env["utm.source"].sudo().browse(vals.get("source_id") or ())
        employee = self.env["hr.employee"].browse(vals.get("employee_id") or ())
        if vals.get("kind") == "referral":
            return "referral"
        if source.commission_source:
            return source.commission_source
        by_employee = self._get_side_of_employee(employee)
        is_inbound = vals.get("kind") in INBOUND_KINDS
        if by_employee == "own" and not is_inbound:
            return "own"
        has_utm = any(vals.get(name) for name in UTM_FIELDS)
        return "marketing" if by_employee or has_utm or is_inbound else False

    @api.model
    def _complete_links(self, vals_list):
        """Take from the lead or the partner how the customer is found again."""
        leads = (
            self.env["crm.lead"]
            .sudo()  # sudo: read for the log, the guard has checked the ids
            .browse({vals["lead_id"] for vals in vals_list if vals.get("lead_id")})
        )
        partners = (
            self.env["res.partner"]
            .sudo()  # sudo: read for the log, the guard has checked the ids
            .browse(
                {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
            )
        )
        leads.fetch(LINKING_FIELDS)
        # taken from the sets, so that all their customers are read at once
        lead_by_id = {lead.id: lead for lead in leads}
        partner_by_id = {partner.id: partner for partner in partners}
        for vals in vals_list:
            lead = lead_by_id.get(vals.get("lead_id"), leads.browse())
            partner = partner_by_id.get(vals.get("partner_id"), lead.partner_id)
            customer = partner.commercial_partner_id
            vals["lead_ref"] = lead.id
            vals["partner_id"] = partner.id
            vals["commercial_partner_id"] = customer.id
            known = {
                "phone_sanitized": lead.phone_sanitized
                or lead.phone
                or partner.phone_sanitized
                or partner.phone,
                "email_normalized": lead.email_normalized
                and lead.email_from
                or partner.email_normalized
                and partner.email
                or lead.email_from
                or partner.email,
                "company_name": lead.partner_name
                or (customer.is_company and customer.name),
            }
            vals.update(known | vals)

    @api.model
    def _add_names(self, vals_list, only_given=False):
        """Keep the utm names by value, as they are now."""
        for field_name in UTM_FIELDS:
            records = (
                self.env[self._fields[field_name].comodel_name]
                .sudo()  # sudo: utm - names only
                .browse(
                    {vals[field_name] for vals in vals_list if vals.get(field_name)}
                )
            )
            names = {record.id: record.display_name for record in records}
            for vals in vals_list:
                if only_given and field_name not in vals:
                    continue
                by_value = field_name.replace("_id", "_name")
                if vals.get(field_name) or not vals.get(by_value):
                    vals[by_value] = names.get(vals.get(field_name), False)

    @api.model
    def _complete_vals(self, vals):
        """Normalize what identifies the customer, and say if the contact counts.

        :raises ValidationError: for a contact in the future
        """
        vals.setdefault("kind", "other")
        company = self.env["res.company"].browse(
            vals.setdefault("company_id", self.env.company.id)
        )
        self._complete_date(vals)
        vals.update(self._normalize(vals, company))
        vals["company_key"] = name_key(vals.get("company_name")) or False
        if "commission_source" not in vals:
            vals["commission_source"] = self._get_side(vals)
        reasons = [vals["reason"]] if vals.get("reason") else []
        reasons += self._get_reasons_unmatched(vals, company)
        vals["reason"] = sentences(self.env, reasons) or False
        vals.setdefault("state", "unmatched" if reasons else "valid")

    @api.model
    def _list_further_keys(self, vals):
        """Return what a contact more says, for each further address or number in one
        field: a customer is found again by each of them.

        :param dict vals: as given; of several numbers the first that can be read is left
        :rtype: list[dict]
        """
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        mails = email_split(vals.get("email_normalized") or "")
        phones = []
        given = vals.get("phone_sanitized")
        if given and not self._normalize(vals, company)["phone_sanitized"]:
            for part in split_phones(given):
                phone = {"phone_sanitized": part}
                phones.append(self._normalize(phone, company)["phone_sanitized"])
            phones = list(filter(None, phones)) or [False]
            vals["phone_sanitized"] = phones[0]
        named = zip_longest(mails[1:], phones[1:], fillvalue=False)
        return [
            {
                **self._normalize(
                    {"email_normalized": mail, "phone_sanitized": phone}, company
                ),
                "kind": "other",
                "evidence": False,
                "external_ref": False,
                "duration": 0.0,
                "note": self.env._("Further address or number of the customer"),
            }
            for mail, phone in named
        ]

    def _complete_date(self, vals):
        now = fields.Datetime.now()
        date = fields.Datetime.to_datetime(vals.get("date")) or now
        if date - now > CLOCK_TOLERANCE:
            raise ValidationError(
                self.env._(
                    "%(date)s lies in the future. Log the contact once it happened.",
                    date=fields.Datetime.to_string(date),
                )
            )
        vals["date"] = date.replace(microsecond=0)

    @api.model
    def _normalize(self, vals, company):
        email = vals.get("email_normalized")
        phone = vals.get("phone_sanitized")
        country = company.sudo().country_id  # sudo: parent companies
        return {
            "email_normalized": email_normalize(email or "", strict=False),
            "email_key": email_key(email) or False,
            "email_domain": company_domain(email) or False,
            "phone_sanitized": phone
            and self._phone_format_number(phone, country, raise_exception=False),
        }

    @api.model
    def _get_reasons_unmatched(self, vals, company):
        """Say why a contact cannot be matched with a customer.

        :rtype: list[str]
        """
        reasons = []
        # sudo: hr.employee - the company only
        employee = self.env["hr.employee"].sudo().browse(vals.get("employee_id") or ())
        # sudo: a branch's parent company
        if employee and employee.company_id.root_id != company.sudo().root_id:
            reasons.append(
                self.env._(
                    "%(employee)s does not work for %(company)s.",
                    employee=employee.name,
                    company=company.sudo().name,  # sudo: a company's name is no secret
                )
            )
        if not any(
            vals.get(name)
            for name in ("email_key", "phone_sanitized", "partner_id", "lead_id")
        ):
            reasons.append(
                self.env._("No email or phone that can be read, and no customer.")
            )
        return reasons
