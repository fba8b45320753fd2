# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Who asks: names of deals and people's money are for those who may read them."""

from odoo import SUPERUSER_ID


def readable(records):
    """Return those of some records that the user may read, also in superuser mode.

    Odoo reads the names of linked records as superuser, because names are no secret.
    Those of deals and of people's commissions are: whoever can store an id somewhere
    would be told whose it is.

    :param records: in any environment; new records are their user's own
    :return: in the same environment
    """
    if not records.env.su or records.env.uid == SUPERUSER_ID:
        return records  # what is read without superuser mode was checked before
    stored = records.filtered(lambda record: isinstance(record.id, int))
    if not stored:
        return records
    seen = stored.sudo(False)._filtered_access("read")
    return (records - stored) | seen.with_env(records.env)
