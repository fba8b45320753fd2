# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from datetime import timedelta

from odoo import fields

from .common import CommissionCommon

#: nothing counts that nobody but the one who profits says
STRICT = {"own_verification": "proof", "claims_qualify": False}


class SourceCommon(CommissionCommon):
    """Leads made as people make them, so that the system decides the source."""

    #: what the plan says besides
    plan_vals = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.write({"active": False, "state": "closed", "date_end": "2020-01-01"})
        cls.plan = cls._create_plan(
            date_start="2020-01-02",
            qualification_domain="[('need_description', '!=', False)]",
            **cls.plan_vals,
        )
        cls.rules = cls._rules_by_code(cls.plan)
        cls.web = cls.env["utm.source"].create({"name": "Autumn Ads"})
        cls.campaign = cls.env["utm.campaign"].create(
            {"name": "Autumn Fair", "user_id": cls.marketer.user_id.id}
        )

    def _make(self, employee, **vals):
        """Create a lead as an employee does, in their branch."""
        env = self._as(employee)
        return env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "company_id": employee.company_id.id,
                "expected_revenue": 1000,
                **vals,
            }
        )

    def _make_web_lead(self, employee=None, **vals):
        """Create a lead as a website form does, for a salesperson."""
        salesperson = employee or self.sales_north
        return self.env["crm.lead"].create(
            {
                "name": "Form",
                "type": "opportunity",
                "company_id": salesperson.company_id.id,
                "user_id": salesperson.user_id.id,
                "campaign_id": self.campaign.id,
                "source_id": self.web.id,
                "expected_revenue": 1000,
                **vals,
            }
        )

    def _touch(self, days_ago=10, employee=None, **vals):
        """Log a contact of some days ago, as a commission officer does."""
        person = employee or self.marketer
        return self.env["crm.touchpoint"].create(
            {
                "kind": "meeting" if person != self.marketer else "event",
                "date": fields.Datetime.now() - timedelta(days=days_ago),
                "employee_id": person.id,
                "company_id": person.company_id.id,
                **vals,
            }
        )

    def _win(self, lead):
        lead.with_user(lead.user_id).action_set_won()
        self.env.flush_all()
        self._process()

    def assertSource(self, lead, source, state, marketer=None):
        lead.invalidate_recordset()
        lead = lead.sudo()
        self.assertEqual(
            (lead.commission_source, lead.source_state, lead.marketer_id),
            (source, state, marketer or self.env["hr.employee"]),
        )
