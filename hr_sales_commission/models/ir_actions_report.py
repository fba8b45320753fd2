# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import models
from odoo.exceptions import MissingError

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..pipeline.given import is_stored
from ..pipeline.page_numbers import number_pages


class IrActionsReport(models.Model):
    """Reports of ours are asked only for what is there and may be read.

    They are complete with the printer of the distributions, too: that one takes one
    document at a time, and prints neither heads nor feet.
    """

    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Refuse numbers of nothing in words, before the page is built.

        :raises MissingError: where a number is no record of a model of ours
        :raises AccessError: where the user may not read one
        """
        if report._is_about_commissions():
            model = self.env[report.model]
            docs = model.browse(docids if all(map(is_stored, docids or ())) else ())
            if not docs or docs != docs.exists():
                raise MissingError(self.env._("There is nothing to print here."))
            docs.check_access("read")
        return super()._get_rendering_context(report, docids, data)

    def _is_about_commissions(self):
        model = self.env.get(self.model)
        return model is not None and model._original_module.startswith(
            "hr_sales_commission"
        )

    def _prints_heads(self):
        """Whether the printer of this server puts head and foot on each page.

        :rtype: bool
        """
        return _wkhtml().is_patched_qt

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print ours one by one and number their pages, where the printer does not."""
        report = self._get_report(report_ref)
        if self._prints_heads() or not res_ids or not report._is_about_commissions():
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        streams = {}
        for res_id in dict.fromkeys(res_ids):
            streams |= super()._render_qweb_pdf_prepare_streams(
                report_ref, dict(data or {}), [res_id]
            )
        for printed in streams.values():
            printed["stream"] = number_pages(printed["stream"])
        return streams
