# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hr_sales_commission.pipeline.sql_rows import sql_rows


class HrCommissionDocumentLine(models.AbstractModel):
    """A line of an order or invoice, with cost and list price of the event's day."""

    _name = "hr.commission.document.line"
    _description = "Document Line with Frozen Cost and List Price"

    commission_unit_cost = fields.Float(
        copy=False,
        readonly=True,
        groups="hr_sales_commission.group_commission_officer",
        help="Cost of one unit in the currency of the company, frozen when the order "
        "was confirmed or the invoice posted. Commissions on margins use it.",
    )

    commission_list_price = fields.Float(
        copy=False,
        readonly=True,
        groups="hr_sales_commission.group_commission_officer",
        help="List price of one unit of the product, sealed when the order was confirmed "
        "or the invoice posted. Commissions on list prices use it, whatever the product "
        "costs later.",
    )

    def write(self, vals):
        """Another product has another cost and another list price."""
        changed = self.filtered(
            lambda line: (
                line.product_id.id != vals.get("product_id", line.product_id.id)
            )
        )
        result = super().write(vals)
        changed._forget_commission_values()
        return result

    def _forget_commission_values(self):
        """Have cost and list price of lines frozen anew when they are captured."""
        if not self:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET commission_unit_cost = NULL,"
                " commission_list_price = NULL WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        self.invalidate_recordset(
            ["commission_unit_cost", "commission_list_price"], flush=False
        )

    def _get_commission_list_price(self):
        """Return the list price of one unit of the product of the line today.

        :rtype: float
        """
        self.ensure_one()
        return self.product_id.product_tmpl_id.list_price

    def _seal_commission_list_price(self):
        """Write the list price of lines down that have none yet, once and for all.

        Only where somebody is paid on list prices, and by SQL, as costs are.
        """
        if not self or not self.env["hr.commission.plan"]._pays_on_list_prices():
            return
        self.flush_recordset(["product_id"])
        unsealed = self.env.execute_query(
            SQL(
                """SELECT id FROM %s WHERE id = ANY(%s) AND product_id IS NOT NULL
                      AND commission_list_price IS NULL""",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        rows = [
            {"id": line.id, "price": line._get_commission_list_price()}
            for line in self.browse(line_id for (line_id,) in unsealed)
        ]
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s line SET commission_list_price = sealed.price FROM %s"
                " WHERE line.id = sealed.id",
                SQL.identifier(self._table),
                sql_rows("sealed", {"id": "int", "price": "float8"}, rows),
            )
        )
        self.invalidate_recordset(["commission_list_price"], flush=False)

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
