"""Titles of dialogs: what is done, and to whom or what."""


def title_of(act, name):
    """Return the title of a dialog; only the act where the name is not for the reader.

    :param str act: what the dialog is for, translated
    :param name: of what it is about, or False
    :rtype: str
    """
    return f"{act} – {name}" if name else act
