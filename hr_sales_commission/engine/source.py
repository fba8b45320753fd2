# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Decides whose customer a lead is, from the contacts that came before it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: keys of one person; a domain or a company may have several
STRONG_KEYS = ("email_key", "phone_sanitized", "commercial_partner_id")
DEFAULT_PROTECTION_DAYS = 90


@dataclass
class Touch:
    """A contact as the decision about a lead's source sees it.

    :param party: who would have brought the customer: (source, person)
    :param is_claim: logged by hand by who profits from it
    :param matched: the keys of the lead that the contact shares
    """

    id: int
    date: datetime
    kind: str
    commission_source: str
    employee_id: int | None
    person: int | None
    lead_id: int | None
    is_extended: bool
    values: dict
    is_claim: bool = False
    matched: set = field(default_factory=set)

    @property
    def party(self):
        """Whose customer the contact speaks for: source and person."""
        return self.commission_source, self.person

    @property
    def order(self):
        """What contacts are ordered by: the earlier first."""
        return self.date, self.id


@dataclass
class Verdict:
    """What the contacts say about one lead.

    :param first: the contact that decides, None if there is none
    :param others: contacts of other people that speak against it
    :param is_ambiguous: the lead's keys belong to different people
    :param is_identified: there is something to find the customer by
    """

    first: object = None
    others: tuple = ()
    is_ambiguous: bool = False
    is_identified: bool = False

    @property
    def source(self):
        """Who brought the customer, None where no contact says so."""
        return self.first.commission_source if self.first else None

    @property
    def is_contested(self):
        """Whether somebody must decide: an own customer others know, or two people."""
        return self.is_ambiguous or bool(self.source == "own" and self.others)


def decide(lead_id, keys, touches, days):
    """Let the earliest valid contact inside the look-back decide.

    A contact of somebody else counts by a key only if it came before that key was
    entered on the lead, and not longer before than the look-back.

    :param dict keys: what the customer is found by: a value or several by name
    :param touches: the contacts of the lead and of its customer, oldest first
    :param int days: the look-back
    :rtype: Verdict
    """
    known = {name: _as_values(value) for name, value in keys.items() if value}
    claims = _get_claims(lead_id, known, touches)
    counting = [
        touch
        for touch in touches
        if touch.commission_source
        and (
            _is_own_contact(touch, lead_id, known)
            or _is_earlier(touch, lead_id, claims, days)
        )
    ]
    if not counting:
        return Verdict(is_identified=bool(known))
    first = counting[0]
    others = {}
    for touch in counting:
        if touch.party != first.party:
            others.setdefault(touch.party, touch)
    return Verdict(
        first=first,
        others=tuple(others.values()),
        is_ambiguous=_is_ambiguous(lead_id, known, counting),
        is_identified=bool(known),
    )


def _as_values(value):
    return value if isinstance(value, list | tuple | set | frozenset) else (value,)


def _get_claims(lead_id, known, touches):
    """Return since when each key is known of the lead.

    :return: (date, id) by (name, value), and by (name, None) of the first of a name
    """
    claims = {}
    for touch in touches:
        if touch.lead_id == lead_id and touch.values["lead_ref"]:
            for name, values in known.items():
                if touch.values[name] in values:
                    claims.setdefault((name, touch.values[name]), touch.order)
                    claims.setdefault((name, None), touch.order)
            claims.setdefault((None, None), touch.order)
    return claims


def _is_own_contact(touch, lead_id, known):
    """Contacts on the lead count; those that claim it only for the same customer."""
    if touch.lead_id != lead_id:
        return False
    if touch.commission_source != "own" or not known:
        return True
    return any(touch.values[name] in values for name, values in known.items())


def _is_earlier(touch, lead_id, claims, days):
    if touch.lead_id == lead_id:
        return False
    if touch.is_claim and not touch.values["lead_ref"]:
        return False  # a call somebody says they made catches no later lead
    reach = timedelta(days=days * 2 if touch.is_extended else days)
    for name in touch.matched:
        # a further key of the same customer is as old as the first one of its kind
        claim = (
            claims.get((name, touch.values[name]))
            or claims.get((name, None))
            or claims.get((None, None))
        )
        if claim and touch.order <= claim and touch.date >= claim[0] - reach:
            return True
    return False


def _is_ambiguous(lead_id, known, touches):
    """Whether mail and phone of a lead were met as those of two different people."""
    before = [touch for touch in touches if touch.values["lead_ref"] != lead_id]
    by_mail = [touch for touch in before if "email_key" in touch.matched]
    by_phone = [touch for touch in before if "phone_sanitized" in touch.matched]
    if not (by_mail and by_phone):
        return False
    mail, phone = by_mail[0], by_phone[0]
    other_person = phone.values["email_key"] not in (
        None,
        *known.get("email_key", ()),
    )
    return other_person and mail.party != phone.party


def is_strong(touch):
    """Whether a contact was with the same person or company, not just its domain."""
    return any(name in touch.matched for name in STRONG_KEYS)
