# Copyright 2026 hr_sales_commission
# License LGPL-3.0 (www.gnu.org/licenses/lgpl-3.0).
"""Rules on orders, invoices and payments: base, scope and terms."""

from dataclasses import replace

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.hr_sales_commission.engine.facts import HUNDRED
from odoo.addons.hr_sales_commission.engine.rounding import to_decimal
from odoo.addons.hr_sales_commission.models.hr_commission_condition_words import (
    CONDITION_MODELS,
)

from ..pipeline.amount_bases import BASES
from ..pipeline.commission_scope import Scope, scoped_event_type
from .hr_commission_event import DOCUMENT_EVENT_TYPES, DOCUMENT_EVENTS

CONDITION_MODELS.update(
    {"product_domain": "product.product", "customer_domain": "res.partner"}
)
#: events on which a deal is signed, and where the deal they belong to comes from
SIGNING_ORIGINS = {"deal_won": "lead", "order_confirmed": "order"}


#: bases that the engine knows by name
ENGINE_BASES = ("margin", "wage", "bonus")
#: what of a document, or of a person, rules pay a percentage of
BASES_OF_DOCUMENTS = [
    ("taxed", "Amount with tax"),
    ("list_price", "List price"),
    ("margin", "Margin"),
    ("wage", "Contract wage of the person"),
]


class HrCommissionRule(models.Model):
    _inherit = "hr.commission.rule"

    event_type = fields.Selection(
        selection_add=DOCUMENT_EVENT_TYPES,
        ondelete=dict.fromkeys(DOCUMENT_EVENTS, "cascade"),
    )
    base = fields.Selection(
        selection_add=[
            ("amount", "Amount without tax"),
            *BASES_OF_DOCUMENTS,
        ],
        ondelete={code: "set default" for code, _name in BASES_OF_DOCUMENTS},
        help="What the rate applies to. The target bonus is entered on the person's "
        "target, and paid for what is attained of it. The wage is that of the day. The margin is frozen with the cost of the day "
        "the order was confirmed or the invoice posted, or of the day the first plan "
        "that pays on margins was activated.",
    )
    product_domain = fields.Char(
        string="Products",
        help="Only lines with these products count. A down payment counts in "
        "proportion to their part of the order. Empty: all lines.",
    )
    min_discount = fields.Float(
        string="Discount From (%)", help="Only lines with at least this discount count."
    )
    max_discount = fields.Float(
        string="Discount Below (%)",
        required=True,  # so that rules an update of the core writes get it, too
        default=100.0,
        help="Lines with this discount or more do not count; 100 leaves none out. So "
        "bands like 0–10 and 10–20 meet without overlapping.",
    )
    customer_domain = fields.Char(
        string="Customers", help="Condition on the customer. Empty: every customer."
    )
    customer_kind = fields.Selection(
        [("first", "First sale"), ("repeat", "Repurchase")],
        string="Sale",
        help="Whether the customer had bought before. Other orders of the same deal "
        "belong to the same sale. Empty: both.",
    )
    collected_within = fields.Integer(
        string="Collected Within (Days)",
        help="Only money that came at most so many days after the invoice, or after it "
        "was due. 0: whenever it comes; from the due date: not after it.",
    )
    collected_from = fields.Selection(
        [("invoice", "Invoice date"), ("due", "Due date")],
        required=True,
        default="invoice",
        string="Days Counted From",
        help="The day from which the days until the money came are counted, and those "
        "after which what is unpaid is taken back.",
    )
    fully_paid_only = fields.Boolean(
        string="Only When Fully Paid",
        help="Part payments pay nothing, the last one pays everything.",
    )
    unpaid_clawback_days = fields.Integer(
        string="Taken Back When Unpaid After (Days)",
        help="What the customer has not paid so many days after the invoice, or after it "
        "was due, is taken back, and given again when the money comes. 0: never.",
    )
    holdback_until = fields.Selection(
        selection_add=[("settled", "Once everything is paid")],
        ondelete={"settled": "set default"},
        help="When what was held back is paid. Accepted: a commission officer enters the "
        "day on the deal. Paid: every invoice of the deal or order, or the invoice itself, "
        "is settled and nothing is left to invoice.",
    )
    margin_percent_min = fields.Float(
        string="Margin From (%)",
        help="Only documents with at least this margin, in percent of the amount "
        "without tax. 0: any.",
    )
    signing_percent = fields.Float(
        string="Paid on Signing (%)",
        required=True,
        default=100.0,
        help="The rest is paid on the money the customer pays for the deal, as it "
        "comes in.",
    )

    _signing_is_percentage = models.Constraint(
        "CHECK (signing_percent >= 0 AND signing_percent <= 100)",
        "The part paid on signing lies between 0 and 100 %.",
    )
    _collection_days_not_negative = models.Constraint(
        "CHECK (collected_within >= 0 AND unpaid_clawback_days >= 0"
        " AND margin_percent_min >= 0)",
        "Days and margins of a rule are not negative.",
    )
    _discounts_in_order = models.Constraint(
        "CHECK (min_discount <= max_discount)",
        "The lowest discount cannot exceed the highest.",
    )

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains("base")
    def _check_wage_base(self):
        """What a rule pays of wages tells them: only who may read wages writes one."""
        for rule in self.filtered(lambda rule: rule.base == "wage"):
            if not rule._may_use_wages():
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” pays a part of people's wages. Somebody from human "
                        "resources, who may read wages, has to write it.",
                        rule=rule.name,
                    )
                )

    @api.model
    def _may_use_wages(self):
        """Whether the user may read wages.

        Constraints run with the rights of the system, so the user is asked.
        """
        is_system = self.env.uid == SUPERUSER_ID
        return is_system or self.env.user.has_group("hr.group_hr_manager")

    @api.constrains("product_domain", "customer_domain")
    def _check_document_domains(self):
        for rule in self:
            Condition = self.env["hr.commission.condition"]
            Condition._check(rule.product_domain, "product.product")
            Condition._check(rule.customer_domain, "res.partner")

    @api.constrains(
        "event_type",
        "base",
        "product_domain",
        "min_discount",
        "max_discount",
        "customer_domain",
        "customer_kind",
        "margin_percent_min",
    )
    def _check_document_conditions(self):
        for rule in self:
            if rule.event_type not in DOCUMENT_EVENTS and (
                rule._get_scope() != Scope() or rule.margin_percent_min
            ):
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” looks at products, margins or customers. Let it "
                        "pay on orders, invoices or payments.",
                        rule=rule.name,
                    )
                )

    def _asks_when_collected(self):
        """Whether the rule pays only money that came in time.

        :rtype: bool
        """
        self.ensure_one()
        is_by_due_date = self.collected_from == "due"
        is_payment = self.event_type == "payment_received"
        return bool(self.collected_within or (is_by_due_date and is_payment))

    @api.constrains(
        "event_type", "collected_within", "fully_paid_only", "unpaid_clawback_days"
    )
    def _check_collection_conditions(self):
        for rule in self:
            asks_for_money = rule.collected_within or rule.fully_paid_only
            if asks_for_money and rule.event_type != "payment_received":
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” looks at how the customer pays. Let it pay on "
                        "payments received.",
                        rule=rule.name,
                    )
                )
            if rule.unpaid_clawback_days and rule.event_type != "invoice_posted":
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” takes back what is not paid. Let it pay on posted "
                        "invoices.",
                        rule=rule.name,
                    )
                )

    @api.constrains(
        "signing_percent",
        "event_type",
        "amount_type",
        "tier_mode",
        "cap",
        "floor",
        "once",
        "min_amount",
        "min_quantity",
        "is_differential",
    )
    def _check_signing_percent(self):
        for rule in self:
            if rule.signing_percent < 100 and not rule._can_be_split():
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” pays a part on signing. Make it a plain percentage "
                        "of deals won or orders confirmed, without tiers, limits or "
                        "least amounts.",
                        rule=rule.name,
                    )
                )

    def _can_be_split(self):
        limits = ("cap", "floor", "once", "min_amount", "min_quantity")
        return (
            self.event_type in SIGNING_ORIGINS
            and self.amount_type == "percent"
            and self.tier_mode == "none"
            and not self.is_differential
            and not any(self[name] for name in limits)
        )

    # ------------------------------------------------------------------
    # For the engine
    # ------------------------------------------------------------------

    def _get_scope(self):
        """Return the part of a document that the rule pays on.

        :rtype: Scope
        """
        self.ensure_one()
        return Scope(
            base=self._get_base_of_documents(),
            product_domain=self._normalize_domain(self.product_domain),
            min_discount=self.min_discount,
            max_discount=self.max_discount,
            customer_domain=self._normalize_domain(self.customer_domain),
            customer_kind=self.customer_kind or "",
            collected=self._get_collected_basis(),
            fully_paid=self.fully_paid_only,
        )

    def _get_base_of_documents(self):
        """Return what of documents the rule pays a percentage of, a code of ``BASES``.

        Of events of another kind an addon may know a base that documents do not.
        """
        # a wage or bonus is the person's, whatever the document is worth
        of_person = self.base in ("wage", "bonus")
        of_addon = self.event_type not in DOCUMENT_EVENTS and self.base not in BASES
        return "amount" if of_person or of_addon else self.base

    def _get_collected_basis(self):
        """Return what counts as collected, empty where it makes no difference."""
        basis = self.plan_id.collected_basis
        is_payment = self.event_type == "payment_received"
        return basis if is_payment and basis != "withheld" else ""

    @api.model
    def _normalize_domain(self, text):
        text = (text or "").strip()
        return "" if text == "[]" else text

    def _is_split(self):
        """Whether a part is paid on signing, and the rest as the customer pays."""
        return self.signing_percent < 100 and self._can_be_split()

    def _get_collection_scope(self):
        """Return which payments pay the part that was not paid on signing."""
        basis = self.plan_id.collected_basis
        return replace(
            self._get_scope(),
            origin=SIGNING_ORIGINS[self.event_type],
            collected="" if basis == "withheld" else basis,
        )

    def _get_scopes(self):
        """Return the scopes of documents that these rules pay on.

        :return: pairs of event type and scope
        """
        pairs = set()
        for rule in self:
            if rule.event_type in DOCUMENT_EVENTS:
                pairs.add((rule.event_type, rule._get_scope()))
            if rule._is_split():
                pairs.add(("payment_received", rule._get_collection_scope()))
        return pairs

    def _get_engine_rules(self):
        rules = super()._get_engine_rules()
        if self._is_split():
            rules += [self._split_collection(rule) for rule in rules]
        return rules

    def _get_engine_values(self):
        values = super()._get_engine_values()
        if self.event_type in DOCUMENT_EVENTS:
            values["event_type"] = scoped_event_type(
                self.event_type, self._get_scope().key
            )
        values.update(
            base=self.base if self.base in ENGINE_BASES else "amount",
            collected_within=(
                self.collected_within if self._asks_when_collected() else None
            ),
            collected_from=self.collected_from,
            unpaid_clawback_days=self.unpaid_clawback_days or None,
            margin_percent_min=to_decimal(self.margin_percent_min)
            if self.margin_percent_min
            else None,
        )
        if self._is_split():
            values["rate"] *= to_decimal(self.signing_percent) / HUNDRED
        return values

    def _split_collection(self, engine_rule):
        """Return the engine rule that pays the rest as the customer pays.

        :param facts.Rule engine_rule: this rule, as it pays on signing
        :rtype: facts.Rule
        """
        key = self._get_collection_scope().key
        rest = HUNDRED - to_decimal(self.signing_percent)
        return replace(
            engine_rule,
            event_type=scoped_event_type("payment_received", key),
            rate=to_decimal(self.rate) * rest / HUNDRED,
            rate_before=engine_rule.rate,
        )
