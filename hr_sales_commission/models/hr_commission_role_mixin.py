# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HrCommissionRoleMixin(models.AbstractModel):
    """Something that names a role: by its code, with the role itself beside it."""

    _name = "hr.commission.role.mixin"
    _description = "With a Commission Role"

    role = fields.Selection(selection="_select_role")
    role_id = fields.Many2one(
        "hr.commission.role",
        string="Role Record",
        compute="_compute_role_id",
        inverse="_inverse_role_id",
        search="_search_role_id",
        help="The role that the code names.",
    )

    @api.model
    def _select_role(self):
        return self.env["hr.commission.role"]._get_choices()

    @api.depends("role")
    def _compute_role_id(self):
        Role = self.env["hr.commission.role"].with_context(active_test=False)
        roles = Role.sudo().search(  # sudo: which role a code names is no secret
            [("code", "in", [code for code in self.mapped("role") if code])]
        )
        role_of = {role.code: role.sudo(False) for role in roles}
        for record in self:
            record.role_id = role_of.get(record.role, Role)

    def _inverse_role_id(self):
        for record in self:
            record.role = record.role_id.code

    def _search_role_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        Role = self.env["hr.commission.role"].with_context(active_test=False)
        domain = value if operator == "any" else [("id", operator, value)]
        return [("role", "in", Role.search(domain).mapped("code"))]

    @api.constrains("role")
    def _check_role(self):
        """Odoo does not check choices that are found when asked."""
        known = dict(self._select_role())
        for record in self:
            if record.role and record.role not in known:
                raise ValidationError(
                    self.env._(
                        "There is no commission role “%(code)s”. Roles are made under "
                        "Configuration, Roles.",
                        code=record.role,
                    )
                )

    def _get_role_name(self):
        """Return the name of the role in the reader's language.

        :rtype: str
        """
        self.ensure_one()
        return dict(self._select_role()).get(self.role, "")
