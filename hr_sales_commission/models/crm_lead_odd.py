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
        help="A pattern among leads that one person typed. Look at them before they are "
        "paid.",
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
        rows = self.env.execute_query(
            SQL(
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
                       AND lead.channel NOT IN ('web_form', 'ad_click', 'email')
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
        )
        odd = self.browse()
        for kind, reason in reasons.items():
            leads = self.browse([lead_id for lead_id, found in rows if found == kind])
            leads.filtered(lambda lead: not lead.odd_reason)._write_facts(
                {"odd_reason": reason}
            )
            odd += leads
        return odd
