# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Which days boards cannot take as they were summed up: kept by the database itself."""

from odoo import fields, models
from odoo.tools import SQL

#: Each table says of its own rows only, whatever else is under way: what a transaction
#: does not see of another one, that one says itself. Rows are added and never changed, so
#: that nobody waits for anybody. Of lines and credits there is one mark a day and
#: statement; of leads and events one a row, and only where what is summed up changed.
TRIGGERS = """
    CREATE OR REPLACE FUNCTION hr_commission_stale_days() RETURNS trigger
    SET enable_nestloop = off SET enable_mergejoin = off
    AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO hr_commission_stale (kind, date)
            SELECT DISTINCT TG_ARGV[0], date FROM later;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO hr_commission_stale (kind, date)
            SELECT DISTINCT TG_ARGV[0], date FROM former;
        ELSIF TG_ARGV[0] = 'ledger' THEN
            INSERT INTO hr_commission_stale (kind, date)
            SELECT DISTINCT 'ledger', unnest(ARRAY[former.date, later.date])
              FROM former JOIN later USING (id)
             WHERE (former.date, former.company_id, former.role, former.lead_id,
                    former.commission_source, former.state, former.is_disputed,
                    former.amount)
                   IS DISTINCT FROM
                   (later.date, later.company_id, later.role, later.lead_id,
                    later.commission_source, later.state, later.is_disputed,
                    later.amount);
        ELSE
            INSERT INTO hr_commission_stale (kind, date)
            SELECT DISTINCT 'flow', unnest(ARRAY[former.date, later.date])
              FROM former JOIN later USING (id)
             WHERE (former.date, former.company_id, former.role, former.event_id,
                    former.share, former.manager_level, former.amount,
                    former.counted)
                   IS DISTINCT FROM
                   (later.date, later.company_id, later.role, later.event_id,
                    later.share, later.manager_level, later.amount,
                    later.counted);
        END IF;
        RETURN NULL;
    END $$ LANGUAGE plpgsql;

    CREATE OR REPLACE FUNCTION hr_commission_stale_event() RETURNS trigger AS $$
    BEGIN
        INSERT INTO hr_commission_stale (kind, ref) VALUES ('event', NEW.id);
        RETURN NULL;
    END $$ LANGUAGE plpgsql;

    CREATE OR REPLACE FUNCTION hr_commission_stale_lead() RETURNS trigger AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            INSERT INTO hr_commission_stale (kind, ref) VALUES ('lead', NEW.id);
            IF NEW.team_id IS DISTINCT FROM OLD.team_id THEN
                INSERT INTO hr_commission_stale (kind, ref) VALUES ('team', NEW.id);
            END IF;
        END IF;
        IF TG_OP != 'INSERT' AND OLD.first_touch_date IS NOT NULL THEN
            INSERT INTO hr_commission_stale (kind, date)
            VALUES ('arrivals', OLD.first_touch_date);
        END IF;
        IF TG_OP != 'DELETE' AND NEW.first_touch_date IS NOT NULL
           AND (TG_OP = 'INSERT' OR NEW.first_touch_date IS DISTINCT FROM OLD.first_touch_date) THEN
            INSERT INTO hr_commission_stale (kind, date)
            VALUES ('arrivals', NEW.first_touch_date);
        END IF;
        RETURN NULL;
    END $$ LANGUAGE plpgsql;

    CREATE OR REPLACE FUNCTION hr_commission_stale_clock() RETURNS trigger AS $$
    BEGIN
        IF TG_TABLE_NAME != 'res_partner'
           OR EXISTS (SELECT FROM res_company WHERE partner_id = NEW.id) THEN
            INSERT INTO hr_commission_stale (kind, date)
            SELECT DISTINCT 'flow', date FROM hr_commission_credit;
        END IF;
        RETURN NULL;
    END $$ LANGUAGE plpgsql;
"""
#: the clock of a company, by which leads come in
OF_CLOCK = """
    DROP TRIGGER IF EXISTS hr_commission_stale_clock ON %(table)s;
    CREATE TRIGGER hr_commission_stale_clock AFTER UPDATE OF %(column)s ON %(table)s
    FOR EACH ROW WHEN (OLD.%(column)s IS DISTINCT FROM NEW.%(column)s)
    EXECUTE FUNCTION hr_commission_stale_clock();
"""
CLOCK_COLUMNS = {
    "res_company": "resource_calendar_id",
    "resource_calendar": "tz",
    "res_partner": "tz",
}
#: the statements on a table that make its days stale
OF_STATEMENTS = """
    DROP TRIGGER IF EXISTS hr_commission_stale_insert ON %(table)s;
    CREATE TRIGGER hr_commission_stale_insert AFTER INSERT ON %(table)s
    REFERENCING NEW TABLE AS later FOR EACH STATEMENT
    EXECUTE FUNCTION hr_commission_stale_days(%(kind)s);

    DROP TRIGGER IF EXISTS hr_commission_stale_update ON %(table)s;
    CREATE TRIGGER hr_commission_stale_update AFTER UPDATE ON %(table)s
    REFERENCING OLD TABLE AS former NEW TABLE AS later FOR EACH STATEMENT
    EXECUTE FUNCTION hr_commission_stale_days(%(kind)s);

    DROP TRIGGER IF EXISTS hr_commission_stale_delete ON %(table)s;
    CREATE TRIGGER hr_commission_stale_delete AFTER DELETE ON %(table)s
    REFERENCING OLD TABLE AS former FOR EACH STATEMENT
    EXECUTE FUNCTION hr_commission_stale_days(%(kind)s);
"""
#: the columns of a row that sums know, and when a row is worth a mark
OF_ROWS = """
    DROP TRIGGER IF EXISTS hr_commission_stale_update ON %(table)s;
    CREATE TRIGGER hr_commission_stale_update AFTER UPDATE OF %(columns)s ON %(table)s
    FOR EACH ROW WHEN ((%(old)s) IS DISTINCT FROM (%(new)s))
    EXECUTE FUNCTION %(function)s();
"""
OF_LEADS = """
    DROP TRIGGER IF EXISTS hr_commission_stale_insert ON crm_lead;
    CREATE TRIGGER hr_commission_stale_insert AFTER INSERT ON crm_lead
    FOR EACH ROW WHEN (NEW.first_touch_date IS NOT NULL)
    EXECUTE FUNCTION hr_commission_stale_lead();

    DROP TRIGGER IF EXISTS hr_commission_stale_delete ON crm_lead;
    CREATE TRIGGER hr_commission_stale_delete AFTER DELETE ON crm_lead
    FOR EACH ROW WHEN (OLD.first_touch_date IS NOT NULL)
    EXECUTE FUNCTION hr_commission_stale_lead();
"""
ROW_COLUMNS = {
    "hr_commission_event": (
        *("event_type", "date", "date_reversed", "lead_id", "company_id"),
        *("is_repurchase", "date_basis"),
    ),
    "crm_lead": (
        *("company_id", "team_id", "source_id", "commission_source", "won_status"),
        *("active", "first_touch_date", "followup_count", "create_date"),
    ),
}
#: of a number of follow-ups only whether there is one
AS_COMPARED = {"followup_count": "%s.followup_count > 0"}

#: the days of the events and leads that are marked, by their credits or lines. By the ids
#: of each mark, whatever the statistics of this table say
DAYS_OF_MARKS = """
    SELECT 'flow' AS kind, credit.date
      FROM (SELECT ref FROM hr_commission_stale WHERE kind = 'event') mark
     CROSS JOIN LATERAL (
           SELECT date FROM hr_commission_credit WHERE event_id = mark.ref OFFSET 0) credit
 UNION ALL
    SELECT 'flow', credit.date
      FROM (SELECT ref FROM hr_commission_stale WHERE kind = 'lead') mark
     CROSS JOIN LATERAL (
           SELECT id FROM hr_commission_event WHERE lead_id = mark.ref OFFSET 0) event
     CROSS JOIN LATERAL (
           SELECT date FROM hr_commission_credit WHERE event_id = event.id OFFSET 0) credit
 UNION ALL
    SELECT 'ledger', line.date
      FROM (SELECT ref FROM hr_commission_stale WHERE kind = 'team') mark
     CROSS JOIN LATERAL (
           SELECT date FROM hr_commission_line WHERE lead_id = mark.ref OFFSET 0) line
"""


class HrCommissionStale(models.Model):
    """What changed since days were summed up: added to by the database itself.

    A row tells a day of the ledger, of credits (flow) or of arrivals, or a lead or an
    event, whose days are those of its credits, or of its lines where its team changed. ``hr.commission.day`` takes the rows away
    in the same transaction in which it sums these days up again.
    """

    _name = "hr.commission.stale"
    _description = "Commission Days to Sum Up"
    _log_access = False
    _rec_name = "kind"

    kind = fields.Selection(
        [
            ("ledger", "Lines"),
            ("flow", "Credits"),
            ("arrivals", "Arrivals"),
            ("event", "Event"),
            ("lead", "Lead"),
            ("team", "Sales Team of a Lead"),
        ],
        required=True,
        readonly=True,
        help="What changed.",
    )
    date = fields.Date(readonly=True, help="The day that is to be summed up again.")
    # a number: a key would be checked with every win
    ref = fields.Integer(
        string="Record ID",
        readonly=True,
        help="The event or lead whose days are to be summed up again.",
    )

    def init(self):
        """Let the database keep it, and have every day summed up by this version."""
        cr = self.env.cr
        cr.execute(SQL(TRIGGERS))
        for table, kind in (
            ("hr_commission_line", "ledger"),
            ("hr_commission_credit", "flow"),
        ):
            cr.execute(SQL(OF_STATEMENTS, table=SQL.identifier(table), kind=kind))
        cr.execute(SQL(OF_LEADS))
        for table, columns in ROW_COLUMNS.items():
            cr.execute(self._get_row_trigger(table, columns))
        for table, column in CLOCK_COLUMNS.items():
            of_clock = {"table": table, "column": column}
            of_clock = {name: SQL.identifier(each) for name, each in of_clock.items()}
            cr.execute(SQL(OF_CLOCK, **of_clock))
        cr.execute(
            SQL(
                """INSERT INTO hr_commission_stale (kind, date)
                   SELECT DISTINCT 'ledger', date FROM hr_commission_line
                    UNION SELECT DISTINCT 'flow', date FROM hr_commission_credit
                    UNION SELECT DISTINCT 'arrivals', first_touch_date FROM crm_lead
                           WHERE first_touch_date IS NOT NULL"""
            )
        )
        return super().init()

    def _get_row_trigger(self, table, columns):
        def compared(row):
            return SQL(", ").join(
                SQL(AS_COMPARED.get(name, f"%s.{name}"), SQL(row)) for name in columns
            )

        kind = table.rsplit("_", 1)[-1]
        return SQL(
            OF_ROWS,
            table=SQL.identifier(table),
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            old=compared("OLD"),
            new=compared("NEW"),
            function=SQL.identifier(f"hr_commission_stale_{kind}"),
        )

    def _find_days(self, kind, start=None, end=None):
        """Return the days of a kind that are not as they were summed up.

        :param kind: of ``day_sums.KINDS``
        :param start, end: only the days from one to the other
        :rtype: list[date]
        """
        marked = SQL(
            "SELECT kind, date FROM hr_commission_stale WHERE date IS NOT NULL"
            " UNION ALL %s",
            SQL(DAYS_OF_MARKS),
        )
        return [
            day
            for (day,) in self.env.execute_query(
                SQL(
                    """SELECT DISTINCT date FROM (%s) stale
                        WHERE kind = %s
                          AND date BETWEEN COALESCE(%s, '-infinity'::date)
                                       AND COALESCE(%s, 'infinity'::date)
                        ORDER BY date""",
                    marked,
                    kind,
                    start,
                    end,
                )
            )
        ]
