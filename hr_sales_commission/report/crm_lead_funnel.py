# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import fields, models
from odoo.tools import SQL


class CrmLeadFunnel(models.Model):
    """How far leads come: one row for a lead and each step it has taken.

    The steps are counted as they happened: a deal may be won that was never qualified,
    or whose salesperson logged no follow-up.
    """

    _name = "crm.lead.funnel"
    _description = "Lead Funnel"
    _inherit = "crm.lead.path.report"
    _auto = False
    _order = "date_create desc, lead_id desc, step"

    step = fields.Selection(
        # grouped in the order of the keys
        [
            ("1_lead", "Leads"),
            ("2_qualified", "Qualified"),
            ("3_followed", "Followed up"),
            ("4_won", "Won"),
        ],
        readonly=True,
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT path.lead_id * 4 + step.number AS id, path.*,
                      step.name AS step
                 FROM (%s) path
                CROSS JOIN LATERAL (
                      VALUES (0, '1_lead', TRUE),
                             (1, '2_qualified', path.qualified_count > 0),
                             (2, '3_followed', path.followup_count > 0),
                             (3, '4_won', path.won_count > 0)
                      ) step (number, name, is_taken)
                WHERE step.is_taken""",
            self._paths(),
        )
