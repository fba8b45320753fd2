"""What lies behind the figures of the boards: the records that each one counts.

Domains as plain lists, which a client opens as they are.
"""

LINES, CREDITS, PATHS = "lines", "credits", "paths"
PAYABLE_STATES = ("draft", "approved", "in_payroll", "paid")
EARNED_STATES = (*PAYABLE_STATES, "held")
UNPAID_STATES = ("draft", "approved", "in_payroll")

#: credits of what happened and was not undone, without those of managers
COUNTED = [("date_reversed", "=", False), ("share", ">", 0), ("manager_level", "=", 0)]
DEALS = [("event_type", "=", "deal_won"), *COUNTED]
QUALIFIED = [("event_type", "=", "lead_qualified"), *COUNTED]
OF_SALES, OF_MARKETING = [("role", "=", "sales")], [("role", "=", "marketing")]
EARNED = [("state", "in", list(EARNED_STATES))]
PAYABLE = [("state", "in", list(PAYABLE_STATES))]

#: which records a key figure of the management opens
KEY_RECORDS = {
    "signed": (CREDITS, DEALS + OF_SALES),
    "commission": (LINES, EARNED),
    "cost_ratio": (LINES, EARNED),
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
    "cost_per_lead": (LINES, EARNED + OF_MARKETING),
    "cost_per_deal": (LINES, EARNED + OF_MARKETING),
}
#: which of the reader's own lines a card opens
MY_CARDS = {
    "earned": PAYABLE,
    "bonus": [("kind", "=", "bonus"), *PAYABLE],
    "paid": [("state", "=", "paid")],
    "held": [("state", "=", "held")],
    "disputed": [("is_disputed", "=", True)],
}


def days(start, end, field="date"):
    """Return the domain of the days from one to another (dates or text), both included."""
    return [(field, ">=", str(start)), (field, "<=", str(end))]
