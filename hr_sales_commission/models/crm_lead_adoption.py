# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Leads older than this addon: their source and win are taken over, nothing is paid."""

from odoo import models
from odoo.tools import SQL

from ..pipeline.sql_rows import sql_rows
from .crm_touchpoint import UTM_FIELDS

#: what is recorded of leads that are older than this addon, with PostgreSQL's types
ADOPTED_COLUMNS = {
    "id": "int",
    "commission_source": "text",
    "marketer_id": "int",
    "channel": "text",
    "source_state": "text",
    "is_source_unknown": "bool",
    "first_touch_date": "date",
    "date_won": "date",
    "won_amount": "numeric",
    "is_before_start": "bool",
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _adopt(self):
        """Give leads a source and a day of winning that are older than this addon.

        Nothing is verified, and nothing is re-dated: they were won when Odoo closed
        them. What was won before is marked, and pays nothing. In sets.
        """
        now = self.env.cr.now()
        rows = []
        # sudo: the leads of everybody are adopted
        for creator, leads in self.sudo().grouped("create_uid").items():
            vals_list = [
                {name: lead[name].id for name in (*UTM_FIELDS, "referrer_id")}
                for lead in leads
            ]
            # sudo: as whoever made the lead, by the system
            leads.with_user(creator).sudo()._complete_commission_vals(vals_list)
            for lead, vals in zip(leads, vals_list, strict=True):
                rows.append(lead._prepare_adoption(vals, now))
        if not rows:
            return
        names = set(ADOPTED_COLUMNS) - {"id"}
        self.flush_recordset(["create_date", *names])
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET %s FROM %s WHERE crm_lead.id = adopted.id",
                SQL(", ").join(
                    SQL("%s = adopted.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in sorted(names)
                ),
                sql_rows("adopted", ADOPTED_COLUMNS, rows),
            )
        )
        self.invalidate_recordset(names, flush=False)
        # sudo: contacts of colleagues count
        missing = self.filtered(lambda lead: not lead.sudo().touchpoint_ids)
        missing._create_first_touchpoints(is_adopted=True)

    def _prepare_adoption(self, vals, now):
        """Return what is recorded of a lead that was there before this addon.

        :param dict vals: what is guessed of its source
        :param datetime now: when the transaction began; what is won since is won today
        """
        company = self._get_commission_company()
        # another program may leave out the closing day: the win is as old as the lead,
        # and no edit of today makes it one of today
        closed = self.date_closed or self.create_date or now
        is_former_win = self.won_status == "won" and closed < now
        is_former_win = is_former_win and not self.date_won
        return {
            "id": self.id,
            "commission_source": vals["commission_source"],
            "marketer_id": vals["marketer_id"] or None,
            "channel": vals["channel"],
            "source_state": "open",
            "is_source_unknown": bool(vals.get("is_source_unknown")),
            "first_touch_date": company._commission_local_date(
                self.create_date or closed
            ),
            "date_won": (
                company._commission_local_date(closed)
                if is_former_win
                else self.date_won or None
            ),
            "won_amount": (
                self._get_won_amount() if is_former_win else self.won_amount or 0
            ),
            "is_before_start": is_former_win or self.is_before_start,
        }
