"""Where money stands that people look forward to: held, open, in payroll or paid.

Statements, My Commissions and payslips tell these parts by what stands here. What is
earned is open, in payroll and paid together; what is held is apart.
"""

NOT_DISPUTED = ("is_disputed", "=", False)


def _with_drafts(*states):
    """Return the condition of lines in some states, or to approve and not disputed."""
    drafts = ["&", ("state", "=", "draft"), NOT_DISPUTED]
    return ["|", ("state", "in", list(states)), *drafts]


#: the condition of the lines of each part
PART_DOMAINS = {
    "held": ["|", ("state", "=", "held")]
    + ["&", ("state", "=", "draft"), ("is_disputed", "=", True)],
    "open": _with_drafts("approved"),
    "in_payroll": [("state", "=", "in_payroll")],
    "paid": [("state", "=", "paid")],
}
#: the condition of all parts but what is held
EARNED_DOMAIN = _with_drafts("approved", "in_payroll", "paid")
#: the condition of what is earned and not paid yet
UNPAID_DOMAIN = _with_drafts("approved", "in_payroll")


def part_of(state, is_disputed):
    """Return to which part a line belongs; None for what is cancelled."""
    if state == "draft":
        return "held" if is_disputed else "open"
    return "open" if state == "approved" else state if state in PART_DOMAINS else None
