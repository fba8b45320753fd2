"""Past deals come in by Odoo's import screen: officers are offered their columns."""

from odoo import api, models

from odoo.addons.base_import.models.base_import import FIELDS_RECURSION_LIMIT


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    @api.model
    def get_fields_tree(self, model, depth=FIELDS_RECURSION_LIMIT):
        """Offer what the reader may import, although no form lets it be typed."""
        importing = self.with_context(commission_import_screen=True)
        return super(BaseImport, importing).get_fields_tree(model, depth=depth)
