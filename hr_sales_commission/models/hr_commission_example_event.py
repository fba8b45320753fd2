# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
from decimal import Decimal

from odoo import api, fields, models

from ..engine.clawback import months_between
from ..engine.periods import SCORED, is_on_score
from ..engine.rounding import to_decimal
from ..pipeline.plan_case import HANDED_OVER, LOST, Part, Row
from ..pipeline.words import COMMISSION_SOURCES, EVENT_TYPES


class HrCommissionExampleEvent(models.Model):
    """A row of an example: what happened on a day."""

    _name = "hr.commission.example.event"
    _description = "Event of a Commission Example"
    _inherit = ["hr.commission.guard"]
    _order = "example_id, date, sequence, id"

    example_id = fields.Many2one(
        "hr.commission.example", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="example_id.company_id", store=True
    )  # stored for the record rules
    currency_id = fields.Many2one(related="example_id.currency_id")
    sequence = fields.Integer(default=10)
    date = fields.Date(
        required=True, default=lambda self: self.env.company._commission_local_date()
    )
    kind = fields.Selection(
        [*EVENT_TYPES, (LOST, "Lost again"), (HANDED_OVER, "Handed over")],
        string="What Happens",
        required=True,
        default="deal_won",
        help="What happens in this row.",
    )
    deal = fields.Char(
        default="1", help="Rows of one deal say the same: won, invoiced, paid, lost."
    )
    person = fields.Char(
        string="Salesperson",
        help="Empty: whoever the deal had before. Marketing and managers take part by "
        "themselves.",
    )
    commission_source = fields.Selection(
        COMMISSION_SOURCES,
        string="Customer Source",
        default="marketing",
        required=True,
        help="Who brought the customer of this row.",
    )
    amount = fields.Monetary(
        help="What is signed, invoiced or paid in this row. Of a settled target: what "
        "was reached, in percent."
    )
    quantity = fields.Float(default=1.0, help="Units sold in this row; a deal is one.")

    def _to_row(self, number, engine_rules):
        """Return the row as the engine's case takes it.

        :param int number: tells rows of one day apart
        :param engine_rules: of the plan
        :rtype: Row
        """
        self.ensure_one()
        return Row(
            id=number,
            date=self.date,
            kind=self.kind,
            deal=self.deal or "",
            person=self.person or "",
            source=self.commission_source or "own",
            quantity=to_decimal(self.quantity),
            parts=self._get_parts(engine_rules),
        )

    def _get_parts(self, engine_rules):
        """Return what the engine sees of the row; addons add the parts of documents.

        :rtype: list[Part]
        """
        if self.kind in (LOST, HANDED_OVER):
            return []
        if self.kind == SCORED:  # of whatever rules look at; its amount is the score
            kinds = {rule.event_type for rule in engine_rules if is_on_score(rule)}
            kinds |= {SCORED for rule in engine_rules if rule.score_period}
            known = {"score": to_decimal(self.amount)}
            return [Part(kind, Decimal(0), known) for kind in sorted(kinds)]
        is_lead = self.kind == "lead_qualified"
        amount = to_decimal(0 if is_lead else self.amount)
        return [Part(self.kind, amount, self._get_facts())]

    def _get_facts(self):
        """Return what rules may ask of the event, by name as ``Credit.facts`` has it."""
        starts = {
            "customer_months": self._get_deal(),
            "tenure_months": self.example_id.event_ids,  # everybody joins with the first
        }
        return {
            name: Decimal(
                months_between(
                    min((each.date for each in events if each.date), default=self.date),
                    self.date,
                )
            )
            for name, events in starts.items()
        }

    def _get_deal(self):
        """Return the rows of the same deal."""
        return self.example_id.event_ids.filtered(
            lambda event: event == self or (self.deal and event.deal == self.deal)
        )

    # ------------------------------------------------------------------
    # CRUD: as the examples themselves
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events.example_id.plan_id._check_editable()
        return events

    def write(self, vals):
        self.example_id.plan_id._check_editable()
        result = super().write(vals)
        if "example_id" in vals:
            self.check_access("write")  # Odoo checks the place before only
            self.example_id.plan_id._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self.example_id.plan_id._check_editable()
