# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import is_html_empty


class CrmLead(models.Model):
    """The way of a customer from the first contact to the next purchase, in figures."""

    _inherit = "crm.lead"

    followup_count = fields.Integer(
        string="Follow-Ups",
        copy=False,
        readonly=True,
        help="Calls, mails, meetings and done activities of the salesperson.",
    )
    date_first_followup = fields.Datetime(
        string="First Follow-Up",
        copy=False,
        readonly=True,
        help="When the salesperson first called, met or wrote to the customer.",
    )
    hours_to_followup = fields.Float(
        string="Hours to First Follow-Up",
        copy=False,
        readonly=True,
        aggregator="avg",
        help="From the creation of the lead to the first follow-up.",
    )
    touch_count = fields.Integer(
        string="Contacts to Win",
        compute="_compute_path_figures",
        help="Contacts with the customer until the deal was signed.",
    )
    days_to_sign = fields.Integer(
        compute="_compute_days_to_sign",
        help="From the first contact to the signature.",
    )
    is_repurchase = fields.Boolean(
        string="Repurchase",
        compute="_compute_path_figures",
        help="The customer had bought before.",
    )
    referral_count = fields.Integer(
        string="Referrals",
        copy=False,
        readonly=True,
        help="Leads that this customer brought.",
    )
    customer_industry_id = fields.Many2one(
        related="partner_id.industry_id",
        string="Industry",
        store=True,
        help="The customer's industry, as on the contact.",
    )
    customer_size = fields.Selection(
        [
            ("micro", "1–9 employees"),
            ("small", "10–49 employees"),
            ("medium", "50–249 employees"),
            ("large", "250 employees and more"),
        ],
        help="How big the customer is.",
    )

    @api.depends("date_won", "first_touch_date")
    def _compute_days_to_sign(self):
        for lead in self:
            won, first = lead.date_won, lead.first_touch_date
            lead.days_to_sign = (won - first).days if won and first else 0

    @api.depends("date_won")
    def _compute_path_figures(self):
        """Read what the event of the win keeps: winning a deal writes no lead twice."""
        Event = self.env["hr.commission.event"].sudo()  # sudo: of leads one may read
        wins = Event.search_fetch(
            Domain("event_type", "=", "deal_won")
            & Domain("res_model", "=", "crm.lead")
            & Domain("res_id", "in", self.ids)
            & Domain("res_part", "=", ""),
            ["res_id", "touch_count", "is_repurchase"],
        )
        of_lead = {win.res_id: win for win in wins}
        for lead in self:
            win = of_lead.get(lead._origin.id, Event)
            lead.touch_count = win.touch_count
            lead.is_repurchase = win.is_repurchase

    # ------------------------------------------------------------------
    # Follow-ups
    # ------------------------------------------------------------------

    def _log_followup(self, user, date=None):
        """Count a follow-up by the salesperson; of others it is none of theirs.

        :param datetime date: when it took place; now unless given
        """
        date = date or fields.Datetime.now()
        for lead in self.sudo():  # sudo: crm.lead - read-only figures
            if lead.user_id != user or lead._is_claimed_only_by(user):
                continue
            vals = {"followup_count": lead.followup_count + 1}
            if not lead.date_first_followup:
                waited = date - (lead.create_date or date)
                vals["date_first_followup"] = date
                vals["hours_to_followup"] = max(waited.total_seconds() / 3600, 0)
            lead._write_facts(vals)
            lead._commission_capture({"followup_count"})

    def _is_claimed_only_by(self, user):
        """Whether nobody but the marketer who typed the lead has met its customer.

        What that one does next with the lead proves nothing more.
        """
        claimed = self._filter_only_claimed()
        if not claimed:
            return False
        return user in self.env["hr.commission.person"]._get_users(claimed.marketer_id)

    def _message_post_after_hook(self, message, msg_vals):
        """A mail of the salesperson to the customer is a follow-up."""
        result = super()._message_post_after_hook(message, msg_vals)
        if (
            message.message_type == "comment"
            and message.subtype_id == self.env.ref("mail.mt_comment", False)
            and self._is_act(message)
        ):
            self._log_followup(message.author_id.user_ids[:1])
        return result

    def _is_act(self, message):
        """Whether a message says something, and something new on its day.

        :rtype: bool
        """
        if is_html_empty(message.body):
            return bool(message.attachment_ids)
        midnight = fields.Datetime.to_string(message.date)[:10]
        others = message.sudo().search_fetch(  # sudo: notes of colleagues count
            [
                ("model", "=", message.model),
                ("res_id", "=", message.res_id),
                ("author_id", "=", message.author_id.id),
                ("message_type", "=", "comment"),
                ("date", ">=", midnight),
                ("id", "!=", message.id),
            ],
            ["body"],
        )
        return str(message.body) not in [str(other.body) for other in others]
