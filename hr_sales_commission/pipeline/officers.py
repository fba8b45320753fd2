# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Who is a commission officer, or may approve; what they may do, each model says."""

from odoo.exceptions import AccessError

OFFICER = "hr_sales_commission.group_commission_officer"
#: approves the commissions of branches; officers and administrators may, too
BRANCH_MANAGER = "hr_sales_commission.group_commission_manager_branch"
ADMINISTRATOR = "hr_sales_commission.group_commission_administrator"


def check_officer(env, why):
    """Refuse everybody but commission officers; the system may do what they may.

    :param str why: the refusal, in the user's language
    :raises AccessError: with this sentence
    """
    _check_group(env, OFFICER, why)


def check_manager(env, why):
    """Refuse everybody but branch managers and above, as :func:`check_officer` does."""
    _check_group(env, BRANCH_MANAGER, why)


def _check_group(env, group, why):
    if not (env.su or env.user.has_group(group)):
        raise AccessError(why)
