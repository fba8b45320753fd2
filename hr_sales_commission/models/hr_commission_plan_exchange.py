# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Plans as JSON or XLSX, to carry them from one database to another."""

import json

from odoo import api, models
from odoo.exceptions import UserError

from ..pipeline.plan_workbook import read_workbook, write_workbook
from ..pipeline.titles import listed

FORMAT = "hr_sales_commission.plan"
#: what of a plan or rule belongs to one database or is worked out
LEFT_OUT = {"id", "display_name", "create_uid", "create_date", "write_uid"} | {
    "write_date",
    "state",
    "active",
    "version",
    "draft_note",
    "former_date_end",
    "is_template",
}
LEFT_OUT_TYPES = ("many2one", "one2many", "many2many", "binary", "html")
#: what is worked out at first, and kept then
KEPT = {"expected"}
#: rows of a plan: their key in the file, the field they are in, the rows in them
ROWS = {
    "rules": ("rule_ids", {"tiers": ("tier_ids", {})}),
    "examples": ("example_ids", {"events": ("event_ids", {})}),
}
XLSX_START = b"PK"
#: what reading a file that is no plan ends in
NO_PLAN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
VERSION = "format_version"
#: the largest file of a plan
MOST_BYTES = 2_000_000


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    def export_json(self):
        """Return the plan with its rules, brackets and examples as a JSON text.

        People, branches and the company belong to one database and are left out; a rule
        that names people or branches cannot be carried over.

        :rtype: str
        :raises UserError: naming such a rule, or a condition that names records by number
        """
        return _to_json(self._get_exchange_values())

    def export_xlsx(self):
        """Return what :meth:`export_json` does as an XLSX file.

        :rtype: bytes
        :raises UserError: naming a rule that cannot be carried over
        """
        return write_workbook(self._get_exchange_values())

    def _get_exchange_values(self):
        self._ensure_one_given()
        self.check_access("read")
        self.rule_ids._check_exchangeable()
        self._check_conditions_exchangeable(self._get_conditions())
        return _get_values(self, ROWS)

    @api.model
    def _check_conditions_exchangeable(self, conditions):
        """Refuse conditions that another database would read differently.

        :param conditions: as of :meth:`_get_conditions`
        :raises UserError: naming the first one
        """
        Condition = self.env["hr.commission.condition"]
        for place, model, text in conditions:
            if text and Condition._names_records(text, model):
                raise UserError(
                    self.env._(
                        "“%(place)s” has a condition that names records by number, and "
                        "another database numbers them differently. Ask for their name "
                        "instead, as in ('tag_ids.name', '=', 'VIP').",
                        place=place,
                    )
                )

    @api.model
    def import_json(self, text):
        """Make a draft of the current company from what :meth:`export_json` returned.

        :param str text: JSON
        :return: the new hr.commission.plan
        :raises UserError: for what is no plan, or names what this database lacks
        """
        return self._import_file(text.encode() if isinstance(text, str) else b"")

    @api.model
    def _import_file(self, content, plan=None):
        """Make a draft of the current company from an exported file.

        :param bytes content: JSON or XLSX
        :param plan: a draft that gets the rules instead
        :return: the new hr.commission.plan, or the draft
        :raises UserError: for what is no plan, or names what this database lacks
        """
        values = self._read_exchange(content)
        if plan:
            plan.write({"rule_ids": values.get("rule_ids", [])})
            return plan
        if "name" not in values:
            raise UserError(
                self.env._(
                    "The file holds rules and no plan. Choose the draft they are for."
                )
            )
        return self.create({**values, "company_id": self.env.company.id})

    @api.model
    def _read_exchange(self, content):
        """Return the values to create the plan of an exported file from.

        :raises UserError: for what is no plan, or names what this database lacks
        """
        try:
            return self._to_values(self._name, _load(content), ROWS)
        except NO_PLAN as error:
            raise UserError(
                self.env._("This file is no exported commission plan.")
            ) from error

    def _to_values(self, model, data, rows):
        """Return values to create a record from, with the rows in it.

        :raises UserError: naming fields that this database does not have
        """
        values = dict(data)
        if values.pop(VERSION, 1) != 1:
            raise UserError(
                self.env._(
                    "This plan was exported by another version. Export it again there."
                )
            )
        commands = {}
        for key, (name, inner) in rows.items():
            if key in values:
                comodel = self.env[model]._fields[name].comodel_name
                commands[name] = [
                    (0, 0, self._to_values(comodel, row, inner))
                    for row in values.pop(key) or ()
                ]
        known = _get_exchange_fields(self.env[model])
        unknown = sorted(set(map(str, values)) - set(known))
        if unknown:
            raise UserError(
                self.env._(
                    "The plan uses %(names)s, which is not installed here. Install what "
                    "it comes from, or remove it from the file.",
                    names=listed(self.env, unknown),
                )
            )
        return {**values, **commands}

    def action_export_json(self):
        """Download the plan as a JSON file."""
        return self._download(self.export_json().encode(), "json", "application/json")

    def action_export_xlsx(self):
        """Download the plan as a workbook."""
        mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return self._download(self.export_xlsx(), "xlsx", mimetype)

    def _download(self, content, extension, mimetype):
        return _offer(self, content, f"{self.name}.{extension}", mimetype)


class HrCommissionRule(models.Model):
    _inherit = "hr.commission.rule"

    def export_json(self):
        """Return rules as a JSON text, to add them to a draft of another database.

        :rtype: str
        :raises UserError: naming a rule that names people or branches
        """
        self.check_access("read")
        self._check_exchangeable()
        names = set(self.mapped("name"))
        conditions = self.plan_id._get_conditions() if self.plan_id else []
        self.plan_id._check_conditions_exchangeable(
            [each for each in conditions if each[0] in names]
        )
        _name, inner = ROWS["rules"]
        return _to_json({"rules": [_get_values(rule, inner) for rule in self]})

    def action_export_json(self):
        """Download the rule as a JSON file."""
        self._ensure_one_given()
        content = self.export_json().encode()
        return _offer(self, content, f"{self.name}.json", "application/json")

    def _check_exchangeable(self):
        named = self.filtered(lambda rule: rule.employee_ids or rule.branch_ids)
        if named:
            raise UserError(
                self.env._(
                    "“%(rule)s” names employees or branches, which another database "
                    "does not know. Export the plan without it.",
                    rule=named[0].name,
                )
            )


def _offer(record, content, name, mimetype):
    """Return the action that downloads a file, kept with its record."""
    attachment = record.env["ir.attachment"].create(
        {
            "name": name,
            "raw": content,
            "mimetype": mimetype,
            "res_model": record._name,
            "res_id": record.id,
        }
    )
    return {
        "type": "ir.actions.act_url",
        "url": f"/web/content/{attachment.id}?download=true",
        "target": "download",
    }


def _to_json(values):
    return json.dumps(
        {"format": FORMAT, VERSION: 1, "plan": values},
        default=str,
        ensure_ascii=False,
        indent=2,
    )


def _load(content):
    """Return what a file says.

    :raises ValueError, TypeError, KeyError: for what is no exported plan
    """
    if len(content) > MOST_BYTES:
        raise ValueError(len(content))
    if content.startswith(XLSX_START):
        return _decode_cells(read_workbook(content))
    data = json.loads(content)
    if data["format"] != FORMAT:
        raise ValueError(data["format"])
    return {**data["plan"], VERSION: data["format_version"]}


def _decode_cells(values):
    """Turn the JSON in cells of a workbook back."""
    for example in values.get("examples", ()):
        if isinstance(example.get("expected"), str):
            example["expected"] = json.loads(example["expected"])
    return values


def _get_exchange_fields(model):
    """Return the names of the stored, plain fields that are carried over."""
    return [
        name
        for name, field in model._fields.items()
        if field.store
        and field.type not in LEFT_OUT_TYPES
        and name not in LEFT_OUT
        and (name in KEPT or not (field.compute or field.related))
    ]


def _get_values(record, rows):
    """Return the plain values of a record and of the rows in it."""
    values = {name: record[name] for name in _get_exchange_fields(record)}
    for key, (name, inner) in rows.items():
        values[key] = [_get_values(row, inner) for row in record[name]]
    return values
