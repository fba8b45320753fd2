# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""What lies behind the figures of the boards: the records that each one counts.

Each list counts or sums up to what its figure says, for every reader:
``test_board_records`` compares them all.
"""

from odoo import api, fields, models

from ..pipeline.board_records import (
    COST,
    DEALS,
    KEY_RECORDS,
    MY_CARDS,
    OF_MARKETING,
    PATHS,
    QUALIFIED,
    days,
)
from ..pipeline.pay_parts import EARNED_DOMAIN, UNPAID_DOMAIN


class HrCommissionBoard(models.AbstractModel):
    _inherit = "hr.commission.board"

    # ------------------------------------------------------------------
    # My commissions
    # ------------------------------------------------------------------

    def _get_my_domain(self, company_id, chosen):
        company = [("company_id", "=", company_id)] if company_id else []
        return [("user_id", "=", self.env.uid), *company, *chosen.shown]

    def _add_my_records(self, board, start, end, company_id, chosen, employees):
        """Say of cards and rows of a reader's own board which records they count."""
        mine = self._get_my_domain(company_id, chosen)
        period = days(start, end)
        board["records"] = {
            card: mine + period + domain for card, domain in MY_CARDS.items()
        }
        for row in board["sources"]:
            source = [("commission_source", "=", row["source"])]
            row["domain"] = mine + period + EARNED_DOMAIN + source
            row["deals_domain"] = mine + period + DEALS + source
        for channel in board["channels"]:
            channel["domain"] = [
                *(mine + period + EARNED_DOMAIN + OF_MARKETING),
                ("lead_id", "!=", False),
                ("campaign_id", "=", channel["campaign_id"]),
                ("source_id", "=", channel["source_id"]),
            ]
        for payment in board["upcoming"]:
            payment["domain"] = mine + self._get_payment_domain(payment["date"])
        brought = [
            ("marketer_id", "in", employees.ids),
            *days(start, end, "first_touch_date"),
            *chosen.shown,
        ]
        board["marketing"]["domains"] = {
            "leads": brought,
            "qualified": [*brought, ("is_qualified", "=", True)],
            "won": [*brought, ("won_status", "=", "won")],
        }

    def _get_payment_domain(self, date):
        if date:
            return [*UNPAID_DOMAIN, ("date_due", "=", date)]
        today = fields.Date.to_string(self.env.company._commission_local_date())
        return [
            *UNPAID_DOMAIN,
            "|",
            ("date_due", "=", False),
            ("date_due", "<=", today),
        ]

    # ------------------------------------------------------------------
    # The management's board
    # ------------------------------------------------------------------

    @api.model
    def _get_key_records(self, start, end, companies, chosen):
        """Return which records each key figure opens: ``records`` and ``domain``."""
        shared = [("company_id", "in", companies.ids), *chosen.shown]
        dates = {PATHS: "first_touch_date"}
        return {
            code: {
                "records": records,
                "domain": days(start, end, dates.get(records, "date"))
                + shared
                + domain,
            }
            for code, (records, domain) in KEY_RECORDS.items()
        }

    def _add_key_records(self, board, start, end, companies, chosen):
        """Say of every row of the management's board which records it counts."""
        shared = [("company_id", "in", companies.ids), *chosen.shown]
        period = days(start, end)
        for branch in board["branches"]:
            company = [("company_id", "=", branch["id"]), *chosen.shown]
            branch["domain"] = period + company + COST
        for field, rows in board["conversions"].items():
            for row in rows:
                row["domain"] = [
                    *(period + shared + QUALIFIED),
                    (field, "=", row["value"]),
                ]
        for row in board["months"]:
            row["domain"] = days(row["month"], row["last_day"]) + shared + QUALIFIED
