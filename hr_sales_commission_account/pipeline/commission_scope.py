# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which part of a document a rule pays on.

A rule that pays on a margin, on some products or on some customers only does not pay
on a document as such. For every such set of conditions in use a document has an event
of its own, with the amount and the quantity that satisfy them: the *scope*. The rule
pays on the events of its scope and on no other.
"""

import json
from dataclasses import dataclass, fields
from hashlib import sha1

from odoo.tools import SQL

#: separates the event type from the scope, where the engine sees them
SCOPE_MARK = "|"


class TriedScopes(dict):
    """Scopes by event type, of a plan that is tried: no caller can hand in its like."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The conditions of a rule on documents, their customers and their lines.

    :param base: a code of :data:`amount_bases.BASES`
    :param product_domain: text of a domain on product.product
    :param min_discount, max_discount: percentages of the line
    :param customer_domain: text of a domain on res.partner
    :param customer_kind: ``first`` or ``repeat`` sale, empty for both
    :param collected: what counts as collected: ``money``, ``settled``, or empty for money
        and withheld tax
    :param fully_paid: nothing before the customer has paid everything
    :param origin: ``order``: comes from an order; ``lead``: from an order of a lead
    """

    base: str = "amount"
    product_domain: str = ""
    min_discount: float = 0.0
    max_discount: float = 100.0
    customer_domain: str = ""
    customer_kind: str = ""
    fully_paid: bool = False
    origin: str = ""
    collected: str = ""

    @property
    def key(self):
        """A short name of the scope; empty for the whole document.

        Made of the conditions that are set, by their names: a condition that is added
        to this class later leaves the names of recorded events as they are.
        """
        conditions = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if getattr(self, each.name) != each.default
        }
        if not conditions:
            return ""
        text = json.dumps(conditions, sort_keys=True, ensure_ascii=False)
        return sha1(text.encode()).hexdigest()[:10]

    @property
    def looks_at_lines(self):
        """Whether the lines of a document differ for this scope."""
        return bool(self.base != WHOLE.base or self.chooses_lines)

    @property
    def chooses_lines(self):
        """Whether some lines of a document count and others do not."""
        return bool(
            self.product_domain
            or self.min_discount > WHOLE.min_discount
            or self.max_discount < WHOLE.max_discount
        )


WHOLE = Scope()


def scoped_event_type(event_type, key):
    """Return the event type under which the engine knows events of a scope."""
    return f"{event_type}{SCOPE_MARK}{key}" if key else event_type


def event_part(order_id="", money_id="", scope_key="", taken_id=""):
    """Return what tells the events of one document apart (``res_part``).

    :param order_id: the order that this part of an invoice comes from
    :param money_id: the journal item of the money
    :param taken_id: of money paid back: the journal item of the money that it takes
        back, empty for the first that came in
    """
    part = f"{order_id or ''}/{money_id or ''}/{scope_key}"
    if taken_id:
        part += f"/{taken_id}"
    return "" if part == "//" else part


def taken_money(event):
    """Return the journal item of the money that money paid back takes back, as SQL.

    NULL for the first that came in.

    :param str event: alias of the event
    """
    return SQL(
        "substring(%s FROM '^[^/]*/[^/]*/[^/]*/([0-9]+)')::integer",
        SQL.identifier(event, "res_part"),
    )


#: what :func:`event_part` packs, as columns that the database keeps itself
PART_COLUMNS = {
    "part_order_id": ("integer", "substring(res_part FROM '^([0-9]+)/')::integer"),
    "part_money_id": (
        "integer",
        "substring(res_part FROM '^[0-9]*/([0-9]+)/')::integer",
    ),
    "part_scope": ("varchar", "split_part(res_part, '/', 3)"),
}
