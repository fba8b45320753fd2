# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What uninstallation leaves of commissions on payslips."""

MODULE = "hr_sales_commission_payroll"


def uninstall_hook(env):
    """Give commissions back that open payslips hold, and clean those payslips.

    Without it, waiting payslips would still pay salary lines nobody could explain, and
    the commissions would stay in payroll for ever. Payslips that are done keep theirs.
    """
    _release_open_payslips(env)
    _retire_salary_rules(env)


def _release_open_payslips(env):
    """Set waiting payslips with commissions to draft, to be computed again."""
    waiting = env["hr.payslip"].search([("state", "=", "verify")])
    waiting.filtered("commission_ids").action_payslip_draft()
    for model, payslip in (
        ("hr.payslip.input", "payslip_id"),
        ("hr.payslip.line", "slip_id"),
    ):
        shown = env[model].search(
            [("commission_kind", "!=", False), (f"{payslip}.state", "!=", "done")]
        )
        if model == "hr.payslip.line":
            shown = shown.slip_id.line_ids
        shown.unlink()


def _retire_salary_rules(env):
    """Archive the rules, and keep those that payslips refer to with their category."""
    everything = env(context={**env.context, "active_test": False})
    rules = everything["hr.salary.rule"].search([("commission_kind", "!=", False)])
    rules.active = False
    used = (
        everything["hr.payslip.line"]
        .search([("salary_rule_id", "in", rules.ids)])
        .salary_rule_id
    )
    categories = used.category_id + used.category_id.parent_id
    env["ir.model.data"].search(
        [
            ("module", "=", MODULE),
            "|",
            *("&", ("model", "=", "hr.salary.rule"), ("res_id", "in", used.ids)),
            *(
                "&",
                ("model", "=", "hr.salary.rule.category"),
                ("res_id", "in", categories.ids),
            ),
        ]
    ).unlink()
