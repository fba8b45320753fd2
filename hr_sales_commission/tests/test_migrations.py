# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What the scripts of an update take away, and what they leave."""

from pathlib import Path

from odoo.modules.module import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL
from odoo.tools.sql import make_index_name

FOLDER = Path(__file__).parents[1] / "migrations"
LEFT_BEHIND = "0.0.0/end-left_behind.py"
#: a count of ours that is computed on the fly, and one of crm's
OURS, FOREIGN = "commission_dispute_count", "is_automated_probability"


@tagged("post_install", "-at_install", "commission_long")
class TestMigrations(TransactionCase):
    def _run(self, script):
        load_script(str(FOLDER / script), "migration_script").migrate(
            self.env.cr, "19.0.1.0.0"
        )

    def _read_schema(self):
        """Return the columns and indexes of the tables that we add to.

        :rtype: set[str]
        """
        self.env.cr.execute(
            """SELECT table_name || '.' || column_name FROM information_schema.columns
                WHERE table_schema = current_schema()
                UNION ALL
               SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"""
        )
        return {name for (name,) in self.env.cr.fetchall()}

    def test_every_script_is_tested(self):
        found = {str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/*.py")}
        self.assertEqual(found, {LEFT_BEHIND})

    def test_only_what_our_fields_left_behind_goes(self):
        Lead, Import = self.env["crm.lead"], self.env["hr.commission.import"]
        self.assertFalse(Lead._fields[OURS].store or Lead._fields[FOREIGN].store)
        self.assertFalse(Import._fields["file_name"].index)
        self.assertFalse(Lead._fields["function"].index)
        clean = self._read_schema()
        index = make_index_name("hr_commission_import", "file_name")
        others = make_index_name("crm_lead", "function")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """ALTER TABLE crm_lead ADD COLUMN %s integer;
                   ALTER TABLE crm_lead ADD COLUMN %s boolean;
                   ALTER TABLE crm_lead ADD COLUMN x_of_the_customer text;
                   CREATE INDEX %s ON hr_commission_import (file_name);
                   CREATE INDEX %s ON crm_lead (function)""",
                *map(SQL.identifier, (OURS, FOREIGN, index, others)),
            )
        )
        kept = {f"crm_lead.{FOREIGN}", "crm_lead.x_of_the_customer", others}
        self.assertEqual(
            self._read_schema() - clean, kept | {f"crm_lead.{OURS}", index}
        )
        self._run(LEFT_BEHIND)
        self.assertEqual(self._read_schema(), clean | kept)
        self._run(LEFT_BEHIND)  # nothing more to take away
        self.assertEqual(self._read_schema(), clean | kept)
