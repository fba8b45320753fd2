"""What documents are worth to a rule: amounts of orders, invoices and payments in sets. No models."""
