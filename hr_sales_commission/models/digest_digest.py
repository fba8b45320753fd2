# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..pipeline.officers import BRANCH_MANAGER, OFFICER
from ..pipeline.pay_parts import EARNED_DOMAIN
from ..pipeline.states import APPROVABLE_DOMAIN

#: where the figures of the digest are found again
ACTIONS = {
    "kpi_commission_earned": "hr_commission_line_action",
    "kpi_commission_to_approve": "hr_commission_line_action_to_approve",
    "kpi_commission_qualified": "hr_commission_credit_action",
    "kpi_commission_signed": "hr_commission_credit_action",
    "kpi_commission_disputes": "hr_commission_dispute_action",
    "kpi_commission_health": "hr_commission_health_action",
}


class Digest(models.Model):
    """What happened to commissions in the period, as the reader may see it."""

    _inherit = "digest.digest"

    kpi_commission_earned = fields.Boolean(
        "Commissions Earned",
        help="What everybody earned in the period, without what is held.",
    )
    kpi_commission_earned_value = fields.Monetary(
        compute="_compute_kpi_commission_earned_value"
    )
    kpi_commission_to_approve = fields.Boolean(
        "Commissions to Approve",
        help="Commissions of the period that wait for approval.",
    )
    kpi_commission_to_approve_value = fields.Monetary(
        compute="_compute_kpi_commission_to_approve_value"
    )
    kpi_commission_qualified = fields.Boolean(
        "Qualified Leads of Marketing",
        help="Leads of marketing that were qualified in the period.",
    )
    kpi_commission_qualified_value = fields.Integer(
        compute="_compute_kpi_commission_qualified_value"
    )
    kpi_commission_signed = fields.Boolean(
        "Deals Signed from Marketing's Leads",
        help="Deals of the period that came from marketing's leads.",
    )
    kpi_commission_signed_value = fields.Integer(
        compute="_compute_kpi_commission_signed_value"
    )
    kpi_commission_disputes = fields.Boolean(
        "Disputes to Decide",
        help="Disputes of the period that nobody has decided yet.",
    )
    kpi_commission_disputes_value = fields.Integer(
        compute="_compute_kpi_commission_disputes_value"
    )
    kpi_commission_health = fields.Boolean(
        "Commission Problems",
        help="How many points of the health page ask for a look now.",
    )
    kpi_commission_health_value = fields.Integer(
        compute="_compute_kpi_commission_health_value"
    )

    def _compute_kpi_commission_earned_value(self):
        """Sum the commissions of the period, for people who may see them all."""
        if not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._("The commissions of everybody are for commission officers.")
            )
        self._calculate_company_based_kpi(
            "hr.commission.line",
            "kpi_commission_earned_value",
            date_field="date",
            additional_domain=EARNED_DOMAIN,
            sum_field="amount",
        )

    def _compute_kpi_commission_to_approve_value(self):
        """Sum the commissions of the period that wait for approval."""
        self._check_manages_commissions()
        self._calculate_company_based_kpi(
            "hr.commission.line",
            "kpi_commission_to_approve_value",
            date_field="date",
            additional_domain=APPROVABLE_DOMAIN,
            sum_field="amount",
        )

    def _compute_kpi_commission_qualified_value(self):
        """Count marketing's leads that were qualified in the period."""
        self._count_marketing_events("lead_qualified", "kpi_commission_qualified_value")

    def _compute_kpi_commission_signed_value(self):
        """Count the deals of the period that came from marketing's leads."""
        self._count_marketing_events("deal_won", "kpi_commission_signed_value")

    def _compute_kpi_commission_disputes_value(self):
        """Count the disputes opened in the period that nobody has decided yet."""
        self._check_manages_commissions()
        self._calculate_company_based_kpi(
            "hr.commission.dispute",
            "kpi_commission_disputes_value",
            additional_domain=[("state", "=", "open")],
        )

    def _compute_kpi_commission_health_value(self):
        """Count what the health page has for officers to look at now."""
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("The health page is for commission officers."))
        counts = dict(
            self.env["hr.commission.health"]._read_group(
                [("state", "!=", "ok")], ["company_id"], ["__count"]
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_commission_health_value = counts.get(company, 0)

    def _check_manages_commissions(self):
        if not self.env.user.has_group(BRANCH_MANAGER):
            raise AccessError(
                self.env._("These figures are for branch managers and officers.")
            )

    def _count_marketing_events(self, event_type, name):
        """Count events by the company of the marketers credited.

        Two marketers who share a lead brought one.
        """
        self._check_manages_commissions()
        start, end, companies = self._get_kpi_compute_parameters()
        counts = dict(
            self.env["hr.commission.credit"]._read_group(
                Domain("company_id", "in", companies.ids)
                & Domain("date", ">=", start)
                & Domain("date", "<", end)
                & Domain("event_type", "=", event_type)
                & Domain("role", "=", "marketing")
                & Domain("share", ">", 0)
                & Domain("date_reversed", "=", False),
                ["company_id"],
                ["event_id:count_distinct"],
            )
        )
        for digest in self:
            digest[name] = counts.get(digest.company_id or self.env.company, 0)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("hr_sales_commission.hr_commission_menu_root").id
        for name, action in ACTIONS.items():
            actions[name] = f"hr_sales_commission.{action}?menu_id={menu}"
        return actions
