# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What boards read of everybody: a row for each day and all that they group by."""

import logging
from collections.abc import Set

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..pipeline.day_sums import COLUMNS, KINDS, of_team, sums_of_days
from ..pipeline.isolation import isolated, retried
from .hr_commission_stale import DAYS_OF_MARKS

_logger = logging.getLogger(__name__)

#: days summed up at once, each time with a commit; bounds memory and locks
DAYS_AT_ONCE = 31


class HrCommissionDay(models.Model):
    """What the lines, credits and leads of a day come to, summed up behind the scenes.

    Only whole companies are told apart, not people, so that there are as many rows
    whether a day has ten deals or ten thousand. Days that changed since, see
    ``hr.commission.stale``, are summed up anew whenever they are read: what is read is
    always what a query of the records themselves would say.
    """

    _name = "hr.commission.day"
    _description = "Commission Sums of a Day"
    _log_access = False
    _rec_name = "date"

    kind = fields.Char(required=True, readonly=True, help="What is summed up.")
    date = fields.Date(required=True, readonly=True)
    # numbers and text: keys would be checked with every row
    company_ref = fields.Integer(
        string="Company ID",
        readonly=True,
        help="Branch of the lines, credits or leads.",
    )
    team_ref = fields.Integer(
        string="Sales Team ID",
        readonly=True,
        help="Of sums that are told by sales team: the team of the leads today.",
    )
    companies = fields.Char(
        readonly=True, help="Of qualified leads: all branches credited, by id."
    )
    event_type = fields.Char(readonly=True)
    role = fields.Char(readonly=True)
    commission_source = fields.Char(string="Customer Source", readonly=True)
    state = fields.Char(readonly=True, help="State of the lines, or of the deals.")
    value = fields.Char(readonly=True, help="Group of the dimension that kind names.")
    is_disputed = fields.Boolean(readonly=True)
    is_followed = fields.Boolean(string="Followed Up", readonly=True)
    is_active = fields.Boolean(string="Lead in Use", readonly=True)
    is_repurchase = fields.Boolean(string="Repurchase", readonly=True)
    is_timed = fields.Boolean(string="First Contact Known", readonly=True)
    amount = fields.Float(digits=0, readonly=True, help="In the branch's currency.")
    number = fields.Float(
        digits=0, readonly=True, help="Of lines, leads, or shares of credits."
    )
    days = fields.Float(
        digits=0, readonly=True, help="From first contacts to wins, by share."
    )

    _kind_date_idx = models.Index("(kind, date)")

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    @api.model
    def _select(self, kind, start, end, names, sums, team_id=False):
        """Return the query of what the days of a period come to.

        Whoever reads it sees everything of the companies: see :meth:`_sees_all`.

        :param kind: of ``day_sums.KINDS``
        :param names: columns of ``day_sums.COLUMNS``
        :param sums: which sums of that kind, as named for all deals
        :param team_id: of the leads of this sales team only
        :rtype: SQL
        """
        if team_id:
            sums = [*map(of_team, sums)]
        self._flush()
        stale = self.env["hr.commission.stale"]._find_days(kind, start, end)
        columns = SQL(", ").join(map(SQL.identifier, names))
        of_whom = SQL("team_ref = %s", team_id) if team_id else SQL("TRUE")
        stored = SQL(
            "SELECT %s FROM hr_commission_day"
            " WHERE kind = ANY(%s) AND date BETWEEN %s AND %s AND %s",
            columns,
            list(sums),
            start,
            end,
            of_whom,
        )
        if not stale:
            return stored
        return SQL(
            "%s AND date != ALL(%s::date[]) UNION ALL SELECT %s FROM (%s) day WHERE %s",
            stored,
            stale,
            columns,
            sums_of_days(kind, stale, sums),
            of_whom,
        )

    @api.model
    def _flush(self):
        """Let the database know of everything that is summed up, and so of changes."""
        for model in ("line", "credit", "event"):
            self.env[f"hr.commission.{model}"].flush_model()
        self.env["crm.lead"].flush_model()

    @api.model
    def _sees_all(self, model, companies):
        """Whether the reader may read everything that a model has of some companies.

        Asked of the record rules themselves: they are not applied to sums.

        :param str model: with a ``company_id``
        :rtype: bool
        """
        if self.env.su:
            return True
        ids = set(companies.ids)
        if not self.env[model].has_access("read"):
            return False
        rules = self.env["ir.rule"]._compute_domain(model, "read")

        def of_companies(condition):
            is_theirs = (
                condition.field_expr == "company_id"
                and condition.operator == "in"
                and isinstance(condition.value, Set)
                and ids.issubset(condition.value)
            )
            return Domain.TRUE if is_theirs else condition

        rules = rules.optimize(self.env[model]).map_conditions(of_companies)
        return rules.optimize(self.env[model]).is_true()

    # ------------------------------------------------------------------
    # Summing up
    # ------------------------------------------------------------------

    @api.model
    @retried
    def _cron_sum_up(self):
        """Sum up the days that changed, those nearest to today's end first."""
        self._resolve_marks()
        progress = self.env["ir.cron"]
        for kind in KINDS:
            days = self.env["hr.commission.stale"]._find_days(kind)[::-1]
            while days:
                self._sum_up_safely(kind, days[:DAYS_AT_ONCE])
                days = days[DAYS_AT_ONCE:]
                if not progress._commit_progress(1, remaining=len(days)):
                    return

    @api.model
    def _sum_up_safely(self, kind, days):
        """Sum some days up; if that fails, each alone. Those that fail stay marked."""
        with isolated(self.env, _logger, f"Summing up {kind} of", self) as attempt:
            self._sum_up(kind, days)
        if attempt.failed and len(days) > 1:
            for day in days:
                self._sum_up_safely(kind, [day])

    @api.model
    def _resolve_marks(self):
        """Put the days of events and leads that changed in the place of these."""
        self._flush()
        self.env.cr.execute(
            SQL(
                """WITH gone AS (
                       DELETE FROM hr_commission_stale WHERE ref IS NOT NULL)
                   INSERT INTO hr_commission_stale (kind, date)
                   SELECT DISTINCT marked.kind, marked.date FROM (%s) marked""",
                SQL(DAYS_OF_MARKS),
            )
        )

    @api.model
    def _sum_up(self, kind, days):
        """Sum some days up again, and take their marks away."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM hr_commission_stale
                    WHERE kind = %(kind)s AND date = ANY(%(days)s::date[]);
                   DELETE FROM hr_commission_day
                    WHERE kind = ANY(%(kinds)s) AND date = ANY(%(days)s::date[]);
                   INSERT INTO hr_commission_day (%(columns)s) %(sums)s""",
                kind=kind,
                kinds=list(KINDS[kind]),
                days=days,
                columns=SQL(", ").join(map(SQL.identifier, COLUMNS)),
                sums=sums_of_days(kind, days),
            )
        )
        self.invalidate_model(flush=False)

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------

    @api.model
    def _find_wrong_days(self, kind, start, end):
        """Compare what days were summed up to with what they come to.

        :param kind: of ``day_sums.KINDS``
        :return: the days whose sums differ and that are not known to be stale: none,
            unless somebody changed tables with the triggers of the database off
        :rtype: list[date]
        """
        self._flush()
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        stale = self.env["hr.commission.stale"]._find_days(kind, start, end)
        return [
            day
            for (day,) in self.env.execute_query(
                SQL(
                    """WITH stored AS (
                           SELECT %(names)s FROM hr_commission_day
                            WHERE kind = ANY(%(kinds)s)
                              AND date BETWEEN %(start)s AND %(end)s),
                       computed AS (SELECT %(names)s FROM (%(sums)s) day)
                       SELECT DISTINCT date FROM (
                           (TABLE stored EXCEPT ALL TABLE computed) UNION ALL
                           (TABLE computed EXCEPT ALL TABLE stored)) different
                        WHERE date != ALL(%(stale)s::date[]) ORDER BY date""",
                    names=names,
                    kinds=list(KINDS[kind]),
                    start=start,
                    end=end,
                    stale=stale,
                    sums=sums_of_days(kind, self._list_days(start, end)),
                )
            )
        ]

    @api.model
    def _set_stale(self, kind, days):
        """Have some days summed up again.

        :param kind: of ``day_sums.KINDS``
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO hr_commission_stale (kind, date)"
                " SELECT %s, unnest(%s::date[])",
                kind,
                days,
            )
        )

    @api.model
    def _list_days(self, start, end):
        length = (end - start).days + 1
        return [fields.Date.add(start, days=number) for number in range(length)]
