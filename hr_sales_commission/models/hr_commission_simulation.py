# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What other plans would have paid for what really happened."""

import logging
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine.comparison import DetailKey, Sum
from ..engine.facts import ZERO
from ..engine.rounding import to_decimal
from ..pipeline.isolation import isolated, raise_conflict, retried
from ..pipeline.plan_comparison import PlanComparison
from ..pipeline.plan_replay import StandIn
from ..pipeline.sql_rows import sql_columns, sql_rows
from ..pipeline.told import told

_logger = logging.getLogger(__name__)

#: recorded events, times plans, above which a simulation runs in the background
BACKGROUND_SIZE = 20_000
#: it waits for its turn, or is being computed
RUNNING_STATES = ("waiting", "running")
#: it came to its end
COMPUTED = {"state": "done", "progress": 100.0}
#: reasons that are kept for each person
REASONS = 5

DETAIL_COLUMNS = {
    "simulation_id": "int",
    "plan_id": "int",
    "variant": "text",
    "is_before": "bool",
    "employee_id": "int",
    "company_id": "int",
    "role": "text",
    "commission_source": "text",
    "event_type": "text",
    "rule_id": "int",
    "kind": "text",
    "deal_company_id": "int",
    "month": "date",
    "month_due": "date",
    "amount": "numeric",
    "base": "numeric",
    "award_count": "int",
}


class HrCommissionSimulation(models.Model):
    """Plans replayed on the events of a period: per person before, after, difference.

    Each plan takes the place of exactly the plan it would replace; everything else
    stays. Nothing is written to the ledger. What is held counts as earned.
    """

    _name = "hr.commission.simulation"
    _description = "Commission Simulation"
    # hr.mixin: officers choose employees without reading their records
    _inherit = ["hr.commission.guard", "hr.mixin"]
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
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._commission_local_date().replace(
            month=1, day=1
        ),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self.env.company._commission_local_date(),
    )
    days = fields.Selection(
        [
            ("own", "Its own days, where it has some in the period"),
            ("all", "All days of the period"),
        ],
        string="Replayed On",
        required=True,
        default="own",
        help="A plan that begins within the period takes over from its first day on. "
        "One that begins later is replayed as if it had held all the time.",
    )
    baseline_id = fields.Many2one(
        "hr.commission.plan",
        string="Compare With",
        help="Empty: the plans that are in force.",
    )
    plan_ids = fields.Many2many("hr.commission.plan", string="Plans", required=True)
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Only For",
        help="Only these people are computed. Empty: everybody.",
    )
    shadow_plan_id = fields.Many2one(
        "hr.commission.plan",
        string="In Shadow",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        help="The draft runs in shadow: every day what it would have paid is computed "
        "up to that day. Nothing of it is payable.",
    )
    is_shown = fields.Boolean(
        string="Shown to the People",
        copy=False,
        help="Everybody may see what the plan would have paid them.",
    )
    state = fields.Selection(
        [
            ("draft", "Not computed"),
            ("waiting", "Waiting"),
            ("running", "Being computed"),
            ("done", "Computed"),
            ("cancelled", "Stopped"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
    )
    progress = fields.Float(readonly=True, copy=False, help="Percent of the events.")
    result_ids = fields.One2many(
        "hr.commission.simulation.result", "simulation_id", readonly=True
    )
    detail_ids = fields.One2many(
        "hr.commission.simulation.detail", "simulation_id", readonly=True
    )
    event_count = fields.Integer(
        string="Events",
        compute="_compute_event_count",
        help="Events of the period that credit people of these companies, as far as you "
        "selected them, as they are recorded or as the plan compared with would have had "
        "them.",
    )
    date_run = fields.Datetime(string="Computed On", readonly=True, copy=False)
    # read by the system only: sums of branches that a reader may not select
    signed_data = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)
    event_data = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)
    note_data = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)
    amount_signed = fields.Monetary(
        compute="_compute_amount_signed",
        help="Signed in the period by the people of these companies, as far as you "
        "selected them.",
    )
    notes = fields.Text(
        compute="_compute_notes",
        help="What could not be replayed as it happened, and what was found otherwise.",
    )
    comparison = fields.Html(compute="_compute_comparison", sanitize=False)

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The period cannot end before it starts."
    )

    @api.constrains("plan_ids", "baseline_id", "company_id")
    def _check_same_tree(self):
        for simulation in self:
            for plan in simulation.plan_ids | simulation.baseline_id:
                if plan.company_id.root_id not in (
                    simulation.company_id.root_id,
                    self.env["res.company"],  # of a template
                ):
                    raise ValidationError(
                        self.env._(
                            "“%(plan)s” is a plan of another company. Choose plans of "
                            "%(company)s, of its branches or of what is above it.",
                            plan=plan.display_name,
                            company=simulation.company_id.name,
                        )
                    )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_run(self):
        """Replay the events under each plan and keep what each person would earn.

        Many events are replayed in the background; the form shows how far it is.

        :raises UserError: without a plan to try
        """
        self.check_access("write")
        for simulation in self:
            # sudo: rights are checked on the next line
            plans = simulation.sudo().plan_ids | simulation.sudo().baseline_id
            plans.sudo(False).check_access("read")  # also of plans that were guessed
            if not simulation.plan_ids:
                raise UserError(self.env._("Choose the plans to try."))
            if simulation.state in RUNNING_STATES:
                raise UserError(
                    self.env._(
                        "“%(name)s” is being computed already. Stop it first to "
                        "compute it anew.",
                        name=simulation.name,
                    )
                )
        for simulation in self:
            size = simulation._get_comparison().count_events()
            if size * (1 + len(simulation.plan_ids)) > BACKGROUND_SIZE:
                simulation._run_later()
            else:
                simulation._run()
        return True

    def action_cancel(self):
        """Stop simulations that wait or are being computed."""
        self.check_access("write")
        stopped = self.filtered(lambda each: each.state in RUNNING_STATES)
        stopped.sudo().state = "cancelled"  # sudo: states are the system's
        return True

    def action_view_results(self):
        """Show the results of these simulations, one row a person."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_simulation_result_action"
        )
        action["domain"] = [("simulation_id", "in", self.ids)]
        return action

    def action_view_details(self):
        """Show what is paid by person, role, source, rule, branch and month."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_simulation_detail_action"
        )
        action["domain"] = [("simulation_id", "in", self.ids)]
        return action

    def action_export(self):
        """Download the results as a workbook."""
        self.check_access("read")
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/commission/simulation/{ids}.xlsx",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------

    def _run(self):
        self.ensure_one()
        comparison = self._get_comparison()
        for period in comparison.get_periods():
            comparison.play(period)
        self._keep(comparison)

    def _run_later(self):
        # sudo: states are the system's
        self.sudo().write({"state": "waiting", "progress": 0.0})
        cron = self.env.ref("hr_sales_commission.ir_cron_commission_simulate")
        cron.sudo()._trigger()  # sudo: officers start the job by this button only

    @api.model
    @retried
    def _cron_run(self):
        """Compute the simulations that wait, period by period, one after the other."""
        cron = self.env["ir.cron"]
        waiting = self.search([("state", "in", RUNNING_STATES)], order="id")
        for number, simulation in enumerate(waiting):
            cron._commit_progress(remaining=len(waiting) - number)
            owner = simulation.create_uid
            simulation = simulation.with_user(owner).with_context(
                allowed_company_ids=owner.company_ids.ids, lang=owner.lang
            )
            try:
                if simulation._run_in_steps(cron):
                    cron._commit_progress(1)
            except Exception as error:
                raise_conflict(error)
                _logger.exception("Simulation %s not computed", simulation.id)
                self.env.cr.rollback()
                simulation.sudo().write(  # sudo: states are the system's
                    {"state": "cancelled", "note_data": {"0": {f"error:{error}": 1}}}
                )
                cron._commit_progress(1)

    @api.model
    @retried
    def _cron_shadow(self):
        """Bring the drafts that run in shadow up to today."""
        for run in self.search([("shadow_plan_id", "!=", False)]):
            if run.state in RUNNING_STATES:
                continue
            owner = run.create_uid
            with isolated(self.env, _logger, "Shadow run of", run):
                today = run.company_id._commission_local_date()
                run.date_to = max(today, run.date_from)
                run.with_user(owner).with_context(
                    allowed_company_ids=owner.company_ids.ids, lang=owner.lang
                ).action_run()

    @api.model
    def action_my_shadow(self):
        """Tell the user what drafts in shadow would have paid, where it is shown.

        :return: a notification, with the own statements behind it
        """
        results = (
            self.env["hr.commission.simulation.result"]
            .sudo()  # sudo: of the user alone, and only what is shown
            .search(
                [
                    ("employee_id.user_id", "=", self.env.uid),
                    ("simulation_id.is_shown", "=", True),
                    ("simulation_id.shadow_plan_id", "!=", False),
                ]
            )
        )
        sentences = [
            self.env._(
                "%(plan)s, from %(start)s to %(end)s: %(amount)s instead of %(before)s. "
                "It is not paid.",
                plan=result.plan_id.display_name,
                start=format_date(self.env, result.simulation_id.date_from),
                end=format_date(self.env, result.simulation_id.date_to),
                amount=result._format_money(result.amount),
                before=result._format_money(result.amount_before),
            )
            for result in results
        ]
        return told(
            "info",
            "\n".join(sentences) or self.env._("No plan is in trial for you."),
            "hr_sales_commission.hr_commission_statement_action_own",
            title=self.env._("What a plan in trial would have paid"),
            sticky=True,
        )

    def _run_in_steps(self, cron):
        """Compute, with a look after each period whether somebody stopped it.

        :return: whether it was computed to its end
        """
        comparison = self._get_comparison()
        periods = comparison.get_periods()
        for number, period in enumerate(periods):
            if not self._report_progress(number, len(periods)):
                return False
            cron._commit_progress()
            comparison.play(period)
            cron._commit_progress()  # nothing was written; see what others wrote
        if not self._report_progress(len(periods), len(periods)):
            return False
        self._keep(comparison)
        return True

    def _report_progress(self, done, total):
        """Note how far it is; tell whether it goes on."""
        self.env.cr.execute(
            SQL(
                """UPDATE hr_commission_simulation
                      SET state = 'running', progress = %s
                    WHERE id = %s AND state IN %s""",
                100.0 * done / total,
                self.id,
                RUNNING_STATES,
            )
        )
        self.invalidate_recordset(["state", "progress"], flush=False)
        return bool(self.env.cr.rowcount)

    def _get_comparison(self):
        """Return the comparison of the plans with what holds, not yet played.

        :raises UserError: naming conditions of the plans that may not be asked
        :rtype: PlanComparison
        """
        self.ensure_one()
        faults = [
            each for plan in self.plan_ids for each in plan._find_bad_conditions()
        ]
        if faults:
            raise UserError("\n".join(faults))
        return PlanComparison(
            self.env,
            [self._get_stand_in(self.baseline_id)]
            + [self._get_stand_in(plan) for plan in self.plan_ids],
            self._get_companies().ids,
            self.date_from,
            self.date_to,
            mark=self.id,
            only_ids=self.sudo().employee_ids.ids,  # sudo: ids of chosen people
        )

    def _get_person_comparison(self, result):
        """Return the comparison of one plan for one person, with explanations.

        :param result: hr.commission.simulation.result
        :rtype: PlanComparison
        """
        self.ensure_one()
        return PlanComparison(
            self.env,
            [self._get_stand_in(self.baseline_id), self._get_stand_in(result.plan_id)],
            result.company_id.ids,
            self.date_from,
            self.date_to,
            mark=self.id,
            employee_id=result.employee_id.id,
        )

    def _get_stand_in(self, plan):
        """Return a plan in the place of the one it would replace.

        :rtype: StandIn | None
        """
        if not plan:
            return None
        plan = plan.sudo()  # sudo: the parent company's plan
        last = min(self.date_to, self.company_id._commission_local_date())
        has_own_days = (
            self.days == "own"
            and not plan.is_template
            and plan.date_start <= last
            and not (plan.date_end and plan.date_end < self.date_from)
        )
        return StandIn(
            plan_id=plan.id,
            company_id=plan.company_id.id or self.company_id.id,
            is_personal=plan.is_personal,
            previous_id=plan.previous_id.id or None,
            date_start=plan.date_start if has_own_days else None,
            date_end=plan.date_end or None if has_own_days else None,
        )

    def _get_companies(self):
        """Return the company and its branches, as far as the user selected them."""
        return self.company_id._get_commission_branches() | self.company_id

    # ------------------------------------------------------------------
    # Keeping the result
    # ------------------------------------------------------------------

    def _keep(self, comparison):
        """Write what was found in the place of an earlier result."""
        self._add_lines_by_hand(comparison)
        before, *others = comparison.tallies
        paid = [
            self._settle(variant, tally)
            for variant, tally in zip(
                comparison.variants, comparison.tallies, strict=True
            )
        ]
        amounts = [tally.amounts_by_person() for tally in comparison.tallies]
        rows = [
            row
            for number, plan in enumerate(self.plan_ids, start=1)
            for row in self._prepare_results(
                plan,
                others[number - 1].biggest_reasons(REASONS),
                (amounts[0], amounts[number]),
                (paid[0], paid[number]),
                sorted(set().union(*amounts, *paid)),
            )
        ]
        system = self.sudo()  # sudo: results are the system's, of every branch
        system.detail_ids.unlink()
        system.write(
            {
                "result_ids": [Command.clear(), *map(Command.create, rows)],
                "event_data": [
                    [sorted(companies), count]
                    for companies, count in comparison.event_counts.items()
                ],
                "date_run": fields.Datetime.now(),
                **COMPUTED,
                "signed_data": {
                    company.id: self._convert(company, comparison.signed[company.id])
                    for company in self._get_companies()
                },
                "note_data": self._get_note_data(comparison),
            }
        )
        self._insert_details(comparison)

    @staticmethod
    def _prepare_results(plan, reasons, amounts, paid, people):
        """Return values of results under a plan, one a person.

        :param reasons: of the biggest differences, by person
        :param amounts, paid: earned and paid out by person, before and after
        :param people: pairs of employee and company
        """
        return [
            {
                "employee_id": person[0],
                "company_id": person[1],
                "plan_id": plan.id,
                "amount_before": float(amounts[0].get(person, ZERO)),
                "amount": float(amounts[1].get(person, ZERO)),
                "paid_before": float(paid[0].get(person, ZERO)),
                "paid": float(paid[1].get(person, ZERO)),
                "reason_data": [
                    _reason_data(key, reason) for key, reason in reasons.get(person, ())
                ],
            }
            for person in people
        ]

    def _convert(self, company, amount):
        return company.sudo().currency_id._convert(  # sudo: a branch of the company
            float(amount), self.currency_id, self.company_id, self.date_to
        )

    def _insert_details(self, comparison):
        names = [self.baseline_id.display_name or self.env._("Today")]
        names += self.plan_ids.mapped("display_name")
        plan_ids = [self.baseline_id.id or None, *self.plan_ids.ids]
        rows = [
            {
                **key._asdict(),
                "simulation_id": self.id,
                "plan_id": plan_id,
                "variant": name,
                "is_before": number == 0,
                "amount": total.amount,
                "base": total.base,
                "award_count": total.count,
            }
            for number, (plan_id, name, tally) in enumerate(
                zip(plan_ids, names, comparison.tallies, strict=True)
            )
            for key, total in tally.details.items()
        ]
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO hr_commission_simulation_detail (%s) SELECT %s FROM %s",
                    sql_columns(DETAIL_COLUMNS),
                    sql_columns(DETAIL_COLUMNS),
                    sql_rows("detail", DETAIL_COLUMNS, rows),
                )
            )
        self.invalidate_recordset(["detail_ids"], flush=False)

    def _get_note_data(self, comparison):
        """Return the counts to tell about, by the id of the plan (0: before)."""
        data = {}
        plans = [self.baseline_id, *self.plan_ids]
        for plan, variant, tally in zip(
            plans, comparison.variants, comparison.tallies, strict=True
        ):
            counts = Counter(tally.counts)
            replaced = counts.pop("replaced", 0)
            if variant and comparison.event_counts and not replaced:
                counts["replaces_nobody"] = 1
            if variant:
                counts.update(self._count_what_pays_nothing(plan, tally))
            data[str(plan.id or 0)] = dict(counts)
        of_all = data.setdefault(str(self.baseline_id.id or 0), {})
        if comparison.failed_count:
            of_all["failed"] = comparison.failed_count
        if by_hand := len(self._find_lines_by_hand()):
            of_all["by_hand"] = by_hand
        events = self.env["hr.commission.event"].sudo()  # sudo: of readable companies
        for event_id, error in comparison.faults.items():
            title = events.browse(event_id).display_name
            of_all[f"left_out:{title} ({error})"] = 1
        return data

    def _add_lines_by_hand(self, comparison):
        """Count what no rule pays under every plan: it was decided, and stays.

        So what is compared with is what the ledger holds.
        """
        for line in self._find_lines_by_hand():
            amount = Sum(to_decimal(line.amount))
            day, due = line.date, line.date_due or line.date
            key = DetailKey(
                employee_id=line.employee_id.id,
                company_id=line.company_id.id,
                role=line.role or None,
                commission_source=line.commission_source or None,
                event_type=None,  # no event pays it
                rule_id=None,
                kind=line.kind,
                deal_company_id=(line.event_id.company_id or line.company_id).id,
                month=day.replace(day=1),
                month_due=due.replace(day=1),
            )
            for tally in comparison.tallies:
                tally.add(key, amount)

    def _find_lines_by_hand(self):
        """Return the commissions of the period that no rule pays.

        :return: hr.commission.line, as the superuser
        """
        people = self.sudo().employee_ids  # sudo: ids of chosen people
        Line = self.env["hr.commission.line"].sudo()  # sudo: of selected branches
        return Line.search(
            Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
            & Domain("company_id", "in", self._get_companies().ids)
            & Domain("rule_id", "=", False)
            & Domain("kind", "!=", "draw")
            & Domain("state", "!=", "cancelled")
            & (Domain("employee_id", "in", people.ids) if people else Domain.TRUE)
        )

    def _count_what_pays_nothing(self, plan, tally):
        """Return the events for which a plan pays nothing, and other rules that do not."""
        rules = plan.sudo().rule_ids  # sudo: the plan may be the parent company's
        found = {key.event_type for key in tally.details}
        paying = {key.rule_id for key in tally.details}
        idle = rules.filtered(
            lambda rule: rule.event_type in found and rule.id not in paying
        )
        vain = sorted(set(rules.mapped("event_type")) - found)
        return dict.fromkeys(
            [f"nothing_paid:{kind}" for kind in vain]
            + [f"idle:{rule.name}" for rule in idle],
            1,
        )


def _reason_data(key, reason):
    return {
        "event_type": key.event_type,
        "role": key.role,
        "source": key.commission_source,
        "before": key.before,
        "after": key.after,
        "difference": str(reason.difference),
        "count": reason.count,
        "least": str(reason.least),
        "most": str(reason.most),
    }
