"""What other plans would have paid for what really happened."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..engine.compute import compute
from ..engine.periods import MONTHS_OF
from ..pipeline.fact_loader import FactLoader
from ..pipeline.plan_replay import PlanReplay


class HrCommissionSimulation(models.Model):
    """Plans replayed on the events of a period: per person before, after, difference.

    Nothing is written to the ledger. What is held counts as earned; draws and
    guaranteed minimums do not take part.
    """

    _name = "hr.commission.simulation"
    _description = "Commission Simulation"
    _inherit = ["hr.commission.guard"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="Whose employees: of this company and of the branches below it that are "
        "selected.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: fields.Date.context_today(self)
    )
    baseline_id = fields.Many2one(
        "hr.commission.plan",
        string="Compare With",
        check_company=True,
        help="Empty: the plans that are in force.",
    )
    plan_ids = fields.Many2many(
        "hr.commission.plan", string="Plans", required=True, check_company=True
    )
    result_ids = fields.One2many(
        "hr.commission.simulation.result", "simulation_id", readonly=True
    )
    event_count = fields.Integer(string="Events", readonly=True)
    date_run = fields.Datetime(string="Computed On", readonly=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The period cannot end before it starts."
    )

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")
        return result

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_run(self):
        """Replay the events under each plan and keep what each person would earn.

        :raises UserError: without a plan to try
        """
        self.check_access("write")
        for simulation in self:
            if not simulation.plan_ids:
                raise UserError(self.env._("Choose the plans to try."))
            simulation._run()
        return True

    def action_view_results(self):
        """Show the results of these simulations as a pivot."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_simulation_result_action"
        )
        action["domain"] = [("simulation_id", "in", self.ids)]
        return action

    # ------------------------------------------------------------------
    # Replay
    # ------------------------------------------------------------------

    def _run(self):
        self.ensure_one()
        companies = self._get_companies()
        batches = self._get_event_batches(companies)
        before = self._replay(self.baseline_id, batches, companies)
        rows = []
        for plan in self.plan_ids:
            after = self._replay(plan, batches, companies)
            rows += [
                {
                    "employee_id": employee_id,
                    "company_id": company_id,
                    "plan_id": plan.id,
                    "amount_before": float(before[employee_id, company_id]),
                    "amount": float(after[employee_id, company_id]),
                }
                for employee_id, company_id in sorted(before.keys() | after.keys())
            ]
        self.write(
            {
                "result_ids": [Command.clear(), *map(Command.create, rows)],
                "event_count": sum(map(len, batches)),
                "date_run": fields.Datetime.now(),
            }
        )

    def _get_companies(self):
        """Return the company and its branches, as far as the user selected them."""
        below = self.env["res.company"].search(
            [("id", "child_of", self.company_id.ids)]
        )
        return below & self.env.companies | self.company_id

    def _get_event_batches(self, companies):
        """Return the events of the period that concern employees of these companies.

        A batch is a whole period of the rules, so that each is computed once.

        :return: list of hr.commission.event
        """
        Event = self.env["hr.commission.event"].sudo()  # sudo: filtered by company
        Event.flush_model(["date", "company_id"])
        self.env["hr.commission.credit"].flush_model(["event_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT array_agg(event.id ORDER BY event.id)
                     FROM hr_commission_event event
                    WHERE event.date BETWEEN %s AND %s
                      AND (event.company_id = ANY(%s)
                       OR event.id IN (SELECT credit.event_id
                                         FROM hr_commission_credit credit
                                        WHERE credit.company_id = ANY(%s)))
                    GROUP BY date_trunc(%s, event.date)""",
                self.date_from,
                self.date_to,
                companies.ids,
                companies.ids,
                self._get_longest_period(),
            )
        )
        return [Event.browse(ids) for (ids,) in rows]

    def _get_longest_period(self):
        """Return the longest period that a rule of these plans looks at."""
        plans = self.plan_ids | self.baseline_id
        if not self.baseline_id:
            plans |= self.env["hr.commission.plan"].search([("state", "!=", "draft")])
        rules = plans.sudo().rule_ids  # sudo: rules of plans the user reads
        periods = {*rules.mapped("tier_period"), *rules.mapped("cap_period")}
        return max(periods - {"event"} | {"month"}, key=MONTHS_OF.get)

    def _replay(self, plan, batches, companies):
        """Return what people would earn, by (employee id, company id).

        :param plan: for everybody; empty for the plans in force
        """
        env = self.sudo().env  # sudo: facts of other branches that share a deal
        sums = defaultdict(Decimal)
        for events in batches:
            loader = PlanReplay(env, plan.sudo()) if plan else FactLoader(env)
            batch = loader.load(events, store=False)
            replayed = set(events.ids)
            scope = {
                credit_id
                for credit_id, row in batch.rows.items()
                if row.event["id"] in replayed and row.company_id in companies.ids
            }
            outcome = compute(
                batch.credits, batch.plans, targets=batch.targets, scope=scope
            )
            for award in outcome.awards:
                company_id = batch.rows[award.credit_id].company_id
                sums[award.employee_id, company_id] += award.amount
        return sums


class HrCommissionSimulationResult(models.Model):
    """What somebody would earn under a plan, beside what it is compared with."""

    _name = "hr.commission.simulation.result"
    _description = "Commission Simulation Result"
    _inherit = ["hr.commission.guard"]
    _order = "simulation_id desc, plan_id, difference desc, id"
    _rec_name = "employee_id"
    _log_access = False

    simulation_id = fields.Many2one(
        "hr.commission.simulation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, string="Branch"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    plan_id = fields.Many2one(
        "hr.commission.plan", required=True, readonly=True, ondelete="cascade"
    )
    amount_before = fields.Monetary(string="Before", readonly=True)
    amount = fields.Monetary(string="With This Plan", readonly=True)
    difference = fields.Monetary(compute="_compute_difference", store=True)

    @api.depends("amount", "amount_before")
    def _compute_difference(self):
        for result in self:
            result.difference = result.amount - result.amount_before
