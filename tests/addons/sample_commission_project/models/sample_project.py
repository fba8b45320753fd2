from odoo import fields, models

EVENT_TYPE = [("project_delivered", "Project delivered")]


class SampleProject(models.Model):
    """A project that is sold for a price and has costs."""

    _name = "sample.project"
    _description = "Project"

    name = fields.Char(required=True)
    user_id = fields.Many2one("res.users")
    company_id = fields.Many2one("res.company", required=True)
    price = fields.Float()
    cost = fields.Float()

    def action_deliver(self, date):
        """Record the delivery, once by price and once by margin."""
        parts = {"": self.price, "//margin": self.price - self.cost}
        Event = self.env["hr.commission.event"].sudo()  # sudo: written by the system
        Event._capture(
            [
                Event._prepare_fact("project_delivered", self, date, amount, part)
                for part, amount in parts.items()
            ]
        )
