# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which days are closed, by the day up to which a company has closed its months."""

from datetime import timedelta


def is_closed(lock_date, day):
    """Return whether a day is in a closed month.

    :param lock_date: the last closed day, empty where nothing is closed
    :param day: local day of the company, or empty
    """
    return bool(lock_date and day and day <= lock_date)


def first_open_day(lock_date, day):
    """Return the day itself, or the first one after it that is not closed.

    :param lock_date: as of :func:`is_closed`
    :param date day: local day of the company
    """
    return max(day, lock_date + timedelta(days=1)) if lock_date else day
