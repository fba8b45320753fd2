# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Numbers and percentages as the reader's language writes them."""

import re

from odoo.tools import LazyTranslate, formatLang

_lt = LazyTranslate(__name__)

PERCENTAGE = _lt("%(number)s %%")
#: a whole as a percentage, as fields hold it
FULL = 100.0
#: decimals that a rate is shown with at most
RATE_DIGITS = 4
#: a number as the engine writes it, with decimals
WITH_DECIMALS = re.compile(r"-?\d+\.\d+")


def format_number(env, number, digits=RATE_DIGITS, is_change=False):
    """Return a number without zeros that say nothing.

    :param number: float or Decimal
    :param int digits: decimals at most
    :param bool is_change: what is above zero has a plus
    :rtype: str
    """
    number = round(float(number), digits)
    shown = next(each for each in range(digits + 1) if round(number, each) == number)
    sign = "+" if is_change and number > 0 else ""
    return sign + formatLang(env, number or 0.0, digits=shown)


def format_percent(env, number, digits=RATE_DIGITS, is_change=False):
    """Return a percentage with the sign for it.

    :param number: 2.0 means 2 %
    :param digits, is_change: as of :func:`format_number`
    :rtype: str
    """
    percentage = env._(PERCENTAGE)
    return percentage % {"number": format_number(env, number, digits, is_change)}


def get_workbook_format(currency):
    """Return how the cells of a workbook show amounts of a currency.

    :param currency: res.currency
    :return: number format of XLSX: 1,234 of yen, 1,234.500 of Kuwaiti dinars
    """
    decimals = currency.decimal_places
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def format_decimals(env, values):
    """Return the values of a sentence, numbers with decimals in the reader's format.

    :param dict values: texts by name, as the engine gives them
    :rtype: dict
    """
    return {
        name: format_number(env, value, digits=6)
        if isinstance(value, str) and WITH_DECIMALS.fullmatch(value)
        else value
        for name, value in values.items()
    }
