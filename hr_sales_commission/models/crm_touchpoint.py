from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

TOUCHPOINT_KINDS = [
    ("web_form", "Web form"),
    ("ad_click", "Ad click"),
    ("event", "Event"),
    ("demo", "Demo"),
    ("call", "Call"),
    ("meeting", "Meeting"),
    ("email", "Email"),
    ("referral", "Referral"),
    ("import", "Import"),
    ("other", "Other"),
]


class CrmTouchpoint(models.Model):
    """A contact that brought or warmed a customer. The log is append-only."""

    _name = "crm.touchpoint"
    _description = "Customer Touchpoint"
    _order = "date desc, id desc"
    _rec_name = "kind"

    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    partner_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="set null"
    )
    email_normalized = fields.Char(index="btree_not_null")
    phone_sanitized = fields.Char(index="btree_not_null")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    kind = fields.Selection(TOUCHPOINT_KINDS, required=True, default="other")
    campaign_id = fields.Many2one("utm.campaign", ondelete="set null")
    medium_id = fields.Many2one("utm.medium", ondelete="set null")
    source_id = fields.Many2one("utm.source", ondelete="set null")
    campaign_name = fields.Char(
        string="Campaign (as Recorded)",
        readonly=True,
        help="The name at that time, whatever it is called today.",
    )
    medium_name = fields.Char(string="Medium (as Recorded)", readonly=True)
    source_name = fields.Char(string="Source (as Recorded)", readonly=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Earned By", help="Who earned this contact."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    evidence = fields.Reference(
        selection="_selection_evidence", help="The mail, meeting or form that proves it."
    )
    note = fields.Char()

    @api.model
    def _selection_evidence(self):
        models_ = self.env["ir.model"].sudo().search([("is_mail_thread", "=", True)])
        return [(model.model, model.name) for model in models_]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["email_normalized"] = (
                tools.email_normalize(vals.get("email_normalized") or "") or False
            )
        self._add_names(vals_list)
        touchpoints = super().create(vals_list)
        if not self.env.context.get("commission_new_leads"):
            touchpoints.lead_id._commission_capture({"touchpoint_ids"})
        return touchpoints

    @api.model
    def _add_names(self, vals_list):
        """Keep the utm names by value, as they are now."""
        for field_name in ("campaign_id", "medium_id", "source_id"):
            records = self.env[self._fields[field_name].comodel_name].browse(
                {vals[field_name] for vals in vals_list if vals.get(field_name)}
            )
            names = {record.id: record.display_name for record in records}
            for vals in vals_list:
                vals[field_name.replace("_id", "_name")] = names.get(
                    vals.get(field_name), False
                )

    def write(self, vals):
        self._check_append_only()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_administrator(self):
        self._check_append_only()

    def _check_append_only(self):
        """Refuse to change the log.

        :raises AccessError: for anybody but a commission administrator
        """
        administrator = "hr_sales_commission.group_commission_administrator"
        if not (self.env.su or self.env.user.has_group(administrator)):
            raise AccessError(
                self.env._(
                    "Touchpoints are evidence: they are added, never changed or deleted."
                )
            )
