# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: what an attachment says, and whose it is
CONTENT_FIELDS = frozenset(
    ("name", "raw", "datas", "db_datas", "store_fname", "checksum", "url", "type")
    + ("res_model", "res_id", "description", "mimetype")
)


class IrAttachment(models.Model):
    """Evidence of a dispute is neither changed nor deleted."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not self.env.su and not CONTENT_FIELDS.isdisjoint(vals):
            self._check_no_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        self._check_no_evidence()

    def _check_no_evidence(self):
        """Refuse to touch what somebody has handed in as evidence.

        :raises UserError: saying that it stays
        """
        if not self.ids:
            return
        self.env["hr.commission.dispute"].flush_model(["evidence_ids"])
        rows = self.env.execute_query(
            SQL(
                """SELECT 1 FROM hr_commission_dispute_ir_attachment_rel
                    WHERE ir_attachment_id = ANY(%s) LIMIT 1""",
                self.ids,
            )
        )
        if rows:
            raise UserError(
                self.env._(
                    "This is evidence in a dispute about commissions: it stays as it is."
                )
            )
