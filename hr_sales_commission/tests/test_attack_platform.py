# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What the platform itself offers to everybody, turned on records of ours."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .test_doors import DoorsCommon

#: records of North that nobody of South has anything to do with
OURS = ("hr.commission.statement", "hr.commission.dispute", "hr.commission.plan")
#: models of the platform that only its administrators make
ADMINISTRATORS = {
    "ir.actions.server": {
        "name": "x",
        "state": "code",
        "code": "record.state = 'paid'",
    },
    "ir.cron": {"name": "x", "state": "code", "code": "model._process()"},
    "ir.ui.view": {"name": "x", "type": "qweb", "arch": "<t/>"},
    "ir.rule": {"name": "x", "domain_force": "[(1, '=', 1)]"},
    "ir.model.access": {"name": "x", "perm_write": True},
    "ir.model.fields": {"name": "x_pay", "ttype": "float", "field_description": "x"},
    "ir.config_parameter": {"key": "hr_sales_commission.x", "value": "1"},
    "ir.actions.act_window": {"name": "x"},
    "ir.actions.report": {"name": "x", "report_name": "x", "report_type": "qweb-html"},
    "res.groups": {"name": "x"},
    "mail.alias": {"alias_name": "x"},
    "fetchmail.server": {"name": "x"},
    "ir.mail_server": {"name": "x", "smtp_host": "x"},
    "mail.activity.plan": {"name": "x", "res_model": "crm.lead"},
    "mail.message.subtype": {"name": "x"},
    "base.automation": {"name": "x", "trigger": "on_create"},
    "mail.followers": {"partner_id": 1},
    "res.device.log": {"session_identifier": "x"},
}


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAttackPlatform(DoorsCommon):
    def setUp(self):
        super().setUp()
        self.tried = 0

    def _people(self):
        """Return who tries: of another branch, without any task, and guests."""
        users = [self.sales_south.user_id, self.nobody.user_id, self.portal]
        return [*users, self.env.ref("base.public_user")]

    def _ours(self):
        """Return a record of North of each model."""
        records = [self.env[name].search([], limit=1, order="id desc") for name in OURS]
        self.assertTrue(all(records))
        return records

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.models")
    def _attempt(self, label, attack, refused=False):
        """Try one thing; what it answers is looked at, and it is taken back."""
        self.tried += 1
        with self.subTest(label), self.env.cr.savepoint() as savepoint:
            try:
                with self.env.cr.savepoint():
                    answer = attack()
                    if hasattr(answer, "_name"):
                        answer = answer.sudo(False).read()
                    self.env.flush_all()
                was_refused = False
                self.assertNothingPlanted(answer, label)
            except UserError as error:
                was_refused = True
                self.assertNothingPlanted(error, label)
            if refused:
                self.assertTrue(was_refused, label)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    def test_nobody_builds_machinery(self):
        """Server actions, jobs, views, rules, aliases and the like on our models."""
        officers = (self.officer_hq, self.administrator)
        for user in (*self._people(), *(each.user_id for each in officers)):
            env = self._as_user(user)
            for name, vals in ADMINISTRATORS.items():
                if name in env:
                    model = env["ir.model"].sudo()._get_id("hr.commission.line")
                    links = {
                        field: model
                        for field in ("model_id", "alias_model_id")
                        if field in env[name]._fields
                    }
                    self._attempt(
                        f"{user.login} makes {name}",
                        lambda m=env[name], v={**vals, **links}: m.create(v),
                        refused=True,
                    )
        self.assertGreater(self.tried, 60)

    def test_followers_messages_and_activities(self):
        """Nobody of elsewhere follows, writes, asks or reads on a record of ours."""
        for user in self._people():
            env = self._as_user(user)
            for record in self._ours():
                name, number = record._name, record.id
                for label, attack in self._message_attacks(env, name, number):
                    self._attempt(f"{user.login}: {label} {name}", attack)
                self.env.flush_all()
                followers = self.env["mail.followers"].search(
                    [("res_model", "=", name), ("res_id", "=", number)]
                )
                self.assertNotIn(user.partner_id, followers.partner_id)
        self.assertGreater(self.tried, 180)

    def _message_attacks(self, env, name, number):
        """Yield what everybody may try on a number of a model."""
        me, user = env.user.partner_id.id, env.user
        record = env[name].browse(number)
        message = {"model": name, "res_id": number, "body": "x"}
        model_id = env["ir.model"].sudo()._get_id(name)
        compose = {"model": name, "res_ids": str([number]), "body": "{{ object.id }}"}
        edit = {"res_model": name, "res_ids": str([number])}
        template = {
            "name": "x",
            "model_id": model_id,
            "subject": "{{ object.display_name }}",
            "body_html": '<t t-out="object.amount"/><t t-out="object.note"/>',
        }
        yield "writes on", lambda: env["mail.message"].create(message)
        yield "posts on", lambda: record.message_post(body="x")
        yield "notifies of", lambda: record.message_notify(partner_ids=[me], body="x")
        yield "follows", lambda: record.message_subscribe(partner_ids=[me])
        yield (
            "follows by dialog",
            lambda: (
                env["mail.followers.edit"]
                .create({**edit, "partner_ids": [Command.set([me])]})
                .edit_followers()
            ),
        )
        yield (
            "plans an activity on",
            lambda: env["mail.activity"].create(
                {"res_model_id": model_id, "res_id": number, "user_id": user.id}
            ),
        )
        yield (
            "schedules a message on",
            lambda: env["mail.scheduled.message"].create(
                {**message, "author_id": me, "scheduled_date": "2026-06-01"}
            ),
        )
        yield (
            "composes for",
            lambda: env["mail.compose.message"].create(compose)._action_send_mail(),
        )
        yield (
            "renders a template for",
            lambda: (
                env["mail.template"]
                .create(template)
                .with_context(lang="en_US")
                .sudo(False)
                ._generate_template([number], ("subject", "body_html"))
            ),
        )
        yield (
            "previews a template for",
            lambda: (
                env["mail.template.preview"]
                .with_context(default_resource_ref=f"{name},{number}")
                .create(
                    {"mail_template_id": env["mail.template"].create(template).id}
                    | {"resource_ref": f"{name},{number}"}
                )
            ),
        )
        yield (
            "reads messages of",
            lambda: env["mail.message"].search_read(
                [("model", "=", name), ("res_id", "=", number)], ["body", "subject"]
            ),
        )
        yield (
            "reads tracked values of",
            lambda: env["mail.tracking.value"].search_read([], ["old_value_char"]),
        )
        yield (
            "hangs a file on",
            lambda: env["ir.attachment"].create(
                {"name": "x", "res_model": name, "res_id": number}
            ),
        )
        yield (
            "reads files of",
            lambda: env["ir.attachment"].search_read(
                [("res_model", "=", name), ("res_field", "!=", "x")], ["name", "raw"]
            ),
        )
        yield (
            "asks who reads",
            lambda: env["mail.notification"].search_read(
                [("mail_message_id.model", "=", name)], ["display_name"]
            ),
        )
        yield (
            "counts",
            lambda: env["mail.activity"].search_read([], ["summary", "note"]),
        )

    def test_views_and_exports_of_other_people(self):
        """Filters, defaults, export lists, buttons and shortcuts for everybody."""
        for user in self._people():
            env = self._as_user(user)
            model_id = env["ir.model"].sudo()._get_id("hr.commission.line")
            field = env["ir.model.fields"].sudo()._get("hr.commission.line", "amount")
            victim = self.sales_north.user_id.id
            for label, model, vals in (
                (
                    "filter for all",
                    "ir.filters",
                    {"name": "x", "model_id": "hr.commission.line", "user_ids": False},
                ),
                (
                    "filter for a colleague",
                    "ir.filters",
                    {
                        "name": "x",
                        "model_id": "hr.commission.line",
                        "user_ids": [Command.set([victim])],
                    },
                ),
                (
                    "default for all",
                    "ir.default",
                    {"field_id": field.id, "json_value": "90000", "user_id": False},
                ),
                (
                    "default for a colleague",
                    "ir.default",
                    {"field_id": field.id, "json_value": "90000", "user_id": victim},
                ),
                (
                    "button for all",
                    "ir.embedded.actions",
                    {
                        "name": "x",
                        "parent_action_id": 1,
                        "parent_res_model": "hr.commission.line",
                        "python_method": "action_approve",
                    },
                ),
                (
                    "template as editor",
                    "mail.template",
                    {
                        "name": "x",
                        "model_id": model_id,
                        "body_html": "<t t-out=\"env['hr.commission.line'].sudo()\"/>",
                    },
                ),
            ):
                self._attempt(
                    f"{user.login}: {label}",
                    lambda m=env[model], v=vals: m.create(v),
                    refused=True,
                )
        self.assertGreater(self.tried, 20)

    def test_imports_of_nothing(self):
        """The import screen with a model that is none, or no file, answers in words."""
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        for user in (self.officer_south.user_id, self.sales_south.user_id):
            env = self._as_user(user)
            for model in (False, "", "x", "hr.commission", "hr.commission.line"):
                for data in (b"", b"name\nx", b"\xff\xfe", b"=1+1\n\n\n"):
                    vals = {"file": data, "file_name": "x.csv", "file_type": "text/csv"}
                    for act in (
                        lambda each: each.parse_preview(options),
                        lambda each: each.execute_import(["name"], ["name"], options),
                        lambda each: each.execute_import(False, 5, []),
                        lambda each: each.get_fields_tree(each.res_model),
                    ):
                        self._attempt(
                            f"{user.login} imports {model!r} {data}",
                            lambda act=act, v={**vals, "res_model": model}, e=env: act(
                                e["base_import.import"].create(v)
                            ),
                        )
        self.assertGreater(self.tried, 120)

    def test_channels_of_the_bus(self):
        """Nothing about money goes to a channel that people can name themselves."""
        sent = self.env["bus.bus"].search([])
        for message in sent:
            self.assertNothingPlanted(message.message, message.channel)
        for user in self._people():
            with self.assertRaises(AccessError):
                self._as_user(user)["bus.bus"].search([])
