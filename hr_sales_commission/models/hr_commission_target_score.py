# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Targets that are settled: events of their own, which pay without any deal.

A score is settled once it is approved, any other target once its period is over.
"""

import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.periods import SCORED, scored_type
from ..pipeline.isolation import each_isolated, retried
from ..pipeline.pool_shares import Pool, PoolShares
from ..pipeline.titles import labelled, listed

#: ways in which the members of a team or branch share what its target pays
SHARED = ("equal", "result", "hours")
#: the fields that say whose a target of more than one person is, by its kind
WHOSE_FIELDS = {"team_attainment": "team_id", "branch_attainment": "branch_id"}

_logger = logging.getLogger(__name__)


class HrCommissionTarget(models.Model):
    _inherit = "hr.commission.target"

    def _enter_scores(self):
        """Note who entered scores: a changed one is approved anew."""
        self.sudo().write(  # sudo: noted by the system
            {
                "score_state": "entered",
                "score_user_id": self.env.uid,
                "score_approver_id": False,
            }
        )
        self._record_scores()

    def action_approve_score(self):
        """Let the scores that were entered count.

        :raises AccessError: for one's own score, or one that oneself entered
        :raises UserError: where no score was entered
        """
        self.check_access("write")
        self._check_not_own()
        users, _own = self.env["hr.commission.person"]._get_person(self.env.user)
        for target in self:
            if target.score_state == "none":
                raise UserError(
                    self.env._(
                        "Enter the score of “%(target)s” before it is approved.",
                        target=target.display_name,
                    )
                )
            if target.score_user_id in users:
                raise AccessError(
                    self.env._(
                        "You entered the score of “%(target)s”: somebody else "
                        "approves it.",
                        target=target.display_name,
                    )
                )
        entered = self.filtered(lambda target: target.score_state == "entered")
        entered.sudo().write(  # sudo: decided by the system
            {"score_state": "approved", "score_approver_id": self.env.uid}
        )
        entered._log_scores()
        entered._record_scores()
        return True

    def _log_scores(self):
        """Log that the current user approved these scores, and who earns above."""
        Person = self.env["hr.commission.person"]
        self.env["hr.commission.audit"]._log(
            [
                {
                    **target._get_audit_values(),
                    "act": "approve",
                    "field_name": "score",
                    "new_value": target._get_audit_text("score"),
                    "is_self_benefit": Person._earns_above(target.employee_id),
                }
                for target in self
            ]
        )

    def _record_scores(self, renewed=False):
        """Record what pays by these targets, or take it back until they are settled.

        :param bool renewed: they are of somebody else now, or shared in another way
        """
        wholes = (self | self.whole_id).filtered(lambda target: not target.whole_id)
        judged = wholes.filtered(lambda target: target._get_judged())
        own = judged.filtered("employee_id")
        others = (judged - own) | (wholes - judged).filtered(
            lambda target: target._is_over()
        )
        asked = others and self._get_asked_measures()
        (
            own | others.filtered(lambda target: target._get_kind() in asked)
        )._capture_settled(renewed)

    def _capture_settled(self, renewed=False):
        """Record whom these targets pay: from the first time on the same people.

        :param bool renewed: as of :meth:`_record_scores`
        """
        Event = self.env["hr.commission.event"].sudo()  # sudo: written by the system
        Event._capture(self._prepare_settled_facts(renewed))

    def _prepare_settled_facts(self, renewed=False):
        """Return whom these targets pay, each with the others of the same period.

        :param bool renewed: as of :meth:`_record_scores`
        :rtype: list[dict]
        """
        facts = []
        for first, together in self._find_siblings().items():
            is_settled = all(target._is_settled() for target in together)
            facts += first._prepare_score_facts(is_settled, renewed)
        return facts

    def _find_siblings(self):
        """Return targets with those for other job positions of the same person.

        :return: all of a period by the first of them, which is recorded
        """
        by_job = self.filtered("job_id")
        among = by_job.sudo().search(  # sudo: whoever may read them
            Domain("employee_id", "in", by_job.employee_id.ids)
            & Domain("date_from", "in", by_job.mapped("date_from"))
            & Domain("whole_id", "=", False)
        )
        together = defaultdict(self.browse)
        for target in among:
            together[target._get_period_key()] |= target
        return {
            group.sorted("id")[:1]: group
            for target in self
            for group in [together.get(target._get_period_key(), target) | target]
        }

    def _get_period_key(self):
        whose = self.employee_id or self.team_id or self.branch_id
        return whose, self.measure, self.period, self.date_from

    def _take_scores_back(self):
        """Take back what these targets pay, before they are gone.

        :return: the targets of the same people and periods that are left
        """
        Event = self.env["hr.commission.event"].sudo()  # sudo: written by the system
        paid = Event.search(
            [
                ("event_type", "=", SCORED),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
            ]
        )
        Event._capture(
            [
                self.browse(event.res_id)._prepare_score_fact(False, event.res_part)
                for event in paid
            ]
        )
        siblings = self._find_siblings()
        return self.browse().union(*siblings.values()) - self

    def _get_judged(self):
        """Return what of the target somebody judges."""
        return (self | self.part_ids).filtered("is_scored")

    def _is_over(self):
        """Whether the last day of the target has passed, by its company's clock."""
        self.ensure_one()
        today = self.company_id._commission_local_date()
        return bool(self.date_to) and self.date_to < today

    def _is_settled(self):
        """Whether everything that somebody judges is approved, else its time over."""
        self.ensure_one()
        judged = self._get_judged()
        if not judged:
            return self._is_over()
        return set(judged.mapped("score_state")) == {"approved"}

    def _get_kind(self):
        """Return what rules on settled targets tell apart: measure, period and whose."""
        kind = "attainment"
        if not self.employee_id:
            kind = "team_attainment" if self.team_id else "branch_attainment"
        return self.measure, self.period, kind

    @api.model
    def _get_asked_measures(self):
        """Return what rules in force pay on without any deal, see :meth:`_get_kind`."""
        rules = self.env["hr.commission.rule"].sudo()  # sudo: whoever may read them
        return rules.search(
            [("event_type", "=", SCORED), ("plan_id.state", "!=", "draft")]
        )._get_settled_kinds()

    @api.model
    @retried
    def _cron_settle(self):
        """Record what pays by targets whose period is over, once each."""
        asked = self._get_asked_measures()
        if not asked:
            return
        each_isolated(
            self._find_unrecorded(asked),
            _logger,
            "Settling",
            lambda some: some._capture_settled(),
        )

    @api.model
    def _find_unrecorded(self, asked, domain=Domain.TRUE):
        """Return the settled targets of some kinds that were never recorded.

        :param set asked: what is asked for, see :meth:`_get_kind`
        """
        over = self.search(
            Domain("date_to", "<=", fields.Date.today())  # over in the East already
            & Domain("whole_id", "=", False)
            & Domain("measure", "in", list({each[0] for each in asked}))
            & domain
        )
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        known = Event.search(
            [("event_type", "=", SCORED), ("res_id", "in", over.ids)]
        ).mapped("res_id")
        missing = over - self.browse(known)
        return missing.filtered(
            lambda target: target._is_settled() and target._get_kind() in asked
        )

    # ------------------------------------------------------------------
    # Whom they pay
    # ------------------------------------------------------------------

    def _prepare_score_facts(self, is_settled, renewed=False):
        """Return the facts of a target: one for each person whom it pays in full.

        Who was paid once stays, whoever joins or leaves later.
        """
        self.ensure_one()
        if self.employee_id or self.pays != "each":
            return [self._prepare_score_fact(is_settled, renewed=renewed)]
        Event = self.env["hr.commission.event"].sudo()  # sudo: events are technical
        known = Event.search(
            [
                ("event_type", "=", SCORED),
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
            ]
        )
        paid = known.filtered("quantity").mapped("res_part")
        if renewed or not paid:
            paid = [str(member.id) for member in self._get_members()[self.id]]
        return [
            self._prepare_score_fact(is_settled and part in paid, part, renewed)
            | {"quantity": float(part in paid)}
            for part in sorted({*paid, *known.mapped("res_part")})
        ]

    def _prepare_score_fact(self, is_settled, part="", renewed=False):
        """Return the fact of a target; one that is not settled never was."""
        self.ensure_one()
        Event = self.env["hr.commission.event"]
        fact = Event._prepare_fact(SCORED, self, self.date_to, 0.0, part)
        undone = {} if is_settled else {"date_reversed": self.date_to}
        return fact | {"touched": True, "renewed": renewed, **undone}

    def _get_members(self):
        """Return who was in the team of each target on its last day, or earns in its
        branch, by its id.

        :rtype: dict[int, hr.employee]
        """
        targets = self.sudo()  # sudo: who is in a team or branch, in which role
        users_of = {target: target._get_team_users() for target in targets}
        Employee = targets.env["hr.employee"].with_context(active_test=False)
        found = Employee.search(
            Domain(
                "user_id",
                "in",
                [user.id for each in users_of.values() for user in each],
            )
            | Domain("company_id", "in", targets.branch_id.ids)
            & Domain("commission_role", "not in", (False, "none"))
        ).sorted(lambda person: not person.active)
        earning = found.filtered(
            lambda person: person.commission_role not in (False, "none")
        ).grouped("company_id")
        of_user = found.grouped("user_id")
        members = {target.id: found.browse() for target in targets}
        for target, users in users_of.items():
            for user in users & found.user_id:
                there = target._filter_employed(of_user[user])
                here = there.filtered_domain(
                    [("company_id", "=", target.company_id.id)]
                )
                members[target.id] |= (here or there)[:1]
            of_branch = earning.get(target.branch_id, found.browse())
            members[target.id] |= target._filter_employed(of_branch)
        return members

    def _get_team_users(self):
        """Return who was in the team on the last day of the target.

        Where nobody was, it was entered later: whoever is in it.

        :rtype: res.users
        """
        local_date = self.company_id._commission_local_date
        there = self.team_id.crm_team_member_all_ids.filtered(
            lambda one: one.active or local_date(one.write_date) > self.date_to
        )
        early = there.filtered(lambda one: local_date(one.create_date) <= self.date_to)
        return (early or there).user_id

    def _filter_employed(self, people):
        """Return who was employed on the last day of the target, as far as is known."""
        return people.filtered(
            lambda one: (
                one.departure_date >= self.date_to if one.departure_date else one.active
            )
        )

    @api.model
    def _complete_facts(self, rows):
        """Say of events which score they are about, and whose.

        The engine tells scores apart by what they measure, and over which period.

        :param rows: of ``hr.commission.event._read_facts``
        """
        scored = [row for row in rows if row["event_type"] == SCORED]
        if not scored:
            return
        # sudo: read by the system
        targets = self.sudo().browse(row["res_id"] for row in scored).exists()
        target_of = {target.id: target for target in targets}
        for row in scored:
            if target := target_of.get(row["res_id"]):
                row["event_type"] = scored_type(*target._get_kind())
                member = row["res_part"].partition("/")[0]  # a replay adds its mark
                row["target_employee_id"] = target.employee_id.id or int(member or 0)
                row["team_id"] = target.team_id.id or None
                row["period_start"] = target.date_from
                row["shared_target"] = target.pays in SHARED and not target.employee_id

    @api.model
    def _get_sharers(self, rows):
        """Return who shares what settled targets of teams and branches pay.

        :param rows: of such events, from ``hr.commission.event._read_facts``
        :return: weights by employee id, by event id
        """
        # sudo: read by the system
        targets = self.sudo().browse({row["res_id"] for row in rows})
        members = targets._get_members()
        pools = {
            target.id: Pool(
                id=target.id,
                name="",
                company_id=target.company_id.id,
                role="scored",
                takes_all=False,
                key=target.pays,
                member_ids=tuple(members[target.id].ids),
                department_id=None,
                shares=(),
            )
            for target in targets
        }
        days = {target[name] for target in targets for name in ("date_from", "date_to")}
        shares = PoolShares(self.env(su=True), pools.values(), days)  # sudo: hours
        return {
            row["id"]: shares.get(
                pools[row["res_id"]], row["date"], row["period_start"]
            )
            for row in rows
            if pools[row["res_id"]].member_ids
        }

    @api.model
    def _describe_score(self, measure, period="", kind=""):
        """Name what a settled target is about.

        :param str measure, period: codes, empty where any
        :param str kind: whose target, as the brackets of rules name it
        """
        labels = dict(self._fields["measure"]._description_selection(self.env))
        periods = dict(self._fields["period"]._description_selection(self.env))
        owner = WHOSE_FIELDS.get(kind)
        whose = owner and self._fields[owner]._description_string(self.env)
        title = self.env._("Target settled")
        known = [labels.get(measure), periods.get(period), whose]
        return labelled(self.env, title, listed(self.env, known))
