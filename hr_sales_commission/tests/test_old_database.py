# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..hooks import FUNCTIONS, post_init_hook, uninstall_hook
from .source_common import SourceCommon


@tagged("post_install", "-at_install")
class TestOldDatabase(SourceCommon):
    """A database that had leads and deals before commissions: the past pays nobody."""

    def _make_older(self, leads, days=200):
        """Turn leads into ones that were there before the addon was installed."""
        self.env.flush_all()
        self.env.cr.execute(
            """DELETE FROM hr_commission_event WHERE lead_id = ANY(%(ids)s);
               DELETE FROM crm_touchpoint WHERE lead_id = ANY(%(ids)s);
               UPDATE crm_lead
                  SET commission_source = NULL, source_state = 'open',
                      first_touch_date = NULL, channel = NULL, date_won = NULL,
                      won_amount = NULL, is_source_fixed = NULL,
                      is_source_unknown = NULL, is_qualified = NULL,
                      date_qualified = NULL, is_history_imported = NULL,
                      create_date = now() - %(days)s * interval '1 day',
                      date_closed = CASE WHEN won_status = 'won' THEN
                          now() - (%(days)s - 10) * interval '1 day' END
                WHERE id = ANY(%(ids)s)""",
            {"ids": leads.ids, "days": days},
        )
        self.env.invalidate_all()

    def _old_deals(self, count=3, won=True, **vals):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Old {number}",
                    "type": "opportunity",
                    "company_id": self.north.id,
                    "user_id": self.sales_north.user_id.id,
                    "email_from": f"old{number}@client{number}.test",
                    "expected_revenue": 1000,
                    "stage_id": (self.stage_won if won else self.stage_new).id,
                    **vals,
                }
                for number in range(count)
            ]
        )
        self._make_older(leads)
        return leads

    def assertNothing(self, leads):
        self.env.flush_all()
        self._process()
        self.assertFalse(self._events(leads) or self._lines(leads))

    def test_installing_adopts_without_paying(self):
        deals = self._old_deals()
        open_leads = self._old_deals(won=False)
        closed = {deal: deal.date_closed for deal in deals}
        post_init_hook(self.env)
        today = self.north._commission_local_date()
        for deal in deals:
            self.assertEqual(
                deal.date_won, self.north._commission_local_date(closed[deal])
            )
            self.assertEqual(deal.date_closed, closed[deal])
            self.assertTrue(deal.is_before_start)
            self.assertEqual(deal.won_amount, 1000)
        for lead in deals + open_leads:
            self.assertEqual(lead.source_state, "open")
            self.assertTrue(lead.commission_source)
            self.assertEqual(len(lead.touchpoint_ids), 1)
            self.assertLess(lead.first_touch_date, today)
        self.assertEqual(self.north.commission_start_date, today)
        self.assertNothing(deals + open_leads)

    def test_deals_of_the_day_before_installing_pay_nothing(self):
        """Also those of the first batch, which is taken over before any start is set."""
        deals = self._old_deals()
        self.env.cr.execute(
            """UPDATE crm_lead SET date_closed = %s - interval '1 second'
                WHERE id = ANY(%s)""",
            [self.env.cr.now(), deals.ids],
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual(deals.mapped("is_before_start"), [True] * 3)
        self.assertNothing(deals)

    def test_odd_rows_are_adopted_like_the_others(self):
        plan = self.env["crm.recurring.plan"].create(
            {"name": "Monthly", "number_of_months": 1}
        )
        odd = {
            "nobody's": {"user_id": False},
            "of no company": {"company_id": False, "user_id": False, "team_id": False},
            "of another branch": {
                "company_id": self.south.id,
                "user_id": self.sales_south.user_id.id,
            },
            "without an address": {"email_from": False},
            "recurring": {"recurring_revenue": 500, "recurring_plan": plan.id},
            "of less than nothing": {"expected_revenue": -1000},
            "a lead": {"type": "lead"},
        }
        deals = self.env["crm.lead"].union(
            *(self._old_deals(1, **vals) for vals in odd.values())
        )
        lost = self._old_deals(1, won=False)
        lost.action_set_lost()
        without_day, without_stage, archived = self._old_deals(3)
        everything = deals + lost + without_day + without_stage + archived
        self._make_older(everything)
        self.env.cr.execute(
            """UPDATE crm_lead SET date_closed = NULL WHERE id = %s;
               UPDATE crm_lead SET stage_id = NULL WHERE id = %s;
               UPDATE crm_lead SET active = FALSE WHERE id = %s""",
            [without_day.id, without_stage.id, archived.id],
        )
        self.env.invalidate_all()
        closed = {lead: lead.date_closed for lead in everything}
        post_init_hook(self.env)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual({lead: lead.date_closed for lead in everything}, closed)
        self.assertFalse(everything.filtered(lambda lead: not lead.commission_source))
        won = deals + without_day + archived
        self.assertTrue(all(won.mapped("is_before_start")))
        self.assertNothing(everything)
        for lead in everything:
            lead.expected_revenue += 5000
        self.assertNothing(everything)

    def test_ordinary_edits_of_an_old_deal_pay_nothing(self):
        edits = {
            "same stage": lambda deal: deal.write({"stage_id": self.stage_won.id}),
            "salesperson": lambda deal: deal.write(
                {"user_id": self.team_manager.user_id.id}
            ),
            "amount": lambda deal: deal.write({"expected_revenue": 5000}),
            "archive": lambda deal: deal.action_archive(),
            "archive and back": lambda deal: (
                deal.action_archive(),
                deal.action_unarchive(),
            ),
            "lost and won": lambda deal: (
                deal.write({"stage_id": self.stage_new.id}),
                deal.action_set_lost(),
                deal.action_unarchive(),
                deal.action_set_won(),
            ),
            "customer": lambda deal: deal.write({"email_from": "new@mail.test"}),
            "need": lambda deal: deal.write({"need_description": "more"}),
            "company": lambda deal: deal.write({"user_id": False}),
        }
        for is_hooked in (True, False):
            deals = self._old_deals(len(edits))
            if is_hooked:
                post_init_hook(self.env)
            for deal, (name, edit) in zip(deals, edits.items(), strict=True):
                with self.subTest(name, is_hooked=is_hooked):
                    edit(deal)
                    self.assertNothing(deal)
                    self.assertTrue(deal.is_before_start)

    def test_the_start_decides(self):
        today = self.north._commission_local_date()
        deals = self._old_deals(1)
        post_init_hook(self.env)
        won_on = deals.date_won
        with self.subTest("imported on purpose"):
            imported = self._lead_won(self.sales_north, 1000, won_on)
            self.assertEqual(len(self._events(imported)), 1)
            self.assertTrue(self._lines(imported))
        with self.subTest("an officer gives the day of an old deal"):
            deal = self._old_deals(1)
            deal._commission_capture({"stage_id"})
            self.assertNothing(deal)
            deal.with_user(self.officer_hq.user_id).write({"date_won": won_on})
            self._process()
            self.assertTrue(self._events(deal))
        with self.subTest("the start moves before the deal"):
            self.north.commission_start_date = won_on - timedelta(days=1)
            self._process()
            self.assertFalse(deals.is_before_start)
            self.assertEqual(self._events(deals).date, won_on)
        with self.subTest("a start in the future"):
            self.north.commission_start_date = today + timedelta(days=5)
            lead = self._make(self.sales_north, email_from="now@won.test")
            lead.sudo().action_set_won()
            self.assertNothing(lead)

    def test_uninstalling_leaves_no_function_behind(self):
        count = "SELECT count(*) FROM pg_proc WHERE starts_with(proname, %s)"
        self.env.cr.execute(count, [FUNCTIONS])
        self.assertGreaterEqual(self.env.cr.fetchone()[0], 6)
        names = """SELECT count(*) FROM ir_model_data
                    WHERE name LIKE %s AND module = 'mail'"""
        ours = "selection\\_\\_hr\\_commission\\_plan\\_\\_%"
        self.env.cr.execute(names, [ours])
        self.assertTrue(self.env.cr.fetchone()[0])
        uninstall_hook(self.env)
        self.env.cr.execute(names, [ours])
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        self.env.cr.execute(count, [FUNCTIONS])
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        self.env.cr.execute("SELECT count(*) FROM pg_trigger WHERE tgname ~ 'hr_comm'")
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_installing_reads_all_customers_at_once(self):
        counts = []
        for count in (1, 2, 12):  # the first one fills the caches
            leads = self._old_deals(count, won=False)
            customers = self.env["res.partner"].create(
                [{"name": f"Customer {number}"} for number in range(count)]
            )
            for lead, customer in zip(leads, customers, strict=True):
                lead.partner_id = customer
            self._make_older(leads)
            before = self.env.cr.sql_log_count
            post_init_hook(self.env)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(leads.touchpoint_ids.partner_id, customers)
        self.assertEqual(counts[2], counts[1])

    def test_first_steps_ask_for_the_start(self):
        self._old_deals(2)
        post_init_hook(self.env)
        env = self._as(self.officer_hq, self.north)
        steps = {
            step["id"]: step
            for step in env["hr.commission.board"].get_first_steps()["onboarding"]
        }
        self.assertTrue(steps["start"]["done"])
        self.assertRegex(
            steps["start"]["found"],
            r"^From before the start: leads [\d,]+ · won deals [\d,]+",
        )
        start = env["hr.commission.start"].create({"date": "2020-01-01"})
        self.assertGreaterEqual(start.paying_count, 2)
        start.action_apply()
        self.assertEqual(str(self.north.commission_start_date), "2020-01-01")

    def test_a_version_qualifies_from_its_first_day_on(self):
        leads = self._old_deals(3, won=False, need_description="a lot")
        post_init_hook(self.env)
        new = self._create_plan(
            company_id=self.north.id,
            active=False,
            date_start=fields.Date.today(),
            qualification_domain="[('email_from', '!=', False)]",
        )
        self.assertIn("open leads meet", new.check_warnings)
        new.action_activate()
        self.env["crm.lead"]._cron_update_qualification()
        self.assertFalse(any(leads.mapped("is_qualified")))
        with self.subTest("somebody works on it"):
            leads[0].email_from = "again@client0.test"
            self.assertTrue(leads[0].is_qualified)
            self.assertEqual(
                leads[0].date_qualified, self.north._commission_local_date()
            )
        with self.subTest("made from then on"):
            self.assertTrue(self._make_web_lead(email_from="a@b.test").is_qualified)

    def test_waiting_leads_are_counted_for_officers_of_their_branches(self):
        """A condition of one's own would count the leads of others."""
        self._old_deals(3, won=False, need_description="a lot")
        new = self._create_plan(
            active=False,
            date_start=fields.Date.today(),
            qualification_domain="[('email_from', '!=', False)]",
        )
        waiting = "open leads meet"
        selected = new.with_env(self._as(self.officer_hq, self.north))
        self.assertIn(waiting, selected.check_warnings)
        elsewhere = new.with_env(self._as(self.officer_hq, self.south))
        self.assertNotIn(waiting, elsewhere.check_warnings or "")
        seller = new.with_env(self._as(self.sales_north))
        self.assertNotIn(waiting, seller.check_warnings or "")

    def test_rows_written_without_us(self):
        """Another program, or a registry without us, leaves our columns out."""
        addon = "hr_sales_commission"
        ours = {
            (model._table, field.name)
            for model in self.env.registry.values()
            if model._auto
            and not model._abstract
            and not model._original_module.startswith(addon)
            for field in model._fields.values()
            if field.store and field.column_type
            if all(module.startswith(addon) for module in field._modules)
        }
        self.assertIn(("crm_lead", "commission_source"), ours)
        self.env.cr.execute(
            """SELECT table_name, column_name, column_default
                 FROM information_schema.columns
                WHERE table_schema = current_schema AND is_nullable = 'NO'"""
        )
        defaults = {
            (table, column): default
            for table, column, default in self.env.cr.fetchall()
            if (table, column) in ours
        }
        self.assertIn("none", defaults["hr_employee", "commission_role"])
        self.assertFalse([place for place, default in defaults.items() if not default])
