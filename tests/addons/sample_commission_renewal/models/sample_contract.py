from odoo import fields, models


class SampleContract(models.Model):
    """A contract that its customer renews from time to time."""

    _name = "sample.contract"
    _description = "Contract"

    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", required=True)
    user_id = fields.Many2one("res.users", string="Account Manager")
    company_id = fields.Many2one("res.company", required=True)
    date_start = fields.Date(required=True)

    def action_renew(self, date, amount):
        """Record that the customers renew on a day; one statement for all of them."""
        Event = self.env["hr.commission.event"].sudo()  # sudo: written by the system
        Event._capture(
            [
                Event._prepare_fact("contract_renewed", each, date, amount, str(date))
                for each in self
            ]
        )
