# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models
from odoo.exceptions import AccessError

from ..pipeline.officers import OFFICER


class IrEmbeddedActions(models.Model):
    """A button for everybody that does something of ours is an officer's task.

    Whoever presses it does so with their own rights, whatever it is called.
    """

    _inherit = "ir.embedded.actions"

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_for_everybody()
        return actions

    def write(self, vals):
        result = super().write(vals)
        self._check_for_everybody()
        return result

    def _check_for_everybody(self):
        """Refuse buttons of ours for others to anybody but officers.

        :raises AccessError: naming the button
        """
        if self.env.su or self.env.user.has_group(OFFICER):
            return
        for each in self:
            if each.user_id != self.env.user and each._does_ours():
                raise AccessError(
                    self.env._(
                        "“%(button)s” is a button for others that does something with "
                        "commissions. Ask a commission officer.",
                        button=each.name,
                    )
                )

    def _does_ours(self):
        """Whether pressing it calls a method of ours.

        :rtype: bool
        """
        model = self.env.get(self.parent_res_model)
        return model is not None and any(
            self.python_method in vars(each)
            for each in type(model).mro()
            if "hr_sales_commission" in each.__module__
        )
