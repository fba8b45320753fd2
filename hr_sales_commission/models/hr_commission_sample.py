# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import logging
import random
from datetime import timedelta

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ..demo.lead_texts import NEEDS, PLACES
from ..pipeline.officers import check_officer
from ..pipeline.states import PROMISED_STATES
from .base import LETTING_GO

_logger = logging.getLogger(__name__)

TEMPLATE = "hr_sales_commission.hr_commission_plan_template_reference"
MONTHS = 6
#: where sample leads come from, as often as they are named
SOURCES = ("marketing", "own", "marketing", "own", "marketing", "referral")
#: how they end
OUTCOMES = ("won", "qualified", "won", "lost", "won", "new")
CHANNELS = (
    "utm.utm_source_newsletter",
    "utm.utm_source_search_engine",
    "utm.utm_source_linkedin",
)
LEAD_COUNT = 36
#: what the sample consists of, in the order in which it can be deleted
SAMPLE_MODELS = (
    "hr.commission.dispute",
    "hr.commission.line",
    "hr.commission.statement",
    "hr.commission.credit",
    "hr.commission.event",
    "hr.commission.simulation",
    "hr.commission.target",
    "hr.commission.alert",
    "crm.touchpoint",
    "hr.commission.audit",
    "crm.touchpoint.chain",
    "crm.lead",
    "hr.commission.plan",
    "hr.employee",
    "crm.team",
    "res.partner",
)


class HrCommissionSample(models.AbstractModel):
    """Sample data to look around in: a company of its own, gone with one click.

    A company, because then nothing is mixed: no figure, list, statement or payroll of
    a real company ever holds a sample, and what is deleted is what belongs to that
    company. Nothing in the ledger's guards knows of samples: once somebody approves
    a sample commission, the company can only be archived with its ledger.
    """

    _name = "hr.commission.sample"
    _description = "Commission Sample Data"

    @api.model
    def action_create(self):
        """Make the sample company, if there is none, and let the user select it.

        :return: id of the company
        :rtype: int
        :raises AccessError: for anybody but commission officers
        """
        self._check_officer()
        company = self._find()
        if not company:
            company = self._create_company()
        elif not company.active:
            company.active = True
        user = self.env.user.sudo()  # sudo: the sample company only, checked above
        user.company_ids = [Command.link(company.id)]
        sample = self._in_sample(company)
        if not sample.env["hr.employee"].search_count(
            [("company_id", "=", company.id)], limit=1
        ):
            sample._fill(company)
        return company.id

    @api.model
    def action_remove(self):
        """Delete the sample company with everything in it.

        What the ledger or another app keeps for good stays, in an archived company.

        :return: whether nothing is left
        :rtype: bool
        :raises AccessError: for anybody but commission officers
        :raises UserError: if there is none, or users have it as their own company
        """
        self._check_officer()
        company = self._find()
        if not company:
            raise UserError(self.env._("There is no sample data."))
        self._check_nobody_lives_in(company)
        if self._in_sample(company)._delete(company):
            return True
        company.active = False
        return False

    @api.model
    def _check_officer(self):
        check_officer(
            self.env, self.env._("Commission officers make and remove sample data.")
        )

    @api.model
    def _find(self):
        companies = self.env["res.company"].sudo()  # sudo: whoever made it
        return companies.with_context(active_test=False).search(
            [("is_commission_sample", "=", True)], limit=1
        )

    @api.model
    def _in_sample(self, company):
        """Return this model in the sample company, as the system, quiet."""
        return self.with_context(
            allowed_company_ids=company.ids,
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_activity_quick_update=True,
            commission_new_leads=True,
        ).sudo()  # sudo: only ever what belongs to the sample company

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    def _create_company(self):
        companies = self.env["res.company"].sudo()  # sudo: checked by the caller
        return companies.create(
            {
                "name": self.env._("Sample Company (Commissions)"),
                "currency_id": self.env.company.currency_id.id,
                "country_id": False,  # with a country, accounting would set itself up
                "is_commission_sample": True,
            }
        )

    @api.model
    def _fill(self, company):
        """Make up half a year of leads, always the same ones, up to today."""
        today = company._commission_local_date()
        self._start_plan(company, today)
        people = self._create_people(company)
        leads = self._create_leads(company, people, today)
        events = self.env["hr.commission.event"]
        events.search([("company_id", "=", company.id)])._process()
        self._contest(leads, people)
        self._lose_a_deal(leads)
        events.search([("company_id", "=", company.id)])._process()
        self._claim_more(company, people)
        self._watch(company)
        self._prepare_change(company)
        for back in (1, 0):
            self.env["hr.commission.statement"]._generate(
                company, today - relativedelta(months=back)
            )

    def _start_plan(self, company, today):
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        if not template:
            raise UserError(
                self.env._("The ready-made reference plan was deleted: update the app.")
            )
        plan = template.copy(
            {
                "name": template.name,
                "company_id": company.id,
                "date_start": today - relativedelta(months=MONTHS, day=1),
            }
        )
        plan._scale_amounts(company._get_money_scale())
        plan.action_activate()

    def _create_people(self, company):
        """Create a marketer and two salespeople, without users.

        :return: hr.employee, the marketer first
        """
        people = self.env["hr.employee"].create(
            [
                {
                    "name": name,
                    "company_id": company.id,
                    "commission_role": role,
                }
                for name, role in (
                    (self.env._("Mia Sample (Marketing)"), "marketing"),
                    (self.env._("Sam Sample (Sales)"), "sales"),
                    (self.env._("Sue Sample (Sales)"), "sales"),
                )
            ]
        )
        month = company._commission_local_date().replace(day=1)
        self.env["hr.commission.target"].create(
            [
                {
                    "employee_id": person.id,
                    "company_id": company.id,
                    "measure": "won_amount",
                    "amount": 100_000 * float(company._get_money_scale()),
                    "date_from": month,
                }
                for person in people[1:]
            ]
        )
        return people

    def _create_leads(self, company, people, today):
        chance = random.Random(19)
        customers = self.env["res.partner"].create(
            [
                {
                    "name": self.env._("Sample Customer %s", number),
                    "is_company": True,
                    "company_id": company.id,
                }
                for number in range(1, 9)
            ]
        )
        team = self.env["crm.team"].create(
            {"name": self.env._("Sample Team"), "company_id": company.id}
        )
        ages = [round(180 * (1 - number / LEAD_COUNT)) for number in range(LEAD_COUNT)]
        return self.env["crm.lead"].create(
            [
                {
                    "type": "opportunity",
                    "company_id": company.id,
                    "team_id": team.id,
                    "user_id": False,
                    **self._describe_lead(number, chance, people, customers),
                    **self._date_lead(number, today - timedelta(days=age), today),
                }
                for number, age in enumerate(ages)
            ]
        )

    def _describe_lead(self, number, chance, people, customers):
        """Return who wants what, who brought it and who sells it."""
        source = SOURCES[number % len(SOURCES)]
        title, need, low, high, _tag = NEEDS[number % len(NEEDS)]
        place = self.env._(PLACES[number % len(PLACES)])
        title = self.env._(title)
        name = title.format(n=number % 8 + 2, place=place)
        vals = {
            "name": self.env._("Sample: %s", name),
            "partner_id": customers[number % len(customers)].id,
            "expected_revenue": round(chance.uniform(low, high), -2)
            * float(people.company_id._get_money_scale()),
            "need_description": self.env._(need),
            "commission_source": source,
            "source_state": "open" if source == "own" and number % 3 else "verified",
            "marketer_id": source != "own" and people[0].id,
            "commission_share_ids": [
                Command.create(
                    {"role": "sales", "employee_id": people[1 + number % 2].id}
                )
            ],
        }
        if source == "marketing":
            channel = CHANNELS[number // 2 % len(CHANNELS)]
            vals["source_id"] = self.env["ir.model.data"]._xmlid_to_res_id(channel)
        if source == "referral":
            vals["referrer_id"] = customers[(number + 1) % len(customers)].id
        return vals

    def _date_lead(self, number, first, today):
        """Return what became of a lead, and when."""
        outcome = OUTCOMES[(number + number // len(OUTCOMES)) % len(OUTCOMES)]
        vals = {
            "first_touch_date": first,
            "stage_id": self._get_stage(outcome == "won").id,
        }
        if outcome != "new":
            vals["date_qualified"] = min(first + timedelta(days=4), today)
        if outcome == "won":
            vals["date_won"] = min(first + timedelta(days=12 + number % 20), today)
        elif outcome == "lost":
            vals |= {"active": False, "probability": 0}
        return vals

    def _get_stage(self, is_won):
        return self.env["crm.stage"].search(
            [("is_won", "=", is_won), ("team_ids", "=", False)], limit=1
        )

    def _contest(self, leads, people):
        """Let marketing claim a customer whose source nobody verified."""
        held = leads.filtered(
            lambda lead: lead.won_status == "won" and lead.source_state == "open"
        )
        self.env["hr.commission.dispute"].create(
            [
                {
                    "lead_id": lead.id,
                    "claimed_source": "marketing",
                    "claimed_employee_id": people[0].id,
                    "employee_id": people[0].id,
                    "reason": self.env._("Sample: they registered for our webinar."),
                }
                for lead in held[-1:]
            ]
        )

    def _lose_a_deal(self, leads):
        """Let a customer step back from the last deal that paid a salesperson."""
        won = leads.filtered(
            lambda lead: lead.won_status == "won" and lead.source_state == "verified"
        )
        won[-1:].stage_id = self._get_stage(is_won=False)

    def _claim_more(self, company, people):
        """Let a salesperson say that a commission is too low."""
        line = self.env["hr.commission.line"].search(
            [
                ("company_id", "=", company.id),
                ("employee_id", "in", people[1:].ids),
                ("state", "=", "draft"),
                ("amount", ">", 0),
            ],
            limit=1,
        )
        if line:
            self.env["hr.commission.dispute"].create(
                {
                    "kind": "line",
                    "line_id": line.id,
                    "claimed_amount": line.amount * 2,
                    "employee_id": line.employee_id.id,
                    "reason": self.env._("Sample: the second order is missing."),
                }
            )

    def _watch(self, company):
        """Set up an alert that is crossed, and one that is not."""
        self.env["hr.commission.alert"].create(
            [
                {
                    "name": name,
                    "company_id": company.id,
                    "figure": figure,
                    "condition": "above",
                    "threshold": threshold,
                    "lever": lever,
                }
                for name, figure, threshold, lever in (
                    (
                        self.env._("Sample: commissions cost more than 1 %"),
                        "cost_ratio",
                        1.0,
                        self.env._("Look at the rates of the plan."),
                    ),
                    (
                        self.env._("Sample: signing takes longer than 60 days"),
                        "time_to_sign",
                        60.0,
                        self.env._("Raise the bonus for marketing's leads."),
                    ),
                )
            ]
        )

    def _prepare_change(self, company):
        """Draft the plan of next month, with another rate to compare."""
        Plan = self.env["hr.commission.plan"]
        plan = Plan.search([("company_id", "=", company.id), ("state", "=", "active")])
        plan.action_change()
        rule = plan.next_ids.rule_ids.filtered(
            lambda each: each.role == "sales" and each.amount_type == "percent"
        )[:1]
        rule.rate += 0.5

    # ------------------------------------------------------------------
    # Removing
    # ------------------------------------------------------------------

    @api.model
    def _check_nobody_lives_in(self, company):
        users = self.env["res.users"].sudo()  # sudo: names of users in the way
        found = users.search([("company_id", "=", company.id)], limit=1)
        if found:
            raise UserError(
                self.env._(
                    "%(user)s has the sample company as default company. Choose "
                    "another one in the user's preferences first.",
                    user=found.name,
                )
            )

    @api.model
    def _delete(self, company):
        """Delete what is in the company, then the company itself, as far as it goes.

        :return: False if something is left: approved commissions, with all they are
            about, or what other apps keep in the company
        """
        if self._is_kept_on_record(company):
            return False
        try:
            for step in (self._delete_sample, self._delete_company):
                with self.env.cr.savepoint():
                    step(company)
        except (psycopg2.IntegrityError, UserError):
            _logger.info("Sample company %s is kept", company.id, exc_info=True)
            self.env.invalidate_all(flush=False)
            return False
        return True

    @api.model
    def _is_kept_on_record(self, company):
        promised = Domain("company_id", "=", company.id) & Domain(
            "state", "in", PROMISED_STATES
        )
        lines = self.env["hr.commission.line"]
        return company.commission_lock_date or lines.search_count(promised, limit=1)

    @api.model
    def _get_sample_models(self):
        """Return what the sample consists of, as deleted; addons add theirs.

        :rtype: tuple[str, ...]
        """
        return SAMPLE_MODELS

    @api.model
    def _delete_sample(self, company):
        env = self._while_uninstalling()
        mine = Domain("company_id", "=", company.id)
        versions = env["hr.version"].search(
            [("employee_id.company_id", "=", company.id)]
        )
        for model in self._get_sample_models():
            env[model].search(mine).unlink()
            env.flush_all()
        versions.exists().unlink()

    @api.model
    def _delete_company(self, company):
        env = self._while_uninstalling()
        partner = company.partner_id.with_env(env)
        calendars = env["resource.calendar"].search([("company_id", "=", company.id)])
        company.with_env(env).unlink()
        calendars.exists().unlink()
        partner.unlink()
        env.flush_all()

    @api.model
    def _while_uninstalling(self):
        """Return the environment in which models let go of what they keep on record.

        The database's own guard of approved commissions goes on guarding.
        """
        context = {MODULE_UNINSTALL_FLAG: LETTING_GO, "active_test": False}
        return self.with_context(**context).env
