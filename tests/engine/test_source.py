"""Whose customer a lead is: decided without a database."""

from datetime import datetime, timedelta

import pytest
from engine.source import DEFAULT_PROTECTION_DAYS, Touch, Verdict, decide, is_strong

LEAD, OTHER_LEAD = 7, 5
NOW = datetime(2025, 6, 1, 9)
MAIL, PHONE = "a@b.test", "+1555"
KEYS = {"email_key": [MAIL], "phone_sanitized": PHONE}
NO_VALUES = {
    "lead_ref": None,
    "email_key": None,
    "phone_sanitized": None,
    "commercial_partner_id": None,
    "company_key": None,
}
MARKETING, SALES = ("marketing", 10), ("own", 20)


def touch(number, days_ago, party=MARKETING, lead=None, **values):
    """A contact; on a lead it is the lead's own, with the keys typed there."""
    options = {
        name: values.pop(name)
        for name in ("is_claim", "is_extended", "matched")
        if name in values
    }
    if lead:
        values.setdefault("lead_ref", lead)
        values.setdefault("email_key", MAIL)
    given = {**NO_VALUES, **values}
    options.setdefault("matched", {name for name in ("email_key",) if given[name]})
    return Touch(
        id=number,
        date=NOW - timedelta(days=days_ago),
        kind="call",
        commission_source=party[0],
        employee_id=party[1],
        person=party[1],
        lead_id=lead,
        values=given,
        is_extended=options.pop("is_extended", False),
        **options,
    )


def verdict(*touches, keys=KEYS, days=DEFAULT_PROTECTION_DAYS):
    return decide(LEAD, keys, sorted(touches, key=lambda each: each.order), days)


def own(**values):
    """The salesperson's contact on the lead itself, today."""
    return touch(100, 0, SALES, lead=LEAD, **values)


def test_without_contacts_nobody_brought_the_customer():
    nothing = verdict()
    assert (nothing.first, nothing.source) == (None, None)
    assert nothing.is_identified and not nothing.is_contested
    assert not verdict(keys={"email_key": [], "phone_sanitized": ""}).is_identified
    assert not verdict(touch(1, 1, (None, None), email_key=MAIL)).first
    assert not Verdict().is_identified


def test_an_own_customer_that_nobody_else_met():
    decided = verdict(own())
    assert decided.source == "own"
    assert not (decided.others or decided.is_contested or decided.is_ambiguous)


def test_the_earliest_contact_decides_and_the_others_speak_against_it():
    decided = verdict(touch(1, 3, email_key=MAIL), own())
    assert decided.source == "marketing"
    assert [other.party for other in decided.others] == [SALES]
    assert not decided.is_contested, "marketing met first"
    late = verdict(own(), touch(1, -1, email_key=MAIL, lead=LEAD))
    assert late.source == "own"
    assert late.is_contested


def test_one_other_is_named_once_and_the_same_person_is_no_other():
    met = [touch(number, 9 - number, email_key=MAIL) for number in (1, 2, 3)]
    assert len(verdict(*met, own()).others) == 1
    again = touch(1, 3, SALES, email_key=MAIL)
    assert verdict(again, own()).others == ()


@pytest.mark.parametrize(
    ("days_ago", "is_extended", "source"),
    [
        (90, False, "marketing"),
        (90.01, False, "own"),
        (180, True, "marketing"),
        (180.01, True, "own"),
    ],
)
def test_the_look_back_reaches_to_its_last_moment(days_ago, is_extended, source):
    before = touch(1, days_ago, email_key=MAIL, is_extended=is_extended)
    assert verdict(before, own()).source == source


def test_a_contact_after_the_key_was_typed_does_not_count():
    typed = own()
    after = touch(101, -1, email_key=MAIL)
    assert verdict(typed, after).others == ()
    same_moment = touch(99, 0, email_key=MAIL)
    assert verdict(typed, same_moment).source == "marketing"


def test_a_further_key_is_as_old_as_the_first_of_its_kind():
    other_mail = touch(1, 2, email_key="else@b.test", matched={"email_key"})
    keys = {"email_key": [MAIL, "else@b.test"]}
    assert verdict(other_mail, own(), keys=keys).source == "marketing"
    by_phone = touch(1, 2, phone_sanitized=PHONE, matched={"phone_sanitized"})
    assert verdict(by_phone, own()).source == "marketing"
    assert verdict(touch(1, 2, matched={"email_key"})).first is None, "nothing typed"


def test_what_somebody_says_they_did_catches_no_later_lead():
    said = touch(1, 2, email_key=MAIL, is_claim=True)
    assert verdict(said, own()).source == "own"
    on_a_lead = touch(1, 2, email_key=MAIL, is_claim=True, lead_ref=OTHER_LEAD)
    assert verdict(on_a_lead, own()).source == "marketing"


def test_an_own_contact_on_the_lead_counts_for_the_same_customer_only():
    stranger = own(email_key="else@c.test", phone_sanitized="+1999")
    assert verdict(stranger).first is None
    assert verdict(stranger, keys={}).source == "own"
    by_marketing = touch(1, 0, lead=LEAD, email_key="else@c.test")
    assert verdict(by_marketing).source == "marketing"


def test_mail_and_phone_of_two_people_are_not_guessed():
    by_mail = touch(1, 5, email_key=MAIL)
    by_phone = touch(
        2,
        4,
        ("own", 30),
        phone_sanitized=PHONE,
        email_key="else@c.test",
        matched={"phone_sanitized"},
    )
    decided = verdict(by_mail, by_phone, own())
    assert decided.is_ambiguous and decided.is_contested
    assert not verdict(by_mail, own()).is_ambiguous
    assert not verdict(by_phone, own()).is_ambiguous
    same_party = touch(
        2, 4, phone_sanitized=PHONE, email_key="x@y.test", matched={"phone_sanitized"}
    )
    assert not verdict(by_mail, same_party, own()).is_ambiguous
    same_person = touch(
        2, 4, ("own", 30), phone_sanitized=PHONE, matched={"phone_sanitized"}
    )
    assert not verdict(by_mail, same_person, own()).is_ambiguous


def test_a_domain_is_no_strong_key():
    assert is_strong(touch(1, 1, matched={"email_key"}))
    assert is_strong(touch(1, 1, matched={"commercial_partner_id", "company_key"}))
    assert not is_strong(touch(1, 1, matched={"company_key"}))


def test_a_key_is_known_since_it_was_typed_not_since_the_lead_is_there():
    """Contacts between the lead and the key came before it, and count."""
    lead_there = touch(90, 10, SALES, lead=LEAD, email_key="first@b.test")
    between = touch(95, 5, email_key=MAIL)
    keys = {"email_key": [MAIL, "first@b.test"], "phone_sanitized": PHONE}
    decided = verdict(lead_there, between, own(), keys=keys)
    assert [other.party for other in decided.others] == [MARKETING]
    nameless = touch(90, 10, SALES, lead=LEAD, email_key=None, phone_sanitized=PHONE)
    further = touch(95, 5, email_key="further@b.test")
    decided = verdict(nameless, further, own())
    assert [other.party for other in decided.others] == [MARKETING]


def test_what_was_typed_on_another_lead_is_no_claim_of_this_one():
    elsewhere = touch(1, 20, email_key=MAIL, lead_ref=OTHER_LEAD)
    later = touch(2, 10, ("own", 30), email_key=MAIL)
    parties = [other.party for other in verdict(elsewhere, later, own()).others]
    assert parties == [("own", 30), SALES]
