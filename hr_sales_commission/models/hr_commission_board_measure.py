"""Measures of rules and targets, read for whole companies."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.measures import MEASURES, total_of
from .hr_commission_board import CREDIT


class HrCommissionBoard(models.AbstractModel):
    _inherit = "hr.commission.board"

    def _read_measure(self, code, start, end, company, chosen):
        """Return a measure of a company's sales in a period, as the reader may see it.

        The same function as brackets and targets use, of all credits of sales together.

        :param code: of ``engine.measures.MEASURES``
        :return: the value, and how many events it rests on
        :rtype: tuple[float, int]
        """
        measure = MEASURES[code]
        credits = self.env[CREDIT]._search(
            self._between(start, end)
            & Domain("company_id", "=", company.id)
            & Domain("role", "=", "sales")
            & Domain("counted", "!=", 0)
            & chosen.credits
        )
        columns = ("id", "event_id", "date", "employee_id", "share", "counted_amount")
        rows = self.env.execute_query(
            SQL(
                """SELECT 'sales', credit.id, credit.event_id, credit.date,
                          credit.employee_id, credit.share::text,
                          credit.counted_amount::text
                     FROM (%s) credit
                     JOIN hr_commission_event event
                       ON event.id = credit.event_id AND event.event_type = ANY(%s)
                      -- the whole document, not a part that a rule pays on
                      AND split_part(event.res_part, '/', 3) = ''
                    ORDER BY credit.date, credit.event_id, credit.id""",
                self._select(credits, *columns),
                list(measure.event_types),
            )
        )
        found = self.env["hr.commission.target"]._to_credits(rows, measure.facts)
        reading = total_of(
            measure, lambda kind: [each for each in found if each.event_type == kind]
        )
        return float(reading.final), len({each.event_id for each in found})
