# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import re
import unicodedata

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from ..pipeline.officers import ADMINISTRATOR
from ..pipeline.participants import Role
from ..pipeline.titles import labelled

CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")


class HrCommissionRole(models.Model):
    """A part that people play in a sale; each role has 100 % of an event of its own.

    Rules, credits, lines and shares name a role by its code, which never changes. Human
    resources may add roles: a product specialist beside the salesperson, an account
    manager for the renewals, a director above the managers.
    """

    _name = "hr.commission.role"
    _description = "Commission Role"
    _inherit = ["hr.commission.guard"]
    _checks_first = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        copy=False,
        help="What imports and other systems call the role. It never changes. Empty: "
        "made from the name.",
    )
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self._default_company_id(),
        help="The role is for this company and its branches. Empty: for everybody.",
    )
    note = fields.Text(string="Description", translate=True)
    is_manager = fields.Boolean(
        string="Manager Level",
        help="The managers of whoever is credited fill the role.",
    )
    level = fields.Integer(
        help="1: the direct manager, 2: that one's manager … 0: each rule says which."
    )
    manages_id = fields.Many2one(
        "hr.commission.role",
        string="Managers Of",
        domain="[('is_manager', '=', False)]",
        help="Whose managers. Empty: the marketer's on a valid lead, the salesperson's "
        "on everything else.",
    )
    filled_by = fields.Selection(
        selection=lambda self: self._select_filled_by(),
        required=True,
        default="shares",
        help="Who is credited when no shares are named on the deal or document.",
    )
    field_path = fields.Selection(
        selection=lambda self: self._select_field_path(),
        string="Field",
        help="The user or employee in this field fills the role.",
    )

    _code_unique = models.UniqueIndex("(code)", "Another role has this code already.")
    _level_not_negative = models.Constraint(
        "CHECK (level >= 0)",
        "A manager level starts at 1, the direct manager; 0 leaves it to the rules.",
    )

    @api.model
    def _default_company_id(self):
        """Roles for everybody are made by administrators."""
        is_administrator = self.env.su or self.env.user.has_group(ADMINISTRATOR)
        return False if is_administrator else self.env.company

    # ------------------------------------------------------------------
    # Choices
    # ------------------------------------------------------------------

    @api.model
    def _select_filled_by(self):
        """Return the ways to find who fills a role; addons add their own.

        Each code is answered by ``Participants._find_by_<code>``.
        """
        return [
            ("shares", self.env._("Whoever is named on the deal or document")),
            ("salesperson", self.env._("The salesperson")),
            ("marketer", self.env._("Whoever brought the customer")),
            ("team_leader", self.env._("The leader of the sales team")),
            ("assignment", self.env._("Whom the customer is assigned to")),
            ("field", self.env._("A field of the deal or document")),
            ("target", self.env._("Whoever has the target")),
        ]

    @api.model
    def _select_field_path(self):
        """Return the fields that may say who fills a role, as ``model:path``."""
        choices = []
        for model in self._get_filling_models():
            records = self.env[model].sudo()  # sudo: labels of fields only
            title = self.env["ir.model"]._get(model).name
            for path in self._get_filling_paths(records):
                label = self._get_path_label(records, path)
                choices.append((f"{model}:{path}", labelled(self.env, title, label)))
        return choices

    @api.model
    def _get_filling_models(self):
        """Return the models of deals and documents whose fields may fill a role."""
        return ["crm.lead"]

    @api.model
    def _get_filling_paths(self, records):
        """Return the paths to stored users and employees, two steps at most."""
        technical = {*models.MAGIC_COLUMNS, "activity_user_id"}
        paths = [
            name
            for name, field in sorted(records._fields.items())
            if _names_person(field) and name not in technical
        ]
        for name in ("partner_id", "team_id"):
            if name in records._fields:
                comodel = self.env[records._fields[name].comodel_name]
                if "user_id" in comodel._fields and comodel._fields["user_id"].store:
                    paths.append(f"{name}.user_id")
        return paths

    @api.model
    def _get_path_label(self, records, path):
        labels = []
        for name in path.split("."):
            labels.append(records.fields_get([name], ["string"])[name]["string"])
            # sudo: labels of fields, no records
            records = self.env[records._fields[name].comodel_name].sudo()
        return " / ".join(labels)

    @api.model
    @ormcache("self.env.lang")
    def _get_choices(self):
        """Return (code, name) of all roles, archived ones too, in their order.

        :rtype: list[tuple[str, str]]
        """
        roles = self.sudo().with_context(active_test=False)  # sudo: names of roles
        return [(role.code, role.name) for role in roles.search([])]

    @api.model
    @ormcache()
    def _get_roles(self):
        """Return the roles in use, as the pipeline knows them.

        :rtype: tuple[Role]
        """
        return tuple(
            Role(
                id=role.id,
                code=role.code,
                company_id=role.company_id.id or None,
                is_manager=role.is_manager,
                level=role.level,
                manages=role.manages_id.code or None,
                filled_by=role.filled_by,
                field_path=role.field_path or None,
            )
            for role in self.sudo().search([])  # sudo: the ledger knows every role
        )

    @api.model
    def _get_codes_of_marketers(self):
        """Return the codes of the roles that whoever brought the customer fills.

        Nobody fills them where sales found the customer alone.

        :rtype: frozenset[str]
        """
        return frozenset(
            role.code for role in self._get_roles() if role.filled_by == "marketer"
        )

    @api.model
    @ormcache()
    def _get_manager_levels(self):
        """Return the level of each manager role by code, 0 where rules choose it.

        :rtype: dict[str, int]
        """
        roles = self.sudo().with_context(active_test=False)  # sudo: as above
        return {
            role.code: role.level for role in roles.search([("is_manager", "=", True)])
        }

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains("code")
    def _check_code(self):
        for role in self:
            if not CODE.fullmatch(role.code or ""):
                raise ValidationError(
                    self.env._(
                        "“%(code)s” cannot be the code of a role: small letters, "
                        "digits and underscores, a letter first.",
                        code=role.code,
                    )
                )
            if role.code == "none":
                raise ValidationError(
                    self.env._("“none” is the code of people without a role.")
                )

    @api.constrains("filled_by", "field_path")
    def _check_field_path(self):
        for role in self:
            paths = dict(role._select_field_path())
            ways = dict(role._select_filled_by())
            if role.filled_by not in ways:
                raise ValidationError(
                    self.env._(
                        "Nobody knows how “%(way)s” fills a role.", way=role.filled_by
                    )
                )
            if role.filled_by == "field" and role.field_path not in paths:
                raise ValidationError(
                    self.env._(
                        "Choose the field that says who is “%(role)s”.", role=role.name
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        taken = {code for code, _name in self._get_choices()}
        for vals in vals_list:
            if not vals.get("code"):
                vals["code"] = self._make_code(vals.get("name"), taken)
            taken.add(vals["code"])
        roles = super().create(vals_list)
        self.env.registry.clear_cache()
        return roles

    @api.model
    def _make_code(self, name, taken):
        """Return a code made from a name that no role has yet."""
        plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore")
        base = re.sub(r"[^a-z0-9]+", "_", plain.decode().lower()).strip("_")[:40]
        if not CODE.fullmatch(base) or base == "none":
            base = f"role_{base}".rstrip("_")
        code, number = base, 1
        while code in taken:
            number += 1
            code = f"{base}_{number}"
        return code

    def write(self, vals):
        if "code" in vals and any(role.code != vals["code"] for role in self):
            raise UserError(
                self.env._(
                    "The code of a role never changes: rules, credits and lines name "
                    "the role by it. Change the name instead, or make another role."
                )
            )
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for role in self.sudo():  # sudo: used anywhere, whoever asks
            if any(
                # sudo: used anywhere, whoever asks
                self.env[model].sudo().search_count([("role", "=", role.code)], limit=1)
                for model in self._get_naming_models()
            ):
                raise UserError(
                    self.env._(
                        "“%(role)s” is named by rules, credits or shares. Archive it "
                        "instead.",
                        role=role.name,
                    )
                )

    @api.model
    def _get_naming_models(self):
        """Return the models that name a role by its code."""
        mixin = self.env.registry["hr.commission.role.mixin"]
        return [name for name in mixin._inherit_children if self.env[name]._auto]

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


def _names_person(field):
    return (
        field.type == "many2one"
        and field.store
        and not field.groups
        and field.comodel_name in ("res.users", "hr.employee")
    )
