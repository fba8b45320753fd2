from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare, groupby


class CrmLeadShare(models.Model):
    """How a role's credit for a deal is shared between people."""

    _name = "crm.lead.share"
    _description = "Commission Share"
    _inherit = ["hr.commission.guard", "hr.commission.role.mixin"]
    _checks_first = True
    _order = "lead_id, role, id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    employee_id = fields.Many2one("hr.employee", required=True, ondelete="restrict")
    role = fields.Selection(required=True, default="sales")
    percent = fields.Float(
        string="Share (%)", required=True, default=100.0, digits=(16, 6)
    )
    is_automatic = fields.Boolean(
        string="Computed",
        readonly=True,
        copy=False,
        help="Shared by the attribution model of the plan.",
    )

    _person_unique = models.UniqueIndex(
        "(lead_id, role, employee_id)", "Each person has one share per role."
    )
    _percent_in_range = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)", "A share lies between 0 and 100 %."
    )

    @api.constrains("percent", "role", "lead_id")
    def _check_shares_sum(self):
        shares = self.lead_id.commission_share_ids.sorted(
            lambda share: (share.lead_id.id, share.role)
        )
        for (lead, _role), group in groupby(
            shares, key=lambda share: (share.lead_id, share.role)
        ):
            total = sum(share.percent for share in group)
            if float_compare(total, 100.0, precision_digits=4):
                raise ValidationError(
                    self.env._(
                        "The %(role)s shares of “%(lead)s” sum to %(total)s %%. They "
                        "must sum to 100 %%.",
                        role=group[0]._get_role_name(),
                        lead=lead.display_name,
                        total=round(total, 4),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given(vals_list)
        leads = self.env["crm.lead"].browse(
            {vals["lead_id"] for vals in vals_list if vals.get("lead_id")}
        )
        before = leads._get_own_percents()
        shares = super().create(vals_list)
        self._check_no_larger_share(before, shares.lead_id)
        shares.lead_id._commission_capture({"commission_share_ids"})
        return shares

    def write(self, vals):
        if "is_automatic" not in vals:
            vals = {**vals, "is_automatic": False}
        self._check_given([vals])
        leads = self.lead_id
        before = (leads | leads.browse(vals.get("lead_id") or ()))._get_own_percents()
        result = super().write(vals)
        self._check_no_larger_share(before, leads | self.lead_id)
        self.flush_recordset()  # events record shares from the database
        (leads | self.lead_id)._commission_capture({"commission_share_ids"})
        return result

    def unlink(self):
        leads = self.lead_id
        before = leads._get_own_percents()
        result = super().unlink()
        self._check_no_larger_share(before, leads.exists())
        leads.exists()._commission_capture({"commission_share_ids"})
        return result

    @api.model
    def _check_no_larger_share(self, before, leads):
        """Refuse that somebody shares a deal in their own favour.

        :param dict before: what they had of it
        """
        Person = self.env["hr.commission.person"]
        Person._check_no_larger_share(before, leads._get_own_percents())
