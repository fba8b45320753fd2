"""What payslips pick up from the ledger. No models."""
