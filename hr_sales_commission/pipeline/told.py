# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a button tells in the corner of the page, and what it does next."""

RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}
CLOSE = {"type": "ir.actions.act_window_close"}


def told(kind, message, following=None, **params):
    """Return the action that tells something.

    :param str kind: ``info``, ``success``, ``warning`` or ``danger``
    :param str message: in the reader's language
    :param following: what is done next, an action or its external id; nothing given: the
        page is read again
    :param params: others of Odoo's notification, as ``title`` and ``sticky``
    :rtype: dict
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": kind,
            "message": message,
            "next": following or RELOAD,
            **params,
        },
    }
