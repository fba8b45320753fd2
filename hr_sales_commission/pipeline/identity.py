# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What identifies a customer across leads: mail, phone, company."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from confusable_homoglyphs import confusables
from publicsuffixlist import PublicSuffixList

from odoo.tools import email_normalize

from odoo.addons.iap.tools import iap_tools

#: other names of one provider
PROVIDER_ALIASES = {"googlemail.com": "gmail.com"}
#: providers that deliver mail whatever dots its address has
DOTLESS_PROVIDERS = frozenset(("gmail.com",))
#: forms of companies that say nothing about which one it is, after transliteration
LEGAL_FORMS = frozenset(
    (
        "ab",
        "ag",
        "as",
        "aps",
        "asa",
        "bv",
        "bvba",
        "co",
        "company",
        "corp",
        "corporation",
    )
    + ("cv", "eurl", "ev", "gbr", "gesellschaft", "gmbh", "group", "holding", "inc")
    + ("incorporated", "kg", "kgaa", "kk", "limited", "llc", "llp", "lp", "ltd", "ltda")
    + ("mbh", "mbb", "nv", "ohg", "oy", "oyj", "pjsc", "plc", "pte", "pty", "pvt", "sa")
    + (
        "sarl",
        "sas",
        "sasu",
        "sca",
        "se",
        "sl",
        "slu",
        "sp",
        "spa",
        "srl",
        "spzoo",
        "ug",
    )
    + ("zoo", "z", "o", "und", "and", "et", "y", "the")
)
#: the same in Chinese and Japanese, written without spaces
CHINESE_FORMS = re.compile(
    "股份有限公司|有限责任公司|有限責任公司|有限公司|集团|集團|公司|株式会社|合同会社|（.*?）|\\(.*?\\)"
)


#: what stands between two numbers in one field
SEVERAL_PHONES = re.compile(r"[/,;|&\n]|\b(?:or|oder|ou|o|und|and|et)\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _suffixes():
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def _fold_character(character):
    """Return the Latin letter that a character looks like, else the character."""
    found = confusables.is_confusable(character, greedy=True)
    for look_alike in found[0]["homoglyphs"] if found else ():
        if look_alike["c"].isascii() and look_alike["c"].isalnum():
            return look_alike["c"].lower()
    return character


def fold(text):
    """Return a text as the eye reads it: without case, with look-alikes as Latin.

    :rtype: str
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    return "".join(
        character if character.isascii() else _fold_character(character)
        for character in text
    )


def _decode_punycode(label):
    """Return a label as the eye reads it; as it is written if it is no Punycode."""
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def domain_key(domain):
    """Return a domain as the eye reads it, from Punycode as well.

    :rtype: str
    """
    labels = []
    for label in domain.casefold().split("."):
        if label.startswith("xn--"):
            label = _decode_punycode(label)
        labels.append(fold(label))
    return ".".join(labels)


def email_key(email):
    """Return an address without what people vary: case, dots and tags that providers
    ignore, names of one provider, letters that look alike.

    :rtype: str | None
    """
    normalized = email_normalize(email or "", strict=False)
    if not normalized:
        return None
    local, _at, domain = normalized.rpartition("@")
    domain = domain_key(domain)
    domain = PROVIDER_ALIASES.get(domain, domain)
    person = fold(local.split("+")[0] or local)
    if domain in DOTLESS_PROVIDERS:
        person = person.replace(".", "") or person
    return f"{person}@{domain}"


def registrable_domain(domain):
    """Return the part of a domain that somebody has registered.

    :rtype: str
    """
    domain = domain_key(domain)
    return _suffixes().privatesuffix(domain) or domain


def company_domain(email):
    """Return the domain of a company's address; none for free-mail providers.

    :rtype: str | None
    """
    key = email_key(email)
    if not key:
        return None
    domain = registrable_domain(key.rpartition("@")[2])
    criterion = iap_tools.mail_prepare_for_domain_search(f"somebody@{domain}")
    if criterion and criterion.startswith("@"):
        return criterion[1:]
    return None


def website_domain(website):
    """Return the domain of a company by its website; none for free-mail providers.

    :rtype: str | None
    """
    host = re.sub(r"^[a-z]+://", "", (website or "").strip().casefold())
    host = re.split(r"[/:?#]", host)[0]
    return company_domain(f"info@{host}") if "." in host else None


def name_key(name):
    """Return a company's name without its legal form, in Latin letters.

    :rtype: str | None
    """
    text = CHINESE_FORMS.sub(" ", name or "")
    words = re.findall(r"[a-z0-9]+", anyascii(fold(text)).casefold().replace(".", ""))
    kept = [word for word in words if word not in LEGAL_FORMS]
    return "".join(kept or words) or None


def split_phones(text):
    """Return the numbers that stand in one field.

    :rtype: list[str]
    """
    return [part.strip() for part in SEVERAL_PHONES.split(text or "") if part.strip()]


def identity_keys(emails, phones, partner_ids, websites=()):
    """Return by what a customer is found again, each with all its values.

    :param emails: addresses
    :param phones: numbers in E.164 form
    :param partner_ids: commercial partners
    :rtype: dict[str, tuple]
    """
    domains = [company_domain(email) for email in emails]
    domains += [website_domain(website) for website in websites]
    return {
        "email_key": _distinct(email_key(email) for email in emails),
        "phone_sanitized": _distinct(phones),
        "commercial_partner_id": _distinct(partner_ids),
        "email_domain": _distinct(domains),
    }


def _distinct(values):
    return tuple(dict.fromkeys(value for value in values if value))
