import re

from odoo.tests import TransactionCase, freeze_time, tagged

from ..engine.explain import TEMPLATES
from ..models.explanations import EXPLANATIONS
from .common import CommissionCommon


@tagged("post_install", "-at_install")
class TestExplanationTexts(TransactionCase):
    def test_translated_sentences_are_those_of_the_engine(self):
        env = self.env(context={"lang": "en_US"})
        texts = {code: env._(text) for code, text in EXPLANATIONS.items()}
        self.assertEqual(texts, dict(TEMPLATES))

    def test_sentences_take_named_values_only(self):
        for code, text in TEMPLATES.items():
            with self.subTest(code=code):
                self.assertFalse(re.search(r"%[^(%]", text.replace("%%", "")))


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 12:00:00")
class TestExplanation(CommissionCommon):
    """Every line says how it came about, and every zero has a reason."""

    def test_percent(self):
        line = self._lines(self._lead_won(self.sales_north, 2000, "2026-05-04"))
        self.assertIn("SAL_OWN (plan Test Policy)", line.explanation)
        self.assertRegex(line.explanation, r"5 % of .*2,000\.00.* = .*100\.00")

    def test_fixed_amount(self):
        lead = self._lead_open(
            self.sales_north, 2000, source="marketing", date_qualified="2026-04-02"
        )
        self._process()
        self.assertRegex(self._lines(lead).explanation, r"a fixed amount of .*100\.00")

    def test_reader_without_rights_on_plan_company_reads_the_explanation(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        env = self._as(self.sales_north)
        line = env["hr.commission.line"].search([("lead_id", "=", lead.id)])
        self.assertIn("SAL_OWN", line.explanation)
        self.assertEqual(line.display_name, "own 2000 – SAL_OWN")

    def test_every_rule_that_does_not_pay_says_why(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        outcome = self._events(lead)._explain()
        paid = {award.rule_id for award in outcome.awards}
        refused = {refusal.rule_id: refusal.reason for refusal in outcome.refusals}
        self.assertEqual(paid, {self.rules["SAL_OWN"].id})
        self.assertEqual(
            refused,
            {
                self.rules["MKT_LEAD"].id: "other_event",
                self.rules["MKT_DEAL"].id: "other_role",
                self.rules["SAL_MKT"].id: "other_source",
                self.rules["SAL_SYN"].id: "other_source",
                self.rules["REF_SAL"].id: "other_source",
                self.rules["REF_MKT"].id: "other_role",
            },
        )

    def test_explaining_stores_nothing(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        with self.assertLedgerUntouched():
            self._events(lead)._explain()
