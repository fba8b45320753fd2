"""The management's board: figures of companies side by side."""

from collections import Counter, defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..pipeline.board_records import COST_STATES
from ..pipeline.given import to_id, to_period
from ..pipeline.key_figures import KEY_FIGURES, describe_figure
from .hr_commission_board import CREDIT, LINE

MONEY = ("commission", "marketing_cost", "signed", "own_signed")
#: what is summed of marketing's qualified leads, and of all won deals
OF_QUALIFIED = ("followed_up", "signed_by_today", "open")
OF_WON = ("repeats", "referrals", "own_signed", "days", "timed")
#: what _read_flow sums up of groups of credits
FLOW_SUMS = SQL(
    """SUM(amount) AS amount, SUM(number) AS number,
       SUM(number) FILTER (WHERE is_followed) AS followed_up,
       SUM(number) FILTER (WHERE won_status = 'won') AS signed_by_today,
       SUM(number) FILTER (WHERE won_status = 'pending' AND active) AS open,
       SUM(number) FILTER (WHERE source = 'marketing' AND is_followed) AS joint,
       SUM(number) FILTER (WHERE is_repurchase) AS repeats,
       SUM(number) FILTER (WHERE source = 'referral') AS referrals,
       SUM(amount) FILTER (WHERE source = 'own') AS own_signed,
       SUM(number) FILTER (WHERE is_timed) AS timed,
       SUM(days) AS days"""
)

#: what happened, first grouped by all that the sums ask for: a dozen sums of each credit
#: cost more than reading it
FLOW = """
    SELECT company_id, event_type, role, %(sums)s
      FROM (SELECT credit.company_id, event.event_type, credit.role,
                   lead.followup_count > 0 AS is_followed,
                   lead.won_status, lead.active,
                   lead.commission_source AS source, event.is_repurchase,
                   lead.first_touch_date IS NOT NULL AS is_timed,
                   SUM(credit.amount) AS amount, SUM(credit.share) AS number,
                   SUM(credit.share
                       * GREATEST(event.date - lead.first_touch_date, 0)) AS days
              FROM (%(credits)s) credit
              JOIN hr_commission_event event
                ON event.id = credit.event_id
               AND event.date BETWEEN %(start)s AND %(end)s
               AND event.date_reversed IS NULL
               AND (event.event_type = 'deal_won'
                    OR event.event_type = 'lead_qualified'
                       AND credit.role = 'marketing')
         LEFT JOIN crm_lead lead ON lead.id = event.lead_id
             GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) flow
     GROUP BY company_id, event_type, role
"""
#: the dimensions that conversion is shown by, as fields of credits, and their columns
CONVERSIONS = {
    "commission_source": SQL("lead.commission_source"),
    "deal_company_id": SQL("event.company_id"),
    "team_id": SQL("lead.team_id"),
    "source_id": SQL("lead.source_id"),
}
MONTH = SQL("date_trunc('month', event.date)::date")


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
            ``alerts``, ``health`` to look at, ``companies`` and ``teams`` to choose from and the first steps
            (see :meth:`_get_first_steps`)
        :rtype: dict
        """
        start, end = to_period(self.env, date_from, date_to)
        company_id = to_id(self.env, company_id)
        chosen = self._read_filter(team_id, source)
        companies = self.env.companies
        if company_id:
            companies = companies.filtered(lambda each: each.id == company_id)
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

    def _get_chosen_figures(self, start, end, company, chosen):
        """Return the key figures of a company in its own currency, of some deals."""
        return _rates(self._read_figures(start, end, company, chosen)[company.id])

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
        for company, role, amount in self._read_costs(start, end, companies, chosen):
            sums = by_company[company.id]
            sums["commission"] += amount or 0.0
            sums["marketing_cost"] += (amount or 0.0) if role == "marketing" else 0.0
        for row in self._read_flow(start, end, companies, chosen):
            self._add_flow(by_company[row.pop("company_id")], row)
        for company, is_won, count in self._read_arrivals(
            start, end, companies, chosen
        ):
            by_company[company.id]["came"] += count
            by_company[company.id]["came_won"] += count if is_won else 0
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

    def _read_arrivals(self, start, end, companies, chosen):
        """Return company, whether won by today, and how many leads came in a period.

        Those that the reader finds in the full path analysis, which the figure opens.
        """
        rows = self.env["crm.lead.path.report"]._read_group(
            self._between(start, end, "first_touch_date")
            & Domain("company_id", "in", companies.ids)
            & chosen.leads,
            ["company_id", "won_status"],
            ["__count"],
        )
        return [(company, status == "won", count) for company, status, count in rows]

    def _read_costs(self, start, end, companies, chosen):
        """Return company, role and amount of what was earned in a period."""
        return self.env[LINE]._read_group(
            self._between(start, end)
            & Domain("company_id", "in", companies.ids)
            & Domain("state", "in", COST_STATES)
            & chosen.lines,
            ["company_id", "role"],
            ["amount:sum"],
        )

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
        (``signed_by_today``) or ``open``, is a repurchase (``repeats``) or came by recommendation (``referrals``); the amount of own
        customers (``own_signed``); the ``days`` from the first contact, of those
        (``timed``) whose first contact is known. Shared events count with the shares, so that companies sum to the whole.
        """
        self.env["crm.lead"].flush_model()
        return self.env.execute_query_dict(
            SQL(
                FLOW,
                sums=FLOW_SUMS,
                credits=self._select_credits(
                    start,
                    end,
                    companies,
                    chosen,
                    ("event_id", "company_id", "role", "share", "amount"),
                ),
                start=start,
                end=end,
            )
        )

    def _read_cohort(self, start, end, companies, chosen, columns):
        """Return the leads qualified in a period and how many are won by today.

        :param columns: what they are grouped by, each alone
        :return: (value of each column or None, which one it is grouped by, qualified,
            won)
        """
        self.env["crm.lead"].flush_model(
            ["commission_source", "team_id", "source_id", "won_status"]
        )
        return self.env.execute_query(
            SQL(
                """SELECT %(columns)s, GROUPING(%(columns)s), COUNT(*),
                          COUNT(*) FILTER (WHERE lead.won_status = 'won')
                     FROM hr_commission_event event
                     JOIN crm_lead lead ON lead.id = event.lead_id
                    WHERE event.event_type = 'lead_qualified'
                      AND event.date BETWEEN %(start)s AND %(end)s
                      AND event.date_reversed IS NULL
                      AND event.id IN (%(credits)s)
                    GROUP BY GROUPING SETS (%(sets)s)""",
                columns=SQL(", ").join(columns),
                sets=SQL(", ").join(SQL("(%s)", column) for column in columns),
                credits=self._select_credits(
                    start, end, companies, chosen, ("event_id",)
                ),
                start=start,
                end=end,
            )
        )

    # ------------------------------------------------------------------
    # The other parts of the board
    # ------------------------------------------------------------------

    def _get_conversions(self, start, end, companies, chosen):
        """Return the groups of each dimension, those with most qualified leads first."""
        names, columns = list(CONVERSIONS), list(CONVERSIONS.values())
        conversions = {name: [] for name in names}
        for *values, grouping, qualified, won in self._read_cohort(
            start, end, companies, chosen, columns
        ):
            # GROUPING has a bit for each column, set for those not grouped by
            column = next(
                number
                for number, bit in enumerate(reversed(range(len(columns))))
                if not grouping & (1 << bit)
            )
            conversions[names[column]].append(
                {"value": values[column] or False, **_conversion(qualified, won)}
            )
        for rows in conversions.values():
            rows.sort(key=lambda row: -row["qualified"])
        self._name_values(conversions["deal_company_id"], "res.company")
        self._name_values(conversions["team_id"], "crm.team")
        self._name_values(conversions["source_id"], "utm.source")
        return conversions

    def _get_conversion_months(self, end, companies, chosen):
        """Return the conversion of the six months up to a day, oldest first."""
        end = min(end, fields.Date.context_today(self))
        first = end.replace(day=1) - relativedelta(months=5)
        cohort = {
            month: _conversion(qualified, won)
            for month, _grouping, qualified, won in self._read_cohort(
                first, end, companies, chosen, [MONTH]
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
