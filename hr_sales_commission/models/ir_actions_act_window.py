# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a page says while it is empty leads to what explains it."""

from markupsafe import Markup

from odoo import fields, models

from ..pipeline.guides import get_guide_url


class IrActionsActWindow(models.Model):
    _inherit = "ir.actions.act_window"

    commission_guide = fields.Char(
        help="Page of the documentation about commissions that explains this page."
    )

    def read(self, fields=None, load="_classic_read"):
        """Let the help of our pages end with a link to what explains them."""
        result = super().read(fields, load=load)
        if load == "_classic_read" and (not fields or "help" in fields):
            for values in result:
                action = self.browse(values["id"]).sudo()  # sudo: an address, no data
                if action.commission_guide:
                    link = Markup(
                        '<p><a href="%s" target="_blank" rel="noopener">%s</a></p>'
                    )
                    values["help"] = Markup(values.get("help") or "") + link % (
                        get_guide_url(self.env, action.commission_guide),
                        self.env._("Read more in the documentation"),
                    )
        return result
