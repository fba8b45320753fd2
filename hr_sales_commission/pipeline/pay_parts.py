# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Where money stands that people look forward to: held, open, in payroll or paid.

Statements, My Commissions and payslips tell these parts by what stands here. What is
earned is open, in payroll and paid together; what is held is apart.
"""

from odoo.tools import SQL

#: the part of a line by its state; what is cancelled is in none
PART_BY_STATE = {
    "held": "held",
    "draft": "open",
    "approved": "open",
    "in_payroll": "in_payroll",
    "paid": "paid",
}
#: in this state a line that is disputed is held
CONTESTABLE = "draft"


def part_of(state, is_disputed):
    """Return to which part a line belongs; None for what is cancelled."""
    if state == CONTESTABLE and is_disputed:
        return "held"
    return PART_BY_STATE.get(state)


def domain_of(*parts):
    """Return the condition of the lines of some parts, as a list that clients read."""
    states = [state for state, part in PART_BY_STATE.items() if part in parts]
    others = [("state", "in", [each for each in states if each != CONTESTABLE])]
    answers = [flag for flag in (False, True) if part_of(CONTESTABLE, flag) in parts]
    contestable = ("state", "=", CONTESTABLE)
    if len(answers) == 1:
        return ["|", *others, "&", contestable, ("is_disputed", "=", answers[0])]
    return ["|", *others, contestable] if answers else others


def held_sql(line):
    """Return the condition of what is held, in SQL.

    :param str line: alias of ``hr_commission_line``
    """
    return SQL(
        "(%(line)s.state = 'held'"
        " OR (%(line)s.state = %(state)s AND COALESCE(%(line)s.is_disputed, FALSE)))",
        line=SQL.identifier(line),
        state=CONTESTABLE,
    )


#: the condition of the lines of each part
PART_DOMAINS = {part: domain_of(part) for part in PART_BY_STATE.values()}
#: the condition of all parts but what is held
EARNED_DOMAIN = domain_of("open", "in_payroll", "paid")
#: the condition of what is earned and not paid yet
UNPAID_DOMAIN = domain_of("open", "in_payroll")
