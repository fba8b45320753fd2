# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import api, fields, models
from odoo.tools import SQL

from ..pipeline.double_sales import NEAR_DAYS

FINDINGS = [
    ("by_hand", "Changed by hand"),
    ("self_benefit", "For oneself"),
    ("late_source", "Source changed after winning"),
    ("large", "Unusually large"),
    ("odd_time", "Approved at night or on a weekend"),
    ("rewin", "Taken back and earned again"),
    ("duplicate", "Perhaps the same sale twice"),
    ("split", "Perhaps one sale in parts"),
]
#: a line this many times a person's average is worth a look
LARGE_FACTOR = 4

#: lines far above a person's average, earned again, or perhaps paid twice or in parts:
#: what pays each deal a fixed amount, or up to a cap, pays more for two than for one;
#: equal ones are the same sale twice
UNUSUAL_LINES = """
    SELECT line.id * 10 + 4 + kind.number, line.date::timestamp,
           kind.finding, line.company_id, line.employee_id,
           line.approver_id, line.id, NULL::int,
           COALESCE(lead.name, line.note), NULL, NULL, line.amount
      FROM hr_commission_line line
      LEFT JOIN crm_lead lead ON lead.id = line.lead_id
      JOIN (SELECT employee_id, company_id, AVG(abs(amount)) AS usual,
                   COUNT(*) AS number
              FROM hr_commission_line
             WHERE state != 'cancelled'
               AND date > now() - interval '2 years'
             GROUP BY employee_id, company_id) own
        ON own.employee_id = line.employee_id
       AND own.company_id = line.company_id
     CROSS JOIN LATERAL (VALUES
           (0, 'large',
            own.number >= 5 AND abs(line.amount) > %(factor)s * own.usual),
           (1, 'rewin', line.amount > 0 AND EXISTS (
               SELECT FROM hr_commission_line taken
                WHERE taken.event_id = line.event_id
                  AND taken.employee_id = line.employee_id
                  AND taken.rule_id = line.rule_id
                  AND taken.kind = 'clawback' AND taken.id < line.id
                  AND taken.state != 'cancelled')),
           (2, 'duplicate', line.kind = 'commission' AND (EXISTS (
               SELECT FROM hr_commission_event event
                WHERE event.id = line.event_id
                  AND (event.double_id IS NOT NULL OR event.is_double_checked))
               OR EXISTS (
               SELECT FROM hr_commission_line other
                 JOIN crm_lead deal ON deal.id = other.lead_id
                WHERE other.employee_id = line.employee_id
                  AND other.rule_id = line.rule_id
                  AND other.lead_id != line.lead_id
                  AND other.base = line.base
                  AND other.state != 'cancelled'
                  AND deal.partner_id = lead.partner_id
                  AND (abs(other.date - line.date) <= %(days)s
                       OR lead.copied_lead_id = deal.id)))),
           (3, 'split', line.kind = 'commission' AND EXISTS (
               SELECT FROM hr_commission_rule rule
                 JOIN hr_commission_line other
                   ON other.employee_id = line.employee_id
                  AND other.rule_id = rule.id
                  AND other.lead_id != line.lead_id
                  AND other.base != line.base
                  AND other.kind = 'commission' AND other.state != 'cancelled'
                  AND abs(other.date - line.date) <= %(days)s
                 JOIN crm_lead deal ON deal.id = other.lead_id
                  AND deal.partner_id = lead.partner_id
                WHERE rule.id = line.rule_id
                  AND (rule.amount_type = 'fixed'
                       OR rule.cap > 0 AND rule.cap_period = 'event')))
           ) kind (number, finding, is_found)
     WHERE kind.is_found AND line.state != 'cancelled'
       AND line.date > now() - interval '2 years'
"""


class HrCommissionInspection(models.Model):
    """What an inspector looks at: acts by hand, for oneself, and unusual lines.

    Nothing here says that something is wrong; it says where to look. The last two years.
    """

    _name = "hr.commission.inspection"
    _description = "Commission Inspection"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "record_name"

    date = fields.Datetime(readonly=True)
    finding = fields.Selection(FINDINGS, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, string="Branch")
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_id = fields.Many2one("hr.employee", readonly=True, string="Whose Pay")
    user_id = fields.Many2one("res.users", readonly=True, string="By")
    line_id = fields.Many2one("hr.commission.line", readonly=True, string="Commission")
    audit_id = fields.Many2one("hr.commission.audit", readonly=True, string="Log Entry")
    act = fields.Selection(related="audit_id.act")
    field_label = fields.Char(related="audit_id.field_label")
    record_name = fields.Char(readonly=True, string="Of What")
    old_value = fields.Char(readonly=True, string="Before")
    new_value = fields.Char(readonly=True, string="After")
    amount = fields.Monetary(readonly=True, help="The commission that is concerned.")

    @property
    def _table_query(self):
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            self._acts(),
            self._odd_approvals(),
            self._unusual_lines(),
        )

    @api.model
    def _acts(self):
        """Acts by hand; those for oneself and late ones stand here once more."""
        return SQL(
            """SELECT audit.id * 10 + kind.number AS id, audit.date,
                      kind.finding, audit.company_id, audit.employee_id,
                      audit.user_id, NULL::int AS line_id, audit.id AS audit_id,
                      audit.record_name, audit.old_value, audit.new_value,
                      audit.amount
                 FROM hr_commission_audit audit
                 LEFT JOIN crm_lead lead
                   ON audit.res_model = 'crm.lead' AND lead.id = audit.res_id
                CROSS JOIN LATERAL (VALUES
                      (0, 'by_hand', audit.act IN ('create', 'change', 'remove')),
                      (1, 'self_benefit', COALESCE(audit.is_self_benefit, FALSE)),
                      (2, 'late_source',
                       audit.field_name IN ('commission_source', 'source_state',
                                            'marketer_id')
                       AND lead.date_won IS NOT NULL
                       AND audit.date::date >= lead.date_won)
                      ) kind (number, finding, is_found)
                WHERE kind.is_found AND audit.date > now() - interval '2 years'"""
        )

    @api.model
    def _odd_approvals(self):
        """Approvals at night or on a weekend, on the company's clock."""
        return SQL(
            """SELECT audit.id * 10 + 3, audit.date, 'odd_time', audit.company_id,
                      audit.employee_id, audit.user_id, NULL::int, audit.id,
                      audit.record_name, audit.old_value, audit.new_value, audit.amount
                 FROM hr_commission_audit audit
                 JOIN res_company company ON company.id = audit.company_id
                 LEFT JOIN resource_calendar calendar
                   ON calendar.id = company.resource_calendar_id
                CROSS JOIN LATERAL (
                      SELECT audit.date AT TIME ZONE 'UTC'
                             AT TIME ZONE COALESCE(calendar.tz, 'UTC') AS moment) local
                WHERE audit.act IN ('approve', 'approve_first', 'pay')
                  AND audit.date > now() - interval '2 years'
                  AND (EXTRACT(isodow FROM local.moment) > 5
                       OR EXTRACT(hour FROM local.moment) NOT BETWEEN 6 AND 21)"""
        )

    @api.model
    def _unusual_lines(self):
        """Lines far above a person's average, earned again, perhaps paid twice or split."""
        return SQL(
            UNUSUAL_LINES,
            factor=LARGE_FACTOR,
            days=NEAR_DAYS,
        )

    def action_open(self):
        """Show what the finding is about: the commission, or the record changed.

        :return: window action
        """
        self._ensure_one_given()
        entry = self.sudo().audit_id  # sudo: the officer reads the finding itself
        model, number = "hr.commission.line", self.line_id.id
        if entry.res_id:
            model, number = entry.res_model, entry.res_id
        return {
            "type": "ir.actions.act_window",
            "name": self.record_name or self.display_name,
            "res_model": model,
            "res_id": number,
            "view_mode": "form",
            "views": [(False, "form")],
        }
