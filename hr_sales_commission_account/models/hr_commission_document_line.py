from odoo import fields, models
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

    def _freeze_commission_cost(self):
        """Write the cost of lines down that have none yet, in one statement.

        Only where somebody is paid on margins: updating lines of invoices is dear.
        By SQL: nothing depends on it, and lines of posted invoices are protected.
        """
        if not self.env["hr.commission.plan"]._pays_on_margins():
            return
        rows = [
            {"id": line.id, "cost": line._get_commission_unit_cost()}
            for line in self
            if line.product_id and not line.commission_unit_cost
        ]
        rows = [row for row in rows if row["cost"]]
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s line SET commission_unit_cost = frozen.cost FROM %s"
                " WHERE line.id = frozen.id",
                SQL.identifier(self._table),
                sql_rows("frozen", {"id": "int", "cost": "float8"}, rows),
            )
        )
        self.invalidate_recordset(["commission_unit_cost"], flush=False)
