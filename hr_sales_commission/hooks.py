from odoo.tools import SQL

#: functions of the database that tables leave behind when they are dropped
FUNCTIONS = (
    "hr_commission_capture",
    "hr_commission_line_guard",
    "hr_commission_line_guard_state",
    "hr_commission_person_log",
)


def uninstall_hook(env):
    """Take the functions of the database along."""
    for name in FUNCTIONS:
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(name)))
