# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Conditions as a reader understands them: names of fields, and what is asked of them."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import LazyTranslate

from ..pipeline.reader_numbers import format_number
from ..pipeline.titles import listed

_lt = LazyTranslate(__name__)

#: what is asked of a field; other operators are shown as they are
OPERATORS = {
    "=": _lt("%(field)s is %(value)s"),
    "!=": _lt("%(field)s is not %(value)s"),
    ">": _lt("%(field)s above %(value)s"),
    ">=": _lt("%(field)s from %(value)s on"),
    "<": _lt("%(field)s below %(value)s"),
    "<=": _lt("%(field)s up to %(value)s"),
    "in": _lt("%(field)s is one of: %(value)s"),
    "not in": _lt("%(field)s is none of: %(value)s"),
    "ilike": _lt("%(field)s contains %(value)s"),
    "not ilike": _lt("%(field)s does not contain %(value)s"),
}
#: fields of plans and rules that hold conditions, with what they ask; addons add theirs
CONDITION_MODELS = {"domain": "crm.lead", "qualification_domain": "crm.lead"}


class HrCommissionCondition(models.AbstractModel):
    _inherit = "hr.commission.condition"

    @api.model
    def _describe(self, text, model="crm.lead"):
        """Say what a condition asks, as far as the reader has the records it names.

        :rtype: str
        :return: empty for no condition; the text itself where it cannot be read
        """
        try:
            domain = self._parse(text, model)
        except ValidationError:
            return text
        return "" if domain.is_true() else self._say(domain, self.env[model])

    def _say(self, domain, model):
        operator = getattr(domain, "OPERATOR", "")
        if operator == "!":
            said = self._say(domain.child, model)
            return self.env._("not (%(condition)s)", condition=said)
        if operator == "&":
            return listed(
                self.env, [self._say(each, model) for each in domain.children]
            )
        if operator == "|":
            said, *others = (self._say(each, model) for each in domain.children)
            for other in others:
                said = self.env._("%(one)s or %(other)s", one=said, other=other)
            return self.env._("(%(condition)s)", condition=said)
        return self._say_leaf(domain, model)

    def _say_leaf(self, leaf, model):
        labels, asked = [], model
        for name in leaf.field_expr.split("."):
            field = asked._fields.get(name)
            if field is None:
                break  # a part of a day, or a property
            labels.append(field._description_string(self.env))
            asked = self.env[field.comodel_name] if field.relational else asked
        is_list = not isinstance(leaf.value, str) and hasattr(leaf.value, "__iter__")
        values = list(leaf.value) if is_list else [leaf.value]
        said = {
            "field": " › ".join(labels) or leaf.field_expr,
            "value": listed(
                self.env, [self._say_value(each, field) for each in values]
            ),
        }
        if leaf.operator in OPERATORS:
            pattern = self.env._(OPERATORS[leaf.operator])
            return pattern % said
        return f"{said['field']} {leaf.operator} {said['value']}"

    def _say_value(self, value, field):
        if value is False and (field is None or field.type != "boolean"):
            return self.env._("empty")
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if field is not None and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if isinstance(value, int | float):
            if field is not None and (field.relational or field.name == "id"):
                return self._say_record(value, field)
            return format_number(self.env, value, digits=6)
        return str(value)

    def _say_record(self, number, field):
        """Return the name of a record, where the reader may read it."""
        comodel = field.comodel_name or field.model_name
        record = self.env[comodel].browse(int(number)).exists()
        if record and record.has_access("read"):
            return record.display_name
        return format_number(self.env, number)
