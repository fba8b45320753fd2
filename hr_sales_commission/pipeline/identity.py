"""What identifies a customer across leads: mail, phone, company."""

from odoo.tools import email_normalize

from odoo.addons.iap.tools import iap_tools


def email_key(email):
    """Return an address without what people vary: case, and the tag after a plus.

    :rtype: str | None
    """
    normalized = email_normalize(email or "", strict=False)
    if not normalized:
        return None
    local, _at, domain = normalized.rpartition("@")
    person = local.split("+")[0] or local
    return f"{person.casefold()}@{domain}"


def company_domain(email):
    """Return the domain of a company's address; none for free-mail providers.

    :rtype: str | None
    """
    key = email_key(email)
    criterion = key and iap_tools.mail_prepare_for_domain_search(key)
    if criterion and criterion.startswith("@"):
        return criterion[1:]
    return None


def identity_keys(email, phone, partner_id):
    """Return by what a customer is found again.

    :param str phone: in E.164 form
    :param int partner_id: the commercial partner
    :rtype: dict
    """
    return {
        "email_key": email_key(email),
        "phone_sanitized": phone or None,
        "commercial_partner_id": partner_id or None,
        "email_domain": company_domain(email),
    }
