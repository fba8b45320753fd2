# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.fields import Domain

PAYSLIP_KINDS = [
    ("commission", "Sales commission"),
    ("bonus", "Synergy bonus"),
    ("adjustment", "Commission adjustment"),
    ("clawback", "Commission clawback"),
]
#: codes of the inputs and of the salary rules we install
CODE_BY_KIND = {
    "commission": "COMM",
    "bonus": "COMM_BONUS",
    "adjustment": "COMM_ADJUSTMENT",
    "clawback": "COMM_CLAWBACK",
}
#: what a payslip calls the kinds of the ledger
KIND_BY_LINE_KIND = {
    "commission": "commission",
    "holdback": "commission",
    "release": "commission",
    "bonus": "bonus",
    "adjustment": "adjustment",
    "draw": "adjustment",
    "manual": "adjustment",
    "clawback": "clawback",
}


class HrPayslipCommission(models.Model):
    """Which payslip pays which commission: the history that explains a payslip.

    A row is *live* while its payslip pays the line. A refund adds a reversal with the
    opposite amount and marks the row, so that the line can be paid again. The database
    refuses a second live row of a line.
    """

    _name = "hr.payslip.commission"
    _description = "Commission on a Payslip"
    _order = "id"
    _rec_name = "line_id"

    payslip_id = fields.Many2one(
        "hr.payslip", required=True, readonly=True, index=True, ondelete="restrict"
    )
    line_id = fields.Many2one(
        "hr.commission.line",
        string="Commission",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(PAYSLIP_KINDS, required=True, readonly=True)
    contract_id = fields.Many2one("hr.version", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="As of the computation.")
    date_paid = fields.Date(readonly=True)
    is_reversal = fields.Boolean(string="Reversal", readonly=True)
    reversed_by_id = fields.Many2one(
        "hr.payslip",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    employee_id = fields.Many2one(related="payslip_id.employee_id")
    company_id = fields.Many2one(related="payslip_id.company_id")
    payslip_run_id = fields.Many2one(related="payslip_id.payslip_run_id")
    payslip_state = fields.Selection(related="payslip_id.state")
    date = fields.Date(related="line_id.date")
    lead_name = fields.Char(related="line_id.subject", string="Deal")
    partner_name = fields.Char(
        related="line_id.lead_id.partner_id.name", string="Customer"
    )
    rule_name = fields.Char(related="line_id.rule_id.name", string="Rule")
    commission_source = fields.Selection(related="line_id.commission_source")
    base = fields.Monetary(related="line_id.base")
    rate_text = fields.Char(related="line_id.rate_text")
    explanation = fields.Text(related="line_id.explanation")

    _live_unique = models.UniqueIndex(
        "(line_id) WHERE is_reversal IS NOT TRUE AND reversed_by_id IS NULL",
        "A commission can be on one payslip only. Compute the sheet again.",
    )

    def action_open_line(self):
        """Show the commission line.

        :return: window action
        """
        self._ensure_one_given()
        return {
            "type": "ir.actions.act_window",
            "res_model": "hr.commission.line",
            "res_id": self.line_id.id,
            "views": [(False, "form")],
        }

    @api.model
    def _get_kind(self, line):
        """Return what a payslip calls a commission line; kinds that other addons add
        are adjustments, unless they say otherwise here.

        :rtype: str
        """
        return KIND_BY_LINE_KIND.get(line.kind, "adjustment")

    def _get_kind_labels(self):
        """Return what the kinds are called, in the language of the environment."""
        return dict(self._fields["kind"]._description_selection(self.env))

    @api.model
    def _get_live_domain(self):
        """Return the domain of what is paid: neither refunded, nor a refund itself."""
        return Domain("is_reversal", "=", False) & Domain("reversed_by_id", "=", False)

    def _filter_live(self):
        """Keep what its payslip still pays."""
        return self.filtered(lambda row: not row.is_reversal and not row.reversed_by_id)
