# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What kind of contact a medium is: an officer says, as it decides about leads."""

from odoo import api, fields, models

from ..pipeline.officers import check_officer
from .crm_touchpoint import TOUCHPOINT_KINDS


class UtmMedium(models.Model):
    _inherit = "utm.medium"

    touchpoint_kind = fields.Selection(
        TOUCHPOINT_KINDS,
        help="What kind of contact a lead that arrives through this medium counts as. "
        "Empty: a form filled in.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("touchpoint_kind") for vals in vals_list):
            self._check_commission_officer()
        return super().create(vals_list)

    def write(self, vals):
        """What kind of contact a medium makes is not for everybody to say.

        The name of such a medium decides as well: forms and ads find it by name.
        """
        if "touchpoint_kind" in vals or (
            not {"name", "active"}.isdisjoint(vals)
            and any(medium.touchpoint_kind for medium in self)
        ):
            self._check_commission_officer()
        return super().write(vals)

    def _check_commission_officer(self):
        """Refuse everybody but commission officers.

        :raises AccessError: saying whom to ask
        """
        check_officer(
            self.env,
            self.env._(
                "The kind of contact decides which leads are qualified. Ask a "
                "commission officer to change it."
            ),
        )
