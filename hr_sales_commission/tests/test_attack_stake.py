# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Every door of ours × whoever gains, the people around them, and other branches."""

import inspect
from contextlib import suppress
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .cast import COMMISSION, LEADERS
from .test_attack_approval import AttackCommon

#: how a public method begins that may change something
ACTS = ("action_", "commission_", "import_", "record_", "refund_", "compute_", "set_")
#: doors that show, print or plan, and that no pay of anybody follows from
SHOWING = (
    "action_view_",
    "action_open",
    "action_show",
    "action_export_",
    "action_print",
)
#: models of plans, forecasts and set-up: guarded by rights, not by who gains
PLANNING = frozenset(
    ("hr.commission.alert", "hr.commission.effect", "hr.commission.health")
    + ("hr.commission.sample", "hr.commission.scenario", "hr.commission.simulation")
    + ("hr.commission.start", "hr.commission.plan.activation", "hr.commission.plan")
    + ("hr.commission.plan.import", "hr.commission.rule", "hr.commission.inspection")
    + ("hr.commission.plan.use",)
    + ("hr.commission.target.split", "hr.payroll.structure", "crm.lead.path.report")
)
#: tried where there are payslips, documents, contacts and imports
ELSEWHERE = frozenset(
    ("hr.payslip", "hr.payslip.run", "hr.commission.pay.run", "sale.order")
    + ("account.move", "crm.touchpoint", "hr.commission.import")
)


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackStake(AttackCommon):
    """The registry is walked: a new door is tried, or has to be named above."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.me = cls.officer_north
        cls.officer_south = cls._create_person(
            "officer_south", cls.south, groups=f"{LEADERS},{COMMISSION}officer"
        )
        cls.sales_north.sudo().parent_id = cls.me
        cls.approved_deal = cls._lead_won(cls.me, 4000, "2026-05-08", name="Approved")
        cls.exported_deal = cls._lead_won(cls.me, 2000, "2026-05-09", name="Exported")
        cls.odd_deal = cls._lead_won(cls.me, 800, "2026-05-10", name="Odd")
        cls.odd_deal.odd_reason = "Many alike."
        customer = cls.env["res.partner"].create({"name": "Twin"})
        twins = [
            cls._lead_won(
                cls.me,
                900,
                "2026-05-11",
                name=name,
                partner_id=customer.id,
            )
            for name in ("One", "Other")
        ]
        cls._process()
        cls.doubles = cls._events(twins[0] + twins[1])
        cls.records = cls._make_records()
        cls.env.flush_all()

    @classmethod
    def _make_records(cls):
        """Return what a door of each model could be opened with, all about my money."""
        env = cls.env
        for deal in (cls.approved_deal, cls.exported_deal):
            cls._lines(deal).action_approve()
        exported = cls._line_of(cls.exported_deal, cls.me)
        export = env["hr.commission.export"]._reserve(
            exported, {"company_id": cls.north.id, "date_until": "2026-06-20"}
        )
        export.reference = "PAY-1"
        target = env["hr.commission.target"].create(
            {
                "employee_id": cls.me.id,
                "company_id": cls.north.id,
                "date_from": "2026-05-01",
                "amount": 100,
                "score": 120,
            }
        )
        dispute = env["hr.commission.dispute"].create(
            {
                "kind": "missing_line",
                "employee_id": cls.me.id,
                "claimed_amount": 9000,
                "reason": "More",
                "user_id": cls.first_login.id,
            }
        )
        statements = env["hr.commission.statement"]._generate(
            cls.north, date(2026, 5, 1)
        )
        mine = statements.filtered(lambda each: each.employee_id == cls.me)
        mine.action_confirm()
        deals = (cls.own_deal, cls.held_deal, cls.odd_deal, cls.shared)
        return {
            "hr.commission.line": cls._line_of(cls.own_deal, cls.me)
            | cls._line_of(cls.approved_deal, cls.me)
            | exported
            | cls._lines(cls.shared),
            "hr.commission.statement": mine,
            "hr.commission.export": export,
            "hr.commission.dispute": dispute,
            "hr.commission.target": target,
            "hr.commission.event": cls.doubles | cls._events(cls.own_deal),
            "crm.lead": env["crm.lead"].union(*deals),
            "hr.employee": cls.me,
            "res.partner": cls.me.work_contact_id,
        }

    #: what a dialog is opened with, by whoever opens it
    def _dialogs(self):
        month = {"company_id": self.north.id, "date_to": "2026-05-31"}
        credit = {"role": "sales", "employee_id": self.me.id, "percent": 100}
        return {
            "hr.commission.closing": {**month, "reason": "x"},
            "hr.commission.export.wizard": {
                "company_id": self.north.id,
                "date_until": "2026-06-20",
            },
            "hr.commission.fact.correction": {
                "lead_id": self.own_deal.id,
                "won_amount": 90_000,
                "date_won": "2026-05-05",
                "reason": "More",
            },
            "hr.commission.credit.correction": {
                "res_model": "crm.lead",
                "res_id": self.shared.id,
                "line_ids": [Command.create(credit)],
                "reason": "More",
            },
            "hr.commission.handover": {
                "employee_id": self.sales_north.id,
                "successor_id": self.me.id,
            },
            "crm.touchpoint.log": {"lead_id": self.own_deal.id, "kind": "call"},
        }

    def _doors(self):
        """Yield the public methods of ours that may change something.

        :return: (model, method) pairs
        """
        for name in sorted(self.env.registry):
            methods = set()
            for cls in type(self.env[name]).mro():
                if "hr_sales_commission" in getattr(cls, "__module__", ""):
                    methods |= {
                        method
                        for method, function in vars(cls).items()
                        if inspect.isfunction(function)
                        and method.startswith(ACTS)
                        and not method.startswith(SHOWING)
                        and not getattr(function, "_api_private", False)
                    }
            yield from ((name, method) for method in sorted(methods))

    def _stake(self):
        """Return what I am paid, and what makes it payable."""
        self.env.flush_all()
        self.env.invalidate_all()
        lines = self.env["hr.commission.line"].browse(self.line_ids)
        leads, dispute = self.records["crm.lead"], self.records["hr.commission.dispute"]
        return {
            **{
                line: (line.state, line.amount, line.date_due, line.export_id)
                for line in lines
            },
            "count": self.env["hr.commission.line"].search_count(
                [("employee_id", "=", self.me.id)]
            ),
            "statement": self.records["hr.commission.statement"].state
            in ("approved", "paid"),
            "leads": leads.mapped(
                lambda lead: (
                    lead.source_state,
                    lead.odd_reason,
                    lead.is_protection_extended,
                    lead.date_won,
                    lead.won_amount,
                )
            ),
            "dispute": (dispute.state, dispute.decision),
            "doubles": self.doubles.mapped("is_double_checked"),
            "score": self.records["hr.commission.target"].score_state,
            "lock": self.north.commission_lock_date,
            "exports": self.env["hr.commission.export"].search_count(
                [("line_ids.employee_id", "=", self.me.id)]
            ),
        }

    def _open(self, person, model):
        """Return the records of a model that a person tries a door with, one by one."""
        if model in self.records:
            return list(self._by(person, self.records[model]))
        vals = self._dialogs().get(model)
        return [] if vals is None else [self._by(person, self.env[model]).create(vals)]

    def _arguments(self, record, method):
        arguments = {
            "commission_acknowledge": (record.ids, "P"),
            "commission_due": (self.north.id, "2026-06-20"),
            "action_decide": ("accepted", "Right"),
        }
        return arguments.get(method, ())

    @mute_logger("odoo.sql_db")
    def _try(self, people, model, method):
        """Open one door; whatever it does, nothing of my money may have moved."""
        with self.env.cr.savepoint() as savepoint:
            for person in people:
                # some do not even get the dialog
                with suppress(UserError), self.env.cr.savepoint():
                    for record in self._open(person, model):
                        self._try_one(record, method)
            if self.env["hr.commission.event"].search_count(
                [("state", "=", "pending")], limit=1
            ):
                self._process()
            self.assertEqual(self._stake(), self.before)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def _try_one(self, record, method):
        self.tried += 1
        with suppress(UserError), self.env.cr.savepoint():
            getattr(record, method)(*self._arguments(record, method))

    def test_every_door(self):
        own = ("employee_id", "in", (self.me | self.officer_hq).ids)
        self.line_ids = (
            self.env["hr.commission.line"].search([own]).ids
            + self.records["hr.commission.line"].ids
        )
        self._process()
        self.before, self.tried, unknown = self._stake(), 0, set()
        known = self.records.keys() | self._dialogs().keys() | PLANNING | ELSEWHERE
        for model, method in self._doors():
            if model not in known:
                unknown.add(model)
            if model in self.records or model in self._dialogs():
                people = self._get_people(method)
                with self.subTest(door=f"{model}.{method}"):
                    self._try(people, model, method)
        self.assertFalse(unknown)
        self.assertGreater(self.tried, 150)

    def test_a_rival_gives_up_no_deal_but_their_own(self):
        """Two deals of one customer are held; neither salesperson frees their own."""
        customer = self.env["res.partner"].create({"name": "Contested"})
        rival = self.team_manager
        rival.user_id.group_ids += self.env.ref(LEADERS)
        theirs, mine = (
            self._lead_won(
                person, 1300, "2026-05-12", name=name, partner_id=customer.id
            )
            for person, name in ((self.sales_north, "Theirs"), (rival, "Mine"))
        )
        self._process()
        duplicate = self.env["crm.lost.reason"].create(
            {"name": "Twice", "is_duplicate": True}
        )
        own = self._line_of(mine, rival)
        self.assertEqual(own.state, "held")
        for vals in (
            {"active": False, "lost_reason_id": duplicate.id},
            {"active": False},
            {"stage_id": self.stage_new.id},
            {"probability": 0},
        ):
            with self.subTest(vals=vals):
                with self.assertRaisesRegex(UserError, "one sale"):
                    with self.env.cr.savepoint():
                        self._by(rival, theirs).write(vals)
                self.env.invalidate_all()
                self._process()
                self.assertEqual(own.state, "held")
        self._by(rival, mine).write({"active": False, "lost_reason_id": duplicate.id})
        self._process()
        self.assertEqual(self._line_of(theirs, self.sales_north).state, "draft")

    def _get_people(self, method):
        """Return who tries a door: I, who works for me, who earns by me, and others.

        Whoever earns by me approves my score, and I withdraw my own claim.
        """
        around = self.sales_north, self.officer_hq, self.officer_south
        people = (self.me, *around)
        excepted = {
            "action_withdraw": self.me,
            "action_approve_score": self.officer_hq,
        }
        return [person for person in people if person != excepted.get(method)]
