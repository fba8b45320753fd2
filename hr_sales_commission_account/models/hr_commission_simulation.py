# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Simulations of plans that pay on documents."""

from odoo import models
from odoo.exceptions import UserError


class HrCommissionSimulation(models.Model):
    _inherit = "hr.commission.simulation"

    def action_run(self):
        rules = (self.plan_ids | self.baseline_id).sudo().rule_ids  # sudo: their bases
        if "wage" in rules.mapped("base") and not rules.sudo(False)._may_use_wages():
            raise UserError(
                self.env._(
                    "A plan that pays a part of people's wages is simulated by somebody "
                    "who may read wages."
                )
            )
        return super().action_run()

    def _get_replay_sentences(self):
        return {
            **super()._get_replay_sentences(),
            "order_confirmed": self.env._(
                "%(count)s confirmed orders were made from the stored orders: no plan "
                "had recorded them."
            ),
            "invoice_posted": self.env._(
                "%(count)s invoices were made from the stored invoices: no plan had "
                "recorded them. Margins use today’s cost where none was frozen."
            ),
            "payment_received": self.env._(
                "%(count)s payments were made from the stored invoices and their money: "
                "no plan had recorded them."
            ),
        }
