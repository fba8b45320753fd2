# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.facts import ZERO
from ..engine.rounding import to_decimal
from ..engine.settlement import Months, bearing, promise_once
from ..pipeline.contract_days import ContractDays
from ..pipeline.pay_parts import domain_of, held_sql, part_of
from ..pipeline.plan_replay import find_plan_id

#: kinds of lines that are not earned on this month's events
CORRECTION_KINDS = ("adjustment", "clawback", "manual", "holdback", "release")

#: what statements follow when they are confirmed, too
COUNTED_PARTS = ("held", "in_payroll", "paid")


class HrCommissionStatement(models.Model):
    """The figures of statements, from their lines and the plan's draw, in sets."""

    _inherit = "hr.commission.statement"

    def _get_figures(self):
        """Return the figures of these statements, from their lines as they stand.

        :return: values by statement id
        """
        self.flush_model()
        before = self._get_statements_before()
        sums = self._get_line_sums()
        terms = self._get_draw_terms()
        others = self._find_together(terms)
        order = self._get_order(terms)
        place = {statement.id: number for number, statement in enumerate(order)}
        bearers = {(each.employee_id, each.date_from): each for each in order}
        figures = {}
        for statement in order:
            paid = [
                (other.date_from, statement._get_paid_by(other, figures))
                for other in others[statement.employee_id]
                if statement._comes_after(other, place)
            ]
            month = statement.date_from
            elsewhere = sum((part for day, part in paid if day == month), ZERO)
            is_bearer = bearers[statement.employee_id, month] == statement
            figures[statement.id] = statement._settle(
                Months(*before[statement.id], paid),
                sums[statement.id],
                promise_once(terms[statement.id], elsewhere, is_bearer),
            )
        return figures

    def _get_order(self, terms):
        """Return statements in the order in which they are settled.

        Of several that one person has in a month, the last is the one that is promised
        most: it knows what the others pay.

        :param terms: from :meth:`_get_draw_terms`
        """

        def place(statement):
            employee = statement.employee_id.sudo()  # sudo: the company only
            is_at_home = employee.company_id == statement.company_id
            borne = bearing(terms[statement.id], is_at_home)
            return statement.date_from, borne, statement.id

        return self.sorted(place)

    def _comes_after(self, other, place):
        """Whether what another statement of the person pays is known already.

        :param dict place: of the statements that are computed anew, by id
        """
        if other.id in place:
            return place[other.id] < place[self.id]
        return other.date_from <= self.date_from

    def _find_together(self, terms):
        """Return statements that pay into the same periods, by employee.

        One promise, and one most that is carried, hold for a person, also where two
        companies pay in one period.

        :param terms: from :meth:`_get_draw_terms`
        """
        none = defaultdict(self.browse)
        bound = self.filtered(
            lambda each: any(
                terms[each.id].get(name) for name in ("draw", "minimum", "most")
            )
        )
        if not bound:
            return none
        since = min(min(each.date_from, terms[each.id]["most_since"]) for each in bound)
        # sudo: what the same person's statements in other companies pay
        found = self.sudo().search_fetch(
            [
                ("employee_id", "in", bound.employee_id.ids),
                ("date_from", ">=", since),
            ],
            ["employee_id", "company_id", "date_from", "date_to", "paid"],
        )
        return none | found.grouped("employee_id")

    def _get_paid_by(self, other, figures):
        """Return what another statement pays, in the money of this one.

        :param figures: of the statements that are computed anew
        :rtype: Decimal
        """
        paid = figures[other.id]["paid"] if other.id in figures else other.paid
        currency = other.company_id.currency_id
        return to_decimal(
            currency._convert(paid, self.currency_id, self.company_id, other.date_to)
        )

    @api.depends(
        "line_ids.state",
        "line_ids.is_disputed",
        "line_ids.amount",
        "opening",
        "paid",
    )
    def _compute_settled(self):
        """Say how much of what is to be paid is paid, in payroll, and open; and what of
        its lines is held today.

        A deduction that is carried is taken from what is paid first.
        """
        statements = self.sudo()  # sudo: sums of statements the reader may read
        sums = defaultdict(float)
        for statement, state, is_disputed, amount in statements.env[
            "hr.commission.line"
        ]._read_group(
            [("statement_id", "in", self.ids), *domain_of(*COUNTED_PARTS)],
            ["statement_id", "state", "is_disputed"],
            ["amount:sum"],
        ):
            sums[statement.id, part_of(state, is_disputed)] += amount
        before = statements._get_statements_before()
        for statement in self:
            carried = min(float(sum(before[statement.id])), 0.0)
            paid = sums[statement.id, "paid"]
            taken = paid + sums[statement.id, "in_payroll"]
            statement.amount_paid = max(paid + carried, 0.0)
            statement.amount_in_payroll = (
                max(taken + carried, 0.0) - statement.amount_paid
            )
            currency = statement.currency_id or self.env.company.currency_id
            statement.amount_open = currency.round(
                statement.paid - statement.amount_paid - statement.amount_in_payroll
            )
            statement.amount_held = currency.round(sums[statement.id, "held"])

    def _get_statements_before(self):
        """Return (closing, draw debt) of the statement before, by statement id."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (now.id)
                          now.id, before.closing::text, before.draw_debt::text
                     FROM hr_commission_statement now
                     JOIN hr_commission_statement before
                       ON before.employee_id = now.employee_id
                      AND before.company_id = now.company_id
                      AND before.date_from < now.date_from
                    WHERE now.id = ANY(%s)
                    ORDER BY now.id, before.date_from DESC""",
                self.ids,
            )
        )
        found = {
            key: (Decimal(closing or 0), Decimal(debt or 0))
            for key, closing, debt in rows
        }
        return defaultdict(lambda: (ZERO, ZERO), found)

    def _get_line_sums(self):
        """Return sums of the lines by statement id and column of the statement."""
        rows = self.env.execute_query(
            SQL(
                """SELECT statement.id,
                          CASE WHEN %s THEN 'held'
                               WHEN line.kind = 'draw' THEN 'draw'
                               WHEN line.kind = 'clawback' THEN 'clawback'
                               WHEN line.kind IN %s OR line.date < statement.date_from
                               THEN 'adjusted'
                               WHEN line.kind = 'bonus' THEN 'bonus'
                               ELSE 'commission' END AS part,
                          SUM(line.amount)::text
                     FROM hr_commission_statement statement
                     JOIN hr_commission_line line ON line.statement_id = statement.id
                    WHERE statement.id = ANY(%s) AND line.state != 'cancelled'
                    GROUP BY 1, 2""",
                held_sql("line"),
                CORRECTION_KINDS,
                self.ids,
            )
        )
        sums = defaultdict(lambda: defaultdict(Decimal))
        for statement_id, part, amount in rows:
            sums[statement_id][part] = Decimal(amount)
        return sums

    def _get_draw_terms(self):
        """Return the draw and guarantee of each statement's plan, by statement id."""
        terms = {}
        for date_to, statements in self.grouped("date_to").items():
            pairs = [(each.employee_id, each.company_id) for each in statements]
            found = self._get_terms_of(pairs, date_to.replace(day=1), date_to)
            for statement, pair in zip(statements, pairs, strict=True):
                terms[statement.id] = found[pair]
        return terms

    @api.model
    def _get_terms_of(self, pairs, date_from, date_to):
        """Return what people are promised in a month, by their plan or of their own.

        Who left before the month is promised nothing; what they owe may lapse.

        :param pairs: list of (hr.employee, res.company)
        :return: terms of ``Months.settle`` by pair; empty where nothing is promised
        """
        # sudo: the plan may be the parent company's
        Plan = self.env["hr.commission.plan"].sudo()
        calendar = Plan._get_calendar()
        employees = self.env["hr.employee"].union(*(pair[0] for pair in pairs))
        # sudo: hr.version - the plan only, for human resources
        personal = self.env["hr.version"].sudo()._get_commission_plans(employees)
        plans = {plan.id: plan for plan in Plan.browse(calendar.all_plan_ids)}

        def find_plan(*place):
            return plans.get(find_plan_id(calendar, None, *place), Plan)

        days = ContractDays(self.env, employees, date_from, personal, find_plan)
        return {
            pair: days.get_draw_terms(*pair)
            if self._is_employed(pair[0], date_from)
            else days.get_leaving_terms(*pair)
            for pair in pairs
        }

    @staticmethod
    def _is_employed(employee, day):
        """Whether an employee is still there on a day."""
        employee = employee.sudo()  # sudo: departures are for human resources
        if employee.active:
            return True
        left = employee.departure_date
        return bool(left and left >= day)

    def _settle(self, months, sums, terms):
        """Return the figures of one statement.

        :param Months months: where the statements before stand
        :param dict sums: from :meth:`_get_line_sums`
        :param dict terms: from :meth:`_get_draw_terms`
        """
        earned = sums["commission"] + sums["bonus"]
        adjusted = sums["adjusted"] + sums["clawback"]
        opening = months.opening
        has_draw = bool(months.debt) or any(
            terms.get(name) for name in ("draw", "minimum", "most", "least", "leaving")
        )
        settlement = months.settle(self.date_from, earned, adjusted=adjusted, **terms)
        return {
            "opening": float(opening),
            "earned": float(earned),
            "bonus": float(sums["bonus"]),
            "adjusted": float(adjusted),
            "clawback": float(sums["clawback"]),
            "held": float(sums["held"]),
            "draw": float(settlement.draw if has_draw else ZERO),
            "draw_debt": float(settlement.debt if has_draw else ZERO),
            "paid": float(settlement.paid),
            "closing": float(settlement.closing),
        }

    @api.model
    def _get_guaranteed_people(self, companies, date_from, date_to):
        """Return who is promised a payment even without any commission.

        :return: list of (employee id, company id)
        """
        guarantees = self.env["hr.commission.plan"]._search_in_force(
            Domain("date_start", "<=", date_to)
            & (Domain("draw_amount", ">", 0) | Domain("guaranteed_minimum", ">", 0))
        )
        if not guarantees and not self.env["hr.version"]._has_own_draws():
            return []
        # who left within the month and is archived is guaranteed the days before
        everybody = self.env["hr.employee"].with_context(active_test=False)
        employees = everybody.search(
            Domain("company_id", "in", companies.ids)
            & Domain("commission_role", "!=", "none")
            & (
                Domain("version_ids.date_version", "<=", date_to)
                | Domain("version_ids.contract_date_start", "<=", date_to)
            )
        )
        terms = self._get_terms_of(
            [(employee, employee.company_id) for employee in employees],
            date_from,
            date_to,
        )
        return [
            (employee.id, company.id)
            for (employee, company), found in terms.items()
            if found.get("draw") or found.get("minimum")
        ]
