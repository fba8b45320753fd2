# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a question tells although its answer shows nothing: conditions, groups, order."""

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .test_doors import DoorsCommon

AMOUNTS = (48213.77, 2410.69, 31415.92, 2718.28, 13.37)
#: how amounts and texts of North are asked for, by kind of field
HIDDEN = {
    "monetary": ("in", AMOUNTS),
    "float": ("in", AMOUNTS),
    "char": ("ilike", "planted-"),
    "text": ("ilike", "planted-"),
}


@tagged("post_install", "-at_install", "commission_long")
@freeze_time("2026-05-20 12:00:00")
class TestAttackInference(DoorsCommon):
    """Whoever may not read a value cannot find it by asking about it either."""

    def _people(self):
        spies = (self.sales_south, self.nobody, self.officer_south, self.manager_south)
        return [self._as(spy) for spy in (*spies, self.marketer)]

    def _ask(self, label, question):
        """Ask; the answer is refused, empty or zero."""
        type(self).tried += 1
        with self.subTest(label):
            try:
                with mute_logger("odoo.sql_db", "odoo.models"):
                    with self.env.cr.savepoint():
                        answer = question()
            except (UserError, ValueError) as error:
                self.assertNothingPlanted(str(error), label)
                return
            self.assertFalse(answer, label)

    tried = 0

    def _hidden_fields(self, model):
        """Return conditions that find what North has, of fields of a model."""
        for field in self.env[model]._fields.values():
            # a name that is computed finds everything or nothing
            is_asked = field.store or (field.search and field.name != "display_name")
            if is_asked and field.type in HIDDEN:
                yield (field.name, *HIDDEN[field.type])

    def _paths(self, name):
        """Return conditions on what is one step away from a model."""
        ours = set(self._our_models())
        for field in self.env[name]._fields.values():
            if field.relational and (field.store or field.search or field.related):
                comodel = field.comodel_name
                if name in ours and comodel in ("crm.lead", "res.partner"):
                    yield f"{field.name}.name", "ilike", "planted-"
                if comodel in ours:
                    for hidden, *asked in self._hidden_fields(comodel):
                        yield (f"{field.name}.{hidden}", *asked)

    def test_conditions(self):
        """Every model that people may read × its own values and those one step away."""
        ours = set(self._our_models())
        for env in self._people():
            for name in sorted(self.env.registry):
                model = env[name].with_context(active_test=False)
                if model._abstract or model._transient or not model._auto:
                    continue
                if not model.has_access("read"):
                    continue
                asked = list(self._paths(name))
                if name in ours:
                    asked += self._hidden_fields(name)
                for condition in asked:
                    self._ask(
                        f"{env.user.login}: {name} {condition[0]}",
                        lambda m=model, c=condition: m.search_count([c]),
                    )
        self.assertGreater(self.tried, 500)

    def test_groups(self):
        """Aggregates with conditions on groups, and groups ordered by what is hidden."""
        for env in self._people():
            for name in self._our_models():
                model = env[name]
                if model._abstract or model._transient or not model.has_access("read"):
                    continue
                if name.startswith("hr.commission.example"):
                    continue  # of plans ready-made for everybody
                for field in model._fields.values():
                    if field.type == "monetary" and field.store and field.aggregator:
                        self._ask_groups(env, model, field.name)
        self.assertGreater(self.tried, 100)

    def _ask_groups(self, env, model, name):
        total = f"{name}:sum"
        label = f"{env.user.login}: {model._name} {name}"
        above = [(total, ">", 2000), (total, "<", 50000)]
        groupby = next(
            each
            for each in ("employee_id", "company_id", "id")
            if each in model._fields
        )
        for what, question in {
            "having": lambda: model._read_group([], [groupby], [total], having=above),
            "having, formatted": lambda: model.formatted_read_group(
                [], [groupby], [total], having=above
            ),
            "most": lambda: [
                group
                for group in model.formatted_read_group(
                    [], [groupby], [total], order=f"{total} desc", limit=1
                )
                if (group[total] or 0) > 2000
            ],
            "sets": lambda: [
                group
                for groups in model.formatted_read_grouping_sets(
                    [], [[groupby], []], [total]
                )
                for group in groups
                if (group[total] or 0) > 2000
            ],
        }.items():
            self._ask(f"{label}, {what}", question)

    def test_names_and_forms(self):
        """Searched, opened, copied or described by number or name: nothing of others."""
        people = self._people()
        for number, name in enumerate(self._our_models()):
            if self.env[name]._transient or not self.env[name]._auto:
                continue
            # they take turns, two at each model
            for env in (people[number % 5], people[(number + 2) % 5]):
                model = env[name]
                every = self.env[name].sudo().search([], limit=200)
                seen = model.search([]) if model.has_access("read") else model
                hidden = model.browse((every - seen.sudo()).ids[:2])
                for what, question in self._questions(model, hidden):
                    self._ask_words(f"{env.user.login}: {name} {what}", question)
        self.assertGreater(self.tried, 400)

    def _ask_words(self, label, question):
        """Ask; whatever is answered, or said in refusing it, names nothing of others."""
        type(self).tried += 1
        with self.subTest(label), self.env.cr.savepoint() as savepoint:
            try:
                with mute_logger("odoo.sql_db", "odoo.models"):
                    answer = question()
            except UserError as error:
                answer = error
            self.assertNothingPlanted(answer, label)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)

    @staticmethod
    def _questions(model, hidden):
        """Yield what clients ask about records by number or name."""
        yield "name_search", lambda: model.name_search("planted", limit=5)
        yield "web_name_search", lambda: model.web_name_search("planted", {"id": {}})
        if not hidden:
            return
        yield "form", lambda: hidden[:1].get_formview_id()
        yield "its action", lambda: hidden[:1].get_formview_action()
        yield "who made it", hidden.get_metadata
        yield "copied", lambda: hidden[:1].copy_data()
        yield "copied and kept", lambda: hidden[:1].copy().read()
        yield "exported", lambda: hidden.export_data(["id", "display_name"])
        yield "read", lambda: hidden.read(["display_name"])
        yield "external id", lambda: hidden.get_external_id()
        yield "resequenced", lambda: hidden.web_resequence({"display_name": {}})
        yield "saved with nothing", lambda: hidden.web_save({}, {"display_name": {}})
        yield "opened as a form", lambda: hidden.onchange({}, [], {"display_name": {}})
        if "active" in hidden._fields:
            yield "archived", hidden.action_archive
