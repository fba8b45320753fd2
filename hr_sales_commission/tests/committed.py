# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Data that other connections and processes see: committed, and removed in the end."""

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tests import TransactionCase


class Connection:
    """An environment on a connection of its own, committed at the end."""

    def __init__(self, registry):
        self.cursor = registry.cursor()

    def __enter__(self):
        self.cursor.__enter__()
        context = {"tracking_disable": True, "lang": "en_US"}
        return api.Environment(self.cursor, SUPERUSER_ID, context)

    def __exit__(self, *exception):
        return self.cursor.__exit__(*exception)


class CommittedDeals(TransactionCase):
    """Won deals of one employee with a personal plan, so that nobody else is concerned.

    The deals belong to the main company; they are recorded and not computed.
    """

    rate = 2
    amounts = (1000,)
    plan_vals = {}

    def setUp(self):
        super().setUp()
        with self._connection() as env:
            self._create(env)
        self.addCleanup(self._delete)

    def _connection(self):
        return Connection(self.registry)

    def _create(self, env):
        plan = env["hr.commission.plan"].create(
            {
                "name": "Committed",
                "company_id": env.ref("base.main_company").id,
                "date_start": "2020-01-01",
                "is_personal": True,
                "rule_ids": [
                    Command.create(
                        {"name": "All", "role": "marketing", "rate": self.rate}
                    )
                ],
                **self.plan_vals,
            }
        )
        plan.action_activate()
        employee = env["hr.employee"].create(
            {
                "name": "Committed",
                "company_id": plan.company_id.id,
                "date_version": "2020-01-01",
                "commission_plan_id": plan.id,
            }
        )
        won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
        leads = env["crm.lead"].create(
            [
                {
                    "name": f"Committed {amount}",
                    "type": "opportunity",
                    "company_id": plan.company_id.id,
                    "user_id": False,
                    "stage_id": won.id,
                    "expected_revenue": amount,
                    "commission_source": "marketing",
                    "source_state": "verified",
                    "marketer_id": employee.id,
                    "date_won": "2026-05-04",
                    "won_amount": amount,
                }
                for amount in self.amounts
            ]
        )
        self.plan_id, self.employee_id, self.lead_ids = plan.id, employee.id, leads.ids
        self.company_id = plan.company_id.id
        root_ids = plan.company_id.root_id.ids
        queue = env["hr.commission.queue"]
        self.queue_was_there = queue.search_count([("company_id", "in", root_ids)])
        queue._acquire(root_ids)

    def _delete(self):
        with self._connection() as env:
            statements = self._statements(env)
            env["mail.message"].search(
                [("model", "=", statements._name), ("res_id", "in", statements.ids)]
            ).unlink()
            # the ledger lets go of drafts only
            for statement in (
                "UPDATE hr_commission_line SET state = 'approved'",
                "UPDATE hr_commission_line SET state = 'draft'",
                "DELETE FROM hr_commission_line",
                "DELETE FROM hr_commission_statement",
            ):
                env.cr.execute(
                    f"{statement} WHERE employee_id = %s", [self.employee_id]
                )
            for table in ("crm_touchpoint", "hr_commission_event"):
                env.cr.execute(
                    f"DELETE FROM {table} WHERE lead_id = ANY(%s)", [self.lead_ids]
                )
            env["crm.lead"].browse(self.lead_ids).unlink()
            employee = env["hr.employee"].browse(self.employee_id)
            contact = employee.work_contact_id
            employee.unlink()
            contact.unlink()
            env.cr.execute(
                "UPDATE hr_commission_plan SET state = 'draft' WHERE id = %s",
                [self.plan_id],
            )
            env["hr.commission.plan"].browse(self.plan_id).unlink()
            if not self.queue_was_there:
                env["hr.commission.queue"].search(
                    [("company_id", "=", env.ref("base.main_company").root_id.id)]
                ).unlink()

    # ------------------------------------------------------------------
    # On a connection
    # ------------------------------------------------------------------

    def _events(self, env):
        return env["hr.commission.event"].search(
            [("lead_id", "in", self.lead_ids)], order="id"
        )

    def _lines(self, env):
        return env["hr.commission.line"].search(
            [("employee_id", "=", self.employee_id)], order="id"
        )

    def _leads(self, env):
        return env["crm.lead"].browse(self.lead_ids)

    def _statements(self, env):
        return env["hr.commission.statement"].search(
            [("employee_id", "=", self.employee_id)]
        )

    def _ledger(self):
        """Return (amount, state) of every line, as it is committed."""
        with self._connection() as env:
            return self._lines(env).mapped(lambda line: (line.amount, line.state))

    def _compute(self):
        with self._connection() as env:
            self._events(env)._process()
