# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Words that several models share: the choices of plans, rules and leads."""

COMMISSION_SOURCES = [
    ("marketing", "Marketing"),
    ("own", "Own customer"),
    ("referral", "Referral"),
]

#: what happens to leads and deals
LEAD_EVENT_TYPES = [
    ("lead_qualified", "Lead qualified"),
    ("deal_won", "Deal won"),
]
EVENT_TYPES = [*LEAD_EVENT_TYPES, ("target_scored", "Target settled")]
PERIODS = [
    ("event", "Event"),
    ("week", "Week"),
    ("month", "Month"),
    ("quarter", "Quarter"),
    ("year", "Year"),
]
#: what measures are called; codes of ``engine.measures.MEASURES``
MEASURE_NAMES = {
    "won_amount": "Amount of deals won",
    "won_count": "Number of deals won",
    "qualified_count": "Number of qualified leads",
    "invoiced": "Amount invoiced",
    "collected": "Money collected",
    "margin": "Margin of invoices",
    "margin_percent": "Margin (%)",
    "days_to_collect": "Days from invoice to money",
    "days_overdue": "Days from due date to money",
    "days_to_sign": "Days from lead to signing",
    "quantity": "Quantity invoiced",
    "conversion_rate": "Conversion rate (%)",
    "referral_count": "Number of deals from referrals",
    "referral_rate": "Deals from referrals (%)",
    "repeat_count": "Number of deals with earlier customers",
    "repeat_rate": "Repurchase rate (%)",
    "joint_count": "Number of deals won together",
    "terms_days": "Payment terms (days)",
    "customer_months": "Months since the customer's first sale",
    "tenure_months": "Months in the company",
}


def _named(*codes):
    return [(code, MEASURE_NAMES[code]) for code in codes]


#: what counts deals, wherever deals are counted
_OF_DEALS = ("conversion_rate", "referral_count", "referral_rate") + (
    "repeat_count",
    "repeat_rate",
    "joint_count",
)
#: what counts money and leads
_OF_MONEY = ("won_count", "qualified_count", "invoiced", "collected", "margin")
#: what alerts may look at: what targets count, and averages
ALERT_MEASURES = _named(
    "won_amount", *_OF_MONEY, "quantity", *_OF_DEALS, "days_to_sign"
)
#: what a target may count
TARGET_MEASURES = [
    *_named("won_amount", *_OF_MONEY, "quantity", *_OF_DEALS),
    ("score", "Score, entered and approved"),
    ("weighted", "Several, weighted"),
]
#: what the brackets of a rule may go by
TIER_MEASURES = [
    ("amount", "Amount of the event"),
    ("cumulative", "Amount accumulated in the period"),
    *_named(*_OF_MONEY, "margin_percent"),
    *_named("days_to_collect", "days_overdue", "days_to_sign", "terms_days"),
    *_named("customer_months", "tenure_months"),
    *_named("quantity", *_OF_DEALS),
    ("attainment", "Target attainment (%)"),
    ("team_attainment", "Target attainment of the team (%)"),
    ("branch_attainment", "Target attainment of the branch (%)"),
    ("team_place", "Place in the team"),
    ("branch_place", "Place in the branch"),
]

PAYOUTS = [
    ("immediate", "On the day of the event"),
    ("days", "Days after the event"),
    ("months", "Months after the event"),
    ("month_end", "Days after the end of the month"),
    ("after_next_month", "Days after the end of the next month"),
    ("after_quarter", "Days after the end of the quarter"),
    ("working_days", "Working days after the event"),
    ("working_days_after_month", "Working days after the end of the month"),
]
