# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Records that an address names."""

from werkzeug.exceptions import NotFound

from odoo.http import request

from ..pipeline.given import is_stored


def find_records(model, ids):
    """Return the records of a model that an address names.

    Record rules decide: one that the user may not read refuses all.

    :param str model: name of the model
    :param str ids: ids, separated by commas
    :raises NotFound: where one of them is no record
    :raises AccessError: where the user may not read one
    """
    try:
        numbers = [int(number) for number in ids.split(",")]
    except ValueError as error:
        raise NotFound() from error
    if not all(map(is_stored, numbers)):
        raise NotFound()
    records = request.env[model].browse(dict.fromkeys(numbers))
    if records != records.exists():
        raise NotFound()
    records.check_access("read")
    return records
