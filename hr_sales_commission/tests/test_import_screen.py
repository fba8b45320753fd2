# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Past deals by Odoo's import screen: the columns it offers, maps and brings in."""

import csv
import io
import re
from pathlib import Path
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open, file_path

from odoo.addons.base_import.models.base_import import ImportValidationError

from ..controllers.import_template import build_template
from ..models import hr_commission_import
from ..models.hr_commission_import import TEMPLATES
from .common import CommissionCommon

OPTIONS = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
TITLES = (
    ("commission_source", "own", "own"),
    ("source_state", "verified", "verified"),
    ("date_won", "2026-04-17", "2026-04-17"),
)
#: all the fourth of May 2026
DAYS = [
    *(("zh_CN", text) for text in ("2026年5月4日", "2026 年 05 月 04 号", "2026/5/4")),
    *(("zh_CN", text) for text in ("2026.5.4", "20260504", "２０２６年５月４日")),
    *(("ja_JP", text) for text in ("2026年5月4日", "令和8年5月4日", "2026/05/04")),
    *(("de_DE", text) for text in ("04.05.2026", "4.5.2026", "4.5.26", "4. Mai 2026")),
    *(("de_DE", text) for text in ("04-05-2026", "2026-05-04")),
    *(("fr_FR", text) for text in ("04/05/2026", "4/5/26", "4 mai 2026", "04-05-2026")),
    *(("es_ES", text) for text in ("04/05/2026", "4-5-2026", "4 de mayo de 2026")),
    *(("pt_BR", text) for text in ("04/05/2026", "4.5.2026", "4 de maio de 2026")),
    *(("en_US", text) for text in ("05/04/2026", "5-4-2026", "May 4, 2026")),
    *(("en_US", text) for text in ("4 May 2026", "2026-05-04 00:00:00")),
    *(
        ("zh_CN", text)
        for text in ("2026年5月4日 星期一", "２０２６/５/４", "2026/05/04")
    ),
    *(("ja_JP", text) for text in ("2026年5月4日（月）", "2026年5月4日(月曜日)")),
    *(("de_DE", text) for text in ("Montag, 4. Mai 2026", "4. 5. 2026", "04-05-26")),
    *(("fr_FR", text) for text in ("lundi 4 mai 2026", "4\xa0mai\u202f2026")),
    *(("es_ES", text) for text in ("4/may/2026", "4 de mayo del 2026")),
    *(("pt_BR", text) for text in ("04/mai/2026", "4-mai-2026")),
    *(("en_US", text) for text in ("4-May-2026", "Mon, May 4, 2026", "04-MAY-2026")),
]
#: no day, or any of several
NO_DAYS = [
    *(("zh_CN", text) for text in ("04-05-26", "26/5/4", "2026年5月")),
    *(("en_US", text) for text in ("46146", "13/13/2026", "Smarch 4, 2026")),
    *(("de_DE", text) for text in ("31.02.2026", "bald")),
]
AMOUNTS = [
    *(("zh_CN", text, 31850) for text in ("31,850.00", "￥31,850", "31850元")),
    *(("zh_CN", text, 31850) for text in ("３１８５０", "31850.00 CNY", "31.850,00")),
    *(("ja_JP", text, 31850) for text in ("¥31,850", "31,850円", "31850")),
    *(("de_DE", text, 31850) for text in ("31.850,00", "31.850", "31850,00 €")),
    *(("de_DE", text, 31850) for text in ("31.850,00€", "EUR 31.850,00")),
    *(("de_DE", text, 31.85) for text in ("31,85", "31.85")),
    *(
        ("fr_FR", text, 31850)
        for text in ("31 850,00", "31\u202f850,00\xa0€", "31 850")
    ),
    *(("es_ES", text, 31850) for text in ("31.850,00 €", "31.850", "31850,0")),
    *(("pt_BR", text, 31850) for text in ("R$ 31.850,00", "31.850,00", "31.850")),
    *(("en_US", text, 31850) for text in ("$31,850.00", "31,850", "31'850.00")),
    *(("en_US", text, -31850) for text in ("(31,850.00)", "-$31,850", "−31850")),
    *(("en_US", text, 1234567.5) for text in ("1,234,567.50", "1.234.567,5")),
    ("en_US", "12,34,567.50", 1234567.5),
]
SOURCE_NAMES = {
    "marketing": [
        "市场部客户",
        "市场部",
        "Marketing",
        "マーケティング",
        "Client marketing",
    ],
    "own": [
        "Own customer",
        "自有客户",
        "Cliente propio",
        "Eigener Kunde",
        "自己開拓顧客",
    ]
    + ["Client en propre", " cliente próprio "],
    "referral": ["转介绍", "Empfehlung", "Recommandation", "recomendación", "紹介"]
    + ["Indicação", "REFERRAL"],
}


@tagged("post_install", "-at_install", "commission_long")
class TestImportScreen(CommissionCommon):
    def _import(self, text, lang="en_US", charset="utf-8", **options):
        """Upload a file as the officer does; import what the screen mapped by itself."""
        Import = self._as(self.officer_hq)["base_import.import"].with_context(lang=lang)
        screen = Import.create(
            {
                "res_model": "crm.lead",
                "file": text.encode(charset),
                "file_name": "deals.csv",
                "file_type": "text/csv",
            }
        )
        options = {**OPTIONS, **options}
        preview = screen.parse_preview(dict(options))
        self.assertNotIn("error", preview)
        columns = preview["headers"]
        mapped = [
            "/".join(preview["matches"].get(number, [])) or False
            for number in range(len(columns))
        ]
        self.assertNotIn(False, mapped, dict(zip(columns, mapped, strict=True)))
        options = {"skip": 0, **options, "date_format": "%Y-%m-%d"}
        numbers = []
        while True:  # batch by batch, if there is a limit
            result = screen.execute_import(mapped, columns, options)
            self.assertFalse(result["messages"])
            self.assertTrue(result["ids"], "an empty batch")
            numbers += result["ids"]
            if not result["nextrow"]:
                return self.env["crm.lead"].browse(numbers)
            options["skip"] = result["nextrow"]

    def _read_facts(self, leads):
        return [
            (lead.commission_source, lead.source_state, str(lead.date_won))
            for lead in leads
        ]

    def test_every_column_of_the_template_is_mapped_and_arrives(self):
        Lead = self._as(self.officer_hq)["crm.lead"]
        template = Lead.get_import_templates()[-1]["template"].lstrip("/")
        with file_open(template) as file:
            leads = self._import(file.read())
        self.assertEqual(
            self._read_facts(leads),
            [
                ("marketing", "verified", "2026-04-17"),
                ("own", "open", "2026-05-04"),
            ],
        )
        self.assertEqual(leads.mapped("won_amount"), [28000, 31850])

    def test_both_templates_come_in_where_stages_have_other_names(self):
        """The stage of the examples is found, whatever the reader calls it."""
        self.env["res.lang"]._activate_lang("zh_CN")
        won = self.env["crm.stage"].search([("name", "=", "Won")], limit=1)
        won.with_context(lang="zh_CN").name = "赢得"
        Lead = self._as(self.officer_hq)["crm.lead"].with_context(lang="zh_CN")
        template = Lead.get_import_templates()[-1]["template"].lstrip("/")
        with file_open(template) as file:
            leads = self._import(file.read(), "zh_CN")
        self.assertEqual(leads.stage_id, won)
        book = load_workbook(io.BytesIO(build_template(Lead)))
        rows = list(book.active.iter_rows(values_only=True))
        self.assertIn("赢得", rows[1])
        file = io.StringIO()
        csv.writer(file).writerows(rows)
        lead = self._import(file.getvalue(), "zh_CN")
        self.assertEqual(lead, leads[0], "by its external id")

    def test_every_column_of_the_readme_is_mapped_and_arrives(self):
        readme = Path(file_path("hr_sales_commission")).parent / "README.md"
        text = re.search(r"```csv\n(.*?)```", readme.read_text(), re.DOTALL).group(1)
        rows = list(csv.DictReader(io.StringIO(text)))
        for row in rows:
            row["user_id"] = self.sales_north.user_id.name
            row["marketer_id"] = row["marketer_id"] and self.marketer.name
        file = io.StringIO()
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        leads = self._import(file.getvalue())
        self.assertEqual(
            self._read_facts(leads),
            [
                ("marketing", "verified", "2026-04-17"),
                ("own", "open", "2026-05-04"),
            ],
        )
        self.assertEqual(leads[0].marketer_id, self.marketer)

    def test_titles_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang in ("en_US", "zh_CN"):
            Lead = self.env["crm.lead"].with_context(lang=lang)
            labels = Lead.fields_get(["name", *(name for name, *_ in TITLES)])
            stage = Lead.fields_get(["stage_id"])["stage_id"]["string"]
            header = [labels["name"]["string"], stage]
            row = [f"Deal {lang}", self.stage_won.with_context(lang=lang).name]
            for name, code, _value in TITLES:
                label = labels[name]
                header.append(label["string"])
                row.append(dict(label.get("selection", ())).get(code, code))
            with self.subTest(lang=lang):
                file = io.StringIO()
                csv.writer(file).writerows([header, row])
                lead = self._import(file.getvalue(), lang)
                for name, _code, value in TITLES:
                    self.assertEqual(str(lead[name]), value)

    def _past_deals(self, *rows):
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(["name", "stage_id", "user_id", "commission_source"])
        for row in rows:
            writer.writerow(row)
        return file.getvalue()

    def test_the_same_file_twice_adds_nothing(self):
        """By what the rows say, where they have no id; equal rows are as many deals."""
        seller = self.sales_north.user_id.name
        rows = [["A", "Won", seller, "own"], ["A", "Won", seller, "own"]]
        rows.append(["B", "Won", seller, "marketing"])
        first = self._import(self._past_deals(*rows))
        self.assertEqual(len(first), 3)
        first[0].name = "A, as somebody has corrected it"
        self.assertEqual(self._import(self._past_deals(*rows)), first)
        self.assertEqual(first[0].name, "A, as somebody has corrected it")
        written_otherwise = [
            ["a ", "Won", seller, "OWN"],
            ["Ａ", "Won", seller, " own"],
            rows[2],
        ]
        self.assertEqual(self._import(self._past_deals(*written_otherwise)), first)
        resumed = self._import(self._past_deals(*rows), skip=1, limit=1)
        self.assertEqual(resumed, first[1:])
        longer = self._import(self._past_deals(*rows, ["C", "Won", seller, "own"]))
        self.assertEqual(longer - first, longer[-1:])
        imports = self.env["hr.commission.import"].search([])
        self.assertEqual(imports.mapped("record_count"), [1, 3])
        self.assertEqual(imports.mapped("changed_count"), [0, 0])

    def test_a_row_names_people_and_stages_that_are_known(self):
        """Only crm looks for something in every row: the team, twice."""
        row = ["Won", self.sales_north.user_id.name, "own"]
        statements = []
        for size in (1, 2, 22):
            deals = [[f"Deal {size}.{number}", *row] for number in range(size)]
            before = self.env.cr.sql_log_count
            self._import(self._past_deals(*deals))
            statements.append(self.env.cr.sql_log_count - before)
        _first, few, many = statements
        self.assertLessEqual(many - few, 2 * 20)

    def _read(self, lang, name, *texts, file_name="deals.csv", **batch):
        """Return what a column says to somebody of a language."""
        Import = self._as(self.officer_hq)["base_import.import"].with_context(lang=lang)
        file = io.StringIO()
        csv.writer(file).writerows([["name", name], *(["A", text] for text in texts)])
        screen = Import.create(
            {
                "res_model": "crm.lead",
                "file": file.getvalue().encode(),
                "file_name": file_name,
                "file_type": "text/csv",
            }
        )
        options = {**OPTIONS, **batch}
        screen._extract_header_types(list(texts), options)  # as the preview does
        data, found = screen._convert_import_data(["name", name], options)
        rows = screen._parse_import_data(data, found, options)
        return [row[found.index(name)] for row in rows]

    def test_days_and_numbers_as_readers_write_them(self):
        for lang in {lang for lang, *_ in DAYS + AMOUNTS}:
            self.env["res.lang"]._activate_lang(lang)
        for lang, text in DAYS:
            with self.subTest(lang=lang, text=text):
                self.assertEqual(
                    [str(day) for day in self._read(lang, "date_won", text)],
                    ["2026-05-04"],
                )
        for lang, text, amount in AMOUNTS:
            with self.subTest(lang=lang, text=text):
                [read] = self._read(lang, "won_amount", text)
                self.assertEqual(float(read), amount)

    def test_what_is_no_day_or_may_be_two_is_refused(self):
        for lang in {lang for lang, _text in NO_DAYS}:
            self.env["res.lang"]._activate_lang(lang)
        for lang, text in NO_DAYS:
            lead = self.env["crm.lead"].with_context(lang=lang)
            title = lead.fields_get(["date_won"])["date_won"]["string"]
            with (
                self.subTest(lang=lang, text=text),
                self.assertRaisesRegex(ImportValidationError, title) as refused,
            ):
                self._read(lang, "date_won", text)
            self.assertIn("2026-05-04", str(refused.exception))

    def test_files_of_any_encoding(self):
        """As spreadsheets of several systems save them; titles as people type them."""
        Lead = self._as(self.officer_hq)["crm.lead"]
        labels = Lead.fields_get(["commission_source", "won_amount"])
        titles = [f"  {field['string'].upper()} " for field in labels.values()]
        rows = ["name", *titles], ["输送机 Förderer", "市场部客户", "３１，８５０.00"]
        file = io.StringIO()
        csv.writer(file).writerows(rows)
        for charset in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
            with self.subTest(charset):
                [lead] = self._import(
                    file.getvalue().replace("Förderer", charset),
                    encoding="",
                    charset=charset,
                )
                self.assertEqual(lead.name, f"输送机 {charset}")
                self.assertEqual(lead.commission_source, "marketing")
                self.assertEqual(lead.won_amount, 31850)

    def test_what_may_be_two_numbers_is_refused(self):
        """Never a thousand times too much or too little; the column may tell."""
        doubtful = [("en_US", "31.850", "a.csv"), ("fr_FR", "31.850", "a.csv")]
        doubtful += [("de_DE", "31,850", "a.csv"), ("de_DE", "31.850", "a.xlsx")]
        doubtful += [("en_US", "12.34.5", "a.csv"), ("zh_CN", "3万", "a.csv")]
        for lang in {lang for lang, *_ in doubtful}:
            self.env["res.lang"]._activate_lang(lang)
        for lang, text, file_name in doubtful:
            with (
                self.subTest(lang=lang, text=text),
                self.assertRaisesRegex(ImportValidationError, r"31850\.00"),
            ):
                self._read(lang, "won_amount", text, file_name=file_name)
        for texts, amounts in (
            (("31.850", "1.000,50"), [31850, 1000.5]),
            (("31.850", "22.5"), [31.85, 22.5]),
        ):
            read = self._read("en_US", "won_amount", *texts)
            self.assertEqual([float(each) for each in read], amounts)
            for row, amount in enumerate(amounts):  # the whole column, in each batch
                part = self._read("en_US", "won_amount", *texts, skip=row, limit=1)
                self.assertEqual([float(each) for each in part], [amount])

    def test_sources_as_readers_call_them(self):
        """In whatever language the reader works."""
        for code, names in SOURCE_NAMES.items():
            read = self._read("en_US", "commission_source", *names)
            self.assertEqual(read, [code] * len(names))
        deals = self._import(
            "name;stage_id;user_id;commission_source;date_won;won_amount\n"
            f"A;Won;{self.sales_north.user_id.name};自有客户;2026年5月4日;31.850,00\n"
            f"B;Won;{self.sales_north.user_id.name};cliente propio;2026-05-05;1.000,50\n",
            separator=";",
        )
        self.assertEqual(
            [
                (deal.commission_source, str(deal.date_won), deal.won_amount)
                for deal in deals
            ],
            [("own", "2026-05-04", 31850), ("own", "2026-05-05", 1000.5)],
        )

    def test_workbooks_to_fill_in(self):
        env = self._as(self.officer_hq)
        for model in TEMPLATES:
            with self.subTest(model):
                offered = [
                    file["template"] for file in env[model].get_import_templates()
                ]
                self.assertIn(f"/commission/import_template/{model}.xlsx", offered)
                book = load_workbook(io.BytesIO(build_template(env[model])))
                heads = [cell.value for cell in book.active[1]]
                self.assertEqual(len(heads), len(TEMPLATES[model]))
        offered = self._as(self.sales_north)["crm.lead"].get_import_templates()
        self.assertNotIn("import_template", str(offered))
        book = load_workbook(io.BytesIO(build_template(env["crm.lead"])))
        choices = [one.formula1 for one in book.active.data_validations.dataValidation]
        self.assertTrue(any("Marketing" in text for text in choices), choices)
        book = load_workbook(io.BytesIO(build_template(env["hr.commission.line"])))
        paid, owed = book.active.iter_rows(min_row=2, max_row=3, values_only=True)
        self.assertEqual(
            (paid[2:4], owed[2:4]), (("1500", "Paid"), ("-400", "To approve"))
        )

    def test_what_another_system_paid_comes_in_as_paid(self):
        self.north.commission_start_date = "2026-05-01"
        Line = self._as(self.officer_hq, self.north)["hr.commission.line"]
        heads = ["employee_id/.id", "date", "amount", "state", "note", "company_id/.id"]
        row = [str(self.sales_north.id), "2026-04-01", "700", "paid", "Before us"]
        row.append(str(self.north.id))
        result = Line.with_context(import_file=True).load(heads, [row])
        self.assertFalse(result["messages"])
        line = Line.browse(result["ids"])
        self.assertEqual((line.state, line.amount), ("paid", 700))
        self.assertFalse(
            Line._payroll_payable(self.sales_north, self.north, "2026-12-31")
        )
        row[2:4] = "-400", "draft"
        owed = Line.browse(
            Line.with_context(import_file=True).load(heads, [row])["ids"]
        )
        owed.with_env(self._as(self.manager_north)).action_approve()
        owed.invalidate_recordset()
        self.assertEqual((owed.state, owed.amount), ("approved", -400))
        row[2:4] = "700", "paid"
        row[1] = "2026-05-01"
        late = Line.with_context(import_file=True).load(heads, [row])
        self.assertTrue(late["messages"], "from the start on commissions are approved")
        row[:2] = [str(self.officer_hq.id), "2026-04-01"]
        own = Line.with_context(import_file=True).load(heads, [row])
        self.assertTrue(own["messages"], "nobody enters their own")

    def test_the_last_import_is_taken_back(self):
        seller = self.sales_north.user_id.name
        first = self._import(self._past_deals(["A", "Won", seller, "own"]))
        deals = self._import(
            self._past_deals(["B", "Won", seller, "own"], ["C", "Won", seller, "own"])
        )
        deals.won_amount = 1000
        self._process()
        self.assertTrue(self._lines(deals))
        touches = deals.touchpoint_ids
        breaks = self.env["crm.touchpoint"].verify_integrity()
        Import = self._as(self.officer_hq)["hr.commission.import"]
        last, before = Import.search([])
        with self.assertRaisesRegex(UserError, "Only the last"):
            before.action_undo()
        with self.assertRaises(AccessError):
            last.with_user(self.manager_north.user_id).action_undo()
        lines = self._lines(deals)
        lines.write({"state": "approved"})
        with self.assertRaisesRegex(UserError, "are approved"):
            last.action_undo()
        lines.write({"state": "draft"})
        told = last.action_undo()["params"]
        self.assertEqual(
            [told["title"], told["message"]],
            ["Import taken back", "2 records are deleted."],
        )
        self.assertFalse(deals.exists() or lines.exists())
        self.assertEqual(set(touches.mapped("state")), {"unmatched"})
        self.assertEqual(last.state, "undone")
        self.assertTrue(first.exists())
        self.assertEqual(self.env["crm.touchpoint"].verify_integrity(), breaks)
        before.action_undo()
        self.assertFalse(first.exists())

    def test_a_large_file_is_one_import_and_goes_in_the_background(self):
        seller = self.sales_north.user_id.name
        rows = [[name, "Won", seller, "own"] for name in "ABCDE"]
        deals = self._import(self._past_deals(*rows), limit=2)
        self.assertEqual(len(deals), 5)
        found = self._as(self.officer_hq)["hr.commission.import"].search([])
        self.assertEqual((len(found), found.record_count), (1, 5))
        cron = self.registry["ir.cron"]
        with (
            patch.object(hr_commission_import, "BATCH_SIZE", 2),
            patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60.0),
        ):
            told = found.action_undo()["params"]["message"]
            self.assertIn("2 of 5 records are deleted", told)
            self.assertEqual((found.state, found.undone_count), ("undoing", 2))
            with self.assertRaisesRegex(UserError, "already"):
                found.action_undo()
            deals[0].with_user(self.sales_north.user_id).description = "Called"
            found._cron_take_back()
            self.assertEqual((found.state, found.undone_count), ("done", 4))
            self.assertIn("has worked on “A”", found.refusal)
            self.assertEqual(deals.exists(), deals[0])
            deals[0].with_user(self.officer_hq.user_id).description = False
            self.assertTrue(found.action_undo())
        self.assertEqual((found.state, found.undone_count), ("undone", 5))
        self.assertFalse(deals.exists() or found.refusal)

    def test_what_is_not_taken_back(self):
        """What people work on, what a colleague gains by, and what stays on record."""
        seller = self.sales_north.user_id
        boss = self.administrator
        rows = [
            [name, "Won", user.name, "own"]
            for name, user in (("A", seller), ("B", boss.user_id))
        ]
        deals = self._import(self._past_deals(*rows))
        deals.won_amount = 1000
        self._process()
        Import = self.env["hr.commission.import"]
        last = Import.search([], limit=1)
        claim = self._as(self.officer_hq)["hr.commission.dispute"].create(
            {
                "kind": "missing_line",
                "employee_id": self.sales_north.id,
                "reason": "Came in by a file",
            }
        )

        def log_claim():
            Import.with_user(self.officer_hq.user_id)._log(claim, 0, "claims.csv")

        for label, person, before, refusal in (
            (
                "written since",
                self.officer_hq,
                lambda: deals[0].with_user(seller).write({"description": "Called"}),
                "has worked on “A”",
            ),
            (
                "noted since",
                self.officer_hq,
                lambda: deals[0].with_user(seller).message_post(body="Called"),
                "has worked on “A”",
            ),
            (
                "the customer wrote",
                self.officer_hq,
                lambda: deals[1].message_post(body="Hello", message_type="email"),
                "has worked on “B”",
            ),
            ("a colleague's, of my own deal", boss, None, "interest"),
            ("stays on record", self.officer_hq, log_claim, "not allowed to delete"),
        ):
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                if before:
                    before()
                found = self._as(person)[Import._name].search([], limit=1)
                with self.assertRaisesRegex(UserError, refusal):
                    found.action_undo()
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertTrue(deals.exists() and claim.exists())
        last.with_env(self._as(self.officer_hq)).action_undo()
        self.assertFalse(deals.exists())

    def test_only_officers_are_offered_these_columns(self):
        def offered(person):
            tree = self._as(person)["base_import.import"].get_fields_tree("crm.lead")
            return {field["name"] for field in tree}

        names = {"commission_source", "date_won", "won_amount", "marketer_id"}
        self.assertLessEqual(names, offered(self.officer_hq))
        self.assertFalse(names & offered(self.sales_north))

    def test_forms_still_show_them_read_only(self):
        fields = self._as(self.officer_hq)["crm.lead"].fields_get(["date_won"])
        self.assertTrue(fields["date_won"]["readonly"])
