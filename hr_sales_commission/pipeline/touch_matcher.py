"""Finds the earlier contacts of a customer, across leads, people and branches."""

from collections import defaultdict
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..engine.source import STRONG_KEYS, Touch
from .identity import identity_keys
from .sql_rows import sql_rows

WANTED_COLUMNS = {
    "lead_id": "int",
    "root": "text",
    "days": "int",
    "date_to": "timestamp",
    "email_key": "text",
    "phone_sanitized": "text",
    "commercial_partner_id": "int",
    "email_domain": "text",
}


class TouchMatcher:
    """Contacts of the customers of some leads, in one statement for all of them.

    Record rules do not hold here on purpose: who cannot see another's customer must
    still collide with them. Only ids and dates leave this class.
    """

    def __init__(self, leads):
        self.leads = leads.sudo()
        self.env = self.leads.env
        self.keys = {lead.id: self._get_keys(lead) for lead in self.leads}

    @staticmethod
    def _get_keys(lead):
        return identity_keys(
            lead.email_normalized,
            lead.phone_sanitized
            or lead.phone
            and lead._phone_format(
                number=lead.phone,
                country=lead.country_id or lead._get_commission_company().country_id,
            ),
            lead.partner_id.commercial_partner_id.id,
        )

    def match(self, days, date_to=None):
        """Return the contacts that count, by lead, oldest first.

        A contact counts that came up to twice ``days`` before the lead's own first
        one; see :meth:`Touch.is_extended` for the second half.

        :param dict days: length of the look-back by lead id
        :rtype: dict[int, list[Touch]]
        """
        self.env["crm.touchpoint"].flush_model()
        self.env["crm.lead"].flush_model(["is_protection_extended"])
        touches = defaultdict(dict)
        for row in self.env.execute_query_dict(self._get_query(days, date_to)):
            lead_id = row.pop("wanted_id")
            matched = row.pop("matched")
            touch = touches[lead_id].get(row["id"])
            if touch is None:
                touch = touches[lead_id][row["id"]] = self._make_touch(row)
            touch.matched.add(matched)
        return {
            lead_id: sorted(found.values(), key=lambda touch: touch.order)
            for lead_id, found in touches.items()
        }

    @staticmethod
    def _make_touch(row):
        return Touch(
            id=row["id"],
            date=row["date"],
            kind=row["kind"],
            commission_source=row["commission_source"],
            employee_id=row["employee_id"],
            person=row["person"],
            lead_id=row["lead_id"],
            is_extended=bool(row["is_extended"]),
            is_claim=bool(row["is_claim"]),
            values=row,
        )

    def _get_query(self, days, date_to):
        now = fields.Datetime.now()
        wanted = [
            {
                "lead_id": lead.id,
                "root": f"{lead._get_commission_company().sudo().root_id.id}/",
                "days": days[lead.id],
                "date_to": date_to or now + timedelta(seconds=1),
                **self.keys[lead.id],
            }
            for lead in self.leads
        ]
        by_key = SQL().join(
            SQL(
                """ UNION ALL
                   SELECT %s AS matched, touch.* FROM crm_touchpoint touch
                    WHERE touch.%s = wanted.%s AND touch.date <= wanted.date_to
                      AND touch.date >= since.day""",
                name,
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name in (*STRONG_KEYS, "email_domain")
            if any(values[name] for values in wanted)  # else PostgreSQL looks as well
        )
        return SQL(
            """SELECT wanted.lead_id AS wanted_id, found.matched, found.id, found.date,
                      found.kind, found.commission_source, found.employee_id,
                      found.lead_id, found.lead_ref, found.email_key, found.phone_sanitized,
                      found.commercial_partner_id, found.email_domain, found.is_claim,
                      COALESCE(person.user_id, -person.id) AS person,
                      owner.is_protection_extended AS is_extended
                 FROM %s
           CROSS JOIN LATERAL (
                      SELECT COALESCE(min(own.date), wanted.date_to)
                             - 2 * wanted.days * interval '1 day' AS day
                        FROM crm_touchpoint own
                       WHERE own.lead_id = wanted.lead_id) since
           CROSS JOIN LATERAL (
                      SELECT 'lead_id' AS matched, touch.* FROM crm_touchpoint touch
                       WHERE touch.lead_id = wanted.lead_id
                         AND touch.date <= wanted.date_to %s) found
                 JOIN res_company company ON company.id = found.company_id
                      AND company.parent_path LIKE wanted.root || '%%'
            LEFT JOIN hr_employee person ON person.id = found.employee_id
            LEFT JOIN crm_lead owner ON owner.id = found.lead_id
                WHERE found.state = 'valid'""",
            sql_rows("wanted", WANTED_COLUMNS, wanted),
            by_key,
        )
