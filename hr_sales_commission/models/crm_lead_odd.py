# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.tools import SQL

#: how far back the pattern check looks
ODD_DAYS = 62
#: so many qualified leads of one hand with the same text or domain are odd
ODD_SAME = 5
#: so many qualified leads of one hand whose customer was never reached are odd
ODD_UNREACHED = 20


class CrmLead(models.Model):
    """Qualified leads by hand that follow a pattern: to be looked at before payment."""

    _inherit = "crm.lead"

    odd_reason = fields.Char(
        string="Why It Looks Odd",
        copy=False,
        readonly=True,
        help="A pattern among leads that one person typed. Their commissions are held "
        "until somebody without interest has looked.",
    )
    is_odd_checked = fields.Boolean(
        string="Looked At",
        copy=False,
        readonly=True,
        help="It looked odd; somebody has looked and found it in order.",
    )

    @api.model
    def _update_odd_leads(self):
        """Look for patterns among qualified leads that people typed, in one statement.

        :return: the leads that look odd
        :rtype: crm.lead
        """
        self.flush_model()
        self.env["crm.touchpoint"].flush_model()
        reasons = {
            "text": self.env._("Many leads of one person with the same need."),
            "domain": self.env._("Many leads of one person at the same company."),
            "unreached": self.env._(
                "Many qualified leads of one person whose customers nobody has reached."
            ),
        }
        rows = self.env.execute_query(self._get_odd_query())
        odd = fresh = self.browse()
        for kind, reason in reasons.items():
            leads = self.browse([lead_id for lead_id, found in rows if found == kind])
            found = leads.filtered(lambda lead: not lead.odd_reason)
            found._write_facts({"odd_reason": reason})
            fresh += found
            odd += leads
        fresh._recompute_held()
        return odd

    @api.model
    def _get_odd_query(self):
        """Return the query for leads that look odd, with what about them."""
        return SQL(
            """
            WITH typed AS (
                SELECT lead.id, touch.email_domain,
                       lower(btrim(lead.need_description)) AS need,
                       COALESCE(lead.followup_count, 0) = 0 AS is_unreached,
                       lead.create_uid
                  FROM crm_lead lead
                  JOIN LATERAL (
                       SELECT email_domain FROM crm_touchpoint
                        WHERE lead_id = lead.id ORDER BY id LIMIT 1) touch ON TRUE
                 WHERE lead.is_qualified AND lead.create_uid != 1
                   AND lead.is_source_fixed IS NOT TRUE
                   AND lead.is_odd_checked IS NOT TRUE
                   AND (lead.channel NOT IN ('web_form', 'ad_click', 'email')
                            OR EXISTS (SELECT FROM hr_commission_person colleague
                                        WHERE colleague.user_ref = lead.create_uid))
                   AND lead.date_qualified >= %(since)s
            ), counted AS (
                SELECT id,
                       need > '' AND count(*) OVER (
                           PARTITION BY create_uid, need) >= %(same)s AS same_text,
                       email_domain IS NOT NULL AND count(*) OVER (
                           PARTITION BY create_uid, email_domain)
                           >= %(same)s AS same_domain,
                       is_unreached AND count(*) OVER (
                           PARTITION BY create_uid, is_unreached)
                           >= %(unreached)s AS many_unreached
                  FROM typed
            )
            SELECT id, CASE WHEN same_text THEN 'text'
                            WHEN same_domain THEN 'domain' ELSE 'unreached' END
              FROM counted WHERE same_text OR same_domain OR many_unreached
            """,
            since=fields.Date.subtract(fields.Date.today(), days=ODD_DAYS),
            same=ODD_SAME,
            unreached=ODD_UNREACHED,
        )

    def _recompute_held(self):
        """Have what these leads pay computed again: it is held, or set free."""
        if self:
            self.env["hr.commission.event"].sudo()._set_pending(  # sudo: the system's
                [("lead_id", "in", self.ids)]
            )

    def action_confirm_not_odd(self):
        """Confirm that leads which looked odd are in order: what they pay is set free.

        :raises AccessError: for anybody but branch managers and commission officers
        :raises UserError: by somebody who earns by them or manages those who do
        """
        self.check_access("read")
        Correction = self.env["hr.commission.correction"]
        Correction._check_may_correct()
        leads = self.filtered("odd_reason")
        Correction._check_not_credited([("lead_id", "in", leads.ids)])
        for lead in leads.sudo():  # sudo: they may not write the lead
            lead.message_post(
                body=self.env._(
                    "Looked at: %(reason)s Its commissions are set free.",
                    reason=lead.odd_reason,
                ),
                author_id=self.env.user.partner_id.id,
            )
        leads._write_facts({"odd_reason": False, "is_odd_checked": True})
        leads._recompute_held()
        return True
