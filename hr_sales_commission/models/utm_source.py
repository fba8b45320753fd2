# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Whose customers a source brings: an officer says, as it decides about money."""

from odoo import api, fields, models

from ..pipeline.officers import check_officer
from ..pipeline.words import COMMISSION_SOURCES


class UtmSource(models.Model):
    _inherit = "utm.source"

    commission_source = fields.Selection(
        COMMISSION_SOURCES,
        string="Customer Source",
        help="Whose customers the leads of this source are for commissions. "
        "Empty: marketing's.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("commission_source") for vals in vals_list):
            self._check_commission_officer()
        return super().create(vals_list)

    def write(self, vals):
        """Whose customers a source brings is not for everybody to say.

        The name of such a source decides as well: forms and ads find it by name.
        """
        if "commission_source" in vals or (
            "name" in vals and any(source.commission_source for source in self)
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
                "This source decides about commissions. Ask a commission officer "
                "to change it."
            ),
        )
