# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What the pages of human resources show: an export, a trial, alerts."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command

#: a branch whose commissions go to another payroll
EXPORTING = "nordics"


class HrCommissionDemo(models.AbstractModel):
    """The work of human resources on the demo's months."""

    _inherit = "hr.commission.demo"

    @api.model
    def _load_office(self):
        self = self.with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            lang=self._get_language(),
        )
        today = fields.Date.context_today(self)
        self._export_due(today)
        self._contest_commission()
        draft = self._change_plan()
        self._try_plan(draft, today)
        self._play_and_look_back(draft)
        self._watch_figures()

    def _export_due(self, today):
        """Hand to another payroll what a branch has due: it has not answered yet."""
        wizard = self._as_officer("hr.commission.export.wizard").create(
            {"company_id": self._ref("res_company", EXPORTING).id, "date_until": today}
        )
        wizard.action_export()

    def _contest_commission(self):
        """A salesperson says that a commission is too low; somebody is to decide."""
        sam = self._ref("res_users", "sam")
        line = self.env["hr.commission.line"].search(
            [
                ("user_id", "=", sam.id),
                ("state", "=", "draft"),
                ("amount", ">", 0),
                ("is_disputed", "=", False),
            ],
            order="date desc, id",
            limit=1,
        )
        self.env["hr.commission.dispute"].with_user(sam).create(
            {
                "kind": "line",
                "line_id": line.id,
                "claimed_amount": line.amount + 150,
                "reason": self.env._(
                    "Lena and I agreed on 70/30 for this one, and I got half. She confirms it."
                ),
            }
        )

    def _change_plan(self):
        """Return the draft of the next version: it pays more for working together."""
        draft = self._ref("hr_commission_plan", "policy").next_ids.filtered(
            lambda plan: plan.state == "draft"
        )
        draft.rule_ids.filtered("is_bonus").rate = 1.5
        draft.action_start_shadow()
        return draft

    def _try_plan(self, draft, today):
        """Simulate the next version over the months that are past."""
        simulation = self._as_officer("hr.commission.simulation").create(
            {
                "name": self.env._("What if the synergy bonus were 1.5 %?"),
                "company_id": draft.company_id.id,
                "date_from": today + relativedelta(months=-3, day=1),
                "date_to": today,
                "plan_ids": [Command.set(draft.ids)],
            }
        )
        simulation.action_run()

    def _play_and_look_back(self, draft):
        """Next quarter under both versions, and what came of the one in force."""
        policy = draft.previous_id
        values = {"company_id": policy.company_id.id}
        scenario = self._as_officer("hr.commission.scenario").create(
            {
                **values,
                "name": self.env._("A quarter like the last one"),
                "plan_ids": [Command.set((policy | draft).ids)],
                "runs": 20,
            }
        )
        scenario.action_prefill()
        scenario.action_compute()
        effect = self._as_officer("hr.commission.effect").create(
            {
                **values,
                "name": self.env._("Three months of the new policy"),
                "plan_id": policy.id,
                "date_start": policy.date_start,
            }
        )
        effect.action_compute()

    def _watch_figures(self):
        """The ready-made alerts, one of them strict enough to ring."""
        alerts = self._as_officer("hr.commission.alert")
        alerts.action_create_ready_made()
        alerts.search([("figure", "=", "followup_rate")]).threshold = 90
        alerts.search([("user_id", "!=", False)])._ask_responsible()
