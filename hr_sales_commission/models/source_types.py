"""Words that several models share about whose customer it is."""

COMMISSION_SOURCES = [
    ("marketing", "Marketing"),
    ("own", "Own customer"),
    ("referral", "Referral"),
]
