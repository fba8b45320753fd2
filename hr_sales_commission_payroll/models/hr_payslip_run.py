# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Batches of payslips: what they pay in commissions, and what is doubtful."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.hr_sales_commission.pipeline.refusals import tell_done

from .hr_payslip_commission import PAYSLIP_KINDS


class HrPayslipRun(models.Model):
    _inherit = "hr.payslip.run"

    commission_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Commission Currency"
    )
    commission_count = fields.Integer(compute="_compute_commission_amounts")
    commission_total = fields.Monetary(
        compute="_compute_commission_amounts",
        currency_field="commission_currency_id",
        help="Sum of the commissions on the payslips of this batch.",
    )
    commission_amount_commission = fields.Monetary(
        compute="_compute_commission_amounts",
        currency_field="commission_currency_id",
        string="Sales Commission",
        help="Commissions on the payslips of this batch, without bonuses.",
    )
    commission_amount_bonus = fields.Monetary(
        compute="_compute_commission_amounts",
        currency_field="commission_currency_id",
        string="Synergy Bonus",
        help="Bonuses on the payslips of this batch.",
    )
    commission_amount_adjustment = fields.Monetary(
        compute="_compute_commission_amounts",
        currency_field="commission_currency_id",
        string="Commission Adjustment",
        help="Corrections of earlier commissions on the payslips of this batch.",
    )
    commission_amount_clawback = fields.Monetary(
        compute="_compute_commission_amounts",
        currency_field="commission_currency_id",
        string="Commission Clawback",
        help="What was paid before and is taken back on the payslips of this batch.",
    )
    commission_warning_count = fields.Integer(
        compute="_compute_commission_warning_count"
    )

    @api.depends(
        "slip_ids.commission_ids.amount",
        "slip_ids.commission_ids.is_reversal",
        "slip_ids.commission_ids.reversed_by_id",
    )
    def _compute_commission_amounts(self):
        Row = self.env["hr.payslip.commission"]
        sums = {
            (run, kind): (count, amount)
            for run, kind, count, amount in Row._read_group(
                Domain("payslip_run_id", "in", self.ids) & Row._get_live_domain(),
                ["payslip_run_id", "kind"],
                ["__count", "amount:sum"],
            )
        }
        for run in self:
            count = total = 0
            for kind, _label in PAYSLIP_KINDS:
                kind_count, amount = sums.get((run._origin, kind), (0, 0.0))
                run[f"commission_amount_{kind}"] = amount
                count += kind_count
                total += amount
            run.commission_count = count
            run.commission_total = total

    @api.depends("slip_ids.commission_warning", "slip_ids.state")
    def _compute_commission_warning_count(self):
        for run in self:
            run.commission_warning_count = len(run._get_warned_payslips())

    def _get_warned_payslips(self):
        """Return the open payslips that warn, or were computed before a change."""
        return self.slip_ids.filtered(
            lambda slip: (
                slip.state == "verify"
                and (slip.commission_warning or slip.is_commission_outdated)
            )
        )

    def action_compute_all(self):
        """Compute every open payslip of these batches again.

        :return: the notification that says what came of it
        :raises UserError: if there is none
        """
        slips = self.slip_ids.filtered(lambda slip: slip.state in ("draft", "verify"))
        if not slips:
            raise UserError(
                self.env._("No payslip of this batch is open: generate payslips first.")
            )
        slips.compute_sheet()
        warned = self._get_warned_payslips()
        texts = [
            self.env._(
                "%(count)s of them need a look: see Warnings.", count=len(warned)
            )
        ]
        return tell_done(
            self.env,
            self.env._("%(count)s payslips computed", count=len(slips)),
            {},
            texts if warned else (),
            is_success=not warned,
        )

    def action_view_commissions(self):
        """Show what the payslips of the batch pay, deal by deal; not what was refunded.

        :return: window action
        """
        action = self.slip_ids.action_view_commissions()
        live = self.env["hr.payslip.commission"]._get_live_domain()
        action["domain"] = list(Domain(action["domain"]) & live)
        action["context"] = {"search_default_group_kind": 1}
        return action

    def action_view_commission_warnings(self):
        """Show the payslips of the batch whose commissions need a look.

        :return: window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payroll.hr_payslip_action"
        )
        action["display_name"] = self.env._("Payslips to Look At")
        action["domain"] = [("id", "in", self._get_warned_payslips().ids)]
        warnings = self.env.ref(
            "hr_sales_commission_payroll.hr_payslip_view_list_warnings"
        )
        action["views"] = [(warnings.id, "list"), (False, "form")]
        return action
