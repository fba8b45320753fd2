# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
import json
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..engine import facts
from ..engine.measures import MEASURES, total_of
from ..engine.periods import period_of, period_start
from ..pipeline.contract_days import read_ramp
from ..pipeline.target_days import TargetDays
from ..pipeline.titles import bracketed, labelled, title_of
from ..pipeline.whole_documents import OF_WHOLE_DOCUMENT
from ..pipeline.words import PERIODS, TARGET_MEASURES

#: what a score stands for: one that changes is approved anew
SCORE_FIELDS = {"score", "score_note", "amount", "measure", "employee_id"} | {
    "period",
    "date_from",
    "weight",
    "attainment_max",
}
#: what decides whom a settled target pays, and when
SETTLING_FIELDS = {"employee_id", "team_id", "branch_id", "measure", "period"} | {
    "date_from",
    "job_id",
    "pays",
}
#: what of rules goes by what a whole branch sold
BY_BRANCH = [code for code, each in MEASURES.items() if each.whose == "branch"]
#: the credits that count for targets
COUNTED_CREDITS = """
    SELECT target.id, credit.role, credit.id, credit.event_id,
           credit.date, credit.employee_id, credit.share::text,
           credit.counted_amount::text
      FROM hr_commission_target target
      JOIN hr_commission_credit credit
        ON COALESCE(credit.date_basis, credit.date)
           BETWEEN target.date_from AND target.date_to
       AND (credit.counted != 0 OR credit.counted_amount != 0)
      JOIN hr_commission_event event
        ON event.id = credit.event_id
       AND %s::jsonb -> target.measure ? event.event_type
       AND %s
     WHERE %s AND target.id = ANY(%s)
     ORDER BY credit.date, credit.event_id, credit.id
"""


class HrCommissionTarget(models.Model):
    """What an employee or a sales team is to reach in a month, a quarter or a year."""

    _name = "hr.commission.target"
    _description = "Commission Target"
    _inherit = ["hr.commission.guard"]
    _order = "date_from desc, employee_id, measure, id"
    _check_company_auto = True

    employee_id = fields.Many2one("hr.employee", check_company=True)
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        index="btree_not_null",
        help="The target is the team's: what its deals sum to, whoever sold them.",
    )
    branch_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="The target is the branch's: what its people's deals sum to.",
    )
    user_id = fields.Many2one(
        related="employee_id.user_id", store=True, index=True
    )  # stored for the record rules
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    measure = fields.Selection(
        TARGET_MEASURES, required=True, default="won_amount", help="What is counted."
    )
    period = fields.Selection(
        PERIODS[1:],  # all but the single event
        required=True,
        default="month",
        help="How long the target lasts from its first day.",
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: self._default_date_from(),
    )
    date_to = fields.Date(string="Last Day", compute="_compute_date_to", store=True)
    achieved = fields.Float(
        compute="_compute_achieved", help="What the credits of the period sum to."
    )
    attainment = fields.Float(
        string="Attainment (%)",
        compute="_compute_achieved",
        aggregator="avg",
        help="What is achieved, in percent of the target.",
    )
    amount = fields.Float(required=True, help="Money or a number, as the measure says.")
    money_id = fields.Many2one(
        "res.currency",
        compute="_compute_money_id",
        help="The currency of the target; empty where it is a number.",
    )
    proration = fields.Selection(
        [
            ("none", "The whole target"),
            ("contract", "By days of the contract"),
            ("present", "By days present"),
            ("working_time", "By days present and working time"),
        ],
        required=True,
        default="none",
        string="In Proportion",
        help="Who joins or leaves within the period is measured against the part of the "
        "target that the contract covers; present: also without the days of unpaid time "
        "off; working time: in part time only that part of each day, by the working hours "
        "of the employee record of the day.",
    )
    ramp = fields.Char(
        help="Percentages of the target in the first months of a contract, as "
        "25, 50, 75, 100; after them the whole target holds."
    )
    pays = fields.Selection(
        [
            ("each", "Each member in full"),
            ("equal", "All together, in equal parts"),
            ("result", "All together, by own result"),
            ("hours", "All together, by working hours"),
            ("pool", "All together, by a pool"),
        ],
        required=True,
        default="each",
        help="Whom a rule pays when the target of a team or branch is settled: each of its "
        "members; the members together, who share it; or the pool of the role “Whoever Has "
        "the Target”, which shares it by its key. Own result and hours are those of the "
        "target's period.",
    )
    bonus = fields.Monetary(
        string="Target Bonus",
        help="What reaching the whole target is worth to the employee, where rules pay a "
        "percentage of the target bonus. In proportion to days as the target; a ramp "
        "lowers the target only.",
    )
    job_id = fields.Many2one(
        "hr.job",
        string="Only in Position",
        check_company=True,
        help="The target is for the days on which the employee has this job position: "
        "who changes it within the period has one target for each, and they add up.",
    )
    amount_effective = fields.Float(
        string="Effective Target",
        compute="_compute_amount_effective",
        help="What attainment is measured against: the part of the target that the "
        "contract, the ramp and the job position leave.",
    )

    is_scored = fields.Boolean(compute="_compute_is_scored")
    score = fields.Float(
        help="What was reached, where people judge it: objectives, quality, service. "
        "Somebody else approves it before it counts."
    )
    score_note = fields.Text(
        string="Reason", help="What the score rests on. A score of 0 needs one."
    )
    score_state = fields.Selection(
        [("none", "Not Entered"), ("entered", "Entered"), ("approved", "Approved")],
        required=True,
        default="none",
        readonly=True,
        copy=False,
    )
    score_user_id = fields.Many2one(
        "res.users", string="Score Entered By", readonly=True, copy=False
    )
    score_approver_id = fields.Many2one(
        "res.users", string="Score Approved By", readonly=True, copy=False
    )

    _target_unique = models.UniqueIndex(
        "(COALESCE(employee_id, 0), COALESCE(team_id, 0), COALESCE(branch_id, 0),"
        " measure, date_from, period, COALESCE(job_id, 0), COALESCE(whole_id, 0),"
        " COALESCE(name, ''))",
        "There is a target already for this measure and period.",
    )
    _parts_of_people = models.Constraint(
        "CHECK (employee_id IS NOT NULL"
        " OR (proration = 'none' AND ramp IS NULL AND job_id IS NULL))",
        "Only the target of an employee is in proportion to days, months or a job.",
    )
    _one_subject = models.Constraint(
        "CHECK (num_nonnulls(employee_id, team_id, branch_id) = 1)",
        "A target is for an employee, a sales team or a branch.",
    )
    _bonus_of_people = models.Constraint(
        "CHECK (bonus = 0 OR bonus IS NULL OR bonus > 0 AND employee_id IS NOT NULL)",
        "A target bonus is not negative, and that of an employee's target.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A target is more than zero."
    )

    @api.model
    def _default_date_from(self):
        """Return the first day of the month, by the years of the company."""
        today = self.env.company._commission_local_date()
        return period_start(
            today, "month", self.env.company._get_commission_year_start()
        )

    @api.constrains("date_from", "period", "company_id")
    def _check_first_day(self):
        for target in self:
            start = target._get_period()[0]
            if target.date_from != start:
                raise ValidationError(
                    self.env._(
                        "A target for a %(period)s starts on its first day, %(day)s.",
                        period=dict(self._fields["period"].selection)[
                            target.period
                        ].lower(),
                        day=format_date(self.env, start),
                    )
                )

    @api.constrains("ramp")
    def _check_ramp(self):
        for target in self:
            read_ramp(self.env, target.ramp)

    @api.depends("measure")
    def _compute_is_scored(self):
        for target in self:
            measure = MEASURES.get(target.measure)
            target.is_scored = bool(measure and measure.is_given)

    @api.depends("amount", "proration", "ramp", "job_id", "employee_id", "date_to")
    def _compute_amount_effective(self):
        amounts = TargetDays(self).get_amounts()
        for target in self:
            target.amount_effective = amounts.get(target.id, target.amount)

    @api.depends("date_from", "period", "company_id")
    def _compute_date_to(self):
        for target in self:
            is_set = target.date_from and target.period
            target.date_to = is_set and target._get_period()[1]

    def _get_period(self):
        """Return the first and last day of the period, by the years of the company."""
        self.ensure_one()
        company = self.company_id or self.env.company
        return period_of(
            self.date_from, self.period, company._get_commission_year_start()
        )

    @api.depends(
        "employee_id",
        "team_id",
        "branch_id",
        "measure",
        "date_from",
        "date_to",
        "amount_effective",
        "score",
        "score_state",
    )
    def _compute_achieved(self):
        achieved = self._get_achieved()
        for target in self:
            target.achieved = achieved.get(target.id, 0.0)
            whole = target.amount_effective
            target.attainment = 100.0 * target.achieved / whole if whole else 0.0

    def _get_achieved(self):
        """Return what the credits of each target's period sum to, by target id.

        Of a team what it sold; of an employee in the role the employee works in, or
        without one in the role that did more: a deal counts once. What counts was
        decided when the credits were computed, as for brackets.
        """
        if not self.ids:
            return {}
        self.flush_model()
        teams, branches = self.filtered("team_id"), self.filtered("branch_id")
        people = self - teams - branches
        roles = {
            employee.id: employee.commission_role
            for employee in people.sudo().employee_id  # sudo: roles are HR's to read
        }
        by_role_of_target = self._get_totals()
        achieved = {
            target.id: by_role_of_target[target.id].get("sales", 0.0)
            for target in teams + branches
        }
        managers = self.env["hr.commission.role"]._get_manager_levels()
        for target in people:
            by_role = by_role_of_target[target.id]
            role = roles[target.employee_id.id]
            if role in ("none", False):
                by_role = {
                    name: by_role[name] for name in by_role if name not in managers
                }
                achieved[target.id] = max(by_role.values(), default=0.0)
            else:
                achieved[target.id] = by_role.get(role, 0.0)
        return achieved | {
            target.id: target._get_counting_score()
            for target in self.filtered("is_scored")
        }

    def _get_counting_score(self):
        """Return what of the score counts: by days, where it is that of one position."""
        self.ensure_one()
        if self.score_state != "approved":
            return 0.0
        is_by_job = self.job_id and not self.whole_id
        return self.score * (self.amount_effective / self.amount if is_by_job else 1)

    @api.model
    def _get_team_condition(self):
        """Return when an event is of the team of a target, for :meth:`_get_totals`.

        Addons add their documents.

        :rtype: SQL
        """
        return SQL("event.team_id = target.team_id")

    def _get_totals(self):
        """Return what the credits of each target's period come to.

        Plain sums are summed where they are stored, the rest is told by the engine.

        :rtype: dict[int, dict[str, float]]
        :return: by target id and role
        """
        teams, branches = self.filtered("team_id"), self.filtered("branch_id")
        totals = defaultdict(dict)
        for targets, whose in (
            (self - teams - branches, SQL("credit.employee_id = target.employee_id")),
            (
                teams,
                SQL("credit.role = 'sales' AND %s", self._get_team_condition()),
            ),
            (
                branches,
                SQL("credit.role = 'sales' AND credit.company_id = target.branch_id"),
            ),
        ):
            plain = targets.filtered(lambda target: MEASURES[target.measure].is_plain)
            totals.update(self._sum_credits(plain, whose))
            totals.update((targets - plain)._read_totals(whose))
        return totals

    def _read_totals(self, whose):
        """Return what the engine makes of the credits that a condition chooses.

        :rtype: dict[int, dict[str, float]]
        :return: by target id and role
        """
        totals = defaultdict(dict)
        targets = self.filtered(lambda target: MEASURES[target.measure].event_types)
        if not targets:
            return totals
        credit_rows = self.env.execute_query(
            SQL(
                COUNTED_CREDITS,
                json.dumps({code: each.event_types for code, each in MEASURES.items()}),
                OF_WHOLE_DOCUMENT,
                whose,
                targets.ids,
            )
        )
        names = {name for each in targets for name in MEASURES[each.measure].facts}
        credits = self._to_credits([row[1:] for row in credit_rows], names)
        found = defaultdict(list)
        for (target_id, role, *_of_credit), credit in zip(
            credit_rows, credits, strict=True
        ):
            found[target_id, role, credit.event_type].append(credit)
        measure_of = {target.id: MEASURES[target.measure] for target in targets}
        for target_id, role in {key[:2] for key in found}:
            reading = total_of(
                measure_of[target_id],
                lambda kind, target_id=target_id, role=role: found[
                    target_id, role, kind
                ],
            )
            totals[target_id][role] = float(reading.final)
        return totals

    @api.model
    def _to_credits(self, rows, names):
        """Return credits as measures look at them, in the order given.

        :param rows: role, id, event, day, employee, share and counted amount
        :param names: of the facts that measures read
        """
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        events = {row["id"]: row for row in Event._read_facts({row[2] for row in rows})}
        for event in events.values():
            event["amount"] = Decimal(event["amount"] or 0)
        known = Event._load_facts(set(names), list(events.values()))
        return [self._to_credit(events[row[2]], known[row[2]], *row) for row in rows]

    @staticmethod
    def _to_credit(event, known, role, credit_id, event_id, day, employee_id, *parts):
        """Return a credit as measures look at it."""
        share, amount = map(Decimal, parts)
        return facts.Credit(
            id=credit_id,
            event_id=event_id,
            event_type=event["event_type"],
            date=day,
            employee_id=employee_id,
            role=role,
            plan_id=None,
            amount=amount,
            share=share,
            quantity=Decimal(event["quantity"] or 0),
            lead_id=event["lead_id"],
            commission_source=event["commission_source"],
            facts=known,
        )

    @api.model
    def _sum_credits(self, targets, whose):
        """Return what the credits that a condition chooses sum to.

        :rtype: dict[int, dict[str, float]]
        :return: by target id and role
        """
        sums = defaultdict(dict)
        if not targets.ids:
            return sums
        for target_id, role, value in self.env.execute_query(
            SQL(
                """
                SELECT target.id, reached.role,
                       CASE WHEN target.measure = ANY(%s)
                            THEN SUM(reached.amount) ELSE SUM(reached.counted) END
                  FROM hr_commission_target target
                 CROSS JOIN LATERAL (  -- by the index on employee and date
                       SELECT credit.role, credit.event_id,
                              SUM(credit.counted_amount) AS amount,
                              MAX(credit.counted) AS counted
                         FROM hr_commission_credit credit
                         JOIN hr_commission_event event
                           ON event.id = credit.event_id
                          AND event.event_type = %s::json ->> target.measure
                          AND %s
                        WHERE %s
                          AND (credit.counted != 0 OR credit.counted_amount != 0)
                          AND COALESCE(credit.date_basis, credit.date)
                              BETWEEN target.date_from AND target.date_to
                        GROUP BY credit.role, credit.event_id) reached
                 WHERE target.id = ANY(%s)
                 GROUP BY target.id, reached.role
                """,
                [code for code, each in MEASURES.items() if each.unit == "money"],
                json.dumps({code: each.event_type for code, each in MEASURES.items()}),
                OF_WHOLE_DOCUMENT,
                whose,
                targets.ids,
            )
        ):
            sums[target_id][role] = float(value)
        return sums

    @api.depends("measure", "currency_id")
    def _compute_money_id(self):
        for target in self:
            known = MEASURES.get(target.measure)
            is_money = known and known.unit == "money"
            target.money_id = is_money and target.currency_id

    @api.depends("employee_id", "team_id", "branch_id", "measure", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["measure"]._description_selection(self.env))
        for target in self:
            whose = target.employee_id or target.team_id or target.branch_id
            day = format_date(self.env, target.date_from)
            what = bracketed(self.env, labels.get(target.measure), day)
            # nobody is chosen yet in a new form
            target.display_name = (
                labelled(self.env, whose.name, what) if whose else what
            )

    # ------------------------------------------------------------------
    # CRUD: attainment pays, so a changed target is computed again
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets._check_not_own()
        targets._filter_scored()._enter_scores()
        targets._reprocess_events()
        return targets

    def write(self, vals):
        self._check_not_own()
        self._reprocess_events()
        is_moved = not SETTLING_FIELDS.isdisjoint(vals)
        left = self._take_scores_back() if is_moved else self.browse()
        result = super().write(vals)
        self._check_not_own()
        if not SCORE_FIELDS.isdisjoint(vals):
            is_typed = vals.get("score", False) is not False  # also 0
            self._filter_scored(is_typed)._enter_scores()
        if is_moved:
            self._record_scores(renewed=True)
            left._record_scores()
        self._reprocess_events()
        return result

    def _filter_scored(self, is_typed=False):
        """Return those with a score: 0 is one once it was typed, or has a reason."""
        return self.filtered(
            lambda target: (
                target.score
                or target.score_state != "none"
                or (target.is_scored and (is_typed or target.score_note))
            )
        )

    def unlink(self):
        self._check_not_own()
        self._reprocess_events()
        left = self._take_scores_back()
        result = super().unlink()
        left._record_scores()
        return result

    def action_split(self):
        """Ask over what to split the target.

        :return: the dialog that splits it
        """
        self._ensure_one_given()
        title = title_of(self.env._("Split a Target"), self.display_name)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "hr.commission.target.split",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_target_id": self.id},
        }

    def _check_not_own(self):
        """Refuse to set one's own target, or that of the team one is in: they pay.

        That of one's branch as well, where its attainment pays.

        :raises AccessError: naming the target
        """
        if self.env.su:
            return
        users, own = self.env["hr.commission.person"]._get_person(self.env.user)
        branches = self.branch_id and self._find_paying_branches(own)
        for target in self.sudo():  # sudo: whose employee record that is
            team = target.team_id.user_id | target.team_id.member_ids
            is_own = target.employee_id & own or team & users
            if is_own or target.branch_id & branches:
                raise AccessError(
                    self.env._(
                        "Somebody else sets “%(target)s”: it is your own target.",
                        target=target.display_name,
                    )
                )

    @api.model
    def _find_paying_branches(self, people):
        """Return the branches whose attainment can pay one of these employees.

        :rtype: res.company
        """
        earning = people.filtered(
            lambda person: person.commission_role not in ("none", False)
        )
        rules = self.env["hr.commission.rule"].sudo()  # sudo: whoever may read them
        by_branch = [
            ("tier_measure", "in", BY_BRANCH),
            ("plan_id.state", "!=", "closed"),
        ]
        if not earning or not rules.search_count(by_branch, limit=1):
            return earning.company_id.browse()
        return earning.company_id

    def _reprocess_events(self):
        """Have the events of the targets' employees and periods computed again."""
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        of_people = Domain.OR(
            Domain(name, "=", subject.id)
            & Domain("date", ">=", target.date_from)
            & Domain("date", "<=", target.date_to)
            for target in self
            for name, subject in (
                ("employee_id", target.employee_id),
                ("company_id", target.branch_id),
            )
            if subject
        )
        of_teams = Domain.OR(
            Domain("team_id", "=", target.team_id.id)
            & Domain("date", ">=", target.date_from)
            & Domain("date", "<=", target.date_to)
            for target in self
            if target.team_id
        )
        settled = self.filtered(lambda target: not target.employee_id)
        if settled:
            of_teams |= Domain("res_model", "=", self._name) & Domain(
                "res_id", "in", settled.ids
            )
        Event._set_credited_pending(of_people)
        Event._set_pending(of_teams)

    @api.model
    def get_import_templates(self):
        """Offer commission officers a file with the columns of targets."""
        return super().get_import_templates() + [
            {
                "label": self.env._("Import Template for Targets"),
                "template": "/hr_sales_commission/static/csv/targets.csv",
            }
        ]

    @api.model
    def _get_amounts(self, windows):
        """Return the targets of employees, and those of all teams and branches.

        :param windows: (first day, last day) by employee id
        :return: amount by (subject, measure, first day, period); the subject is the
            employee's id, ``("team", id)`` or ``("company", id)``; approved scores by
            ``("reached", subject, …)``, what is weighted by ``("whole", subject, …)``,
            target bonuses by ``("bonus", subject, …)``, the role somebody works in by
            ``("role", employee)``
        :rtype: dict[tuple, Decimal | Whole]
        """
        if not windows:
            return {}
        self.flush_model()
        self.env["hr.employee"].flush_model(["commission_role"])
        rows = self._read_rows(windows)
        in_part = self.browse(each["id"] for each in rows if each["is_in_part"])
        days = TargetDays(in_part)
        effective, bonuses = days.get_amounts(), days.get_bonuses()
        wholes = self.browse(
            each["id"] for each in rows if each["measure"] == "weighted"
        )
        weighed = wholes._get_wholes()
        amounts, whole_of = defaultdict(Decimal), defaultdict(list)
        for row in rows:
            key = _subject_of(row), row["measure"], row["date_from"], row["period"]
            amount = Decimal(row["amount"])
            part = effective.get(row["id"], amount)
            is_given = MEASURES[row["measure"]].is_given
            if row["job_id"] and (is_given or row["id"] in weighed):
                part = amount * days.get_share(row["id"])
            amounts[key] += part
            if row["id"] in weighed:
                whole_of[("whole", *key)].append((part, weighed[row["id"]]))
            if row["score"] and is_given:
                counts = part / amount if row["job_id"] else 1
                amounts[("reached", *key)] += Decimal(row["score"]) * counts
            if row["bonus"]:
                promised = bonuses.get(row["id"], Decimal(row["bonus"]))
                amounts[("bonus", *key)] += promised
            if row["role"]:
                amounts["role", row["employee_id"]] = row["role"]
        merged = {key: self._merge_wholes(each) for key, each in whole_of.items()}
        return amounts | merged

    def _read_rows(self, windows):
        """Return the columns of targets that concern employees within their windows.

        :rtype: list[dict]
        """
        return self.env.execute_query_dict(
            SQL(
                """SELECT target.id, target.employee_id, team_id, branch_id, job_id,
                          proration != 'none' OR ramp IS NOT NULL
                              OR job_id IS NOT NULL AS is_in_part,
                          CASE WHEN score_state = 'approved'
                               THEN COALESCE(score, 0)::text END
                              AS score,
                          NULLIF(employee.commission_role, 'none') AS role,
                          measure, date_from, period, amount::text,
                          NULLIF(bonus, 0)::text AS bonus
                     FROM hr_commission_target target
                LEFT JOIN hr_employee employee ON employee.id = target.employee_id
                    WHERE (target.employee_id = ANY(%s) OR target.employee_id IS NULL)
                      AND date_from <= %s AND date_to >= %s AND whole_id IS NULL""",
                list(windows),
                max(last for _first, last in windows.values()),
                min(first for first, _last in windows.values()),
            )
        )

    @api.model
    def _reprocess_in_part(self, employees, domain=Domain.TRUE):
        """Have what is paid by targets in proportion computed again for employees.

        :param employees: hr.employee whose contracts, jobs or absences change
        :param domain: which of their targets
        """
        targets = self._search_in_part(employees, domain)
        targets._reprocess_events()
        targets.invalidate_recordset(["amount_effective", "achieved", "attainment"])

    @api.model
    def _search_in_part(self, employees, domain=Domain.TRUE):
        """Return the targets of employees that go by contracts, jobs or absences."""
        return self.sudo().search(  # sudo: who changes contracts need not know targets
            Domain("employee_id", "in", employees.ids)
            & (
                Domain("proration", "!=", "none")
                | Domain("ramp", "!=", False)
                | Domain("job_id", "!=", False)
            )
            & domain
        )


def _subject_of(row):
    """Return whose a target is, as the engine knows it."""
    if row["employee_id"]:
        return row["employee_id"]
    return ("team", row["team_id"]) if row["team_id"] else ("company", row["branch_id"])
