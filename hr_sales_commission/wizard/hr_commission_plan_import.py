# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The page on which a plan from another database is uploaded."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class HrCommissionPlanImport(models.TransientModel):
    """A file with a plan, read and checked before a draft is made of it."""

    _name = "hr.commission.plan.import"
    _description = "Import Commission Plan"
    _inherit = ["hr.commission.guard"]

    file = fields.Binary(required=True, help="A plan that was exported: JSON or XLSX.")
    file_name = fields.Char()
    plan_id = fields.Many2one(
        "hr.commission.plan",
        string="Add the Rules to",
        domain="[('state', '=', 'draft'), ('is_template', '=', False)]",
        help="A draft that gets the rules of the file. Empty: a draft of its own.",
    )
    fault = fields.Text(compute="_compute_preview", help="Why the file is no plan.")
    name = fields.Char(string="Plan", compute="_compute_preview")
    sentences = fields.Text(
        string="It Says", compute="_compute_preview", help="Its rules in words."
    )

    @api.depends("file")
    def _compute_preview(self):
        Plan = self.env["hr.commission.plan"]
        for page in self:
            page.fault = page.name = page.sentences = False
            if not page.file:
                continue
            try:
                values = Plan._read_exchange(base64.b64decode(page.file))
                draft = Plan.new({**values, "company_id": self.env.company.id})
                sentences = [rule.sentence or "" for rule in draft.rule_ids]
            except UserError as error:
                page.fault = str(error)
            except (ValueError, TypeError) as error:
                page.fault = self.env._("A value does not fit: %s", error)
            else:
                page.name = draft.name
                page.sentences = "\n".join(sentences)

    def action_import(self):
        """Make a draft of the current company, with the checks of a plan made by hand.

        :return: the window action that shows it
        :raises UserError: for what is no plan, or names what this database lacks
        """
        self._ensure_one_given()
        content = base64.b64decode(self.file or b"")
        plan = self.env["hr.commission.plan"]._import_file(content, self.plan_id)
        return plan._get_form_action()
