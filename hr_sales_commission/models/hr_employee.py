# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Employees as people who earn: role, plan and what follows when they change."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: what says whom an event credits
PEOPLE_FIELDS = frozenset(("user_id", "company_id", "parent_id", "department_id"))
#: what keeps on record who somebody was
KEPT_MODELS = ("hr.commission.line", "hr.commission.credit", "crm.touchpoint")


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    commission_role = fields.Selection(
        selection="_select_commission_role",
        default="none",
        required=True,
        groups="hr.group_hr_user",
        help="Leads that a marketer enters count as brought by marketing.",
    )
    commission_plan_id = fields.Many2one(
        related="version_id.commission_plan_id",
        inherited=True,
        readonly=False,
        groups="hr.group_hr_user",
    )
    commission_line_ids = fields.One2many(
        "hr.commission.line", "employee_id", groups="hr.group_hr_user"
    )
    commission_line_count = fields.Integer(
        compute="_compute_commission_line_count", groups="hr.group_hr_user"
    )
    commission_target_ids = fields.One2many(
        "hr.commission.target",
        "employee_id",
        string="Commission Targets",
        groups="hr.group_hr_user",
    )

    @api.model
    def get_import_templates(self):
        """Offer a workbook with the commission roles to choose from."""
        templates = super().get_import_templates()
        return self.env["hr.commission.import"]._get_template(self._name) + templates

    @api.model
    def _select_commission_role(self):
        roles = self.env["hr.commission.role"]._get_choices()
        return [*roles, ("none", self.env._("None"))]

    @api.constrains("commission_role")
    def _check_commission_role(self):
        """Odoo does not check choices that are found when asked."""
        known = dict(self._select_commission_role())
        for employee in self:
            if employee.commission_role not in known:
                raise ValidationError(
                    self.env._(
                        "There is no commission role “%(code)s”. Roles are made under "
                        "Configuration, Roles.",
                        code=employee.commission_role,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        employees._credit_earlier_deals()
        if any(vals.get("parent_id") or vals.get("user_id") for vals in vals_list):
            self.env.registry.clear_cache()  # who is below whom: record rules hold it
        return employees

    def write(self, vals):
        if PEOPLE_FIELDS.intersection(vals):
            self.env["hr.commission.event"]._seal_waiting()
        if "parent_id" in vals:
            managers = self.env["hr.commission.manager"].sudo()  # sudo: kept for all
            managers._log_changes(self.sudo(), vals["parent_id"])  # sudo: as above
        result = super().write(vals)
        if vals.get("user_id"):
            self._credit_earlier_deals()
        if not {"parent_id", "user_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()  # who is below whom: record rules hold it
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_record(self):
        for name in KEPT_MODELS:
            records = self.env[name].sudo()  # sudo: whether there is one
            found = records.search([("employee_id", "in", self.ids)], limit=1)
            if found:
                raise UserError(
                    self.env._(
                        "“%(person)s” stands on deals, contacts or commissions on "
                        "record. Archive the employee instead; to forget who it was, "
                        "change the name and clear what is personal.",
                        person=found.employee_id.name,
                    )
                )

    def unlink(self):
        result = super().unlink()
        # rules of plans in force may name them, record rules hold who is below whom
        self.env.registry.clear_cache()
        return result

    def _credit_earlier_deals(self):
        """Have events computed again that waited for these people to be employees."""
        users = self.user_id
        if users:
            Event = self.env["hr.commission.event"].sudo()  # sudo: technical
            Event._set_pending([("waiting_user_id", "in", users.ids)])

    @api.depends("commission_line_ids")
    def _compute_commission_line_count(self):
        counts = dict(
            self.env["hr.commission.line"]._read_group(
                [("employee_id", "in", self.ids)], ["employee_id"], ["__count"]
            )
        )
        for employee in self:
            employee.commission_line_count = counts.get(employee._origin, 0)

    def action_view_commissions(self):
        """Show the commissions of these employees that the user may see."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_line_action"
        )
        action["domain"] = [("employee_id", "in", self.ids)]
        action["context"] = {}
        return action
