from odoo import api, models


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    @api.depends(
        "rule_ids.product_domain",
        "rule_ids.customer_domain",
        "rule_ids.customer_kind",
        "rule_ids.min_discount",
        "rule_ids.max_discount",
        "rule_ids.collected_within",
        "rule_ids.unpaid_clawback_days",
        "rule_ids.margin_percent_min",
        "rule_ids.base",
    )
    def _compute_checks(self):
        return super()._compute_checks()

    @api.model
    def _get_audience(self, rule):
        return [
            *super()._get_audience(rule),
            *(
                (name, rule[name] or False)
                for name in (
                    "product_domain",
                    "customer_domain",
                    "customer_kind",
                    "min_discount",
                    "max_discount",
                    "collected_within",
                    "margin_percent_min",
                )
            ),
        ]

    def _find_warnings(self):
        return [
            *super()._find_warnings(),
            *self._find_bands(
                "min_discount", "max_discount", self.env._("discount in %"), end=None
            ),
        ]

    @api.model
    def _find_contradiction(self, rule):
        name = {"rule": rule.name}
        if rule.base == "wage" and rule.tier_mode == "none" and not rule.once:
            return self.env._(
                "“%(rule)s” pays a part of the wage for each single event. Add brackets "
                "of a period, or pay it only once.",
                **name,
            )
        if rule.min_discount and rule.min_discount == rule.max_discount:
            return self.env._(
                "“%(rule)s” counts lines with exactly one discount.", **name
            )
        if rule.fully_paid_only and rule.tier_measure == "days_to_collect":
            return self.env._(
                "“%(rule)s” counts the days to the last payment only, because it pays "
                "when everything is paid.",
                **name,
            )
        return super()._find_contradiction(rule)
