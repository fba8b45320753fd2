# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""When a lead is won, and for how much: noted at winning, kept when it is left."""

import logging
from contextlib import contextmanager
from datetime import date

import psycopg2

from odoo import api, fields, models

from ..pipeline.officers import OFFICER

_logger = logging.getLogger(__name__)

#: a write of no more than these to a won stage is a win, and nothing else
PLAIN_WIN_FIELDS = frozenset(("stage_id", "probability"))


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @contextmanager
    def _winning_along(self, vals):
        """Note the day and the amount of wins along with the write that makes them.

        The row of the lead is written once then, not twice. What is not as plain as a
        move to a won stage, :meth:`_get_win_facts` notes after the write.

        :param dict vals: about to be written
        :return: in a ``with``, the leads whose win is noted
        """
        won = self._filter_plain_wins(vals)
        try:
            for lead in won:
                today = lead._get_commission_company()._commission_local_date()
                lead._write_facts(lead._get_new_win(today)[0])
        except psycopg2.OperationalError:
            raise  # a conflict with another user: the request is run again
        except Exception:  # it is told and tried again after the write
            _logger.debug("Wins %s not noted along", won.ids, exc_info=True)
        try:
            yield won
        except psycopg2.Error:
            raise  # nothing of this transaction stays
        except Exception:  # refused, by whomever: it was no win
            won._write_facts({"date_won": False, "won_amount": 0.0})
            raise

    def _filter_plain_wins(self, vals):
        """Return the leads that become won by a write, for the first time."""
        stage = self.env["crm.stage"].browse(vals.get("stage_id") or ())
        if (
            not vals.keys() <= PLAIN_WIN_FIELDS
            or self.env.context.get("commission_in_sets")
            or not stage.is_won
        ):
            return self.browse()
        return self.filtered(
            lambda lead: (
                lead.active
                and lead.commission_source
                and lead.won_status != "won"
                and not (lead.date_won or lead.won_amount or lead.former_win)
                and not lead.is_before_start
            )
        )

    def _get_won_amount(self):
        """Return what a won deal was signed for, without tax, in company currency."""
        self.ensure_one()
        return self.expected_revenue

    def _get_win_facts(self, changed, is_void):
        """Bring the snapshots of the win up to date; return the fact of the win.

        :param bool is_void: the win never was one, see :meth:`_filter_duplicate_wins`
        """
        self.ensure_one()
        company = self._get_commission_company()
        today = company._commission_local_date()
        if self.won_status != "won" or is_void:
            is_entered = bool(changed) and "date_lost" in changed
            return self._get_left_win_facts(company, today, is_void, is_entered)
        snapshot, is_renewed = {}, False
        if not self.date_won:
            snapshot, is_renewed = self._get_new_win(today)
        elif not self.won_amount or (
            changed and "expected_revenue" in changed and self._may_change_facts()
        ):
            snapshot["won_amount"] = self._get_won_amount()
        if snapshot:
            self._write_facts(snapshot)
        return [
            self._prepare_fact(
                "deal_won",
                company,
                date=self.date_won,
                amount=self.won_amount,
                renewed=is_renewed,
                is_history=self.is_history_imported,
            )
        ]

    def _get_left_win_facts(self, company, today, is_void, is_entered):
        """Keep the snapshots of a win that was left; return the fact that it was.

        A duplicate never was a win: it is undone as of its own day, so that no
        clawback window keeps any of it.

        :param is_entered: somebody entered the day on which the deal was lost
        """
        if self.date_won:
            former = {
                "date": fields.Date.to_string(self.date_won),
                "amount": self.won_amount,
                "until": fields.Date.to_string(today),
            }
            self._write_facts(
                {"date_won": False, "won_amount": 0.0, "former_win": former}
            )
        elif not ((is_void or is_entered) and self.former_win):
            return []
        lost_on = self.sudo().date_lost  # sudo: for managers to see only
        day = min(filter(None, (lost_on, today)))
        if is_void:
            day = fields.Date.to_date(self.former_win["date"])
        return [self._prepare_fact("deal_won", company, date_reversed=day)]

    def _get_new_win(self, today):
        """Return the snapshots of a win, and whether it is another than a former one.

        A deal that comes back within the protection of the plan was never lost: it
        keeps its day and amount.
        """
        former = self.former_win
        if former:
            gap = (today - fields.Date.to_date(former["until"])).days
            if gap <= self._get_protection_days()[self.id]:
                amount = former["amount"] or self._get_won_amount()
                return {
                    "date_won": former["date"],
                    "won_amount": self._get_returning_amount(amount),
                    "former_win": False,
                }, False
        return {
            "date_won": today,
            "won_amount": self.won_amount or self._get_won_amount(),
            "former_win": False,
        }, bool(former)

    def _get_returning_amount(self, amount):
        """Return the signed amount of a deal that comes back; addons know better."""
        return amount

    def _filter_duplicate_wins(self):
        """Return the deals that were archived because they are the same as another."""
        archived = self.filtered(
            lambda lead: (
                not lead.active
                and (lead.won_status == "won" or lead.date_won or lead.former_win)
            )
        )
        named = archived.filtered("lost_reason_id.is_duplicate")
        if archived == named:
            return named
        Event = self.env["hr.commission.event"].sudo()  # sudo: the system's
        doubles = Event.search(
            [("lead_id", "in", (archived - named).ids), ("double_id", "!=", False)]
        )
        return named | doubles.lead_id.with_env(self.env)

    def _may_change_facts(self):
        """Whether the user's change of the deal moves what was sealed at winning."""
        return self.env.su or self.env.user.has_group(OFFICER)

    def _touch_later_sales(self, changed, won_before):
        """Have later sales computed again after wins that came, moved or were left.

        :param won_before: days of winning by id, as they were
        """
        if changed is None or "date_won" in changed:
            moved = self  # nobody knows from which day
        elif "won_status" in changed:
            moved = self.filtered("date_won")  # noted along with the write
        else:
            moved = self.filtered(lambda lead: lead.date_won != won_before[lead.id])
        days = [day for lead in moved for day in (lead.date_won, won_before[lead.id])]
        if changed and "date_won" in changed:
            days.append(date.min)
        # sudo: sales of others to the same customer
        self.env["hr.commission.event"].sudo()._touch_later_sales(
            moved.partner_id, [day for day in days if day]
        )

    @api.model
    def _filter_moved_wins(self, known):
        """Return the won deals that have another customer now.

        :param dict known: from :meth:`_get_known_customers`, before
        """
        return self.browse(
            lead.id
            for lead, (customer_id, *_key) in known.items()
            if lead.date_won and customer_id != lead.partner_id.commercial_partner_id.id
        )

    def _touch_sales_of_customers(self, known):
        """Have later sales computed again whose customer has a win more or less now.

        :param dict known: from :meth:`_get_known_customers`, before
        """
        former_ids = [known[lead][0] for lead in self]
        former = self.partner_id.browse(filter(None, former_ids))
        # sudo: sales of others to the same customers
        self.env["hr.commission.event"].sudo()._touch_later_sales(
            self.partner_id | former, self.mapped("date_won")
        )
