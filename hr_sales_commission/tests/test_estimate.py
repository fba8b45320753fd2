# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import REFERENCE_RULES, CommissionCommon


class EstimateCommon(CommissionCommon):
    def _cards(self, employee, leads, *companies):
        """Return the cards of leads as an employee sees them, by lead."""
        mine = leads.with_env(self._as(employee, *companies))
        cards = mine.get_commission_estimates()
        return {lead: cards[str(lead.id)] for lead in leads if str(lead.id) in cards}

    def _card(self, employee, lead, *companies):
        return self._cards(employee, lead, *companies).get(lead)

    def _others(self, employee, lead, *companies):
        """Return what an employee reads of others, by name and amount."""
        card = self._card(employee, lead, *companies)
        texts = [text.replace("$\xa0", "") for text in card["others"]] if card else []
        return {tuple(text.rsplit(" ", 1)) for text in texts}

    def _estimates(self, employee, leads):
        return leads.with_env(self._as(employee)).mapped("commission_estimate")

    def _note(self, employee, lead):
        note = lead.with_env(self._as(employee)).commission_estimate_note
        return str(note).replace("$\xa0", "")

    @staticmethod
    def _tiers(*bounds, **vals):
        return {
            "role": "sales",
            "tier_mode": "marginal",
            "tier_measure": "cumulative",
            "tier_period": "month",
            "tier_ids": [
                Command.create({"from_value": bound, "rate": rate})
                for bound, rate in bounds
            ],
            **vals,
        }


@tagged("post_install", "-at_install", "commission_core")
class TestEstimate(EstimateCommon):
    """What the reader would get."""

    def test_estimate_is_what_the_reader_would_get(self):
        marketing = self._lead_open(self.sales_north, 10_000, "marketing")
        own = self._lead_open(self.sales_north, 10_000)
        leads = marketing + own
        self.assertEqual(self._estimates(self.sales_north, leads), [400.0, 500.0])
        self.assertEqual(self._estimates(self.team_manager, leads), [0.0, 0.0])
        cards = self._cards(self.sales_north, leads)
        self.assertEqual(
            [cards[lead]["mine"] for lead in leads], ["$\xa0400.00", "$\xa0500.00"]
        )

    def test_estimate_counts_what_the_period_has_so_far(self):
        self._replace_plan({"TIER": self._tiers((0, 1), (10_000, 2))})
        with freeze_time("2026-03-20"):
            lead = self._lead_open(self.sales_north, 10_000)
            self.assertEqual(self._estimates(self.sales_north, lead), [100.0])
            self._lead_won(self.sales_north, 10_000, "2026-03-10")
            self.assertEqual(self._estimates(self.sales_north, lead), [200.0])

    def test_each_lead_counts_alone(self):
        self._replace_plan({"TIER": self._tiers((0, 1), (10_000, 2))})
        leads = self._lead_open(self.sales_north, 10_000)
        leads += self._lead_open(self.sales_north, 10_000)
        self.assertEqual(self._estimates(self.sales_north, leads), [100.0, 100.0])

    @freeze_time("2026-03-20")
    def test_the_win_comes_after_those_of_the_same_day(self):
        rule = {"role": "sales", "rate": 5, "cap": 450, "cap_period": "month"}
        self._replace_plan({"CAP": rule})
        self._lead_won(self.sales_north, 10_000, "2026-03-20")
        lead = self._lead_open(self.sales_north, 10_000)
        self.assertEqual(self._estimates(self.sales_north, lead), [0.0])
        self.assertIn("450.00 per month is used up", self._note(self.sales_north, lead))

    def test_shared_deals_are_estimated_in_shares(self):
        lead = self._lead_open(self.sales_north, 10_000)
        lead.commission_share_ids = [
            Command.create({"employee_id": employee.id, "percent": percent})
            for employee, percent in ((self.sales_north, 60), (self.team_manager, 40))
        ]
        self.assertEqual(self._card(self.sales_north, lead)["mine"], "$\xa0300.00")
        self.assertEqual(self._card(self.team_manager, lead)["mine"], "$\xa0200.00")
        self.assertEqual(
            self._others(self.team_manager, lead), {("sales_north", "300.00")}
        )
        self.assertFalse(self._others(self.sales_north, lead), "not of the manager")

    @freeze_time("2026-03-20")
    def test_the_win_counts_for_the_target_of_the_team(self):
        tiers = self._tiers(
            (0, 1),
            (100, 2),
            tier_mode="whole",
            tier_measure="team_attainment",
            target_measure="won_amount",
        )
        self._replace_plan({"TEAM": tiers}, tier_boundary="upper")
        team = self.env["crm.team"].create(
            {"name": "Team", "company_id": self.north.id}
        )
        self.env["hr.commission.target"].create(
            {
                "team_id": team.id,
                "company_id": self.north.id,
                "amount": 10_000,
                "period": "month",
                "date_from": "2026-03-01",
            }
        )
        leads = self._lead_open(self.sales_north, 10_000, team_id=team.id)
        leads += self._lead_open(self.sales_north, 9_000, team_id=team.id)
        self.assertEqual(self._estimates(self.sales_north, leads), [200.0, 90.0])

    def test_conditions_on_leads_are_asked(self):
        self._replace_plan(
            {"BIG": {"role": "sales", "rate": 5, "domain": "[('name', '=', 'big')]"}}
        )
        leads = self._lead_open(self.sales_north, 1_000, name="big")
        leads += self._lead_open(self.sales_north, 1_000, name="small")
        self.assertEqual(self._estimates(self.sales_north, leads), [50.0, 0.0])

    def test_amount_is_in_the_currency_of_the_lead(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": euro.id,
                "company_id": self.hq.id,
                "rate": 0.5,
            }
        )
        abroad = self._create_company(name="Commission Abroad", currency_id=euro.id)
        self.sales_north.user_id.company_ids += abroad
        lead = self._lead_open(self.sales_north, 10_000, company_id=abroad.id)
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": euro.id,
                "company_id": abroad.id,
                "rate": 0.5,
            }
        )
        env = self._as(self.sales_north, self.north, abroad)
        lead = lead.with_env(env)
        self.assertEqual(lead.company_currency, euro)
        self.assertAlmostEqual(lead.commission_estimate, 500.0)
        self.assertIn("$\xa01,000.00", str(lead.commission_estimate_note))

    def test_estimating_writes_nothing(self):
        lead = self._lead_open(self.sales_north, 10_000)
        with self.assertLedgerUntouched():
            self._estimates(self.sales_north, lead)
            self._cards(self.sales_north, lead)

    def test_closed_deals_and_those_without_amount_have_none(self):
        leads = self._lead_open(self.sales_north, 0)
        leads += self._lead_won(self.sales_north, 5_000, "2026-03-10")
        self.assertEqual(self._estimates(self.sales_north, leads), [0.0, 0.0])
        self.assertFalse(self._cards(self.sales_north, leads))
        self.assertFalse(self._note(self.sales_north, leads[1]))

    def test_a_changed_plan_is_followed(self):
        lead = self._lead_open(self.sales_north, 10_000)
        self.assertEqual(self._estimates(self.sales_north, lead), [500.0])
        self._replace_plan({"OWN": {"role": "sales", "rate": 7}})
        self.assertEqual(self._estimates(self.sales_north, lead), [700.0])


@tagged("post_install", "-at_install")
class TestEstimateOfOthers(EstimateCommon):
    """Who reads what others would get: the record rules on lines decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = {"role": "manager", "manager_level": 1, "rate": 0.5}
        cls._replace_plan({**REFERENCE_RULES, "MANAGER": manager})
        cls.lead = cls._lead_open(cls.sales_north, 10_000, "marketing")

    def test_salesperson_reads_only_the_own_amount(self):
        card = self._card(self.sales_north, self.lead)
        self.assertEqual((card["mine"], card["others"]), ("$\xa0400.00", []))
        self.assertNotIn("marketer", self._note(self.sales_north, self.lead))

    def test_marketer_reads_the_own_amount_where_the_lead_is_readable(self):
        self.assertFalse(self._card(self.marketer, self.lead), "a lead of others")
        self.lead.write({"user_id": False, "company_id": self.north.id})
        self.assertFalse(self._card(self.marketer, self.lead), "of another branch")
        self.lead.company_id = False
        card = self._card(self.marketer, self.lead)
        self.assertEqual((card["mine"], card["others"]), ("$\xa0200.00", []))

    def test_managers_read_what_their_people_would_get(self):
        north = {("sales_north", "400.00"), ("team_manager", "50.00")}
        everybody = north | {("marketer", "200.00")}
        for reader, companies, mine, others in (
            (self.team_manager, (), "$\xa050.00", {("sales_north", "400.00")}),
            (self.manager_north, (), "", north),
            (self.officer_north, (), "", north),
            (self.officer_hq, (self.north,), "", north),
            (self.officer_hq, (self.hq, self.north), "", everybody),
            (self.administrator, (self.north,), "", north),
        ):
            with self.subTest(reader=reader.name, companies=companies):
                card = self._card(reader, self.lead, *companies)
                self.assertEqual(card["mine"], mine)
                self.assertEqual(self._others(reader, self.lead, *companies), others)

    def test_form_names_roles(self):
        lead = self.lead.with_env(self._as(self.officer_hq, self.hq, self.north))
        note = str(lead.commission_estimate_note).replace("$\xa0", "")
        self.assertIn("sales_north (sales) 400.00", note)
        self.assertIn("marketer (marketing) 200.00", note)

    def test_unreadable_leads_are_left_out(self):
        self.assertFalse(self._card(self.sales_south, self.lead))
        with self.assertRaises(AccessError):
            self._estimates(self.sales_south, self.lead)

    def test_a_switched_off_rule_takes_effect(self):
        self.env.ref("hr_sales_commission.hr_commission_line_rule_team").active = False
        self.assertFalse(self._others(self.team_manager, self.lead))
        self.assertEqual(self._card(self.team_manager, self.lead)["mine"], "$\xa050.00")

    def test_a_rule_for_everybody_takes_effect(self):
        rule = self.env.ref("hr_sales_commission.hr_commission_line_rule_own")
        rule.domain_force = "['|', ('user_id', '=', user.id), ('employee_id.name', '=', 'team_manager')]"
        self.assertEqual(
            self._others(self.sales_north, self.lead), {("team_manager", "50.00")}
        )

    def test_a_rule_on_amounts_takes_effect(self):
        rule = self.env.ref("hr_sales_commission.hr_commission_line_rule_own")
        rule.domain_force = "[('user_id', '=', user.id), ('amount', '<', 200)]"
        card = self._card(self.sales_north, self.lead)
        self.assertEqual(card["mine"], "$\xa0100.00", "only the bonus")
        self.assertEqual(self._estimates(self.sales_north, self.lead), [100.0])

    def test_without_access_to_lines_there_is_nothing(self):
        access = self.env["ir.model.access"].search(
            [("model_id.model", "=", "hr.commission.line")]
        )
        access.active = False
        self.assertFalse(self._card(self.sales_north, self.lead))
        self.assertEqual(self._estimates(self.sales_north, self.lead), [0.0])


@freeze_time("2026-03-20")
@tagged("post_install", "-at_install")
class TestEstimateNote(EstimateCommon):
    """The sentence on the form."""

    def test_held_amounts_are_said_to_be_held(self):
        lead = self._lead_open(self.sales_north, 10_000, verified=False)
        note = self._note(self.sales_north, lead)
        self.assertIn("you 500.00 (held)", note)
        self.assertIn("Held until the source of the customer is verified.", note)
        self.assertTrue(self._card(self.sales_north, lead)["is_held"])
        lead.source_state = "verified"
        self.assertNotIn("eld", self._note(self.sales_north, lead))
        self.assertFalse(self._card(self.sales_north, lead)["is_held"])

    def test_distance_to_the_next_tier_after_the_win(self):
        self._replace_plan({"TIER": self._tiers((0, 1), (10_000, 4))})
        self._lead_won(self.sales_north, 3_000, "2026-03-10")
        lead = self._lead_open(self.sales_north, 5_900)
        text = "TIER: Then 1,100.00 to your next tier of 4 %."
        self.assertIn(text, self._note(self.sales_north, lead))
        hints = self._card(self.sales_north, lead)["hints"]
        self.assertEqual([hint.replace("$\xa0", "") for hint in hints], [text])
        self.assertNotIn("tier", self._note(self.manager_north, lead), "not theirs")

    def test_a_win_that_reaches_the_next_tier(self):
        bounds = (0, 1), (10_000, 4), (30_000, 5)
        self._replace_plan({"TIER": self._tiers(*bounds)})
        self._lead_won(self.sales_north, 3_000, "2026-03-10")
        lead = self._lead_open(self.sales_north, 8_000)
        self.assertIn(
            "TIER: This reaches your tier of 4 %. Then 19,000.00 to your next tier of "
            "5 %.",
            self._note(self.sales_north, lead),
        )
        lead.expected_revenue = 90_000
        note = self._note(self.sales_north, lead)
        self.assertIn("TIER: This reaches your tier of 5 %.</div>", note)

    def test_no_distance_in_days(self):
        self._replace_plan(
            {"T": self._tiers((0, 1), (9, 4), tier_measure="days_to_sign")}
        )
        lead = self._lead_open(self.sales_north, 5_900)
        self.assertNotIn("your next tier", self._note(self.sales_north, lead))

    def test_distance_in_deals(self):
        rule = self._tiers(
            (0, 50), (3, 80), tier_measure="won_count", amount_type="fixed"
        )
        self._replace_plan({"COUNT": rule}, tier_boundary="upper")
        lead = self._lead_open(self.sales_north, 5_900)
        self.assertIn(
            "Then 2 deals to your next tier of 80.00.",
            self._note(self.sales_north, lead),
        )

    def test_tiers_that_the_deal_does_not_count_in_are_left_out(self):
        rule = self._tiers((0, 1), (10_000, 4), commission_source="marketing")
        self._replace_plan({"TIER": rule, "OWN": {"role": "sales", "rate": 5}})
        lead = self._lead_open(self.sales_north, 5_000)
        self.assertNotIn("tier", self._note(self.sales_north, lead))

    def test_why_nothing(self):
        rule = {"role": "sales", "commission_source": "own", "rate": 5}
        self._replace_plan({"OWN": rule, "MARKETING": {"role": "marketing", "rate": 2}})
        lead = self._lead_open(self.sales_north, 5_000, "marketing")
        note = self._note(self.sales_north, lead)
        self.assertIn("Nothing for you:", note)
        self.assertIn("OWN: The rule is for an own customer", note)
        self.assertNotIn("MARKETING", note, "another role")
        self.assertFalse(self._card(self.sales_north, lead), "nothing to say")
        self.assertNotIn(
            "Nothing", self._note(self.team_manager, lead), "no part in it"
        )

    def test_why_nothing_on_a_win(self):
        rule = {"role": "sales", "event_type": "lead_qualified", "amount": 5}
        self._replace_plan({"LEAD": {**rule, "amount_type": "fixed"}})
        lead = self._lead_open(self.sales_north, 5_000)
        note = self._note(self.sales_north, lead)
        self.assertIn("LEAD: The rule pays on", note)
        self.assertIn("not on the win.", note)

    def test_why_nothing_without_rule_or_plan(self):
        plan = self._replace_plan({"MARKETING": {"role": "marketing", "rate": 2}})
        lead = self._lead_open(self.sales_north, 5_000)
        note = self._note(self.sales_north, lead)
        self.assertIn("no rule of the plan is for your role", note)
        plan.write({"state": "closed", "date_end": "2026-03-19"})
        note = self._note(self.sales_north, lead)
        self.assertIn("No commission plan applies to this person on this day.", note)

    def test_texts_are_escaped(self):
        self._replace_plan({"<b>TIER</b>": self._tiers((0, 1), (10_000, 4))})
        lead = self._lead_open(self.sales_north, 5_900)
        self.assertIn("&lt;b&gt;TIER", self._note(self.sales_north, lead))


@tagged("post_install", "-at_install", "commission_core")
class TestEstimateInForm(EstimateCommon):
    """While a lead is being edited."""

    def test_the_sentence_follows_the_amount(self):
        lead = self._lead_open(self.sales_north, 10_000)
        with Form(lead.with_env(self._as(self.sales_north))) as form:
            self.assertIn("500.00", form.commission_estimate_note)
            form.expected_revenue = 20_000
            self.assertIn("1,000.00", form.commission_estimate_note)
            form.expected_revenue = 0
            self.assertFalse(form.commission_estimate_note)

    def test_a_new_lead(self):
        env = self._as(self.sales_north)
        context = {"default_type": "opportunity"}
        with Form(env["crm.lead"].with_context(**context)) as form:
            form.name = "New"
            self.assertFalse(form.commission_estimate_note)
            form.expected_revenue = 20_000
            self.assertIn("you", form.commission_estimate_note)
        self.assertTrue(form.record.commission_estimate)

    def test_conditions_look_at_what_is_being_edited(self):
        domain = "[('need_fit', '=', 'full')]"
        self._replace_plan({"FIT": {"role": "sales", "rate": 5, "domain": domain}})
        lead = self._lead_open(self.sales_north, 10_000)
        with Form(lead.with_env(self._as(self.sales_north))) as form:
            self.assertIn("does not satisfy the filter", form.commission_estimate_note)
            form.need_fit = "full"
            form.expected_revenue = 20_000
            self.assertIn("1,000.00", form.commission_estimate_note)

    def test_shares_that_are_being_edited(self):
        lead = self._lead_open(self.sales_north, 10_000)
        with Form(lead.with_env(self._as(self.manager_north))) as form:
            self.assertIn("sales_north (sales)", form.commission_estimate_note)
            for employee in (self.sales_north, self.team_manager):
                with form.commission_share_ids.new() as share:
                    share.employee_id = employee
                    share.percent = 50
            note = form.commission_estimate_note
            self.assertIn("team_manager (sales)", note)
            self.assertEqual(note.count("250.00"), 2)


@tagged("post_install", "-at_install", "commission_core")
class TestEstimateStatements(EstimateCommon):
    """The number of statements does not grow with the leads."""

    def _count(self, employee, leads, action):
        mine = leads.with_env(self._as(employee, self.hq, self.north))
        if employee != self.officer_hq:
            mine = leads.with_env(self._as(employee))
        start = self.cr.sql_log_count
        action(mine)
        return self.cr.sql_log_count - start

    def test_as_many_for_forty_as_for_five(self):
        tiers = self._tiers((0, 1), (10_000, 2))
        domain = {"role": "sales", "rate": 1, "domain": "[('name', '!=', 'x')]"}
        manager = {"role": "manager", "manager_level": 1, "rate": 0.5}
        self._replace_plan(
            {**REFERENCE_RULES, "TIER": tiers, "DOMAIN": domain, "MANAGER": manager}
        )
        today = self.north._commission_local_date()
        for amount in (1_000, 2_000):
            self._lead_won(self.sales_north, amount, today)
        leads = self.env["crm.lead"]
        for number in range(40):
            source = ("own", "marketing")[number % 2]
            leads += self._lead_open(self.sales_north, 1_000, source)
        for employee in (self.sales_north, self.team_manager, self.officer_hq):
            for action in (
                lambda leads: leads.get_commission_estimates(),
                lambda leads: leads.mapped("commission_estimate"),
                lambda leads: leads.mapped("commission_estimate_note"),
            ):
                with self.subTest(employee=employee.name):
                    self._count(employee, leads, action)  # fills the caches
                    few = self._count(employee, leads[:5], action)
                    many = self._count(employee, leads, action)
                    self.assertEqual(few, many)
                    self.assertLessEqual(many, 30)

    def test_nothing_to_estimate_costs_one_statement(self):
        leads = self._lead_open(self.sales_north, 0)
        leads += self._lead_won(self.sales_north, 5_000, "2026-03-10")
        self._cards(self.team_manager, leads)
        mine = leads.with_env(self._as(self.team_manager))
        mine.env.user.has_group("base.group_user")
        with self.assertQueryCount(1):
            mine.get_commission_estimates()

    def test_without_an_employee_one_statement(self):
        user = self.env["res.users"].create(
            {
                "name": "guest",
                "login": "commission_guest",
                "company_id": self.north.id,
                "company_ids": [Command.set(self.north.ids)],
                "group_ids": [
                    Command.link(
                        self.env.ref("sales_team.group_sale_salesman_all_leads").id
                    )
                ],
            }
        )
        leads = self._lead_open(self.sales_north, 1_000)
        mine = leads.with_user(user)
        self.assertFalse(mine.get_commission_estimates())
        self.env.invalidate_all()
        mine.env.user.has_group("base.group_user")
        with self.assertQueryCount(1):
            mine.get_commission_estimates()

    def test_the_pipeline_loads_nothing_of_it(self):
        arch = self.env["crm.lead"].get_view(
            self.env.ref("crm.crm_case_kanban_view_leads").id, "kanban"
        )["arch"]
        self.assertIn('widget name="commission_estimate"', arch)
        self.assertNotIn('field name="commission_', arch)
