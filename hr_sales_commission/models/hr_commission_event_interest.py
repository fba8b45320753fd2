# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Who earns by events: whoever acts on them is asked for among these people."""

from odoo import models

from ..pipeline.people_loader import split_path


class HrCommissionEvent(models.Model):
    _inherit = "hr.commission.event"

    def _get_earning_employees(self):
        """Return everybody whose pay follows from these events.

        Who is credited, with the managers of that day; who was recorded and is yet to
        be credited; who has a role or a share in the deals and documents today.

        :rtype: hr.employee
        """
        events = self.sudo()  # sudo: who earns what, whoever asks
        Person = events.env["hr.commission.person"]
        credits = events.credit_ids.filtered("share")
        managers = {
            manager_id
            for credit in credits
            for manager_id in split_path(credit.manager_path)
        }
        return (
            credits.employee_id
            | events._get_recorded_employees()
            | credits.employee_id.browse(managers).exists()
            | Person._get_holders([events.lead_id, *events._get_documents_shared()])
        )

    def _get_recorded_employees(self):
        """Return who was recorded with these events when they happened.

        :rtype: hr.employee
        """
        user_ids, employee_ids = set(), set()
        for event in self:
            people = event.people or {}
            user_ids.add(people.get("user_id"))
            employee_ids.add(people.get("marketer_id"))
            employee_ids.update(share[1] for share in people.get("shares") or ())
        users = self.env["res.users"].browse(filter(None, user_ids)).exists()
        _users, employees = self.env["hr.commission.person"]._get_person(users)
        return employees | employees.browse(filter(None, employee_ids)).exists()

    def _get_documents_shared(self):
        """Return the documents of these events that shares can name.

        :return: one recordset for each model
        """
        return [
            self.env[model].browse(events.mapped("res_id")).exists()
            for model, events in self.grouped("res_model").items()
            if model != "crm.lead" and "commission_share_ids" in self.env[model]._fields
        ]
