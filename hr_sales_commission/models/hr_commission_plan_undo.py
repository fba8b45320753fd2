# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""A plan put in force by mistake becomes a draft again, before its first day."""

from datetime import timedelta

from odoo import fields, models

from ..pipeline.refusals import name_each, refuse_any


class HrCommissionPlan(models.Model):
    _inherit = "hr.commission.plan"

    ended_by_id = fields.Many2one(
        "hr.commission.plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The plan that took the place of this one: taken back before its first day, "
        "it gives this one its last day back.",
    )
    former_date_end = fields.Date(
        string="Last Day Before",
        readonly=True,
        copy=False,
        help="The last day of this plan before another one took its place. Empty: it "
        "was open.",
    )

    def action_take_back(self):
        """Make drafts again of plans that were put in force and have not begun.

        The plans that ended the day before get their last day back.

        :raises UserError: if a first day has come, something was computed under the
            plan, or another plan follows it
        :raises AccessError: for a plan that one may not put in force
        """
        self.check_access("write")
        self._let_one_at_a_time()
        self._check_not_for_oneself()
        refuse_any(self._find_begun())
        for plan in self:
            plan._reprocess_events(plan.date_start)
            plan._withdraw()
            plan._give_last_days_back()
            plan._message_log(
                body=self.env._(
                    "%(name)s took the activation back.", name=self.env.user.name
                )
            )
        return True

    def _find_begun(self):
        """Say which plans stay in force, and why.

        :return: (plan, reason) pairs
        """
        yield from name_each(
            self.filtered(lambda plan: plan.state != "active"),
            self.env._("“%(plan)s” is not in force."),
        )
        yield from name_each(
            self.filtered(lambda plan: not plan._is_ahead()),
            self.env._(
                "The first day of “%(plan)s” has come: it stays on record. Use Change to "
                "make its next version, or set its last day."
            ),
        )
        yield from name_each(
            self._filter_computed(),
            self.env._(
                "Commissions were computed under “%(plan)s”: it stays on record. Use "
                "Change to make its next version."
            ),
        )
        for plan in self:
            for later in plan._find_followers()[:1]:
                yield (
                    plan,
                    self.env._(
                        "“%(later)s” follows “%(plan)s”. Take that one back first.",
                        later=later.display_name,
                        plan=plan.display_name,
                    ),
                )

    def _filter_computed(self):
        """Return the plans that lines were made under."""
        # sudo: all lines, whatever companies are selected
        Line = self.env["hr.commission.line"].sudo().with_context(active_test=False)
        rows = Line._read_group([("rule_id.plan_id", "in", self.ids)], ["rule_id"])
        found = Line.env["hr.commission.rule"].union(*(rule for [rule] in rows))
        return self & found.plan_id.sudo(False)

    def _is_ahead(self):
        """Whether the first day is still to come, here and for the nightly jobs.

        :rtype: bool
        """
        self.ensure_one()
        today = max(self.company_id._commission_local_date(), fields.Date.today())
        return self.date_start > today

    def _find_followers(self):
        """Return the plans in force that start later and were fitted to this one."""
        self.ensure_one()
        others = self.next_ids.filtered(lambda plan: plan.state == "active")
        if not self.is_personal:
            others |= self._find_neighbours()
        return others.filtered(lambda plan: plan.date_start > self.date_start)

    def _end_before(self, plan):
        """Let these plans end the day before another one; in the past they are closed.

        :param plan: hr.commission.plan that takes their place
        """
        eve = plan.date_start - timedelta(days=1)
        today = plan.company_id._commission_local_date()
        for ended in self:
            # sudo: what the system remembers of the act
            ended.sudo().write(
                {"ended_by_id": plan.id, "former_date_end": ended.date_end}
            )
        self.write({"date_end": eve, **({"state": "closed"} if eve < today else {})})

    def _give_last_days_back(self):
        """Let plans go on that ended for this one, unless somebody ended them since.

        One that is closed because that day has passed holds again.
        """
        self.ensure_one()
        eve = self.date_start - timedelta(days=1)
        today = self._get_today()
        # sudo: as they were ended, the act was checked
        ended = (
            self.sudo()
            .with_context(active_test=False)
            .search([("ended_by_id", "=", self.id)])
        )
        going_on = ended.filtered(
            lambda plan: plan.state in ("active", "closed") and plan.date_end == eve
        )
        for plan in going_on:
            former = plan.former_date_end
            is_over = former and former < today
            plan.write({"date_end": former, "state": "closed" if is_over else "active"})
            plan._message_log(
                body=self.env._(
                    "“%(plan)s” does not take the place of this plan: it ends on the day "
                    "that it had before.",
                    plan=self.display_name,
                )
            )
        ended.write({"ended_by_id": False, "former_date_end": False})
