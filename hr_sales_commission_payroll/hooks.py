def uninstall_hook(env):
    """Give commissions back that open payslips hold, and clean those payslips.

    Without it, waiting payslips would still pay salary lines nobody could explain, and
    the commissions would stay in payroll for ever. Payslips that are done keep theirs.
    """
    payslips = env["hr.payslip"].search([("state", "=", "verify")])
    payslips.filtered("commission_ids").action_payslip_draft()
    env["hr.payslip.input"].search(
        [
            ("commission_kind", "!=", False),
            ("payslip_id.state", "!=", "done"),
        ]
    ).unlink()
    env["hr.payslip.line"].search(
        [
            ("commission_kind", "!=", False),
            ("slip_id.state", "!=", "done"),
        ]
    ).slip_id.line_ids.unlink()
