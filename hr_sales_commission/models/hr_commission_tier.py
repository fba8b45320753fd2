# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models


class HrCommissionTier(models.Model):
    """A bracket of a rule: it ends where the next one starts."""

    _name = "hr.commission.tier"
    _description = "Commission Tier"
    _inherit = ["hr.commission.guard"]
    _order = "rule_id, from_value"

    rule_id = fields.Many2one("hr.commission.rule", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        related="rule_id.company_id", store=True
    )  # stored for the record rules
    from_value = fields.Float(
        string="From",
        digits=(16, 4),
        help="The bracket starts here, in the unit of the measure of the rule.",
    )
    until = fields.Char(
        string="To",
        compute="_compute_until",
        help="Where the next bracket starts; of places the last one in the bracket.",
    )
    rate = fields.Float(
        digits=(16, 6),
        help="Percent (2.0 means 2 %); money for rules that pay an amount.",
    )

    _from_value_unique = models.UniqueIndex(
        "(rule_id, from_value)", "Two brackets of a rule cannot start at one value."
    )
    _values_not_negative = models.Constraint(
        "CHECK (from_value >= 0 AND rate >= 0)",
        "The start and the rate of a bracket are not negative.",
    )

    @api.depends("from_value", "rule_id.tier_ids.from_value", "rule_id.tier_measure")
    def _compute_until(self):
        for tier in self:
            rule = tier.rule_id
            following = [
                each.from_value
                for each in rule.tier_ids
                if each.from_value > tier.from_value
            ]
            tier.until = rule._format_until(min(following, default=None))

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.rule_id.plan_id._check_editable()
        return tiers

    def write(self, vals):
        self.rule_id.plan_id._check_editable()
        result = super().write(vals)
        if "rule_id" in vals:
            self.check_access("write")  # Odoo checks the place before only
            self.rule_id.plan_id._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self.rule_id.plan_id._check_editable()
