# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import base64
import csv
import io
import json
import re
from datetime import date, timedelta
from pathlib import Path

from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import file_path

from ..pipeline.reader_numbers import get_workbook_format
from .common import CommissionCommon

EXAMPLE = re.compile(
    r"/json/2/([a-z._]+)/([a-z_]+) .*?bearer \$(\w+)\".*?-d '(.*?)'\n```"
    r"(?:\n\n```json\n(.*?)\n```)?",
    re.DOTALL,
)


def read_api_page():
    """Return the text of docs/api.md."""
    return (Path(file_path("hr_sales_commission")).parent / "docs/api.md").read_text()


def shape(answer):
    """Return an answer with the kinds of its values in their place."""
    if isinstance(answer, dict):
        return {key: shape(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [shape(value) for value in answer[:1]]
    return type(answer)


class ExportCommon(CommissionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._lead_won(cls.sales_north, 10000, "2026-03-05", "marketing")
        cls.other = cls._lead_won(cls.manager_north, 2000, "2026-03-06", "own")
        cls.south_deal = cls._lead_won(cls.sales_south, 4000, "2026-03-06", "own")
        cls.lines = cls._lines(cls.deal + cls.other).filtered(
            lambda line: line.company_id == cls.north
        )
        everything = cls.lines + cls._lines(cls.south_deal)
        everything.with_env(cls._as(cls.officer_hq)).action_approve()


@tagged("post_install", "-at_install", "commission_core")
class TestExport(ExportCommon):
    """Other payrolls ask what is due, and say once that they paid it."""

    def _api(self, employee=None, *companies):
        return self._as(employee or self.officer_hq, *companies)["hr.commission.line"]

    def _get_due(self, **kwargs):
        return self._api().commission_due(self.north.id, "2026-04-30", **kwargs)

    def _make_debt(self, amount):
        return self.env["hr.commission.line"].create(
            {
                "employee_id": self.manager_north.id,
                "company_id": self.north.id,
                "date": "2026-03-20",
                "amount": amount,
                "kind": "manual",
                "state": "approved",
            }
        )

    def test_due_by_employee_and_kind(self):
        rows = self._get_due()
        self.assertEqual(
            [
                (row["employee_name"], row["kind"], row["count"], row["amount"])
                for row in rows
            ],
            [
                ("manager_north", "commission", 1, 100.0),
                ("sales_north", "commission", 1, 300.0),
                ("sales_north", "bonus", 1, 100.0),
            ],
        )
        self.assertEqual(
            sorted(line_id for row in rows for line_id in row["line_ids"]),
            sorted(self.lines.ids),
        )
        self.assertEqual({row["company_name"] for row in rows}, {self.north.name})
        self.assertEqual(
            {row["currency"] for row in rows}, {self.north.currency_id.name}
        )

    def test_later_due_and_disputed_lines_wait(self):
        self.lines.filtered(lambda line: line.kind == "bonus").date_due = "2026-05-02"
        self.lines.filtered(
            lambda line: line.employee_id == self.manager_north
        ).is_disputed = True
        self.assertEqual([row["amount"] for row in self._get_due()], [300.0])

    def test_negative_balance_waits_unless_asked_for(self):
        self._make_debt(-150.0)
        names = {row["employee_name"] for row in self._get_due()}
        self.assertEqual(names, {"sales_north"})
        rows = self._get_due(include_negative=True)
        amounts = [
            row["amount"] for row in rows if row["employee_name"] == "manager_north"
        ]
        self.assertEqual(amounts, [100.0, -150.0])

    def test_acknowledge_pays_once(self):
        ids = self.lines.ids
        answer = self._api().commission_acknowledge(ids, "PAY-1", "2026-04-05")
        self.assertEqual(answer, {"paid": 3, "already_paid": 0})
        self.assertEqual(set(self.lines.mapped("state")), {"paid"})
        self.assertEqual(set(self.lines.mapped("payment_ref")), {"PAY-1"})
        self.assertEqual(str(self.lines[0].date_paid), "2026-04-05")
        answer = self._api().commission_acknowledge(ids, "PAY-1", "2026-04-06")
        self.assertEqual(answer, {"paid": 0, "already_paid": 3})
        self.assertEqual(str(self.lines[0].date_paid), "2026-04-05")
        self.assertEqual(self._get_due(), [])

    def test_other_reference_is_refused_and_pays_nothing(self):
        self._api().commission_acknowledge(self.lines[:1].ids, "PAY-1")
        with self.assertRaisesRegex(UserError, "PAY-1"):
            self._api().commission_acknowledge(self.lines.ids, "PAY-2")
        self.assertEqual(self.lines[1].state, "approved")

    def test_days_on_which_nothing_was_paid_are_refused(self):
        tomorrow = fields.Date.context_today(self.deal) + timedelta(days=1)
        days = (tomorrow, "2999-12-31", "2026-03-04", "1900-01-01", "0001-01-01")
        for day in (*days, "9999-12-31", "2026-02-30", 5, [], "x"):
            with self.subTest(day=day), self.assertRaises(UserError):
                self._api().commission_acknowledge(self.lines.ids, "PAY-1", day or "[]")
            self.assertEqual(set(self.lines.mapped("state")), {"approved"})
        self._api().commission_acknowledge(self.lines.ids, "PAY-1", "2026-03-06")
        self.assertEqual(str(self.lines[0].date_paid), "2026-03-06")

    def test_an_export_hands_over_nothing_of_ones_own(self):
        """Nor what looks odd; a line of one's own in an older export stays in it."""
        self.deal.odd_reason = "Many alike."
        self.env["hr.commission.line"].create(
            {
                "employee_id": self.officer_hq.id,
                "company_id": self.north.id,
                "date": "2026-03-20",
                "amount": 90,
                "state": "approved",
            }
        )
        export, _content = self._export()
        self.assertEqual(export.line_ids.employee_id, self.manager_north)
        self.assertIn("Left out", export.message_ids[:1].body)
        with self.assertRaisesRegex(UserError, "your own"):
            self._export()
        self.manager_north.user_id = self.officer_hq.user_id
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "your own"):
            export.action_take_back()
        self.assertEqual(set(export.line_ids.mapped("state")), {"in_payroll"})

    def test_unknown_lines_and_empty_reference_are_refused(self):
        with self.assertRaisesRegex(UserError, "reference"):
            self._api().commission_acknowledge(self.lines.ids, " ")
        with self.assertRaisesRegex(UserError, "Ask again"):
            self._api().commission_acknowledge([*self.lines.ids, 2**30], "PAY-1")
        self.assertEqual(set(self.lines.mapped("state")), {"approved"})

    def test_only_officers_of_the_company(self):
        for employee in (self.sales_north, self.manager_north):
            with self.assertRaises(AccessError):
                self._api(employee).commission_due(self.north.id, "2026-04-30")
            with self.assertRaises(AccessError):
                self._api(employee).commission_acknowledge(self.lines.ids, "PAY-1")
        officer = self._api(self.officer_north)
        with self.assertRaises(AccessError):
            officer.commission_due(self.south.id, "2026-04-30")
        with self.assertRaises(AccessError):
            officer.commission_acknowledge(self._lines(self.south_deal).ids, "PAY-1")

    # ------------------------------------------------------------------
    # The wizard
    # ------------------------------------------------------------------

    def _export(self, **vals):
        wizard = self._as(self.officer_hq)["hr.commission.export.wizard"].create(
            {"company_id": self.north.id, "date_until": "2026-04-30", **vals}
        )
        told = wizard.employee_count, wizard.amount
        action = wizard.action_export()
        export = wizard.env[action["res_model"]].browse(action["res_id"])
        people = len(export.line_ids.employee_id)
        self.assertEqual(told, (people, export.amount_total), "as told before")
        return export, base64.b64decode(export.file)

    def test_csv_has_one_row_per_employee(self):
        _wizard, content = self._export(layout="employee", file_type="csv")
        rows = list(
            csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
        )
        self.assertEqual(
            [(row["employee_name"], row["amount"]) for row in rows],
            [("manager_north", "100.0"), ("sales_north", "400.0")],
        )

    def test_csv_is_safe_for_spreadsheets(self):
        self.sales_north.name = "=HYPERLINK(1)"
        self.manager_north.name = "＝1+1"
        _wizard, content = self._export(layout="employee", file_type="csv")
        self.assertIn(b"'=HYPERLINK(1)", content)
        self.assertIn("'＝1+1".encode(), content)

    def test_workbook_lists_deals(self):
        _wizard, content = self._export()
        workbook = load_workbook(io.BytesIO(content))
        summary, deals = workbook.worksheets
        self.assertEqual(summary.max_row, 4)
        self.assertEqual(deals.max_row, 4)
        names = {row[3] for row in deals.iter_rows(min_row=2, values_only=True)}
        self.assertEqual(names, {self.deal.name, self.other.name})

    def test_workbook_has_the_decimals_of_the_currency(self):
        _wizard, content = self._export()
        cell = load_workbook(io.BytesIO(content)).worksheets[1]["J2"]
        self.assertEqual((cell.value, cell.number_format), (100, "#,##0.00"))
        currencies = self.env["res.currency"].with_context(active_test=False)
        for name, shown in (("JPY", "#,##0"), ("KWD", "#,##0.000")):
            currency = currencies.search([("name", "=", name)])
            self.assertEqual(get_workbook_format(currency), shown)

    def test_exactly_the_exported_lines_are_recorded_as_paid(self):
        export, _content = self._export()
        late = self._make_debt(20.0)
        export.write({"reference": "PAY-1", "date_paid": "2026-04-05"})
        self.assertEqual((export.amount_total, export.line_count), (500.0, 3))
        export.action_acknowledge()
        self.assertEqual((export.state, export.is_less), ("paid", False))
        self.assertEqual(set(self.lines.mapped("state")), {"paid"})
        self.assertEqual(set(self.lines.mapped("payment_ref")), {"PAY-1"})
        self.assertEqual(late.state, "approved")

    def test_what_was_exported_is_not_exported_again(self):
        export, _content = self._export()
        self.assertEqual(set(self.lines.mapped("state")), {"in_payroll"})
        self.assertEqual(self.lines.export_id.ids, export.ids)
        self.assertEqual(self._get_due(), [])
        late = self._make_debt(20.0)
        again, _content = self._export()
        self.assertEqual(again.line_ids, late)

    def test_what_is_taken_back_is_due_again(self):
        export, _content = self._export()
        export.action_take_back()
        self.assertEqual(export.state, "cancelled")
        self.assertEqual(set(self.lines.mapped("state")), {"approved"})
        again, _content = self._export()
        self.assertEqual(again.line_ids, self.lines)
        for finished in (export.action_take_back, export.action_acknowledge):
            with self.assertRaisesRegex(UserError, "finished already"):
                finished()

    def test_what_is_paid_stays_paid_when_the_rest_is_taken_back(self):
        export, _content = self._export()
        paid, rest = self.lines[:1], self.lines[1:]
        self._api().commission_acknowledge(paid.ids, "PAY-1")
        export.action_take_back()
        self.assertEqual((paid.state, paid.payment_ref), ("paid", "PAY-1"))
        self.assertEqual((export.state, export.line_ids), ("paid", paid))
        told = export.is_less, export.amount_total, export.amount_kept
        self.assertEqual(told, (True, sum(self.lines.mapped("amount")), paid.amount))
        again, _content = self._export()
        self.assertEqual(again.line_ids, rest)

    def test_the_api_acknowledges_an_export(self):
        export, _content = self._export()
        answer = self._api().commission_acknowledge(self.lines.ids, "PAY-9")
        self.assertEqual(answer, {"paid": 3, "already_paid": 0})
        self.assertEqual((export.state, export.reference), ("paid", "PAY-9"))

    def test_lines_on_a_payslip_are_not_acknowledged(self):
        self.lines._payroll_reserve()
        with self.assertRaisesRegex(UserError, "Ask again"):
            self._api().commission_acknowledge(self.lines.ids, "PAY-1")

    def test_an_export_stays_as_it_was_made(self):
        export, _content = self._export()
        for vals in (
            {"amount_total": 1},
            {"state": "paid"},
            {"date_until": "2026-01-01"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                export.write(vals)
        with self.assertRaises(AccessError):
            export.unlink()
        for employee in (self.sales_north, self.manager_north):
            with self.assertRaises(AccessError):
                export.with_env(self._as(employee)).read(["amount_total"])
        with self.assertRaises(AccessError):
            export.with_env(self._as(self.officer_hq, self.south)).read(["state"])

    def test_a_template_keeps_columns_and_headings(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["hr_sales_commission"], ["zh_CN"]
        )
        self.sales_north.write({"barcode": "A17", "identification_id": "310101"})
        Wizard = self._as(self.officer_hq, self.north)["hr.commission.export.wizard"]
        values = {"company_id": self.north.id, "date_until": "2026-04-30"}
        chinese = Wizard.with_context(lang="zh_CN").create(values)
        self.assertTrue(chinese.template_id, "technical headings tell them nothing")
        self.assertFalse(Wizard.create(values).template_id)
        action = chinese.action_export()
        export = Wizard.env["hr.commission.export"].browse(action["res_id"])
        summary, deals = load_workbook(io.BytesIO(base64.b64decode(export.file)))
        heads, *rows = summary.iter_rows(values_only=True)
        self.assertEqual(heads, ("工号", "姓名", "证件号码", "部门", "金额"))
        self.assertEqual(rows[1][:3], ("A17", "sales_north", "310101"))
        self.assertEqual(rows[1][4], 400)
        self.assertNotIn("line_id", [cell.value for cell in deals[1]])
        kinds = {row[6] for row in deals.iter_rows(min_row=2, values_only=True)}
        self.assertEqual(kinds, {"提成", "奖励"})
        export.action_take_back()
        again = Wizard.create(values)
        self.assertEqual(again.template_id, chinese.template_id, "the last one")
        own = Wizard.env["hr.commission.export.template"].create(
            {
                "name": "Ours",
                "layout": "kind",
                "file_type": "csv",
                "column_ids": [
                    Command.create({"content": "kind", "title": "=What"}),
                    Command.create({"content": "date_until"}),
                ],
            }
        )
        again.template_id = own
        export = Wizard.env["hr.commission.export"].browse(
            again.action_export()["res_id"]
        )
        self.assertEqual(
            base64.b64decode(export.file).decode("utf-8-sig").split(),
            ["'=What;Due", "Until", "Commission;2026-04-30"]
            + ["Commission;2026-04-30", "Bonus;2026-04-30"],
        )

    def test_the_api_page_shows_what_there_is(self):
        """Every call of docs/api.md exists; its examples are run below, over HTTP."""
        page = read_api_page()
        calls = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)/([a-z_]+)`", page))
        self.assertIn(("hr.commission.line", "commission_due"), calls)
        for model, method in calls:
            self.assertTrue(callable(getattr(self.env[model], method)), method)

    def test_nothing_due_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, "Approve commissions first"):
            self._export(date_until="2026-01-31")


@tagged("post_install", "-at_install", "commission_core")
class TestExportApi(ExportCommon, HttpCase):
    """The same over JSON-2, with an API key."""

    def _call(self, method, model="hr.commission.line", employee=None, /, **arguments):
        user = (employee or self.officer_hq).user_id
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "payroll", fields.Datetime.now() + timedelta(days=1))
        )
        response = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(arguments),
            headers={
                "Authorization": f"bearer {key}",
                "Content-Type": "application/json",
            },
        )
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def test_ask_and_acknowledge(self):
        rows = self._call(
            "commission_due", company_id=self.north.id, date_until="2026-04-30"
        )
        self.assertEqual([row["amount"] for row in rows], [100.0, 300.0, 100.0])
        ids = [line_id for row in rows for line_id in row["line_ids"]]
        arguments = {"line_ids": ids, "reference": "PAY-1", "date": "2026-05-05"}
        answer = self._call("commission_acknowledge", **arguments)
        self.assertEqual(answer, {"paid": 3, "already_paid": 0})
        answer = self._call("commission_acknowledge", **arguments)
        self.assertEqual(answer, {"paid": 0, "already_paid": 3})
        self.env.invalidate_all()
        self.assertEqual(set(self.lines.mapped("state")), {"paid"})

    def test_the_examples_of_the_page(self):
        """Each runs with the key it names, and answers as shown."""
        people = {"KEY": self.sales_north, "OFFICER_KEY": self.officer_hq}
        line = self._lines(self.deal).filtered(
            lambda one: one.employee_id == self.sales_north and one.kind == "commission"
        )
        here = {
            '"company_id": 2': f'"company_id": {self.north.id}',
            '"opportunity", "2"': f'"opportunity", "{self.north.id}"',
            '"line_ids": [31]': f'"line_ids": {line.ids}',
            '"lead_id": 12': f'"lead_id": {self.deal.id}',
        }
        found = EXAMPLE.findall(read_api_page())
        calls = [f"{model}/{method}" for model, method, *_rest in found]
        self.assertEqual(len(calls), read_api_page().count("curl -s"))
        self.env["hr.commission.statement"]._generate(self.north, date(2026, 3, 1))
        for model, method, key, body, expected in found:
            for shown, real in here.items():
                body = body.replace(shown, real)
            with self.subTest(f"{model}/{method}"):
                answer = self._call(method, model, people[key], **json.loads(body))
                self.assertTrue(answer)
                if expected:
                    self.assertEqual(shape(answer), shape(json.loads(expected)))
        self.assertEqual(line.state, "paid")
        self.assertEqual(
            self.deal.sudo()
            .touchpoint_ids.filtered(lambda touch: touch.kind == "call")
            .employee_id,
            self.sales_north,
        )
        deal = self.env["crm.lead"].search([("name", "=", "Conveyor drives")])
        self.assertEqual(
            (deal.company_id, deal.source_state, str(deal.date_qualified)),
            (self.north, "verified", "2026-03-05"),
        )
