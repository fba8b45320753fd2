# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What the states of commissions and of statements mean: each list stands here once.

Which part of the money a commission belongs to, ``pay_parts`` says.
"""

#: commissions that are held or drafted: nobody approved them
UNAPPROVED_STATES = ("held", "draft")
#: commissions that computing again may replace: nobody counts on them
OPEN_STATES = (*UNAPPROVED_STATES, "cancelled")
#: the condition of commissions that somebody may approve now
APPROVABLE_DOMAIN = [("state", "=", "draft"), ("is_disputed", "=", False)]
#: commissions on a payslip, exported or paid: their money has left the house
HANDED_STATES = ("in_payroll", "paid")
#: approved commissions, that never change: people count on them
PROMISED_STATES = ("approved", *HANDED_STATES)
#: commissions whose money has not left the house
UNPAID_STATES = (*UNAPPROVED_STATES, "approved")
#: what deals cost, or will: also what is held
COST_STATES = (*UNAPPROVED_STATES, *PROMISED_STATES)
#: what counts for large amounts: all that is neither held nor cancelled
LARGE_STATES = ("draft", *PROMISED_STATES)

#: statements that can still change
OPEN_STATEMENTS = ("draft", "confirmed")
#: statements whose balance the next month carries on
SETTLED_STATEMENTS = ("approved", "paid")
#: statements whose figures stand
SEALED_STATEMENTS = ("confirmed", *SETTLED_STATEMENTS)
