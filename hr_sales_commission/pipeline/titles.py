# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Titles, labels before a text, lists and sentences, as the reader's language writes them."""

from functools import reduce

from markupsafe import Markup

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

LABELLED = _lt("%(label)s: %(text)s")
BRACKETED = _lt("%(text)s (%(mark)s)")
LISTED = _lt("%(listed)s, %(next)s")
PHRASES = _lt("%(phrases)s, %(next)s")
CLAUSES = _lt("%(clauses)s; %(next)s")
SENTENCES = _lt("%(sentences)s %(next)s")


def labelled(env, label, text):
    """Return a text after its label.

    :param str label: translated
    :param text: str, or Markup for HTML
    :return: of the type of the text
    """
    pattern = env._(LABELLED)
    if isinstance(text, Markup):
        pattern = Markup(pattern)
    return pattern % {"label": label, "text": text}


def bracketed(env, text, mark):
    """Return a text with a remark behind it, in brackets.

    :rtype: str
    """
    pattern = env._(BRACKETED)
    return pattern % {"text": text, "mark": mark}


def listed(env, texts):
    """Return texts as a list in a sentence, without the empty ones.

    :rtype: str
    """
    return _chain(env, LISTED, "listed", texts)


def phrases(env, texts):
    """Return what one sentence says bit by bit, without the empty ones.

    :rtype: str
    """
    return _chain(env, PHRASES, "phrases", texts)


def clauses(env, texts):
    """Return parts of a sentence one after the other, without the empty ones.

    :rtype: str
    """
    return _chain(env, CLAUSES, "clauses", texts)


def sentences(env, texts):
    """Return sentences one after the other, without the empty ones.

    :rtype: str
    """
    return _chain(env, SENTENCES, "sentences", texts)


def _chain(env, pattern, name, texts):
    pattern = env._(pattern)
    known = [str(text) for text in texts if text]
    return reduce(
        lambda so_far, text: pattern % {name: so_far, "next": text}, known or [""]
    )


def title_of(act, name):
    """Return the title of a dialog; only the act where the name is not for the reader.

    :param str act: what the dialog is for, translated
    :param name: of what it is about, or False
    :rtype: str
    """
    return f"{act} – {name}" if name else act
