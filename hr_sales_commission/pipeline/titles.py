"""Titles, and what has a label before it, as the reader's language writes them."""

from markupsafe import Markup

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

LABELLED = _lt("%(label)s: %(text)s")


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


def title_of(act, name):
    """Return the title of a dialog; only the act where the name is not for the reader.

    :param str act: what the dialog is for, translated
    :param name: of what it is about, or False
    :rtype: str
    """
    return f"{act} – {name}" if name else act
