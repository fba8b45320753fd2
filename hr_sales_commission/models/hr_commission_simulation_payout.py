# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What the months of a simulation would pay out: draws, guarantees and what is carried."""

from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import models

from ..engine.facts import ZERO
from ..engine.rounding import to_decimal
from ..engine.settlement import Months, bearing, promise_once
from ..pipeline.contract_days import ContractDays
from ..pipeline.plan_replay import find_plan_id


class HrCommissionSimulation(models.Model):
    _inherit = "hr.commission.simulation"

    def _settle(self, variant, tally):
        """Return what the months would pay out, by (employee id, company id).

        As statements do: below zero nothing is paid and it is carried on; draws are
        advanced and taken back, guaranteed minimums added. Every period starts without
        a balance.
        """
        months_of = tally.amounts_by_month()
        terms_of = self._get_terms(variant, months_of, self._get_months())
        people = months_of.keys() | terms_of.keys()
        employees = self.env["hr.employee"].sudo()  # sudo: archived ones are for HR
        branches = self.env["res.company"].sudo()  # sudo: those not selected as well
        of_person = defaultdict(set)
        for employee_id, company_id in people:
            of_person[employee_id].add(company_id)
        paid = dict.fromkeys(people, ZERO)
        for employee in employees.browse(of_person):
            companies = branches.browse(of_person[employee.id])
            for _month, company, amount in self._settle_person(
                employee, companies, months_of, terms_of
            ):
                paid[employee.id, company.id] += amount
        return paid

    def _settle_person(self, employee, companies, months_of, terms_of):
        """Return what the months pay one person: months, companies and amounts.

        Who was in which branch in a month is not written down. A month that was earned
        was earned where they were; what is promised of another one is promised by the
        branch of today.

        :param months_of: amounts by (employee id, company id) and month
        :param terms_of: terms of ``Months.settle``, likewise
        """
        paid = []
        standing = {company: Months() for company in companies}
        for month in self._get_months():
            earned, terms = (
                {
                    company: found.get((employee.id, company.id), {}).get(month)
                    for company in companies
                }
                for found in (months_of, terms_of)
            )
            promising = companies.filtered(earned.get) or employee.company_id
            order = self._get_settling_order(employee, promising, terms)
            for company in order:
                months = standing[company]
                elsewhere = months.get_paid_since(month)
                is_bearer = company == order[-1] and company in promising
                settlement = months.settle(
                    month,
                    earned[company] or ZERO,
                    **promise_once(terms[company] or {}, elsewhere, is_bearer),
                )
                paid.append((month, company, settlement.paid))
                for other in companies - company:
                    amount = self._get_in_money_of(
                        other, company, settlement.paid, month
                    )
                    standing[other].paid.append((month, amount))
        return paid

    @staticmethod
    def _get_settling_order(employee, promising, terms):
        """Return the companies of a month, last the one that keeps what is promised.

        :param promising: those that may keep it
        :param dict terms: of the month, by company
        """

        def place(company):
            borne = bearing(terms[company] or {}, company == employee.company_id)
            return company in promising, borne, company.id

        return sorted(terms, key=place)

    @staticmethod
    def _get_in_money_of(company, payer, amount, day):
        """Return what another company paid on a day, in the money of a company."""
        if payer.currency_id == company.currency_id:
            return amount
        return to_decimal(
            payer.currency_id._convert(float(amount), company.currency_id, company, day)
        )

    def _get_months(self):
        month, months = self.date_from.replace(day=1), []
        while month <= self.date_to:
            months.append(month)
            month += relativedelta(months=1)
        return months

    def _get_terms(self, variant, months_of, months):
        """Return draw and guarantee by person and month, where there are any."""
        Plan = self.env["hr.commission.plan"].sudo()  # sudo: the parent company's plan
        calendar = Plan._get_calendar()
        candidates = Plan._search_in_force() | Plan.browse(
            variant.plan_id if variant else ()
        )
        plans = {plan.id: plan for plan in candidates if plan._settles_months()}
        # sudo: what people are promised is for HR
        if not plans and not self.env["hr.version"].sudo()._has_own_draws():
            return {}
        employees = self.env["hr.employee"].sudo()  # sudo: roles are for HR
        people = set(months_of) | self._get_people_with_roles()
        ids = {employee_id for employee_id, _company_id in people}
        # sudo: personal plans are for HR
        versions = self.env["hr.version"].sudo()
        personal = versions._get_commission_plans(employees.browse(ids))

        def find_plan(*place):
            return plans.get(find_plan_id(calendar, variant, *place), Plan)

        found = defaultdict(dict)
        for month in months:
            covered = ContractDays(
                self.env, employees.browse(ids), month, personal, find_plan
            )
            for employee_id, company_id in people:
                terms = covered.get_draw_terms(
                    employees.browse(employee_id),
                    # sudo: a branch the reader may not have selected
                    self.env["res.company"].sudo().browse(company_id),
                )
                if terms:
                    found[employee_id, company_id][month] = terms
        return found

    def _get_people_with_roles(self):
        """Return who may be promised something: pairs of employee and company."""
        employees = self.env["hr.employee"].sudo()  # sudo: roles are for HR
        found = employees.search(
            [
                ("company_id", "in", self._get_companies().ids),
                ("commission_role", "!=", "none"),
            ]
        )
        return {(employee.id, employee.company_id.id) for employee in found}
