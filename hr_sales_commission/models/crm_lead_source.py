# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..pipeline.officers import check_manager
from ..pipeline.titles import listed
from .crm_lead import IDENTITY_FIELDS
from .crm_touchpoint import UTM_FIELDS

#: what is sealed once a lead is qualified or won; only a dispute changes it
SEALED_FIELDS = frozenset(
    ("commission_source", "marketer_id", "first_touch_date", "referrer_id") + UTM_FIELDS
)


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
    source_note = fields.Char(
        string="Why This Source",
        copy=False,
        readonly=True,
        help="What the source was found by, or who decided it.",
    )
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
        # sudo: the customer may be hidden from the salesperson
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
                # sudo: a branch's parent company
                f"{self._get_commission_company().sudo().root_id.id}/%",
                name,
            )
        )
        return listed(self.env, (found for (found,) in rows)) or False

    def _is_source_sealed(self):
        return bool(
            self.date_qualified or self.date_won or self.source_state == "overruled"
        )

    def _is_self_referral(self):
        lead = self.sudo()  # sudo: the referrer may be hidden from the salesperson
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
            lead._check_may_verify()

    # ------------------------------------------------------------------
    # Inbound mail
    # ------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to the company is a contact of the company's, not a salesperson's."""
        custom_values = {
            name: value
            for name, value in (custom_values or {}).items()
            if name not in IDENTITY_FIELDS  # who wrote, and nobody else
        }
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
        check_manager(
            self.env,
            self.env._("Branch managers and commission officers extend protection."),
        )
        self.check_access("read")
        users, own = self.env["hr.commission.person"]._get_person(self.env.user)
        for lead in self:
            if lead.is_protection_extended:
                raise UserError(
                    self.env._(
                        "The protection of “%(lead)s” was extended once already.",
                        lead=lead.display_name,
                    )
                )
            # sudo: whoever sold it before
            salespeople = lead.sudo()._get_salespeople_ever()
            is_own = salespeople & users or own & lead._get_earning_employees()
            if is_own and not self.env.su:
                raise UserError(
                    self.env._(
                        "Somebody else extends the protection of your customers."
                    )
                )
        self._write_facts({"is_protection_extended": True})
        for lead in self:
            # sudo: who extends need not be able to write the lead
            lead.sudo().message_post(
                body=self.env._("%s extended the protection.", self.env.user.name)
            )
        return True

    def action_contest_source(self):
        """Open a dispute about whose customer this is."""
        self._ensure_one_given()
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
        self._ensure_one_given()
        return self.env["crm.touchpoint.log"]._get_action(lead=self)
