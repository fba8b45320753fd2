"""Uninstalls our addons as the list of apps does. Runs in an Odoo shell."""

ours = env["ir.module.module"].search(  # noqa: F821
    [("name", "=like", "hr\\_sales\\_commission%"), ("state", "=", "installed")]
)
ours.button_immediate_uninstall()
