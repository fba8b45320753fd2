"""Statements as workbooks to download, as the reader may see them."""

from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route

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
        try:
            numbers = [int(number) for number in ids.split(",")]
        except ValueError as error:
            raise NotFound() from error
        statements = request.env["hr.commission.statement"].browse(numbers).exists()
        if not statements:
            raise NotFound()
        statements.check_access("read")
        name = statements.display_name if len(statements) == 1 else "statements"
        return request.make_response(
            build_workbook(statements),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )
