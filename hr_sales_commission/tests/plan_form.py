# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Plans as human resources write them: field by field in the plan form."""

from contextlib import contextmanager

from odoo.tests import Form

from .common import CommissionCommon


class PlanFormCommon(CommissionCommon):
    """Cases that each start with a plan of their own and leave nothing behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.write({"active": False, "state": "closed", "date_end": "2020-01-01"})

    @contextmanager
    def case(self, name, **params):
        """Run a sub-test and undo what it did."""
        with self.subTest(name, **params), self._undone():
            yield

    def _write_plan(self, rules, activate=True, **vals):
        """Write a plan in its form as an officer, and put it in force.

        :param rules: values of each rule; ``tiers`` are pairs (from, rate)
        """
        Plan = self._as(self.officer_hq, *self.branches)["hr.commission.plan"]
        form = Form(Plan)
        values = {"name": "As Written", "date_start": "2020-01-02", **vals}
        self._fill(form, values)
        for number, rule in enumerate(rules, start=1):
            with form.rule_ids.new() as row:
                self._fill(row, {"name": f"Rule {number}", **rule})
        plan = form.save()
        if activate:
            plan.action_activate()
        return self.env["hr.commission.plan"].browse(plan.id)

    def _fill(self, form, values):
        for name, value in values.items():
            if name == "tiers":
                for from_value, rate in value:
                    with form.tier_ids.new() as tier:
                        tier.from_value = from_value
                        tier.rate = rate
            elif name in ("employee_ids", "branch_ids"):
                for record in value:
                    getattr(form, name).add(record)
            else:
                setattr(form, name, value)

    def _win(self, deals, employee=None, source="own", **vals):
        """Win deals in one go.

        :param deals: pairs (amount, day of January 2026 or a date)
        """
        employee = employee or self.sales_north
        leads = self.env["crm.lead"].create(
            [
                self._lead_vals(
                    employee,
                    amount,
                    source,
                    stage_id=self.stage_won.id,
                    date_won=day if isinstance(day, str) else f"2026-01-{day:02}",
                    won_amount=amount,
                    **vals,
                )
                for amount, day in deals
            ]
        )
        self._process()
        return leads

    def _paid(self, leads, employee=None, rule=None):
        """Return what each of these deals pays, in their order."""
        lines = self._lines(leads)
        if employee:
            lines = lines.filtered(lambda line: line.employee_id == employee)
        if rule:
            lines = lines.filtered(lambda line: line.rule_id.name == rule)
        by_lead = lines.grouped("lead_id")
        return [
            round(sum(by_lead.get(lead, lines.browse()).mapped("amount")), 2)
            for lead in leads
        ]
