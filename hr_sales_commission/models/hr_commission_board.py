from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

LINE = "hr.commission.line"
CREDIT = "hr.commission.credit"
PAYABLE_STATES = ("draft", "approved", "in_payroll", "paid")


class HrCommissionBoard(models.AbstractModel):
    """The figures of the boards, computed as the reader: record rules decide."""

    _name = "hr.commission.board"
    _description = "Commission Board"

    # ------------------------------------------------------------------
    # My commissions
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_my_board(self, date_from, date_to):
        """Return what the current user earns in a period, and why.

        :param date_from: first day, as text or date
        :param date_to: last day
        :return: plain values: ``totals`` by state, ``bonus``, ``sources`` (deals, signed
            amount, commission and rate by customer source), ``kinds``, ``upcoming``
            payments, ``targets``, ``marketing`` (leads, qualified, won), ``months``
        :rtype: dict
        """
        start, end = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        mine = Domain("user_id", "=", self.env.uid)
        period = mine & Domain("date", ">=", start) & Domain("date", "<=", end)
        before = self._get_period_before(start, end)
        previous = (
            mine & Domain("date", ">=", before[0]) & Domain("date", "<=", before[1])
        )
        currency = self.env.company.currency_id
        return {
            "currency_id": currency.id,
            "date_from": fields.Date.to_string(start),
            "date_to": fields.Date.to_string(end),
            "role": self._get_my_role(),
            "totals": self._sum_by(period, "state"),
            "previous_total": self._sum_payable(previous),
            "bonus": self._sum_payable(period & Domain("kind", "=", "bonus")),
            "disputed": self._sum_lines(period & Domain("is_disputed", "=", True)),
            "sources": self._get_sources(period),
            "upcoming": self._get_upcoming(mine),
            "targets": self._get_targets(mine, start, end),
            "marketing": self._get_marketing(period),
            "months": self._get_months(mine, end),
        }

    @api.model
    def _get_period_before(self, start, end):
        """Return the period of the same length before, whole months as months."""
        if start.day == 1 and end + timedelta(days=1) == (
            end + timedelta(days=1)
        ).replace(day=1):
            months = (end.year - start.year) * 12 + end.month - start.month + 1
            return start - relativedelta(months=months), start - timedelta(days=1)
        length = end - start + timedelta(days=1)
        return start - length, end - length

    def _get_my_role(self):
        employee = self.env.user.sudo().employee_id  # sudo: the user's own role
        return employee.commission_role or "none"

    def _sum_lines(self, domain):
        return self.env[LINE]._read_group(domain, [], ["amount:sum"])[0][0] or 0.0

    def _sum_payable(self, domain):
        return self._sum_lines(domain & Domain("state", "in", PAYABLE_STATES))

    def _sum_by(self, domain, name):
        groups = self.env[LINE]._read_group(domain, [name], ["amount:sum", "__count"])
        return {
            key: {"amount": amount or 0.0, "count": count}
            for key, amount, count in groups
        }

    def _get_sources(self, period):
        """Own against marketing's customers, side by side."""
        signed = {
            source: (amount or 0.0, count)
            for source, amount, count in self._read_signed(period)
        }
        earned = self._sum_by(
            period & Domain("state", "in", (*PAYABLE_STATES, "held")),
            "commission_source",
        )
        sources = []
        for source in ("marketing", "own", "referral"):
            amount, count = signed.get(source, (0.0, 0))
            commission = earned.get(source, {}).get("amount", 0.0)
            sources.append(
                {
                    "source": source,
                    "deals": count,
                    "signed": amount,
                    "commission": commission,
                    "rate": 100.0 * commission / amount if amount else 0.0,
                }
            )
        return sources

    def _read_signed(self, period):
        """Return (source, amount, deals) of the credits of won deals.

        Only credits that the reader may see: the search applies the record rules.
        """
        credits = self.env[CREDIT]._search(
            period
            & Domain("event_type", "=", "deal_won")
            & Domain("share", ">", 0)
            & Domain("role", "!=", "manager")
        )
        return self.env.execute_query(
            SQL(
                """SELECT lead.commission_source, SUM(credit.amount),
                          COUNT(DISTINCT credit.event_id)
                     FROM hr_commission_credit credit
                     JOIN hr_commission_event event
                       ON event.id = credit.event_id AND event.date_reversed IS NULL
                     JOIN crm_lead lead ON lead.id = event.lead_id
                    WHERE credit.id IN %s
                    GROUP BY lead.commission_source""",
                credits.subselect(),
            )
        )

    def _get_upcoming(self, mine):
        """Return what is expected to be paid, by due day, from today on."""
        groups = self.env[LINE]._read_group(
            mine & Domain("state", "in", ("draft", "approved", "in_payroll")),
            ["date_due:day"],
            ["amount:sum"],
            limit=6,
            order="date_due:day",
        )
        return [
            {"date": fields.Date.to_string(day), "amount": amount}
            for day, amount in groups
            if day
        ]

    def _get_targets(self, mine, start, end):
        targets = self.env["hr.commission.target"].search(
            mine & Domain("date_from", "<=", end) & Domain("date_to", ">=", start)
        )
        return [
            {
                "id": target.id,
                "measure": target.measure,
                "period": target.period,
                "amount": target.amount,
                "achieved": target.achieved,
                "attainment": target.attainment,
            }
            for target in targets
        ]

    def _get_marketing(self, period):
        """Return leads brought, qualified and won by the reader as a marketer."""
        employees = self.env["hr.employee"].sudo().search(  # sudo: the reader's own
            [("user_id", "=", self.env.uid)]
        )
        bounds = {
            condition.operator: condition.value
            for condition in period.iter_conditions()
            if condition.field_expr == "date"
        }
        rows = self.env.execute_query(
            SQL(
                """SELECT COUNT(*), COUNT(*) FILTER (WHERE is_qualified),
                          COUNT(*) FILTER (WHERE won_status = 'won')
                     FROM crm_lead
                    WHERE marketer_id = ANY(%s)
                      AND first_touch_date BETWEEN %s AND %s""",
                employees.ids,
                bounds[">="],
                bounds["<="],
            )
        )
        leads, qualified, won = rows[0]
        return {
            "leads": leads,
            "qualified": qualified,
            "won": won,
            "qualified_rate": 100.0 * qualified / leads if leads else 0.0,
            "conversion_rate": 100.0 * won / qualified if qualified else 0.0,
        }

    def _get_months(self, mine, end):
        """Return the last six months by month, commission and bonus apart."""
        first = end.replace(day=1) - relativedelta(months=5)
        groups = self.env[LINE]._read_group(
            mine
            & Domain("date", ">=", first)
            & Domain("date", "<=", end)
            & Domain("state", "in", PAYABLE_STATES),
            ["date:month", "kind"],
            ["amount:sum"],
        )
        months = {
            first + relativedelta(months=number): {"commission": 0.0, "bonus": 0.0}
            for number in range(6)
        }
        for month, kind, amount in groups:
            part = "bonus" if kind == "bonus" else "commission"
            months[month][part] += amount or 0.0
        return [
            {"month": fields.Date.to_string(month), **parts}
            for month, parts in months.items()
        ]

    # ------------------------------------------------------------------
    # Management
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_management_board(self, date_from, date_to):
        """Return how marketing and sales work together in the selected companies.

        :return: ``current`` and ``previous`` key figures (see :meth:`_get_figures`),
            and ``branches`` with the figures of each branch
        :rtype: dict
        """
        start, end = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        before = self._get_period_before(start, end)
        return {
            "currency_id": self.env.company.currency_id.id,
            "current": self._get_figures(start, end),
            "previous": self._get_figures(*before),
            "branches": [
                {
                    "id": company.id,
                    "name": company.name,
                    **self._get_figures(start, end, company),
                }
                for company in self.env.companies
            ]
            if len(self.env.companies) > 1
            else [],
        }

    def _get_figures(self, start, end, companies=None):
        """Return the key figures of a period.

        - ``leads``, ``qualified``, ``won``: leads of marketing that came in the period
        - ``synergy_rate``: percent of marketing's qualified leads that were won
        - ``cost_per_lead``, ``cost_per_deal``: marketing's commissions per each
        - ``cost_ratio``: commissions in percent of the signed amount

        Only lines and credits the reader may see count.
        """
        period = (
            Domain("date", ">=", start)
            & Domain("date", "<=", end)
            & Domain("company_id", "in", (companies or self.env.companies).ids)
        )
        paying = period & Domain("state", "in", (*PAYABLE_STATES, "held"))
        commission = self._sum_lines(paying)
        marketing_cost = self._sum_lines(paying & Domain("role", "=", "marketing"))
        Credit = self.env[CREDIT]
        valid = period & Domain("share", ">", 0)
        qualified = self._count_events(
            valid
            & Domain("event_type", "=", "lead_qualified")
            & Domain("role", "=", "marketing")
        )
        won_marketing = self._count_events(
            valid & Domain("event_type", "=", "deal_won") & Domain("role", "=", "marketing")
        )
        sales = (
            valid & Domain("event_type", "=", "deal_won") & Domain("role", "=", "sales")
        )
        signed = Credit._read_group(sales, [], ["amount:sum"])[0][0] or 0.0
        won = self._count_events(sales)
        return {
            "commission": commission,
            "signed": signed,
            "qualified": qualified,
            "won": won,
            "won_marketing": won_marketing,
            "cost_ratio": 100.0 * commission / signed if signed else 0.0,
            "synergy_rate": 100.0 * won_marketing / qualified if qualified else 0.0,
            "cost_per_lead": marketing_cost / qualified if qualified else 0.0,
            "cost_per_deal": marketing_cost / won_marketing if won_marketing else 0.0,
        }

    def _count_events(self, domain):
        return self.env[CREDIT]._read_group(
            domain & Domain("date_reversed", "=", False),
            [],
            ["event_id:count_distinct"],
        )[0][0]
