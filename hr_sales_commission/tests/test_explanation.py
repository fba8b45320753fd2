# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import re
from dataclasses import replace
from unittest.mock import patch

from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user, tagged
from odoo.tools.translate import code_translations

from ..engine import facts
from ..engine.explain import REASONS, TEMPLATES, WORD_PREFIXES
from ..engine.measures import MEASURES
from ..pipeline.sentences import EXPLANATIONS
from .cast import COMMISSION
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


#: values of what sentences name that is no choice of a rule
NAMED = {
    "amount": "12.50",
    "min_amount": "99.00",
    "limit": "500.00",
    "first_bound": "80",
    "date": "2026-01-05",
    "date_start": "2026-02-01",
    "date_end": "2025-12-31",
    "reversed_on": "2026-03-01",
}


class _Marked(dict):
    """A language whose translations are the English between marks."""

    def get(self, source, default=None):
        return f"«{source}»"


@tagged("post_install", "-at_install")
class TestZerosInWords(TransactionCase):
    """Whatever a rule pays nothing for is said in words, in the reader's language.

    Every reason with every choice that its sentence can name, as the registries have
    them, also those that other addons added.
    """

    def _get_choices(self):
        """Return the codes that sentences can name, by what they are choices of."""
        Rule = self.env["hr.commission.rule"]
        return {
            "event_type": list(Rule._fields["event_type"].get_values(self.env)),
            "role": [code for code, _name in Rule._select_role()],
            "source": [*Rule._fields["commission_source"].get_values(self.env), "none"],
            "measure": list(MEASURES),
            "period": list(Rule._fields["tier_period"].get_values(self.env)),
            "collected_from": ["invoice", "due"],
        }

    def _make_refusals(self):
        """Return every reason, with every choice in the place of each name."""
        choices = self._get_choices()
        for reason, text in REASONS.items():
            names = re.findall(r"%\((\w+)\)s", text)
            plain = {name: NAMED.get(name, "7") for name in names}
            first = {
                name: choices[WORD_PREFIXES[name]][0]
                for name in names
                if name in WORD_PREFIXES
            }
            if "first_bound" in plain:
                first["measure"] = "won_amount"
            yield facts.Refusal(1, 1, 1, 1, 1, reason, plain | first)
            for name in first:
                for code in choices[WORD_PREFIXES[name]]:
                    values = plain | first | {name: code}
                    yield facts.Refusal(1, 1, 1, 1, 1, reason, values)

    def _explain(self, env, refusal):
        refusal = replace(refusal, values=dict(refusal.values))
        env["hr.commission.event"]._name_event_types(refusal)
        currency = self.env.company.currency_id
        return env["hr.commission.line"]._explain_refusal(refusal, currency)

    def test_in_english_and_in_another_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        other = self.env(context={"lang": "fr_FR"})
        english = self.env(context={"lang": "en_US"})
        refusals = list(self._make_refusals())
        self.assertGreater(len(refusals), len(REASONS))
        with patch.object(
            code_translations, "get_python_translations", lambda *args: _Marked()
        ):
            for refusal in refusals:
                with self.subTest(refusal.reason, **refusal.values):
                    said = self._explain(english, refusal)
                    self.assertFalse(re.search(r"[a-z]_[a-z]|\||%\(", said), said)
                    told = self._explain(other, refusal)
                    self.assertRegex(told, "^«.*»$")
                    self.assertFalse(re.search(r"[a-z]_[a-z]|\||%\(", told), told)


@tagged("post_install", "-at_install", "commission_core")
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

    # ------------------------------------------------------------------
    # What a line shows beside the sentence
    # ------------------------------------------------------------------

    def _read(self, employee, lead):
        """Return the one line of a lead that an employee earns, as they read it."""
        env = self._as(employee)
        line = env["hr.commission.line"].search([("lead_id", "=", lead.id)])
        return line.ensure_one()

    def _formula(self, line):
        """Return the rows of the formula as lists of texts."""
        table = html.fromstring(line.formula)
        return [
            [" ".join(cell.text_content().split()) for cell in row.iter("td")]
            for row in table.iter("tr")
            if row.find("td") is not None
        ]

    def _evidence(self, line):
        """Return the evidence as a dictionary of its labels."""
        rows = html.fromstring(line.source_evidence)
        labels = [label.text_content() for label in rows.iter("dt")]
        texts = [text.text_content() for text in rows.iter("dd")]
        return dict(zip(labels, texts, strict=True))

    def _explain(self, employee, lead=None, line=None):
        """Return the text of the dialog as somebody reads it."""
        wizard = self._as(employee)["hr.commission.explanation"].create(
            {"lead_id": lead and lead.id, "line_id": line and line.id}
        )
        return html.fromstring(f"<div>{wizard.explanation}</div>").text_content()

    def test_formula_of_a_percentage(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        [[label, amount, rate, pay]] = self._formula(self._read(self.sales_north, lead))
        self.assertEqual((label, rate), ("Percentage", "5 %"))
        self.assertIn("2,000.00", amount)
        self.assertIn("100.00", pay)

    def test_formula_shows_every_slice_and_the_cap(self):
        tiers = [
            Command.create({"from_value": bound, "rate": rate})
            for bound, rate in ((0, 3), (1000, 4))
        ]
        self._replace_plan(
            {
                "Slices": {
                    "role": "sales",
                    "tier_mode": "marginal",
                    "tier_measure": "amount",
                    "tier_period": "event",
                    "tier_ids": tiers,
                    "cap": 50,
                }
            }
        )
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        rows = self._formula(self._read(self.sales_north, lead))
        self.assertEqual([row[2] for row in rows], ["3 %", "4 %", "3.5 %", ""])
        self.assertRegex(rows[1][0], r"From .*1,000\.00.* to .*2,000\.00")
        self.assertIn("70.00", rows[2][3])
        self.assertRegex(rows[3][0], r"Cap of .*50\.00")
        self.assertIn("50.00", rows[3][3])

    def test_formula_of_a_share_ends_in_what_this_line_pays(self):
        lead = self._lead_open(
            self.sales_north,
            2000,
            "marketing",
            commission_share_ids=[
                Command.create(
                    {"employee_id": person.id, "role": "marketing", "percent": 50}
                )
                for person in (self.marketer, self.officer_hq)
            ],
            date_qualified="2026-04-02",
        )
        self._process()
        rows = self._formula(self._read(self.marketer, lead))
        self.assertEqual(
            [row[0] for row in rows],
            ["Fixed amount", "Share of 50 %", "This commission"],
        )
        self.assertIn("50.00", rows[-1][-1])

    def test_formula_of_a_difference(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        self._lines(lead).with_env(self._as(self.manager_north)).action_approve()
        lead.sudo().write({"won_amount": 3000})
        self._process()
        correction = self._lines(lead)[-1]
        self.assertEqual(correction.kind, "adjustment")
        self.assertEqual(
            [row[0] for row in self._formula(correction)],
            ["It was", "It is now", "Difference, posted here"],
        )

    def test_cancelled_line_says_what_it_was(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        lead.with_env(self._as(self.sales_north)).stage_id = self.stage_new
        self._process()
        line = self._read(self.sales_north, lead)
        self.assertRecordValues(line, [{"state": "cancelled", "amount": 0.0}])
        rows = self._formula(line)
        self.assertEqual([row[0] for row in rows], ["It was", "It is now"])
        self.assertIn("100.00", rows[0][1])
        self.assertIn("Undone on", line.explanation)
        text = self._explain(self.sales_north, line=line)
        self.assertIn("The deal is not won yet", text)
        lead.action_set_lost()
        text = self._explain(self.sales_north, line=line)
        self.assertIn("The deal is lost", text)

    def test_manual_line_has_no_formula_and_no_evidence(self):
        line = self.env["hr.commission.line"].create(
            {
                "employee_id": self.sales_north.id,
                "company_id": self.north.id,
                "amount": 10,
                "note": "Agreed",
            }
        )
        self.assertFalse(line.formula)
        self.assertFalse(line.source_evidence)
        self.assertFalse(line.plan_version)

    def test_version_of_the_plan_with_its_days(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        line = self._read(self.sales_north, lead)
        self.assertEqual(
            line.plan_version, "Test Policy, version 1, in force since 01/01/2020"
        )
        self.plan.date_end = "2026-12-31"
        line = self._read(self.sales_north, lead)
        self.assertIn("from 01/01/2020 to 12/31/2026", line.plan_version)

    def test_evidence_names_the_first_contact_as_recorded(self):
        source = self.env["utm.source"].create({"name": "Trade fair"})
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        lead = self._lead_open(
            self.sales_north,
            2000,
            "marketing",
            source_id=source.id,
            campaign_id=campaign.id,
            first_touch_date="2026-03-02",
            date_qualified="2026-03-05",
        )
        self._process()
        source.name = "Renamed"
        evidence = self._evidence(self._read(self.marketer, lead))
        self.assertEqual(evidence["Whose customer"], "Marketing, brought by marketer")
        self.assertRegex(
            evidence["First contact"],
            "03/02/2026 · .* · Spring · Trade fair · marketer",
        )
        self.assertIn("Since 03/05/2026", evidence["Sealed"])
        self.assertEqual(
            evidence["Verification"], "Recorded by a commission officer or an import"
        )

    def test_evidence_names_who_verified_and_when(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04", verified=False)
        evidence = self._evidence(self._read(self.sales_north, lead))
        self.assertEqual(
            evidence["Verification"], "Nobody has verified the source yet."
        )
        self.env.flush_all()
        self.cr.precommit.run()  # what was made in the transaction is not tracked
        verified = lead.with_env(self._as(self.manager_north))
        verified.with_context(
            tracking_disable=False, mail_notrack=False
        ).action_verify_source()
        self.env.flush_all()
        self.cr.precommit.run()  # tracked changes are logged before a commit
        evidence = self._evidence(self._read(self.sales_north, lead))
        self.assertEqual(
            evidence["Verification"], "Verified by manager_north on 05/20/2026"
        )

    def test_evidence_names_the_decision_of_a_dispute(self):
        lead = self._lead_won(
            self.sales_north, 2000, "2026-05-04", first_touch_date="2026-05-01"
        )
        decider = self._create_person(
            "decider", self.hq, self.branches, f"{COMMISSION}officer"
        )
        dispute = (
            self._as(self.marketer)["hr.commission.dispute"]
            .sudo()
            .create(
                {
                    "kind": "source",
                    "lead_id": lead.id,
                    "claimed_source": "marketing",
                    "claimed_employee_id": self.marketer.id,
                    "employee_id": self.marketer.id,
                    "reason": "Met at the fair",
                    "decider_id": decider.user_id.id,
                }
            )
        )
        evidence = self._evidence(self._read(self.sales_north, lead))
        self.assertIn("Disputed", evidence["Verification"])
        decided = dispute.with_env(self._as(decider))
        decided.decision_note = "Secret grounds"
        decided.action_reject()
        self._process()
        line = self._read(self.sales_north, lead)
        self.assertIn("05/20/2026 by decider", line.source_evidence)
        self.assertIn("Rejected", line.source_evidence)
        self.assertNotIn("Secret", line.source_evidence)

    def test_touchpoints_of_a_line_are_those_the_reader_may_see(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04", source="marketing")
        count = len(lead.touchpoint_ids)
        self.assertTrue(count)
        for employee in (self.sales_north, self.marketer):
            line = self._as(employee)["hr.commission.line"].search(
                [("lead_id", "=", lead.id)], limit=1
            )
            action = line.action_view_touchpoints()
            found = line.env["crm.touchpoint"].search(action["domain"])
            self.assertEqual(line.touchpoint_count, len(found))
        hidden = self.env["crm.touchpoint"].create(
            {"lead_id": lead.id, "company_id": self.south.id, "kind": "call"}
        )
        line = self._as(self.marketer)["hr.commission.line"].search(
            [("lead_id", "=", lead.id)], limit=1
        )
        self.assertLess(line.touchpoint_count, count + 1, hidden)

    def test_evidence_of_many_lines_takes_no_query_each(self):
        deals = [
            self._lead_won(self.sales_north, 2000 + n, "2026-05-04") for n in range(6)
        ]
        lines = self._lines(self.env["crm.lead"].union(*deals))
        names = ["formula", "source_evidence", "plan_version", "touchpoint_count"]

        def read(few):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            few.read(names)
            return self.cr.sql_log_count - before

        read(lines)
        self.assertEqual(read(lines), read(lines[:2]))

    # ------------------------------------------------------------------
    # Why nothing
    # ------------------------------------------------------------------

    def test_the_tab_answers_what_i_get_when_and_what_is_missing(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        mine = lead.with_env(self._as(self.sales_north))
        self.assertRegex(mine.commission_answer, r"100\.00.*: To approve, due on")
        self._lines(lead).with_env(self._as(self.manager_north)).action_approve()
        mine.invalidate_recordset()
        self.assertRegex(mine.commission_answer, r"100\.00.*: Approved, due on")
        others = lead.with_env(self._as(self.officer_hq, *self.branches))
        self.assertFalse(others.commission_answer, "it is somebody else's money")
        still_open = self._lead_open(self.sales_north, 2000)
        mine = still_open.with_env(self._as(self.sales_north))
        told = mine.env["hr.commission.explanation"].create({"lead_id": mine.id})
        for reason in mine.commission_missing.split("\n"):
            self.assertIn(reason, html.fromstring(told.explanation).text_content())
        for action, part in (
            (mine.action_describe_need(), "need"),
            (mine.action_enter_referrer(), "referrer"),
        ):
            self.assertEqual(action["context"], {"commission_part": part})
            self.assertIn(still_open.name, action["name"], "a dialog says whose it is")

    def test_open_lead_says_what_it_waits_for(self):
        lead = self._lead_open(self.sales_north, 2000, "marketing", verified=False)
        text = self._explain(self.sales_north, lead)
        self.assertIn("not qualified yet", text)
        self.assertIn(lead.unqualified_reason, text)
        self.assertIn("not won yet", text)
        self.assertIn("not verified", text)

    def test_estimate_of_an_open_lead_is_explained_as_its_commission_will_be(self):
        lead = self._lead_open(self.sales_north, 8_000, "marketing")
        text = self._explain(self.sales_north, lead)
        self.assertRegex(text, "Won today at .*8,000.00.* pay you .*320.00")
        self.assertRegex(text, "SAL_MKT: .*240.00")
        self.assertRegex(text, "SAL_SYN: .*80.00")
        self.assertNotIn("Won today", self._explain(self.manager_north, lead))
        lead.stage_id = self.stage_won
        self._process()
        text = self._explain(self.sales_north, lead)
        self.assertNotIn("Won today", text)
        self.assertRegex(text, "SAL_MKT: .*240.00")

    def test_salesperson_without_employee(self):
        user = new_test_user(
            self.env,
            login="commission_nobody",
            groups="sales_team.group_sale_salesman",
            company_id=self.north.id,
            company_ids=[Command.set(self.north.ids)],
        )
        lead = self._lead_open(self.sales_north, 2000, user_id=user.id)
        text = self._explain(self.manager_north, lead)
        self.assertIn("has no employee record", text)

    def test_deal_without_salesperson_and_marketer(self):
        lead = self._lead_open(self.sales_north, 2000, "marketing", user_id=False)
        lead.sudo().marketer_id = False
        text = self._explain(self.manager_north, lead)
        self.assertIn("has no salesperson", text)
        self.assertIn("Nobody is recorded who brought the customer", text)

    def test_source_decides_for_others(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        text = self._explain(self.sales_north, lead)
        self.assertIn("own customer of sales: marketing earns nothing", text)
        self.assertIn("SAL_MKT: The rule is for a marketing customer", text)

    def test_no_plan(self):
        self.plan.write({"state": "closed", "date_end": "2026-01-31"})
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        text = self._explain(self.sales_north, lead)
        self.assertIn("No commission plan applies to this person on this day", text)

    def test_marketer_learns_from_a_lead_that_only_sales_may_open(self):
        lead = self._lead_open(self.sales_north, 2000, "marketing")
        self.assertFalse(lead.with_env(self._as(self.marketer)).has_access("read"))
        self.assertIn("not won yet", self._explain(self.marketer, lead))

    def test_stranger_learns_nothing_of_a_deal(self):
        lead = self._lead_won(self.sales_north, 2000, "2026-05-04")
        line = self._lines(lead)
        for values in ({"lead": lead}, {"line": line}):
            with self.subTest(by=list(values)), self.assertRaises(AccessError):
                self._explain(self.sales_south, **values)
