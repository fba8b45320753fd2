# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Import templates to download; what may be imported says the model."""

from io import BytesIO

import xlsxwriter
from werkzeug.exceptions import NotFound

from odoo.http import Controller, content_disposition, request, route

from ..models.hr_commission_import import TEMPLATES
from .statement import XLSX

#: rows with drop-downs
ROWS = 1000
#: Excel takes so many letters of choices
MOST_LETTERS = 255


class CommissionImportTemplate(Controller):
    @route(
        "/commission/import_template/<string:model>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def get_template(self, model, **_parameters):
        """Return a workbook to fill in for an import.

        :param str model: what is imported
        """
        if model not in TEMPLATES or not request.env[model].has_access("create"):
            raise NotFound()
        return request.make_response(
            build_template(request.env[model]),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{model}.xlsx")),
            ],
        )


def build_template(model):
    """Return an XLSX file with the reader's headings, examples and drop-downs.

    :param model: empty recordset of what is imported, in the reader's environment
    :rtype: bytes
    """
    output = BytesIO()
    workbook = xlsxwriter.Workbook(output, {"in_memory": True})
    bold = workbook.add_format({"bold": True, "bottom": 1})
    sheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    fields = model.fields_get([name for name, *_examples in TEMPLATES[model._name]])
    screen = model.env["base_import.import"]
    [identity] = screen.get_fields_tree(model._name, depth=0)
    fields["id"] = {"string": identity["string"]}
    for column, (name, *examples) in enumerate(TEMPLATES[model._name]):
        field = fields.get(name, {})
        sheet.write_string(0, column, field.get("string", name), bold)
        choices = dict(field.get("selection") or ())
        shown = [choices.get(example, example) for example in examples]
        if field.get("type") == "many2one":
            converter = model.env["ir.fields.converter"]
            shown = [
                converter._to_reader_name(model._fields[name], example)
                for example in shown
            ]
        sheet.write_column(1, column, shown)
        labels = list(choices.values())
        if labels and len(",".join(labels)) <= MOST_LETTERS:
            sheet.data_validation(
                1, column, ROWS, column, {"validate": "list", "source": labels}
            )
    sheet.set_column(0, len(fields), 20)
    workbook.close()
    return output.getvalue()
