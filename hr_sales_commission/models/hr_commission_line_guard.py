# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import models
from odoo.tools import SQL

from ..pipeline.states import HANDED_STATES, OPEN_STATES, PROMISED_STATES

FUNCTION = "hr_commission_line_guard"
#: what makes up the money of a line
GUARDED_COLUMNS = (
    "amount",
    "base",
    "rate",
    "date",
    "employee_id",
    "company_id",
    "rule_id",
    "event_id",
    "kind",
    "part",
    "note",
)
#: what an approval is for; the first of two starts again when it changes
APPROVED_COLUMNS = ("amount", "employee_id", "company_id", "kind", "date")

#: the triggers by which the database itself refuses to change what is settled
GUARD = """
    CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
    BEGIN
        IF OLD.state IN %(promised)s OR EXISTS (
            SELECT FROM res_company company
             WHERE company.id = OLD.company_id
               AND company.commission_lock_date >= OLD.date
               AND NOT (TG_OP = 'DELETE' AND OLD.kind = 'manual'))
        THEN
            RAISE EXCEPTION
                'Commission line %% is %%: it never changes and is never '
                'deleted. Post the difference as a new line.',
                OLD.id,
                CASE WHEN OLD.state IN %(promised)s
                     THEN OLD.state ELSE 'in a closed month' END
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        IF (%(approved_old)s) IS DISTINCT FROM (%(approved_new)s) THEN
            NEW.first_approver_id := NULL;
        END IF;
        RETURN NEW;
    END $$ LANGUAGE plpgsql;

    CREATE OR REPLACE FUNCTION %(function)s_state() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION
            'Commission line %% is %%: payroll gives it back first.',
            OLD.id, OLD.state
            USING ERRCODE = 'restrict_violation';
    END $$ LANGUAGE plpgsql;

    DROP TRIGGER IF EXISTS %(function)s_update ON hr_commission_line;
    CREATE TRIGGER %(function)s_update
    BEFORE UPDATE ON hr_commission_line FOR EACH ROW
    WHEN ((%(old)s) IS DISTINCT FROM (%(new)s))
    EXECUTE FUNCTION %(function)s();

    DROP TRIGGER IF EXISTS %(function)s_delete ON hr_commission_line;
    CREATE TRIGGER %(function)s_delete
    BEFORE DELETE ON hr_commission_line FOR EACH ROW
    EXECUTE FUNCTION %(function)s();

    DROP TRIGGER IF EXISTS %(function)s_state ON hr_commission_line;
    CREATE TRIGGER %(function)s_state
    BEFORE UPDATE OF state ON hr_commission_line FOR EACH ROW
    WHEN (OLD.state IN %(handed)s
          AND NEW.state IN %(open)s)
    EXECUTE FUNCTION %(function)s_state();
"""


class HrCommissionLine(models.Model):
    """The database itself refuses to change a line that was approved or locked.

    The pipeline writes lines by SQL; what it must never do, a trigger does not let
    happen, whoever asks. States move on as people and payroll say. A line that was
    approved once of twice forgets that when its amount, person or day changes.
    """

    _inherit = "hr.commission.line"

    def init(self):
        result = super().init()
        self.env.cr.execute(
            SQL(
                GUARD,
                function=SQL(FUNCTION),
                promised=PROMISED_STATES,
                handed=HANDED_STATES,
                open=OPEN_STATES,
                old=self._get_columns_of("OLD", GUARDED_COLUMNS),
                new=self._get_columns_of("NEW", GUARDED_COLUMNS),
                approved_old=self._get_columns_of("OLD", APPROVED_COLUMNS),
                approved_new=self._get_columns_of("NEW", APPROVED_COLUMNS),
            )
        )
        return result

    @staticmethod
    def _get_columns_of(row, names):
        return SQL(", ").join(SQL(f"{row}.{name}") for name in names)
