# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Files that go out and come in: exports and imports of every model, by role."""

import csv
import json
import zipfile
from io import BytesIO, StringIO

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .test_doors import DoorsCommon
from .test_own_task import DANGEROUS

#: what an import screen gives along
OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "keep_matches": False}


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAttackExports(DoorsCommon, HttpCase):
    """What a list gives as a file is what its reader may read, and it is text."""

    def _export(self, kind, model, names, **vals):
        """Return the answer to an export from a list."""
        fields = [{"name": name, "label": name, "type": "char"} for name in names]
        data = {"model": model, "fields": fields, "ids": False, "domain": []}
        data |= {"groupby": [], "import_compat": False, "context": {}, **vals}
        token = http.Request.csrf_token(self)
        return self.url_open(
            f"/web/export/{kind}", {"data": json.dumps(data), "csrf_token": token}
        )

    def _sign_in(self, person):
        person.user_id.group_ids += self.env.ref("base.group_allow_export")
        self.env.flush_all()
        self.authenticate(person.user_id.login, person.user_id.login)
        return self._as(person)

    def _models(self):
        return [
            name
            for name in self._our_models()
            if not (self.env[name]._abstract or self.env[name]._transient)
        ]

    @mute_logger("odoo.addons.web.controllers.export", "odoo.http", "odoo.models")
    def test_rows_and_columns_are_the_readers(self):
        """Every model × five people: as many rows as they read, nothing foreign."""
        tried = 0
        for person in (
            self.sales_south,
            self.officer_south,
            self.manager_south,
            self.marketer,
            self.sales_north,
        ):
            env = self._sign_in(person)
            for name in self._models():
                tried += 1
                with self.subTest(by=person.name, model=name):
                    self._compare_rows(person, env[name].with_context(lang="en_US"))
        self.assertGreater(tried, 180)

    def _compare_rows(self, person, model):
        stored = [
            field
            for field in self.env[model._name]._fields.values()
            if field.store and field.type in ("char", "text", "monetary", "many2one")
        ]
        answer = self._export("csv", model._name, [field.name for field in stored])
        if person != self.sales_north:
            self.assertNothingPlanted(answer.text, model._name)
        if not model.has_access("read"):
            self.assertGreaterEqual(answer.status_code, 400)
            return
        # a link to what one may not read refuses the column as a whole
        plain = [
            field.name
            for field in stored
            if field.type != "many2one" and model._has_field_access(field, "read")
        ]
        answer = self._export("csv", model._name, [*plain, "id"])
        self.assertEqual(answer.status_code, 200)
        rows = list(csv.reader(StringIO(answer.text)))
        self.assertEqual(len(rows) - 1, model.search_count([]))

    def test_what_is_typed_stays_text(self):
        """Deals named like formulas: in lists and groups, as workbook and as CSV."""
        leads = self.env["crm.lead"]
        for name in DANGEROUS:
            leads += self._lead_won(
                self.sales_north, 100, "2026-05-04", name=name, partner_name=name
            )
        self._sign_in(self.officer_hq)
        names, domain = ["lead_id", "amount"], [("lead_id", "in", leads.ids)]
        for model, columns, which, groupby in (
            ("hr.commission.line", names, domain, []),
            ("hr.commission.line", names, domain, ["lead_id"]),
            ("hr.commission.line", names, domain, ["employee_id", "lead_id"]),
            ("crm.lead", ["name", "partner_name"], [("id", "in", leads.ids)], []),
            ("crm.lead", ["partner_name"], [("id", "in", leads.ids)], ["partner_name"]),
        ):
            with self.subTest(model, groupby=groupby):
                answer = self._export(
                    "xlsx", model, columns, domain=which, groupby=groupby
                )
                self.assertEqual(answer.status_code, 200)
                self._assert_no_formula(answer.content)
            if not groupby:
                text = self._export("csv", model, columns, domain=which).text
                for cell in sum(csv.reader(StringIO(text)), []):
                    self.assertNotIn(cell[:1], tuple("=+@\t"), cell)
                    self.assertFalse(cell[:1] == "-" and cell[1:] != "", cell)

    def _assert_no_formula(self, content):
        with zipfile.ZipFile(BytesIO(content)) as book:
            self.assertFalse([n for n in book.namelist() if "externalLink" in n])
            sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/")]
            for name in sheets:
                sheet = book.read(name)
                self.assertNotIn(b"<f", sheet)
                self.assertNotIn(b"location=", sheet)
                self.assertNotIn(b"file:", sheet)


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAttackImports(DoorsCommon):
    """Files by people of South whose rows name records of North, by every kind of id."""

    @mute_logger("odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_rule")
    def test_rows_that_name_records_of_others(self):
        """Every model × five people × number and external id × two columns."""
        tried = 0
        found = {name: self._find(name) for name in self._importable()}
        for person in (
            self.sales_south,
            self.nobody,
            self.officer_south,
            self.manager_south,
            self.marketer,
        ):
            env = self._as(person)
            for name, record in found.items():
                for column, value in self._columns(record):
                    for key, number in (
                        (".id", str(record.id)),
                        ("id", f"attack_files.{name.replace('.', '_')}"),
                    ):
                        tried += 1
                        rows = [[key, column], [number, value]]
                        with self.subTest(by=person.name, model=name, column=column):
                            self._import(env, record, rows)
        self.assertGreater(tried, 180)

    @mute_logger("odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_rule")
    def test_rows_beside_what_is_decided(self):
        """Nested rows, defaults of the context and columns that the system fills."""
        line = self.env["hr.commission.line"].search(
            [("lead_id", "=", self.deal.id)], limit=1
        )
        plan = self.personal
        lead = str(self.deal.id)
        for person in (self.sales_south, self.officer_south, self.manager_south):
            env = self._as(person)
            for record, rows, context in (
                (plan, [["name", "rule_ids/.id"], ["x", str(plan.rule_ids.id)]], {}),
                (
                    plan.rule_ids,
                    [["name", "plan_id/.id", "rate"], ["x", str(plan.id), "99"]],
                    {},
                ),
                (
                    line,
                    [["employee_id", "amount", "state"], ["sales_south", "9", "paid"]],
                    {},
                ),
                (line, [["note"], ["x"]], {"default_id": line.id}),
                (line, [["note"], ["x"]], {"default_origin_line_id": line.id}),
                (line, [[".id", "amount"], [str(line.id), "9"]], {"tracking": 0}),
                (
                    self.deal,
                    [["name", "commission_line_ids/.id"], ["x", str(line.id)]],
                    {},
                ),
                (self.deal, [[".id", "won_amount"], [lead, "9"]], {}),
                (self.deal, [[".id", "date_won"], [lead, "2026-05-01"]], {}),
                (
                    self.deal,
                    [["name"], ["x"]],
                    {"default_commission_line_ids": [(4, line.id)]},
                ),
                (
                    self.sales_north,
                    [[".id", "commission_role"], [str(self.sales_north.id), "none"]],
                    {},
                ),
                (self.target, [[".id", "score"], [str(self.target.id), "120"]], {}),
            ):
                with self.subTest(by=person.name, columns=rows[0], context=context):
                    self._import(env(context={**env.context, **context}), record, rows)

    def _importable(self):
        return [
            name
            for name in self._our_models()
            if not (self.env[name]._abstract or self.env[name]._transient)
            and self.env[name]._auto
            and self._find(name)
        ]

    def _find(self, name):
        """Return a record of North, with an external id."""
        model = self.env[name].with_context(active_test=False)
        if "company_id" not in model._fields or not model._fields["company_id"].store:
            return model.browse()
        record = model.search([("company_id", "=", self.north.id)], limit=1)
        if record:
            known = self.env["ir.model.data"]
            key = {"module": "attack_files", "name": name.replace(".", "_")}
            if not known.search([(k, "=", v) for k, v in key.items()]):
                known.create({**key, "model": name, "res_id": record.id})
        return record

    @staticmethod
    def _columns(record):
        """Return two columns that say something else of a record."""
        values = {"char": "attacked", "text": "attacked", "float": "99999"}
        values |= {"monetary": "99999", "integer": "99999", "date": "2026-01-01"}
        stored = [
            (field.name, values[field.type])
            for field in record._fields.values()
            if field.store and field.type in values and field.name != "id"
        ]
        return sorted(stored, key=lambda each: each[0] not in ("amount", "name"))[:2]

    def _row_of(self, record):
        """Return what the table holds of a record and what hangs on it."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT * FROM %s WHERE id = %s",
                SQL.identifier(record._table),
                record.id,
            )
        )
        return self.env.cr.fetchall()

    def _import(self, env, record, rows):
        """Import rows; whatever comes of it, the record is as it was."""
        before = self._row_of(record)
        text = StringIO()
        csv.writer(text).writerows(rows)
        with self.env.cr.savepoint() as savepoint:
            try:
                with self.env.cr.savepoint():
                    answer = (
                        env["base_import.import"]
                        .create(
                            {
                                "res_model": record._name,
                                "file": text.getvalue().encode(),
                                "file_name": "x.csv",
                                "file_type": "text/csv",
                            }
                        )
                        .execute_import(rows[0], rows[0], OPTIONS)
                    )
            except UserError as error:
                answer = str(error)
            self.assertNothingPlanted(answer, record._name)
            self.assertEqual(self._row_of(record), before)
            savepoint.rollback()
        self.env.invalidate_all()
