# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Records that an act seals: what is there later is compared with the hash it left."""

from odoo import api, models
from odoo.tools import SQL


class HrCommissionSealed(models.AbstractModel):
    """Something that is approved or confirmed as it is, and stays so.

    Who seals logs the hashes with the act; *Verify Integrity* compares.
    """

    _name = "hr.commission.sealed"
    _description = "Sealed by an Act"

    #: the columns whose values are sealed
    _sealed_columns = ()
    #: the states in which they are
    _sealed_states = ()

    def _get_seals(self):
        """Return the hash of what is sealed, by id."""
        self.flush_recordset()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, %s FROM %s record WHERE id = ANY(%s)",
                    self._get_seal_sql("record"),
                    SQL.identifier(self._table),
                    self.ids,
                )
            )
        )

    @api.model
    def _get_seal_sql(self, alias):
        """Return the expression for the hash of what is sealed in a record."""
        return SQL(
            "encode(sha256(convert_to(ROW(%s)::text, 'UTF8')), 'hex')",
            SQL(", ").join(
                SQL.identifier(alias, name) for name in self._sealed_columns
            ),
        )

    @api.model
    def _describe_broken_seal(self, exists, is_sealed):
        """Say what is wrong with a record that is not as it was sealed.

        :param bool exists: whether it is still there
        :param bool is_sealed: whether anybody sealed it
        :rtype: str
        """
        raise NotImplementedError
