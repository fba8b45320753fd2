# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict
from functools import cache

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..pipeline.identity import name_key
from ..pipeline.sql_rows import sql_rows

#: names shorter than this are alike by chance
SHORTEST_NAME = 4
#: from this similarity on two names are alike (1 is the same)
ALIKE = 0.55
#: how own customers are verified, the strictest first
POLICIES = ("manual", "proof", "unopposed")
LOOKALIKE_COLUMNS = {
    "lead_id": "int",
    "name": "text",
    "partner_id": "int",
    "user_id": "int",
    "root": "text",
}


class CrmLead(models.Model):
    """What the system itself saw of a salesperson's own customer.

    Absence of proof is no proof: under a plan that verifies own customers by proof, one
    is verified once the customer was seen: by their mail, a meeting they were invited
    to, a call the telephone system timed, or what they signed with the same
    salesperson before. What people log by hand is a claim.
    """

    _inherit = "crm.lead"

    source_proof = fields.Text(
        string="Proof",
        copy=False,
        readonly=True,
        help="What the system itself saw of the customer.",
    )

    def _get_verification_policy(self):
        """Return how own customers are verified, by the plans that hold today.

        Those of the lead's branch and of the salesperson's: the stricter one, so that
        nobody takes a lead to where less is asked.

        :return: ``proof``, ``manual`` or ``unopposed`` by lead id
        :rtype: dict[int, str]
        """
        people = self.env["hr.employee"].sudo()  # sudo: where the salesperson works
        sellers = self._get_salespeople()
        get_policy = cache(self._get_company_policy)
        result = {}
        for lead in self:
            seller = people.browse(sellers.get(lead.id) or ())
            companies = lead._get_commission_company() | seller.company_id
            result[lead.id] = min(map(get_policy, companies), key=POLICIES.index)
        return result

    @api.model
    def _get_company_policy(self, company):
        """Return how the plan of a company verifies own customers today.

        :rtype: str
        """
        Plan = self.env["hr.commission.plan"].sudo()  # sudo: the parent company's plan
        plan = Plan._get_plan(company, company._commission_local_date())
        return plan.own_verification or "proof"

    def _verify_by_proof(self):
        """Verify those of these own customers that the system has seen itself."""
        # sudo: proof is what the system saw, whoever is at work
        waiting = self.sudo().filtered(
            lambda lead: (
                lead.commission_source == "own"
                and lead.source_state == "open"
                and not lead.is_source_fixed
                and not lead.is_source_unknown
            )
        )
        policies = waiting._get_verification_policy()
        waiting = waiting.filtered(lambda lead: policies[lead.id] == "proof")
        proofs_of = waiting._find_own_proofs()
        alike = waiting.browse(proofs_of)._find_lookalikes()
        for lead_id, proofs in proofs_of.items():
            if lead_id in alike:
                waiting.browse(lead_id)._hold_lookalike(alike[lead_id])
                continue
            waiting.browse(lead_id)._set_source_state(
                {"source_state": "verified", "source_proof": "\n".join(proofs)}
            )

    def _find_lookalikes(self):
        """Return the companies of nearly the same name that others have met.

        A look-alike decides nothing: it holds what is not proven until somebody has
        looked.

        :return: the other name by lead id
        :rtype: dict[int, str]
        """
        rows = []
        for lead in self.sudo():  # sudo: a look-alike may be a customer of others
            company = lead.partner_id.commercial_partner_id
            name = lead.partner_name or (company.is_company and company.name)
            key = name_key(name or "")
            if key and len(key) >= SHORTEST_NAME:
                rows.append(
                    {
                        "lead_id": lead.id,
                        "name": key,
                        "partner_id": company.id or 0,
                        "user_id": lead.user_id.id or 0,
                        "root": f"{lead._get_commission_company().root_id.id}/",
                    }
                )
        if not (rows and self.env.registry.has_trigram):
            return {}
        self.env["crm.touchpoint"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT wanted.lead_id, min(touch.company_name)
                         FROM %s
                         JOIN crm_touchpoint touch ON touch.company_key %% wanted.name
                          AND similarity(touch.company_key, wanted.name) >= %s
                          AND touch.lead_id IS DISTINCT FROM wanted.lead_id
                          AND touch.commercial_partner_id
                              IS DISTINCT FROM wanted.partner_id
                          AND touch.state = 'valid'
                         JOIN res_company company ON company.id = touch.company_id
                          AND company.parent_path LIKE wanted.root || '%%'
                    LEFT JOIN hr_employee person ON person.id = touch.employee_id
                        WHERE person.user_id IS DISTINCT FROM wanted.user_id
                     GROUP BY wanted.lead_id""",
                    sql_rows("wanted", LOOKALIKE_COLUMNS, rows),
                    ALIKE,
                )
            )
        )

    def _hold_lookalike(self, name):
        """Hold an own customer whose company reads like one that others have met."""
        self._set_source_state(
            {
                "source_state": "open",
                "source_note": self.env._(
                    "Others have met “%(name)s”, which reads nearly the same. Compare "
                    "both, then verify the source.",
                    name=name,
                ),
            }
        )

    def _set_source_state(self, vals):
        """Write whether the source is verified, and have commissions follow."""
        self._write_facts(vals)
        self.filtered(
            lambda lead: lead.date_qualified or lead.date_won
        )._commission_capture({"source_state"})

    def _find_own_proofs(self):
        """Return the sentences that prove whose customers these leads are.

        :rtype: dict[int, list[str]]
        """
        if not self:
            return {}
        self.env.flush_all()
        found = defaultdict(dict)
        for query in self._get_proof_queries():
            for lead_id, kind, moment in self.env.execute_query(query):
                found[lead_id].setdefault(kind, moment)
        words = self._get_proof_words()
        return {
            lead_id: [
                words[kind] % {"day": format_date(self.env, moment)}
                for kind, moment in kinds.items()
            ]
            for lead_id, kinds in found.items()
        }

    @api.model
    def _get_proof_words(self):
        """Return the sentence of each kind of proof.

        :rtype: dict[str, str]
        """
        return {
            "mail": self.env._("The customer wrote on %(day)s."),
            "meeting": self.env._(
                "A meeting with the customer invited took place on %(day)s."
            ),
            "call": self.env._("The telephone system timed a call on %(day)s."),
            "deal": self.env._("The customer signed with the salesperson on %(day)s."),
        }

    def _get_proof_queries(self):
        """Return the statements that look for proof: (lead id, kind, moment).

        A row counts only if its making shows that no colleague made it up: who created
        a message, and when a meeting was entered, is recorded by Odoo itself.

        :rtype: list[SQL]
        """
        return [
            self._query_mails(),
            self._query_meetings(),
            self._query_calls(),
            self._query_deals(),
        ]

    def _query_mails(self):
        # the address itself: a name may read like anybody's
        sender = SQL(
            """lower(btrim(COALESCE(
                   substring(message.email_from FROM '<([^<>]*)>[^<>]*$'),
                   message.email_from)))"""
        )
        return SQL(
            """SELECT lead.id, 'mail', min(message.date)
                 FROM crm_lead lead
                 JOIN mail_message message
                      ON message.model = 'crm.lead' AND message.res_id = lead.id
                     AND message.message_type IN ('email', 'comment')
                 JOIN res_users maker ON maker.id = message.create_uid
                      AND (maker.share OR (maker.id = %s
                                           AND message.message_type = 'email'))
            LEFT JOIN res_partner author ON author.id = message.author_id
            LEFT JOIN res_partner customer ON customer.id = lead.partner_id
                WHERE lead.id = ANY(%s)
                  AND NOT EXISTS (SELECT FROM res_users colleague
                                   WHERE colleague.partner_id = message.author_id
                                     AND NOT colleague.share)
                  AND NOT %s
                  AND message.email_from !~ '<[^<>]*>.*<'  -- one sender, not several
                  AND (%s = lead.email_normalized
                       OR author.commercial_partner_id = customer.commercial_partner_id
                          AND %s = author.email_normalized)
             GROUP BY lead.id""",
            SUPERUSER_ID,
            self.ids,
            self._is_colleagues(sender),
            sender,
            sender,
        )

    def _query_meetings(self):
        return SQL(
            """SELECT lead.id, 'meeting', min(meeting.start)
                 FROM crm_lead lead
                 JOIN calendar_event meeting ON meeting.opportunity_id = lead.id
                      AND meeting.user_id = lead.user_id AND meeting.active
                      AND meeting.stop <= %s AND meeting.create_date <= meeting.start
                      AND (meeting.allday OR meeting.stop > meeting.start)
                 JOIN calendar_attendee guest ON guest.event_id = meeting.id
                      AND guest.state IS DISTINCT FROM 'declined'
                      AND guest.is_declined IS NOT TRUE
                 JOIN res_partner invited
                      ON invited.id = COALESCE(guest.invited_partner_id, guest.partner_id)
            LEFT JOIN res_partner customer ON customer.id = lead.partner_id
                WHERE lead.id = ANY(%s)
                  AND NOT EXISTS (SELECT FROM res_users colleague
                                   WHERE colleague.partner_id = invited.id
                                     AND NOT colleague.share)
                  AND NOT %s
                  AND CASE WHEN guest.invited_partner_id IS NOT NULL THEN
                           guest.is_invited_before
                           AND guest.invited_by_id = lead.user_id
                           AND %s
                           AND (guest.invited_partner_id = lead.partner_id
                                OR guest.invited_company_id
                                   = customer.commercial_partner_id
                                OR guest.invited_email = lead.email_normalized)
                      ELSE -- invited before this was recorded
                           guest.create_date <= meeting.start
                           AND (invited.commercial_partner_id
                                = customer.commercial_partner_id
                                OR invited.email_normalized = lead.email_normalized)
                      END
             GROUP BY lead.id""",
            fields.Datetime.now(),
            self.ids,
            self._is_colleagues(SQL("invited.email_normalized")),
            self._is_told(),
        )

    @api.model
    def _is_told(self):
        """Return the condition that a guest was told of a meeting beforehand.

        By a mail, to an address that is still the customer's and no colleague's, and
        that did not come back. Of a series they are told once. Where nothing is noted,
        they were invited before it was.
        """
        return SQL(
            """(guest.is_told IS NULL
                OR (guest.invited_email = invited.email_normalized
                    OR guest.invited_email = lead.email_normalized)
               AND NOT %s
               AND NOT EXISTS (
                   SELECT FROM mail_message message
                     JOIN mail_notification notice
                          ON notice.mail_message_id = message.id
                         AND notice.res_partner_id = invited.id
                         AND notice.notification_status IN ('bounce', 'exception')
                    WHERE message.model = 'calendar.event'
                      AND message.res_id = meeting.id)
               AND (guest.is_told OR EXISTS (
                   SELECT FROM calendar_event other
                     JOIN calendar_attendee told ON told.event_id = other.id
                          AND told.is_told
                          AND told.invited_partner_id = guest.invited_partner_id
                    WHERE other.recurrence_id = meeting.recurrence_id)))""",
            self._is_colleagues(SQL("guest.invited_email")),
        )

    @api.model
    def _is_colleagues(self, mail):
        """Return the condition that a mail address is one of somebody who works here."""
        return SQL(
            """EXISTS (SELECT FROM hr_employee colleague
                        WHERE %s IN (lower(colleague.private_email),
                                     lower(colleague.work_email)))""",
            mail,
        )

    def _query_calls(self):
        return SQL(
            """SELECT lead.id, 'call', min(touch.date)
                 FROM crm_lead lead
                 JOIN crm_touchpoint touch ON touch.lead_id = lead.id
                      AND touch.kind = 'call' AND touch.duration > 0
                      AND touch.state = 'valid'
                 JOIN hr_employee caller ON caller.id = touch.employee_id
                      AND caller.user_id = lead.user_id
                WHERE lead.id = ANY(%s) GROUP BY lead.id""",
            self.ids,
        )

    def _query_deals(self):
        return SQL(
            """SELECT lead.id, 'deal', min(former.date_won)::timestamp
                 FROM crm_lead lead
                 JOIN res_partner customer ON customer.id = lead.partner_id
                 JOIN res_partner contact
                      ON contact.commercial_partner_id = customer.commercial_partner_id
                 JOIN crm_lead former ON former.partner_id = contact.id
                      AND former.id != lead.id
                      AND former.date_won < lead.create_date::date
                      AND EXISTS (
                          SELECT FROM hr_commission_event won
                            JOIN hr_commission_credit credit
                                 ON credit.event_id = won.id AND credit.share > 0
                                AND credit.manager_level = 0
                            JOIN hr_commission_person seller
                                 ON seller.employee_ref = credit.employee_id
                                AND seller.user_ref = lead.user_id
                           WHERE won.lead_id = former.id
                             AND won.event_type = 'deal_won')
                      AND former.commission_source = 'own'
                      AND former.source_state IN ('verified', 'overruled')
                WHERE lead.id = ANY(%s) GROUP BY lead.id""",
            self.ids,
        )

    def _message_post_after_hook(self, message, msg_vals):
        """What the customer writes may prove whose they are."""
        result = super()._message_post_after_hook(message, msg_vals)
        maker = message.create_uid
        if maker.share or (
            message.message_type == "email" and maker.id == SUPERUSER_ID
        ):
            self._try_source_step(self._verify_by_proof)
        return result
