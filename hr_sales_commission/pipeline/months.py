# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The name of a month as the reader writes it: October 2026, 2026年10月."""

from babel.dates import format_skeleton

from odoo.tools.misc import babel_locale_parse, get_lang


def month_name(env, day):
    """Return the name of a day's month with its year, in the order of the language.

    :param env: whose language counts
    :param date day: any day of the month
    :rtype: str
    """
    locale = babel_locale_parse(get_lang(env).code)
    return format_skeleton("yMMMM", day, locale=locale)
