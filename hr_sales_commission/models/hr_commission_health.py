# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Whether commissions are computed, approved and intact: who has to look, and where."""

import logging
import random
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..pipeline.day_sums import KINDS
from ..pipeline.exchange_rates import ExchangeRates
from ..pipeline.isolation import isolated, retried
from ..pipeline.notices import render_notice
from ..pipeline.officers import OFFICER, check_officer
from ..pipeline.states import SETTLED_STATEMENTS
from ..pipeline.titles import labelled, listed
from .calendar_event import LOOK_BACK as MEETINGS_BACK

_logger = logging.getLogger(__name__)

#: what is looked at, in the order of the page
CHECKS = [
    ("pending", "Events waiting to be computed"),
    ("error", "Events in error"),
    ("jobs", "Scheduled jobs"),
    ("left", "Left out by jobs"),
    ("overdue", "Due, and not approved"),
    ("nobody", "Credited to nobody"),
    ("rates", "Exchange rates"),
    ("conditions", "Conditions of plans"),
    ("drift", "Ledger against rules"),
    ("sums", "Sums of the boards"),
    ("integrity", "Log of contacts"),
    ("transport", "Encryption in transit"),
]
#: seconds after which a waiting event is worth a look, and a failure
WAITING, STUCK = 3600, 24 * 3600
#: days looked back for events without credits, and events computed again for drift
LOOK_BACK, SAMPLE = 90, 25
#: when a job is overdue: so many of its intervals after its time
LATE = 2
INTERVALS = {
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
    "months": timedelta(days=31),
}


class HrCommissionHealth(models.Model):
    """One check of one company, as it was found the last time.

    What goes wrong silently is told once: an activity to an officer of the company
    while it lasts, a line on the management board, a figure in the digest. Monitoring
    reads the same by ``/commission/health``.
    """

    _name = "hr.commission.health"
    _description = "Commission Health"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, sequence, id"
    _rec_name = "code"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    code = fields.Selection(
        CHECKS, string="Check", required=True, readonly=True, help="What is checked."
    )
    sequence = fields.Integer(readonly=True)
    state = fields.Selection(
        [("ok", "Good"), ("warning", "Worth a look"), ("error", "Needs somebody")],
        string="Result",
        required=True,
        readonly=True,
        default="ok",
    )
    value = fields.Float(
        readonly=True,
        aggregator=None,
        help="How many, or how old in seconds; 0 if nothing is wrong.",
    )
    detail_key = fields.Json(readonly=True, help="What was found, without words.")
    detail = fields.Text(
        compute="_compute_detail",
        string="What to Do",
        help="What is wrong, and how it is put right.",
    )
    date_checked = fields.Datetime(string="Checked", readonly=True)
    date_since = fields.Datetime(
        string="Since", readonly=True, help="Since when it is not good."
    )

    _check_unique = models.UniqueIndex("(company_id, code)")

    @api.depends("code", "state", "detail_key")
    @api.depends_context("lang")
    def _compute_detail(self):
        for check in self:
            check.detail = (
                False
                if check.state == "ok" or not check.code
                else check._describe(**(check.detail_key or {}))
            )

    @api.depends("code", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for check in self:
            check.display_name = labels.get(check.code, "")

    def _describe(self, count=0, names=(), hours=0, **_others):
        """Say what is wrong and what to do, in the reader's language.

        :rtype: str
        """
        self.ensure_one()
        values = {"count": count, "names": listed(self.env, names), "hours": hours}
        return self._get_sentences()[self.code] % values

    @api.model
    def _get_sentences(self):
        """Return what is wrong and what to do about it, by the code of a check."""
        return {
            "pending": self.env._(
                "%(count)s events wait, the oldest for %(hours)s hours. Look whether "
                "the job “Commissions: compute what happened” runs."
            ),
            "error": self.env._(
                "%(count)s events could not be computed. Each says why, under "
                "Operations, Events."
            ),
            "jobs": self.env._(
                "These jobs are switched off, late or failed: %(names)s. An "
                "administrator finds them under Settings, Technical, Scheduled Actions."
            ),
            "left": self.env._(
                "Jobs have left %(count)s records as they were for more than a day: "
                "%(names)s. The log of the server says why."
            ),
            "overdue": self.env._(
                "%(count)s commissions are due and nobody approved them. Approve them, "
                "or dispute them."
            ),
            "nobody": self.env._(
                "%(count)s events of the last three months are credited to nobody: %("
                "names)s. Link the users to employees, or correct who is credited."
            ),
            "rates": self.env._(
                "There is no exchange rate for %(names)s: what is earned across "
                "companies of different currencies waits among the events in error, and "
                "boards add their sums up one to one. Enter the rate; the events are "
                "computed then."
            ),
            "conditions": self.env._(
                "Conditions that cannot be asked: %(names)s. Mend them in a new "
                "version of the plan."
            ),
            **self._get_trust_sentences(),
        }

    @api.model
    def _get_trust_sentences(self):
        """Return what is wrong where records are not what they should be."""
        return {
            "drift": self.env._(
                "%(count)s events pay something else than their lines say: %(names)s. "
                "Have them computed again, and look who changed what."
            ),
            "sums": self.env._(
                "Boards said something else than the records of %(count)s days: "
                "%(names)s. They are summed up again. Look who changed the database "
                "past its triggers."
            ),
            "integrity": self.env._(
                "The log of contacts does not fit its hashes in %(count)s places. Use "
                "Verify Integrity in the log, and keep the database as it is."
            ),
            "transport": self.env._(
                "Not encrypted: %(names)s. See the security page of the documentation."
            ),
        }

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------

    @api.model
    def _get_finders(self):
        """Return what looks at each check; addons add theirs.

        Each takes a company and returns ``(state, value, what was found)``.

        :rtype: dict[str, callable]
        """
        return {
            code: getattr(self, f"_find_{code}")
            for code, _label in self._fields["code"].selection
            if hasattr(self, f"_find_{code}")
        }

    @api.model
    def _check(self, companies):
        """Look at everything now and keep what was found.

        :param companies: res.company
        :return: the checks of these companies
        :rtype: hr.commission.health
        """
        # sudo: kept by the system, whatever companies are selected
        checks = self.sudo().search([("company_id", "in", companies.ids)])
        known = {(check.company_id.id, check.code): check for check in checks}
        now = fields.Datetime.now()
        # sudo: kept by the system, whatever companies are selected
        for company in companies.sudo():
            for sequence, (code, find) in enumerate(self._get_finders().items()):
                state, value, found = "error", 1.0, {}
                with isolated(self.env, _logger, f"Health check {code} of", company):
                    state, value, found = find(company)
                vals = {
                    "state": state,
                    "value": value,
                    "detail_key": found,
                    "sequence": sequence,
                    "date_checked": now,
                }
                check = known.get((company.id, code))
                if state == "ok" or not (check and check.date_since):
                    vals["date_since"] = state != "ok" and now
                if check:
                    check.write(vals)
                else:
                    vals.update(company_id=company.id, code=code)
                    silent = checks.with_context(mail_create_nolog=True)
                    checks += silent.create(vals).with_env(checks.env)
        return checks.sudo(self.env.su)

    def _find_pending(self, company):
        [(count, oldest)] = self.env.execute_query(
            SQL(
                """SELECT COUNT(*), EXTRACT(EPOCH FROM
                              now() AT TIME ZONE 'UTC' - MIN(event.date_pending))
                     FROM hr_commission_waiting waiting
                     JOIN hr_commission_event event ON event.id = waiting.id
                    WHERE waiting.state = 'pending' AND waiting.company_ref = %s""",
                company.id,
            )
        )
        age = float(oldest or 0)
        state = "error" if age > STUCK else "warning" if age > WAITING else "ok"
        return state, age, {"count": count, "hours": round(age / 3600, 1)}

    def _find_error(self, company):
        count = self._count("hr.commission.event", company, [("state", "=", "error")])
        return "error" if count else "ok", count, {"count": count}

    def _count(self, model, company, domain):
        records = self.env[model].sudo()  # sudo: only how many
        return records.search_count(
            Domain("company_id", "=", company.id) & Domain(domain)
        )

    @api.model
    def _get_jobs(self):
        """Return the scheduled jobs of commissions, also those switched off.

        :rtype: ir.cron
        """
        data = self.env["ir.model.data"].sudo()  # sudo: which jobs are ours
        ids = data.search(
            [("model", "=", "ir.cron"), ("module", "=like", "hr_sales_commission%")]
        ).mapped("res_id")
        # sudo: jobs are shown, not changed
        jobs = self.env["ir.cron"].sudo().with_context(active_test=False)
        return jobs.browse(ids).exists()

    def _find_jobs(self, _company):
        now = fields.Datetime.now()
        bad = self._get_jobs().filtered(
            lambda job: (
                not job.active
                or job.failure_count
                or now - job.nextcall
                > LATE * job.interval_number * INTERVALS[job.interval_type]
                + timedelta(hours=1)
            )
        )
        state = "error" if bad else "ok"
        return state, len(bad), {"names": bad.mapped("cron_name")}

    def _find_left(self, company):
        """Records that a job should have dealt with, and could not."""
        names, total = [], 0
        for model, domain in self._get_left_domains(company).items():
            records = self.env[model].sudo()  # sudo: only how many
            count = records.with_context(active_test=False).search_count(domain)
            if count:
                total += count
                label = self.env["ir.model"]._get(model).name
                names.append(labelled(self.env, label, count))
        return "error" if total else "ok", total, {"count": total, "names": names}

    @api.model
    def _get_left_domains(self, company):
        """Return which records of a company a job has left, by model; addons add theirs.

        :rtype: dict[str, Domain]
        """
        now, today = fields.Datetime.now(), company._commission_local_date()
        old = Domain("write_date", "<", now - timedelta(seconds=STUCK))
        ours = Domain("company_id", "=", company.id)
        theirs = Domain("user_id.company_id", "=", company.id)
        return {
            "crm.lead": Domain("is_commission_pending", "=", True)
            & Domain("company_id", "in", (company.id, False))
            & old,
            "mail.activity": Domain("pending_contact", "!=", False) & theirs & old,
            "calendar.event": Domain("is_touchpoint_logged", "=", False)
            & Domain("stop", "<", now - timedelta(seconds=STUCK))
            & Domain("stop", ">=", now - MEETINGS_BACK)
            & theirs
            & old,
            "hr.commission.statement": Domain("is_stored", "=", False)
            & Domain("state", "in", SETTLED_STATEMENTS)
            & Domain("date_to", "<=", company.commission_lock_date or date.min)
            & ours
            & old,
            "hr.commission.plan": Domain("state", "=", "active")
            & Domain("date_end", "<", today - timedelta(days=1))
            & ours
            & old,
            "hr.commission.import": Domain("state", "=", "undoing") & ours & old,
        }

    def _find_overdue(self, company):
        today = company._commission_local_date()
        count = self._count(
            "hr.commission.line",
            company,
            [("state", "=", "draft"), ("date_due", "<", today)],
        )
        return "warning" if count else "ok", count, {"count": count}

    def _find_nobody(self, company):
        since = company._commission_local_date() - timedelta(days=LOOK_BACK)
        rows = self.env.execute_query(
            SQL(
                """SELECT event.id FROM hr_commission_event event
                    WHERE event.company_id = %s AND event.date >= %s
                      AND event.state = 'done' AND event.date_reversed IS NULL
                      AND event.event_type != 'lead_qualified'
                      AND NOT EXISTS (SELECT FROM hr_commission_credit credit
                                       WHERE credit.event_id = event.id)
                    ORDER BY event.id DESC""",
                company.id,
                since,
            )
        )
        names = [str(event_id) for (event_id,) in rows[:5]]
        return (
            "warning" if rows else "ok",
            len(rows),
            {
                "count": len(rows),
                "names": names,
            },
        )

    def _find_rates(self, company):
        """Currencies of companies that pay commissions, worth nothing known here."""
        # sudo: in which currencies commissions are paid
        plans = self.env["hr.commission.plan"].sudo().search([("state", "=", "active")])
        rates = ExchangeRates(self.env, plans._get_calendar())
        own, today = company.currency_id, company._commission_local_date()
        missing = (plans.company_id.currency_id - own).filtered(
            lambda currency: not rates.is_known(currency, own, company.id, today)
        )
        state = "error" if missing else "ok"
        return state, len(missing), {"names": missing.mapped("name")}

    def _find_conditions(self, company):
        Condition = self.env["hr.commission.condition"]
        plans = self.env["hr.commission.plan"].sudo()  # sudo: all of the company
        bad = plans.search(
            [("company_id", "=", company.id), ("state", "!=", "closed")]
        ).filtered(
            lambda plan: any(
                text and Condition._find_fault(text, model)
                for _place, model, text in plan._get_conditions()
            )
        )
        return "error" if bad else "ok", len(bad), {"names": bad.mapped("name")}

    def _find_drift(self, company):
        """Compute a few events of the company again and compare with their lines."""
        events = self.env["hr.commission.event"].sudo()  # sudo: as the pipeline does
        some = events.search(
            [("company_id", "=", company.id), ("state", "=", "done")],
            order="id desc",
            limit=SAMPLE,
        )
        wrong = some._find_drift()
        names = [str(event_id) for event_id in wrong[:5]]
        return (
            "error" if wrong else "ok",
            len(wrong),
            {
                "count": len(wrong),
                "names": names,
            },
        )

    def _find_sums(self, _company):
        """Compare what some days were summed up to with what they come to, and have
        those summed up again that differ."""
        Day = self.env["hr.commission.day"].sudo()  # sudo: of all companies at once
        wrong = set()
        for start, end in self._get_days_to_compare():
            for kind in KINDS:
                days = Day._find_wrong_days(kind, start, end)
                Day._set_stale(kind, days)
                wrong.update(days)
        names = [str(day) for day in sorted(wrong)[:5]]
        return (
            "error" if wrong else "ok",
            len(wrong),
            {"count": len(wrong), "names": names},
        )

    @api.model
    def _get_days_to_compare(self):
        """Return the last week and a week of the last three years, as (start, end)."""
        today = fields.Date.today()
        past = today - timedelta(days=random.randrange(7, 3 * 365))
        return [(day - timedelta(days=6), day) for day in (today, past)]

    def _find_integrity(self, company):
        chain = self.env["crm.touchpoint.chain"].sudo()  # sudo: read and compared
        breaks = chain._find_all_breaks(company.ids)
        count = len(breaks)
        return "error" if breaks else "ok", count, {"count": count}

    def _find_transport(self, _company):
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: the address
        names = []
        if not (parameters.get_param("web.base.url") or "").startswith("https:"):
            names.append("web.base.url")
        [(is_open,)] = self.env.execute_query(
            SQL(
                """SELECT NOT EXISTS (SELECT FROM pg_stat_ssl
                                       WHERE pid = pg_backend_pid() AND ssl)
                          AND inet_client_addr() IS NOT NULL
                          AND NOT inet_client_addr() << '127.0.0.0/8'::inet
                          AND inet_client_addr() != '::1'::inet"""
            )
        )
        if is_open:
            names.append("PostgreSQL")
        return "warning" if names else "ok", len(names), {"names": names}

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    @api.model
    @retried
    def _cron_watch(self):
        """Look at every company, and tell an officer what is not good, once."""
        companies = self.env["res.company"].sudo()  # sudo: the cron's job
        for company in companies.search([("active", "=", True)]):
            with isolated(self.env, _logger, "Watching", company):
                if self._is_concerned(company):
                    self._check(company)._tell()

    @api.model
    def _is_concerned(self, company):
        """Whether commissions are used in a company: it has a plan, or events."""
        plan = self.env["hr.commission.plan"].sudo()  # sudo: whether there is one
        return bool(
            plan._get_plan_id(company.id, company._commission_local_date())
        ) or bool(self._count("hr.commission.event", company, []))

    def _tell(self):
        """Give an officer an activity for what is not good, and take it back after."""
        for check in self:
            if check.state == "ok":
                check.activity_ids.unlink()
            elif not check.activity_ids and check.code != "transport":
                officer = check._find_officer()
                if officer:
                    localized = check.with_context(lang=officer.lang)
                    notice = render_notice(localized, "mail_template_health")
                    check.activity_schedule(
                        "mail.mail_activity_data_todo",
                        user_id=officer.id,
                        summary=notice["subject"],
                        note=notice["body"],
                    )

    def _find_officer(self):
        """Return who is told: an officer of the company, else an administrator.

        :rtype: res.users
        """
        self.ensure_one()
        group = self.env.ref(OFFICER)
        users = group.sudo().all_user_ids  # sudo: who the officers are
        here = users.filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )
        people = here.filtered(lambda user: user.company_id == self.company_id)
        return (people or here).sorted("id")[:1]

    # ------------------------------------------------------------------
    # For people and for monitoring
    # ------------------------------------------------------------------

    @api.model
    def _check_officer(self):
        check_officer(
            self.env, self.env._("Only commission officers see whether all is well.")
        )

    def action_check(self):
        """Look at the selected companies now, and show what was found.

        :return: window action
        :raises AccessError: for anybody but commission officers
        """
        self._check_officer()
        self._check(self.env.companies)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "hr_sales_commission.hr_commission_health_action"
        )

    @api.model
    def get_health(self):
        """Return how the selected companies are, looked at now; for monitoring.

        :return: ``state`` (``ok``, ``warning``, ``error``: the worst of all), and in
            ``checks`` for each ``company``, ``check``, ``state``, ``value`` (a number,
            or the age of the oldest waiting event in seconds), ``since`` (UTC);
            ``jobs`` with ``name``, ``active``, ``last_run`` (UTC) and ``failures``.
            No amounts and no names of people.
        :rtype: dict
        :raises AccessError: for anybody but commission officers
        """
        self._check_officer()
        checks = self._check(self.env.companies)
        states = checks.mapped("state")
        return {
            "state": next(
                (state for state in ("error", "warning") if state in states), "ok"
            ),
            "checks": [
                {
                    # sudo: a company's name is no secret
                    "company": check.company_id.sudo().name,
                    "check": check.code,
                    "state": check.state,
                    "value": check.value,
                    "since": fields.Datetime.to_string(check.date_since) or False,
                }
                for check in checks
            ],
            "jobs": [
                {
                    "name": job.cron_name,
                    "active": job.active,
                    "last_run": fields.Datetime.to_string(job.lastcall) or False,
                    "failures": job.failure_count,
                }
                for job in self._get_jobs()
            ],
        }

    def action_show(self):
        """Show the records a check is about.

        :return: window action
        :raises UserError: if there are none to show
        """
        self._ensure_one_given()
        self.check_access("read")
        actions = {
            "pending": ("hr_commission_event_action", [("state", "=", "pending")]),
            "error": ("hr_commission_event_action", [("state", "=", "error")]),
            "nobody": ("hr_commission_event_action", [("credit_ids", "=", False)]),
            "drift": ("hr_commission_event_action", []),
            "overdue": (
                "hr_commission_line_action_to_approve",
                [("state", "=", "draft"), ("date_due", "<", fields.Date.today())],
            ),
            "conditions": ("hr_commission_plan_action", []),
            "integrity": ("crm_touchpoint_action", []),
        }
        if self.code not in actions:
            raise UserError(self.detail or self.env._("There is nothing to show."))
        name, domain = actions[self.code]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"hr_sales_commission.{name}"
        )
        action["domain"] = [("company_id", "=", self.company_id.id), *domain]
        action["context"] = {}
        return action
