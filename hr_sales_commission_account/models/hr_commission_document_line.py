from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.sql_rows import sql_rows


class HrCommissionDocumentLine(models.AbstractModel):
    """A line of an order or invoice, with its cost as of the day of the event."""

    _name = "hr.commission.document.line"
    _description = "Document Line with a Frozen Cost"

    commission_unit_cost = fields.Float(
        copy=False,
        readonly=True,
        groups="hr_sales_commission.group_commission_officer",
        help="Cost of one unit in the currency of the company, frozen when the order "
        "was confirmed or the invoice posted. Commissions on margins use it.",
    )

    def _get_commission_unit_cost(self):
        """Return what one unit of the line costs today, in company currency.

        :rtype: float
        """
        self.ensure_one()
        product = self.product_id.with_company(self.company_id)
        return product.uom_id._compute_price(
            product.standard_price, self.product_uom_id or product.uom_id
        )

    def _freeze_commission_cost(self, again=False):
        """Write the cost of lines down that have none yet, in one statement.

        Only where somebody is paid on margins: updating lines of invoices is dear.
        By SQL: nothing depends on it, and lines of posted invoices are protected.

        :param bool again: also of those that have one
        :return: the lines whose cost changed
        """
        if not self.env["hr.commission.plan"]._pays_on_margins():
            return self.browse()
        rows = [
            {"id": line.id, "cost": line._get_commission_unit_cost()}
            for line in self
            if line.product_id and (again or not line.commission_unit_cost)
        ]
        known = {line.id: line.commission_unit_cost for line in self}
        rows = [row for row in rows if row["cost"] != known[row["id"]]]
        if not rows:
            return self.browse()
        self.env.cr.execute(
            SQL(
                "UPDATE %s line SET commission_unit_cost = frozen.cost FROM %s"
                " WHERE line.id = frozen.id",
                SQL.identifier(self._table),
                sql_rows("frozen", {"id": "int", "cost": "float8"}, rows),
            )
        )
        self.invalidate_recordset(["commission_unit_cost"], flush=False)
        return self.browse(row["id"] for row in rows)

    def _retake_commission_cost(self):
        """Take the costs of lines again whose documents are in an open month.

        Only where the plan of the day says so; what it changes is posted as a
        difference.
        """
        if not self or not self.env["hr.commission.plan"]._retakes_costs():
            return
        lines = self.sudo()  # sudo: costs are for commission officers
        documents = lines[lines._get_commission_document_name()]
        is_open = documents._filter_open_costs()
        changed = lines.filtered(
            lambda line: line[line._get_commission_document_name()] in is_open
        )._freeze_commission_cost(again=True)
        changed[lines._get_commission_document_name()]._commission_capture(touched=True)

    @api.model
    def _get_commission_document_name(self):
        """Return the name of the field with the document of a line."""
        raise NotImplementedError
