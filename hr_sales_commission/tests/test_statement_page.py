# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The printed statement explains itself: groups, rates with their unit, signatures."""

from lxml import html

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .test_statement import StatementCommon


@tagged("post_install", "-at_install", "commission_core")
@freeze_time("2026-08-20 12:00:00")
class TestStatementPage(StatementCommon):
    def _render(self, statement):
        report = self.env.ref(
            "hr_sales_commission.hr_commission_statement_report_action"
        )
        content, _extension = report._render_qweb_html(
            report.report_name, statement.ids
        )
        return content.decode()

    def test_lines_stand_in_groups(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        self._statement(self.sales_north, "2026-01", confirm=True)
        self._lead_won(self.sales_north, 2000, "2026-02-10")
        self._lead_won(self.sales_north, 4000, "2026-02-11", verified=False)
        self._manual_line(-30, "2026-02-12")
        statement = self._statement(self.sales_north, "2026-02")
        groups = {
            group["title"]: (group["amount"], len(group["unusual"]))
            for group in statement._get_line_groups()
        }
        self.assertEqual(groups["This month"], (70, 1))
        self.assertEqual(groups["Held, not part of this statement"], (200, 0))
        self.assertEqual(statement.held_line_ids.mapped("amount"), [200])
        self.assertEqual(sum(statement.month_line_ids.mapped("amount")), 70)
        page = self._render(statement)
        for text in ("Held, not part of this statement", "Agreed", "5 %", "Total"):
            self.assertIn(text, page)
        rows = [
            row.xpath("td")
            for row in html.fromstring(page).xpath("//tr[td]")
            if "Agreed" in row.text_content()
        ]
        self.assertEqual([len(row) for row in rows], [8], "said once, no cell missing")
        self.assertIn("30.00", rows[0][6].text_content())

    def test_months_are_named_as_the_language_does(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        statement = self._statement(self.sales_north, "2026-01")
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, name in {
            "en_US": "sales_north, January 2026",
            "zh_CN": "sales_north，2026年1月",
        }.items():
            named = statement.with_context(lang=lang)
            named.invalidate_recordset(["display_name"])
            self.assertEqual(named.display_name, name)

    def test_signatures_are_the_company_s_choice(self):
        self._lead_won(self.sales_north, 1000, "2026-01-10")
        statement = self._statement(self.sales_north, "2026-01")
        self.assertNotIn("Prepared by", self._render(statement))
        self.north.is_commission_statement_signed = True
        self.assertIn("Prepared by", self._render(statement))

    def test_rates_have_their_unit(self):
        self._replace_plan(
            {
                "EACH": {"role": "sales", "amount_type": "fixed", "amount": 100},
                "PART": {"role": "sales", "rate": 2.5},
                "UNIT": {"role": "sales", "amount_type": "unit", "amount": 5},
            }
        )
        lead = self._lead_won(self.sales_north, 1000, "2026-01-10")
        texts = {line.rule_id.name: line.rate_text for line in self._lines(lead)}
        self.assertRegex(texts["EACH"], r"100\.00.* each")
        self.assertEqual(texts["PART"], "2.5 %")
        self.assertRegex(texts["UNIT"], r"^1 × .*5\.00")
        self.assertFalse(self._manual_line(10, "2026-01-20").rate_text)

    def test_pays_says_of_what_and_times_what(self):
        quarter = {"tier_measure": "attainment", "tier_period": "quarter"}
        tiers = [Command.create({"from_value": 0, "rate": 100})]
        plan = self._replace_plan(
            {
                "SCORE": {"rate": 3, "score_period": "quarter"},
                "UNIT": {"amount_type": "unit", "amount": 5},
                "BONUS": {
                    "base": "bonus",
                    "tier_mode": "marginal",
                    "tier_ids": tiers,
                    **quarter,
                },
                "TIMES": {
                    "amount_type": "fixed",
                    "tier_mode": "proportional",
                    "tier_ids": tiers,
                    **quarter,
                },
            }
        )
        pays = {rule.name: rule.summary for rule in plan.rule_ids}
        self.assertEqual(pays["SCORE"], "3 % × score")
        self.assertRegex(pays["UNIT"], r"5\.00.* per unit$")
        self.assertEqual(pays["BONUS"], "0 % – ∞: 100 % (Target bonus of the person)")
        self.assertRegex(pays["TIMES"], r"100\.00.*, times what was attained$")

    def test_numbers_are_written_as_the_reader_does(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self._replace_plan({"PART": {"rate": 2.5, "holdback_percent": 12.5}})
        lead = self._lead_won(self.sales_north, 1000, "2026-01-10")
        line = self._lines(lead)[:1].with_context(lang="de_DE")
        rule = line.rule_id
        texts = line.rate_text, line.explanation, rule.summary, rule.sentence
        for text in texts:
            self.assertIn("2,5", text)
            self.assertNotIn("2.5", text)
        self.assertIn("12,5", rule.sentence)
        figure = self.env["hr.commission.effect.figure"].with_context(lang="de_DE")
        figure = figure.new({"figure": "cost", "change": 12.5, "verdict": "none"})
        self.assertIn("(+12,5 %)", figure.sentence)
