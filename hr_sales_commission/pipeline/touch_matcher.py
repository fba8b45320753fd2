# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Finds the earlier contacts of a customer, across leads, people and branches."""

from collections import defaultdict
from datetime import datetime, timedelta

from odoo import fields
from odoo.tools import SQL, email_normalize, email_split

from ..engine.source import STRONG_KEYS, Touch
from .identity import email_key, identity_keys, split_phones
from .sql_rows import sql_rows

END_OF_TIME = datetime.max.replace(microsecond=0)

WANTED_COLUMNS = {
    "lead_id": "int",
    "root": "text",
    "days": "int",
    "date_to": "timestamp",
    "today": "timestamp",
    "email_key": "text[]",
    "phone_sanitized": "text[]",
    "commercial_partner_id": "int[]",
    "email_domain": "text[]",
}


#: a number that an authority gave, however it is typed; both have an index
PLAIN_VAT = "upper(regexp_replace({}.vat, '[^[:alnum:]]', '', 'g'))"
VAT_KEY = f"regexp_replace({PLAIN_VAT}, '^[A-Z]{{{{2}}}}', '')"
REGISTRY_KEY = "upper(regexp_replace({}.company_registry, '[^[:alnum:]]', '', 'g'))"

#: other records of the same companies: (partner, other); the country before a VAT number
#: may be left out
SAME_COMPANY = f"""
    SELECT partner.id, other.commercial_partner_id
      FROM res_partner partner
      JOIN res_partner other ON other.id != partner.id
       AND other.vat IS NOT NULL
       AND {VAT_KEY.format("other")} = {VAT_KEY.format("partner")}
       AND ({PLAIN_VAT.format("other")} = {PLAIN_VAT.format("partner")}
            OR {PLAIN_VAT.format("other")} = {VAT_KEY.format("other")}
            OR {PLAIN_VAT.format("partner")} = {VAT_KEY.format("partner")})
     WHERE partner.id = ANY(%(ids)s) AND length({VAT_KEY.format("partner")}) > 5
 UNION
    SELECT partner.id, other.commercial_partner_id
      FROM res_partner partner
      JOIN res_partner other ON other.id != partner.id
       AND other.company_registry IS NOT NULL
       AND {REGISTRY_KEY.format("other")} = {REGISTRY_KEY.format("partner")}
     WHERE partner.id = ANY(%(ids)s) AND length({REGISTRY_KEY.format("partner")}) > 4
 UNION
    SELECT holder.commercial_partner_id, owner.commercial_partner_id
      FROM res_partner holder
      JOIN res_partner_bank account ON account.partner_id = holder.id
      JOIN res_partner_bank same
        ON same.sanitized_acc_number = account.sanitized_acc_number
       AND same.partner_id != account.partner_id
      JOIN res_partner owner ON owner.id = same.partner_id
     WHERE holder.commercial_partner_id = ANY(%(ids)s)
 UNION
    SELECT partner.id, parent.commercial_partner_id
      FROM res_partner partner JOIN res_partner parent ON parent.id = partner.parent_id
     WHERE partner.id = ANY(%(ids)s)
"""

#: whose an address or a number is known to be, for each lead that names it; what several
#: companies share, or one of ours has, is nobody's
KNOWN_HOLDERS = """
    SELECT wanted.lead_id, min(holder.commercial_partner_id)
      FROM %s
      JOIN res_partner holder
        ON wanted.key IN (holder.email_normalized, holder.phone_sanitized)
     WHERE NOT EXISTS (SELECT FROM res_company company
                        WHERE company.partner_id = holder.commercial_partner_id)
       AND NOT EXISTS (SELECT FROM res_users colleague
                        WHERE colleague.partner_id = holder.id AND NOT colleague.share)
  GROUP BY wanted.lead_id, wanted.key
    HAVING count(DISTINCT holder.commercial_partner_id) = 1
"""

#: contacts of the customers of leads, within the days before them
MATCHES = """
        SELECT wanted.lead_id AS wanted_id, found.matched, found.id, found.date,
               found.kind, found.commission_source, found.employee_id,
               found.lead_id, found.lead_ref, found.email_key, found.phone_sanitized,
               found.commercial_partner_id, found.email_domain, found.is_claim,
               COALESCE(person.user_id, -person.id) AS person,
               owner.is_protection_extended AS is_extended
          FROM %s
    CROSS JOIN LATERAL (
               SELECT COALESCE(min(own.date), wanted.today)
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
         WHERE found.state = 'valid'
"""


def find_same_companies(customers):
    """Return which other commercial partners are one with these, by VAT, registry number
    or bank account, and of whose they are a part.

    :param customers: res.partner
    :return: (number of the customer, of the other)
    :rtype: list[tuple[int, int]]
    """
    if not customers:
        return []
    env = customers.env
    env["res.partner"].flush_model(
        ["vat", "company_registry", "parent_id", "commercial_partner_id"]
    )
    env["res.partner.bank"].flush_model(["sanitized_acc_number", "partner_id"])
    return env.execute_query(SQL(SAME_COMPANY, ids=customers.ids))


class TouchMatcher:
    """Contacts of the customers of some leads, in one statement for all of them.

    Record rules do not hold here on purpose: who cannot see another's customer must
    still collide with them. Only ids and dates leave this class.
    """

    def __init__(self, leads):
        self.leads = leads.sudo()  # sudo: see the class
        self.env = self.leads.env
        self._named = {lead.id: lead._get_customer_partners() for lead in self.leads}
        self.partners = self._get_partners()
        self._contacts = self._get_contacts()
        self.keys = {lead.id: self._get_keys(lead) for lead in self.leads}

    def _get_partners(self):
        """Return the commercial partners that are the customer of each lead.

        A company has several records at times: they are one by VAT, registry number or
        bank account.

        :rtype: dict[int, res.partner]
        """
        known = self._find_holders()
        named = {
            lead_id: partners.commercial_partner_id.union(known[lead_id])
            for lead_id, partners in self._named.items()
        }
        # sudo: see the class
        customers = self.env["res.partner"].sudo().union(*named.values())
        same = defaultdict(set)
        if customers:
            for partner_id, other_id in find_same_companies(customers):
                same[partner_id].add(other_id)
        return {
            lead_id: partners.browse(
                dict.fromkeys(
                    partners.ids
                    + [other for partner in partners.ids for other in same[partner]]
                )
            )
            for lead_id, partners in named.items()
        }

    def _find_holders(self):
        """Return whose contacts have an address or a number that a lead names.

        :return: commercial partners by lead id
        :rtype: dict[int, res.partner]
        """
        # sudo: see the class
        found = defaultdict(self.env["res.partner"].sudo().browse)
        rows = [
            {"lead_id": lead.id, "key": key}
            for lead in self.leads
            for key in self._list_own_keys(lead)
        ]
        if rows:
            self.env["res.partner"].flush_model(
                ["email_normalized", "phone_sanitized", "commercial_partner_id"]
            )
            columns = {"lead_id": "int", "key": "text"}
            query = SQL(KNOWN_HOLDERS, sql_rows("wanted", columns, rows))
            for lead_id, partner_id in self.env.execute_query(query):
                found[lead_id] |= found[lead_id].browse(partner_id)
        return found

    def _list_own_keys(self, lead):
        """Return the addresses and numbers on a lead, as contacts have them."""
        mails = email_split(lead.email_from)
        keys = {*map(email_normalize, mails), *map(email_key, mails)}
        country = lead.country_id or lead._get_commission_company().country_id
        return filter(None, keys.union(self._format_all(lead, lead, country)))

    def _get_contacts(self):
        """Return everybody who belongs to these customers, archived or not.

        :rtype: dict[res.partner, res.partner]
        """
        # sudo: see the class
        everybody = self.env["res.partner"].sudo().with_context(active_test=False)
        customers = everybody.union(*self.partners.values())
        return (
            everybody.search([("commercial_partner_id", "in", customers.ids)]).grouped(
                "commercial_partner_id"
            )
            if customers
            else {}
        )

    def _get_keys(self, lead):
        """Return by what the customer of a lead is found again, as known now."""
        country = lead.country_id or lead._get_commission_company().country_id
        partners = self.partners[lead.id]
        contacts = (partners | self._named[lead.id]).union(
            *(self._contacts.get(partner, partner) for partner in partners)
        )
        emails = [
            mail
            for text in (lead.email_from, *contacts.mapped("email"))
            for mail in email_split(text)
        ]
        phones = self._format_all(lead, lead, country)
        for contact in contacts:
            phones += self._format_all(lead, contact, contact.country_id or country)
        websites = [lead.website, *contacts.mapped("website")]
        return identity_keys(emails, phones, partners.ids, websites)

    def get_named_keys(self, lead):
        """Return the keys that contacts logged on a lead record.

        :rtype: dict[str, tuple]
        """
        country = lead.country_id or lead._get_commission_company().country_id
        phones = self._format_all(lead, lead, country)
        customer = lead.partner_id.commercial_partner_id
        return identity_keys(email_split(lead.email_from), phones, customer.ids)

    def _format_all(self, lead, holder, country):
        """Return the numbers of a lead or contact, which may be several in one field."""
        whole = holder.phone_sanitized or self._format(lead, holder.phone, country)
        if whole or not holder.phone:
            return [whole]
        parts = split_phones(holder.phone)
        return [self._format(lead, part, country) for part in parts]

    @staticmethod
    def _format(lead, phone, country):
        return phone and lead._phone_format(number=phone, country=country)

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
                row["date"] = self._mend_date(row["date"])
                touch = touches[lead_id][row["id"]] = self._make_touch(row)
            touch.matched.add(matched)
        return {
            lead_id: sorted(found.values(), key=lambda touch: touch.order)
            for lead_id, found in touches.items()
        }

    @staticmethod
    def _mend_date(moment):
        """Return when a contact came that seems to come later than now.

        Nobody can log one that has not happened: the clock of the server was put back,
        and what was there before is not overtaken by what is made now.
        """
        now = fields.Datetime.now()
        return moment if moment <= now else now - timedelta(minutes=1)

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
                # sudo: a branch's parent company
                "root": f"{lead._get_commission_company().sudo().root_id.id}/",
                "days": days[lead.id],
                "date_to": date_to or END_OF_TIME,
                "today": date_to or now + timedelta(seconds=1),
                **{name: list(values) for name, values in self.keys[lead.id].items()},
            }
            for lead in self.leads
        ]
        by_key = SQL().join(
            SQL(
                """ UNION ALL
                   SELECT %s AS matched, touch.* FROM crm_touchpoint touch
                    WHERE touch.%s = ANY(wanted.%s) AND touch.date <= wanted.date_to
                      AND touch.date >= since.day""",
                name,
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name in (*STRONG_KEYS, "email_domain")
            if any(values[name] for values in wanted)  # else PostgreSQL looks as well
        )
        return SQL(
            MATCHES,
            sql_rows("wanted", WANTED_COLUMNS, wanted),
            by_key,
        )
