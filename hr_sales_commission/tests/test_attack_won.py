# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What was won stays won: clocks, stages, teams, customers and targets, bent again."""

from contextlib import suppress

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .test_attack_approval import AttackCommon


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-31 22:30:00")
class TestAttackWon(AttackCommon):
    """Each attempt is made as somebody whose job lets them; the ledger decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north.resource_calendar_id.tz = "UTC"
        cls.lead = cls._lead_open(cls.sales_north, 1000, name="Mine")
        cls.sales_manager = new_test_user(
            cls.env,
            login="commission_sales_manager",
            groups="sales_team.group_sale_manager",
            company_id=cls.north.id,
            company_ids=[Command.set(cls.north.ids)],
        )
        cls._create_employee(cls.sales_manager, cls.north, boss=cls.manager_north)

    def _attempt(self, record, attack):
        """Try something; refused or not, what it did is computed."""
        refused = suppress(UserError, ValueError)
        with refused, mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            attack(record)
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["hr.commission.event"].sudo()._process()

    def _pay(self, lead):
        """Return what a deal pays, to whom and for which day."""
        return sorted(
            (line.employee_id.name, line.amount, str(line.date))
            for line in self._lines(lead)
            if line.state != "cancelled"
        )

    # ------------------------------------------------------------------
    # The day
    # ------------------------------------------------------------------

    def test_the_day_is_the_companys(self):
        """No clock, time zone or date of the user's makes it another month."""
        won = {"stage_id": self.stage_won.id}
        fresh = {
            "name": "Fresh",
            "type": "opportunity",
            "user_id": self.sales_north.user_id.id,
            "company_id": self.north.id,
            "expected_revenue": 1000,
            **won,
        }

        def zone(lead):
            lead.env.user.write({"tz": "Pacific/Kiritimati"})
            lead.write(won)

        attempts = {
            "time zone of the user": zone,
            "time zone in the context": lambda lead: lead.with_context(
                tz="Pacific/Kiritimati"
            ).write(won),
            "a day of closing": lambda lead: lead.write(
                {**won, "date_closed": "2026-04-15 12:00:00"}
            ),
            "a day of closing in advance": lambda lead: (
                lead.write({"date_closed": "2026-04-15 12:00:00"}),
                lead.action_set_won(),
            ),
            "the last change of stage": lambda lead: lead.write(
                {**won, "date_last_stage_update": "2026-04-15 12:00:00"}
            ),
            "assigned and converted": lambda lead: lead.write(
                {
                    **won,
                    "date_open": "2026-04-15 12:00:00",
                    "date_conversion": "2026-04-15 12:00:00",
                }
            ),
            "by default": lambda lead: lead.with_context(
                default_date_won="2026-04-15", default_date_closed="2026-04-15"
            ).action_set_won(),
            "expected then": lambda lead: lead.write(
                {**won, "date_deadline": "2026-04-15"}
            ),
            "saved by the form": lambda lead: lead.web_save(
                {**won, "date_won": "2026-04-15"}, {"date_won": {}}
            ),
            "made won": lambda lead: lead.create(
                {**fresh, "date_closed": "2026-04-15 12:00:00"}
            ),
            "made won with its day": lambda lead: lead.create(
                {**fresh, "date_won": "2026-04-15", "won_amount": 9000}
            ),
            "loaded": lambda lead: lead.load(
                ["name", "stage_id/.id", "date_closed", "expected_revenue"],
                [["Fresh", str(self.stage_won.id), "2026-04-15 12:00:00", "1000"]],
            ),
            "loaded with a day of creation": lambda lead: lead.load(
                ["name", "stage_id/.id", "create_date", "expected_revenue"],
                [["Fresh", str(self.stage_won.id), "2026-04-15 12:00:00", "1000"]],
            ),
            "by probability": lambda lead: lead.write(
                {"probability": 100, "date_closed": "2026-04-15 12:00:00"}
            ),
            "by the kanban": lambda lead: lead.web_resequence(
                {"id": {}, "stage_id": {}}, "stage_id"
            ),
        }
        for label, attack in attempts.items():
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                self._attempt(self._by(self.sales_north, self.lead), attack)
                wins = self.env["crm.lead"].search(
                    [("name", "in", ("Mine", "Fresh")), ("date_won", "!=", False)]
                )
                for lead in wins:
                    self.assertEqual(str(lead.date_won), "2026-05-31")
                    self.assertEqual(lead.won_amount, 1000)
                lines = self._lines(wins)
                self.assertEqual(
                    {str(line.date) for line in lines} | {"2026-05-31"}, {"2026-05-31"}
                )
                savepoint.rollback()
                self.env.invalidate_all()

    # ------------------------------------------------------------------
    # Once won
    # ------------------------------------------------------------------

    def _later_attempts(self):
        """Yield who tries what on a colleague's, or the own, deal won last month."""
        mine, boss = self.sales_north.user_id, self.sales_manager
        stage = self.env["crm.stage"]
        other = stage.create({"name": "Signed", "is_won": True})
        team = self.env["crm.team"].create({"name": "Other", "company_id": False})
        stranger = self.env["res.partner"].create({"name": "Another Customer"})
        tag = {"lost_reason_id": self.env["crm.lost.reason"].create({"name": "x"}).id}

        def stage_is_not_won(lead):
            won = lead.stage_id
            won.is_won = False
            won.is_won = True

        def back_and_forth(name, value):
            def attack(lead):
                before = lead[name]
                lead[name] = value
                lead[name] = before

            return attack

        def convert(lead):
            lead.env["crm.lead2opportunity.partner"].with_context(
                active_model="crm.lead", active_ids=lead.ids, active_id=lead.id
            ).create({"name": "convert", "action": "create"}).action_apply()

        def convert_many(lead):
            lead.env["crm.lead2opportunity.partner.mass"].with_context(
                active_model="crm.lead", active_ids=lead.ids, active_id=lead.id
            ).create(
                {"user_ids": [Command.set(boss.ids)], "force_assignment": True}
            ).action_mass_convert()

        def merge_customers(lead):
            lead.env["base.partner.merge.automatic.wizard"].create(
                {
                    "partner_ids": [Command.set((lead.partner_id | stranger).ids)],
                    "dst_partner_id": stranger.id,
                }
            ).action_merge()

        both = (mine, boss)
        yield "another won stage", both, lambda lead: lead.write({"stage_id": other.id})
        yield "another team", both, back_and_forth("team_id", team.id)
        yield "another customer", both, back_and_forth("partner_id", stranger.id)
        yield "less expected", both, lambda lead: lead.write({"expected_revenue": 1})
        yield (
            "recurring",
            both,
            lambda lead: lead.write(
                {"recurring_revenue": 9, "expected_revenue": 90000}
            ),
        )
        yield "a lead again", both, lambda lead: lead.write({"type": "lead"})
        yield "a lead and back", both, back_and_forth("type", "lead")
        yield "converted", both, convert
        yield "mass converted", (boss,), convert_many
        yield "archived and back", both, back_and_forth("active", False)
        yield (
            "lost and restored",
            both,
            lambda lead: (lead.action_set_lost(**tag), lead.action_unarchive()),
        )
        yield (
            "lost by the dialog",
            both,
            lambda lead: (
                lead.env["crm.lead.lost"]
                .create({"lead_ids": [Command.set(lead.ids)], **tag})
                .action_lost_reason_apply(),
                lead.action_unarchive(),
                lead.write({"probability": 100}),
            ),
        )
        yield (
            "automatic probability",
            both,
            lambda lead: lead.action_set_automated_probability(),
        )
        yield "no branch", both, back_and_forth("company_id", False)
        yield "another branch", both, back_and_forth("company_id", self.south.id)
        yield "another salesperson", both, back_and_forth("user_id", boss.id)
        yield "nobody", both, lambda lead: lead.write({"user_id": False})
        yield "the stage is none", (boss,), stage_is_not_won
        yield (
            "the stage is of a team",
            (boss,),
            lambda lead: lead.stage_id.write({"team_ids": [Command.set(team.ids)]}),
        )
        yield (
            "the team is gone",
            (boss,),
            lambda lead: (
                lead.write({"team_id": team.id}),
                lead.team_id.unlink(),
            ),
        )
        yield "deleted", both, lambda lead: lead.unlink()
        yield "customer merged", both, merge_customers
        yield "customer deleted", both, lambda lead: lead.partner_id.unlink()
        yield (
            "customer archived",
            both,
            lambda lead: lead.partner_id.write({"active": False}),
        )
        yield (
            "customer becomes a colleague",
            both,
            lambda lead: lead.partner_id.write(
                {"parent_id": lead.env.user.partner_id.id}
            ),
        )
        yield (
            "copied",
            both,
            lambda lead: lead.copy(
                {"date_won": lead.date_won, "won_amount": 1000, "active": True}
            ),
        )
        yield (
            "merged with an open one",
            both,
            lambda lead: (
                lead | lead.create({"name": "Open", "expected_revenue": 90000})
            ).merge_opportunity(),
        )
        yield (
            "merged with its own copy",
            both,
            lambda lead: (lead | lead.copy()).merge_opportunity(auto_unlink=False),
        )

    def test_nothing_later_moves_what_was_won(self):
        """Within the protection of the plan; by whom it pays, and by who leads them."""
        customer = self.env["res.partner"].create({"name": "The Customer"})
        with freeze_time("2026-05-12 12:00:00"):
            won = self._lead_won(
                self.sales_north, 1000, "2026-05-12", partner_id=customer.id
            )
        right = self._pay(won)
        self.assertEqual(len(right), 2)
        for number, (label, people, attack) in enumerate(self._later_attempts()):
            user = people[number % len(people)]  # who may both try it take turns
            with (
                self.subTest(label, user=user.login),
                self.env.cr.savepoint() as savepoint,
                freeze_time("2026-06-20 12:00:00"),
            ):
                self._attempt(self._by(user, won), attack)
                self._check_same(won, right, label)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_copy_won_later_is_looked_at(self):
        """A sale a month later may be another one: it is named to the inspector."""
        with freeze_time("2026-05-12 12:00:00"):
            customer = self.sales_south.work_contact_id
            won = self._lead_won(
                self.sales_north, 1000, "2026-05-12", partner_id=customer.id
            )
        with freeze_time("2026-07-25 12:00:00"):
            again = self._by(self.sales_north, won).copy()
            again.action_set_won()
            self._attempt(again, lambda lead: None)
        found = self.env["hr.commission.inspection"].search(
            [("finding", "=", "duplicate"), ("line_id.lead_id", "=", again.id)]
        )
        self.assertEqual(found.mapped("employee_id"), self._lines(again).employee_id)

    def _check_same(self, won, right, label):
        """What stands is what was earned, or what is taken back for what is no deal."""
        pay = {}
        lines = self.env["hr.commission.line"].search(
            [
                (
                    "lead_id",
                    "not in",
                    (self.deal | self.own_deal | self.shared | self.held_deal).ids,
                )
            ]
        )
        for line in lines.filtered(lambda line: line.state != "cancelled"):
            key = line.employee_id.name
            pay[key] = round(pay.get(key, 0.0) + line.amount, 2)
        expected = {name: amount for name, amount, _day in right}
        held = {name: 0.0 for name in pay if name not in expected}
        self.assertEqual(pay, {**expected, **held}, label)
        if won.exists() and won.date_won:
            self.assertEqual((str(won.date_won), won.won_amount), ("2026-05-12", 1000))

    # ------------------------------------------------------------------
    # Targets, teams and branches by which one earns
    # ------------------------------------------------------------------

    def test_targets_of_what_pays_oneself(self):
        """Also those of the team, and of the branch where its attainment pays."""
        officer, month = self.officer_north, {"date_from": "2026-05-01"}
        team = self.env["crm.team"].create(
            {
                "name": "North Team",
                "company_id": self.north.id,
                "user_id": self.team_manager.user_id.id,
                "member_ids": [Command.set(officer.user_id.ids)],
            }
        )
        Target = self.env["hr.commission.target"]
        values = {**month, "company_id": self.north.id, "amount": 50000}
        figure = self._by(officer, Target).create(
            {**values, "branch_id": self.north.id}
        )
        figure.amount = 60000  # a figure that pays nobody
        tiers = {
            "tier_mode": "whole",
            "tier_measure": "branch_attainment",
            "tier_period": "month",
            "tier_ids": [Command.create({"from_value": 100, "rate": 20})],
        }
        self._create_plan({"Branch": tiers}, False, company_id=self.north.id)
        for whose in {"team_id": team.id}, {"branch_id": self.north.id}:
            target = figure if "branch_id" in whose else Target.create(values | whose)
            later = {**values, **whose, "date_from": "2026-06-01"}
            self._try_all(
                [
                    (
                        f"{label} {whose}",
                        None,
                        lambda act=act, target=target: act(self._by(officer, target)),
                    )
                    for label, act in {
                        "lower": lambda target: target.write({"amount": 1}),
                        "delete": lambda target: target.unlink(),
                        "next": lambda target, later=later: target.create(later),
                        "move": lambda target: target.write(
                            {"date_from": "2026-06-01"}
                        ),
                        "another measure": lambda target: target.write(
                            {"measure": "won_count"}
                        ),
                    }.items()
                ]
            )
        self._by(self.officer_hq, figure).amount = 70000
