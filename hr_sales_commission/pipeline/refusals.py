# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Acts on a selection: what cannot be done stays behind, named with its reason."""

from odoo.exceptions import UserError

from .told import told

#: a message names so many reasons and counts the others
MOST_NAMED = 8


def name_each(records, sentence):
    """Give each of the records its own sentence.

    :param str sentence: with ``%(line)s`` for the name of a line, ``%(statement)s`` for
        that of a statement
    :return: (record, sentence) pairs
    """
    for record in records:
        word = record._name.rpartition(".")[2]
        # sudo: to name what is refused
        yield record, sentence % {word: record.sudo().display_name}


def explain_each(found):
    """Return the first reason of each record.

    :param found: (record, reason) pairs
    :rtype: dict
    """
    refusals = {}
    for record, reason in found:
        refusals.setdefault(record, reason)
    return refusals


def refuse_any(found):
    """Refuse all if one is refused.

    :param found: (record, reason) pairs, not asked further than the first
    :raises UserError: with the first reason
    """
    for _record, reason in found:
        raise UserError(reason)


def describe(env, refusals):
    """Return the reasons as one text, each once, the first ones in full.

    :param dict refusals: from :func:`explain_each`
    :rtype: str
    """
    reasons = list(dict.fromkeys(refusals.values()))
    named, more = reasons[:MOST_NAMED], len(reasons[MOST_NAMED:])
    if more:
        named.append(env._("And %(count)s more.", count=more))
    return "\n".join(named)


def offer_undo(action, records, method):
    """Return a notification with a button that takes back what was done.

    :param dict action: from :func:`tell_done`
    :param records: of what it is taken back; without any there is no button
    :param str method: what the button calls on them
    :rtype: dict
    """
    if not records:
        return action
    undo = {
        "model": records._name,
        "ids": records.ids,
        "method": method,
        "label": records.env._("Undo"),
    }
    params = {**action["params"], "undo": undo}
    return {**action, "tag": "commission_approved", "params": params}


def tell_done(env, title, refusals, texts=(), is_success=True):
    """Return the notification that says what was done, and what becomes of the rest.

    :param str title: how many of how many
    :param dict refusals: what was left, from :func:`explain_each`
    :param texts: what else is to be said first
    :param bool is_success: nothing else is left to do
    :rtype: dict
    """
    reasons = [describe(env, refusals)] if refusals else []
    return told(
        "warning" if refusals or not is_success else "success",
        "\n".join([*texts, *reasons]),
        title=title,
        sticky=bool(refusals),
        className="o_commission_reasons",
    )
