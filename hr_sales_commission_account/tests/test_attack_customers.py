# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Customers put together, taken and handed on by whoever is paid for what they buy."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.hr_sales_commission.tests.cast import COMMISSION, LEADERS

from .common import CommissionAccountCommon


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAttackCustomers(CommissionAccountCommon):
    """The rival is an officer who sells, may write contacts and merge them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rule = {"event_type": "order_confirmed", "rate": 10}
        cls._make_plan(
            {**rule, "requires_verification": False},
            {**rule, "rate": 1, "requires_verification": True},
            {"event_type": "deal_won", "rate": 5},
        )
        cls.rival = cls._create_person("rival")
        for group in (
            f"{LEADERS},{COMMISSION}officer,base.group_partner_manager"
        ).split(","):
            cls.rival.user_id.group_ids += cls.env.ref(group)
        cls.mine = cls.env["res.partner"].create({"name": "Mine", "is_company": True})
        cls.free = cls.env["res.partner"].create({"name": "Free"})
        cls.theirs = cls._assign(cls.customer, cls.seller, percent=50)

    @classmethod
    def _assign(cls, customer, person, **vals):
        return cls.env["hr.commission.assignment"].create(
            {
                "partner_id": customer.id,
                "employee_id": person.id,
                "role_id": cls.env.ref(
                    "hr_sales_commission.hr_commission_role_sales"
                ).id,
                "date_from": "2026-01-01",
                **vals,
            }
        )

    def _pay_of_rival(self):
        """Return what the rival earns by an order of the colleague's customer more."""
        with self.env.cr.savepoint() as savepoint:
            self._order(1000)
            self.assertNoError()
            earned = self._earned(self.rival)
            savepoint.rollback()
        self.env.invalidate_all()
        return earned

    def _refuse(self, label, attack, pay):
        """Try something that has to be refused in words, and changes no pay."""
        right = pay()
        with self.subTest(label), self.env.cr.savepoint() as savepoint:
            with self.assertRaisesRegex(UserError, "Ask "), self.env.cr.savepoint():
                attack()
                self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(pay(), right)
            savepoint.rollback()
        self.env.invalidate_all()

    def _as_rival(self, record):
        return record.with_user(self.rival.user_id)

    def _merge(self, source, target):
        wizard = self._as_rival(self.env["base.partner.merge.automatic.wizard"])
        wizard.create(
            {
                "partner_ids": [Command.set((source + target).ids)],
                "dst_partner_id": target.id,
            }
        ).action_merge()

    def test_assignments_of_colleagues(self):
        """Ended, lowered, moved or deleted by who gets what the colleague loses."""
        theirs = self._as_rival(self.theirs)
        attacks = {
            "deleted": lambda: theirs.unlink(),
            "ended": lambda: theirs.write({"date_to": "2026-05-19"}),
            "lowered": lambda: theirs.write({"percent": 1}),
            "moved": lambda: theirs.write({"partner_id": self.free.id}),
            "later": lambda: theirs.write({"date_from": "2027-05-19"}),
            "saved": lambda: theirs.web_save({"percent": 1}, {}),
            "loaded": lambda: theirs.load(
                [".id", "percent"], [[str(self.theirs.id), "1"]]
            ),
            "given away": lambda: theirs.write({"employee_id": self.colleague.id}),
        }
        interests = {
            "assigned as well": lambda: self._assign(
                self.customer, self.rival, percent=50
            ),
            "the salesperson": lambda: self.customer.write(
                {"user_id": self.rival.user_id.id}
            ),
            "sells": lambda: self._order(10, user_id=self.rival.user_id.id),
        }
        for interest, prepare in interests.items():
            with self.env.cr.savepoint() as savepoint:
                prepare()
                for label, attack in attacks.items():
                    if label == "loaded":
                        attack = self._load_refused(attack)
                    self._refuse(f"{label}, {interest}", attack, self._pay_of_rival)
                savepoint.rollback()
            self.env.invalidate_all()
        theirs.write({"note": "Key account", "percent": 40})  # without any interest
        self.assertEqual(self.theirs.percent, 40)

    @staticmethod
    def _load_refused(attack):
        """Return an import whose messages are raised."""

        def load():
            messages = attack()["messages"]
            if messages:
                raise UserError(messages[0]["message"])

        return load

    def test_customers_become_one(self):
        """By parent, merge or document, where one of both is assigned to the rival."""
        self._assign(self.mine, self.rival)
        order = self._order(1000)
        invoice = self._invoice_order(order)
        contact = self.customer.copy({"parent_id": self.customer.id})
        for partner in contact + self.free:
            self._order(10, partner_id=partner.id)
        mine, customer = self._as_rival(self.mine), self._as_rival(self.customer)
        to_mine = {"partner_id": self.mine.id}
        for label, attack in {
            "theirs below mine": lambda: customer.write({"parent_id": self.mine.id}),
            "free below mine": lambda: self._as_rival(self.free).write(
                {"parent_id": self.mine.id}
            ),
            "a contact of theirs": lambda: self._as_rival(contact).write(
                {"parent_id": self.mine.id}
            ),
            "mine below theirs": lambda: mine.write(
                {"parent_id": self.customer.id, "is_company": False}
            ),
            "from mine's side": lambda: mine.write(
                {"child_ids": [Command.link(self.customer.id)]}
            ),
            "saved": lambda: customer.web_save({"parent_id": self.mine.id}, {}),
            "theirs merged into mine": lambda: self._merge(self.customer, self.mine),
            "mine merged into theirs": lambda: self._merge(self.mine, self.customer),
            "the order": lambda: self._as_rival(order).write(to_mine),
        }.items():
            self._refuse(label, attack, lambda: self._earned(self.rival))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._as_rival(invoice).sudo(False).write(to_mine)
        # whoever earns by neither puts them together
        self.customer.parent_id = self.mine
        self.assertEqual(self.customer.commercial_partner_id, self.mine)

    def test_a_verified_customer_lends_its_proof(self):
        """What is held is not set free by who sold it, with another's verification."""
        verified = self.env["res.partner"].create({"name": "V", "is_company": True})
        verified.sudo().is_commission_source_verified = True
        seller = {"user_id": self.rival.user_id.id, "partner_id": self.free.id}
        order = self._order(1000, **seller)

        def states():
            self._process()
            lines = self._lines(self.rival)
            return sorted(lines.mapped(lambda line: (line.state, line.amount)))

        self.assertEqual(states(), [("draft", 100.0), ("held", 10.0)])
        free = self._as_rival(self.free)
        for label, attack in {
            "below it": lambda: free.write({"parent_id": verified.id}),
            "as its contact": lambda: self._as_rival(verified).write(
                {"child_ids": [Command.link(self.free.id)]}
            ),
            "merged into it": lambda: self._merge(self.free, verified),
            "it merged into": lambda: self._merge(verified, self.free),
            "the order": lambda: self._as_rival(order).write(
                {"partner_id": verified.id}
            ),
        }.items():
            self._refuse(label, attack, states)

    def test_a_colleagues_quotation_under_ones_own_deal(self):
        """Nobody raises a deal of their own by what a colleague is about to sell."""
        deal = self._lead(won=False, expected_revenue=100)
        deal.user_id = self.rival.user_id
        quote = self._order(5000, confirm=False)
        mine, theirs = self._as_rival(deal), self._as_rival(quote)

        def won():
            with self.env.cr.savepoint() as savepoint:
                quote.action_confirm()
                mine.action_set_won()
                earned = self._earned(self.rival)
                savepoint.rollback()
            self.env.invalidate_all()
            return earned

        for label, attack in {
            "attached": lambda: theirs.write({"opportunity_id": deal.id}),
            "from the deal": lambda: mine.write(
                {"order_ids": [Command.link(quote.id)]}
            ),
            "saved": lambda: theirs.web_save({"opportunity_id": deal.id}, {}),
            "as a set": lambda: mine.write({"order_ids": [Command.set(quote.ids)]}),
        }.items():
            self._refuse(label, attack, won)
        quote.sudo(False).opportunity_id = deal  # somebody without interest does
        self.assertEqual(won(), 800)

    def test_a_deal_taken_over_with_what_a_colleague_sold(self):
        """Held until somebody without interest has looked: it may be a hand-over."""

        def won(before=lambda deal: None, after=lambda deal: None, **order):
            """Return the lines of the rival, who takes the deal over and wins it."""
            deal = self._lead(won=False, expected_revenue=100)
            before(deal)
            self._order(5000, lead=deal, **order)
            after(deal)
            mine = self._as_rival(deal)
            mine.user_id = self.rival.user_id
            mine.action_set_won()
            self._process()
            lines = self._lines(self.rival)
            return deal, lines.filtered(lambda line: line.lead_id == deal)

        rival = self.rival.user_id
        office = self._create_person("back_office")
        cases = {
            "taken": ({}, "held", True),
            "handed over before": (
                {
                    "before": lambda deal: deal.write({"user_id": rival.id}),
                    "user_id": rival.id,
                },
                "draft",
                False,
            ),
            "by the back office": (
                {
                    "before": lambda deal: deal.write({"user_id": rival.id}),
                    "user_id": office.user_id.id,
                },
                "draft",
                False,
            ),
            "shared": (
                {
                    "after": lambda deal: self.env["crm.lead.share"].create(
                        [
                            {
                                "lead_id": deal.id,
                                "role": "sales",
                                "employee_id": person.id,
                                "percent": 50,
                            }
                            for person in (self.seller, self.rival)
                        ]
                    )
                },
                "draft",
                False,
            ),
        }
        for label, (acts, state, is_odd) in cases.items():
            with self.subTest(label), self.env.cr.savepoint() as savepoint:
                deal, lines = won(**acts)
                self.assertEqual(bool(deal.odd_reason), is_odd)
                self.assertTrue(lines)
                self.assertEqual(set(lines.mapped("state")), {state})
                savepoint.rollback()
            self.env.invalidate_all()
        deal, lines = won()
        with self.assertRaises(UserError):
            self._as_rival(deal).action_confirm_not_odd()
        deal.sudo(False).action_confirm_not_odd()
        self._process()
        lines = self._lines(self.rival).filtered(lambda line: line.lead_id == deal)
        self.assertEqual(set(lines.mapped("state")), {"draft"})

    def test_an_old_customer_made_a_new_one(self):
        """Another customer is refused; a contact that leaves its company is on record."""
        rule = {"event_type": "deal_won", "rate": 10}
        plan = self._make_plan(
            {**rule, "customer_months_to": 12}, name="New ones", is_personal=True
        )
        self.rival.version_id.write(
            {"date_version": "2020-01-01", "commission_plan_id": plan.id}
        )
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.mine.id}
        )
        rivals = {"partner_id": contact.id, "user_id": self.rival.user_id.id}
        self._lead(date_won="2024-01-10", won_amount=100, **rivals)
        deal = self._lead(date_won="2026-05-04", won_amount=1000, **rivals)
        before = self._earned(self.rival)
        attacks = {
            "parent_id": lambda: self._as_rival(contact).write({"parent_id": False}),
            "is_company": lambda: self._as_rival(contact).write({"is_company": True}),
        }
        for partner in (self.free, self.free.browse()):
            with self.subTest(partner=partner.name), self.assertRaises(UserError):
                self._as_rival(deal).write({"partner_id": partner.id})
        for field_name, attack in attacks.items():
            with self.subTest(field_name), self.env.cr.savepoint() as savepoint:
                attack()
                entry = self.env["hr.commission.audit"].search(
                    [("field_name", "=", field_name)], order="id desc", limit=1
                )
                self.assertEqual(entry.user_id, self.rival.user_id)
                self.assertTrue(entry.is_self_benefit)
                self.assertTrue(entry.old_value or entry.new_value)
                # what was bought moves along
                self.assertEqual(self._earned(self.rival), before)
                savepoint.rollback()
            self.env.invalidate_all()
        self._as_rival(deal).write({"partner_id": self.mine.id})  # the same customer
        self.assertEqual(self._earned(self.rival), before)
