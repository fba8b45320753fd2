"""Plans as JSON, to carry them from one database to another."""

import json

from odoo import api, models
from odoo.exceptions import UserError

FORMAT = "hr_sales_commission.plan"
#: what of a plan or rule belongs to one database or is worked out
LEFT_OUT = {"id", "display_name", "create_uid", "create_date", "write_uid"} | {
    "write_date",
    "state",
    "active",
    "version",
    "is_template",
}
LEFT_OUT_TYPES = ("many2one", "one2many", "many2many", "binary", "html")


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    def export_json(self):
        """Return the plan with its rules and brackets as a JSON text.

        People, branches and the company belong to one database and are left out; a rule
        that names people or branches cannot be carried over.

        :rtype: str
        :raises UserError: naming such a rule
        """
        self.ensure_one()
        self.check_access("read")
        named = self.rule_ids.filtered(
            lambda rule: rule.employee_ids or rule.branch_ids
        )
        if named:
            raise UserError(
                self.env._(
                    "“%(rule)s” names employees or branches, which another database "
                    "does not know. Export the plan without it.",
                    rule=named[0].name,
                )
            )
        values = _get_exchange_values(self)
        values["rules"] = [
            {
                **_get_exchange_values(rule),
                "tiers": [_get_exchange_values(tier) for tier in rule.tier_ids],
            }
            for rule in self.rule_ids
        ]
        return json.dumps(
            {"format": FORMAT, "format_version": 1, "plan": values},
            default=str,
            ensure_ascii=False,
            indent=2,
        )

    @api.model
    def import_json(self, text):
        """Make a draft of the current company from what :meth:`export_json` returned.

        :param str text: JSON
        :return: the new hr.commission.plan
        :raises UserError: for what is no plan, or names what this database lacks
        """
        try:
            data = json.loads(text)
            is_plan = data["format"] == FORMAT and data["format_version"] == 1
            values = dict(data["plan"])
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(
                self.env._("This file is no exported commission plan.")
            ) from error
        if not is_plan:
            raise UserError(
                self.env._(
                    "This plan was exported by another version. Export it again there."
                )
            )
        rules = []
        for rule in values.pop("rules", ()):
            tiers = [
                (0, 0, self._check_exchange_values("hr.commission.tier", tier))
                for tier in rule.pop("tiers", ())
            ]
            rule = self._check_exchange_values("hr.commission.rule", rule)
            rules.append((0, 0, {**rule, "tier_ids": tiers}))
        plan = self._check_exchange_values(self._name, values)
        return self.create(
            {**plan, "company_id": self.env.company.id, "rule_ids": rules}
        )

    def _check_exchange_values(self, model, values):
        """Return values to create a record from.

        :raises UserError: naming fields that this database does not have
        """
        known = _get_exchange_fields(self.env[model])
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise UserError(
                self.env._(
                    "The plan uses %(names)s, which is not installed here. Install what "
                    "it comes from, or remove it from the file.",
                    names=", ".join(unknown),
                )
            )
        return dict(values)

    def action_export_json(self):
        """Download the plan as a JSON file."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.name}.json",
                "raw": self.export_json().encode(),
                "mimetype": "application/json",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }


def _get_exchange_fields(model):
    """Return the names of the stored, plain fields that are carried over."""
    return [
        name
        for name, field in model._fields.items()
        if field.store
        and field.type not in LEFT_OUT_TYPES
        and name not in LEFT_OUT
        and not (field.compute or field.related)
    ]


def _get_exchange_values(record):
    return {name: record[name] for name in _get_exchange_fields(record)}
