# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""The management's board: figures of companies side by side."""

from collections import Counter, defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..pipeline.day_sums import (
    ARRIVALS,
    CONVERSIONS,
    FLOW,
    LEDGER,
    sums_of_credits,
    sums_of_qualified,
)
from ..pipeline.given import to_period
from ..pipeline.key_figures import KEY_FIGURES, describe_figure
from ..pipeline.states import COST_STATES
from .hr_commission_board import CREDIT, LINE, BoardFilter

MONEY = ("commission", "marketing_cost", "signed", "own_signed")
#: what is summed of marketing's qualified leads, and of all won deals
OF_QUALIFIED = ("followed_up", "signed_by_today", "open")
OF_WON = ("repeats", "referrals", "own_signed", "days", "timed")
#: what _read_flow sums up of what happened, first grouped by all that the sums ask for:
#: a dozen sums of each credit cost more than reading it
FLOW_SUMS = """
    SELECT company_ref AS company_id, event_type, role, SUM(amount) AS amount,
           SUM(number) AS number,
           SUM(number) FILTER (WHERE is_followed) AS followed_up,
           SUM(number) FILTER (WHERE state = 'won') AS signed_by_today,
           SUM(number) FILTER (WHERE state = 'pending' AND is_active) AS open,
           SUM(number) FILTER (
               WHERE commission_source = 'marketing' AND is_followed) AS joint,
           SUM(number) FILTER (WHERE is_repurchase) AS repeats,
           SUM(number) FILTER (WHERE commission_source = 'referral') AS referrals,
           SUM(amount) FILTER (WHERE commission_source = 'own') AS own_signed,
           SUM(number) FILTER (WHERE is_timed) AS timed,
           SUM(days) AS days
      FROM (%s) flow
     WHERE %s
     GROUP BY company_ref, event_type, role
"""
#: what the sums of credits are asked for
FLOW_COLUMNS = (
    *("company_ref", "event_type", "role", "commission_source", "state"),
    *("is_followed", "is_active", "is_repurchase", "is_timed"),
    *("amount", "number", "days"),
)
#: what the values of the dimensions of conversion are records of
MODELS_OF = {
    "deal_company_id": "res.company",
    "team_id": "crm.team",
    "source_id": "utm.source",
}
PATH = "crm.lead.path.report"
#: conversions of cohorts, which rise for as long as leads are open
CONVERSION_RATES = ("synergy_rate", "overall_rate")


class HrCommissionBoard(models.AbstractModel):
    _inherit = "hr.commission.board"

    @api.model
    @api.readonly
    def get_management_board(
        self, date_from, date_to, company_id=False, team_id=False, source=False
    ):
        """Return how marketing and sales work together in the selected companies.

        :param date_from: first day, as text or date
        :param date_to: last day
        :param company_id: only this one of the selected companies
        :param team_id: only the leads of this sales team
        :param source: only customers of this source
        :return: ``figures``: what the key figures are called and count; ``records``:
            what each opens, rows have theirs as ``domain``; ``current`` and
            ``previous`` key figures (see :meth:`_get_figures`),
            ``branches`` with the figures of each branch, ``conversions`` by customer
            source, branch, team and channel, the same by month in ``months``, crossed
            ``alerts``, ``health`` to look at, ``companies``, ``teams`` and ``customer_sources`` to choose from and the first steps
            (see :meth:`_get_first_steps`)
        :rtype: dict
        """
        start, end = to_period(self.env, date_from, date_to)
        companies = self._read_companies(company_id)
        chosen = self._read_filter(team_id, source)
        by_company = self._read_figures(start, end, companies, chosen)
        before = self._get_period_before(start, end)
        board = {
            "currency_id": self.env.company.currency_id.id,
            "figures": self._get_figure_definitions(),
            "records": self._get_key_records(start, end, companies, chosen),
            "current": self._combine(by_company),
            "previous": self._get_figures(*before, companies, chosen),
            "branches": self._get_branches(by_company, companies),
            "conversions": self._get_conversions(start, end, companies, chosen),
            "months": self._get_conversion_months(end, companies, chosen),
            "alerts": self._get_alerts(companies),
            "health": self._get_health(companies),
            **self._get_choices(self.env.companies),
            **self._get_first_steps(self.env.companies),
        }
        self._add_key_records(board, start, end, companies, chosen)
        return board

    def _get_figures(self, start, end, companies, chosen):
        """Return the key figures of a period, in the current company's currency.

        What each counts is said in :data:`KEY_FIGURES`. Beside them: ``won``: all deals
        signed, half a deal where a company or what the reader may see has half of it;
        ``came``: leads whose first contact is in the period; ``open_rate``: of marketing's
        leads qualified in the period, the percentage still open.

        Only lines, credits and leads the reader may see count.
        """
        return self._combine(self._read_figures(start, end, companies, chosen))

    @api.model
    def _get_figure_definitions(self):
        """Return what the figures of the board are called, and what they count."""
        return [
            {
                "id": code,
                "label": self.env._(figure.label),
                "help": describe_figure(self.env, figure),
                "type": figure.unit,
                "better": figure.better,
            }
            for code, figure in KEY_FIGURES.items()
            if figure.on_board
        ]

    def _get_rate_by_end(self, code, start, end, companies, chosen):
        """Return a conversion as it was on the last day of its period, in percent.

        Of periods one after the other it compares: each had the same time.

        :param code: of :data:`CONVERSION_RATES`
        """
        won = Domain("won_status", "=", "won") & Domain("date_won", "<=", end)
        of_company = Domain("company_id", "in", companies.ids)
        if code == "overall_rate":
            came = self._between(start, end, "first_touch_date") & of_company
            came &= chosen.leads
            whole, part = map(self.env[PATH].search_count, (came, came & won))
        else:
            kind = Domain("event_type", "=", "lead_qualified")
            qualified = self._between(start, end) & of_company & chosen.credits
            qualified &= Domain("role", "=", "marketing")
            qualified &= Domain(
                "event_id", "any!", kind & Domain("date_reversed", "=", False)
            )
            signed = Domain("event_id", "any!", Domain("lead_id", "any!", won))
            whole, part = (
                self.env[CREDIT]._read_group(domain, [], ["share:sum"])[0][0]
                for domain in (qualified, qualified & signed)
            )
        return 100.0 * (part or 0) / whole if whole else 0.0

    def _get_branches(self, by_company, companies):
        if len(companies) < 2:
            return []
        return [
            {
                "id": company.id,
                "name": company.name,
                **self._combine({company.id: by_company[company.id]}),
            }
            for company in companies
        ]

    def _combine(self, by_company):
        """Return figures of several companies in the current company's currency.

        :param by_company: sums by company id, money in its own currency
        """
        sums = Counter()
        for company_id, part in by_company.items():
            company = self.env["res.company"].browse(company_id)
            for name, value in part.items():
                sums[name] += self._convert(company, value) if name in MONEY else value
        return _rates(sums)

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _read_figures(self, start, end, companies, chosen):
        """Return the sums of each company, by its id."""
        by_company = defaultdict(Counter)
        for company_id, role, amount in self._read_costs(start, end, companies, chosen):
            sums = by_company[company_id]
            sums["commission"] += amount
            sums["marketing_cost"] += amount if role == "marketing" else 0.0
        for row in self._read_flow(start, end, companies, chosen):
            self._add_flow(by_company[row.pop("company_id")], row)
        for company_id, is_won, count in self._read_arrivals(
            start, end, companies, chosen
        ):
            by_company[company_id]["came"] += count
            by_company[company_id]["came_won"] += count if is_won else 0
        return by_company

    @staticmethod
    def _add_flow(sums, row):
        """Count what happened of one type, by one role, in the sums of its company."""
        kind = row["event_type"], row["role"]
        if kind == ("lead_qualified", "marketing"):
            names = {"qualified": "number", **{name: name for name in OF_QUALIFIED}}
        elif kind == ("deal_won", "marketing"):
            names = {"won_marketing": "number", "joint": "joint"}
        elif kind == ("deal_won", "sales"):
            names = {"won": "number", "signed": "amount"}
            names |= {name: name for name in OF_WON}
        else:
            return
        sums.update({name: float(row[column] or 0) for name, column in names.items()})

    def _reads_sums(self, model, companies, chosen):
        """Whether sums of days say what the reader may see of a model, as chosen."""
        return type(chosen) is BoardFilter and self.env["hr.commission.day"]._sees_all(
            model, companies
        )

    @api.model
    def _of_sums(self, companies, chosen):
        """Return the condition of sums of some companies, as chosen."""
        return SQL(
            "company_ref = ANY(%s) AND %s", companies.ids, self._of_source(chosen)
        )

    @api.model
    def _of_source(self, chosen):
        if not chosen.source:
            return SQL("TRUE")
        return SQL("commission_source = %s", chosen.source)

    def _read_arrivals(self, start, end, companies, chosen):
        """Return company id, whether won by today, and how many leads came in a period.

        Those that the reader finds in the full path analysis, which the figure opens.
        """
        if self._reads_sums(PATH, companies, chosen):
            rows = self._sum_days(ARRIVALS, start, end, companies, chosen, "number")
            return [(company, status == "won", int(n)) for company, status, n in rows]
        rows = self.env[PATH]._read_group(
            self._between(start, end, "first_touch_date")
            & Domain("company_id", "in", companies.ids)
            & chosen.leads,
            ["company_id", "won_status"],
            ["__count"],
        )
        return [(company.id, status == "won", count) for company, status, count in rows]

    def _read_costs(self, start, end, companies, chosen):
        """Return company id, role and amount of what was earned in a period."""
        if self._reads_sums(LINE, companies, chosen):
            earned = SQL("state = ANY(%s)", list(COST_STATES))
            return self._sum_days(
                *(LEDGER, start, end, companies, chosen, "amount", "role", earned)
            )
        rows = self.env[LINE]._read_group(
            self._between(start, end)
            & Domain("company_id", "in", companies.ids)
            & Domain("state", "in", COST_STATES)
            & chosen.lines,
            ["company_id", "role"],
            ["amount:sum"],
        )
        return [(company.id, role, amount or 0.0) for company, role, amount in rows]

    def _sum_days(
        self, kind, start, end, companies, chosen, what, by="state", where=None
    ):
        """Return company id, group and sum of the days of a period.

        :param kind: of ``day_sums.KINDS``, one that is a single sum
        :param what: the column that is summed up
        :param by: the column that it is grouped by
        :param SQL where: of which sums, all without it
        """
        days = self.env["hr.commission.day"]._select(
            kind,
            start,
            end,
            ("company_ref", "commission_source", "role", "state", "amount", "number"),
            [kind],
            chosen.team_id,
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT company_ref, %(by)s, SUM(%(what)s) FROM (%(days)s) day
                    WHERE %(of_sums)s AND %(where)s GROUP BY company_ref, %(by)s""",
                by=SQL.identifier(by),
                what=SQL.identifier(what),
                days=days,
                of_sums=self._of_sums(companies, chosen),
                where=where or SQL("TRUE"),
            )
        )
        return [(company_id, group, float(value)) for company_id, group, value in rows]

    def _select_credits(self, start, end, companies, chosen, columns):
        """Return the columns of the credits of a period that the reader may see."""
        credits = self.env[CREDIT]._search(
            self._between(start, end)
            & Domain("company_id", "in", companies.ids)
            & chosen.credits
            & Domain("share", ">", 0)
            & Domain("manager_level", "=", 0)
        )
        return self._select(credits, *columns)

    def _read_flow(self, start, end, companies, chosen):
        """Return what happened in a period by company, type of event and role.

        ``amount`` and ``number`` of events; of them those whose lead the salesperson
        ``followed_up`` (of marketing's customers: ``joint``), is won
        (``signed_by_today``) or ``open``, is a repurchase (``repeats``) or came by
        recommendation (``referrals``); the amount of own customers (``own_signed``);
        the ``days`` from the first contact, of those (``timed``) whose first contact is
        known. Shared events count with the shares, so that companies sum to the whole.
        """
        if self._reads_sums(CREDIT, companies, chosen):
            flow = self.env["hr.commission.day"]._select(
                FLOW, start, end, FLOW_COLUMNS, [FLOW], chosen.team_id
            )
            where = self._of_sums(companies, chosen)
        else:
            self.env["crm.lead"].flush_model()
            columns = ("event_id", "date", "company_id", "role", "share", "amount")
            flow = sums_of_credits(
                self._select_credits(start, end, companies, chosen, columns),
                (start, end),
            )
            where = SQL("TRUE")
        return self.env.execute_query_dict(SQL(FLOW_SUMS, flow, where))

    def _read_qualified(self, start, end, companies, chosen, dimensions, month=False):
        """Return how many leads were qualified in a period, and won by today.

        :param dimensions: of ``day_sums.CONVERSIONS``
        :param month: by month, instead of the values of one dimension
        :return: (dimension, value as text or month, qualified, won)
        """
        if self._reads_sums(CREDIT, companies, chosen):
            names = (
                *("kind", "date", "companies", "commission_source", "state", "value"),
                "number",
            )
            sums = self.env["hr.commission.day"]._select(
                FLOW, start, end, names, dimensions, chosen.team_id
            )
            where = SQL(
                "string_to_array(companies, ',')::int[] && %s::int[] AND %s",
                companies.ids,
                self._of_source(chosen),
            )
        else:
            self.env["crm.lead"].flush_model()
            columns = ("event_id", "date", "company_id")
            sums = sums_of_qualified(
                self._select_credits(start, end, companies, chosen, columns),
                dimensions,
                (start, end),
            )
            where = SQL("TRUE")
        return self.env.execute_query(
            SQL(
                """SELECT split_part(kind, '/', 1), %s, SUM(number)::int,
                          COALESCE(SUM(number) FILTER (WHERE state = 'won'), 0)::int
                     FROM (%s) qualified WHERE %s GROUP BY 1, 2""",
                SQL("date_trunc('month', date)::date") if month else SQL("value"),
                sums,
                where,
            )
        )

    # ------------------------------------------------------------------
    # The other parts of the board
    # ------------------------------------------------------------------

    def _get_conversions(self, start, end, companies, chosen):
        """Return the groups of each dimension, those with most qualified leads first."""
        conversions = {name: [] for name in CONVERSIONS}
        for name, value, qualified, won in self._read_qualified(
            start, end, companies, chosen, list(CONVERSIONS)
        ):
            if value and name in MODELS_OF:
                value = int(value)
            conversions[name].append(
                {"value": value or False, **_conversion(qualified, won)}
            )
        for rows in conversions.values():
            rows.sort(key=lambda row: (-row["qualified"], str(row["value"])))
        for name, model in MODELS_OF.items():
            self._name_values(conversions[name], model)
        return conversions

    def _get_conversion_months(self, end, companies, chosen):
        """Return the conversion of the six months up to a day, oldest first."""
        end = min(end, self.env.company._commission_local_date())
        first = end.replace(day=1) - relativedelta(months=5)
        cohort = {
            month: _conversion(qualified, won)
            for _kind, month, qualified, won in self._read_qualified(
                first, end, companies, chosen, ["commission_source"], month=True
            )
        }
        months = [first + relativedelta(months=number) for number in range(6)]
        return [
            {
                "month": fields.Date.to_string(month),
                "last_day": fields.Date.to_string(
                    min(end, month + relativedelta(day=31))
                ),
                **cohort.get(month, _conversion(0, 0)),
            }
            for month in months
        ]

    def _name_values(self, rows, model):
        records = self.env[model].sudo()  # sudo: names of groups of visible deals
        for row in rows:
            row["name"] = records.browse(row["value"] or ()).display_name or ""

    def _get_health(self, companies):
        """Return what the health page has for officers to look at."""
        Health = self.env["hr.commission.health"]
        if not Health.has_access("read"):
            return []
        checks = Health.search(
            [("company_id", "in", companies.ids), ("state", "!=", "ok")]
        )
        return [
            {
                "id": check.id,
                "name": check.display_name,
                "detail": check.detail,
                "company": check.company_id.name,
            }
            for check in checks
            if check.code != "transport"
        ]

    def _get_alerts(self, companies):
        """Return the crossed alerts, to those who may read alerts."""
        Alert = self.env["hr.commission.alert"]
        if not Alert.has_access("read"):
            return []
        alerts = Alert.search([("company_id", "in", companies.ids)])
        labels = dict(Alert._fields["figure"]._description_selection(self.env))
        return [
            {
                "id": alert.id,
                "name": alert.name,
                "figure": labels[alert.figure],
                "value": alert.value,
                "threshold": alert.threshold,
                "condition": alert.condition,
                "lever": alert.lever,
                "company": alert.company_id.name,
            }
            for alert in alerts
            if alert.is_crossed
        ]


def _conversion(qualified, won):
    return {
        "qualified": qualified,
        "won": won,
        "rate": 100.0 * won / qualified if qualified else 0.0,
    }


def _rates(sums):
    """Add the rates to the sums of a company or of all."""

    def divide(part, whole):
        return sums[part] / sums[whole] if sums[whole] else 0.0

    return {
        **{name: sums[name] for name in ("commission", "signed", "qualified", "won")},
        **{name: sums[name] for name in ("won_marketing", "joint", "came")},
        "cost_ratio": 100.0 * divide("commission", "signed"),
        "synergy_rate": 100.0 * divide("signed_by_today", "qualified"),
        "open_rate": 100.0 * divide("open", "qualified"),
        "followup_rate": 100.0 * divide("followed_up", "qualified"),
        "overall_rate": 100.0 * divide("came_won", "came"),
        "repeat_rate": 100.0 * divide("repeats", "won"),
        "referral_rate": 100.0 * divide("referrals", "won"),
        "time_to_sign": divide("days", "timed"),
        "own_share": 100.0 * divide("own_signed", "signed"),
        "cost_per_lead": divide("marketing_cost", "qualified"),
        "cost_per_deal": divide("marketing_cost", "won_marketing"),
    }
