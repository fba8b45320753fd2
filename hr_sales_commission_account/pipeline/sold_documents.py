"""Which orders and invoices a company has sold with: each condition stands here once."""

#: kinds of moves that are sent to customers
CUSTOMER_DOCUMENTS = ("out_invoice", "out_refund", "out_receipt")
#: the condition of orders that are confirmed
ORDERED = [("state", "=", "sale")]
#: the condition of invoices, receipts and credit notes that are posted
INVOICED = [("state", "=", "posted"), ("move_type", "in", CUSTOMER_DOCUMENTS)]
