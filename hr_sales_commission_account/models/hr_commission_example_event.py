# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""A row of an example that is an order, an invoice or a payment."""

from decimal import Decimal

from odoo import fields, models

from odoo.addons.hr_sales_commission.engine.rounding import to_decimal
from odoo.addons.hr_sales_commission.pipeline.plan_case import Part

from ..pipeline.amount_bases import BASES
from ..pipeline.commission_scope import SCOPE_MARK
from .hr_commission_event import DOCUMENT_EVENT_TYPES, DOCUMENT_EVENTS

#: what a refund takes back
REFUNDED_EVENTS = ("invoice_posted", "payment_received")


class HrCommissionExampleEvent(models.Model):
    _inherit = "hr.commission.example.event"

    kind = fields.Selection(
        selection_add=[*DOCUMENT_EVENT_TYPES, ("refund", "Refunded")],
        ondelete=dict.fromkeys((*DOCUMENT_EVENTS, "refund"), "cascade"),
    )
    margin = fields.Monetary(help="What is left of the amount after its costs.")

    def _get_parts(self, engine_rules):
        """A document has a part for each set of conditions; the row satisfies them all."""
        if self.kind == "refund":
            return self._get_refund_parts(engine_rules)
        if self.kind not in DOCUMENT_EVENTS:
            return super()._get_parts(engine_rules)
        return self._get_document_parts(self.kind, engine_rules)

    def _get_document_parts(self, kind, engine_rules, sign=1, counted_on=None):
        bases = self._get_bases()
        names = {
            rule.event_type
            for rule in engine_rules
            if rule.event_type.partition(SCOPE_MARK)[0] == kind
        }
        return [
            Part(
                name,
                sign * to_decimal(self.margin if bases.get(name) else self.amount),
                self._get_facts()
                | {"untaxed": sign * to_decimal(self.amount)}
                | ({"margin": sign * to_decimal(self.margin)} if self.margin else {}),
                counted_on,
            )
            for name in sorted({kind, *names})
        ]

    def _get_bases(self):
        """Return whether the parts that rules pay on are margins, by event type."""
        rules = self.example_id.plan_id.sudo().rule_ids  # sudo: as the plan itself
        return {
            engine_rule.event_type: BASES[rule._get_scope().base].uses_costs
            for rule in rules
            if rule.event_type in DOCUMENT_EVENTS
            for engine_rule in rule._get_engine_rules()
        }

    def _get_refund_parts(self, engine_rules):
        """A credit note takes back what was invoiced, and paid, of its deal."""
        # sudo: the plan may be the parent company's
        looks_at_origin = self.example_id.plan_id.sudo().refund_basis == "origin"
        parts = []
        for kind in REFUNDED_EVENTS:
            days = self._get_deal().filtered(
                lambda event, kind=kind: event.kind == kind
            )
            if days:
                origin = min(days.mapped("date")) if looks_at_origin else None
                parts += self._get_document_parts(kind, engine_rules, -1, origin)
        return parts

    def _get_facts(self):
        found = super()._get_facts()
        invoices = self._get_deal().filtered(
            lambda event: (
                event.kind == "invoice_posted"
                and event.date
                and event.date <= self.date
            )
        )
        if self.kind == "payment_received" and invoices:
            days = Decimal((self.date - max(invoices.mapped("date"))).days)
            found |= {"invoice_days": days, "due_days": days}
        return found
