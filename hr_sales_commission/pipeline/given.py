# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What comes in from outside: values and ids that somebody gives.

Refusals are sentences that name the field; nothing strange reaches the database. An id
is looked at only after its giver was found to have read access to it.
"""

import base64
import json
import math
import re
from collections import defaultdict
from datetime import date, datetime

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import clean_context

from .titles import listed

#: the years and the largest number that anything of ours may have
MIN_YEAR, MAX_YEAR = 1900, 2999
MAX_NUMBER = 10**15
MAX_INTEGER = 2**31 - 1
#: names that everybody may know: whom and which channel a record is about
NAMED_MODELS = frozenset(
    ("res.users", "res.company", "res.currency", "res.country", "res.lang")
    + ("hr.employee", "hr.employee.public", "hr.department", "hr.version")
    + ("utm.campaign", "utm.medium", "utm.source", "crm.team", "crm.stage")
)


def check_values(model, vals):
    """Refuse values that do not fit the fields of a model.

    :param model: recordset of the model
    :param dict vals: as for ``create`` and ``write``
    :raises ValidationError: naming the field and what it takes
    """
    for name, value in vals.items():
        field = model._fields.get(name)
        if field is None:
            raise ValidationError(
                model.env._(
                    "There is no field “%(name)s” here. Look at the names of the "
                    "fields, or import with the template.",
                    name=str(name)[:60],
                )
            )
        if value is None or value is False:
            continue
        fault = _find_fault(model.env, field, value)
        if fault:
            raise ValidationError(
                model.env._(
                    "“%(value)s” does not fit “%(field)s”. %(expected)s",
                    value=str(value)[:60].replace("\0", "?"),
                    field=field._description_string(model.env) or name,
                    expected=fault,
                )
            )


def _find_fault(env, field, value):
    """Return what a field takes, if a value does not fit; else nothing."""
    sort = SORTS.get(field.type)
    if field.name == "res_model" and not (isinstance(value, str) and value in env):
        return env._("Give the technical name of a model.")
    if sort == "choice":
        keys = field.get_values(env)
        if value not in keys:
            return env._("Choose one of: %(keys)s.", keys=listed(env, map(str, keys)))
    if sort not in FITTING or FITTING[sort](value):
        for vals in _get_inner_values(value) if sort == "records" else ():
            check_values(env[field.comodel_name], vals)
        return None
    expected = {
        "day": env._("Give a day such as 2026-11-30."),
        "integer": env._("Give a number of usual size."),
        "number": env._("Give a number of usual size."),
        "json": env._("Give a number of usual size."),
        "text": env._("Give a text."),
        "file": env._("Give a file."),
        "record": env._("Give the number of a record."),
        "reference": env._("Give the model and the number of a record."),
        "records": env._("Give the numbers of records."),
        "answer": env._("Say yes or no."),
    }
    return expected[sort]


def is_day(value):
    """Whether a value is a day or a moment people live in."""
    if isinstance(value, str):
        try:
            value = fields.Datetime.to_datetime(value)
        except ValueError:
            return False
    return isinstance(value, date | datetime) and MIN_YEAR <= value.year <= MAX_YEAR


def is_number(value, is_integer=False):
    """Whether a value is a finite number of usual size, also written as text."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return False
    try:
        limit = MAX_INTEGER if is_integer else MAX_NUMBER
        return math.isfinite(value) and abs(value) <= limit
    except (TypeError, OverflowError):
        return False


def is_id(value):
    """Whether a value can be the id of a record, also of one being edited."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return 0 < value <= MAX_INTEGER
    return type(value).__name__ == "NewId" or _is_virtual(value)


def _is_virtual(value):
    return isinstance(value, str) and value.startswith("virtual_")


def _are_commands(value):
    if hasattr(value, "_name"):
        return True
    return isinstance(value, list | tuple) and all(map(_is_command, value))


def _is_command(value):
    """Whether a value makes, changes or names a record of a field of records."""
    if not isinstance(value, list | tuple):
        return isinstance(value, dict) or is_id(value)
    code, number, rest = (*value, None, None, None)[:3]
    if code in (Command.CREATE, Command.UPDATE):
        return isinstance(rest, dict) and (code == Command.CREATE or is_id(number))
    if code == Command.SET:
        return isinstance(rest, list | tuple | set) and all(map(is_id, rest))
    if code == Command.CLEAR:
        return True
    return code in (Command.DELETE, Command.UNLINK, Command.LINK) and is_id(number)


def _get_inner_values(value):
    """Yield the values that commands give to records."""
    for each in value if isinstance(value, list | tuple) else ():
        if isinstance(each, dict):
            yield each
        elif isinstance(each, list | tuple) and each[0] in (
            Command.CREATE,
            Command.UPDATE,
        ):
            yield each[2]


def _is_reference(value):
    return hasattr(value, "_name") or (
        isinstance(value, str) and bool(re.fullmatch(r"[\w.]+,\d{1,9}", value))
    )


def _is_file(value):
    try:
        return isinstance(value, bytes) or bool(base64.b64decode(value))
    except (TypeError, ValueError):
        return False


def _is_json(value):
    try:
        json.dumps(value, allow_nan=False, default=str)
    except ValueError:
        return False
    return True


def to_cells(env, columns, rows):
    """Return the rows of a file as texts: programs hand in numbers as well.

    :param columns: names of the columns
    :param rows: a list of values each
    :raises ValidationError: if they are no table
    :rtype: list[list]
    """
    is_table = isinstance(columns, list | tuple) and isinstance(rows, list | tuple)
    if not (
        is_table
        and all(isinstance(name, str) for name in columns)
        and all(isinstance(row, list | tuple) for row in rows)
        and not any(
            isinstance(each, dict | list | tuple) for row in rows for each in row
        )
    ):
        raise ValidationError(
            env._(
                "This is no table. Give the names of the columns, and rows of texts "
                "and numbers."
            )
        )
    return [list(map(_to_cell, row)) for row in rows]


def _to_cell(value):
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_number = isinstance(value, int | float) and value is not False
    return str(value) if is_number else value


def check_given(model, vals_list):
    """Refuse ids of records that the user may not read.

    Otherwise whoever names an id would be told what it is: a customer's mail, a deal,
    somebody's commission.

    :param model: recordset whose environment is that of the giver; nothing is checked
        in superuser mode
    :param vals_list: values as for ``create``
    :raises AccessError: without saying whether such a record exists
    """
    if model.env.su:
        return
    given = defaultdict(set)
    for vals in vals_list:
        for name, value in vals.items():
            field = model._fields.get(name)
            if field is not None and value:
                for comodel, number in get_ids(field, value):
                    given[comodel].add(number)
    for comodel, numbers in given.items():
        if comodel not in NAMED_MODELS and comodel in model.env:
            check_readable(model.env[comodel].browse(numbers))


def check_readable(records):
    """Refuse records that the user may not read.

    :raises AccessError: without saying whether such records exist
    """
    if records != records.exists() or not records.has_access("read"):
        raise AccessError(
            records.env._(
                "You name a record of “%(model)s” that does not exist or that you "
                "may not read. Choose one that you can see.",
                model=records._description,
            )
        )


def get_ids(field, value):
    """Yield the models and ids that a value of a field names."""
    if field.type == "many2one":
        yield from ((field.comodel_name, number) for number in _real([value]))
    elif field.type == "reference" and isinstance(value, str) and "," in value:
        comodel, number = value.split(",", 1)
        if number.isdigit() and int(number) <= MAX_INTEGER:
            yield comodel, int(number)
    elif field.type == "many2many" or field.type == "one2many":
        numbers = []
        for each in value if isinstance(value, list | tuple) else ():
            if isinstance(each, int):
                numbers.append(each)
            elif isinstance(each, list | tuple) and each:
                if each[0] in (Command.LINK, Command.UPDATE) and len(each) > 1:
                    numbers.append(each[1])
                elif each[0] == Command.SET and len(each) > 2:
                    numbers += each[2] or []
        yield from ((field.comodel_name, number) for number in _real(numbers))


def _real(numbers):
    return [
        number
        for number in numbers
        if isinstance(number, int) and not isinstance(number, bool) and number > 0
    ]


def find_numbers(value):
    """Return the ids that a value of a form names, whatever it is written as.

    :param value: a number, numbers, or text of them
    :rtype: list[int]
    """
    if isinstance(value, str):
        return [int(each) for each in re.findall(r"\d{1,9}", value)]
    values = value if isinstance(value, list | tuple) else [value]
    return [each for each in values if is_stored(each)]


def get_system_context(context):
    """Return a context in which the system records and computes.

    What somebody proposes in theirs, or says of what is to be found, changes neither.

    :rtype: dict
    """
    context = clean_context(context)
    context.pop("active_test", None)
    return context


# ----------------------------------------------------------------------
# Parameters of methods
# ----------------------------------------------------------------------


def to_day(env, value):
    """Return a parameter as a day.

    :raises ValidationError: if it is none
    :rtype: date
    """
    if not value or not is_day(value):
        raise ValidationError(
            env._(
                "“%(value)s” is no day. Give one such as 2026-11-30.",
                value=str(value)[:60],
            )
        )
    return fields.Date.to_date(value)


def check_not_after(env, day, today):
    """Refuse a day that has not come.

    :param date day: what is said to have happened on it
    :param date today: where it happened
    :raises ValidationError: naming the day
    """
    if day and day > today:
        raise ValidationError(
            env._(
                "%(day)s has not come yet. Give the day on which it happened.",
                day=fields.Date.to_string(day),
            )
        )


def to_period(env, start, end):
    """Return two parameters as the first and last day of a period.

    :raises ValidationError: if they are none, or the wrong way round, or longer apart
        than twenty years
    """
    start, end = to_day(env, start), to_day(env, end)
    if end < start or (end - start).days > 20 * 366:
        raise ValidationError(
            env._(
                "From %(start)s to %(end)s is no period. Give a first and a last day, "
                "at most twenty years apart.",
                start=fields.Date.to_string(start),
                end=fields.Date.to_string(end),
            )
        )
    return start, end


def to_id(env, value):
    """Return a parameter as the id of a record, or False.

    :raises ValidationError: if it is something else
    """
    if value is None or value is False or value == "":
        return False
    if not isinstance(value, int) or not is_id(value):
        raise ValidationError(
            env._("“%(value)s” is not the number of a record.", value=str(value)[:60])
        )
    return value


def to_ids(env, values):
    """Return a parameter as ids of records.

    :raises ValidationError: if it is something else
    :rtype: list[int]
    """
    values = [values] if isinstance(values, int) else values
    if not isinstance(values, list | tuple | set) or not all(map(is_stored, values)):
        raise ValidationError(
            env._(
                "“%(value)s” is no list of numbers of records.", value=str(values)[:60]
            )
        )
    return list(values)


def is_stored(value):
    """Whether a value can be the id of a stored record."""
    return isinstance(value, int) and is_id(value)


def to_choice(env, value, keys):
    """Return a parameter that is one of some keys, or False.

    :raises ValidationError: naming the keys
    """
    if value is None or value is False or value == "":
        return False
    if not isinstance(value, str) or value not in keys:
        raise ValidationError(
            env._(
                "“%(value)s” cannot be chosen here. Choose one of: %(keys)s.",
                value=str(value)[:60],
                keys=listed(env, keys),
            )
        )
    return value


#: what a field takes, by its type
SORTS = {
    **dict.fromkeys(("date", "datetime"), "day"),
    **dict.fromkeys(("float", "monetary"), "number"),
    **dict.fromkeys(("char", "text", "html"), "text"),
    **dict.fromkeys(("one2many", "many2many"), "records"),
    **dict.fromkeys(("integer", "many2one_reference"), "integer"),
    "binary": "file",
    "json": "json",
    "reference": "reference",
    "selection": "choice",
    "many2one": "record",
    "boolean": "answer",
}
#: whether a value is of a sort
FITTING = {
    "day": is_day,
    "integer": lambda value: is_number(value, is_integer=True),
    "number": is_number,
    "text": lambda value: isinstance(value, str) and "\0" not in value,
    "record": lambda value: is_id(value) or hasattr(value, "_name"),
    "reference": _is_reference,
    "records": _are_commands,
    "file": _is_file,
    "json": _is_json,
    "answer": lambda value: isinstance(value, bool | int),
}
