# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""A draft plan that runs beside the one in force: computed, shown, never paid."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    shadow_ids = fields.One2many(
        "hr.commission.simulation",
        "shadow_plan_id",
        string="Shadow Runs",
        groups="hr_sales_commission.group_commission_officer",
    )
    is_in_shadow = fields.Boolean(
        compute="_compute_is_in_shadow",
        groups="hr_sales_commission.group_commission_officer",
    )

    @api.depends("shadow_ids")
    def _compute_is_in_shadow(self):
        for plan in self:
            plan.is_in_shadow = bool(plan.shadow_ids)

    def action_start_shadow(self):
        """Let a draft run in shadow from today on.

        :raises UserError: for a plan in force
        :return: the window action that shows the run
        """
        self._ensure_one_given()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(
                self.env._("Only a draft runs in shadow: a plan in force pays.")
            )
        run = self.shadow_ids[:1]
        if not run:
            today = self._get_today()
            Simulation = self.env["hr.commission.simulation"]
            Simulation.check_access("create")
            # sudo: what runs in shadow is the system's
            run = Simulation.sudo().create(
                {
                    "name": self.env._("In shadow: %(plan)s", plan=self.display_name),
                    "company_id": self.company_id.id,
                    "date_from": today,
                    "date_to": today,
                    "days": "all",
                    "plan_ids": [Command.set(self.ids)],
                    "shadow_plan_id": self.id,
                }
            )
            run = run.sudo(False)
            run.check_access("read")
            run.action_run()
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
        }

    def action_drop_shadow(self):
        """End the shadow runs of these plans; their results go."""
        self.check_access("write")
        self.shadow_ids.unlink()
        return True

    def _end_shadows(self):
        """End the shadow runs of plans that are in force now; their results stay."""
        # sudo: the run ends with the draft, whoever started it
        active = self.sudo().filtered(lambda plan: plan.state == "active")
        active.shadow_ids.write({"shadow_plan_id": False, "is_shown": False})

    def _get_try_context(self):
        """Return what the context says while the plan is tried; addons add theirs.

        :rtype: dict
        """
        return {}

    def _copy_as_next_version(self):
        """Return a new draft of the next version, beside drafts that are there.

        It begins next month, a copy of a draft when the draft does.
        """
        self.ensure_one()
        vals = {"date_end": False}
        if self.is_template:
            vals["company_id"] = self.env.company.id
        elif self.state != "draft":
            today = self._get_today()
            vals["date_start"] = fields.Date.add(
                fields.Date.end_of(today, "month"), days=1
            )
        # sudo: templates have no company
        source = self.sudo() if self.is_template else self
        draft = source._copy_with_name(**vals).sudo(False)
        if not self.is_template:
            former = self.previous_id if self.state == "draft" else self
            draft.sudo().write(  # sudo: versions are the system's
                {"version": former.version + 1, "previous_id": former.id}
            )
            for rule, copied in self._pair_rules(draft):
                replaced = rule.previous_id if self.state == "draft" else rule
                copied.sudo().previous_id = replaced  # sudo: the system's
        return draft

    def _pair_rules(self, copy):
        """Return pairs of a rule of this plan and the same one of a copy of the plan.

        :rtype: list[tuple]
        """
        rules = (
            # sudo: the plan may be the parent company's
            plan.sudo().rule_ids.sorted(lambda rule: (rule.sequence, rule.id))
            for plan in (self, copy)
        )
        return list(zip(*rules, strict=True))
