# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Statements as workbooks to download, as the reader may see them."""

from odoo.http import Controller, content_disposition, request, route

from .records import find_records
from .statement_workbook import build_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CommissionStatement(Controller):
    @route(
        "/commission/statement/<string:ids>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export_statements(self, ids, **_parameters):
        """Return statements and their lines as a workbook.

        Record rules decide: one statement that the user may not read refuses all.

        :param str ids: ids of statements, separated by commas
        """
        statements = find_records("hr.commission.statement", ids)
        name = statements.display_name if len(statements) == 1 else "statements"
        return request.make_response(
            build_workbook(statements),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )
