# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from odoo import models
from odoo.exceptions import AccessError

from ..pipeline.officers import BRANCH_MANAGER

#: what says whose customer a lead is, and that it counts
VERDICT_FIELDS = frozenset(
    ("commission_source", "source_state", "marketer_id", "first_touch_date")
    + ("is_qualified", "date_qualified")
)

#: with one of these a won deal leaves Won
GIVING_UP = frozenset(
    ("active", "stage_id", "won_status", "probability", "lost_reason_id")
)


class CrmLead(models.Model):
    """Who earns by a deal, and so verifies its source never."""

    _inherit = "crm.lead"

    def _get_earning_employees(self):
        """Return everybody whose pay follows from the source of these deals.

        Salespeople and marketers, shares, and whoever was credited or has a line.

        :rtype: hr.employee
        """
        leads = self.sudo()  # sudo: who earns what, whoever asks
        employees = (
            leads.marketer_id
            | leads.commission_share_ids.employee_id
            | leads.commission_line_ids.filtered(
                lambda line: line.state != "cancelled" and line.amount
            ).employee_id
        )
        for lead in leads:
            employees |= lead._get_salesperson()
        credits = leads.env["hr.commission.credit"].search(
            [
                ("event_id.lead_id", "in", leads.ids),
                ("share", ">", 0),
                ("manager_level", "=", 0),
            ]
        )
        return employees | credits.employee_id

    def _check_may_verify(self):
        """Refuse to verify the source of customers one earns by, by person.

        :raises AccessError: for anybody but branch managers and commission officers,
            and for one's own customers, whoever is their salesperson now
        """
        if self.env.su:
            return
        if not self.env.user.has_group(BRANCH_MANAGER):
            raise AccessError(
                self.env._("Branch managers and commission officers verify sources.")
            )
        users, own = self.env["hr.commission.person"]._get_person(self.env.user)
        # sudo: who sold it before is asked of the log
        salespeople = self.sudo()._get_salespeople_ever()
        if users & salespeople or own & self._get_earning_employees():
            raise AccessError(
                self.env._("Somebody else verifies the source of your own customers.")
            )

    def _check_no_rival(self, vals):
        """Refuse to give up a colleague's won deal that may be one sale with one's own.

        The other deal would be set free by that.

        :param dict vals: about to be written
        :raises AccessError: naming the deal
        """
        if self.env.su or GIVING_UP.isdisjoint(vals):
            return
        won = self.filtered("date_won")
        if not won:
            return
        Event = self.env["hr.commission.event"].sudo()  # sudo: whose sale it may be
        events = Event.search(
            [("lead_id", "in", won.ids), ("event_type", "=", "deal_won")]
        )
        twins = events.double_id | Event.search([("double_id", "in", events.ids)])
        twins -= events
        # whoever manages both decides between them; a seller does not for a colleague
        theirs, others = (
            each.credit_ids.filtered(
                lambda credit: credit.share and not credit.manager_level
            ).employee_id
            for each in (events, twins)
        )
        if self.env["hr.commission.person"]._is_own(others - theirs):
            raise AccessError(
                self.env._(
                    "“%(lead)s” may be one sale with a deal of yours. Somebody without "
                    "interest decides which of them stays.",
                    # sudo: its name, for who is about to change it
                    lead=won.sudo()[0].display_name,
                )
            )

    def _get_other_verdicts(self, vals):
        """Return the leads that are said to be somebody else's customers by values.

        :rtype: crm.lead
        """
        names = VERDICT_FIELDS.intersection(vals)
        if self.env.su or not names:
            return self.browse()
        return self.filtered(
            lambda lead: any(lead._is_other_value(name, vals[name]) for name in names)
        )

    def _note_verifier(self, vals):
        """Note in values who says whose customer a lead is, as verifying it does.

        Whoever earns by it is then asked for before anything is approved.
        """
        if not self.env.su and any(vals.get(name) for name in VERDICT_FIELDS):
            vals["source_verifier_id"] = self.env.uid

    def _get_share_holders(self):
        """Return who has all of a role where nothing is shared.

        :rtype: dict[str, hr.employee]
        """
        return {"sales": self._get_salesperson(), "marketing": self.marketer_id}

    def _get_salespeople_ever(self):
        """Return whoever is or was the salesperson of these leads.

        :rtype: res.users
        """
        return self.user_id

    def _filter_verified_by_earner(self):
        """Return the leads whose source was verified by somebody who earns by them."""
        Person = self.env["hr.commission.person"]
        found = self.browse()
        for lead in self.filtered(lambda lead: lead.source_verifier_id):
            users, own = Person._get_person(lead.source_verifier_id)
            leads = lead.sudo()  # sudo: the salesperson's users, whoever asks
            if leads.user_id & users or own & lead._get_earning_employees():
                found |= lead
        return found
