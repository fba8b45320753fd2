# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Merged leads: one source, one commission, and a dispute where claims differ."""

from odoo import fields, models

from .crm_touchpoint import UTM_FIELDS

#: what a merged lead takes over together from the lead whose source holds
SOURCE_FIELDS = (
    *UTM_FIELDS,
    *("commission_source", "marketer_id", "referrer_id", "first_touch_date"),
    *("source_state", "is_source_fixed", "channel", "source_note"),
)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _sort_by_confidence_level(self, reverse=False):
        """Put leads with commissions first: they cannot be merged into another."""
        leads = super()._sort_by_confidence_level(reverse=reverse)
        sealed = leads.filtered(lambda lead: lead._is_source_sealed())
        if not reverse or not sealed or sealed == leads:
            return leads
        return sealed + (leads - sealed)

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "need_description", "need_fit"]

    def _merge_data(self, fnames=None):
        """Leave out what ties the lead to its source: it is not put together."""
        data = super()._merge_data(fnames)
        return {name: value for name, value in data.items() if name not in UTM_FIELDS}

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        """Keep the source of the lead that came first; others' claims are disputed."""
        self._capture_aside(self)  # their sources are decided, then compared
        holder = self._get_source_holder()
        source = {
            name: holder._fields[name].convert_to_write(holder[name], holder)
            for name in SOURCE_FIELDS
        }
        claims = {
            (lead.commission_source, lead.marketer_id, lead.user_id)
            if lead.commission_source == "own"
            else (lead.commission_source, lead.marketer_id)
            for lead in self
        }
        is_own_sealed = any(
            lead.commission_source == "own" and lead._is_source_sealed()
            for lead in self
        )
        head = super()._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        if holder:
            is_own = source["commission_source"] == "own"
            is_contested = len(claims) > 1 and (is_own or is_own_sealed)
            head._take_source(source, is_contested)
        return head

    def _get_source_holder(self):
        """Return the lead whose source a merge keeps: whose customer was proven first.

        A customer of marketing's becomes an own one by merging only if the salesperson
        was there before, and that is proven; see :meth:`_merge_opportunity` for who
        has the last word. Among equals a sealed lead goes before others.
        """
        # sudo: the leads that are merged, whoever merges
        leads = self.sudo().sorted(lambda lead: lead._get_claim_order())
        brought = leads.filtered(lambda lead: lead.commission_source != "own")
        if brought and brought != leads:
            first = leads[:1]
            is_proven = first.source_state in ("verified", "overruled")
            return first if first in brought or is_proven else brought[:1]
        sealed = leads.filtered(lambda lead: lead._is_source_sealed())
        return (sealed or leads)[:1]

    def _get_claim_order(self):
        """Return since when the customer is claimed on a lead, proven contacts first."""
        touches = self.touchpoint_ids.filtered("commission_source")
        proven = touches.filtered(lambda touch: not touch.is_claim)
        return (
            not proven,
            self.first_touch_date or fields.Date.today(),
            min((proven or touches).mapped("date"), default=fields.Datetime.now()),
            self.id,
        )

    def _take_source(self, source, is_contested):
        if self.commission_dispute_ids.filtered(
            lambda dispute: dispute.kind == "source" and dispute.state == "open"
        ):
            source = {**source, "source_state": "disputed"}
        self._write_facts(source)
        if is_contested and self.source_state not in ("disputed", "overruled"):
            touches = self.sudo().touchpoint_ids  # sudo: contacts of colleagues count
            Dispute = self.env["hr.commission.dispute"].sudo()  # sudo: by the system
            Dispute._open_for_merge(self, touches)
        self._commission_capture({"commission_source"})

    def _merge_dependences(self, opportunities):
        """Keep one commission of deals that are one; take the others back."""
        result = super()._merge_dependences(opportunities)
        won = opportunities.filtered("date_won").sorted("date_won")[:1]
        if won and not self.date_won:
            self._write_facts({"date_won": won.date_won, "won_amount": won.won_amount})
        Event = self.env["hr.commission.event"].sudo()  # sudo: the system's
        Event._follow_merge(opportunities, self)
        merged = opportunities.sudo()  # sudo: the log and disputes follow the merge
        merged.touchpoint_ids.lead_id = self.id
        # sudo: disputes follow the merge
        (self.sudo() | merged).commission_dispute_ids._follow_merge(self.sudo())
        days = [lead.date_qualified for lead in merged if lead.date_qualified]
        if days and not (self.date_qualified and self.date_qualified <= min(days)):
            self._write_facts({"date_qualified": min(days), "is_qualified": True})
        return result
