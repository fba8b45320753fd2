# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.tools import SQL

from ..pipeline.of_events import create_function
from ..pipeline.sql_rows import sql_columns, sql_rows, update_rows

#: the columns of a credit that are written in blocks, with their PostgreSQL types
CREDIT_COLUMNS = {
    "event_id": "int",
    "employee_id": "int",
    "role": "text",
    "manager_level": "int",
    "share": "numeric",
    "date": "date",
    "date_basis": "date",
    "company_id": "int",
    "user_id": "int",
    "amount": "numeric",
    "counted": "int",
    "counted_amount": "numeric",
    "department_id": "int",
    "manager_path": "text",
    "pool_id": "int",
}
CREDIT_KEY = ("event_id", "employee_id", "role", "manager_level")


class HrCommissionCredit(models.Model):
    """Who contributed to an event, and how much of it is theirs.

    Targets, attainment and key figures read credits, never lines. Branch, department
    and managers are as of the day of the event and stay so.
    """

    _name = "hr.commission.credit"
    _description = "Commission Credit"
    _inherit = ["hr.commission.role.mixin", "hr.commission.written"]
    _order = "date desc, id desc"
    _rec_name = "event_id"
    _log_access = False

    event_id = fields.Many2one(
        "hr.commission.event", required=True, readonly=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(related="event_id.lead_id")
    event_type = fields.Selection(related="event_id.event_type")
    date_reversed = fields.Date(related="event_id.date_reversed", string="Undone On")
    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        related="employee_id.user_id", store=True
    )  # stored for the record rules
    role = fields.Selection(
        required=True, readonly=True, help="As what the person contributed."
    )
    manager_level = fields.Integer(readonly=True)
    share = fields.Float(
        readonly=True,
        digits=(16, 12),
        aggregator="avg",
        help="Part of the role in the event; 1 = all.",
    )
    date = fields.Date(required=True, readonly=True)
    date_basis = fields.Date(
        string="Day of the Sale",
        readonly=True,
        help="Day of what is taken back: its plan, rate and bracket count.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, string="Branch"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        readonly=True,
        help="This person's part of the amount of the event; 0 once it was undone.",
    )
    counted = fields.Integer(
        readonly=True,
        help="How the event counts where sales are counted: 1, −1 for the refund that "
        "leaves nothing of a sale, else 0. By the same rule as the engine's.",
    )
    counted_amount = fields.Monetary(
        readonly=True,
        help="The amount that counts towards brackets and targets. An undone deal that "
        "its plan only takes back goes on counting.",
    )
    department_id = fields.Many2one("hr.department", readonly=True)
    manager_path = fields.Char(
        readonly=True, help="Managers on the day of the event, nearest first, by id."
    )
    pool_id = fields.Many2one(
        "hr.commission.pool",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The part is this person's of a pool.",
    )
    line_ids = fields.One2many("hr.commission.line", "credit_id", readonly=True)

    deal_company_id = fields.Many2one(
        related="event_id.company_id", string="Branch of the Deal"
    )
    team_id = fields.Many2one(related="event_id.lead_id.team_id")
    lead_won_status = fields.Selection(
        related="event_id.lead_id.won_status", string="State of the Deal"
    )
    lead_followup_count = fields.Integer(related="event_id.lead_id.followup_count")
    source_id = fields.Many2one(related="event_id.lead_id.source_id", string="Channel")
    commission_source = fields.Selection(
        related="event_id.lead_id.commission_source", string="Customer Source"
    )

    _person_unique = models.UniqueIndex("(event_id, employee_id, role, manager_level)")
    _employee_date_idx = models.Index("(employee_id, date)")
    _employee_basis_idx = models.Index(
        "(employee_id, date_basis) WHERE date_basis IS NOT NULL"
    )
    # people read a period of their own, whatever else they have
    _user_date_idx = models.Index("(user_id, date)")
    # boards read a period of credits from the index alone; not sorted by id, see lines
    _order_idx = models.Index(
        "(date DESC) INCLUDE (event_id, company_id, role, manager_level, share, amount)"
    )

    def init(self):
        create_function(self.env, self._name)
        return super().init()

    @api.model
    def _insert_rows(self, rows):
        """Store new credits in one statement.

        :param list[dict] rows: values by the names of :data:`CREDIT_COLUMNS`
        :return: their ids by (event_id, employee_id, role, manager_level)
        """
        inserted = self.env.execute_query(
            SQL(
                """INSERT INTO hr_commission_credit (%s) SELECT %s FROM %s
                RETURNING event_id, employee_id, role, manager_level, id""",
                sql_columns(CREDIT_COLUMNS),
                sql_columns(CREDIT_COLUMNS),
                sql_rows("new", CREDIT_COLUMNS, rows),
            )
        )
        self.invalidate_model(flush=False)
        ids = {tuple(key): credit_id for *key, credit_id in inserted}
        self._note_written(ids.values(), is_new=True)
        return ids

    @api.model
    def _update_rows(self, rows):
        """Store changed credits in one statement.

        :param list[dict] rows: ``id`` and values by :data:`CREDIT_COLUMNS`
        """
        columns = {
            name: kind
            for name, kind in CREDIT_COLUMNS.items()
            if name not in CREDIT_KEY
        }
        update_rows(self.env, self._name, columns, rows)
        self._note_written([row["id"] for row in rows], is_new=False)
