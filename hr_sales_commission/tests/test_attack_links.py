# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Links of Odoo's own records: to a colleague's deal, to any record, to what was said."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .cast import SALES
from .test_attack_approval import AttackCommon
from .test_doors import DoorsCommon

#: models whose records anybody might name in a form of another model
NAMED = (
    *("hr.commission.line", "hr.commission.plan", "hr.commission.dispute"),
    *("hr.commission.statement", "crm.lead"),
)
MODEL_FIELDS = ("res_model", "model", "resource_model")
MODEL_LINKS = ("model_id", "res_model_id")


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAttackForms(DoorsCommon):
    """The registry is walked: no unsaved form of any model tells a record of ours."""

    def _values(self, model, record):
        """Return what a form of a model takes to be about a record, if anything."""
        fields = self.env[model]._fields
        values = {
            name: str(record.ids) if field.type in ("char", "text") else record.id
            for name, field in fields.items()
            if field.type == "many2one_reference" or name in ("res_id", "res_ids")
        }
        if values:
            kind = self.env["ir.model"]._get_id(record._name)
            values |= {name: record._name for name in MODEL_FIELDS if name in fields}
            values |= {name: kind for name in MODEL_LINKS if name in fields}
        for name, field in fields.items():
            if field.type == "reference":
                values[name] = f"{record._name},{record.id}"
            elif field.type == "many2one" and field.comodel_name == record._name:
                values[name] = record.id
        return values

    def _ask(self, model, values):
        """Return what an unsaved form tells, with values in it or as its defaults."""
        spec = {
            name: {"fields": {"display_name": {}}} if field.relational else {}
            for name, field in model._fields.items()
        }
        defaults = {f"default_{name}": value for name, value in values.items()}
        yield lambda: model.onchange(values, list(values), spec)
        yield lambda: model.with_context(**defaults).onchange({}, [], spec)
        if model._transient:
            yield lambda: model.create(values).read()

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def test_no_unsaved_form_tells_of_a_record(self):
        tried, refused = 0, 0
        records = [
            self.env[name].search([], limit=1, order="id desc") for name in NAMED
        ]
        records[NAMED.index("crm.lead")] = self.deal
        env = self._as_user(self.officer_south.user_id)
        for name, model in sorted(env.registry.items()):
            if model._abstract or model._original_module.startswith("hr_sales_comm"):
                continue
            for record in records:
                values = self._values(name, record)
                for ask in self._ask(env[name], values) if values else ():
                    tried += 1
                    with self.env.cr.savepoint() as savepoint:
                        try:
                            self.assertNothingPlanted(ask(), f"{name} {values}")
                        except UserError:
                            refused += 1
                        savepoint.rollback()
                    self.env.invalidate_all(flush=False)
        self.assertGreater(tried, 200)
        self.assertGreater(refused, 150)

    def _company_fields(self, env):
        """Yield (model, field) wherever people name a company in models of ours."""
        for name in self._our_models():
            model = env[name]
            if model._abstract or not model._auto or not model.has_access("create"):
                continue
            for field in model._fields.values():
                if field.comodel_name == "res.company" and not field.readonly:
                    yield model, field

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_no_form_is_about_a_foreign_company(self):
        """A form of North, opened by South: not its month, leads, people or lock date."""
        env, tried = self._as_user(self.officer_south.user_id), 0
        for model, field in self._company_fields(env):
            north = (
                self.north.id if field.type == "many2one" else [[6, 0, self.north.ids]]
            )
            values, spec = {field.name: north}, {name: {} for name in model._fields}
            defaulted = model.with_context(**{f"default_{field.name}": north})
            ways = [
                lambda m=model, v=values, s=spec: m.onchange(v, list(v), s),
                lambda m=defaulted, s=spec: m.onchange({}, [], s),
            ]
            if model._transient or field.name != "company_id":
                ways.append(lambda m=model, v=values: m.create(v))
            for ask in ways:
                tried += 1
                with self.subTest(field=str(field)), self.assertRaises(AccessError):
                    ask()
        self.assertGreater(tried, 40)

    def test_a_target_tells_no_figure_of_another_branch(self):
        """What a branch achieved is told to who works there, by no target of one's own."""
        targets = self._as(self.officer_south)["hr.commission.target"]
        values = {"amount": 1, "date_from": "2026-05-01"}
        own = targets.create({**values, "branch_id": self.south.id})
        self.assertEqual(own.achieved, 0)
        with self.assertRaises(AccessError):
            targets.create({**values, "branch_id": self.north.id})
        with self.assertRaises(AccessError):
            own.branch_id = self.north
        headquarters = self._as(self.officer_hq)["hr.commission.target"]
        both = headquarters.create({**values, "branch_id": self.north.id})
        self.assertEqual(both.achieved, 48213.77)


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackLinks(AttackCommon):
    """Nobody's record says that they met, or sold to, the customer of a hidden deal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls._create_person(
            "rival_north", cls.north, groups=SALES, boss=cls.team_manager
        )
        cls.open_deal = cls._lead_open(cls.sales_north, 1000)
        cls.kind = cls.env["ir.model"]._get_id("crm.lead")
        cls.me = cls.rival.user_id
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.meeting_vals = {"name": "M", "user_id": cls.me.id} | {
            "start": "2026-06-21 10:00:00",
            "stop": "2026-06-21 11:00:00",
        }

    def _env(self, model):
        return self._by(self.rival, self.env[model])

    def _activity(self):
        return self._env("mail.activity").create(
            {
                "activity_type_id": self.call.id,
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.me.partner_id.id,
                "user_id": self.me.id,
            }
        )

    def _move(self, activity, **vals):
        activity.write({"res_id": self.open_deal.id, **vals})
        activity.action_feedback("Met")

    def test_meetings_and_activities(self):
        lead, meeting = self.open_deal.id, self.meeting_vals
        calendar = self._env("calendar.event")
        linked = {**meeting, "opportunity_id": lead}
        with_activity = {
            **linked,
            "activity_ids": [
                Command.create(
                    {
                        "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                        "res_id": self.me.partner_id.id,
                        "user_id": self.me.id,
                    }
                )
            ],
        }
        attempts = {
            "a meeting": lambda: calendar.create(linked),
            "with an activity": lambda: calendar.create(with_activity),
            "moved": lambda: calendar.create(meeting).write({"opportunity_id": lead}),
            "as a default": lambda: calendar.with_context(
                default_opportunity_id=lead
            ).create(meeting),
            "an activity": lambda: self._move(self._activity(), res_model_id=self.kind),
            "by name": lambda: self._move(self._activity(), res_model="crm.lead"),
            "planned there": lambda: self._env("mail.activity").create(
                {"res_model_id": self.kind, "res_id": lead, "user_id": self.me.id}
            ),
        }
        self._try_untouched(attempts)

    def _try_untouched(self, attempts):
        """Try each; the deal's contacts and follow-ups stay as they are."""
        touches = self.env["crm.touchpoint"].search_count(
            [("lead_id", "=", self.open_deal.id)]
        )
        self._try_all([(label, None, attempt) for label, attempt in attempts.items()])
        self.assertEqual(
            self.env["crm.touchpoint"].search_count(
                [("lead_id", "=", self.open_deal.id)]
            ),
            touches,
        )
        self.assertEqual(self.open_deal.followup_count, 0)

    def test_orders(self):
        """An order of a colleague's deal makes it worth something else."""
        if "sale.order" not in self.env:
            self.assertNotIn("order_ids", self.deal._fields)
            return
        order = {"partner_id": self.env["res.partner"].create({"name": "C"}).id}
        orders, won = self._env("sale.order"), {"opportunity_id": self.deal.id}

        attempts = {
            "a new one": lambda: orders.create({**order, **won}),
            "confirmed": lambda: orders.create(
                {**order, **won, "state": "sale"}
            ).action_confirm(),
            "moved": lambda: orders.create(order).write(won),
            "as a default": lambda: orders.with_context(
                default_opportunity_id=self.deal.id
            ).create(order),
        }
        self._try_untouched(attempts)
        mine = orders.create(order)
        mine.action_confirm()
        mine.write(won)
        self._process()
        self.assertEqual(self.deal.won_amount, 6000)

    def test_what_forms_and_ads_find(self):
        """Names of campaigns, media and sources say who is paid, and whether at all."""
        campaign = self.env["utm.campaign"].create(
            {"name": "Spring", "user_id": self.marketer.user_id.id}
        )
        medium = self.env["utm.medium"].create(
            {"name": "Fair", "touchpoint_kind": "demo"}
        )
        source = self.env["utm.source"].create(
            {"name": "Ours", "commission_source": "own"}
        )
        people = (self.rival, self.sales_south, self.team_manager)
        changes = (
            *((campaign, vals) for vals in ({"name": "x"}, {"title": "x"})),
            (campaign, {"active": False}),
            (campaign, {"user_id": self.me.id}),
            *((medium, vals) for vals in ({"name": "x"}, {"active": False})),
            (medium, {"touchpoint_kind": "call"}),
            *((source, vals) for vals in ({"name": "x"}, {"commission_source": False})),
        )
        self._try_all(
            [
                (
                    f"{person.name}: {record._name} {vals}",
                    None,
                    lambda p=person, r=record, v=vals: self._by(p, r).write(v),
                )
                for person in people
                for record, vals in changes
            ]
        )
        self._by(self.marketer, campaign).write({"title": "Summer"})
        self.assertEqual(campaign.title, "Summer")


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-06-20 12:00:00")
class TestAttackWords(AttackCommon):
    """What was said stays said, by whom and when."""

    def test_what_others_wrote(self):
        lead = self._lead_open(self.sales_north, 1000, email_from="c@cust.test")
        mail = lead.with_env(self.env(user=1)).message_post(
            body="Please call me",
            message_type="email",
            email_from="c@cust.test",
            subtype_xmlid="mail.mt_comment",
        )
        note = self._by(self.sales_north, lead).message_post(body="Called")
        dispute = self._by(self.sales_south, self.env["hr.commission.dispute"]).create(
            {"kind": "missing_line", "reason": "Mine", "claimed_amount": 5}
        )
        said = dispute.with_env(self.env).message_ids
        self.assertTrue(said)
        people = (self.sales_north, self.manager_north, self.officer_north)
        deciders = (self.sales_south, self.manager_south, self.officer_hq)
        changes = ("body", "subject", "email_from", "author_id", "date", "message_type")
        values = {"date": "2020-01-01", "author_id": False, "message_type": "comment"}
        rows = [
            (
                f"{person.name} writes {name} of {message.id}",
                None,
                person,
                message,
                name,
            )
            for some, those in ((people, mail), (deciders, said))
            for person in some
            for message in those
            for name in (*changes, None)
        ]
        self._try_all(
            [
                (
                    label,
                    prepare,
                    lambda p=person, m=message, n=name: (
                        self._by(p, m).write({n: values.get(n, "x")})
                        if n
                        else self._by(p, m).unlink()
                    ),
                )
                for label, prepare, person, message, name in rows
            ]
        )
        self.assertGreater(len(rows), 40)
        self._by(self.sales_north, note).write({"body": "Called at noon"})
        self.assertIn("noon", note.body)
        lead.unlink()
        self.assertFalse(mail.exists())
