# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which orders and invoices a company has sold with: each condition stands here once."""

#: kinds of moves that something is sold by; a credit note takes it back
INVOICES = ("out_invoice", "out_receipt")
#: kinds of moves that are sent to customers
CUSTOMER_DOCUMENTS = (*INVOICES, "out_refund")
#: the condition of orders that are confirmed
ORDERED = [("state", "=", "sale")]
#: the condition of invoices, receipts and credit notes that are posted
INVOICED = [("state", "=", "posted"), ("move_type", "in", CUSTOMER_DOCUMENTS)]
