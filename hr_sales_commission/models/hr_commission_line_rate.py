# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What a rate is a rate of: percent, money for each event, or units times money."""

from odoo import api, fields, models
from odoo.tools import formatLang

from ..pipeline.reader_numbers import format_number, format_percent


class HrCommissionLine(models.Model):
    _inherit = "hr.commission.line"

    rate_text = fields.Char(
        string="Rate",
        compute="_compute_rate_text",
        help="Percent of the base, an amount for each event, or units times an amount.",
    )

    @api.depends("amount", "rate", "trace", "rule_id", "currency_id")
    @api.depends_context("lang")
    def _compute_rate_text(self):
        for line in self:
            line.rate_text = line._get_rate_text()

    def _get_rate_text(self):
        """Return the rate with its unit; False where an amount has no rate.

        :rtype: str | bool
        """
        self.ensure_one()
        amount_type = self.sudo().rule_id.amount_type  # sudo: of a rule that paid it
        if not self.rate or not amount_type:
            return False
        if amount_type == "percent":
            return format_percent(self.env, self.rate)
        # sudo: the currency of a line the reader may read
        money = formatLang(self.env, self.rate, currency_obj=self.sudo().currency_id)
        if amount_type == "unit":
            # a difference has no quantity of its own: so many units it is worth
            units = float((self.trace or {}).get("quantity") or self.amount / self.rate)
            return f"{format_number(self.env, units)} × {money}"
        return self.env._("%(amount)s each", amount=money)
