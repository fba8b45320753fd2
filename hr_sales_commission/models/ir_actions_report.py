from odoo import models
from odoo.exceptions import MissingError

from ..pipeline.given import is_stored


class IrActionsReport(models.Model):
    """Reports of ours are asked only for what is there and may be read."""

    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Refuse numbers of nothing in words, before the page is built.

        :raises MissingError: where a number is no record of a model of ours
        :raises AccessError: where the user may not read one
        """
        model = self.env.get(report.model)
        if model is not None and model._original_module.startswith(
            "hr_sales_commission"
        ):
            docs = model.browse(docids if all(map(is_stored, docids or ())) else ())
            if not docs or docs != docs.exists():
                raise MissingError(self.env._("There is nothing to print here."))
            docs.check_access("read")
        return super()._get_rendering_context(report, docids, data)
