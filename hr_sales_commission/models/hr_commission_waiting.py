# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields, models
from odoo.tools import SQL

FUNCTION = "hr_commission_event_waits"
#: what is kept per statement. Which event waits is looked up by its id, whatever the
#: statistics of tables say that are empty now and full after an import
TRIGGERS = """
    CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    AS $$
    BEGIN
        IF TG_OP != 'INSERT' THEN
            -- a list, not a join: taken for empty, all that waits came first, and was
            -- compared pair by pair
            DELETE FROM hr_commission_waiting WHERE id = ANY (ARRAY (
                SELECT id FROM former WHERE state != 'done'));
        END IF;
        IF TG_OP != 'DELETE' THEN
            INSERT INTO hr_commission_waiting (id, state, company_ref, date)
            SELECT id, state, company_id, date FROM later WHERE state != 'done';
        END IF;
        RETURN NULL;
    END $$ LANGUAGE plpgsql;

    DROP TRIGGER IF EXISTS %(function)s_insert ON hr_commission_event;
    CREATE TRIGGER %(function)s_insert AFTER INSERT ON hr_commission_event
    REFERENCING NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();

    DROP TRIGGER IF EXISTS %(function)s_update ON hr_commission_event;
    CREATE TRIGGER %(function)s_update AFTER UPDATE ON hr_commission_event
    REFERENCING OLD TABLE AS former NEW TABLE AS later
    FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();

    DROP TRIGGER IF EXISTS %(function)s_delete ON hr_commission_event;
    CREATE TRIGGER %(function)s_delete AFTER DELETE ON hr_commission_event
    REFERENCING OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();
"""


class HrCommissionWaiting(models.Model):
    """The events that are not computed, by the same id: kept by the database itself.

    Apart from the events, so that no index of these knows their state: one that is
    computed again is rewritten in its place, and none of their indexes is.
    """

    _name = "hr.commission.waiting"
    _description = "Commission Events to Compute"
    _log_access = False

    # a number: a key would be checked with every event
    company_ref = fields.Integer(
        string="Company ID", required=True, readonly=True, help="Company of the event."
    )
    date = fields.Date(required=True, readonly=True, help="Day of the event.")
    state = fields.Selection(
        [("pending", "To compute"), ("error", "Error")],
        required=True,
        readonly=True,
        help="To compute, or computed in vain.",
    )

    _to_compute_idx = models.Index("(company_ref, date, id) WHERE state = 'pending'")

    def init(self):
        """Take over what waits, and let the database keep it from now on."""
        self.env.cr.execute(
            SQL(
                """DROP INDEX IF EXISTS hr_commission_event_to_compute_idx;
                   DROP INDEX IF EXISTS hr_commission_event_in_error_idx;
                   ALTER TABLE hr_commission_event SET (fillfactor = 50);
                   INSERT INTO hr_commission_waiting (id, state, company_ref, date)
                   SELECT id, state, company_id, date FROM hr_commission_event event
                    WHERE state != 'done' AND NOT EXISTS (
                          SELECT FROM hr_commission_waiting WHERE id = event.id)"""
            )
        )
        self.env.cr.execute(SQL(TRIGGERS, function=SQL(FUNCTION)))
        return super().init()
