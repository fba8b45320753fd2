# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What lies behind the figures of the boards: the records that each one counts.

Domains as plain lists, which a client opens as they are.
"""

from .pay_parts import EARNED_DOMAIN, PART_DOMAINS
from .states import COST_STATES

LINES, CREDITS, PATHS = "lines", "credits", "paths"

#: credits of what happened and was not undone, without those of managers
COUNTED = [("date_reversed", "=", False), ("share", ">", 0), ("manager_level", "=", 0)]
DEALS = [("event_type", "=", "deal_won"), *COUNTED]
QUALIFIED = [("event_type", "=", "lead_qualified"), *COUNTED]
OF_SALES, OF_MARKETING = [("role", "=", "sales")], [("role", "=", "marketing")]
COST = [("state", "in", list(COST_STATES))]

#: which records a key figure of the management opens
KEY_RECORDS = {
    "signed": (CREDITS, DEALS + OF_SALES),
    "commission": (LINES, COST),
    "cost_ratio": (LINES, COST),
    "qualified": (CREDITS, QUALIFIED + OF_MARKETING),
    "followup_rate": (CREDITS, QUALIFIED + OF_MARKETING),
    "synergy_rate": (
        CREDITS,
        [*QUALIFIED, *OF_MARKETING, ("lead_won_status", "=", "won")],
    ),
    "overall_rate": (PATHS, []),
    "joint": (
        CREDITS,
        [
            *DEALS,
            *OF_MARKETING,
            ("commission_source", "=", "marketing"),
            ("lead_followup_count", ">", 0),
        ],
    ),
    "time_to_sign": (CREDITS, DEALS + OF_SALES),
    "own_share": (CREDITS, [*DEALS, *OF_SALES, ("commission_source", "=", "own")]),
    "cost_per_lead": (LINES, COST + OF_MARKETING),
    "cost_per_deal": (LINES, COST + OF_MARKETING),
}
#: which of the reader's own lines a card opens
MY_CARDS = {
    "earned": EARNED_DOMAIN,
    "bonus": [("kind", "=", "bonus"), *EARNED_DOMAIN],
    **PART_DOMAINS,
    "disputed": [("is_disputed", "=", True)],
}


def days(start, end, field="date"):
    """Return the domain of the days from one to another (dates or text), both included."""
    return [(field, ">=", str(start)), (field, "<=", str(end))]
