"""How a user wants to be told about commissions."""

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    is_commission_mail_immediate = fields.Boolean(
        string="Mail Each Notice of Commissions",
        help="Each notice about commissions comes as a mail of its own at once. "
        "Otherwise one mail a day says all of them together. Without effect for who "
        "reads notices in Odoo.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "is_commission_mail_immediate"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "is_commission_mail_immediate"]
