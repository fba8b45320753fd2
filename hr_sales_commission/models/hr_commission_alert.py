from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

FIGURES = [
    ("cost_ratio", "Commission cost ratio (%)"),
    ("synergy_rate", "Marketing's qualified leads signed (%)"),
    ("followup_rate", "Marketing leads followed up (%)"),
    ("qualified", "Qualified leads of marketing"),
    ("cost_per_lead", "Cost per qualified lead"),
    ("cost_per_deal", "Cost per signed deal"),
    ("signed", "Signed amount"),
    ("commission", "Commissions"),
]


class HrCommissionAlert(models.Model):
    """A threshold of a key figure; crossing it asks somebody to move a lever."""

    _name = "hr.commission.alert"
    _description = "Commission Alert"
    _inherit = ["mail.activity.mixin", "mail.thread"]
    _order = "company_id, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    figure = fields.Selection(FIGURES, required=True, default="synergy_rate")
    condition = fields.Selection(
        [("below", "Falls below"), ("above", "Rises above")],
        required=True,
        default="below",
    )
    threshold = fields.Float(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        check_company=True,
        default=lambda self: self.env.user,
        help="Gets an activity when the figure crosses the threshold.",
    )
    lever = fields.Char(
        required=True,
        help="What to change then, as the activity will say.",
        default=lambda self: self.env._("Look at the synergy bonus of the plan."),
    )
    value = fields.Float(compute="_compute_value", help="In the last 30 days.")
    is_crossed = fields.Boolean(compute="_compute_value", string="Crossed")

    @api.depends("company_id", "figure", "condition", "threshold")
    def _compute_value(self):
        today = fields.Date.context_today(self)
        board = self.env["hr.commission.board"]
        figures = board._get_company_figures(
            today - relativedelta(days=29), today, self.company_id
        )
        for alert in self:
            alert.value = figures.get(alert.company_id, {}).get(alert.figure, 0.0)
            if alert.condition == "below":
                alert.is_crossed = alert.value < alert.threshold
            else:
                alert.is_crossed = alert.value > alert.threshold

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")
        return result

    @api.model
    def _cron_check(self):
        """Ask the responsible of every crossed alert, once until it is dealt with."""
        alerts = self.search([("active", "=", True)])
        for alert in alerts.filtered("is_crossed"):
            if not alert.activity_ids:
                alert.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=alert.user_id.id,
                    summary=alert.name,
                    note=self.env._(
                        "%(figure)s is %(value).2f (threshold %(threshold).2f). "
                        "%(lever)s",
                        figure=dict(FIGURES)[alert.figure],
                        value=alert.value,
                        threshold=alert.threshold,
                        lever=alert.lever,
                    ),
                )
