"""Scores that were approved: events of their own, which pay without any deal."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..engine.periods import SCORED
from ..pipeline.titles import labelled, listed


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
        entered._record_scores()
        return True

    def _record_scores(self):
        """Record what pays by these scores, or take it back until they are approved."""
        paying = (self | self.whole_id).filtered(
            lambda target: (target.is_scored or target.part_ids) and not target.whole_id
        )
        Event = self.env["hr.commission.event"].sudo()  # sudo: written by the system
        Event._capture(
            [
                target._prepare_score_fact(target._is_score_approved())
                for target in paying.filtered("employee_id")
            ]
        )

    def _take_scores_back(self):
        """Take back what these targets pay by their scores, before they are gone."""
        Event = self.env["hr.commission.event"].sudo()  # sudo: written by the system
        Event._capture(
            [
                target._prepare_score_fact(False)
                for target in self.filtered("employee_id")
            ]
        )

    def _is_score_approved(self):
        """Whether everything that somebody judges is approved."""
        self.ensure_one()
        judged = (self | self.part_ids).filtered("is_scored")
        return bool(judged) and set(judged.mapped("score_state")) == {"approved"}

    def _prepare_score_fact(self, is_approved):
        """Return the fact of a score; one that is not approved never was."""
        self.ensure_one()
        Event = self.env["hr.commission.event"]
        fact = Event._prepare_fact(SCORED, self, self.date_to, 0.0)
        undone = {} if is_approved else {"date_reversed": self.date_to}
        return fact | {"touched": True, "renewed": is_approved, **undone}

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
                row["event_type"] = f"{SCORED}|{target.measure}|{target.period}"
                row["target_employee_id"] = target.employee_id.id

    @api.model
    def _describe_score(self, measure, period):
        """Name what an approved score is about.

        :param str measure, period: codes, empty where any
        """
        labels = dict(self._fields["measure"]._description_selection(self.env))
        periods = dict(self._fields["period"]._description_selection(self.env))
        title = self.env._("Score approved")
        known = [labels.get(measure), periods.get(period)]
        return labelled(self.env, title, listed(self.env, known))
