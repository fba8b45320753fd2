"""Who is a commission officer, asked in one way; what they may do, each model says."""

from odoo.exceptions import AccessError

OFFICER = "hr_sales_commission.group_commission_officer"


def check_officer(env, why):
    """Refuse everybody but commission officers; the system may do what they may.

    :param str why: the refusal, in the user's language
    :raises AccessError: with this sentence
    """
    if not (env.su or env.user.has_group(OFFICER)):
        raise AccessError(why)
