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
#: what a target may count; codes of ``engine.measures.MEASURES``
TARGET_MEASURES = [
    ("won_amount", "Amount of deals won"),
    ("won_count", "Number of deals won"),
    ("qualified_count", "Number of qualified leads"),
    ("invoiced", "Amount invoiced"),
    ("collected", "Money collected"),
    ("margin", "Margin of invoices"),
    ("quantity", "Quantity invoiced"),
    ("conversion_rate", "Conversion rate (%)"),
    ("referral_count", "Number of deals from referrals"),
    ("referral_rate", "Deals from referrals (%)"),
    ("repeat_count", "Number of deals with earlier customers"),
    ("repeat_rate", "Repurchase rate (%)"),
    ("joint_count", "Number of deals won together"),
    ("score", "Score, entered and approved"),
    ("weighted", "Several, weighted"),
]

#: what alerts may look at: what targets count, and averages
ALERT_MEASURES = [
    *(each for each in TARGET_MEASURES if each[0] not in ("score", "weighted")),
    ("days_to_sign", "Days from lead to signing"),
]

PAYOUTS = [
    ("immediate", "On the day of the event"),
    ("days", "Days after the event"),
    ("month_end", "Days after the end of the month"),
    ("after_next_month", "Days after the end of the next month"),
    ("after_quarter", "Days after the end of the quarter"),
    ("working_days", "Working days after the event"),
    ("working_days_after_month", "Working days after the end of the month"),
]
