# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which fields money follows from: what people change in them by hand is logged.

One extension of a model each; the log itself is ``hr.commission.audit``.
"""

from odoo import api, models

from ..pipeline.own_draws import FIELDS as OWN_DRAW_FIELDS
from .crm_lead import SEALED_FACTS
from .hr_version import CONTRACT_FIELDS

LEAD_FIELDS = (
    "user_id",
    "won_amount",
    "date_won",
    "is_qualified",
    "date_qualified",
) + ("commission_source", "source_state", "marketer_id", "referrer_id")
SHARE_FIELDS = ("employee_id", "role", "percent")
TARGET_FIELDS = (
    "employee_id",
    "team_id",
    "branch_id",
    "measure",
    "period",
    "date_from",
    "amount",
) + ("proration", "ramp", "score", "score_state", "job_id")
RULE_FIELDS = (
    ("rate", "amount", "role", "commission_source", "domain", "amount_type")
    + ("tier_mode", "tier_measure", "tier_period", "cap", "floor", "cap_period")
    + ("payout", "holdback_percent", "holdback_until", "season_from", "season_to")
    + ("is_final", "score_period", "score_min", "score_max")
)
TIER_FIELDS = ("from_value", "rate")
PLAN_FIELDS = (
    "state",
    "date_start",
    "date_end",
    "draw_amount",
    "guaranteed_minimum",
    "payout_minimum",
    "leaver_debt",
    "cap",
    "cap_excess",
    "floor",
    "threshold",
) + (
    "clawback_days",
    "clawback_method",
    "clawback_schedule",
    "protection_days",
    "attribution",
)
LINE_FIELDS = (
    "employee_id",
    "company_id",
    "amount",
    "base",
    "rate",
    "note",
    "role",
) + ("date", "date_due", "lead_id")
EMPLOYEE_FIELDS = ("user_id", "commission_role", "parent_id", "active")
VERSION_FIELDS = ("commission_plan_id", *OWN_DRAW_FIELDS)
POOL_FIELDS = ("active", "date_from", "role_id", "takes", "key", "department_id") + (
    "member_ids",
)
ROLE_FIELDS = ("active", "is_manager", "level", "manages_id", "filled_by", "field_path")
CUSTOMER_FIELDS = frozenset(("parent_id", "is_company"))
#: in the place of what readers of the log are not told
HIDDEN = "•••"
COMPANY_FIELDS = ("commission_lock_date", "commission_second_approval_amount")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        given = [any(vals.get(name) for name in SEALED_FACTS) for vals in vals_list]
        leads = super().create(vals_list)
        by_hand = leads.browse(
            [lead.id for lead, is_given in zip(leads, given, strict=True) if is_given]
        )
        self.env["hr.commission.audit"]._log_records("create", by_hand, SEALED_FACTS)
        return leads

    def write(self, vals):
        names = LEAD_FIELDS
        if "partner_id" in vals and any(self.mapped("date_won")):
            names = (*names, "partner_id")
        with self.env["hr.commission.audit"]._tracking(self, vals, names):
            return super().write(vals)

    def _get_audit_company(self):
        return self._get_commission_company()

    def _get_audit_employee(self):
        # read for all leads at once, unlike their salesperson in the commission
        users = self.user_id.sudo()  # sudo: of the salesperson
        return users._get_audit_employee_in(self.company_id)

    def _get_audit_person(self):
        if self.env.context.get("commission_in_sets"):  # looked up for all of them
            return {"salesperson": (self.user_id.id, self.company_id)}
        return super()._get_audit_person()

    def _get_salespeople_ever(self):
        """Also whoever was their salesperson before, by the log."""
        self.env["hr.commission.audit"]._log_aside()
        entries = (
            self.env["hr.commission.audit"]
            .sudo()  # sudo: who sold it before, whoever asks
            .search(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "in", self.ids),
                    ("field_name", "=", "user_id"),
                ]
            )
        )
        return super()._get_salespeople_ever() | entries._get_former_users()


class ResPartner(models.Model):
    """Which contacts are one customer says since when that customer buys."""

    _inherit = "res.partner"

    def write(self, vals):
        names = ()
        if not CUSTOMER_FIELDS.isdisjoint(vals):
            plans = self.env["hr.commission.plan"]
            names = sorted(CUSTOMER_FIELDS) if plans._counts_from_first_sale() else ()
        with self.env["hr.commission.audit"]._tracking(self, vals, names):
            return super().write(vals)

    def _get_audit_values(self):
        """Whoever sells to the customer is shown as acting for oneself."""
        users, _own = self.env["hr.commission.person"]._get_person(self.env.user)
        is_own = bool(users & self._get_sellers())
        return {**super()._get_audit_values(), "is_self_benefit": is_own}


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_audit_employee_in(self, company):
        """Return the employee of a user: that of a company, else any."""
        employees = self.employee_ids
        of_company = employees.filtered(lambda each: each.company_id == company)
        return (of_company or employees)[:1]


class HrCommissionAudited(models.AbstractModel):
    """Records of which whoever makes, changes or removes one is logged."""

    _name = "hr.commission.audited"
    _description = "Logged When Changed by Hand"

    #: what of a record the log tells
    _audited_fields = ()

    def _filter_audited(self):
        """Return those of which money follows."""
        return self

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["hr.commission.audit"]._log_records(
            "create", records._filter_audited(), self._audited_fields
        )
        return records

    def write(self, vals):
        audit = self.env["hr.commission.audit"]
        with audit._tracking(self._filter_audited(), vals, self._audited_fields):
            return super().write(vals)

    def unlink(self):
        self.env["hr.commission.audit"]._log_records(
            "remove", self._filter_audited(), self._audited_fields
        )
        return super().unlink()


class CrmLeadShare(models.Model):
    _name = "crm.lead.share"
    _inherit = ["crm.lead.share", "hr.commission.audited"]

    _audited_fields = SHARE_FIELDS

    def _get_audit_company(self):
        return self.lead_id._get_commission_company()


class HrCommissionTarget(models.Model):
    _name = "hr.commission.target"
    _inherit = ["hr.commission.target", "hr.commission.audited"]

    _audited_fields = TARGET_FIELDS


class HrCommissionAssignment(models.Model):
    _name = "hr.commission.assignment"
    _inherit = ["hr.commission.assignment", "hr.commission.audited"]

    _audited_fields = ("partner_id", "employee_id", "role_id", "percent") + (
        "date_from",
        "date_to",
    )


class HrCommissionPool(models.Model):
    _name = "hr.commission.pool"
    _inherit = ["hr.commission.pool", "hr.commission.audited"]

    _audited_fields = POOL_FIELDS


class HrCommissionPoolShare(models.Model):
    _name = "hr.commission.pool.share"
    _inherit = ["hr.commission.pool.share", "hr.commission.audited"]

    _audited_fields = ("pool_id", "employee_id", "percent")


class HrCommissionManager(models.Model):
    _name = "hr.commission.manager"
    _inherit = ["hr.commission.manager", "hr.commission.audited"]

    _audited_fields = ("employee_id", "manager_id", "date_to")

    def _get_audit_employee(self):
        return self.manager_id


class HrCommissionRole(models.Model):
    _name = "hr.commission.role"
    _inherit = ["hr.commission.role", "hr.commission.audited"]

    _audited_fields = ROLE_FIELDS


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    def write(self, vals):
        with self.env["hr.commission.audit"]._tracking(self, vals, PLAN_FIELDS):
            return super().write(vals)


class HrCommissionRule(models.Model):
    _inherit = "hr.commission.rule"

    def write(self, vals):
        with self.env["hr.commission.audit"]._tracking(self, vals, RULE_FIELDS):
            return super().write(vals)


class HrCommissionTier(models.Model):
    _inherit = "hr.commission.tier"

    def write(self, vals):
        with self.env["hr.commission.audit"]._tracking(self, vals, TIER_FIELDS):
            return super().write(vals)


class HrCommissionLine(models.Model):
    _inherit = "hr.commission.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["hr.commission.audit"]._log_records("create", lines, LINE_FIELDS)
        return lines

    def write(self, vals):
        with self.env["hr.commission.audit"]._tracking(self, vals, LINE_FIELDS):
            return super().write(vals)

    def unlink(self):
        self.env["hr.commission.audit"]._log_records("remove", self, LINE_FIELDS)
        return super().unlink()

    def _get_audit_values(self):
        return {**super()._get_audit_values(), "amount": self.amount}


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        with self.env["hr.commission.audit"]._tracking(self, vals, EMPLOYEE_FIELDS):
            return super().write(vals)

    def _get_audit_employee(self):
        return self


class HrVersion(models.Model):
    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        audit = self.env["hr.commission.audit"]
        audit._log_records("create", versions._with_promises(), VERSION_FIELDS)
        for version in versions:
            if version._is_another_contract() and version._is_paid_by_contract():
                audit._log_records("create", version, sorted(CONTRACT_FIELDS))
        return versions

    def write(self, vals):
        names = VERSION_FIELDS
        if not CONTRACT_FIELDS.isdisjoint(vals) and self._is_paid_by_contract():
            names = (*names, *sorted(CONTRACT_FIELDS))
        with self.env["hr.commission.audit"]._tracking(self, vals, names):
            return super().write(vals)

    def unlink(self):
        if self._is_paid_by_contract():
            audit = self.env["hr.commission.audit"]
            audit._log_records("remove", self, sorted(CONTRACT_FIELDS))
        return super().unlink()

    def _get_audit_values(self):
        """Whoever earns by those who work for them is shown as acting for oneself."""
        values = super()._get_audit_values()
        person = self.env["hr.commission.person"]
        if person._earns_above(self.employee_id):
            values["is_self_benefit"] = True
        return values

    def _tell_audit_text(self, name, text):
        # who reads the log reads no wages
        return HIDDEN if name == "wage" else super()._tell_audit_text(name, text)


class CrmTeamMember(models.Model):
    """Members share what targets of teams pay."""

    _name = "crm.team.member"
    _inherit = ["crm.team.member", "hr.commission.audited"]

    _audited_fields = ("crm_team_id", "user_id", "active")

    def _filter_audited(self):
        # sudo: whether a team has targets, whoever changes it
        targets = self.env["hr.commission.target"].sudo()
        has_targets = targets.search_count([("team_id", "!=", False)], limit=1)
        return self if has_targets else self.browse()

    def _get_audit_company(self):
        return self.crm_team_id.company_id or super()._get_audit_company()

    def _get_audit_employee(self):
        return self.user_id._get_audit_employee_in(self._get_audit_company())

    def _get_audit_values(self):
        """Whoever is in the team shares with fewer or more when others leave or come."""
        values = super()._get_audit_values()
        users, _own = self.env["hr.commission.person"]._get_person(self.env.user)
        if users & self.crm_team_id.member_ids:
            values["is_self_benefit"] = True
        return values


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        with self.env["hr.commission.audit"]._tracking(self, vals, COMPANY_FIELDS):
            return super().write(vals)

    def _get_audit_company(self):
        return self
