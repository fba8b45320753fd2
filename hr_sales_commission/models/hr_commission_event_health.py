# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

FUNCTION = "hr_commission_event_set_pending"


class HrCommissionEvent(models.Model):
    """Since when an event waits, and whether its lines are what it pays."""

    _inherit = "hr.commission.event"

    date_pending = fields.Datetime(
        string="Waiting Since",
        readonly=True,
        help="When it last began to wait to be computed.",
    )

    def init(self):
        """Let the database note the moment: events are written in blocks by SQL."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                ALTER TABLE hr_commission_event
                ALTER COLUMN date_pending SET DEFAULT (now() AT TIME ZONE 'UTC');

                CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
                BEGIN
                    NEW.date_pending := now() AT TIME ZONE 'UTC';
                    RETURN NEW;
                END $$ LANGUAGE plpgsql;

                DROP TRIGGER IF EXISTS %(function)s ON hr_commission_event;
                CREATE TRIGGER %(function)s
                BEFORE UPDATE OF state ON hr_commission_event FOR EACH ROW
                WHEN (NEW.state = 'pending' AND OLD.state != 'pending')
                EXECUTE FUNCTION %(function)s();
                """,
                function=SQL(FUNCTION),
            )
        )
        return result

    def _find_drift(self):
        """Compute these events again and compare with what their lines sum to.

        :return: ids of those that differ
        :rtype: list[int]
        """
        if not self:
            return []
        due = {}
        for award in self._explain().awards:
            if award.amount and award.event_id in self._ids:
                key = (award.event_id, award.rule_id, award.employee_id, award.part)
                due[key] = due.get(key, Decimal(0)) + award.amount
        self.env["hr.commission.line"].flush_model()
        posted = {
            tuple(key): Decimal(amount)
            for *key, amount in self.env.execute_query(
                SQL(
                    """SELECT event_id, rule_id, employee_id, part, SUM(amount)::text
                         FROM hr_commission_line WHERE event_id = ANY(%s)
                        GROUP BY 1, 2, 3, 4 HAVING SUM(amount) != 0""",
                    self.ids,
                )
            )
        }
        return sorted(
            {
                key[0]
                for key in due.keys() | posted.keys()
                if due.get(key, 0) != posted.get(key, 0)
            }
        )
