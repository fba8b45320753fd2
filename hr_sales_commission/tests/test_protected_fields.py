# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from ast import literal_eval
from contextlib import suppress
from itertools import cycle

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .source_common import SourceCommon

#: models that people of every role make records of, with what one needs
CREATABLE = ("crm.lead", "mail.activity", "calendar.event", "res.partner")


#: models that see to theirs by themselves, and how
SEEN_TO = {
    "hr.payslip.input": "refused once a payslip is paid, worked out again before",
}


@tagged("post_install", "-at_install", "commission_long")
class TestProtectedFields(SourceCommon):
    """What the system decides takes no value from people, on any path.

    Generated: each model that takes part, each field that the system decides there,
    each role, each way in.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            "salesperson": cls.sales_north,
            "marketer": cls.marketer,
            "branch manager": cls.manager_north,
            "officer": cls.officer_hq,
        }
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Protected",
                "company_id": cls.north.id,
                "user_id": cls.sales_north.user_id.id,
                "email_from": "someone@protected.test",
            }
        )
        cls.customer = cls.env["res.partner"].create({"name": "Protected Ltd"})
        cls.models = {
            name: model
            for name, model in cls.env.items()
            if hasattr(model, "_get_decided_fields") and not model._abstract
        }

    def _sample(self, field):
        """Return (a value that is not the default, the same as text for an import)."""
        if field.type == "boolean":
            return True, "1"
        if field.type in ("integer", "float", "monetary", "many2one_reference"):
            return 7, "7"
        if field.type == "date":
            return "2020-01-01", "2020-01-01"
        if field.type == "datetime":
            return "2020-01-01 10:00:00", "2020-01-01 10:00:00"
        if field.type == "selection":
            values = field.get_values(self.env)
            return values[-1], values[-1]
        if field.relational:
            found = self.env[field.comodel_name].sudo().search([], limit=1)
            if field.type == "many2one":
                return found.id or 1, str(found.id or 1)
            return [Command.link(found.id or 1)], str(found.id or 1)
        return ({"user_id": 1} if field.type == "json" else "forged"), "forged"

    def _vals(self, name, env):
        """Return what a person needs to make a record of a model."""
        if name == "mail.activity":
            return {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.customer.id,
                "user_id": env.uid,
            }
        if name == "calendar.event":
            return {
                "name": "x",
                "start": "2026-01-01 10:00:00",
                "stop": "2026-01-01 11:00:00",
            }
        return {"name": "x"}

    def _existing(self, name):
        if name == "crm.lead":
            return self.lead
        if name == "crm.touchpoint":
            return self.lead.touchpoint_ids[:1]
        return self.env[name].sudo().search([], limit=1)

    def _cases(self):
        for name, model in self.models.items():
            for field_name in sorted(model._get_decided_fields()):
                yield name, model._fields[field_name]

    def _permitted(self, model):
        return model.with_env(model.env)._get_permitted_fields()

    def test_there_is_something_to_protect(self):
        self.assertIn("is_qualified", self.models["crm.lead"]._get_decided_fields())
        self.assertIn(
            "pending_contact", self.models["mail.activity"]._get_decided_fields()
        )
        self.assertGreater(len(list(self._cases())), 60)

    def test_every_model_takes_part(self):
        """A model with such a field is protected, or nobody may write it."""
        rights = self.env["ir.model.access"].search(
            ["|", ("perm_write", "=", True), ("perm_create", "=", True)]
        )
        written = set(rights.model_id.mapped("model"))
        protected = type(self.env["hr.commission.protected"])
        open_fields = {
            name: fields_
            for name, model in self.env.items()
            if name in written - self.models.keys() - SEEN_TO.keys()
            and not (model._abstract or model._transient)
            and (fields_ := self._find_decided(protected, model))
        }
        self.assertEqual(open_fields, {})
        self.assertGreaterEqual(len(self.models), 15)

    def _find_decided(self, protected, model):
        """Return the fields of a model that the system decides, protected or not.

        Fields of administrators alone are theirs.
        """
        return {
            name
            for name in protected._get_decided_fields.__wrapped__(model)
            if model._fields[name].groups != "base.group_system"
        }

    @mute_logger("odoo.sql_db", "odoo.models")
    def test_no_value_by_records_that_link_here(self):
        """Commands of any model's lists end at the same door, by people in turns."""
        people = cycle(self.roles.values())
        tried = 0
        for name, model in self.env.items():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                target = self.models.get(field.comodel_name)
                if target is None or field.type not in ("one2many", "many2many"):
                    continue
                record = self.env[name].sudo().search([], limit=1)
                env = self._as(next(people))
                decided = sorted(
                    target._get_decided_fields()
                    - env[target._name]._get_permitted_fields()
                )
                if not (record and decided and self._existing(target._name)):
                    continue
                record = record.with_env(env)
                victim, forged = self._existing(target._name).sudo(), decided[-1]
                before = victim[forged]
                value, _text = self._sample(target._fields[forged])
                for command in (
                    Command.update(victim.id, {forged: value}),
                    Command.create({"name": "x", forged: value}),
                ):
                    tried += 1
                    label = f"{name}.{field.name}: {command}"
                    with self.subTest(label), self.env.cr.savepoint() as savepoint:
                        made = self._command(env[name], record, {field.name: [command]})
                        self.assertEqual(victim[forged], before)
                        for new in made(target):
                            given = new._fields[forged].convert_to_write(
                                new[forged], new
                            )
                            self.assertNotEqual(given, value)
                        savepoint.rollback()
                    self.env.invalidate_all()
        self.assertGreater(tried, 40)

    def _command(self, model, record, values):
        """Give a command to a record, or to a new one; refused or not.

        :return: a function that says what records of a model were made
        """
        last = {
            target._name: target.sudo().search([], order="id desc", limit=1).id
            for target in self.models.values()
        }
        transaction = self.env.transaction
        # a request begins as its user; some lists are written as who began
        begun, transaction.default_env = transaction.default_env, model.env
        try:
            with suppress(UserError, ValueError), self.env.cr.savepoint():
                record.write(values)
                self.env.flush_all()
        finally:
            transaction.default_env = begun
        self.env.invalidate_all()
        return lambda target: target.sudo().search([("id", ">", last[target._name])])

    @mute_logger("odoo.sql_db", "odoo.models")
    def test_no_value_by_external_ids_names_and_forms(self):
        """Imported by external id, made by name, and as unsaved forms answer."""
        for number, (name, field) in enumerate(self._cases()):
            roles = list(self.roles.values())
            env = self._as(roles[number % len(roles)])
            if field.name in env[name]._get_permitted_fields():
                continue
            value, _text = self._sample(field)
            if field.relational:
                with self.subTest(model=name, field=field.name, path="external id"):
                    result = env[name].load(
                        [f"{field.name}/id"], [["base.main_company"]]
                    )
                    self.assertTrue(result["messages"])
            if name in CREATABLE and env[name]._has_field_access(field, "write"):
                model = env[name].with_context(**{f"default_{field.name}": value})
                spec = {field.name: {}}
                with self.subTest(model=name, field=field.name, path="form"):
                    found = model.onchange({}, [], spec)["value"]
                    clean = env[name].onchange({}, [], spec)["value"]
                    self.assertEqual(found, clean)
                if name in ("crm.lead", "res.partner") and field.type != "one2many":
                    with self.subTest(model=name, field=field.name, path="by name"):
                        made = model.name_create("By Name")[0]
                        plain = env[name].name_create("By Name")[0]
                        records = env[name].sudo()
                        self.assertEqual(
                            records.browse(made)[field.name],
                            records.browse(plain)[field.name],
                        )

    @mute_logger("odoo.sql_db", "odoo.models")
    def test_no_value_on_any_path(self):
        """Create, write, save, copy and import refuse, as every role."""
        for role, employee in self.roles.items():
            env = self._as(employee)
            for name, field in self._cases():
                if field.name in env[name]._get_permitted_fields():
                    continue
                value, text = self._sample(field)
                record = self._existing(name).with_env(env)
                vals = {field.name: value}
                spec = {field.name: {}}
                imported = f"{field.name}/.id" if field.relational else field.name
                attempts = {
                    "create": lambda m=env[name], v=vals: m.create(v),
                    "write": lambda r=record, v=vals: r.write(v),
                    "web_save": lambda r=record, v=vals, s=spec: r.web_save(v, s),
                    "copy": lambda r=record, v=vals: r.copy(v),
                }
                if not record:
                    attempts = {"create": attempts["create"]}
                for path, attempt in attempts.items():
                    with self.subTest(
                        role=role, model=name, field=field.name, path=path
                    ):
                        with self.assertRaises(UserError), self.env.cr.savepoint():
                            attempt()
                with self.subTest(role=role, model=name, field=field.name, path="load"):
                    result = env[name].load([imported], [[text]])
                    self.assertTrue(result["messages"])

    def test_no_default_from_the_context(self):
        """Default keys, in the context or saved by the user, change nothing."""
        for role, employee in self.roles.items():
            env = self._as(employee)
            for name in self.models:
                model = env[name]
                fields_ = sorted(
                    field
                    for field in model._get_decided_fields()
                    # Odoo itself refuses those that the user may not see
                    if model._has_field_access(model._fields[field], "write")
                )
                forged = {
                    f"default_{field}": self._sample(model._fields[field])[0]
                    for field in fields_
                }
                with self.subTest(role=role, model=name, path="default_get"):
                    self.assertEqual(
                        model.with_context(**forged).default_get(fields_),
                        model.default_get(fields_),
                    )
                if name not in CREATABLE:
                    continue
                honest = model.create(self._vals(name, env)).sudo()
                bent = model.with_context(**forged).create(self._vals(name, env)).sudo()
                for field in fields_:
                    if model._fields[field].type == "one2many":
                        continue  # the records it holds are their own models' cases
                    with self.subTest(
                        role=role, model=name, field=field, path="default"
                    ):
                        self.assertEqual(bent[field], honest[field])

    def test_no_default_of_a_shared_favourite(self):
        """Favourites carry a context, as shortcuts and dashboards do."""
        fields_ = sorted(
            name
            for name in self.models["crm.lead"]._get_decided_fields()
            if self.models["crm.lead"]._fields[name].type != "one2many"
        )
        sample = {name: self.models["crm.lead"]._fields[name] for name in fields_}
        forged = {f"default_{name}": self._sample(sample[name])[0] for name in fields_}
        self._as(self.manager_north)["ir.filters"].create(
            {"name": "Ours", "model_id": "crm.lead", "context": repr(forged)}
        )
        env = self._as(self.sales_north)
        (found,) = (
            each
            for each in env["ir.filters"].get_filters("crm.lead")
            if each["name"] == "Ours"
        )
        context = literal_eval(found["context"])
        self.assertGreater(len(context), 20)
        Lead = env["crm.lead"]
        honest = Lead.create({"name": "x"}).sudo()
        bent = Lead.with_context(**context)
        paths = {
            "create": lambda: bent.create({"name": "x"}).id,
            "saved": lambda: bent.web_save({"name": "x"}, {})[0]["id"],
            "by name": lambda: bent.name_create("x")[0],
            "imported": lambda: bent.load(["name"], [["x"]])["ids"][0],
        }
        for path, attempt in paths.items():
            lead = self.env["crm.lead"].browse(attempt())
            for name in fields_:
                with self.subTest(path=path, field=name):
                    self.assertEqual(lead[name], honest[name])

    def test_a_shared_list_of_columns_exports_no_more(self):
        """Whoever saved it: an export has what its reader may read."""
        hidden = ["user_id/employee_ids/version_ids/wage", "user_id/password"]
        for person in (self.officer_hq, self.sales_north):
            person.user_id.group_ids += self.env.ref("base.group_allow_export")
        saved = self._as(self.officer_hq)["ir.exports"].create(
            {
                "name": "Ours",
                "resource": "crm.lead",
                "export_fields": [Command.create({"name": name}) for name in hidden],
            }
        )
        self.sales_north.version_id.wage = 48_213.77
        reader = self.lead.with_env(self._as(self.sales_north))
        for name in saved.export_fields.mapped("name"):
            told = ""
            with self.subTest(name), suppress(UserError):
                told = str(reader.export_data(["name", name]))
            self.assertNotIn("48213", told)
            self.assertNotIn("pbkdf2", told)

    def test_no_default_saved_by_a_user(self):
        env = self._as(self.sales_north)
        env["ir.default"].set("crm.lead", "is_qualified", True, user_id=True)
        env["ir.default"].set("crm.lead", "date_qualified", "2026-01-05", user_id=True)
        lead = env["crm.lead"].create({"name": "x"})
        self.assertFalse(lead.is_qualified)
        self.assertFalse(lead.date_qualified)

    def test_nested_commands(self):
        """Commands in a lead's values pass by the same door."""
        env = self._as(self.sales_north)
        touch = {"kind": "web_form", "commission_source": "own", "state": "valid"}
        share = {"employee_id": self.sales_north.id, "role": "sales", "percent": 100}
        activity = {
            **self._vals("mail.activity", env),
            "pending_contact": {"user_id": self.marketer.user_id.id},
        }
        mine = self.lead.with_env(env)
        for name, vals in {
            "touchpoint_ids": touch,
            "commission_dispute_ids": {"reason": "x"},
            "commission_line_ids": {"amount": 5},
            "commission_share_ids": share,
            "activity_ids": activity,
        }.items():
            for path, attempt in {
                "write": lambda v: mine.write(v),
                "web_save": lambda v: mine.web_save(v, {}),
                "create": lambda v: env["crm.lead"].create({"name": "x", **v}),
            }.items():
                with self.subTest(field=name, path=path):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        attempt({name: [Command.create(vals)]})
        for command in (Command.link(1), Command.unlink(1), Command.delete(1)):
            with self.subTest(command=command), self.assertRaises(UserError):
                mine.write({"touchpoint_ids": [command]})
        with self.assertRaises(UserError):
            mine.write({"touchpoint_ids": [Command.clear()]})

    def test_system_records_take_no_default_either(self):
        """Evidence logged by the system while somebody works names no forged facts."""
        env = self._as(self.sales_north)
        lead = env["crm.lead"].create({"name": "Clean", "email_from": "a@clean.test"})
        bent = (
            env["crm.lead"]
            .with_context(
                default_note="Signed by the boss",
                default_evidence=f"crm.lead,{lead.id}",
                default_external_ref="forged",
                default_employee_id=self.marketer.id,
            )
            .create({"name": "Bent", "email_from": "a@bent.test"})
        )
        touch = bent.sudo().touchpoint_ids
        self.assertEqual(len(touch), 1)
        self.assertFalse(touch.note or touch.evidence or touch.external_ref)
        self.assertEqual(touch.employee_id, self.sales_north)

    def test_officers_import_history(self):
        """What officers may give is given on purpose: written down, not by default."""
        env = self._as(self.officer_hq, self.north)
        lead = env["crm.lead"].create(
            {
                "name": "Old",
                "company_id": self.north.id,
                "stage_id": self.stage_won.id,
                "date_won": "2026-02-01",
            }
        )
        self.assertEqual(str(lead.date_won), "2026-02-01")
        lead = (
            env["crm.lead"]
            .with_context(default_date_won="2026-02-01", default_is_qualified=True)
            .create({"name": "New", "company_id": self.north.id})
        )
        self.assertFalse(lead.date_won or lead.is_qualified)
