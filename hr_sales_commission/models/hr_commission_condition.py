# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What conditions of plans and rules may ask, and whether they can be asked at all."""

import ast
from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.orm.utils import READ_GROUP_NUMBER_GRANULARITY

from ..pipeline.given import is_id, is_number

#: money, although the field does not say so
PRICES = frozenset(("list_price", "lst_price", "standard_price"))
#: longest condition, most conditions in one, and the longest path
MAX_TEXT, MAX_LEAVES, MAX_STEPS = 10_000, 200, 5
#: records a condition is tried out on when it is saved
TRIAL_SIZE = 20
#: largest number and the years a condition may compare with
MIN_YEAR, MAX_YEAR = 1900, 2999

COMPARING = {"=", "!=", "<>", "in", "not in", "=?"}
ORDERING = {"<", "<=", ">", ">="}
MATCHING = {
    *("like", "not like", "ilike", "not ilike"),
    *("=like", "not =like", "=ilike", "not =ilike"),
}
NESTING = {"any", "not any"}
HIERARCHY = {"child_of", "parent_of"}

#: what may follow a day in a path
PARTS_OF_DAYS = [[name] for name in READ_GROUP_NUMBER_GRANULARITY]

TEXTS = {"char", "text", "html"}
NUMBERS = {"integer", "float", "monetary"}
DAYS = {"date", "datetime"}
RELATIONS = {"many2one", "one2many", "many2many", "many2one_reference"}

#: operators by type of field
OPERATORS = {
    **dict.fromkeys(TEXTS, COMPARING | ORDERING | MATCHING),
    **dict.fromkeys(NUMBERS, COMPARING | ORDERING),
    **dict.fromkeys(DAYS, COMPARING | ORDERING),
    **dict.fromkeys(RELATIONS, COMPARING | MATCHING | NESTING | HIERARCHY),
    "boolean": COMPARING,
    "selection": COMPARING | MATCHING,
    "properties": COMPARING | ORDERING | MATCHING,
}

#: who somebody is: no pay, no private life
NAMES = frozenset(["id", "name", "display_name", "active", "company_id"])
#: models whose unrestricted fields conditions may ask (None) or only some of them
ASKABLE = {
    "crm.lead": None,
    "crm.stage": None,
    "crm.tag": None,
    "crm.team": NAMES | {"user_id"},
    "crm.lost.reason": None,
    "crm.recurring.plan": None,
    "crm.touchpoint": None,
    "utm.source": None,
    "utm.medium": None,
    "utm.campaign": None,
    "utm.stage": None,
    "utm.tag": None,
    "res.partner": None,
    "res.partner.category": None,
    "res.partner.industry": None,
    "res.country": None,
    "res.country.group": None,
    "res.country.state": None,
    "res.lang": None,
    "res.currency": NAMES,
    "res.company": NAMES | {"parent_id"},
    "res.users": NAMES,
    "hr.employee": NAMES,
}
#: fields that are looked for by a method, of which is known that it tells nothing else
SEARCHED = {"crm.lead": {"is_repeat_customer", "is_rotting", "lang_code"}}


class HrCommissionCondition(models.AbstractModel):
    """The one door through which conditions of plans are written and read.

    Conditions are asked by the system, which may read everything. So whoever writes
    one could learn from who is paid what they may not read: a wage, a private address.
    A condition may therefore ask only the fields of :meth:`_get_askable_models`, and
    only such as its writer may read. It is tried out when it is saved.
    """

    _name = "hr.commission.condition"
    _description = "Commission Condition"

    # ------------------------------------------------------------------
    # What may be asked
    # ------------------------------------------------------------------

    @api.model
    def _get_askable_models(self):
        """Return what conditions may ask; addons add their models.

        :return: by model the names of fields, None for all that are not restricted
        :rtype: dict[str, frozenset[str] | None]
        """
        return dict(ASKABLE)

    @api.model
    @api.readonly
    def get_askable_fields(self):
        """Return the fields that the user may ask in a condition, for its editor.

        :return: names of fields by model
        :rtype: dict[str, list[str]]
        """
        return {
            name: sorted(
                field.name
                for field in self.env[name]._fields.values()
                if self._is_askable(self.env[name], field)
            )
            for name in self._get_askable_models()
            if name in self.env and self.env[name].has_access("read")
        }

    @api.model
    def _is_askable(self, model, field):
        """Whether a condition may ask a field, whoever writes it."""
        askable = self._get_askable_models()
        if model._name not in askable:
            return False
        names = askable[model._name]
        if names is not None and field.name not in names:
            return False
        if field.groups and field.groups != "base.group_user":
            return False
        if field.type not in OPERATORS:
            return False
        if field.type in RELATIONS and field.comodel_name not in askable:
            return False
        if field.name == "display_name" or field.store and not field.related:
            return True
        if field.related:
            return self._is_related_askable(model, field.related.split("."))
        return field.name in SEARCHED.get(model._name, ())

    def _is_related_askable(self, model, names):
        """Whether a field that shows another one's value shows nothing restricted."""
        for name in names:
            field = model._fields.get(name)
            if field is None or not self._is_askable(model, field):
                # the record that another one inherits from is the same thing
                if name not in model._inherits.values():
                    return False
            model = self.env[field.comodel_name] if field.relational else model
        return True

    # ------------------------------------------------------------------
    # Reading a condition
    # ------------------------------------------------------------------

    @api.model
    def _parse(self, text, model="crm.lead"):
        """Turn a stored condition into a Domain; nothing in it is evaluated as code.

        :raises ValidationError: with a sentence, if it cannot be asked or asks what
            no condition may ask, also when it was stored by another way
        :rtype: Domain
        """
        domain = self._read(text)
        for leaf in self._leaves(domain):
            self._check_path(self.env[model], leaf)
        return domain

    @api.model
    def _read(self, text):
        if not isinstance(text or "", str):
            raise ValidationError(
                self.env._("A condition is a text: %(value)s", value=repr(text)[:60])
            )
        if len(text or "") > MAX_TEXT:
            raise ValidationError(
                self.env._(
                    "A condition has at most %(count)s characters.", count=MAX_TEXT
                )
            )
        try:
            value = ast.literal_eval((text or "").strip() or "[]")
            return Domain(value)
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "The condition “%(text)s” cannot be read. Build it with the "
                    "editor of conditions, or leave it empty.",
                    text=(text or "")[:200],
                )
            ) from error

    def _leaves(self, domain):
        leaves = list(domain.iter_conditions())
        if len(leaves) > MAX_LEAVES:
            raise ValidationError(
                self.env._(
                    "A condition asks at most %(count)s things.", count=MAX_LEAVES
                )
            )
        return leaves

    # ------------------------------------------------------------------
    # Writing a condition
    # ------------------------------------------------------------------

    @api.model
    def _check(self, text, model="crm.lead"):
        """Refuse a condition that the user may not write or that cannot be asked.

        :raises ValidationError: with what to change, in a sentence
        """
        domain = self._parse(text, model)
        # as the writer: constraints run with the rights of the system
        as_writer = self.env[model].sudo(False)
        for leaf in self._leaves(domain):
            self._check_path(as_writer, leaf, by_writer=True)
        self._try_out(domain, self.env[model])

    @api.model
    def _find_fault(self, text, model="crm.lead"):
        """Return what is wrong with a condition, as a sentence; empty if nothing.

        :rtype: str
        """
        try:
            self._check(text, model)
        except UserError as error:
            return str(error)
        return ""

    @api.model
    def _names_records(self, text, model="crm.lead"):
        """Whether a condition names records by number, which only one database knows.

        :rtype: bool
        """
        leaves = self._leaves(self._parse(text, model))
        return any(self._is_by_number(self.env[model], leaf) for leaf in leaves)

    @api.model
    def _with_amounts(self, text, model, scale):
        """Return a condition with other amounts of money, else as it is written.

        :param scale: function (amount) → the amount that stands in its place
        :rtype: str
        """
        changed = []

        def change(leaf):
            field = self._find_field(self.env[model], leaf)
            is_money = field.type == "monetary" or field.name in PRICES
            if not (is_money and type(leaf.value) in (int, float)):  # True is none
                return leaf
            changed.append(leaf)
            return Domain(leaf.field_expr, leaf.operator, scale(leaf.value))

        domain = self._parse(text, model).map_conditions(change)
        return repr(list(domain)) if changed else text

    def _find_field(self, model, leaf):
        """Return the last field of the path that a part of a condition asks."""
        field = None
        for name in leaf.field_expr.split("."):
            if field is not None and not field.relational:
                break  # a part of a day, or a property
            model = model.env[field.comodel_name] if field is not None else model
            field = model._fields[name]
        return field

    def _is_by_number(self, model, leaf):
        field = self._find_field(model, leaf)
        if leaf.operator in NESTING:
            comodel = model.env[field.comodel_name]
            nested = self._leaves(Domain(leaf.value))
            return any(self._is_by_number(comodel, each) for each in nested)
        is_list = hasattr(leaf.value, "__iter__") and not isinstance(leaf.value, str)
        values = leaf.value if is_list else [leaf.value]
        is_record = field.relational or field.name == "id"
        return is_record and any(map(self._is_id, values))

    def _check_path(self, model, leaf, by_writer=False):
        """Refuse what a part of a condition may not ask.

        :param model: the records it asks, in the environment of who asks
        :param by_writer: whether the rights of the environment count too
        """
        field, path = None, leaf.field_expr
        names = path.split(".") if isinstance(path, str) else [repr(path)]
        if len(names) > MAX_STEPS:
            raise ValidationError(
                self.env._(
                    "“%(path)s” asks too far away: at most %(count)s steps.",
                    path=path,
                    count=MAX_STEPS,
                )
            )
        for position, name in enumerate(names):
            if field is not None and field.type == "properties":
                break  # what follows is the name of a property
            if field is not None:
                if field.type in DAYS and names[position:] in PARTS_OF_DAYS:
                    break
                if not field.relational:
                    self._refuse_field(path)
                model = model.env[field.comodel_name]
            field = model._fields.get(name)
            if field is None or not self._is_askable(model, field):
                self._refuse_field(path)
            if by_writer and not (
                model.has_access("read") and model._has_field_access(field, "read")
            ):
                self._refuse_field(path)
        is_part = field.type in DAYS and names[-1:] in PARTS_OF_DAYS
        kind = "integer" if is_part else field.type
        self._check_leaf(model, field, kind, leaf, by_writer)

    def _refuse_field(self, path):
        raise ValidationError(
            self.env._(
                "A condition cannot ask “%(path)s”. It may ask the lead, its customer, "
                "products and documents, but nothing that you may not read and nothing "
                "about the pay or the private life of people.",
                path=str(path)[:100],
            )
        )

    def _check_leaf(self, model, field, kind, leaf, by_writer):
        """Refuse an operator or a value that does not fit a field of this kind."""
        if leaf.operator not in OPERATORS[kind]:
            self._refuse_value(field, leaf)
        if leaf.operator in NESTING:
            self._check_nested(model, field, leaf, by_writer)
            return
        values = leaf.value
        if leaf.operator in ("in", "not in"):
            if isinstance(values, str) or not hasattr(values, "__iter__"):
                self._refuse_value(field, leaf)
        elif leaf.operator in HIERARCHY and not isinstance(values, str):
            values = values if hasattr(values, "__iter__") else [values]
        else:
            values = [values]
        if not all(self._fits(field, kind, leaf.operator, value) for value in values):
            self._refuse_value(field, leaf)

    def _check_nested(self, model, field, leaf, by_writer):
        try:
            nested = Domain(leaf.value)
        except Exception:
            self._refuse_value(field, leaf)
        comodel = model.env[field.comodel_name]
        for each in self._leaves(nested):
            self._check_path(comodel, each, by_writer)

    def _refuse_value(self, field, leaf):
        raise ValidationError(
            self.env._(
                "The condition on “%(field)s” does not work: “%(operator)s” with "
                "“%(value)s”. Choose a comparison and a value that fit the field.",
                field=field._description_string(self.env) or field.name,
                operator=leaf.operator,
                value=str(leaf.value)[:60],
            )
        )

    def _fits(self, field, kind, operator, value):
        """Whether a value may be compared with a field by an operator."""
        if operator in MATCHING:
            return isinstance(value, str) and "\0" not in value
        if value is False:
            return operator in COMPARING | HIERARCHY
        if kind in NUMBERS:
            return self._is_number(value, kind == "integer")
        if kind in DAYS:
            return self._is_day(value)
        if kind in RELATIONS:
            return self._is_id(value) or (isinstance(value, str) and "\0" not in value)
        if kind == "boolean":
            return isinstance(value, bool)
        if kind == "selection":
            return value in field.get_values(self.env)
        if kind == "properties":
            return isinstance(value, str | int | float | bool)
        return isinstance(value, str) and "\0" not in value

    @staticmethod
    def _is_number(value, is_integer):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return is_number(value, is_integer)

    @staticmethod
    def _is_id(value):
        return isinstance(value, int) and is_id(value)

    def _is_day(self, value):
        if isinstance(value, str):
            # also days like "today -30d", which is what Odoo itself reads
            try:
                fields.Date.to_date(value)
            except ValueError:
                return True  # the trial tells
            value = fields.Date.to_date(value)
        return isinstance(value, date | datetime) and (
            MIN_YEAR <= value.year <= MAX_YEAR
        )

    def _try_out(self, domain, model):
        """Ask the condition about a few records, both ways it will be asked.

        :raises ValidationError: if it fails
        """
        records = model.sudo().with_context(active_test=False)  # sudo: as it is asked
        try:
            with self.env.cr.savepoint(flush=False):
                some = records.search([], limit=TRIAL_SIZE, order="id desc")
                records.search(Domain("id", "in", some.ids) & domain, limit=1)
                (some or records.new({})).filtered_domain(domain)
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "The condition “%(text)s” does not work: a value does not fit its "
                    "field, or the comparison is not possible.",
                    text=str(domain)[:200],
                )
            ) from error
