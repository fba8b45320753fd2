# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Tells people one by one; a message that fails stops nobody else's."""

import logging

from .isolation import isolated

_logger = logging.getLogger(__name__)


def render_notice(record, template, **values):
    """Return what a mail template of ours says about a record, in its language.

    People edit the templates; who tells something only gives the values.

    :param record: the record, in the language of whoever reads it
    :param str template: external id of a ``mail.template``, without our addon's name
    :param values: what the template may use besides ``object``, by ``ctx.get``: Odoo
        tries a template on any record when it is saved, without them
    :return: ``subject`` and ``body``
    :rtype: dict
    """
    template = record.env.ref(f"hr_sales_commission.{template}")
    # sudo: mail.template - whoever is at work
    template = template.sudo().with_context(**values)
    subject, body = (
        template._render_field(name, record.ids)[record.id]
        for name in ("subject", "body_html")
    )
    return {"subject": subject, "body": body}


def as_notice(records):
    """Return records whose messages are notices: mailed once a day, told at once.

    See ``mail.notification``.
    """
    return records.with_context(commission_notice=True)


def tell_each(batches, tell):
    """Tell each batch of records on its own, all or nothing.

    What fails is logged and left as it is, for the next run.

    :param batches: recordsets
    :param tell: what sends the message about one of them
    """
    for records in batches:
        with isolated(records.env, _logger, "Telling about", records):
            tell(records)
