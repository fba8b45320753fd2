# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class HrCommissionStart(models.TransientModel):
    """The day a company starts with commissions, with what was there before it."""

    _name = "hr.commission.start"
    _description = "Start of Commissions"
    _inherit = ["hr.commission.guard"]

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="The company whose commissions start.",
    )
    date = fields.Date(
        string="Start On",
        required=True,
        default=lambda self: self._default_date(),
        help="What happened before this day pays nothing, unless it is imported with "
        "its day of winning.",
    )
    lead_count = fields.Integer(string="Leads Found", compute="_compute_counts")
    won_count = fields.Integer(
        string="Won Deals Before the Start", compute="_compute_counts"
    )
    paying_count = fields.Integer(
        string="Won Deals from the Start On",
        compute="_compute_counts",
        help="Deals that were won before commissions were installed and lie on or after "
        "this day: they are paid.",
    )

    @api.model
    def _default_date(self):
        company = self.env.company
        start = company._get_commission_start(company.id)
        return start or company._commission_local_date()

    @api.depends("company_id", "date")
    def _compute_counts(self):
        # sudo: a number of leads, not which
        Lead = self.env["crm.lead"].sudo().with_context(active_test=False)
        for start in self:
            here = [("company_id", "in", (start.company_id.id, False))]
            former = [*here, ("is_before_start", "=", True)]
            start.lead_count = Lead.search_count(here)
            start.won_count = Lead.search_count(
                [*former, ("date_won", "<", start.date)]
            )
            start.paying_count = Lead.search_count(
                [*former, ("date_won", ">=", start.date)]
            )

    def action_apply(self):
        """Let commissions of the company start on this day.

        :raises AccessError: for anybody but commission officers of the company
        """
        self._ensure_one_given()
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "Select %(company)s at the top first, to choose its start.",
                    # sudo: a company's name is no secret
                    company=self.company_id.sudo().name,
                )
            )
        company = self.company_id.sudo()  # sudo: officers do not edit companies
        company.commission_start_date = self.date
        return {"type": "ir.actions.act_window_close"}
