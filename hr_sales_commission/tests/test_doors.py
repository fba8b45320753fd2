# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Generated attempts: every model, method and field of ours, by people who may not."""

import inspect
import re
from contextlib import suppress
from datetime import date
from itertools import cycle, islice
from unittest.mock import patch

import psycopg2

from odoo.exceptions import MissingError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .cast import COMMISSION, LEADERS, SALES, create_users
from .common import CommissionCommon

#: what nobody else may come across, in any model or answer
PLANTED = ("planted-", "48213.77", "2410.69", "2,410.69", "31415.92", "2718.28")
#: what refuses in words; anything else is a traceback for whoever called
IN_WORDS = (UserError,)
#: values that no field takes, and that no method should fall over
HOSTILE = (
    ("x" * 5, "text"),
    ("\0", "zero byte"),
    (10**30, "huge"),
    (1e300, "huge float"),
    (float("nan"), "nan"),
    (float("inf"), "inf"),
    (-1, "negative"),
    ("0001-01-01", "year 1"),
    ("9999-12-31", "year 9999"),
    ("2026-02-31", "no day"),
    ([["x"]], "list"),
    ({"x": 1}, "dict"),
    (True, "true"),
    ("unheard of", "unknown"),
    ([{"x": 1}], "list of dicts"),
    ([[0, 0, {"x": 1}]], "new record of no field"),
    ([[4, "x"]], "link to a text"),
    ([[0]], "command without values"),
    ("res.partner,x", "reference to a text"),
)
#: rows that are none, for imports
NO_TABLES = (None, "x", 5, [5], [[{"x": 1}]], {"x": 1}, [["x"] * 9])
#: groups of people at work whose task is nobody's pay in another branch
JOBS = {
    "internal": "base.group_user",
    "contacts": "base.group_user,base.group_partner_manager",
    "sales manager": "sales_team.group_sale_manager",
    "administrator": f"{LEADERS},{COMMISSION}administrator",
    "human resources": "hr.group_hr_manager",
    "payroll": "payroll.group_payroll_manager",
    "accounting": "account.group_account_manager",
    "billing": "account.group_account_invoice",
    "mailings": "mass_mailing.group_mass_mailing_user",
    "subordinate of who left": f"{SALES},hr.group_hr_user",
}
#: how many of the other kinds of people try each door
TURNS = 2
#: models of Odoo that link to ours
BESIDE = (
    ("crm.lead", "crm.team", "hr.employee", "hr.employee.public", "hr.version")
    + ("res.partner", "res.users", "res.company", "utm.campaign", "mail.message")
    + ("mail.activity", "mail.followers", "ir.attachment", "ir.exports", "ir.filters")
    + ("sale.order", "sale.report", "account.move", "account.invoice.report")
    + ("hr.payslip", "crm.activity.report", "calendar.event", "mail.tracking.value")
)
#: and to which we add fields, in all databases with commissions
EXTENDED = ("crm.lead", "res.partner", "calendar.event", "utm.source")
#: methods of the ORM that models of ours extend; what they do is tried by itself
ORM_METHODS = frozenset(
    ("create", "write", "unlink", "copy", "copy_data", "onchange", "default_get")
    + ("init", "fields_get", "message_new", "get_fields_tree", "db_id_for", "load")
)


class DoorsCommon(CommissionCommon):
    """A month of all kinds of acts in North; the spy works in South."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nobody = cls.env["hr.employee"].create(
            {
                "name": "nobody",
                "company_id": cls.south.id,
                "user_id": cls._create_new_internal_user(
                    login="commission_nobody",
                    company_id=cls.south.id,
                    company_ids=[Command.set(cls.south.ids)],
                ).id,
            }
        )
        cls.officer_south = cls._create_person(
            "officer_south",
            cls.south,
            groups="sales_team.group_sale_salesman_all_leads,"
            "hr_sales_commission.group_commission_officer",
            boss=cls.manager_south,
        )
        cls.portal = new_test_user(
            cls.env,
            login="commission_portal",
            groups="base.group_portal",
            company_id=cls.north.id,
            company_ids=[Command.set(cls.north.ids)],
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "planted-customer", "company_id": cls.north.id}
        )
        cls.deal = cls._lead_won(
            cls.sales_north,
            48213.77,
            "2026-05-04",
            name="planted-deal",
            email_from="planted-mail@example.com",
            partner_id=cls.customer.id,
        )
        assert cls._lines(cls.deal).amount == 2410.69
        cls.env["crm.touchpoint"].create(
            {
                "lead_id": cls.deal.id,
                "company_id": cls.north.id,
                "note": "planted-note",
                "employee_id": cls.sales_north.id,
            }
        )
        cls.target = cls.env["hr.commission.target"].create(
            {
                "employee_id": cls.sales_north.id,
                "company_id": cls.north.id,
                "date_from": "2026-05-01",
                "amount": 31415.92,
            }
        )
        cls.personal = cls._create_plan(
            {"planted-rule": {"rate": 13.37}},
            name="planted-plan",
            company_id=cls.north.id,
            is_personal=True,
        )
        cls.sales_north.version_id.commission_plan_id = cls.personal
        cls.env["hr.commission.dispute"].with_user(cls.sales_north.user_id).create(
            {
                "kind": "missing_line",
                "reason": "planted-reason",
                "claimed_amount": 2718.28,
            }
        )
        cls.env["hr.commission.line"].create(
            {
                "employee_id": cls.sales_north.id,
                "company_id": cls.north.id,
                "kind": "manual",
                "date": "2026-05-04",
                "amount": 48213.77,
                "note": "planted-reason",
            }
        )
        cls.env["hr.commission.statement"]._generate(cls.north, date(2026, 5, 31))
        cls.env.flush_all()

    @classmethod
    def _our_models(cls):
        """Return the models that our addons make."""
        return [
            name
            for name, model in sorted(cls.env.registry.items())
            if model._original_module.startswith("hr_sales_commission")
        ]

    def assertNothingPlanted(self, answer, text):
        shown = repr(answer).lower()
        for token in PLANTED:
            place = shown.find(token)
            self.assertEqual(place, -1, f"{text}: {shown[max(place - 200, 0) :][:300]}")


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestDoors(DoorsCommon):
    def _spies(self):
        return (self.sales_south, self.nobody, self.officer_south, self.marketer)

    def _strangers(self):
        """Return a user of each kind that has no business in North."""
        people = (self.sales_south, self.marketer, self.officer_south, self.nobody)
        people += (self.manager_south, self.area_manager, self.sales_south_a)
        users = [person.user_id for person in people]
        known = [names for names in JOBS.values() if self._are_known(names)]
        jobs = create_users(
            self.env,
            *((names, self.south, names) for names in known),
        )
        boss = self._create_employee(jobs[known[0]], self.south)
        self._create_employee(jobs[known[-1]], self.south).parent_id = boss
        boss.active = False  # somebody works for who left
        return [*users, *jobs.values(), self.portal, self.env.ref("base.public_user")]

    def _are_known(self, names):
        return all(self.env.ref(name, False) for name in names.split(","))

    # ------------------------------------------------------------------
    # All readable models × planted values
    # ------------------------------------------------------------------

    def test_no_readable_model_shows_what_was_planted(self):
        """Every field of every record that people of another branch may read."""
        tried, seen, strangers = 0, set(), self._strangers()
        self.assertGreaterEqual(len(strangers), 16)
        filled = [name for name in sorted(self.env.registry) if self._is_filled(name)]
        for spy in strangers:
            env = self._as_user(spy)
            for name in filled:
                if env[name].has_access("read"):
                    tried += 1
                    with self.subTest(spy=spy.login, model=name):
                        self._read_everything(env[name], seen)
        self.assertGreater(tried, 1000)

    def _is_filled(self, name):
        """Whether there is anything to read; pages of help and code are about nobody."""
        model = self.env[name].with_context(active_test=False)
        if model._abstract or name.startswith(("ir.model", "ir.ui.view")):
            return False
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return bool(model.search([], limit=1))
        except Exception:
            return False  # a report that cannot be read without what it reports on

    @mute_logger("odoo.models")
    def _read_everything(self, model, seen):
        """Read all that somebody may, unless somebody else read just that before.

        :param set seen: what was read that is the same for everybody: not what we
            compute, unless of ready-made plans
        """
        is_ours = model._name in self._our_models()
        names = [
            field.name
            for field in model._fields.values()
            if model._has_field_access(field, "read")
            and field.type not in ("binary", "properties_definition")
            and (field.store or is_ours)
        ]
        try:
            with self.env.cr.savepoint():
                records = model.with_context(active_test=False).search([], limit=300)
                same = (model._name, records._ids, tuple(names))
                if same in seen:
                    return
                rows = records.read(names)
                has_company = "company_id" in model._fields
                if not is_ours or (has_company and not records.sudo().company_id):
                    seen.add(same)
        except IN_WORDS:
            return
        except Exception:
            if is_ours:
                raise
            return  # a report that cannot be read without what it reports on
        self.assertNothingPlanted(rows, model._name)

    # ------------------------------------------------------------------
    # Aggregates, paths, panels and exports × planted values
    # ------------------------------------------------------------------

    def test_no_list_group_or_panel_shows_what_was_planted(self):
        """What views, dashboards and exports ask for, over relations too."""
        tried, people, turns = 0, set(), cycle(map(self._as_user, self._strangers()))
        names = [name for name in self._our_models() if self._is_filled(name)]
        for name in (*names, *BESIDE):
            for env in islice(turns, 1) if name in self.env else ():
                if not env[name].has_access("read"):
                    continue
                people.add(env.uid)
                model = env[name].with_context(active_test=False)
                for label, ask in self._questions(model):
                    tried += 1
                    with self.subTest(spy=env.user.login, model=name, way=label):
                        self._ask(ask, f"{name}: {label}")
        self.assertGreater(tried, 300)
        self.assertGreaterEqual(len(people), 14)

    def _ask(self, ask, label):
        try:
            with mute_logger("odoo.sql_db", "odoo.models"), self.env.cr.savepoint():
                self.assertNothingPlanted(ask(), label)
        except (MissingError, *IN_WORDS) as refusal:
            self.assertNothingPlanted(str(refusal), f"{label}, refused")

    def _questions(self, model):
        """Yield what clients ask a model for: what it is called, and how."""
        readable = [
            field
            for field in model._fields.values()
            if model._has_field_access(field, "read")
        ]
        stored = [field for field in readable if field.store]
        groups = [
            field.name
            for field in stored
            if field.type in ("many2one", "selection", "char", "many2many")
        ]
        sums = [
            f"{field.name}:{field.aggregator}"
            for field in stored
            if field.aggregator == "sum" and field.name != "id"
        ]
        paths = [
            f"{field.name}.{other.name}"
            for field in stored
            if field.type == "many2one"
            for other in self.env[field.comodel_name]._fields.values()
            if other.store
            and other.type in ("char", "many2one")
            and other.name in ("name", "lead_id", "partner_id", "employee_id")
        ]
        every = groups + paths
        yield (
            "formatted_read_group",
            lambda: [
                model.formatted_read_group([], [name], ["__count", *sums])
                for name in every
            ],
        )
        yield (
            "web_read_group",
            lambda: model.web_read_group([], groups[:2], sums, limit=20),
        )
        yield "web_search_read", lambda: self._search_deep(model, readable)
        yield "name_search", lambda: model.name_search("planted")
        yield (
            "export_data",
            lambda: model.search([], limit=50).export_data(
                self._list_exported(readable)
            ),
        )
        for name in groups[:4]:
            kind = model._fields[name].type
            if kind in ("many2one", "selection"):
                yield (
                    f"panel of {name}",
                    lambda name=name: model.search_panel_select_range(
                        name, enable_counters=True, expand=True
                    ),
                )
                yield (
                    f"panels of {name}",
                    lambda name=name: model.search_panel_select_multi_range(
                        name, enable_counters=True, expand=True
                    ),
                )
        states = [name for name in groups if model._fields[name].type == "selection"]
        bar = {"field": states[0], "colors": {}} if states else {}
        yield (
            "read_progress_bar",
            lambda: [
                model.read_progress_bar([], name, bar) for name in every[:6] if bar
            ],
        )

    @staticmethod
    def _search_deep(model, readable):
        """Read records with those they link to, and these with theirs."""
        inner = {"display_name": {}, "amount": {}, "name": {}, "lead_id": {}}
        specification = {}
        for field in readable:
            if field.type in ("many2one", "one2many", "many2many"):
                known = model.env[field.comodel_name]._fields
                fields = {name: spec for name, spec in inner.items() if name in known}
                if "lead_id" in fields:
                    fields["lead_id"] = {
                        "fields": {"display_name": {}, "email_from": {}}
                    }
                specification[field.name] = {"fields": fields, "limit": 20}
            elif field.type in ("char", "text", "monetary", "float", "html"):
                specification[field.name] = {}
        return model.web_search_read([], specification, limit=50)

    def _list_exported(self, readable):
        """Return columns of a model and of what it links to."""
        columns = []
        for field in readable:
            if field.type in ("char", "monetary", "float", "many2one"):
                columns.append(field.name)
            if field.relational and field.store:
                known = self.env[field.comodel_name]._fields
                columns += [
                    f"{field.name}/{name}"
                    for name in ("amount", "lead_id", "reason", "rate", "name")
                    if name in known
                ]
        return columns[:60]

    # ------------------------------------------------------------------
    # All public methods × foreign ids
    # ------------------------------------------------------------------

    def _public_methods(self, model):
        """Return the methods of a model that anybody may call and that are ours."""
        names = set()
        for cls in type(model).mro():
            if "hr_sales_commission" in getattr(cls, "__module__", ""):
                names |= {
                    name
                    for name, method in vars(cls).items()
                    if inspect.isfunction(method)
                    and not name.startswith("_")
                    and not getattr(method, "_api_private", False)
                }
        return sorted(names - ORM_METHODS)

    def _arguments(self, method, number):
        """Return as many arguments as a method has to have, made of one foreign id."""
        days = {"date_from": "2026-05-01", "date_to": "2026-05-31"}
        days |= {"date_until": "2026-12-31", "date": "2026-05-31"}
        arguments = {}
        for name, parameter in list(inspect.signature(method).parameters.items())[1:]:
            if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                continue
            if name in days:
                arguments[name] = days[name]
            elif name.endswith("_ids"):
                arguments[name] = [number]
            elif name == "company_id":
                arguments[name] = self.north.id
            elif name.endswith("_id"):
                arguments[name] = number
            elif parameter.default is parameter.empty:
                arguments[name] = "x"
        return arguments

    def _calls(self):
        for name, model in sorted(self.env.registry.items()):
            for method in self._public_methods(self.env[name]):
                yield name, method, getattr(model, method)

    def _whose_turn(self, *spies):
        """Return who tries a door, over and over: with how many records each.

        Those who know most try each door; all other kinds of people take turns, so that
        each of them comes to each model by some of its doors.
        """
        always = [self._as_user(spy.user_id) for spy in spies]
        known = {env.uid for env in always}
        others = [user for user in self._strangers() if user.id not in known]
        turns = cycle(map(self._as_user, others))
        self.assertGreaterEqual(len(others), 12)
        while True:
            yield [(env, 2) for env in always] + [
                (env, 1) for env in islice(turns, TURNS)
            ]

    def test_no_method_answers_about_foreign_ids(self):
        tried, people, turns = 0, set(), self._whose_turn(*self._spies())
        foreign = {}
        for name, method, function in self._calls():
            for env, most in next(turns):
                key = name, env.uid
                if key not in foreign:
                    foreign[key] = self._find_foreign(env[name])
                for record in foreign[key][:most] or [env[name].browse()]:
                    if not record and not self._is_of_model(function):
                        continue  # there is none of them
                    with self.subTest(spy=env.user.login, method=f"{name}.{method}"):
                        tried += 1
                        people.add(env.uid)
                        arguments = self._arguments(function, record.id or self.deal.id)
                        self._call(record.with_env(env), method, arguments)
        self.assertGreater(tried, 60)
        self.assertGreaterEqual(len(people), 16)

    def _find_foreign(self, model):
        """Return some records of a model that its user may not see."""
        if model._abstract or model._transient:
            return model.browse()
        records = self.env[model._name].sudo().search([], limit=500)
        return (records - self._seen(model, records)).with_env(model.env)

    @staticmethod
    def _is_of_model(function):
        return getattr(function, "_api_model", False)

    def _seen(self, model, records):
        if not model.has_access("read"):
            return records.browse()
        return records & model.search([("id", "in", records.ids)]).sudo()

    def _call(self, record, method, arguments):
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                answer = getattr(record, method)(**arguments)
                if hasattr(answer, "_name"):
                    answer = answer.ids
                self.assertNothingPlanted(answer, method)
                raise _Undo
        except (_Undo, MissingError, *IN_WORDS) as refusal:
            self.assertNothingPlanted(str(refusal), f"{method}, refused")
        finally:
            self.env.invalidate_all(flush=False)
            self.env.transaction.invalidate_field_data()

    def test_no_form_tells_what_an_id_is(self):
        """New records with foreign ids, saved or not, show nothing about them."""
        foreign = {
            name: self.env[name].sudo().search([], order="id desc", limit=1).id
            for name in ("hr.commission.line", "hr.commission.statement")
            + ("hr.commission.credit", "hr.commission.event", "hr.commission.dispute")
            + ("hr.commission.target", "crm.touchpoint")
        }
        foreign |= {
            "crm.lead": self.deal.id,
            "res.partner": self.customer.id,
            "hr.commission.plan": self.personal.id,
            "hr.commission.rule": self.personal.rule_ids.id,
            "res.company": self.north.id,
            "hr.employee": self.sales_north.id,
        }
        turns = self._whose_turn(self.officer_south, self.marketer)
        people = set()
        for name in self._our_models():
            if self.env[name]._abstract:
                continue
            for field in self.env[name]._fields.values():
                if field.type != "many2one" or field.comodel_name not in foreign:
                    continue
                vals = {field.name: foreign[field.comodel_name]}
                for env, _most in next(turns):
                    if not env[name].has_access("create"):
                        continue
                    people.add(env.uid)
                    with self.subTest(spy=env.user.login, field=str(field)):
                        self._try_form(env[name], vals)
        self.assertGreaterEqual(len(people), 8)

    def test_no_empty_form_falls_over(self):
        env = self._as(self.officer_hq)
        for name in self._our_models():
            if self.env[name]._abstract or not self.env[name]._auto:
                continue
            record = env[name].sudo().new({})
            computed = [each.name for each in record._fields.values() if each.compute]
            with self.subTest(model=name):
                for field in computed:
                    record.mapped(field)
            self.assertFalse(record.id.origin)

    def _try_form(self, model, vals):
        spec = {
            name: {"fields": {"display_name": {}}} if field.relational else {}
            for name, field in model._fields.items()
            if field.type not in ("one2many", "many2many", "many2one_reference")
            and field.type != "reference"
        }
        defaults = {f"default_{name}": value for name, value in vals.items()}
        ways = (
            lambda: model.onchange(vals, [], spec),
            lambda: model.with_context(**defaults).onchange({}, [], spec),
            lambda: model.with_context(**defaults).default_get(list(spec)),
            lambda: (
                model.create({"reason": "x", **vals}).web_read(spec)
                if "reason" in model._fields
                else model.create(vals).web_read(spec)
            ),
        )
        for way in ways:
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    self.assertNothingPlanted(way(), model._name)
                    raise _Undo
            except (_Undo, *IN_WORDS) as refusal:
                self.assertNothingPlanted(str(refusal), f"{model._name}, refused")
            except Exception as error:
                if not _is_told_in_words(error):
                    raise

    # ------------------------------------------------------------------
    # All fields × ways of writing × values that do not fit
    # ------------------------------------------------------------------

    def test_no_value_ends_in_a_traceback(self):
        """Create, write, onchange and import of every field of ours by an officer."""
        env, tried = self._as(self.officer_hq), 0
        for name in self._our_models():
            model = env[name]
            if model._abstract or not model.has_access("create"):
                continue
            some = model.search([], limit=1) if not model._transient else model
            for field in self._one_of_each_type(model):
                for number, (value, what) in enumerate(HOSTILE):
                    with self.subTest(field=str(field), value=what):
                        tried += 1
                        self._give(model, some, field.name, value, number % 4)
        self.assertGreater(tried, 1000)

    def test_no_table_ends_in_a_traceback(self):
        """What is no table of texts, or has columns that are none, into any model."""
        env = self._as(self.officer_hq)
        for name in [*self._our_models(), *EXTENDED]:
            model = env[name]
            if model._abstract or not model.has_access("create"):
                continue
            added = self._one_of_each_type(model)
            column = added[0].name if added else "id"
            for columns in ([column], ["x"]) if name not in EXTENDED else ([column],):
                for rows in NO_TABLES:
                    with self.subTest(model=name, columns=columns, rows=str(rows)):
                        self._try_value(lambda m=model, c=columns, r=rows: m.load(c, r))

    def test_no_added_value_ends_in_a_traceback(self):
        """What these addons add to models of Odoo's, by people who may write them."""
        env, tried = self._as(self.officer_hq), 0
        for name in EXTENDED:
            model = env[name]
            some = model.search([], limit=1)
            for field in self._one_of_each_type(model):
                for number, (value, what) in enumerate(HOSTILE):
                    with self.subTest(field=str(field), value=what):
                        tried += 1
                        self._give(model, some, field.name, value, number % 4)
        self.assertGreater(tried, 300)

    def test_no_number_ends_in_a_traceback(self):
        """Whatever is done for one record, for none, for several and for none there."""
        env, tried = self._as(self.officer_hq), 0
        for name, method, function in self._calls():
            if self._is_of_model(function) or self.env[name]._abstract:
                continue
            several = env[name].browse()
            if self.env[name]._auto and env[name].has_access("read"):
                several = env[name].search([], limit=2)
            arguments = self._arguments(function, self.deal.id)
            nowhere = [env[name].browse([number]) for number in (-5, 0)]
            for records in (env[name].browse(), several, *nowhere):
                with self.subTest(f"{name}.{method}", records=records._ids):
                    tried += 1
                    act = getattr(records, method)
                    self._try_value(lambda act=act, given=arguments: act(**given))
        self.assertGreater(tried, 300)

    # ------------------------------------------------------------------
    # Another database than usual
    # ------------------------------------------------------------------

    def test_what_a_replica_answers_writes_nothing(self):
        """Methods that are read-only are asked of a copy that takes no writes."""
        tried = 0
        for name, method, function in self._calls():
            if not getattr(function, "_readonly", False):
                continue
            for person in (self.officer_hq, self.sales_north):
                model = self._as(person)[name]
                with self.subTest(f"{name}.{method}", by=person.name):
                    tried += 1
                    with self.env.cr.savepoint() as savepoint, suppress(UserError):
                        self.env.cr.execute("SET TRANSACTION READ ONLY")
                        arguments = self._arguments(function, self.deal.id)
                        getattr(model, method)(**arguments)
                        self.env.flush_all()
                        savepoint.rollback()
                self.env.invalidate_all(flush=False)
        self.assertGreaterEqual(tried, 10)

    def test_no_button_swallows_a_conflict(self):
        """Whatever meets another user says so, and Odoo does it again, quietly."""
        env, met = self._as(self.officer_hq), 0
        execute = type(self.env.cr).execute

        def conflict(cursor, query, *args, **kwargs):
            text = str(getattr(query, "code", query))
            if "FOR UPDATE" in text or re.match(r"\s*(UPDATE|INSERT|DELETE)", text):
                raised.append(1)
                raise psycopg2.errors.SerializationFailure
            return execute(cursor, query, *args, **kwargs)

        for name, method, function in self._calls():
            if not method.startswith("action_") or self.env[name]._abstract:
                continue
            record = env[name].browse()
            if self.env[name]._auto and env[name].has_access("read"):
                record = env[name].search([], limit=1)
            arguments, raised = self._arguments(function, self.deal.id), []
            with self.subTest(f"{name}.{method}"), self.env.cr.savepoint() as undo:
                try:
                    with patch.object(type(self.env.cr), "execute", conflict):
                        getattr(record, method)(**arguments)
                        self.env.flush_all()
                except UserError:
                    self.assertFalse(raised)
                except psycopg2.errors.SerializationFailure:
                    met += 1
                else:
                    self.assertFalse(raised)
                undo.rollback()
            self.env.invalidate_all(flush=False)
            self.env.transaction.invalidate_field_data()
        self.assertGreater(met, 10)

    @staticmethod
    def _one_of_each_type(model):
        """Return a field of each type: they all go through the same door."""
        chosen = {}
        for field in model._fields.values():
            if field._module and "hr_sales_commission" in field._module:
                if not field.compute:
                    chosen.setdefault((field.type, field.required), field)
        return list(chosen.values())

    def _give(self, model, some, name, value, way):
        """Give a value to a field by one of the ways: they share the door."""
        vals = {name: value}
        ways = (
            lambda: model.create({**vals}),
            lambda: some.write({**vals}),
            lambda: model.onchange({**vals}, [], {name: {}}),
            lambda: model.load([name], [[value]]),
        )
        self._try_value(ways[way])

    def _try_value(self, act):
        """Do something with a value that does not fit: it is refused in words."""
        try:
            muted = mute_logger("odoo.sql_db", "odoo.tools.mail", "odoo.models")
            with muted, self.env.cr.savepoint():
                act()
                self.env.flush_all()
                raise _Undo
        except (_Undo, *IN_WORDS):
            return
        except Exception as error:
            if not _is_told_in_words(error):
                raise
        finally:
            self.env.invalidate_all(flush=False)

    def test_no_parameter_ends_in_a_traceback(self):
        env = self._as(self.officer_hq)
        for name, method, function in self._calls():
            if method.startswith(("action_", "compute_sheet", "refund_sheet")):
                continue
            parameters = list(self._arguments(function, self.deal.id))
            for parameter in parameters:
                for value, what in HOSTILE:
                    arguments = self._arguments(function, self.deal.id)
                    arguments[parameter] = value
                    with self.subTest(
                        method=f"{name}.{method}", parameter=parameter, value=what
                    ):
                        self._call(env[name], method, arguments)


class _Undo(Exception):
    """Takes back what an attempt did."""


def _is_told_in_words(error):
    """Whether Odoo's dispatcher turns an error of the database into a sentence."""
    return type(error).__module__.startswith("psycopg2") and getattr(
        error, "pgcode", None
    ) in ("23502", "23503", "23505", "23514")
