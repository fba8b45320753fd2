# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Measures of rules and targets, read for whole companies."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.measures import MEASURES, total_of
from ..pipeline.day_sums import FLOW, SALES, SIGNING
from ..pipeline.given import to_period
from ..pipeline.whole_documents import OF_WHOLE_DOCUMENT
from ..pipeline.words import ALERT_MEASURES
from .hr_commission_board import CREDIT

#: what the board of the management shows of sales, beside its key figures
SHOWN = ("repeat_rate", "referral_rate", "joint_count", "days_to_sign")
#: what sums of days tell, by measure: how many deals, or which part of them
SUMMED = {
    "won_count": lambda found: found["won"],
    "referral_count": lambda found: found["referrals"],
    "repeat_count": lambda found: found["repeats"],
    "joint_count": lambda found: found["joint"],
    "referral_rate": lambda found: _percent(found["referrals"], found["won"]),
    "repeat_rate": lambda found: _percent(found["repeats"], found["won"]),
    "days_to_sign": lambda found: (
        found["days"] / found["shares"] if found["shares"] else 0.0
    ),
}
#: won deals of companies: one that is taken back altogether counts as one less
SUM_OF_SALES = """
    SELECT SUM(number) AS events, SUM(counted) AS won,
           SUM(counted) FILTER (WHERE is_repurchase) AS repeats,
           SUM(counted) FILTER (WHERE commission_source = 'referral') AS referrals,
           SUM(counted) FILTER (
               WHERE string_to_array(value, ',')::int[] && %(companies)s) AS joint
      FROM (SELECT *, number * state::int AS counted FROM (%(sums)s) day
             WHERE string_to_array(companies, ',')::int[] && %(companies)s
               AND %(of_source)s) sale
"""
SUM_OF_SIGNING = """
    SELECT SUM(number) AS shares, SUM(days) AS days FROM (%(sums)s) day
     WHERE company_ref = ANY(%(companies)s) AND %(of_source)s
"""


class HrCommissionBoard(models.AbstractModel):
    _inherit = "hr.commission.board"

    @api.model
    @api.readonly
    def get_sales_measures(
        self, date_from, date_to, company_id=False, team_id=False, source=False
    ):
        """Return further measures of sales, as rules, targets and alerts count them.

        :param date_from, date_to, company_id, team_id, source: as of
            :meth:`get_management_board`
        :return: ``code``, ``name``, ``unit`` (percent, count or days), ``value`` and
            ``previous`` of each, both None where no deal says anything
        :rtype: list[dict]
        """
        start, end = to_period(self.env, date_from, date_to)
        companies = self._read_companies(company_id)
        chosen = self._read_filter(team_id, source)
        now = self._read_measures(SHOWN, start, end, companies, chosen)
        period = self._get_period_before(start, end)
        before = self._read_measures(SHOWN, *period, companies, chosen)
        names = dict(ALERT_MEASURES)
        return [
            {
                "code": code,
                "name": self._name_measure(code, names[code]),
                "unit": MEASURES[code].unit,
                "value": now[code][0] if now[code][1] else None,
                "previous": before[code][0] if before[code][1] else None,
            }
            for code in SHOWN
        ]

    def _name_measure(self, code, name):
        """Return what alerts call a measure, in the reader's language."""
        field = self.env["hr.commission.alert"]._fields["figure"]
        return dict(field._description_selection(self.env)).get(code, name)

    def _read_measures(self, codes, start, end, companies, chosen):
        """Return measures of companies' sales in a period, as the reader may see them.

        What the function says that brackets and targets use, of all credits of sales
        together: summed up by day for who sees all of them, see ``hr.commission.day``.

        :param codes: of ``engine.measures.MEASURES``
        :return: the value, and how many events it rests on, by code
        :rtype: dict[str, tuple[float, int]]
        """
        if SUMMED.keys() >= {*codes} and self._reads_sums(CREDIT, companies, chosen):
            return self._read_summed(codes, start, end, companies, chosen)
        measures = {code: MEASURES[code] for code in codes}
        kinds = {kind for each in measures.values() for kind in each.event_types}
        rows = self._read_sales(start, end, companies, chosen, list(kinds))
        names = {name for each in measures.values() for name in each.facts}
        of_kind = {kind: [] for kind in kinds}
        for credit in self.env["hr.commission.target"]._to_credits(rows, names):
            of_kind[credit.event_type].append(credit)
        found = {}
        for code, measure in measures.items():
            events = {
                credit.event_id
                for kind in measure.event_types
                for credit in of_kind[kind]
            }
            value = float(total_of(measure, of_kind.__getitem__).final)
            found[code] = (value, len(events))
        return found

    def _read_summed(self, codes, start, end, companies, chosen):
        """Return measures as of :meth:`_read_measures`, of sums of days."""
        found = {}
        for query, kind, names in (
            (
                SUM_OF_SALES,
                SALES,
                ("companies", "commission_source", "state", "value", "is_repurchase"),
            ),
            (SUM_OF_SIGNING, SIGNING, ("company_ref", "commission_source", "days")),
        ):
            sums = self.env["hr.commission.day"]._select(
                FLOW, start, end, (*names, "number"), [kind], chosen.team_id
            )
            [row] = self.env.execute_query_dict(
                SQL(
                    query,
                    sums=sums,
                    companies=companies.ids,
                    of_source=self._of_source(chosen),
                )
            )
            found.update({name: float(value or 0) for name, value in row.items()})
        return {code: (SUMMED[code](found), int(found["events"])) for code in codes}

    def _read_sales(self, start, end, companies, chosen, event_types):
        """Return the credits of sales that count, as the engine's measures take them."""
        credits = self.env[CREDIT]._search(
            self._between(start, end)
            & Domain("company_id", "in", companies.ids)
            & Domain("role", "=", "sales")
            & Domain("counted", "!=", 0)
            & chosen.credits
        )
        columns = ("id", "event_id", "date", "employee_id", "share", "counted_amount")
        return self.env.execute_query(
            SQL(
                """SELECT 'sales', credit.id, credit.event_id, credit.date,
                          credit.employee_id, credit.share::text,
                          credit.counted_amount::text
                     FROM (%s) credit
                     JOIN hr_commission_event event
                       ON event.id = credit.event_id AND event.event_type = ANY(%s)
                      AND %s
                    ORDER BY credit.date, credit.event_id, credit.id""",
                self._select(credits, *columns),
                event_types,
                OF_WHOLE_DOCUMENT,
            )
        )


def _percent(part, whole):
    return 100.0 * part / whole if whole > 0 else 0.0
