# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models
from odoo.exceptions import AccessError

from ..pipeline.officers import OFFICER

#: whose filters for everybody are the officers' task
OUR_MODELS = ("hr.commission.", "crm.touchpoint", "crm.lead.path", "crm.lead.funnel")


class IrFilters(models.Model):
    """A filter for everybody changes what all others see: it is an officer's task."""

    _inherit = "ir.filters"

    @api.model_create_multi
    def create(self, vals_list):
        filters = super().create(vals_list)
        filters._check_for_everybody()
        return filters

    def write(self, vals):
        self._check_for_everybody()
        result = super().write(vals)
        self._check_for_everybody()
        return result

    def unlink(self):
        self._check_for_everybody()
        return super().unlink()

    def _check_for_everybody(self):
        """Refuse filters of ours for others to anybody but officers.

        :raises AccessError: naming the filter
        """
        if self.env.su or self.env.user.has_group(OFFICER):
            return
        for each in self:
            users = each.sudo().user_ids  # sudo: whose filter it is
            is_shared = users - self.env.user or not users
            if is_shared and (each.model_id or "").startswith(OUR_MODELS):
                raise AccessError(
                    self.env._(
                        "“%(filter)s” is a filter for others. Keep it for yourself, or "
                        "ask a commission officer.",
                        filter=each.name,
                    )
                )
