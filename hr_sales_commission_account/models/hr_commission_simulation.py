from odoo import models


class HrCommissionSimulation(models.Model):
    _inherit = "hr.commission.simulation"

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
