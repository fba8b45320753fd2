# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields, models
from odoo.tools import SQL

from ..models.crm_touchpoint import TOUCHPOINT_KINDS
from ..models.hr_commission_event_figures import IS_OWN_WIN
from ..pipeline.words import COMMISSION_SOURCES


class CrmLeadPathReport(models.Model):
    """From the first contact to the next purchase: one row a lead."""

    _name = "crm.lead.path.report"
    _description = "Full Path Analysis"
    _auto = False
    _order = "date_create desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead": [
            *("user_id", "team_id", "company_id", "partner_id", "marketer_id"),
            *("commission_source", "channel", "campaign_id", "medium_id"),
            *("source_id", "won_status", "is_qualified", "unqualified_reason"),
            *("customer_industry_id", "customer_size", "need_fit", "date_won"),
            *("followup_count", "hours_to_followup", "won_amount"),
            *("referral_count", "create_date", "date_qualified"),
            "first_touch_date",
        ],
        "hr.commission.event": ["touch_count", "is_repurchase"],
    }

    lead_id = fields.Many2one("crm.lead", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", readonly=True)
    marketer_id = fields.Many2one("hr.employee", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date_create = fields.Date(string="Created On", readonly=True)
    first_touch_date = fields.Date(string="First Contact On", readonly=True)
    date_won = fields.Date(string="Won On", readonly=True)
    commission_source = fields.Selection(
        COMMISSION_SOURCES, string="Customer Source", readonly=True
    )
    channel = fields.Selection(TOUCHPOINT_KINDS, readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")], readonly=True
    )
    is_qualified = fields.Boolean(string="Qualified", readonly=True)
    unqualified_reason = fields.Char(string="Why Not Qualified", readonly=True)
    customer_industry_id = fields.Many2one(
        "res.partner.industry", string="Industry", readonly=True
    )
    customer_size = fields.Selection(
        selection=lambda self: self.env["crm.lead"]._fields["customer_size"].selection,
        readonly=True,
    )
    need_fit = fields.Selection(
        selection=lambda self: self.env["crm.lead"]._fields["need_fit"].selection,
        readonly=True,
    )
    followup_count = fields.Integer(
        string="Follow-Ups", readonly=True, aggregator="avg"
    )
    hours_to_followup = fields.Float(
        string="Hours to First Follow-Up", readonly=True, aggregator="avg"
    )
    touch_count = fields.Integer(
        string="Contacts to Win", readonly=True, aggregator="avg"
    )
    days_to_sign = fields.Integer(readonly=True, aggregator="avg")
    is_repurchase = fields.Boolean(string="Repurchase", readonly=True)
    referral_count = fields.Integer(string="Referrals", readonly=True)
    won_amount = fields.Monetary(
        string="Signed Amount",
        readonly=True,
        help="What the deal was signed for, without tax.",
    )
    qualified_count = fields.Integer(string="Qualified Leads", readonly=True)
    won_count = fields.Integer(string="Deals Won", readonly=True)
    qualified_rate = fields.Float(
        string="Qualified (%)",
        readonly=True,
        aggregator="avg",
        help="Of a hundred leads, so many became qualified.",
    )
    followup_rate = fields.Float(
        string="Followed Up (%)",
        readonly=True,
        aggregator="avg",
        help="Of a hundred leads, so many were followed up by their salesperson.",
    )
    won_rate = fields.Float(
        string="Won (%)",
        readonly=True,
        aggregator="avg",
        help="Of a hundred leads, so many were won.",
    )

    joint_count = fields.Integer(
        string="Joint Deals",
        readonly=True,
        help="Won deals of marketing's customers that the salesperson called, wrote to "
        "or met at least once.",
    )
    repeat_rate = fields.Float(
        string="Repurchase Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Of a hundred won deals, so many were of customers who had won one before.",
    )
    referral_rate = fields.Float(
        readonly=True,
        string="Referral Rate (%)",
        aggregator="avg",
        help="Of a hundred won deals, so many were of customers whom somebody "
        "recommended.",
    )

    @property
    def _table_query(self):
        return SQL("SELECT path.lead_id AS id, path.* FROM (%s) path", self._paths())

    def _paths(self):
        """Return the query of all leads; the record rules of the model come on top.

        Leads were created on the day that the reader's clock showed.
        """
        return SQL(
            """SELECT lead.id AS lead_id, lead.partner_id, lead.user_id, lead.team_id,
                      lead.marketer_id, lead.company_id, deal.touch_count,
                      COALESCE(company.currency_id, %(currency)s) AS currency_id,
                      timezone(%(tz)s, timezone('UTC', lead.create_date))::date
                        AS date_create,
                      lead.first_touch_date, lead.date_won, lead.commission_source,
                      lead.channel, lead.campaign_id, lead.medium_id, lead.source_id,
                      lead.won_status, lead.is_qualified, lead.unqualified_reason,
                      lead.customer_industry_id, lead.customer_size, lead.need_fit,
                      lead.followup_count, lead.hours_to_followup,
                      lead.date_won - lead.first_touch_date AS days_to_sign,
                      COALESCE(deal.is_repurchase, FALSE) AS is_repurchase,
                      lead.referral_count, lead.won_amount,
                      (lead.date_qualified IS NOT NULL)::int AS qualified_count,
                      (lead.date_won IS NOT NULL)::int AS won_count,
                      CASE WHEN lead.date_qualified IS NOT NULL THEN 100.0 ELSE 0 END
                        AS qualified_rate,
                      CASE WHEN lead.followup_count > 0 THEN 100.0 ELSE 0 END
                        AS followup_rate,
                      CASE WHEN lead.date_won IS NOT NULL THEN 100.0 ELSE 0 END
                        AS won_rate,
                      CASE WHEN lead.date_won IS NOT NULL AND lead.followup_count > 0
                                AND lead.commission_source = 'marketing'
                           THEN 1 ELSE 0 END AS joint_count,
                      CASE WHEN lead.date_won IS NULL THEN NULL
                           WHEN deal.is_repurchase THEN 100.0 ELSE 0 END
                        AS repeat_rate,
                      CASE WHEN lead.date_won IS NULL THEN NULL
                           WHEN lead.commission_source = 'referral' THEN 100.0
                           ELSE 0 END AS referral_rate
                 FROM crm_lead lead
            LEFT JOIN hr_commission_event deal ON deal.res_id = lead.id AND %(win)s
            LEFT JOIN res_company company ON company.id = lead.company_id""",
            win=IS_OWN_WIN,
            currency=self.env.company.currency_id.id,
            tz=str(self.env.tz),
        )

    def action_open_lead(self):
        """Show the lead; to those who may not open it, what it pays them and why.

        :return: window action
        """
        self._ensure_one_given()
        self.check_access("read")
        lead = self.lead_id
        if lead.has_access("read"):
            return lead.get_formview_action()
        # the name of the lead is not for them
        Explanation = self.env["hr.commission.explanation"]
        return Explanation._get_action(False, lead_id=lead.id)
