# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""From one plan to the next: what the dialog says, and what ends when."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..models.hr_commission_condition_words import CONDITION_MODELS
from ..models.hr_commission_plan_change import NOT_COMPARED, describe_fields
from .common import CommissionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-26 12:00:00")
class TestPlanChange(CommissionCommon):
    def setUp(self):
        super().setUp()
        self.Plan = self._as(self.officer_hq)["hr.commission.plan"]

    def _review(self, plan):
        action = plan.action_review()
        return (
            self.Plan.env[action["res_model"]]
            .with_context(**action["context"])
            .create({})
        )

    def _change(self, day="2026-12-01", **rates):
        draft = self.Plan.browse(
            self.Plan.browse(self.plan.id).action_change()["res_id"]
        )
        draft.date_start = day
        for code, rate in rates.items():
            rule = draft.rule_ids.filtered(
                lambda rule, code=code: rule.name == self.rules[code].name
            )
            rule.rate = rate
        return draft

    def _beside(self, day="2026-12-01", **vals):
        return self.Plan.create(
            {
                "name": "Another Policy",
                "company_id": self.hq.id,
                "date_start": day,
                "rule_ids": [Command.create({"name": "All", "rate": 4})],
                **vals,
            }
        )

    def test_copies_are_translated_with_a_language_loaded_later(self):
        template = self.Plan.env.ref(
            "hr_sales_commission.hr_commission_plan_template_reference"
        )
        plan = self.Plan.browse(template.action_use_template()["res_id"])
        own = self._beside(name="Our Own Words")
        Alert = self._as(self.officer_hq, self.hq)["hr.commission.alert"]
        Alert.action_create_ready_made()
        usual = Alert.search([("figure", "=", "own_share")])
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["hr_sales_commission"], ["zh_CN"]
        )
        for copied, source in ((plan, template), (plan.rule_ids, template.rule_ids)):
            chinese = source.with_context(lang="zh_CN").mapped("name")
            self.assertNotEqual(chinese, source.mapped("name"))
            self.assertEqual(copied.with_context(lang="zh_CN").mapped("name"), chinese)
        self.assertEqual(own.with_context(lang="zh_CN").name, "Our Own Words")
        chinese = usual.with_context(lang="zh_CN")
        figures = dict(chinese._fields["figure"]._description_selection(chinese.env))
        self.assertEqual(chinese.name, figures["own_share"])
        self.assertNotEqual([chinese.name, chinese.lever], [usual.name, usual.lever])

    def test_a_scheduled_version_leaves_the_plan_of_today_in_force(self):
        draft = self._change(SAL_OWN=4)
        self._review(draft).action_activate()
        self.assertEqual(
            [self.plan.state, self.plan.phase, str(self.plan.date_end)],
            ["active", "in_force", "2026-11-30"],
        )
        self.assertEqual([draft.state, draft.phase], ["active", "scheduled"])
        with freeze_time("2026-12-01 12:00:00"):
            (self.plan | draft).invalidate_recordset()
            self.Plan.sudo()._cron_close_ended()
            self.assertEqual([self.plan.state, self.plan.phase], ["closed", "ended"])
            self.assertEqual(draft.phase, "in_force")

    def test_phases_are_searched_by_their_days(self):
        draft = self._change()
        for phase, plan in (("draft", draft), ("in_force", self.plan)):
            with self.subTest(phase=phase):
                self.assertIn(plan, self.Plan.search([("phase", "=", phase)]))
        self._review(draft).action_activate()
        found = self.Plan.search([("phase", "in", ("scheduled", "ended"))])
        self.assertIn(draft, found)
        self.assertNotIn(self.plan, found)

    def test_the_dialog_says_that_nothing_changes(self):
        review = self._review(self._change())
        self.assertEqual(
            review.changes, f"Nothing: it pays what {self.plan.display_name} pays."
        )

    def test_every_field_that_changes_is_said_in_words(self):
        """Of plans and rules. Fields come from the registry: a new one is said, too."""
        texts = {"char": ["100, 50", False], "text": ["A", "B"]}
        texts |= {"boolean": [False, True], "date": ["2026-01-31", "2026-02-28"]}
        for model in ("hr.commission.plan", "hr.commission.rule"):
            Model = self.env[model]
            for name, field in Model._fields.items():
                if name in NOT_COMPARED or not field.store or field.type == "one2many":
                    continue
                values = texts.get(field.type, [1, 2])
                if name in CONDITION_MODELS:
                    values = ["[('active', '=', True)]", "[]"]
                if field.type == "selection":
                    values = field.get_values(self.env)[:2]
                elif field.relational:
                    records = self.env[field.comodel_name].search([], limit=2)
                    values = [
                        [Command.set(each.ids)] for each in (records[:1], records)
                    ]
                    if field.type == "many2one":
                        values = [False, records[:1].id]
                given = (
                    {} if model == "hr.commission.plan" else {"plan_id": self.plan.id}
                )
                before, after = (Model.new({**given, name: each}) for each in values)
                with self.subTest(model=model, name=name):
                    said = describe_fields(after, before)
                    label = field._description_string(self.env)
                    [mine] = [text for text in said if text.startswith(label)]
                    self.assertRegex(mine, " → ")
                    self.assertNotRegex(mine, r"[a-z]_[a-z]|\[\(|False|True|None")

    def test_conditions_are_said_in_words(self):
        tag = self.env["crm.tag"].create({"name": "VIP"})
        Condition = self.env["hr.commission.condition"]
        for text, said in (
            ("[]", ""),
            ("[('expected_revenue', '>', 1000)]", "Expected Revenue above 1,000"),
            (f"[('tag_ids', 'in', [{tag.id}])]", "Tags is one of: VIP"),
            (
                "['|', ('user_id', '=', False), ('need_fit', '=', 'full')]",
                "(Salesperson is empty or Need Fit is Full fit)",
            ),
            (
                "[('partner_id.name', 'ilike', 'Shop'), ('active', '=', True)]",
                "Contact › Name contains Shop, Active is yes",
            ),
            ("['!', ('priority', '=', '1')]", "Priority is not Medium"),
        ):
            with self.subTest(text):
                self.assertEqual(Condition._describe(text).casefold(), said.casefold())

    def test_the_dialog_says_what_changes_and_whom_it_concerns(self):
        review = self._review(self._change(SAL_OWN=4))
        self.assertIn("5 → 4", review.changes)
        self.assertEqual(len(review.changes.splitlines()), 1)
        self.assertEqual(review.replaced_ids, self.plan)
        self.assertFalse(review.errors)
        everybody = self.env["hr.employee"].search_count(
            [("commission_role", "!=", "none"), ("company_id", "child_of", self.hq.id)]
        )
        self.assertEqual(review.people_count, everybody)
        own = self._create_plan(is_personal=True, date_start="2026-01-01")
        self.sales_north.version_id.commission_plan_id = own
        review.invalidate_recordset()
        self.assertEqual(review.people_count, everybody - 1, "has a plan of their own")

    def test_a_plan_beside_one_in_force_ends_it_the_day_before(self):
        plan = self._beside()
        self.assertTrue(plan.has_replaced)
        self.assertIn("holds in the same company", plan.check_errors)
        review = self._review(plan)
        self.assertFalse(review.errors)
        review.action_activate()
        self.assertEqual(str(self.plan.date_end), "2026-11-30")
        self.assertEqual(plan.state, "active")

    def test_the_button_on_the_draft_does_the_same(self):
        plan = self._beside()
        plan.action_end_others()
        plan.invalidate_recordset()
        self.assertFalse(plan.check_errors)
        plan.action_activate()
        with self.assertRaisesRegex(UserError, "No other plan"):
            plan.action_end_others()

    def test_the_other_plan_is_changed_instead(self):
        plan = self._beside()
        shown = plan.action_change_other()
        following = self.Plan.browse(shown["res_id"])
        self.assertEqual((following.previous_id, following.state), (self.plan, "draft"))
        self.assertTrue(plan.exists())
        self.assertFalse(self.plan.date_end)

    def test_what_ended_for_a_draft_goes_on_without_it(self):
        for start in ("2026-12-01", "2026-02-01"):  # to come, and passed already
            with self.subTest(start):
                plan = self._beside(start)
                plan.action_end_others()
                self.assertTrue(self.plan.date_end)
                plan.unlink()
                self.assertEqual(
                    (self.plan.state, self.plan.date_end, self.plan.ended_by_id.ids),
                    ("active", False, []),
                )

    def test_a_plan_that_starts_later_is_not_ended(self):
        self._review(self._change()).action_activate()
        review = self._review(self._beside("2026-11-28"))
        self.assertIn("holds in the same company", review.errors)
        with self.assertRaisesRegex(UserError, "cannot be put in force"):
            review.action_activate()

    def test_the_last_day_of_a_plan_in_force_can_be_set(self):
        plan = self.Plan.browse(self.plan.id)
        plan.date_end = "2026-12-31"
        self.assertEqual([plan.state, plan.phase], ["active", "in_force"])

    def test_change_shows_the_version_that_is_scheduled_already(self):
        draft = self._change()
        self._review(draft).action_activate()
        action = self.Plan.browse(self.plan.id).action_change()
        self.assertEqual(action["res_id"], draft.id)

    def test_a_scheduled_plan_is_taken_back(self):
        for end in (False, "2027-03-31"):
            for draft in (self._change(SAL_OWN=4), self._beside()):
                with self.subTest(end=end, plan=draft.name):
                    self.plan.date_end = end
                    self._review(draft).action_activate()
                    self.assertEqual(str(self.plan.date_end), "2026-11-30")
                    draft.action_take_back()
                    self.assertEqual([draft.state, draft.phase], ["draft", "draft"])
                    self.assertEqual(str(self.plan.date_end), str(end))
                    self.assertEqual(self.plan.state, "active")
                    self.assertIn("took the activation back", draft.message_ids[0].body)
                    self.assertIn(
                        "does not take the place", self.plan.message_ids[0].body
                    )
                    draft.rule_ids[0].rate = 6
                    self._review(draft).action_activate()
                    self.assertEqual(str(self.plan.date_end), "2026-11-30")
                    draft.action_take_back()

    def test_a_last_day_set_by_hand_since_stays(self):
        draft = self._change()
        self._review(draft).action_activate()
        self.Plan.browse(self.plan.id).date_end = "2026-11-28"
        draft.action_take_back()
        self.assertEqual(str(self.plan.date_end), "2026-11-28")
        self.assertFalse(self.plan.ended_by_id)

    def test_what_has_begun_is_not_taken_back(self):
        draft = self._change()
        with self.assertRaisesRegex(UserError, "is not in force"):
            draft.action_take_back()
        self._review(draft).action_activate()
        with self.assertRaisesRegex(UserError, "stays on record"):
            draft.state = "draft"
        follower = self._beside("2027-01-01")
        self._review(follower).action_activate()
        with self.assertRaisesRegex(UserError, "Another Policy.*Take that one back"):
            draft.action_take_back()
        follower.action_take_back()
        with (
            freeze_time("2026-12-01 12:00:00"),
            self.assertRaisesRegex(UserError, "first day .* has come"),
        ):
            draft.action_take_back()
        lead = self._lead_won(self.sales_north, 1000, "2026-12-05")
        self.assertEqual(self._lines(lead).rule_id.plan_id, draft)
        with self.assertRaisesRegex(UserError, "Commissions were computed"):
            draft.action_take_back()

    def test_who_may_take_a_plan_back(self):
        draft, other = self._change(), self._beside("2026-12-15")
        self._review(draft).action_activate()
        for method in (
            draft.action_take_back,
            other.action_end_others,
            other.action_change_other,
        ):
            by_seller = method.__self__.with_user(self.sales_north.user_id)
            with self.subTest(method=method.__name__), self.assertRaises(AccessError):
                getattr(by_seller, method.__name__)()
        self.assertEqual([draft.state, draft.date_end], ["active", False])
        own = self._create_plan(is_personal=True, date_start="2026-12-01")
        self.officer_hq.version_id.commission_plan_id = own
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            self.Plan.browse(own.id).action_take_back()

    def test_an_end_that_moves_asks_only_the_days_after_it(self):
        early = self._lead_won(self.sales_north, 1000, "2026-10-05")
        late = self._lead_won(self.sales_north, 1000, "2026-12-05")
        self.env["hr.commission.event"]._process()
        self.Plan.browse(self.plan.id).date_end = "2026-11-30"

        def states(lead):
            events = self.env["hr.commission.event"].search([("lead_id", "=", lead.id)])
            return set(events.mapped("state"))

        self.assertEqual(states(early), {"done"})
        self.assertEqual(states(late), {"pending"})
